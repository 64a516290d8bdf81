"""Public page of a séance open to the public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.lectures.seance import LignePoint, lignes_points, pieces_de
from participation.seances.models import ProcesVerbal
from participation.seances.views.calendrier import publiques
from participation.seances.views.preparation import est_publique
from participation.seances.workflow import Etat
from participation.socle.http import gardable, publique
from participation.socle.models import Dossier


@publique
@require_safe
@gardable(120)
def seance_publique(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a séance: its day, then agenda and public documents once convened, then the procès-verbal."""
    seance = get_object_or_404(publiques().avec_instance(), pk=pk)
    points: list[LignePoint] = []
    pieces = []
    if seance.etat != Etat.PROGRAMMEE:
        montrees = [piece for piece in pieces_de(seance, avec_seance=True) if est_publique(piece)]
        points = lignes_points(seance, montrees, avec_retires=False)
        pieces = [piece for piece in montrees if piece.point_id is None]
    return render(
        request,
        "seances/seance_publique.html",
        {
            "seance": seance,
            "instance": seance.instance,
            "app": seance.instance.app,
            "points": avec_dossiers_publics(points),
            "pieces": pieces,
            "pv": ProcesVerbal.objects.publies().filter(seance=seance).first(),
            "est_passee": seance.fin < timezone.now() or seance.etat == Etat.LEVEE,
        },
    )


def avec_dossiers_publics(points: list[LignePoint]) -> list[tuple[LignePoint, list[tuple[Dossier, str]]]]:
    """Return each point with its dossiers that have a public page, and the URL; none for closed-door points."""
    numeros = {
        lien.dossier_id
        for ligne in points
        if not ligne.point.est_confidentiel
        for lien in ligne.point.liens_dossiers.all()
        if lien.dossier.est_publie
    }
    trouves = {}
    for dossier in Dossier.objects.avec_enfants().filter(pk__in=numeros):
        donner = getattr(dossier.enfant, "get_public_url", None)
        if donner is not None:
            trouves[dossier.pk] = (dossier, str(donner()))
    return [
        (
            ligne,
            [
                trouves[lien.dossier_id]
                for lien in ligne.point.liens_dossiers.all()
                if not ligne.point.est_confidentiel and lien.dossier_id in trouves
            ],
        )
        for ligne in points
    ]
