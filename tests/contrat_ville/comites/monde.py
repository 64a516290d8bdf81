"""Helpers for a comité in séance: an instance, members present, projets on the agenda."""

from decimal import Decimal

from contrat_ville.comites import actes as comites
from contrat_ville.comites import inscription
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.comites.scenarios.actes import Saisie
from contrat_ville.models import Enveloppe, Financement, Partenaire
from contrat_ville.workflow import PILOTAGE, TECHNIQUE
from participation.seances.models import Instance
from participation.seances.points import actes as points
from participation.socle.models import Quartier
from tests.contrat_ville.factories import ProjetFactory
from tests.seances.factories import (
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    PresenceFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)

Z = Decimal(0)


def comite(cle=PILOTAGE):
    return Instance.objects.filter(cle=cle).first() or InstanceFactory(cle=cle)


def seance_de(cle=PILOTAGE, **etat):
    instance = comite(cle)
    mandature = MandatureFactory(instance=instance)
    reglement = instance.reglements.first() or ReglementInstanceFactory(instance=instance)
    return SeanceFactory(mandature=mandature, reglement=reglement, **etat)


def tenir(seance, membres=3):
    """Open the séance with members in the room, so that the quorum is reached."""
    from participation.seances.workflow import Etat

    convies = [ConvieFactory(seance=seance) for _ in range(membres)]
    seance.etat = Etat.OUVERTE
    seance.save()
    for convie in convies:
        PresenceFactory(convie=convie)
    return convies


def en_seance(projet, seance, agent):
    """Make the point of the projet the current one, with its quorum."""
    point = inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    tenir(seance)
    points.passer_au_point(point, par=agent)
    return point.liens_dossiers.get()


def projet_a(etat="propose", *, demande=800, propose=None, financeur=None, **champs):
    """Make a projet with one financer, already seen by the comité technique when it is to be decided."""
    technique = {} if etat == "instruction" else {"avis_technique": "favorable"}
    projet = ProjetFactory(etat=etat, montant_demande=Decimal(demande), **technique, **champs)
    Financement.objects.filter(projet=projet).update(
        demande=Decimal(demande), propose=propose, **({"financeur": financeur} if financeur else {})
    )
    return projet


def financeur_de(projet):
    return projet.financements.get().financeur


def enveloppe(programmation, financeur, montant, **portee):
    return Enveloppe.objects.create(
        programmation=programmation, financeur=financeur, montant=Decimal(montant), **portee
    )


def metropole():
    return Partenaire.objects.filter(est_financeur=True).first()


def quartiers(combien):
    return list(Quartier.objects.order_by("pk")[:combien])


def scenario_de(programmation, agent, depart="propose", nom="Équilibré"):
    return scenarios.creer_scenario(programmation, par=agent, nom=nom, depart=depart)


def mettre(scenario, projet, montant, par, avant=Z):
    return scenarios.changer_scenario(
        scenario,
        par=par,
        projet=projet,
        montants={projet.financements.get().pk: Saisie(Decimal(montant), Decimal(avant))},
    )


def choisir(scenario, projet, par, choix, motif=""):
    return scenarios.changer_scenario(
        scenario, par=par, projet=projet, montants={}, choix=Saisie(choix, ""), motif=Saisie(motif, "")
    )


__all__ = ["PILOTAGE", "TECHNIQUE", "comites"]
