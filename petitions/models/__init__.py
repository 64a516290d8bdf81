from petitions.models.campagne import Jalon, SeuilAtteint, SeuilEnAttente, TacheCampagne
from petitions.models.copetitionnaire import (
    CoPetitionnaire,
    FeuilleCopetitionnaires,
    ReglageInvitations,
    VersionTexte,
)
from petitions.models.examen import AvisDuComite, Deport, ExamenCritere
from petitions.models.fraude import DomaineSurveille, Invalidation, ReglageFraude, ReseauConnu
from petitions.models.nouvelle import Nouvelle
from petitions.models.petition import Petition, PetitionQuerySet
from petitions.models.rapprochement import Rapprochement
from petitions.models.reglement import Critere, MotifIrrecevabilite, ReglementPetition, Seuil
from petitions.models.signature import (
    Decompte,
    DecompteCommune,
    DecompteJour,
    FeuillePapier,
    Signature,
    SignatureQuerySet,
)
