"""Public pages of a budget: phases, idées, projets, figures. Never the authors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone

from contrat_ville.models import Budget, Idee, ProjetQuartier
from contrat_ville.regles import phases
from contrat_ville.workflow.inter_quartiers import (
    EN_PREPARATION,
    LAUREATS,
    SOUMIS_AU_VOTE,
    Capacite,
    EtatProjetQuartier,
    NaturePhase,
)
from participation.socle.filters import chercher
from participation.socle.francais import jour_texte, majuscule
from participation.socle.graphiques import Carte, EtapeFrise, Statut, Tuile
from participation.socle.models import Commune

P = EtatProjetQuartier
# Words of the filter, with their états.
ETATS_DES_PROJETS: dict[str, tuple[str, frozenset[str]]] = {
    "prepare": ("En préparation ou à l’étude", EN_PREPARATION - {P.INFAISABLE}),
    "vote": ("Soumis au vote", frozenset({P.AU_VOTE})),
    "laureat": ("Lauréats", LAUREATS),
    "realise": ("Réalisés", frozenset({P.REALISE})),
    "non": ("Non retenus ou non réalisables", frozenset({P.NON_RETENU, P.INFAISABLE, P.ABANDONNE})),
}
ETATS_PUBLICS = [("", "Tous"), *((cle, mot) for cle, (mot, _) in ETATS_DES_PROJETS.items())]
BORNES = (2, 4, 7, 11)


@dataclass(frozen=True, slots=True)
class Filtres:
    q: str = ""
    quartier: int | None = None
    commune: str = ""
    etat: str = ""

    def requete(self, **changes: Any) -> str:
        autre = replace(self, **changes)
        poses = {"q": autre.q, "quartier": autre.quartier or "", "etat": autre.etat}
        return urlencode({cle: valeur for cle, valeur in poses.items() if valeur})


def projets(budget: Budget, filtres: Filtres) -> Any:
    """Published projets that match the filters, by title."""
    trouves: Any = _filtrer(ProjetQuartier.objects.publics().filter(budget=budget.pk), filtres)
    if filtres.etat in ETATS_DES_PROJETS:
        trouves = trouves.filter(etat__in=sorted(ETATS_DES_PROJETS[filtres.etat][1]))
    return (
        trouves.annotate(combien=Count("idees", distinct=True))
        .prefetch_related("quartiers")
        .order_by("titre", "pk")
    )


def idees(budget: Budget, filtres: Filtres) -> Any:
    trouvees: Any = _filtrer(Idee.objects.publics().filter(budget=budget.pk), filtres)
    return (
        trouvees.select_related("projet_quartier").prefetch_related("quartiers").order_by("-ouvert_le", "-pk")
    )


def _filtrer(objets: Any, filtres: Filtres) -> Any:
    if filtres.quartier is not None:
        objets = objets.filter(quartiers=filtres.quartier)
    return chercher(objets, filtres.q) if filtres.q else objets


def carte(budget: Budget) -> Carte:
    """Published projets by commune. A projet in two communes counts in each."""
    nombres = dict(
        ProjetQuartier.objects.publics()
        .filter(budget=budget.pk, communes__isnull=False)
        .order_by()
        .values_list("communes")
        .annotate(n=Count("pk", distinct=True))
    )
    return Carte(
        [
            Tuile(c.code_insee, c.nom, c.sigle, c.tuile_x, c.tuile_y, nombres.get(c.code_insee, 0), None)
            for c in Commune.objects.all()
        ],
        titre="Projets par commune",
        unite="projets",
        bornes=BORNES,
    )


@dataclass(frozen=True, slots=True)
class ParQuartier:
    nom: str
    commune: str
    idees: int
    projets: int
    requete: str


def par_quartier(budget: Budget, quartiers: Iterable[Any]) -> list[ParQuartier]:
    """Number of published idées and projets in each quartier, for the table beside the map."""

    def compter(objets: Any) -> dict[int, int]:
        trouves = objets.filter(budget=budget.pk, quartiers__isnull=False).order_by()
        return dict(trouves.values_list("quartiers").annotate(n=Count("pk", distinct=True)))

    nombres_idees, nombres_projets = (
        compter(Idee.objects.publics()),
        compter(ProjetQuartier.objects.publics()),
    )
    return [
        ParQuartier(
            q.nom,
            str(q.commune),
            nombres_idees.get(q.pk, 0),
            nombres_projets.get(q.pk, 0),
            Filtres(quartier=q.pk).requete(),
        )
        for q in quartiers
    ]


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
    NaturePhase.FAISABILITE: "Les directions de la Métropole disent si chaque projet est faisable, et ce qu’il coûte.",
    NaturePhase.VOTE: "Les habitantes et habitants des quartiers votent.",
    NaturePhase.REALISATION: "Les projets lauréats sont réalisés, étape par étape.",
}


@dataclass(frozen=True, slots=True)
class Maintenant:
    """What may be done today, in words, and the next phase."""

    phrase: str
    permis: Sequence[str]
    ensuite: str = ""


def maintenant(budget: Budget, jour: date | None = None) -> Maintenant:
    jour = jour or timezone.localdate()
    periodes = budget.periodes
    ici, apres = phases.en_cours(periodes, jour), phases.suivante(periodes, jour)
    permis = [str(Capacite(c).label) for c in Capacite.values if c in budget.capacites(jour)]
    phrase = (
        f"{majuscule(ici.nom)}, jusqu’au {jour_texte(ici.fin)}"
        if ici
        else "Entre deux phases"
        if apres and periodes[0].debut <= jour
        else "Bientôt"
        if apres
        else "Toutes les phases sont passées"
    )
    ensuite = f"Ensuite : {apres.nom}, à partir du {jour_texte(apres.debut)}." if apres else ""
    return Maintenant(phrase, permis, ensuite)


def chiffres(budget: Budget) -> dict[str, int]:
    """Public figures: published idées and projets, projets put to the vote, winning projets."""
    lus = budget.projets.filter(est_publie=True).aggregate(
        projets=Count("pk"),
        au_vote=Count("pk", filter=Q(etat__in=sorted(SOUMIS_AU_VOTE))),
        laureats=Count("pk", filter=Q(etat__in=sorted(LAUREATS))),
    )
    return {"idees": Idee.objects.publics().filter(budget=budget.pk).count(), **lus}
