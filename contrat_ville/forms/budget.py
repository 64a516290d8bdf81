"""Form of the budget of a projet: both sides on one page, one row for each line."""

from decimal import Decimal
from typing import Any

from django import forms

from contrat_ville.actions.depot import Ligne
from contrat_ville.forms.depot import LIGNES_MAX, DepenseForm, RecetteForm
from contrat_ville.lectures.completude import initiales_du_budget, version_du_budget
from contrat_ville.lectures.dossier import budget_de
from contrat_ville.models import Partenaire, Projet
from contrat_ville.workflow.etats import Sens

VIDES = 2


class BudgetForm:
    """The two formsets of the budget. `vu`: version of the budget shown by the page."""

    def __init__(self, donnees: Any, *, projet: Projet) -> None:
        self.financeurs = {f.pk: f for f in Partenaire.objects.filter(est_financeur=True, est_actif=True)}
        self.depenses = self._cote(DepenseForm, donnees, projet, Sens.DEPENSE, {})
        self.recettes = self._cote(
            RecetteForm, donnees, projet, Sens.RECETTE, {"financeurs": list(self.financeurs.values())}
        )
        lu = budget_de(projet)
        self.totaux = {Sens.DEPENSE: lu.total_depenses, Sens.RECETTE: lu.total_recettes}
        self.general = forms.Form(donnees)
        self.version = version_du_budget(projet)
        self.vu = str(donnees.get("vu", "")) if donnees else self.version

    def _cote(self, ligne: Any, donnees: Any, projet: Projet, sens: str, options: dict[str, Any]) -> Any:
        # Only two empty lines, so that one side fits on a phone.
        deja = initiales_du_budget(projet, sens)
        jeu = forms.formset_factory(
            ligne, extra=VIDES, max_num=LIGNES_MAX, validate_max=True, absolute_max=LIGNES_MAX + 20
        )
        return jeu(donnees, prefix=sens, initial=deja, form_kwargs=options)

    @property
    def cotes(self) -> list[dict[str, Any]]:
        """Both sides with their titles, formsets and saved totals."""
        return [
            {"sens": sens.value, "titre": titre, "jeu": jeu, "total": self.totaux[sens]}
            for sens, titre, jeu in (
                (Sens.DEPENSE, "Dépenses", self.depenses),
                (Sens.RECETTE, "Recettes", self.recettes),
            )
        ]

    @property
    def en_faute(self) -> list[tuple[Any, str, int]]:
        """(field, title of its side, line number) of each error, for the list at the top of the page."""
        return [
            (champ, cote["titre"], rang)
            for cote in self.cotes
            for rang, form in enumerate(cote["jeu"], start=1)
            for champ in form.visible_fields()
            if champ.errors
        ]

    def is_valid(self) -> bool:
        return bool(self.depenses.is_valid() & self.recettes.is_valid()) and self.general.is_valid()

    def lignes(self) -> list[Ligne]:
        lignes = []
        for sens, jeu in ((Sens.DEPENSE, self.depenses), (Sens.RECETTE, self.recettes)):
            for form in jeu:
                if form.est_vide:
                    continue
                poste, montant = form.cleaned_data["poste"], form.cleaned_data["montant"]
                financeur = self.financeurs.get(int(poste[2:])) if poste.startswith("f:") else None
                lignes.append(
                    Ligne(
                        sens=sens,
                        poste=financeur.sous_poste or "74" if financeur else poste,
                        libelle=form.cleaned_data["libelle"],
                        montant=Decimal(montant),
                        financeur=financeur,
                    )
                )
        return lignes
