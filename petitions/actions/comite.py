"""Who sits on the comité de recevabilité."""

from participation.socle.models import Appartenance
from participation.socle.workflow import Role
from petitions.models import MembreComite


def ouvrir_le_bureau(membre: MembreComite) -> None:
    """A member must be able to enter the back office: without any role there, she is given that of member."""
    if not membre.compte.a_le_bureau:
        Appartenance.objects.update_or_create(
            compte=membre.compte, role=Role.MEMBRE, depuis=membre.depuis, defaults={"jusqu_a": membre.jusqu_a}
        )
