"""Pages of the acts that every nature of dossier shares."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from participation.socle import actions
from participation.socle.actions.dossiers import auditer, dire_theme
from participation.socle.actions.pieces import joindre_piece, retirer_piece
from participation.socle.forms.actes import (
    AnnulerDemandeForm,
    JoindrePieceForm,
    NoterForm,
    PrendreEnChargeForm,
    RelancerDemandeForm,
    RetirerPieceForm,
    ThemeForm,
)
from participation.socle.francais import a_qui, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Demande, Dossier, Piece
from participation.socle.views.dossier import PRENDRE_EN_CHARGE, trouver_dossier
from participation.socle.views.pages import Lettre, Page


def dossier_du_bureau(request: RequeteConnectee, pk: int) -> Dossier:
    return trouver_dossier(request.user, pk)


def dossier_a_suivre(request: RequeteConnectee, pk: int) -> Dossier:
    """Return the dossier; 404 if its table does not have the act « prendre en charge »."""
    dossier = trouver_dossier(request.user, pk)
    if PRENDRE_EN_CHARGE not in dossier.TRANSITIONS:
        raise Http404
    return dossier


def demande_du_bureau(request: RequeteConnectee, pk: int) -> Demande:
    demande = get_object_or_404(Demande.objects.select_related("direction", "commune", "compte"), pk=pk)
    demande.dossier = trouver_dossier(request.user, demande.dossier_id)
    return demande


def piece_du_bureau(request: RequeteConnectee, pk: int) -> Piece:
    piece = get_object_or_404(Piece.objects.visibles_par(request.user), pk=pk)
    piece.dossier = trouver_dossier(request.user, piece.dossier_id)
    return piece


def dire_agent(dossier: Dossier) -> str:
    return (
        f"Aujourd’hui, {dossier.agent} suit ce dossier."
        if dossier.agent
        else "Personne ne suit encore ce dossier."
    )


def lettre_de_relance(demande: Demande, reponses: dict[str, Any]) -> Lettre:
    lien = reverse("socle:repondre_demande", args=[demande.jeton()])
    return "socle/relancer_demande", {
        "demande": demande,
        "dossier": demande.dossier,
        "lien": lien,
        **reponses,
    }


def dire_annulation(demande: Demande) -> str:
    fin = " Le délai arrêté reprend aussitôt." if demande.suspend_le_delai else ""
    return f"« {demande.objet} », adressée {a_qui(demande.destinataire_en_phrase)}, n’attendra plus de réponse.{fin}"


PAGES_A_SUIVRE: dict[str, Page[Dossier]] = {
    PRENDRE_EN_CHARGE: Page(
        actions.prendre_en_charge,
        PrendreEnChargeForm,
        dire_agent,
        titre=lambda dossier: "Changer d’agent" if dossier.agent_id else "",
        succes="Le dossier est pris en charge.",
    )
}
PAGES: dict[str, Page[Dossier]] = {
    "noter": Page(actions.noter, NoterForm, succes="La note est dans le journal."),
    "dire_theme": Page(
        dire_theme,
        ThemeForm,
        "Le rendu compte se lit par thème. Public si le dossier l’est.",
        succes="Le thème est noté.",
    ),
    "joindre_piece": Page(joindre_piece, JoindrePieceForm, succes="La pièce est jointe au dossier."),
    "auditer": Page(
        auditer,
        consequence="Le document réunit le journal entier, les demandes et leurs réponses, les lettres, les documents et "
        "les pièces avec leurs empreintes. Il contient des données personnelles : il reste réservé aux agents.",
        succes="Le document se prépare : il s’affiche dans « Documents et pièces ».",
        retour="#documents",
    ),
}
PAGES_DES_PIECES: dict[str, Page[Piece]] = {
    "retirer_piece": Page(
        retirer_piece,
        RetirerPieceForm,
        lambda piece: (
            f"« {piece.titre} » n’est plus montrée à personne. Le journal garde la trace de son retrait."
        ),
        succes="La pièce est retirée.",
    )
}
PAGES_DES_DEMANDES: dict[str, Page[Demande]] = {
    "relancer_demande": Page(
        actions.relancer_demande,
        RelancerDemandeForm,
        lambda d: f"Une lettre rappelle la demande « {d.objet} », attendue le {jour_texte(d.date_limite)}.",
        titre=lambda demande: f"Relancer {demande.destinataire}",
        apercu=lettre_de_relance,
        succes=lambda demande, _: f"{demande.destinataire} reçoit la relance.",
    ),
    "annuler_demande": Page(
        actions.annuler_demande,
        AnnulerDemandeForm,
        dire_annulation,
        apercu=lambda demande, reponses: (
            "socle/annuler_demande",
            {"demande": demande, "dossier": demande.dossier, **reponses},
        ),
        succes="La demande est annulée.",
    ),
}
