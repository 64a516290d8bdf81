"""Requests that wait for an answer of the team of a projet, from the service or another team."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min

from contrat_ville.models import Commentaire, Projet, Voisin
from contrat_ville.workflow.etats import A_INSTRUIRE, EN_EXAMEN, PUBLIABLES
from participation.socle.francais import accorder
from participation.socle.models import Demande


@dataclass(frozen=True, slots=True)
class Attente:
    quoi: str
    url: str
    depuis: datetime
    date_limite: date | None = None


def attentes_de(projets: Sequence[Projet]) -> dict[int, list[Attente]]:
    """Requests waiting for the team, by projet. Three queries, whatever the number of projets."""
    par_cle = {projet.pk: projet for projet in projets}
    lues: defaultdict[int, list[Attente]] = defaultdict(list)
    for demande in Demande.objects.filter(
        dossier__in=[p.pk for p in projets if p.etat in A_INSTRUIRE],
        nature=Demande.Nature.COMPLEMENT,
        repondue_le=None,
        annulee_le=None,
    ):
        url = f"{par_cle[demande.dossier_id].get_porteur_url()}#a-completer"
        lues[demande.dossier_id].append(
            Attente("Compléter le projet", url, demande.ouverte_le, demande.date_limite)
        )
    for cle, combien, depuis in _par_projet(
        Commentaire.objects.filter(etat=Commentaire.Etat.OUVERT), projets, EN_EXAMEN, "ecrit_le"
    ):
        quoi = f"Répondre à {accorder(combien, 'commentaire')} du service"
        lues[cle].append(Attente(quoi, f"{par_cle[cle].get_porteur_url()}#commentaires", depuis))
    for cle, combien, depuis in _par_projet(
        Voisin.objects.filter(etat=Voisin.Etat.RECU), projets, PUBLIABLES, "depuis_le"
    ):
        quoi = f"Répondre à {accorder(combien, 'équipe qui demande', 'équipes qui demandent')} un contact"
        lues[cle].append(Attente(quoi, f"{par_cle[cle].get_reseau_url()}#contacts", depuis))
    return dict(lues)


def _par_projet(lignes: Any, projets: Sequence[Projet], ici: frozenset[str], jour: str) -> Any:
    """(projet, number, oldest date), for the projets whose team may answer.

    A projet decided and not notified is left out: the request would reveal the decision.
    """
    cles = [p.pk for p in projets if p.etat in ici and not p.decision_tue]
    return (
        lignes.filter(projet__in=cles)
        .order_by("projet")
        .values_list("projet")
        .annotate(combien=Count("pk"), depuis=Min(jour))
    )
