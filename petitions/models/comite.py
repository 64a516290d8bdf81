"""Who examines pétitions: the members of the instance `recevabilite`."""

from participation.seances.models import Membre
from participation.socle.models import Compte
from petitions import workflow


def siege_au_comite(compte: Compte) -> bool:
    """Sits on the comité de recevabilité today. Asked once per account: buttons ask for each act."""
    if "_siege_au_comite" not in compte.__dict__:
        sieges = Membre.objects.filter(compte=compte, college__mandature__instance__cle=workflow.INSTANCE)
        compte.__dict__["_siege_au_comite"] = sieges.en_fonction().exists()
    return bool(compte.__dict__["_siege_au_comite"])
