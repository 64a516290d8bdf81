// Timers tick between two answers of the server: the number of seconds is the server's, the clock of the device only counts on.
(() => {
  const deux = (nombre) => String(nombre).padStart(2, "0");
  const dire = (secondes) => {
    const heures = Math.floor(secondes / 3600), minutes = Math.floor((secondes % 3600) / 60);
    return heures ? `${heures}:${deux(minutes)}:${deux(secondes % 60)}` : `${deux(minutes)}:${deux(secondes % 60)}`;
  };
  const departs = new WeakMap();
  setInterval(() => {
    for (const minuteur of document.querySelectorAll("[data-minuteur][data-court]")) {
      if (!departs.has(minuteur)) departs.set(minuteur, performance.now());
      const passe = Math.floor((performance.now() - departs.get(minuteur)) / 1000);
      minuteur.textContent = dire(Number(minuteur.dataset.minuteur) + passe);
    }
  }, 1000);
})();
