"""Letters held back after a restore, decided on kind by kind: many have been sent since the backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from participation.socle.courriels.ecriture import confier
from participation.socle.francais import accorder
from participation.socle.models import Compte, Courriel, Restauration
from participation.socle.travaux import differes as taches_differees

E = Courriel.Etat
REPERE = "lettres retenues"
MONTREES = 20  # decisions shown, the last ones
DES_COMPTES = "Codes et liens de connexion"


@dataclass(frozen=True, slots=True)
class LettresRetenues:
    """One kind of held letters. `titre`: the subject of the latest one. `attendaient`: those of the backup.

    `vu`: the highest number of a letter. Who decides has seen none above it.
    """

    acte: str
    titre: str
    nombre: int
    attendaient: int
    premiere: datetime
    derniere: datetime
    vu: int

    @property
    def peut_partir(self) -> bool:
        """Whether they may leave: sign-in codes have expired."""
        return bool(self.acte)

    @property
    def depuis(self) -> int:
        return self.nombre - self.attendaient


def lettres_retenues(compte: Compte) -> Sequence[LettresRetenues]:
    """Return the held letters by kind (`acte`), the most recent first. Letters of accounts have an empty `acte`.

    Titled by a letter that the account may read.
    """
    retenues = Courriel.objects.filter(etat=E.RETENU).order_by()
    restauree_le = Restauration.objects.derniere_le() or timezone.now()
    sortes = (
        retenues.values("acte")
        .annotate(
            nombre=Count("pk"),
            attendaient=Count("pk", filter=Q(cree_le__lte=restauree_le)),
            premiere=Min("cree_le"),
            derniere=Max("cree_le"),
            vu=Max("pk"),
        )
        .order_by("-derniere", "acte")
    )
    lisibles = retenues.visibles_par(compte).order_by("acte", "-cree_le").distinct("acte")
    sujets = dict(lisibles.exclude(acte="").values_list("acte", "sujet"))
    return [
        LettresRetenues(titre=sujets.get(sorte["acte"]) or sorte["acte"] or DES_COMPTES, **sorte)
        for sorte in sortes
    ]


@transaction.atomic
def decider_des_retenues(*, par: Compte, acte: str, laisser_partir: bool, vu: int) -> int:
    """Let the held letters of this kind leave, or cancel them, up to number `vu`. Return their number.

    Sign-in codes are always cancelled: they have expired.
    """
    siennes = Courriel.objects.filter(etat=E.RETENU, acte=acte, pk__lte=vu)
    numeros = list(siennes.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not numeros:
        return 0
    partent = laisser_partir and bool(acte)
    siennes.update(
        **{"etat": E.A_ENVOYER, "erreur": "", "tentatives": 0, "prochain_essai_le": timezone.now()}
        if partent
        else {"etat": E.ANNULE}
    )
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(Courriel),
        object_repr=REPERE,
        action_flag=CHANGE,
        change_message=f"« {acte or DES_COMPTES} » : {accorder(len(numeros), 'lettre')} {'à envoyer' if partent else 'à ne pas envoyer'}",
    )
    if partent:
        confier(numeros, priorite=taches_differees.EN_NOMBRE)
    return len(numeros)


def decisions() -> QuerySet[LogEntry]:
    """Return the last decisions, most recent first."""
    courriels = ContentType.objects.get_for_model(Courriel)
    decidees = LogEntry.objects.filter(content_type=courriels, object_repr=REPERE).select_related("user")
    return decidees.order_by("-action_time")[:MONTREES]
