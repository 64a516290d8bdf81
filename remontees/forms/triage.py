"""Forms of the quick triage: category, destination, similar remontée."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import a_qui
from remontees.forms.categories import choisir_categorie
from remontees.lectures.routage import destination_de
from remontees.lectures.semblables import semblables
from remontees.models import Categorie, Remontee


class ClasserForm(ActeForm):
    objet: Remontee

    categorie: Any = champ_parmi(
        "Catégorie",
        Categorie.objects.none(),
        vide="À choisir",
        erreur="Choisissez une catégorie.",
        attributs={"class": "form-select"},
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"categorie": self.objet.categorie}

    def preparer(self) -> None:
        choisir_categorie(self)


class RouterForm(ActeForm):
    """Confirmation of the destination. `vu`: the one shown; when it changed, the new one is shown first."""

    objet: Remontee

    vu = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def preparer(self) -> None:
        self.destination = destination_de(self.objet)
        self.initial["vu"] = self.destination.vu if self.destination else ""

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.destination is not None and dit.get("vu") != self.destination.vu:
            donnees: Any = dict(self.data.items())
            self.data = donnees | {"vu": self.destination.vu}
            # Non-field error: an error on a hidden field would not be shown.
            raise ValidationError(
                f"La règle ou la remontée a changé depuis : elle irait maintenant {a_qui(self.destination.en_phrase)}."
                if dit.get("vu")
                else f"Relisez : elle irait {a_qui(self.destination.en_phrase)}."
            )
        return dit


class ReunirForm(ActeForm):
    objet: Remontee

    autre = champ_ligne(
        "Référence de l’autre remontée",
        "Par exemple REM-2026-0012. Si elle est déjà dans un sujet, c’est celui-là.",
        maximum=20,
        erreur="Donnez la référence de l’autre remontée.",
        court=True,
    )
    titre = champ_ligne(
        "Titre du sujet", "Ce dont il s’agit et où. Aucun nom de personne.", maximum=160, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        proche = next(iter(semblables(self.objet, 1)), None)
        return {"autre": proche.remontee.reference if proche else "", "titre": self.objet.titre}

    def clean_autre(self) -> Remontee:
        reference = str(self.cleaned_data["autre"]).strip().upper()
        visibles = Remontee.objects.visibles_par(self.par) if self.par else Remontee.objects.none()
        trouvee: Any = visibles.filter(reference=reference).first()
        if trouvee is None:
            raise ValidationError(f"Aucune remontée ne porte la référence « {reference} ».")
        if trouvee.pk == self.objet.pk:
            raise ValidationError("C’est la remontée que vous lisez : donnez la référence de l’autre.")
        autre: Remontee = trouvee
        return autre


class RenvoyerForm(ActeForm):
    objet: Remontee

    reponse = champ_texte(
        "Votre réponse",
        "L’adresse de la démarche est ajoutée à la fin si elle n’y est pas.",
        maximum=4000,
        lignes=8,
        erreur="Écrivez la réponse.",
    )

    def initiales(self) -> Mapping[str, Any]:
        categorie = self.objet.categorie
        if categorie is None or not categorie.adresse_demarche:
            return {}
        return {
            "reponse": "Votre demande vous concerne personnellement : une démarche en ligne la traite plus vite que nous, "
            f"et vous permet de suivre où elle en est.\n\n{categorie.adresse_demarche}"
        }


SignalerDiscriminationForm = demander_texte(
    "Ce qui le fait penser",
    aide="Lu des référents des discriminations seulement. Le Défenseur des droits peut aider la personne, gratuitement, si elle le veut.",
    maximum=2000,
    erreur="Dites ce qui le fait penser.",
)
LeverDiscriminationForm = demander_texte(
    "Pourquoi ce n’en est pas une", maximum=2000, erreur="Dites pourquoi ce n’en est pas une."
)
