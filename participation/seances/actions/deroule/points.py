"""The points of the agenda as they are treated: which is current, how long, who steps aside, what is noted."""

from django.db import transaction
from django.utils import timezone

from participation.seances.actions.deroule.commun import (
    clore_point,
    exiger_agent,
    exiger_en_cours,
    exiger_sans_vote,
    exiger_siegeant,
    relire_point,
    vider_la_file,
)
from participation.seances.models import Convie, Deport, Desaccord, Emargement, Point, Seance
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.actions import consigner
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import de
from participation.socle.models import Compte
from participation.socle.versions import exiger_version

FERMES = {EtatPoint.REPORTE, EtatPoint.RETIRE}


@transaction.atomic
def passer_au_point(point: Point, *, par: Compte) -> None:
    """Make it the current point; the one before is treated. Going back to a point treated too soon is possible."""
    exiger_agent(par)
    seance = point.seance
    exiger_en_cours(seance, ouverte=True)
    relire_point(point)
    if seance.point_courant_id == point.pk and point.etat == EtatPoint.EN_COURS:
        return
    exiger_sans_vote(seance)
    if point.etat in FERMES:
        raise ActeInterdit(f"Le point « {point} » est {point.get_etat_display()} : il ne se traite plus.")
    _quitter(seance)
    maintenant = timezone.now()
    point.etat = EtatPoint.EN_COURS
    point.commence_le = point.commence_le or maintenant
    point.repris_le = maintenant
    point.save()
    seance.point_courant = point
    seance.save(update_fields=["point_courant"])
    consigner(seance, "passer_au_point", par=par, fait=f"Point {numero(point)} : {point}")


def numero(point: Point) -> int:
    """Its place among those not withdrawn, as people read it."""
    return (
        Point.objects.filter(seance=point.seance_id, ordre__lt=point.ordre)
        .exclude(etat=EtatPoint.RETIRE)
        .count()
        + 1
    )


def _quitter(seance: Seance) -> None:
    for courant in Point.objects.filter(seance=seance, etat=EtatPoint.EN_COURS):
        clore_point(courant)
    vider_la_file(seance)


@transaction.atomic
def traiter_point(point: Point, *, par: Compte) -> None:
    """The point is treated; nothing is current until the next one."""
    exiger_agent(par)
    seance = point.seance
    exiger_en_cours(seance)
    relire_point(point)
    if point.etat != EtatPoint.EN_COURS:
        raise ActeInterdit(f"Le point « {point} » est {point.get_etat_display()}.")
    exiger_sans_vote(seance)
    _quitter(seance)
    seance.point_courant = None
    seance.save(update_fields=["point_courant"])
    consigner(seance, "traiter_point", par=par, fait=f"Point {numero(point)} traité : {point}")


@transaction.atomic
def reporter_point(point: Point, *, par: Compte, motif: str) -> None:
    """To another séance."""
    _fermer(point, EtatPoint.REPORTE, par=par, motif=motif, acte="reporter_point", fait="reporté")


@transaction.atomic
def abandonner_point(point: Point, *, par: Compte, motif: str) -> None:
    """Withdrawn from the agenda in séance."""
    _fermer(
        point,
        EtatPoint.RETIRE,
        par=par,
        motif=motif,
        acte="abandonner_point",
        fait="retiré de l’ordre du jour",
    )


def _fermer(point: Point, etat: str, *, par: Compte, motif: str, acte: str, fait: str) -> None:
    exiger_agent(par)
    seance = point.seance
    exiger_en_cours(seance)
    relire_point(point)
    if point.etat in FERMES:
        raise ActeInterdit(f"Le point « {point} » est déjà {point.get_etat_display()}.")
    if point.liens_dossiers.exclude(decision="").exists():
        raise ErreurMetier(
            "Une décision est déjà prise sur ce point : il ne peut plus être reporté ni retiré."
        )
    if point.votes.filter(etat=EtatVote.CLOS).exists():
        raise ErreurMetier("Un vote a eu lieu sur ce point : il ne peut plus être reporté ni retiré.")
    if point.votes.filter(etat=EtatVote.OUVERT).exists():
        raise ErreurMetier("Un vote est ouvert sur ce point : fermez-le ou annulez-le d’abord.")
    if seance.point_courant_id == point.pk:
        vider_la_file(seance)
        seance.point_courant = None
        seance.save(update_fields=["point_courant"])
    clore_point(point, etat, motif)
    consigner(seance, acte, par=par, fait=f"Point {fait} : {point}", motif=motif)


@transaction.atomic
def noter_releve(point: Point, *, par: Compte, releve: str, vu: str = "") -> None:
    """The facilitator's notes on the point. Raises TexteDepasse when somebody else wrote meanwhile. No line in the journal:
    they are saved while they are typed, and the procès-verbal keeps them."""
    exiger_agent(par)
    seance = point.seance
    exiger_en_cours(seance)
    relire_point(point)
    exiger_version(point, {"releve": releve}, vu)
    point.releve = releve
    point.save(update_fields=["releve"])


# Stepping aside


@transaction.atomic
def se_deporter(point: Point, convie: Convie, *, par: Compte | None, motif: str = "") -> Deport:
    """Raises ErreurMetier when her voice is already given on an open or closed vote of the point."""
    seance = point.seance
    exiger_en_cours(seance)
    relire_point(point)
    if convie.seance_id != seance.pk:
        raise ErreurMetier(f"{convie} n’est pas convoqué à cette séance.")
    exiger_siegeant(convie)
    if point.est_clos:
        raise ActeInterdit(f"Le point « {point} » est {point.get_etat_display()}.")
    votes = point.votes.exclude(etat=EtatVote.ANNULE)
    if Emargement.objects.filter(vote__in=votes, convie=convie).exists():
        raise ErreurMetier(f"{convie} a déjà voté sur ce point : annulez d’abord le vote.")
    deport, est_nouveau = Deport.objects.get_or_create(point=point, convie=convie, defaults={"motif": motif})
    if est_nouveau:
        consigner(seance, "se_deporter", par=par, fait=f"{convie} se déporte : {point}", motif=motif)
    return deport


@transaction.atomic
def lever_deport(deport: Deport, *, par: Compte) -> None:
    """Noted by mistake. Not while a vote of the point is open, nor after one."""
    exiger_agent(par)
    point = deport.point
    seance = point.seance
    exiger_en_cours(seance)
    if point.votes.exclude(etat=EtatVote.ANNULE).exists():
        raise ErreurMetier("Un vote a été ouvert sur ce point : le déport reste.")
    convie = deport.convie
    supprimes, _ = Deport.objects.filter(pk=deport.pk).delete()
    if supprimes:
        consigner(seance, "lever_deport", par=par, fait=f"Déport {de(convie)} levé : {point}")


@transaction.atomic
def noter_desaccord(point: Point, convie: Convie, *, par: Compte, texte: str) -> Desaccord:
    """A member asks that her disagreement be written in the procès-verbal (CRPA R133-13). Saying it again replaces it."""
    seance = point.seance
    exiger_en_cours(seance)
    exiger_siegeant(convie)
    if convie.seance_id != seance.pk:
        raise ErreurMetier(f"{convie} n’est pas convoqué à cette séance.")
    desaccord, _ = Desaccord.objects.update_or_create(
        point=point, convie=convie, defaults={"texte": texte, "le": timezone.now()}
    )
    consigner(seance, "noter_desaccord", par=par, fait=f"Désaccord {de(convie)} noté : {point}")
    return desaccord
