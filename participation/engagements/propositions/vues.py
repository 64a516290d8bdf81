"""Pages of the propositions: all of them, those of one group, one of them; list and dossier for agents; open data."""

from typing import Any

import django_filters
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from participation.engagements.models import Collectif, Proposition, ReponseArgumentee, TempsFort
from participation.engagements.propositions import lectures
from participation.engagements.propositions.lectures import FiltresDePropositions
from participation.engagements.trouver import proposition_du_bureau
from participation.engagements.workflow import EtatProposition
from participation.socle.fichiers.jeux import Champ, JeuDeDonnees, Type, fichiers_de
from participation.socle.forms.champs import champ_choix, champ_ligne
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.colonnes import Cellule, Colonne, colonne_etat
from participation.socle.views.dossier import ou_se_lit, page_dossier
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pagination import ParCle
from participation.socle.views.public.donnees_ouvertes import fichier, lire_de
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites
from participation.suites.models import Suite
from participation.suites.workflow import Degre, Etat

PAR_PAGE = 20
ETATS = [(e.value, majuscule(e.label)) for e in EtatProposition]


class ChercherForm(forms.Form):
    """Search of the propositions. An invalid value is ignored."""

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    etat = champ_choix("Réponse", [("", "Toutes"), *ETATS], requis=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    degre = champ_choix(
        "Ce qui est fait", [("", "Tout"), *((d.value, majuscule(d.label)) for d in Degre)], requis=False
    )
    verdict = champ_choix(
        "Ce qu’en dit qui a proposé",
        [("", "Tout"), ("accord", "D’accord avec la direction"), ("desaccord", "Pas d’accord")],
        requis=False,
    )

    def __init__(self, data: Any, *, themes: list[str]) -> None:
        super().__init__(data)
        theme: Any = self.fields["theme"]
        theme.choices = [("", "Tous"), *((nom, nom) for nom in themes)]


def _chercher(request: HttpRequest, collectif: Collectif | None) -> dict[str, Any]:
    form = ChercherForm(request.GET, themes=lectures.themes())
    form.is_valid()
    filtres = FiltresDePropositions(
        **{cle: valeur or "" for cle, valeur in form.cleaned_data.items()},
        collectif=collectif.cle if collectif else "",
    )
    trouvees: Any = ParCle(lectures.selection(filtres).order_by(*lectures.PAR_NUMERO))
    page = Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "page": page,
        "lignes": lectures.avec_suites(list(page.object_list)),
        "etapes": lectures.etapes(collectif),
        "donnees": {forme: reverse(f"engagements:propositions_{forme}") for forme in ("csv", "json")},
    }


@publique
@require_safe
@gardable(300)
def propositions(request: HttpRequest) -> HttpResponse:
    """What every group proposed."""
    return render(
        request,
        "engagements/propositions.html",
        {
            **_chercher(request, None),
            "collectifs": Collectif.objects.filter(propositions__est_publie=True).distinct().order_by("nom"),
        },
    )


@publique
@require_safe
@gardable(300)
def collectif(request: HttpRequest, cle: str) -> HttpResponse:
    """What one group proposed, what was decided, done, judged."""
    trouve = get_object_or_404(Collectif, cle=cle)
    reponses: Any = ReponseArgumentee.objects.filter(collectif=trouve, est_publie=True)
    temps_forts: Any = TempsFort.objects.filter(collectif=trouve, est_publie=True)
    return render(
        request,
        "engagements/collectif.html",
        {
            **_chercher(request, trouve),
            "collectif": trouve,
            "reponses": reponses.order_by("-ouvert_le", "-pk"),
            "temps_forts": temps_forts.select_related("reunion").order_by("-reunion__debut", "-pk"),
        },
    )


@publique
@require_safe
@gardable(300)
def proposition(request: HttpRequest, reference: str) -> HttpResponse:
    trouvee = get_object_or_404(lectures.publiees().select_related("direction"), reference=reference)
    return render(
        request,
        "engagements/proposition.html",
        {
            "proposition": trouvee,
            "dossier": trouvee,
            "suites": Suite.objects.a_montrer().filter(dossier=trouvee.pk),
            "reponse_argumentee": ReponseArgumentee.objects.filter(
                est_publie=True, lignes__proposition=trouvee.pk
            ).first(),
            "histoire": trouvee.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


class PropositionFilter(Filtres):
    etat = django_filters.ChoiceFilter(label="Réponse", empty_label="Toutes", choices=ETATS)
    collectif = ParmiFilter(label="Proposée par", queryset=Collectif.objects.all(), empty_label="Tous")

    class Meta:
        model = Proposition
        fields: list[str] = []


@reserve_a(Role.AGENT)
@require_safe
def dossiers_propositions(request: RequeteConnectee) -> HttpResponseBase:
    toutes: Any = Proposition.objects.visibles_par(request.user)
    return page_liste(
        request,
        Liste(
            cle="engagements:dossiers_propositions",
            titre="Propositions",
            chapeau="Ce que les membres d’une instance citoyenne proposent, et la réponse qui leur est due.",
            objets=toutes.select_related("collectif", "direction"),
            filtres=PropositionFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Proposition",
                    lambda p: Cellule(p.titre, sous=f"{p.reference} · {p.collectif}"),
                    export=lambda p: p.titre,
                    tri="titre",
                ),
                Colonne("numero", "Numéro", lambda p: p.numero, a_l_ecran=False),
                Colonne("theme", "Thème", lambda p: p.theme, tri="theme"),
                colonne_etat("etat"),
                Colonne("direction", "Direction", lambda p: str(p.direction or "")),
                Colonne("decidee", "Décidée le", lambda p: p.decidee_le, tri="decidee_le"),
                Colonne("texte", "Texte", lambda p: p.texte, a_l_ecran=False),
                Colonne("retour", "Réponse", lambda p: p.retour, a_l_ecran=False),
            ],
            tri="reference",
            singulier="proposition",
            pluriel="propositions",
            app="engagements",
            vide="Notez une proposition, ou reprenez-les d’un tableau.",
        ),
        "engagements/dossiers_propositions.html",
        {},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_proposition(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = proposition_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouvee)
    return page_dossier(
        request, trouvee, "engagements/dossier_proposition.html", contexte_des_suites(trouvee, request.user)
    )


JEU = JeuDeDonnees(
    cle="propositions",
    titre="Propositions des instances citoyennes",
    description="Ce que chaque instance propose, ce qui est répondu et pourquoi, ce qui est fait.",
    app="engagements",
    liste="propositions",
    champs=(
        Champ("reference", "Référence."),
        Champ("collectif", "Qui propose."),
        Champ("numero", "Numéro donné par le collectif."),
        Champ("theme", "Thème."),
        Champ("titre", "La proposition, en une phrase."),
        Champ("texte", "La proposition, dans les mots des membres."),
        Champ("portee_par", "Qui la porte."),
        Champ("etat", "La réponse."),
        Champ("reponse", "Ce qui sera fait ou non, et pourquoi."),
        Champ("decidee_le", "Jour de la décision.", Type.JOUR),
        Champ("decidee_par", "Qui a décidé."),
        Champ("deliberation", "Numéro de la délibération."),
        Champ("suite", "État de sa dernière suite."),
        Champ("degre", "Mise en œuvre montrée."),
        Champ("url", "Page publique.", Type.ADRESSE),
        Champ("modifiee_le", "Dernier changement.", Type.INSTANT),
    ),
    lire=lire_de(lambda: lectures.publiees().order_by("pk"), lectures.fiches, "modifie_le"),
    fichiers=fichiers_de("engagements:propositions"),
    exemple=lambda: lectures.fiches(lectures.publiees().order_by("pk")[:1]),
    valeurs=lambda: [
        *((f"etat = {e.value}", e.label) for e in EtatProposition),
        *((f"suite = {e.value}", e.label) for e in Etat),
        *((f"degre = {d.value}", d.label) for d in Degre),
    ],
    precisions=(
        "Aucune donnée personnelle : ni la nationalité, ni la situation administrative de personne.",
    ),
    page=reverse_lazy("engagements:propositions"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
