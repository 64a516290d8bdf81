// What has just happened is read first, and the keyboard starts from it: the summary of errors after a refused form, else what an act
// did. Where the page goes to a place of its own, or to a field, it stays there and the words are only said.
(() => {
  const main = document.getElementById("contenu");
  // Without its « #contenu » in the address: a form sent after it would come back to it, over what is to be read.
  document.querySelector(".evitement")?.addEventListener("click", (evenement) => {
    if (!main) return;
    evenement.preventDefault();
    main.scrollIntoView();
    main.focus();
  });
  const lire = (quoi) => {
    quoi.focus();
    if (location.hash) addEventListener("load", () => setTimeout(() => quoi.focus(), 0)); // the browser goes there meanwhile
  };
  const erreurs = document.querySelector(".recapitulatif");
  if (erreurs) {
    const erreur = main?.dataset.erreur ?? "";
    if (!document.title.startsWith(erreur)) document.title = `${erreur} ${document.title}`; // one of several forms of the page
    lire(erreurs);
    return;
  }
  const dits = document.querySelector(".messages:has(> *)");
  if (!dits) return;
  const place = document.getElementById(location.hash.slice(1));
  if ((place && place !== main) || document.querySelector("[autofocus]")) {
    setTimeout(() => dits.append(...dits.childNodes), 200); // a status that was there as the page opened is not said: a change is
    return;
  }
  dits.tabIndex = -1;
  lire(dits);
})();
