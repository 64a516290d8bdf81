"""What the law wants submitted, and when; what would be wrong with the dates as they stand. Rules first, then what they are asked of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, ServiceSuivi
from ccspl.workflow import RENDUS, VIVANTS, Etat
from participation.seances.models import Prevision, Seance
from participation.seances.workflow import A_VENIR
from participation.socle.francais import jour_texte

# What is due before each objet, as the calendar page says it. `est_sure` False: to be confirmed by the legal service.
REGLES: Sequence[tuple[str, str, str, bool]] = (
    ("dsp", "Avant que le conseil se prononce sur le principe de la délégation", "L1413-1 CGCT", True),
    ("regie", "Avant que le conseil crée la régie dotée de l’autonomie financière", "L1413-1 CGCT", True),
    ("partenariat", "Avant que le conseil se prononce sur le projet de marché", "L1413-1 CGCT", False),
    (
        "recherche",
        "Avant que le conseil engage le service de l’eau ou de l’assainissement",
        "L1413-1 CGCT",
        False,
    ),
    ("reglement", "Avant que le conseil adopte le règlement du service", "L2224-12 CGCT", True),
    ("rapport", "Chaque année, sur le rapport du président", "L1413-1 CGCT", True),
)


@dataclass(frozen=True, slots=True)
class Alerte:
    """Something wrong, in one sentence. `gravite`: « erreur » (the procedure may fall) or « attention »."""

    cle: str
    phrase: str
    gravite: str = "attention"
    acte: str = ""  # the act that mends it
    avis: "Avis | None" = None
    service: "ServiceSuivi | None" = None


@dataclass(frozen=True, slots=True)
class Faits:
    """What the rules look at. Dates are days of Grenoble."""

    jour: date
    est_prealable: bool
    est_rendu: bool
    est_abandonne: bool = False
    conseil: date | None = None
    adopte: date | None = None
    prochaine_seance: date | None = None
    seance_inscrite: date | None = None  # the séance whose agenda bears it
    est_fondee: bool = True
    est_citee: bool = True


def alertes_sur(faits: Faits) -> list[Alerte]:
    """The rules alone: an avis must exist, dated, before the council decides, and rest on a deliberation or a delegation."""
    if faits.est_abandonne:
        return []
    trouvees = []
    conseil = faits.conseil
    if not faits.est_fondee:
        trouvees.append(
            Alerte(
                "sans_fondement",
                "La saisine n’a pas de fondement : sans délibération ni délégation, la consultation serait irrégulière.",
                "erreur" if faits.est_prealable else "attention",
                "fonder",
            )
        )
    if faits.est_prealable and conseil is not None:
        dit = jour_texte(conseil)
        if faits.adopte is not None and conseil <= faits.adopte:
            trouvees.append(
                Alerte(
                    "conseil_avant_avis",
                    f"Le conseil du {dit} s’est prononcé avant l’avis, adopté le {jour_texte(faits.adopte)}.",
                    "erreur",
                )
                if conseil < faits.jour
                else Alerte(
                    "conseil_avant_avis",
                    f"L’avis, adopté le {jour_texte(faits.adopte)}, ne précède pas le conseil du {dit}.",
                    "erreur",
                )
            )
        elif faits.adopte is None and conseil <= faits.jour:
            trouvees.append(
                Alerte(
                    "conseil_passe",
                    f"Le conseil du {dit} est arrivé et l’avis n’est pas rendu.",
                    "erreur",
                    "fonder",
                )
            )
        elif faits.adopte is None:
            trouvees += _seance_trop_tard(faits, conseil)
    elif faits.est_prealable and not faits.est_rendu:
        trouvees.append(
            Alerte(
                "sans_conseil",
                "La date du conseil n’est pas connue : l’avis doit la précéder.",
                "attention",
                "fonder",
            )
        )
    if faits.est_prealable and faits.est_rendu and not faits.est_citee and conseil and conseil < faits.jour:
        trouvees.append(
            Alerte(
                "avis_non_cite",
                f"Le conseil du {jour_texte(conseil)} est passé : notez la délibération qui cite l’avis.",
                "attention",
                "citer",
            )
        )
    return trouvees


def _seance_trop_tard(faits: Faits, conseil: date) -> list[Alerte]:
    seance = faits.seance_inscrite or faits.prochaine_seance
    if seance is None:
        return [
            Alerte(
                "conseil_sans_seance",
                f"Le conseil du {jour_texte(conseil)} se prononcerait avant l’avis : aucune séance n’est prévue d’ici là.",
                "erreur",
            )
        ]
    if seance >= conseil:
        laquelle = "il est inscrit à la séance du" if faits.seance_inscrite else "prochaine séance le"
        return [
            Alerte(
                "seance_apres_conseil",
                f"Le conseil du {jour_texte(conseil)} se prononcerait avant l’avis : {laquelle} {jour_texte(seance)}.",
                "erreur",
            )
        ]
    if faits.seance_inscrite is None:
        return [
            Alerte(
                "a_inscrire",
                f"L’avis n’est à l’ordre du jour d’aucune séance. Prochaine séance le {jour_texte(seance)}, conseil le {jour_texte(conseil)}.",
            )
        ]
    return []


def date_limite_avis(*, objet: str, date_saisine: date, conseil: date | None) -> date | None:
    """The day before the council; for an annual report, the end of its year; else nothing is due by law."""
    if conseil is not None:
        return conseil - timedelta(days=1)
    return date(date_saisine.year, 12, 31) if objet == Avis.Objet.RAPPORT else None


def est_fondee(avis: Avis) -> bool:
    """A deliberation or a delegation with its number; the commission's own initiative; the yearly examination, only for a report."""
    if avis.saisine == Avis.Saisine.A_DIRE:
        return False
    if avis.est_prealable:
        return avis.saisine in {Avis.Saisine.DELIBERATION, Avis.Saisine.DELEGATION} and bool(avis.fondement)
    return True


# What the database says


def alertes(avis: Avis) -> list[Alerte]:
    """What is wrong with this avis today."""
    return alertes_de([avis]).get(avis.pk, [])


def alertes_de(tous: Iterable[Avis]) -> dict[int, list[Alerte]]:
    """The same for several, at the cost of two queries. `service` and `conseil` should be joined."""
    tous = list(tous)
    jour = timezone.localdate()
    prochaine = (
        Seance.objects.filter(instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES)
        .filter(debut__gte=timezone.now())
        .aggregate(debut=Min("debut"))["debut"]
    )
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
            est_fondee=est_fondee(avis),
            est_citee=bool(avis.deliberation),
        )
        trouvees[avis.pk] = [
            Alerte(a.cle, a.phrase, a.gravite, a.acte, avis=avis) for a in alertes_sur(faits)
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


def titre_du_rapport(nom: str) -> str:
    """The title of the yearly item of a service, by which its examination is found in the programme."""
    return f"Rapport annuel : {nom}"[:160]


def alertes_en_cours(jour: date | None = None) -> list[Alerte]:
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
                Alerte(
                    "rapport_non_examine",
                    f"Le rapport annuel « {ligne.service} » n’est pas encore examiné en {jour.year}.",
                    service=ligne.service,
                )
            )
    return trouvees
