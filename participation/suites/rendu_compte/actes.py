"""The report of a year to the assembly: asked for by an agent, made by the worker, its data inside."""

import csv
import io
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from participation.socle.actions.documents import demander_document
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Compte, Document, Dossier
from participation.socle.regles.tableaux import neutraliser
from participation.suites.models import ChangementSuite, Suite
from participation.suites.regles import DeuxVerdicts
from participation.suites.rendu_compte.lectures import (
    RAPPORT,
    Axe,
    Bilan,
    FiltresDeSuites,
    chiffres,
    comparer_annees,
)
from participation.suites.workflow import Degre

MONTREES = 300  # suites told one by one; beyond, all are in the file that is joined
# In the report: what the chambers call the follow-up of the recommendations.
COLONNES = (
    "reference",
    "dossier",
    "suite",
    "direction",
    "etat",
    "mise_en_oeuvre",
    "ajoutee_le",
    "attendue_le",
    "repondue_le",
)


def demander_rapport(annee: int, *, par: Compte, instrument: str = "") -> Document:
    """Ask for the PDF of the report of a year. Its figures are those of now, and are kept with it.

    It tells what was asked or promised that year, and what moved that year in what is older; of one `instrument`, or of all.
    """
    filtres = FiltresDeSuites(annee=annee, instrument=instrument)
    (mesures, du_an), (_, tous) = chiffres(filtres), chiffres(FiltresDeSuites(instrument=instrument))
    sur = f" : {Dossier.libelles_natures()[instrument]}" if instrument else ""
    comparees = comparer_annees(_jusqu_a(next(axe for axe in tous if axe.cle == "annee"), annee))
    suites = _suites_de(annee, instrument)
    combien = suites.count()
    return demander_document(
        nature=RAPPORT,
        titre=f"Rendu compte de l’année {annee}{sur}",
        par=par,
        est_public=True,
        donnees={
            "annee": annee,
            **({"instrument": instrument} if instrument else {}),
            "bilan": _chiffres(mesures),
            "comparaison": _comparaison(comparees),
            "axes": [_axe(axe) for axe in du_an if axe.cle != "annee" and axe.lignes],
            "combien": combien,
            "suites": [_suite(suite) for suite in _montrees(suites, combien)],
            "fichier_joint": {
                "nom": f"rendu-compte-{annee}.csv",
                "description": f"Les suites du rapport {annee}",
                "texte": _csv(suites),
            },
        },
    )


def _suites_de(annee: int, instrument: str) -> QuerySet[Suite]:
    """Return the public suites of the year, and the older ones that changed during it."""
    du, au = date(annee, 1, 1), date(annee, 12, 31)
    changees = ChangementSuite.objects.filter(le__date__gte=du, le__date__lte=au).values("suite")
    siennes = Q(pk__in=changees) | Q(creee_le__date__gte=du, creee_le__date__lte=au)
    suites = Suite.objects.publiques().filter(siennes)
    if instrument:
        suites = suites.filter(dossier__nature=instrument)
    return suites.order_by("dossier__reference", "pk")


def _montrees(suites: QuerySet[Suite], combien: int) -> QuerySet[Suite]:
    """Return all of them, or those that have waited longest when nobody would read them all."""
    lues = suites.select_related("direction", "dossier").prefetch_related(
        "verdicts__sollicitation", "suspensions"
    )
    if combien <= MONTREES:
        return lues
    return lues.filter(repondue_le__isnull=True).order_by("date_limite", "pk")[:MONTREES]


def _jusqu_a(axe: Axe, annee: int) -> Axe:
    lignes = [ligne for ligne in axe.lignes if int(ligne.libelle) <= annee]
    return Axe(axe.cle, axe.titre, axe.colonne, lignes, axe.graphique)


def _chiffres(mesures: Bilan) -> dict[str, Any]:
    return {
        "total": mesures.total,
        "promises": mesures.promises,
        "repondues": mesures.repondues,
        "part_repondue": mesures.part_repondue,
        "part_a_temps": mesures.part_a_temps,
        "exigibles": mesures.exigibles,
        "mediane": mesures.mediane,
        "neuvieme_decile": mesures.neuvieme_decile,
        "totales": mesures.totales,
        "part_totale": mesures.part_totale,
        "verdicts": mesures.verdicts,
        "part_d_accord": mesures.part_d_accord,
        "en_retard": mesures.en_retard,
    }


def _comparaison(comparees: Any) -> dict[str, Any] | None:
    if comparees is None:
        return None
    avant, apres, mesures = comparees
    return {
        "avant": avant,
        "apres": apres,
        "mesures": [[m.libelle, m.unite, m.avant, m.apres, m.ecart] for m in mesures],
    }


def _axe(axe: Axe) -> dict[str, Any]:
    return {
        "titre": axe.titre,
        "colonne": axe.colonne,
        "lignes": [{"libelle": ligne.libelle, **_chiffres(ligne.bilan)} for ligne in axe.lignes],
    }


def _suite(suite: Suite) -> dict[str, Any]:
    deux: DeuxVerdicts | None = suite.deux_verdicts
    return {
        "intitule": suite.intitule,
        "dossier": suite.dossier.titre,
        "reference": suite.dossier.reference,
        "naissance": suite.naissance,
        "direction": str(suite.direction),
        "etat": majuscule(suite.get_etat_display()),
        "degre": majuscule(Degre(suite.degre).label),
        "reponse": suite.reponse_dite,
        "attendue_le": jour_texte(suite.date_limite),
        "repondue_le": jour_texte(suite.repondue_le) if suite.repondue_le else "",
        "arret": suite.suspension.phrase if suite.suspension else "",
        "verdict_direction": deux.direction if deux else "",
        "verdict_voix": [list(voix) for voix in deux.voix] if deux else [],
    }


def _csv(suites: QuerySet[Suite]) -> str:
    texte = io.StringIO()
    ecrivain = csv.writer(texte)
    ecrivain.writerow(COLONNES)
    lues = suites.values_list(
        "dossier__reference",
        "dossier__titre",
        "intitule",
        "direction__nom",
        "etat",
        "degre",
        "creee_le",
        "date_limite",
        "repondue_le",
    )
    for (
        reference,
        dossier,
        intitule,
        direction,
        etat,
        degre,
        creee_le,
        limite,
        repondue_le,
    ) in lues.iterator():
        ecrivain.writerow(
            [
                reference,
                *map(neutraliser, (dossier, intitule, direction)),
                etat,
                degre,
                timezone.localdate(creee_le).isoformat(),
                limite.isoformat(),
                timezone.localdate(repondue_le).isoformat() if repondue_le else "",
            ]
        )
    return texte.getvalue()
