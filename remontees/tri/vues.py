"""Queue of the triage, one remontée at a time, its quick acts, and accuracy of the classifier."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.francais import a_qui, enumerer
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page
from participation.socle.workflow import Role
from remontees.models import Apprentissage, Categorie, Remontee
from remontees.routage import actes as routage
from remontees.routage.classement import proposees, semblables
from remontees.routage.lectures import deja_donnee, destination_de, organisme_propose
from remontees.tri import actes, drapeaux, lectures, rapprochement
from remontees.tri.actes import ClasserForm
from remontees.tri.lectures import dire_a_qui, dire_ce_qui_part, dire_le_masque
from remontees.trouver import images_de

A_COTE = ("categorie__parent", "categorie__direction", "categorie__organisme", "commune", "quartier", "agent")


@reserve_a(Role.AGENT)
@require_safe
def trier(request: RequeteConnectee) -> HttpResponse:
    """Queue page.

    `?apres=`: the one after this; `?depuis=`: this one if still in the queue, else the next.
    """
    question = lectures.question_de(request.GET.get("question", ""))
    file = question.filtrer(Remontee.objects.visibles_par(request.user)).select_related(*A_COTE)
    depuis, apres = _numero(request, "depuis"), _numero(request, "apres")
    remontee = file.filter(pk=depuis).first() if depuis else None
    if remontee is None:
        remontee = lectures.suivante(file, apres or depuis, qui=request.user)
    comptes = lectures.compter(request.user)
    contexte: dict[str, Any] = {
        "question": question,
        "questions": lectures.Rangees(comptes, question.cle),
        "combien": next((c.nombre for c in comptes if c.question is question), 0),
        "remontee": remontee,
    }
    if depuis and (remontee is None or remontee.pk != depuis):
        contexte["geste"] = lectures.geste_a_defaire(depuis, request.user)
    if remontee is not None:
        contexte["aussi_lue_par"] = lectures.prendre(remontee, request.user)
        contexte |= _ce_qui_aide(request, remontee, question.cle)
    return render(request, "remontees/tri/trier.html", contexte)


def _numero(request: RequeteConnectee, nom: str) -> int | None:
    valeur = request.GET.get(nom, "")
    # At most 18 digits: a primary key fits in 64 bits.
    return int(valeur) if valeur.isdecimal() and len(valeur) < 19 else None


def _ce_qui_aide(request: RequeteConnectee, remontee: Remontee, question: str) -> dict[str, Any]:
    ici = f"{reverse('remontees:trier')}?{urlencode({'question': question, 'depuis': remontee.pk})}"
    destination, vraisemblables = destination_de(remontee), proposees(remontee)
    return {
        "retour": urlencode({"retour": ici}),
        "suivante": f"?{urlencode({'question': question, 'apres': remontee.pk})}",
        "proposees": vraisemblables,
        "semblables": semblables(remontee),
        "destination": destination,
        "masque": dire_le_masque(remontee),
        "organisme": organisme_propose(remontee, vraisemblables),
        "form_categorie": ClasserForm(objet=remontee, par=request.user),
        "rapporteur": getattr(remontee, "rapporteur", None),
        "pieces": images_de(remontee),
        "permis": remontee.actes_permis_a(request.user),
    }


@reserve_a(Role.AGENT)
@require_safe
def apprentissage(request: RequeteConnectee) -> HttpResponse:
    """Accuracy of the proposals, measured on unseen texts."""
    derniers = list(Apprentissage.objects.defer("modele")[:12])
    dernier = derniers[0] if derniers else None
    noms = Categorie.objects.select_related("parent").in_bulk()
    lignes = [
        (noms[int(cle)].chemin, mesurees, premiere, parmi_trois)
        for cle, (mesurees, premiere, parmi_trois) in (dernier.par_categorie if dernier else {}).items()
        if int(cle) in noms
    ]
    return render(
        request,
        "remontees/tri/apprentissage.html",
        {"dernier": dernier, "derniers": derniers, "lignes": sorted(lignes, key=lambda ligne: -ligne[1])},
    )


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
        return deja_donnee(remontee) or (
            "Aucune règle ne dit à qui la donner : revenez, et choisissez vous-même le service."
        )
    return dire_ce_qui_part(
        remontee,
        f"{destination.pourquoi} : elle va {a_qui(destination.en_phrase)}, qui reçoit ce qui a été dit",
    )


def apres_le_circuit(remontee: Remontee, fait: Any) -> str:
    """After a discrimination, return to the queue: the agent may no longer read the remontée."""
    return remontee.get_absolute_url() if not remontee.est_discrimination else reverse("remontees:trier")


GABARIT = "remontees/tri/acte_de_tri.html"


DU_TRI: dict[str, Page[Remontee]] = {
    "classer": Page(
        drapeaux.classer,
        actes.ClasserForm,
        gabarit=GABARIT,
        contexte=avec_les_categories,
        succes=lambda remontee, _: f"Catégorie de {remontee.reference} : {remontee.categorie.chemin}.",  # type: ignore[union-attr]
    ),
    "router": Page(
        routage.router,
        actes.RouterForm,
        dire_la_destination,
        gabarit=GABARIT,
        contexte=ce_qui_aide,
        succes=lambda remontee, parts: (
            f"{remontee.reference} est donnée à {enumerer(part.en_phrase for part in parts)}."
        ),
    ),
    "reunir": Page(
        rapprochement.reunir,
        rapprochement.ReunirForm,
        "Une seule réponse pour toutes les deux. Vous pourrez détacher l’une ou l’autre.",
        gabarit=GABARIT,
        contexte=avec_les_semblables,
        succes=lambda remontee, sujet: f"{remontee.reference} est dans le sujet {sujet.reference}.",
    ),
    "renvoyer": Page(
        drapeaux.renvoyer, actes.RenvoyerForm, dire_a_qui, gabarit=GABARIT, contexte=ce_qui_aide
    ),
    "signaler_discrimination": Page(
        drapeaux.signaler_discrimination,
        actes.SignalerDiscriminationForm,
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
        actes.LeverDiscriminationForm,
        "Elle revient au tri : tous les agents du service la lisent.",
        gabarit=GABARIT,
        contexte=ce_qui_aide,
    ),
}
