"""Public pages: the instances, and a séance open to the public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.calendrier.lectures import adresse_de_flux, instances_publiques, publiques
from participation.seances.instances.lectures import avec_places, colleges_de
from participation.seances.instances.regles import regles
from participation.seances.models import ProcesVerbal, Seance
from participation.seances.ordre_du_jour.lectures import LignePoint, lignes_points
from participation.seances.ordre_du_jour.pieces import est_publique, pieces_de
from participation.seances.workflow import Etat
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Dossier
from participation.socle.regles.donnees_liees import EtatEvenement, LienDeDonnees, evenement

PROCHAINES_MONTREES, DERNIERES_MONTREES = 12, 12


@publique
@require_safe
@gardable(120)
def instances_index(request: HttpRequest) -> HttpResponse:
    """List the public instances and their next public séances."""
    a_venir = publiques().a_venir().filter(debut__gte=timezone.now()).avec_instance()
    return render(
        request,
        "seances/public/composition_index.html",
        {"instances": avec_places(instances_publiques()), "seances": a_venir[:PROCHAINES_MONTREES]},
    )


@publique
@require_safe
@gardable(120)
def composition(request: HttpRequest, cle: str) -> HttpResponse:
    """Show an instance: members by collège (what they agreed to publish), vacancies, rules, séances."""
    instance = get_object_or_404(instances_publiques(), cle=cle)
    mandature = instance.mandature_du()
    reglement = instance.reglement_du()
    colleges = colleges_de(mandature) if mandature else []
    siennes = publiques().filter(instance=instance).avec_instance()
    passees = list(siennes.filter(debut__lt=timezone.now()).order_by("-debut")[:DERNIERES_MONTREES])
    publies = set(ProcesVerbal.objects.publies().filter(seance__in=passees).values_list("seance", flat=True))
    return render(
        request,
        "seances/public/composition.html",
        {
            "instance": instance,
            "app": instance.app,
            "mandature": mandature,
            "colleges": colleges,
            "total": sum(len(college.en_fonction) for college in colleges),
            "vacants": sum(college.vacants for college in colleges),
            "reglement": reglement,
            "regles": regles(reglement) if reglement else [],
            "a_venir": siennes.a_venir().filter(debut__gte=timezone.now())[:PROCHAINES_MONTREES],
            "passees": [(seance, seance.pk in publies) for seance in passees],
            "flux": adresse_de_flux("seances:agenda_public", instance.cle),
        },
    )


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
        "seances/public/seance_publique.html",
        {
            "seance": seance,
            "instance": seance.instance,
            "app": seance.instance.app,
            "points": avec_dossiers_publics(points),
            "pieces": pieces,
            "pv": ProcesVerbal.objects.publies().filter(seance=seance).first(),
            "est_passee": seance.fin < timezone.now() or seance.etat == Etat.LEVEE,
            "donnees_liees": _evenement(seance),
        },
    )


def _evenement(seance: Seance) -> LienDeDonnees:
    etats = {Etat.ANNULEE: EtatEvenement.ANNULE, Etat.REPORTEE: EtatEvenement.REPORTE}
    return evenement(
        titre=seance.titre,
        debut=seance.debut,
        fin=seance.fin,
        page=seance.get_public_url(),
        etat=etats.get(Etat(seance.etat), EtatEvenement.PREVU),
        lieu=seance.lieu,
        est_en_ligne=bool(seance.lien_public),
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
    for dossier in Dossier.objects.enfants_de(numeros).values():
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
