from petitions.models.campagne import Jalon, SeuilAtteint, TacheCampagne
from petitions.models.copetitionnaire import CoPetitionnaire
from petitions.models.examen import Deport, ExamenCritere
from petitions.models.fraude import DomaineSurveille, Invalidation, ReglageFraude, ReseauConnu
from petitions.models.petition import Petition, PetitionQuerySet
from petitions.models.reglement import Critere, MotifIrrecevabilite, ReglementPetition, Seuil
from petitions.models.signature import (
    Decompte,
    DecompteCommune,
    DecompteJour,
    FeuillePapier,
    Signature,
    SignatureQuerySet,
)

__all__ = [
    "CoPetitionnaire",
    "Critere",
    "Decompte",
    "DecompteCommune",
    "DecompteJour",
    "Deport",
    "DomaineSurveille",
    "ExamenCritere",
    "FeuillePapier",
    "Invalidation",
    "Jalon",
    "MotifIrrecevabilite",
    "Petition",
    "PetitionQuerySet",
    "ReglageFraude",
    "ReglementPetition",
    "ReseauConnu",
    "Seuil",
    "SeuilAtteint",
    "Signature",
    "SignatureQuerySet",
    "TacheCampagne",
]
