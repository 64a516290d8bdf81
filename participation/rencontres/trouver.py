"""Rencontres, their parts and the formats by number, as the visitor may see them."""

from typing import Any

from django.http import Http404

from participation.rencontres.models import Animateur, Format, Inscription, Rencontre
from participation.socle.views.trouver import par_numero

trouver_rencontre = par_numero(Rencontre, "format", "origine", "agent", "auteur", "direction")
trouver_animateur = par_numero(Animateur, "rencontre")
trouver_inscription = par_numero(Inscription, "rencontre")
trouver_format = par_numero(Format)


def rencontre_en_ligne(pk: int, *joints: str) -> Any:
    trouvee = Rencontre.objects.publiques().select_related("format", *joints).filter(pk=pk).first()
    if trouvee is None:
        raise Http404
    return trouvee
