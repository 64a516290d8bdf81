"""Rows of a table of propositions: which column is what, what a row says, why it is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from participation.engagements.workflow import EtatProposition
from participation.socle.regles.tableaux import jour_venu, simplifier

# Field → its name on the page of the mapping.
CHAMPS: Mapping[str, str] = {
    "titre": "La proposition, en une phrase",
    "texte": "Son texte entier",
    "numero": "Son numéro",
    "theme": "Thème",
    "portee_par": "Qui la porte",
    "etat": "La réponse : oui, en partie, non",
    "retour": "Pourquoi",
    "deliberation": "Numéro de la délibération",
    "decidee_par": "Qui a décidé",
    "decidee_le": "Date de la décision",
    "direction": "Direction",
}
SYNONYMES: Mapping[str, tuple[str, ...]] = {
    "titre": ("titre", "intitulé", "proposition", "nom", "objet"),
    "texte": ("texte", "description", "contenu", "détail", "la proposition", "proposition", "formulation"),
    "numero": ("numéro", "n°", "no", "num", "identifiant", "id"),
    "theme": ("thème", "thématique", "axe", "domaine", "groupe"),
    "portee_par": ("portée par", "porteur", "qui la porte"),
    "etat": ("réponse", "décision", "état", "statut", "suite donnée"),
    "retour": ("retour", "retour argumenté", "argumentaire", "pourquoi", "commentaire", "réponse argumentée"),
    "deliberation": ("délibération", "numéro de délibération", "n° délibération", "delib_id"),
    "decidee_par": ("décidée par", "décidé par", "qui a décidé", "élu"),
    "decidee_le": ("décidée le", "date de la décision", "date décision", "date"),
    "direction": ("direction", "service", "pilote", "direction pilote"),
}
# What people write in the column of the answer, simplified.
ETATS: Mapping[str, EtatProposition] = {
    **dict.fromkeys(("", "a decider", "en attente", "a l etude", "sans reponse"), EtatProposition.A_DECIDER),
    **dict.fromkeys(
        ("oui", "retenue", "retenu", "acceptee", "validee", "favorable"), EtatProposition.RETENUE
    ),
    **dict.fromkeys(
        ("en partie", "partiellement", "retenue en partie", "partielle", "oui en partie"),
        EtatProposition.RETENUE_EN_PARTIE,
    ),
    **dict.fromkeys(
        ("non", "non retenue", "refusee", "rejetee", "defavorable", "non retenu"), EtatProposition.NON_RETENUE
    ),
}
LONGUEURS = {
    "titre": 160, "texte": 8000, "numero": 20, "theme": 120, "portee_par": 160, "retour": 8000,
    "decidee_par": 160, "deliberation": 120,
}  # fmt: skip
TITRE_MAX = 160


def lire_ligne(dit: Mapping[str, str], aujourdhui: date) -> dict[str, Any]:
    """Return the fields of a row; `direction` as it is written. Raises ValueError, a sentence.

    A text without a title gives it its beginning.
    """
    titre = dit.get("titre", "") or _debut(dit.get("texte", ""))
    texte = dit.get("texte", "") or titre
    if not titre:
        raise ValueError("il manque la proposition.")
    if len(titre) > TITRE_MAX and not dit.get("texte"):
        texte, titre = titre, _debut(titre)
    lus = {**dit, "titre": titre, "texte": texte}
    for champ, longueur in LONGUEURS.items():
        if len(lus.get(champ, "")) > longueur:
            raise ValueError(f"« {lus[champ][:40]}… » a plus de {longueur} caractères.")
    etat = ETATS.get(simplifier(dit.get("etat", "")))
    if etat is None:
        raise ValueError(f"« {dit['etat'][:40]} » ne dit ni oui, ni en partie, ni non.")
    jour = jour_venu(dit.get("decidee_le", ""), aujourdhui)
    if etat != EtatProposition.A_DECIDER and not dit.get("retour"):
        raise ValueError("elle a une réponse, mais pas sa raison.")
    if etat != EtatProposition.A_DECIDER and jour is None:
        raise ValueError("elle a une réponse, mais pas sa date.")
    if etat == EtatProposition.A_DECIDER and jour is not None:
        raise ValueError("elle a une date de décision, mais pas de réponse.")
    ecrits = ("numero", "theme", "portee_par", "retour", "deliberation", "decidee_par", "direction")
    return {
        "titre": titre,
        "texte": texte,
        "etat": etat,
        "decidee_le": jour,
        **{champ: dit.get(champ, "") for champ in ecrits},
    }


def _debut(texte: str) -> str:
    """Return the first words of a text, as a title."""
    if len(texte) <= TITRE_MAX:
        return texte
    return texte[: TITRE_MAX - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"
