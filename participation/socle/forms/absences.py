"""Form to note an absence and who stands in."""

from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.filters import natures_presentes
from participation.socle.forms.champs import champ_choix, champ_jour, champ_parmi
from participation.socle.models import Compte


class AbsenceForm(forms.Form):
    compte = champ_parmi("Qui est absent", None)
    remplacant = champ_parmi(
        "Qui remplace",
        None,
        "Cette personne voit les échéances dans sa journée, reçoit les lettres, et répond pour la direction ou la commune.",
    )
    domaine = champ_choix(
        "Pour quoi",
        lambda: [("", "Tout, pendant une absence"), *natures_presentes()],
        "Un domaine : c’est une délégation. Les lettres de ce domaine vont à la personne choisie, de la même direction ou commune.",
        requis=False,
    )
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour(
        "Dernier jour", "Vide : jusqu’à nouvel ordre, pour une délégation seulement.", requis=False
    )

    def __init__(self, *args: Any, par: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dehors, service = Compte.objects.dehors(), Compte.objects.agents_du_service()
        possibles = {
            "compte": service | dehors if par.est_agent else Compte.objects.collegues(par),
            "remplacant": service | dehors if par.est_agent else dehors,
        }
        for nom, comptes in possibles.items():
            self.fields[nom].queryset = comptes  # type: ignore[attr-defined]
        self.initial = {"compte": par, "date_debut": timezone.localdate(), **self.initial}
