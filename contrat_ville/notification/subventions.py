"""Essential data of the subsidies to publish by law, in the SCDL schema « subventions » 2.1.1: a page, a CSV, a JSON.

Those granted by the Métropole, notified, above the threshold of the règlement (décret 2017-779, arrêté du 17 novembre
2017). Names and order of the fields come from the schema. Without cookies, kept by caches.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from csv import writer
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from contrat_ville.models import Financement, Partenaire, Porteur, ReglementSubventions
from contrat_ville.workflow import PUBLIABLES
from participation.socle.fichiers.jeux import Champ, Contenu, JeuDeDonnees, fichiers_de
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.views.exports import version_de
from participation.socle.views.public.donnees_ouvertes import fichier

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


PAR_PAQUET, MONTREES = 500, 30


def reglements() -> list[ReglementSubventions]:
    """Règlements that allow publication, the most recent first."""
    return list(ReglementSubventions.objects.exclude(siret_attribuant="").order_by("-en_vigueur_du"))


def a_publier(regles: list[ReglementSubventions]) -> Any:
    """Grants above the lowest threshold; `_subvention` then applies the règlement of its day.

    Collectifs of inhabitants are excluded: they are natural persons.
    """
    if not regles:
        return Financement.objects.none()
    return (
        Financement.objects.filter(
            Q(projet__porte_par__siret__isnull=False) | ~Q(projet__porte_par__rna=""),
            financeur__nature=Partenaire.Nature.METROPOLE,
            accorde__gt=min(regle.seuil for regle in regles),
            projet__etat__in=PUBLIABLES,
            projet__notifie_le__isnull=False,
        )
        .exclude(projet__porte_par__nature=Porteur.Nature.COLLECTIF)
        .select_related("projet__porte_par", "projet__programmation")
        .order_by("-projet__programmation__annee", "projet__reference", "pk")
    )


def fiches() -> Iterator[dict[str, str]]:
    regles = reglements()
    for financement in a_publier(regles).iterator(chunk_size=PAR_PAQUET):
        if (subvention := _subvention(financement, regles)) is not None:
            yield subvention.fiche()


def _subvention(financement: Financement, regles: list[ReglementSubventions]) -> Subvention | None:
    projet = financement.projet
    porteur, programmation = projet.porte_par, projet.programmation
    assert porteur is not None and projet.notifie_le is not None  # noqa: S101, PT018 the query ensures it
    convention = timezone.localdate(projet.notifie_le)
    regle = next((r for r in regles if r.regit(convention)), None)
    montant = financement.accorde or Decimal(0)
    if regle is None or montant <= regle.seuil:
        return None
    return Subvention(
        attribuant=regle.nom_attribuant,
        siret_attribuant=regle.siret_attribuant,
        convention=convention,
        reference=projet.reference or "",
        beneficiaire=porteur.nom,
        siret=porteur.siret or "",
        rna=porteur.rna,
        objet=projet.titre,
        montant=montant,
        est_echelonnee=Decimal(0) < financement.verse < montant,
        debut=projet.date_debut or date(programmation.annee, 1, 1),
        fin=projet.date_fin or date(programmation.annee, 12, 31),
        dispositif=f"Contrat de Ville, {programmation.titre}",
    )


def total(fiches: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(fiche["montant"]) for fiche in fiches), start=Decimal(0))


CINQ_MINUTES = 300


@publique
@require_safe
@gardable(CINQ_MINUTES)
def subventions(request: HttpRequest) -> HttpResponse:
    """Number and total of the subsidies, with the links to the files."""
    regles = reglements()
    notifiees = list(fiches()) if regles else []
    actuelle = next(iter(regles), None)
    return render(
        request,
        "contrat_ville/publiques/subventions.html",
        {
            "regle": actuelle,
            "combien": len(notifiees),
            "total": total(notifiees),
            "lignes": [(fiche, Decimal(fiche["montant"])) for fiche in notifiees[:MONTREES]],
            "jeu": JEU,
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
        },
    )


def _lire(request: HttpRequest) -> Contenu:
    regles = reglements()
    total, version = version_de(
        a_publier(regles), "accorde", "verse", "projet__modifie_le", "projet__porte_par__nom"
    )
    seuils = "|".join(f"{r.pk}:{r.seuil}:{r.siret_attribuant}:{r.nom_attribuant}" for r in regles)
    return Contenu(fiches, total, f"{version}|{seuils}")


JEU = JeuDeDonnees(
    cle="subventions-contrat-de-ville",
    titre="Subventions du Contrat de Ville",
    description="Les subventions accordées, au format commun des collectivités (SCDL « subventions », version 2.1.1).",
    app="contrat_ville",
    liste="subventions",
    champs=[Champ(nom, sens) for nom, sens in CHAMPS.items()],
    lire=_lire,
    fichiers=fichiers_de("contrat_ville:subventions"),
    exemple=fiches,
    precisions=(
        "Aucune personne physique n’y figure. Comme le veut ce format, le CSV est en UTF-8 sans BOM, séparateur « , », point décimal.",
    ),
    page=reverse_lazy("contrat_ville:subventions"),
    norme="https://schema.data.gouv.fr/scdl/subventions/2.1.1",
    ecrire={"csv": en_csv, "json": en_json},
)
subventions_csv, subventions_json = fichier(JEU, "csv"), fichier(JEU, "json")
