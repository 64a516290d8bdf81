"""Languages of one text, for the agents; its « facile à lire » page, for all."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.actions import traductions as actions
from participation.socle.forms.actes import demander_texte
from participation.socle.forms.traductions import DemanderForm, EcrireForm, PublierForm
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier, TexteTraduit
from participation.socle.models.traductions import FACILE
from participation.socle.views.dossier import adresse_publique, trouver_dossier
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


def traduction_du_bureau(
    modele: type[TexteTraduit], trouver: Callable[..., Any]
) -> Callable[[RequeteConnectee, int], TexteTraduit]:
    """Return what finds a version by its number; `trouver(request, pk)` what bears it, as the visitor may see it."""

    def trouver_version(request: RequeteConnectee, pk: int) -> TexteTraduit:
        trouvee: TexteTraduit = get_object_or_404(modele._default_manager, pk=pk)
        setattr(trouvee, modele.PORTEUR, trouver(request, pk=getattr(trouvee, f"{modele.PORTEUR}_id")))
        return trouvee

    return trouver_version


def page_des_langues(trouver: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """Return the view of each language of a text: on line, to read, to write again."""

    @reserve_a(Role.AGENT)
    @require_safe
    def langues(request: RequeteConnectee, pk: int) -> HttpResponse:
        porteur = trouver(request, pk=pk)
        if not porteur.TEXTES_PUBLICS:
            raise Http404
        siennes = porteur.traductions.select_related("ecrite_par", "relue_par", "proposee_par")
        lignes = [(une, _boutons(une, request.user)) for une in siennes]
        contexte = {
            "porteur": porteur,
            "app": getattr(porteur, "app", porteur._meta.app_label),
            "espace": porteur.traductions.model._meta.app_label,
            "lignes": lignes,
            "peut_demander": porteur.permet("demander_traduction", request.user),
        }
        return render(request, "socle/traductions/langues_du_texte.html", contexte)

    return langues


def _boutons(version: TexteTraduit, par: Compte) -> list[str]:
    return [acte for acte in PAGES_DES_TRADUCTIONS if version.source.propose(acte, par, version)]


def page_facile(trouver: Callable[[int], Any]) -> Callable[..., HttpResponseBase]:
    """Return the public view of the « facile à lire » version; `trouver` reads what is on line, or raises Http404."""

    @publique
    @require_safe
    def facile(request: HttpRequest, pk: int) -> HttpResponse:
        porteur = trouver(pk)
        version = porteur.traductions.en_ligne(FACILE).first()
        retour = adresse_publique(porteur) if isinstance(porteur, Dossier) else porteur.get_public_url()
        if version is None or not retour or not version.textes:  # hidden since
            raise Http404
        contexte = {
            "dossier": porteur,
            "app": getattr(porteur, "app", porteur._meta.app_label),
            "retour": retour,
            "version": version,
            "titre": " ".join(ligne.texte for ligne in version.lignes("titre")) or porteur.titre,
            "lignes": [une for champ in version.textes if champ != "titre" for une in version.lignes(champ)],
        }
        return render(request, "socle/traductions/facile.html", contexte)

    return facile


def dossier_du_bureau(request: RequeteConnectee, pk: int) -> Any:
    return trouver_dossier(request.user, pk).enfant


def _en_ligne(pk: int) -> Any:
    return get_object_or_404(Dossier, pk=pk, est_publie=True).enfant


langues_du_dossier = page_des_langues(dossier_du_bureau)
facile = page_facile(_en_ligne)


def _liste(traduction: TexteTraduit, _: Any = None) -> str:
    return traduction.langues_url


def _a_lire(request: RequeteConnectee, traduction: TexteTraduit, form: Any) -> dict[str, Any]:
    """What the second reader compares: the French of today and the words proposed, paragraph by paragraph."""
    return {
        "traduction": traduction,
        "lignes": [une for champ in traduction.textes for une in traduction.lignes(champ, proposee=True)],
    }


PAGES: dict[str, Page[Any]] = {
    "demander_traduction": Page(
        actions.demander_traduction,
        DemanderForm,
        "La langue entre dans la liste « à revoir » ; le public ne voit rien avant qu’une version soit relue.",
        succes="La langue est ajoutée : écrivez la version, ou confiez-la.",
        retour=lambda porteur, demandee: (
            reverse(f"{demandee._meta.app_label}:ecrire_traduction", args=[demandee.pk])
            if isinstance(demandee, TexteTraduit)
            else porteur.get_absolute_url()
        ),
    )
}
PAGES_DES_TRADUCTIONS: dict[str, Page[TexteTraduit]] = {
    "ecrire_traduction": Page(
        actions.ecrire_traduction,
        EcrireForm,
        "Un paragraphe à la fois, à côté du français. Une autre personne relit avant que le public lise ; "
        "ce qui est en ligne y reste jusque-là.",
        titre=lambda traduction: f"Écrire en {traduction.nom}",
        succes="La version attend d’être relue par une autre personne.",
        retour=_liste,
    ),
    "publier_traduction": Page(
        actions.publier_traduction,
        PublierForm,
        "Vous avez relu chaque paragraphe. Cette version remplace celle qui est en ligne.",
        succes="La version est en ligne.",
        retour=_liste,
        gabarit="socle/traductions/publier_traduction.html",
        contexte=_a_lire,
    ),
    "garder_traduction": Page(
        actions.garder_traduction,
        consequence="Le sens du français est le même : la version en ligne n’est plus marquée, et reste avec sa date.",
        succes="La version est gardée.",
        retour=_liste,
    ),
    "retirer_traduction": Page(
        actions.retirer_traduction,
        demander_texte("Pourquoi", maximum=160),
        "Elle quitte la page publique et elle est effacée.",
        succes="La version est retirée.",
        retour=_liste,
    ),
}
