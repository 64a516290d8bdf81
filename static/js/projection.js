// A text longer than the room's screen scrolls by itself: slowly down, a rest, back to the top. Who touches it keeps the hand.
(() => {
  const REPOS = 6000; // milliseconds at the top and at the bottom
  const PAS = 40; // milliseconds for a pixel
  const sansMouvement = matchMedia("(prefers-reduced-motion: reduce)");
  let reprise = Date.now() + REPOS;
  let lue = "";
  const attendre = (duree) => { reprise = Date.now() + duree; };
  for (const geste of ["wheel", "pointerdown", "keydown"]) addEventListener(geste, () => attendre(5 * REPOS), { passive: true });
  setInterval(() => {
    const centre = document.getElementById("r-point");
    if (!centre) return;
    if (centre.dataset.point !== lue) { lue = centre.dataset.point; centre.scrollTop = 0; attendre(REPOS); }
    if (Date.now() < reprise) return;
    const reste = centre.scrollHeight - centre.clientHeight - centre.scrollTop;
    if (centre.scrollHeight - centre.clientHeight < 2) return;
    if (reste < 2) { centre.scrollTop = 0; attendre(REPOS); return; }
    if (sansMouvement.matches) { centre.scrollTop += centre.clientHeight * 0.8; attendre(2 * REPOS); return; }
    centre.scrollTop += 1;
    if (centre.scrollHeight - centre.clientHeight - centre.scrollTop < 2) attendre(REPOS);
  }, PAS);
})();
