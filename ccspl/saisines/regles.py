"""Legal calendar: which avis the law requires and when, and what is wrong with the current dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from participation.socle.francais import jour_texte

# (objet, when, law, est_sure) of each legal rule, as shown on the calendar page. `est_sure` False: to be confirmed by
# the legal service. Laws are those of `ReferenceLegale`.
REGLES: Sequence[tuple[str, str, str, bool]] = (
    ("dsp", "Avant que le conseil se prononce sur le principe de la délégation", "ccspl", True),
    ("regie", "Avant que le conseil crée la régie dotée de l’autonomie financière", "ccspl", True),
    ("partenariat", "Avant que le conseil se prononce sur le projet de marché", "ccspl", False),
    ("recherche", "Avant que le conseil engage le service de l’eau ou de l’assainissement", "ccspl", False),
    ("reglement", "Avant que le conseil adopte le règlement du service", "reglement_eau", True),
    ("rapport", "Chaque année, sur le rapport du président", "ccspl", True),
)


@dataclass(frozen=True, slots=True)
class Alerte:
    """A problem, in one sentence. `gravite`: « erreur » (the procedure may be annulled) or « attention »."""

    cle: str
    phrase: str
    gravite: str = "attention"
    acte: str = ""  # act that solves it


@dataclass(frozen=True, slots=True)
class Faits:
    """Facts that the rules check. Dates are local days."""

    jour: date
    est_prealable: bool
    est_rendu: bool
    est_abandonne: bool = False
    conseil: date | None = None
    adopte: date | None = None
    prochaine_seance: date | None = None
    seance_inscrite: date | None = None  # séance with the avis on its agenda
    est_fondee: bool = True
    est_citee: bool = True


def alertes_sur(faits: Faits) -> list[Alerte]:
    """Return the problems of one avis.

    A prior avis must be adopted before the council decides, and be based on a deliberation or a delegation.
    """
    if faits.est_abandonne:
        return []
    trouvees = []
    conseil = faits.conseil
    if not faits.est_fondee:
        trouvees.append(
            Alerte(
                "sans_fondement",
                "La saisine n’a pas de fondement : sans délibération ni délégation, la consultation serait irrégulière.",
                "erreur" if faits.est_prealable else "attention",
                "fonder",
            )
        )
    if faits.est_prealable and conseil is not None:
        dit = jour_texte(conseil)
        if faits.adopte is not None and conseil <= faits.adopte:
            adopte = f"adopté le {jour_texte(faits.adopte)}"
            phrase = (
                f"Le conseil du {dit} s’est prononcé avant l’avis, {adopte}."
                if conseil < faits.jour
                else f"L’avis, {adopte}, ne précède pas le conseil du {dit}."
            )
            trouvees.append(Alerte("conseil_avant_avis", phrase, "erreur"))
        elif faits.adopte is None and conseil <= faits.jour:
            trouvees.append(
                Alerte(
                    "conseil_passe",
                    f"Le conseil du {dit} est arrivé et l’avis n’est pas rendu.",
                    "erreur",
                    "fonder",
                )
            )
        elif faits.adopte is None:
            trouvees += _seance_trop_tard(faits, conseil)
    elif faits.est_prealable and not faits.est_rendu:
        trouvees.append(
            Alerte(
                "sans_conseil",
                "La date du conseil n’est pas connue : l’avis doit la précéder.",
                "attention",
                "fonder",
            )
        )
    if faits.est_prealable and faits.est_rendu and not faits.est_citee and conseil and conseil < faits.jour:
        trouvees.append(
            Alerte(
                "avis_non_cite",
                f"Le conseil du {jour_texte(conseil)} est passé : notez la délibération qui cite l’avis.",
                "attention",
                "citer",
            )
        )
    return trouvees


def _seance_trop_tard(faits: Faits, conseil: date) -> list[Alerte]:
    seance = faits.seance_inscrite or faits.prochaine_seance
    if seance is None:
        return [
            Alerte(
                "conseil_sans_seance",
                f"Le conseil du {jour_texte(conseil)} se prononcerait avant l’avis : aucune séance n’est prévue d’ici là.",
                "erreur",
            )
        ]
    if seance >= conseil:
        laquelle = "il est inscrit à la séance du" if faits.seance_inscrite else "prochaine séance le"
        return [
            Alerte(
                "seance_apres_conseil",
                f"Le conseil du {jour_texte(conseil)} se prononcerait avant l’avis : {laquelle} {jour_texte(seance)}.",
                "erreur",
            )
        ]
    if faits.seance_inscrite is None:
        return [
            Alerte(
                "a_inscrire",
                f"L’avis n’est à l’ordre du jour d’aucune séance. Prochaine séance le {jour_texte(seance)}, conseil le {jour_texte(conseil)}.",
                acte="inscrire_en_seance",
            )
        ]
    return []


def date_limite_avis(*, objet: str, date_saisine: date, conseil: date | None) -> date | None:
    """Return the legal limit of an avis: the day before the council; for an annual report, the end of the
    year.

    None when no limit is known.
    """
    if conseil is not None:
        return conseil - timedelta(days=1)
    return date(date_saisine.year, 12, 31) if objet == "rapport" else None


def titre_du_rapport(nom: str) -> str:
    """Return the title of the annual report of a service in the programme; it is used to find its
    examination."""
    return f"Rapport annuel : {nom}"[:160]
