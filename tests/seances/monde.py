"""Access tests: an instance with one object of each kind."""

from datetime import date

from django.utils import timezone

from participation.seances.models import Prevision, Profil, Recurrence
from participation.socle.models import Compte
from tests.seances.factories import CollegeFactory, MembreFactory, ReglementInstanceFactory


def monde_des_instances(membre: Compte) -> dict[str, list[object]]:
    """Return the arguments of the URLs, by name. `membre` sits in the instance today."""
    ReglementInstanceFactory()
    college = CollegeFactory()
    mandat = MembreFactory(college=college, compte=membre)
    instance, annee = college.mandature.instance, timezone.localdate().year
    return {
        "instance": [instance.cle],
        "instance+annee": [instance.cle, annee],
        "mandature": [college.mandature.pk],
        "college": [college.pk],
        "mandat": [mandat.pk],
        "recurrence": [Recurrence.objects.create(instance=instance, titre="Rapport", mois=6).pk],
        "prevision": [
            Prevision.objects.create(
                instance=instance, annee=annee, titre="Rapport", date_prevue=date(annee, 6, 15)
            ).pk
        ],
        "agenda": [Profil.de(membre).cle_agenda],
    }
