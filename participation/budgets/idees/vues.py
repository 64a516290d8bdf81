"""Idées: proposed and followed by their authors, listed and shown in the back office."""

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets.idees import actes, depot
from participation.budgets.idees.depot import ProposerForm, SeNommerForm
from participation.budgets.idees.lectures import deja_proposees, semblables
from participation.budgets.models import AuteurIdee, Budget, Idee
from participation.budgets.trouver import budget_du_bureau, budget_en_ligne, idee_du_bureau
from participation.budgets.workflow.budget import IDEES_VIVANTES, CanalIdee, Capacite, EtatIdee
from participation.socle.actions.moderation import decisions_sur
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.filters import AgentFilter, ParmiFilter
from participation.socle.forms.filters import Filtres as FiltresDeListe
from participation.socle.francais import enumerer
from participation.socle.http import limites
from participation.socle.http.decorateurs import (
    ROLES_BUREAU,
    demande_la_position,
    publique,
    reserve_a,
    traduite,
)
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import plus_tard as _
from participation.socle.models import Quartier, ReglageService
from participation.socle.regles.traces import dire_les_traces
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.views.colonnes import Colonne, colonne_agent, colonne_etat, colonne_titre
from participation.socle.views.dossier import ou_se_lit, page_dossier
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role


def noms_des_quartiers(objet: Any) -> str | None:
    noms = [q.nom for q in objet.quartiers.all()]
    return enumerer(noms) if noms else None


COLONNES_DES_IDEES = [
    colonne_titre("Idée"),
    colonne_etat("etat"),
    Colonne("quartiers", "Quartiers", noms_des_quartiers),
    Colonne("canal", "Reçue", lambda i: i.get_canal_display(), tri="canal"),
    Colonne(
        "projet",
        "Projet",
        lambda i: i.projet_quartier.reference if i.projet_quartier else None,
        tri="projet_quartier__reference",
    ),
    Colonne("ouvert_le", "Le", lambda i: i.ouvert_le, tri="ouvert_le"),
    colonne_agent(),
]


@reserve_a(Role.AGENT)
@require_safe
def idees(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """List of the idées, the oldest first."""
    trouve = budget_du_bureau(request, pk)
    objets: Any = Idee.objects.visibles_par(request.user).filter(budget=trouve)
    return page_liste(
        request,
        Liste(
            cle="budgets:idees",
            titre=f"Idées, {trouve.titre}",
            objets=objets.select_related("projet_quartier", "agent", "budget").prefetch_related("quartiers"),
            filtres=IdeeFilter,
            colonnes=COLONNES_DES_IDEES,
            tri="ouvert_le",
            singulier="idée",
            pluriel="idées",
            app="budgets",
            fil=trouve.fil,
            chapeau="Ce que les habitantes et habitants proposent, par tous les canaux.",
            vide="Les idées s’affichent ici dès que la phase du dépôt commence.",
        ),
        "budgets/idees/idees.html",
        {"budget": trouve, "a_lire": objets.filter(etat=EtatIdee.A_LIRE).count()},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def idee(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = idee_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouvee)
    return page_dossier(
        request,
        trouvee,
        "budgets/idees/idee.html",
        {
            "idee": trouvee,
            "quartiers": trouvee.quartiers.all(),
            "semblables": semblables(trouvee) if trouvee.etat in IDEES_VIVANTES else [],
            # Shown to agents only, who deal with the authors.
            "auteurs": trouvee.auteurs.all(),
        },
    )


ECRITS = ("titre", "texte", "lieu")
DITS = (*ECRITS, "latitude", "longitude", "cle")
ETAPES = (_("Votre idée"), _("Vous prévenir"), _("C’est reçu"))
TROP = _(
    "Beaucoup d’idées arrivent depuis votre réseau, ou pour cette adresse. "
    "Votre texte est toujours là : envoyez-le de nouveau dans une heure, ou appelez-nous."
)


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@demande_la_position
def proposer_idee(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps at one URL.

    The second form carries the answers of the first: nothing is stored between them.
    """
    budget = budget_en_ligne(pk)
    page = {"budget": budget, "etapes_idee": ETAPES, "service": ReglageService.actuel()}
    if refus := budget.pourquoi_pas(Capacite.DEPOSER):
        # If the phase ended meanwhile, what was typed is shown again.
        perdu = "\n\n".join(filter(None, (request.POST.get(nom, "").strip() for nom in ECRITS)))
        return render(
            request,
            "budgets/idees/ferme.html",
            {**page, "refus": refus, "perdu": perdu},
            status=409 if perdu else 200,
        )
    form = ProposerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or "revenir" in request.POST or not form.is_valid():
        if "revenir" in request.POST:
            form = ProposerForm(initial=_deja_dit(request))
        statut = 422 if form.is_bound and form.errors else 200
        return render(request, "budgets/idees/quoi.html", {**page, "form": form}, status=statut)
    dit = form.cleaned_data
    suite = SeNommerForm(request.POST if "envoyer" in request.POST else None)
    statut = 422 if suite.is_bound else 200
    if suite.is_valid():
        cle = form.cle_d_envoi(suite.cleaned_data)
        statut = _recevoir(request, budget, form, suite, cle)
        if not suite.errors:
            return Ensuite(reverse("budgets:idee_recue", args=[cle]))
    contexte = {
        **page,
        "dit": form,
        "form": suite,
        "traces": dire_les_traces(f"{dit['titre']}\n{dit['texte']}\n{dit['lieu']}"),
        "proches": deja_proposees(budget, f"{dit['titre']} {dit['texte']}"),
        "quartiers_choisis": dit["quartiers"],
    }
    return render(request, "budgets/idees/qui.html", contexte, status=statut)


def _recevoir(
    request: HttpRequest, budget: Budget, form: ProposerForm, suite: SeNommerForm, cle: uuid.UUID
) -> int:
    """Save the idée, unless a program filled in the form.

    Errors are added to `suite`. Returns the HTTP status of the page.
    """
    if suite.est_piege:
        return 200
    if not limites.tenter_aussi_sans_boite(request, "proposer", suite.cleaned_data["courriel"]):
        suite.add_error(None, TROP)
        return 429
    dit: dict[str, Any] = {nom: form.cleaned_data[nom] for nom in ("titre", "texte", "quartiers", "lieu")}
    try:
        depot.deposer_idee(budget, **(dit | form.point()), contact=suite.contact(), cle=cle)
    except ErreurMetier as erreur:  # the phase ended meanwhile
        suite.add_error(None, erreur.message)
        return 409
    return 200


def _deja_dit(request: HttpRequest) -> dict[str, Any]:
    return {
        **{nom: request.POST.get(nom, "") for nom in DITS},
        "quartiers": request.POST.getlist("quartiers"),
    }


@traduite
@publique
@never_cache
@require_safe
def idee_recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponseBase:
    """Receipt, at a secret URL: it has the link to follow the idée, even without a letter."""
    idee: Any = Idee.objects.select_related("budget").filter(cle=cle).first()
    auteur = idee.auteurs.first() if idee is not None else None
    return _personnelle(
        request,
        "budgets/idees/recue.html",
        {"idee": idee, "a_une_adresse": bool(auteur and auteur.courriel), "etapes_idee": ETAPES},
    )


def _personnelle(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    reponse = render(request, gabarit, contexte)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suivre_idee(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page of the author, by signed link: the idée and its projet.

    The author can withdraw the idée while it is not part of a projet.
    """
    idees: Any = Idee.objects.select_related("budget", "projet_quartier")
    idee: Idee = du_lien_ou_404(Idee.LIEN, jeton, idees)
    if request.method == "POST":
        actes.retirer_idee(idee, par=None)
        return redirect("budgets:suivre_idee", jeton)
    projet = idee.projet_quartier
    return _personnelle(
        request,
        "budgets/idees/suivre.html",
        {
            "idee": idee,
            "budget": idee.budget,
            "projet": projet,
            "journal": idee.journal.filter(est_publique=True).order_by("le"),
            "journal_du_projet": projet.journal.filter(est_publique=True).order_by("le") if projet else [],
            "peut_retirer": idee.permet("retirer_idee", None),
            "decision": decisions_sur([idee]).get(idee.pk) if idee.motif_refus else None,
        },
    )


def _auteur(jeton: str) -> AuteurIdee | None:
    return AuteurIdee.LIEN.trouver(jeton, AuteurIdee.objects.select_related("idee__budget"))


CONFIRMER = PreuveParCourriel[AuteurIdee](
    trouver=_auteur,
    prouver=lambda request, auteur: depot.confirmer_auteur(auteur),
    app="budgets",
    gabarit="budgets/idees/confirmer.html",
    contexte=lambda auteur, jeton: {"auteur": auteur},
    quoi="aucune idée",
    sinon="Sinon, l’adresse a été effacée faute de confirmation. L’idée, elle, est gardée.",
    est_traduite=True,
)


ARRETER = ArretDesLettres[AuteurIdee](
    trouver=_auteur,
    adresse=lambda auteur: auteur.courriel,
    arreter=depot.arreter_lettres,
    est_arretee=lambda auteur: auteur.arrete_le is not None or not auteur.courriel,
    gabarit="budgets/idees/arreter.html",
)


class VoixFilter(FiltresDeListe):
    quartier = ParmiFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        empty_label="Tous",
        method="par_quartier",
    )
    agent = AgentFilter()

    def par_quartier(self, objets: QuerySet[Any], nom: str, quartier: Quartier) -> QuerySet[Any]:
        return objets.filter(quartiers=quartier)


class IdeeFilter(VoixFilter):
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in EtatIdee.choices], empty_label="Tous"
    )
    canal = django_filters.ChoiceFilter(
        label="Reçue", choices=[(v, capfirst(t)) for v, t in CanalIdee.choices], empty_label="Toutes"
    )

    class Meta:
        model = Idee
        fields: tuple[str, ...] = ()
