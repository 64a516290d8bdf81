// A button that prints the page: hidden without a script, since only a script can do it.
document.querySelectorAll('[data-imprimer]').forEach((bouton) => {
  bouton.hidden = false
  bouton.addEventListener('click', () => window.print())
})
