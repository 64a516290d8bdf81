"""A complete séance: every kind of presence, points, votes, decisions, dissent, a closed-door point."""

from datetime import timedelta

from django.utils import timezone

from participation.seances.models import (
    Bulletin,
    Convie,
    Deport,
    Desaccord,
    EntreeSeance,
    Point,
    PointDossier,
    Seance,
    VoixCollege,
    Vote,
)
from participation.seances.workflow import EtatPoint, EtatVote, Mode, Part
from participation.socle.models import Compte
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory


def convier(seance: Seance, nom: str, college: str = "Habitants", **membre: object) -> Convie:
    groupe = CollegeFactory(mandature=seance.mandature, nom=college)
    prenom, _, famille = nom.partition(" ")
    return ConvieFactory(
        seance=seance,
        membre=MembreFactory(college=groupe, compte=CompteFactory(prenom=prenom, nom=famille), **membre),
    )


def venir(convie: Convie, de: int = 0, a: int | None = None, mode: str = Mode.SALLE) -> None:
    """Record a presence from a minute of the séance to another."""
    ouverte, levee = convie.seance.ouverte_le, convie.seance.levee_le
    PresenceFactory(
        convie=convie,
        mode=mode,
        arrivee=ouverte + timedelta(minutes=de),
        depart=ouverte + timedelta(minutes=a) if a is not None else levee,
    )


def voter(point: Point, objet: str, voix: dict[str, str], resultat: str = "adopte", **champs: object) -> Vote:
    """Make a closed named vote: {name of a convié: sens}."""
    vote = Vote.objects.create(
        point=point,
        objet=objet,
        etat=EtatVote.CLOS,
        majorite=Part.MAJORITE,
        quorum={"phrase": "Atteint : 5 sur 4 nécessaires.", "est_atteint": True, "requis": 4, "atteint": 5},
        ouvert_le=point.seance.ouverte_le + timedelta(minutes=30),
        clos_le=point.seance.ouverte_le + timedelta(minutes=32),
        resultat=resultat,
        **champs,
    )
    par_nom = {str(c): c for c in point.seance.convies.select_related("membre__compte", "membre__college")}
    comptes: dict[int, dict[str, int]] = {}
    for nom, sens in voix.items():
        convie = par_nom[nom]
        Bulletin.objects.create(vote=vote, sens=sens, college=convie.membre.college, convie=convie)
        college = comptes.setdefault(convie.membre.college_id, {})
        college[sens] = college.get(sens, 0) + 1
    for college, sens in comptes.items():
        VoixCollege.objects.create(vote=vote, college_id=college, **sens)
    return vote


def seance_tenue(cle: str = "essai", **champs: object) -> Seance:
    mandature = MandatureFactory(instance=InstanceFactory(cle=cle))
    seance = SeanceFactory(levee=True, mandature=mandature, secretaire="Inès Secrétaire", **champs)
    presidente = convier(
        seance, "Alice Présidente", "Élus", fonction="president", organisme="Groupe Métropole"
    )
    seance.presidee_par = presidente.membre
    seance.save()
    EntreeSeance.objects.create(
        seance=seance,
        acte="ouvrir",
        fait="Séance ouverte",
        le=seance.ouverte_le,
        details={
            "quorum": {
                "requis": 4,
                "atteint": 5,
                "base": 7,
                "est_atteint": True,
                "est_exige": True,
                "phrase": "Atteint : 5 sur 4 nécessaires.",
            }
        },
    )
    for acte, minute in (("suspendre", 50), ("reprendre", 60)):
        EntreeSeance.objects.create(
            seance=seance, acte=acte, fait=acte, le=seance.ouverte_le + timedelta(minutes=minute)
        )
    bruno = convier(seance, "Bruno Habitant")
    chloe = convier(seance, "Chloé Distante")
    david = convier(seance, "David Mandant")
    emma = convier(seance, "Emma Excusée", "Associations", organisme="Consommateurs de l’Isère")
    convier(seance, "Farid Absent", "Associations", organisme="Union des usagers")
    gael = convier(seance, "Gaël Titulaire", "Associations", organisme="Eau et climat")
    hugo = convier(seance, "Hugo Suppléant", "Associations", rang="suppleant", suppleant_de=gael.membre)
    venir(presidente)
    venir(bruno, 0, 50)
    venir(bruno, 65)
    venir(chloe, 12, mode=Mode.DISTANCE)
    venir(hugo)
    Convie.objects.filter(pk=david.pk).update(reponse="pouvoir", pouvoir_a=bruno)
    Convie.objects.filter(pk=emma.pk).update(reponse="excuse")
    commun = {
        "seance": seance,
        "etat": EtatPoint.TRAITE,
        "commence_le": seance.ouverte_le + timedelta(minutes=5),
    }
    eau = PointFactory(
        **commun,
        titre="Rapport annuel du service de l’eau",
        nature=Point.Nature.AVIS,
        rapporteur="la direction de l’eau",
        secondes=1500,
        releve="Mme Présidente présente le rapport.\n\nM. Habitant demande <le détail> des fuites.",
    )
    Deport.objects.create(point=eau, convie=hugo, motif="administrateur de la régie")
    voter(
        eau,
        "Avis favorable sur le rapport",
        {
            "Alice Présidente": "pour",
            "Bruno Habitant": "pour",
            "David Mandant": "pour",
            "Chloé Distante": "contre",
        },
    )
    Desaccord.objects.create(point=eau, convie=chloe, texte="Les pertes du réseau ne sont pas chiffrées.")
    decision = PointFactory(
        **commun, titre="Pétitions à examiner", nature=Point.Nature.DECISION, est_tardif=True, secondes=600
    )
    PointDossier.objects.create(
        point=decision,
        dossier=PetitionFactory(deposee=True, titre="Une piste cyclable"),
        decision="declarer_recevable",
        libelle_decision="Recevable",
        motif="Tous les critères sont remplis.",
        decidee_le=timezone.now(),
    )
    PointFactory(
        **commun,
        titre="Situation d’un usager",
        nature=Point.Nature.INFORMATION,
        est_confidentiel=True,
        releve="Nom de l’usager : Untel.",
    )
    PointFactory(seance=seance, titre="Questions diverses", etat=EtatPoint.REPORTE, motif="faute de temps")
    return seance


def membre_convoque(seance: Seance, nom: str = "Bruno Habitant") -> Compte:
    return next(c for c in seance.convies.select_related("membre__compte") if str(c) == nom).membre.compte
