// Says what is left while a ballot is filled, in the words of its page. Without it, the next page says it.
for (const formulaire of document.querySelectorAll("[data-bulletin]")) {
  const restant = formulaire.querySelector("[data-restant]");
  const { dataset: mots } = formulaire;
  const projets = Number(mots.projets);
  const points = Number(mots.points || 0);
  const ecrire = (phrase, nombre, maximum) => phrase.replace("{nombre}", nombre).replace("{maximum}", maximum);
  const dire = () => {
    const champs = [...formulaire.querySelectorAll('[name^="projet_"]')];
    const choisis = champs.filter((c) => (c.type === "checkbox" ? c.checked : Number(c.value) > 0)).length;
    const donnes = champs.reduce((somme, c) => somme + (c.type === "checkbox" ? 0 : Number(c.value) || 0), 0);
    const projetsDeTrop = choisis - projets;
    const pointsDeTrop = points ? donnes - points : 0;
    let phrase = points ? ecrire(mots.pointsDonnes, donnes, points) : ecrire(mots.projetsChoisis, choisis, projets);
    if (pointsDeTrop > 0) phrase = ecrire(mots.pointsDeTrop, pointsDeTrop);
    else if (projetsDeTrop > 0) phrase = ecrire(mots.projetsDeTrop, projetsDeTrop);
    else if (!choisis) phrase = mots.blanc;
    restant.textContent = phrase;
    restant.classList.toggle("vote-trop", pointsDeTrop > 0 || projetsDeTrop > 0);
  };
  formulaire.addEventListener("input", dire);
  dire();
}
