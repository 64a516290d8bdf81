"""From the first line written to the deposit: the draft, those who file it together, the deposit, the withdrawal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import (
    annuler_demande,
    annuler_echeance,
    avancer,
    consigner,
    donner_reference,
    exiger,
    fixer_echeance,
    reprendre_horloge,
)
from participation.socle.actions.avancer import verrouiller
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Commune, Compte
from petitions.adresses import canoniser
from petitions.models import CoPetitionnaire, Petition, ReglementPetition
from petitions.notifications import depot as notifications
from petitions.workflow import Etat

SEL_COPETITIONNAIRE = "petitions.copetitionnaire"
SEL_INVITATION = "petitions.invitation"
# What one draft may hold: a guard against mail bombing, far above what a deposit needs.
INVITATIONS_PAR_REQUIS = 6
BROUILLONS_MAX = 5
JOURS_D_ESCALADE = 1


@dataclass(frozen=True, slots=True)
class Invitation:
    courriel: str
    prenom: str = ""
    nom: str = ""


@dataclass(slots=True)
class BilanInvitations:
    """What became of the addresses given: written to, already in the list, refused by their owner."""

    invites: list[str] = field(default_factory=list)
    deja: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)


# The draft


def reglement_en_vigueur() -> ReglementPetition:
    reglement = ReglementPetition.objects.en_vigueur()
    if reglement is None:
        raise ErreurMetier("Aucun règlement des pétitions n’est en vigueur aujourd’hui : le dépôt est fermé.")
    return reglement


def commencer(*, par: Compte, titre: str, **textes: Any) -> Petition:
    """Open a draft. Its journal begins with the first act that somebody else sees: an invitation, the deposit."""
    if Petition.objects.filter(auteur=par, etat=Etat.BROUILLON).count() >= BROUILLONS_MAX:
        raise ErreurMetier(
            f"Vous avez déjà {BROUILLONS_MAX} brouillons : terminez-en un, ou supprimez-en un depuis « Mes pétitions »."
        )
    petition = Petition(auteur=par, reglement=reglement_en_vigueur(), titre=titre, **textes)
    petition.full_clean()
    petition.save()
    return petition


@transaction.atomic
def enregistrer_brouillon(
    petition: Petition, *, par: Compte, communes: Iterable[Commune] | None = None, **champs: Any
) -> None:
    """Keep what the author has written so far, complete or not. `communes`: those that the demand is about."""
    _verrouiller_brouillon(petition, par)
    if communes is not None:
        petition.communes.set(communes)
    for champ, valeur in champs.items():
        setattr(petition, champ, valeur)
    petition.full_clean()
    petition.save()


@transaction.atomic
def se_presenter(
    petition: Petition,
    *,
    par: Compte,
    prenom: str,
    nom: str,
    nom_auteur: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool,
) -> None:
    """The author says who files: she is the first co-pétitionnaire, confirmed since her address is proved."""
    _verrouiller_brouillon(petition, par)
    petition.nom_auteur, petition.commune_auteur = nom_auteur, commune
    petition.full_clean()
    petition.save()
    if not par.get_full_name():
        par.prenom, par.nom = prenom, nom
        par.save(update_fields=["prenom", "nom"])
    moi = petition.copetitionnaires.filter(courriel_canonique=canoniser(par.courriel)).first()
    moi = moi or CoPetitionnaire(petition=petition, courriel_canonique=canoniser(par.courriel))
    moi.courriel = par.courriel
    moi.prenom, moi.nom, moi.commune, moi.qualite = prenom, nom, commune, qualite
    moi.atteste_age, moi.retire_le = atteste_age, None
    moi.confirme_le = moi.confirme_le or timezone.now()
    moi.full_clean(exclude=["courriel_canonique"])
    moi.save()


# Those who file it together


def jeton_copetitionnaire(copetitionnaire: CoPetitionnaire) -> str:
    return signing.dumps(copetitionnaire.pk, salt=SEL_COPETITIONNAIRE)


def relire_jeton_copetitionnaire(jeton: str) -> int:
    """The number of the co-pétitionnaire that a letter's link speaks of; raises signing.BadSignature."""
    return int(signing.loads(jeton, salt=SEL_COPETITIONNAIRE))


def jeton_invitation(petition: Petition) -> str:
    return signing.dumps(petition.pk, salt=SEL_INVITATION)


def relire_jeton_invitation(jeton: str) -> int:
    """The number of the pétition that a shared link invites to; raises signing.BadSignature."""
    return int(signing.loads(jeton, salt=SEL_INVITATION))


@transaction.atomic
def inviter_copetitionnaires(
    petition: Petition, invitations: Iterable[Invitation], *, par: Compte
) -> BilanInvitations:
    """Write to each new address a link that opens the confirmation page. An address that refused is never written to again."""
    _verrouiller_brouillon(petition, par)
    bilan = BilanInvitations()
    connus = {c.courriel_canonique: c for c in petition.copetitionnaires.all()}
    maximum = INVITATIONS_PAR_REQUIS * petition.reglement.copetitionnaires_requis
    for invitation in invitations:
        canonique = canoniser(invitation.courriel)
        connu = connus.get(canonique)
        if connu is not None:
            (bilan.refuses if _a_refuse(connu) else bilan.deja).append(invitation.courriel)
            continue
        if len(connus) >= maximum:
            raise ErreurMetier(
                f"Une pétition compte {maximum} invitations au plus. Celles-ci n’ont pas été envoyées."
            )
        copetitionnaire = CoPetitionnaire(
            petition=petition,
            prenom=invitation.prenom,
            nom=invitation.nom,
            courriel=invitation.courriel,
            courriel_canonique=canonique,
        )
        copetitionnaire.full_clean(exclude=["courriel_canonique"])
        copetitionnaire.save()
        connus[canonique] = copetitionnaire
        _ecrire_invitation(copetitionnaire)
        bilan.invites.append(invitation.courriel)
    if bilan.invites:
        nombre = len(bilan.invites)
        consigner(
            petition,
            "inviter_copetitionnaires",
            par=par,
            fait="Un co-pétitionnaire invité" if nombre == 1 else f"{nombre} co-pétitionnaires invités",
        )
    return bilan


@transaction.atomic
def relancer_copetitionnaires(petition: Petition, *, par: Compte) -> int:
    """Write again to those who have not answered for the règlement's delay; returns how many."""
    _verrouiller_brouillon(petition, par)
    relances = 0
    for copetitionnaire in copetitionnaires_a_relancer(petition):
        if _ecrire_invitation(copetitionnaire, relance=True):
            copetitionnaire.relance_le = timezone.now()
            copetitionnaire.save(update_fields=["relance_le"])
            relances += 1
    if not relances:
        raise ErreurMetier(
            f"Personne à relancer : laissez {petition.reglement.relance_jours} jours entre deux lettres."
        )
    consigner(
        petition,
        "relancer_copetitionnaires",
        par=par,
        fait=f"{relances} co-pétitionnaire{'s' if relances > 1 else ''} relancé{'s' if relances > 1 else ''}",
    )
    return relances


def copetitionnaires_a_relancer(petition: Petition) -> list[CoPetitionnaire]:
    limite = timezone.now() - timedelta(days=petition.reglement.relance_jours)
    sans_reponse = petition.copetitionnaires.filter(
        confirme_le__isnull=True, retire_le__isnull=True, invite_le__lte=limite
    ).select_related("petition__reglement", "petition__auteur")
    return [c for c in sans_reponse if c.relance_le is None or c.relance_le <= limite]


@transaction.atomic
def retirer_invitation(petition: Petition, numero: int, *, par: Compte) -> None:
    """The author takes back an invitation that nobody has answered. Its letters still count against the address."""
    _verrouiller_brouillon(petition, par)
    effaces, _ = petition.copetitionnaires.filter(
        pk=numero, confirme_le__isnull=True, retire_le__isnull=True
    ).delete()
    if not effaces:
        raise ActeInterdit("Cette personne a déjà répondu : son nom reste dans la liste.")


@transaction.atomic
def demander_a_rejoindre(
    petition: Petition, *, prenom: str, nom: str, courriel: str, commune: Commune, qualite: str
) -> None:
    """Somebody followed the shared link. Whatever we know of the address, the caller learns nothing: only a letter tells."""
    verrouiller(petition)
    if petition.etat != Etat.BROUILLON:
        raise ActeInterdit("Cette pétition est déjà déposée : elle ne cherche plus de co-pétitionnaires.")
    canonique = canoniser(courriel)
    connu = petition.copetitionnaires.filter(courriel_canonique=canonique).first()
    if connu is not None:
        if connu.confirme_le is not None and connu.retire_le is None:
            if _lettres_ecrites(connu) < petition.reglement.courriels_max:
                notifications.deja_copetitionnaire(connu, jeton=jeton_copetitionnaire(connu))
        elif not _a_refuse(connu):
            _ecrire_invitation(connu)
        return
    maximum = INVITATIONS_PAR_REQUIS * petition.reglement.copetitionnaires_requis
    if petition.copetitionnaires.count() >= maximum:
        raise ErreurMetier("Cette pétition a déjà reçu assez de réponses. Écrivez à ses auteurs.")
    connu = CoPetitionnaire(
        petition=petition,
        prenom=prenom,
        nom=nom,
        courriel=courriel,
        courriel_canonique=canonique,
        commune=commune,
        qualite=qualite,
    )
    connu.full_clean(exclude=["courriel_canonique"])
    connu.save()
    _ecrire_invitation(connu)


@transaction.atomic
def confirmer_copetitionnaire(
    copetitionnaire: CoPetitionnaire,
    *,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool,
) -> bool:
    """The owner of the address files the pétition with its author. False if this was done already: nothing changes."""
    petition = _verrouiller_copetitionnaire(copetitionnaire)
    if copetitionnaire.confirme_le is not None and copetitionnaire.retire_le is None:
        return False
    if petition.etat != Etat.BROUILLON:
        raise ActeInterdit(
            "La pétition est déjà déposée : vous pourrez la signer à l’ouverture de la collecte."
        )
    copetitionnaire.prenom, copetitionnaire.nom = prenom, nom
    copetitionnaire.commune, copetitionnaire.qualite = commune, qualite
    copetitionnaire.atteste_age, copetitionnaire.retire_le = atteste_age, None
    copetitionnaire.confirme_le = timezone.now()
    copetitionnaire.full_clean(exclude=["courriel_canonique"])
    copetitionnaire.save()
    nombre = petition.copetitionnaires.confirmes().count()
    consigner(
        petition,
        "confirmer_copetitionnaire",
        par=None,
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
    petition = _verrouiller_copetitionnaire(copetitionnaire)
    if copetitionnaire.retire_le is not None:
        return False
    if petition.auteur is not None and copetitionnaire.courriel_canonique == canoniser(
        petition.auteur.courriel
    ):
        raise ErreurMetier(
            "Vous êtes l’auteur de cette pétition : pour y renoncer, retirez-la depuis votre espace."
        )
    etait_confirme = copetitionnaire.confirme_le is not None
    copetitionnaire.retire_le = timezone.now()
    copetitionnaire.save(update_fields=["retire_le"])
    consigner(
        petition,
        "retirer_copetitionnaire",
        par=None,
        fait="Co-pétitionnaire retiré à sa demande" if etait_confirme else "Invitation refusée",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    return True


# The deposit and the withdrawal


def manques(petition: Petition) -> list[tuple[str, str]]:
    """(step, sentence) for each thing that the deposit still lacks."""
    reglement = ReglementPetition.objects.en_vigueur() or petition.reglement
    absents = [
        (etape, phrase)
        for etape, present, phrase in (
            ("demande", petition.titre, "Donnez un titre à la pétition."),
            ("demande", petition.demande, "Dites ce que vous demandez."),
            ("demande", petition.raisons, "Dites pourquoi."),
            ("competence", petition.competence, "Dites qui peut agir."),
            ("vous", petition.nom_auteur and petition.commune_auteur_id, "Dites qui vous êtes."),
        )
        if not present
    ]
    confirmes = petition.copetitionnaires.confirmes().count()
    if petition.auteur is not None and not absents:
        moi = petition.copetitionnaires.confirmes().filter(
            courriel_canonique=canoniser(petition.auteur.courriel)
        )
        if not moi.exists():
            absents.append(("vous", "Dites qui vous êtes : vous êtes le premier co-pétitionnaire."))
    reste = reglement.copetitionnaires_requis - confirmes
    if reste > 0:
        s = "s" if reste > 1 else ""
        absents.append(
            (
                "copetitionnaires",
                f"Il manque {reste} co-pétitionnaire{s} confirmé{s} sur {reglement.copetitionnaires_requis}.",
            )
        )
    return absents


@transaction.atomic
def deposer(petition: Petition, *, par: Compte) -> None:
    """File the pétition under the règlement of the day: reference, legal échéance, accusé de réception (CRPA L112-3).

    The count of co-pétitionnaires is read under the pétition's lock, which a withdrawal takes too.
    """
    exiger(petition, "deposer", par=par)
    reglement = reglement_en_vigueur()
    absents = manques(petition)
    if absents:
        raise ValidationError([phrase for _, phrase in absents])
    maintenant = timezone.now()
    avancer(
        petition,
        "deposer",
        par=par,
        details={
            "reglement": reglement.version,
            "copetitionnaires": petition.copetitionnaires.confirmes().count(),
        },
        reglement=reglement,
        reference=donner_reference(petition),
        deposee_le=maintenant,
        ouvert_le=maintenant,
    )
    fixer_echeance(
        petition,
        "recevabilite",
        libelle="Répondre sur la recevabilité",
        date_limite=ajouter_mois(timezone.localdate(), reglement.delai_recevabilite_mois),
        est_legale=True,
        rappels=reglement.rappels_recevabilite,
        escalade=JOURS_D_ESCALADE,
    )
    notifications.deposer(petition)


@transaction.atomic
def retirer(petition: Petition, *, par: Compte, motif: str = "") -> None:
    """The author gives the pétition up. A draft loses all it holds; a pétition already filed keeps its text and its file."""
    avant = exiger(petition, "retirer", par=par)
    if avant == Etat.BROUILLON:
        _abandonner_brouillon(petition, par=par)
        return
    clore_attentes(petition, par=par, motif="La pétition est retirée par ses auteurs.")
    avancer(
        petition,
        "retirer",
        par=par,
        motif=motif,
        etat_suspendu="",
        clos_le=timezone.now(),
        conservation_jusqu_au=ajouter_mois(
            timezone.localdate(), petition.reglement.conservation_sans_seuil_mois
        ),
    )
    notifications.retirer(petition)


def clore_attentes(petition: Petition, *, par: Compte, motif: str) -> None:
    """The pétition stops waiting: open demandes cancelled and told, clocks released, échéances cancelled."""
    for demande in petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True):
        annuler_demande(demande, par=par, motif=motif)
    for suspension in petition.suspensions.filter(fin__isnull=True):
        reprendre_horloge(suspension)
    annuler_echeance(petition)


def _abandonner_brouillon(petition: Petition, *, par: Compte) -> None:
    """Nothing personal stays: words, names and files go, the number of the row alone remains."""
    prevenus = [
        c.courriel
        for c in petition.copetitionnaires.confirmes()
        if c.courriel_canonique != canoniser(par.courriel)
    ]
    titre = petition.titre
    petition.copetitionnaires.all().delete()
    for piece in petition.pieces.all():
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name))
        piece.delete()
    avancer(
        petition,
        "retirer",
        par=par,
        titre="Brouillon abandonné",
        demande="",
        raisons="",
        competence="",
        nom_auteur="",
        commune_auteur=None,
        clos_le=timezone.now(),
    )
    notifications.abandonner_brouillon(petition, titre=titre, adresses=prevenus)


# Helpers


def _verrouiller_brouillon(petition: Petition, par: Compte) -> None:
    verrouiller(petition)
    if petition.auteur_id != par.pk:
        raise RoleInsuffisant("Seul l’auteur d’un brouillon le modifie.")
    if petition.etat != Etat.BROUILLON:
        raise ActeInterdit("La pétition est déjà déposée : son texte ne change plus ici.")


def _verrouiller_copetitionnaire(copetitionnaire: CoPetitionnaire) -> Petition:
    """The pétition first, always: the deposit counts under this same lock."""
    petition = Petition.objects.get(pk=copetitionnaire.petition_id)
    verrouiller(petition)
    copetitionnaire.refresh_from_db()
    copetitionnaire.petition = petition
    return petition


def _a_refuse(copetitionnaire: CoPetitionnaire) -> bool:
    return copetitionnaire.retire_le is not None


def _lettres_ecrites(copetitionnaire: CoPetitionnaire) -> int:
    return copetitionnaire.petition.courriels.filter(destinataires=[copetitionnaire.courriel]).count()


def _ecrire_invitation(copetitionnaire: CoPetitionnaire, *, relance: bool = False) -> bool:
    """Write the link, unless this address already had from this pétition all the letters that the règlement allows."""
    if _lettres_ecrites(copetitionnaire) >= copetitionnaire.petition.reglement.courriels_max:
        return False
    notifications.inviter_copetitionnaire(
        copetitionnaire, jeton=jeton_copetitionnaire(copetitionnaire), relance=relance
    )
    return True
