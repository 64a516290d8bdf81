"""A forum: numbers and needs, list for the door, what was said at each table."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q, Sum

from participation.budgets.models import Forum, Idee, InscriptionForum, ReglementInterQuartiers
from participation.budgets.workflow.budget import IDEES_PUBLIQUES, Besoin, EtatInscription
from participation.socle.francais import accorder_ou_taire, majuscule
from participation.socle.regles.petits_nombres import tus

E = EtatInscription
NON_CONFIRMEES_A_LA_FIN = ExpressionWrapper(Q(etat=E.A_CONFIRMER), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Chiffres:
    inscrites: int
    attente: int
    # Seats held until an address is confirmed, included in `inscrites`.
    a_confirmer: int
    presentes: int
    libres: int
    enfants: int
    # (words, number): needs, then languages of the interpreters.
    besoins: list[tuple[str, int]]
    langues: list[tuple[str, int]]


def chiffres(forum: Forum) -> Chiffres:
    """Exact figures, for the organisers."""
    lus = forum.inscriptions.aggregate(
        inscrites=Count("pk", filter=Q(etat=E.INSCRITE)),
        attente=Count("pk", filter=Q(etat=E.ATTENTE)),
        a_confirmer=Count("pk", filter=Q(etat=E.A_CONFIRMER, efface_le=None)),
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
    """Public figures once the forum is held. Small numbers are not published."""

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
    caches = tus(nombres, plus_petit)
    return BilanPublic(
        presentes=accorder_ou_taire(presentes.count(), plus_petit, "personne"),
        par_quartier=[
            (
                nom,
                "non publié"
                if nom in caches and n >= plus_petit
                else accorder_ou_taire(n, plus_petit, "personne"),
            )
            for nom, n in nombres.items()
        ],
        idees=Idee.objects.filter(table__forum=forum, etat__in=sorted(IDEES_PUBLIQUES)).count(),
        plus_petit=plus_petit,
    )


def a_l_accueil(forum: Forum, mots: str = "") -> Any:
    """List for the door, by name: people with a seat, then those waiting. `mots`: a part of the name."""
    gens = forum.inscriptions.exclude(etat=E.ANNULEE).select_related("quartier", "table")
    # A person whose address was not confirmed is listed only when searched by name.
    nommes = Q(nom__icontains=mots.strip()[:60]) if mots.strip() else ~Q(etat=E.A_CONFIRMER)
    return gens.filter(nommes).order_by(NON_CONFIRMEES_A_LA_FIN, "-etat", "nom", "pk")


def recolte(forum: Forum, *, publique: bool) -> Any:
    """Tables with their idées and notes. `publique`: published idées only."""
    siennes = Idee.objects.select_related("projet_quartier").order_by("pk")
    if publique:
        siennes = siennes.filter(etat__in=sorted(IDEES_PUBLIQUES), est_publie=True)
    return forum.tables.prefetch_related(
        Prefetch("idees", queryset=siennes, to_attr="recoltees"), "notes"
    ).annotate(combien_de_notes=Count("notes"))


def inscrites(forum: Forum) -> Any:
    return (
        InscriptionForum.objects.filter(forum=forum)
        .select_related("quartier", "forum", "table")
        .order_by(NON_CONFIRMEES_A_LA_FIN, "-etat", "inscrite_le")
    )
