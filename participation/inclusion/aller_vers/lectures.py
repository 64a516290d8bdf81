"""Where the service is heard least: communes and quartiers, beside where it went; what the actions cost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from participation.inclusion.models import ActionAllerVers
from participation.inclusion.workflow import EtatAction
from participation.socle import vitrine
from participation.socle.francais import INSECABLE, accorder, montant, nombre
from participation.socle.lectures.communes import Voix
from participation.socle.models import Commune

PROPOSEES = 8


@dataclass(frozen=True, slots=True)
class CommuneEntendue:
    """Voices of the last twelve months for 1 000 inhabitants; None when what is known is too small to be shown."""

    commune: Commune
    voix: int | None
    actions: int

    @property
    def pour_mille(self) -> float:
        return round(1000 * (self.voix or 0) / self.commune.population, 1) if self.commune.population else 0.0


def moins_entendues() -> list[CommuneEntendue]:
    """Return the communes heard least for their population, least first."""
    connues: Counter[str] = Counter()
    cachees: set[str] = set()
    apports: Sequence[Voix] = list(vitrine.recueillir("voix_par_commune"))
    for voix in apports:
        for code, combien in voix.nombres.items():
            if combien is None:
                cachees.add(code)
            else:
                connues[code] += combien
    actions = dict(
        ActionAllerVers.objects.exclude(etat=EtatAction.ANNULEE)
        .order_by()
        .values_list("communes")
        .annotate(n=Count("pk"))
    )
    toutes = [
        CommuneEntendue(
            c, connues[c.pk] if connues[c.pk] or c.pk not in cachees else None, actions.get(c.pk, 0)
        )
        for c in Commune.objects.all()
    ]
    return sorted(toutes, key=lambda c: (c.pour_mille, -c.commune.population))[:PROPOSEES]


def en_chiffres(actions: QuerySet[Any]) -> str:
    """Return « 12 actions faites, 340 personnes rencontrées, 2 400 € », of what was told; "" when nothing was."""
    dites = actions.filter(etat=EtatAction.FAITE).aggregate(
        n=Count("pk"), vues=Sum("rencontrees"), cout=Sum("cout")
    )
    if not dites["n"]:
        return ""
    morceaux = [
        accorder(dites["n"], "action faite", "actions faites"),
        accorder(dites["vues"], "personne rencontrée", "personnes rencontrées"),
    ]
    if dites["cout"]:
        morceaux.append(montant(dites["cout"]))
    return ", ".join(morceaux)


def cout_par_personne(action: ActionAllerVers) -> str:
    """Return « 12,50 € par personne rencontrée »; "" without a cost or without anybody."""
    if not action.cout or not action.rencontrees:
        return ""
    return f"{nombre(action.cout / Decimal(action.rencontrees), 2)}{INSECABLE}€ par personne rencontrée"
