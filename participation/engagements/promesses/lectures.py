"""Indicators of the engagements with their value, of now or of a year: computed from what is public here, or written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.engagements.models import EngagementPris, Indicateur, Valeur
from participation.engagements.promesses.regles import est_atteinte, phrase, unite_de
from participation.engagements.workflow import Mesure
from participation.inclusion.profils import lectures as profils
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Commune, Document, Dossier
from participation.suites.rendu_compte.lectures import Bilan, FiltresDeSuites, bilan, bilans_par, part

RAPPORT = "engagements/rapport"  # nature of the document


@dataclass(frozen=True, slots=True)
class Lue:
    """`comment`: the query in words, or the source. `liste`: address of what it counts, "" when written.

    `communes`: (name, value, address of the list) of each, for an indicator shown so. `le`: when a kept figure was counted.
    """

    indicateur: Indicateur
    valeur: Decimal | float | None
    comment: str
    liste: str = ""
    constatee_le: date | None = None
    valeurs: Sequence[Valeur] = ()
    communes: Sequence[tuple[str, float | None, str]] = ()
    le: datetime | None = None

    @property
    def unite(self) -> str:
        return unite_de(self.indicateur.mesure, self.indicateur.unite, self.valeur)

    @property
    def unite_de_la_cible(self) -> str:
        return unite_de(self.indicateur.mesure, self.indicateur.unite, self.indicateur.cible)

    @property
    def atteinte(self) -> bool | None:
        return est_atteinte(self.valeur, self.indicateur.cible, est_un_plafond=self.indicateur.est_un_plafond)


def publics_manquants(annee: int | None = None) -> int | None:
    """Return how many groups are fewer than in the population, among who answered; None while nobody did."""
    comparaisons, _ = profils.comparaisons_de(annee or timezone.localdate().year)
    return sum(len(c.manquants) for c in comparaisons) if comparaisons else None


# None while nobody answered: a kept figure is never empty, so it stands in a mapping.
PUBLICS = Tenu("engagements.publics", lambda: {"manquants": publics_manquants()})


class Chiffres:
    """What the indicators read: kept figures for now, counted figures for a year. Each is read once, when it is asked."""

    def __init__(self, annee: int | None = None) -> None:
        self.annee = annee
        self._lus: dict[str, Any] = {}

    def _une_fois(self, cle: str, lire: Callable[[], Any]) -> Any:
        if cle not in self._lus:
            self._lus[cle] = lire()
        return self._lus[cle]

    def instrument(self, nature: str) -> Bilan:
        filtres = FiltresDeSuites(instrument=nature, annee=self.annee)
        if self.annee or not nature:
            lu: Bilan = self._une_fois(f"instrument:{nature}", lambda: bilan(filtres))
            return lu
        par: Mapping[str, Bilan] = self._une_fois("instrument", lambda: bilans_par("instrument"))
        return par.get(nature, Bilan())

    def communes(self) -> Mapping[str, Bilan]:
        lues: Mapping[str, Bilan] = self._une_fois("commune", lambda: bilans_par("commune", self.annee))
        return lues

    def noms(self) -> Mapping[str, str]:
        lus: Mapping[str, str] = self._une_fois(
            "noms", lambda: dict(Commune.objects.order_by("nom").values_list("pk", "nom"))
        )
        return lus

    def publics(self) -> int | None:
        if self.annee:
            compte: int | None = self._une_fois("publics", lambda: publics_manquants(self.annee))
            return compte
        garde: int | None = self._une_fois("publics", lambda: PUBLICS.lire().valeur["manquants"])
        return garde


def lire(indicateurs: Iterable[Indicateur], annee: int | None = None) -> list[Lue]:
    """Return each with its value. A fixed number of queries for now, whatever their number."""
    chiffres = Chiffres(annee)
    return [_lire(indicateur, chiffres) for indicateur in indicateurs]


def _lire(indicateur: Indicateur, chiffres: Chiffres) -> Lue:
    if not indicateur.est_calcule:
        return _ecrite(indicateur, chiffres.annee)
    if indicateur.mesure == Mesure.PUBLICS:
        return Lue(
            indicateur, chiffres.publics(), phrase(indicateur.mesure, ""), reverse("inclusion:qui_participe")
        )
    rendu_compte = reverse("suites:rendu_compte")
    if indicateur.mesure == Mesure.COMMUNES:
        entendues = sum(1 for lu in chiffres.communes().values() if lu.total)
        valeur = part(entendues, len(chiffres.noms()))
        return Lue(indicateur, valeur, phrase(indicateur.mesure, ""), reverse("suites:chiffres"))
    nom = Dossier.libelles_natures().get(indicateur.instrument, "")
    filtres = FiltresDeSuites(instrument=indicateur.instrument, annee=chiffres.annee)
    lu = chiffres.instrument(indicateur.instrument)
    return Lue(
        indicateur,
        getattr(lu, indicateur.mesure),
        phrase(indicateur.mesure, nom),
        f"{rendu_compte}?{filtres.requete()}",
        communes=_par_commune(indicateur, chiffres) if indicateur.par_commune else (),
        le=lu.le,
    )


def _par_commune(indicateur: Indicateur, chiffres: Chiffres) -> list[tuple[str, float | None, str]]:
    rendu_compte, par = reverse("suites:rendu_compte"), chiffres.communes()
    return [
        (
            nom,
            getattr(par[code], indicateur.mesure),
            f"{rendu_compte}?{FiltresDeSuites(commune=code, annee=chiffres.annee).requete()}",
        )
        for code, nom in chiffres.noms().items()
        if code in par
    ]


def _ecrite(indicateur: Indicateur, annee: int | None) -> Lue:
    valeurs = [v for v in indicateur.valeurs.all() if annee is None or v.constatee_le <= date(annee, 12, 31)]
    if not valeurs:
        return Lue(indicateur, None, phrase(indicateur.mesure, ""))
    derniere = valeurs[0]
    return Lue(
        indicateur,
        derniere.valeur,
        f"Source : {derniere.source}",
        constatee_le=derniere.constatee_le,
        valeurs=valeurs[1:],
    )


def publies() -> Any:
    """Return the published engagements, as the public list shows them: principle by principle."""
    tous: Any = EngagementPris.objects
    return (
        tous.filter(est_publie=True)
        .select_related("principe", "direction", "suivi_par")
        .prefetch_related("indicateurs__valeurs")
        .order_by("principe__numero", "reference")
    )


def avec_indicateurs(
    engagements: Iterable[EngagementPris], annee: int | None = None
) -> list[tuple[EngagementPris, list[Lue]]]:
    tous = list(engagements)
    lues = lire((i for engagement in tous for i in engagement.indicateurs.all()), annee)
    par_engagement: dict[int, list[Lue]] = {}
    for lue in lues:
        par_engagement.setdefault(lue.indicateur.engagement_id, []).append(lue)
    return [(engagement, par_engagement.get(engagement.pk, [])) for engagement in tous]


def fiches(engagements: Any) -> Iterator[dict[str, Any]]:
    """Yield one row for each indicator of the published engagements."""
    for engagement, lues in avec_indicateurs(engagements):
        for lue in lues:
            yield {
                "reference": engagement.reference,
                "engagement": engagement.titre,
                "principe": engagement.principe.titre if engagement.principe else None,
                "etat": engagement.etat,
                "date_limite": engagement.date_limite,
                "source": engagement.source,
                "direction": str(engagement.direction) if engagement.direction else None,
                "indicateur": lue.indicateur.intitule,
                "est_calcule": lue.indicateur.est_calcule,
                "valeur": lue.valeur,
                "unite": lue.unite or None,
                "cible": lue.indicateur.cible,
                "est_un_plafond": lue.indicateur.est_un_plafond,
                "atteinte": lue.atteinte,
                "comment": lue.comment,
                "constatee_le": lue.constatee_le,
            }


def rapports_publics() -> list[Document]:
    """Return the reports that anybody may open, the last year first; of a year made twice, the last one made."""
    prets = Document.objects.filter(nature=RAPPORT, est_public=True, etat=Document.Etat.PRET)
    par_annee = {document.donnees["annee"]: document for document in prets.order_by("cree_le", "pk")}
    return [par_annee[annee] for annee in sorted(par_annee, reverse=True)]


def annees() -> list[int]:
    """Return the years that a report may tell: from the first published engagement to this one, the last first."""
    premier = EngagementPris.objects.filter(est_publie=True).order_by("ouvert_le").first()
    if premier is None or premier.ouvert_le is None:
        return []
    return list(range(timezone.localdate().year, timezone.localdate(premier.ouvert_le).year - 1, -1))
