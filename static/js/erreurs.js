// After a refused form, the summary of errors takes the focus: screen readers read it first, the keyboard starts from it.
document.querySelector(".recapitulatif")?.focus();
