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
        "Cette personne voit vos échéances dans sa journée, et reçoit vos lettres avec vous.",
    )
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour("Dernier jour")

    def __init__(self, *args: Any, par: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("compte", "remplacant"):
            self.fields[nom].queryset = Compte.objects.agents_du_service()  # type: ignore[attr-defined]
        self.initial = {"compte": par, "date_debut": timezone.localdate(), **self.initial}
