// What has just happened is read first, and the keyboard starts from it: the summary of errors after a refused form, else what an act
// did. Where the page goes to a place of its own, or to a field, it stays there and the words are only said.
(() => {
  const erreurs = document.querySelector(".recapitulatif");
  if (erreurs) { erreurs.focus(); return; }
  const dits = document.querySelector(".messages:has(> *)");
  if (!dits) return;
  const ailleurs = document.getElementById(location.hash.slice(1)) || document.querySelector("[autofocus]");
  if (ailleurs) { setTimeout(() => dits.append(...dits.childNodes), 200); return; } // a page that opens says no status: a change does
  dits.tabIndex = -1;
  dits.focus();
})();
