"""Load, once each, the reasons of moderation. From then on an administrator writes them."""

from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.models import RaisonModeration

RAISONS = {
    "injure": ("Injure ou menace", "Le texte insulte ou menace quelqu’un."),
    "haine": (
        "Propos haineux ou discriminatoires",
        "Le texte s’en prend à des personnes pour leur origine, leur religion, leur sexe, leur orientation ou leur handicap.",
    ),
    "personne": (
        "Met en cause une personne",
        "Le texte nomme quelqu’un, ou permet de le reconnaître, sans son accord, ou l’accuse.",
    ),
    "vie-privee": (
        "Donnée personnelle",
        "Le texte donne une adresse, un numéro, la santé ou la vie de quelqu’un.",
    ),
    "publicite": (
        "Publicité ou campagne",
        "Le texte vend quelque chose, ou fait campagne pour une élection.",
    ),
    "hors-sujet": ("Hors du sujet", "Le texte ne parle pas de ce dont il est question ici."),
    "hors-regles": (
        "Hors des règles de la démarche",
        "La démarche ne peut pas recevoir ce texte : ses règles le disent.",
    ),
    "doublon": ("Déjà dit par la même personne", "Le même texte a déjà été envoyé."),
    "demande": ("À la demande de l’auteur", "Son auteur ne veut plus qu’il soit montré."),
}


class Command(BaseCommand):
    help = "Charge les raisons de modération qui manquent encore."

    def handle(self, *args: Any, **options: Any) -> None:
        for code, (libelle, explication) in RAISONS.items():
            RaisonModeration.objects.get_or_create(
                code=code, defaults={"libelle": libelle, "explication": explication}
            )
