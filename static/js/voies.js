// Streets of the territory, proposed under a place as it is typed (`data-voies`: where to ask; `data-voies-commune`: the field of the commune,
// which a choice sets). A combobox (ARIA APG): arrows, Enter, Escape. A native list hides what is typed without its accents. Nothing without
// script, network or streets. The number typed before the name is kept.
"use strict";

(() => {
  const LETTRES = 3, ATTENTE = 250;
  const NUMERO = /^\s*\d+\s*(?:(?:bis|ter|quater|[a-d])\b)?\s*,?\s+/i;
  const poser = (balise, attributs) => {
    for (const [nom, valeur] of Object.entries(attributs)) balise.setAttribute(nom, valeur);
    return balise;
  };
  for (const champ of document.querySelectorAll("input[data-voies]")) {
    const liste = poser(document.createElement("ul"), {
      id: `${champ.id}-voies`, role: "listbox", class: "propositions", "aria-label": champ.dataset.voiesDit,
    });
    const annonce = poser(document.createElement("span"), { class: "visually-hidden", "aria-live": "polite" });
    liste.hidden = true;
    poser(champ, { role: "combobox", "aria-autocomplete": "list", "aria-controls": liste.id, "aria-expanded": "false" });
    champ.autocomplete ||= "off";
    champ.dir = "auto";  // a place keeps its own direction
    champ.after(liste, annonce);
    champ.parentElement.classList.add("propose");
    const commune = champ.form.elements[champ.dataset.voiesCommune];
    let minuterie = 0, demande = null, actif = -1;

    const montrer = (voici) => {
      liste.hidden = !voici;
      champ.setAttribute("aria-expanded", String(voici));
      annonce.textContent = voici ? `${champ.dataset.voiesDit} (${liste.children.length})` : "";
      activer(-1);
      if (voici) liste.scrollIntoView({ block: "nearest" });
    };
    const activer = (rang) => {
      liste.children[actif]?.removeAttribute("aria-selected");
      const option = liste.children[actif = rang];
      if (!option) { champ.removeAttribute("aria-activedescendant"); return; }
      poser(option, { "aria-selected": "true" }).scrollIntoView({ block: "nearest" });
      champ.setAttribute("aria-activedescendant", option.id);
    };
    const fermer = () => {
      clearTimeout(minuterie);
      demande?.abort();
      montrer(false);
    };
    const choisir = ({ nom, commune: ville, code }, numero) => {
      fermer();
      champ.value = commune ? `${numero}${nom}` : `${numero}${nom}, ${ville}`;
      champ.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: champ }));
      if (!commune) return;
      commune.value = commune.options ? code : ville;
      commune.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const proposer = async () => {
      const [numero] = champ.value.match(NUMERO) ?? [""];
      const nom = champ.value.slice(numero.length).trim();
      demande?.abort();
      if (nom.length < LETTRES) { montrer(false); return; }
      demande = new AbortController();
      const question = new URLSearchParams({ q: nom.toLowerCase(), commune: commune?.value ?? "" });
      try {
        const reponse = await fetch(`${champ.dataset.voies}?${question}`, { signal: demande.signal });
        const { voies } = reponse.ok ? await reponse.json() : { voies: [] };
        liste.replaceChildren(...voies.map((voie, rang) => {
          const option = poser(document.createElement("li"), { id: `${liste.id}-${rang}`, role: "option", dir: "auto" });
          option.textContent = `${numero}${voie.nom}, ${voie.commune}`;
          option.addEventListener("click", () => choisir(voie, numero));
          return option;
        }));
        montrer(voies.length > 0 && document.activeElement === champ);
      } catch { /* off line, slow, or something else is typed by now */ }
    };
    champ.addEventListener("input", (evenement) => {
      if (evenement.detail === champ) return;  // the choice itself
      clearTimeout(minuterie);
      minuterie = setTimeout(proposer, ATTENTE);
    });
    champ.addEventListener("keydown", (evenement) => {
      const pas = { ArrowDown: 1, ArrowUp: -1 }[evenement.key], combien = liste.children.length;
      if (pas && combien) {
        const rang = liste.hidden || actif < 0 ? (pas > 0 ? 0 : combien - 1) : (actif + pas + combien) % combien;
        if (liste.hidden) montrer(true);
        activer(rang);
      } else if (!liste.hidden && evenement.key === "Enter" && actif >= 0) liste.children[actif].click();
      else if (!liste.hidden && evenement.key === "Escape") fermer();
      else return;
      evenement.preventDefault();
    });
    champ.addEventListener("blur", fermer);
    liste.addEventListener("mousedown", (evenement) => evenement.preventDefault());  // the field keeps the focus
  }
})();
