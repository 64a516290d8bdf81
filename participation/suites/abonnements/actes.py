"""Follow a dossier by mail: request, confirmation, unsubscription; the form."""

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.preuves import demandeur
from participation.socle.calendrier import debut_du_jour
from participation.socle.forms.champs import champ_courriel
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Dossier
from participation.suites.abonnements import lettres
from participation.suites.models import Abonnement, ReglementSuites


class SuivreForm(forms.Form):
    courriel = champ_courriel(
        _("Votre adresse de courriel"),
        erreur=_("Écrivez votre adresse de courriel."),
        attributs={"autocomplete": "email"},
        max_length=254,
    )


def suivre(dossier: Dossier, courriel: str) -> None:
    """Write the letter that asks to confirm. The same to the eye whether the address follows already or not.

    One letter a day for an address and a dossier, and no more a day for an address than the règlement says.
    """
    courriel = courriel.strip().lower()
    reglement = ReglementSuites.objects.en_vigueur()
    with transaction.atomic():
        abonnement = demandeur(Abonnement, courriel, dossier_id=dossier.pk)
        demandes = Abonnement.objects.filter(courriel__iexact=courriel, demande_le__gte=debut_du_jour())
        if reglement and demandes.exclude(pk=abonnement.pk).count() >= reglement.demandes_par_jour:
            return
        if abonnement.arrete_le is not None:
            abonnement.arrete_le, abonnement.confirme_le = None, None
        if not abonnement.est_actif:  # who knows a proved address does not choose the language of its letters
            abonnement.langue = langue()
        abonnement.demande_le = timezone.now()
        abonnement.save()
        lettres.confirmer_l_abonnement(abonnement)


def confirmer(abonnement: Abonnement) -> None:
    """Confirm the subscription. Idempotent. A stopped one stays stopped: it must be requested again."""
    Abonnement.objects.filter(pk=abonnement.pk, confirme_le=None, arrete_le=None).update(
        confirme_le=timezone.now()
    )
    abonnement.refresh_from_db()


def arreter(abonnement: Abonnement) -> None:
    """Stop the subscription. Idempotent."""
    Abonnement.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())
    abonnement.refresh_from_db()
