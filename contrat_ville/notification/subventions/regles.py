"""Essential data of a subsidy in the format of all collectivités: SCDL « subventions », schema 2.1.1.

Décret 2017-779, arrêté du 17 novembre 2017. Names and order of the fields come from the schema.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from csv import writer
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

TEXTE_MAX = 256
EN_NUMERAIRE = "aide en numéraire"
UNIQUE, ECHELONNE = "unique", "échelonné"
CHAMPS: Mapping[str, str] = {
    "nomAttribuant": "Qui attribue la subvention.",
    "idAttribuant": "Son SIRET.",
    "dateConvention": "Jour de la convention (année-mois-jour).",
    "referenceDecision": "Référence du projet ici.",
    "nomBeneficiaire": "Qui reçoit la subvention : jamais une personne physique.",
    "idBeneficiaire": "Son SIRET, s’il en a un.",
    "rnaBeneficiaire": "Son numéro au répertoire des associations, s’il en a un.",
    "objet": "Ce que la subvention finance.",
    "montant": "Montant en euros.",
    "nature": "Argent ou contribution en nature.",
    "conditionsVersement": "En une fois, ou en plusieurs.",
    "datesPeriodeVersement": "Jour, ou premier et dernier jour, du versement.",
    "idRAE": "Numéro au répertoire des aides aux entreprises (vide ici).",
    "notificationUE": "Aide notifiée à la Commission européenne.",
    "pourcentageSubvention": "Part de la subvention que reçoit ce bénéficiaire : 1 quand il est seul.",
    "dispositifAide": "Appel à projets qui l’a donnée.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subvention:
    """Facts about one grant, once its decision is notified."""

    attribuant: str
    siret_attribuant: str
    convention: date
    reference: str
    beneficiaire: str
    siret: str
    rna: str
    objet: str
    montant: Decimal
    est_echelonnee: bool
    debut: date
    fin: date
    dispositif: str

    def fiche(self) -> dict[str, str]:
        """Return the values of CHAMPS in the format of the schema: decimal point, ISO 8601 days."""
        periode = self.debut.isoformat()
        if self.fin != self.debut:
            periode = f"{periode}/{self.fin.isoformat()}"
        valeurs = (
            _texte(self.attribuant),
            self.siret_attribuant,
            self.convention.isoformat(),
            _texte(self.reference),
            _texte(self.beneficiaire),
            self.siret,
            self.rna,
            _texte(self.objet),
            f"{self.montant:.2f}",
            EN_NUMERAIRE,
            ECHELONNE if self.est_echelonnee else UNIQUE,
            periode,
            "",
            "non",
            "1",
            _texte(self.dispositif),
        )
        return dict(zip(CHAMPS, valeurs, strict=True))


def _texte(texte: str) -> str:
    """Put a text on one line, cut at TEXTE_MAX, and safe for spreadsheets (OWASP: CSV injection)."""
    ligne = " ".join(texte.split())
    if ligne.startswith(("=", "+", "-", "@")):
        ligne = f"'{ligne}"
    return ligne if len(ligne) <= TEXTE_MAX else ligne[: TEXTE_MAX - 1].rstrip() + "…"


def en_csv(fiches: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Yield the CSV: UTF-8 without BOM, commas, as the validators of the schema expect."""
    memoire = StringIO()
    plume = writer(memoire)
    plume.writerow(CHAMPS)
    for fiche in fiches:
        plume.writerow(fiche.values())
        if memoire.tell() > 64_000:
            yield memoire.getvalue().encode()
            memoire.seek(0)
            memoire.truncate()
    yield memoire.getvalue().encode()


def en_json(fiches: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Yield the rows as a JSON list, with real numbers and booleans."""
    virgule = b"[\n"
    for fiche in fiches:
        nombres = {"montant": float(fiche["montant"]), "pourcentageSubvention": 1, "notificationUE": False}
        yield virgule + json.dumps({**fiche, **nombres}, ensure_ascii=False).encode()
        virgule = b",\n"
    yield b"\n]\n" if virgule == b",\n" else b"[]\n"
