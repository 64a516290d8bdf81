"""Form of a routing rule."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_parmi
from participation.socle.francais import a_qui, majuscule
from participation.socle.models import Commune, Compte, Direction, Quartier
from remontees.actions.routage import version_de
from remontees.forms.categories import choisir_categorie
from remontees.models import Categorie, RegleDeRoutage
from remontees.workflow import Canal


class RegleForm(ActeForm):
    """An empty choice means any. `vu`: last change that the page showed.

    Refuses a quartier of another commune.
    """

    objet: RegleDeRoutage

    categorie: Any = champ_parmi(
        "Catégorie",
        Categorie.objects.none(),
        "Un thème vaut pour tout ce qu’il contient.",
        requis=False,
        vide="Toutes",
    )
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Toutes")
    quartier: Any = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Tous"
    )
    canal = champ_choix(
        "Canal", [("", "Tous"), *((c.value, majuscule(c.label)) for c in Canal)], requis=False
    )
    directions: Any = forms.ModelMultipleChoiceField(
        label="Directions",
        queryset=Direction.objects.filter(est_active=True),
        help_text="Plusieurs : chacune reçoit sa part.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez une direction au moins."},
    )
    referent: Any = champ_parmi(
        "Agent chargé du suivi", Compte.objects.none(), requis=False, vide="Aucun en particulier"
    )
    delai_jours = forms.IntegerField(
        label="Délai de réponse (jours ouvrés)",
        help_text="Vide : celui du règlement.",
        required=False,
        min_value=0,
        max_value=365,
    )
    ordre = forms.IntegerField(
        label="Ordre",
        help_text="La première règle qui convient est appliquée : la plus précise d’abord.",
        min_value=1,
        max_value=9999,
        error_messages={"required": "Donnez un nombre."},
    )
    est_active = champ_case("Règle appliquée", requis=False)
    vu = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def initiales(self) -> Mapping[str, Any]:
        noms = ("categorie", "commune", "quartier", "canal", "referent", "delai_jours", "ordre", "est_active")
        valeurs = {nom: getattr(self.objet, nom) for nom in noms}
        return {
            **valeurs,
            "directions": self.objet.directions.all() if self.objet.pk else [],
            "vu": version_de(self.objet),
        }

    def preparer(self) -> None:
        choisir_categorie(self)
        self.choisir("referent", Compte.objects.agents_du_service())

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        quartier, commune = dit.get("quartier"), dit.get("commune")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            raise ValidationError({"quartier": f"Ce quartier n’est pas {a_qui(commune.en_phrase)}."})
        return dit
