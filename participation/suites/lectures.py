"""Suites of a dossier, for who works on it."""

from typing import Any

from participation.socle.models import Compte, Dossier
from participation.suites.models import Suite


def contexte_des_suites(dossier: Dossier, compte: Compte) -> dict[str, Any]:
    """What `suites/_du_dossier.html` shows: each suite, whether `compte` may change its état, may open its page."""
    lisibles = set(Suite.objects.visibles_par(compte).filter(dossier=dossier.pk).values_list("pk", flat=True))
    return {
        "suites": [
            (suite, suite.permet("changer_etat", compte), suite.pk in lisibles)
            for suite in dossier.suites.select_related("direction", "dossier")
        ],
        "peut_ajouter_suite": dossier.permet("ajouter_suite", compte),
    }
