"""« Moi aussi »: asked by anybody, proved by the link of the letter."""

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import avancer
from participation.socle.actions.preuves import demandeur
from participation.socle.forms.champs import champ_courriel
from tests.appli_essai.appuis import lettres
from tests.appli_essai.models import Appui, Reclamation


class AppuyerForm(forms.Form):
    courriel = champ_courriel("Votre adresse électronique", erreur="Donnez votre adresse électronique.")


@transaction.atomic
def demander(reclamation: Reclamation, courriel: str) -> None:
    """Write the letter. The same to the eye whether the address is known already or not."""
    appui = demandeur(Appui, courriel.strip().lower(), reclamation_id=reclamation.pk)
    if not appui.est_prouvee:
        appui.demande_le = timezone.now()
        appui.save()
    lettres.appuyer(appui)


@transaction.atomic
def appuyer(appui: Appui) -> None:
    """Count the support. Safe to do twice."""
    if not appui.est_prouvee:
        avancer(appui, "appuyer", par=None, champs={"confirme_le": timezone.now()})
