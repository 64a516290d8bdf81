"""Letters about a projet and its suites, to the authors of its idées, its followers, the directions asked."""

from typing import Any

from participation.budgets.idees.lettres import destinataires_de
from participation.budgets.models import ProjetQuartier
from participation.socle.courriels.ecriture import ecrire_a_plusieurs
from participation.suites.abonnements import prevenir_abonnes
from participation.suites.models import ChangementSuite, Suite


def nouvelle(projet: ProjetQuartier, lettre: str, **contexte: Any) -> int:
    """Write this letter to the authors of its idées, then to the followers."""
    cle = f"projet-quartier:{projet.pk}:{lettre}:{projet.modifie_le:%Y%m%d%H%M%S%f}"
    valeurs = {"projet": projet, "budget": projet.budget, "page": projet.get_public_url(), **contexte}
    combien = _aux_auteurs(projet, lettre, valeurs, cle)
    return combien + prevenir_abonnes(projet, f"budgets/{lettre}", {**valeurs, "idee": None}, cle=cle)


def ajouter_suite(projet: ProjetQuartier, suite: Suite) -> None:
    cle = f"suite-ajoutee:{suite.pk}"
    valeurs = {"suite": suite, "dossier": projet}
    _aux_auteurs(projet, "ajouter_suite", valeurs, cle)
    if suite.est_publiee:
        prevenir_abonnes(projet, "budgets/ajouter_suite", {**valeurs, "idee": None}, cle=cle)


def changer_suite(suite: Suite, changement: ChangementSuite, **_: Any) -> None:
    """Receiver of `suites.signals.suite_changee`. The `suites` app writes to the followers itself."""
    projet = suite.dossier.enfant
    if isinstance(projet, ProjetQuartier) and suite.est_publiee:
        valeurs = {"suite": suite, "dossier": projet, "changement": changement}
        _aux_auteurs(projet, "changer_suite", valeurs, changement.cle_lettre)


def _aux_auteurs(projet: ProjetQuartier, lettre: str, valeurs: dict[str, Any], cle: str) -> int:
    """Write one letter per address, even with several idées in the projet."""
    combien = 0
    idees: Any = projet.idees.select_related("budget").order_by("pk")
    for idee in idees:
        combien += ecrire_a_plusieurs(
            f"budgets/{lettre}",
            destinataires_de(idee),
            contexte={**valeurs, "idee": idee, "lien": idee.get_suivi_url()},
            dossier=idee,
            cle=cle,
        )
    return combien
