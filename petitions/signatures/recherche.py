"""People found by who manages the data of one person."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from participation.socle.regles.adresses import canoniser
from participation.socle.vitrine import PersonneTrouvee
from petitions.models import CoPetitionnaire, Petition, Signature
from petitions.signatures.regles import nom_canonique

PERSONNES_MONTREES = 20


def personnes_trouvees(mots: str) -> list[PersonneTrouvee]:
    """Co-pétitionnaires by name or address, and signers by whole address, for the search of agents.

    Pétitions that are not filed are left out. Signers are searched in every pétition, because a person who
    telephones does not always name it.
    """
    chaque = Q(petition__deposee_le__isnull=False, retire_le__isnull=True)
    for mot in mots.split()[:5]:
        chaque &= Q(nom__icontains=mot) | Q(prenom__icontains=mot) | Q(courriel__icontains=mot.lower())
    trouves = (
        CoPetitionnaire.objects.filter(chaque).select_related("petition").order_by("nom", "prenom", "pk")
    )
    return [
        PersonneTrouvee(
            str(un),
            un.courriel,
            f"co-pétitionnaire de « {un.petition.titre} »",
            un.petition.get_absolute_url(),
        )
        for un in trouves[:PERSONNES_MONTREES]
    ] + _signataires_trouves(mots)


def _signataires_trouves(mots: str) -> list[PersonneTrouvee]:
    if "@" not in mots:
        return _signataires_par_le_nom(mots)
    # The condition on pétitions lets PostgreSQL use the indexes, which begin with the pétition.
    trouvees = Signature.objects.filter(
        petition__in=Petition.objects.all(), courriel_canonique=canoniser(mots)
    )
    return [
        PersonneTrouvee(
            f"{une.prenom} {une.nom}",
            une.courriel or "",
            f"signataire de « {une.petition.titre} »",
            f"{reverse('petitions:signataires', args=[une.petition_id])}?{urlencode({'q': mots})}",
        )
        for une in trouvees.exclude(nom_canonique="").select_related("petition")[:PERSONNES_MONTREES]
    ]


def _signataires_par_le_nom(mots: str) -> list[PersonneTrouvee]:
    """Signers on paper by whole name, in any order: they have no address to be found by."""
    if len(mots.split()) < 2:
        return []
    # The lines of sheets have an index of their own, much smaller than the table.
    trouvees = Signature.objects.filter(feuille__isnull=False, nom_canonique=nom_canonique(mots, ""))
    return [
        PersonneTrouvee(
            f"{une.prenom} {une.nom}",
            "",
            f"signataire sur papier de « {une.petition.titre} »",
            f"{reverse('petitions:signataires', args=[une.petition_id])}?{urlencode({'q': mots})}",
        )
        for une in trouvees.select_related("petition").order_by("-pk")[:PERSONNES_MONTREES]
    ]
