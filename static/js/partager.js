// « Partager » : the system's own sheet, shown only where the browser has one.
(() => {
  if (!navigator.share) return;
  for (const bouton of document.querySelectorAll("button[data-partager]")) {
    bouton.closest("[hidden]")?.removeAttribute("hidden");
    bouton.addEventListener("click", () => {
      navigator.share({ title: bouton.dataset.partager, url: bouton.dataset.adresse }).catch(() => {});
    });
  }
})();
