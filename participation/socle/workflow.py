"""The words every app's table of transitions is written with. Plain data: no query, no `if`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices


class Role(TextChoices):
    """In what quality somebody acts. The first six are held by Appartenance, the others come from the dossier itself."""

    AGENT = "agent", "agent du service participation"
    AGENT_DIRECTION = "agent_direction", "agent d’une direction"
    AGENT_COMMUNE = "agent_commune", "agent d’une commune"
    ELU = "elu", "élu"
    ACCUEIL = "accueil", "agent d’accueil ou de terrain"
    MEMBRE = "membre", "membre d’une instance"
    AUTEUR = "auteur", "auteur du dossier"
    SYSTEME = "systeme", "le service, automatiquement"


class Couleur(TextChoices):
    """Meaning of an état, never its decoration (ui: accent = ongoing, attention = someone must act)."""

    ACCENT = "accent", "en cours"
    INFO = "info", "en attente"
    ATTENTION = "attention", "à traiter"
    SUCCES = "succes", "abouti"
    ERREUR = "erreur", "échec ou retard"
    NEUTRE = "neutre", "clos"


# Of an act that no état opens or closes. It cannot be mixed with other états.
PARTOUT: frozenset[str] = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One act of a règlement: from which états, to which, who may do it. The role is said here and nowhere else.

    `vers` empty: the act leaves the état as it is. Several états in `vers`: the action chooses one.
    `libelle` is the button's infinitive; `fait` is the journal's participle; `article` cites the rule.
    `sur`: the act is done on a part (model name: « vote », « membre »), borne by what is followed.
    `si_possible`: its button is shown only when nothing stands in the way.
    `par_lien`: without an account, it is done by the signed link received, never by the clock.
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

    @property
    def change_etat(self) -> bool:
        return bool(self.vers)

    def part_de(self, etat: str) -> bool:
        return self.de is PARTOUT or etat in self.de


@dataclass(frozen=True, slots=True)
class Apparence:
    """How an état is shown, and what happens next: one sentence for all, one more for a role.

    Sentences may hold the values that the dossier gives: `{avant}` (by when, or that the day is past)….
    """

    couleur: str
    icone: str
    ensuite: str = ""
    pour: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a séance may decide on a dossier: the button's infinitive, the action that applies it, the form that asks for the rest.

    `action`: dotted path, called with the app's row, `par` and the answers, inside the séance's transaction.
    `form`: dotted path of an `ActeForm`, on the app's row; "" when the decision needs
    nothing more. `favorable`: what an adopted vote proposes; the others are proposed when it is rejected.
    """

    libelle: str
    action: str
    form: str = ""
    favorable: bool = True


@dataclass(frozen=True, slots=True)
class ActeDePoste:
    """The act by which a letter on paper is said to be posted, when posting it is that act: its name, and the dotted path of its
    action, called with the app's row, `par` and `date_postee`. `signature`: the act that joins what was signed by hand, at `ancre`.
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
# What an agent may do on any dossier. A nature whose table has the same act says its own états.
ACTES_COMMUNS: Table = {
    "prendre_en_charge": Transition(PARTOUT, _RIEN, _AGENT, "Prendre en charge", "Dossier pris en charge"),
    "noter": Transition(PARTOUT, _RIEN, _AGENT, "Ajouter une note au journal", "Note interne"),
    "auditer": Transition(PARTOUT, _RIEN, _AGENT, "Mettre tout le dossier en PDF", "Dossier complet mis en PDF"),
    "joindre_piece": Transition(PARTOUT, _RIEN, _AGENT, "Joindre une pièce", "Pièce jointe"),
    "retirer_piece": Transition(PARTOUT, _RIEN, _AGENT, "Retirer la pièce", "Pièce retirée", sur="piece"),
    "relancer_demande": Transition(PARTOUT, _RIEN, _AGENT, "Relancer la demande", "Demande relancée", sur="demande"),
    "annuler_demande": Transition(PARTOUT, _RIEN, _AGENT, "Annuler la demande", "Demande annulée", sur="demande"),
    "imprimer_courriers": Transition(PARTOUT, _RIEN, _AGENT, "Imprimer ensemble", "Courrier imprimé avec d’autres", sur="courrier"),
    "poster_courrier": Transition(PARTOUT, _RIEN, _AGENT, "Noter le courrier posté", "Courrier posté", sur="courrier"),
    "abandonner_courrier": Transition(PARTOUT, _RIEN, _AGENT, "Ne pas poster", "Courrier non posté", est_dangereux=True, sur="courrier"),
}
# fmt: on
