"""The legal calendar as the database has it: what is wrong today, and where the yearly reports stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, ServiceSuivi
from ccspl.regles.calendrier_legal import Alerte, Faits, alertes_sur, titre_du_rapport
from ccspl.workflow import RENDUS, VIVANTS, Etat
from participation.seances.models import Prevision, Seance
from participation.seances.workflow import A_VENIR


@dataclass(frozen=True, slots=True)
class AlerteSituee(Alerte):
    """An alert, and on what: an avis, or a service whose report is not examined."""

    avis: Avis | None = None
    service: ServiceSuivi | None = None


def seances_a_venir() -> QuerySet[Seance]:
    """Those where the commission will deliberate, the next first."""
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES, debut__gte=timezone.now()
    ).order_by("debut")


def alertes(avis: Avis) -> list[AlerteSituee]:
    """What is wrong with this avis today."""
    return alertes_de([avis]).get(avis.pk, [])


def alertes_de(tous: Iterable[Avis]) -> dict[int, list[AlerteSituee]]:
    """The same for several, at the cost of two queries. `service` and `conseil` should be joined."""
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
            etat__in=A_VENIR, points__dossiers__in=numeros, points__etat__in=["a_traiter", "en_cours"]
        )
        .values_list("points__dossiers", "debut")
        .order_by("-debut")
    )
    return {numero: timezone.localdate(debut) for numero, debut in lignes if numero in set(numeros)}


@dataclass(frozen=True, slots=True)
class LigneRapport:
    """A service and its report this year: examined, in hand, planned, or nowhere."""

    service: ServiceSuivi
    avis: Avis | None
    prevision: Prevision | None

    @property
    def etat(self) -> tuple[str, str, str]:
        """(words, colour, icon)."""
        if self.avis is not None and self.avis.est_rendu:
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
        return self.avis is None or not self.avis.est_rendu


def rapports_de_l_annee(annee: int) -> list[LigneRapport]:
    """Each followed service that owes a report, and where it stands in that year. Three queries."""
    services = list(
        ServiceSuivi.objects.filter(est_actif=True, a_un_rapport_annuel=True).select_related("direction")
    )
    par_service: dict[int, Avis] = {}
    examens: Any = Avis.objects.filter(
        objet=Avis.Objet.RAPPORT, service__in=services, etat__in=VIVANTS | RENDUS
    ).filter(Q(adopte_le__year=annee) | Q(adopte_le__isnull=True, date_saisine__year=annee))
    for avis in examens.order_by("pk"):
        deja = par_service.get(avis.service_id)
        if deja is None or not deja.est_rendu:
            par_service[avis.service_id] = avis
    prevues = {
        p.titre: p
        for p in Prevision.objects.filter(instance__cle=INSTANCE, annee=annee).select_related("point__seance")
    }
    return [LigneRapport(s, par_service.get(s.pk), prevues.get(titre_du_rapport(s.nom))) for s in services]


def alertes_en_cours(jour: date | None = None) -> list[AlerteSituee]:
    """Everything that an agent must look at today: avis whose dates or basis are wrong, then reports not examined near the end of the year."""
    jour = jour or timezone.localdate()
    vivants: Any = Avis.objects.filter(etat__in=VIVANTS).select_related("service", "conseil")
    trouvees = [alerte for liste in alertes_de(vivants).values() for alerte in liste]
    trouvees.sort(key=lambda a: a.gravite != "erreur")
    for ligne in rapports_de_l_annee(jour.year):
        prevision = ligne.prevision
        en_retard = prevision is not None and prevision.est_en_retard
        if ligne.avis is None and (en_retard or (prevision is None and jour.month >= 7)):
            trouvees.append(
                AlerteSituee(
                    "rapport_non_examine",
                    f"Le rapport annuel « {ligne.service} » n’est pas encore examiné en {jour.year}.",
                    service=ligne.service,
                )
            )
    return trouvees
