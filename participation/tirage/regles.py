"""What makes a draw verifiable, its quotas, and who will probably be in the room. No secret, no database, no clock.

Fixed texts and SHA-256: `donnees/verifier.py` and `static/js/verifier_tirage.js` read the same again, and share no line
with this file. The scheme is that of ICANN OCTO-41 and of R. Rivest's tickets, with a commitment for each person
(docs/verifier_un_tirage.md). A quota that cannot be kept is refused before anything is drawn: alone by `fautes`, together
with the others by `participation.tirage.selection.faisabilite`. The reserve keeps the quotas nine times in ten, by a
seeded simulation over the published panels: the same rates, panels and seed give the same figures everywhere.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from participation.socle.francais import accorder

# Of what a seed is made, by its source: known to all at a time said in advance, chosen by nobody.
SOURCES: Mapping[str, re.Pattern[str]] = {
    "boules": re.compile(r"boules:[0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9](-[0-9]){9,79}"),
    "loto": re.compile(r"loto:[0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9]{2}(-[0-9]{2}){4}[+][0-9]{2}"),
    "drand": re.compile(r"drand:quicknet:[0-9]{1,12}:[0-9a-f]{64}"),
}
EXEMPLES: Mapping[str, str] = {
    "boules": "boules:2027-03-12:4-0-9-1-1-7-3-8-2-6",
    "loto": "loto:2027-03-13:04-17-23-31-45+08",
    "drand": "drand:quicknet:20791007:" + "5f" * 32,
}


def empreinte(texte: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(texte.encode()).hexdigest()


def engagement(nonce: str, numero: str, foyer: str, profil: Sequence[tuple[str, str]]) -> str:
    """Return what is published of a person before the draw: it says nothing of her, and binds who published it."""
    dit = "|".join(f"{categorie}={valeur}" for categorie, valeur in profil)
    return empreinte(f"engagement-v1|{nonce}|{numero}|{foyer}|{dit}")


def liste_publique(engagements: Mapping[str, str]) -> str:
    """Return the frozen list as it is published: one line a person, by number."""
    return _lignes(
        ["numero;engagement", *(f"{numero};{engagements[numero]}" for numero in sorted(engagements))]
    )


def portefeuille_public(panels: Iterable[Sequence[str]]) -> str:
    """Return the portfolio as it is published: one line a panel, from 000."""
    return _lignes(["panel;numeros", *(f"{rang:03};{' '.join(panel)}" for rang, panel in enumerate(panels))])


def _lignes(lignes: Iterable[str]) -> str:
    return "".join(f"{ligne}\n" for ligne in lignes)


def defaut_de_la_source(nature: str, texte: str, jour: date) -> str:
    """Return why this is not the text of a seed, as a sentence, or ""."""
    if not SOURCES[nature].fullmatch(texte):
        return f"Écrivez-la exactement sous cette forme : {EXEMPLES[nature]}."
    if nature != "drand" and texte.split(":")[1] != jour.isoformat():
        return f"La date de ce texte n’est pas celle de l’annonce : {jour.isoformat()}."
    return ""


def graine(empreinte_de_la_liste: str, source: str, regle: str = "") -> str:
    """Return the seed: nobody could know it when the list and the rule were frozen, and it fits no others.

    `regle`: its published text, or "" for a draw frozen before the rule was bound.
    """
    if not regle:
        return empreinte(f"graine-v1|{empreinte_de_la_liste}|{source}")
    return empreinte(f"graine-v2|{empreinte_de_la_liste}|{empreinte(regle)}|{source}")


SCELLE = '"empreinte": "{}"'


def sceller(manifeste: str) -> str:
    """Return this published file with its own fingerprint: that of the file where it is written as zeros."""
    vide = SCELLE.format("0" * 64)
    return manifeste.replace(vide, SCELLE.format(empreinte(manifeste)), 1)


def billet(graine: str, usage: str, numero: str) -> str:
    """Return the ticket of a person for one use (« foyer », « remplacement »): the smallest comes first."""
    return empreinte(f"billet-v1|{graine}|{usage}|{numero}")


def par_billet(graine: str, usage: str, numeros: Iterable[str]) -> list[str]:
    return sorted(numeros, key=lambda numero: billet(graine, usage, numero))


def un_par_foyer(graine: str, foyers: Mapping[str, str]) -> list[str]:
    """Return who may be drawn when one person a household may: the first by ticket. `foyers`: by number; "" is alone."""
    pris: set[str] = set()
    gardes = []
    for numero in par_billet(graine, "foyer", foyers):
        if not foyers[numero] or foyers[numero] not in pris:
            pris.add(foyers[numero])
            gardes.append(numero)
    return sorted(gardes)


# What somebody is, for the draw: one value for each category, in the order of the categories.
Profil = tuple[str, ...]
# Beyond, the quotas of a panel can seldom be kept together (opendlp-docs, help-with-targets).
CATEGORIES_CONSEILLEES = 6


def places_de_la_part(places: int, part: Decimal) -> tuple[int, int]:
    """Return how many seats, at least and at most, resemble a part of the population (in %)."""
    exactes = places * part / 100
    return math.floor(exactes), math.ceil(exactes)


def bornes(minimum: int, maximum: int) -> str:
    return f"{minimum} exactement" if minimum == maximum else f"{minimum} à {maximum}"


@dataclass(frozen=True, slots=True)
class Fourchette:
    """Seats for the people who have this value: at least `minimum`, at most `maximum`."""

    categorie: str
    valeur: str
    minimum: int
    maximum: int

    def __str__(self) -> str:
        return f"{self.categorie} : {self.valeur}"

    @property
    def bornes(self) -> str:
        return bornes(self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class Bassin:
    """Who may be drawn, by profile, and what is asked of the panel.

    `effectifs`: how many people have each profile. `quotas` hold each value of each category once.
    """

    places: int
    categories: tuple[str, ...]
    quotas: tuple[Fourchette, ...]
    profils: tuple[Profil, ...]
    effectifs: tuple[int, ...]

    @classmethod
    def de(cls, places: int, quotas: Sequence[Fourchette], profils: Sequence[Profil]) -> "Bassin":
        """Group the people, given by their profile, one entry each."""
        return cls.compte(places, quotas, Counter(profils))

    @classmethod
    def compte(cls, places: int, quotas: Sequence[Fourchette], combien: Mapping[Profil, int]) -> "Bassin":
        """Return the pool of so many people of each profile."""
        tries = tuple(sorted(combien))
        categories = tuple(dict.fromkeys(quota.categorie for quota in quotas))
        return cls(places, categories, tuple(quotas), tries, tuple(combien[profil] for profil in tries))

    def concernes(self, quota: Fourchette) -> list[int]:
        """Return the indexes of the profiles that this quota counts."""
        rang = self.categories.index(quota.categorie)
        return [t for t, profil in enumerate(self.profils) if profil[rang] == quota.valeur]

    def disponibles(self, quota: Fourchette) -> int:
        return sum(self.effectifs[t] for t in self.concernes(quota))


def fautes(bassin: Bassin) -> list[str]:
    """Return, in sentences, why no panel can be drawn; each can be read from one category alone.

    A value that people have and that no quota names is a fault: a category read in part let a draw go on
    without it elsewhere (stratification-app, issue 29).
    """
    if bassin.places < 1:
        return ["Dites combien de places sont tirées au sort."]
    if not bassin.quotas:
        return ["Aucune catégorie n’est décrite : ajoutez au moins une catégorie et ses valeurs."]
    trouvees = []
    if sum(bassin.effectifs) < bassin.places:
        combien = accorder(sum(bassin.effectifs), "volontaire", aucun="aucun")
        il_y_a = "Il y a" if bassin.profils else "Il n’y a"
        trouvees.append(f"{il_y_a} {combien} pour {accorder(bassin.places, 'place')}.")
    for rang, categorie in enumerate(bassin.categories):
        quotas = [quota for quota in bassin.quotas if quota.categorie == categorie]
        presentes = {profil[rang] for profil in bassin.profils}
        trouvees += _fautes_de(bassin, categorie, quotas, presentes)
    return trouvees


def _fautes_de(bassin: Bassin, categorie: str, quotas: list[Fourchette], presentes: set[str]) -> list[str]:
    trouvees = []
    places = accorder(bassin.places, "place")
    minima, maxima = sum(quota.minimum for quota in quotas), sum(quota.maximum for quota in quotas)
    if minima > bassin.places:
        trouvees.append(f"{categorie} : les minimums font {minima} en tout, plus que les {places}.")
    if maxima < bassin.places:
        trouvees.append(f"{categorie} : les maximums font {maxima} en tout, moins que les {places}.")
    dites: Mapping[str, int] = Counter(quota.valeur for quota in quotas)
    for valeur, fois in dites.items():
        if fois > 1:
            trouvees.append(f"{categorie} : « {valeur} » est décrite {fois} fois.")
    for valeur in sorted(presentes - set(dites)):
        trouvees.append(
            f"{categorie} : des volontaires ont la valeur « {valeur or 'non renseignée'} », qu’aucun quota ne décrit."
        )
    for quota in quotas:
        if quota.minimum > quota.maximum:
            trouvees.append(f"{quota} : le minimum ({quota.minimum}) dépasse le maximum ({quota.maximum}).")
        elif bassin.profils and (disponibles := bassin.disponibles(quota)) < quota.minimum:
            manquent = (
                "personne n’a" if not disponibles else f"{accorder(disponibles, 'personne')} seulement a"
            )
            if disponibles > 1:
                manquent = f"{accorder(disponibles, 'personne')} seulement ont"
            trouvees.append(f"{quota} : {manquent} cette valeur, et le minimum est {quota.minimum}.")
    return trouvees


def reserves(categories: Sequence[str]) -> list[str]:
    """Return what is possible but unwise, in sentences."""
    dites = []
    if len(categories) > CATEGORIES_CONSEILLEES:
        dites.append(
            f"{len(categories)} catégories : au-delà de {CATEGORIES_CONSEILLEES}, les quotas se contredisent "
            "souvent, et certaines personnes n’ont presque aucune chance."
        )
    return dites


ESSAIS = 1000
TENIR = 0.9  # nine times in ten


@dataclass(frozen=True, slots=True)
class Perte:
    """Of a hundred people who have this value (of all, when `categorie` is ""), how many leave."""

    categorie: str
    valeur: str
    avant: float  # before the first session
    par_seance: float  # at each session, of who is left


@dataclass(frozen=True, slots=True)
class Prevision:
    """`presents`: for each session, the mean, and the number that is reached nine times in ten.

    `besoins`: people of each quota to have in the reserve; `reserve`: how many in all. `tenus`: share of the trials where
    this reserve keeps every quota at the first session.
    """

    presents: tuple[tuple[float, int], ...]
    besoins: tuple[int, ...]
    reserve: int
    tenus: float


def taux_de(profil: Profil, categories: Sequence[str], pertes: Sequence[Perte]) -> tuple[float, float]:
    """Return the chances that she leaves before the first session, and at each: the greatest of the rates that are hers."""
    siens = dict(zip(categories, profil, strict=True))
    les_siennes = [
        perte for perte in pertes if not perte.categorie or siens.get(perte.categorie) == perte.valeur
    ]
    return (
        max((perte.avant for perte in les_siennes), default=0.0) / 100,
        max((perte.par_seance for perte in les_siennes), default=0.0) / 100,
    )


def prevoir(
    panels: Sequence[Sequence[str]],
    bassin: Bassin,
    profil_de: Mapping[str, Profil],
    pertes: Sequence[Perte],
    seances: int,
    graine: str,
) -> Prevision:
    """Simulate a thousand times who leaves a panel drawn at random."""
    hasard = random.Random(graine)  # noqa: S311 no secret: anybody may simulate again
    taux = {profil: taux_de(profil, bassin.categories, pertes) for profil in set(profil_de.values())}
    presents: list[list[int]] = [[] for _ in range(seances)]
    manques = []
    for _ in range(ESSAIS):
        panel = [profil_de[numero] for numero in panels[hasard.randrange(len(panels))]]
        restent = [profil for profil in panel if hasard.random() >= taux[profil][0]]
        manques.append(_manque(panel, restent, bassin))
        for rang in range(seances):
            restent = [profil for profil in restent if hasard.random() >= taux[profil][1]]
            presents[rang].append(len(restent))
    voulus, tenus = _assez(manques)
    taux_des_quotas = [_taux_du_quota(rang, bassin, taux) for rang in range(len(bassin.quotas))]
    besoins = tuple(
        au_moins(combien, part) for combien, part in zip(voulus[:-1], taux_des_quotas, strict=True)
    )
    moyen = sum(part for part, _ in taux.values()) / max(len(taux), 1)
    return Prevision(
        tuple((sum(lus) / ESSAIS, sorted(lus)[int(ESSAIS * (1 - TENIR))]) for lus in presents),
        besoins,
        max(au_moins(voulus[-1], moyen), max(besoins, default=0)),
        tenus,
    )


def _manque(panel: Sequence[Profil], restent: Sequence[Profil], bassin: Bassin) -> tuple[int, ...]:
    """Return how many are missing to the minimum of each quota; then, how many left in all."""
    la = Counter((rang, valeur) for profil in restent for rang, valeur in enumerate(profil))
    rangs = {categorie: rang for rang, categorie in enumerate(bassin.categories)}
    manquent = [max(0, q.minimum - la[rangs[q.categorie], q.valeur]) for q in bassin.quotas]
    return (*manquent, len(panel) - len(restent))


def _assez(manques: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], float]:
    """Return the least counts, one for each quota, that suffice together nine times in ten, and how often they do."""
    colonnes = [sorted(colonne) for colonne in zip(*manques, strict=True)]
    for rang in range(int(TENIR * len(manques)), len(manques)):
        voulus = tuple(colonne[rang] for colonne in colonnes)
        tenus = sum(all(m <= v for m, v in zip(manque, voulus, strict=True)) for manque in manques) / len(
            manques
        )
        if tenus >= TENIR:
            break
    return voulus, tenus


def _taux_du_quota(rang: int, bassin: Bassin, taux: Mapping[Profil, tuple[float, float]]) -> float:
    siens = [(bassin.profils[t], bassin.effectifs[t]) for t in bassin.concernes(bassin.quotas[rang])]
    total = sum(combien for _, combien in siens)
    return (
        sum(taux.get(profil, (0.0, 0.0))[0] * combien for profil, combien in siens) / total if total else 0.0
    )


def au_moins(combien: int, part: float) -> int:
    """Return how many to call for `combien` to come nine times in ten, when this share of them does not (exact binomial)."""
    if combien < 1 or part <= 0:
        return max(combien, 0)
    appeles = combien
    while appeles < 20 * combien + 20:
        viennent = sum(
            math.comb(appeles, n) * (1 - part) ** n * part ** (appeles - n)
            for n in range(combien, appeles + 1)
        )
        if viennent >= TENIR:
            break
        appeles += 1
    return appeles


def choisir_la_reserve(
    attente: Sequence[str],
    bassin: Bassin,
    profil_de: Mapping[str, Profil],
    besoins: Sequence[int],
    combien: int,
) -> list[str]:
    """Return the reserve, in the order of the tickets: first who fills a need that is not filled, then the next ones.

    `attente`: who may be drawn and is not in the panel, by ticket.
    """
    rangs = {categorie: rang for rang, categorie in enumerate(bassin.categories)}
    restent = {
        (rangs[quota.categorie], quota.valeur): besoin
        for quota, besoin in zip(bassin.quotas, besoins, strict=True)
        if besoin > 0
    }
    pris = set()
    for numero in attente:
        siens = [cle for cle in enumerate(profil_de[numero]) if restent.get(cle, 0) > 0]
        if siens:
            pris.add(numero)
            for cle in siens:
                restent[cle] -= 1
    for numero in attente:
        if len(pris) >= combien:
            break
        pris.add(numero)
    return [numero for numero in attente if numero in pris]
