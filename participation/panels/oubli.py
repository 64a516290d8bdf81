"""Erasure of a person from the panels: who registered, her notes of calls; the profile stays, counted with others."""

from datetime import timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from participation.panels.confirmation import courriers_de, effacer
from participation.panels.models import Equipier, Inscription, Panel, ReglementPanels
from participation.panels.preparation.contacts import tenir_contacts
from participation.panels.workflow import EtatPanel
from participation.socle.actions.oubli import Personne
from participation.socle.models import Courrier


def finis() -> QuerySet[Any, Any]:
    """Panels given up, or closed and made up longer ago than the retention period."""
    jours = ReglementPanels.actuel().conservation_jours
    passes = Panel.objects.filter(
        etat=EtatPanel.CLOS, date_constitution__lt=timezone.localdate() - timedelta(days=jours)
    )
    trouves: QuerySet[Any, Any] = passes | Panel.objects.filter(etat=EtatPanel.ABANDONNE)
    return trouves


def tient(panel: Panel) -> dict[str, QuerySet[Any, Any]]:
    return {
        "inscriptions": panel.inscriptions.filter(effacee_le=None),
        "adresses tirées": panel.adresses.all(),
        "refus": panel.refus_adresses.all(),
    }


def oublier_la_demarche(panel: Panel) -> None:
    """Erase who registered, in the panel and in its draw. Seats are acts of its instance; profiles stay, counted."""
    effacer(panel, list(panel.inscriptions.values_list("pk", flat=True)))
    panel.adresses.all().delete()
    panel.refus_adresses.all().delete()


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The letters on paper to her."""
    siennes = list(personne.dans(Inscription).values_list("pk", flat=True))
    return {Courrier: Q(pk__in=courriers_de(siennes).values("pk"))}


def oublier(personne: Personne) -> None:
    siennes = personne.dans(Inscription)
    panels: Any = Panel.objects.filter(
        Q(pk__in=siennes.values("panel")) | Q(pk__in=_quitter_les_equipes(personne))
    )
    for panel in panels:
        effacer(panel, list(siennes.filter(panel=panel).values_list("pk", flat=True)))
        tenir_contacts(panel)


def _quitter_les_equipes(personne: Personne) -> list[int]:
    """Take her out of the teams that still work: those whom she was to call get another contact. Return their panels."""
    if personne.compte is None:
        return []
    places = Equipier.objects.filter(compte=personne.compte)
    places = places.exclude(panel__etat__in=[EtatPanel.CLOS, EtatPanel.ABANDONNE])
    quittes = list(places.values_list("panel", flat=True))
    places.delete()
    return quittes
