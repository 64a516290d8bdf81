"""Amounts of a projet beside what the envelopes leave for it."""

from __future__ import annotations

from decimal import Decimal

from django import template

from contrat_ville.enveloppes.lectures import restes_de
from contrat_ville.models import Financement, Projet
from contrat_ville.workflow.etats import ACCOMPAGNES

register = template.Library()


@register.simple_tag
def financements_et_restes(projet: Projet) -> list[tuple[Financement, Decimal | None]]:
    """Each financement, with what its envelopes leave for the projet; None without envelope, or once supported."""
    restes = {} if projet.etat in ACCOMPAGNES else restes_de(projet)
    return [(f, restes.get(f.financeur_id)) for f in projet.financements.avec_financeur()]
