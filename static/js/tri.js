// One key, one act, on the page of the triage: a key presses the button or the link that bears it. Without script the buttons remain.
// Off at a click, for voice input and for who types elsewhere (WCAG 2.1.4), and kept off on this device.
(() => {
  const aide = document.querySelector("[data-touches]");
  if (!aide) return;
  const interrupteur = aide.querySelector("[data-touches-actives]");
  const CLE = "tri-touches";
  const garder = (valeur) => {
    try {
      localStorage.setItem(CLE, valeur);
    } catch {
      // Private browsing: the choice lasts as long as the page.
    }
  };
  const garde = () => {
    try {
      return localStorage.getItem(CLE);
    } catch {
      return null;
    }
  };
  aide.hidden = false;
  interrupteur.checked = garde() !== "non";
  interrupteur.addEventListener("change", () => garder(interrupteur.checked ? "oui" : "non"));
  const ecrit = (cible) => cible.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (evenement) => {
    if (evenement.ctrlKey || evenement.altKey || evenement.metaKey || evenement.repeat) return;
    if (!interrupteur.checked || ecrit(evenement.target)) return;
    if (evenement.key === "?") {
      interrupteur.focus();
      evenement.preventDefault();
      return;
    }
    const touche = CSS.escape(evenement.key.toLowerCase());
    const champ = document.querySelector(`[data-touche-champ="${touche}"]`);
    const bouton = document.querySelector(`[data-touche="${touche}"]`);
    if (champ) champ.querySelector("select, input").focus();
    else if (bouton) {
      bouton.click();
      if (bouton.tagName === "SUMMARY") bouton.parentElement.querySelector("input:not([type=hidden])")?.focus();
    } else return;
    evenement.preventDefault();
  });
})();
