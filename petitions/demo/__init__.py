"""Pétitions in every état, through the acts of their users, at their dates."""

from participation.socle.management.scene import DOMAINE
from petitions.conseil.jalons import constater_jalons
from petitions.demo import chemins, debuts, service
from petitions.demo.piste import piste
from petitions.demo.troupe import Troupe
from petitions.models import DomaineSurveille
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


def jouer() -> None:
    # The signers of the demonstration share one invented domain, which must not be set aside.
    DomaineSurveille.objects.get_or_create(
        domaine=domaine_principal(f"@{DOMAINE}"), defaults={"regle": DomaineSurveille.Regle.ADMIS}
    )
    troupe = Troupe()
    for histoire in HISTOIRES:
        histoire(troupe)
    constater_jalons()
    service.remplir_des_feuilles(troupe)
    service.ecarter_des_signatures(troupe)
    service.convoquer_le_comite(troupe)
    service.manquer_deux_lettres()
