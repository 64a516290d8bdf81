"""Access to the back office for members of an instance that examines dossiers, while they sit."""

from participation.seances.models import Membre
from participation.socle.models import Appartenance
from participation.socle.workflow import Role


def ouvrir_le_bureau(membre: Membre) -> None:
    """Give the role MEMBRE for the length of the mandate, unless the account already enters the back office.

    Does nothing for an instance whose members do not examine dossiers.
    """
    if membre.college.mandature.instance.ouvre_le_bureau and not membre.compte.a_le_bureau:
        Appartenance.objects.update_or_create(
            compte=membre.compte, role=Role.MEMBRE, depuis=membre.du, defaults={"jusqu_a": membre.au}
        )


def fermer_le_bureau(membre: Membre) -> None:
    """End the role MEMBRE with the mandate, unless another seat still gives access.

    Call it once `membre.au` is saved.
    """
    autres = Membre.objects.filter(
        compte=membre.compte, college__mandature__instance__ouvre_le_bureau=True
    ).exclude(pk=membre.pk)
    if membre.au is not None and not autres.en_fonction().exists():
        Appartenance.objects.filter(compte=membre.compte, role=Role.MEMBRE, depuis__lte=membre.au).update(
            jusqu_a=membre.au
        )
