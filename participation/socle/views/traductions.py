"""Languages of one dossier, for the agents; its « facile à lire » page, for all."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.actions import traductions as actions
from participation.socle.forms.actes import demander_texte
from participation.socle.forms.traductions import DemanderForm, EcrireForm, PublierForm
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Dossier, Traduction
from participation.socle.models.traductions import FACILE
from participation.socle.views.dossier import adresse_publique, trouver_dossier
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


def traduction_du_bureau(request: RequeteConnectee, pk: int) -> Traduction:
    trouvee = get_object_or_404(Traduction, pk=pk)
    trouvee.dossier = trouver_dossier(request.user, trouvee.dossier_id)
    return trouvee


@reserve_a(Role.AGENT)
@require_safe
def langues_du_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Each language of the texts of a dossier: on line, to read, to write again."""
    dossier = trouver_dossier(request.user, pk)
    if not dossier.TEXTES_PUBLICS:
        raise Http404
    siennes = list(dossier.traductions.select_related("ecrite_par", "relue_par", "proposee_par"))
    for une in siennes:
        une.dossier = dossier
    lignes = [
        (une, [acte for acte in PAGES_DES_TRADUCTIONS if une.permet(acte, request.user)]) for une in siennes
    ]
    contexte = {
        "dossier": dossier,
        "app": dossier.app,
        "lignes": lignes,
        "peut_demander": dossier.permet("demander_traduction", request.user),
    }
    return render(request, "socle/langues_du_dossier.html", contexte)


@publique
@require_safe
def facile(request: HttpRequest, pk: int) -> HttpResponse:
    """The « facile à lire » version of a published dossier."""
    dossier = get_object_or_404(Dossier.objects.avec_enfants().filter(est_publie=True), pk=pk)
    retour = adresse_publique(dossier)
    version = Traduction.objects.en_ligne_de(dossier, FACILE)
    if version is None or not retour:
        raise Http404
    version.dossier = dossier
    if not version.textes:  # hidden since
        raise Http404
    contexte = {
        "dossier": dossier.enfant,
        "app": dossier.app,
        "retour": retour,
        "version": version,
        "titre": " ".join(ligne.texte for ligne in version.lignes("titre")) or dossier.titre,
        "lignes": [une for champ in version.textes if champ != "titre" for une in version.lignes(champ)],
    }
    return render(request, "socle/facile.html", contexte)


def _liste(traduction: Traduction, _: Any = None) -> str:
    return reverse("socle:langues_du_dossier", args=[traduction.dossier_id])


def _a_lire(request: RequeteConnectee, traduction: Traduction, form: Any) -> dict[str, Any]:
    """What the second reader compares: the French of today and the words proposed, paragraph by paragraph."""
    return {
        "traduction": traduction,
        "lignes": [une for champ in traduction.textes for une in traduction.lignes(champ, proposee=True)],
    }


PAGES: dict[str, Page[Dossier]] = {
    "demander_traduction": Page(
        actions.demander_traduction,
        DemanderForm,
        "La langue entre dans la liste « à revoir » ; le public ne voit rien avant qu’une version soit relue.",
        succes="La langue est ajoutée : écrivez la version, ou confiez-la.",
        retour=lambda dossier, demandee: (
            reverse("socle:ecrire_traduction", args=[demandee.pk])
            if isinstance(demandee, Traduction)
            else reverse("socle:langues_du_dossier", args=[dossier.pk])
        ),
    )
}
PAGES_DES_TRADUCTIONS: dict[str, Page[Traduction]] = {
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
        gabarit="socle/publier_traduction.html",
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
