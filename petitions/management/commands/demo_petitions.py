"""Load pétitions in every état, through the acts of their users, at their dates."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.socle.management.scene import DOMAINE, lettres_parties
from petitions.conseil import actes as conseil
from petitions.demo import chemins, debuts, service
from petitions.demo.piste import piste
from petitions.demo.troupe import Troupe
from petitions.models import DomaineSurveille, Petition
from petitions.signatures.regles import domaine_principal

# In the order of deposits, so that references follow dates.
HISTOIRES = (
    service.reunir_le_comite,
    chemins.encombrants,
    piste,
    chemins.arbres,
    chemins.eau,
    chemins.bus_jeunes,
    chemins.marche,
    debuts.en_collecte,
    debuts.retiree,
    debuts.refusees_et_suspendue,
    debuts.a_examiner,
    debuts.brouillon,
    debuts.confier,
)


class Command(BaseCommand):
    help = "Charge les pétitions de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Petition.objects.filter(auteur__courriel__endswith=f"@{DOMAINE}").exists():
            return
        # The signers of the demonstration share one invented domain, which must not be set aside.
        DomaineSurveille.objects.get_or_create(
            domaine=domaine_principal(f"@{DOMAINE}"), defaults={"regle": DomaineSurveille.Regle.ADMIS}
        )
        troupe = Troupe()
        with lettres_parties():
            for histoire in HISTOIRES:
                histoire(troupe)
            conseil.constater_jalons()
            service.remplir_des_feuilles(troupe)
            service.ecarter_des_signatures(troupe)
            service.convoquer_le_comite(troupe)
            service.manquer_deux_lettres()
