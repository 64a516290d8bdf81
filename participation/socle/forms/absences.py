"""Form to note an absence and who stands in."""

from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.champs import champ_jour, champ_parmi
from participation.socle.models import Compte


class AbsenceForm(forms.Form):
    compte = champ_parmi("Qui est absent", None)
    remplacant = champ_parmi(
        "Qui remplace",
        None,
        "Cette personne voit les échéances dans sa journée, reçoit les lettres, et répond pour la direction ou la commune.",
    )
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour("Dernier jour")

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
