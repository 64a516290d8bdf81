"""What a projet aims at under each indicator of its programmation, then what it did."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Projet, ValeurIndicateur
from participation.socle.actions import exiger
from participation.socle.models import Compte

# By the number of the indicator; None: not said, or said no more.
Valeurs = Mapping[int, Decimal | None]


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
