"""Correction of what a person left to be reached."""

from django.db import transaction

from participation.socle.actions import exiger
from participation.socle.actions.courriers import changer_d_adresse, effacer_courriers
from participation.socle.models import Compte, Courrier
from remontees.models import Rapporteur, Remontee
from remontees.personne.lettres import lignes_d_adresse


@transaction.atomic
def corriger_adresse_postale(remontee: Remontee, *, par: Compte, adresse: str) -> int:
    """Change the address and remake the courriers not posted yet; return how many.

    An empty address also erases the courriers already posted. The journal says that it changed, without the
    address, since the person is erased one day.
    """
    pas = exiger(remontee, "corriger_adresse_postale", par=par)
    rapporteur = Rapporteur.objects.select_for_update().get(remontee=remontee.pk)
    rapporteur.adresse = adresse
    rapporteur.full_clean()
    rapporteur.save(update_fields=["adresse"])
    remontee.rapporteur = rapporteur
    courriers = Courrier.objects.filter(dossier=remontee.pk)
    repris = changer_d_adresse(courriers, lignes_d_adresse(rapporteur), a_une_adresse=bool(adresse))
    if not adresse:
        effacer_courriers(courriers.exclude(date_postee=None))
    pas.avancer(details={"courriers": [courrier.pk for courrier in repris]})
    return len(repris)


@transaction.atomic
def corriger_coordonnees(
    remontee: Remontee, *, par: Compte, nom: str, courriel: str, telephone: str, prefere: str
) -> Rapporteur:
    """Change the name, the mail, the telephone and the means; the journal says so without them."""
    pas = exiger(remontee, "corriger_coordonnees", par=par)
    rapporteur = Rapporteur.objects.select_for_update().filter(remontee=remontee.pk).first() or Rapporteur(
        remontee=remontee
    )
    rapporteur.nom, rapporteur.courriel = nom, courriel.strip().lower()
    rapporteur.telephone, rapporteur.prefere = telephone, prefere
    rapporteur.full_clean()
    rapporteur.save()
    remontee.rapporteur = rapporteur
    pas.avancer()
    return rapporteur
