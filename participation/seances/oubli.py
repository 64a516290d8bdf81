"""Erasing what a member said of themselves. Seats and votes are acts of the instance: they stay."""

from participation.seances.models import Convie, Inscription, Invite, Membre
from participation.socle.actions.oubli import FIGES, JOURNAL, Personne

PV = "les procès-verbaux : qui était là, qui a parlé, qui a voté est un acte de l’instance"
GARDE = {
    "seances.EntreeSeance": JOURNAL,
    "seances.EntreeInstance": JOURNAL,
    "seances.ProcesVerbal": PV,
    "seances.VersionPV": PV,
    "seances.Convocation": FIGES,
    "seances.Invite": PV,
}


def oublier(personne: Personne) -> None:
    """Erase needs, feedback, and this person's address in invitations and copies.

    The name of an invited person stays: the procès-verbal shows it. The profile is deleted with the other
    rows of the account.
    """
    Invite.objects.filter(courriel__iexact=personne.courriel).update(courriel="")
    Membre.objects.filter(copie_a__iexact=personne.courriel).update(copie_a="")
    if personne.compte is None:
        return
    for modele in (Convie, Inscription):
        modele._default_manager.filter(membre__compte=personne.compte).update(besoins=[], precisions="")
    Inscription.objects.filter(membre__compte=personne.compte).update(retour="")
