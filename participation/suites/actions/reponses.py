"""What a direction answers by its signed link: heard once, then published by an agent, or set aside with a reason."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import consigner
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.francais import de
from participation.socle.models import Compte
from participation.suites import notifications
from participation.suites.actions.suivi import changer_etat, exiger_raison, noter_preuve, verrouiller
from participation.suites.models import ReponseDirection, Suite
from participation.suites.workflow import ARRIVEES, Etat


@transaction.atomic
def repondre_par_lien(
    suite: Suite,
    *,
    etat: str,
    nom: str,
    texte_public: str,
    motif: str = "",
    oriente_vers: str = "",
    date_limite: date | None = None,
    fichier: UploadedFile | None = None,
    adresse: str = "",
    direction_id: int | None = None,
) -> ReponseDirection:
    """Keep what the direction answers, for an agent to publish. `direction_id`: the one whose link it is.

    Raises ActeInterdit when an answer waits already, when the suite is over or is another direction's; ValidationError.
    """
    verrouiller(suite)
    if direction_id is not None and direction_id != suite.direction_id:
        raise ActeInterdit("Cette suite est maintenant confiée à une autre direction.")
    if suite.reponses.filter(retenue_le=None, ecartee_le=None).exists():
        raise ActeInterdit("Une réponse attend déjà d’être publiée par le service participation.")
    if not suite.est_a_rendre:
        raise ActeInterdit("Cette suite est arrivée à son terme.")
    if etat not in ARRIVEES[suite.etat]:
        raise ActeInterdit(f"Une suite « {suite.get_etat_display()} » ne devient pas « {Etat(etat).label} ».")
    exiger_raison(etat, motif, oriente_vers)
    if date_limite is not None and date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    piece = None
    if fichier is not None:
        piece = joindre(suite.dossier, fichier=fichier, titre=f"Preuve : {suite.intitule}"[:160], par=None)
    reponse = ReponseDirection(
        suite=suite,
        direction=suite.direction,
        etat=etat,
        texte_public=texte_public,
        motif=motif,
        oriente_vers=oriente_vers,
        date_limite=date_limite,
        nom=nom,
        piece=piece,
        adresse=adresse,
    )
    reponse.full_clean()
    reponse.save()
    consigner(
        suite.dossier,
        "repondre_suite",
        par=None,
        fait=f"{suite.direction} a répondu : {suite.intitule}"[:160],
        details={"suite": suite.pk, "reponse": reponse.pk, "nom": nom, "etat": etat},
    )
    notifications.repondre_par_lien(reponse)
    notifications.annoncer_reponse(reponse)
    return reponse


@transaction.atomic
def retenir(
    reponse: ReponseDirection,
    *,
    par: Compte,
    texte_public: str,
    motif: str = "",
    oriente_vers: str = "",
    date_limite: date | None = None,
) -> None:
    """Publish it, in the words that the agent read again, in the name of the direction. Its evidence becomes public."""
    _verrouiller(reponse, par)
    suite = reponse.suite
    changer_etat(
        suite,
        par=par,
        vers=reponse.etat,
        texte_public=texte_public,
        motif=motif,
        oriente_vers=oriente_vers,
        date_limite=date_limite,
        au_nom_de=str(reponse.direction),
    )
    if reponse.piece is not None:
        reponse.piece.est_publique = suite.est_publiee
        reponse.piece.save(update_fields=["est_publique"])
    if reponse.piece is not None or reponse.adresse:
        noter_preuve(
            suite, intitule=f"Donné par {reponse.direction}", piece=reponse.piece, adresse=reponse.adresse
        )
    reponse.retenue_le = timezone.now()
    reponse.save(update_fields=["retenue_le"])
    notifications.retenir(reponse)


@transaction.atomic
def ecarter(reponse: ReponseDirection, *, par: Compte, raison: str) -> None:
    """Not published: the direction is told why, and may answer again by the same link."""
    _verrouiller(reponse, par)
    reponse.ecartee_le, reponse.raison_ecart = timezone.now(), raison
    reponse.full_clean()
    reponse.save()
    consigner(
        reponse.suite.dossier,
        "ecarter_reponse",
        par=par,
        fait=f"Réponse {de(reponse.direction)} écartée : {reponse.suite.intitule}"[:160],
        motif=raison,
        details={"suite": reponse.suite_id, "reponse": reponse.pk},
    )
    notifications.ecarter(reponse)


def _verrouiller(reponse: ReponseDirection, par: Compte) -> None:
    verrouiller(reponse.suite)
    reponse.refresh_from_db(fields=["retenue_le", "ecartee_le"])
    if not par.est_agent:
        raise RoleInsuffisant("Seul le service participation publie la réponse d’une direction.")
    if not reponse.est_en_attente:
        raise ActeInterdit("Cette réponse a déjà été publiée ou écartée.")
