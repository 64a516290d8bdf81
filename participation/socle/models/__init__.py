from participation.socle.models.absences import Absence
from participation.socle.models.accessibilite import AuditAccessibilite, EcartAccessibilite, PageAuditee
from participation.socle.models.champs import CleEtrangere, CleUnique, Combien
from participation.socle.models.chiffres import ChiffreTenu
from participation.socle.models.comptes import Appartenance, Compte
from participation.socle.models.conservation import DelaiCourriel, ReglementCourriels
from participation.socle.models.courriels import Courriel, JourSms, PieceCourriel
from participation.socle.models.courriers import Courrier, Impression
from participation.socle.models.documents import Document, ExamenPdf, Piece
from participation.socle.models.dossiers import Dossier, DossierQuerySet, Voix
from participation.socle.models.echeances import Demande, Echeance, Rappel, Suspension
from participation.socle.models.exports import Export
from participation.socle.models.joignables import Joignable
from participation.socle.models.journal import Entree
from participation.socle.models.langues import RelectureLangue
from participation.socle.models.lois import ReferenceLegale
from participation.socle.models.moderation import Moderation, RaisonModeration
from participation.socle.models.paquets import PartieChargee
from participation.socle.models.porte import ReglagePorte, TraceLettre
from participation.socle.models.preuves import AProuver, Demandeur
from participation.socle.models.reglages import (
    Battement,
    DossierDesFichiers,
    FiltreEnregistre,
    Logo,
    Passage,
    ReglageService,
    UneLigne,
)
from participation.socle.models.reglements import Reglement, ReglementQuerySet
from participation.socle.models.restaurations import Restauration
from participation.socle.models.rythmes import RythmeDesLettres
from participation.socle.models.sceaux import Scelle
from participation.socle.models.suivi import LigneDeJournal, Partie, PortePar, Suivi, ineffacable
from participation.socle.models.territoire import Commune, Contour, Direction, Quartier
from participation.socle.models.tournees import Tournee
from participation.socle.models.traductions import Traduction
