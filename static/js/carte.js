// The map: points and contours are in the page, the same list stands beside it. Nothing is asked of another site unless the
// settings give tiles. Without script the list remains.
"use strict";

(() => {
  const lieu = document.getElementById("carte");
  const source = document.getElementById("points-de-la-carte");
  if (!lieu || !source || !window.L) return;
  const { points, contours, tuiles, mention, centre } = JSON.parse(source.textContent);
  lieu.hidden = false;

  const carte = L.map(lieu, { scrollWheelZoom: false, attributionControl: Boolean(mention), zoomControl: false });
  carte.setView(centre, 10); // first: a marker has no element before the map has a view
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(carte);
  if (tuiles) L.tileLayer(tuiles, { attribution: mention, maxZoom: 19 }).addTo(carte);
  const fond = L.geoJSON(contours, { interactive: false, style: { className: "carte-contour" } }).addTo(carte);
  carte.getPane("overlayPane").setAttribute("aria-hidden", "true"); // contours alone; the points are links

  const reperes = points.map((point) => {
    const repere = L.marker([point.lat, point.long], {
      icon: L.divIcon({ className: "carte-repere", html: "", iconSize: [44, 44] }),
      title: point.titre,
      alt: point.titre,
      keyboard: true,
      riseOnHover: true,
    }).addTo(carte);
    const element = repere.getElement();
    const chiffre = document.createElement("span");
    chiffre.textContent = point.nombre || "•";
    element.append(chiffre);
    element.setAttribute("role", "link");
    element.setAttribute("aria-label", point.titre);
    // Leaflet opens nothing here: a marker is a link, by the mouse, the finger and the Enter key.
    repere.on("click keypress", (evenement) => {
      const touche = evenement.originalEvent && evenement.originalEvent.key;
      if (evenement.type === "keypress" && touche !== "Enter") return;
      window.location.assign(point.url);
    });
    // A marker reached by the keyboard outside of the picture comes into it.
    element.addEventListener("focus", () => carte.panInside(repere.getLatLng(), { padding: [44, 44] }));
    return repere;
  });

  const tout = L.featureGroup([fond, ...reperes]).getBounds();
  if (tout.isValid()) carte.fitBounds(tout, { paddingTopLeft: [72, 32], paddingBottomRight: [32, 32], maxZoom: 15 }); // clear of the buttons
})();
