"""Forms about letters on paper: posted, or not to be posted."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_jour, propose


class PosterCourrierForm(ActeForm):
    date_postee = champ_jour("Posté le", erreur="Dites quel jour il est parti.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_postee": propose(timezone.localdate())}


AbandonnerCourrierForm = demander_texte(
    "Comment la personne a été prévenue, ou pourquoi ne pas poster",
    aide="Par exemple : remis en main propre à l’accueil.",
    maximum=500,
    erreur="Dites pourquoi ce courrier ne part pas.",
)
