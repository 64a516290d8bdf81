// Streets of the territory, proposed under a place as it is typed (`data-voies`: where to ask; `data-voies-commune`: the list to choose
// from). A native list: nothing without script, network or streets. The number typed before the name is kept.
"use strict";

(() => {
  const LETTRES = 3, ATTENTE = 250;
  const NUMERO = /^\s*\d+\s*(?:(?:bis|ter|quater|[a-d])\b)?\s*,?\s+/i;
  for (const champ of document.querySelectorAll("input[data-voies]")) {
    const liste = document.createElement("datalist");
    liste.id = `${champ.id}-voies`;
    champ.after(liste);
    champ.setAttribute("list", liste.id);
    champ.autocomplete ||= "off";
    const commune = champ.form.elements[champ.dataset.voiesCommune];
    let minuterie = 0, demande = null, choix = new Map();

    const proposer = async () => {
      const ecrit = champ.value;
      const [numero] = ecrit.match(NUMERO) ?? [""];
      const nom = ecrit.slice(numero.length).trim();
      if (nom.length < LETTRES) return;
      demande?.abort();
      demande = new AbortController();
      const question = new URLSearchParams({ q: nom.toLowerCase(), commune: commune?.value ?? "" });
      try {
        const reponse = await fetch(`${champ.dataset.voies}?${question}`, { signal: demande.signal });
        if (!reponse.ok) return;
        const { voies } = await reponse.json();
        choix = new Map(voies.map((voie) => [`${numero}${voie.nom}, ${voie.commune}`, { ...voie, numero }]));
      } catch { return; /* off line, slow, or something else is typed by now */ }
      liste.replaceChildren(...[...choix.keys()].map((lieu) => {
        const option = new Option("", lieu);
        // A browser only shows what has the letters typed, accents included: the label has them as they are.
        if (!lieu.toLowerCase().includes(ecrit.trim().toLowerCase())) option.label = `${lieu} (${ecrit.trim()})`;
        return option;
      }));
    };
    champ.addEventListener("input", () => {
      clearTimeout(minuterie);
      const choisie = choix.get(champ.value);
      if (!choisie) { minuterie = setTimeout(proposer, ATTENTE); return; }
      demande?.abort();
      liste.replaceChildren();
      if (!commune) return;
      champ.value = `${choisie.numero}${choisie.nom}`;
      commune.value = choisie.code;
      commune.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
})();
