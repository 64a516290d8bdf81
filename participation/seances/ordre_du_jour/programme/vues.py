"""Pages of the programme of the year of an instance."""

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.models import Deplacement, Instance, Prevision
from participation.seances.models.programme import adresse_du_programme, fil_du_programme
from participation.seances.ordre_du_jour.programme import actes
from participation.seances.ordre_du_jour.programme.actes import PrevisionForm
from participation.seances.trouver import instance_du_bureau
from participation.socle.francais import MOIS, accorder, majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Direction
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page, Reserve, page_acte
from participation.socle.workflow import Role

ANNEES_AVANT, ANNEES_APRES = 10, 3


LECTEURS = (Role.AGENT, Role.AGENT_DIRECTION, Role.ELU)


@reserve_a(*LECTEURS)
@require_safe
def programme(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    """Show the items of the year by date. `?direction=` keeps those of one direction."""
    instance = get_object_or_404(Instance, cle=cle)
    _exiger_annee(annee)
    previsions = _previsions(instance, annee)
    directions = list(
        Direction.objects.filter(pk__in=previsions.order_by().values("direction")).order_by("nom")
    )
    direction = next((d for d in directions if str(d.pk) == request.GET.get("direction", "")), None)
    if direction is not None:
        previsions = previsions.filter(direction=direction)
    lignes = list(previsions)
    par_mois: dict[tuple[int, int], list[Prevision]] = {}
    for prevision in lignes:
        prevision.instance = instance
        prevision.boutons = boutons_de(prevision, request.user)  # type: ignore[attr-defined]  # for the template
        par_mois.setdefault((prevision.date_prevue.year, prevision.date_prevue.month), []).append(prevision)
    actives = [p for p in lignes if p.abandonnee_le is None]
    deja = {p.recurrence_id for p in lignes} if direction is None else set()
    recurrences = list(instance.recurrences.select_related("direction"))
    for recurrence in recurrences:
        recurrence.nom_du_mois = MOIS[recurrence.mois - 1]  # type: ignore[attr-defined]
    return render(
        request,
        "seances/ordre_du_jour/programme.html",
        {
            "instance": instance,
            "app": instance.app,
            "annee": annee,
            "precedente": annee - 1 if annee - 1 in _annees() else None,
            "suivante": annee + 1 if annee + 1 in _annees() else None,
            "mois": [
                (f"{majuscule(MOIS[numero - 1])} {an}" if an != annee else majuscule(MOIS[numero - 1]), ceux)
                for (an, numero), ceux in par_mois.items()
            ],
            "directions": directions,
            "direction": direction,
            "total": len(actives),
            "inscrites": sum(1 for p in actives if p.est_inscrite),
            "retards": [p for p in actives if p.est_en_retard],
            "recurrences": recurrences,
            "a_preparer": sum(1 for r in recurrences if r.est_active and r.pk not in deja)
            if direction is None
            else 0,
            "peut_agir": instance.permet("ajouter_prevision", request.user),
            "jour": timezone.localdate(),
        },
    )


def _previsions(instance: Instance, annee: int) -> QuerySet[Prevision]:
    deplacements = Deplacement.objects.select_related("par").order_by("-le", "-pk")
    previsions: QuerySet[Prevision] = (
        instance.previsions.filter(annee=annee)
        .select_related("direction", "point__seance", "recurrence")
        .prefetch_related(Prefetch("deplacements", queryset=deplacements))
        .order_by("date_prevue", "titre", "pk")
    )
    return previsions


def _annees() -> range:
    """Return the years that have a page."""
    cette_annee = timezone.localdate().year
    return range(cette_annee - ANNEES_AVANT, cette_annee + ANNEES_APRES + 1)


def _exiger_annee(annee: int) -> None:
    if annee not in _annees():
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def preparer_annee(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    page: Page[Instance] = Page(
        lambda instance, par: actes.preparer_annee(instance, annee, par=par),
        consequence="Chaque point récurrent est prévu au milieu de son mois habituel, une seule fois. Chaque direction concernée reçoit la liste de ses points.",
        titre=f"Préparer l’année {annee}",
        succes=lambda _, faites: (
            f"{accorder(len(faites), 'point')} au programme {annee}."
            if faites
            else Reserve(f"Le programme {annee} avait déjà tous ses points récurrents.")
        ),
        retour=adresse_du_programme(cle, annee),
        contexte=lambda _, instance, form: {"fil": fil_du_programme(instance, annee)},
    )
    return page_acte(request, instance_du_bureau(request, cle), "preparer_annee", page)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_prevision(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    page: Page[Instance] = Page(
        lambda instance, par, **reponses: actes.ajouter_prevision(instance, annee, par=par, **reponses),
        PrevisionForm,
        titre=f"Ajouter un point au programme {annee}",
        bouton="Ajouter",
        succes=lambda _, prevision: f"« {prevision.titre} » est au programme {annee}.",
        retour=adresse_du_programme(cle, annee),
        contexte=lambda _, instance, form: {"fil": fil_du_programme(instance, annee)},
    )
    return page_acte(request, instance_du_bureau(request, cle), "ajouter_prevision", page)
