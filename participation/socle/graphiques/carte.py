"""The map of the communes, as data: their shapes, or one tile each while a shape is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation.socle.francais import INSECABLE, accorder, majuscule, nombre
from participation.socle.graphiques.zones import Fond, Zone

LARGEUR, HAUTEUR, PAS_X, PAS_Y = 64, 48, 68, 52
SIGNE = 15  # width of a figure on the shapes, in units of the drawing


@dataclass(frozen=True, slots=True)
class Tuile:
    """A commune on the map.

    ``nombre`` is None when it is small and must not be shown.
    """

    code: str
    nom: str
    sigle: str
    x: int
    y: int
    nombre: int | None = 0
    lien: str | None = None


@dataclass(frozen=True, slots=True)
class TuileDessinee:
    sigle: str
    niveau: str
    texte: str
    dit: str
    lien: str | None
    x: int
    y: int
    zone: Zone | None


@dataclass(frozen=True, slots=True)
class Ligne:
    """A row of a data table: its heading and its cells, already formatted."""

    titre: str
    cellules: Sequence[str]
    lien: str | None = None


@dataclass(frozen=True, slots=True)
class Carte:
    """Map of the communes, darker as the number grows.

    ``bornes``: the four numbers where the colour changes. ``total``: adds a column of shares. ``titre`` says
    what is counted (« Signatures par commune »), ``unite`` is its plural (« signatures »). ``fond``: the shapes;
    without one of them, all communes are tiles. ``cache``: the words for a number that is not shown, by default
    « moins de » the first step.
    """

    tuiles: Sequence[Tuile]
    titre: str = "Nombre par commune"
    unite: str = "signatures"
    bornes: tuple[int, int, int, int] = (5, 25, 100, 250)
    total: int | None = None
    fond: Fond | None = None
    cache: str = ""

    @property
    def zones(self) -> Mapping[str, Zone]:
        """Shapes by code Insee; empty unless each commune has its own."""
        connues = self.fond.zones if self.fond else {}
        return connues if connues and all(t.code in connues for t in self.tuiles) else {}

    @property
    def boite(self) -> str:
        if self.fond and self.zones:
            return self.fond.boite
        largeur = max((t.x for t in self.tuiles), default=0) * PAS_X + LARGEUR
        hauteur = max((t.y for t in self.tuiles), default=0) * PAS_Y + HAUTEUR
        return f"0 0 {largeur} {hauteur}"

    @property
    def a_des_liens(self) -> bool:
        return any(t.lien for t in self.tuiles)

    def niveau(self, valeur: int | None) -> int:
        """Level of colour: 0 for zero, 1 below the first step, up to 5."""
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
        zones = self.zones
        return [
            TuileDessinee(
                sigle=t.sigle,
                niveau=f"n{self.niveau(t.nombre)}",
                texte=self._texte(t, zones.get(t.code)),
                dit=f"{t.nom}{INSECABLE}: {self._dit(t)}",
                lien=t.lien,
                x=t.x * PAS_X,
                y=t.y * PAS_Y,
                zone=zones.get(t.code),
            )
            for t in self.tuiles
        ]

    def _dit(self, tuile: Tuile) -> str:
        return (self.cache or self.moins_de) if tuile.nombre is None else nombre(tuile.nombre)

    def _texte(self, tuile: Tuile, zone: Zone | None) -> str:
        """What is written on the commune: its number, where there is room for it."""
        if not self.niveau(tuile.nombre):
            return ""
        cache = "–" if self.cache else f"<{INSECABLE}{self.bornes[0]}"
        texte = cache if tuile.nombre is None else nombre(tuile.nombre)
        return texte if zone is None or len(texte) * SIGNE <= zone.place else ""

    @property
    def legende(self) -> list[tuple[str, str]]:
        a, b, c, d = self.bornes
        return [
            ("n0", "zéro"),
            ("n1", "1" if a == 2 else self.moins_de),
            ("n2", f"{a} à {b - 1}"),
            ("n3", f"{b} à {c - 1}"),
            ("n4", f"{c} à {d - 1}"),
            ("n5", f"{d} et plus"),
        ]

    @property
    def classees(self) -> list[Tuile]:
        """Communes whose number is shown and not zero, largest first."""
        return sorted((t for t in self.tuiles if t.nombre), key=lambda t: (-(t.nombre or 0), t.nom))

    @property
    def masquees(self) -> int:
        return sum(t.nombre is None for t in self.tuiles)

    @property
    def dit(self) -> str:
        """Text alternative of the map."""
        premieres = self.classees[:5]
        if not premieres and not self.masquees:
            return f"{self.titre}{INSECABLE}: zéro partout pour l’instant."
        autres = len(self.classees) - len(premieres) + self.masquees
        texte = ", ".join(f"{t.nom} {nombre(t.nombre)}" for t in premieres)
        if autres:
            suite = accorder(autres, "autre commune", espace=INSECABLE)
            texte = f"{texte}, puis {suite}" if texte else suite
        return f"{self.titre}{INSECABLE}: {texte}. Le tableau donne tous les nombres."

    @property
    def entetes(self) -> list[str]:
        tete = ["Commune", majuscule(self.unite)]
        return [*tete, "Part"] if self.total else tete

    @property
    def tableau(self) -> list[Ligne]:
        """Rows of the table. Communes below the first step are grouped in one row without a number."""
        lignes = [Ligne(t.nom, self._cellules(t.nombre or 0), t.lien) for t in self.classees]
        if self.masquees:
            communes = accorder(self.masquees, "commune", espace=INSECABLE)
            titre = (
                f"{communes}{INSECABLE}: {self.cache}"
                if self.cache
                else f"{communes} à {self.moins_de}{INSECABLE}{self.unite}"
            )
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
