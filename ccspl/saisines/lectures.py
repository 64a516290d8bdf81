"""Legal calendar of the commission: current alerts, and progress of the annual reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, ServiceSuivi
from ccspl.saisines.regles import Alerte, Faits, alertes_sur, titre_du_rapport
from ccspl.workflow import RENDUS, VIVANTS, Etat
from participation.seances.models import Point, Prevision, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.seances.workflow import Etat as EtatSeance


@dataclass(frozen=True, slots=True)
class AlerteSituee(Alerte):
    """An alert with its subject: an avis, or a service whose report is not examined."""

    avis: Avis | None = None
    service: ServiceSuivi | None = None


def seances_a_venir() -> QuerySet[Seance]:
    """Return the séances to come where the commission deliberates, next first."""
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES, debut__gte=timezone.now()
    ).order_by("debut")


def alertes(avis: Avis) -> list[AlerteSituee]:
    """Return the alerts of this avis today."""
    return alertes_de([avis]).get(avis.pk, [])


def alertes_de(tous: Iterable[Avis]) -> dict[int, list[AlerteSituee]]:
    """Return the alerts of several avis, by key, in two queries. `service` and `conseil` should be joined."""
    tous = list(tous)
    jour = timezone.localdate()
    prochaine = seances_a_venir().aggregate(debut=Min("debut"))["debut"]
    inscrits = _seances_inscrites([a.pk for a in tous])
    prochaine_seance = timezone.localdate(prochaine) if prochaine else None
    trouvees = {}
    for avis in tous:
        faits = Faits(
            jour=jour,
            est_prealable=avis.est_prealable,
            est_rendu=avis.etat in RENDUS,
            est_abandonne=avis.etat == Etat.ABANDONNE,
            conseil=avis.conseil.date if avis.conseil else None,
            adopte=timezone.localdate(avis.adopte_le) if avis.adopte_le else None,
            prochaine_seance=prochaine_seance,
            seance_inscrite=inscrits.get(avis.pk),
            est_fondee=avis.est_fondee,
            est_citee=bool(avis.deliberation),
        )
        trouvees[avis.pk] = [
            AlerteSituee(a.cle, a.phrase, a.gravite, a.acte, avis=avis) for a in alertes_sur(faits)
        ]
    return trouvees


def _seances_inscrites(numeros: Sequence[int]) -> Mapping[int, date]:
    lignes = (
        Seance.objects.filter(
            # A séance in progress examines it too.
            etat__in=A_VENIR | EN_COURS,
            points__dossiers__in=numeros,
            points__etat__in=["a_traiter", "en_cours"],
        )
        .values_list("points__dossiers", "debut")
        .order_by("-debut")
    )
    return {numero: timezone.localdate(debut) for numero, debut in lignes if numero in set(numeros)}


@dataclass(frozen=True, slots=True)
class LigneRapport:
    """A service and its report of the year: examined, in progress, planned, or nothing."""

    service: ServiceSuivi
    avis: Avis | None
    prevision: Prevision | None
    # Point where the commission took note of the report, without an avis.
    prise_acte: Point | None = None

    @property
    def etat(self) -> tuple[str, str, str]:
        """(label, colour, icon)."""
        if not self.est_en_attente:
            return ("Examiné", "succes", "coche")
        if self.avis is not None:
            return ("En cours", "accent", "rond")
        if self.prevision is not None and self.prevision.est_inscrite:
            return ("À l’ordre du jour", "info", "calendrier")
        if self.prevision is not None and self.prevision.abandonnee_le is None:
            retard = self.prevision.est_en_retard
            return ("Prévu, en retard", "erreur", "horloge") if retard else ("Prévu", "info", "horloge")
        return ("Pas encore prévu", "attention", "alerte")

    @property
    def est_en_attente(self) -> bool:
        return self.prise_acte is None and (self.avis is None or not self.avis.est_rendu)


def rapports_de_l_annee(annee: int) -> list[LigneRapport]:
    """Return each followed service with a yearly report, and the progress of that report. Six queries."""
    services = list(
        ServiceSuivi.objects.filter(est_actif=True, a_un_rapport_annuel=True).select_related("direction")
    )
    par_service = _examen_de_chaque_service(annee)
    prevues = _previsions(annee)
    actes = _prises_d_acte(annee)
    return [
        LigneRapport(
            s,
            par_service.get(s.pk),
            prevision := prevues.get(titre_du_rapport(s.nom)),
            _prise_acte(s, prevision, actes),
        )
        for s in services
    ]


def _examen_de_chaque_service(annee: int) -> dict[int, Avis]:
    """Return the avis on the report of each service, by service: the first rendered, else the last.

    They are chosen by their keys, then read: a year may have thousands of them.
    """
    choisis: dict[int, tuple[int, str]] = {}
    lignes = (_examens(annee).values_list(champ, "pk", "etat") for champ in ("service", "autres_services"))
    for service, avis, etat in sorted(chain(*lignes), key=lambda ligne: ligne[1]):
        if service is not None and (service not in choisis or choisis[service][1] not in RENDUS):
            choisis[service] = avis, etat
    lus = Avis.objects.in_bulk({avis for avis, _ in choisis.values()})
    return {service: lus[avis] for service, (avis, _) in choisis.items() if avis in lus}


def _previsions(annee: int) -> dict[str, Prevision]:
    """Return the programme of that year, by title."""
    siennes = Prevision.objects.filter(instance__cle=INSTANCE, annee=annee)
    return {prevision.titre: prevision for prevision in siennes.select_related("point__seance")}


def _examens(annee: int) -> Any:
    return Avis.objects.filter(objet=Avis.Objet.RAPPORT, etat__in=VIVANTS | RENDUS).filter(
        Q(adopte_le__year=annee) | Q(adopte_le__isnull=True, date_saisine__year=annee)
    )


def _prises_d_acte(annee: int) -> list[Point]:
    """Return the treated points of the year where the commission took note of something.

    Points of cancelled séances are left out.
    """
    return list(
        Point.objects.filter(
            nature=Point.Nature.PRISE_ACTE,
            etat=EtatPoint.TRAITE,
            seance__instance__cle=INSTANCE,
            seance__debut__year=annee,
            seance__etat__in=EN_COURS | {EtatSeance.LEVEE},
        )
    )


def _prise_acte(service: ServiceSuivi, prevision: Prevision | None, actes: Sequence[Point]) -> Point | None:
    """Return the point planned for the report of the service, or one whose title names the report and the
    service."""
    nom = service.nom.casefold()
    for point in actes:
        if prevision is not None and prevision.point_id == point.pk:
            return point
        titre = point.titre.casefold()
        if "rapport" in titre and nom in titre:
            return point
    return None


def _suspects(jour: date) -> Q:
    """Condition on the avis that may have an alert.

    It keeps all of them and few others, so that « Ma journée » does not read years of regular avis.
    """
    zone = timezone.get_current_timezone()
    fondes = Q(saisine__in=[Avis.Saisine.DELIBERATION, Avis.Saisine.DELEGATION]) & ~Q(fondement="")
    adopte_trop_tard = Q(conseil__date__lte=TruncDate("adopte_le", tzinfo=zone))
    non_cites = Q(deliberation="", conseil__date__lt=jour)
    inachevee = ~Q(etat__in=RENDUS) | Q(conseil__isnull=False, adopte_le=None)
    return Q(saisine=Avis.Saisine.A_DIRE) | (
        Q(objet__in=Avis.PREALABLES) & (~fondes | inachevee | adopte_trop_tard | non_cites)
    )


def avis_suspects(jour: date | None = None) -> Any:
    """Return the avis that may have an alert on that day."""
    return Avis.objects.filter(_suspects(jour or timezone.localdate()), etat__in=VIVANTS)


def services_sans_examen(annee: int | None = None) -> QuerySet[ServiceSuivi]:
    """Return the services whose report of the year (this one by default) has no avis."""
    annee = annee or timezone.localdate().year
    du_service = Q(service=OuterRef("pk")) | Q(autres_services=OuterRef("pk"))
    examens = _examens(annee).filter(du_service)
    return ServiceSuivi.objects.filter(~Exists(examens), est_actif=True, a_un_rapport_annuel=True)


def alertes_en_cours(jour: date | None = None) -> list[AlerteSituee]:
    """Return all the alerts of the day: on avis, then on reports not examined."""
    jour = jour or timezone.localdate()
    return [*alertes_des_avis(jour), *alertes_des_rapports(jour)]


def alertes_des_avis(jour: date | None = None) -> list[AlerteSituee]:
    """Return the alerts on avis, most serious first."""
    suspects = avis_suspects(jour).select_related("service", "conseil")
    trouvees = [alerte for liste in alertes_de(suspects).values() for alerte in liste]
    return sorted(trouvees, key=lambda a: a.gravite != "erreur")


def alertes_des_rapports(jour: date | None = None) -> list[AlerteSituee]:
    """Return the alerts on reports not examined.

    A planned report is due at its day; one that is not planned, from July on.
    """
    jour = jour or timezone.localdate()
    services, prevues, actes = (
        list(services_sans_examen(jour.year)),
        _previsions(jour.year),
        _prises_d_acte(jour.year),
    )
    trouvees = []
    for service in services:
        prevision = prevues.get(titre_du_rapport(service.nom))
        est_du = prevision.est_en_retard if prevision is not None else jour.month >= 7
        if est_du and _prise_acte(service, prevision, actes) is None:
            trouvees.append(
                AlerteSituee(
                    "rapport_non_examine",
                    f"Le rapport annuel « {service} » n’est pas encore examiné en {jour.year}.",
                    service=service,
                )
            )
    return trouvees
