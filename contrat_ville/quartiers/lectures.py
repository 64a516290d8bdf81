"""Page of a quartier: figures, projets, focus groups."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from contrat_ville.models import GroupeDiscussion, ParticipantGroupe, Projet, SuiviQuartier
from contrat_ville.models.evaluation import SOUTENUS
from contrat_ville.workflow import EtatGroupe
from participation.socle.francais import nombre, pluriel
from participation.socle.models import Combien, Compte, Quartier
from participation.socle.vitrine import Chiffre, ChiffresCles
from participation.suites.models import Suite

PROJETS_MONTRES = 30


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Projets filed, open and supported."""
    deposes: Any = Projet.objects.deposes().filter(quartiers=quartier)
    comptes = _compter(deposes)
    # Link a figure to its list only if the account sees the same number there.
    lus = comptes if compte.est_agent else _compter(deposes.visibles_par(compte))
    adresse = f"{reverse('contrat_ville:projets')}?quartier={quartier.pk}"
    listes = {"tous": adresse, "ouverts": f"{adresse}&ouverts=oui", "soutenus": f"{adresse}&sort=soutenus"}
    url = {cle: liste if lus[cle] == comptes[cle] else "" for cle, liste in listes.items()}
    return ChiffresCles(
        "contrat_ville",
        "Contrat de Ville",
        [
            Chiffre(nombre(comptes["tous"]), f"projet{pluriel(comptes['tous'])} déposé{pluriel(comptes['tous'])}", url["tous"]),
            Chiffre(nombre(comptes["ouverts"]), "en cours de suivi", url["ouverts"]),
            Chiffre(nombre(comptes["soutenus"]), f"soutenu{pluriel(comptes['soutenus'])}", url["soutenus"]),
        ],
        "Les projets déposés depuis le début. « Soutenu » : la décision est notifiée.",
    )  # fmt: skip


def _compter(projets: Any) -> dict[str, int]:
    comptes: dict[str, int] = projets.aggregate(
        tous=Count("pk"), ouverts=Count("pk", filter=Q(clos_le__isnull=True)), soutenus=Count("pk", filter=SOUTENUS)
    )  # fmt: skip
    return comptes


@dataclass(frozen=True, slots=True)
class ProjetsDuQuartier:
    """The projets that the account may open (the most recent ones), and the number of all."""

    lus: list[Projet]
    combien_lus: int
    combien: int
    liste: str


def projets_du_quartier(quartier: Quartier, compte: Compte) -> ProjetsDuQuartier:
    tous: Any = Projet.objects.deposes().filter(quartiers=quartier)
    lisibles = tous.visibles_par(compte)
    lus = list(lisibles.select_related("porte_par", "axe", "programmation")[:PROJETS_MONTRES])
    liste = f"{reverse('contrat_ville:projets')}?quartier={quartier.pk}" if lus else ""
    return ProjetsDuQuartier(
        lus, lisibles.count() if len(lus) == PROJETS_MONTRES else len(lus), tous.count(), liste
    )


def groupes_du_quartier(suivi: SuiviQuartier) -> "QuerySet[GroupeDiscussion]":
    """Groups with the number of participants, of suites asked and of suites answered."""
    groupes: Any = suivi.groupes.exclude(etat=EtatGroupe.ANNULE)
    suites: Any = Suite.objects.filter(dossier=OuterRef("pk"))
    trouves: QuerySet[GroupeDiscussion] = groupes.annotate(
        personnes=Combien(ParticipantGroupe.objects.filter(groupe=OuterRef("pk"))),
        demandees=Combien(suites),
        repondues=Combien(suites.filter(repondue_le__isnull=False)),
    )
    return trouves


def quartiers_suivis(compte: Compte) -> "QuerySet[SuiviQuartier]":
    """Quartiers visible to `compte`, its own first, with the numbers of projets and of groups to summarise."""
    deposes: Any = Projet.objects.deposes()
    trouves: Any = (
        SuiviQuartier.objects.visibles_par(compte)
        .select_related("quartier__commune")
        .prefetch_related("referents")
        .annotate(
            sien=Exists(compte.quartiers_suivis.filter(pk=OuterRef("pk"))),
            projets=Combien(deposes.filter(quartiers=OuterRef("quartier"))),
            a_resumer=Combien(GroupeDiscussion.objects.filter(suivi=OuterRef("pk"), etat=EtatGroupe.TENU)),
        )
        .order_by("-sien", "quartier__commune__cle_tri", "quartier__nom")
    )
    suivis: QuerySet[SuiviQuartier] = trouves
    return suivis
