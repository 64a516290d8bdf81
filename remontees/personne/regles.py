"""What can be told to a person by what they left. No database."""

from collections.abc import Mapping
from typing import Any

from participation.socle.courriels import sms
from participation.socle.regles.sms import est_un_numero

TITRE_MAX = 160

# Means, as `Rapporteur.Prefere` keeps them → the field that it needs.
DEMANDE = {"courriel": "courriel", "sms": "telephone", "rappel": "telephone", "lettre": "adresse"}
MANQUE = {
    "courriel": "Pour un courriel, écrivez son adresse.",
    "sms": "Pour un SMS, écrivez son numéro de portable.",
    "rappel": "Pour un appel, écrivez son numéro.",
    "lettre": "Pour une lettre, écrivez son adresse postale.",
}


def erreurs_du_contact(dit: Mapping[str, Any]) -> dict[str, str]:
    """Return field → what is wrong: a number that is none, or a means that what they left does not allow."""
    telephone, prefere = str(dit.get("telephone") or ""), str(dit.get("prefere") or "")
    erreurs = {}
    if telephone and not est_un_numero(telephone):
        erreurs["telephone"] = "Ce numéro ne se lit pas : dix chiffres, ou « + » et l’indicatif du pays."
    if (champ := DEMANDE.get(prefere, "")) and not dit.get(champ):
        erreurs[champ] = MANQUE[prefere]
    elif prefere == "sms" and "telephone" not in erreurs and not sms.numero_de(telephone):
        erreurs["prefere"] = f"{sms.pourquoi_aucun(telephone)} Choisissez un appel, ou une autre façon."
    return erreurs


def moyen_choisi(dit: Mapping[str, Any]) -> str:
    """Return the means: the one chosen, else the first that what they left allows; a call for a landline."""
    if dit.get("prefere"):
        return str(dit["prefere"])
    telephone = str(dit.get("telephone") or "")
    if dit.get("courriel"):
        return "courriel"
    if telephone:
        return "sms" if sms.numero_de(telephone) else "rappel"
    return "lettre" if dit.get("adresse") else "aucun"


def titre_de(verbatim: str) -> str:
    """Return the first sentence, cut between words: the title until an agent writes a better one."""
    phrase = " ".join(verbatim.split())
    for fin in (". ", " ! ", " ? ", "… "):
        debut, trouve, _ = phrase.partition(fin)
        if trouve and len(debut) >= 20:
            phrase = debut
    if phrase.endswith(".") and not phrase.endswith(".."):
        phrase = phrase[:-1]  # titles are cited in sentences that have their own full stop
    if len(phrase) <= TITRE_MAX:
        return phrase
    return f"{phrase[: TITRE_MAX - 1].rsplit(' ', 1)[0]}…"
