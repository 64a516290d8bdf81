"""Forms of an inter-quartier budget: texts, amount, dates of its phases."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from contrat_ville.forms.montants import ChampMontant
from contrat_ville.regles import phases
from contrat_ville.workflow.inter_quartiers import NaturePhase
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_texte
from participation.socle.francais import majuscule


class BudgetForm(ActeForm):
    titre = champ_ligne("Titre", "Par exemple « Budget des dix quartiers 2027 ».", maximum=120)
    annee = forms.IntegerField(label="Année", min_value=2024, max_value=2100)
    montant = ChampMontant("Somme à répartir (€)", positif=True)
    texte = champ_texte(
        "Présentation", "Ce que c’est, qui peut participer, en phrases simples.", maximum=4000
    )
    regles = champ_texte(
        "Règles des idées",
        "Ce qu’une idée doit respecter : une règle par ligne.",
        maximum=3000,
        lignes=4,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"annee": timezone.localdate().year + 1}


class ModifierBudgetForm(BudgetForm):
    motif = champ_texte(
        "Pourquoi la somme change",
        "Demandé si la somme change une fois le budget publié. Public.",
        maximum=1000,
        lignes=2,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in ("titre", "annee", "montant", "texte", "regles")}


class FixerPhasesForm(ActeForm):
    """First and last day of each phase. `clean` returns them as `dates`, by phase."""

    def preparer(self) -> None:
        actuelles = {p.nature: p for p in self.objet.periodes}
        for nature in NaturePhase:
            for bout, mot in (("debut", "du"), ("fin", "au")):
                champ = champ_jour(f"{majuscule(nature.label)}, {mot}", erreur="Donnez ce jour.")
                champ.widget.attrs["class"] = "champ-court"
                self.fields[f"{nature}_{bout}"] = champ
                if nature in actuelles:
                    self.initial[f"{nature}_{bout}"] = getattr(actuelles[nature], bout)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.errors:
            return dit
        dates = {str(n): (dit[f"{n}_debut"], dit[f"{n}_fin"]) for n in NaturePhase}
        for phrase in phases.defauts(phases.Periode(n, *bornes) for n, bornes in dates.items()):
            self.add_error(None, phrase)
        return {"dates": dates}


class DeplacerPhaseForm(ActeForm):
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour("Dernier jour")
    motif = champ_texte("Pourquoi", "Public : la raison est lue avec les dates.", maximum=1000, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {"date_debut": self.objet.date_debut, "date_fin": self.objet.date_fin}
