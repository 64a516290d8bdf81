"""Categories, communes and quartiers to choose from."""

from itertools import groupby
from typing import Any

from participation.socle.bd.cache import une_minute
from participation.socle.forms.actes import ActeForm
from participation.socle.models import Commune, Quartier
from remontees.models import Categorie

Groupes = list[tuple[str, list[tuple[str, str]]]]


def choix_communes() -> list[tuple[str, str]]:
    """Return (Insee code, name) in French order. An empty list is not cached."""
    lues = une_minute(
        "remontees:communes", lambda: list(Commune.objects.values_list("code_insee", "nom")) or None
    )
    return lues or []


def choix_quartiers() -> Groupes:
    """Return the quartiers, grouped by commune."""

    def lire() -> Groupes | None:
        lus = Quartier.objects.select_related("commune")
        return [
            (nom, [(str(q.pk), q.nom) for q in siens])
            for nom, siens in groupby(lus, key=lambda q: q.commune.nom)
        ] or None

    return une_minute("remontees:quartiers", lire) or []


def commune_du_quartier(quartier: int) -> str:
    """Return the Insee code of the commune; empty for an unknown quartier."""
    communes = une_minute(
        "remontees:communes_des_quartiers",
        lambda: dict(Quartier.objects.values_list("pk", "commune_id")) or None,
    )
    return (communes or {}).get(quartier, "")


def themes() -> list[tuple[Categorie, list[Categorie]]]:
    """Return each theme with its categories; a theme without category is its own."""

    def lire() -> list[tuple[Categorie, list[Categorie]]] | None:
        actives = list(
            Categorie.objects.filter(est_active=True).select_related("parent", "organisme", "direction")
        )
        return [
            (theme, [c for c in actives if c.parent_id == theme.pk] or [theme])
            for theme in actives
            if theme.parent_id is None
        ] or None

    return une_minute("remontees:themes", lire) or []


def choix_categories() -> Groupes:
    return [(theme.nom, [(str(c.pk), c.nom) for c in siennes]) for theme, siennes in themes()]


def categorie_du_code(code: str) -> Categorie | None:
    return next((c for _, siennes in themes() for c in siennes if c.code == code), None)


def choisir_categorie(form: ActeForm) -> None:
    champ: Any = form.fields["categorie"]
    champ.label_from_instance = lambda categorie: categorie.chemin
    form.choisir("categorie", Categorie.objects.filter(est_active=True).par_theme())
