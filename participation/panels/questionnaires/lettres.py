"""Letters that say that a questionnaire waits: to members, on paper too, and to the team. The same to all, answered or not."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from participation.panels.models import Panel
from participation.panels.questionnaires.lectures import interroges
from participation.panels.workflow import Public
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.models import Compte

Lettre = tuple[str, dict[str, Any]]


def lettre_d_ouverture(panel: Panel, avant: date) -> Lettre:
    return "panels/ouvrir_questionnaires", _contexte(panel, avant)


def lettre_de_rappel(panel: Panel, avant: date) -> Lettre:
    return "panels/relancer_questionnaires", _contexte(panel, avant)


def ecrire_a_tous(panel: Panel, lettre: Lettre) -> int:
    nom, contexte = lettre
    destinataires = [
        Destinataire(compte.courriel, contexte={"est_membre": public == Public.MEMBRES, "lien": _lien(panel, compte)})
        for compte, public in interroges(panel)
    ]  # fmt: skip
    return ecrire_a_plusieurs(nom, destinataires, contexte=contexte, dossier=panel)


def _contexte(panel: Panel, avant: date) -> dict[str, Any]:
    return {"panel": panel, "avant": avant, "est_membre": True, "lien": _page(panel)}


def _page(panel: Panel) -> str:
    return reverse("panels:repondre_questionnaire", args=[panel.cle])


def _lien(panel: Panel, compte: Compte) -> str:
    """Return the way in: the address is filled, a code comes to it."""
    return f"{reverse('account_login')}?{urlencode({'courriel': compte.courriel, 'next': _page(panel)})}"
