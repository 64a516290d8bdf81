"""Phases of a budget, and what may be done today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets import phases
from participation.budgets.models import Budget
from participation.budgets.phases import Periode
from participation.budgets.workflow.budget import Capacite, NaturePhase
from participation.socle import langues
from participation.socle.collectivite import ici_plus_tard
from participation.socle.francais import jour_texte, majuscule
from participation.socle.graphiques import EtapeFrise, Statut


def frise(budget: Budget, jour: date | None = None) -> list[EtapeFrise]:
    """Phases with their dates and what may be done: past, in progress, to come."""
    jour = jour or timezone.localdate()
    etapes = []
    for periode in budget.periodes:
        statut: Statut = "passe" if periode.fin < jour else "en_cours" if periode.debut <= jour else "a_venir"
        etapes.append(
            EtapeFrise(
                majuscule(periode.nom),
                f"Du {jour_texte(periode.debut)} au {jour_texte(periode.fin)}",
                CE_QUI_SE_PASSE[NaturePhase(periode.nature)],
                statut,
            )
        )
    return etapes


CE_QUI_SE_PASSE: dict[NaturePhase, str] = {
    NaturePhase.IDEES: "Chacun propose des idées : en ligne, sur papier, par téléphone, en atelier.",
    NaturePhase.DISCUSSION: "Au forum et dans les quartiers, les idées sont discutées et réunies en projets.",
    NaturePhase.FAISABILITE: ici_plus_tard(
        "Les directions de la {metropole} disent si chaque projet est faisable, et ce qu’il coûte."
    ),
    NaturePhase.VOTE: "Les habitantes et habitants des quartiers votent.",
    NaturePhase.REALISATION: "Les projets lauréats sont réalisés, étape par étape.",
}


@dataclass(frozen=True, slots=True)
class Maintenant:
    """What may be done today, in words, and the next phase; said in the language of the page that shows them."""

    ici: Periode | None
    apres: Periode | None
    a_commence: bool
    permis: Sequence[str]

    @property
    def phrase(self) -> str:
        if self.ici:
            dits = {"phase": majuscule(gettext(self.ici.nom)), "jour": langues.jour(self.ici.fin)}
            return gettext("%(phase)s, jusqu’au %(jour)s") % dits
        if not self.apres:
            return gettext("Toutes les phases sont passées")
        return gettext("Entre deux phases") if self.a_commence else gettext("Bientôt")

    @property
    def ensuite(self) -> str:
        if not self.apres:
            return ""
        dits = {"phase": gettext(self.apres.nom), "jour": langues.jour(self.apres.debut)}
        return gettext("Ensuite : %(phase)s, à partir du %(jour)s.") % dits


def maintenant(budget: Budget, jour: date | None = None) -> Maintenant:
    jour = jour or timezone.localdate()
    periodes = budget.periodes
    return Maintenant(
        phases.en_cours(periodes, jour),
        phases.suivante(periodes, jour),
        bool(periodes) and periodes[0].debut <= jour,
        [str(Capacite(c).label) for c in Capacite.values if c in budget.capacites(jour)],
    )
