"""The network: a team enters it and leaves it, asks a neighbour to be in touch, and writes to it once both agree.

No address is given to anybody, and no word of one team reaches another before both have agreed. Acts wait for each other under
one lock: two teams that ask each other at the same moment make one contact.
"""

from collections.abc import Iterable
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.lectures.reseau import adhesions, voisinage_de
from contrat_ville.models import AdhesionReseau, Equipier, MessageReseau, Projet, Voisin
from contrat_ville.notifications import reseau as notifications
from participation.seances.actions.participants import inviter
from participation.seances.models import Seance
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.verrous import verrou

ENVOIS = ("proposer_contact", "ecrire_voisin")


@transaction.atomic
def rejoindre_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> AdhesionReseau:
    """The team agrees that its projet is shown to its neighbours of the network, and that they ask to be in touch."""
    pas = exiger(projet, "rejoindre_reseau", par=par)
    adhesion = AdhesionReseau(
        projet=projet,
        publics=list(publics),
        methodes=list(methodes),
        mot=mot,
        par=par,
        depuis_le=timezone.now(),
    )
    adhesion.full_clean()
    adhesion.save()
    pas.avancer()
    return adhesion


@transaction.atomic
def decrire_au_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> None:
    pas = exiger(projet, "decrire_au_reseau", par=par)
    adhesion = AdhesionReseau.objects.get(projet=projet.pk)
    adhesion.publics, adhesion.methodes, adhesion.mot = list(publics), list(methodes), mot
    adhesion.full_clean()
    adhesion.save()
    pas.avancer()


@transaction.atomic
def quitter_reseau(projet: Projet, *, par: Compte) -> None:
    """The agreement is taken back: nobody is suggested its projet, nobody writes to it any more. Who was in touch is told."""
    verrou("reseau")
    pas = exiger(projet, "quitter_reseau", par=par)
    for voisin in projet.voisins.ouverts().select_related("projet", "autre"):
        if voisin.etat == Voisin.Etat.LIE:
            notifications.rompre_contact(voisin)
        _passer(voisin, Voisin.Etat.ROMPU, Voisin.Etat.ROMPU)
    AdhesionReseau.objects.filter(projet=projet.pk).delete()
    projet.refresh_from_db()  # what was read of its adhesion is forgotten
    pas.avancer()


@transaction.atomic
def proposer_contact(projet: Projet, *, par: Compte, autre: Projet) -> Voisin:
    """Ask a neighbour to be in touch: it reads which projet asks and why, and no word of the team's.

    Raises ErreurMetier when it is no neighbour that may be asked, or when too much was sent today.
    """
    verrou("reseau")
    pas = exiger(projet, "proposer_contact", par=par)
    _exiger_la_mesure(projet)
    voisinage = voisinage_de(projet, autre)
    if voisinage is None:
        raise ErreurMetier(
            "Ce projet n’est plus proposé : son équipe a quitté le réseau, ou vous êtes déjà en contact."
        )
    valeurs = {"raisons": voisinage.phrase[:400], "depuis_le": timezone.now()}
    voisin = Voisin(projet=projet, autre=autre, etat=Voisin.Etat.PROPOSE, **valeurs)
    recu = Voisin(projet=autre, autre=projet, etat=Voisin.Etat.RECU, **valeurs)
    for ligne in (voisin, recu):
        ligne.full_clean()
        ligne.save()
    pas.avancer(fait=f"Contact proposé à {autre.reference}", details={"autre": autre.pk})
    notifications.proposer_contact(recu)
    return voisin


@transaction.atomic
def accepter_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """From now on the two teams write to each other."""
    verrou("reseau")
    pas = exiger(voisin, "accepter_contact", par=par)
    _passer(voisin, Voisin.Etat.LIE, Voisin.Etat.LIE)
    pas.avancer(fait=f"Contact accepté avec {voisin.autre.reference}", details={"autre": voisin.autre_id})
    notifications.accepter_contact(voisin)
    return voisin


@transaction.atomic
def decliner_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Neither is suggested to the other again."""
    verrou("reseau")
    pas = exiger(voisin, "decliner_contact", par=par)
    _passer(voisin, Voisin.Etat.DECLINE, Voisin.Etat.DECLINE)
    pas.avancer(details={"autre": voisin.autre_id})
    notifications.decliner_contact(voisin)
    return voisin


@transaction.atomic
def ecrire_voisin(voisin: Voisin, *, par: Compte, texte: str) -> MessageReseau:
    """Raises ErreurMetier when too much was sent today. The words are kept with the contact, not in the journal."""
    verrou("reseau")
    pas = exiger(voisin, "ecrire_voisin", par=par)
    _exiger_la_mesure(voisin.projet)
    message = MessageReseau(voisin=voisin, par=par, texte=texte, ecrit_le=timezone.now())
    message.full_clean()
    message.save()
    pas.avancer(fait=f"Message écrit à {voisin.autre.reference}", details={"autre": voisin.autre_id})
    notifications.ecrire_voisin(message)
    return message


@transaction.atomic
def rompre_contact(voisin: Voisin, *, par: Compte) -> None:
    """Neither writes to the other any more, and neither is suggested to the other again."""
    verrou("reseau")
    pas = exiger(voisin, "rompre_contact", par=par)
    etait_lie = voisin.etat == Voisin.Etat.LIE
    _passer(voisin, Voisin.Etat.ROMPU, Voisin.Etat.ROMPU)
    pas.avancer(details={"autre": voisin.autre_id})
    if etait_lie:
        notifications.rompre_contact(voisin)


def _passer(voisin: Voisin, etat: str, en_face: str) -> None:
    """Both rows of a contact at once."""
    voisin.en_face()  # never one without the other
    Voisin.objects.filter(projet=voisin.projet_id, autre=voisin.autre_id).update(etat=etat)
    Voisin.objects.filter(projet=voisin.autre_id, autre=voisin.projet_id).update(etat=en_face)
    voisin.etat = etat


def _exiger_la_mesure(projet: Projet) -> None:
    """The journal counts, and nobody changes it; the projet is locked by the caller."""
    debut = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    au_plus = projet.programmation.envois_reseau_par_jour
    if projet.journal.filter(acte__in=ENVOIS, le__gte=debut).count() >= au_plus:
        raise ErreurMetier(
            f"Votre équipe a déjà fait {accorder(au_plus, 'envoi')} aujourd’hui. Continuez demain."
        )


@transaction.atomic
def inviter_le_reseau(seance: Seance, *, par: Compte) -> int:
    """Invite to this meeting one signataire of each projet of the network: how many were not invited before.

    They are written to with the convocation, and their calendars too.
    """
    deja = set(seance.invites.filter(retire_le=None).values_list("courriel", flat=True))
    invites = 0
    for adhesion in adhesions():
        equipier = (
            adhesion.projet.equipe.filter(role=Equipier.Role.SIGNATAIRE, compte__is_active=True)
            .select_related("compte")
            .first()
        )
        if equipier is None or equipier.compte.courriel in deja:
            continue
        deja.add(equipier.compte.courriel)
        porteur = str(adhesion.projet.porte_par or adhesion.projet.titre)
        inviter(
            seance,
            par=par,
            nom=(equipier.compte.get_full_name() or porteur)[:160],
            qualite=porteur[:160],
            courriel=equipier.compte.courriel,
        )
        invites += 1
    if not invites:
        raise ValidationError("Chaque équipe du réseau est déjà invitée à cette séance.")
    return invites
