"""Instances, séances and their parts by number, as the visitor may see them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from participation.seances.models import (
    College,
    Convie,
    DemandePoint,
    Inscription,
    Instance,
    Invite,
    Mandature,
    Membre,
    PieceSeance,
    Point,
    PointDossier,
    Prevision,
    ProcesVerbal,
    Recurrence,
    RemarquePV,
    Seance,
)
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero


def instance_du_bureau(request: RequeteConnectee, cle: str) -> Instance:
    return get_object_or_404(Instance, cle=cle)


mandature_du_bureau = par_numero(Mandature, "instance")


college_du_bureau = par_numero(College, "mandature__instance")


def membre_du_bureau(request: RequeteConnectee, pk: int) -> Membre:
    return get_object_or_404(
        Membre.objects.avec_personne().select_related("compte__profil", "quartier", "remplace__compte"), pk=pk
    )


demande_du_bureau = par_numero(DemandePoint, "instance", "mandature", "auteur__compte")


def trouver_point(request: RequeteConnectee, pk: int) -> Point:
    return get_object_or_404(
        Point.objects.select_related(
            "seance__instance", "seance__mandature", "seance__reglement", "direction", "pv_de"
        ),
        pk=pk,
        seance__in=Seance.objects.visibles_par(request.user),
    )


def trouver_lien(request: RequeteConnectee, pk: int) -> PointDossier:
    return get_object_or_404(
        PointDossier.objects.select_related("dossier", "point__seance__instance"),
        pk=pk,
        point__seance__in=Seance.objects.visibles_par(request.user),
    )


trouver_invite = par_numero(Invite, "seance__instance")


def trouver_piece(request: RequeteConnectee, pk: int) -> PieceSeance:
    return get_object_or_404(
        PieceSeance.objects.select_related("seance__instance"),
        pk=pk,
        retiree_le=None,
        seance__in=Seance.objects.visibles_par(request.user),
    )


recurrence_du_bureau = par_numero(Recurrence, "instance")


prevision_du_bureau = par_numero(Prevision, "instance", "direction", "point__seance")


def inscription_du_bureau(request: RequeteConnectee, pk: int) -> Inscription:
    """Return a registration to an agent only: members cancel from their own page."""
    if not request.user.est_agent:
        raise PermissionDenied
    return get_object_or_404(Inscription.objects.select_related("seance__instance", "membre__compte"), pk=pk)


def convie_du_bureau(request: RequeteConnectee, pk: int) -> Convie:
    convie: Convie = get_object_or_404(
        avec_personne().filter(seance__in=Seance.objects.visibles_par(request.user)), pk=pk
    )
    return convie


def avec_personne() -> Any:
    return Convie.objects.select_related(
        "seance__instance",
        "seance__mandature",
        "seance__reglement",
        "membre__compte",
        "membre__college",
        "pouvoir_a__membre__compte",
        "pouvoir_a__membre__college",
        "remplace__membre__compte",
    )


def proces_verbal_du_bureau(request: RequeteConnectee, pk: int) -> ProcesVerbal:
    return get_object_or_404(
        ProcesVerbal.objects.select_related(
            "seance__instance", "seance__mandature", "approuve_a__seance", "feuille"
        ),
        seance=pk,
    )


remarque_du_bureau = par_numero(RemarquePV, "proces_verbal__seance__instance")


def trouver_seance(request: RequeteConnectee, pk: int) -> Seance:
    return get_object_or_404(
        Seance.objects.visibles_par(request.user).avec_instance().select_related("premiere"), pk=pk
    )
