"""Pages of the instruction: grid, compléments, opinions, comments, messages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrat_ville.instruction import actes, avis, echanges
from contrat_ville.models import Commentaire, MessageProjet, Projet
from contrat_ville.trouver import projet_de_l_equipe
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Demande
from participation.socle.views.demandes import demande_du_lien, page_de_reponse
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.liens import lien_inconnu
from participation.socle.views.pages import Page, page_acte, pages


def commentaire_du_bureau(request: RequeteConnectee, pk: int) -> Commentaire:
    commentaire = get_object_or_404(Commentaire.objects.select_related("projet", "par"), pk=pk)
    trouver_dossier(request.user, commentaire.projet_id)
    return commentaire


def commentaire_de_l_equipe(request: RequeteConnectee, pk: int) -> Commentaire:
    commentaire = get_object_or_404(Commentaire.objects.select_related("projet", "par"), pk=pk)
    commentaire.projet = projet_de_l_equipe(request, commentaire.projet_id)
    return commentaire


def message_du_bureau(request: RequeteConnectee, pk: int) -> MessageProjet:
    message = get_object_or_404(MessageProjet.objects.select_related("projet", "par"), pk=pk)
    trouver_dossier(request.user, message.projet_id)
    return message


DU_PROJET: dict[str, Page[Projet]] = pages(
    actes.reaffecter,
    actes.evaluer,
    actes.lever_bilan_manquant,
    echanges.demander_complement,
    avis.demander_avis,
    echanges.commenter_champ,
    actes.classer_projet,
    echanges.ecrire_message,
)
DE_L_EQUIPE: dict[str, Page[Projet]] = pages(echanges.completer)


# The act of the service, from the page of the team.
MESSAGE_DE_L_EQUIPE: Page[Projet] = Page(
    echanges.ecrire_message,
    echanges.MessageForm,
    "Le service reçoit votre message par courriel.",
    est_publique=True,
    retour=lambda p, _: f"{p.get_porteur_url()}#messages",
    succes="Votre message est parti.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def ecrire_au_service(request: RequeteConnectee, pk: int) -> HttpResponse:
    return page_acte(request, projet_de_l_equipe(request, pk), "ecrire_message", MESSAGE_DE_L_EQUIPE)


DES_COMMENTAIRES: dict[str, Page[Commentaire]] = pages(echanges.clore_commentaire)
DES_COMMENTAIRES_DE_L_EQUIPE: dict[str, Page[Commentaire]] = pages(echanges.resoudre_commentaire)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rendre_avis(request: HttpRequest, jeton: str) -> HttpResponse:
    """Opinion given through the signed link of the letter, without an account."""
    demande = demande_du_lien(jeton)
    if demande is None:
        return lien_inconnu(request, "aucune demande")
    projet = demande.dossier.enfant
    if not isinstance(projet, Projet) or demande.nature != Demande.Nature.AVIS:
        raise Http404
    return page_de_reponse(
        request,
        demande,
        avis.RendreAvisForm,
        lambda reponses: avis.rendre_avis(demande, **reponses),
        est_close=not demande.est_ouverte or bool(projet.obstacles("rendre_avis", None)),
        gabarit="contrat_ville/publiques/rendre_avis.html",
        sens=f"Avis {demande.avis_rendu}" if hasattr(demande, "avis_rendu") else "",
    )
