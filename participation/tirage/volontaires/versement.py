"""Volunteers who registered elsewhere (a panel's registrations, the candidates of a renewal), poured into a draw and found again after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from participation.socle.actions.avancer import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte
from participation.socle.regles.tableaux import simplifier
from participation.tirage.models import Tirage, Volontaire

FAUTES_MONTREES = 10


@dataclass(frozen=True, slots=True)
class Inscrit:
    """Somebody to pour. `origine` is the row she comes from, « panels.inscription:12 »; `profil`: her value in each category.

    A value is recognised without its case and accents. Categories that the quotas do not name are not kept.
    `langue`: in which she registered, and reads her letters.
    """

    origine: str
    profil: Mapping[str, str]
    nom: str = ""
    courriel: str = ""
    telephone: str = ""
    foyer: str = ""
    langue: str = FRANCAIS


@transaction.atomic
def verser(tirage: Tirage, inscrits: Iterable[Inscrit], *, par: Compte) -> int:
    """Make the volunteers of other rows exactly these: new ones enter, known ones are written again, the others leave.

    Who was imported or entered in the draw itself stays. Return how many were poured. Raises ActeInterdit once the
    list is frozen, ErreurMetier when a value is in no quota: then nothing changes.
    """
    pas = exiger(tirage, "importer_volontaires", par=par)
    connues = valeurs_connues(tirage)
    fautes, lus = [], {}
    for inscrit in inscrits:
        profil = {}
        for categorie, valeurs in connues.items():
            dite = inscrit.profil.get(categorie, "")
            valeur = valeurs.get(simplifier(dite) or dite)
            if valeur is None:
                fautes.append(
                    f"{inscrit.nom or inscrit.origine}, {categorie} : « {dite[:60] or 'vide'} » n’est dans aucun quota."
                )
                continue
            profil[categorie] = valeur
        lus[inscrit.origine] = Volontaire(
            tirage=tirage,
            origine=inscrit.origine,
            profil=profil,
            nom=inscrit.nom,
            courriel=inscrit.courriel,
            telephone=inscrit.telephone,
            foyer=inscrit.foyer,
            langue=inscrit.langue,
        )
    if not connues:
        fautes = ["Écrivez d’abord les quotas du tirage : ils disent quelles catégories comptent."]
    if fautes:
        suite = len(fautes) - FAUTES_MONTREES
        reste = f" Et {accorder(suite, 'autre faute', 'autres fautes')}." if suite > 0 else ""
        raise ErreurMetier(" ".join(fautes[:FAUTES_MONTREES]) + reste)
    tirage.volontaires.exclude(origine="").delete()
    Volontaire.objects.bulk_create(lus.values(), batch_size=1000)
    pas.avancer(fait=accorder(len(lus), "inscription versée", "inscriptions versées"))
    return len(lus)


def valeurs_connues(tirage: Tirage) -> dict[str, dict[str, str]]:
    """Return, for each category of the quotas, its values as they are written there, by their simplified name."""
    connues: dict[str, dict[str, str]] = {}
    for quota in tirage.quotas.all():
        connues.setdefault(quota.categorie, {})[simplifier(quota.valeur) or quota.valeur] = quota.valeur
    return connues
