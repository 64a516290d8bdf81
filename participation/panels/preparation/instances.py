"""The instances that come of a panel: the panel itself once drawn, and the committee that follows what it recommends."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from participation.panels.models import Panel
from participation.seances.instances import actes as instances
from participation.seances.models import Instance, ReglementInstance
from participation.socle.models import Compte


def ouvrir_instance(
    panel: Panel,
    *,
    par: Compte,
    cle: str,
    nom: str,
    sigle: str,
    fondement: str,
    est_publique: bool,
    colleges: Iterable[tuple[str, int]],
    fin: date | None = None,
) -> Instance:
    """Make an instance with its règlement, its mandature from today and its collèges (name, seats)."""
    aujourdhui = timezone.localdate()
    instance = instances.creer_instance(
        par=par,
        cle=cle[:40],
        nom=nom,
        sigle=sigle[:30],
        fondement=fondement,
        app="panels",
        est_publique=est_publique,
    )
    instances.ecrire_reglement(
        instance,
        par=par,
        version="du panel",
        en_vigueur_du=aujourdhui,
        source=f"{panel.regle}, panels citoyens",
        delai_convocation=panel.regle.delai_convocation,
        unite_delai=ReglementInstance.Unite.CALENDAIRES,
        pouvoirs_par_personne=0,
        avec_suppleants=False,
        voix_preponderante=False,
    )
    mandature = instances.ouvrir_mandature(instance, par=par, intitule=nom[:80], debut=aujourdhui, fin=fin)
    for ordre, (college, sieges) in enumerate(colleges, 1):
        instances.creer_college(
            mandature, par=par, nom=college, ordre=ordre, sieges=sieges, vote_depuis=aujourdhui,
            a_des_suppleants=False, est_elu=False,
        )  # fmt: skip
    return instance
