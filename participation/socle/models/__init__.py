from participation.socle.models.absences import Absence
from participation.socle.models.accessibilite import AuditAccessibilite, EcartAccessibilite, PageAuditee
from participation.socle.models.champs import CleEtrangere, CleUnique, Combien, parmi
from participation.socle.models.comptes import Appartenance, Compte
from participation.socle.models.courriels import (
    Courriel,
    DelaiCourriel,
    JourSms,
    PieceCourriel,
    ReglementCourriels,
    RythmeDesLettres,
)
from participation.socle.models.courriers import Courrier, Impression
from participation.socle.models.documents import Document, ExamenPdf, Export, Piece
from participation.socle.models.dossiers import Dossier, DossierQuerySet, Voix
from participation.socle.models.echeances import Demande, Echeance, Rappel, Suspension
from participation.socle.models.imports import ImportDeTableau
from participation.socle.models.journal import Entree
from participation.socle.models.lois import ReferenceLegale
from participation.socle.models.moderation import Moderation, RaisonModeration
from participation.socle.models.porte import ReglagePorte, TraceLettre
from participation.socle.models.preuves import AProuver, Demandeur
from participation.socle.models.reglages import (
    Battement,
    ChiffreTenu,
    DossierDesFichiers,
    FiltreEnregistre,
    Logo,
    PartieChargee,
    Passage,
    ReglageService,
    Restauration,
    UneLigne,
)
from participation.socle.models.reglements import Reglement, ReglementQuerySet
from participation.socle.models.sceaux import Scelle
from participation.socle.models.suivi import LigneDeJournal, Partie, PortePar, Suivi, de_quoi, ineffacable
from participation.socle.models.territoire import Commune, Contour, Direction, Joignable, Quartier
from participation.socle.models.tournees import Tournee
from participation.socle.models.traductions import (
    LibelleTraduit,
    RelectureLangue,
    TexteTraduit,
    Traduction,
    TraductionQuerySet,
    une_par_langue,
)
from participation.socle.models.voies import ImportDeVoies, Voie
