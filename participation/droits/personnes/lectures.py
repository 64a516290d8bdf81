"""Everywhere a person is: her rows in all apps, found from the models, so that a new app cannot be forgotten."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet

from participation.socle.actions.oubli import Personne, modules, raison_de
from participation.socle.francais import instant_texte, jour_texte, majuscule
from participation.socle.models import Compte, Courriel, Dossier

# Foreign keys to an account: what is hers, and what she did. What she is only in charge of is not hers.
SIENS = frozenset({"auteur", "compte", "user", "par"})
# Secrets of the site, which would open something or say nothing to her.
HORS = frozenset({"mfa.Authenticator", "socle.TraceLettre"})
TUS = re.compile(
    r"(^|_)(id|cle|sceau|jeton|nonce|empreinte|sha256|password|secret|token|canonique|boite|preuve|rang|octets|lu|session)($|_)"
)
DERNIERE = "la lettre qui dit que c’est fait, effacée elle aussi après son délai"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind: (label, value) pairs for each."""

    titre: str
    lignes: Sequence[Sequence[tuple[str, str]]]


def lignes_de(personne: Personne) -> Iterator[tuple[type[models.Model], QuerySet[Any]]]:
    """Yield (model, rows) for each table that may speak of the person.

    By her address in a column of addresses, by her account, then what the `lignes` of each app's `oubli` adds:
    rows that only another row ties to her.
    """
    trouvees: dict[type[models.Model], Q] = {}
    for modele in apps.get_models():
        if _est_a_lire(modele) and (condition := _condition(modele, personne)):
            trouvees[modele] = condition
    for module in modules():
        ajouter: Callable[[Personne], dict[type[models.Model], Q]] | None = getattr(module, "lignes", None)
        for modele, condition in ajouter(personne).items() if ajouter is not None else ():
            trouvees[modele] = trouvees.get(modele, Q()) | condition
    for modele, condition in trouvees.items():
        siennes = modele._base_manager.filter(condition)
        yield modele, modele._base_manager.filter(pk__in=siennes.values("pk")).order_by("pk")


def _est_a_lire(modele: type[models.Model]) -> bool:
    """Dossiers are read by the table of their app, whose rows have all of it."""
    dit = modele._meta
    return dit.managed and not dit.proxy and modele is not Dossier and dit.label not in HORS


def _condition(modele: type[models.Model], personne: Personne) -> Q:
    condition = Q()
    if modele is Compte and personne.compte is not None:
        condition |= Q(pk=personne.compte.pk)
    for champ in modele._meta.concrete_fields:
        if isinstance(champ, models.EmailField):
            for adresse in personne.adresses:
                condition |= Q(**{f"{champ.name}__iexact": adresse})
        elif champ.name == "courriel_canonique":
            condition |= Q(courriel_canonique=personne.boite)
        elif isinstance(champ, ArrayField) and champ.name == "destinataires":
            condition |= Q(**{f"{champ.name}__overlap": sorted(personne.adresses)})
        elif personne.compte is not None and champ.name in SIENS and champ.related_model is Compte:
            condition |= Q(**{champ.name: personne.compte})
    return condition


def compter(personne: Personne) -> dict[str, int]:
    """Return « app.Modele » → number of her rows, where there are some. One query a table."""
    comptes = {modele._meta.label: lignes.count() for modele, lignes in lignes_de(personne)}
    return {table: combien for table, combien in comptes.items() if combien}


def rapporter(avant: dict[str, int], apres: dict[str, int]) -> list[dict[str, Any]]:
    """Return what an erasure did, by table: rows found, rows that still lead to her, and why these stay."""
    return [
        {
            "quoi": majuscule(apps.get_model(table)._meta.verbose_name_plural),
            "trouvees": max(combien, apres.get(table, 0)),
            "restent": apres.get(table, 0),
            "raison": _raison(table) if apres.get(table) else "",
        }
        for table, combien in sorted({**apres, **avant}.items())
    ]


def _raison(table: str) -> str:
    return DERNIERE if table == Courriel._meta.label else raison_de(apps.get_model(table))


def sections(personne: Personne) -> list[Section]:
    """Return all her rows, in words."""
    dites = [
        Section(majuscule(modele._meta.verbose_name_plural), [_decrire(ligne) for ligne in lignes.iterator()])
        for modele, lignes in lignes_de(personne)
    ]
    return [section for section in dites if any(section.lignes)]


def colonnes(modele: type[models.Model]) -> list[Any]:
    """Return the columns that say something of a person: what her copy shows, and what the register names."""
    return [
        champ
        for champ in modele._meta.concrete_fields
        if not (champ.primary_key or champ.is_relation or TUS.search(champ.name))
    ]


def _decrire(ligne: models.Model) -> list[tuple[str, str]]:
    return [
        (majuscule(champ.verbose_name), dit)
        for champ in colonnes(type(ligne))
        if not _se_tait(ligne, champ.name) and (dit := _dire(ligne, champ))
    ]


def _se_tait(ligne: models.Model, champ: str) -> bool:
    """A letter is given once, as text; that of a code is not: no agent reads it, even in a copy."""
    return champ == "corps_html" or (champ == "corps" and getattr(ligne, "est_secrete", False))


def _dire(ligne: models.Model, champ: Any) -> str:
    valeur = getattr(ligne, champ.attname)
    if champ.choices:
        return str(getattr(ligne, f"get_{champ.name}_display")())
    if valeur is None or valeur == "" or isinstance(valeur, bytes | memoryview):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return instant_texte(valeur)
    if isinstance(valeur, date):
        return jour_texte(valeur)
    if isinstance(valeur, dict):
        return "\u00a0; ".join(f"{mot}\u00a0: {dit}" for mot, dit in valeur.items())
    if isinstance(valeur, list | tuple):
        return ", ".join(map(str, valeur))
    # A link of one of our letters may still open something, for whoever reads the copy.
    return re.sub(r"https?://\S+", "(lien)", str(valeur))
