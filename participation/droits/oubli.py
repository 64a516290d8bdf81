"""Erasure of a person: the copies of her data and her address in what she asked. The numbers of the reports stay."""

from participation.droits.models import DemandeDroit
from participation.droits.personnes.actes import effacer_fichiers
from participation.droits.workflow import EtatDemande
from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.regles.adresses import empreinte

VISAS = "les bordereaux d’élimination, que la loi fait garder pour toujours\u00a0: ils ne nomment que des démarches"
GARDE = {
    "droits.EntreeDroit": JOURNAL,
    "droits.EntreeBordereau": JOURNAL,
    "droits.LigneBordereau": VISAS,
    "droits.Bordereau": VISAS,
}


def oublier(personne: Personne) -> None:
    siennes = DemandeDroit.objects.filter(courriel__iexact=personne.courriel)
    effacer_fichiers(siennes.exclude(fichier=""))
    siennes.filter(etat=EtatDemande.A_PROUVER).delete()
    gardees = DemandeDroit.objects.filter(etat=EtatDemande.SANS_SUITE)
    gardees.filter(boite=empreinte(personne.courriel, DemandeDroit.USAGE)).update(boite="")
    siennes.exclude(etat=EtatDemande.A_FAIRE).update(courriel="", boite="")
    siennes.update(courriel="")  # one being done still holds its place: nobody asks the same meanwhile
