"""The monthly summary: figures and meetings between two days, who receives it, its sending, how one subscribes and stops."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ccspl.models import INSTANCE, AbonnementResume, Avis, Preconisation, ReunionDuConseil
from ccspl.workflow import RENDUS
from participation.seances.models import Inscription, Seance
from participation.seances.workflow import Etat
from participation.socle.calendrier import du_au
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.erreurs import RoleInsuffisant
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Appartenance, Compte
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.workflow import Role
from participation.suites.models import reponse_en_retard

REUNIONS, AVIS_PAR_REUNION = 4, 10


def prochaines_reunions(avis: QuerySet[Avis]) -> list[tuple[ReunionDuConseil, list[Avis]]]:
    """Return the next councils and commissions that avis are expected for, with `n` avis, and the first of them."""
    a_venir = ReunionDuConseil.objects.filter(date__gte=timezone.localdate())
    attendus = Q(avis__in=avis.filter(conseil__in=a_venir).order_by().values("pk"))
    reunions = list(
        a_venir.annotate(n=Count("avis", filter=attendus)).filter(n__gt=0).order_by("date", "pk")[:REUNIONS]
    )
    par_reunion: dict[int, list[Avis]] = {reunion.pk: [] for reunion in reunions}
    ordre = ("deliberation", "titre")
    rang = Window(RowNumber(), partition_by="conseil", order_by=ordre)
    premiers = avis.filter(conseil__in=reunions).annotate(rang=rang).filter(rang__lte=AVIS_PAR_REUNION)
    lus: QuerySet[Avis] = avis.filter(pk__in=premiers.values("pk"))
    for un in lus.select_related("service").order_by(*ordre):
        par_reunion[un.conseil_id or 0].append(un)
    return [(reunion, par_reunion[reunion.pk]) for reunion in reunions]


NATURES = (Seance.Nature.VISITE, Seance.Nature.FORMATION)


JOURS_A_VENIR = 45


def rencontres(annee: int) -> QuerySet[Any]:
    """Return the visits and trainings of the year, except cancelled ones, with their counts.

    `inscrits`, `attente`, `venus`, `notees`, `moyenne`, `retours`.
    """
    inscrit = Q(inscriptions__etat=Inscription.Etat.INSCRIT)
    return (
        Seance.objects.filter(instance__cle=INSTANCE, nature__in=NATURES, debut__year=annee)
        .exclude(etat=Etat.ANNULEE)
        .annotate(
            inscrits=Count("inscriptions", filter=inscrit),
            attente=Count("inscriptions", filter=Q(inscriptions__etat=Inscription.Etat.ATTENTE)),
            venus=Count("inscriptions", filter=Q(inscriptions__est_venu=True)),
            notees=Count("inscriptions", filter=Q(inscriptions__est_venu__isnull=False)),
            moyenne=Avg("inscriptions__note", filter=inscrit),
            retours=Count("inscriptions", filter=inscrit & Q(inscriptions__note__isnull=False)),
        )
        .order_by("debut", "pk")
    )


@dataclass(frozen=True, slots=True)
class Nouvelles:
    """News of a month. `tardives`: answers due in that month and still missing."""

    debut: date
    fin: date
    adoptes: Sequence[Avis] = ()
    repondues: Sequence[Preconisation] = ()
    tardives: Sequence[Preconisation] = ()
    reunions: Sequence[tuple[ReunionDuConseil, list[Avis]]] = field(default=())

    @property
    def est_vide(self) -> bool:
        """Whether the month brought nothing new. Meetings of the council alone are no news."""
        return not (self.adoptes or self.repondues or self.tardives)


def nouvelles(debut: date, fin: date) -> Nouvelles:
    """Return the news about published avis only, since the letter leaves the back office."""
    publies: Any = Avis.objects.filter(est_publie=True, etat__in=sorted(RENDUS))
    lignes = (
        Preconisation.objects.filter(avis__in=publies.order_by().values("pk"))
        .select_related("avis", "suite__direction")
        .order_by("avis", "numero")
    )
    jour = max(timezone.localdate(), fin)
    return Nouvelles(
        debut,
        fin,
        adoptes=list(
            publies.filter(du_au("adopte_le", debut, fin)).select_related("service").order_by("adopte_le")
        ),
        repondues=list(lignes.filter(du_au("suite__repondue_le", debut, fin))),
        tardives=list(
            lignes.filter(reponse_en_retard(jour, "suite__"), suite__date_limite__range=(debut, fin))
        ),
        reunions=[
            (reunion, avis)
            for reunion, avis in prochaines_reunions(publies)
            if reunion.date <= timezone.localdate() + timedelta(days=JOURS_A_VENIR)
        ],
    )


# The letter of the month ---------------------------------------------------------------------------------------------
def s_abonner_au_resume(compte: Compte) -> None:
    """Subscribe to the letter of the month.

    Raises RoleInsuffisant unless the account is an élu or an agent.
    """
    if not compte.roles & {Role.ELU, Role.AGENT}:
        raise RoleInsuffisant("Le résumé du mois est écrit pour les élus.")
    AbonnementResume.objects.update_or_create(
        compte=compte, defaults={"demande_le": timezone.now(), "arrete_le": None}
    )


def arreter_le_resume(abonnement: AbonnementResume) -> None:
    """Stop the subscription. Safe to call twice."""
    AbonnementResume.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())


def ecrire_resumes(jour: date | None = None) -> int:
    """Write the letters about the month before `jour`. Returns how many are new.

    No letter is written when the month brought nothing. Safe to run again.
    """
    jour = jour or timezone.localdate()
    fin = jour.replace(day=1) - timedelta(days=1)
    mois = nouvelles(fin.replace(day=1), fin)
    if mois.est_vide:
        return 0
    # Subscribers who are no longer élus or agents get no letter.
    lecteurs = Appartenance.objects.en_vigueur(jour).filter(role__in=[Role.ELU, Role.AGENT])
    abonnements = AbonnementResume.objects.filter(
        arrete_le=None, compte__is_active=True, compte__in=lecteurs.values("compte")
    ).select_related("compte")
    return ecrire_a_plusieurs(
        "ccspl/resume_mensuel",
        [
            Destinataire(
                abonnement.compte.courriel,
                desabonnement=reverse("ccspl:ne_plus_recevoir_resume", args=[abonnement.cle]),
                contexte={"prenom": abonnement.compte.prenom},
            )
            for abonnement in abonnements
        ],
        contexte={"nouvelles": mois, "lien": reverse("ccspl:tableau_de_bord")},
        cle=f"ccspl-resume:{mois.debut:%Y-%m}",
    )


# The letter of the month ---------------------------------------------------------------------------------------------
@require_POST
def abonnement_au_resume(request: RequeteConnectee) -> HttpResponse:
    s_abonner_au_resume(request.user)
    messages.success(
        request, "Vous recevrez le résumé au début de chaque mois, quand il y a quelque chose à dire."
    )
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


@require_POST
@reserve_a(Role.AGENT, Role.ELU)
def arret_du_resume(request: RequeteConnectee) -> HttpResponse:
    abonnement = AbonnementResume.objects.filter(compte=request.user).first()
    if abonnement is not None:
        arreter_le_resume(abonnement)
    messages.success(request, "Vous ne recevrez plus le résumé du mois.")
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


ARRETER = ArretDesLettres[AbonnementResume](
    trouver=lambda cle: AbonnementResume.objects.select_related("compte").filter(cle=cle).first(),
    adresse=lambda abonnement: abonnement.compte.courriel,
    arreter=arreter_le_resume,
    est_arretee=lambda abonnement: abonnement.arrete_le is not None,
    gabarit="ccspl/tableau/ne_plus_recevoir_resume.html",
)
