// Comforts only: every page works without this file.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});

// How far a job is. Its bar moves in silence; what a screen reader announces is that the job is over.
document.querySelectorAll("[data-refresh]").forEach((place) => {
  const look = async () => {
    try {
      const reply = await fetch(place.dataset.refresh);
      if (reply.redirected) return location.reload();
      if (reply.ok) show(new DOMParser().parseFromString(await reply.text(), "text/html").body.firstElementChild);
    } catch { /* no network: the next look may find it */ }
    wait();
  };
  const show = (fresh) => {
    const [bar, next] = [place, fresh].map((part) => part.querySelector("progress"));
    if (fresh.dataset.state !== place.firstElementChild.dataset.state) return place.replaceChildren(fresh);
    if (next && next.hasAttribute("value")) Object.assign(bar, { max: next.max, value: next.value });
  };
  const wait = () => { if (place.querySelector("progress")) setTimeout(look, 1000); };
  wait();
});

// Who logs out leaves no page of a visit with their name behind; what waits to be sent stays.
document.querySelectorAll('form[action$="/keluar/"]').forEach((form) => form.addEventListener("submit", () => {
  globalThis.caches?.delete("tera visits");
}));
