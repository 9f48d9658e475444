// The screen of a meeting: arrow keys go on, and a screen that only watches follows the chair.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

document.querySelectorAll("[data-follow]").forEach((place) => {
  const headers = { "If-None-Match": `"${place.dataset.tag}"` };
  const look = async () => {
    try {
      const reply = await fetch(place.dataset.follow, { headers });
      if (reply.redirected || reply.status === 200) return location.reload();
    } catch { /* no network: the next look may find it */ }
    setTimeout(look, 3000);
  };
  setTimeout(look, 3000);
});
