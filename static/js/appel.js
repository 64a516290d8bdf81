// The roll call by one hand: a letter notes the voice of the row that has the focus, and the next row comes.
(() => {
  const table = document.querySelector("[data-appel]");
  if (!table) return;
  const SENS = { p: "pour", c: "contre", a: "abstention", n: "nppv" };
  const viser = (rangee) => {
    const cible = rangee?.querySelector("input:checked") || rangee?.querySelector("input");
    (cible || table.closest("form").querySelector("[type=submit]")).focus();
  };
  table.addEventListener("keydown", (evenement) => {
    const sens = SENS[evenement.key.toLowerCase()];
    const rangee = evenement.target.closest("tr");
    if (!sens || !rangee || evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
    evenement.preventDefault();
    rangee.querySelector(`input[value="${sens}"]`).checked = true;
    viser(rangee.nextElementSibling);
  });
  viser([...table.tBodies[0].rows].find((rangee) => !rangee.querySelector("input:checked")) || table.tBodies[0].rows[0]);
})();
