"""The sujets that a remontée may join: near, alike, searched."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramDistance
from django.db.models import Case, F, FloatField, Func, Q, Value, When

from participation.socle.regles.mots import SANS_ACCENTS, mots_a_comparer, mots_communs
from remontees.models import Remontee, Sujet
from remontees.sujets.lectures import MEME_CATEGORIE, MEME_LIEU, MONTRES, MONTRES_AU_BUREAU, SEUIL, VUS
from remontees.workflow import SUJETS_EN_COURS, EtatSujet


def sujets_proches(texte: str, *, categorie: int | None, commune: str) -> list[Sujet]:
    """Return the published sujets nearest to a text, in three queries.

    An answered one already has the answer.
    """
    publies: Any = Sujet.objects.filter(est_publie=True).exclude(texte_public="")
    if commune:
        publies = publies.filter(Q(commune=commune) | Q(commune=None))
    meme = Q(categorie=categorie) if categorie else Q(pk__in=[])
    dit = mots_a_comparer(texte)
    notes = _noter(Sujet.objects.filter(pk__in=_a_voir(publies, dit, meme)), dit, meme, Q(pk__in=[]))
    return list(
        notes.filter(proximite__gte=SEUIL)
        .select_related("categorie", "commune", "quartier")
        .order_by("-proximite", "-pk")[:MONTRES]
    )


@dataclass(frozen=True, slots=True)
class Trouve:
    """A sujet proposed for a remontée. `mots`: words common to both."""

    sujet: Sujet
    mots: list[str]


def sujets_ou_rattacher(remontee: Remontee) -> Any:
    """Return the sujets that a remontée may join: open, answered (it gets the answer at once), or recognised."""
    propose = Q(pk=remontee.sujet_propose_id) if remontee.sujet_propose_id else Q(pk__in=[])
    possibles: Any = Sujet.objects.filter(Q(etat__in=[*sorted(SUJETS_EN_COURS), EtatSujet.REPONDU]) | propose)
    return possibles


def ou_rattacher(remontee: Remontee, cherche: str, choisi: int | None) -> tuple[list[Trouve], bool]:
    """Return (sujets to join, nearest first, whether there are more). `choisi` always comes first.

    Without `cherche`: by similar text, same category and same place. With it: those that contain all its
    words.
    """
    ouverts = sujets_ou_rattacher(remontee)
    meme = Q(categorie=remontee.categorie_id) if remontee.categorie_id else Q(pk__in=[])
    lieu = Q(commune=remontee.commune_id) if remontee.commune_id else Q(pk__in=[])
    texte = f"{remontee.titre} {remontee.verbatim}"
    dit = mots_a_comparer(remontee.titre, remontee.verbatim)
    if cherche:
        possibles: Any = _qui_disent(ouverts, cherche)
    else:
        possibles = Sujet.objects.filter(pk__in=_a_voir(ouverts, dit, meme, lieu))
    # One more than shown, to know whether there are others.
    notes = list(
        _noter(possibles.exclude(pk=choisi or 0), dit, meme, lieu)
        .select_related("categorie", "commune", "quartier")
        .order_by("-proximite", "-pk")[: MONTRES_AU_BUREAU + 1]
    )
    premier = list(ouverts.filter(pk=choisi or 0).select_related("categorie", "commune", "quartier"))
    montres = premier + notes[:MONTRES_AU_BUREAU]
    trouves = [Trouve(s, mots_communs(texte, f"{s.titre} {s.texte_public}")) for s in montres]
    return trouves, len(notes) > MONTRES_AU_BUREAU


def _qui_disent(sujets: Any, cherche: str) -> Any:
    """Filter: each word is in the reference, title, text, category or commune."""
    for mot in cherche.translate(SANS_ACCENTS).lower().split()[:8]:
        sujets = sujets.filter(
            Q(titre_simple__contains=mot)
            | Q(mots__contains=mot)
            | Q(reference__icontains=mot)
            | Q(categorie__nom__unaccent__icontains=mot)
            | Q(commune__cle_tri__contains=mot)
        )
    return sujets


def _a_voir(sujets: Any, dit: str, *aussi: Q) -> list[int]:
    """Return the keys of the nearest texts by the trigram index, and of the latest for each of `aussi`."""
    cles: list[int] = []
    if dit:
        cles += sujets.order_by(TrigramDistance("mots", dit)).values_list("pk", flat=True)[:VUS]
    for voulus in aussi:
        cles += sujets.filter(voulus).order_by("-pk").values_list("pk", flat=True)[:VUS]
    return cles


def _noter(sujets: Any, dit: str, meme: Q, lieu: Q) -> Any:
    """Annotate `proximite`: the greater of two similarities, plus bonuses for category and place.

    Similarities: of the words of both; of the title within the text.
    """
    des_mots = Func(F("mots"), Value(dit), function="similarity", output_field=FloatField())
    # Without stop words: « de la » is in every title.
    du_titre = Func(F("titre_simple"), Value(dit), function="word_similarity", output_field=FloatField())
    return sujets.annotate(
        proximite=Func(des_mots, du_titre, function="greatest", output_field=FloatField())
        + Case(When(meme, then=Value(MEME_CATEGORIE)), default=Value(0.0))
        + Case(When(lieu, then=Value(MEME_LIEU)), default=Value(0.0))
    )
