// « Copier le lien » : the button is shown only where the browser can copy; without a script the address stays readable.
(() => {
  if (!navigator.clipboard) return;
  for (const bloc of document.querySelectorAll("[data-copier]")) {
    const bouton = bloc.querySelector("button");
    const annonce = bloc.querySelector("[role=status]");
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(bloc.dataset.copier || location.href);
        annonce.textContent = "Lien copié";
      } catch {
        annonce.textContent = "Le lien n’a pas pu être copié. Copiez l’adresse en haut de votre navigateur.";
      }
    });
  }
})();
