"""Follow a dossier by mail: request, confirmation, unsubscription, erasure of unused addresses; the form."""

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from participation.socle.calendrier import debut_du_jour
from participation.socle.forms.champs import champ_courriel
from participation.socle.models import Courriel, Dossier
from participation.suites.abonnements import lettres
from participation.suites.models import Abonnement, ReglementSuites


class SuivreForm(forms.Form):
    courriel = champ_courriel(
        "Votre adresse électronique",
        erreur="Donnez votre adresse électronique.",
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
        abonnement = _trouver(dossier, courriel)
        demandes = Abonnement.objects.filter(courriel__iexact=courriel, demande_le__gte=debut_du_jour())
        if reglement and demandes.exclude(pk=abonnement.pk).count() >= reglement.demandes_par_jour:
            return
        if abonnement.arrete_le is not None:
            abonnement.arrete_le, abonnement.confirme_le = None, None
        abonnement.demande_le = timezone.now()
        abonnement.save()
        lettres.suivre(abonnement)


def _trouver(dossier: Dossier, courriel: str) -> Abonnement:
    """Return the row of this address, locked; created if needed. Two requests at once get the same row."""
    siens = Abonnement.objects.select_for_update().filter(dossier=dossier.pk, courriel__iexact=courriel)
    trouve = siens.first()
    if trouve is not None:
        return trouve
    try:
        with transaction.atomic():
            return Abonnement.objects.create(dossier_id=dossier.pk, courriel=courriel)
    except IntegrityError:
        return siens.get()


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


def purger_abonnements() -> int:
    """Erase addresses never confirmed or no longer used, past the règlement's delay; returns how many."""
    reglement = ReglementSuites.objects.en_vigueur()
    if reglement is None:
        return 0
    perimes, effaces = Abonnement.objects.a_effacer(reglement.conservation_demandes_jours), 0
    for numero in list(perimes.values_list("pk", flat=True)):
        with transaction.atomic():
            abonnement = perimes.select_for_update().filter(pk=numero).first()
            if abonnement is None:
                continue  # confirmed meanwhile
            # The letters sent to this address also hold it, with the links to confirm and to stop.
            Courriel.objects.filter(
                Q(entetes__has_key="List-Unsubscribe") | Q(acte="suites/suivre"),
                destinataires=[abonnement.courriel],
                dossier=abonnement.dossier_id,
            ).delete()
            abonnement.delete()
            effaces += 1
    return effaces
