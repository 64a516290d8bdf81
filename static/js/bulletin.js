// Says what is left while a ballot is filled. Without it, the next page says it.
for (const formulaire of document.querySelectorAll("[data-bulletin]")) {
  const restant = formulaire.querySelector("[data-restant]");
  const projets = Number(formulaire.dataset.projets);
  const points = Number(formulaire.dataset.points || 0);
  const accorder = (nombre, mots) => `${nombre} ${nombre >= 2 ? mots.replace(/(?= |$)/g, "s") : mots}`;
  const dire = () => {
    const champs = [...formulaire.querySelectorAll('[name^="projet_"]')];
    const choisis = champs.filter((c) => (c.type === "checkbox" ? c.checked : Number(c.value) > 0));
    const donnes = champs.reduce((somme, c) => somme + (c.type === "checkbox" ? 0 : Number(c.value) || 0), 0);
    const reste = points ? points - donnes : projets - choisis.length;
    const mot = points ? "point" : "projet";
    let phrase = points
      ? `${accorder(donnes, "point donné")}, ${points} au plus.`
      : `${accorder(choisis.length, "projet choisi")}, ${projets} au plus.`;
    if (reste < 0) phrase = `${accorder(-reste, mot)} de trop : retirez-en.`;
    else if (points && choisis.length > projets) phrase = `${accorder(choisis.length - projets, "projet")} de trop : retirez-en.`;
    else if (!choisis.length) phrase = "Sans choix, votre bulletin est blanc.";
    restant.textContent = phrase;
    restant.classList.toggle("vote-trop", reste < 0 || (points > 0 && choisis.length > projets));
  };
  formulaire.addEventListener("input", dire);
  dire();
}
