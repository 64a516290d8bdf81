"""Table of the acts of a projet, gathered from its stages, and appearance of each état."""

from contrat_ville.workflow.apres import APRES
from contrat_ville.workflow.comites import COMITES
from contrat_ville.workflow.depot import DEPOT
from contrat_ville.workflow.etats import Etat
from contrat_ville.workflow.instruction import INSTRUCTION
from contrat_ville.workflow.reseau import RESEAU
from participation.socle.workflow import Apparence, Couleur, Role, Table

E = Etat
TRANSITIONS: Table = {**DEPOT, **INSTRUCTION, **COMITES, **APRES, **RESEAU}

# fmt: off
APPARENCES: dict[str, Apparence] = {
    E.BROUILLON: Apparence(Couleur.NEUTRE, "document", "le porteur écrit son projet ; personne d’autre ne le lit.", {Role.AUTEUR: "complétez le projet, puis [déposez-le](deposer) avant la clôture de l’appel."}),
    E.DEPOSE: Apparence(Couleur.ATTENTION, "horloge", "le service vérifie que le projet est complet et recevable.", {Role.AGENT: "vérifiez les pièces, puis [dites le projet recevable](declarer_recevable) ou [demandez à compléter](demander_complement)."}),
    E.INSTRUCTION: Apparence(Couleur.ACCENT, "personnes", "le service instruit le projet et recueille les avis{avant}.", {Role.AGENT: "[demandez les avis](demander_avis), [remplissez la grille](evaluer), puis [inscrivez le projet au comité technique](inscrire_au_comite).", Role.AUTEUR: "répondez aux questions du service, s’il y en a."}),
    E.PROPOSE: Apparence(Couleur.INFO, "salle", "le comité de pilotage décide.", {Role.AGENT: "{au_pilotage}"}),
    E.AJOURNE: Apparence(Couleur.ATTENTION, "horloge", "le projet revient devant un comité.", {Role.AGENT: "complétez ce qui est demandé (la raison est au journal), puis [inscrivez-le de nouveau](inscrire_au_comite).", Role.AUTEUR: "lisez pourquoi sur sa page ; le service vous écrit s’il faut compléter."}),
    E.RETENU: Apparence(Couleur.SUCCES, "coche", "la décision est prise ; la convention suit.", {Role.AGENT: "{a_dire}[enregistrez la convention](conventionner)."}),
    E.SOUS_RESERVE: Apparence(Couleur.ATTENTION, "alerte", "le projet est retenu si la réserve est levée.", {Role.AGENT: "{a_dire}[levez la réserve](lever_reserve)."}),
    E.REFUSE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas retenu ; la lettre de décision dit pourquoi.", {Role.AGENT: "{a_faire}"}),
    E.IRRECEVABLE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas recevable ; la raison est dite au porteur."),
    E.RETIRE: Apparence(Couleur.NEUTRE, "croix", "plus rien n’est attendu."),
    E.CONVENTIONNE: Apparence(Couleur.ACCENT, "document", "le projet peut commencer.", {Role.AGENT: "[notez les versements](enregistrer_versement) et [le démarrage](demarrer)."}),
    E.EN_COURS: Apparence(Couleur.ACCENT, "suites", "le projet se réalise ; le service l’accompagne."),
    E.BILAN_ATTENDU: Apparence(Couleur.ATTENTION, "horloge", "le porteur rend le bilan{avant}.", {Role.AUTEUR: "[rendez le bilan de votre projet](rendre_bilan).", Role.AGENT: "[relancez le porteur](ecrire_message) si le bilan tarde, ou [saisissez un bilan papier](saisir_bilan)."}),
    E.EVALUE: Apparence(Couleur.SUCCES, "coche", "le bilan est reçu ; le service le lit.", {Role.AGENT: "{a_clore}"}),
    E.CLOS: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu."),
}
# fmt: on
# Act expected first from an agent in each état.
ACTES_DUS: dict[str, str] = {
    E.DEPOSE: "declarer_recevable",
    E.INSTRUCTION: "",
    E.PROPOSE: "inscrire_au_comite",
    E.AJOURNE: "inscrire_au_comite",
}
