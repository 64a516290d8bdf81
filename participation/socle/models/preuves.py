"""An address proved by mail: the row that counts once its mailbox is proved."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.bd.lots import par_lots
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models.courriels import Courriel

PAR_LOT = 200  # keys in one condition


class AProuver(models.Model):
    """A row that counts once its mailbox is proved: by a POST from the page of the link of its letter.

    Its page is a `PreuveParCourriel` of `socle/views/preuves`. A task of the socle erases each night those that nobody proved
    in time, of every app: `sans_preuve` says which.
    """

    DEMANDEE: ClassVar[str] = "demande_le"  # instant of the request
    PROUVEE: ClassVar[str] = "confirme_le"  # instant of the proof, None until then
    CLE: ClassVar[str]  # the keys of its letters are « CLE:number:… »
    # Proved under the lock of its own row, not of its suivi: then erased by so many at a time.
    LOT: ClassVar[int] = 1

    class Meta:
        abstract = True

    @property
    def est_prouvee(self) -> bool:
        return getattr(self, self.PROUVEE) is not None

    def trop_tard(self) -> str:
        """Say why it can no longer be proved; "" while it can."""
        return ""

    @classmethod
    def jours_sans_preuve(cls) -> int:
        """Days that a row is kept without its proof, by the règlement."""
        raise NotImplementedError(f"{cls.__name__}.jours_sans_preuve, or sans_preuve")

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return the rows to erase now: asked for too long ago, and never proved."""
        limite = il_y_a_plus_de(cls.jours_sans_preuve())
        return [cls._default_manager.filter(**{cls.PROUVEE: None, f"{cls.DEMANDEE}__lt": limite})]

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> None:
        """Erase these rows and their letters. By default whole: an app may keep what names nobody."""
        cls.effacer_lettres(numeros)
        cls._default_manager.filter(pk__in=numeros).delete()

    @classmethod
    def effacer_lettres(cls, numeros: Sequence[int]) -> None:
        """Delete the letters of these rows: they hold the address, and the link."""
        for lot in par_lots(numeros, PAR_LOT):
            siennes = Q(pk__in=[])
            for numero in lot:
                siennes |= Q(cle__startswith=f"{cls.CLE}:{numero}:")
            Courriel.objects.filter(siennes).delete()


class Demandeur(AProuver):
    """Somebody known by their address alone, who asks for one thing once."""

    courriel = models.EmailField("courriel", max_length=254)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)

    class Meta:
        abstract = True
