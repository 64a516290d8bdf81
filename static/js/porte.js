// The door without network: a presence is kept on this device with the hour of its click and the account that noted it, and
// leaves by this account when the network comes back. What the site refuses stays on its row until somebody has read it.
// Names are looked for among all who are expected, not in the page that is open alone.
"use strict";

(() => {
  const dit = document.querySelector("[data-porte]"), ailleurs = document.querySelector("[data-refusees]");
  const ICI = location.pathname, REPRISE = 30_000, MONTREES = 20, COMPTE = dit.dataset.compte;
  const liste = document.querySelector("[data-attendues]"), modele = document.querySelector("template[data-rangee]");
  const attendues = JSON.parse(document.getElementById("attendues").textContent);
  const formulaires = () => [...document.querySelectorAll("form[data-presence]")];
  const ligneDe = (cle) => formulaires().find((un) => un.getAttribute("action") === cle)?.closest("li");
  const heure = (le) => new Date(le).toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" }).replace(":", " h ");

  const bouton = (texte, agir) => {
    const un = document.createElement("button");
    un.type = "button";
    un.className = "btn btn-discret btn-sm";
    un.textContent = texte;
    un.addEventListener("click", agir);
    return un;
  };
  const montrerRefus = (une) => {
    const mots = document.createElement("p"), ligne = ligneDe(une.cle), bloc = document.createElement(ligne ? "div" : "li");
    mots.className = "erreur-champ";
    mots.textContent = `${une.nom}, présence de ${heure(une.le)} refusée : ${une.refus}`;
    bloc.dataset.refus = "";
    bloc.append(mots, bouton("J’ai lu", async () => { await Appareil.oter(une.cle); await montrer(); }));
    (ligne || ailleurs).append(bloc);
  };
  const estMienne = (une) => !une.compte || une.compte === COMPTE;
  const attendent = async () => (await Appareil.presences(ICI)).filter((une) => !une.refus && estMienne(une));
  const montrer = async (arret = "Elles partent quand le réseau revient : laissez cette page ouverte.") => {
    const gardees = await Appareil.presences(ICI), restent = gardees.filter((une) => !une.refus);
    for (const bloc of document.querySelectorAll("[data-refus]")) bloc.remove();
    for (const une of gardees) if (une.refus) montrerRefus(une);
    ailleurs.hidden = !ailleurs.children.length;
    const siennes = restent.filter(estMienne).length, autres = restent.length - siennes;
    dit.hidden = !restent.length;
    dit.textContent = [
      siennes && `${siennes > 1 ? `${siennes} présences sont gardées` : "1 présence est gardée"} sur cet appareil. ${arret}`,
      autres && `${autres > 1 ? `${autres} présences notées ici par un autre compte partiront` : "1 présence notée ici par un autre compte partira"} quand il ouvrira cette page.`,
    ].filter(Boolean).join(" ");
    for (const formulaire of formulaires()) {
      const attend = restent.some((une) => estMienne(une) && une.cle === formulaire.getAttribute("action"));
      if (attend) { formulaire.querySelector("button").disabled = true; formulaire.querySelector("button").textContent = "Gardée sur cet appareil"; }
    }
  };

  const envoyer = (adresse, donnees) => fetch(adresse, { method: "POST", body: donnees, headers: { Accept: "application/json" } });
  // Stops where none would leave: no network, the site down, the session over (the answer is then another page).
  const envoyerTout = async () => {
    let parties = 0, arret;
    for (const une of await attendent()) {
      const donnees = new FormData(document.querySelector("form[data-jeton]"));
      donnees.set("il_y_a", Math.max(0, Math.round((Date.now() - une.le) / 1000)));
      const reponse = await envoyer(une.cle, donnees).catch(() => null);
      if (reponse?.ok && new URL(reponse.url).pathname === ICI) { await Appareil.oter(une.cle); parties += 1; continue; }
      if (reponse && [404, 409].includes(reponse.status)) {
        const refus = reponse.status === 404 ? "elle n’est plus inscrite." : (await reponse.json().catch(() => ({}))).erreur;
        await Appareil.garder({ ...une, refus: refus || "le site ne l’a pas prise." });
        continue;
      }
      if (reponse?.ok || reponse?.status === 403) arret = "Votre session est finie : connectez-vous dans un autre onglet, puis rechargez cette page.";
      break;
    }
    if (parties) location.reload();
    else await montrer(arret);
  };
  // One tab at a time.
  const vider = async () => {
    if (!(await attendent()).length) return;
    await (navigator.locks ? navigator.locks.request("porte-envoi", { ifAvailable: true }, (verrou) => verrou && envoyerTout()) : envoyerTout());
  };

  document.addEventListener("submit", async (evenement) => {
    const formulaire = evenement.target;
    if (!formulaire.matches("form[data-presence]")) return;
    evenement.preventDefault();
    formulaire.querySelector("button").disabled = true;
    const cle = formulaire.getAttribute("action"), le = Date.now();
    const reponse = await envoyer(cle, new FormData(formulaire)).catch(() => null);
    if (reponse?.ok) { location.assign(reponse.url); return; }
    if (reponse && reponse.status < 500) { formulaire.submit(); return; }  // refused: its page says why
    try {
      await Appareil.garder({ cle, porte: ICI, compte: COMPTE, nom: formulaire.dataset.presence, le });
      Appareil.marquer();
      await montrer();
    } catch { formulaire.submit(); }
  });
  // Without network, who is not on this page of the list is given a row, with her button.
  const ranger = (pk, nom) => {
    const ligne = modele.content.firstElementChild.cloneNode(true), formulaire = ligne.querySelector("form");
    ligne.querySelector("strong").textContent = formulaire.dataset.presence = nom;
    formulaire.setAttribute("action", formulaire.getAttribute("action").replace("/0/", `/${pk}/`));
    ligne.dataset.ajoutee = "";
    liste.append(ligne);
  };
  document.getElementById("id_q").addEventListener("input", async (evenement) => {
    if (navigator.onLine || !liste) return;
    const mots = evenement.target.value.trim().toLowerCase();
    for (const ligne of liste.querySelectorAll("[data-ajoutee]")) ligne.remove();
    for (const ligne of liste.children) ligne.hidden = !ligne.textContent.toLowerCase().includes(mots);
    if (mots.length > 1) for (const [pk, nom] of attendues.filter(([, nom]) => nom.toLowerCase().includes(mots)).slice(0, MONTREES)) ranger(pk, nom);
    await montrer();
  });
  const essayer = () => vider().catch(() => { /* nothing is kept here */ });
  addEventListener("online", essayer);
  setInterval(() => { if (!document.hidden && navigator.onLine) essayer(); }, REPRISE);
  montrer().then(essayer, () => { /* nothing is kept here */ });
})();
