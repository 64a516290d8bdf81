"""Search form of the public sujets. Invalid values are ignored."""

from typing import Any

from django import forms

from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.models import Commune
from remontees.lectures import publics
from remontees.models import Categorie

ETATS = [
    ("", "Tous"),
    (publics.SANS_REPONSE, "Sans réponse pour l’instant"),
    (publics.REPONDU, "Avec une réponse"),
    *((issue, dit.mot) for issue, dit in publics.ISSUES.items()),
]


class VousLAvezDitForm(forms.Form):
    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    commune = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Toutes")
    theme: Any = champ_parmi("Thème", Categorie.objects.none(), requis=False, vide="Tous")
    etat = champ_choix("Où en est le sujet", ETATS, requis=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        theme: Any = self.fields["theme"]
        theme.queryset = Categorie.objects.filter(pk__in=publics.themes_publies())

    def filtres(self) -> publics.FiltresDeSujets:
        self.is_valid()
        lu = self.cleaned_data
        return publics.FiltresDeSujets(
            q=lu.get("q") or "",
            theme=lu["theme"].pk if lu.get("theme") else None,
            commune=lu["commune"].pk if lu.get("commune") else "",
            etat=lu.get("etat") or "",
        )
