"""Pages of the acts of triage, with a link back to the queue."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from participation.socle.francais import a_qui, enumerer
from participation.socle.http import RequeteConnectee
from participation.socle.views.pages import Page
from remontees.actions import drapeaux, regroupement, routage
from remontees.forms import triage as questions
from remontees.lectures.categories import proposees
from remontees.lectures.consequences import dire_a_qui, dire_ce_qui_part
from remontees.lectures.routage import destination_de
from remontees.lectures.semblables import semblables
from remontees.models import Remontee


def ce_qui_aide(request: RequeteConnectee, remontee: Remontee, form: Any) -> Mapping[str, Any]:
    """Context of the template: the remontée beside the form."""
    return {"remontee": remontee, "semblables": [], "proposees": []}


def avec_les_semblables(request: RequeteConnectee, remontee: Remontee, form: Any) -> Mapping[str, Any]:
    return {"remontee": remontee, "semblables": semblables(remontee), "proposees": []}


def avec_les_categories(request: RequeteConnectee, remontee: Remontee, form: Any) -> Mapping[str, Any]:
    return {"remontee": remontee, "semblables": [], "proposees": proposees(remontee)}


def dire_la_destination(remontee: Remontee) -> str:
    destination = destination_de(remontee)
    if destination is None:
        return "Aucune règle ne dit à qui la donner : revenez, et choisissez vous-même le service."
    return dire_ce_qui_part(
        remontee,
        f"{destination.pourquoi} : elle va {a_qui(destination.en_phrase)}, qui reçoit ce qui a été dit",
    )


def apres_le_circuit(remontee: Remontee, fait: Any) -> str:
    """After a discrimination, return to the queue: the agent may no longer read the remontée."""
    return remontee.get_absolute_url() if not remontee.est_discrimination else reverse("remontees:trier")


GABARIT = "remontees/acte_de_tri.html"
DU_TRI: dict[str, Page[Remontee]] = {
    "classer": Page(
        drapeaux.classer,
        questions.ClasserForm,
        gabarit=GABARIT,
        contexte=avec_les_categories,
        succes=lambda remontee, _: f"Catégorie de {remontee.reference} : {remontee.categorie.chemin}.",  # type: ignore[union-attr]
    ),
    "router": Page(
        routage.router,
        questions.RouterForm,
        dire_la_destination,
        gabarit=GABARIT,
        contexte=ce_qui_aide,
        succes=lambda remontee, parts: (
            f"{remontee.reference} est donnée à {enumerer(part.en_phrase for part in parts)}."
        ),
    ),
    "reunir": Page(
        regroupement.reunir,
        questions.ReunirForm,
        "Une seule réponse pour toutes les deux. Vous pourrez détacher l’une ou l’autre.",
        gabarit=GABARIT,
        contexte=avec_les_semblables,
        succes=lambda remontee, sujet: f"{remontee.reference} est dans le sujet {sujet.reference}.",
    ),
    "renvoyer": Page(
        drapeaux.renvoyer, questions.RenvoyerForm, dire_a_qui, gabarit=GABARIT, contexte=ce_qui_aide
    ),
    "signaler_discrimination": Page(
        drapeaux.signaler_discrimination,
        questions.SignalerDiscriminationForm,
        "Seuls les référents des discriminations la lisent désormais : ni les services, ni les autres agents. Ils orientent la personne, avec son accord.",
        gabarit=GABARIT,
        contexte=ce_qui_aide,
        retour=apres_le_circuit,
        succes=lambda remontee, _: (
            f"{remontee.reference} est au circuit des discriminations : ses référents sont prévenus."
        ),
    ),
    "lever_discrimination": Page(
        drapeaux.lever_discrimination,
        questions.LeverDiscriminationForm,
        "Elle revient au tri : tous les agents du service la lisent.",
        gabarit=GABARIT,
        contexte=ce_qui_aide,
    ),
}
