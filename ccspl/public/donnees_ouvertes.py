"""Open data about the published avis."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from ccspl.public.vues import PAR_PAQUET, publies
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type
from participation.socle.views.donnees_ouvertes import fichier, ouverte
from participation.socle.views.exports import version_de


def _fiches() -> Iterator[dict[str, Any]]:
    complets = publies().prefetch_related("preconisations__suite__direction", "preconisations__direction")
    return map(_fiche, complets.iterator(chunk_size=PAR_PAQUET))


def _fiche(avis: Any) -> dict[str, Any]:
    return {
        "reference": avis.reference,
        "titre": avis.titre,
        "service": avis.services,
        "objet": avis.get_objet_display(),
        "saisine": avis.get_saisine_display(),
        "sens": avis.get_sens_display(),
        "etat": avis.get_etat_display(),
        "adopte_le": _jour(avis.adopte_le),
        "transmis_le": _jour(avis.transmis_le),
        "repondu_le": _jour(avis.repondu_le),
        "deliberation": avis.deliberation,
        "adresse": settings.SITE_URL + avis.get_public_url(),
        "reponses": avis.reponses,
        "synthese": avis.synthese,
        "preconisations": [_preconisation(p) for p in avis.preconisations.all()],
    }


def _jour(instant: Any) -> Any:
    return timezone.localdate(instant) if instant else None


def _preconisation(p: Any) -> dict[str, Any]:
    return {
        "numero": p.numero,
        "texte": p.texte,
        "direction": str(p.suite.direction if p.suite else p.direction or ""),
        "suite": p.suite.get_etat_display() if p.suite else None,
        "reponse": p.suite.texte_public if p.suite else "",
        "raison": p.suite.motif if p.suite else "",
    }


def _lire(request: HttpRequest) -> Contenu:
    _, version = version_de(publies(), "modifie_le", "preconisations__suite__modifiee_le")
    return Contenu(_fiches, publies().count(), version)


JEU = JeuDeDonnees(
    cle="avis-ccspl",
    titre="Avis de la CCSPL",
    description="Les avis publiés de la Commission consultative des services publics locaux, leurs préconisations et les réponses reçues.",
    app="ccspl",
    liste="avis",
    champs=(
        Champ("reference", "Référence de l’avis, par exemple AVI-2026-0003."),
        Champ("titre", "Sur quoi porte l’avis."),
        Champ("service", "Service public concerné, ou plusieurs, séparés par une virgule et « et »."),
        Champ("objet", "Ce qui est examiné : projet, rapport, saisine…"),
        Champ("saisine", "Qui a demandé l’avis."),
        Champ("sens", "Sens de l’avis."),
        Champ("etat", "Où en est l’avis, en clair."),
        Champ("adopte_le", "Jour de l’adoption.", Type.JOUR),
        Champ("transmis_le", "Jour de l’envoi aux directions et aux élus.", Type.JOUR),
        Champ("repondu_le", "Jour de la dernière réponse attendue.", Type.JOUR),
        Champ("deliberation", "Délibération qui a suivi."),
        Champ("adresse", "Adresse de la page publique.", Type.ADRESSE),
        Champ("preconisations", "Nombre de préconisations.", Type.ENTIER, seulement="csv"),
        Champ("reponses", "Nombre de préconisations qui ont reçu une réponse.", Type.ENTIER),
        Champ("synthese", "L’essentiel de l’avis, en quelques phrases.", seulement="json"),
        Champ(
            "preconisations",
            "Les préconisations : numéro, texte, direction, suite, réponse, raison.",
            seulement="json",
        ),
    ),
    lire=_lire,
    fichiers=lambda: [
        Fichiers({forme: reverse("ccspl:donnees_avis", args=[forme]) for forme in ("csv", "json")})
    ],
    exemple=_fiches,
    page=reverse_lazy("ccspl:avis_liste"),
)
VUES = {forme: fichier(JEU, forme) for forme in ("csv", "json")}


@ouverte
def donnees_avis(request: HttpRequest, extension: str) -> HttpResponseBase:
    return VUES[extension](request)
