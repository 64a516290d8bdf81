"""Pages of the instruction: grid, compléments, opinions, comments, messages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrat_ville.dossier.lectures import etapes_de
from contrat_ville.instruction import actes
from contrat_ville.models import Commentaire, MessageProjet, Projet
from contrat_ville.trouver import projet_de_l_equipe
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Demande
from participation.socle.views.demandes import demande_du_lien, page_de_reponse
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.liens import lien_inconnu
from participation.socle.views.pages import Page, page_acte


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


def contexte_grille(request: RequeteConnectee, projet: Projet, form: Any) -> dict[str, Any]:
    return {"projet": projet, "par_critere": form.par_critere()}


def lettre_de_complement(projet: Projet, reponses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    demande = {"texte": reponses["texte"], "date_limite": reponses["date_limite"]}
    return "contrat_ville/demander_complement", {
        "projet": projet,
        "demande": demande,
        "lien": projet.get_porteur_url(),
    }


DU_PROJET: dict[str, Page[Projet]] = {
    "reaffecter": Page(
        actes.reaffecter,
        actes.ReaffecterForm,
        lambda p: (
            f"Aujourd’hui, {p.agent} instruit ce projet."
            if p.agent
            else "Personne n’instruit encore ce projet."
        ),
    ),
    "evaluer": Page(
        actes.evaluer,
        actes.EvaluerForm,
        "C’est votre grille : personne d’autre ne l’écrit. Vous pouvez la corriger tant que le projet est à l’examen.",
        gabarit="contrat_ville/evaluer.html",
        contexte=contexte_grille,
        retour="#grille",
        succes="Votre grille est enregistrée.",
    ),
    "lever_bilan_manquant": Page(actes.lever_bilan_manquant, actes.LeverBilanForm),
    "demander_complement": Page(
        actes.demander_complement,
        actes.ComplementForm,
        "L’équipe peut de nouveau écrire le projet, jusqu’à ce qu’elle le renvoie. Le délai du service est arrêté.",
        apercu=lettre_de_complement,
        succes="L’équipe du projet est prévenue.",
        retour="#demandes",
    ),
    "demander_avis": Page(
        actes.demander_avis,
        actes.DemanderAvisForm,
        "Chacun reçoit un lien pour répondre, sans compte. Il est rappelé avant le jour dit, et relancé après.",
        succes=lambda p, demandes: f"{accorder(len(demandes), 'avis demandé', 'avis demandés')}.",
        retour="#avis",
    ),
    "commenter_champ": Page(
        actes.commenter_champ,
        actes.CommenterForm,
        "L’équipe du projet reçoit votre question par courriel.",
        retour="#commentaires",
    ),
    "classer_projet": Page(
        actes.classer_projet,
        actes.ClasserForm,
        "Les enveloppes, les filtres et la répartition entre instructeurs le comptent ainsi. L’équipe n’est pas prévenue.",
        succes="Le projet est classé.",
    ),
    "ecrire_message": Page(
        actes.ecrire_message,
        actes.MessageForm,
        "L’équipe du projet reçoit votre message par courriel.",
        retour="#messages",
        succes="Votre message est parti.",
    ),
}
DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "completer": Page(
        actes.completer,
        actes.CompleterForm,
        "Vous renvoyez le projet : vous ne pourrez plus l’écrire, sauf si le service vous le demande.",
        titre="Renvoyer le projet complété",
        gabarit="contrat_ville/equipe/completer.html",
        contexte=lambda _, projet, __: {
            "projet": projet,
            "complement": projet.complement_ouvert(),
            "lues": etapes_de(projet),
        },
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Le projet est renvoyé : le service en est prévenu.",
    )
}


# The act of the service, from the page of the team.
MESSAGE_DE_L_EQUIPE: Page[Projet] = Page(
    actes.ecrire_message,
    actes.MessageForm,
    "Le service reçoit votre message par courriel.",
    est_publique=True,
    retour=lambda p, _: f"{p.get_porteur_url()}#messages",
    succes="Votre message est parti.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def ecrire_au_service(request: RequeteConnectee, pk: int) -> HttpResponse:
    return page_acte(request, projet_de_l_equipe(request, pk), "ecrire_message", MESSAGE_DE_L_EQUIPE)


DES_COMMENTAIRES: dict[str, Page[Commentaire]] = {
    "clore_commentaire": Page(
        actes.clore_commentaire,
        retour=lambda c, _: f"{c.projet.get_absolute_url()}#commentaires",
        en_un_clic=True,
    )
}
DES_COMMENTAIRES_DE_L_EQUIPE: dict[str, Page[Commentaire]] = {
    "resoudre_commentaire": Page(
        actes.resoudre_commentaire,
        actes.ResoudreForm,
        lambda c: f"Sur « {c.nom_du_champ} », le service demande : {c.texte}",
        est_publique=True,
        retour=lambda c, _: f"{c.projet.get_porteur_url()}#commentaires",
        succes="Votre réponse est enregistrée.",
    )
}
DES_MESSAGES: dict[str, Page[MessageProjet]] = {
    "lire_message": Page(
        actes.lire_message, retour=lambda m, _: f"{m.projet.get_absolute_url()}#messages", en_un_clic=True
    )
}


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
        actes.RendreAvisForm,
        lambda reponses: actes.rendre_avis(demande, **reponses),
        est_close=not demande.est_ouverte or bool(projet.obstacles("rendre_avis", None)),
        gabarit="contrat_ville/publiques/rendre_avis.html",
        sens=f"Avis {demande.avis_rendu}" if hasattr(demande, "avis_rendu") else "",
    )
