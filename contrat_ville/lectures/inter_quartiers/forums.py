"""What a forum shows: how many come and with which needs, who is expected at the door, what was said at each table."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q, Sum

from contrat_ville.models import Forum, Idee, InscriptionForum, ReglementInterQuartiers
from contrat_ville.workflow.inter_quartiers import IDEES_PUBLIQUES, Besoin, EtatInscription
from participation.socle.francais import accorder, majuscule

E = EtatInscription
RENDUES_A_LA_FIN = ExpressionWrapper(Q(etat=E.RENDUE), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Chiffres:
    inscrites: int
    attente: int
    # Of the seats taken, those held for an address to be proved.
    a_confirmer: int
    presentes: int
    libres: int
    enfants: int
    # (words, how many): each need; the languages of the interpreters.
    besoins: list[tuple[str, int]]
    langues: list[tuple[str, int]]


def chiffres(forum: Forum) -> Chiffres:
    """For who organises: exact."""
    lus = forum.inscriptions.aggregate(
        inscrites=Count("pk", filter=Q(etat=E.INSCRITE)),
        attente=Count("pk", filter=Q(etat=E.ATTENTE)),
        a_confirmer=Count("pk", filter=Q(etat=E.INSCRITE, a_confirmer_avant__isnull=False)),
        presentes=Count("pk", filter=Q(presente_le__isnull=False)),
        enfants=Sum("enfants", filter=Q(etat=E.INSCRITE)),
    )
    besoins: Counter[str] = Counter()
    langues: Counter[str] = Counter()
    venues = forum.inscriptions.filter(etat=E.INSCRITE).values_list("besoins", "langue")
    for siens, langue in venues:
        besoins.update(siens)
        if langue:
            langues[langue.strip().lower()] += 1
    return Chiffres(
        inscrites=lus["inscrites"],
        attente=lus["attente"],
        a_confirmer=lus["a_confirmer"],
        presentes=lus["presentes"],
        libres=max(forum.places - lus["inscrites"], 0),
        enfants=lus["enfants"] or 0,
        besoins=[(majuscule(b.label), besoins[b]) for b in Besoin if besoins[b]],
        langues=sorted(langues.items()),
    )


@dataclass(frozen=True, slots=True)
class BilanPublic:
    """Once held: how many came, from which quartiers. Small numbers are not published."""

    presentes: str
    par_quartier: list[tuple[str, str]]
    idees: int
    plus_petit: int


def bilan_public(forum: Forum) -> BilanPublic:
    plus_petit = ReglementInterQuartiers.actuel().secret_statistique
    presentes = forum.inscriptions.filter(presente_le__isnull=False)
    nombres = dict(
        presentes.filter(quartier__isnull=False)
        .order_by("quartier__nom")
        .values_list("quartier__nom")
        .annotate(n=Count("pk"))
    )
    tus = [nom for nom, n in nombres.items() if n < plus_petit]
    # One alone would be found by taking the others from the total: the smallest of them is kept back too.
    autre = (
        min(nombres.keys() - tus, key=lambda nom: (nombres[nom], nom), default="") if len(tus) == 1 else ""
    )
    return BilanPublic(
        presentes=masquer(presentes.count(), plus_petit, "personne"),
        par_quartier=[
            (nom, "non publié" if nom == autre else masquer(n, plus_petit, "personne"))
            for nom, n in nombres.items()
        ],
        idees=Idee.objects.filter(table__forum=forum, etat__in=sorted(IDEES_PUBLIQUES)).count(),
        plus_petit=plus_petit,
    )


def masquer(combien: int, plus_petit: int, mot: str) -> str:
    """« 12 personnes », « moins de 5 personnes », « personne »."""
    if 0 < combien < plus_petit:
        return f"moins de {plus_petit} {mot}s"
    return accorder(combien, mot, aucun="aucune")


def a_l_accueil(forum: Forum, mots: str = "") -> Any:
    """The list of the door, by name: those who have a seat, then those who wait. `mots`: a part of the name."""
    gens = forum.inscriptions.exclude(etat=E.ANNULEE).select_related("quartier", "table")
    # Who never proved her address is found by her name alone: she may be at the door.
    nommes = Q(nom__icontains=mots.strip()[:60]) if mots.strip() else ~Q(etat=E.RENDUE)
    return gens.filter(nommes).order_by(RENDUES_A_LA_FIN, "-etat", "nom", "pk")


def recolte(forum: Forum, *, publique: bool) -> Any:
    """Each table with its ideas and its notes; in public, the published ideas alone."""
    siennes = Idee.objects.select_related("projet_quartier").order_by("pk")
    if publique:
        siennes = siennes.filter(etat__in=sorted(IDEES_PUBLIQUES), est_publie=True)
    return forum.tables.prefetch_related(
        Prefetch("idees", queryset=siennes, to_attr="recoltees"), "notes"
    ).annotate(combien_de_notes=Count("notes"))


def inscrites(forum: Forum) -> Any:
    return (
        InscriptionForum.objects.filter(forum=forum)
        .select_related("quartier", "forum")
        .order_by(RENDUES_A_LA_FIN, "-etat", "inscrite_le")
    )
