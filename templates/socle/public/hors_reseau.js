{% autoescape off %}// The page opens without network: the device keeps the page and its files, nothing of what was said.
// The network comes first; the copy serves when it is cut, or too slow.
"use strict";
const VERSION = "{{ prefixe }}-{{ version }}";
const PAGE = {{ page }};
const FICHIERS = {{ adresses }};
const PATIENCE = 4000; // milliseconds

const garder = async (demande, reponse) => {
  if (reponse.ok && !reponse.redirected) await (await caches.open(VERSION)).put(demande, reponse.clone());
  return reponse;
};
const pageGardee = () => caches.match(PAGE);

self.addEventListener("install", (evenement) => {
  evenement.waitUntil((async () => {
    const cache = await caches.open(VERSION);
    await cache.addAll(FICHIERS);
    await garder(PAGE, await fetch(PAGE, { cache: "reload", redirect: "manual" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (evenement) => {
  evenement.waitUntil((async () => {
    for (const nom of await caches.keys()) {
      if (nom.startsWith("{{ prefixe }}-") && nom !== VERSION) await caches.delete(nom);
    }
    await self.clients.claim();
  })());
});

const ouvrir = async (demande) => {
  const chemin = new URL(demande.url).pathname;
  const reseau = fetch(demande).then((reponse) => (chemin === PAGE ? garder(PAGE, reponse) : reponse));
  const copie = await pageGardee();
  if (!copie) return reseau;
  const secours = () => (chemin === PAGE ? copie : Response.redirect(PAGE));
  const lente = new Promise((fin) => setTimeout(() => fin(secours()), PATIENCE));
  return Promise.race([reseau, lente]).catch(secours);
};

self.addEventListener("fetch", (evenement) => {
  const demande = evenement.request;
  if (demande.method !== "GET" || new URL(demande.url).origin !== self.location.origin) return;
  if (demande.mode === "navigate") { evenement.respondWith(ouvrir(demande)); return; }
  if (!FICHIERS.includes(new URL(demande.url).pathname)) return;
  evenement.respondWith(fetch(demande).then((reponse) => garder(demande, reponse)).catch(() => caches.match(demande)));
});
{% endautoescape %}
