"""Dashboard of the avis, its period, and the lists behind its figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Min, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.views.decorators.http import require_POST, require_safe

from ccspl.models import AbonnementResume, Avis, Preconisation, ServiceSuivi
from ccspl.resume import prochaines_reunions
from ccspl.tableau.avis import EN_ATTENTE, REFUSEES, SUIVIES, avec_suites, derniers, mesurer, reponse_de
from ccspl.tableau.lectures import (
    ENTETES,
    adresse,
    chiffres,
    graphique_delais,
    graphique_etats,
    graphique_sens,
    graphique_suites,
    lignes_du_csv,
)
from ccspl.tableau.presence import diversite, graphique_presence, presence_par_college
from ccspl.transmission import restitution
from ccspl.workflow import RENDUS, Etat, Sens
from participation.socle.collectivite import ici
from participation.socle.forms.champs import champ_jour
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.francais import INSECABLE, retard
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.intergiciels import RedirectionFidele
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Direction
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.exports import Tableau, donner, version_de
from participation.socle.views.listes import Liste, page_liste
from participation.socle.workflow import Role
from participation.suites.models import ReglementSuites, reponse_en_retard
from participation.suites.workflow import Etat as EtatSuite


class PeriodeForm(forms.Form):
    """A year, or a first and a last day: the days prevail."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)
    du = champ_jour("ou du", requis=False)
    au = champ_jour("au", requis=False)

    def __init__(self, data: Any = None, *, annees: Sequence[int]) -> None:
        super().__init__(data, initial={"annee": annees[0]})
        self.fields["annee"].choices = [  # type: ignore[attr-defined]
            ("", "Au choix"),
            *((annee, str(annee)) for annee in annees),
        ]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        du, au = reponses.get("du"), reponses.get("au")
        if du and (au or timezone.localdate()) < du:
            raise ValidationError({"au" if au else "du": "La fin précède le début."})
        return reponses

    def periode(self) -> tuple[date, date]:
        """Return the first and last days, both included.

        By default, or for invalid input: this year to date.
        """
        jour = timezone.localdate()
        donnes = self.cleaned_data if self.is_bound and self.is_valid() else {}
        du, au, annee = donnes.get("du"), donnes.get("au"), donnes.get("annee")
        if du or au:
            fin = au or jour
            return du or min(date(fin.year, 1, 1), fin), fin
        annee = annee or jour.year
        return date(annee, 1, 1), min(date(annee, 12, 31), max(jour, date(annee, 1, 1)))


class AvisDuTableauFilter(Filtres):
    """Filters of the list of avis. Figures of the dashboard link to it."""

    rendu_du = django_filters.DateFilter(
        label="Rendu du", field_name="adopte_le", lookup_expr="date__gte", widget=forms.DateInput
    )
    rendu_au = django_filters.DateFilter(
        label="au", field_name="adopte_le", lookup_expr="date__lte", widget=forms.DateInput
    )
    service = ParmiFilter(label="Service", queryset=ServiceSuivi.objects.all(), empty_label="Tous")
    sens = django_filters.ChoiceFilter(label="Sens", choices=Sens.choices, empty_label="Tous")
    suites = django_filters.ChoiceFilter(
        label="Réponse",
        choices=(("retard", "En retard"), ("attente", "Attendue"), ("recue", "Reçue")),
        empty_label="Toutes",
        method="par_suites",
    )
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    saisine = django_filters.ChoiceFilter(label="Saisine", choices=Avis.Saisine.choices, empty_label="Toutes")
    saisi_du = django_filters.DateFilter(
        field_name="date_saisine", lookup_expr="gte", widget=forms.HiddenInput
    )
    saisi_au = django_filters.DateFilter(
        field_name="date_saisine", lookup_expr="lte", widget=forms.HiddenInput
    )
    conseil = django_filters.NumberFilter(field_name="conseil", widget=forms.HiddenInput)

    class Meta:
        model = Avis
        fields: list[str] = []

    def par_suites(self, avis: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        """Filter on the annotations of `avec_suites`."""
        if valeur == "retard":
            return avis.filter(n_retards__gt=0)
        if valeur == "attente":
            return avis.filter(attendue_le__isnull=False)
        return avis.filter(n_repondues__gt=0, attendue_le__isnull=True)


SORTS: dict[str, tuple[str, Q]] = {
    "suivie": ("Suivies", Q(suite__etat__in=SUIVIES)),
    "en_partie": ("Suivies en partie", Q(suite__etat=EtatSuite.SUIVIE_EN_PARTIE)),
    "tout_ou_partie": (
        "Suivies, en tout ou en partie",
        Q(suite__etat__in=[*SUIVIES, EtatSuite.SUIVIE_EN_PARTIE]),
    ),
    "non_suivie": ("Non suivies ou hors compétence", Q(suite__etat__in=REFUSEES)),
    "attente": ("En attente", Q(suite__isnull=True) | Q(suite__etat__in=EN_ATTENTE)),
    "retard": ("En retard", Q()),
}


class PreconisationFilter(Filtres):
    rendu_du = django_filters.DateFilter(
        label="Avis rendu du", field_name="avis__adopte_le", lookup_expr="date__gte", widget=forms.DateInput
    )
    rendu_au = django_filters.DateFilter(
        label="au", field_name="avis__adopte_le", lookup_expr="date__lte", widget=forms.DateInput
    )
    service = ParmiFilter(
        label="Service", field_name="avis__service", queryset=ServiceSuivi.objects.all(), empty_label="Tous"
    )
    direction = ParmiFilter(
        label="Direction",
        field_name="suite__direction",
        queryset=Direction.objects.all(),
        empty_label="Toutes",
    )
    sort = django_filters.ChoiceFilter(
        label="Ce qu’elles sont devenues",
        choices=[(cle, libelle) for cle, (libelle, _) in SORTS.items()],
        empty_label="Toutes",
        method="par_sort",
    )
    repondue_du = django_filters.DateFilter(
        field_name="suite__repondue_le", lookup_expr="date__gte", widget=forms.HiddenInput
    )
    repondue_au = django_filters.DateFilter(
        field_name="suite__repondue_le", lookup_expr="date__lte", widget=forms.HiddenInput
    )

    class Meta:
        model = Preconisation
        fields: list[str] = []

    def chercher(self, lignes: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        mots = mots.strip()
        return lignes.filter(
            Q(texte__icontains=mots) | Q(avis__titre__icontains=mots) | Q(avis__reference__icontains=mots)
        )

    def par_sort(self, lignes: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        if valeur == "retard":
            return lignes.filter(reponse_en_retard(timezone.localdate(), "suite__"))
        return lignes.filter(SORTS[valeur][1])


def lien_de(avis: Avis, compte: Compte) -> str:
    """Return the URL of the avis: dossier for agents, public page for élus, "" while it is not published."""
    if compte.est_agent:
        return avis.get_absolute_url()
    return avis.get_public_url() if avis.est_publie else ""


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def tableau_de_bord(request: RequeteConnectee) -> HttpResponseBase:
    avis: Any = Avis.objects.visibles_par(request.user)
    form = PeriodeForm(request.GET or None, annees=annees())
    debut, fin = form.periode()
    if request.GET.get("export") == "csv":
        return _csv(request, avis, debut, fin)
    mesures = mesurer(avis, debut, fin)
    periode = {"rendu_du": debut, "rendu_au": fin}
    reglement = ReglementSuites.objects.en_vigueur()
    gardes = [(cle, v) for cle, vs in request.GET.lists() if cle != "export" for v in vs]
    seances, colleges = presence_par_college(debut, fin)
    return render(
        request,
        "ccspl/tableau/tableau_de_bord.html",
        {
            "app": "ccspl",
            "form": form,
            "mesures": mesures,
            "est_vide": not (mesures.rendus or mesures.par_etat or mesures.en_retard or seances),
            "chiffres": chiffres(mesures),
            "services": graphique_suites(
                mesures.par_service,
                [
                    adresse("ccspl:preconisations", **periode, service=bilan.cle)
                    for bilan in mesures.par_service
                ],
            ),
            "directions": [
                (bilan, adresse("ccspl:preconisations", **periode, direction=bilan.cle))
                for bilan in mesures.par_direction
            ],
            "delais": graphique_delais(
                mesures.trimestres,
                reglement.objectif_jours if reglement else None,
                [
                    adresse("ccspl:preconisations", repondue_du=t.debut, repondue_au=t.fin)
                    for t in mesures.trimestres
                ],
            ),
            "etats": graphique_etats(mesures, etapes_lues_par(request.user)),
            "sens": graphique_sens(mesures),
            "derniers": [(un, reponse_de(un), lien_de(un, request.user)) for un in derniers(avis, mesures)],
            "url_avis": adresse("ccspl:avis_rendus", **periode),
            "reunions": [
                (reunion, [(un, lien_de(un, request.user)) for un in siens])
                for reunion, siens in prochaines_reunions(avis)
            ],
            "presence": graphique_presence(seances, colleges),
            "seances": seances,
            "diversite": diversite(),
            "abonne": AbonnementResume.objects.filter(compte=request.user, arrete_le=None).exists(),
            "url_csv": f"?{urlencode([*gardes, ('export', 'csv')])}",
        },
    )


def annees() -> list[int]:
    """Return the years from this one back to the first saisine."""
    debut = Avis.objects.aggregate(n=Min("date_saisine"))["n"]
    courante = timezone.localdate().year
    premiere = debut.year if debut else courante
    return list(range(courante, min(premiere, courante) - 1, -1))


def _csv(request: RequeteConnectee, avis: Any, debut: date, fin: date) -> HttpResponseBase:
    """CSV of the period; see `lignes_du_csv`."""
    total, version = version_de(avis, "modifie_le")
    return donner(
        request,
        Tableau(f"ccspl-{debut}-{fin}", ENTETES, lambda: lignes_du_csv(avis, debut, fin), total, version),
    )


# Lists behind the figures
# --------------------------------------------------------------------------------------------
def etapes_lues_par(compte: Compte) -> list[str]:
    """Return the états of the avis in the list of this account: élus only see adopted avis."""
    return list(Etat) if compte.est_agent else sorted(RENDUS)


def montrer_reponse(un: Avis) -> Cellule:
    reponse = reponse_de(un)
    return Cellule(reponse.texte, sous=reponse.le or "", couleur=reponse.couleur, icone=reponse.icone)


COLONNES_DES_AVIS = [
    Colonne(
        "titre",
        "Avis",
        lambda a: Cellule(a.titre, sous=f"{a.reference}, {a.service}"),
        export=lambda a: a.titre,
        tri="titre_simple",
    ),
    Colonne("reference", "Référence", lambda a: a.reference, tri="reference", a_l_ecran=False),
    Colonne("service", "Service", lambda a: str(a.service), a_l_ecran=False),
    Colonne(
        "adopte_le",
        "Rendu le",
        lambda a: timezone.localtime(a.adopte_le).date() if a.adopte_le else None,
        tri="adopte_le",
    ),
    Colonne("sens", "Sens", lambda a: capfirst(a.get_sens_display()), tri="sens"),
    Colonne("saisine", "Saisine", lambda a: a.get_saisine_display(), a_l_ecran=False),
    Colonne(
        "conseil",
        "Conseil",
        lambda a: Cellule(a.conseil.date if a.conseil else None, sous=a.deliberation),
        export=lambda a: a.conseil.date if a.conseil else None,
        tri="conseil__date",
    ),
    Colonne("reponse", "Réponse", montrer_reponse, export=lambda a: reponse_de(a).texte),
    Colonne(
        "suivies",
        "Suivies",
        lambda a: f"{a.n_suivies}{INSECABLE}/{INSECABLE}{a.n_lignes}" if a.n_lignes else None,
        tri="n_suivies",
        nombre=True,
    ),
]


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def avis_rendus(request: RequeteConnectee) -> HttpResponseBase:
    """List of the avis; agents also see those being written."""
    avis: Any = Avis.objects.visibles_par(request.user)
    avis = avis.filter(etat__in=etapes_lues_par(request.user))

    return page_liste(
        request,
        Liste(
            cle="ccspl:avis_rendus",
            titre="Les avis de la commission",
            app="ccspl",
            objets=avec_suites(avis.select_related("service", "conseil")),
            filtres=AvisDuTableauFilter,
            colonnes=COLONNES_DES_AVIS,
            tri="-adopte_le",
            singulier="avis",
            pluriel="avis",
            lien=lambda a: lien_de(a, request.user),
            vide=ici("Les avis que la commission adopte s’affichent ici, avec la réponse de la {metropole}."),
        ),
        gabarit="ccspl/tableau/liste.html",
    )


def montrer_suite(ligne: Preconisation) -> Cellule:
    if ligne.suite is None:
        return Cellule("Pas encore transmise", couleur="neutre", icone="document")
    apparence = ligne.suite.apparence
    return Cellule(capfirst(ligne.suite.get_etat_display()), couleur=apparence.couleur, icone=apparence.icone)


def attendue(ligne: Preconisation) -> Cellule:
    suite = ligne.suite
    if suite is None or suite.repondue_le is not None:
        return Cellule(None)
    return Cellule(suite.date_limite, retard=retard(suite.date_limite) if suite.est_en_retard else "")


COLONNES_DES_PRECONISATIONS = [
    Colonne(
        "texte",
        "Préconisation",
        lambda p: Cellule(Truncator(p.texte).chars(180), sous=f"{p.avis.reference}, {p.avis.titre}"),
        export=lambda p: p.texte,
    ),
    Colonne("avis", "Avis", lambda p: p.avis.reference, tri="avis__reference", a_l_ecran=False),
    Colonne("titre", "Titre de l’avis", lambda p: p.avis.titre, a_l_ecran=False),
    Colonne("service", "Service", lambda p: str(p.avis.service), tri="avis__service__nom"),
    Colonne(
        "direction",
        "Direction",
        lambda p: str(p.suite.direction) if p.suite else None,
        tri="suite__direction__nom",
    ),
    Colonne(
        "suite",
        "Ce qu’elle est devenue",
        montrer_suite,
        export=lambda p: p.suite.get_etat_display() if p.suite else "pas encore transmise",
        tri="suite__etat",
    ),
    Colonne(
        "raison", "Raison ou réponse", lambda p: p.suite.reponse_dite if p.suite else "", a_l_ecran=False
    ),
    Colonne(
        "attendue",
        "Attendue le",
        attendue,
        export=lambda p: p.suite.date_limite if p.suite else None,
        tri="suite__date_limite",
    ),
    Colonne(
        "repondue_le",
        "Répondue le",
        lambda p: timezone.localtime(p.suite.repondue_le).date() if p.suite and p.suite.repondue_le else None,
        tri="suite__repondue_le",
    ),
    Colonne("rendu", "Avis rendu le", lambda p: p.avis.adopte_le, tri="avis__adopte_le", a_l_ecran=False),
]


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def preconisations(request: RequeteConnectee) -> HttpResponseBase:
    """List of the préconisations of adopted avis, with their suites."""
    avis: Any = Avis.objects.visibles_par(request.user).filter(etat__in=sorted(RENDUS)).order_by()

    return page_liste(
        request,
        Liste(
            cle="ccspl:preconisations",
            titre="Les préconisations de la commission",
            app="ccspl",
            objets=Preconisation.objects.filter(avis__in=avis.values("pk")).select_related(
                "avis__service", "suite__direction"
            ),
            filtres=PreconisationFilter,
            colonnes=COLONNES_DES_PRECONISATIONS,
            tri="-rendu",
            singulier="préconisation",
            pluriel="préconisations",
            lien=lambda p: lien_de(p.avis, request.user),
            vide="Les préconisations des avis adoptés s’affichent ici, avec la réponse de la direction.",
        ),
        gabarit="ccspl/tableau/liste.html",
    )


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def anciennes_preconisations(request: RequeteConnectee) -> HttpResponseBase:
    """Former URL, in letters and bookmarks of élus: redirects with its filters."""
    parametres = request.META.get("QUERY_STRING", "")
    return RedirectionFidele(reverse("ccspl:preconisations") + (f"?{parametres}" if parametres else ""))


@require_POST
def demander_intervention(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ask for the one-page sheet; redirects to the page that shows when it is ready."""
    avis: Any = get_object_or_404(Avis.objects.visibles_par(request.user), pk=pk)
    document = restitution.demander_intervention(avis, par=request.user)
    return redirect("socle:document_etat", document.cle_publique)
