"""The comité de recevabilité in séance: its agenda is filled with what is due, its decisions move the pétitions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Convie, Point, PointDossier, Seance, Vote
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.actions import avancer, consigner, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from petitions.actions import recevabilite
from petitions.models import Deport, Petition
from petitions.workflow import INSTANCE, Etat

MINUTES_PAR_PETITION = 15


def a_inscrire() -> Any:
    """Pétitions that await the comité and are on no agenda to come, the first due first."""
    inscrites = Point.objects.filter(
        Q(seance__etat__in=A_VENIR | EN_COURS, etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS])
    )
    return (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .exclude(liens_points__point__in=inscrites)
        .avec_suite()
        .order_by("date_echeance", "pk")
    )


def seances_du_comite() -> Any:
    """Its séances to come."""
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
    ).order_by("debut")


@transaction.atomic
def inscrire_au_comite(seance: Seance, petitions: Iterable[Petition], *, par: Compte) -> list[Point]:
    """One point for each pétition, so that it has its own time, its own déports and its own vote.

    Raises ErreurMetier for a pétition that is on another agenda, or decided, by now.
    """
    points = []
    verrouiller(seance)  # two agents who fill agendas at once wait for each other
    attendues = set(a_inscrire().values_list("pk", flat=True))
    for petition in petitions:
        if petition.pk not in attendues:
            raise ErreurMetier(f"« {petition.titre} » est déjà à l’ordre du jour, ou déjà décidée.")
        points.append(
            ajouter_point(
                seance,
                par=par,
                dossiers=[petition],
                nature=Point.Nature.DECISION,
                titre=f"Recevabilité : {petition.titre}"[:200],
                duree=MINUTES_PAR_PETITION,
            )
        )
        avancer(
            petition,
            "inscrire_au_comite",
            par=par,
            fait=f"À l’ordre du jour du comité du {jour_texte(seance.jour)}",
            details={"seance": seance.pk},
        )
    return points


def declarer_recevable(petition: Petition, *, par: Compte, **reponses: Any) -> None:
    _appliquer(petition, recevabilite.declarer_recevable, _lien(petition), par=par, reponses=reponses)


def declarer_irrecevable(petition: Petition, *, par: Compte, **reponses: Any) -> None:
    _appliquer(petition, recevabilite.declarer_irrecevable, _lien(petition), par=par, reponses=reponses)


def transmettre(petition: Petition, *, par: Compte, **reponses: Any) -> None:
    _appliquer(petition, recevabilite.transmettre, _lien(petition), par=par, reponses=reponses)


def appliquer_decision(
    sender: Any,
    *,
    point_dossier: PointDossier,
    decision: str,
    par: Compte,
    reponses: dict[str, Any],
    vote: Vote | None = None,
    **autres: Any,
) -> None:
    """Hears `decision_prise`: what the comité decided on a pétition, in the transaction of the séance."""
    petition = Petition.objects.filter(pk=point_dossier.dossier_id).first()
    if petition is None:
        return
    point_dossier.vote = vote
    _appliquer(petition, getattr(recevabilite, decision), point_dossier, par=par, reponses=reponses)


def _lien(petition: Petition) -> PointDossier:
    """The point where the séance has just written its decision."""
    return petition.liens_points.exclude(decision="").latest("decidee_le")


def _appliquer(
    petition: Petition,
    acte: Callable[..., None],
    lien: PointDossier,
    *,
    par: Compte,
    reponses: Mapping[str, Any],
) -> None:
    """Raises what the act raises; ErreurMetier when somebody voted who had stepped aside from the pétition."""
    if lien.vote is not None:
        _exiger_les_deports(petition, lien.vote)
    acte(petition, par=par, **reponses)
    seance = lien.point.seance
    consigner(
        petition,
        "decider_en_seance",
        par=par,
        fait=f"Décidé par le comité en séance du {jour_texte(seance.jour)}",
        details={"seance": seance.pk, "point": lien.point_id, "vote": lien.vote_id},
    )


def _exiger_les_deports(petition: Petition, vote: Vote) -> None:
    votants = {int(numero) for numeros in vote.inscrits.values() for numero in numeros}
    deportes = Deport.objects.filter(petition=petition).values("compte")
    for convie in Convie.objects.filter(pk__in=votants, membre__compte__in=deportes).select_related(
        "membre__compte"
    ):
        raise ErreurMetier(
            f"{convie} s’est déporté de cette pétition et figure parmi les votants : "
            "annulez ce vote, notez son déport au point, puis votez de nouveau."
        )
