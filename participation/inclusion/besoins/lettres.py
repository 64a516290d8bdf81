"""The letter to who provides what a meeting needs."""

from django.urls import reverse

from participation.inclusion.models import CommandeDeBesoin
from participation.socle.courriels.ecriture import ecrire


def commander(commande: CommandeDeBesoin) -> None:
    if commande.courriel:
        lien = reverse("inclusion:ma_commande", args=[commande.jeton()])
        ecrire(
            "inclusion/commander",
            a=[commande.courriel],
            dossier=commande,
            contexte={"commande": commande, "lien": lien},
        )


def annuler_commande(commande: CommandeDeBesoin) -> None:
    if commande.courriel:
        ecrire(
            "inclusion/annuler_commande",
            a=[commande.courriel],
            dossier=commande,
            contexte={"commande": commande},
        )
