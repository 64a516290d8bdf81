// The door without network: a presence is kept on this device, and leaves when the network comes back; names are
// looked for in the list that is open.
"use strict";

(() => {
  const dit = document.querySelector("[data-porte]"), CLE = `porte:${location.pathname}`;
  const lire = () => { try { return JSON.parse(localStorage.getItem(CLE)) || []; } catch { return []; } };
  const garder = (adresses) => {
    try { localStorage.setItem(CLE, JSON.stringify(adresses)); return true; } catch { return false; }
  };
  const formulaires = () => [...document.querySelectorAll("form[data-presence]")];
  const montrer = () => {
    const gardees = lire();
    dit.hidden = !gardees.length;
    dit.textContent = gardees.length === 1
      ? "1 présence est gardée sur cet appareil. Elle part quand le réseau revient : laissez cette page ouverte."
      : `${gardees.length} présences sont gardées sur cet appareil. Elles partent quand le réseau revient : laissez cette page ouverte.`;
    for (const formulaire of formulaires()) {
      const bouton = formulaire.querySelector("button"), attend = gardees.includes(formulaire.getAttribute("action"));
      if (attend) { bouton.disabled = true; bouton.textContent = "Gardée sur cet appareil"; }
    }
  };
  const envoyer = (adresse, donnees) => fetch(adresse, { method: "POST", body: donnees, headers: { Accept: "text/html" } });
  // Signed out meanwhile: the answer is another page, and the presence stays here.
  const estRecue = (reponse) => [403, 404, 409].includes(reponse.status)
    || (reponse.ok && new URL(reponse.url).pathname === location.pathname);

  const vider = async () => {
    let reste = lire();
    if (!reste.length) return;
    const donnees = new FormData(document.querySelector("form[data-jeton]"));
    try {
      for (const adresse of [...reste]) {
        if (!estRecue(await envoyer(adresse, donnees))) return;
        reste = reste.filter((autre) => autre !== adresse);
        garder(reste);
      }
    } catch { return; }  // still no network
    location.reload();
  };

  document.addEventListener("submit", async (evenement) => {
    const formulaire = evenement.target;
    if (!formulaire.matches("form[data-presence]")) return;
    evenement.preventDefault();
    formulaire.querySelector("button").disabled = true;
    const adresse = formulaire.getAttribute("action");
    try {
      const reponse = await envoyer(adresse, new FormData(formulaire));
      if (reponse.ok) location.assign(reponse.url);
      else formulaire.submit();  // refused: its page says why
    } catch {
      if (garder([...new Set([...lire(), adresse])])) montrer();
      else formulaire.submit();
    }
  });
  document.getElementById("id_q").addEventListener("input", (evenement) => {
    if (navigator.onLine) return;
    const mots = evenement.target.value.toLowerCase();
    for (const formulaire of formulaires()) {
      const ligne = formulaire.closest("li");
      ligne.hidden = !ligne.textContent.toLowerCase().includes(mots);
    }
  });
  addEventListener("online", vider);
  montrer();
  vider();
})();
