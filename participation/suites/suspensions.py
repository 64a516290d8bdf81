"""Stop the clock of a suite with a public reason, and let it run again."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import enregistrer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.suites.actes import dire, fixer
from participation.suites.models import ChangementSuite, Suite, SuspensionSuite
from participation.suites.models.suspensions import mesures_de
from participation.suites.workflow import Raison


class SuspendreForm(ActeForm):
    raison = champ_choix("Pourquoi", Raison.choices, "Public.", boutons=True, erreur="Dites pourquoi.")
    precision = champ_ligne(
        "Précision", "Publique. Par exemple « élections municipales de mars ».", maximum=200, requis=False
    )
    debut = champ_jour("Arrêté à partir du", initial=timezone.localdate)
    fin = champ_jour("Le délai court de nouveau le", "Vide si vous ne le savez pas encore.", requis=False)


@acte(
    Page[Suite](
        form=SuspendreForm,
        consequence="Tant que le délai est arrêté, aucun chiffre public ne compte ces jours et la direction n’est pas relancée. La "
        "raison est publique, envoyée aux auteurs et aux personnes qui suivent le dossier.",
    )
)
@transaction.atomic
def suspendre(
    suite: Suite, *, par: Compte, raison: str, debut: date, fin: date | None = None, precision: str = ""
) -> SuspensionSuite:
    """Stop the clock of every public figure of delay. Followers are told. Raises ValidationError on a wrong day."""
    pas = exiger(suite, "suspendre", par=par)
    if debut < timezone.localdate(suite.creee_le):
        raise ValidationError({"debut": "La suite n’existait pas encore ce jour-là."})
    exiger_des_jours(debut, fin)
    arret = enregistrer(
        SuspensionSuite(suite=suite, raison=raison, precision=precision, debut=debut, fin=fin, par=par)
    )
    pas.avancer(
        fait=f"{arret.phrase}. {suite.intitule}",
        motif=precision,
        details={"suite": suite.pk, "debut": debut.isoformat(), "fin": fin and fin.isoformat()},
        est_publique=suite.est_publiee,
        champs=mesures_de(suite),
    )
    fixer(suite)
    _retenir(suite, ChangementSuite.Nature.ARRET, par=par, precision=arret.phrase, motif=precision)
    return arret


def suspendre_en_lot(
    suites: Iterable[Suite], *, par: Compte, debut: date, fin: date | None = None, **reponses: Any
) -> tuple[int, list[tuple[Suite, str]]]:
    """Stop the clock of many suites, each in its own transaction. Return how many, and (suite, reason) of those refused.

    A suite added after the stop is stopped from the day it was added: an electoral period holds what comes during it.
    Raises ValidationError for days that are wrong for all.
    """
    exiger_des_jours(debut, fin)
    arretees, refusees = 0, []
    for suite in suites:
        depuis = max(debut, timezone.localdate(suite.creee_le))
        try:
            suspendre(suite, par=par, debut=depuis, fin=fin, **reponses)
            arretees += 1
        except ErreurMetier as refus:
            refusees.append((suite, refus.message))
        except ValidationError as refus:
            refusees.append((suite, " ".join(refus.messages)))
    return arretees, refusees


def exiger_des_jours(debut: date, fin: date | None) -> None:
    if fin is not None and (fin <= debut or fin <= timezone.localdate()):
        raise ValidationError({"fin": "Donnez un jour à venir, après le début."})


@acte(
    Page[SuspensionSuite](
        consequence=lambda arret: (
            f"{arret.phrase}. Le délai court de nouveau dès aujourd’hui ; la date attendue recule d’autant de jours."
        )
    )
)
@transaction.atomic
def reprendre(arret: SuspensionSuite, *, par: Compte) -> None:
    """Let the clock run again from today."""
    pas = exiger(arret, "reprendre", par=par)
    suite, jour = arret.suite, timezone.localdate()
    pas.avancer(
        fait=f"Le délai court de nouveau : {suite.intitule}",
        details={"suite": suite.pk},
        est_publique=suite.est_publiee,
        champs={"fin": max(jour, arret.debut)},
    )
    for colonne, jours in mesures_de(suite).items():
        setattr(suite, colonne, jours)
    suite.save()
    if suite.est_ouverte:
        fixer(suite)
    _retenir(suite, ChangementSuite.Nature.REPRISE, par=par, precision="Le délai court de nouveau", motif="")


def _retenir(suite: Suite, nature: str, *, par: Compte, precision: str, motif: str) -> None:
    dire(suite, ChangementSuite.retenir(suite, nature, par=par, precision=precision[:200], motif=motif))
