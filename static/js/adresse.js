// The address typed on the form is shown on the next page, which is the same for everybody and kept by caches: this tab alone
// remembers it, until it is closed.
const CLE = "adresse-ecrite";
const formulaire = document.querySelector("form[data-garde-adresse]");
formulaire?.addEventListener("submit", () => {
  try {
    sessionStorage.setItem(CLE, formulaire.elements.courriel.value.trim());
  } catch { /* no storage: the page says it without the address */ }
});
const place = document.querySelector("[data-adresse]");
if (place) {
  let adresse = "";
  try {
    adresse = sessionStorage.getItem(CLE) || "";
  } catch { /* as above */ }
  if (adresse) {
    place.querySelector("[data-adresse-ecrite]").textContent = adresse;
    place.hidden = false;
  }
}
