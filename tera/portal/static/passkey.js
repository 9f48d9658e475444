// What passkeys need is shown only where the browser has them; what went wrong is said on the page.
const show = (name, isShown) => document.querySelectorAll(`[${name}]`).forEach((part) => { part.hidden = !isShown; });
if (window.PublicKeyCredential) {
  show("data-key", true);
  show("data-key-missing", false);
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("data-key-problem", true);
});
