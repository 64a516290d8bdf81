"""Bodies to which the service writes: each address is written once, wherever the body is named."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from participation.socle.erreurs import Manque


class Joignable(models.Model):
    """Base of a body with a `courriel`: direction, commune, organisme, partner.

    All of them are listed on the page of addresses, where an agent writes the address.
    """

    courriel: Any
    # What does not work without an address, in a sentence, and whether the site serves without it.
    SANS_ADRESSE: ClassVar[str]
    ADRESSE_PEUT_ATTENDRE: ClassVar[bool] = False

    class Meta:
        abstract = True

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Any, Any]":
        """Return those that may be written to today, with what `tient_l_adresse` reads."""
        raise NotImplementedError

    @property
    def tient_l_adresse(self) -> "Joignable":
        """Return the body whose address is also this one's: a town hall is a commune before it is a partner."""
        return self

    def adresses(self) -> list[str]:
        """Return where to write: to who holds the address, else at an address of its own."""
        tenues = self.tient_l_adresse.adresses() if self.tient_l_adresse is not self else []
        return tenues or ([self.courriel] if self.courriel else [])

    @property
    def url_adresse(self) -> str:
        corps = self.tient_l_adresse
        return reverse("socle:ecrire_adresse", args=[corps._meta.model_name, corps.pk])

    def sans_adresse(self, suite: str = "") -> Manque:
        """Return why nothing can be written to it, with the page where an agent gives the address."""
        return Manque(f"{self} n’a pas d’adresse électronique : complétez sa fiche{suite}.", self.url_adresse)
