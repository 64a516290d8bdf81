"""Bulk writes for a packet of dossiers. Row by row, a dossier would take about forty statements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.utils import timezone

from contrat_ville.actions.dauphin.rapprochement import Connus
from contrat_ville.actions.depot import RECEVABILITE, recevabilite_due
from contrat_ville.lectures.dauphin import DU_FINANCEMENT, FINANCEMENT
from contrat_ville.models import ActionDauphin, Financement, LigneBudget, Partenaire, Programmation, Projet
from contrat_ville.regles.nomenclature import DEPENSE
from participation.socle.actions import fixer_echeance_des_neufs, references_libres
from participation.socle.models import Quartier


@dataclass(slots=True)
class Ecritures:
    """`en_nombre`: several dossiers at once.

    The database checks the constraints and refuses all or nothing.
    """

    en_nombre: bool
    references: Iterator[str] | None = None
    budget: list[LigneBudget] = field(default_factory=list)
    financements: list[Financement] = field(default_factory=list)
    changes: list[Financement] = field(default_factory=list)
    actions: list[ActionDauphin] = field(default_factory=list)
    quartiers: list[Any] = field(default_factory=list)
    a_dire: dict[Programmation, list[Projet]] = field(default_factory=dict)

    def reference(self, projet: Projet) -> str:
        if self.references is None:
            self.references = references_libres(projet)
        return next(self.references)

    def retenir(self, action: ActionDauphin, vus: Mapping[str, Any]) -> None:
        """Keep the values read from Dauphin for the next comparison."""
        action.statut, action.vus, action.vu_le = vus.get("statut", ""), dict(vus), timezone.now()
        self.actions.append(action)

    def situer(self, projet: Projet, quartiers: list[Quartier]) -> None:
        """Add the quartiers of a new projet, which has none yet."""
        entre = Projet.quartiers.through
        self.quartiers += [entre(dossier_id=projet.pk, quartier_id=quartier.pk) for quartier in quartiers]

    def attendre(self, projet: Projet) -> None:
        """Open the échéance of the recevabilité of a new projet."""
        self.a_dire.setdefault(projet.programmation, []).append(projet)

    def ecrire(self) -> None:
        LigneBudget.objects.bulk_create(self.budget)
        Financement.objects.bulk_create(self.financements)
        Financement.objects.bulk_update(self.changes, ["demande", *DU_FINANCEMENT])
        ActionDauphin.objects.bulk_create(
            self.actions,
            update_conflicts=True,
            unique_fields=["projet"],
            update_fields=["code", "exercice", "statut", "vus", "vu_le"],
        )
        Projet.quartiers.through.objects.bulk_create(self.quartiers)
        for programmation, projets in self.a_dire.items():
            fixer_echeance_des_neufs(projets, RECEVABILITE, **recevabilite_due(programmation))
        for liste in (
            self.budget,
            self.financements,
            self.changes,
            self.actions,
            self.quartiers,
            self.a_dire,
        ):
            liste.clear()


@dataclass(slots=True)
class Argent:
    """Budget lines and amounts of each financer. The amounts have been checked by the rules."""

    lignes: list[LigneBudget] | None  # None: not in the file
    demandes: dict[int, Decimal]
    decisions: dict[int, dict[str, str]]

    @classmethod
    def lire(cls, donnees: Mapping[str, Any], connus: Connus) -> Self:
        argent = cls(None, {}, {})
        if donnees.get("lignes") is not None:
            argent._lire_lignes(donnees["lignes"], connus)
        for champ, valeur in donnees.items():
            if champ.startswith(FINANCEMENT):
                nom, _, quoi = champ.removeprefix(FINANCEMENT).rpartition(".")
                if quoi in DU_FINANCEMENT:
                    argent.decisions.setdefault(_financeur(nom, connus).pk, {})[quoi] = valeur
        return argent

    def _lire_lignes(self, lues: list[list[str]], connus: Connus) -> None:
        self.lignes = []
        for ordre, (sens, poste, libelle, somme, nom) in enumerate(lues):
            financeur = _financeur(nom, connus, poste) if nom else None
            montant = Decimal(somme)
            if financeur is not None:
                self.demandes[financeur.pk] = self.demandes.get(financeur.pk, Decimal(0)) + montant
            self.lignes.append(
                LigneBudget(
                    sens=sens, poste=poste, libelle=libelle, montant=montant, financeur=financeur, ordre=ordre
                )
            )

    def totaux(self) -> dict[str, Decimal]:
        """Return the totals to store on the projet; empty when the file has no budget lines."""
        if self.lignes is None:
            return {}
        depenses = (ligne.montant for ligne in self.lignes if ligne.sens == DEPENSE)
        return {
            "montant_total": sum(depenses, start=Decimal(0)),
            "montant_demande": sum(self.demandes.values(), start=Decimal(0)),
        }

    def poser(self, projet: Projet, ecritures: Ecritures, *, est_neuf: bool) -> None:
        """Add the rows to `ecritures`. The projet is new, or locked by the caller."""
        if self.lignes is not None and not est_neuf:
            projet.budget.all().delete()
        for ligne in self.lignes or ():
            ligne.projet = projet
            ecritures.budget.append(ligne)
        connus = {} if est_neuf else {f.financeur_id: f for f in projet.financements.all()}
        for financeur in {**self.demandes, **self.decisions}:
            financement = connus.get(financeur) or Financement(projet=projet, financeur_id=financeur)
            if self.lignes is not None:
                financement.demande = self.demandes.get(financeur, financement.demande)
            for quoi, valeur in self.decisions.get(financeur, {}).items():
                setattr(financement, quoi, valeur if quoi == "ej" else Decimal(valeur))
            (ecritures.changes if financement.pk else ecritures.financements).append(financement)
        if self.lignes is not None and not est_neuf:
            projet.financements.filter(propose__isnull=True, accorde__isnull=True).exclude(
                financeur__in=[*self.demandes, *self.decisions]
            ).delete()


def _financeur(nom: str, connus: Connus, poste: str = "") -> Partenaire:
    if trouve := connus.financeur(nom, poste):
        return trouve
    nouveau = Partenaire(
        nom=nom[:120], est_financeur=True, sous_poste=poste if poste.startswith("74") else ""
    )
    nouveau.full_clean()
    nouveau.save()
    connus.retenir_financeur(nouveau)
    return nouveau
