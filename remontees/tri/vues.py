"""Queue of the triage, one remontée at a time, its quick acts, and accuracy of the classifier."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role
from remontees.models import Apprentissage, Categorie, Remontee
from remontees.routage.classement import proposees, semblables
from remontees.routage.lectures import destination_de, organisme_propose
from remontees.tri import lectures
from remontees.tri.drapeaux import ClasserForm
from remontees.tri.lectures import dire_le_masque
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
