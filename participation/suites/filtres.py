"""Search and filters of the office list of suites."""

from datetime import date

import django_filters
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.forms import HiddenInput

from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Direction, Dossier, Quartier
from participation.suites.models import ReponseDirection, Suite, Verdict
from participation.suites.models.suites import SuiteQuerySet
from participation.suites.rendu_compte.lectures import mots
from participation.suites.workflow import ABOUTIS, Degre, Etat, Origine


def avec_attente(suites: QuerySet[Suite]) -> QuerySet[Suite]:
    """Annotate `a_publier` (an answer waits to be published) and `ordre` (by date, closed suites last)."""
    annotees: QuerySet[Suite] = suites.annotate(
        a_publier=attend_publication(),
        ordre=Case(When(etat__in=ABOUTIS, then=Value(date.max)), default=F("date_limite")),
    )
    return annotees


def attend_publication() -> Exists:
    return Exists(ReponseDirection.objects.filter(suite=OuterRef("pk"), retenue_le=None, ecartee_le=None))


class SuiteFilter(Filtres):
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    suivi = django_filters.ChoiceFilter(
        label="Suivi",
        choices=(
            ("a_rendre", "À rendre"),
            ("a_publier", "Réponse à publier"),
            ("retard", "En retard"),
            ("repondues", "Une réponse est venue"),
            ("a_realiser", "Répondues, à réaliser"),
            ("terme", "Arrivées à leur terme"),
            ("desaccord", "Verdicts pas d’accord"),
            ("totales", "Totalement mises en œuvre"),
        ),
        empty_label="Toutes",
        method="par_suivi",
    )
    degre = django_filters.ChoiceFilter(label="Mise en œuvre", choices=Degre.choices, empty_label="Toutes")
    origine = django_filters.ChoiceFilter(
        label="Demandé ou promis",
        choices=(("demandee", "Seulement demandé"), ("promise", ici_plus_tard("Promis par la {metropole}"))),
        empty_label="Tout",
        method="par_origine",
    )
    direction = ParmiFilter(label="Direction", queryset=Direction.objects.all(), empty_label="Toutes")
    nature = django_filters.ChoiceFilter(
        label="Instrument",
        field_name="dossier__nature",
        choices=lambda: [(n, majuscule(mot)) for n, mot in Dossier.libelles_natures().items()],
        empty_label="Tous",
    )
    # Set by the links of the page of a quartier.
    quartier = ParmiFilter(
        queryset=Quartier.objects.all(), field_name="dossier__quartiers", widget=HiddenInput
    )
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), empty_label="Toutes", method="par_commune"
    )

    class Meta:
        model = Suite
        fields: list[str] = []

    def chercher(self, objets: QuerySet[Suite], nom: str, texte: str) -> QuerySet[Suite]:
        return objets.filter(mots(texte.strip()[:200])) if texte.strip() else objets

    def par_origine(self, suites: QuerySet[Suite], nom: str, valeur: str) -> QuerySet[Suite]:
        return suites.filter(promise_le__isnull=valeur != Origine.PROMISE)

    def par_commune(self, suites: QuerySet[Suite], nom: str, commune: Commune) -> QuerySet[Suite]:
        liens = Dossier.communes.through.objects.filter(commune=commune.pk)
        return suites.filter(dossier__in=liens.values("dossier"))

    def par_suivi(self, suites: SuiteQuerySet, nom: str, valeur: str) -> SuiteQuerySet:
        match valeur:
            case "a_rendre":
                return suites.a_rendre()
            case "a_publier":
                return suites.filter(attend_publication())
            case "retard":
                return suites.en_retard()
            case "repondues":
                return suites.repondues()
            case "a_realiser":
                return suites.a_realiser()
            case "desaccord":
                return suites.filter(
                    pk__in=Verdict.objects.comparables().exclude(jugement=F("dit")).values("suite")
                )
            case "totales":
                return suites.filter(degre=Degre.TOTALE)
        return suites.terminees()
