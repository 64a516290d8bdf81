// A point chosen on the map of the communes, or where the device stands: two hidden fields. Nothing is asked of another
// site unless the settings give tiles. It speaks in the words of its page. Without script, the words and the commune say where.
"use strict";

(() => {
  const zone = document.querySelector("[data-point]");
  const source = document.getElementById("carte-du-point");
  if (!zone || !source || !window.L) return;
  const { contours, tuiles, mention, centre } = JSON.parse(source.textContent);
  const { latitude, longitude } = zone.closest("form").elements;
  const dit = zone.querySelector("[data-point-dit]");
  const details = zone.querySelector("details");
  let carte = null;
  let repere = null;
  zone.hidden = false;

  const poser = (point, mots) => {
    latitude.value = point.lat.toFixed(6);
    longitude.value = point.lng.toFixed(6);
    dit.textContent = mots || zone.dataset.pose;
    if (!carte) return;
    if (repere) repere.setLatLng(point);
    else repere = L.marker(point, { icon: L.divIcon({ className: "carte-repere", html: "<span>•</span>", iconSize: [44, 44] }), interactive: false, keyboard: false }).addTo(carte);
  };
  const oter = () => {
    latitude.value = longitude.value = "";
    dit.textContent = zone.dataset.retire;
    repere?.remove();
    repere = null;
  };
  const ouvrir = () => {
    if (carte) return;
    carte = L.map(zone.querySelector("[data-point-carte]"), { scrollWheelZoom: false, attributionControl: Boolean(mention), zoomControl: false });
    carte.setView(centre, 10);
    L.control.zoom({ zoomInTitle: zone.dataset.agrandir, zoomOutTitle: zone.dataset.reduire }).addTo(carte);
    if (tuiles) L.tileLayer(tuiles, { attribution: mention, maxZoom: 19 }).addTo(carte);
    const fond = L.geoJSON(contours, { interactive: false, style: { className: "carte-contour" } }).addTo(carte);
    if (fond.getBounds().isValid()) carte.fitBounds(fond.getBounds());
    carte.on("click", (evenement) => poser(evenement.latlng));
    if (latitude.value && longitude.value) {
      const point = L.latLng(Number(latitude.value), Number(longitude.value));
      carte.setView(point, 14);
      poser(point);
    }
  };
  details.addEventListener("toggle", () => { if (details.open) ouvrir(); });
  zone.querySelector("[data-point-centre]").addEventListener("click", () => poser(carte.getCenter()));
  zone.querySelector("[data-point-oter]").addEventListener("click", oter);
  const ici = zone.querySelector("[data-point-ici]");
  ici.hidden = !("geolocation" in navigator);
  ici.addEventListener("click", () => {
    dit.textContent = zone.dataset.cherche;
    navigator.geolocation.getCurrentPosition((lue) => {
      const point = L.latLng(lue.coords.latitude, lue.coords.longitude);
      carte.setView(point, 15);
      poser(point, zone.dataset.prise.replace("{metres}", Math.round(lue.coords.accuracy)));
    }, () => { dit.textContent = zone.dataset.manque; }, { enableHighAccuracy: true, timeout: 10_000 });
  });
})();
