// Characters left under a textarea that has data-compteur. The count is said politely, and only when typing pauses.
(() => {
  const preparer = (champ) => {
    if (champ.dataset.compteurPret) return;
    champ.dataset.compteurPret = "oui";
    const maximum = Number(champ.dataset.compteur);
    const vu = Object.assign(document.createElement("p"), { className: "compteur" });
    const dit = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    vu.setAttribute("aria-hidden", "true");
    dit.setAttribute("aria-live", "polite");
    champ.after(vu, dit);
    let attente;
    const nombre = (valeur) => String(valeur).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
    const estEnFrancais = document.documentElement.lang === "fr";
    const phrase = () => {
      const reste = maximum - champ.value.length;
      vu.classList.toggle("depasse", reste < 0);
      const pluriel = Math.abs(reste) > 1 ? "s" : "";
      // In another language, numbers alone, read from the left.
      if (!estEnFrancais) return `\u2066${nombre(champ.value.length)} / ${nombre(maximum)}\u2069`;
      return reste < 0
        ? `${nombre(-reste)}\u00a0caractère${pluriel} en trop`
        : `Il reste ${nombre(reste)}\u00a0caractère${pluriel}`;
    };
    const montrer = () => {
      vu.textContent = phrase();
      clearTimeout(attente);
      attente = setTimeout(() => { dit.textContent = vu.textContent; }, 1000);
    };
    vu.textContent = phrase();
    champ.addEventListener("input", montrer);
    champ.addEventListener("change", montrer); // filled by a script
    addEventListener("pageshow", () => { vu.textContent = phrase(); }); // given back by the browser: nobody typed, nothing is said
  };
  const tous = (racine) => { for (const champ of racine.querySelectorAll("textarea[data-compteur]")) preparer(champ); };
  tous(document);
  document.addEventListener("htmx:load", (evenement) => tous(evenement.target));
})();
