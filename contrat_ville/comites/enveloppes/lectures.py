"""Enveloppes of a programmation: parts granted, what goes over, what stands against a projet."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q
from django.utils import timezone

from contrat_ville.comites.enveloppes import regles
from contrat_ville.comites.enveloppes.regles import Demande, Faits, reproches
from contrat_ville.models import Financement, Programmation, Projet
from contrat_ville.workflow.etats import ACCOMPAGNES, Etat
from participation.socle.calendrier import ajouter_mois
from participation.socle.regles.montants import MAXIMUM

# États whose granted amounts count in the envelopes. A closed projet still counts.
COMPTES = ACCOMPAGNES | {Etat.CLOS}


def enveloppes_de(programmation: Programmation) -> list[regles.Enveloppe]:
    return [
        regles.Enveloppe(e.pk, e.financeur_id, e.axe_id, e.quartier_id, e.montant, str(e))
        for e in programmation.enveloppes.select_related("financeur", "axe", "quartier")
    ]


def parts_de(financements: Iterable[tuple[Projet, int, Decimal]]) -> list[regles.Part]:
    """Convert (projet, financer, amount) to the format of the rules. One query for all the quartiers."""
    lus = list(financements)
    quartiers = quartiers_de({projet.pk for projet, _, _ in lus})
    return [
        regles.Part(projet.pk, financeur, projet.axe_id, quartiers.get(projet.pk, ()), montant)
        for projet, financeur, montant in lus
    ]


def quartiers_de(projets: Iterable[int]) -> dict[int, tuple[int, ...]]:
    lies: Any = Projet.quartiers.through
    lus: dict[int, tuple[int, ...]] = {}
    for dossier, quartier in (
        lies.objects.filter(dossier__in=list(projets))
        .order_by("quartier")
        .values_list("dossier_id", "quartier_id")
    ):
        lus[dossier] = (*lus.get(dossier, ()), quartier)
    return lus


def parts_accordees(programmation: Programmation, sauf: Iterable[int] = ()) -> list[regles.Part]:
    """Amounts already granted, except to the projets `sauf`."""
    accordes: Any = (
        Financement.objects.filter(
            Q(projet__programmation=programmation, accorde__gt=0, projet__etat__in=sorted(COMPTES))
        )
        .exclude(projet__in=list(sauf))
        .annotate(
            axe=F("projet__axe"),
            lieux=ArrayAgg("projet__quartiers", filter=Q(projet__quartiers__isnull=False)),
        )
    )
    return [
        regles.Part(f.projet_id, f.financeur_id, f.axe, tuple(f.lieux or ()), f.accorde) for f in accordes
    ]


def phrases_de_trop(
    programmation: Programmation, parts: Iterable[regles.Part], noms: Mapping[int, str]
) -> list[str]:
    """Return, in sentences, the envelopes exceeded by these parts.

    The amounts already granted to other projets are added. `noms`: names of the financers, by pk.
    """
    voulues = list(parts)
    enveloppes = enveloppes_de(programmation)
    toutes = [*parts_accordees(programmation, {p.projet for p in voulues}), *voulues]
    phrases = [d.phrase for d in regles.depassements(enveloppes, toutes)]
    for part in regles.hors_enveloppe(enveloppes, voulues):
        phrase = f"{noms[part.financeur]} n’a pas d’enveloppe pour cet axe ou ces quartiers."
        if phrase not in phrases:
            phrases.append(phrase)
    return phrases


def restes_de(projet: Projet) -> dict[int, Decimal]:
    """Return {financer: most that the envelopes leave for the projet}; without those that have no envelope."""
    enveloppes = enveloppes_de(projet.programmation)
    prises = regles.consommations(enveloppes, parts_accordees(projet.programmation, {projet.pk}))
    return {
        part.financeur: regles.reste_pour(enveloppes, prises, part, MAXIMUM)
        for part in parts_de((projet, f.financeur_id, MAXIMUM) for f in projet.financements.all())
        if any(enveloppe.financeur == part.financeur for enveloppe in enveloppes)
    }


def montants_et_restes(projet: Projet) -> list[tuple[Financement, Decimal | None]]:
    """Each financement, with what its envelopes leave for the projet; None without envelope, or once supported."""
    restes = {} if projet.etat in ACCOMPAGNES else restes_de(projet)
    return [(f, restes.get(f.financeur_id)) for f in projet.financements.avec_financeur()]


def reproches_du_projet(projet: Projet, champ: str = "accorde") -> list[str]:
    """Warnings of the règlement about the amounts granted to the projet, or proposed (`champ`)."""
    bilans = bilans_dus({projet.porte_par_id} if projet.porte_par_id else set())
    return reproches(
        Faits(
            cout=projet.montant_total,
            demandes=[
                Demande(f.financeur.court, f.demande, getattr(f, champ) or Decimal(0))
                for f in projet.financements.select_related("financeur")
            ],
            part_maximale=projet.programmation.part_maximale,
            bilans=[ref for ref, pk in bilans.get(projet.porte_par_id or 0, ()) if pk != projet.pk],
        )
    )


def bilans_dus(porteurs: set[int]) -> dict[int, list[tuple[str, int]]]:
    """(reference, pk) of the projets whose bilan is late, by porteur."""
    dus: dict[int, list[tuple[str, int]]] = {}
    en_attente: Any = Projet.objects.filter(porte_par__in=porteurs, etat=Etat.BILAN_ATTENDU).select_related(
        "programmation"
    )
    for projet in en_attente:
        limite = projet.date_fin and ajouter_mois(projet.date_fin, projet.programmation.delai_bilan_mois)
        if limite is not None and limite < timezone.localdate():
            dus.setdefault(projet.porte_par_id, []).append((projet.reference or "", projet.pk))
    return dus
