// Where one stands, put in the hidden fields of the form when one asks, taken out again when one asks. Without it, the place is written.
"use strict";

(() => {
  if (!("geolocation" in navigator)) return;
  for (const zone of document.querySelectorAll("[data-position]")) {
    const form = zone.closest("form");
    const [prendre, oter] = zone.querySelectorAll("button");
    const mots = zone.querySelector("[role=status]");
    const poser = (latitude, longitude) => {
      form.elements.latitude.value = latitude;
      form.elements.longitude.value = longitude;
      oter.hidden = !latitude;
    };
    zone.hidden = false;
    oter.hidden = !form.elements.latitude.value;
    if (!oter.hidden) mots.textContent = zone.dataset.pose;
    prendre.addEventListener("click", () => {
      mots.textContent = zone.dataset.cherche;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          poser(coords.latitude.toFixed(5), coords.longitude.toFixed(5));
          mots.textContent = zone.dataset.prise.replace("{metres}", Math.round(coords.accuracy));
        },
        () => { mots.textContent = zone.dataset.manque; },
        { enableHighAccuracy: true, timeout: 10_000 },
      );
    });
    oter.addEventListener("click", () => {
      poser("", "");
      mots.textContent = zone.dataset.retire;
      prendre.focus();
    });
  }
})();
