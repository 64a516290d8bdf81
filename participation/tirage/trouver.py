"""Draws and their volunteers by number, as the visitor may see them."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from participation.socle.views.trouver import par_numero
from participation.tirage.models import Tirage, Volontaire

trouver_tirage = par_numero(Tirage)
trouver_volontaire = par_numero(Volontaire, "tirage")


def trouver_public(request: HttpRequest, pk: int, sans: Sequence[str] = ()) -> Tirage:
    """`sans`: fields that the page does not read; the thousand panels weigh."""
    return get_object_or_404(Tirage.objects.publics().defer(*sans), pk=pk)
