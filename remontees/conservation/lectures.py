"""Remontées older than the term set by the règlement."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois, debut_du_jour
from participation.socle.francais import jour_texte
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Lot
from remontees.models import Message, ReglementRemontees, Remontee, Satisfaction
from remontees.models.remontees import EFFACES
from remontees.workflow import FINIS

COMPTEES = 1000  # beyond, pages say « plus de »


def finies() -> Any:
    return Remontee.objects.filter(etat__in=sorted(FINIS)).order_by()


def _au_terme() -> list[tuple[Any, str]]:
    """Return the remontées to erase, by what they still hold: (queryset, field that orders it, the oldest first).

    Those finished before the term, unless a message is unread or more recent than it. A message or comment
    written after a first erasure counts too. Each queryset is read along the partial index of what is not
    erased: after some years nearly all is, and before the first erasure nothing.
    """
    jour = _terme()
    debut = debut_du_jour(jour)
    messages = Message.objects.exclude(texte__in=EFFACES)
    recents = messages.filter(
        Q(ecrit_le__gte=debut) | Q(pk__in=Message.objects.non_lus().values("pk")), remontee=OuterRef("pk")
    )
    sans_recents = finies().filter(~Exists(recents))
    dites = sans_recents.exclude(verbatim__in=EFFACES)
    anciennes = sans_recents.filter(Q(repondue_le__lt=debut) | Q(repondue_le=None, modifie_le__lt=debut))
    anciens = messages.filter(ecrit_le__lt=debut).order_by()
    return [
        (dites.filter(repondue_le__lt=debut), "repondue_le"),
        # Nobody is heard after the end: the index of the day spares the others.
        (dites.filter(repondue_le=None, entendue_le__lte=jour, modifie_le__lt=debut), "entendue_le"),
        (anciennes.filter(pk__in=anciens.values("remontee")), "pk"),
        (anciennes.filter(pk__in=Satisfaction.objects.exclude(mot="").values("remontee")), "pk"),
    ]


def est_au_terme(remontee: Remontee) -> bool:
    return any(siennes.filter(pk=remontee.pk).exists() for siennes, _ in _au_terme())


def _compter_au_terme() -> int:
    """Count the remontées to erase, up to COMPTEES + 1."""
    premieres, *autres = (siennes.values("pk")[: COMPTEES + 1] for siennes, _ in _au_terme())
    combien: int = premieres.union(*autres).count()
    return min(combien, COMPTEES + 1)


AU_TERME = Tenu("remontees.au_terme", _compter_au_terme)


def au_terme(combien: int, *parmi: Q) -> list[Any]:
    """Return at most so many remontées to erase, the oldest first, with `finie_le`."""
    lues = {
        remontee.pk: remontee
        for siennes, ordre in _au_terme()
        for remontee in siennes.filter(*parmi)
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .order_by(ordre)[:combien]
    }
    return sorted(lues.values(), key=lambda remontee: (remontee.finie_le, remontee.pk))[:combien]


REMONTEES = "remontees.remontees"


def lots() -> list[Lot]:
    """One lot: all that is at its term today, until the midnight that `terme_de` gives back."""
    premieres, *autres = (siennes.values("pk") for siennes, _ in _au_terme())
    jour = timezone.localdate()
    combien = premieres.union(*autres).count()
    return (
        [Lot(jour.toordinal(), f"Remontées répondues, au terme le {jour_texte(jour)}", combien, fin=_terme())]
        if combien
        else []
    )


def _terme() -> date:
    return ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)


def finies_avant(jour: date) -> Q:
    """Condition: finished before what was at its term on this day."""
    limite = debut_du_jour(ajouter_mois(jour, -ReglementRemontees.actuel().conservation_mois))
    return Q(repondue_le__lt=limite) | Q(repondue_le=None, modifie_le__lt=limite)
