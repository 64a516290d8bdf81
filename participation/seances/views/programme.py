"""The year's programme of work of an instance: what comes back, what is planned, what moved and why."""

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.actions import programme as actions
from participation.seances.forms.programme import (
    AbandonnerForm,
    DeplacerForm,
    InscrireForm,
    PrevisionForm,
    RecurrenceForm,
)
from participation.seances.models import Deplacement, Instance, Prevision, Recurrence
from participation.seances.views.formulaires import page_formulaire
from participation.seances.views.instances import fil_de
from participation.socle.francais import MOIS, accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Direction
from participation.socle.workflow import Role

ANNEES_AVANT, ANNEES_APRES = 10, 3
LECTEURS = (Role.AGENT, Role.AGENT_DIRECTION, Role.ELU)


def _adresse(instance: Instance, annee: int) -> str:
    return reverse("seances:programme", args=[instance.cle, annee])


@reserve_a(*LECTEURS)
@require_safe
def programme(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    """The items of the year in the order of their dates; `?direction=` keeps those of one direction."""
    instance = get_object_or_404(Instance, cle=cle)
    _exiger_annee(annee)
    previsions = (
        instance.previsions.filter(annee=annee)
        .select_related("direction", "point__seance", "recurrence")
        .prefetch_related(
            Prefetch(
                "deplacements", queryset=Deplacement.objects.select_related("par").order_by("-le", "-pk")
            )
        )
        .order_by("date_prevue", "titre", "pk")
    )
    directions = list(
        Direction.objects.filter(pk__in=previsions.order_by().values("direction")).order_by("nom")
    )
    direction = next((d for d in directions if str(d.pk) == request.GET.get("direction", "")), None)
    if direction is not None:
        previsions = previsions.filter(direction=direction)
    lignes = list(previsions)
    par_mois: dict[tuple[int, int], list[Prevision]] = {}
    for prevision in lignes:
        par_mois.setdefault((prevision.date_prevue.year, prevision.date_prevue.month), []).append(prevision)
    actives = [p for p in lignes if p.abandonnee_le is None]
    deja = {p.recurrence_id for p in lignes} if direction is None else set()
    recurrences = list(instance.recurrences.select_related("direction"))
    for recurrence in recurrences:
        recurrence.nom_du_mois = MOIS[recurrence.mois - 1]  # type: ignore[attr-defined]
    return render(
        request,
        "seances/programme.html",
        {
            "instance": instance,
            "app": instance.app,
            "annee": annee,
            "precedente": annee - 1,
            "suivante": annee + 1,
            "mois": [
                (
                    f"{MOIS[numero - 1].capitalize()} {an}" if an != annee else MOIS[numero - 1].capitalize(),
                    ceux,
                )
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
            "peut_agir": request.user.est_agent,
            "jour": timezone.localdate(),
        },
    )


def _exiger_annee(annee: int) -> None:
    cette_annee = timezone.localdate().year
    if not cette_annee - ANNEES_AVANT <= annee <= cette_annee + ANNEES_APRES:
        raise Http404


@reserve_a(Role.AGENT)
def preparer_annee(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    _exiger_annee(annee)
    return page_formulaire(
        request,
        None,
        lambda _: actions.preparer_annee(instance, annee, par=request.user),
        titre=f"Préparer l’année {annee}",
        sur_quoi=instance.nom,
        consequence="Chaque point récurrent est prévu au milieu de son mois habituel, une seule fois. Chaque direction concernée reçoit la liste de ses points.",
        succes=lambda faites: (
            f"{accorder(len(faites), 'point')} au programme {annee}."
            if faites
            else f"Le programme {annee} avait déjà tous ses points récurrents."
        ),
        fil=(*fil_de(instance), f"Programme {annee}", _adresse(instance, annee)),
        retour=_adresse(instance, annee),
        app=instance.app,
    )


@reserve_a(Role.AGENT)
def ajouter_prevision(request: RequeteConnectee, cle: str, annee: int) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    _exiger_annee(annee)
    return page_formulaire(
        request,
        PrevisionForm,
        lambda reponses: actions.ajouter_prevision(instance, annee, par=request.user, **reponses),
        titre=f"Ajouter un point au programme {annee}",
        sur_quoi=instance.nom,
        bouton="Ajouter",
        succes=lambda prevision: f"« {prevision.titre} » est au programme {annee}.",
        fil=(*fil_de(instance), f"Programme {annee}", _adresse(instance, annee)),
        retour=_adresse(instance, annee),
        app=instance.app,
    )


@reserve_a(Role.AGENT)
def ajouter_recurrence(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    annee = timezone.localdate().year
    return page_formulaire(
        request,
        RecurrenceForm,
        lambda reponses: actions.ajouter_recurrence(instance, par=request.user, **reponses),
        titre="Ajouter un point récurrent",
        sur_quoi=instance.nom,
        consequence="Il sera prévu chaque année, quand vous préparez l’année.",
        bouton="Ajouter",
        succes=lambda recurrence: f"« {recurrence} » revient maintenant chaque année.",
        fil=(*fil_de(instance), f"Programme {annee}", _adresse(instance, annee)),
        retour=f"{_adresse(instance, annee)}#recurrents",
        app=instance.app,
    )


@reserve_a(Role.AGENT)
def modifier_recurrence(request: RequeteConnectee, pk: int) -> HttpResponse:
    recurrence = get_object_or_404(Recurrence.objects.select_related("instance"), pk=pk)
    annee = timezone.localdate().year
    return page_formulaire(
        request,
        RecurrenceForm(request.POST if request.method == "POST" else None, recurrence=recurrence),
        lambda reponses: actions.modifier_recurrence(recurrence, par=request.user, **reponses),
        titre="Modifier le point récurrent",
        sur_quoi=f"{recurrence}, {recurrence.instance.sigle}",
        bouton="Enregistrer",
        succes="Le point récurrent est modifié.",
        fil=(*fil_de(recurrence.instance), f"Programme {annee}", _adresse(recurrence.instance, annee)),
        retour=f"{_adresse(recurrence.instance, annee)}#recurrents",
        app=recurrence.instance.app,
    )


@reserve_a(Role.AGENT)
def deplacer_prevision(request: RequeteConnectee, pk: int) -> HttpResponse:
    prevision = _prevision(pk)
    return page_formulaire(
        request,
        DeplacerForm(
            request.POST if request.method == "POST" else None, initial={"vers": prevision.date_prevue}
        ),
        lambda reponses: actions.deplacer_prevision(prevision, par=request.user, **reponses),
        titre="Déplacer ce point",
        sur_quoi=prevision.titre,
        consequence="La direction chargée du point reçoit le nouveau jour et la raison."
        if prevision.direction_id
        else "",
        succes="Le point est déplacé.",
        fil=_fil(prevision),
        retour=_retour(prevision),
        app=prevision.instance.app,
    )


@reserve_a(Role.AGENT)
def abandonner_prevision(request: RequeteConnectee, pk: int) -> HttpResponse:
    prevision = _prevision(pk)
    return page_formulaire(
        request,
        AbandonnerForm,
        lambda reponses: actions.abandonner_prevision(prevision, par=request.user, **reponses),
        titre="Retirer ce point du programme",
        sur_quoi=f"{prevision.titre}, {prevision.annee}",
        consequence="Il reste écrit au programme, avec la raison. L’année suivante, il revient."
        if prevision.recurrence_id
        else "Il reste écrit au programme, avec la raison.",
        succes="Le point est retiré du programme.",
        fil=_fil(prevision),
        retour=_retour(prevision),
        app=prevision.instance.app,
        est_dangereux=True,
    )


@reserve_a(Role.AGENT)
def inscrire_prevision(request: RequeteConnectee, pk: int) -> HttpResponse:
    prevision = _prevision(pk)
    form = InscrireForm(request.POST if request.method == "POST" else None, instance=prevision.instance)
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.inscrire_prevision(prevision, reponses["seance"], par=request.user),
        titre="Mettre à l’ordre du jour",
        sur_quoi=prevision.titre,
        succes=lambda point: f"« {point} » est à l’ordre du jour.",
        fil=_fil(prevision),
        retour=_retour(prevision),
        app=prevision.instance.app,
        gabarit="seances/inscrire_prevision.html",
        contexte={"sans_seance": not form.fields["seance"].queryset.exists()},  # type: ignore[attr-defined]
    )


def _prevision(pk: int) -> Prevision:
    return get_object_or_404(
        Prevision.objects.select_related("instance", "direction", "point__seance"), pk=pk
    )


def _fil(prevision: Prevision) -> tuple[str, ...]:
    return (*fil_de(prevision.instance), f"Programme {prevision.annee}", _retour(prevision))


def _retour(prevision: Prevision) -> str:
    return f"{_adresse(prevision.instance, prevision.annee)}#p-{prevision.pk}"
