"""Calendar pages of the séances, for the service and for the public, and the feeds to subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.calendrier import ics
from participation.seances.calendrier.lectures import (
    adresse_de_flux,
    instances_publiques,
    publiques,
    seances_de,
)
from participation.seances.models import EntreeSeance, Instance, Profil, Seance
from participation.seances.models.seances import SeanceQuerySet
from participation.socle.collectivite import ici
from participation.socle.forms.champs import champ_parmi
from participation.socle.francais import MOIS, MOIS_COURTS, majuscule
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, partageable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.vitrine import AuCalendrier, recueillir

FLUX = "text/calendar; charset=utf-8"


@dataclass(slots=True)
class Mois:
    numero: int
    seances: list[Seance] = field(default_factory=list)
    autres: list[AuCalendrier] = field(default_factory=list)

    @property
    def combien(self) -> int:
        return len(self.seances) + len(self.autres)

    @property
    def lignes(self) -> list[Seance | AuCalendrier]:
        """Return séances and other meetings, in the order of their days."""
        tout: list[Seance | AuCalendrier] = [*self.seances, *self.autres]
        return sorted(tout, key=lambda une: une.debut)

    @property
    def nom(self) -> str:
        return MOIS[self.numero - 1]

    @property
    def court(self) -> str:
        return MOIS_COURTS[self.numero - 1]


@reserve_a(*ROLES_BUREAU)
@require_safe
def calendrier(request: RequeteConnectee) -> HttpResponse:
    """Show by month the séances, visits and trainings of a year that this person may see."""
    seances = Seance.objects.visibles_par(request.user)
    contexte = _contexte(request, seances, Instance.objects.filter(est_active=True))
    siennes = set() if request.user.est_agent else set(seances_de(request.user).values_list("pk", flat=True))
    return render(request, "seances/calendrier/calendrier.html", {**contexte, "siennes": siennes})


@publique
@require_safe
@gardable(120)
def calendrier_public(request: HttpRequest) -> HttpResponse:
    """Show the public séances of the year, also those not convened yet."""
    contexte = _contexte(request, publiques(), instances_publiques(), avec_autres=True)
    instance = contexte["instance"]
    flux = (
        adresse_de_flux("seances:agenda_public", instance.cle)
        if isinstance(instance, Instance)
        else adresse_de_flux("seances:agenda_tous")
    )
    return render(request, "seances/calendrier/calendrier_public.html", {**contexte, "flux": flux})


def _contexte(
    request: HttpRequest, seances: SeanceQuerySet, instances: QuerySet[Instance], *, avec_autres: bool = False
) -> dict[str, object]:
    ce_jour = timezone.localdate()
    bornes = seances.aggregate(
        premiere=Min("debut"),
        derniere=Max("debut"),
        prochaine=Min("debut", filter=Q(debut__gte=timezone.now())),
    )
    # In December, all coming séances may be in the next year.
    par_defaut = timezone.localdate(bornes["prochaine"]).year if bornes["prochaine"] else ce_jour.year
    premiere = min(
        timezone.localdate(bornes["premiere"]).year if bornes["premiere"] else ce_jour.year, ce_jour.year
    )
    derniere = max(
        timezone.localdate(bornes["derniere"]).year if bornes["derniere"] else ce_jour.year, ce_jour.year + 1
    )
    annees = list(range(derniere, premiere - 1, -1))
    form = AnneeForm(
        request.GET
        if any(nom in request.GET for nom in ("annee", "instance", "nature"))
        else {"annee": par_defaut},
        annees=annees,
        instances=instances,
        natures=[(valeur, str(mot)) for valeur, mot in Seance.Nature.choices],
    )
    form.is_valid()
    annee = form.valeur("annee") or par_defaut
    choisies = seances.filter(debut__year=annee).avec_instance().order_by("debut", "pk")
    if instance := form.valeur("instance"):
        choisies = choisies.filter(instance=instance)
    if nature := form.valeur("nature"):
        choisies = choisies.filter(nature=nature)
    mois = par_mois(choisies)
    for autre in recueillir("au_calendrier", annee) if avec_autres and not (instance or nature) else ():
        mois[timezone.localdate(autre.debut).month - 1].autres.append(autre)
    return {
        "form": form,
        "annee": annee,
        "precedente": annee - 1 if annee - 1 >= premiere else None,
        "suivante": annee + 1 if annee + 1 <= derniere else None,
        "mois": mois,
        "total": sum(m.combien for m in mois),
        "maintenant": timezone.now(),
        "prochaine": next((s for m in mois for s in m.seances if s.debut >= timezone.now()), None),
        "instance": instance,
        "ce_mois": ce_jour.month if annee == ce_jour.year else 0,
    }


def par_mois(seances: SeanceQuerySet) -> Sequence[Mois]:
    """Return the twelve months, also those without a séance."""
    mois = [Mois(numero) for numero in range(1, 13)]
    for seance in seances:
        mois[seance.jour.month - 1].seances.append(seance)
    return mois


# Feeds
@publique
@require_safe
@partageable
@gardable(600)
def agenda_tous(request: HttpRequest) -> HttpResponse:
    annee = timezone.localdate().year
    autres = [a for an in (annee - 1, annee, annee + 1) for a in recueillir("au_calendrier", an)]
    return _flux(publiques(), ici("Participation, {nom}"), "participation", autres=autres)


@publique
@require_safe
@partageable
@gardable(600)
def agenda_public(request: HttpRequest, cle: str) -> HttpResponse:
    instance = get_object_or_404(instances_publiques(), cle=cle)
    return _flux(publiques().filter(instance=instance), instance.sigle, instance.cle)


@publique
@require_safe
def agenda_personnel(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Send the feed of one member's séances. The secret URL is the only check; the member may renew it."""
    profil = get_object_or_404(Profil.objects.select_related("compte"), cle_agenda=cle)
    if not profil.compte.is_active:
        raise Http404
    reponse = _flux(seances_de(profil.compte), "Mes séances", "mes-seances", avec_lien=True)
    reponse["Cache-Control"] = "private, no-store"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _flux(
    seances: SeanceQuerySet,
    nom: str,
    fichier: str,
    *,
    avec_lien: bool = False,
    autres: Sequence[AuCalendrier] = (),
) -> HttpResponse:
    """Send a feed from 1 January of last year on: a new subscriber also sees recent séances."""
    depuis = date(timezone.localdate().year - 1, 1, 1)
    recentes = seances.filter(debut__date__gte=depuis).avec_instance().order_by("debut", "pk")
    actes = EntreeSeance.objects.filter(seance=OuterRef("pk")).order_by("-le")
    recentes = recentes.annotate(changee_le=Subquery(actes.values("le")[:1]))
    reponse = HttpResponse(
        ics.calendrier(recentes, nom, avec_lien=avec_lien, autres=autres), content_type=FLUX
    )
    reponse["Content-Disposition"] = f'inline; filename="{fichier}.ics"'
    return reponse


class AnneeForm(forms.Form):
    """Filters of the calendar: year, instance, nature."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False)
    instance = champ_parmi(
        "Instance", Instance.objects.none(), requis=False, vide="Toutes", to_field_name="cle"
    )
    nature = forms.ChoiceField(label="Nature", required=False)

    def __init__(
        self, *args: Any, annees: list[int], instances: Any, natures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for nom, choix in (
            ("annee", [(an, str(an)) for an in annees]),
            ("nature", [("", "Toutes"), *((valeur, majuscule(mot)) for valeur, mot in natures)]),
        ):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix
        champ_instance = self.fields["instance"]
        if isinstance(champ_instance, forms.ModelChoiceField):
            champ_instance.queryset = instances

    def valeur(self, nom: str) -> Any:
        """Return the value, or None if missing or invalid: the calendar then ignores the filter."""
        return getattr(self, "cleaned_data", {}).get(nom) or None
