"""Comparison of applicants and retained candidatures with the population. Unknown shares are not shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, PartReference
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import Choix, Eligibilite
from participation.seances.models import Profil
from participation.socle.francais import INSECABLE, accorder, majuscule, nombre, pluriel, pourcentage
from participation.socle.graphiques import Carte, Graphique, Serie
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.cartes import carte_des_communes
from participation.socle.models import Commune, Quartier
from participation.socle.workflow import Role


def pourcent(part: int, total: int) -> float:
    """Return the percentage to one decimal; 0 for a total of 0."""
    return round(100 * part / total, 1) if total else 0.0


VALEURS: dict[str, list[tuple[str, str]]] = {
    PartReference.Dimension.AGE: [(v.value, str(v.label)) for v in Profil.Age],
    PartReference.Dimension.GENRE: [(v.value, str(v.label)) for v in Profil.Genre],
}


GRANDES = 8  # communes shown by name


@dataclass(frozen=True, slots=True)
class Dimension:
    """One comparison: chart of the group, chart of the population (None when unknown), one sentence."""

    cle: str
    titre: str
    groupe: Graphique
    population: Graphique | None
    phrase: str


@dataclass(frozen=True, slots=True)
class LigneCollege:
    """Seats of a collège, and candidatures at each step."""

    college: CollegeCampagne
    recues: int
    a_verifier: int
    eligibles: int
    retenues: int
    attente: int


def lignes_colleges(campagne: Campagne) -> list[LigneCollege]:
    """Return one row per collège, in two queries."""
    comptes: dict[int, Counter[str]] = {}
    groupes = (
        campagne.candidatures.deposees()
        .order_by()
        .values("college", "eligibilite", "choix")
        .annotate(n=Count("pk"))
    )
    for groupe in groupes:
        compte = comptes.setdefault(groupe["college"], Counter())
        compte["recues"] += groupe["n"]
        compte[groupe["eligibilite"]] += groupe["n"]
        compte[groupe["choix"]] += groupe["n"]
    lignes = []
    for college in campagne.colleges.all():
        compte = comptes.get(college.pk, Counter())
        lignes.append(
            LigneCollege(
                college,
                compte["recues"],
                compte["a_verifier"],
                compte["eligible"],
                compte[Choix.RETENUE],
                compte[Choix.ATTENTE],
            )
        )
    return lignes


def dimensions(campagne: Campagne, candidatures: QuerySet[Candidature], titre: str) -> list[Dimension]:
    """Return the comparisons by commune, quartier prioritaire, age and genre.

    Age and genre are compared with the shares typed for the campaign, if any.
    """
    total = candidatures.count()
    parts = {(p.dimension, p.valeur): float(p.pourcent) for p in campagne.parts.all()}
    return [
        _communes(candidatures, total, titre),
        _quartiers(candidatures, total, titre),
        *(
            _declaree(candidatures, total, titre, dimension, parts)
            for dimension in PartReference.Dimension.values
        ),
    ]


def _compter(candidatures: QuerySet[Candidature], champ: str) -> dict[Any, int]:
    return dict(candidatures.order_by().values_list(champ).annotate(n=Count("pk")))


def _communes(candidatures: QuerySet[Candidature], total: int, titre: str) -> Dimension:
    communes = list(Commune.objects.only("code_insee", "nom", "population"))
    par_commune = _compter(candidatures, "commune")
    habitants = sum(c.population for c in communes)
    grandes = sorted(communes, key=lambda c: -c.population)[:GRANDES]
    autres = [c for c in communes if c not in grandes]
    noms = [*(c.nom for c in grandes), f"Les {len(autres)} autres communes"]
    groupe = [
        *(pourcent(par_commune.get(c.pk, 0), total) for c in grandes),
        pourcent(sum(par_commune.get(c.pk, 0) for c in autres), total),
    ]
    population = [
        *(pourcent(c.population, habitants) for c in grandes),
        pourcent(sum(c.population for c in autres), habitants),
    ]
    representees = sum(1 for c in communes if par_commune.get(c.pk))
    phrase = (
        f"{accorder(representees, 'commune', espace=INSECABLE)} sur {len(communes)} "
        f"{pluriel(representees, 'est représentée,sont représentées')}."
    )
    return _dimension("communes", "Communes", titre, noms, groupe, population, phrase)


def _quartiers(candidatures: QuerySet[Candidature], total: int, titre: str) -> Dimension:
    dans = candidatures.filter(quartier__isnull=False).count()
    connus = Quartier.objects.aggregate(n=Sum("population"))["n"]
    habitants = Commune.objects.aggregate(n=Sum("population"))["n"] or 0
    part = pourcent(dans, total)
    noms = ["Quartier prioritaire", "Autre quartier"]
    population = None
    phrase = (
        f"{accorder(dans, 'personne', espace=INSECABLE)} d’un quartier prioritaire ({pourcentage(part)})."
    )
    if connus and habitants:
        reelle = pourcent(connus, habitants)
        population = [reelle, round(100 - reelle, 1)]
        phrase += f" Dans la population{INSECABLE}: {pourcentage(reelle)}."
    else:
        phrase += " La population des quartiers prioritaires n’est pas encore connue ici."
    groupe = [part, round(100 - part, 1) if total else 0.0]
    return _dimension("quartiers", "Quartiers prioritaires", titre, noms, groupe, population, phrase)


def _declaree(
    candidatures: QuerySet[Candidature],
    total: int,
    titre: str,
    dimension: str,
    parts: Mapping[tuple[str, str], float],
) -> Dimension:
    par_valeur = _compter(candidatures, dimension)
    valeurs = VALEURS[dimension]
    dits = sum(par_valeur.get(v, 0) for v, _ in valeurs)
    groupe = [pourcent(par_valeur.get(v, 0), dits) for v, _ in valeurs]
    connues = [parts.get((dimension, v)) for v, _ in valeurs]
    population = [part or 0.0 for part in connues] if any(p is not None for p in connues) else None
    phrase = f"{nombre(dits)}{INSECABLE}sur {nombre(total)} l’ont dit{INSECABLE}: les parts sont calculées sur ces réponses."
    if population is None:
        phrase += " Aucune part de référence n’est saisie pour cette campagne."
    noms = [majuscule(libelle) for _, libelle in valeurs]
    intitule = "Âge" if dimension == PartReference.Dimension.AGE else "Genre"
    return _dimension(dimension, intitule, titre, noms, groupe, population, phrase)


def _dimension(
    cle: str,
    intitule: str,
    titre: str,
    noms: Sequence[str],
    groupe: Sequence[float],
    population: Sequence[float] | None,
    phrase: str,
) -> Dimension:
    maximum = max([*groupe, *(population or []), 10.0])

    def dessin(quoi: str, valeurs: Sequence[float], suffixe: str) -> Graphique:
        return Graphique(
            titre=quoi,
            categories=noms,
            series=[Serie(quoi, valeurs)],
            colonne=intitule,
            unite="%",
            maximum=maximum,
            identifiant=f"{cle}-{suffixe}",
            totaux=False,
        )

    return Dimension(
        cle,
        intitule,
        dessin(titre, groupe, "groupe"),
        dessin("Population", population, "population") if population is not None else None,
        phrase,
    )


def carte_des_candidatures(candidatures: QuerySet[Candidature]) -> Carte:
    """Map of the candidatures by commune, for agents only: small counts are shown."""
    par_commune = _compter(candidatures, "commune")
    return carte_des_communes(
        par_commune,
        "Candidatures par commune",
        "candidatures",
        bornes=(2, 5, 10, 25),
        total=sum(par_commune.values()),
    )


@reserve_a(Role.AGENT)
@require_safe
def equilibre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Comparison of the candidatures with the population, by collège and profile."""
    trouvee = trouver_campagne(request, pk)
    colleges = [c for c in trouvee.colleges.all() if c.est_ouvert]
    numero = request.GET.get("college", "")
    choisi = next((c for c in colleges if str(c.pk) == numero), None)
    candidatures = trouvee.candidatures.deposees().exclude(eligibilite=Eligibilite.NON_ELIGIBLE)
    if choisi is not None:
        candidatures = candidatures.filter(college=choisi)
    quoi = "retenues" if request.GET.get("quoi") == "retenues" else "candidatures"
    if quoi == "retenues":
        candidatures = candidatures.filter(choix="retenue")
    return render(
        request,
        "renouvellement/selection/equilibre.html",
        {
            "campagne": trouvee,
            "colleges": colleges,
            "choisi": choisi,
            "quoi": quoi,
            "total": candidatures.count(),
            "dimensions": dimensions(
                trouvee, candidatures, "Personnes retenues" if quoi == "retenues" else "Candidatures"
            ),
            "carte": carte_des_candidatures(candidatures),
            "parts_connues": trouvee.parts.exists(),
            "peut_noter_parts": trouvee.permet("noter_parts", request.user),
        },
    )
