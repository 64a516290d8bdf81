// Rich text over each textarea[data-editeur], with Squire: bold, italic, title, lists, quotation, link. The textarea stays the
// field that is sent; without this file it is written in directly. The server cleans whatever comes.
(() => {
  const BALISES = new Set(["P", "BR", "STRONG", "EM", "B", "I", "UL", "OL", "LI", "BLOCKQUOTE", "H3", "A"]);
  const JETEES = new Set(["SCRIPT", "STYLE", "TITLE", "IFRAME", "OBJECT", "SVG", "MATH", "TEMPLATE", "HEAD", "META", "LINK"]);
  const EQUIVALENTS = { DIV: "P", H1: "H3", H2: "H3", H4: "H3", H5: "H3", H6: "H3" };

  // What is pasted keeps its structure, nothing else: no style, no class, no picture, links to https only.
  const nettoyer = (noeud, cible) => {
    for (const enfant of noeud.childNodes) {
      if (enfant.nodeType === Node.TEXT_NODE) { cible.append(enfant.data); continue; }
      if (enfant.nodeType !== Node.ELEMENT_NODE || JETEES.has(enfant.nodeName)) continue;
      const nom = EQUIVALENTS[enfant.nodeName] || enfant.nodeName;
      if (!BALISES.has(nom) || (nom === "A" && !(enfant.getAttribute("href") || "").startsWith("https://"))) {
        nettoyer(enfant, cible);
        continue;
      }
      const propre = document.createElement(nom);
      if (nom === "A") propre.setAttribute("href", enfant.getAttribute("href"));
      nettoyer(enfant, propre);
      cible.append(propre);
    }
    return cible;
  };
  const fragment = (html) => nettoyer(new DOMParser().parseFromString(html, "text/html").body, document.createDocumentFragment());

  const BOUTONS = [
    { nom: "Gras", dans: /(^|>)(B|STRONG)\b/, faire: (e) => e.bold(), defaire: (e) => e.removeBold() },
    { nom: "Italique", dans: /(^|>)(I|EM)\b/, faire: (e) => e.italic(), defaire: (e) => e.removeItalic() },
    { nom: "Intertitre", dans: /(^|>)H3\b/, faire: (e) => bloc(e, "H3"), defaire: (e) => bloc(e, "P") },
    { nom: "Liste", dans: /(^|>)UL\b/, faire: (e) => e.makeUnorderedList(), defaire: (e) => e.removeList() },
    { nom: "Liste numérotée", dans: /(^|>)OL\b/, faire: (e) => e.makeOrderedList(), defaire: (e) => e.removeList() },
    { nom: "Citation", dans: /(^|>)BLOCKQUOTE\b/, faire: (e) => e.increaseQuoteLevel(), defaire: (e) => e.decreaseQuoteLevel() },
    { nom: "Lien", dans: /(^|>)A\b/, faire: lier, defaire: (e) => e.removeLink() },
  ];

  // Squire puts a fragment back in place of the blocks chosen.
  function bloc(editeur, nom) {
    editeur.modifyBlocks((morceau) => {
      for (const ancien of [...morceau.querySelectorAll("p, div, h3")]) {
        if (ancien.parentNode.nodeName === "LI") continue;
        const neuf = document.createElement(nom);
        neuf.append(...ancien.childNodes);
        ancien.replaceWith(neuf);
      }
      return morceau;
    });
  }

  function lier(editeur, barre) {
    const ligne = barre.querySelector("[data-lien]");
    ligne.hidden = false;
    ligne.querySelector("input").focus();
  }

  const monter = (champ, rang) => {
    const cadre = Object.assign(document.createElement("div"), { className: "editeur" });
    const barre = Object.assign(document.createElement("div"), { className: "editeur-barre" });
    const zone = Object.assign(document.createElement("div"), { className: "editeur-zone form-control prose" });
    const etiquette = document.querySelector(`label[for="${champ.id}"]`);
    barre.setAttribute("role", "toolbar");
    barre.setAttribute("aria-label", `Mise en forme : ${etiquette ? etiquette.textContent : "texte"}`);
    barre.setAttribute("aria-controls", `zone-${rang}`);
    zone.id = `zone-${rang}`;
    zone.setAttribute("role", "textbox");
    zone.setAttribute("aria-multiline", "true");
    if (etiquette) zone.setAttribute("aria-labelledby", etiquette.id);
    for (const attribut of ["aria-invalid", "aria-describedby"]) {
      if (champ.hasAttribute(attribut)) zone.setAttribute(attribut, champ.getAttribute(attribut));
    }
    cadre.append(barre, zone);
    champ.after(cadre);
    champ.hidden = true;
    champ.tabIndex = -1;

    const editeur = new window.Squire(zone, { blockTag: "P", sanitizeToDOMFragment: fragment, addLinks: false });
    editeur.setHTML(champ.value);
    let lu = editeur.getHTML();
    // Tab leaves the text, as it does everywhere else.
    editeur.setKeyHandler("Tab", null);
    editeur.setKeyHandler("Shift-Tab", null);

    const boutons = BOUTONS.map((modele, i) => {
      const bouton = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-discret btn-sm", textContent: modele.nom });
      bouton.setAttribute("aria-pressed", "false");
      bouton.tabIndex = i ? -1 : 0;
      bouton.addEventListener("click", () => {
        (bouton.getAttribute("aria-pressed") === "true" ? modele.defaire : modele.faire)(editeur, barre);
        if (modele.faire !== lier || bouton.getAttribute("aria-pressed") === "true") editeur.focus();
        dire();
      });
      barre.append(bouton);
      return bouton;
    });
    // One stop for the toolbar, arrows inside it (ARIA practices).
    barre.addEventListener("keydown", (evenement) => {
      const ou = boutons.indexOf(document.activeElement);
      const pas = { ArrowRight: 1, ArrowLeft: -1 }[evenement.key];
      if (ou < 0 || !pas) return;
      evenement.preventDefault();
      const suivant = boutons[(ou + pas + boutons.length) % boutons.length];
      for (const bouton of boutons) bouton.tabIndex = bouton === suivant ? 0 : -1;
      suivant.focus();
    });

    const ligne = document.createElement("div");
    ligne.className = "editeur-lien";
    ligne.dataset.lien = "";
    ligne.hidden = true;
    const adresse = Object.assign(document.createElement("input"), { type: "url", className: "form-control", id: `lien-${rang}`, placeholder: "https://" });
    const nomLien = Object.assign(document.createElement("label"), { htmlFor: adresse.id, textContent: "Adresse du lien" });
    const poser = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-sm", textContent: "Poser le lien" });
    const fermer = () => { ligne.hidden = true; adresse.value = ""; editeur.focus(); };
    const valider = () => {
      const url = adresse.value.trim();
      if (!url.startsWith("https://")) { adresse.setAttribute("aria-invalid", "true"); adresse.focus(); return; }
      adresse.removeAttribute("aria-invalid");
      fermer();
      editeur.makeLink(url);
    };
    poser.addEventListener("click", valider);
    adresse.addEventListener("keydown", (evenement) => {
      if (evenement.key === "Enter") { evenement.preventDefault(); valider(); }
      if (evenement.key === "Escape") { evenement.preventDefault(); fermer(); }
    });
    ligne.append(nomLien, adresse, poser);
    barre.append(ligne);

    const dire = () => {
      const chemin = editeur.getPath();
      BOUTONS.forEach((modele, i) => boutons[i].setAttribute("aria-pressed", String(modele.dans.test(chemin))));
    };
    editeur.addEventListener("pathChange", dire);
    // Untouched, the field is sent as it came: reading a text does not change it.
    editeur.addEventListener("input", () => {
      const ecrit = editeur.getHTML();
      if (ecrit === lu) return;
      lu = ecrit;
      champ.value = zone.textContent.trim() ? ecrit : "";
      champ.dispatchEvent(new Event("input", { bubbles: true }));
    });
    if (etiquette) etiquette.addEventListener("click", () => zone.focus());
  };

  // Leaving with words that are not saved asks first.
  const garder = (formulaire) => {
    let change = false;
    const dit = formulaire.querySelector("[data-etat-redaction]");
    formulaire.addEventListener("input", () => {
      if (!change && dit) dit.textContent = "Modifications à enregistrer.";
      change = true;
    });
    formulaire.addEventListener("submit", () => { change = false; });
    window.addEventListener("beforeunload", (evenement) => { if (change) evenement.preventDefault(); });
  };

  if (window.Squire) document.querySelectorAll("textarea[data-editeur]").forEach(monter);
  document.querySelectorAll("form[data-redaction]").forEach(garder);
})();
