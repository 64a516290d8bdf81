"""Data of the dashboard of the élus: figures with links, charts, CSV lines."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from ccspl.models import Avis
from ccspl.tableau.avis import BilanDePreconisations, Mesures, Trimestre, rendus
from participation.socle.francais import INSECABLE, accorder, nombre, pluriel, pourcentage
from participation.socle.graphiques import Graphique, Ligne, Serie, Texte, pourcent

ENTETES = [
    "Avis",
    "Titre",
    "Service",
    "Objet",
    "Saisine",
    "Sens",
    "Rendu le",
    "Préconisation n°",
    "Préconisation",
    "Direction",
    "Ce qu’elle est devenue",
    "Raison ou réponse",
    "Réponse attendue le",
    "Répondue le",
]


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure, the text and URL of its link, and the text that follows."""

    valeur: str
    lien: str
    url: str
    suite: str = ""
    est_grave: bool = False


def adresse(nom: str, **filtres: object) -> str:
    dits = {cle: v.isoformat() if isinstance(v, date) else v for cle, v in filtres.items()}
    return f"{reverse(nom)}?{urlencode(dits)}"


def chiffres(mesures: Mesures) -> list[Chiffre]:
    periode = {"rendu_du": mesures.debut, "rendu_au": mesures.fin}
    total, services = mesures.total, mesures.services
    resultat = [
        Chiffre(
            str(mesures.rendus),
            f"avis rendu{pluriel(mesures.rendus)}",
            adresse("ccspl:avis_rendus", **periode),
            f", dont {mesures.auto_saisines} par auto-saisine" if mesures.auto_saisines else "",
        ),
        Chiffre(
            str(mesures.preconisations),
            f"préconisation{pluriel(mesures.preconisations)}",
            adresse("ccspl:preconisations", **periode),
            f" pour {accorder(services, 'service', espace=INSECABLE)}" if services else "",
        ),
    ]
    if mesures.part_suivie is not None:
        resultat.append(
            Chiffre(
                pourcentage(mesures.part_suivie),
                "suivies",
                adresse("ccspl:preconisations", **periode, sort="tout_ou_partie"),
                f", en tout ({total.suivies}) ou en partie ({total.en_partie})",
            )
        )
    ancien = mesures.plus_ancien_retard
    resultat.append(
        Chiffre(
            str(mesures.en_retard),
            f"réponse{pluriel(mesures.en_retard)} en retard",
            adresse("ccspl:preconisations", sort="retard"),
            f" aujourd’hui, la plus ancienne de {accorder(ancien, 'jour', espace=INSECABLE)}"
            if ancien
            else " aujourd’hui",
            est_grave=bool(mesures.en_retard),
        )
    )
    return resultat


def graphique_etats(mesures: Mesures, lus: Collection[str]) -> Graphique:
    """Return the chart of saisines by état.

    Only the états in `lus` have a link: other lists would be empty.
    """
    return Graphique(
        "Où en sont les saisines",
        [capfirst(libelle) for _, libelle, _ in mesures.par_etat],
        [Serie("Avis", [n for *_, n in mesures.par_etat])],
        colonne="Étape",
        description="Avis demandés à la commission sur la période, à l’étape d’aujourd’hui.",
        identifiant="t-etats",
        liens=[
            adresse("ccspl:avis_rendus", saisi_du=mesures.debut, saisi_au=mesures.fin, etat=etat)
            if etat in lus
            else None
            for etat, *_ in mesures.par_etat
        ],
    )


def graphique_sens(mesures: Mesures) -> Graphique:
    return Graphique(
        "Le sens des avis",
        [capfirst(libelle) for _, libelle, _ in mesures.par_sens],
        [Serie("Avis", [n for *_, n in mesures.par_sens])],
        colonne="Sens",
        description="Avis rendus sur la période.",
        identifiant="t-sens",
        liens=[
            adresse("ccspl:avis_rendus", rendu_du=mesures.debut, rendu_au=mesures.fin, sens=sens)
            for sens, *_ in mesures.par_sens
        ],
    )


@dataclass(frozen=True, slots=True)
class GraphiqueSuites(Graphique):
    """Chart with four colours. Its table separates « à l’étude » from « sans réponse »."""

    bilans: Sequence[BilanDePreconisations] = ()

    @property
    def entetes(self) -> list[str]:
        return [
            self.colonne,
            "Suivies",
            "En partie",
            "Non suivies",
            "Hors compétence",
            "À l’étude",
            "Sans réponse",
            "Total",
        ]

    @property
    def tableau(self) -> list[Ligne]:
        return [
            Ligne(
                b.libelle,
                [
                    nombre(n)
                    for n in (
                        b.suivies,
                        b.en_partie,
                        b.non_suivies,
                        b.hors_competence,
                        b.a_l_etude,
                        b.sans_reponse,
                        b.total,
                    )
                ],
                lien,
            )
            for b, lien in zip(self.bilans, self.liens, strict=True)
        ]


def graphique_suites(bilans: Sequence[BilanDePreconisations], liens: Sequence[str]) -> GraphiqueSuites:
    return GraphiqueSuites(
        "Les préconisations, par service",
        [b.libelle for b in bilans],
        [
            Serie("suivies", [b.suivies for b in bilans]),
            Serie("suivies en partie", [b.en_partie for b in bilans]),
            Serie("non suivies", [b.non_suivies + b.hors_competence for b in bilans]),
            Serie("en attente", [b.en_attente for b in bilans]),
        ],
        colonne="Service",
        description="Nombre de préconisations et ce qu’elles sont devenues.",
        identifiant="t-services",
        liens=liens,
        bilans=bilans,
    )


@dataclass(frozen=True, slots=True)
class GraphiqueDelais(Graphique):
    """A quarter without an answer has no column and no value, rather than zero days."""

    trimestres: Sequence[Trimestre] = ()

    @property
    def entetes(self) -> list[str]:
        return [self.colonne, "Jours, médiane", "Réponses"]

    @property
    def tableau(self) -> list[Ligne]:
        return [
            Ligne(f"{t.libelle[:2]} {t.debut.year}", [nombre(t.jours), nombre(t.reponses)], lien)
            for t, lien in zip(self.trimestres, self.liens, strict=True)
        ]

    @property
    def textes(self) -> list[Texte]:
        muettes = {self._place(i)[0] for i, t in enumerate(self.trimestres) if t.jours is None}
        vides = {pourcent(place) for place in muettes}
        return [
            texte
            for texte in super(GraphiqueDelais, self).textes
            if not (texte.classe == "valeur" and texte.x in vides)
        ]


def graphique_delais(
    trimestres: Sequence[Trimestre], objectif: int | None, liens: Sequence[str]
) -> Graphique:
    """Return the chart of delays, with two series when an objective exists and is not always met."""
    tenus = [objectif is None or (t.jours is not None and t.jours <= objectif) for t in trimestres]
    valeurs = [None if t.jours is None else float(t.jours) for t in trimestres]
    series = [Serie("Jours", valeurs, 1)]
    if objectif is not None and not all(tenus):
        series = [
            Serie("objectif tenu", [v if oui else None for v, oui in zip(valeurs, tenus, strict=True)], 1),
            Serie("au-delà", [None if oui else v for v, oui in zip(valeurs, tenus, strict=True)], 2),
        ]
    dits = [t for t in trimestres if t.jours is not None]
    return GraphiqueDelais(
        "Délai de réponse",
        [t.libelle for t in trimestres],
        series,
        colonne="Trimestre",
        unite="j",
        totaux=False,
        cible=objectif,
        cible_libelle=f"l’objectif, {objectif}{INSECABLE}jours" if objectif is not None else "",
        description="Jours entre la demande et la première réponse, médiane par trimestre.",
        identifiant="t-delai",
        liens=liens,
        trimestres=trimestres,
        resume=f"Délai médian de réponse par trimestre, de {dits[0].jours}{INSECABLE}jours à {dits[-1].jours}{INSECABLE}jours."
        if dits
        else "",
    )


def lignes_du_csv(avis: QuerySet[Avis], debut: date, fin: date) -> Iterator[list[object]]:
    """Yield one line by préconisation; an avis without any has one line."""
    faits = (
        rendus(avis, debut, fin)
        .select_related("service")
        .prefetch_related("preconisations__suite__direction")
        .order_by("adopte_le", "pk")
    )
    for un in faits.iterator(chunk_size=200):
        tete: list[object] = [
            un.reference,
            un.titre,
            un.service,
            un.get_objet_display(),
            un.get_saisine_display(),
            un.get_sens_display(),
            timezone.localtime(un.adopte_le).date() if un.adopte_le else None,
        ]
        siennes = list(un.preconisations.all())
        for ligne in siennes:
            suite = ligne.suite
            yield [
                *tete,
                ligne.numero,
                ligne.texte,
                suite.direction if suite else "",
                suite.get_etat_display() if suite else "pas encore transmise",
                suite.reponse_dite if suite else "",
                suite.date_limite if suite else None,
                timezone.localtime(suite.repondue_le).date() if suite and suite.repondue_le else None,
            ]
        if not siennes:
            yield [*tete, *[""] * 7]
