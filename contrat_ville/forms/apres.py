"""Forms of the acts after the decision."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from contrat_ville.forms.indicateurs import IndicateursForm
from contrat_ville.forms.montants import ChampMontant
from contrat_ville.models import Accompagnement, Bilan, Financement, Porteur, Projet, Versement
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule, montant

ADRESSE_ENTIERE = "Écrivez l’adresse entière, ou laissez tout vide pour l’oublier."

AideForm = demander_texte(
    "De quoi avez-vous besoin", nom="texte", aide="Le service vous rappelle, ou vient vous voir.", lignes=5
)
CloreForm = demander_texte("Un mot pour l’équipe", nom="mot", facultatif=True)
AnnulerVersementForm = demander_texte("Pourquoi l’annuler", maximum=500, lignes=2)
DepublierForm = demander_texte("Pourquoi la retirer")


class ConventionForm(ActeForm):
    numero = champ_ligne("Numéro de la convention", maximum=60, court=True)
    date_signature = champ_jour("Signée le")


class VersementForm(ActeForm):
    objet: Projet

    financement = champ_parmi("Financeur", Financement.objects.none(), vide=None)
    montant = ChampMontant("Montant (€)")
    date = champ_jour("Versé le")
    reference = champ_ligne("Référence", "Numéro d’engagement ou de mandat.", requis=False, maximum=60)

    def preparer(self) -> None:
        possibles = self.objet.financements.filter(accorde__gt=0).select_related("financeur")
        self.choisir("financement", possibles)
        choix: Any = self.fields["financement"]
        choix.label_from_instance = lambda f: (
            f"{f.financeur.court} : {montant(f.verse)} versés sur {montant(f.accorde)}"
        )


class CorrigerVersementForm(ActeForm):
    objet: Versement

    montant = ChampMontant("Montant (€)")
    date = champ_jour("Versé le")
    reference = champ_ligne("Référence", "Numéro d’engagement ou de mandat.", requis=False, maximum=60)
    motif = champ_texte("Pourquoi cette correction", "Le journal la garde.", maximum=500, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in ("montant", "date", "reference")}


class DemanderBilanForm(ActeForm):
    date_limite = champ_jour("À rendre avant le")


class AdressePostaleForm(ActeForm):
    objet: Projet

    adresse = champ_ligne(
        "Numéro et rue", "Pour oublier une adresse, laissez tout vide.", maximum=200, requis=False
    )
    code_postal = forms.RegexField(
        r"^[0-9]{5}$",
        required=False,
        label="Code postal",
        widget=forms.TextInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
        error_messages={"invalid": "Un code postal a cinq chiffres."},
    )
    ville = champ_ligne("Ville", maximum=80, requis=False)

    def clean(self) -> dict[str, Any]:
        dits = super().clean() or {}
        manquent = [champ for champ in ("adresse", "code_postal", "ville") if dits.get(champ) == ""]
        for champ in manquent if len(manquent) < 3 else []:
            self.add_error(champ, ADRESSE_ENTIERE)
        return dits

    def ligne_montree(self) -> Porteur | None:
        return self.objet.porte_par

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.ligne, champ, "") for champ in ("adresse", "code_postal", "ville")}


class AccompagnementForm(ActeForm):
    nature = champ_choix(
        "Quoi",
        [(v, majuscule(t)) for v, t in Accompagnement.Nature.choices if v != Accompagnement.Nature.AIDE],
        boutons=True,
    )
    date = champ_jour("Quand")
    texte = champ_texte("Ce qui s’est dit, ce qui a été vu", maximum=4000, lignes=6)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": timezone.localdate()}


class RenvoyerBilanForm(ActeForm):
    motif = champ_texte("Ce qui manque", "L’équipe lit ces mots.", maximum=2000, lignes=4)
    date_limite = champ_jour("À compléter avant le")


MOTS_DU_BILAN = ("realise", "beneficiaires", "publics", "changements", "ecarts")


class BilanForm(IndicateursForm):
    """Bilan of a projet: texts, real amount of each line of the budget, result of each indicator."""

    objet: Projet

    realise = champ_texte("Ce que vous avez fait", maximum=8000, lignes=8)
    beneficiaires = forms.IntegerField(
        label="Combien de personnes, à peu près", required=False, min_value=0, max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
    )  # fmt: skip
    publics = champ_texte("Qui elles sont", requis=False, maximum=2000, lignes=3)
    changements = champ_texte("Ce que cela a changé", maximum=4000, lignes=5)
    ecarts = champ_texte("Ce qui a été différent du prévu, et pourquoi", requis=False, maximum=4000, lignes=4)

    def ligne_montree(self) -> Bilan | None:
        return getattr(self.objet, "bilan", None)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.ligne, champ) for champ in MOTS_DU_BILAN} if self.ligne else {}

    def preparer(self) -> None:
        self.lignes = list(self.objet.budget.select_related("financeur"))
        for ligne in self.lignes:
            self.fields[f"l{ligne.pk}"] = ChampMontant(
                f"{majuscule(ligne.get_sens_display())} : {ligne.financeur or ligne.intitule}",
                f"Prévu : {montant(ligne.montant)}.",
                requis=False,
            )
            self.initial[f"l{ligne.pk}"] = ligne.realise
        self.ajouter_indicateurs("realise")
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(*self.plan())

    def plan(self) -> list[Any]:
        """Return the layout: texts, amounts in two columns, indicators."""
        montants = [f"l{ligne.pk}" for ligne in self.lignes]
        rangees = [Row(*montants[rang : rang + 2]) for rang in range(0, len(montants), 2)]
        mots = Fieldset("Ce qui s’est passé", *(c for c in MOTS_DU_BILAN if c != "ecarts"))
        argent = Fieldset("Ce que cela a coûté, ligne par ligne", *rangees, "ecarts")
        indicateurs = [f"i{reponse.indicateur.pk}" for reponse in self.reponses]
        return [mots, argent, *([Fieldset("Les résultats", *indicateurs)] if indicateurs else [])]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["realises"] = {ligne.pk: donnees.pop(f"l{ligne.pk}", None) for ligne in self.lignes}
        donnees["indicateurs"] = self.reprendre_indicateurs(donnees)
        return donnees


class SaisirBilanForm(BilanForm):
    """Bilan received on paper and entered by an agent: same fields, with labels for an agent."""

    recu_le = champ_jour("Reçu le", erreur="Dites quel jour le papier est arrivé.")
    fichier = forms.FileField(
        label="Le papier, numérisé",
        help_text="Un PDF, ou une photo. Si un autre champ est à corriger, choisissez-le de nouveau.",
        error_messages={
            "required": "Joignez le papier numérisé : il reste au dossier.",
            "empty": "Ce fichier est vide.",
        },
    )

    def preparer(self) -> None:
        super().preparer()
        for champ, libelle in (
            ("realise", "Ce qui a été fait"),
            ("beneficiaires", "Combien de personnes, à peu près"),
            ("changements", "Ce que cela a changé"),
        ):
            self.fields[champ].label = libelle

    def plan(self) -> list[Any]:
        return [Fieldset("Le papier", Row("recu_le", "fichier")), *super().plan()]
