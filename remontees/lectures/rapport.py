"""Data of the report to the comité de suivi on a period. JSON values only."""

from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Any

from django.db.models import Count, F, Q

from participation.seances.models import PointDossier
from participation.socle.calendrier import du_au, jours_entre
from participation.socle.francais import accorder, jour_texte, nombre, pourcentage
from remontees.models import Attribution, Categorie, ReglementRemontees, Remontee, Sujet
from remontees.workflow import INSTANCE, Canal, EtatAttribution, Issue

SUJETS_CITES = 40


def donnees_rapport(debut: date, fin: date) -> dict[str, Any]:
    """Return the data from `debut` to `fin`, both included. Small counts by commune are hidden."""
    entendues = Remontee.objects.filter(entendue_le__range=(debut, fin), est_discrimination=False)
    combien = entendues.count()
    delais = [
        jours_entre(ouverte, repondue)
        for ouverte, repondue in entendues.exclude(repondue_le=None).values_list("ouvert_le", "repondue_le")
    ]
    secret = ReglementRemontees.actuel().secret_statistique
    themes = dict(Categorie.objects.filter(parent=None).values_list("pk", "nom"))
    repondues, urgentes = len(delais), entendues.filter(est_urgente=True).count()
    return {
        "periode": f"Du {jour_texte(debut)} au {jour_texte(fin)}",
        "en_bref": _en_bref(combien, urgentes, repondues, median(delais) if delais else None),
        "tableaux": [
            _tableau(
                "Ce qu’elles sont devenues",
                "Issue",
                _compter(entendues.exclude(issue=""), "issue", {i.value: str(i.label) for i in Issue}, ""),
            ),
            _tableau(
                "De quoi elles parlent",
                "Thème",
                _compter(entendues, "categorie__parent", themes, "Sans catégorie"),
            ),
            _tableau(
                "Par où elles sont venues",
                "Canal",
                _compter(entendues, "canal", {c.value: str(c.label) for c in Canal}, ""),
            ),
            _tableau("D’où elles viennent", "Commune", _communes(entendues, secret)),
            {
                "titre": "Ce que répondent les services",
                "entetes": ["Direction", "Confiées", "Répondues", "Dans le délai", "Refusées"],
                "lignes": _services(debut, fin),
            },
        ],
        "sujets": _sujets(debut, fin),
        "decisions": _decisions(debut, fin),
    }


def _tableau(titre: str, quoi: str, lignes: list[list[str]]) -> dict[str, Any]:
    return {"titre": titre, "entetes": [quoi, "Remontées"], "lignes": lignes}


def _en_bref(combien: int, urgentes: int, repondues: int, delai: float | None) -> str:
    if not combien:
        return "Aucune remontée entendue sur la période."
    dont = f", dont {accorder(urgentes, 'urgente')}" if urgentes else ""
    part = pourcentage(100 * repondues / combien)
    dit = f"{accorder(combien, 'remontée entendue', 'remontées entendues')}{dont}. "
    dit += (
        f"{accorder(repondues, 'a', 'ont')} une réponse ({part})."
        if repondues
        else "Aucune n’a encore de réponse."
    )
    if delai is not None:
        dit += f" Une fois sur deux, la réponse est venue en {accorder(int(delai), 'jour')} au plus."
    return dit


def _communes(entendues: Any, secret: int) -> list[list[str]]:
    lignes = (
        entendues.exclude(commune=None)
        .order_by()
        .values_list("commune__nom")
        .annotate(n=Count("pk"))
        .order_by("-n", "commune__cle_tri")
    )
    return [[nom, nombre(n) if n >= secret else f"moins de {secret}"] for nom, n in lignes]


def _compter(remontees: Any, champ: str, noms: dict[Any, str], sans: str) -> list[list[str]]:
    lignes: Iterable[tuple[Any, int]] = (
        remontees.order_by().values_list(champ).annotate(n=Count("pk")).order_by("-n")
    )
    return [[noms.get(cle, sans), nombre(n)] for cle, n in lignes]


def _services(debut: date, fin: date) -> list[list[str]]:
    """Return [service, given, answered, in time, refused] for the parts given in the period."""
    rendue = Q(repondue_le__isnull=False)
    lignes = (
        Attribution.objects.filter(du_au("envoyee_le", debut, fin), direction__isnull=False)
        .order_by()
        .values("direction__nom")
        .annotate(
            donnees=Count("pk"),
            rendues=Count("pk", filter=rendue),
            a_temps=Count("pk", filter=rendue & Q(repondue_le__date__lte=F("date_limite"))),
            refusees=Count("pk", filter=Q(etat=EtatAttribution.REFUSEE)),
        )
        .order_by("direction__nom")
    )
    return [
        [s["direction__nom"], *(nombre(s[cle]) for cle in ("donnees", "rendues", "a_temps", "refusees"))]
        for s in lignes
    ]


def _sujets(debut: date, fin: date) -> list[dict[str, str]]:
    """Return the sujets that received remontées in the period, those with most first."""
    dans = Q(remontees__entendue_le__range=(debut, fin))
    sujets: Any = (
        Sujet.objects.annotate(n=Count("remontees", filter=dans)).filter(n__gt=0).order_by("-n", "pk")
    )
    return [
        {
            "reference": s.reference or "",
            "titre": s.titre,
            "combien": accorder(s.n, "remontée"),
            "etat": s.libelle_etat,
            # An answer is hidden until another agent has read it.
            "issue": "" if s.est_a_relire else str(s.get_issue_display()),
            "reponse": "" if s.est_a_relire else s.reponse,
        }
        for s in sujets[:SUJETS_CITES]
    ]


def _decisions(debut: date, fin: date) -> list[list[str]]:
    """Return [day, dossier, decision] for the séances of the comité in the period."""
    liens = (
        PointDossier.objects.filter(
            point__seance__instance__cle=INSTANCE, decidee_le__date__range=(debut, fin)
        )
        .exclude(decision="")
        .select_related("dossier")
        .order_by("decidee_le", "pk")
    )
    return [
        [
            jour_texte(lien.decidee_le),
            f"{lien.dossier.titre} ({lien.dossier.reference})",
            lien.libelle_decision,
        ]
        for lien in liens
    ]
