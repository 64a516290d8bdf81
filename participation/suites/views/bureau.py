"""The suites in the back office: the list of what is to be rendered, one page for each, its acts."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst

from participation.socle.erreurs import RoleInsuffisant
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.actes import page_acte, sans_ecraser
from participation.socle.views.listes import Cellule, Colonne, Liste, page_liste
from participation.socle.workflow import Role
from participation.suites import actions
from participation.suites.filters import SuiteFilter, avec_attente
from participation.suites.forms import (
    TEXTES_CORRIGES,
    ChangerDirectionForm,
    ChangerEtatForm,
    CorrigerForm,
    DeplacerDateForm,
    EcarterForm,
    ProuverForm,
    RelancerForm,
    RetenirForm,
)
from participation.suites.models import ReponseDirection, Suite
from participation.suites.workflow import ARRIVEES

VUES = (
    ("a_publier", "Réponses à publier"),
    ("retard", "En retard"),
    ("a_rendre", "À rendre"),
    ("terme", "Arrivées à leur terme"),
)
LECTEURS = (Role.AGENT, Role.AGENT_DIRECTION, Role.ELU)


@reserve_a(*LECTEURS)
def suites(request: RequeteConnectee) -> HttpResponseBase:
    """« Suites à rendre »: all of them for the service, hers for a direction, the published ones for an élu."""
    return page_liste(
        request,
        Liste(
            cle="suites:suites",
            titre="Suites à rendre",
            objets=avec_attente(_visibles(request)).select_related("direction", "dossier"),
            filtres=SuiteFilter,
            colonnes=[
                Colonne(
                    "intitule",
                    "Suite promise",
                    lambda s: Cellule(s.intitule, sous=f"{s.dossier.reference or ''} · {s.dossier.titre}"),
                    export=lambda s: s.intitule,
                    tri="intitule",
                ),
                Colonne("reference", "Dossier", lambda s: s.dossier.reference or "", a_l_ecran=False),
                Colonne("titre", "Titre du dossier", lambda s: s.dossier.titre, a_l_ecran=False),
                Colonne(
                    "nature",
                    "Instrument",
                    lambda s: capfirst(s.dossier.get_nature_display()),
                    a_l_ecran=False,
                ),
                Colonne("etat", "État", _cellule_etat, export=lambda s: s.get_etat_display(), tri="etat"),
                Colonne("direction", "Direction", lambda s: str(s.direction), tri="direction__nom"),
                Colonne(
                    "date_limite",
                    "Attendue le",
                    lambda s: Cellule(s.date_limite, est_en_retard=s.est_en_retard),
                    export=lambda s: s.date_limite,
                    tri="date_limite",
                ),
                Colonne("promise", "Promise pour le", lambda s: s.date_promise, a_l_ecran=False),
                Colonne("creee", "Promise le", lambda s: s.creee_le, a_l_ecran=False),
                Colonne("repondue", "Répondue le", lambda s: s.repondue_le, tri="repondue_le"),
                Colonne("jours", "Jours pour répondre", lambda s: s.jours_de_reponse, a_l_ecran=False),
                Colonne("a_temps", "À temps", lambda s: s.est_a_temps, a_l_ecran=False),
                Colonne("texte", "Texte public", lambda s: s.texte_public, a_l_ecran=False),
                Colonne("motif", "Pourquoi", lambda s: s.motif, a_l_ecran=False),
                Colonne("oriente", "Orientée vers", lambda s: s.oriente_vers, a_l_ecran=False),
            ],
            tri="ordre",
            singulier="suite",
            pluriel="suites",
            vide="Ce que la Métropole promet après une pétition, un avis ou une remontée s’affiche ici, avec sa date.",
        ),
        "suites/liste.html",
        {
            "vues": [
                (libelle, f"?suivi={cle}", request.GET.get("suivi") == cle)
                for cle, libelle in VUES
                if cle != "a_publier" or request.user.est_agent
            ]
        },
    )


def _visibles(request: RequeteConnectee) -> QuerySet[Suite]:
    return Suite.objects.visibles_par(request.user)


def _cellule_etat(suite: Suite) -> Cellule:
    apparence = suite.apparence
    attente = "Réponse à publier" if getattr(suite, "a_publier", False) else ""
    return Cellule(
        capfirst(suite.get_etat_display()), sous=attente, couleur=apparence.couleur, icone=apparence.icone
    )


def trouver(request: RequeteConnectee, pk: int) -> Suite:
    return get_object_or_404(_visibles(request).select_related("direction", "dossier", "reglement"), pk=pk)


@reserve_a(*LECTEURS)
def suite(request: RequeteConnectee, pk: int) -> HttpResponse:
    """All that is known of one suite, and the acts open to who reads."""
    trouvee = trouver(request, pk)
    compte = request.user
    dossier = trouvee.dossier.enfant
    peut_changer = actions.peut_changer(trouvee, compte)
    reponses = (
        list(trouvee.reponses.select_related("piece", "direction"))
        if peut_changer or compte.est_agent
        else []
    )
    cle = actions.cle(trouvee)
    return render(
        request,
        "suites/suite.html",
        {
            "app": dossier._meta.app_label,
            "suite": trouvee,
            "dossier": dossier,
            "nature": dossier._meta.verbose_name,
            "est_agent": compte.est_agent,
            "peut_changer": peut_changer and bool(ARRIVEES[trouvee.etat]),
            "peut_prouver": peut_changer,
            "historique": trouvee.historique.select_related("par"),
            "preuves": trouvee.preuves.select_related("piece"),
            "attente": next((reponse for reponse in reponses if reponse.est_en_attente), None),
            "reponses": [reponse for reponse in reponses if not reponse.est_en_attente],
            "courriels": dossier.courriels.filter(acte__startswith="suites/", cle__startswith=f"suite:{pk}")
            | dossier.courriels.filter(acte__startswith="suites/", cle__startswith=f"relance-suite:{pk}:")
            if compte.est_agent
            else [],
            "echeance": trouvee.dossier.echeances.filter(cle=cle).prefetch_related("rappels_envoyes").first(),
            "url_lettres": f"{reverse('socle:courriels')}?dossier={trouvee.dossier_id}",
            "url_publique": _url_publique(trouvee),
        },
    )


def _url_publique(trouvee: Suite) -> str:
    if not (trouvee.est_publiee and trouvee.dossier.est_publie):
        return ""
    donner = getattr(trouvee.dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None else ""


def _acte(
    request: RequeteConnectee, trouvee: Suite, acte: str, form: Any, agir: Any, **options: Any
) -> HttpResponse:
    return page_acte(
        request, trouvee.dossier.enfant, acte, form, agir, retour=trouvee.get_absolute_url(), **options
    )


def _lie(request: RequeteConnectee) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@reserve_a(*LECTEURS)
def changer_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The service, or an agent of the direction that owes the suite."""
    trouvee = trouver(request, pk)
    if not actions.peut_changer(trouvee, request.user):
        raise RoleInsuffisant("Cette suite est tenue par une autre direction.")

    def agir(reponses: dict[str, Any]) -> object:
        return actions.changer_etat(trouvee, par=request.user, vers=reponses.pop("etat"), **reponses)

    donnees, fichiers = _lie(request)
    form = ChangerEtatForm(donnees, fichiers, suite=trouvee, initial={"texte_public": trouvee.texte_public})
    return _acte(
        request,
        trouvee,
        "changer_etat",
        form,
        agir,
        titre="Dire où en est la suite",
        consequence=f"« {trouvee.intitule} », par la direction {trouvee.direction}. Le changement est public et envoyé "
        "aux auteurs et aux personnes qui suivent le dossier.",
        succes="Suite mise à jour.",
    )


@reserve_a(Role.AGENT)
def corriger(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver(request, pk)
    form = CorrigerForm(_lie(request)[0], suite=trouvee)
    return _acte(
        request,
        trouvee,
        "corriger",
        form,
        sans_ecraser(
            form,
            trouvee,
            TEXTES_CORRIGES,
            lambda reponses: actions.corriger(trouvee, par=request.user, **reponses),
        ),
        titre="Corriger le texte publié",
        consequence="L’histoire de la suite garde ce qui était écrit avant, avec la date et ce qui est corrigé.",
        succes="Le texte est corrigé.",
    )


@reserve_a(Role.AGENT)
def deplacer_date(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver(request, pk)
    return _acte(
        request,
        trouvee,
        "deplacer_date",
        DeplacerDateForm,
        lambda reponses: actions.deplacer_date(trouvee, par=request.user, **reponses),
        titre="Déplacer la date",
        consequence="La nouvelle date et sa raison sont publiques, envoyées à la direction et aux personnes qui suivent "
        "le dossier. La part « à temps » reste comptée sur la première date.",
        succes="La date est déplacée.",
    )


@reserve_a(Role.AGENT)
def changer_direction(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver(request, pk)
    return _acte(
        request,
        trouvee,
        "changer_direction",
        ChangerDirectionForm,
        lambda reponses: actions.changer_direction(trouvee, par=request.user, **reponses),
        titre="Confier à une autre direction",
        consequence=f"Aujourd’hui : {trouvee.direction}. Les deux directions reçoivent une lettre ; le lien de la première "
        "ne permet plus de répondre.",
        succes="La suite est confiée à une autre direction.",
    )


@reserve_a(*LECTEURS)
def prouver(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver(request, pk)
    if not actions.peut_changer(trouvee, request.user):
        raise RoleInsuffisant("Cette suite est tenue par une autre direction.")
    donnees, fichiers = _lie(request)
    return _acte(
        request,
        trouvee,
        "prouver",
        ProuverForm(donnees, fichiers),
        lambda reponses: actions.prouver(trouvee, par=request.user, **reponses),
        titre="Ajouter une preuve",
        consequence="Une adresse ou un fichier qui montre ce qui est fait. Visible de tous, comme la suite.",
        succes="La preuve est ajoutée.",
    )


@reserve_a(Role.AGENT)
def relancer(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver(request, pk)
    return _acte(
        request,
        trouvee,
        "relancer",
        RelancerForm,
        lambda reponses: actions.relancer(trouvee, par=request.user, **reponses),
        titre="Relancer la direction",
        consequence=f"{trouvee.direction} reçoit une lettre avec le lien pour répondre. Une par jour au plus.",
        succes="La relance est partie.",
    )


@reserve_a(Role.AGENT)
def retenir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """An answer of a direction, read again word by word before it is published."""
    reponse = _reponse(pk)
    trouvee = reponse.suite

    def lettre(reponses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        for champ, valeur in reponses.items():
            setattr(trouvee, champ, valeur)
        trouvee.etat = reponse.etat
        return "suites/changer_etat", {
            "suite": trouvee,
            "dossier": trouvee.dossier,
            "changement": None,
            "lien": _url_publique(trouvee),
            "desabonnement": "",
        }

    return _acte(
        request,
        trouvee,
        "retenir",
        RetenirForm(_lie(request)[0], reponse=reponse),
        lambda reponses: actions.retenir(reponse, par=request.user, **reponses),
        gabarit="suites/retenir.html",
        contexte={"reponse": reponse, "suite": trouvee},
        titre="Publier la réponse",
        consequence=f"Au nom de la direction {reponse.direction}. La réponse est publique et envoyée aux auteurs et aux "
        "personnes qui suivent le dossier.",
        succes="La réponse est publiée.",
        apercu=lettre,
    )


@reserve_a(Role.AGENT)
def ecarter(request: RequeteConnectee, pk: int) -> HttpResponse:
    reponse = _reponse(pk)
    return _acte(
        request,
        reponse.suite,
        "ecarter",
        EcarterForm,
        lambda reponses: actions.ecarter(reponse, par=request.user, **reponses),
        gabarit="suites/retenir.html",
        contexte={"reponse": reponse, "suite": reponse.suite},
        titre="Ne pas publier cette réponse",
        consequence=f"{reponse.direction} reçoit vos raisons et peut répondre de nouveau par le même lien.",
        succes="La réponse est écartée.",
    )


def _reponse(pk: int) -> ReponseDirection:
    return get_object_or_404(
        ReponseDirection.objects.select_related("suite__dossier", "suite__direction", "direction", "piece"),
        pk=pk,
    )
