"""Dossiers that the comité de suivi should look at (blocked, growing, refused by every service), and its report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from participation.seances.models import Point, PointDossier, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.calendrier import du_au, jours_entre
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte, majuscule, nombre, periode_texte, pourcentage
from participation.socle.models import Compte
from remontees.models import Attribution, Categorie, ReglementRemontees, Remontee, Sujet
from remontees.models.manques import hors_du_circuit
from remontees.workflow import EN_COURS as REMONTEES_EN_COURS
from remontees.workflow import (
    INSTANCE,
    PARTS_ATTENDUES,
    PARTS_VIVANTES,
    SUJETS_EN_COURS,
    Canal,
    EtatAttribution,
    Issue,
)

# A sujet grows when a month brings over CROISSANCE times the month before, and at least AU_MOINS.
CROISSANCE, AU_MOINS = 2, 5


MONTRES = 100
PARTOUT = Q()  # of any instance


@dataclass(frozen=True, slots=True)
class Candidat:
    """A dossier to show to the comité, with the reasons in a few words."""

    dossier: Remontee | Sujet
    raisons: tuple[str, ...]

    @property
    def cle(self) -> str:
        return str(self.dossier.pk)


def seance_de(dossier: Remontee | Sujet, parmi: Q = PARTOUT) -> Seance | None:
    """Return the séance to come or in progress with the dossier on its agenda; `parmi` these points, of any by default."""
    points = Point.objects.filter(
        parmi,
        dossiers=dossier.pk,
        etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        seance__etat__in=A_VENIR | EN_COURS,
    )
    point = points.select_related("seance__instance").first()
    return point.seance if point is not None else None


def avant_d_inscrire(traite: Any, acte: str, par: Compte | None) -> list[str]:
    """One séance of the comité at a time has it on its agenda, and none a discrimination."""
    deja = seance_de(traite, Q(seance__instance__cle=INSTANCE))
    if deja is None:
        return hors_du_circuit(traite, acte, par)
    dit = f"« {traite.titre} » est déjà à l’ordre du jour de la séance du {jour_texte(deja.debut)}."
    return [Manque(dit, deja.get_absolute_url())]


def seances_du_comite() -> Any:
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
    ).order_by("debut")


def autres_seances() -> Any:
    """Return the séances to come of the other instances."""
    return (
        Seance.objects.filter(etat__in=A_VENIR)
        .exclude(instance__cle=INSTANCE)
        .select_related("instance")
        .order_by("debut")
    )


def candidats() -> list[Candidat]:
    """Return the dossiers with most reasons first, then the oldest; constant number of queries.

    Those already on an agenda of the comité are left out.
    """
    trouves: dict[int, tuple[Remontee | Sujet, list[str]]] = {}
    for dossiers, raison in _raisons():
        # Found first: joining the table of all dossiers to those in progress would read it whole.
        premiers = list(dossiers.order_by("pk").values_list("pk", flat=True)[:MONTRES])
        for dossier in dossiers.model.objects.filter(pk__in=premiers).select_related("direction"):
            trouves.setdefault(dossier.pk, (dossier, []))[1].append(raison)
    for sujet, raison in _qui_montent():
        trouves.setdefault(sujet.pk, (sujet, []))[1].append(raison)
    lus = [Candidat(dossier, tuple(raisons)) for dossier, raisons in trouves.values()]
    return sorted(
        lus, key=lambda c: (-len(c.raisons), c.dossier.ouvert_le or c.dossier.cree_le, c.dossier.pk)
    )[:MONTRES]


def a_des_candidats() -> bool:
    return (
        any(dossiers.exists() for dossiers, _ in _raisons())
        or _en_cours().filter(pk__in=_croissances().values("sujet_commun")).exists()
    )


def _inscrits() -> Q:
    points = Point.objects.filter(
        etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        seance__etat__in=A_VENIR | EN_COURS,
        seance__instance__cle=INSTANCE,
    )
    return Q(liens_points__point__in=points)


def _raisons() -> Any:
    """Yield (queryset, reason) for the dossiers that are blocked or refused by all."""
    jour = timezone.localdate() - timedelta(days=ReglementRemontees.actuel().escalade_jours)
    parts = Attribution.objects.order_by().values("dossier")
    en_retard = parts.filter(etat__in=sorted(PARTS_ATTENDUES), date_limite__lt=jour)
    refusees = parts.filter(etat=EtatAttribution.REFUSEE)
    vivantes = Attribution.objects.filter(dossier=OuterRef("pk"), etat__in=sorted(PARTS_VIVANTES))
    for en_cours in (
        Remontee.objects.filter(etat__in=sorted(REMONTEES_EN_COURS), est_discrimination=False),
        Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS)),
    ):
        yield en_cours.exclude(_inscrits()).filter(pk__in=en_retard), "un service ne répond pas"
        yield (
            en_cours.exclude(_inscrits()).filter(~Exists(vivantes), pk__in=refusees),
            "refusée par tous les services",
        )


def _croissances() -> Any:
    """Return (sujet_commun, recentes, anciennes) where a month brought more than twice the one before."""
    jour = timezone.localdate()
    mois, avant = jour - timedelta(days=30), jour - timedelta(days=60)
    return (
        Remontee.objects.filter(sujet_commun__isnull=False, entendue_le__gt=avant)
        .order_by()
        .values("sujet_commun")
        .annotate(
            recentes=Count("pk", filter=Q(entendue_le__gt=mois)),
            anciennes=Count("pk", filter=Q(entendue_le__lte=mois)),
        )
        .filter(recentes__gte=AU_MOINS, recentes__gt=CROISSANCE * F("anciennes"))
    )


def _en_cours() -> Any:
    return Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS)).exclude(_inscrits())


def _qui_montent() -> Any:
    """Yield (sujet, reason) for the sujets of which people speak more than the month before."""
    nombres = {ligne["sujet_commun"]: ligne for ligne in _croissances()}
    for sujet in _en_cours().filter(pk__in=nombres).select_related("direction")[:MONTRES]:
        siens = nombres[sujet.pk]
        yield (
            sujet,
            f"monte : {accorder(siens['recentes'], 'remontée')} en un mois, {siens['anciennes']} le mois d’avant",
        )


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
        "periode": majuscule(periode_texte(debut, fin)),
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
    dites = [[nom, nombre(n) if n >= secret else f"moins de {secret}"] for nom, n in lignes]
    sans = entendues.filter(commune=None).count()
    return [*dites, ["Sans commune", nombre(sans)]] if sans else dites


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
