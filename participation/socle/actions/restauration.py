"""After a restore: nothing given since the backup is given again, nothing sent since is sent again unasked."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from participation.socle.courriels.retenue import retenue_de
from participation.socle.models import Battement, Courriel, Dossier, Restauration

E = Courriel.Etat

# A sequence of a small type has less room than the margin: half of what is left.
SAUTER = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,
              depart + LEAST(%(marge)s * increment_by, (max_value - depart) / 2))
FROM (SELECT *, COALESCE(last_value, start_value) AS depart FROM pg_sequences WHERE schemaname = current_schema()) s
"""


@transaction.atomic
def apres_restauration(*, sauvegarde_le: datetime | None, marge: int, marge_numeros: int) -> Restauration:
    """Do what a restore asks for, before the workers start. It may be run again.

    `marge`: rows of one table that may have been written since the backup: every sequence jumps by it, so that
    the number of a lost row is not given to another. `marge_numeros`: the same for the numbers that people
    read: references of the year, paper sheets, candidatures. `sauvegarde_le`: by default, the last sign of life
    in the base.
    """
    maintenant = timezone.now()
    with connection.cursor() as curseur:
        curseur.execute(SAUTER, {"marge": marge})
    _retenir_ce_qui_attend(maintenant)
    return Restauration.objects.create(
        le=maintenant,
        sauvegarde_le=sauvegarde_le or _dernier_signe() or maintenant,
        marge=marge_numeros,
        planchers={
            serie: derniere + marge_numeros for serie, derniere in _dernieres_references(maintenant).items()
        },
    )


def _retenir_ce_qui_attend(restauree_le: datetime) -> None:
    Courriel.objects.filter(etat__in=[E.A_ENVOYER, E.EN_COURS]).update(
        etat=E.RETENU, erreur=retenue_de(restauree_le)
    )


def _dernier_signe() -> datetime | None:
    """Return about the instant of the backup: workers note every few seconds that they live."""
    signes = [
        Battement.objects.aggregate(n=Max("le"))["n"],
        Courriel.objects.order_by("-cree_le").values_list("cree_le", flat=True).first(),
    ]
    return max((signe for signe in signes if signe is not None), default=None)


def _dernieres_references(maintenant: datetime) -> dict[str, int]:
    """Return the last number of each series of the year, 0 for one not begun: its first may have been given."""
    annee = timezone.localdate(maintenant).year
    series = [f"{nature.PREFIXE}-{annee}-" for nature in Dossier.natures().values() if nature.PREFIXE]
    dernieres = {serie: Dossier.objects.derniere_reference(serie) or "0" for serie in series}
    return {serie: int(derniere.removeprefix(serie)) for serie, derniere in dernieres.items()}
