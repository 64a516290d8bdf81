"""Who takes part: démarches of a year with their coverage, and groups beside the population."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone, translation

from participation.inclusion.models import (
    DecompteDeProfil,
    PartDePopulation,
    ReglementInclusion,
    ReponseDeProfil,
)
from participation.inclusion.workflow import VALEURS, Age, Critere, OuiNon
from participation.socle import vitrine
from participation.socle.francais import INSECABLE, accorder, accorder_ou_taire, majuscule, nombre
from participation.socle.graphiques import Graphique, Serie
from participation.socle.langues import FRANCAIS
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Commune, Quartier
from participation.socle.regles.petits_nombres import tus
from participation.socle.vitrine import Demarche


@dataclass(frozen=True, slots=True)
class Groupe:
    """A group beside the population. `part`: whole percentage of the answers; None when hidden. `population`: None when unknown."""

    valeur: str
    libelle: str
    part: int | None
    population: Decimal | None


def comparer(
    effectifs: Mapping[str, int],
    libelles: Sequence[tuple[str, str]],
    population: Mapping[str, Decimal],
    plus_petit: int,
) -> list[Groupe]:
    """Return each group, in the order of `libelles`; nothing when all the answers together are too few."""
    total = sum(effectifs.values())
    if total < plus_petit:
        return []
    masques = tus(effectifs, plus_petit)
    return [
        Groupe(
            valeur,
            libelle,
            None if valeur in masques else round(100 * effectifs.get(valeur, 0) / total),
            population.get(valeur),
        )
        for valeur, libelle in libelles
    ]


def manquants(groupes: Sequence[Groupe], ecart: int = 5) -> list[Groupe]:
    """Return the groups whose share is lower than that of the population by `ecart` points or more, most missing first."""
    ecarts = [
        (groupe.population - groupe.part, groupe)
        for groupe in groupes
        if groupe.part is not None and groupe.population is not None
    ]
    return [groupe for de, groupe in sorted(ecarts, key=lambda e: -e[0]) if de >= ecart]


LONGUE = 10  # groups; beyond, the table is folded
ANNEES = 5  # years offered


@dataclass(frozen=True, slots=True)
class Ligne:
    """A démarche, and how many of who took part answered a question at least."""

    demarche: Demarche
    reponses: int
    plus_petit: int

    @property
    def couverture(self) -> str:
        return dire_couverture(self.reponses, self.demarche.participants, self.plus_petit)

    @property
    def se_montre(self) -> bool:
        return self.reponses >= self.plus_petit


@dataclass(frozen=True, slots=True)
class Comparaison:
    """The groups of one question. `sources`: who counted the population."""

    titre: str
    groupes: Sequence[Groupe]
    reponses: int
    sources: Sequence[str]

    @property
    def des_groupes_caches(self) -> bool:
        return any(groupe.part is None for groupe in self.groupes)

    @property
    def est_longue(self) -> bool:
        return len(self.groupes) > LONGUE

    @property
    def dessin(self) -> Graphique:
        """The answers, and beside them the population where it is known."""
        series = [Serie("Réponses", [groupe.part for groupe in self.groupes], 1, sans="caché")]
        parts = [None if g.population is None else float(g.population) for g in self.groupes]
        if any(part is not None for part in parts):
            series.append(Serie("Population", parts, 4, sans="inconnue"))
        return Graphique(
            titre=self.titre,
            categories=[groupe.libelle for groupe in self.groupes],
            series=series,
            colonne="Groupe",
            unite="%",
            totaux=False,
            cote_a_cote=True,
        )

    @property
    def manquants(self) -> list[Groupe]:
        """Those that are fewer than in the population, but for the children, to whom few démarches are open."""
        return [groupe for groupe in manquants(self.groupes) if groupe.valeur != Age.MOINS_DE_15]


def dire_couverture(reponses: int, participants: int, plus_petit: int) -> str:
    """Return « 31 % ont répondu (124 sur 400) »: said first, since who does not answer is not known."""
    if not participants:
        return "personne n’a encore participé"
    if 0 < reponses < plus_petit:
        return f"{accorder_ou_taire(reponses, plus_petit, 'réponse')} pour {accorder(participants, 'participation')}"
    part = round(100 * min(reponses, participants) / participants)
    return f"{part}{INSECABLE}% ont répondu ({nombre(reponses)} sur {nombre(participants)})"


def lignes(annee: int) -> list[Ligne]:
    """Return the démarches of the year, those that most people took part in first. One query more than the apps'."""
    demarches: list[Demarche] = list(vitrine.recueillir("demarches", annee))
    repondu = {
        (nature, numero): n
        for nature, numero, n in ReponseDeProfil.objects.filter(
            critere=Critere.REPONSE, nature__in={d.nature for d in demarches}
        )
        .values_list("nature", "numero")
        .annotate(n=Count("*"))  # not of the key, which the index of the démarches has not
    }
    plus_petit = ReglementInclusion.actuel().plus_petit
    return sorted(
        (Ligne(d, repondu.get((d.nature, d.numero), 0), plus_petit) for d in demarches),
        key=lambda ligne: (-ligne.demarche.participants, ligne.demarche.titre),
    )


def couverture(lignes: Sequence[Ligne]) -> str:
    """Return the coverage of these démarches together. One person may have taken part in several."""
    participations = sum(ligne.demarche.participants for ligne in lignes)
    plus_petit = lignes[0].plus_petit if lignes else 0
    return dire_couverture(sum(ligne.reponses for ligne in lignes), participations, plus_petit)


def annees() -> list[int]:
    """Return the years offered, from the present one."""
    present = timezone.localdate().year
    return [present - n for n in range(ANNEES)]


def par_annee(annee: int) -> Tenu:
    """Return the figure of the answers of a year: question → answer → number."""
    return Tenu(
        f"inclusion.effectifs.{annee}",
        lambda: {"effectifs": _effectifs(list(vitrine.recueillir("demarches", annee)))},
    )


def comparaisons_de(annee: int) -> tuple[list[Comparaison], datetime]:
    """Return the questions that enough people answered in the year, and when they were counted."""
    lus, le = par_annee(annee).lire()
    return _comparer(lus["effectifs"]), le


def comparaisons(demarches: Sequence[Demarche]) -> list[Comparaison]:
    """Return the questions that enough people answered, over these démarches together."""
    return _comparer(_effectifs(demarches))


def _comparer(effectifs: Mapping[str, Mapping[str, int]]) -> list[Comparaison]:
    plus_petit = ReglementInclusion.actuel().plus_petit
    parts = list(PartDePopulation.objects.all())
    trouvees = []
    with translation.override(FRANCAIS):  # the questions are translated, these pages are not
        for critere in (c for c in Critere if c is not Critere.REPONSE):
            libelles, population, sources = _reperes(
                critere, [part for part in parts if part.critere == critere]
            )
            dits = Counter(effectifs.get(critere, {}))
            if groupes := comparer(dits, libelles, population, plus_petit):
                trouvees.append(Comparaison(majuscule(critere.label), groupes, sum(dits.values()), sources))
    return trouvees


def _effectifs(demarches: Sequence[Demarche]) -> dict[str, Counter[str]]:
    par_nature: dict[str, list[int]] = defaultdict(list)
    for demarche in demarches:
        par_nature[demarche.nature].append(demarche.numero)
    effectifs: dict[str, Counter[str]] = defaultdict(Counter)
    for nature, numeros in par_nature.items():
        lus = (
            ReponseDeProfil.objects.filter(nature=nature, numero__in=numeros)
            .values_list("critere", "valeur")
            .annotate(n=Count("*"))
        )
        for critere, valeur, n in lus:
            effectifs[critere][valeur] += n
        for decompte in DecompteDeProfil.objects.filter(nature=nature, numero__in=numeros):
            for critere, dits in decompte.effectifs.items():
                effectifs[critere].update(dits)
    return effectifs


Reperes = tuple[list[tuple[str, str]], Mapping[str, Decimal], list[str]]


def _reperes(critere: Critere, parts: Sequence[PartDePopulation]) -> Reperes:
    """Return the groups with their words, their share of the population, and who counted it."""
    if critere is Critere.COMMUNE:
        return _communes()
    libelles = [(valeur, majuscule(str(mot))) for valeur, mot in VALEURS[critere].choices]
    if critere is Critere.QPV:
        return libelles, _quartiers(), ["population des quartiers et des communes, tables de référence"]
    sources = list(dict.fromkeys(f"{part.source}, {part.annee}" for part in parts))
    return libelles, {part.valeur: part.pourcent for part in parts}, sources


def _communes() -> Reperes:
    communes = list(Commune.objects.only("code_insee", "nom", "population").order_by("-population"))
    habitants = sum(c.population for c in communes) or 1
    parts = {c.pk: _part(c.population, habitants) for c in communes}
    return [(c.pk, c.nom) for c in communes], parts, ["population des communes, tables de référence"]


def _quartiers() -> dict[str, Decimal]:
    """Return the share of who lives in a quartier prioritaire; nothing while the population of one is unknown."""
    if Quartier.objects.filter(population=None).exists():
        return {}
    dedans = Quartier.objects.aggregate(n=Sum("population"))["n"] or 0
    habitants = Commune.objects.aggregate(n=Sum("population"))["n"] or 0
    if not dedans or not habitants:
        return {}
    part = _part(dedans, habitants)
    return {OuiNon.OUI: part, OuiNon.NON: 100 - part}


def _part(combien: int, total: int) -> Decimal:
    return round(Decimal(100 * combien) / Decimal(total), 1)
