from participation.socle.models.comptes import Appartenance, Compte
from participation.socle.models.courriels import Courriel, PieceCourriel
from participation.socle.models.documents import Document, Piece
from participation.socle.models.dossiers import Dossier, DossierQuerySet, Entree
from participation.socle.models.echeances import Demande, Echeance, Rappel, Suspension
from participation.socle.models.reglages import (
    AuditAccessibilite,
    Battement,
    FiltreEnregistre,
    ReglageService,
    UneLigne,
)
from participation.socle.models.reglements import Reglement, ReglementQuerySet
from participation.socle.models.suivi import LigneDeJournal, Partie, Suivi, ineffacable
from participation.socle.models.territoire import Commune, Direction, Quartier

__all__ = [
    "Appartenance",
    "AuditAccessibilite",
    "Battement",
    "Commune",
    "Compte",
    "Courriel",
    "Demande",
    "Direction",
    "Document",
    "Dossier",
    "DossierQuerySet",
    "Echeance",
    "Entree",
    "FiltreEnregistre",
    "LigneDeJournal",
    "Partie",
    "Piece",
    "PieceCourriel",
    "Quartier",
    "Rappel",
    "ReglageService",
    "Reglement",
    "ReglementQuerySet",
    "Suivi",
    "Suspension",
    "UneLigne",
    "ineffacable",
]
