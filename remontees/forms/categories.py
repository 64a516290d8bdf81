"""Choice of a category, grouped by theme; each label includes the theme."""

from typing import Any

from participation.socle.forms.actes import ActeForm
from remontees.models import Categorie


def choisir_categorie(form: ActeForm, nom: str = "categorie") -> None:
    champ: Any = form.fields[nom]
    champ.label_from_instance = lambda categorie: categorie.chemin
    form.choisir(nom, Categorie.objects.filter(est_active=True).par_theme())
