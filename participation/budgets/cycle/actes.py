"""A budget and its phases: prepared, published, moved, closed; its forms."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.budgets import phases
from participation.budgets.conservation.lectures import AUTEURS, auteurs_a_effacer
from participation.budgets.models import AuteurIdee, Budget, Idee, Phase
from participation.budgets.phases import Periode
from participation.budgets.workflow.budget import EtatIdee, NaturePhase
from participation.droits.eliminations.actes import eliminee
from participation.socle.actions import avancer, exiger
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_nombre, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import Compte, Courriel
from participation.socle.views.pages import Page, acte


def dire_la_cloture(budget: Budget) -> str:
    fin = "Plus rien ne change. Le délai de conservation des coordonnées des auteurs commence."
    if budget.est_au_bout:
        return fin
    phase = budget.phrase_de_phase().rstrip(".")
    return f"Ce budget n’est pas fini ({phase}) : une fois clos, on n’y dépose plus d’idée et on n’y vote plus. {fin}"


class BudgetForm(ActeForm):
    titre = champ_ligne("Titre", "Par exemple « Budget des quartiers 2027 ».", maximum=120)
    annee = champ_nombre("Année", minimum=2024, maximum=2100)
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


@acte(
    Page[Budget](
        form=BudgetForm,
        consequence="Personne ne le voit avant que vous le publiiez.",
        succes="Budget préparé. Fixez maintenant les dates des phases.",
        retour=lambda budget, fait: budget.get_absolute_url() if fait else reverse("budgets:budgets"),
        contexte=lambda *_: {"sujet": ""},
    )
)
def preparer_budget(
    budget: Budget, *, par: Compte, titre: str, annee: int, montant: Decimal, texte: str, regles: str = ""
) -> Budget:
    """Create a draft, not visible before its publication."""
    champs = {"titre": titre, "annee": annee, "montant": montant, "texte": texte, "regles": regles}
    avancer(budget, "preparer_budget", par=par, champs=champs)
    return budget


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


@acte(Page[Budget](form=ModifierBudgetForm))
def modifier_budget(budget: Budget, *, par: Compte, motif: str = "", **champs: Any) -> None:
    """Change the texts or the amount.

    Once published, a new amount needs a reason, and the line of the journal is public.
    """
    avant = budget.montant
    est_public = budget.est_public and champs.get("montant", avant) != avant
    if est_public and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la somme change : c’est public."})
    avancer(budget, "modifier_budget", par=par, champs=champs, motif=motif, est_publique=est_public)


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


@acte(
    Page[Budget](
        form=FixerPhasesForm,
        consequence="Cinq phases, dans cet ordre, jamais deux le même jour. Ce qui peut être fait chaque jour en découle.",
    )
)
@transaction.atomic
def fixer_phases(budget: Budget, *, par: Compte, dates: Mapping[str, tuple[date, date]]) -> None:
    """Set all the phases, before the publication. Raises ValidationError when they are not in order."""
    pas = exiger(budget, "fixer_phases", par=par)
    defauts = phases.defauts(Periode(nature, *bornes) for nature, bornes in dates.items())
    if defauts:
        raise ValidationError(defauts)
    budget.phases.all().delete()
    for nature, (debut, fin) in dates.items():
        phase = Phase(budget=budget, nature=nature, date_debut=debut, date_fin=fin)
        phase.full_clean()
        phase.save()
    pas.avancer(details={nature: [d.isoformat(), f.isoformat()] for nature, (d, f) in dates.items()})


class DeplacerPhaseForm(ActeForm):
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour("Dernier jour")
    motif = champ_texte("Pourquoi", "Public : la raison est lue avec les dates.", maximum=1000, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {"date_debut": self.objet.date_debut, "date_fin": self.objet.date_fin}


@acte(
    Page[Phase](
        form=DeplacerPhaseForm,
        consequence="Les nouvelles dates et la raison sont publiques. Les autres phases gardent leurs dates.",
    )
)
@transaction.atomic
def deplacer_phase(phase: Phase, *, par: Compte, date_debut: date, date_fin: date, motif: str) -> None:
    """Change the dates of a phase that is not over, with a public reason.

    Raises ValidationError if they overlap another phase, or change the first day of a phase already begun.
    """
    pas = exiger(phase, "deplacer_phase", par=par)
    jour = timezone.localdate()
    if (date_debut, date_fin) == (phase.date_debut, phase.date_fin):
        raise ValidationError({"date_debut": "Ce sont déjà les dates de cette phase."})
    if phase.date_debut <= jour and date_debut != phase.date_debut:
        raise ValidationError({"date_debut": "La phase a commencé : son premier jour ne change plus."})
    if date_fin < jour:
        raise ValidationError({"date_fin": "Ce jour est passé. Choisissez aujourd’hui ou plus tard."})
    autres = [p for p in phase.budget.periodes if p.nature != phase.nature]
    if defauts := phases.defauts([*autres, Periode(phase.nature, date_debut, date_fin)]):
        raise ValidationError(defauts)
    nom = NaturePhase(phase.nature).label
    pas.avancer(
        champs={"date_debut": date_debut, "date_fin": date_fin},
        fait=f"Phase « {nom} » : du {jour_texte(date_debut)} au {jour_texte(date_fin)}",
        motif=motif.strip(),
        details={"avant": [phase.date_debut.isoformat(), phase.date_fin.isoformat()]},
    )


@acte(
    Page[Budget](
        consequence="La page du budget et ses dates deviennent publiques. Ensuite, une date ne change qu’avec une raison publique."
    )
)
def publier_budget(budget: Budget, *, par: Compte) -> None:
    avancer(budget, "publier_budget", par=par)


@acte(
    Page[Budget](form=demander_texte("Un mot de bilan, public", facultatif=True), consequence=dire_la_cloture)
)
def clore_budget(budget: Budget, *, par: Compte, motif: str = "") -> None:
    avancer(budget, "clore_budget", par=par, champs={"clos_le": timezone.now()}, motif=motif)


@acte(
    Page[Budget](
        consequence=lambda budget: (
            f"{accorder(auteurs_a_effacer(budget).count(), 'personne')} : nom, adresse, téléphone et lettres sont "
            "effacés sans retour. Les idées restent."
        )
    )
)
@transaction.atomic
def effacer_auteurs(budget: Budget, *, par: Compte) -> int:
    """Erase the authors of the idées and their letters. The idées stay. Return the number of authors."""
    pas = exiger(budget, "effacer_auteurs", par=par)
    auteurs = list(auteurs_a_effacer(budget).values_list("pk", "idee"))
    oublier_auteurs([pk for pk, _ in auteurs])
    eliminee(AUTEURS, budget.pk, len(auteurs))
    Courriel.objects.filter(dossier__in={idee for _, idee in auteurs}).delete()
    pas.avancer(
        fait=f"Coordonnées effacées : {accorder(len(auteurs), 'auteur')}", details={"nombre": len(auteurs)}
    )
    return len(auteurs)


def oublier_auteurs(numeros: list[int]) -> None:
    AuteurIdee.objects.filter(pk__in=numeros).update(
        nom="", courriel="", telephone="", confirme_le=None, efface_le=timezone.now()
    )
    # The position is personal as long as no agent has read the idée.
    Idee.objects.filter(auteurs__in=numeros, etat=EtatIdee.A_LIRE).update(latitude=None, longitude=None)
