"""Budget of a projet: lines of expense and of income, and the form of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction

from contrat_ville import regles as nomenclature
from contrat_ville.instruction.dossier import budget_de, initiales_du_budget, version_du_budget
from contrat_ville.models import Financement, LigneBudget, Partenaire, Projet
from contrat_ville.regles import choix, cout
from contrat_ville.workflow import Sens
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.montants import ChampMontant
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """A line of a budget, typed or imported."""

    sens: str
    poste: str
    montant: Decimal
    libelle: str = ""
    financeur: Partenaire | None = None


@transaction.atomic
def ecrire_budget(projet: Projet, *, par: Compte, lignes: Sequence[LigneSaisie], vu: str = "") -> None:
    """Replace the whole budget.

    `vu`: the version shown by the page. Raises ErreurMetier when another window changed the budget since.
    """
    exiger(projet, "enregistrer_brouillon", par=par)
    if vu and vu != version_du_budget(projet):
        raise ErreurMetier(
            "Quelqu’un de l’équipe a changé le budget pendant que vous l’écriviez. Rien n’est enregistré : ouvrez-le dans un "
            "autre onglet, reprenez ce qui doit l’être, puis enregistrez de nouveau depuis là."
        )
    poser_budget(projet, lignes)


def poser_budget(projet: Projet, lignes: Sequence[LigneSaisie]) -> None:
    """Write the lines, the cost and the amounts asked of each financer.

    The caller holds the lock of the projet.
    """
    a_ecrire = [
        LigneBudget(
            projet=projet,
            sens=ligne.sens,
            poste=ligne.poste,
            libelle=ligne.libelle,
            montant=ligne.montant,
            financeur=ligne.financeur,
            ordre=ordre,
        )
        for ordre, ligne in enumerate(lignes)
    ]
    for ligne in a_ecrire:
        ligne.full_clean(exclude=["projet", "financeur"], validate_unique=False)
    projet.budget.all().delete()
    LigneBudget.objects.bulk_create(a_ecrire)
    poser_financements(projet, lignes)


def poser_financements(projet: Projet, lignes: Sequence[LigneSaisie]) -> None:
    demandes: dict[int, Decimal] = {}
    for ligne in lignes:
        if ligne.financeur is not None:
            demandes[ligne.financeur.pk] = demandes.get(ligne.financeur.pk, Decimal(0)) + ligne.montant
    # A financer no longer asked, and that proposed or granted nothing, is removed.
    projet.financements.filter(propose__isnull=True, accorde__isnull=True).exclude(
        financeur__in=demandes
    ).delete()
    for financeur, demande in demandes.items():
        Financement.objects.update_or_create(
            projet=projet, financeur_id=financeur, defaults={"demande": demande}
        )
    projet.montant_total = cout(
        (ligne.poste, ligne.montant) for ligne in lignes if ligne.sens == Sens.DEPENSE
    )
    projet.montant_demande = sum(demandes.values(), start=Decimal(0))
    projet.save(update_fields=["montant_total", "montant_demande", "modifie_le"])


LIGNES_MAX = 80


class LigneForm(forms.Form):
    """A line of one side of the budget. An empty line is ignored."""

    use_required_attribute = False
    poste = forms.ChoiceField(label="Poste", required=False, choices=())
    libelle = forms.CharField(label="Précision", required=False, max_length=160)
    montant = ChampMontant("Montant (€)", requis=False)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if self.errors or self.est_vide:
            return donnees
        if not donnees.get("poste"):
            seule = donnees.get("montant") is None
            self.add_error(
                "poste",
                "Choisissez le poste, ou effacez la précision." if seule else "Dites de quoi il s’agit.",
            )
        elif donnees.get("montant") is None:
            self.add_error("montant", "Écrivez le montant.")
        return donnees

    @property
    def est_vide(self) -> bool:
        donnees = getattr(self, "cleaned_data", {})
        return donnees.get("montant") is None and not any(map(donnees.get, ("poste", "libelle")))


class DepenseForm(LigneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        poste: Any = self.fields["poste"]
        poste.choices = [("", "Choisissez"), *choix(nomenclature.DEPENSE)]


class RecetteForm(LigneForm):
    """A line of receipt: a financer of the contrat (« f:12 », with its pk), or another receipt."""

    def __init__(self, *args: Any, financeurs: Sequence[Partenaire], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        poste: Any = self.fields["poste"]
        poste.choices = [
            ("", "Choisissez"),
            ("Financeurs du Contrat de Ville", [(f"f:{f.pk}", f.nom) for f in financeurs]),
            *choix(nomenclature.RECETTE),
        ]


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
        self.lus = {Sens.DEPENSE: lu.depenses, Sens.RECETTE: lu.recettes}
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
            {"sens": sens.value, "titre": titre, "jeu": jeu, "lu": self.lus[sens]}
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

    def lignes(self) -> list[LigneSaisie]:
        lignes = []
        for sens, jeu in ((Sens.DEPENSE, self.depenses), (Sens.RECETTE, self.recettes)):
            for form in jeu:
                if form.est_vide:
                    continue
                poste, montant = form.cleaned_data["poste"], form.cleaned_data["montant"]
                financeur = self.financeurs.get(int(poste[2:])) if poste.startswith("f:") else None
                lignes.append(
                    LigneSaisie(
                        sens=sens,
                        poste=financeur.sous_poste or "74" if financeur else poste,
                        libelle=form.cleaned_data["libelle"],
                        montant=Decimal(montant),
                        financeur=financeur,
                    )
                )
        return lignes
