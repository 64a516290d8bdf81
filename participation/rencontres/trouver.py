"""Rencontres, their parts and the formats by number, as the visitor may see them."""

from typing import Any

from django.http import Http404

from participation.rencontres.models import (
    Animateur,
    Bloc,
    Format,
    Groupe,
    Inscription,
    Note,
    Rencontre,
    TableRencontre,
)
from participation.socle.views.trouver import par_numero

trouver_rencontre = par_numero(Rencontre, "format", "origine", "agent", "auteur", "direction")
trouver_animateur = par_numero(Animateur, "rencontre")
trouver_inscription = par_numero(Inscription, "evenement")
trouver_bloc = par_numero(Bloc, "rencontre")
trouver_table = par_numero(TableRencontre, "rencontre")
trouver_note = par_numero(Note, "table__rencontre", "groupe")
trouver_groupe = par_numero(Groupe, "rencontre")
trouver_format = par_numero(Format)


def rencontre_en_ligne(pk: int, *joints: str) -> Any:
    trouvee = Rencontre.objects.publiques().select_related("format", *joints).filter(pk=pk).first()
    if trouvee is None:
        raise Http404
    return trouvee
