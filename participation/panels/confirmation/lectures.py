"""The list of calls of a panel: who is drawn, what was tried, what is still to do."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from participation.panels.models import Inscription, Panel
from participation.panels.models.manques import RENONCENT, renoncants
from participation.panels.tables.lectures import SeanceDuPanel, seances
from participation.panels.workflow import Issue, Reponse
from participation.seances.models import Convie, Seance
from participation.socle.francais import accorder

ORDRE = {Reponse.A_APPELER: 0, Reponse.CONFIRMEE: 1, Reponse.REFUSEE: 2, Reponse.INJOIGNABLE: 3}


@dataclass(frozen=True, slots=True)
class LigneAppel:
    inscription: Inscription
    numero: str
    essais: str
    dernier: str
    est_a_rappeler: bool


def lignes(panel: Panel) -> list[LigneAppel]:
    """Return who sits, those to call first: who missed the last séance, whom her contact owes a call, the least tried."""
    assises = (
        panel.inscriptions.assises()
        .select_related("volontaire", "contact__compte")
        .prefetch_related("appels")
    )
    rappels = set(a_rappeler(panel).values_list("pk", flat=True)) if panel.instance_id else set()
    trouvees = []
    for inscription in assises:
        inscription.panel = panel
        numero = str(inscription.volontaire)
        appels = list(inscription.appels.all())
        trouvees.append(
            (
                (
                    inscription.pk not in rappels,
                    not inscription.retard_du_contact,
                    ORDRE[Reponse(inscription.reponse)],
                    inscription.contact_du_le is None,
                    len(appels),
                    numero,
                ),
                LigneAppel(
                    inscription,
                    numero,
                    accorder(len(appels), "essai") if appels else "pas encore appelée",
                    str(appels[0]) if appels else "",
                    inscription.pk in rappels,
                ),
            )
        )
    return [ligne for _, ligne in sorted(trouvees, key=lambda paire: paire[0])]


def a_rappeler(panel: Panel) -> Any:
    """Return who sits, was not at the last séance held, and was not called since."""
    derniere = (
        Seance.objects.filter(instance=panel.instance_id, levee_le__isnull=False)
        .order_by("debut", "pk")
        .last()
    )
    if derniere is None:
        return Inscription.objects.none()
    absents = Convie.objects.filter(seance=derniere, retire_le=None, presences=None)
    siennes = (
        panel.inscriptions.assises()
        .filter(membre__in=absents.values("membre"))
        .exclude(reponse__in=RENONCENT)
    )
    return siennes.exclude(appels__le__gte=derniere.levee_le)


def manque_de_monde(panel: Panel) -> SeanceDuPanel | None:
    """Return the last séance held, while fewer came than foreseen and an absent is still to call, or to replace."""
    tenues = [ligne for ligne in seances(panel) if ligne.seance.levee_le]
    if not tenues or not tenues[-1].est_sous_la_prevision:
        return None
    return tenues[-1] if renoncants(panel).exists() or a_rappeler(panel).exists() else None


def chiffres(panel: Panel) -> list[tuple[str, int]]:
    """Return how many gave each answer, then how many gave up for each reason."""
    combien = Counter(panel.inscriptions.assises().values_list("reponse", flat=True))
    return [(str(reponse.label), combien[reponse]) for reponse in Reponse if combien[reponse]]


def raisons(panel: Panel) -> list[tuple[str, int]]:
    """Return how many gave up for each reason, whoever replaced them."""
    siennes = panel.inscriptions.filter(appels__issue__in=[i for i in Issue if i.startswith("refus")])
    combien = Counter(siennes.values_list("appels__issue", flat=True))
    return [(str(issue.label), combien[issue]) for issue in Issue if combien[issue]]


def moyens_essayes(inscription: Inscription) -> int:
    return inscription.appels.order_by().values("moyen").distinct().count()
