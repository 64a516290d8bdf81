// The screens of a séance. htmx asks every three seconds whether something changed; what comes is put back region by region:
// only those that changed, never one where somebody types. Buttons of acts are sent without leaving the page.
(() => {
  const sonde = document.getElementById("sonde");
  const annonce = document.getElementById("annonce");
  const ecran = () => document.querySelector("[data-ecran]");
  if (!sonde || !ecran()) return;

  // As the server wrote it: without the token that changes each time, without what the timers wrote since.
  const telQuel = (region) => {
    const copie = region.cloneNode(true);
    for (const jeton of copie.querySelectorAll('[name="csrfmiddlewaretoken"]')) jeton.remove();
    for (const minuteur of copie.querySelectorAll("[data-minuteur]")) { minuteur.textContent = ""; minuteur.removeAttribute("data-minuteur"); }
    for (const details of copie.querySelectorAll("details[id]")) details.removeAttribute("open");
    return new XMLSerializer().serializeToString(copie);
  };
  const recus = new Map();
  const regions = (racine) => racine.querySelectorAll("[data-region][id]");
  for (const region of regions(document)) recus.set(region.id, telQuel(region));

  const ecrit = (region) => {
    const actif = document.activeElement;
    return actif && region.contains(actif) && actif.matches("textarea, select, input:not([type=hidden])");
  };
  const saisit = (region) => ecrit(region) || region.querySelector("form[data-sale]") !== null;

  const remplacer = (region, nouvelle) => {
    const ouverts = [...region.querySelectorAll("details[id][open]")].map((details) => details.id);
    const actif = document.activeElement;
    const avaitLeFocus = region.contains(actif);
    const rang = avaitLeFocus && actif.closest("li[id], tr[id]")?.id; // a person's line: the next is one key away, not thirty
    const choisis = [...region.querySelectorAll("select[id][data-choisi]")].map((choix) => [choix.id, choix.value]);
    const reponses = region.querySelectorAll("[data-reponse]"); // what an act answered here stays until the next act
    region.replaceChildren(...nouvelle.cloneNode(true).childNodes);
    region.prepend(...reponses);
    region.className = nouvelle.className;
    for (const id of ouverts) document.getElementById(id)?.setAttribute("open", "");
    for (const [id, valeur] of choisis) { // what somebody chose stays chosen, not what was proposed
      const choix = document.getElementById(id);
      if (!choix || ![...choix.options].some((option) => option.value === valeur)) continue;
      choix.value = valeur;
      choix.dataset.choisi = "";
    }
    if (window.htmx) window.htmx.process(region);
    if (!avaitLeFocus) return;
    revenir(actif.id, rang, region.id);
  };
  // To what had the focus, else to its line, else to the title of its region.
  const revenir = (id, rang, region) => {
    const cible = (id && document.getElementById(id))
      || (rang && document.getElementById(rang)?.querySelector("summary, button, a"))
      || document.getElementById(region)?.querySelector("h1, h2, h3");
    if (!cible) return;
    if (cible.matches("h1, h2, h3")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
  };

  // What an act answered stays until the next act, whatever polls bring meanwhile; a refusal is brought into view.
  const dites = (racine) => racine.querySelector("#r-messages");
  const direCe = (nouvel, sienne) => {
    const zone = dites(document);
    const neuve = dites(nouvel);
    if (!zone || !neuve || !(sienne || neuve.querySelector(".alert"))) return;
    zone.replaceChildren(...neuve.cloneNode(true).childNodes);
    if (sienne) montrerLeRefus();
  };
  const estRefuse = (racine) => dites(racine)?.querySelector(".alert-danger") != null;
  const montrerLeRefus = () => { if (estRefuse(document)) dites(document).scrollIntoView({ block: "nearest" }); };

  const appliquer = (html, sienne = false) => {
    const recu = new DOMParser().parseFromString(html, "text/html");
    const nouvel = recu.querySelector("[data-ecran]");
    const actuel = ecran();
    // Another page (signed out): asked for again whole.
    if (!nouvel) { location.reload(); return; }
    const memes = [...regions(actuel)].map((r) => r.id).join() === [...regions(nouvel)].map((r) => r.id).join();
    if (!memes || nouvel.dataset.etat !== actuel.dataset.etat) {
      // Another point, another état: the whole screen. Who types is told, and finishes her sentence.
      if (!sienne && ecrit(actuel)) { dire("La séance a avancé pendant que vous écrivez. L’écran suivra quand vous quitterez ce champ.", true); return; }
      const avaitLeFocus = actuel.contains(document.activeElement);
      const ecranNeuf = document.importNode(nouvel, true);
      const refus = sienne ? [] : [...actuel.querySelectorAll("#r-messages .alert-danger:not([data-passager])")];
      actuel.replaceWith(ecranNeuf);
      dites(ecranNeuf)?.append(...refus);
      if (sienne) montrerLeRefus();
      recus.clear();
      for (const region of regions(ecranNeuf)) recus.set(region.id, telQuel(region));
      if (window.htmx) window.htmx.process(ecranNeuf);
      const titre = ecranNeuf.querySelector("#r-point h1, #r-point h2");
      if (avaitLeFocus && titre) { titre.setAttribute("tabindex", "-1"); titre.focus({ preventScroll: true }); }
      if (annonce) annonce.textContent = nouvel.dataset.annonce;
      return;
    }
    if (sienne) for (const reponse of actuel.querySelectorAll("[data-reponse]")) reponse.remove();
    let toutes = true;
    direCe(nouvel, sienne);
    for (const nouvelle of regions(nouvel)) {
      if (nouvelle.id === "r-messages") continue;
      const region = document.getElementById(nouvelle.id);
      const texte = telQuel(nouvelle);
      if (recus.get(nouvelle.id) === texte) continue;
      if (saisit(region)) { toutes = false; continue; }
      remplacer(region, nouvelle);
      recus.set(nouvelle.id, texte);
    }
    // A region that waits is asked for again.
    if (toutes) actuel.dataset.version = nouvel.dataset.version;
    if (annonce && annonce.textContent !== nouvel.dataset.annonce) annonce.textContent = nouvel.dataset.annonce;
  };

  // A poll asked before the answer of an act, and come after it, shows the screen of before: only its messages are read.
  let tour = 0;
  const tours = new WeakMap();
  document.addEventListener("htmx:beforeSend", (evenement) => {
    if (evenement.target === sonde) tours.set(evenement.detail.xhr, tour);
  });
  document.addEventListener("htmx:configRequest", (evenement) => {
    if (evenement.target === sonde) evenement.detail.parameters.version = ecran().dataset.version;
  });
  document.addEventListener("htmx:afterRequest", (evenement) => {
    const xhr = evenement.detail.xhr;
    if (evenement.target !== sonde || !xhr || xhr.status === 204 || xhr.status === 0 || xhr.status >= 500) return;
    if (tours.get(xhr) !== tour) direCe(new DOMParser().parseFromString(xhr.responseText, "text/html"), false);
    else if (!actes.length && !appuie) appliquer(xhr.responseText);
  });

  document.addEventListener("input", (evenement) => {
    evenement.target.closest?.("[data-region] form")?.setAttribute("data-sale", "");
    if (evenement.target.matches?.("select")) evenement.target.dataset.choisi = "";
  });

  // Acts wait for each other: none is lost, however fast the clicks or slow the network. A button shows that its act is on its way,
  // then that it is done. The screen is put back once the last has come, and never between a press and its release.
  const actes = [];
  let enCours = false;
  let appuie = false;
  let aMontrer = null;
  let quitte = null;
  const compte = document.createElement("p");
  compte.className = "actes-en-attente";
  compte.setAttribute("role", "status");
  compte.hidden = true;
  document.body.append(compte);
  const compter = (phrase = "") => {
    compte.hidden = !actes.length;
    if (actes.length) compte.textContent = phrase || (actes.length === 1 ? "1 acte en cours d’envoi" : `${actes.length} actes en cours d’envoi`);
  };
  const montrer = () => {
    if (aMontrer === null || actes.length || appuie) return;
    const [html, bouton] = aMontrer;
    aMontrer = null;
    const menu = bouton?.closest("details.plus");
    if (menu) menu.open = false;
    if (location.search && !document.getElementById("r-filtres")) history.replaceState(null, "", location.pathname);
    appliquer(html, true);
    if (quitte && document.activeElement === document.body) revenir(...quitte);
    quitte = null;
  };
  const relacher = () => setTimeout(() => { appuie = false; montrer(); }, 0); // the click comes after the release
  addEventListener("pointerdown", () => { appuie = true; });
  addEventListener("pointerup", relacher);
  addEventListener("pointercancel", relacher);
  addEventListener("beforeunload", (evenement) => { if (actes.length) evenement.preventDefault(); });

  const REPOS = 2000;
  const attendre = (duree) => new Promise((fin) => {
    const minuterie = setTimeout(fin, duree);
    addEventListener("online", () => { clearTimeout(minuterie); fin(); }, { once: true });
  });
  const envoyer = async () => {
    if (enCours) return;
    enCours = true;
    while (actes.length) {
      const acte = actes[0];
      for (const notes of document.querySelectorAll("form[data-enregistre][data-sale]")) await enregistrer(notes);
      // Only the last one brings back the screen.
      const entetes = { "HX-Request": "true", ...(actes.length > 1 ? { Prefer: "return=minimal" } : {}) };
      let reponse, html;
      try {
        reponse = await fetch(acte.adresse, { method: "POST", body: acte.donnees, headers: entetes, credentials: "same-origin" });
        if (reponse.status >= 500) throw new Error(String(reponse.status));
        html = await reponse.text();
      } catch {
        dire("La connexion a manqué. Rien n’est perdu\u00a0: ce que vous avez fait part dès qu’elle revient.");
        compter("En attente du réseau");
        await attendre(REPOS);
        continue;
      }
      if (reponse.status !== 204 && !html.includes("data-ecran")) {
        actes.length = 0;
        compter();
        dire("Le site a répondu par une autre page\u00a0: vous n’êtes peut-être plus connecté. Ce dernier acte n’est pas noté\u00a0: rechargez la page.");
        break;
      }
      actes.shift();
      tour += 1;
      acte.bouton?.removeAttribute("aria-busy");
      if (!estRefuse(new DOMParser().parseFromString(html, "text/html"))) {
        acte.bouton?.classList.add("acte-fait");
        acte.forme.removeAttribute("data-sale");
      }
      const brouillon = acte.forme.hasAttribute("data-sale");
      const actif = document.activeElement;
      if (!brouillon && acte.forme.contains(actif) && actif !== acte.bouton && !actes.length) {
        quitte = [actif.id, "", actif.closest("[data-region]")?.id];
        actif.blur(); // its region is drawn again; the focus comes back to it after
      }
      if (html) aMontrer = [html, acte.bouton];
      compter();
    }
    enCours = false;
    montrer();
  };

  document.addEventListener("submit", (evenement) => {
    const forme = evenement.target;
    if (!forme.matches("form[data-acte], form[data-enregistre]")) return;
    const bouton = evenement.submitter;
    if (forme.matches("[data-enregistre]") && forme.dataset.conflit) return;
    evenement.preventDefault();
    if (forme.matches("[data-enregistre]")) { enregistrer(forme); return; }
    const donnees = new FormData(forme);
    if (bouton?.name) donnees.append(bouton.name, bouton.value);
    const adresse = bouton?.getAttribute("formaction") || forme.getAttribute("action") || location.href;
    const cle = adresse + new URLSearchParams(donnees);
    if (actes.some((acte) => acte.cle === cle)) return; // a double click is one act
    bouton?.setAttribute("aria-busy", "true");
    actes.push({ adresse, donnees, bouton, forme, cle });
    compter();
    envoyer();
  });

  const dire = (phrase, estPassager = false) => {
    if (annonce) annonce.textContent = phrase;
    const zone = dites(document);
    if (!zone) return;
    const p = document.createElement("p");
    p.className = "alert alert-danger";
    if (estPassager) p.dataset.passager = ""; // of this screen only
    p.textContent = phrase;
    zone.replaceChildren(p);
  };

  // Notes are saved while they are typed.
  const attentes = new WeakMap();
  const enregistrer = async (forme) => {
    const dit = forme.querySelector("[data-dit]");
    const envoyees = new FormData(forme);
    try {
      const reponse = await fetch(forme.action, { method: "POST", body: envoyees, headers: { "HX-Request": "true" }, credentials: "same-origin" });
      const { vu, dit: phrase } = await reponse.json();
      if (dit) dit.textContent = phrase || "";
      if (!reponse.ok) { forme.dataset.conflit = "oui"; return; }
      if (vu) forme.querySelector('[name="vu"]').value = vu;
      if (forme.querySelector("textarea").value === envoyees.get("releve")) forme.removeAttribute("data-sale");
    } catch {
      if (dit) dit.textContent = "Les notes ne sont pas enregistrées : la connexion a manqué, ou votre session est finie. Elles restent ici.";
    }
  };
  document.addEventListener("input", (evenement) => {
    const forme = evenement.target.closest?.("form[data-enregistre]");
    if (!forme || forme.dataset.conflit) return;
    clearTimeout(attentes.get(forme));
    attentes.set(forme, setTimeout(() => enregistrer(forme), 800));
  });
})();
