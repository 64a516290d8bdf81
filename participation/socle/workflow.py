"""Vocabulary of the tables of acts: roles, transitions, appearances of the états.

Plain data: no query, no `if`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices


class Role(TextChoices):
    """In what capacity a person acts.

    The first six are held by an `Appartenance`; the others come from the dossier itself.
    """

    AGENT = "agent", "agent du service participation"
    AGENT_DIRECTION = "agent_direction", "agent d’une direction"
    AGENT_COMMUNE = "agent_commune", "agent d’une commune"
    ELU = "elu", "élu"
    ACCUEIL = "accueil", "agent d’accueil ou de terrain"
    MEMBRE = "membre", "membre d’une instance"
    AUTEUR = "auteur", "auteur du dossier"
    SYSTEME = "systeme", "le service, automatiquement"


class Couleur(TextChoices):
    """Meaning of the colour of an état: accent = ongoing, attention = somebody must act."""

    ACCENT = "accent", "en cours"
    INFO = "info", "en attente"
    ATTENTION = "attention", "à traiter"
    SUCCES = "succes", "abouti"
    ERREUR = "erreur", "échec ou retard"
    NEUTRE = "neutre", "clos"


# The act is possible in any état. Cannot be combined with other états.
PARTOUT: frozenset[str] = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One act of a règlement: from which états, to which, for which roles (said here and nowhere else).

    `vers` empty: the act leaves the état unchanged. Several états in `vers`: the action chooses one.
    `libelle`: infinitive for the button. `fait`: past participle for the journal. `article`: the rule.
    `sur`: the act is done on a part of the object, given by its model name (« vote », « membre »).
    `si_possible`: the button is shown only when `obstacles` is empty.
    `par_lien`: without an account, the act comes from a signed link, never from a periodic task.
    `condition`: dotted path of the one question that says what must come first, according to other rows; called
    with the object, the act and who acts, it returns sentences. Buttons, page and act all ask it.
    `defait_par`: of an act of moderation, dotted path of what gives the text back when its author contests and is right
    (`actions/moderation`): called with the row that holds it, `par` and `motif`.
    `trop_tard`: sentence of the refusal in another état, where « … n’est plus possible » would say too little.
    """

    de: frozenset[str]
    vers: frozenset[str]
    par: frozenset[str]
    libelle: str
    fait: str
    article: str = ""
    est_dangereux: bool = False
    est_public: bool = False
    sur: str = ""
    si_possible: bool = False
    par_lien: bool = False
    condition: str = ""
    trop_tard: str = ""
    defait_par: str = ""

    @property
    def change_etat(self) -> bool:
        return bool(self.vers)

    def part_de(self, etat: str) -> bool:
        return self.de is PARTOUT or etat in self.de


@dataclass(frozen=True, slots=True)
class Apparence:
    """How an état is shown, and the sentence of what happens next: for everybody, and for some roles.

    Sentences may hold `{avant}` (by when, or that the day is past) and other values from `mots_de_suite`. What they
    ask of a role (`pour`) names its acts, `[déposez la pétition](deposer)`: a link for who may do it now.
    """

    couleur: str
    icone: str
    ensuite: str = ""
    pour: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a séance may decide on a dossier.

    `libelle`: infinitive for the button.
    `action`: dotted path of the function, called with the row of the app, `par` and the answers, inside the
    transaction of the séance.
    `form`: dotted path of an `ActeForm` on the row of the app; "" when nothing more is asked.
    `apercu`: dotted path of the function that gives the letter of the decision before it is taken, called with
    the decision, the row of the app, the answers and the séance; "" without a letter.
    `favorable`: what an adopted vote leads to; the others follow a vote that is rejected. Another decision
    than the one that follows the vote asks for a reason.
    `dits`: the answers that the minutes quote, in this order: a reserve, a reason.
    `dit_sa_seance`: the action is given its `seance`, so that its letter says who decided, and when.
    """

    libelle: str
    action: str
    form: str = ""
    apercu: str = ""
    favorable: bool = True
    dits: tuple[str, ...] = ("motif",)
    dit_sa_seance: bool = False


@dataclass(frozen=True, slots=True)
class FaitAvantVote:
    """What a séance must know before it votes on a dossier: what remains of an envelope, for example."""

    libelle: str
    valeur: str
    est_une_alerte: bool = False


@dataclass(frozen=True, slots=True)
class ActeDePoste:
    """The act of an app that also records the posting of a letter on paper.

    `acte`: its name. `action`: dotted path of its function, called with the row of the app, `par` and
    `date_postee`.
    `signature`: act that joins the signed letter, on the part of the page given by `ancre`.
    """

    acte: str
    action: str
    signature: str = ""
    ancre: str = ""


Table = Mapping[str, Transition]


def etats(*noms: str) -> frozenset[str]:
    return frozenset(noms)


_AGENT, _RIEN = frozenset({Role.AGENT}), frozenset[str]()

# fmt: off
# Acts on a letter on paper, in the table of whatever has such letters.
ACTES_DE_COURRIER: Table = {
    "imprimer_courriers": Transition(PARTOUT, _RIEN, _AGENT, "Imprimer ensemble", "Courrier imprimé avec d’autres", sur="courrier"),
    "poster_courrier": Transition(PARTOUT, _RIEN, _AGENT, "Noter le courrier posté", "Courrier posté", sur="courrier"),
    "abandonner_courrier": Transition(PARTOUT, _RIEN, _AGENT, "Ne pas poster", "Courrier non posté", est_dangereux=True, sur="courrier"),
}
def traductions(sur: str, condition: str) -> Table:
    """What an agent may do on the languages of a text. `sur`: their model; `condition`: why nobody may translate it."""
    return {
        "demander_traduction": Transition(PARTOUT, _RIEN, _AGENT, "Ajouter une langue", "Traduction demandée", condition=condition),
        "ecrire_traduction": Transition(PARTOUT, _RIEN, _AGENT, "Écrire la version", "Version proposée", sur=sur),
        "publier_traduction": Transition(PARTOUT, _RIEN, _AGENT, "Relire et mettre en ligne", "Version mise en ligne", sur=sur, condition="participation.socle.models.traductions.TexteTraduit.a_relire_par_une_autre"),
        "garder_traduction": Transition(PARTOUT, _RIEN, _AGENT, "C’était une faute de frappe", "Version gardée", sur=sur, si_possible=True, condition="participation.socle.models.traductions.TexteTraduit.francais_change"),
        "retirer_traduction": Transition(PARTOUT, _RIEN, _AGENT, "Retirer la version", "Version retirée", est_dangereux=True, sur=sur),
    }


# What an agent may do on any dossier. A nature that has the same act in its own table gives other états.
ACTES_COMMUNS: Table = {
    "prendre_en_charge": Transition(PARTOUT, _RIEN, _AGENT, "Prendre en charge", "Dossier pris en charge"),
    "noter": Transition(PARTOUT, _RIEN, _AGENT, "Ajouter une note au journal", "Note interne"),
    "dire_theme": Transition(PARTOUT, _RIEN, _AGENT, "Dire le thème", "Thème noté"),
    "auditer": Transition(PARTOUT, _RIEN, _AGENT, "Mettre tout le dossier en PDF", "Dossier complet mis en PDF"),
    "joindre_piece": Transition(PARTOUT, _RIEN, _AGENT, "Joindre une pièce", "Pièce jointe"),
    "retirer_piece": Transition(PARTOUT, _RIEN, _AGENT, "Retirer la pièce", "Pièce retirée", sur="piece"),
    "relancer_demande": Transition(PARTOUT, _RIEN, _AGENT, "Relancer la demande", "Demande relancée", sur="demande"),
    "annuler_demande": Transition(PARTOUT, _RIEN, _AGENT, "Annuler la demande", "Demande annulée", sur="demande"),
    **traductions("traduction", "participation.socle.models.traductions.sans_texte_public"),
    "recevoir_cahiers": Transition(PARTOUT, _RIEN, _AGENT, "Recevoir des cahiers d’acteurs", "Cahiers d’acteurs demandés", est_public=True, condition="participation.cadres.models.cahiers.avant_de_recevoir"),
    "demander_cahier": Transition(PARTOUT, _RIEN, _AGENT | {Role.SYSTEME}, "Inviter une organisation", "Cahier d’acteur demandé", par_lien=True, condition="participation.cadres.models.cahiers.cahiers_fermes"),
    "saisir_cahier": Transition(PARTOUT, _RIEN, _AGENT, "Saisir un cahier reçu", "Cahier d’acteur saisi", condition="participation.cadres.models.cahiers.avant_de_saisir"),
    "confirmer_cahier": Transition(PARTOUT, _RIEN, frozenset({Role.SYSTEME}), "Confirmer l’adresse", "Adresse d’une organisation confirmée", sur="cahier", par_lien=True),
    "deposer_cahier": Transition(PARTOUT, _RIEN, frozenset({Role.SYSTEME}), "Déposer le cahier", "Cahier d’acteur déposé", sur="cahier", par_lien=True, condition="participation.cadres.models.cahiers.avant_de_deposer"),
    "publier_cahier": Transition(PARTOUT, _RIEN, _AGENT, "Publier", "Cahier d’acteur publié", sur="cahier", est_public=True, si_possible=True, condition="participation.cadres.models.cahiers.pas_a_lire"),
    "ecarter_cahier": Transition(PARTOUT, _RIEN, _AGENT, "Ne pas publier", "Cahier d’acteur non publié", sur="cahier", est_dangereux=True, si_possible=True, condition="participation.cadres.models.cahiers.pas_a_lire", defait_par="participation.cadres.cahiers.rendre_cahier"),
    "contester_moderation": Transition(PARTOUT, _RIEN, frozenset({Role.SYSTEME}), "Contester la décision", "Décision de modération contestée par l’auteur", sur="moderation", par_lien=True),
    "juger_moderation": Transition(PARTOUT, _RIEN, _AGENT, "Répondre à l’auteur", "Contestation jugée", sur="moderation"),
    **ACTES_DE_COURRIER,
}
# fmt: on
