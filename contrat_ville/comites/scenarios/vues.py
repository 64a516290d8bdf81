"""Pages of the scenarios: comparison, screen updated during the meeting, adoption."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from contrat_ville.comites.scenarios import actes, lectures
from contrat_ville.models import ChoixScenario, Projet, Scenario, financeurs_de
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.regles.montants import MontantInvalide, montant_tape
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import est_partiel
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
    filtres = _filtres(request)
    projets = lectures.filtrer(lectures.projets_du_scenario(programmation), **filtres, scenario=trouve)
    page = Paginator(projets, PAR_PAGE).get_page(request.GET.get("page"))
    enveloppes = lectures.enveloppes_du_scenario(trouve)
    change = trouve.permet("changer_scenario", compte)
    siens = None if compte.est_agent else financeurs_de(compte)
    lignes = lectures.lignes_de(
        trouve, page, debut=page.start_index() or 1, financeurs=siens if change else frozenset()
    )
    dits, ailleurs = _dits(request, {ligne.projet.pk for ligne in lignes})
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
            "dits": dits,
            "messages": ailleurs,
            "choix": ChoixScenario.Choix.choices,
            "choisit": change and compte.est_agent,
            "change": change,
            "axes": programmation.contrat.axes.all(),
            "communes": lectures.communes_des_quartiers(),
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
    ici = ancre(projet.pk)
    adresse = f"{trouve.get_absolute_url()}?{request.GET.urlencode()}#{ici}"
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
            messages.warning(request, phrase, extra_tags=ici)
    except ActeInterdit as erreur:
        if not est_partiel(request):
            return acte_depasse(request, erreur.message, trouve.get_absolute_url())
        messages.warning(request, erreur.message, extra_tags=ici)
    except ErreurMetier as erreur:
        messages.warning(request, erreur.message, extra_tags=ici)
    except ValidationError as erreur:
        messages.warning(request, " ".join(erreur.messages), extra_tags=ici)
    return _ecran(request, pk, partiel=True) if est_partiel(request) else HttpResponseRedirect(adresse)


def _filtres(request: RequeteConnectee) -> dict[str, str]:
    """What the screen keeps: an axe or « sans », a commune, a choice or « aucun »."""
    lus = {nom: request.GET.get(nom, "") for nom in ("axe", "commune", "choix")}
    connus = {"axe": {lectures.SANS_AXE}, "choix": {lectures.SANS_CHOIX, *ChoixScenario.Choix.values}}
    return {
        nom: valeur
        for nom, valeur in lus.items()
        if valeur in connus.get(nom, ()) or (nom != "choix" and est_un_numero(valeur))
    }


def _dits(request: RequeteConnectee, montres: Collection[int]) -> tuple[dict[int, list[str]], list[Message]]:
    """Return what is said on the row of each projet shown, and the messages of the whole screen."""
    rangs = {ancre(pk): pk for pk in montres}
    dits: dict[int, list[str]] = {}
    ailleurs = []
    for message in messages.get_messages(request):
        if message.extra_tags in rangs:
            dits.setdefault(rangs[message.extra_tags], []).append(str(message))
        else:
            ailleurs.append(message)
    return dits, ailleurs


def ancre(projet: int) -> str:
    return f"p-{projet}"


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
