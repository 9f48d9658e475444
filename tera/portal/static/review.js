// A dossier on the screen of a meeting: the arrow keys go to the part before or behind. The links do it too.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = way && document.querySelector(`.dossier-screen a[rel=${way}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// What is printed with all explanations is open.
addEventListener("beforeprint", () => document.querySelectorAll(".dossier-whole details").forEach((part) => { part.open = true; }));
