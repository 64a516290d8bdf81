"""Acts on routing: give a remontée by the rules, save a rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_nombre, champ_parmi
from participation.socle.francais import a_qui, enumerer, majuscule
from participation.socle.models import Commune, Compte, Direction, Quartier
from remontees.categories import choisir_categorie
from remontees.models import Categorie, ChangementDeRegle, RegleDeRoutage
from remontees.routage.lectures import essayer_regle
from remontees.workflow import Canal


@transaction.atomic
def enregistrer_regle(
    regle: RegleDeRoutage, *, par: Compte, directions: Sequence[Direction], vu: str, **champs: Any
) -> ChangementDeRegle:
    """Save a rule, new or not, with its former values. `vu`: last change that the page showed.

    Raises ErreurMetier when somebody changed it meanwhile, ValidationError.
    """
    avant: dict[str, str] = {}
    if regle.pk:
        avant = en_mots(RegleDeRoutage.objects.select_for_update(of=("self",)).get(pk=regle.pk))
        if vu != version_de(regle):
            raise ErreurMetier(
                "Quelqu’un a changé cette règle pendant que vous l’écriviez. Rien n’est enregistré : relisez son histoire, puis essayez de nouveau."
            )
    for champ, valeur in champs.items():
        setattr(regle, champ, valeur)
    regle.full_clean()
    deplacees = len(essayer_regle(regle, directions).deplacees)
    regle.save()
    regle.directions.set(directions)
    return ChangementDeRegle.objects.create(
        regle=regle, par=par, avant=avant, apres=en_mots(regle), deplacees=deplacees
    )


def version_de(regle: RegleDeRoutage) -> str:
    """Return the primary key of the last change; empty for a new rule."""
    if not regle.pk:
        return ""
    return str(regle.changements.values_list("pk", flat=True).first() or "")


def en_mots(regle: RegleDeRoutage) -> dict[str, str]:
    """Return the rule in words: the history stays readable when what it names is deleted."""
    return {
        "Ordre": str(regle.ordre),
        "Catégorie": regle.categorie.chemin if regle.categorie else "toutes",
        "Commune": str(regle.commune or "toutes"),
        "Quartier": str(regle.quartier or "tous"),
        "Canal": str(regle.get_canal_display()) if regle.canal else "tous",
        "Directions": enumerer(d.nom for d in regle.directions.order_by("nom")),
        "Agent": str(regle.referent or "aucun"),
        "Délai": str(regle.delai_jours) if regle.delai_jours is not None else "celui du règlement",
        "Appliquée": "oui" if regle.est_active else "non",
    }


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
    delai_jours = champ_nombre(
        "Délai de réponse (jours ouvrés)", "Vide : celui du règlement.", minimum=0, maximum=365, requis=False
    )
    ordre = champ_nombre(
        "Ordre",
        "La première règle qui convient est appliquée : la plus précise d’abord.",
        minimum=1,
        maximum=9999,
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
