"""Those who file a pétition with its author: invited, reminded, confirmed, gone."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import avancer, exiger
from participation.socle.adresses import canoniser
from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.liens import Lien
from participation.socle.models import Commune, Compte
from petitions.actions.changements import LIEN_COPETITIONNAIRE
from petitions.actions.invitations import Nature, a_refuse, noter, peut_ecrire
from petitions.models import CoPetitionnaire, Petition
from petitions.notifications import depot as notifications

LIEN_INVITATION = Lien("petitions.invitation")
# What one draft may hold: a guard against mail bombing, far above what a deposit needs.
INVITATIONS_PAR_REQUIS = 6
# Of these, what the shared link fills: who has it may type any address, and the author must be able to invite hers.
PAR_LE_LIEN = 3


@dataclass(frozen=True, slots=True)
class Invitation:
    courriel: str
    prenom: str = ""
    nom: str = ""


@dataclass(slots=True)
class BilanInvitations:
    """What became of the addresses given: written to, already in the list, refused by their owner, too many today."""

    invites: list[str] = field(default_factory=list)
    deja: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)
    demain: list[str] = field(default_factory=list)


@transaction.atomic
def inviter_copetitionnaires(
    petition: Petition, invitations: Iterable[Invitation], *, par: Compte
) -> BilanInvitations:
    """Write to each new address a link that opens the confirmation page. An address that refused is never written to again."""
    pas = exiger(petition, "inviter_copetitionnaires", par=par)
    bilan = BilanInvitations()
    connus = {c.courriel_canonique: c for c in petition.copetitionnaires.all()}
    maximum = INVITATIONS_PAR_REQUIS * petition.reglement.copetitionnaires_requis
    for invitation in invitations:
        canonique = canoniser(invitation.courriel)
        connu = connus.get(canonique)
        if connu is not None:
            (bilan.refuses if connu.retire_le is not None else bilan.deja).append(invitation.courriel)
            continue
        if len(connus) >= maximum:
            raise ErreurMetier(
                f"Une pétition compte {maximum} invitations au plus. Celles-ci n’ont pas été envoyées."
            )
        if a_refuse(petition, invitation.courriel):
            bilan.refuses.append(invitation.courriel)
            continue
        if not peut_ecrire(petition, invitation.courriel):
            bilan.demain.append(invitation.courriel)
            continue
        connus[canonique] = _inviter(petition, canonique, **asdict(invitation))
        bilan.invites.append(invitation.courriel)
    if bilan.invites:
        nombre = len(bilan.invites)
        pas.avancer(
            fait="Un co-pétitionnaire invité" if nombre == 1 else f"{nombre} co-pétitionnaires invités"
        )
    return bilan


@transaction.atomic
def relancer_copetitionnaires(petition: Petition, *, par: Compte) -> int:
    """Write again to those who have not answered for the règlement's delay; returns how many."""
    pas = exiger(petition, "relancer_copetitionnaires", par=par)
    relances = 0
    for copetitionnaire in copetitionnaires_a_relancer(petition):
        if _ecrire_invitation(copetitionnaire, relance=True):
            copetitionnaire.relance_le = timezone.now()
            copetitionnaire.save(update_fields=["relance_le"])
            relances += 1
    if not relances:
        raise ErreurMetier(
            f"Personne à relancer : laissez {petition.reglement.relance_jours} jours entre deux lettres. "
            "Le nombre de lettres par jour est limité aussi."
        )
    pas.avancer(fait=accorder(relances, "co-pétitionnaire relancé"))
    return relances


def copetitionnaires_a_relancer(petition: Petition) -> list[CoPetitionnaire]:
    sans_reponse = petition.copetitionnaires.filter(
        confirme_le__isnull=True, retire_le__isnull=True, feuille__isnull=True
    ).select_related("petition__reglement", "petition__auteur")
    maintenant, repos = timezone.now(), petition.reglement.relance_jours
    return [c for c in sans_reponse if jours_entre(c.relance_le or c.invite_le, maintenant) >= repos]


@transaction.atomic
def retirer_invitation(copetitionnaire: CoPetitionnaire, *, par: Compte) -> None:
    """The author takes back an invitation that nobody has answered. Its letters still count against the address."""
    avancer(copetitionnaire, "retirer_invitation", par=par)
    copetitionnaire.delete()


@transaction.atomic
def demander_a_rejoindre(
    petition: Petition,
    *,
    prenom: str,
    nom: str,
    courriel: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool = True,
    par: Compte | None = None,
) -> None:
    """Somebody followed the shared link. Whatever we know of the address, the caller learns nothing: only a letter tells."""
    exiger(petition, "demander_a_rejoindre", par=par)
    canonique = canoniser(courriel)
    connu = petition.copetitionnaires.filter(courriel_canonique=canonique).first()
    if connu is not None:
        if connu.est_confirme:
            if peut_ecrire(petition, courriel):
                noter(Nature.LETTRE, petition, courriel)
                notifications.deja_copetitionnaire(connu, jeton=LIEN_COPETITIONNAIRE.jeton(connu.pk))
        elif connu.retire_le is None:
            _ecrire_invitation(connu)
        return
    if a_refuse(petition, courriel) or not peut_ecrire(petition, courriel):
        return
    if petition.copetitionnaires.count() >= PAR_LE_LIEN * petition.reglement.copetitionnaires_requis:
        raise ErreurMetier("Cette pétition a déjà reçu assez de réponses. Écrivez à ses auteurs.")
    _inviter(petition, canonique, prenom=prenom, nom=nom, courriel=courriel, commune=commune, qualite=qualite)


def _inviter(petition: Petition, canonique: str, **reponses: Any) -> CoPetitionnaire:
    copetitionnaire = CoPetitionnaire(petition=petition, courriel_canonique=canonique, **reponses)
    copetitionnaire.full_clean(exclude=["courriel_canonique"])
    copetitionnaire.save()
    _ecrire_invitation(copetitionnaire)
    return copetitionnaire


@transaction.atomic
def confirmer_copetitionnaire(
    copetitionnaire: CoPetitionnaire,
    *,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool,
    par: Compte | None = None,
) -> bool:
    """The owner of the address files the pétition with its author. False if this was done already: nothing changes."""
    if copetitionnaire.est_confirme:
        return False  # even after the deposit
    pas = exiger(copetitionnaire, "confirmer_copetitionnaire", par=par)
    if copetitionnaire.est_confirme:
        return False
    petition = copetitionnaire.petition
    copetitionnaire.prenom, copetitionnaire.nom = prenom, nom
    copetitionnaire.commune, copetitionnaire.qualite = commune, qualite
    copetitionnaire.atteste_age, copetitionnaire.retire_le = atteste_age, None
    copetitionnaire.confirme_le = timezone.now()
    copetitionnaire.texte_confirme, copetitionnaire.prevenu_de = None, ""
    copetitionnaire.full_clean(exclude=["courriel_canonique"])
    copetitionnaire.save()
    nombre = petition.copetitionnaires.confirmes().count()
    pas.avancer(
        fait=f"Co-pétitionnaire confirmé ({nombre} sur {petition.reglement.copetitionnaires_requis})",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    if nombre == petition.reglement.copetitionnaires_requis:
        notifications.copetitionnaires_reunis(petition)
    return True


@transaction.atomic
def retirer_copetitionnaire(copetitionnaire: CoPetitionnaire) -> bool:
    """The owner of the address says no, or takes her name back. No letter reaches her for this pétition any more.

    After the deposit, it stands: what was required was there on that day. False if this was done already.
    """
    pas = exiger(copetitionnaire, "retirer_copetitionnaire", par=None)
    if copetitionnaire.retire_le is not None:
        return False
    etait_confirme = copetitionnaire.est_confirme
    copetitionnaire.retire_le = timezone.now()
    copetitionnaire.save(update_fields=["retire_le"])
    noter(Nature.REFUS, copetitionnaire.petition, copetitionnaire.courriel)
    pas.avancer(
        fait="Co-pétitionnaire retiré à sa demande" if etait_confirme else "Invitation refusée",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    return True


def _ecrire_invitation(copetitionnaire: CoPetitionnaire, *, relance: bool = False) -> bool:
    """Write the link, unless enough letters left already: to this address, from this author, today or for this pétition."""
    petition, courriel = copetitionnaire.petition, copetitionnaire.courriel
    if not peut_ecrire(petition, courriel):
        return False
    noter(Nature.LETTRE, petition, courriel)
    notifications.inviter_copetitionnaire(
        copetitionnaire, jeton=LIEN_COPETITIONNAIRE.jeton(copetitionnaire.pk), relance=relance
    )
    return True
