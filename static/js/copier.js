// « Copier le lien » : the button is shown only where the browser can copy, and speaks in the words of its page; without a script the address stays readable.
(() => {
  if (!navigator.clipboard) return;
  for (const bloc of document.querySelectorAll("[data-copier]")) {
    const bouton = bloc.querySelector("button");
    const annonce = bloc.querySelector("[role=status]");
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(bloc.dataset.copier || location.href);
        annonce.textContent = bloc.dataset.copie;
      } catch {
        annonce.textContent = bloc.dataset.rate;
      }
    });
  }
})();
