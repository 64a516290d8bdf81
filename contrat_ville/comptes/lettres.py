"""Letters about the accounts of a projet."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from participation.socle.francais import montant


def contexte_des_comptes(
    projet: Projet, definitifs: Mapping[int, Decimal], date_limite: date | None, motif: str
) -> dict[str, object]:
    """Return what the letter says, line by line, with the amounts as they will be."""
    lignes = []
    rend = False
    for f in projet.financements.filter(accorde__gt=0).select_related("financeur"):
        du = definitifs.get(f.financeur_id, f.du)
        reste, trop = max(Decimal(0), du - f.verse), max(Decimal(0), f.verse - du)
        suite = "tout est versé"
        if reste:
            suite = f"il reste {montant(reste)} à vous verser"
        elif trop:
            suite, rend = f"vous devez lui rendre {montant(trop)}", True
        lignes.append(f"{f.financeur} : {montant(du)}, sur {montant(f.accorde)} accordés ; {suite}.")
    return {"lignes": lignes, "date_limite": date_limite if rend else None, "motif": motif}


def arreter_comptes(
    projet: Projet, definitifs: Mapping[int, Decimal], date_limite: date | None, motif: str
) -> None:
    dit: dict[str, Any] = contexte_des_comptes(projet, definitifs, date_limite, motif)
    ecrire_a_l_equipe(projet, "arreter_comptes", **dit)
