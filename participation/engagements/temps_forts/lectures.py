"""What a temps fort prints and shows: each proposition with its answer, what is done, and its version; the figures."""

from collections import Counter
from typing import Any

from django.utils.translation import get_language_info, gettext, override

from participation.engagements.models import Proposition, TempsFort
from participation.engagements.propositions.actes import SENS
from participation.engagements.propositions.lectures import PAR_NUMERO, avec_suites, etapes
from participation.rencontres.models import Rencontre
from participation.socle.francais import heure, jour_texte, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.models import Traduction
from participation.socle.models.traductions import FACILE, VERSIONS
from participation.socle.regles.traductions import CHANGE


def propositions_de(temps_fort: TempsFort) -> Any:
    siennes: Any = Proposition.objects.filter(collectif=temps_fort.collectif_id, est_publie=True)
    return siennes.select_related("collectif").order_by(*PAR_NUMERO)


def ce_qui_manque(temps_fort: TempsFort) -> list[tuple[str, str, int]]:
    """Return (code, name, how many propositions have no version or an old one) of each version."""
    siennes = propositions_de(temps_fort)
    traduites = siennes.filter(pk__in=Traduction.objects.values("dossier")).prefetch_related("traductions")
    a_jour = Counter(une.langue for dite in traduites for une in dite.traductions.all() if une.est_a_jour)
    total = siennes.count()
    return [(code, nom, total - a_jour[code]) for code, nom in VERSIONS.items()]


def fiches(temps_fort: TempsFort, langue: str = "") -> list[dict[str, Any]]:
    """Return the sheets, in the order of the numbers. `langue`: version printed beside the French; "" for none."""
    lues = list(propositions_de(temps_fort).prefetch_related("traductions"))
    return [
        {
            "numero": proposition.numero,
            "theme": proposition.theme,
            "titre": proposition.titre,
            "texte": proposition.texte,
            "portee_par": proposition.portee_par,
            "sens": dict(SENS).get(proposition.etat, ""),
            "retour": proposition.retour,
            "decidee_le": jour_texte(proposition.decidee_le) if proposition.decidee_le else "",
            "degres": sorted({majuscule(suite.get_degre_display()) for suite in suites}),
            "version": _version(proposition, langue),
        }
        for proposition, suites in avec_suites(lues)
    ]


def _version(proposition: Proposition, langue: str) -> dict[str, str] | None:
    """Return what is on line in this version, and the sentence that says that it is old; None if nothing is."""
    siennes = proposition.traductions.all()
    version = next((une for une in siennes if une.langue == langue and une.en_ligne_le), None)
    if version is None:
        return None
    change = _dire_le_changement(langue) if CHANGE in version.etats() else ""
    return {**{champ: _mots(version, champ) for champ in Proposition.TEXTES_PUBLICS}, "change": change}


def _dire_le_changement(langue: str) -> str:
    if langue == FACILE:
        return "Le texte a changé depuis."
    with override(langue):
        return gettext("Le français a changé depuis cette traduction.")


def _dire_qu_elle_manque(langue: str) -> str:
    """Say to who reads this language alone that nothing is written yet."""
    if langue == FACILE:
        return "Ce texte n’est pas encore écrit. Demandez-le : nous vous le lirons."
    with override(langue):
        return gettext("Ce texte n’est pas encore traduit. Demandez-le : nous vous le lirons.")


def _mots(version: Traduction, champ: str) -> str:
    return "\n\n".join(une.texte for une in version.lignes(champ) if une.texte)


def _lue(langue: str) -> str:
    """Return the code of the language for who reads the page aloud: Facile à lire is French."""
    return FRANCAIS if langue in {"", FACILE} else langue


def mise_en_page(langue: str) -> dict[str, Any]:
    """Return how a version is printed: its code for the reader of the page, its name, its direction."""
    lue = _lue(langue)
    return {
        "langue": lue,
        "nom_de_version": VERSIONS.get(langue, ""),
        "sans_version": _dire_qu_elle_manque(langue) if langue else "",
        "de_droite": get_language_info(lue)["bidi"],
    }


def quand(rencontre: Rencontre) -> str:
    """Return when it is held, for paper: « dimanche 10 janvier 2027, de 18 h à 20 h »."""
    return f"{jour_texte(rencontre.debut, 'long')}, de {heure(rencontre.debut)} à {heure(rencontre.fin)}"


def diaporama(temps_fort: TempsFort) -> dict[str, Any]:
    comptes = etapes(temps_fort.collectif)
    return {
        "collectif": str(temps_fort.collectif),
        "titre": temps_fort.titre,
        "quand": quand(temps_fort.reunion),
        "ou": f"{temps_fort.reunion.lieu}, {temps_fort.reunion.adresse}",
        "total": comptes.total,
        "decidees": [[c.libelle, c.combien] for c in comptes.decidees],
        "faites": [[c.libelle, c.combien] for c in comptes.faites],
        "fiches": fiches(temps_fort),
    }
