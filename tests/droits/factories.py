"""What people asked about their data."""

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from participation.droits.models import Bordereau, DemandeDroit, LigneBordereau
from tests.outils import jour


class DemandeDroitFactory(DjangoModelFactory[DemandeDroit]):
    class Meta:
        model = DemandeDroit

    courriel = factory.Sequence(lambda n: f"personne-{n}@example.org")
    boite = factory.Sequence(lambda n: f"boite-{n}")
    droit = "copie"


def viser(nature, objet, *, visa="2027-1", avis="visa", etat="vise"):
    """Give the visa of the archives for one lot, as its slip would hold it."""
    bordereau = Bordereau.objects.create(etat=etat, visa=visa, vise_par="Archives", date_visa=jour(0))
    return LigneBordereau.objects.create(
        bordereau=bordereau,
        nature=nature,
        objet=objet,
        service="Participation",
        genre="Essai",
        intitule=f"Lot {objet}",
        dua="6 mois",
        nombre=1,
        avis=avis,
        motif="À garder" if avis == "refus" else "",
    )


def monde_des_droits() -> dict[str, list[object]]:
    faite = DemandeDroitFactory(etat="faite", fichier=ContentFile(b"PK", "copie.zip"))
    return {
        "bordereau": [viser("essai", 1, visa="", avis="", etat="au_visa").bordereau_id],
        "bordereau_vise": [viser("essai", 2, visa="2027-99").bordereau_id],
        "bordereau_jeton": [Bordereau.objects.order_by("pk")[0].jeton()],
        "droit_demande": [DemandeDroitFactory(etat="a_faire").pk],
        "droit_prevenu": [DemandeDroitFactory(etat="prevenue", courriel="prevenue@example.org").pk],
        "droit_empeche": [DemandeDroitFactory(etat="empechee").pk],
        "droit_fait": [faite.pk],
        "droit_jeton": [faite.jeton()],
    }
