"""Plain data for the drawings of the interface: gauges, timeline, tile map, bars and columns.

A view builds one of these, a tag of ``composants`` draws it. Coordinates leave this file as strings, so that the French
decimal comma never reaches an SVG attribute. Nothing here touches the database or HTTP.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from participation.socle.francais import INSECABLE, accorder, nombre

Ton = Literal["atteint", "proche", "manque"]
Statut = Literal["passe", "en_cours", "a_venir"]


def pourcent(proportion: float) -> str:
    """A length for an SVG attribute: 0.856 → ``85.6%``, bounded to 0–100."""
    borne = min(max(float(proportion), 0.0), 1.0)
    return f"{borne * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _px(valeur: float) -> str:
    return f"{valeur:.1f}".removesuffix(".0")


# Gauges


@dataclass(frozen=True, slots=True)
class Repere:
    """A threshold marked on a gauge. ``position`` from 0 to 1."""

    position: float
    libelle: str = ""

    @property
    def trait_x(self) -> str:
        return pourcent(min(max(self.position, 0.004), 0.996))

    @property
    def texte_x(self) -> str:
        return {"start": "0", "middle": pourcent(self.position), "end": "100%"}[self.ancre]

    @property
    def ancre(self) -> str:
        if self.position > 0.85:
            return "end"
        return "start" if self.position < 0.15 else "middle"


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of a gauge that counts things one by one (49 communes)."""

    x: str
    largeur: str
    pleine: bool


@dataclass(frozen=True, slots=True)
class Jauge:
    """One gauge: a figure, a drawing, a sentence.

    Give ``proportion`` (0 to 1) for a bar, or ``cases=(21, 49)`` for cells counted one by one. ``interdit`` is where the
    forbidden zone starts (0.333 when no commune may weigh more than a third).
    """

    titre: str
    valeur: str
    sur: str = ""
    proportion: float = 0.0
    cases: tuple[int, int] | None = None
    reperes: Sequence[Repere] = ()
    phrase: str = ""
    ton: Ton = "manque"
    interdit: float | None = None

    @property
    def largeur(self) -> str:
        return pourcent(self.proportion)

    @property
    def icone(self) -> str:
        return {"atteint": "coche", "proche": "alerte", "manque": "horloge"}[self.ton]

    @property
    def interdit_x(self) -> str:
        return pourcent(self.interdit or 0.0)

    @property
    def interdit_largeur(self) -> str:
        return pourcent(1.0 - (self.interdit or 0.0))

    @property
    def dessin(self) -> list[Case]:
        if self.cases is None:
            return []
        pleines, total = self.cases
        pas = 1.0 / max(total, 1)
        largeur = pourcent(pas * 0.72)
        return [Case(pourcent(i * pas), largeur, i < pleines) for i in range(total)]


# Timeline and stepper


@dataclass(frozen=True, slots=True)
class EtapeFrise:
    """One point of a timeline. ``date`` is a day, or words (« Aujourd’hui », « Avant le 18 mars 2027 »)."""

    titre: str
    date: date | str | None = None
    texte: str = ""
    statut: Statut = "passe"

    @property
    def classe(self) -> str:
        return {"passe": "", "en_cours": "en-cours", "a_venir": "a-venir"}[self.statut]


# Tile map

LARGEUR, HAUTEUR, PAS_X, PAS_Y = 64, 48, 68, 52


@dataclass(frozen=True, slots=True)
class Tuile:
    """A commune on the map. ``nombre`` is None when it is between 1 and the first step, and must not be shown."""

    code: str
    nom: str
    sigle: str
    x: int
    y: int
    nombre: int | None = 0
    lien: str | None = None


@dataclass(frozen=True, slots=True)
class TuileDessinee:
    nom: str
    sigle: str
    niveau: str
    texte: str
    dit: str
    lien: str | None
    x: str
    y: str
    milieu: str
    y_sigle: str
    y_nombre: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of a data table: its head, then its cells, already written."""

    titre: str
    cellules: Sequence[str]
    lien: str | None = None


@dataclass(frozen=True, slots=True)
class Carte:
    """The communes as tiles, placed roughly as on a map, darker as the number grows.

    ``bornes`` are the four steps where the colour changes. ``total`` adds a column of shares. ``titre`` says what is
    counted (« Signatures par commune »), ``unite`` names it in the plural (« signatures »).
    """

    tuiles: Sequence[Tuile]
    titre: str = "Nombre par commune"
    unite: str = "signatures"
    bornes: tuple[int, int, int, int] = (5, 25, 100, 250)
    total: int | None = None

    @classmethod
    def depuis(
        cls,
        lignes: Iterable[tuple[str, str, str, int, int, int | None, str | None]],
        *,
        titre: str = "Nombre par commune",
        unite: str = "signatures",
        bornes: tuple[int, int, int, int] = (5, 25, 100, 250),
        total: int | None = None,
    ) -> Carte:
        """From (code, nom, sigle, x, y, nombre, lien)."""
        return cls([Tuile(*ligne) for ligne in lignes], titre, unite, bornes, total)

    @property
    def boite(self) -> str:
        largeur = max((t.x for t in self.tuiles), default=0) * PAS_X + LARGEUR
        hauteur = max((t.y for t in self.tuiles), default=0) * PAS_Y + HAUTEUR
        return f"0 0 {largeur} {hauteur}"

    @property
    def a_des_liens(self) -> bool:
        return any(t.lien for t in self.tuiles)

    def niveau(self, valeur: int | None) -> int:
        """0 for none, 1 for fewer than the first step, up to 5."""
        if valeur is None:
            return 1
        if valeur <= 0:
            return 0
        return 1 + sum(valeur >= borne for borne in self.bornes)

    @property
    def moins_de(self) -> str:
        return f"moins de{INSECABLE}{nombre(self.bornes[0])}"

    @property
    def dessin(self) -> list[TuileDessinee]:
        resultat = []
        for t in self.tuiles:
            niveau = self.niveau(t.nombre)
            masque = t.nombre is None
            texte = "" if niveau == 0 else (f"<{INSECABLE}{self.bornes[0]}" if masque else nombre(t.nombre))
            haut = t.y * PAS_Y
            resultat.append(
                TuileDessinee(
                    nom=t.nom,
                    sigle=t.sigle,
                    niveau=f"n{niveau}",
                    texte=texte,
                    dit=f"{t.nom}{INSECABLE}: {self.moins_de if masque else nombre(t.nombre)}",
                    lien=t.lien,
                    x=str(t.x * PAS_X),
                    y=str(haut),
                    milieu=str(t.x * PAS_X + LARGEUR // 2),
                    y_sigle=str(haut + (20 if texte else 28)),
                    y_nombre=str(haut + 38),
                )
            )
        return resultat

    @property
    def legende(self) -> list[tuple[str, str]]:
        a, b, c, d = self.bornes
        return [
            ("n0", "aucune"),
            ("n1", self.moins_de),
            ("n2", f"{a} à {b - 1}"),
            ("n3", f"{b} à {c - 1}"),
            ("n4", f"{c} à {d - 1}"),
            ("n5", f"{d} et plus"),
        ]

    @property
    def classees(self) -> list[Tuile]:
        """Communes whose number is shown and not zero, the largest first."""
        return sorted((t for t in self.tuiles if t.nombre), key=lambda t: (-(t.nombre or 0), t.nom))

    @property
    def masquees(self) -> int:
        return sum(t.nombre is None for t in self.tuiles)

    @property
    def dit(self) -> str:
        """What the drawing says, for those who do not see it."""
        premieres = self.classees[:5]
        if not premieres and not self.masquees:
            return f"{self.titre}{INSECABLE}: aucune pour l’instant."
        autres = len(self.classees) - len(premieres) + self.masquees
        texte = ", ".join(f"{t.nom} {nombre(t.nombre)}" for t in premieres)
        if autres:
            suite = accorder(autres, "autre commune", espace=INSECABLE)
            texte = f"{texte}, puis {suite}" if texte else suite
        return f"{self.titre}{INSECABLE}: {texte}. Le tableau donne tous les nombres."

    @property
    def entetes(self) -> list[str]:
        tete = ["Commune", self.unite[:1].upper() + self.unite[1:]]
        return [*tete, "Part"] if self.total else tete

    @property
    def tableau(self) -> list[Ligne]:
        """The exact numbers. Communes under the first step are grouped, with no number of their own."""
        lignes = [Ligne(t.nom, self._cellules(t.nombre or 0), t.lien) for t in self.classees]
        if self.masquees:
            titre = f"{accorder(self.masquees, 'commune', espace=INSECABLE)} à {self.moins_de}{INSECABLE}{self.unite}"
            lignes.append(Ligne(titre, ["–"] * (len(self.entetes) - 1)))
        aucune = sum(t.nombre == 0 for t in self.tuiles)
        if aucune:
            lignes.append(
                Ligne(
                    f"{accorder(aucune, 'commune', espace=INSECABLE)} à zéro", ["0"] * (len(self.entetes) - 1)
                )
            )
        return lignes

    def _cellules(self, valeur: int) -> list[str]:
        if not self.total:
            return [nombre(valeur)]
        part = f"{100 * valeur / self.total:.1f}".replace(".", ",")
        return [nombre(valeur), f"{part}{INSECABLE}%"]


# Bars and columns


@dataclass(frozen=True, slots=True)
class Serie:
    """Values in the order of the categories. ``ton`` 1 to 4 is the colour; None takes the rank of the series."""

    libelle: str
    valeurs: Sequence[float | None]
    ton: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    classe: str
    classe_texte: str
    x: str
    y: str
    largeur: str
    hauteur: str
    milieu: str
    texte: str


@dataclass(frozen=True, slots=True)
class Barre:
    categorie: str
    valeur: str
    segments: Sequence[Segment]
    lien: str | None


@dataclass(frozen=True, slots=True)
class Texte:
    classe: str
    x: str
    y: str
    texte: str


@dataclass(frozen=True, slots=True)
class Graphique:
    """One chart: categories, and one to four series that add up in each category.

    ``unite`` is written after each value (« % »). ``maximum`` fixes the end of the scale, and draws the empty rail of bars.
    ``cible`` draws a dotted line on columns. ``resume`` is what the drawing says in one sentence; by default it gives the
    first, last and largest values. ``identifiant`` is the id of the heading, for ``aria-labelledby``.
    """

    titre: str
    categories: Sequence[str]
    series: Sequence[Serie]
    colonne: str = ""
    description: str = ""
    unite: str = ""
    maximum: float | None = None
    cible: float | None = None
    cible_libelle: str = ""
    resume: str = ""
    identifiant: str = ""
    totaux: bool = True
    liens: Sequence[str | None] = field(default=())

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= 4:
            raise ValueError("Un graphique porte une à quatre séries.")
        for serie in self.series:
            if len(serie.valeurs) != len(self.categories):
                raise ValueError(f"La série « {serie.libelle} » n’a pas une valeur par catégorie.")

    # What is written

    def ecrire(self, valeur: float | None) -> str:
        texte = nombre(valeur)
        return f"{texte}{INSECABLE}{self.unite}" if self.unite and valeur is not None else texte

    def ton(self, rang: int) -> int:
        return self.series[rang].ton or rang + 1

    def somme(self, indice: int) -> float:
        return sum(serie.valeurs[indice] or 0 for serie in self.series)

    @property
    def plusieurs(self) -> bool:
        return len(self.series) > 1

    @property
    def vide(self) -> bool:
        return not self.categories

    @property
    def legende(self) -> list[tuple[str, str]]:
        """(class, words), with the total of each series."""
        resultat = []
        for rang, serie in enumerate(self.series):
            total = f" {self.ecrire(sum(v or 0 for v in serie.valeurs))}" if self.totaux else ""
            resultat.append((f"g{self.ton(rang)}", serie.libelle + total))
        return resultat

    @property
    def entetes(self) -> list[str]:
        tete = [self.colonne, *(s.libelle for s in self.series)]
        return [*tete, "Total"] if self.plusieurs and self.totaux else tete

    @property
    def tableau(self) -> list[Ligne]:
        lignes = []
        for i, categorie in enumerate(self.categories):
            cellules = [self.ecrire(serie.valeurs[i]) for serie in self.series]
            if self.plusieurs and self.totaux:
                cellules.append(self.ecrire(self.somme(i)))
            lignes.append(Ligne(categorie, cellules, self._lien(i)))
        return lignes

    @property
    def dit(self) -> str:
        if self.resume:
            return self.resume
        if self.vide:
            return f"{self.titre}{INSECABLE}: aucune donnée."
        sommes = [self.somme(i) for i in range(len(self.categories))]
        haut = sommes.index(max(sommes))
        return (
            f"{self.titre}{INSECABLE}: de {self.ecrire(sommes[0])} ({self.categories[0]}) à {self.ecrire(sommes[-1])} "
            f"({self.categories[-1]}), au plus {self.ecrire(sommes[haut])} ({self.categories[haut]}). "
            "Le tableau donne tous les nombres."
        )

    def _lien(self, indice: int) -> str | None:
        return self.liens[indice] if indice < len(self.liens) else None

    # Bars: lengths in %, so that the drawing takes the width it has

    @property
    def echelle(self) -> float:
        return self.maximum or max((self.somme(i) for i in range(len(self.categories))), default=0) or 1.0

    @property
    def barres(self) -> list[Barre]:
        haute = self.plusieurs
        resultat = []
        for i, categorie in enumerate(self.categories):
            segments, depart = [], 0.0
            for rang, serie in enumerate(self.series):
                part = (serie.valeurs[i] or 0) / self.echelle
                if part <= 0:
                    continue
                visible = max(part - (0.005 if haute else 0), 0.003)
                texte = nombre(serie.valeurs[i]) if haute else ""
                segments.append(
                    Segment(
                        classe=f"g{self.ton(rang)}",
                        classe_texte=f"t{self.ton(rang)}",
                        x=pourcent(depart),
                        y="0",
                        largeur=pourcent(visible),
                        hauteur="28" if haute else "20",
                        milieu=pourcent(depart + visible / 2),
                        texte=texte if 100 * part >= 3 + 2.2 * len(texte) else "",
                    )
                )
                depart += part
            valeurs = [serie.valeurs[i] for serie in self.series]
            absente = all(v is None for v in valeurs)
            resultat.append(
                Barre(categorie, self.ecrire(None if absente else self.somme(i)), segments, self._lien(i))
            )
        return resultat

    # Columns: x in %, y in pixels (the drawing is 208 px high: 22 px of air, 150 px of columns, then the labels)

    BASE = 172.0
    COURSE = 150.0
    PEU = 12

    @property
    def paliers(self) -> list[float]:
        """Two to five round values of the vertical scale, zero left out."""
        haut = max(self.echelle, self.cible or 0)
        brut = haut / 3
        ordre = 10.0 ** math.floor(math.log10(brut))
        pas = next(m * ordre for m in (1, 2, 2.5, 5, 10) if m * ordre >= brut)
        if pas < 1 and all(float(v or 0).is_integer() for s in self.series for v in s.valeurs):
            pas = 1.0
        return [pas * i for i in range(1, math.ceil(haut / pas - 1e-9) + 1)]

    def _y(self, valeur: float) -> float:
        return self.BASE - self.COURSE * valeur / self.paliers[-1]

    @property
    def _marge(self) -> float:
        if len(self.categories) <= self.PEU:
            return 0.0
        return 0.035 + 0.022 * len(nombre(self.paliers[-1]))

    def _place(self, indice: int) -> tuple[float, float]:
        """Centre and width of a column, from 0 to 1."""
        n = max(len(self.categories), 1)
        pas = (1.0 - self._marge) / n
        return self._marge + pas * (indice + 0.5), pas * (0.64 if n <= self.PEU else 0.8)

    @property
    def colonnes(self) -> list[Segment]:
        resultat = []
        for i in range(len(self.categories)):
            centre, largeur = self._place(i)
            pile = 0.0
            for rang, serie in enumerate(self.series):
                valeur = serie.valeurs[i] or 0
                if valeur <= 0:
                    continue
                haut, bas = self._y(pile + valeur), self._y(pile)
                resultat.append(
                    Segment(
                        classe=f"g{self.ton(rang)}",
                        classe_texte="",
                        x=pourcent(centre - largeur / 2),
                        y=_px(haut),
                        largeur=pourcent(largeur),
                        hauteur=_px(max(bas - haut - (1 if self.plusieurs else 0), 1)),
                        milieu=pourcent(centre),
                        texte="",
                    )
                )
                pile += valeur
        return resultat

    @property
    def textes(self) -> list[Texte]:
        """Labels under the axis (as many as fit a phone), then values over columns or steps of the scale."""
        n = len(self.categories)
        if not n:
            return []
        longueur = max(len(c) for c in self.categories)
        combien = max(2, min(8, 44 // max(longueur, 1)))
        pas = math.ceil(n / combien)
        resultat = []
        for i in range(0, n, pas):
            centre = self._place(i)[0]
            moitie = longueur * 0.012
            bord = "debut" if centre < moitie else "fin" if centre > 1 - moitie else ""
            x = {"debut": "0", "fin": "100%"}.get(bord, pourcent(centre))
            resultat.append(Texte(bord, x, "192", self.categories[i]))
        if n <= self.PEU:
            for i in range(n):
                somme = self.somme(i)
                place = self._place(i)[0]
                resultat.append(Texte("valeur", pourcent(place), _px(self._y(somme) - 6), nombre(somme)))
        else:
            resultat += [Texte("debut", "0", _px(self._y(p) + 4), nombre(p)) for p in self.paliers]
        return resultat

    @property
    def grille(self) -> list[str]:
        """Lines of the scale; none when each column says its own value."""
        return [] if len(self.categories) <= self.PEU else [_px(self._y(p)) for p in self.paliers]

    @property
    def grille_x(self) -> str:
        return pourcent(self._marge)

    @property
    def cible_y(self) -> str:
        return _px(self._y(self.cible or 0))


def etapes_de_frise(etapes: Iterable[EtapeFrise | Mapping[str, object]]) -> list[EtapeFrise]:
    """Timelines may be given as plain dictionaries with the keys of ``EtapeFrise``."""
    return [e if isinstance(e, EtapeFrise) else EtapeFrise(**e) for e in etapes]  # type: ignore[arg-type]
