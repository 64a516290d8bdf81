"""To follow a table of transitions with what is no dossier: a séance, a campaign. Each has its journal, and writes it itself."""

from typing import Any

from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte
from participation.socle.workflow import Transition


def suivre(objet: Any, acte: str, *, par: Compte | None, sujet: str, champs: dict[str, Any]) -> Transition:
    """Follow the arrow `acte` of the table: lock, check, apply `champs`, validate, save. What is written of it is the caller's.

    `sujet`: « la séance », for the sentence of a refusal. Raises ActeInterdit (no such arrow from the état now in the database),
    RoleInsuffisant, ValidationError.
    """
    transition = exiger(objet, acte, par=par, sujet=sujet)
    if transition.change_etat:
        (arrivee,) = transition.vers
        champs = {**champs, "etat": arrivee}
    for champ, valeur in champs.items():
        setattr(objet, champ, valeur)
    if champs:
        objet.full_clean()
        objet.save()
    return transition


def exiger(objet: Any, acte: str, *, par: Compte | None, sujet: str) -> Transition:
    """Lock the row and check that `par` may follow the arrow from its present état. Raises as `suivre`."""
    verrouiller(objet)
    transition: Transition = objet.TRANSITIONS[acte]
    if objet.etat not in transition.de:
        raise ActeInterdit(
            f"« {transition.libelle} » n’est plus possible : {sujet} est « {objet.get_etat_display()} »."
        )
    if not transition.par & objet.roles_de(par):
        raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
    return transition


def verrouiller(objet: Any) -> None:
    """Read the row again under a lock held until the end of the transaction."""
    objet.refresh_from_db(from_queryset=type(objet)._base_manager.select_for_update(of=("self",)))
