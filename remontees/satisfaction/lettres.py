"""Letter that asks whether the answer suits."""

from django.urls import reverse

from remontees.models import Satisfaction
from remontees.personne.lettres import prevenir_la_personne


def demander_satisfaction(demande: Satisfaction) -> None:
    prevenir_la_personne(
        demande.remontee,
        "demander_satisfaction",
        cle=f"satisfaction:{demande.pk}",
        question=reverse("remontees:satisfaction", args=[demande.jeton()]),
        question_courte=Satisfaction.LIEN.adresse_courte(demande),
    )
