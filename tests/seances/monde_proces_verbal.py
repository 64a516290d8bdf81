"""Access tests: a submitted procès-verbal, and a visit open to registration."""

from datetime import timedelta

from django.core.files.base import ContentFile

from participation.seances import inscriptions
from participation.seances.models import Seance
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.socle.models import Compte, Document
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    SeanceFactory,
)


def monde_du_proces_verbal(membre: Compte, agent: Compte) -> dict[str, list[object]]:
    """Return the arguments of the URLs.

    `membre` was convened to the séance and is registered for the visit.
    """
    mandature = MandatureFactory(instance=InstanceFactory(cle="proces-verbal"))
    siege = MembreFactory(college=CollegeFactory(mandature=mandature), compte=membre)
    seance = SeanceFactory(levee=True, mandature=mandature)
    ConvieFactory(seance=seance, membre=siege, convoque_le=seance.debut - timedelta(days=10))
    pv = proces_verbaux.rediger_pv(seance, par=agent)
    version = proces_verbaux.soumettre_pv(pv, par=agent)
    document = version.document
    document.fichier.save("pv.pdf", ContentFile(b"%PDF-1.7"), save=False)
    document.etat, document.sha256 = Document.Etat.PRET, "0" * 64
    document.save()
    rencontre = SeanceFactory(mandature=mandature, nature=Seance.Nature.VISITE, convoquee=True)
    return {
        "pv": [seance.pk],
        "pv_version": [version.pk],
        "pv_remarque": [proces_verbaux.remarquer_pv(pv, par=membre, texte="Un oubli").pk],
        "pv_instance": ["proces-verbal"],
        "rencontre": [rencontre.pk],
        "inscription": [inscriptions.inscrire(rencontre, siege, par=membre).pk],
    }
