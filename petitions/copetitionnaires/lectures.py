"""Lists of the co-pétitionnaires of a draft, for its author."""

from typing import Any

from django.db.models import Count

from participation.socle.regles.differences import Difference, comparer
from petitions.models import Petition


def liste_de(petition: Petition) -> dict[str, Any]:
    """Return who confirmed, who has not answered, who refused, the paper sheets, and how many are missing."""
    tous = list(petition.copetitionnaires.select_related("commune", "feuille").order_by("confirme_le", "pk"))
    confirmes = [c for c in tous if c.est_confirme]
    requis = petition.reglement.copetitionnaires_requis
    return {
        "confirmes": confirmes,
        "attendus": [c for c in tous if not c.confirme_le and not c.retire_le and not c.feuille_id],
        # They signed on paper another text than today's.
        "a_refaire": sum(1 for c in tous if not c.confirme_le and not c.retire_le and c.feuille_id),
        "refus": [c for c in tous if c.retire_le],
        # Only the author sees the letters of a draft: failures must be shown here.
        "revenues": _revenues(petition),
        "feuilles": petition.feuilles_copetitionnaires.annotate(saisies=Count("copetitionnaires")),
        "part": len(confirmes) / max(1, requis),
        "manque": max(0, requis - len(confirmes)),
    }


def _revenues(petition: Petition) -> set[str]:
    """Return the addresses refused by their mail server."""
    refusees = petition.courriels.en_panne().values_list("destinataires", flat=True)
    return {adresse for adresses in refusees for adresse in adresses}


LIBELLES = {"titre": "Titre", "demande": "Ce qui est demandé", "raisons": "Pourquoi"}


def comparaisons(details: dict[str, Any]) -> list[tuple[str, list[Difference]]]:
    avant, apres = details.get("avant", {}), details.get("apres", {})
    return [(LIBELLES.get(champ, champ), comparer(avant.get(champ, ""), apres[champ])) for champ in apres]
