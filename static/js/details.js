// What is long stands open where there is room; on a phone it is folded, unless it is in use.
(() => {
  if (!matchMedia("(max-width: 47.99rem)").matches) return;
  const longs = document.querySelectorAll("details.replie-etroit:not([data-actif])");
  for (const details of longs) details.open = false;
})();
// Menus made of <details> (site menu, further acts): Escape and a click outside close them.
(() => {
  const ouverts = () => document.querySelectorAll("details.plus[open], details.entete-menu[open]");
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Escape") return;
    for (const menu of ouverts()) {
      const avaitLeFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (avaitLeFocus) menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (evenement) => {
    for (const menu of ouverts()) if (!menu.contains(evenement.target)) menu.open = false;
  });
})();
