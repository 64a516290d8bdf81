"""What a vote shows: ballot, lots and sheets of codes, paper ballots, results. Nothing of a count before its publication."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from participation.budgets.depouillement import Regle, Resultat
from participation.budgets.models import (
    NUL,
    BulletinPapier,
    Depouillement,
    Derogation,
    LotDeCodes,
    ProjetAuVote,
    ProjetQuartier,
    ReglementInterQuartiers,
    Scrutin,
)
from participation.budgets.vote import regles
from participation.budgets.vote.regles import dans_mon_ordre, lire_bulletin
from participation.budgets.workflow.vote import NatureLot
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.francais import accorder, enumerer, nombre, pourcentage
from participation.socle.graphiques import Graphique, Serie
from participation.socle.langues import en_francais, langue
from participation.socle.models import Compte, ReglageService, Traduction

GARDES_MAX = 50


@dataclass(frozen=True, slots=True)
class LigneBulletin:
    numero: int
    titre: str
    description: str
    cout: int
    quartiers: str
    reference: str
    version_lue: Traduction | None = None

    @property
    def cout_dit(self) -> str:
        return f"{nombre(self.cout)}\u00a0€"


@dataclass(frozen=True, slots=True)
class ScrutinFige:
    """Frozen data of an open vote: enough to check and record a ballot.

    `points`: 0 when projets are ticked.
    """

    pk: int
    sel: str
    graine: str
    nombre_max: int
    points: int
    lignes: tuple[LigneBulletin, ...]


_gardes: dict[int, ScrutinFige] = {}


def scrutin_fige(pk: int) -> ScrutinFige | None:
    """Return the frozen vote, cached in each process; None if it is not public.

    The write checks `graine`, so a stale copy is detected.
    """
    if pk not in _gardes:
        scrutin = Scrutin.objects.publics().filter(pk=pk).first()
        if scrutin is None:
            return None
        if len(_gardes) >= GARDES_MAX:
            _gardes.clear()
        _gardes[pk] = figer(scrutin)
    return _gardes[pk]


def figer(scrutin: Scrutin) -> ScrutinFige:
    valeurs: Any = scrutin.projets.order_by("numero").values_list(
        "numero", "titre", "resume", "cout", "quartiers", "projet__reference"
    )
    return ScrutinFige(
        pk=scrutin.pk,
        sel=scrutin.sel,
        graine=scrutin.graine,
        nombre_max=scrutin.nombre_max,
        points=scrutin.points if scrutin.est_par_points else 0,
        lignes=tuple(LigneBulletin(*ligne) for ligne in valeurs),
    )


def oublier(pk: int) -> None:
    """Remove from the cache a copy that the database found stale."""
    _gardes.pop(pk, None)


def lignes_du_bulletin(scrutin: Scrutin) -> tuple[LigneBulletin, ...]:
    """Lines of the ballot, by number, as frozen when the vote opened."""
    garde = _gardes.get(scrutin.pk)
    if garde is None or garde.graine != scrutin.graine:
        garde = figer(scrutin)
    return garde.lignes if en_francais() else _traduites(garde.lignes, scrutin)


def _traduites(lignes: Sequence[LigneBulletin], scrutin: Scrutin) -> tuple[LigneBulletin, ...]:
    """With the words of people in the language of the page: the French of a projet does not move once on a ballot."""
    siennes = Traduction.objects.en_ligne(langue()).filter(
        dossier__projetquartier__au_scrutin__scrutin=scrutin
    )
    versions = {une.dossier.reference: une for une in siennes.select_related("dossier__projetquartier")}
    return tuple(replace(ligne, version_lue=versions.get(ligne.reference)) for ligne in lignes)


def melees(lignes: Sequence[LigneBulletin], code: str, sel: str) -> list[LigneBulletin]:
    """Return the lines in the order drawn for this code."""
    par_numero = {ligne.numero: ligne for ligne in lignes}
    return [par_numero[numero] for numero in dans_mon_ordre(list(par_numero), code, sel)]


@dataclass(frozen=True, slots=True)
class LotMontre:
    """`remises`: (instant, what was done, why) of each code handed over at the desk. `alerte`: why to look at it."""

    lot: LotDeCodes
    actes: Sequence[str]
    servis: str
    remises: Sequence[tuple[datetime, str, str]]
    alerte: str


def lots_montres(scrutin: Scrutin, compte: Compte) -> list[LotMontre]:
    """Return the lots in the order they were asked for.

    How many have voted is not said of a few codes of the desk: it would be said of a person.
    """
    reglement = ReglementInterQuartiers.actuel()
    lots: list[Any] = list(scrutin.lots.en_chiffres().select_related("par"))
    a_regarder = set(scrutin.lots.a_regarder(reglement.codes_a_signaler).values_list("pk", flat=True))
    remises = defaultdict(list)
    for le, fait, motif, details in scrutin.journal.filter(acte="remettre_code").values_list(
        "le", "fait", "motif", "details"
    ):
        remises[details.get("lot")].append((le, fait, motif))
    montres = []
    for lot in lots:
        trop_peu = lot.nature == NatureLot.ACCUEIL and lot.nombre < reglement.secret_statistique
        alerte = "Beaucoup de codes remis en une heure par le même compte." if lot.pk in a_regarder else ""
        montres.append(
            LotMontre(
                lot,
                lot.actes_permis_a(compte),
                "non dit" if trop_peu else nombre(lot.servis),
                sorted(remises[lot.pk]),
                alerte,
            )
        )
    return montres


@dataclass(frozen=True, slots=True)
class PapierVu:
    papier: BulletinPapier
    etat: str
    couleur: str
    premier: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Papiers:
    """`a_finir`: ballots that still need an entry or a decision. The others are only counted."""

    a_finir: list[PapierVu]
    accordes: int
    tranches: int

    @property
    def total(self) -> int:
        return len(self.a_finir) + self.accordes + self.tranches


def deux_saisies(papier: BulletinPapier) -> list[tuple[str, str]]:
    """(author, choices) of both entries, for the agent who decides with the paper."""
    titres = {ligne.numero: ligne.titre for ligne in papier.scrutin.projets.all()}
    return [
        (f"Première saisie, par {papier.premier_par}", en_mots(papier.premier, titres)),
        (f"Seconde saisie, par {papier.second_par}", en_mots(papier.second or "", titres)),
    ]


def papiers_a_voir(scrutin: Scrutin, compte: Compte) -> Papiers:
    titres = {ligne.numero: ligne.titre for ligne in scrutin.projets.all()}
    a_finir, accordes, tranches = [], 0, 0
    for papier in scrutin.papiers.all():
        if papier.retenu is not None:
            accordes += papier.tranche_par_id is None
            tranches += papier.tranche_par_id is not None
        elif papier.differe:
            a_finir.append(
                PapierVu(
                    papier,
                    "les deux saisies diffèrent",
                    "attention",
                    en_mots(papier.premier, titres),
                    en_mots(papier.second or "", titres),
                )
            )
        else:
            mot = (
                "vous l’avez saisi, une autre personne doit le saisir"
                if papier.premier_par_id == compte.pk
                else "à saisir une seconde fois"
            )
            a_finir.append(PapierVu(papier, mot, "info"))
    return Papiers(a_finir, accordes, tranches)


def en_mots(choix: str, titres: dict[int, str]) -> str:
    """« Bancs (2 points), Jeux (1 point) »; « blanc »; « nul »."""
    if choix == NUL:
        return "nul"
    lus = lire_bulletin(choix)
    if not lus:
        return "blanc"
    if all(points == 1 for points in lus.values()):
        return enumerer(f"{n}. {titres.get(n, '')}" for n in lus)
    return enumerer(f"{n}. {titres.get(n, '')} ({accorder(p, 'point')})" for n, p in lus.items())


def feuilles_pdf(
    lot: LotDeCodes, faits: Sequence[tuple[int, str]], destinataires: Sequence[str] = ()
) -> bytes:
    """Return a tagged PDF.

    `faits`: (number, code); `destinataires`: for letters, the address of each, on several lines.
    """
    scrutin = lot.scrutin
    chemin = reverse("budgets:voter", args=[scrutin.pk])
    en_lettres = lot.nature == NatureLot.LETTRES
    coupons = [
        {
            "numero": numero,
            "code": regles.ecrire_code(code),
            "adresse": destinataires[rang].splitlines() if en_lettres else [],
        }
        for rang, (numero, code) in enumerate(faits)
    ]
    html = render_to_string(
        "pdf/budgets/codes.html",
        {
            "lot": lot,
            "scrutin": scrutin,
            "budget": scrutin.budget,
            "fin": scrutin.date_fin or scrutin.phase_fin(),
            "coupons": coupons,
            "en_lettres": en_lettres,
            "combien": _combien(scrutin),
            "aujourd_hui": timezone.localdate(),
            "service": ReglageService.actuel(),
            "adresse_du_vote": (settings.SITE_URL + chemin).partition("://")[2],
            "qr": segno.make(settings.SITE_URL + chemin, error="m", micro=False).svg_data_uri(
                scale=3, border=1
            ),
        },
    )
    return fabriquer_pdf(html, base=["css/pdf-codes.css"])


def _combien(scrutin: Scrutin) -> str:
    """« 12 projets »: those of the ballot, else those that will be on it."""
    projets = (
        scrutin.projets.count() or ProjetQuartier.objects.filter(budget=scrutin.budget_id).au_vote().count()
    )
    return accorder(projets, "projet")


EUR = "\u00a0€"
NOMS = {Regle.PARTS_EGALES: "Parts égales", Regle.GLOUTON: "Les plus soutenus d’abord"}


@dataclass(frozen=True, slots=True)
class LigneResultat:
    """A projet, with its result under each rule."""

    ligne: ProjetAuVote
    voix: int
    points: int
    est_laureat: bool
    glouton: bool
    parts: bool
    ecart: Derogation | None

    @property
    def decision(self) -> str:
        return "Lauréat" if self.est_laureat else "Non retenu"


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Result of a rule: number of projets and amount. `compte`: it is the rule of the vote."""

    nom: str
    compte: bool
    projets: int
    depense: int


class Resultats:
    """`scrutin` and its last count. The caller has checked that it may be read."""

    def __init__(self, scrutin: Scrutin, depouillement: Depouillement) -> None:
        self.scrutin, self.depouillement = scrutin, depouillement
        self.regle = Regle(scrutin.regle)
        self.resultats = {regle: depouillement.resultat(regle) for regle in Regle}
        self.projets = list(scrutin.projets.select_related("projet"))
        ecarts = {e.ligne_id: e for e in scrutin.derogations.select_related("ligne")}
        self.ecarts = list(ecarts.values())
        pris = set(self.officiel.gagnants)
        self.lignes = sorted(
            (self._ligne(projet, pris, ecarts.get(projet.pk)) for projet in self.projets),
            key=lambda lu: (-lu.est_laureat, -lu.points, lu.ligne.numero),
        )

    @property
    def officiel(self) -> Resultat:
        """Result under the rule of the vote."""
        return self.resultats[self.regle]

    def _ligne(self, projet: ProjetAuVote, pris: set[str], ecart: Derogation | None) -> LigneResultat:
        numero = str(projet.numero)
        voix, points = self.depouillement.voix.get(numero, [0, 0])
        est_laureat = numero in pris if ecart is None else ecart.sens == Derogation.Sens.AJOUTER
        return LigneResultat(
            ligne=projet,
            voix=voix,
            points=points,
            est_laureat=est_laureat,
            glouton=numero in self.resultats[Regle.GLOUTON].gagnants,
            parts=numero in self.resultats[Regle.PARTS_EGALES].gagnants,
            ecart=ecart,
        )

    @property
    def laureats(self) -> list[LigneResultat]:
        return [ligne for ligne in self.lignes if ligne.est_laureat]

    @property
    def depense(self) -> int:
        return sum(ligne.ligne.cout for ligne in self.laureats)

    @property
    def reste(self) -> int:
        return self.scrutin.montant - self.depense

    @property
    def comparaison(self) -> list[Comparaison]:
        return [
            Comparaison(NOMS[regle], regle == self.regle, len(r.gagnants), r.depense)
            for regle, r in sorted(self.resultats.items(), key=lambda paire: paire[0] != self.regle)
        ]

    @property
    def egalites(self) -> list[str]:
        """Ties settled by the draw, in sentences."""
        titres = {str(p.numero): p.titre for p in self.projets}
        return [
            f"« {titres[e.numero]} » était à égalité avec {enumerer(f'« {titres[n]} »' for n in e.a_egalite_avec)} : "
            "le tirage au sort l’a pris d’abord."
            for e in self.officiel.etapes
            if e.a_egalite_avec
        ]

    @property
    def phrase_des_parts(self) -> str:
        """Share of each ballot, in a sentence; "" under another rule."""
        officiel = self.officiel
        if officiel.part is None or officiel.part_de_depart is None:
            return ""
        phrase = f"Chaque bulletin non blanc disposait d’une part de {en_euros(officiel.part_de_depart)}"
        if officiel.part != officiel.part_de_depart:
            phrase += f", portée à {en_euros(officiel.part)} par les augmentations"
        restants = sum(1 for e in officiel.etapes if e.prix is None)
        phrase += "."
        if restants:
            phrase += f" {accorder(restants, 'projet a été pris', 'projets ont été pris')} ensuite, avec ce qui restait du budget."
        return phrase

    @property
    def graphique(self) -> Graphique:
        """Support for each projet, the winners in a series of their own."""
        par_points = self.scrutin.est_par_points
        lignes = sorted(self.lignes, key=lambda lu: (-lu.points, lu.ligne.numero))
        return Graphique(
            titre="Soutien de chaque projet",
            identifiant="t-soutien",
            colonne="Projet",
            description="Points reçus." if par_points else "Nombre de bulletins qui l’ont choisi.",
            categories=[f"{lu.ligne.titre}" for lu in lignes],
            series=[
                Serie("Projets lauréats", [lu.points if lu.est_laureat else 0 for lu in lignes]),
                Serie("Projets non retenus", [0 if lu.est_laureat else lu.points for lu in lignes]),
            ],
            totaux=False,
        )


def resultats_publies(scrutin: Scrutin) -> Resultats | None:
    """Return None before the publication."""
    if not scrutin.est_publie:
        return None
    return resultats_du_bureau(scrutin)


def resultats_du_bureau(scrutin: Scrutin) -> Resultats | None:
    """For the agents, once counted."""
    depouillement = scrutin.depouillements.filter(etat=Depouillement.Etat.FAIT).first()
    return Resultats(scrutin, depouillement) if depouillement is not None else None


@dataclass(frozen=True, slots=True)
class Participation:
    """Number of codes used, by quartier. Says nothing of the choices."""

    libelle: str
    codes: int
    servis: int

    @property
    def part(self) -> str:
        return pourcentage(100 * self.servis / self.codes) if self.codes else "–"


def participation(scrutin: Scrutin) -> list[Participation]:
    comptes: dict[str, list[int]] = {}
    lots: Any = scrutin.lots.en_chiffres()
    for lot in lots:
        nom = "Accueil" if lot.nature == NatureLot.ACCUEIL else str(lot.quartier or "Sans quartier")
        total = comptes.setdefault(nom, [0, 0])
        total[0] += lot.faits
        total[1] += lot.servis
    return [Participation(nom, *total) for nom, total in sorted(comptes.items())]


def en_euros(montant: Fraction) -> str:
    """Return the amount rounded to the cent. The count itself is exact."""
    cents = (Decimal(montant.numerator) / Decimal(montant.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    return f"{nombre(cents, 2)}{EUR}"
