"""The séances that the public and a member see in their calendars."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from participation.seances.models import Convie, Instance, Membre, Seance
from participation.seances.models.seances import SeanceQuerySet
from participation.socle.models import Compte


def publiques() -> SeanceQuerySet:
    """Return the séances announced to the public. Those not convened yet show as tentative in calendars."""
    return Seance.objects.annoncees().filter(est_publique=True, instance__est_publique=True)


def instances_publiques() -> QuerySet[Instance]:
    return Instance.objects.filter(est_publique=True, est_active=True)


def seances_de(compte: Compte) -> SeanceQuerySet:
    """Return the séances of the person's instances today, and those they are convened to and not taken off.

    Not those whose participants were chosen without them.
    """
    siens = Membre.objects.filter(compte=compte).en_fonction().values("college__mandature__instance")
    convies = Convie.objects.filter(membre__compte=compte)
    return Seance.objects.annoncees().filter(
        Q(instance__in=siens) & ~Q(pk__in=Seance.objects.entre_autres_que(compte).values("pk"))
        | Q(pk__in=convies.filter(retire_le__isnull=True).values("seance"))
    )


def adresse_de_flux(nom: str, *arguments: object) -> str:
    """Return the full URL of a feed, to paste into a calendar."""
    return f"{settings.SITE_URL}{reverse(nom, args=arguments)}"
