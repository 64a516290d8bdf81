"""The cadre that a page shows; what may be attached; the published cadres."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from participation.cadres.models import Cadre, Rattachement
from participation.cadres.workflow import EtatCahier
from participation.socle import vitrine
from participation.socle.francais import majuscule

MONTRES = 60  # of each kind, the last first


def cadre_de(objet: Model) -> Cadre | None:
    """Return the published cadre of this object, its own before that of its kind. One query, two when there is one."""
    siens = Rattachement.objects.filter(genre=objet._meta.label_lower, cadre__est_publie=True)
    trouve = (
        siens.filter(Q(numero=objet.pk) | Q(numero=None))
        .select_related("cadre")
        .prefetch_related("cadre__attentes")
        .order_by("numero")  # NULL last
        .first()
    )
    return trouve.cadre if trouve is not None else None


def cahiers_publies(cadre: Cadre) -> Any:
    return cadre.cahiers.filter(etat=EtatCahier.PUBLIE).select_related("piece")


def rattachables() -> Sequence[vitrine.Rattachable]:
    return list(vitrine.recueillir("rattachables"))


def a_rattacher() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield (kind, choices) of what has no cadre yet; the value of a choice is « petitions.petition:12 »."""
    pris = set(Rattachement.objects.values_list("genre", "numero"))
    for genre in rattachables():
        cle = genre.modele._meta.label_lower
        choix = [(f"{cle}:", majuscule(genre.tous))] if genre.tous and (cle, None) not in pris else []
        choix += [
            (f"{cle}:{objet.pk}", titre_de(objet))
            for objet in genre.objets()[:MONTRES]
            if (cle, objet.pk) not in pris
        ]
        if choix:
            yield majuscule(str(genre.modele._meta.verbose_name_plural)), choix


def titre_de(objet: Any) -> str:
    reference = getattr(objet, "reference", "")
    return f"{reference} · {objet.titre}" if reference else str(objet)


def publics() -> Any:
    """Return the published cadres: those under way first, by their end."""
    return Cadre.objects.filter(est_publie=True).order_by("clos_le", "date_fin", "pk")


def en_retard(cadre: Cadre) -> bool:
    return not cadre.est_fini and cadre.date_fin < timezone.localdate()
