"""Co-pétitionnaires of a pétition: invite, remind, confirm, withdraw."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle import porte
from participation.socle.actions import avancer, exiger
from participation.socle.adresses import canoniser
from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Commune, Compte
from petitions.models import CoPetitionnaire, Petition
from petitions.notifications import depot as notifications

# Invitations of a draft for each co-pétitionnaire required: a limit against mail bombing, far above what a
# deposit needs.
INVITATIONS_PAR_REQUIS = 6
# Part of them for the shared link: whoever has it may type any address, and the author must still be able
# to invite.
PAR_LE_LIEN = 3


@dataclass(frozen=True, slots=True)
class Invitation:
    courriel: str
    prenom: str = ""
    nom: str = ""


@dataclass(slots=True)
class BilanInvitations:
    """Result for the addresses given: invited, already in the list, refused by their owner, over the limit of
    today."""

    invites: list[str] = field(default_factory=list)
    deja: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)
    demain: list[str] = field(default_factory=list)


@transaction.atomic
def inviter_copetitionnaires(
    petition: Petition, invitations: Iterable[Invitation], *, par: Compte
) -> BilanInvitations:
    """Write to each new address a signed link to the confirmation page.

    Addresses whose owner refused, or over the limit of the day, are left out and returned apart. Raises
    ErreurMetier above the maximum of invitations of a draft.
    """
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
        reponse = _reponse_de_la_porte(petition, invitation.courriel)
        if not reponse:
            refuse = reponse is porte.Reponse.REFUSEE
            (bilan.refuses if refuse else bilan.demain).append(invitation.courriel)
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
    """Write again to those who have not answered within the delay of the règlement. Returns how many.

    Raises ErreurMetier when there is nobody to write to.
    """
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
    """Delete an invitation without answer.

    The letters already sent still count in the limits of the address.
    """
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
    """Request to become a co-pétitionnaire, from the shared link.

    The caller never learns what is known about the address: the answer is the same, and only a letter says
    more. Raises ErreurMetier above the maximum of invitations.
    """
    exiger(petition, "demander_a_rejoindre", par=par)
    canonique = canoniser(courriel)
    connu = petition.copetitionnaires.filter(courriel_canonique=canonique).first()
    if connu is not None:
        if connu.est_confirme:
            notifications.deja_copetitionnaire(connu, jeton=connu.jeton())
        elif connu.retire_le is None:
            _ecrire_invitation(connu)
        return
    if not _reponse_de_la_porte(petition, courriel):
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
    """Confirm a co-pétitionnaire from the signed link of their letter. Returns False if already done."""
    if copetitionnaire.est_confirme:
        return False  # without error even after the deposit
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
    """Record that the owner of the address refuses, or withdraws their name. Returns False if already done.

    No other letter about this pétition is sent to the address. A deposit already made stays valid: the
    required number was reached on that day.
    """
    pas = exiger(copetitionnaire, "retirer_copetitionnaire", par=None)
    if copetitionnaire.retire_le is not None:
        return False
    etait_confirme = copetitionnaire.est_confirme
    copetitionnaire.retire_le = timezone.now()
    copetitionnaire.save(update_fields=["retire_le"])
    petition = copetitionnaire.petition
    porte.noter_refus(copetitionnaire.courriel, sujet=petition, par=petition.auteur)
    pas.avancer(
        fait="Co-pétitionnaire retiré à sa demande" if etait_confirme else "Invitation refusée",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    return True


def _reponse_de_la_porte(petition: Petition, courriel: str) -> porte.Reponse:
    return porte.laisse_passer(
        courriel, sujet=petition, par=petition.auteur, au_plus=petition.reglement.courriels_max
    )


def _ecrire_invitation(copetitionnaire: CoPetitionnaire, *, relance: bool = False) -> bool:
    """Write the letter with the signed link, unless the gate is closed. Return whether it was written."""
    jeton = copetitionnaire.jeton()
    return bool(notifications.inviter_copetitionnaire(copetitionnaire, jeton=jeton, relance=relance))
