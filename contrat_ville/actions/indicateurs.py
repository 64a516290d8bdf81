"""What a programmation counts; what a projet aims at under each indicator, then what it did."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Indicateur, Programmation, Projet, ValeurIndicateur
from participation.socle.actions import avancer, exiger
from participation.socle.models import Compte

# By the number of the indicator; None: not said, or said no more.
Valeurs = Mapping[int, Decimal | None]


@transaction.atomic
def ecrire_indicateur(programmation: Programmation, *, par: Compte, **champs: Any) -> Indicateur:
    """At the end of those of its axe. Raises ValidationError."""
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
    """Say what is aimed at, until the bilan is asked for."""
    pas = exiger(projet, "prevoir_indicateurs", par=par)
    poser(projet, "prevu", valeurs)
    pas.avancer()


def poser(projet: Projet, champ: str, valeurs: Valeurs) -> None:
    """Write one column (« prevu », « realise ») of the indicators asked of this projet, and of no other. It is locked by the caller."""
    for reponse in reponses_de(projet):
        numero = reponse.indicateur.pk
        if numero not in valeurs:
            continue
        valeur = reponse.valeur or ValeurIndicateur(projet=projet, indicateur=reponse.indicateur)
        setattr(valeur, champ, valeurs[numero])
        valeur.full_clean(exclude=["projet", "indicateur"])
        valeur.save()
