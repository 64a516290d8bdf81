// Entrée saves the line from a list too: elsewhere the browser does it by itself.
document.addEventListener("keydown", (evenement) => {
  const champ = evenement.target;
  if (evenement.key !== "Enter" || !champ.matches("[data-entree-envoie] select")) return;
  evenement.preventDefault();
  champ.form.requestSubmit();
});
