"""Acts on the indicators of a programmation, and values given by the projets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Indicateur, Programmation, Projet, ValeurIndicateur
from participation.socle.actions import avancer, exiger
from participation.socle.models import Compte

# {indicator: value}; None erases the value.
Valeurs = Mapping[int, Decimal | None]


@transaction.atomic
def ecrire_indicateur(programmation: Programmation, *, par: Compte, **champs: Any) -> Indicateur:
    """Add an indicator at the end of its axe. Raises ValidationError."""
    pas = exiger(programmation, "ecrire_indicateur", par=par)
    dernier = programmation.indicateurs.filter(axe=champs.get("axe")).order_by("-ordre").first()
    indicateur = Indicateur(
        programmation=programmation, ordre=dernier.ordre + 1 if dernier is not None else 0, **champs
    )
    indicateur.full_clean()
    indicateur.save()
    pas.avancer(fait=f"Indicateur ajouté : {indicateur}"[:200])
    return indicateur


def corriger_indicateur(indicateur: Indicateur, *, par: Compte, **champs: Any) -> None:
    avant = indicateur.intitule
    avancer(
        indicateur, "corriger_indicateur", par=par, champs=champs, fait=f"Indicateur corrigé : {avant}"[:200]
    )


@transaction.atomic
def retirer_indicateur(indicateur: Indicateur, *, par: Compte) -> None:
    exiger(indicateur, "retirer_indicateur", par=par).avancer(fait=f"Indicateur retiré : {indicateur}"[:200])
    indicateur.delete()


@transaction.atomic
def prevoir_indicateurs(projet: Projet, *, par: Compte, valeurs: Valeurs) -> None:
    """Set the targets of a projet, until the bilan is asked for."""
    pas = exiger(projet, "prevoir_indicateurs", par=par)
    poser(projet, "prevu", valeurs)
    pas.avancer()


def poser(projet: Projet, champ: str, valeurs: Valeurs) -> None:
    """Write one column (« prevu » or « realise ») for the indicators asked of this projet.

    The caller holds the lock of the projet.
    """
    for reponse in reponses_de(projet):
        numero = reponse.indicateur.pk
        if numero not in valeurs:
            continue
        valeur = reponse.valeur or ValeurIndicateur(projet=projet, indicateur=reponse.indicateur)
        setattr(valeur, champ, valeurs[numero])
        valeur.full_clean(exclude=["projet", "indicateur"])
        valeur.save()
