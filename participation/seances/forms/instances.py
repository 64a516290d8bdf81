"""Forms of instances, règlements, mandatures and collèges, and the filters of the calendar."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.apps import apps
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from participation.seances.models import College, Instance, Mandature, ReglementInstance
from participation.seances.workflow import Part
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_choix, champ_jour, champ_parmi
from participation.socle.francais import majuscule
from participation.socle.models import Dossier

PARTS_DE_DEMANDE = [
    (Part.AUCUNE, "Un membre suffit"),
    (Part.TIERS, "Un tiers des membres"),
    (Part.MOITIE, "La moitié des membres"),
    (Part.MAJORITE, "Plus de la moitié des membres"),
    (Part.DEUX_TIERS, "Les deux tiers des membres"),
    (Part.UNANIMITE, "Tous les membres"),
]


def plan(form: forms.BaseForm, *elements: Any) -> FormHelper:
    """Return the layout of a form whose <form> tag and CSRF token are in the page's template."""
    aide = FormHelper(form)
    aide.form_tag = False
    aide.disable_csrf = True
    aide.layout = Layout(*elements)
    return aide


class ColonnesForm(ActeForm):
    """A form made from the columns of a model. `LIBELLES`: names and labels of the columns.

    The action checks the rules of the model, under its lock.
    """

    MODELE: ClassVar[type[models.Model]]
    LIBELLES: ClassVar[Mapping[str, str]]
    WIDGETS: ClassVar[Mapping[str, forms.Widget]] = {}
    ERREURS: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def initiales(self) -> Mapping[str, Any]:
        """Return the values of the row, when the act changes one."""
        if not isinstance(self.objet, self.MODELE) or self.objet.pk is None:
            return {}
        return {nom: getattr(self.objet, nom) for nom in self.LIBELLES}

    def preparer(self) -> None:
        colonnes = forms.fields_for_model(
            self.MODELE,
            fields=list(self.LIBELLES),
            labels=self.LIBELLES,  # type: ignore[arg-type]  # the stubs ask for a dict
            widgets=self.WIDGETS,  # type: ignore[arg-type]
            error_messages=self.ERREURS,  # type: ignore[arg-type]
        )
        self.fields = {nom: champ for nom, champ in colonnes.items() if champ is not None} | self.fields


class InstanceForm(ColonnesForm):
    MODELE = Instance
    LIBELLES = {
        "nom": "Nom",
        "sigle": "Nom court",
        "cle": "Clé",
        "fondement": "Fondement",
        "presentation": "Présentation",
        "app": "Domaine",
        "est_publique": "Instance publique",
        "ouvre_le_bureau": "Ses membres instruisent des dossiers",
        "est_active": "Instance active",
        "ordre_du_jour_type": "Ordre du jour type",
    }
    WIDGETS = {
        "ordre_du_jour_type": forms.Textarea(attrs={"rows": 5}),
        "fondement": forms.Textarea(attrs={"rows": 2}),
        "presentation": forms.Textarea(attrs={"rows": 3}),
    }
    ERREURS = {
        "nom": {"required": "Donnez un nom à l’instance."},
        "sigle": {"required": "Donnez un nom court, pour les listes et les agendas."},
        "cle": {
            "required": "Donnez une clé, qui sert dans les adresses.",
            "unique": "Une autre instance a cette clé.",
        },
        "fondement": {"required": "Dites ce qui fonde l’instance : loi, délibération."},
    }

    def preparer(self) -> None:
        super().preparer()
        self.fields["app"] = champ_choix("Domaine", _domaines, "Il donne sa couleur à l’instance.")
        if self.objet.pk:
            del self.fields["cle"]  # URLs and feeds that people keep contain it
        else:
            del self.fields["est_active"]


def _domaines() -> list[tuple[str, str]]:
    """Return « Toute la participation », then each app that has dossiers."""
    configs = {modele._meta.app_config for modele in Dossier.natures().values()}
    siens = [(c.label, capfirst(str(c.verbose_name))) for c in apps.get_app_configs() if c in configs]
    return [("metropole", "Toute la participation"), *siens]


class ReglementForm(ColonnesForm):
    """A new version of the règlement, filled in from the version in force."""

    annonces_fin = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=36),
        label="Fin de mandat annoncée, en mois avant",
        required=False,
        help_text="Au membre et au service. Des nombres séparés par des virgules : 6, 3, 1.",
        error_messages={"item_invalid": "Écrivez des nombres de mois séparés par des virgules : 6, 3, 1."},
    )

    MODELE = ReglementInstance
    LIBELLES = {
        "version": "Version",
        "en_vigueur_du": "En vigueur du",
        "source": "Source",
        "delai_convocation": "Délai de convocation",
        "unite_delai": "Compté en",
        "delai_urgence": "Délai en cas d’urgence",
        "quorum": "Quorum",
        "base_quorum": "Calculé sur",
        "quorum_par_college": "Le quorum est demandé dans chaque collège",
        "distance_compte": "Les présents à distance comptent",
        "pouvoirs_comptent": "Les pouvoirs comptent dans le quorum",
        "seconde_sans_quorum": "Après une seconde convocation, le quorum n’est plus demandé",
        "delai_seconde": "Délai de la seconde convocation, en jours",
        "pouvoirs_par_personne": "Pouvoirs par personne",
        "pouvoir_entre_colleges": "Un pouvoir peut aller à un autre collège",
        "avec_suppleants": "Un titulaire absent est suppléé",
        "majorite": "Majorité",
        "base_majorite": "Comptée sur",
        "majorites_admises": "",
        "part_secret": "Membres présents qui obtiennent un vote secret",
        "voix_preponderante": "À égalité, la voix de la présidence l’emporte",
        "vote_par_college": "La majorité est demandée dans chaque collège",
        "part_inscription": "Qui obtient un point à l’ordre du jour",
        "duree_mandat_mois": "Durée du mandat, en mois",
        "copresidents_max": "Coprésidences au plus",
        "annonces_fin": "",
        "absences_a_signaler": "Absences de suite avant un appel",
    }
    WIDGETS = {"source": forms.Textarea(attrs={"rows": 2})}

    def initiales(self) -> Mapping[str, Any]:
        """Return the fields of the version in force, without those that identify it."""
        reglement = self.objet.reglement_du() or self.objet.reglements.first()
        repris = set(self.LIBELLES) - {"version", "en_vigueur_du", "source"}
        return {nom: getattr(reglement, nom) for nom in repris} if reglement is not None else {}

    def preparer(self) -> None:
        super().preparer()
        self.fields["part_inscription"] = champ_choix(
            "Qui obtient un point à l’ordre du jour", PARTS_DE_DEMANDE
        )
        self.fields["majorites_admises"] = champ_cases(
            "Autres majorités qu’un vote peut demander",
            [(valeur, majuscule(mot)) for valeur, mot in Part.choices],
            "Cochez celles que le règlement prévoit ; l’animateur choisit à l’ouverture du vote.",
            requis=False,
        )
        for nom in ("quorum", "majorite"):
            champ = self.fields[nom]
            if isinstance(champ, forms.TypedChoiceField):
                champ.choices = [(valeur, majuscule(mot)) for valeur, mot in Part.choices]
        self.helper = plan(
            self,
            Fieldset("Cette version", Row("version", "en_vigueur_du"), "source"),
            Fieldset("Convocation", Row("delai_convocation", "unite_delai"), "delai_urgence"),
            Fieldset(
                "Quorum",
                Row("quorum", "base_quorum"),
                "quorum_par_college",
                "distance_compte",
                "pouvoirs_comptent",
                "seconde_sans_quorum",
                "delai_seconde",
            ),
            Fieldset(
                "Pouvoirs et suppléance", "pouvoirs_par_personne", "pouvoir_entre_colleges", "avec_suppleants"
            ),
            Fieldset(
                "Vote",
                Row("majorite", "base_majorite"),
                "majorites_admises",
                "part_secret",
                "voix_preponderante",
                "vote_par_college",
            ),
            Fieldset(
                "Membres",
                "part_inscription",
                Row("duree_mandat_mois", "copresidents_max"),
                "annonces_fin",
                "absences_a_signaler",
            ),
        )


class MandatureForm(ColonnesForm):
    MODELE = Mandature
    LIBELLES = {
        "intitule": "Intitulé",
        "debut": "Premier jour",
        "fin": "Dernier jour",
        "deliberation": "Délibération de composition",
    }

    def preparer(self) -> None:
        super().preparer()
        self.fields["fin"].help_text = "Les mandats en cours finissent ce jour-là."
        self.helper = plan(self, "intitule", Row("debut", "fin"), "deliberation")


class InstallerForm(ActeForm):
    le = champ_jour("Installée le", initial=timezone.localdate)


class CollegeForm(ColonnesForm):
    MODELE = College
    LIBELLES = {
        "nom": "Nom",
        "ordre": "Rang dans la composition",
        "sieges": "Sièges de titulaires",
        "vote_depuis": "Droit de vote depuis le",
        "a_des_suppleants": "Ce collège a des suppléants",
        "est_elu": "Collège d’élus",
    }

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, Mandature):
            return {"ordre": self.objet.colleges.count() + 1, "vote_depuis": self.objet.debut}
        return super().initiales()


class AnneeForm(forms.Form):
    """Filters of the calendar: year, instance, nature."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False)
    instance = champ_parmi(
        "Instance", Instance.objects.none(), requis=False, vide="Toutes", to_field_name="cle"
    )
    nature = forms.ChoiceField(label="Nature", required=False)

    def __init__(
        self, *args: Any, annees: list[int], instances: Any, natures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for nom, choix in (
            ("annee", [(an, str(an)) for an in annees]),
            ("nature", [("", "Toutes"), *((valeur, majuscule(mot)) for valeur, mot in natures)]),
        ):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix
        champ_instance = self.fields["instance"]
        if isinstance(champ_instance, forms.ModelChoiceField):
            champ_instance.queryset = instances

    def valeur(self, nom: str) -> Any:
        """Return the value, or None if missing or invalid: the calendar then ignores the filter."""
        return getattr(self, "cleaned_data", {}).get(nom) or None
