"""Search and filters of the common lists."""

import re
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from participation.socle.bd.cache import une_minute
from participation.socle.bd.rares import par_les_cles, par_les_mots
from participation.socle.francais import majuscule
from participation.socle.models import Appartenance, Commune, Compte, Courriel, Direction, Dossier, Echeance
from participation.socle.models.champs import parmi
from participation.socle.models.courriels import CourrielQuerySet
from participation.socle.regles.mots import SANS_ACCENTS

M = TypeVar("M", bound=models.Model)

RANG = "rang"
# Seven trigrams out of ten: « dechetterie » finds « déchèteries », « velo » does not find « volley ».
RESSEMBLANCE = 0.6
# Matches that a search ranks, and last dossiers among which it looks for as many, or for titles that look alike: of each
# nature, when all are searched.
PARMI, DERNIERS, DE_CHAQUE = 500, 5000, 500
# Up to so many of the last ones of all, words are rare: their index is read.
RARES, RECENTS = 10, 500


def chercher(dossiers: QuerySet[M], mots: str) -> QuerySet[M]:
    """Keep the dossiers that match the words, and add `rang` (higher is better).

    They match by French full text (the last word may be unfinished), by reference, or by a title that has the words, or
    looks alike among the last ones, whatever the accents. For a page, see `les_plus_proches`.
    """
    mots = mots.strip()[:200]
    if not mots:
        return dossiers
    if dossiers.model is not Dossier:
        # It goes without saying, but not to the planner: all the dossiers were walked for words that few have.
        dossiers = dossiers.filter(nature=dossiers.model._meta.model_name)
    dits = _disent(mots, _du_modele(dossiers.model))
    trouves: QuerySet[M] = avec_rang(dossiers, mots).filter(Q(*dits, _connector=Q.OR))
    return trouves


def _du_modele(modele: type[models.Model]) -> QuerySet[Any]:
    return (
        Dossier.objects.all()
        if modele is Dossier
        else modele._default_manager.filter(nature=modele._meta.model_name)
    )


def avec_rang(dossiers: QuerySet[M], mots: str) -> QuerySet[M]:
    """Add `rang` to dossiers that match the words."""
    mots = mots.strip()[:200]
    ranges: QuerySet[M] = dossiers.annotate(
        rang=Greatest(
            Coalesce(SearchRank(F("recherche"), en_francais(mots)), Value(0.0)),
            TrigramWordSimilarity(_simple(mots), "titre_simple"),
        )
    )
    return ranges


def cles_trouvees(dossiers: QuerySet[M], mots: str) -> QuerySet[M, Any]:
    """Return the keys of the same dossiers, without rank: one set for each way to match, found by its own index."""
    mots = mots.strip()[:200]
    premieres, *autres = (dossiers.filter(dit).order_by().values("pk") for dit in _disent(mots, dossiers))
    return premieres.union(*autres)


def _disent(mots: str, tous: QuerySet[Any]) -> tuple[Q | models.Func, ...]:
    """Return the ways to match, the last of them for titles that look alike among the last of `tous`."""
    return (*_exactement(mots), parmi(_ressemblants(mots, tous)))


def _exactement(mots: str) -> tuple[Q, ...]:
    return (
        Q(titre_simple__contains=_simple(mots)),
        Q(recherche=en_francais(mots)),
        Q(reference__icontains=mots),
    )


def _ressemblants(mots: str, tous: QuerySet[Any]) -> list[int]:
    """Return the keys of the last titles that look like the words.

    Not along the index of trigrams: it gives every title that has their letters in any order, each then compared. Words
    that are common need none.
    """
    if not _sont_rares(tous, mots):
        return []
    tous = tous.order_by("-pk").values("pk")
    derniers = tous[:DERNIERS]
    if tous.model is Dossier:
        un, *autres = (tous.filter(nature=nature)[:DE_CHAQUE] for nature in Dossier.natures())
        derniers = un.union(*autres, all=True)
    proches = Dossier.objects.filter(parmi(derniers), titre_simple__trigram_word_similar=_simple(mots))
    return list(proches.order_by().values_list("pk", flat=True))


def _simple(mots: str) -> str:
    return mots.translate(SANS_ACCENTS).lower()


def en_francais(mots: str) -> Any:
    """Return the words as a full text query in French, whose last word may be unfinished."""
    requete: Any = SearchQuery(mots, config="french", search_type="websearch")
    debut = re.findall(r"\w+", mots)
    if debut and len(debut[-1]) >= 3:
        prefixe = " & ".join([*debut[:-1], f"{debut[-1]}:*"])
        requete = requete | SearchQuery(prefixe, config="simple", search_type="raw")
        requete = requete | SearchQuery(prefixe, config="french", search_type="raw")
    return requete


def les_plus_proches(trouves: QuerySet[M], mots: str) -> tuple[QuerySet[M], bool]:
    """Keep the best of the dossiers found by `chercher`, best first. Return too whether others match.

    A word may be in a third of the texts: no more than PARMI matches are ranked, the last ones, with as many of those
    whose title has it. The last dossiers of a nature, whoever may read them, tell rare words, whose index is read. Of
    all natures together they say nothing: they may all be of one.
    """
    trouves, modele = trouves.order_by(), trouves.model
    dernier = modele._default_manager.aggregate(n=Max("pk"))["n"] or 0
    derniers: list[Any] = []
    if modele is not Dossier and _sont_rares(_du_modele(modele), mots.strip()[:200]):
        with par_les_mots():
            cles = _premieres(trouves.order_by("-pk"))
    else:
        derniers = _depuis(trouves, dernier - DERNIERS)
        cles = derniers if len(derniers) > PARMI else _premieres(trouves)
    est_au_dela = len(cles) > PARMI
    if est_au_dela:
        cles = [*cles, *derniers, *_premieres(trouves.filter(titre_simple__contains=_simple(mots.strip())))]
    return trouves.filter(pk__in=cles).order_by(f"-{RANG}", "pk"), est_au_dela


def _sont_rares(tous: QuerySet[Any], mots: str) -> bool:
    """Whether few of the last dossiers have the words, whoever may read them."""
    dernier = tous.model._default_manager.aggregate(n=Max("pk"))["n"] or 0
    dits = tous.filter(Q(*_exactement(mots), _connector=Q.OR))
    return len(_depuis(dits, dernier - RECENTS)) <= RARES


def _depuis(trouves: QuerySet[Any], numero: int) -> list[Any]:
    with par_les_cles():
        return _premieres(trouves.filter(pk__gt=numero).order_by("-pk"))


def _premieres(trouves: QuerySet[Any]) -> list[Any]:
    return list(trouves.values_list("pk", flat=True)[: PARMI + 1])


def avec_echeance(dossiers: QuerySet[M]) -> QuerySet[M]:
    """Add `echeance_le` and `echeance_libelle`: the next échéance, among those whose clock runs."""
    prochaine = Echeance.objects.actives().filter(dossier=OuterRef("pk")).order_by("date_limite", "pk")
    annotes: QuerySet[M] = dossiers.annotate(
        echeance_le=Subquery(prochaine.values("date_limite")[:1]),
        echeance_libelle=Coalesce(Subquery(prochaine.values("libelle")[:1]), Value("")),
    )
    return annotes


class _SesFiltres(dict[str, Any]):
    """Filters of a class, copied for each request without copying the choices that they share."""

    def __deepcopy__(self, memo: object) -> "dict[str, Any]":
        return {nom: self._copie(filtre) for nom, filtre in self.items()}

    @staticmethod
    def _copie(filtre: Any) -> Any:
        copie = copy(filtre)
        copie.extra, copie.method = dict(filtre.extra), filtre.method
        return copie


class _SesChamps(dict[str, Any]):
    """Fields of a form made for one request: nothing to copy."""

    def __deepcopy__(self, memo: object) -> "dict[str, Any]":
        return self


class Filtres(django_filters.FilterSet):  # type: ignore[misc]
    """Base of the filters of every list. `q` searches; add other filters in the order of the page."""

    # États in which a dossier is closed, for a list filtered by état.
    ETATS_CLOS: ClassVar[frozenset[str]] = frozenset()
    # États in which it is open and nothing is due.
    ETATS_SANS_ECHEANCE: ClassVar[frozenset[str]] = frozenset()

    q = django_filters.CharFilter(
        label="Mots, référence ou personne",
        method="chercher",
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def chercher(self, objets: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        return chercher(objets, mots)

    @property
    def ne_montre_que_le_clos(self) -> bool:
        """Whether the choices leave only what is closed, of which hardly anything is due any more."""
        choix = self.form.cleaned_data
        return choix.get("ouverts") == "non" or choix.get("etat") in self.ETATS_CLOS

    @property
    def rien_n_y_est_du(self) -> bool:
        return self.form.cleaned_data.get("etat") in self.ETATS_SANS_ECHEANCE

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        return _SesFiltres(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        classe: Any = super().get_form_class()
        classe.base_fields = _SesChamps(classe.base_fields)
        return classe  # type: ignore[no-any-return]


class _Options(ModelChoiceIterator):  # type: ignore[misc]
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        yield from une_minute(self.field.cle, self._lire) or ()

    def _lire(self) -> list[tuple[Any, str]] | None:
        lues = [(self.field.prepare_value(o), self.field.label_from_instance(o)) for o in self.queryset]
        return lues or None


class ParmiField(ModelChoiceField):  # type: ignore[misc]
    iterator = _Options

    def __init__(self, *args: Any, cle: str, **options: Any) -> None:
        self.cle = cle
        super().__init__(*args, **options)


class ParmiFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    """Filter by a row of a reference table.

    Its options are read once a minute in each process; the chosen row is queried as usual.
    """

    field_class = ParmiField
    numeros = count()

    def __init__(self, **options: Any) -> None:
        super().__init__(cle=f"options.{next(self.numeros)}", **options)


class EcheanceFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    CHOIX = (("retard", "En retard"), ("semaine", "Dans les sept jours"), ("mois", "Dans les trente jours"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Échéance", "empty_label": "Toutes", "choices": self.CHOIX, **options})

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        dues = Echeance.objects.actives().filter(dossier=OuterRef("pk"))
        jour = timezone.localdate()
        if value == "retard":
            dues = dues.en_retard()
        else:
            jours = 7 if value == "semaine" else 30
            dues = dues.filter(date_limite__range=(jour, jour + timedelta(days=jours)))
        return qs.filter(Exists(dues))


class OuvertsFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    CHOIX = (("oui", "En cours"), ("non", "Clos"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Suivi", "empty_label": "Tous", "choices": self.CHOIX, **options})

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(clos_le__isnull=value == "oui") if value else qs


PARTI = "parti"


class AgentFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"label": "Suivi par", "empty_label": "Tout le monde", "choices": self._choix, **options}
        )

    @staticmethod
    def _choix() -> list[tuple[str, str]]:
        agents = une_minute(
            "filtre.agents",
            lambda: [(str(agent.pk), str(agent)) for agent in Compte.objects.agents_du_service()],
        )
        return [("moi", "Moi"), ("personne", "Personne"), (PARTI, "Qui a quitté le service"), *agents]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "moi":
            return qs.filter(agent=self.parent.request.user)
        if value == "personne":
            return qs.filter(agent__isnull=True)
        if value == PARTI:
            return qs.filter(parmi(Appartenance.objects.anciens_agents(), "agent_id"))
        return qs.filter(agent=value) if value else qs


class DossierFilter(Filtres):
    nature = django_filters.ChoiceFilter(
        label="Nature", choices=lambda: natures_presentes(), empty_label="Toutes"
    )
    ouverts = OuvertsFilter()
    echeance = EcheanceFilter()
    agent = AgentFilter()
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )
    direction = ParmiFilter(
        label="Direction", queryset=Direction.objects.filter(est_active=True), empty_label="Toutes"
    )

    class Meta:
        model = Dossier
        fields: list[str] = []


def natures_presentes() -> list[tuple[str, str]]:
    """Return the natures of the installed apps, as choices."""
    return [(nature, majuscule(mot)) for nature, mot in Dossier.libelles_natures().items()]


# Choice for the letters that « Ma journée » counts, failed or refused.
NON_ARRIVES = "non_arrives"


class CourrielFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Objet, adresse ou numéro", method="chercher", widget=forms.TextInput(attrs={"type": "search"})
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(NON_ARRIVES, "non arrivé"), *Courriel.Etat.choices],
        method="de_l_etat",
        empty_label="Tous",
    )
    moyen = django_filters.ChoiceFilter(
        label="Par", choices=[("courriel", "Courriel"), ("sms", "SMS")], empty_label="Tous"
    )
    # Hidden fields: the line of a dossier that groups many letters links to the list with them.
    dossier = django_filters.NumberFilter(widget=forms.HiddenInput)
    acte = django_filters.CharFilter(widget=forms.HiddenInput)
    sujet = django_filters.CharFilter(widget=forms.HiddenInput)
    le = django_filters.DateFilter(field_name="cree_le", lookup_expr="date", widget=forms.HiddenInput)

    class Meta:
        model = Courriel
        fields: list[str] = []

    def de_l_etat(self, courriels: CourrielQuerySet, nom: str, etat: str) -> CourrielQuerySet:
        return courriels.en_souffrance() if etat == NON_ARRIVES else courriels.filter(etat=etat)

    def chercher(self, courriels: QuerySet[Courriel], nom: str, mots: str) -> QuerySet[Courriel]:
        return courriels.filter(Q(sujet__icontains=mots) | Q(destinataires__contains=[mots.strip().lower()]))
