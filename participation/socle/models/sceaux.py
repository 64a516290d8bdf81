"""What makes a row that one, whatever its number."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Scelle(models.Model):
    """A row that signed links open. Its `sceau` is written once, and shown nowhere: links are signed with it."""

    LIEN: ClassVar[Any]  # a `Lien`, which imports this module

    sceau = models.UUIDField("sceau des liens", default=uuid4, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True

    @property
    def contact(self) -> models.Model | None:
        """The row that keeps who holds a paper with its code, and how to reach her; None where nothing does."""
        return None

    def jeton(self) -> str:
        """Return the token of its signed link, which stays valid whatever becomes of the row."""
        jeton: str = self.LIEN.jeton(self)
        return jeton
