"""Erasure of a person: the copies of her data, and who she is in what she asked. The numbers of the reports stay."""

from django.db.models import Model, Q, QuerySet

from participation.droits.models import DemandeDroit
from participation.droits.personnes.actes import effacer_fichiers
from participation.droits.personnes.lectures import cle_de
from participation.droits.workflow import EtatDemande
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.models import Courrier
from participation.socle.regles.adresses import empreinte

VISAS = "les bordereaux d’élimination, que la loi fait garder pour toujours\u00a0: ils ne nomment que des démarches"
GARDE = {
    "droits.EntreeDroit": JOURNAL,
    "droits.EntreeBordereau": JOURNAL,
    "droits.LigneBordereau": VISAS,
    "droits.Bordereau": VISAS,
}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The letters on paper that answer what she asked, as long as they are kept."""
    return {Courrier: Q(demande__in=_siennes(personne).values("pk"), document__isnull=False)}


def _siennes(personne: Personne) -> QuerySet[DemandeDroit]:
    sienne = personne.condition(DemandeDroit, "courriel")
    if personne.ligne is not None:
        sienne |= Q(cle_du_papier=cle_de(personne.ligne))
    return DemandeDroit.objects.filter(sienne)


def oublier(personne: Personne) -> None:
    siennes = _siennes(personne)
    effacer_courriers(Courrier.objects.filter(demande__in=siennes))
    effacer_fichiers(siennes.exclude(fichier=""))
    siennes.filter(etat=EtatDemande.A_PROUVER).delete()
    gardees = DemandeDroit.objects.filter(etat=EtatDemande.SANS_SUITE)
    siens = [empreinte(adresse, DemandeDroit.USAGE) for adresse in personne.adresses]
    gardees.filter(boite__in=siens).update(boite="")
    siennes.exclude(etat=EtatDemande.A_FAIRE).update(**DemandeDroit.sans_qui(), boite="")
    # One being done still holds its place: nobody asks the same meanwhile.
    siennes.update(**DemandeDroit.sans_qui())
