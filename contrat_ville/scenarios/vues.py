"""Pages of the scenarios: comparison, screen updated during the meeting, adoption."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contrat_ville.models import ChoixScenario, Programmation, Projet, Scenario, financeurs_de
from contrat_ville.scenarios import actes, adoption, lectures
from contrat_ville.scenarios.lectures import empechements_de, reproches_de
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.regles.montants import MontantInvalide, montant_tape
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page, acte_depasse, est_partiel
from participation.socle.workflow import Role

FINANCEURS = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE)
PAR_PAGE = 30


def trouver_scenario(request: RequeteConnectee, pk: int) -> Scenario:
    """Return the scenario, for an agent or for an account that decides for a financer; 404 else."""
    scenario = get_object_or_404(
        Scenario.objects.select_related("programmation__contrat", "par", "seance"), pk=pk
    )
    if not request.user.est_agent and not financeurs_de(request.user):
        raise Http404
    return scenario


@reserve_a(Role.AGENT)
@require_safe
def comparer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Scenarios of a programmation, side by side."""
    programmation = programmation_du_bureau(request, pk)
    return render(
        request,
        "contrat_ville/scenarios/comparer.html",
        {
            "programmation": programmation,
            "bilans": lectures.comparer(programmation),
            "choix": ChoixScenario.Choix.choices,
            "cree": programmation.permet("creer_scenario", request.user),
        },
    )


@reserve_a(*FINANCEURS)
@require_safe
def scenario(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _ecran(request, pk, partiel=False)


@reserve_a(*FINANCEURS)
@require_safe
def scenario_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Polled every three seconds by the screen. Answers 204 while nothing has changed."""
    version = lectures.version_de(pk)
    if version is not None and request.GET.get("version") == version:
        return HttpResponse(status=204)
    return _ecran(request, pk, partiel=True)


def _ecran(request: RequeteConnectee, pk: int, *, partiel: bool) -> HttpResponse:
    version = lectures.version_de(pk)
    trouve, compte = trouver_scenario(request, pk), request.user
    programmation = trouve.programmation
    filtres = {nom: v for nom in ("axe", "quartier") if est_un_numero(v := request.GET.get(nom))}
    projets = lectures.projets_du_scenario(programmation)
    if "axe" in filtres:
        projets = projets.filter(axe=filtres["axe"])
    if "quartier" in filtres:
        projets = projets.filter(quartiers=filtres["quartier"])
    page = Paginator(projets, PAR_PAGE).get_page(request.GET.get("page"))
    enveloppes = lectures.enveloppes_du_scenario(trouve)
    change = trouve.permet("changer_scenario", compte)
    siens = None if compte.est_agent else financeurs_de(compte)
    lignes = lectures.lignes_de(
        trouve, page, debut=page.start_index() or 1, financeurs=siens if change else frozenset()
    )
    return render(
        request,
        "contrat_ville/scenarios/_ecran.html" if partiel else "contrat_ville/scenarios/scenario.html",
        {
            "scenario": trouve,
            "programmation": programmation,
            "version": version,
            "enveloppes": enveloppes,
            "annonce": lectures.annonce(enveloppes),
            "page": page,
            "lignes": lignes,
            "choix": ChoixScenario.Choix.choices,
            "choisit": change and compte.est_agent,
            "change": change,
            "axes": programmation.contrat.axes.all(),
            "filtres": filtres,
            "requete": urlencode({**filtres, **({"page": page.number} if page.number > 1 else {})}),
            # This act has its button on each row.
            "boutons": [b for b in boutons_de(trouve, compte) if b.acte != "changer_scenario"],
        },
    )


@reserve_a(*FINANCEURS)
@require_POST
def changer_scenario(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Save one row of the screen: each value typed, with the value shown before.

    Comes back to the screen, with what was refused.
    """
    trouve = trouver_scenario(request, pk)
    numero = request.POST.get("projet")
    projet: Any = get_object_or_404(Projet, pk=numero if est_un_numero(numero) else None)
    adresse = f"{trouve.get_absolute_url()}?{request.GET.urlencode()}#p-{projet.pk}"
    try:
        montants, illisibles = _montants(request, projet)
        phrases = actes.changer_scenario(
            trouve,
            par=request.user,
            projet=projet,
            montants=montants,
            choix=_saisie(request, "choix"),
            motif=_saisie(request, "motif"),
        )
        for phrase in (*illisibles, *phrases):
            messages.warning(request, phrase)
    except ActeInterdit as erreur:
        if not est_partiel(request):
            return acte_depasse(request, erreur.message, trouve.get_absolute_url())
        messages.warning(request, erreur.message)
    except ErreurMetier as erreur:
        messages.warning(request, erreur.message)
    except ValidationError as erreur:
        messages.warning(request, " ".join(erreur.messages))
    return _ecran(request, pk, partiel=True) if est_partiel(request) else HttpResponseRedirect(adresse)


def _montants(request: RequeteConnectee, projet: Projet) -> tuple[dict[int, actes.Saisie], list[str]]:
    lus, illisibles = {}, []
    for financement in projet.financements.select_related("financeur"):
        nom = f"montant_{financement.pk}"
        if nom not in request.POST:
            continue
        try:
            lus[financement.pk] = actes.Saisie(
                _lire(request.POST[nom]), _lire(request.POST.get(f"avant_{nom}", ""))
            )
        except MontantInvalide as erreur:
            illisibles.append(f"{financement.financeur.court}, {projet.nom_court} : {erreur}")
    return lus, illisibles


def _lire(texte: str) -> Decimal:
    return montant_tape(texte) if texte.strip() else Decimal(0)


def _saisie(request: RequeteConnectee, nom: str) -> actes.Saisie | None:
    if nom not in request.POST:
        return None
    return actes.Saisie(
        request.POST[nom].replace("\0", "").replace("\r\n", "\n").strip(),
        request.POST.get(f"avant_{nom}", "").replace("\r\n", "\n").strip(),
    )


def contexte_adoption(request: RequeteConnectee, trouve: Scenario, form: Any) -> dict[str, Any]:
    return {
        "scenario": trouve,
        "empechements": empechements_de(trouve),
        "a_redire": reproches_de(trouve),
        "enveloppes": lectures.enveloppes_du_scenario(trouve),
    }


def vers_le_scenario(objet: Any, fait: Any) -> str:
    return str((fait if isinstance(fait, Scenario) else objet).get_absolute_url())


DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = {
    "creer_scenario": Page(
        actes.creer_scenario,
        actes.CreerScenarioForm,
        "Rien n’est décidé : un scénario se compare, se change, et s’adopte ou s’écarte.",
        retour=vers_le_scenario,
        succes="Le scénario est écrit.",
    ),
    "clore_programmation": Page(
        adoption.clore_programmation,
        consequence="L’année est finie pour les comités. Les projets continuent leur vie.",
    ),
}
DU_SCENARIO: dict[str, Page[Scenario]] = {
    "renommer_scenario": Page(actes.renommer_scenario, actes.RenommerScenarioForm, retour=vers_le_scenario),
    "ecarter_scenario": Page(
        actes.ecarter_scenario,
        consequence="Il reste lisible et comparable, et ne change plus.",
        retour=lambda s, _: reverse("contrat_ville:scenarios", args=[s.programmation_id]),
    ),
    "proposer_scenario": Page(
        adoption.proposer_scenario,
        adoption.ProposerScenarioForm,
        "Chaque projet en instruction passe devant le comité de pilotage, avec ces montants ou cette raison.",
        retour=vers_le_scenario,
        succes=lambda _, combien: f"{accorder(combien, 'projet proposé', 'projets proposés')}.",
    ),
    "arreter_programmation": Page(
        adoption.arreter_programmation,
        adoption.ArreterProgrammationForm,
        "Chaque projet est décidé comme ce scénario le dit, en une fois. Rien n’est encore dit aux porteurs, sauf à ceux qui sont ajournés.",
        gabarit="contrat_ville/scenarios/arreter.html",
        contexte=contexte_adoption,
        retour=lambda s, _: s.programmation.get_absolute_url(),
        succes=lambda _, combien: (
            f"La programmation est arrêtée : {accorder(combien, 'projet décidé', 'projets décidés')}."
        ),
    ),
}
