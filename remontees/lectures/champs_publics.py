"""Fields of the open data on sujets. Their names are a public contract: add some, never rename one."""

from remontees.lectures import publics
from remontees.workflow import EtatSujet

CHAMPS: dict[str, str] = {
    "reference": "Référence du sujet, qui ne change jamais, par exemple SUJ-2026-0012.",
    "titre": "Ce dont il s’agit.",
    "url": "Adresse de la page publique.",
    "theme": "Thème.",
    "categorie": "Catégorie, dans ce thème (vide : le thème seul est connu).",
    "communes": "Codes Insee des communes concernées.",
    "communes_noms": "Noms de ces communes.",
    "etat": "État, en un mot de code (liste plus bas).",
    "issue": "Ce qu’il est devenu, en un mot de code (liste plus bas ; vide : pas encore de réponse).",
    "ouvert_le": "Date et heure où le service a ouvert le sujet.",
    "repondu_le": "Date et heure de la réponse.",
    "jours": "Jours du calendrier entre les deux.",
    "date_prevue": "Jour pour lequel c’est prévu (issue « prevu » seulement).",
    "texte": "Ce que disent les gens, dans les mots du service.",
    "reponse": "Ce que la Métropole a répondu.",
    "remontees": "Nombre de remontées réunies (vide quand il est trop petit pour être publié).",
    "modifiee_le": "Date et heure du dernier changement.",
}


def valeurs() -> list[tuple[str, str]]:
    """Return (« field = code », meaning) for the two fields whose values are codes."""
    etats = [*publics.EN_COURS.items(), (EtatSujet.REPONDU, None), (EtatSujet.CLOS, None)]
    return [
        *((f"etat = {code}", dit.mot if dit else EtatSujet(code).label) for code, dit in etats),
        *((f"issue = {code}", f"{dit.mot}. {dit.phrase}") for code, dit in publics.ISSUES.items()),
    ]
