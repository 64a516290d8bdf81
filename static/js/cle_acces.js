// Passkeys: hangs the functions of allauth on our buttons (no inline script), and says in French what went wrong.
(() => {
  const actes = window.allauth?.webauthn?.forms;
  const possible = actes && window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);
  if (!possible) return;
  for (const absente of document.querySelectorAll("[data-cle-acces-absente]")) absente.hidden = true;
  for (const formulaire of document.querySelectorAll("form[data-cle-acces]")) {
    const { cleAcces, bouton, credential, donnees, seule } = formulaire.dataset;
    const ids = { login: bouton, authenticate: bouton, add: bouton, credential };
    if (donnees) ids.data = donnees;
    if (seule) ids.passwordless = seule;
    actes[cleAcces]({ ids });
    formulaire.hidden = false;
  }
  document.addEventListener("allauth.error", (evenement) => {
    evenement.preventDefault();
    const message = evenement.detail.exception?.name === "InvalidStateError"
      ? "Cette clé est déjà ajoutée à votre compte."
      : "La clé n’a pas répondu, ou vous avez abandonné. Vous pouvez recommencer.";
    for (const erreur of document.querySelectorAll("[data-cle-acces-erreur]")) {
      erreur.textContent = message;
      erreur.hidden = false;
    }
  });
})();
