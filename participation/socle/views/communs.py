"""The pages of the acts that every nature of dossier shares."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from participation.socle import actions
from participation.socle.actions.dossiers import auditer as demander_audit
from participation.socle.actions.pieces import joindre
from participation.socle.actions.pieces import retirer_piece as retirer
from participation.socle.forms.actes import (
    AnnulerDemandeForm,
    JoindrePieceForm,
    NoterForm,
    PrendreEnChargeForm,
    RelancerDemandeForm,
    RetirerPieceForm,
)
from participation.socle.francais import jour_texte
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Demande, Piece
from participation.socle.views.actes import page_acte
from participation.socle.views.dossier import PRENDRE_EN_CHARGE, trouver_dossier
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
def prendre_en_charge(request: RequeteConnectee, pk: int) -> HttpResponse:
    dossier = trouver_dossier(request.user, pk)
    if PRENDRE_EN_CHARGE not in dossier.TRANSITIONS:
        raise Http404
    form = PrendreEnChargeForm(request.POST or None, initial={"agent": request.user.pk})
    return page_acte(
        request,
        dossier,
        PRENDRE_EN_CHARGE,
        form,
        lambda reponses: actions.prendre_en_charge(dossier, par=request.user, **reponses),
        titre="Changer d’agent" if dossier.agent_id else "",
        consequence=f"Aujourd’hui, {dossier.agent} suit ce dossier."
        if dossier.agent
        else "Personne ne suit encore ce dossier.",
        succes="Le dossier est pris en charge.",
    )


@reserve_a(Role.AGENT)
def noter(request: RequeteConnectee, pk: int) -> HttpResponse:
    dossier = trouver_dossier(request.user, pk)
    return page_acte(
        request,
        dossier,
        "noter",
        NoterForm,
        lambda reponses: actions.noter(dossier, par=request.user, **reponses),
        titre="Ajouter une note au journal",
        succes="La note est dans le journal.",
    )


@reserve_a(Role.AGENT)
def relancer_demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = trouver_demande(request, pk)
    dossier = trouver_dossier(request.user, demande.dossier_id)
    contexte = {
        "demande": demande,
        "dossier": dossier,
        "lien": reverse("socle:repondre_demande", args=[demande.jeton()]),
    }
    return page_acte(
        request,
        dossier,
        "relancer_demande",
        RelancerDemandeForm,
        lambda reponses: actions.relancer_demande(demande, par=request.user, **reponses),
        titre=f"Relancer {demande.destinataire}",
        consequence=f"Une lettre rappelle la demande « {demande.objet} », attendue le {jour_texte(demande.date_limite, 'chiffres')}.",
        succes=f"{demande.destinataire} reçoit la relance.",
        apercu=lambda reponses: ("socle/relancer_demande", {**contexte, **reponses}),
    )


@reserve_a(Role.AGENT)
def annuler_demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = trouver_demande(request, pk)
    dossier = trouver_dossier(request.user, demande.dossier_id)
    return page_acte(
        request,
        dossier,
        "annuler_demande",
        AnnulerDemandeForm,
        lambda reponses: actions.annuler_demande(demande, par=request.user, **reponses),
        titre="Annuler la demande",
        consequence=(
            f"« {demande.objet} », adressée à {demande.destinataire}, n’attendra plus de réponse."
            + (" Le délai arrêté reprend aussitôt." if demande.suspend_le_delai else "")
        ),
        succes="La demande est annulée.",
        apercu=lambda reponses: (
            "socle/annuler_demande",
            {"demande": demande, "dossier": dossier, **reponses},
        ),
    )


@reserve_a(Role.AGENT)
def joindre_piece(request: RequeteConnectee, pk: int) -> HttpResponse:
    dossier = trouver_dossier(request.user, pk)
    return page_acte(
        request,
        dossier,
        "joindre_piece",
        JoindrePieceForm,
        lambda reponses: joindre(dossier, par=request.user, **reponses),
        titre="Joindre une pièce",
        succes="La pièce est jointe au dossier.",
    )


@reserve_a(Role.AGENT)
def retirer_piece(request: RequeteConnectee, pk: int) -> HttpResponse:
    piece = get_object_or_404(Piece.objects.visibles_par(request.user).select_related("dossier"), pk=pk)
    dossier = trouver_dossier(request.user, piece.dossier_id)
    return page_acte(
        request,
        dossier,
        "retirer_piece",
        RetirerPieceForm,
        lambda reponses: retirer(piece, par=request.user, **reponses),
        titre="Retirer la pièce",
        consequence=f"« {piece.titre} » n’est plus montrée à personne. Le journal garde la trace de son retrait.",
        succes="La pièce est retirée.",
    )


@reserve_a(Role.AGENT)
def auditer(request: RequeteConnectee, pk: int) -> HttpResponse:
    dossier = trouver_dossier(request.user, pk)
    return page_acte(
        request,
        dossier,
        "auditer",
        None,
        lambda _: demander_audit(dossier, par=request.user),
        titre="Mettre tout le dossier en PDF",
        consequence=(
            "Le document réunit le journal entier, les demandes et leurs réponses, les lettres, les documents et "
            "les pièces avec leurs empreintes. Il contient des données personnelles : il reste réservé aux agents."
        ),
        succes="Le document se prépare : il s’affiche dans « Documents et pièces ».",
        retour=f"{dossier.get_absolute_url()}#documents",
    )


def trouver_demande(request: RequeteConnectee, pk: int) -> Demande:
    return get_object_or_404(
        Demande.objects.select_related("dossier", "direction", "commune", "compte"), pk=pk
    )
