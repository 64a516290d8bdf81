"""The points of the agenda as they are treated: which is current, how long, who steps aside, what is noted."""

from django.db import transaction
from django.utils import timezone

from participation.seances.actions.deroule.commun import (
    clore_point,
    exiger_sans_vote,
    exiger_siegeant,
    quitter_la_file,
    vider_la_file,
)
from participation.seances.models import Convie, DemandeSecret, Deport, Desaccord, Emargement, Point, Seance
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.actions import Pas, exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, de, enumerer
from participation.socle.models import Compte, Dossier
from participation.socle.versions import exiger_version

DOSSIERS_CITES = 5  # in the reason of a déport


@transaction.atomic
def passer_au_point(point: Point, *, par: Compte) -> None:
    """Make it the current point; the one before is treated. Going back to a point treated too soon is possible."""
    pas = exiger(point, "passer_au_point", par=par)
    seance = point.seance
    if seance.point_courant_id == point.pk and point.etat == EtatPoint.EN_COURS:
        return
    exiger_sans_vote(seance)
    _quitter(seance)
    maintenant = timezone.now()
    point.etat = EtatPoint.EN_COURS
    point.commence_le = point.commence_le or maintenant
    point.repris_le = maintenant
    point.save()
    seance.point_courant = point
    seance.save(update_fields=["point_courant"])
    pas.avancer(fait=f"Point {numero(point)} : {point}")
    # Of a point that was voted on, the vote is cancelled first; coming back to it is how.
    if not point.votes.exclude(etat=EtatVote.ANNULE).exists():
        reporter_les_deports(point, par=par)


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
    pas = exiger(point, "traiter_point", par=par)
    seance = point.seance
    exiger_sans_vote(seance)
    _quitter(seance)
    seance.point_courant = None
    seance.save(update_fields=["point_courant"])
    pas.avancer(fait=f"Point {numero(point)} traité : {point}")


@transaction.atomic
def reporter_point(point: Point, *, par: Compte, motif: str) -> None:
    """To another séance."""
    _fermer(exiger(point, "reporter_point", par=par), point, EtatPoint.REPORTE, motif, "reporté")


@transaction.atomic
def abandonner_point(point: Point, *, par: Compte, motif: str) -> None:
    """Withdrawn from the agenda in séance."""
    pas = exiger(point, "abandonner_point", par=par)
    _fermer(pas, point, EtatPoint.RETIRE, motif, "retiré de l’ordre du jour")


def _fermer(pas: Pas, point: Point, etat: str, motif: str, fait: str) -> None:
    seance = point.seance
    if seance.point_courant_id == point.pk:
        vider_la_file(seance)
        seance.point_courant = None
        seance.save(update_fields=["point_courant"])
    clore_point(point, etat, motif)
    pas.avancer(fait=f"Point {fait} : {point}", motif=motif)


@transaction.atomic
def noter_releve(point: Point, *, par: Compte, releve: str, vu: str = "") -> None:
    """The facilitator's notes on the point. Raises TexteDepasse when somebody else wrote meanwhile. No line in the journal:
    they are saved while they are typed, and the procès-verbal keeps them."""
    exiger(point, "noter_releve", par=par)
    exiger_version(point, {"releve": releve}, vu)
    point.releve = releve
    point.save(update_fields=["releve"])


# Stepping aside


@transaction.atomic
def se_deporter(point: Point, convie: Convie, *, par: Compte, motif: str = "") -> Deport:
    """Raises ErreurMetier when her voice is already given on an open or closed vote of the point."""
    return _deporter(exiger(point, "se_deporter", par=par), point, convie, motif)


def reporter_les_deports(point: Point, *, par: Compte) -> None:
    """Who stepped aside from one dossier of the point steps aside from it: a vote that she is in would not decide on that one.

    Of a point of several dossiers, the reason says which (CRPA R133-12: no part in the deliberation).
    """
    dossiers = [dossier.enfant for dossier in Dossier.objects.avec_enfants().filter(points=point)]
    ecartes = {dossier.nom_court: dossier.comptes_deportes() for dossier in dossiers}
    tous = set().union(*ecartes.values())
    siens = Convie.objects.filter(seance=point.seance_id, retire_le=None, membre__compte__in=tous)
    for convie in siens.exclude(deports__point=point).select_related("membre__compte"):
        desquels = [nom for nom, comptes in ecartes.items() if convie.membre.compte_id in comptes]
        se_deporter(point, convie, par=par, motif=_deport_de(desquels) if len(dossiers) > 1 else "")


def _deport_de(noms: list[str]) -> str:
    cites = noms[:DOSSIERS_CITES]
    reste = len(noms) - len(cites)
    return f"Déport de {enumerer([*cites, accorder(reste, 'autre dossier')] if reste else cites)}"


@transaction.atomic
def me_deporter(convie: Convie, point: Point, *, par: Compte) -> Deport:
    """As `se_deporter`, by herself."""
    pas = exiger(convie, "me_deporter", par=par)
    point.refresh_from_db()
    return _deporter(pas, point, convie, "")


def _deporter(pas: Pas, point: Point, convie: Convie, motif: str) -> Deport:
    _exiger_d_ici(point, convie)
    if point.est_clos:
        raise ActeInterdit(f"Le point « {point} » est {point.get_etat_display()}.")
    votes = point.votes.exclude(etat=EtatVote.ANNULE)
    if Emargement.objects.filter(vote__in=votes, convie=convie).exists():
        raise ErreurMetier(f"{convie} a déjà voté sur ce point : annulez d’abord le vote.")
    deport, est_nouveau = Deport.objects.get_or_create(point=point, convie=convie, defaults={"motif": motif})
    if est_nouveau:
        if point.etat == EtatPoint.EN_COURS:
            quitter_la_file(convie)
        pas.avancer(fait=f"{convie} se déporte : {point}", motif=motif)
    return deport


def _exiger_d_ici(point: Point, convie: Convie) -> None:
    if convie.seance_id != point.seance_id:
        raise ErreurMetier(f"{convie} n’est pas convoqué à cette séance.")
    exiger_siegeant(convie)


@transaction.atomic
def demander_le_secret(convie: Convie, point: Point, *, par: Compte) -> None:
    """Ask for a secret ballot on the current point, before its vote opens. Asked twice is once."""
    pas = exiger(convie, "demander_le_secret", par=par)
    point.refresh_from_db()
    _exiger_d_ici(point, convie)
    if point.etat != EtatPoint.EN_COURS:
        raise ActeInterdit(f"Le point « {point} » n’est pas en cours.")
    exiger_sans_vote(convie.seance)
    _, est_nouvelle = DemandeSecret.objects.get_or_create(point=point, convie=convie)
    if est_nouvelle:
        pas.avancer(fait=f"{convie} demande un vote à bulletin secret : {point}")


@transaction.atomic
def lever_deport(deport: Deport, *, par: Compte) -> None:
    """Noted by mistake. Not while a vote of the point is open, nor after one."""
    pas = exiger(deport, "lever_deport", par=par)
    deport.delete()
    pas.avancer(fait=f"Déport {de(deport.convie)} levé : {deport.point}")


@transaction.atomic
def noter_desaccord(point: Point, convie: Convie, *, par: Compte, texte: str) -> Desaccord:
    """A member asks that her disagreement be written in the procès-verbal (CRPA R133-13). Saying it again replaces it."""
    return _noter_desaccord(exiger(point, "noter_desaccord", par=par), point, convie, texte)


@transaction.atomic
def mon_desaccord(convie: Convie, point: Point, *, par: Compte, texte: str) -> Desaccord:
    """As `noter_desaccord`, by herself."""
    return _noter_desaccord(exiger(convie, "mon_desaccord", par=par), point, convie, texte)


def _noter_desaccord(pas: Pas, point: Point, convie: Convie, texte: str) -> Desaccord:
    _exiger_d_ici(point, convie)
    desaccord, _ = Desaccord.objects.update_or_create(
        point=point, convie=convie, defaults={"texte": texte, "le": timezone.now()}
    )
    pas.avancer(fait=f"Désaccord {de(convie)} noté : {point}")
    return desaccord
