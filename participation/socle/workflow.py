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


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of a règlement: from which états, to which, who may follow it.

    `vers` empty: the act leaves the état as it is. Several états in `vers`: the action chooses one.
    `libelle` is the button's infinitive; `fait` is the journal's participle; `article` cites the rule.
    """

    de: frozenset[str]
    vers: frozenset[str]
    par: frozenset[str]
    libelle: str
    fait: str
    article: str = ""
    est_dangereux: bool = False
    est_public: bool = False

    @property
    def change_etat(self) -> bool:
        return bool(self.vers)


@dataclass(frozen=True, slots=True)
class Apparence:
    """How an état is shown, and what happens next: one sentence for all, one more for a role.

    Sentences may hold `{echeance}` (the next legal due date, in full) and other values the dossier gives.
    """

    couleur: str
    icone: str
    ensuite: str = ""
    pour: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a séance may decide on a dossier: the button's infinitive, and the form that asks for the rest.

    `form`: dotted path of a form class, called with `dossier=` (the app's row) before the usual arguments; "" when the decision needs
    nothing more. `favorable`: what an adopted vote proposes; the others are proposed when it is rejected.
    """

    libelle: str
    form: str = ""
    favorable: bool = True


Table = Mapping[str, Transition]


def etats(*noms: str) -> frozenset[str]:
    return frozenset(noms)
