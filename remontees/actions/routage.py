"""Acts on routing: give a remontée by the rules, save a rule."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from participation.socle.actions import exiger, faire_echeance
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import a_qui, enumerer
from participation.socle.models import Compte, Direction
from remontees.actions.parts import TRI, donner
from remontees.lectures.routage import destination_de, essayer_regle
from remontees.models import Attribution, ChangementDeRegle, RegleDeRoutage, Remontee


@transaction.atomic
def router(remontee: Remontee, *, par: Compte, vu: str) -> list[Attribution]:
    """Give a part to each direction of the destination. `vu`: fingerprint of the destination shown.

    Raises ErreurMetier without destination, or when it has changed since.
    """
    pas = exiger(remontee, "router", par=par)
    destination = destination_de(remontee)
    if destination is None:
        raise ErreurMetier("Aucune règle ne dit à qui la donner : choisissez vous-même le service.")
    if destination.vu != vu:
        raise ErreurMetier(
            f"La règle ou la remontée a changé depuis : elle irait maintenant {a_qui(destination.en_phrase)}. Relisez, puis recommencez."
        )
    parts = [
        donner(remontee, par=par, a=direction, date_limite=destination.date_limite)
        for direction in destination.directions
    ]
    champs: dict[str, Any] = {}
    if remontee.direction_id is None:
        champs["direction"] = destination.directions[0]
    if remontee.agent_id is None and destination.referent is not None:
        champs["agent"] = destination.referent
    pas.avancer(
        champs=champs,
        fait=f"Donnée {a_qui(destination.en_phrase)}"[:200],
        motif=f"{destination.pourquoi}.",
        details={
            "regle": destination.regle.pk if destination.regle else None,
            "pourquoi": destination.pourquoi,
            "attributions": [part.pk for part in parts],
            "date_limite": destination.date_limite.isoformat(),
        },
    )
    faire_echeance(remontee, TRI)
    return parts


@transaction.atomic
def enregistrer_regle(
    regle: RegleDeRoutage, *, par: Compte, directions: Sequence[Direction], vu: str, **champs: Any
) -> ChangementDeRegle:
    """Save a rule, new or not, with its former values. `vu`: last change that the page showed.

    Raises ErreurMetier when somebody changed it meanwhile, ValidationError.
    """
    avant: dict[str, str] = {}
    if regle.pk:
        avant = en_mots(RegleDeRoutage.objects.select_for_update(of=("self",)).get(pk=regle.pk))
        if vu != version_de(regle):
            raise ErreurMetier(
                "Quelqu’un a changé cette règle pendant que vous l’écriviez. Rien n’est enregistré : relisez son histoire, puis essayez de nouveau."
            )
    for champ, valeur in champs.items():
        setattr(regle, champ, valeur)
    regle.full_clean()
    deplacees = len(essayer_regle(regle, directions).deplacees)
    regle.save()
    regle.directions.set(directions)
    return ChangementDeRegle.objects.create(
        regle=regle, par=par, avant=avant, apres=en_mots(regle), deplacees=deplacees
    )


def version_de(regle: RegleDeRoutage) -> str:
    """Return the primary key of the last change; empty for a new rule."""
    if not regle.pk:
        return ""
    return str(regle.changements.values_list("pk", flat=True).first() or "")


def en_mots(regle: RegleDeRoutage) -> dict[str, str]:
    """Return the rule in words: the history stays readable when what it names is deleted."""
    return {
        "Ordre": str(regle.ordre),
        "Catégorie": regle.categorie.chemin if regle.categorie else "toutes",
        "Commune": str(regle.commune or "toutes"),
        "Quartier": str(regle.quartier or "tous"),
        "Canal": str(regle.get_canal_display()) if regle.canal else "tous",
        "Directions": enumerer(d.nom for d in regle.directions.order_by("nom")),
        "Agent": str(regle.referent or "aucun"),
        "Délai": str(regle.delai_jours) if regle.delai_jours is not None else "celui du règlement",
        "Appliquée": "oui" if regle.est_active else "non",
    }
