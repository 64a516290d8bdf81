"""The page of an act done during the séance: it goes back to the facilitator’s screen."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string

from participation.seances.models import Seance
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Partie, Suivi, de_quoi
from participation.socle.views.pages import Page, acte

ECRAN = "participation.seances.ecrans.vues.animer.ecran_animateur"


def retour_de(seance_pk: int) -> str:
    return reverse("seances:animer", args=[seance_pk])


def fil_de(seance: Seance) -> list[tuple[str, str]]:
    return [("Séance en cours" if seance.est_en_cours else str(seance), retour_de(seance.pk))]


def _seance(objet: Suivi | Partie) -> Seance:
    return cast(Seance, de_quoi(objet)[0])


def retour(objet: Suivi | Partie, fait: object) -> str:
    return retour_de(_seance(objet).pk)


def fil(request: RequeteConnectee, objet: Suivi | Partie, form: object) -> dict[str, object]:
    return {"fil": fil_de(_seance(objet))}


def ecran_apres(request: RequeteConnectee, objet: Suivi | Partie) -> HttpResponse:
    ecran: HttpResponse = import_string(ECRAN)(request, _seance(objet).pk, partiel=True)
    return ecran


en_animant: Callable[..., Page[Any]] = partial(Page, retour=retour, contexte=fil)
d_un_clic = acte(en_animant(en_un_clic=True, ecran=ecran_apres))
