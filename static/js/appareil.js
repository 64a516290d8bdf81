// What this device keeps for who notes remontées, or presences at a door: drafts (IndexedDB), last choices, the page itself (service worker).
// All of it is emptied at sign-out.
"use strict";

const Appareil = (() => {
  const NOM = "remontees", MAGASIN = "brouillons", CHOIX = "remontees.choix", USAGE = "remontees.appareil";
  let base = null;

  const ouvrir = () => {
    base ??= new Promise((fait, rate) => {
      const demande = indexedDB.open(NOM, 1);
      demande.onupgradeneeded = () => demande.result.createObjectStore(MAGASIN, { keyPath: "cle" });
      demande.onerror = () => rate(demande.error);
      demande.onsuccess = () => {
        // Another tab empties the device: this one lets go.
        demande.result.onversionchange = () => { demande.result.close(); base = null; };
        fait(demande.result);
      };
    });
    return base;
  };
  const faire = async (mode, agir) => {
    const transaction = (await ouvrir()).transaction(MAGASIN, mode);
    const demande = agir(transaction.objectStore(MAGASIN));
    return new Promise((fait, rate) => {
      transaction.oncomplete = () => fait(demande.result);
      transaction.onabort = transaction.onerror = () => rate(transaction.error);
    });
  };

  return {
    tous: async () => (await faire("readonly", (magasin) => magasin.getAll())).filter((un) => !un.porte),
    // Presences of one door (the address of its page), or of all.
    presences: async (porte) => (await faire("readonly", (magasin) => magasin.getAll())).filter((un) => un.porte && (!porte || un.porte === porte)),
    lire: (cle) => faire("readonly", (magasin) => magasin.get(cle)),
    garder: (brouillon) => faire("readwrite", (magasin) => magasin.put(brouillon)),
    oter: (cle) => faire("readwrite", (magasin) => magasin.delete(cle)),
    choix: () => { try { return JSON.parse(localStorage.getItem(CHOIX)) || {}; } catch { return {}; } },
    retenir: (choix) => { try { localStorage.setItem(CHOIX, JSON.stringify(choix)); } catch { /* no storage: asked again */ } },
    // Said by the page that keeps things: elsewhere, signing out has nothing to empty and does not wait.
    marquer: () => { try { localStorage.setItem(USAGE, "1"); } catch { /* no storage: taken as used */ } },
    sert: () => { try { return localStorage.getItem(USAGE) === "1"; } catch { return true; } },
    existe: async () => !indexedDB.databases || (await indexedDB.databases()).some((une) => une.name === NOM),
    vider: async () => {
      try { localStorage.removeItem(CHOIX); localStorage.removeItem(USAGE); for (const cle of ["remontees.cle", "remontees.saisie"]) sessionStorage.removeItem(cle); } catch { /* none */ }
      if (window.caches) for (const nom of await caches.keys()) if (nom.startsWith("remontees-")) await caches.delete(nom);
      const services = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
      for (const service of services) if (service.scope.includes("/remontees/noter/")) await service.unregister();
      await new Promise((fait) => {
        const demande = indexedDB.deleteDatabase(NOM);
        demande.onsuccess = demande.onerror = demande.onblocked = fait;
      });
    },
  };
})();

if (document.querySelector("[data-noter]")) Appareil.marquer();

// The page of sign-out: what is still on the device is said before it goes.
(() => {
  const sortie = document.querySelector("form[data-vide-appareil]");
  if (!sortie) return;
  const avis = document.querySelector("[data-avis-brouillons]");
  (async () => {
    if (!(await Appareil.existe())) return;
    const restent = (await Appareil.tous()).length, presences = await Appareil.presences();
    if (!(restent || presences.length) || !avis) return;
    const dire = (combien, un) => (combien > 1 ? `${combien} ${un}s ne sont pas parties` : `Une ${un} n’est pas partie`);
    avis.querySelector("[data-combien]").textContent = restent ? dire(restent, "remontée") : dire(presences.length, "présence");
    if (!restent) avis.querySelector("a").href = presences[0].porte;
    avis.hidden = false;
  })().catch(() => { /* nothing is kept here */ });
  sortie.addEventListener("submit", async (evenement) => {
    if (!Appareil.sert()) return;
    evenement.preventDefault();
    try { await Appareil.vider(); } finally { sortie.submit(); }
  });
})();
