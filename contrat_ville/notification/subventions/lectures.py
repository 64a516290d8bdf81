"""Subsidies to publish by law: granted by the Métropole, notified, above the threshold of the règlement."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from contrat_ville.models import Financement, Partenaire, Porteur, ReglementSubventions
from contrat_ville.notification.subventions.regles import Subvention
from contrat_ville.workflow.etats import PUBLIABLES

PAR_PAQUET, MONTREES = 500, 30


def reglements() -> list[ReglementSubventions]:
    """Règlements that allow publication, the most recent first."""
    return list(ReglementSubventions.objects.exclude(siret_attribuant="").order_by("-en_vigueur_du"))


def a_publier(regles: list[ReglementSubventions]) -> Any:
    """Grants above the lowest threshold; `_subvention` then applies the règlement of its day.

    Collectifs of inhabitants are excluded: they are natural persons.
    """
    if not regles:
        return Financement.objects.none()
    return (
        Financement.objects.filter(
            Q(projet__porte_par__siret__isnull=False) | ~Q(projet__porte_par__rna=""),
            financeur__nature=Partenaire.Nature.METROPOLE,
            accorde__gt=min(regle.seuil for regle in regles),
            projet__etat__in=PUBLIABLES,
            projet__notifie_le__isnull=False,
        )
        .exclude(projet__porte_par__nature=Porteur.Nature.COLLECTIF)
        .select_related("projet__porte_par", "projet__programmation")
        .order_by("-projet__programmation__annee", "projet__reference", "pk")
    )


def fiches() -> Iterator[dict[str, str]]:
    regles = reglements()
    for financement in a_publier(regles).iterator(chunk_size=PAR_PAQUET):
        if (subvention := _subvention(financement, regles)) is not None:
            yield subvention.fiche()


def _subvention(financement: Financement, regles: list[ReglementSubventions]) -> Subvention | None:
    projet = financement.projet
    porteur, programmation = projet.porte_par, projet.programmation
    assert porteur is not None and projet.notifie_le is not None  # noqa: S101, PT018 the query ensures it
    convention = timezone.localdate(projet.notifie_le)
    regle = next((r for r in regles if r.regit(convention)), None)
    montant = financement.accorde or Decimal(0)
    if regle is None or montant <= regle.seuil:
        return None
    return Subvention(
        attribuant=regle.nom_attribuant,
        siret_attribuant=regle.siret_attribuant,
        convention=convention,
        reference=projet.reference or "",
        beneficiaire=porteur.nom,
        siret=porteur.siret or "",
        rna=porteur.rna,
        objet=projet.titre,
        montant=montant,
        est_echelonnee=Decimal(0) < financement.verse < montant,
        debut=projet.date_debut or date(programmation.annee, 1, 1),
        fin=projet.date_fin or date(programmation.annee, 12, 31),
        dispositif=f"Contrat de Ville, {programmation.titre}",
    )


def total(fiches: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(fiche["montant"]) for fiche in fiches), start=Decimal(0))
