// Sent without network, a form would leave the page with what was chosen on it: it waits, and leaves when the network is back.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-attend-reseau]")) {
    const mot = form.querySelector("[data-hors-ligne]");
    const partir = () => { mot.hidden = true; form.requestSubmit(); };
    form.addEventListener("submit", (e) => {
      if (navigator.onLine) return;
      e.preventDefault();
      mot.hidden = false;
      window.addEventListener("online", partir, { once: true });
    });
  }
})();
