"""The sujets nearest to what was said: « Est-ce l’une de celles-ci ? » in public, « Rattacher » in the office. A person decides."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramDistance
from django.db.models import Case, F, FloatField, Func, Q, Value, When

from participation.socle.models.dossiers import SANS_ACCENTS
from participation.socle.regles.mots import mots_a_comparer, mots_communs
from remontees.models import Remontee, Sujet
from remontees.workflow import SUJETS_EN_COURS

MONTRES, MONTRES_AU_BUREAU = 5, 12
# Of the words of a title, how near to those of the text; a sujet of the same category is shown with less.
SEUIL, MEME_CATEGORIE, MEME_LIEU = 0.35, 0.2, 0.15
# Found by the indexes, then measured one by one: the nearest texts, the last of the same category.
VUS = 40


def sujets_proches(texte: str, *, categorie: int | None, commune: str) -> list[Sujet]:
    """Those answered and closed too: what was answered is an answer for her. Three queries, whatever the number of sujets."""
    publies: Any = Sujet.objects.filter(est_publie=True).exclude(texte_public="")
    if commune:
        publies = publies.filter(Q(commune=commune) | Q(commune=None))
    meme = Q(categorie=categorie) if categorie else Q(pk__in=[])
    dit = mots_a_comparer(texte)
    notes = _mesurer(Sujet.objects.filter(pk__in=_a_voir(publies, dit, meme)), dit, meme, Q(pk__in=[]))
    return list(
        notes.filter(Q(proximite__gte=SEUIL) | meme)
        .select_related("categorie", "commune", "quartier")
        .order_by("-proximite", "-pk")[:MONTRES]
    )


@dataclass(frozen=True, slots=True)
class Trouve:
    """A sujet under which a remontée may go; `mots`: those that both say."""

    sujet: Sujet
    mots: list[str]


def sujets_ouverts() -> Any:
    ouverts: Any = Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS))
    return ouverts


def ou_rattacher(remontee: Remontee, cherche: str, choisi: int | None) -> tuple[list[Trouve], bool]:
    """(the open sujets, nearest first; whether there are more than these). `choisi` is first, whatever is looked for.

    Without words: the nearest texts, then those of the same category, of the same place. With words: those that have them all.
    """
    ouverts = sujets_ouverts()
    meme = Q(categorie=remontee.categorie_id) if remontee.categorie_id else Q(pk__in=[])
    lieu = Q(commune=remontee.commune_id) if remontee.commune_id else Q(pk__in=[])
    texte = f"{remontee.titre} {remontee.verbatim}"
    dit = mots_a_comparer(remontee.titre, remontee.verbatim)
    if cherche:
        possibles: Any = _qui_disent(ouverts, cherche)
    else:
        possibles = Sujet.objects.filter(pk__in=_a_voir(ouverts, dit, meme, lieu))
    # One more than shown: are there others?
    notes = list(
        _mesurer(possibles.exclude(pk=choisi or 0), dit, meme, lieu)
        .select_related("categorie", "commune", "quartier")
        .order_by("-proximite", "-pk")[: MONTRES_AU_BUREAU + 1]
    )
    premier = list(ouverts.filter(pk=choisi or 0).select_related("categorie", "commune", "quartier"))
    montres = premier + notes[:MONTRES_AU_BUREAU]
    trouves = [Trouve(s, mots_communs(texte, f"{s.titre} {s.texte_public}")) for s in montres]
    return trouves, len(notes) > MONTRES_AU_BUREAU


def _qui_disent(sujets: Any, cherche: str) -> Any:
    """Each word in the reference, in the title, in the text, in the name of the category or of the place."""
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
    """Keys: the nearest texts by the index of trigrams, and the last of each of `aussi`."""
    cles: list[int] = []
    if dit:
        cles += sujets.order_by(TrigramDistance("mots", dit)).values_list("pk", flat=True)[:VUS]
    for voulus in aussi:
        cles += sujets.filter(voulus).order_by("-pk").values_list("pk", flat=True)[:VUS]
    return cles


def _mesurer(sujets: Any, dit: str, meme: Q, lieu: Q) -> Any:
    """`proximite`: of the words of both, or of those of the title in what was said; more for the same category, the same place."""
    des_mots = Func(F("mots"), Value(dit), function="similarity", output_field=FloatField())
    # Without the words that everybody uses: « de la » is in every title.
    du_titre = Func(F("titre_simple"), Value(dit), function="word_similarity", output_field=FloatField())
    return sujets.annotate(
        proximite=Func(des_mots, du_titre, function="greatest", output_field=FloatField())
        + Case(When(meme, then=Value(MEME_CATEGORIE)), default=Value(0.0))
        + Case(When(lieu, then=Value(MEME_LIEU)), default=Value(0.0))
    )
