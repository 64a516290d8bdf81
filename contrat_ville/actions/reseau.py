"""Acts in the network: a team joins or leaves it, proposes a contact, writes once both teams agree.

No address is given, and no message passes before both teams agree. One lock serialises the acts: two teams
that propose at the same time make one contact.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contrat_ville.lectures.reseau import adhesions, voisinage_de
from contrat_ville.models import AdhesionReseau, Equipier, MessageReseau, Projet, Voisin
from contrat_ville.notifications import reseau as notifications
from participation.seances.actions.participants import inviter
from participation.seances.models import Seance
from participation.socle.actions import exiger
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.verrous import verrou

ENVOIS = ("proposer_contact", "reprendre_contact", "ecrire_voisin")


@transaction.atomic
def rejoindre_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> AdhesionReseau:
    """Join: the team agrees to be shown to the other teams of the network, and contacted by them."""
    pas = exiger(projet, "rejoindre_reseau", par=par)
    adhesion = AdhesionReseau(projet=projet, par=par, depuis_le=timezone.now())
    _decrire(adhesion, publics, methodes, mot)
    pas.avancer()
    return adhesion


@transaction.atomic
def decrire_au_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> None:
    pas = exiger(projet, "decrire_au_reseau", par=par)
    adhesion = AdhesionReseau.objects.get(projet=projet.pk)
    adhesion.decrite_le = timezone.now()
    _decrire(adhesion, publics, methodes, mot)
    pas.avancer()


def _decrire(adhesion: AdhesionReseau, publics: Iterable[str], methodes: Iterable[str], mot: str) -> None:
    adhesion.publics, adhesion.methodes, adhesion.mot = list(publics), list(methodes), mot
    adhesion.full_clean()
    adhesion.save()


@transaction.atomic
def quitter_reseau(projet: Projet, *, par: Compte) -> None:
    """Leave: the projet is no longer suggested nor contacted. The teams in contact are told."""
    verrou("reseau")
    pas = exiger(projet, "quitter_reseau", par=par)
    for voisin in projet.voisins.ouverts().select_related("projet", "autre"):
        if voisin.etat == Voisin.Etat.LIE:
            notifications.rompre_contact(voisin)
        _finir(voisin, Voisin.Etat.ROMPU)
    AdhesionReseau.objects.filter(projet=projet.pk).delete()
    projet.refresh_from_db()  # drops the cached adhesion
    pas.avancer()


@transaction.atomic
def proposer_contact(projet: Projet, *, par: Compte, autre: Projet) -> Voisin:
    """Propose a contact. The other team sees which projet asks and why, but no message.

    Raises ErreurMetier when the other projet cannot be asked, or above the daily limit.
    """
    verrou("reseau")
    pas = exiger(projet, "proposer_contact", par=par)
    _exiger_la_mesure(projet)
    voisinage = voisinage_de(projet, autre)
    if voisinage is None:
        raise ErreurMetier(
            "Ce projet n’est plus proposé : son équipe a quitté le réseau, ou vous êtes déjà en contact."
        )
    pas.avancer(fait=f"Contact proposé à {autre.reference}", details={"autre": autre.pk})
    return _proposer(projet, autre, raisons=voisinage.phrase[:400])


def _proposer(projet: Projet, autre: Projet, **champs: str) -> Voisin:
    """Create or update both rows, and tell the other team."""
    neuf = {**champs, "depuis_le": timezone.now(), "fini_le": None, "a_fini": False}
    propose, recu = (
        Voisin.objects.update_or_create(projet=de, autre=a, defaults={**neuf, "etat": etat})[0]
        for de, a, etat in ((projet, autre, Voisin.Etat.PROPOSE), (autre, projet, Voisin.Etat.RECU))
    )
    notifications.proposer_contact(recu)
    return propose


@transaction.atomic
def reprendre_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Propose again, by the team that ended or declined the contact.

    Raises ErreurMetier above the daily limit.
    """
    verrou("reseau")
    pas = exiger(voisin, "reprendre_contact", par=par)
    _exiger_la_mesure(voisin.projet)
    pas.avancer(
        fait=f"Contact proposé de nouveau à {voisin.autre.reference}", details={"autre": voisin.autre_id}
    )
    return _proposer(voisin.projet, voisin.autre)


def accepter_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Accept: the two teams can write to each other."""
    return _repondre(
        voisin,
        "accepter_contact",
        Voisin.Etat.LIE,
        notifications.accepter_contact,
        par=par,
        fait=f"Contact accepté avec {voisin.autre.reference}",
    )


def decliner_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Decline: no suggestion between these projets until this team changes its description, or asks."""
    return _repondre(voisin, "decliner_contact", Voisin.Etat.DECLINE, notifications.decliner_contact, par=par)


def rompre_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """End the contact: no more messages. Suggested again as after `decliner_contact`."""
    return _repondre(voisin, "rompre_contact", Voisin.Etat.ROMPU, notifications.rompre_contact, par=par)


@transaction.atomic
def _repondre(
    voisin: Voisin, acte: str, etat: str, prevenir: Callable[[Voisin], None], *, par: Compte, fait: str = ""
) -> Voisin:
    """Update both rows, write in the journal, and tell the other team if it knew of the contact."""
    verrou("reseau")
    pas = exiger(voisin, acte, par=par)
    est_a_dire = acte != "rompre_contact" or voisin.etat == Voisin.Etat.LIE
    if etat == Voisin.Etat.LIE:
        _passer(voisin, etat)
    else:
        _finir(voisin, etat)
    pas.avancer(fait=fait, details={"autre": voisin.autre_id})
    if est_a_dire:
        prevenir(voisin)
    return voisin


@transaction.atomic
def terminer_contact(voisin: Voisin, *, par: Compte, motif: str) -> None:
    """End a contact by decision of the service. The reason is given to both teams and in both journals.

    Neither team is suggested to the other before the other changes its description.
    """
    verrou("reseau")
    verrouiller_ensemble(Projet, (voisin.projet_id, voisin.autre_id))
    for ligne in (voisin, voisin.en_face()):
        exiger(ligne, "terminer_contact", par=par).avancer(motif=motif, details={"autre": ligne.autre_id})
    _finir(voisin, Voisin.Etat.ROMPU, par_elle=False)
    notifications.terminer_contact(voisin, motif=motif)


@transaction.atomic
def ecrire_voisin(voisin: Voisin, *, par: Compte, texte: str) -> MessageReseau:
    """Send a message. Raises ErreurMetier above the daily limit.

    The text is stored with the contact, not in the journal.
    """
    verrou("reseau")
    pas = exiger(voisin, "ecrire_voisin", par=par)
    _exiger_la_mesure(voisin.projet)
    message = MessageReseau(voisin=voisin, par=par, texte=texte, ecrit_le=timezone.now())
    message.full_clean()
    message.save()
    pas.avancer(fait=f"Message écrit à {voisin.autre.reference}", details={"autre": voisin.autre_id})
    notifications.ecrire_voisin(message)
    return message


def _finir(voisin: Voisin, etat: str, *, par_elle: bool = True) -> None:
    _passer(voisin, etat, fini_le=timezone.now())
    Voisin.objects.filter(pk=voisin.pk).update(a_fini=par_elle)


def _passer(voisin: Voisin, etat: str, **champs: datetime) -> None:
    """Update both rows of a contact."""
    voisin.en_face()  # raises if the other row is missing
    deux = Q(projet=voisin.projet_id, autre=voisin.autre_id) | Q(
        projet=voisin.autre_id, autre=voisin.projet_id
    )
    Voisin.objects.filter(deux).update(etat=etat, **champs)
    voisin.etat = etat


def _exiger_la_mesure(projet: Projet) -> None:
    """Check the daily limit, counted in the journal. The caller holds the lock of the projet."""
    debut = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    au_plus = projet.programmation.envois_reseau_par_jour
    if projet.journal.filter(acte__in=ENVOIS, le__gte=debut).count() >= au_plus:
        raise ErreurMetier(
            f"Votre équipe a déjà fait {accorder(au_plus, 'envoi')} aujourd’hui. Continuez demain."
        )


@transaction.atomic
def inviter_le_reseau(seance: Seance, *, par: Compte) -> int:
    """Invite one signataire of each projet of the network. Return the number of new guests.

    They are written to with the convocation, with a calendar event.
    """
    deja = set(seance.invites.filter(retire_le=None).values_list("courriel", flat=True))
    invites = 0
    for adhesion in adhesions():
        equipier = (
            adhesion.projet.equipe.presents()
            .filter(role=Equipier.Role.SIGNATAIRE, compte__is_active=True)
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
