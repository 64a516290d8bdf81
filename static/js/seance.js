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
    const actif = region.contains(document.activeElement) ? document.activeElement.id : "";
    const avaitLeFocus = region.contains(document.activeElement);
    const choisis = [...region.querySelectorAll("select[id]")].map((choix) => [choix.id, choix.value]);
    region.replaceChildren(...nouvelle.cloneNode(true).childNodes);
    region.className = nouvelle.className;
    for (const id of ouverts) document.getElementById(id)?.setAttribute("open", "");
    for (const [id, valeur] of choisis) { // what was chosen stays chosen
      const choix = document.getElementById(id);
      if (valeur && choix && [...choix.options].some((option) => option.value === valeur)) choix.value = valeur;
    }
    if (window.htmx) window.htmx.process(region);
    if (!avaitLeFocus) return;
    const cible = (actif && document.getElementById(actif)) || region.querySelector("h1, h2, h3");
    if (!cible) return;
    if (cible.matches("h1, h2, h3")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
  };

  const appliquer = (html, sienne = false) => {
    const recu = new DOMParser().parseFromString(html, "text/html");
    const nouvel = recu.querySelector("[data-ecran]");
    const actuel = ecran();
    // Another page (signed out): asked for again whole.
    if (!nouvel) { location.reload(); return; }
    const memes = [...regions(actuel)].map((r) => r.id).join() === [...regions(nouvel)].map((r) => r.id).join();
    if (!memes || nouvel.dataset.etat !== actuel.dataset.etat) {
      // Another point, another état: the whole screen. Who types is told, and finishes her sentence.
      if (!sienne && ecrit(actuel)) { dire("La séance a avancé pendant que vous écrivez. L’écran suivra quand vous quitterez ce champ."); return; }
      const avaitLeFocus = actuel.contains(document.activeElement);
      const ecranNeuf = document.importNode(nouvel, true);
      actuel.replaceWith(ecranNeuf);
      recus.clear();
      for (const region of regions(ecranNeuf)) recus.set(region.id, telQuel(region));
      if (window.htmx) window.htmx.process(ecranNeuf);
      const titre = ecranNeuf.querySelector("#r-point h1, #r-point h2");
      if (avaitLeFocus && titre) { titre.setAttribute("tabindex", "-1"); titre.focus({ preventScroll: true }); }
      if (annonce) annonce.textContent = nouvel.dataset.annonce;
      return;
    }
    let toutes = true;
    for (const nouvelle of regions(nouvel)) {
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

  document.addEventListener("htmx:configRequest", (evenement) => {
    if (evenement.target === sonde) evenement.detail.parameters.version = ecran().dataset.version;
  });
  document.addEventListener("htmx:afterRequest", (evenement) => {
    const xhr = evenement.detail.xhr;
    if (evenement.target !== sonde || !xhr || xhr.status === 204 || xhr.status === 0 || xhr.status >= 500) return;
    if (!envoi) appliquer(xhr.responseText);
  });

  let envoi = false;
  document.addEventListener("input", (evenement) => {
    evenement.target.closest?.("[data-region] form")?.setAttribute("data-sale", "");
  });

  document.addEventListener("submit", async (evenement) => {
    const forme = evenement.target;
    if (!forme.matches("form[data-acte], form[data-enregistre]")) return;
    const bouton = evenement.submitter;
    if (forme.matches("[data-enregistre]") && forme.dataset.conflit) return;
    evenement.preventDefault();
    if (forme.matches("[data-enregistre]")) { enregistrer(forme); return; }
    if (envoi) return; // a double click is one act
    envoi = true;
    for (const notes of document.querySelectorAll("form[data-enregistre][data-sale]")) await enregistrer(notes);
    const donnees = new FormData(forme);
    if (bouton?.name) donnees.append(bouton.name, bouton.value);
    try {
      const reponse = await fetch(bouton?.getAttribute("formaction") || forme.getAttribute("action") || location.href, {
        method: "POST", body: donnees, headers: { "HX-Request": "true" }, credentials: "same-origin",
      });
      const html = await reponse.text();
      const menu = bouton?.closest("details.plus");
      if (menu) menu.open = false;
      if (/class="alert[^"]*alert-danger/.test(html) === false) forme.removeAttribute("data-sale");
      const brouillon = forme.hasAttribute("data-sale");
      if (!brouillon && forme.contains(document.activeElement) && document.activeElement !== bouton) document.activeElement.blur();
      if (location.search) history.replaceState(null, "", location.pathname);
      appliquer(html, true);
    } catch {
      dire("La connexion a manqué. Rien n’a été envoyé : essayez encore.");
    } finally {
      envoi = false;
    }
  });

  const dire = (phrase) => { if (annonce) annonce.textContent = phrase; const zone = document.getElementById("r-messages"); if (zone) { const p = document.createElement("p"); p.className = "alert alert-danger"; p.textContent = phrase; zone.replaceChildren(p); } };

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
      if (dit) dit.textContent = "Les notes ne sont pas enregistrées : la connexion a manqué.";
    }
  };
  document.addEventListener("input", (evenement) => {
    const forme = evenement.target.closest?.("form[data-enregistre]");
    if (!forme || forme.dataset.conflit) return;
    clearTimeout(attentes.get(forme));
    attentes.set(forme, setTimeout(() => enregistrer(forme), 800));
  });
})();
