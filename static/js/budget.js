// Adds up both sides of a budget while it is typed. The server adds up again: nothing here is believed.
(() => {
  const formulaire = document.querySelector("[data-budget]");
  if (!formulaire) return;
  const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });
  const centimes = (texte) => {
    const propre = texte.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
    return /^\d+(\.\d{0,2})?$/.test(propre) ? Math.round(Number(propre) * 100) : 0;
  };
  const estEnNature = (ligne) => /^8[67]/.test(ligne.querySelector("select").value);
  const compter = () => {
    const sommes = { depense: 0, recette: 0 };
    for (const cote of formulaire.querySelectorAll("[data-cote]")) {
      let nature = 0;
      for (const ligne of cote.querySelectorAll(".budget-ligne")) {
        const montant = centimes(ligne.querySelector(".champ-montant").value);
        if (estEnNature(ligne)) nature += montant;
        else sommes[cote.dataset.cote] += montant;
      }
      cote.querySelector("[data-total]").textContent = euros.format(sommes[cote.dataset.cote] / 100);
      cote.querySelector("[data-en-nature]").textContent = euros.format(nature / 100);
      cote.querySelector("[data-nature]").hidden = !nature;
    }
    const ecart = sommes.depense - sommes.recette;
    formulaire.querySelector("[data-ecart]").textContent = !sommes.depense && !sommes.recette
      ? ""
      : ecart === 0
      ? "Les dépenses et les recettes sont égales."
      : `Il manque ${euros.format(Math.abs(ecart) / 100)} ${ecart > 0 ? "de recettes" : "de dépenses"}.`;
  };
  formulaire.addEventListener("input", compter);
  compter();
})();
