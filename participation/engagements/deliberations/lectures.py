"""What was decided, on what, and in which order: what a délibération is tied to, by its number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from participation.engagements.deliberations.regles import COLONNES
from participation.engagements.models import Deliberation, EngagementPris, Etude, Proposition
from participation.socle.collectivite import ici
from participation.socle.francais import majuscule
from participation.socle.models import Dossier
from participation.suites.models import ChangementSuite, Preuve, Suite


def cite(numero: str) -> str:
    """Return the pattern of a text that quotes this number: « 2026-04 » is not in « 2026-041 »."""
    return rf"(^|[^[:alnum:]-]){re.escape(numero)}($|[^[:alnum:]-])"


def suites_de(deliberation: Deliberation) -> QuerySet[Suite]:
    """Return the public suites that it promises or proves."""
    tenues = Preuve.objects.filter(deliberation=deliberation.numero).values("suite")
    return (
        Suite.objects.publiques()
        .filter(Q(pk__in=tenues) | Q(acte_promesse__regex=cite(deliberation.numero)))
        .select_related("direction", "dossier")
        .order_by("creee_le", "pk")
    )


def propositions_de(deliberation: Deliberation) -> Any:
    toutes: Any = Proposition.objects
    siennes = toutes.filter(est_publie=True, deliberation=deliberation.numero)
    return siennes.select_related("collectif").order_by("reference")


def etudes_de(deliberation: Deliberation) -> Any:
    return Etude.objects.filter(est_publie=True, deliberation=deliberation.numero).order_by("reference")


def engagements_de(deliberation: Deliberation) -> Any:
    tous: Any = EngagementPris.objects
    return tous.filter(est_publie=True, source__regex=cite(deliberation.numero)).order_by("reference")


def qui_comptent() -> QuerySet[Deliberation]:
    """Return the délibérations tied to what somebody asked: a proposition decided, a study heard, a suite proved."""
    preuves = Preuve.objects.filter(suite__est_publiee=True, suite__dossier__est_publie=True)
    propositions: Any = Proposition.objects.filter(est_publie=True)
    return Deliberation.objects.filter(
        Exists(propositions.filter(deliberation=OuterRef("numero")))
        | Exists(Etude.objects.filter(est_publie=True, deliberation=OuterRef("numero")))
        | Exists(preuves.filter(deliberation=OuterRef("numero")))
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of « what was decided on this »: its day, what, and the délibération when its file is here."""

    jour: date
    quoi: str
    precision: str = ""
    numero: str = ""
    deliberation: Deliberation | None = None
    est_citee: bool = False  # a proof: its day is that of the délibération, when its file is here


def decisions_sur(dossier: Dossier) -> list[Decision]:
    """Return what was decided on the dossier, in order, in a fixed number of queries."""
    suites = list(Suite.objects.filter(dossier=dossier.pk, est_publiee=True).prefetch_related("preuves"))
    dites = [
        *_de_la_proposition(dossier),
        *_de_l_etude(dossier),
        *_promises(suites),
        *_repondues(suites),
        *_prouvees(suites),
    ]
    numeros = {decision.numero for decision in dites if decision.numero}
    connues = {d.numero: d for d in Deliberation.objects.filter(numero__in=numeros)}
    lues = [_liee(d, connues[d.numero]) if d.numero in connues else d for d in dites]
    return sorted(lues, key=lambda decision: (decision.jour, decision.quoi))


def _liee(decision: Decision, deliberation: Deliberation) -> Decision:
    jour = deliberation.date if decision.est_citee else decision.jour
    return replace(decision, jour=jour, deliberation=deliberation)


def _de_la_proposition(dossier: Dossier) -> Iterator[Decision]:
    proposition: Any = Proposition.objects.filter(pk=dossier.pk, decidee_le__isnull=False).first()
    if proposition is not None:
        quoi = f"Proposition {proposition.get_etat_display()}"
        yield Decision(proposition.decidee_le, quoi, proposition.decidee_par, proposition.deliberation)


def _de_l_etude(dossier: Dossier) -> Iterator[Decision]:
    etude: Any = Etude.objects.filter(pk=dossier.pk, presentee_le__isnull=False).first()
    if etude is not None:
        yield Decision(etude.presentee_le, "Présentée au conseil", etude.retour, etude.deliberation)


def _promises(suites: Sequence[Suite]) -> Iterator[Decision]:
    for suite in suites:
        if suite.promise_le is not None:
            promis = ici("Promis par la {metropole}")
            yield Decision(suite.promise_le, f"{promis} : {suite.intitule}", suite.acte_promesse)


def _repondues(suites: Sequence[Suite]) -> Iterator[Decision]:
    etats = [ChangementSuite.Nature.ETAT, ChangementSuite.Nature.RECTIFIEE]
    dits = ChangementSuite.objects.filter(suite__in=suites, nature__in=etats).select_related("suite")
    for changement in dits.order_by("le", "pk"):
        etat = majuscule(changement.get_etat_apres_display())
        yield Decision(
            timezone.localdate(changement.le),
            f"{etat} : {changement.suite.intitule}",
            changement.motif or changement.texte_public,
        )


def _prouvees(suites: Sequence[Suite]) -> Iterator[Decision]:
    for suite in suites:
        for preuve in suite.preuves.all():
            if preuve.deliberation:
                quoi = f"Délibération citée : {suite.intitule}"
                dit_le = timezone.localdate(preuve.le)
                yield Decision(dit_le, quoi, preuve.intitule, preuve.deliberation, est_citee=True)


def fiches(deliberations: QuerySet[Deliberation]) -> Iterator[dict[str, Any]]:
    """Yield each in the columns of the schema."""
    for deliberation in deliberations.iterator(chunk_size=500):
        yield {colonne: getattr(deliberation, champ) for colonne, champ in COLONNES.items()}
