"""Bars and columns, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from participation.socle.francais import INSECABLE, nombre
from participation.socle.graphiques.carte import Ligne
from participation.socle.graphiques.traits import en_pixels, pourcent


@dataclass(frozen=True, slots=True)
class Serie:
    """Values in the order of the categories.

    ``ton`` 1 to 4 is the colour; None: the rank of the series. ``sans``: what stands for a missing value, in the drawing and
    in its table.
    """

    libelle: str
    valeurs: Sequence[float | None]
    ton: int | None = None
    sans: str = "–"


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
    """A chart of categories, with one to four series that add up in each category, or stand beside one another (``cote_a_cote``).

    ``unite`` is written after each value (« % »). ``maximum`` sets the end of the scale, and draws an empty
    rail behind the bars. ``cible`` draws a dotted line on columns. ``resume`` describes the chart in one
    sentence; by default it gives the first, last and largest values. ``identifiant`` is the id of the
    heading, for ``aria-labelledby``.
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
    cote_a_cote: bool = False
    liens: Sequence[str | None] = field(default=())

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= 4:
            raise ValueError("Un graphique porte une à quatre séries.")
        for serie in self.series:
            if len(serie.valeurs) != len(self.categories):
                raise ValueError(f"La série « {serie.libelle} » n’a pas une valeur par catégorie.")

    # Text

    def ecrire(self, valeur: float | None) -> str:
        texte = nombre(valeur, 2 if self.unite == "€" else 1)
        return f"{texte}{INSECABLE}{self.unite}" if self.unite and valeur is not None else texte

    def _ecrire_de(self, serie: Serie, i: int) -> str:
        return serie.sans if serie.valeurs[i] is None else self.ecrire(serie.valeurs[i])

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
        """Pairs (CSS class, label with the total of the series)."""
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
            cellules = [self._ecrire_de(serie, i) for serie in self.series]
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

    # Bars: lengths in %, so that the drawing fills its width

    @property
    def echelle(self) -> float:
        rangs = range(len(self.categories))
        if self.cote_a_cote:
            hautes = [max(serie.valeurs[i] or 0 for serie in self.series) for i in rangs]
        else:
            hautes = [self.somme(i) for i in rangs]
        return self.maximum or max(hautes, default=0) or 1.0

    # Beside one another: height of a bar and of its line, and the part of the width left to bars, in front of their values
    HAUTEUR, LIGNE, LARGEUR = 14, 18, 0.84

    def _barre_cote_a_cote(self, i: int) -> Barre:
        segments = []
        for rang, serie in enumerate(self.series):
            valeur = serie.valeurs[i]
            part = (valeur or 0) / self.echelle * self.LARGEUR
            segments.append(
                Segment(
                    classe=f"g{self.ton(rang)}",
                    classe_texte="",
                    x="0",
                    y=str(rang * self.LIGNE),
                    # What is hidden or unknown is not drawn as if it were nearly nothing.
                    largeur="0" if valeur is None else pourcent(max(part, 0.003)),
                    hauteur=str(self.HAUTEUR),
                    milieu=pourcent(part),
                    texte=self._ecrire_de(self.series[rang], i),
                )
            )
        return Barre(self.categories[i], "", segments, self._lien(i))

    @property
    def barres(self) -> list[Barre]:
        if self.cote_a_cote:
            return [self._barre_cote_a_cote(i) for i in range(len(self.categories))]
        haute, echelle = self.plusieurs, self.echelle
        resultat = []
        for i, categorie in enumerate(self.categories):
            segments, depart = [], 0.0
            # If a bar has a single segment, its value is written at the end of the line instead.
            chiffree = haute and sum(1 for serie in self.series if serie.valeurs[i]) > 1
            for rang, serie in enumerate(self.series):
                part = (serie.valeurs[i] or 0) / echelle
                if part <= 0:
                    continue
                visible = max(part - (0.005 if haute else 0), 0.003)
                texte = nombre(serie.valeurs[i]) if chiffree else ""
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

    # Columns: x in %, y in pixels. The drawing is 208 px high: 22 px of margin, 150 px of columns, then the
    # labels

    BASE = 172.0
    COURSE = 150.0
    PEU = 12

    @property
    def paliers(self) -> list[float]:
        """Two to five round values of the vertical scale, without zero."""
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
        """Centre and width of a column, from 0 to 1 of the drawing."""
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
                        y=en_pixels(haut),
                        largeur=pourcent(largeur),
                        hauteur=en_pixels(max(bas - haut - (1 if self.plusieurs else 0), 1)),
                        milieu=pourcent(centre),
                        texte="",
                    )
                )
                pile += valeur
        return resultat

    @property
    def textes(self) -> list[Texte]:
        """Labels under the axis (as many as fit on a phone), then values of the columns or of the scale."""
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
                resultat.append(
                    Texte("valeur", pourcent(place), en_pixels(self._y(somme) - 6), nombre(somme))
                )
        else:
            resultat += [Texte("debut", "0", en_pixels(self._y(p) + 4), nombre(p)) for p in self.paliers]
        return resultat

    @property
    def grille(self) -> list[str]:
        """Horizontal lines of the scale; none if each column shows its value."""
        return [] if len(self.categories) <= self.PEU else [en_pixels(self._y(p)) for p in self.paliers]

    @property
    def grille_x(self) -> str:
        return pourcent(self._marge)

    @property
    def cible_y(self) -> str:
        return en_pixels(self._y(self.cible or 0))
