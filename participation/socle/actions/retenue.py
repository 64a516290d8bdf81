"""Letters held back after a backup is restored.

Most letters that were waiting when the backup was made have been sent since. They are held until an agent
decides which may leave.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from participation.socle import taches_differees
from participation.socle.courrier import confier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte, Courriel

E = Courriel.Etat


@dataclass(frozen=True, slots=True)
class LettresRetenues:
    """One kind of held letters. `sujet` is that of the latest one."""

    acte: str
    sujet: str
    nombre: int
    premiere: datetime
    derniere: datetime


def retenir_courriels() -> int:
    """Hold every letter that would leave now. Return their number.

    Run once after a restore, before the workers are started.
    """
    return Courriel.objects.filter(etat__in=[E.A_ENVOYER, E.EN_COURS]).update(
        etat=E.RETENU,
        erreur=f"Retenue à la restauration du {jour_texte(timezone.localdate())} : elle est peut-être déjà arrivée.",
    )


def lettres_retenues() -> Sequence[LettresRetenues]:
    """Return the held letters by kind (`acte`), the most recent first. Sign-in codes have an empty `acte`."""
    retenues = Courriel.objects.filter(etat=E.RETENU).order_by()
    sortes = (
        retenues.values("acte")
        .annotate(nombre=Count("pk"), premiere=Min("cree_le"), derniere=Max("cree_le"))
        .order_by("-derniere")
    )
    sujets = dict(retenues.order_by("acte", "-cree_le").distinct("acte").values_list("acte", "sujet"))
    return [LettresRetenues(sujet=sujets[sorte["acte"]], **sorte) for sorte in sortes]


@transaction.atomic
def decider_des_retenues(*, par: Compte, actes: Collection[str], laisser_partir: bool) -> int:
    """Let the letters of these kinds leave, or cancel them. Return their number.

    Sign-in codes are always cancelled: they have expired.
    """
    retenues = Courriel.objects.select_for_update(of=("self",)).filter(etat=E.RETENU, acte__in=actes)
    numeros = list(retenues.exclude(acte="").values_list("pk", flat=True)) if laisser_partir else []
    abandonnees = retenues.exclude(pk__in=numeros).update(etat=E.ANNULE)
    Courriel.objects.filter(pk__in=numeros).update(
        etat=E.A_ENVOYER, erreur="", tentatives=0, prochain_essai_le=timezone.now()
    )
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(Courriel),
        object_repr="lettres retenues",
        action_flag=CHANGE,
        change_message=f"{accorder(len(numeros), 'lettre')} à envoyer, {accorder(abandonnees, 'lettre')} à ne pas envoyer",
    )
    confier(numeros, priorite=taches_differees.EN_NOMBRE)
    return len(numeros) or abandonnees
