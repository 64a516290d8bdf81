"""Open data of a budget: its idées and its projets, with where they are."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from participation.budgets.models import Budget, Idee, ProjetQuartier
from participation.budgets.trouver import budget_en_ligne
from participation.budgets.workflow.budget import CanalIdee, EtatIdee, EtatProjetQuartier
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type
from participation.socle.views.exports import version_de
from participation.socle.views.public.donnees_ouvertes import fichier, ouverte

FORMES = ("csv", "json", "geojson")
COMMUNS = (
    Champ("reference", "Référence, qui ne change jamais."),
    Champ("titre", "Titre."),
    Champ("texte", "Texte public."),
    Champ("url", "Adresse de la page publique.", Type.ADRESSE),
    Champ("quartiers", "Quartiers concernés.", Type.LISTE),
    Champ("communes", "Codes Insee de leurs communes.", Type.LISTE),
    Champ("lieu", "Lieu, en mots."),
    Champ("latitude", "Latitude (WGS 84).", Type.NOMBRE),
    Champ("longitude", "Longitude (WGS 84).", Type.NOMBRE),
)


def _communs(objet: Any, texte: str) -> dict[str, Any]:
    return {
        "reference": objet.reference,
        "titre": objet.titre,
        "texte": texte,
        "url": settings.SITE_URL + objet.get_public_url(),
        "quartiers": [q.nom for q in objet.quartiers.all()],
        "communes": [c.code_insee for c in objet.communes.all()],
        "lieu": objet.lieu,
        "latitude": objet.latitude,
        "longitude": objet.longitude,
    }


def _idees(budget: Budget) -> Iterator[dict[str, Any]]:
    idees: Any = Idee.objects.publics().filter(budget=budget.pk).select_related("projet_quartier", "budget")
    for idee in idees.prefetch_related("quartiers", "communes").order_by("pk"):
        yield {
            **_communs(idee, idee.texte_public),
            "canal": idee.canal,
            "etat": idee.etat,
            "projet": idee.projet_quartier.reference if idee.projet_quartier else None,
            "deposee_le": idee.ouvert_le,
        }


def _projets(budget: Budget) -> Iterator[dict[str, Any]]:
    projets: Any = ProjetQuartier.objects.publics().filter(budget=budget.pk)
    comptes = projets.select_related("budget", "direction").annotate(combien=Count("idees"))
    for projet in comptes.prefetch_related("quartiers", "communes").order_by("pk"):
        yield {
            **_communs(projet, projet.description),
            "etat": projet.etat,
            "faisabilite": projet.verdict or None,
            "motif_faisabilite": projet.motif_faisabilite or None,
            "cout": projet.cout,
            "depense": projet.depense,
            "idees": projet.combien,
            "direction": str(projet.direction) if projet.direction else None,
            "decide_le": projet.decide_le,
            "realise_le": projet.realise_le,
        }


def _lire(
    quoi: str,
    modele: Any,
    fiches: Callable[[Budget], Iterator[dict[str, Any]]],
    request: HttpRequest,
    pk: int,
) -> Contenu:
    budget = budget_en_ligne(pk)
    total, version = version_de(modele.objects.publics().filter(budget=budget.pk), "modifie_le")
    return Contenu(
        lambda: fiches(budget),
        total,
        version,
        nom=f"budget-{budget.pk}-{quoi}",
        entete=lambda: {"budget": budget.titre},
    )


def _fichiers(quoi: str) -> list[Fichiers]:
    return [
        Fichiers(
            {f: reverse(f"budgets:donnees_budget_{f}", args=[budget.pk, quoi]) for f in FORMES}, budget.titre
        )
        for budget in Budget.objects.publics().order_by("-pk")
    ]


def _exemple(fiches: Callable[[Budget], Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for budget in Budget.objects.publics().order_by("pk"):
        yield from fiches(budget)


JEUX = {
    "idees": JeuDeDonnees(
        cle="budgets-idees",
        titre="Budgets des quartiers : les idées",
        description="Les idées publiées de chaque budget, et le projet qui les reprend.",
        app="budgets",
        liste="idees",
        champs=(
            *COMMUNS,
            Champ("canal", "Par où elle est arrivée, en un mot de code."),
            Champ("etat", "Où elle en est, en un mot de code."),
            Champ("projet", "Référence du projet qui la reprend."),
            Champ("deposee_le", "Date et heure du dépôt.", Type.INSTANT),
        ),
        lire=partial(_lire, "idees", Idee, _idees),
        fichiers=partial(_fichiers, "idees"),
        exemple=partial(_exemple, _idees),
        valeurs=lambda: [
            *((f"etat = {e.value}", str(e.label)) for e in EtatIdee),
            *((f"canal = {c.value}", str(c.label)) for c in CanalIdee),
        ],
    ),
    "projets": JeuDeDonnees(
        cle="budgets-projets",
        titre="Budgets des quartiers : les projets",
        description="Les projets de chaque budget : faisabilité, coût, réalisation.",
        app="budgets",
        liste="projets",
        champs=(
            *COMMUNS,
            Champ("etat", "Où il en est, en un mot de code."),
            Champ("faisabilite", "Résultat de l’étude, en un mot de code."),
            Champ("motif_faisabilite", "Raisons de ce résultat."),
            Champ("cout", "Coût estimé, en euros.", Type.NOMBRE),
            Champ("depense", "Dépense faite, en euros.", Type.NOMBRE),
            Champ("idees", "Nombre d’idées reprises.", Type.ENTIER),
            Champ("direction", "Direction chargée."),
            Champ("decide_le", "Date et heure de la décision.", Type.INSTANT),
            Champ("realise_le", "Date et heure de la réalisation.", Type.INSTANT),
        ),
        lire=partial(_lire, "projets", ProjetQuartier, _projets),
        fichiers=partial(_fichiers, "projets"),
        exemple=partial(_exemple, _projets),
        valeurs=lambda: [(f"etat = {e.value}", str(e.label)) for e in EtatProjetQuartier],
    ),
}


def _des_deux(forme: str) -> Callable[..., HttpResponseBase]:
    vues = {quoi: fichier(jeu, forme) for quoi, jeu in JEUX.items()}

    def vue(request: HttpRequest, pk: int, quoi: str) -> HttpResponseBase:
        if quoi not in vues:
            raise Http404
        return vues[quoi](request, pk=pk)

    return ouverte(vue)


VUES = {forme: _des_deux(forme) for forme in FORMES}
