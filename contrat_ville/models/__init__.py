"""Models of the Contrat de Ville."""

from contrat_ville.models.cadre import Axe, Contrat, EntreePartenaire, Objectif, Partenaire, Politique
from contrat_ville.models.conventions import Accompagnement, Bilan, Convention, Reversement, Versement
from contrat_ville.models.dauphin import (
    ActionDauphin,
    ColonnesDauphin,
    CorrespondanceDauphin,
    DossierImporte,
    ImportDauphin,
    LigneImportee,
)
from contrat_ville.models.financements import Financement, LigneBudget
from contrat_ville.models.indicateurs import Indicateur, ValeurIndicateur
from contrat_ville.models.instruction import (
    COMMENTABLES,
    AvisRendu,
    Commentaire,
    Deport,
    Evaluation,
    Jugement,
    MessageProjet,
    PhotoProjet,
    RegleDeRepartition,
)
from contrat_ville.models.lettres import LettreDecision, Recours
from contrat_ville.models.pieces import EntreeTypePiece, PieceProjet, TypePiece
from contrat_ville.models.porteurs import Equipier, Porteur
from contrat_ville.models.programmations import (
    Critere,
    EntreeProgrammation,
    Enveloppe,
    Programmation,
    ReglementDepot,
    ReglementSubventions,
)
from contrat_ville.models.projets import Projet
from contrat_ville.models.quartiers import (
    EntreeQuartier,
    GroupeDiscussion,
    ObservationQuartier,
    Parole,
    ParticipantGroupe,
    ReunionQuartier,
    SuiviQuartier,
)
from contrat_ville.models.reseau import AdhesionReseau, MessageReseau, Voisin
from contrat_ville.models.scenarios import ChoixScenario, LigneScenario, Scenario, financeurs_de
