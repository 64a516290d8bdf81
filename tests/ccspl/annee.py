"""A year of the commission in a few rows: séances held, presence, avis answered or not."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from ccspl.models import INSTANCE, Preconisation
from ccspl.workflow import Etat
from participation.seances.models import Membre, Seance
from participation.suites.models import Suite
from participation.suites.workflow import Etat as EtatSuite
from tests.ccspl.factories import AvisFactory, PreconisationFactory, ServiceSuiviFactory
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PresenceFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import DirectionFactory

MOTIVES = {EtatSuite.SUIVIE_EN_PARTIE, EtatSuite.NON_SUIVIE, EtatSuite.HORS_COMPETENCE}
SANS_REPONSE = {EtatSuite.RECUE, EtatSuite.A_L_ETUDE}


def a(jour: date, heure: int = 18) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time(heure)))


def college(nom: str = "Habitants", ordre: int = 1, **champs):
    instance = InstanceFactory(cle=INSTANCE, nom="CCSPL", app="ccspl")
    ReglementInstanceFactory(instance=instance)
    return CollegeFactory(mandature=MandatureFactory(instance=instance), nom=nom, ordre=ordre, **champs)


def membre(dans=None, **champs) -> Membre:
    return MembreFactory(college=dans or college(), **champs)


def seance(jour: date, membres=(), absents=(), **champs) -> Seance:
    """Make a séance held on `jour`, where `membres` came and `absents` did not."""
    debut = a(jour)
    tenue = SeanceFactory(
        mandature=college().mandature,
        etat="levee",
        debut=debut,
        ouverte_le=debut,
        levee_le=debut + timedelta(hours=2),
        **champs,
    )
    for un in membres:
        PresenceFactory(
            convie=ConvieFactory(seance=tenue, membre=un), arrivee=debut, depart=debut + timedelta(hours=2)
        )
    for un in absents:
        ConvieFactory(seance=tenue, membre=un)
    return tenue


def rendu(
    jour: date, *etats: str, service: str = "Eau potable", attente: int = 60, delai: int = 30, **champs
):
    """Make an avis adopted on `jour`, with a préconisation for each état given; « » is one not sent yet."""
    avis = AvisFactory(
        adopte=True,
        etat=Etat.TRANSMIS,
        service=ServiceSuiviFactory(nom=service),
        adopte_le=a(jour),
        transmis_le=a(jour),
        date_saisine=jour - timedelta(days=30),
        **champs,
    )
    for etat in etats:
        ligne = PreconisationFactory(avis=avis)
        if etat:
            repondre(ligne, etat, jour, attente=attente, delai=delai)
    return avis


def repondre(ligne: Preconisation, etat: str, jour: date, *, attente: int = 60, delai: int = 30) -> Suite:
    suite = Suite.objects.create(
        dossier=ligne.avis,
        intitule=ligne.texte,
        direction=ligne.direction or DirectionFactory(),
        date_limite=jour + timedelta(days=attente),
        etat=etat,
        motif="Trop cher pour si peu d’usagers." if etat in MOTIVES else "",
        oriente_vers="La commune" if etat == EtatSuite.HORS_COMPETENCE else "",
        texte_public="C’est fait." if etat == EtatSuite.REALISEE else "",
        creee_le=a(jour),
        repondue_le=None if etat in SANS_REPONSE else a(jour + timedelta(days=delai)),
    )
    ligne.suite = suite
    ligne.save()
    return suite
