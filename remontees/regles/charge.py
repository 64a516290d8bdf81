"""What is heard, as it arrives by any channel: the one shape that all of them fill."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Self

TITRE_MAX, VERBATIM_MAX = 160, 20_000


@dataclass(frozen=True, slots=True)
class Contact:
    """Who says it, as far as she wants to be known. All empty: nobody is known."""

    nom: str = ""
    courriel: str = ""
    telephone: str = ""
    adresse: str = ""
    prefere: str = ""
    accepte_transmission: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What was said, where, when, by which channel, for whom. `commune`: Insee code; `categorie`, `quartier`, `saisie_par`: numbers.

    `sujet`: number of the public one that the person recognised. `source`: address of the post, or number of the message, by which it is known again elsewhere.
    """

    verbatim: str
    canal: str
    titre: str = ""
    entendue_le: date | None = None
    categorie: int | None = None
    commune: str = ""
    quartier: int | None = None
    lieu: str = ""
    latitude: float | None = None
    longitude: float | None = None
    au_nom_de: bool = False
    est_urgente: bool = False
    source: str = ""
    saisie_par: int | None = None
    sujet: int | None = None
    contact: Contact = field(default_factory=Contact)

    def en_json(self) -> dict[str, Any]:
        valeurs = asdict(self)
        valeurs["entendue_le"] = self.entendue_le.isoformat() if self.entendue_le else None
        return valeurs

    @classmethod
    def de_json(cls, valeurs: dict[str, Any]) -> Self:
        """What `en_json` wrote; a key that this version does not know is left out."""
        connus = {champ.name for champ in fields(cls)}
        garde = {nom: valeur for nom, valeur in valeurs.items() if nom in connus}
        if garde.get("entendue_le"):
            garde["entendue_le"] = date.fromisoformat(garde["entendue_le"])
        return cls(**{**garde, "contact": Contact(**garde.get("contact", {}))})


def titre_de(verbatim: str) -> str:
    """The first sentence, cut between words: what a list shows until an agent writes better."""
    phrase = " ".join(verbatim.split())
    for fin in (". ", " ! ", " ? ", "… "):
        debut, trouve, _ = phrase.partition(fin)
        if trouve and len(debut) >= 20:
            phrase = debut
    if phrase.endswith(".") and not phrase.endswith(".."):
        phrase = phrase[:-1]  # a title is cited in sentences that have their own full stop
    if len(phrase) <= TITRE_MAX:
        return phrase
    return f"{phrase[: TITRE_MAX - 1].rsplit(' ', 1)[0]}…"
