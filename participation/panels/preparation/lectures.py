"""What a panel lacks: the size of its mailing, its time left, who is missing among the registered."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from participation.panels.models import Panel
from participation.panels.preparation import regles
from participation.panels.preparation.regles import Envoi, Etape
from participation.socle.models import Compte


def etapes(panel: Panel) -> list[Etape]:
    regle = panel.regle
    lignes = (
        regle.etapes.filter(voie=panel.voie).values_list("cle", "libelle", "jours_avant") if regle.pk else []
    )
    return regles.retroplanning(panel.date_premiere_seance, lignes)


def envois(panel: Panel) -> list[Envoi]:
    strates = [(s.nom, s.population, s.places, s.taux) for s in panel.strates.all()]
    return regles.envois(strates, panel.regle.volontaires_par_place)


def retard(panel: Panel) -> str:
    """Say that the first session is too near for the steps still to do; "" when it is not."""
    faites = set(panel.echeances.filter(faite_le__isnull=False).values_list("cle", flat=True))
    restent = [etape for etape in etapes(panel) if cle_d_etape(etape.cle) not in faites]
    return regles.retard(restent, timezone.localdate())


def sans_etape(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    dues = panel.echeances.ouvertes().filter(cle__startswith=cle_d_etape(""))
    return [] if dues.exists() else ["Chaque étape prévue est faite."]


def cle_d_etape(cle: str) -> str:
    return f"etape-{cle}"


@dataclass(frozen=True, slots=True)
class Manque:
    """A value of a category: who may be drawn, who is hoped for, and the minimum of the draw."""

    categorie: str
    valeur: str
    inscrits: int
    esperes: int
    minimum: int

    @property
    def part(self) -> float:
        return min(1.0, self.inscrits / self.esperes) if self.esperes else 1.0

    @property
    def est_bloquant(self) -> bool:
        return self.inscrits < self.minimum

    @property
    def a_faire(self) -> str:
        if self.est_bloquant:
            return (
                f"Il en faut {self.minimum} au moins : écrivez de nouveau à ces personnes, ou allez les voir."
            )
        return "Relancez ces personnes." if self.inscrits < self.esperes else "Assez d’inscrits."


def qui_manque(panel: Panel) -> list[Manque]:
    """Return each value of each category, those that lack most first."""
    if panel.tirage is None:
        return []
    profils = panel.inscriptions.tirables_une_fois_lues().values_list("profil", flat=True)
    combien = Counter((c, v) for profil in profils for c, v in profil.items())
    par_place = panel.regle.volontaires_par_place
    lignes = [
        Manque(q.categorie, q.valeur, combien[q.categorie, q.valeur], q.minimum * par_place, q.minimum)
        for q in panel.tirage.quotas.all()
    ]
    return sorted(lignes, key=lambda ligne: (not ligne.est_bloquant, ligne.part))
