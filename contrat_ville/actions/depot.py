"""Acts of the team before and at the deposit: draft, budget, porteur, team, papers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from stdnum.fr.siret import compact

from contrat_ville.actions.instruction import repartir
from contrat_ville.lectures.completude import version_du_budget
from contrat_ville.models import (
    Equipier,
    Financement,
    LigneBudget,
    Partenaire,
    PieceProjet,
    Porteur,
    Programmation,
    Projet,
    ReglementDepot,
    TypePiece,
)
from contrat_ville.notifications import depot as notifications
from contrat_ville.workflow.etats import Etat, Sens
from participation.socle.actions import annuler_echeance, donner_reference, exiger, fixer_echeance
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.actions.pieces import joindre, retirer_piece
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Commune, Compte, Piece, Quartier
from participation.socle.porte import Reponse, noter_refus
from participation.socle.versions import exiger_version

EQUIPIERS_MAX = 20
RECEVABILITE = "recevabilite"
DOUBLE_CLIC = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of a budget, typed or imported."""

    sens: str
    poste: str
    montant: Decimal
    libelle: str = ""
    financeur: Partenaire | None = None


@transaction.atomic
def commencer(*, par: Compte, programmation: Programmation, titre: str) -> Projet:
    """Create a draft, whose creator is the first signataire.

    A double click gives the same draft. Raises ErreurMetier when the call is closed or when the person has
    too many drafts.
    """
    if not programmation.est_ouverte:
        raise ErreurMetier("L’appel à projets n’est pas ouvert.")
    Compte.objects.select_for_update().get(pk=par.pk)  # serialises the clicks of one person
    brouillons = Projet.objects.filter(auteur=par, etat="brouillon")
    recents = brouillons.filter(programmation=programmation, cree_le__gte=timezone.now() - DOUBLE_CLIC)
    deux_fois: Any = recents.filter(titre=titre).first()
    if isinstance(deux_fois, Projet):
        return deux_fois
    siens = brouillons.count()
    if siens >= ReglementDepot.actuel().brouillons_par_personne:
        raise ErreurMetier(
            f"Vous avez déjà {accorder(siens, 'brouillon')} : déposez-en un, ou retirez-en un d’abord."
        )
    projet = Projet(auteur=par, programmation=programmation, titre=titre)
    projet.full_clean()
    projet.save()
    Equipier.objects.create(projet=projet, compte=par, role=Equipier.Role.SIGNATAIRE)
    return projet


# Fields that two windows may both change: those of `SURVEILLES` in the form, in the same order.
TEXTES = (
    *("titre", "objet", "description", "objectifs"),
    *("publics", "participation_habitants", "lieux"),
    *("moyens_humains", "moyens_materiels", "evaluation_prevue"),
)


@transaction.atomic
def enregistrer_brouillon(
    projet: Projet,
    *,
    par: Compte,
    quartiers: Iterable[Quartier] | None = None,
    communes: Iterable[Commune] | None = None,
    vu: str = "",
    **champs: Any,
) -> None:
    """Save what the team has written, complete or not, without a line in the journal.

    `vu`: the version shown by the page. Raises TexteDepasse when another window changed it since.
    """
    exiger(projet, acte_d_ecriture(projet), par=par)
    exiger_version(projet, {champ: champs[champ] for champ in TEXTES if champ in champs}, vu)
    if quartiers is not None:
        projet.quartiers.set(quartiers)
    if communes is not None:
        projet.communes.set(communes)
    _ecrire(projet, champs)


def acte_d_ecriture(projet: Projet) -> str:
    """Return the act that allows writing: a draft is free, a filed projet only during a complément."""
    return "enregistrer_brouillon" if projet.etat == Etat.BROUILLON else "completer"


def _ecrire(projet: Projet, champs: Mapping[str, Any]) -> None:
    for champ, valeur in champs.items():
        setattr(projet, champ, valeur)
    projet.full_clean()
    projet.save()


@transaction.atomic
def ecrire_budget(projet: Projet, *, par: Compte, lignes: Sequence[Ligne], vu: str = "") -> None:
    """Replace the whole budget.

    `vu`: the version shown by the page. Raises ErreurMetier when another window changed the budget since.
    """
    exiger(projet, acte_d_ecriture(projet), par=par)
    if vu and vu != version_du_budget(projet):
        raise ErreurMetier(
            "Quelqu’un de l’équipe a changé le budget pendant que vous l’écriviez. Rien n’est enregistré : ouvrez-le dans un "
            "autre onglet, reprenez ce qui doit l’être, puis enregistrez de nouveau depuis là."
        )
    poser_budget(projet, lignes)


def poser_budget(projet: Projet, lignes: Sequence[Ligne]) -> None:
    """Write the lines, the cost and the amounts asked of each financer.

    The caller holds the lock of the projet.
    """
    a_ecrire = [
        LigneBudget(
            projet=projet,
            sens=ligne.sens,
            poste=ligne.poste,
            libelle=ligne.libelle,
            montant=ligne.montant,
            financeur=ligne.financeur,
            ordre=ordre,
        )
        for ordre, ligne in enumerate(lignes)
    ]
    for ligne in a_ecrire:
        ligne.full_clean(exclude=["projet", "financeur"], validate_unique=False)
    projet.budget.all().delete()
    LigneBudget.objects.bulk_create(a_ecrire)
    poser_financements(projet, lignes)


def poser_financements(projet: Projet, lignes: Sequence[Ligne]) -> None:
    demandes: dict[int, Decimal] = {}
    for ligne in lignes:
        if ligne.financeur is not None:
            demandes[ligne.financeur.pk] = demandes.get(ligne.financeur.pk, Decimal(0)) + ligne.montant
    # A financer no longer asked, and that proposed or granted nothing, is removed.
    projet.financements.filter(propose__isnull=True, accorde__isnull=True).exclude(
        financeur__in=demandes
    ).delete()
    for financeur, demande in demandes.items():
        Financement.objects.update_or_create(
            projet=projet, financeur_id=financeur, defaults={"demande": demande}
        )
    projet.montant_total = sum(
        (ligne.montant for ligne in lignes if ligne.sens == Sens.DEPENSE), start=Decimal(0)
    )
    projet.montant_demande = sum(demandes.values(), start=Decimal(0))
    projet.save(update_fields=["montant_total", "montant_demande", "modifie_le"])


@transaction.atomic
def deposer(projet: Projet, *, par: Compte, engagement: bool = False, exactitude: bool = False) -> None:
    """File the projet: give a reference, open the échéance of the recevabilité, acknowledge to the team.

    `engagement`: the contrat d’engagement républicain (décret 2021-1947); `exactitude`: what is written is
    true. Raises ValidationError when one of them is missing.
    """
    pas = exiger(projet, "deposer", par=par)
    if not exactitude:
        raise ValidationError({"exactitude": "Attestez que ce que vous déposez est exact."})
    if not engagement:
        raise ValidationError({"engagement": "Prenez l’engagement demandé pour déposer."})
    maintenant = timezone.now()
    pas.avancer(
        champs={
            "reference": projet.reference or donner_reference(projet),
            "depose_le": maintenant,
            "ouvert_le": maintenant,
            "resume": projet.objet,
            "engagement_le": maintenant,
            "engage_par": str(par)[:160],
        }
    )
    fixer_echeance(projet, RECEVABILITE, **recevabilite_due(projet.programmation))
    notifications.deposer(projet)
    repartir(projet)


def recevabilite_due(programmation: Programmation) -> dict[str, Any]:
    """Return the échéance of the recevabilité of a projet filed today, as arguments of `fixer_echeance`."""
    return {
        "libelle": "Dire si le projet est recevable",
        "date_limite": ajouter_jours_ouvres(timezone.localdate(), programmation.delai_recevabilite_jours),
        "est_legale": True,
        "rappels": [3],
        "relances": [],
        "escalade": programmation.escalade_jours,
    }


@transaction.atomic
def retirer(projet: Projet, *, par: Compte, motif: str = "") -> None:
    """Withdraw the projet, even a draft. Nothing is erased."""
    pas = exiger(projet, "retirer", par=par)
    pas.avancer(champs={"clos_le": timezone.now()}, motif=motif)
    annuler_echeance(projet)
    if projet.depose_le is not None:
        notifications.retirer(projet, motif=motif)


# Porteur


@transaction.atomic
def dire_porteur(projet: Projet, *, par: Compte, **champs: Any) -> None:
    """Set the porteur of the projet. Raises ValidationError.

    An organisation already known by its SIRET is used as it is: a team cannot change what another one wrote.
    """
    exiger(projet, acte_d_ecriture(projet), par=par)
    connue = porteur_connu(champs.get("siret"))
    actuel = projet.porte_par
    if connue is not None and (actuel is None or connue.pk != actuel.pk):
        _ecrire(projet, {"porte_par": connue})
        return
    porteur = actuel if actuel is not None and est_a_lui_seul(actuel, projet) else Porteur()
    for champ, valeur in champs.items():
        setattr(porteur, champ, valeur)
    porteur.full_clean()
    porteur.save()
    _ecrire(projet, {"porte_par": porteur})


def porteur_connu(siret: str | None) -> Porteur | None:
    return Porteur.objects.filter(siret=compact(siret)).first() if siret else None


def est_a_lui_seul(porteur: Porteur, projet: Projet) -> bool:
    """Whether only this projet uses the porteur, and so may change it."""
    return not porteur.projets.exclude(pk=projet.pk).exists()


# Team


@transaction.atomic
def inviter_equipier(
    projet: Projet, *, par: Compte, courriel: str, role: str, fonction: str = ""
) -> Equipier:
    """Invite a person into the team. They accept by the page of the letter, once signed in by a code.

    Without a letter, when their mailbox or its domain received enough today, the invitation waits for them on
    « Mes projets » (`Equipier.lettre_partie`). Raises ValidationError, ErreurMetier.
    """
    pas = exiger(projet, "inviter_equipier", par=par)
    if projet.equipe.count() >= EQUIPIERS_MAX:
        raise ErreurMetier(f"Une équipe a {EQUIPIERS_MAX} personnes au plus.")
    if projet.equipe.filter(compte__courriel=courriel.strip().lower()).exists():
        raise ValidationError({"courriel": "Cette personne est déjà dans l’équipe, ou invitée."})
    compte = ouvrir_compte(courriel, est_prouve=False)
    equipier = Equipier(
        projet=projet, compte=compte, role=role, fonction=fonction, rejoint_le=None, invite_par=par
    )
    equipier.full_clean()
    equipier.save()
    pas.avancer(details={"equipier": equipier.pk, "role": role})
    reponse = notifications.inviter_equipier(equipier, par=par)
    if reponse is Reponse.TROP_DE_LUI:
        raise ErreurMetier("Vous avez déjà invité beaucoup de personnes aujourd’hui : continuez demain.")
    if reponse is Reponse.REFUSEE:
        raise ErreurMetier("Cette personne ne veut pas recevoir d’invitation de vous, ou à ce projet.")
    equipier.lettre_partie = bool(reponse)
    return equipier


@transaction.atomic
def rejoindre_equipe(equipier: Equipier, *, par: Compte) -> None:
    """Accept an invitation. The account was opened by a code sent to the mailbox: it is theirs."""
    pas = exiger(equipier, "rejoindre_equipe", par=par)
    pas.avancer(champs={"rejoint_le": timezone.now()}, details={"equipier": equipier.pk})


@transaction.atomic
def retirer_equipier(equipier: Equipier, *, par: Compte) -> None:
    """Remove a member, who no longer sees the projet, even as its creator; or refuse an invitation for oneself.

    Who refuses is not invited again by the same person, nor to this projet. Raises ErreurMetier for the last
    signataire: somebody must be able to file the projet.
    """
    pas = exiger(equipier, "retirer_equipier", par=par)
    projet = equipier.projet
    restant = projet.equipe.presents().filter(role=Equipier.Role.SIGNATAIRE).exclude(pk=equipier.pk).first()
    if restant is None:
        raise ErreurMetier("L’équipe garde au moins un signataire : invitez-en un autre d’abord.")
    if projet.auteur_id == equipier.compte_id:
        projet.auteur = restant.compte
        projet.save(update_fields=["auteur"])
    pas.avancer(details={"compte": equipier.compte_id})
    if equipier.rejoint_le is None and par.pk == equipier.compte_id:
        noter_refus(par.courriel, sujet=projet, par=equipier.invite_par)
    elif equipier.rejoint_le is not None and par.pk != equipier.compte_id:
        notifications.retirer_equipier(equipier, par=par)
    equipier.delete()


# Papers


@transaction.atomic
def retirer_du_projet(projet: Projet, *, par: Compte, piece: Piece) -> None:
    """Remove a paper of the projet, while the team may write. Raises ActeInterdit."""
    exiger(projet, acte_d_ecriture(projet), par=par)
    retirer_piece(piece, par=par)


@transaction.atomic
def joindre_au_projet(projet: Projet, *, par: Compte, type_piece: TypePiece, fichier: UploadedFile) -> Piece:
    """Join a paper of this type. It replaces the former one, which is hidden. Raises ValidationError."""
    exiger(projet, acte_d_ecriture(projet), par=par)
    for ancienne in PieceProjet.objects.filter(
        piece__dossier=projet.pk, piece__retiree_le=None, type_piece=type_piece
    ).select_related("piece__dossier"):
        retirer_piece(ancienne.piece, par=par, motif="Remplacée.")
    piece = joindre(projet, fichier=fichier, titre=type_piece.nom, par=par)
    PieceProjet.objects.create(piece=piece, type_piece=type_piece)
    return piece
