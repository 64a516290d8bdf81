"""A member of an instance that examines dossiers must be able to enter the back office, as long as she sits."""

from participation.seances.models import Membre
from participation.socle.models import Appartenance
from participation.socle.workflow import Role


def ouvrir_le_bureau(membre: Membre) -> None:
    """Without any role there, she is given that of member. Nothing for an instance whose members only meet."""
    if membre.college.mandature.instance.ouvre_le_bureau and not membre.compte.a_le_bureau:
        Appartenance.objects.update_or_create(
            compte=membre.compte, role=Role.MEMBRE, depuis=membre.du, defaults={"jusqu_a": membre.au}
        )


def fermer_le_bureau(membre: Membre) -> None:
    """To be called once `membre.au` is written: the role ends with the mandate, unless another seat keeps it open."""
    autres = Membre.objects.filter(
        compte=membre.compte, college__mandature__instance__ouvre_le_bureau=True
    ).exclude(pk=membre.pk)
    if membre.au is not None and not autres.en_fonction().exists():
        Appartenance.objects.filter(compte=membre.compte, role=Role.MEMBRE, depuis__lte=membre.au).update(
            jusqu_a=membre.au
        )
