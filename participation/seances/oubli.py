"""Erasing what a member said of themselves. Seats and votes are acts of the instance: they stay."""

from django.conf import settings
from django.db.models import Model, Q

from participation.seances.models import Convie, Inscription, Invite, Membre
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.oubli import FIGES, JOURNAL, Personne
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models import Courrier

PV = "les procès-verbaux : qui était là, qui a parlé, qui a voté est un acte de l’instance"
GARDE = {
    "seances.EntreeSeance": JOURNAL,
    "seances.EntreeInstance": JOURNAL,
    "seances.ProcesVerbal": PV,
    "seances.VersionPV": PV,
    "seances.Convocation": FIGES,
    "seances.Invite": PV,
}

RESTE = {
    "seances.Membre": "le mandat d’un membre\u00a0: qui siégeait, pour qui, jusqu’à quand est un acte de l’instance"
}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """What she answered as a member, tied to her account by her seat; the letters on paper to her."""
    siennes: dict[type[Model], Q] = {Courrier: _ses_courriers(personne)}
    if personne.compte is not None:
        siennes |= {modele: Q(membre__compte=personne.compte) for modele in (Convie, Inscription)}
    return siennes


def _ses_courriers(personne: Personne) -> Q:
    """The letters to a member, or to an invited person, whose sheet says her number."""
    invites = list(personne.dans(Invite).values_list("pk", flat=True))
    sieges = Membre.objects.filter(compte=personne.compte) if personne.compte else Membre.objects.none()
    membres = list(sieges.values_list("pk", flat=True))
    siens = Q(document__donnees__invite__in=invites) | Q(document__donnees__membre__in=membres)
    return siens & Q(document__fige_le=None)


def oublier(personne: Personne) -> None:
    """Erase needs, feedback, and this person's address in invitations and copies.

    The name of an invited person stays: the procès-verbal shows it. The profile is deleted with the other
    rows of the account.
    """
    effacer_courriers(Courrier.objects.filter(_ses_courriers(personne)))
    personne.dans(Invite).update(courriel="", adresse_postale="")
    personne.dans(Membre, "copie_a").update(copie_a="")
    if personne.compte is None:
        return
    for modele in (Convie, Inscription):
        modele._default_manager.filter(membre__compte=personne.compte).update(besoins=[], precisions="")
    Inscription.objects.filter(membre__compte=personne.compte).update(retour="")
    Membre.objects.filter(compte=personne.compte).update(adresse_postale="")


def oublier_besoins() -> int:
    """Erase needs and their details, BESOINS_JOURS days after the séance. Return how many answers had some.

    Usual needs stay in the profile, which the person may change or empty.
    """
    avant = il_y_a_plus_de(settings.BESOINS_JOURS)
    return sum(
        modele._default_manager.filter(seance__fin__lt=avant)
        .exclude(besoins=[], precisions="")
        .update(besoins=[], precisions="")
        for modele in (Convie, Inscription)
    )
