"""Enveloppes of a programmation: parts granted, what goes over, what stands against the support of a projet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q
from django.utils import timezone

from contrat_ville.models import Financement, Programmation, Projet
from contrat_ville.regles import ZERO, repartir
from contrat_ville.workflow import ACCOMPAGNES, Etat
from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import montant
from participation.socle.regles.montants import CENTIME, MAXIMUM

UN = Decimal(1)


@dataclass(frozen=True, slots=True)
class EnveloppeComptee:
    """An envelope. `axe` or `quartier` None means all. `nom` describes the envelope in words."""

    cle: int
    financeur: int
    axe: int | None
    quartier: int | None
    montant: Decimal
    nom: str = ""

    def couvre(self, part: "Part") -> bool:
        return (
            self.financeur == part.financeur
            and self.axe in (None, part.axe)
            and (self.quartier is None or self.quartier in part.quartiers)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Amount given by one financer to one projet."""

    projet: int
    financeur: int
    axe: int | None
    quartiers: tuple[int, ...]
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Depassement:
    enveloppe: EnveloppeComptee
    pris: Decimal

    @property
    def trop(self) -> Decimal:
        return self.pris - self.enveloppe.montant

    @property
    def phrase(self) -> str:
        return (
            f"{self.enveloppe.nom} : {montant(self.pris)} pour une enveloppe de {montant(self.enveloppe.montant)}, "
            f"soit {montant(self.trop)} de trop."
        )


def par_quartier(part: "Part") -> dict[int, Decimal]:
    """Return equal shares to the cent, whose sum is exact: the remaining cents go to the first keys."""
    cles = sorted(set(part.quartiers))
    return dict(zip(cles, repartir(part.montant, [UN] * len(cles)), strict=True)) if cles else {}


def prise(enveloppe: EnveloppeComptee, part: Part) -> Decimal:
    if not enveloppe.couvre(part):
        return ZERO
    if enveloppe.quartier is None:
        return part.montant
    return par_quartier(part)[enveloppe.quartier]


def consommations(enveloppes: Sequence[EnveloppeComptee], parts: Iterable[Part]) -> dict[int, Decimal]:
    """Return {key of the envelope: amount taken}."""
    prises = dict.fromkeys((e.cle for e in enveloppes), ZERO)
    par_financeur: dict[int, list[EnveloppeComptee]] = {}
    for enveloppe in enveloppes:
        par_financeur.setdefault(enveloppe.financeur, []).append(enveloppe)
    for part in parts:
        for enveloppe in par_financeur.get(part.financeur, ()):
            prises[enveloppe.cle] += prise(enveloppe, part)
    return prises


def depassements(enveloppes: Sequence[EnveloppeComptee], parts: Iterable[Part]) -> list[Depassement]:
    prises = consommations(enveloppes, parts)
    return [Depassement(e, prises[e.cle]) for e in enveloppes if prises[e.cle] > e.montant]


def hors_enveloppe(enveloppes: Sequence[EnveloppeComptee], parts: Iterable[Part]) -> list[Part]:
    """Return the parts that the envelopes of their financer do not cover completely.

    Only for financers that have envelopes. A part over two quartiers, one of which has no envelope, is
    returned.
    """
    par_financeur: dict[int, list[EnveloppeComptee]] = {}
    for enveloppe in enveloppes:
        par_financeur.setdefault(enveloppe.financeur, []).append(enveloppe)
    return [
        part
        for part in parts
        if part.montant > 0
        and (siennes := par_financeur.get(part.financeur))
        and not _est_couverte(siennes, part)
    ]


def _est_couverte(enveloppes: Sequence[EnveloppeComptee], part: Part) -> bool:
    couvrent = [e for e in enveloppes if e.couvre(part)]
    if any(e.quartier is None for e in couvrent):
        return True
    return bool(part.quartiers) and {e.quartier for e in couvrent} == set(part.quartiers)


def reste_pour(
    enveloppes: Sequence[EnveloppeComptee], prises: dict[int, Decimal], part: Part, voulu: Decimal
) -> Decimal:
    """Return the most that `part` may get, up to `voulu`, once `prises` is taken from the envelopes.

    Zero if no envelope covers it, unless its financer has no envelope at all.
    """
    siennes = [e for e in enveloppes if e.financeur == part.financeur]
    if siennes and not _est_couverte(siennes, part):
        return ZERO
    plafonds = [_cents(voulu)]
    quartiers = sorted(set(part.quartiers))
    for enveloppe in siennes:
        if not enveloppe.couvre(part):
            continue
        libre = max(0, _cents(enveloppe.montant - prises[enveloppe.cle]))
        if enveloppe.quartier is None:
            plafonds.append(libre)
        else:
            # Largest sum whose share for this quartier is at most `libre`: its remaining cents go to the
            # quartiers before it.
            plafonds.append(libre * len(quartiers) + quartiers.index(enveloppe.quartier))
    return min(plafonds) * CENTIME


def remplir(enveloppes: Sequence[EnveloppeComptee], voulues: Iterable[Part]) -> list[Part]:
    """Give each part what it asks, or what is left for it, in this order. No envelope is exceeded."""
    prises = dict.fromkeys((e.cle for e in enveloppes), ZERO)
    donnees = []
    for voulue in voulues:
        donnee = replace(voulue, montant=reste_pour(enveloppes, prises, voulue, voulue.montant))
        for enveloppe in enveloppes:
            prises[enveloppe.cle] += prise(enveloppe, donnee)
        donnees.append(donnee)
    return donnees


def _cents(somme: Decimal) -> int:
    return int((somme / CENTIME).to_integral_value())


@dataclass(frozen=True, slots=True)
class Demande:
    """Amount asked of one financer, and amount it gives."""

    financeur: str
    demande: Decimal
    donne: Decimal


@dataclass(frozen=True, slots=True)
class Faits:
    """`recevable` None: not decided yet.

    `bilans`: references of the projets of the same porteur whose bilan is late.
    """

    cout: Decimal
    demandes: Sequence[Demande]
    part_maximale: int
    recevable: bool | None = True
    bilans: Sequence[str] = ()


def reproches(faits: Faits) -> list[str]:
    """Return the objections; empty when there is none or when nothing is given."""
    total = sum((d.donne for d in faits.demandes), start=Decimal(0))
    if total <= 0:
        return []
    phrases = [
        f"{d.financeur} donne {montant(d.donne)} : le projet lui en demande {montant(d.demande)}."
        for d in faits.demandes
        if d.donne > d.demande
    ]
    if faits.cout <= 0:
        phrases.append("Le coût du projet n’est pas dit : la part financée ne se calcule pas.")
    elif 100 * total > faits.part_maximale * faits.cout:
        phrases.append(
            f"Le total, {montant(total)}, dépasse {faits.part_maximale} % du coût en argent ({montant(faits.cout)})."
        )
    if faits.recevable is None:
        phrases.append("Sa recevabilité n’est pas encore dite.")
    elif not faits.recevable:
        phrases.append("Il n’est pas recevable.")
    if faits.bilans:
        phrases.append(f"Le porteur doit encore un bilan : {', '.join(faits.bilans)}.")
    return phrases


# États whose granted amounts count in the envelopes. A closed projet still counts.
COMPTES = ACCOMPAGNES | {Etat.CLOS}


def enveloppes_de(programmation: Programmation) -> list[EnveloppeComptee]:
    return [
        EnveloppeComptee(e.pk, e.financeur_id, e.axe_id, e.quartier_id, e.montant, str(e))
        for e in programmation.enveloppes.select_related("financeur", "axe", "quartier")
    ]


def parts_de(financements: Iterable[tuple[Projet, int, Decimal]]) -> list[Part]:
    """Convert (projet, financer, amount) to the format of the rules. One query for all the quartiers."""
    lus = list(financements)
    quartiers = quartiers_de({projet.pk for projet, _, _ in lus})
    return [
        Part(projet.pk, financeur, projet.axe_id, quartiers.get(projet.pk, ()), montant)
        for projet, financeur, montant in lus
    ]


def quartiers_de(projets: Iterable[int]) -> dict[int, tuple[int, ...]]:
    lies: Any = Projet.quartiers.through
    lus: dict[int, tuple[int, ...]] = {}
    for dossier, quartier in (
        lies.objects.filter(dossier__in=list(projets))
        .order_by("quartier")
        .values_list("dossier_id", "quartier_id")
    ):
        lus[dossier] = (*lus.get(dossier, ()), quartier)
    return lus


def parts_accordees(programmation: Programmation, sauf: Iterable[int] = ()) -> list[Part]:
    """Amounts already granted, except to the projets `sauf`."""
    accordes: Any = (
        Financement.objects.filter(
            Q(projet__programmation=programmation, accorde__gt=0, projet__etat__in=sorted(COMPTES))
        )
        .exclude(projet__in=list(sauf))
        .annotate(
            axe=F("projet__axe"),
            lieux=ArrayAgg("projet__quartiers", filter=Q(projet__quartiers__isnull=False)),
        )
    )
    return [Part(f.projet_id, f.financeur_id, f.axe, tuple(f.lieux or ()), f.accorde) for f in accordes]


def phrases_de_trop(
    programmation: Programmation, parts: Iterable[Part], noms: Mapping[int, str]
) -> list[str]:
    """Return, in sentences, the envelopes exceeded by these parts.

    The amounts already granted to other projets are added. `noms`: names of the financers, by pk.
    """
    voulues = list(parts)
    enveloppes = enveloppes_de(programmation)
    toutes = [*parts_accordees(programmation, {p.projet for p in voulues}), *voulues]
    phrases = [d.phrase for d in depassements(enveloppes, toutes)]
    for part in hors_enveloppe(enveloppes, voulues):
        phrase = f"{noms[part.financeur]} n’a pas d’enveloppe pour cet axe ou ces quartiers."
        if phrase not in phrases:
            phrases.append(phrase)
    return phrases


CompteDesEnveloppes: TypeAlias = tuple[list[EnveloppeComptee], list[Part]]


def compte_de(programmation: Programmation) -> CompteDesEnveloppes:
    """Return the envelopes, and all that is granted."""
    return enveloppes_de(programmation), parts_accordees(programmation)


def restes_de(projet: Projet, compte: CompteDesEnveloppes | None = None) -> dict[int, Decimal]:
    """Return {financer: most that the envelopes leave for the projet}; without those that have no envelope.

    `compte`: that of its programmation, if already read.
    """
    enveloppes, accordees = compte or compte_de(projet.programmation)
    prises = consommations(enveloppes, [part for part in accordees if part.projet != projet.pk])
    lieux = tuple(sorted(quartier.pk for quartier in projet.quartiers.all()))
    parts = [
        Part(projet.pk, f.financeur_id, projet.axe_id, lieux, MAXIMUM) for f in projet.financements.all()
    ]
    return {
        part.financeur: reste_pour(enveloppes, prises, part, MAXIMUM)
        for part in parts
        if any(enveloppe.financeur == part.financeur for enveloppe in enveloppes)
    }


def montants_et_restes(
    projet: Projet, compte: CompteDesEnveloppes | None = None
) -> list[tuple[Financement, Decimal | None]]:
    """Each financement, with what its envelopes leave for the projet; None without envelope, or once supported.

    `compte`: as in `restes_de`; the financements are then read too.
    """
    restes = {} if projet.etat in ACCOMPAGNES else restes_de(projet, compte)
    lus = projet.financements.avec_financeur() if compte is None else projet.financements.all()
    return [(f, restes.get(f.financeur_id)) for f in lus]


def reproches_du_projet(projet: Projet, champ: str = "accorde") -> list[str]:
    """Warnings of the règlement about the amounts granted to the projet, or proposed (`champ`)."""
    bilans = bilans_dus({projet.porte_par_id} if projet.porte_par_id else set())
    return reproches(
        Faits(
            cout=projet.montant_total,
            demandes=[
                Demande(f.financeur.court, f.demande, getattr(f, champ) or Decimal(0))
                for f in projet.financements.select_related("financeur")
            ],
            part_maximale=projet.programmation.part_maximale,
            bilans=[ref for ref, pk in bilans.get(projet.porte_par_id or 0, ()) if pk != projet.pk],
        )
    )


def bilans_dus(porteurs: set[int]) -> dict[int, list[tuple[str, int]]]:
    """(reference, pk) of the projets whose bilan is late, by porteur."""
    dus: dict[int, list[tuple[str, int]]] = {}
    en_attente: Any = Projet.objects.filter(porte_par__in=porteurs, etat=Etat.BILAN_ATTENDU).select_related(
        "programmation"
    )
    for projet in en_attente:
        limite = projet.date_fin and ajouter_mois(projet.date_fin, projet.programmation.delai_bilan_mois)
        if limite is not None and limite < timezone.localdate():
            dus.setdefault(projet.porte_par_id, []).append((projet.reference or "", projet.pk))
    return dus
