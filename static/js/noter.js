// Note a remontée, or what is said at a table (`data-un`), with or without network. What is typed is kept on the device at once, under a key of its own; what is finished
// leaves by this page when the network is there, once each (the server knows the key). No Background Sync: not everywhere.
(() => {
  "use strict";
  const page = document.querySelector("[data-noter]");
  const form = page?.querySelector("form");
  if (!form || !window.indexedDB) return;
  // Who writes: the number of an account, or the name of a table (« table:12 »), which its signed link opens.
  const compte = /^\d+$/.test(page.dataset.compte) ? Number(page.dataset.compte) : page.dataset.compte;
  const UN = page.dataset.un || "remontée", DES = `${UN}s`, OU = page.dataset.ou || "au tri", TEXTE = page.dataset.texte || "verbatim";
  const reseau = page.querySelector("[data-reseau]");
  const photo = form.elements.photo;
  const RETENUS = ["commune", "quartier", "canal"], COTE = 2000, REPRISE = 30_000, PAR_ONGLET = "remontees.cle", SAISIE = "remontees.saisie";
  const canal = "BroadcastChannel" in window ? new BroadcastChannel("remontees") : null;
  const vierge = new FormData(form);
  let cle = "", lacher = null, image = null, minuterie = 0, secret = false, occupe = false, garde = Promise.resolve(), reduite = garde;

  const dire = (texte, genre = "info") => {
    if (reseau.textContent !== texte) reseau.textContent = texte;
    reseau.className = `noter-reseau alert alert-${genre}`;
    reseau.hidden = !texte;
  };
  const nouvelleCle = () => (crypto.randomUUID ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
  const aujourdhui = () => { const j = new Date(); return new Date(j - j.getTimezoneOffset() * 60_000).toISOString().slice(0, 10); };

  // One tab for a draft: who holds its lock writes it.
  const tenir = (voulue) => new Promise((fait) => {
    if (!navigator.locks) { fait(true); return; }
    navigator.locks.request(`remontees-${voulue}`, { signal: AbortSignal.timeout(800) }, () => new Promise((fin) => { lacher = fin; fait(true); })).catch(() => fait(false));
  });
  const prendre = (voulue) => {
    cle = voulue;
    form.elements.cle.value = cle;
    try { sessionStorage.setItem(PAR_ONGLET, cle); sessionStorage.removeItem(SAISIE); } catch { /* a reload finds it in the list */ }
  };
  // A key of its own, at once: what is typed next is another draft.
  const commencer = () => { lacher?.(); lacher = null; prendre(nouvelleCle()); tenir(cle); };
  const reprendre = async (voulue) => {
    const tenu = lacher;
    if (!(await tenir(voulue))) return false;
    tenu?.();
    prendre(voulue);
    return true;
  };

  const champs = () => {
    const dits = {};
    for (const [nom, valeur] of new FormData(form)) if (typeof valeur === "string" && nom !== "csrfmiddlewaretoken") dits[nom] = valeur;
    return dits;
  };
  const remplir = (dits) => {
    for (const champ of form.elements) {
      if (!champ.name || champ.type === "file" || ["csrfmiddlewaretoken", "cle"].includes(champ.name)) continue;
      if (champ.type === "checkbox") champ.checked = champ.name in dits;
      else if (champ.type === "radio") champ.checked = dits[champ.name] === champ.value;
      else champ.value = dits[champ.name] ?? "";
    }
    form.elements[TEXTE].dispatchEvent(new Event("change")); // its count of characters
    if (["nom", "courriel", "telephone", "adresse"].some((nom) => dits[nom])) form.querySelector("details").open = true;
  };
  const depart = () => {
    const dits = {};
    for (const [nom, valeur] of vierge) if (typeof valeur === "string") dits[nom] = valeur;
    return { ...dits, ...Appareil.choix(), entendue_le: aujourdhui() };
  };
  const effacer = () => {
    remplir(depart());
    photo.value = "";
    image = null;
    direPhoto();
    montrerErreurs({});
    form.querySelector("details").open = false;
    direPosition("");
  };

  // Made small here: less to keep, less to send, and nothing hidden in it leaves the device.
  const reduire = async (fichier) => {
    let blob = fichier;
    try {
      const dessin = await createImageBitmap(fichier, { imageOrientation: "from-image" });
      const part = Math.min(1, COTE / Math.max(dessin.width, dessin.height));
      const toile = document.createElement("canvas");
      toile.width = Math.round(dessin.width * part);
      toile.height = Math.round(dessin.height * part);
      toile.getContext("2d").drawImage(dessin, 0, 0, toile.width, toile.height);
      blob = (await new Promise((fait) => { toile.toBlob(fait, "image/jpeg", 0.85); })) || fichier;
    } catch { /* a picture that this browser does not read: the server says what it is worth */ }
    const nom = blob === fichier ? fichier.name : "photo.jpg";
    return { nom, type: blob.type, octets: await blob.arrayBuffer() };
  };
  photo.addEventListener("change", () => {
    reduite = (async () => {
      image = photo.files[0] ? await reduire(photo.files[0]) : null;
      direPhoto();
      enregistrer();
    })();
  });

  const brouillon = (etat) => ({ cle, compte, etat, champs: champs(), image, le: new Date().toISOString(), erreurs: {} });
  const enregistrer = () => {
    clearTimeout(minuterie);
    minuterie = 0;
    if (secret) return garde;
    const dit = brouillon("ecriture");
    garde = garde.then(() => (dit.champs[TEXTE].trim() || dit.image ? Appareil.garder(dit) : Appareil.oter(dit.cle)))
      .catch(() => { secret = true; dire("Cet appareil ne garde rien (navigation privée, ou plus de place) : notez avec le réseau.", "warning"); });
    return garde;
  };
  form.addEventListener("input", () => {
    // At once too, for a reload that comes before the device has written.
    try { sessionStorage.setItem(SAISIE, JSON.stringify({ cle, compte, champs: champs() })); } catch { /* the device has it soon */ }
    clearTimeout(minuterie);
    minuterie = setTimeout(enregistrer, 300);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { if (minuterie) enregistrer(); } else envoyer(); });

  const montrerErreurs = (erreurs) => {
    for (const dite of form.querySelectorAll("[data-erreur-locale]")) dite.remove();
    for (const champ of form.querySelectorAll("[aria-invalid]")) {
      champ.removeAttribute("aria-invalid");
      champ.setAttribute("aria-describedby", champ.getAttribute("aria-describedby")?.replace(/ ?erreur-\w+/, "") || "");
    }
    let premier = null;
    for (const [nom, mots] of Object.entries(erreurs)) {
      const lie = form.elements[nom];
      const champ = lie instanceof RadioNodeList ? lie[0] : lie;
      const bloc = champ?.closest?.(".champ") || form;
      const ligne = document.createElement("p");
      ligne.className = "erreur-champ";
      ligne.dataset.erreurLocale = "";
      ligne.id = `erreur-${nom}`;
      ligne.textContent = mots.join(" ");
      bloc.prepend(ligne);
      if (!champ) continue;
      champ.setAttribute("aria-invalid", "true");
      champ.setAttribute("aria-describedby", `${champ.getAttribute("aria-describedby") || ""} ${ligne.id}`.trim());
      premier ??= champ;
    }
    if (premier?.closest("details")) premier.closest("details").open = true;
    premier?.focus();
  };

  const noter = async () => {
    await pret; // what the device kept is back in the form, its photo too
    await reduite;
    if (secret) { HTMLFormElement.prototype.submit.call(form); return; }
    if (!form.elements[TEXTE].value.trim()) { montrerErreurs({ [TEXTE]: ["Écrivez ce qui a été dit."] }); return; }
    clearTimeout(minuterie);
    const fini = brouillon("a_envoyer");
    try {
      await garde;
      await Appareil.garder(fini);
    } catch { secret = true; HTMLFormElement.prototype.submit.call(form); return; }
    if (form.elements.commune) Appareil.retenir(Object.fromEntries(RETENUS.map((nom) => [nom, fini.champs[nom] || ""])));
    commencer();
    effacer();
    form.elements[TEXTE].focus();
    canal?.postMessage("change");
  };
  form.addEventListener("submit", async (evenement) => {
    if (secret) return; // as without script
    evenement.preventDefault();
    if (occupe) return; // a second tap on the same note
    occupe = true;
    try { await noter(); } finally { occupe = false; }
    await afficher().catch(() => { /* said already */ });
    await envoyer();
  });

  // Sending: one tab at a time, oldest first.
  const jeton = async () => {
    const reponse = await fetch(page.dataset.urlJeton, { redirect: "manual", headers: { Accept: "application/json" } });
    if (reponse.type === "opaqueredirect" || reponse.status === 403) throw new Error("session");
    if (!reponse.ok) throw new Error("panne");
    const lu = await reponse.json();
    if (lu.compte !== compte) throw new Error("compte");
    return lu.jeton;
  };
  // What this page shows of what is already noted, where it does.
  const montrerPartie = (un) => {
    const deja = page.querySelector("[data-deja]");
    if (!deja) return;
    deja.querySelector("[data-rien]")?.remove();
    const li = document.createElement("li");
    li.textContent = `${un.champs[TEXTE].trim()}${un.image ? " (photo)" : ""}`;
    deja.prepend(li);
  };
  const poster = async (un, secretDuFormulaire) => {
    const corps = new FormData();
    for (const [nom, valeur] of Object.entries(un.champs)) corps.append(nom, valeur);
    corps.set("cle", un.cle);
    if (un.image) corps.append("photo", new Blob([un.image.octets], { type: un.image.type }), un.image.nom);
    const reponse = await fetch(page.dataset.url, { method: "POST", body: corps, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": secretDuFormulaire } });
    if (reponse.type === "opaqueredirect" || reponse.status === 403) throw new Error("session");
    if (reponse.status === 201) { await Appareil.oter(un.cle); montrerPartie(un); return true; }
    if (reponse.status === 422 || reponse.status === 413) {
      const erreurs = reponse.status === 422 ? (await reponse.json()).erreurs : { photo: ["La photo est trop lourde. Retirez-la, ou prenez-en une plus petite."] };
      await Appareil.garder({ ...un, etat: "refuse", erreurs });
      return false;
    }
    return null; // this one stays for later, and does not hold the next ones
  };
  const attendent = async () => (await Appareil.tous()).filter((un) => un.compte === compte && un.etat === "a_envoyer").sort((a, b) => a.le.localeCompare(b.le));
  const MOTS = {
    session: ["Votre session est finie. Ce que vous avez noté est gardé sur cet appareil : ", "warning"],
    compte: ["Un autre compte est ouvert sur cet appareil. Ce qui est gardé ici partira quand vous vous reconnecterez : ", "warning"],
    panne: ["Le serveur ne répond pas. Ce que vous avez noté est gardé sur cet appareil et partira plus tard.", "warning"],
    coupe: ["Hors ligne. Ce que vous notez est gardé sur cet appareil et partira au retour du réseau.", "info"],
  };
  const direArret = async (pourquoi) => {
    if (pourquoi === "coupe") {
      const combien = (await attendent().catch(() => [])).length;
      if (navigator.onLine) return; // back meanwhile
      if (combien) {
        dire(combien > 1 ? `Hors ligne. ${combien} ${DES} sont gardées sur cet appareil et partiront au retour du réseau.` : `Hors ligne. Une ${UN} est gardée sur cet appareil et partira au retour du réseau.`);
        return;
      }
    }
    dire(...MOTS[pourquoi]);
    if (pourquoi !== "session" && pourquoi !== "compte") return;
    const lien = document.createElement("a");
    lien.href = page.dataset.urlConnexion;
    lien.textContent = "se reconnecter";
    reseau.append(lien);
  };
  const envoyerTout = async () => {
    const restent = await attendent();
    if (!restent.length) return;
    let partis = 0;
    let remis = 0;
    try {
      const secretDuFormulaire = await jeton();
      for (const un of restent) {
        const est = await poster(un, secretDuFormulaire);
        if (est) partis += 1;
        if (est === null) remis += 1;
      }
      if (partis) dire(partis > 1 ? `C’est noté : ${partis} ${DES} sont parties ${OU}.` : `C’est noté. La ${UN} est ${OU}.`, "success");
      if (remis) dire(partis ? `Le serveur n’a pas pris une ${UN} : elle est gardée sur cet appareil et partira plus tard. Les autres sont ${OU}.` : MOTS.panne[0], "warning");
      if (partis + remis < restent.length) dire(`Une ${UN} est à corriger : reprenez-la dans la liste « Sur cet appareil ».`, "warning");
    } catch (erreur) {
      direArret(erreur.message in MOTS ? erreur.message : (navigator.onLine ? "panne" : "coupe"));
    }
    canal?.postMessage("change");
    await afficher();
  };
  // Unless it is sending, here or in another tab: what is being sent is not taken back, and what is taken back is not sent.
  const horsEnvoi = (faire, sinon = () => false) => (navigator.locks
    ? navigator.locks.request("remontees-envoi", { ifAvailable: true }, (verrou) => (verrou ? faire() : sinon()))
    : faire());
  const envoyer = () => (navigator.onLine ? horsEnvoi(envoyerTout, () => afficher()) : direArret("coupe")).catch(() => { /* said already; what waits stays */ });
  // null: another tab writes it; false: it has just left.
  const retirer = async (voulue) => {
    const un = await Appareil.lire(voulue);
    if (!un) return false;
    if (!(await reprendre(voulue))) return null;
    await Appareil.garder({ ...un, etat: "ecriture" });
    return un;
  };

  // What is on the device
  const bouton = (texte, quoi, agir) => {
    const un = document.createElement("button");
    un.type = "button";
    un.className = "btn btn-discret btn-sm";
    un.textContent = texte;
    if (quoi) {
      const suite = document.createElement("span");
      suite.className = "visually-hidden";
      suite.textContent = ` « ${quoi} »`;
      un.append(suite);
    }
    un.addEventListener("click", () => agir(un));
    return un;
  };
  // The box of a file is empty after a reload: what the device keeps of a picture is said beside it.
  const gardee = document.createElement("p");
  gardee.className = "petit mt-2 mb-0";
  gardee.hidden = true;
  gardee.append(`La photo est gardée avec cette ${UN}. `, bouton("Retirer la photo", "", () => {
    image = null;
    direPhoto();
    enregistrer();
    photo.focus();
  }));
  photo.after(gardee);
  const direPhoto = () => { gardee.hidden = !image || photo.files.length > 0; };
  const ETATS = { a_envoyer: "Partira au retour du réseau.", ecriture: "Pas finie.", refuse: "À corriger." };
  const quand = (jour) => {
    const mois = jour.toLocaleString("fr-FR", { month: "long" });
    return `${jour.getDate() === 1 ? "1er" : jour.getDate()} ${mois} à ${jour.getHours()} h ${String(jour.getMinutes()).padStart(2, "0")}`;
  };
  const ligne = (un) => {
    const li = document.createElement("li");
    const mots = un.champs[TEXTE].trim();
    const debut = (mots.length > 80 ? `${mots.slice(0, 79)}…` : mots) || "Photo sans texte";
    const titre = document.createElement("p");
    titre.className = "mb-1";
    titre.textContent = debut;
    const etat = document.createElement("p");
    etat.className = "petit discret mb-1";
    etat.textContent = `${quand(new Date(un.le))}. ${un.image ? "Avec une photo. " : ""}${ETATS[un.etat]} ${Object.values(un.erreurs).flat().join(" ")}`;
    const actes = document.createElement("div");
    actes.className = "boutons";
    actes.append(bouton("Reprendre", debut, async () => {
      await enregistrer();
      const pris = await horsEnvoi(() => retirer(un.cle));
      if (!pris) {
        dire(pris === null ? `Cette ${UN} est ouverte dans un autre onglet.` : `Un envoi est en cours : reprenez cette ${UN} dans un instant, si elle est encore dans la liste.`, "warning");
        return;
      }
      remplir(pris.champs);
      image = pris.image;
      photo.value = "";
      direPhoto();
      montrerErreurs(pris.erreurs);
      if (!Object.keys(pris.erreurs).length) form.elements[TEXTE].focus();
      await afficher();
    }));
    actes.append(bouton("Effacer", debut, async (lui) => {
      if (!lui.dataset.sur) { lui.dataset.sur = "oui"; lui.firstChild.textContent = "Effacer pour de bon"; return; }
      await Appareil.oter(un.cle);
      canal?.postMessage("change");
      await afficher();
      (page.querySelector("[data-brouillons] button") || form.elements[TEXTE]).focus();
    }));
    li.append(titre, etat, actes);
    return li;
  };
  const afficher = async () => {
    const tous = await Appareil.tous();
    const miens = tous.filter((un) => un.compte === compte && un.cle !== cle).sort((a, b) => b.le.localeCompare(a.le));
    const autres = tous.filter((un) => un.compte !== compte).length;
    const liste = page.querySelector("[data-brouillons]");
    liste.replaceChildren(...miens.map(ligne));
    if (autres) {
      const li = document.createElement("li");
      li.textContent = autres > 1 ? `${autres} ${DES} d’une autre personne attendent ici : elles partiront quand elle se reconnectera.` : `Une ${UN} d’une autre personne attend ici : elle partira quand cette personne se reconnectera.`;
      liste.append(li);
    }
    page.querySelector("[data-appareil]").hidden = !liste.children.length;
    page.querySelector("[data-envoyer]").hidden = !miens.some((un) => un.etat === "a_envoyer");
  };
  page.querySelector("[data-envoyer]").addEventListener("click", envoyer);
  canal?.addEventListener("message", () => { afficher(); });

  // Where she stands, when she asks
  const zone = page.querySelector("[data-position]");
  const direPosition = (mots) => { if (zone) zone.querySelector("span").textContent = mots; };
  if (zone && "geolocation" in navigator) {
    zone.hidden = false;
    zone.querySelector("button").addEventListener("click", () => {
      direPosition("Recherche de la position…");
      navigator.geolocation.getCurrentPosition((lue) => {
        form.elements.latitude.value = lue.coords.latitude.toFixed(6);
        form.elements.longitude.value = lue.coords.longitude.toFixed(6);
        direPosition(`Position prise, à ${Math.round(lue.coords.accuracy)} m près.`);
        enregistrer();
      }, () => direPosition("La position n’a pas été trouvée : écrivez le lieu."), { enableHighAccuracy: true, timeout: 10_000 });
    });
  }

  addEventListener("online", () => { dire(""); envoyer(); });
  addEventListener("offline", () => direArret("coupe"));
  setInterval(() => { if (!document.hidden) envoyer(); }, REPRISE);
  const pret = (async () => {
    let voulue = "", saisie = null;
    try { voulue = sessionStorage.getItem(PAR_ONGLET) || ""; saisie = JSON.parse(sessionStorage.getItem(SAISIE)); } catch { /* a new one */ }
    const ecrit = voulue && (await Appareil.lire(voulue));
    const champsEcrits = saisie?.cle === voulue && saisie.compte === compte ? saisie.champs : (ecrit?.compte === compte && ecrit.etat === "ecriture" && ecrit.champs);
    const refuse = form.querySelector(".champ-en-erreur"); // answered by the server without our script: left as it is
    if (champsEcrits && ecrit?.etat !== "a_envoyer" && (await reprendre(voulue))) {
      if (!refuse) { remplir(champsEcrits); image = ecrit?.image || null; direPhoto(); await enregistrer(); }
    } else {
      commencer();
      if (!refuse) remplir(depart());
    }
    await afficher();
  })().catch(() => { secret = true; });
  pret.then(envoyer);
  navigator.serviceWorker?.register(page.dataset.urlService).catch(() => { /* needs the network, then */ });
})();
