"""What is asked about instances, their rules, their members, and of members about themselves."""

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Row
from django import forms
from django.apps import apps
from django.contrib.postgres.forms import SimpleArrayField
from django.utils import timezone
from django.utils.text import capfirst

from participation.seances.models import College, Instance, Mandature, Membre, Profil, ReglementInstance
from participation.seances.workflow import Part
from participation.socle.models import Commune, Dossier, Quartier

PARTS_DE_DEMANDE = [
    (Part.AUCUNE, "Un membre suffit"),
    (Part.TIERS, "Un tiers des membres"),
    (Part.MOITIE, "La moitié des membres"),
    (Part.MAJORITE, "Plus de la moitié des membres"),
    (Part.DEUX_TIERS, "Les deux tiers des membres"),
    (Part.UNANIMITE, "Tous les membres"),
]


def plan(form: forms.BaseForm, *elements: Any) -> FormHelper:
    """The layout of a form whose <form> and CSRF token are written by the page."""
    aide = FormHelper(form)
    aide.form_tag = False
    aide.disable_csrf = True
    aide.layout = Layout(*elements)
    return aide


class SansModele(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A form made from a model whose rules are checked by the action."""

    def _post_clean(self) -> None:
        """The action validates, under its lock: a form is for the shape."""


class InstanceForm(SansModele):
    class Meta:
        model = Instance
        fields = (
            "nom",
            "sigle",
            "cle",
            "fondement",
            "presentation",
            "app",
            "est_publique",
            "ouvre_le_bureau",
            "est_active",
        )
        labels = {
            "nom": "Nom",
            "sigle": "Nom court",
            "cle": "Clé",
            "fondement": "Fondement",
            "presentation": "Présentation",
            "app": "Domaine",
            "est_publique": "Instance publique",
            "ouvre_le_bureau": "Ses membres instruisent des dossiers",
            "est_active": "Instance active",
        }
        widgets = {
            "fondement": forms.Textarea(attrs={"rows": 2}),
            "presentation": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "nom": {"required": "Donnez un nom à l’instance."},
            "sigle": {"required": "Donnez un nom court, pour les listes et les agendas."},
            "cle": {
                "required": "Donnez une clé, qui sert dans les adresses.",
                "unique": "Une autre instance a cette clé.",
            },
            "fondement": {"required": "Dites ce qui fonde l’instance : loi, délibération."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["app"] = forms.ChoiceField(
            label="Domaine", choices=_domaines, help_text="Il donne sa couleur à l’instance."
        )
        if self.instance.pk:
            del self.fields["cle"]  # addresses and feeds that people keep are made of it
        else:
            del self.fields["est_active"]


def _domaines() -> list[tuple[str, str]]:
    """The whole service, then each app that has dossiers."""
    configs = {modele._meta.app_config for modele in Dossier.natures().values()}
    siens = [(c.label, capfirst(str(c.verbose_name))) for c in apps.get_app_configs() if c in configs]
    return [("metropole", "Toute la participation"), *siens]


class ReglementForm(SansModele):
    """A new version, filled with the one in force."""

    annonces_fin = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=36),
        label="Fin de mandat annoncée, en mois avant",
        required=False,
        help_text="Au membre et au service. Des nombres séparés par des virgules : 6, 3, 1.",
        error_messages={"item_invalid": "Écrivez des nombres de mois séparés par des virgules : 6, 3, 1."},
    )

    class Meta:
        model = ReglementInstance
        fields = (
            "version",
            "en_vigueur_du",
            "source",
            "delai_convocation",
            "unite_delai",
            "delai_urgence",
            "quorum",
            "base_quorum",
            "quorum_par_college",
            "distance_compte",
            "pouvoirs_comptent",
            "seconde_sans_quorum",
            "delai_seconde",
            "pouvoirs_par_personne",
            "pouvoir_entre_colleges",
            "avec_suppleants",
            "majorite",
            "voix_preponderante",
            "vote_par_college",
            "part_inscription",
            "duree_mandat_mois",
            "copresidents_max",
            "annonces_fin",
            "absences_a_signaler",
        )
        labels = {
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
            "voix_preponderante": "À égalité, la voix de la présidence l’emporte",
            "vote_par_college": "La majorité est demandée dans chaque collège",
            "part_inscription": "Qui obtient un point à l’ordre du jour",
            "duree_mandat_mois": "Durée du mandat, en mois",
            "copresidents_max": "Coprésidences au plus",
            "absences_a_signaler": "Absences de suite avant un appel",
        }
        widgets = {"source": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part_inscription"] = forms.ChoiceField(
            label="Qui obtient un point à l’ordre du jour", choices=PARTS_DE_DEMANDE
        )
        for nom in ("quorum", "majorite"):
            champ = self.fields[nom]
            if isinstance(champ, forms.TypedChoiceField):
                champ.choices = [(valeur, str(mot).capitalize()) for valeur, mot in Part.choices]
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
            Fieldset("Vote", "majorite", "voix_preponderante", "vote_par_college"),
            Fieldset(
                "Membres",
                "part_inscription",
                Row("duree_mandat_mois", "copresidents_max"),
                "annonces_fin",
                "absences_a_signaler",
            ),
        )

    @classmethod
    def initial_de(cls, reglement: ReglementInstance | None) -> dict[str, Any]:
        """Today's rules, but for what names a version."""
        if reglement is None:
            return {}
        repris = set(cls.base_fields) - {"version", "en_vigueur_du", "source"}
        return {nom: getattr(reglement, nom) for nom in repris}


class MandatureForm(SansModele):
    class Meta:
        model = Mandature
        fields = ("intitule", "debut", "fin", "deliberation")
        labels = {
            "intitule": "Intitulé",
            "debut": "Premier jour",
            "fin": "Dernier jour",
            "deliberation": "Délibération de composition",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fin"].help_text = "Les mandats en cours finissent ce jour-là."
        self.helper = plan(self, "intitule", Row("debut", "fin"), "deliberation")


class InstallerForm(forms.Form):
    le = forms.DateField(label="Installée le", initial=timezone.localdate)


class CollegeForm(SansModele):
    class Meta:
        model = College
        fields = ("nom", "ordre", "sieges", "vote_depuis", "a_des_suppleants", "est_elu")
        labels = {
            "nom": "Nom",
            "ordre": "Rang dans la composition",
            "sieges": "Sièges de titulaires",
            "vote_depuis": "Droit de vote depuis le",
            "a_des_suppleants": "Ce collège a des suppléants",
            "est_elu": "Collège d’élus",
        }


class CommuneMixin(forms.Form):
    """The commune, and the neighbourhood when it is one of the quartiers prioritaires."""

    commune = forms.ModelChoiceField(
        label="Commune", queryset=Commune.objects.defer("contour"), required=False, empty_label="Non précisée"
    )
    quartier = forms.ModelChoiceField(
        label="Quartier prioritaire",
        queryset=Quartier.objects.defer("contour").select_related("commune").defer("commune__contour"),
        required=False,
        empty_label="Aucun",
    )

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        commune, quartier = reponses.get("commune"), reponses.get("quartier")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            self.add_error("quartier", f"Ce quartier est à {quartier.commune} : choisissez l’un des deux.")
        elif quartier is not None:
            reponses["commune"] = quartier.commune
        return reponses


class MandatMixin(forms.Form):
    """What a seat says, whoever holds it."""

    organisme = forms.CharField(
        label="Au nom de",
        max_length=160,
        required=False,
        help_text="Association, groupe politique, administration. Vide pour une personne qui siège en son nom.",
    )
    fonction = forms.ChoiceField(
        label="Fonction",
        choices=[(valeur, str(mot).capitalize()) for valeur, mot in Membre.Fonction.choices],
        initial=Membre.Fonction.MEMBRE,
    )
    rang = forms.ChoiceField(
        label="Rang",
        choices=[(valeur, str(mot).capitalize()) for valeur, mot in Membre.Rang.choices],
        widget=forms.RadioSelect,
        initial=Membre.Rang.TITULAIRE,
    )
    suppleant_de = forms.ModelChoiceField(
        label="Supplée",
        queryset=Membre.objects.none(),
        required=False,
        empty_label="Personne en particulier",
        help_text="Pour un suppléant : le titulaire du même collège qu’il remplace quand il est absent.",
    )
    du = forms.DateField(label="Siège depuis le", initial=timezone.localdate)
    au = forms.DateField(
        label="Siège jusqu’au",
        required=False,
        help_text="Vide : jusqu’au terme prévu par le règlement, au plus tard à la fin de la mandature.",
    )
    nomme_par = forms.CharField(
        label="Nommé par", max_length=160, required=False, help_text="Délibération, arrêté, courrier."
    )

    def preparer(self, college: College, *, sauf: Membre | None = None) -> None:
        champ = self.fields["suppleant_de"]
        if not college.a_des_suppleants:
            del self.fields["suppleant_de"], self.fields["rang"]
        elif isinstance(champ, forms.ModelChoiceField):
            titulaires = college.membres.titulaires().select_related("compte")
            champ.queryset = titulaires.exclude(pk=sauf.pk) if sauf else titulaires

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("rang") == Membre.Rang.TITULAIRE:
            reponses["suppleant_de"] = None
        return reponses


class PersonneMixin(forms.Form):
    """Who: an address is enough to find the account; the names fill those it lacks."""

    courriel = forms.EmailField(
        label="Adresse de courriel",
        help_text="Si cette adresse a déjà un compte, la personne le garde.",
        error_messages={
            "required": "Écrivez l’adresse de la personne.",
            "invalid": "Cette adresse n’est pas complète. Elle ressemble à nom@exemple.fr.",
        },
    )
    prenom = forms.CharField(
        label="Prénom", max_length=80, error_messages={"required": "Écrivez le prénom de la personne."}
    )
    nom = forms.CharField(
        label="Nom", max_length=80, error_messages={"required": "Écrivez le nom de la personne."}
    )
    telephone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        help_text="Les autres membres ne le voient que si elle l’accepte.",
    )


class NommerForm(MandatMixin, CommuneMixin, PersonneMixin):
    def __init__(self, *args: Any, college: College, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preparer(college)
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        self.helper = plan(
            self,
            Fieldset(
                "La personne", "courriel", Row("prenom", "nom"), "telephone", Row("commune", "quartier")
            ),
            Fieldset("Le mandat", "organisme", "fonction", *mandat, Row("du", "au"), "nomme_par"),
        )


class ModifierMembreForm(MandatMixin, CommuneMixin):
    def __init__(self, *args: Any, membre: Membre, **kwargs: Any) -> None:
        champs = (
            "organisme",
            "fonction",
            "rang",
            "suppleant_de",
            "commune",
            "quartier",
            "du",
            "au",
            "nomme_par",
        )
        kwargs.setdefault("initial", {nom: getattr(membre, nom) for nom in champs})
        super().__init__(*args, **kwargs)
        self.preparer(membre.college, sauf=membre)
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        self.helper = plan(
            self, "organisme", "fonction", *mandat, Row("commune", "quartier"), Row("du", "au"), "nomme_par"
        )


class RemplacerForm(CommuneMixin, PersonneMixin):
    du = forms.DateField(label="Siège depuis le", initial=timezone.localdate)
    organisme = forms.CharField(label="Au nom de", max_length=160, required=False)
    nomme_par = forms.CharField(label="Nommé par", max_length=160, required=False)

    def __init__(self, *args: Any, membre: Membre, **kwargs: Any) -> None:
        # The first day that is free: the seat is held until the last day of who leaves.
        lendemain = membre.au + timedelta(days=1) if membre.au else timezone.localdate()
        kwargs.setdefault(
            "initial", {"organisme": membre.organisme, "du": max(lendemain, timezone.localdate())}
        )
        super().__init__(*args, **kwargs)
        self.helper = plan(
            self,
            "courriel",
            Row("prenom", "nom"),
            "telephone",
            Row("commune", "quartier"),
            "organisme",
            Row("du", "nomme_par"),
        )


class MettreFinForm(forms.Form):
    au = forms.DateField(label="Dernier jour du mandat", initial=timezone.localdate)
    motif = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Démission, départ de l’organisme, déménagement… La personne le lit.",
        error_messages={"required": "Dites pourquoi le mandat prend fin."},
    )


class ProfilForm(SansModele):
    telephone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    besoins = forms.MultipleChoiceField(
        label="Ce dont vous avez besoin pour venir",
        choices=[(valeur, str(mot).capitalize()) for valeur, mot in Profil.Besoin.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nous le prévoyons à chaque séance. Vous pouvez changer pour une séance en y répondant.",
    )

    class Meta:
        model = Profil
        fields = (
            "besoins",
            "presentation",
            "publie_presentation",
            "publie_commune",
            "partage_courriel",
            "partage_telephone",
            "genre",
            "age",
        )
        labels = {
            "presentation": "Vous, en quelques mots",
            "publie_presentation": "Publier ma présentation sur la page de l’instance",
            "publie_commune": "Publier ma commune sur la page de l’instance",
            "partage_courriel": "Donner mon adresse aux autres membres",
            "partage_telephone": "Donner mon téléphone aux autres membres",
            "genre": "Genre",
            "age": "Âge",
        }
        widgets = {"presentation": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["telephone"].initial = self.instance.compte.telephone
        for nom, mots in (("genre", Profil.Genre.choices), ("age", Profil.Age.choices)):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                dits = [(valeur, str(mot).capitalize()) for valeur, mot in mots]
                champ.choices = [("", "Je ne réponds pas"), *dits]
        self.fields["presentation"].help_text = "Ce que vous faites, ce qui vous tient à cœur."
        self.helper = plan(
            self,
            Fieldset("Venir aux séances", "besoins", "telephone"),
            Fieldset("Ce que le public voit", "presentation", "publie_presentation", "publie_commune"),
            Fieldset("Ce que les autres membres voient", "partage_courriel", "partage_telephone"),
            Fieldset(
                "Pour mesurer la diversité de l’instance",
                HTML(
                    '<p class="indice">Ces deux réponses restent au service, qui n’en tire que des nombres. Vous pouvez ne pas répondre.</p>'
                ),
                Row("genre", "age"),
            ),
        )


class AnneeForm(forms.Form):
    """Filters of the calendar."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False)
    instance = forms.ModelChoiceField(
        label="Instance",
        queryset=Instance.objects.none(),
        required=False,
        empty_label="Toutes",
        to_field_name="cle",
    )
    nature = forms.ChoiceField(label="Nature", required=False)

    def __init__(
        self, *args: Any, annees: list[int], instances: Any, natures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for nom, choix in (
            ("annee", [(an, str(an)) for an in annees]),
            ("nature", [("", "Toutes"), *((valeur, mot.capitalize()) for valeur, mot in natures)]),
        ):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix
        champ_instance = self.fields["instance"]
        if isinstance(champ_instance, forms.ModelChoiceField):
            champ_instance.queryset = instances

    def valeur(self, nom: str) -> Any:
        """The answer, or None when it is missing or makes no sense: a calendar has no error page."""
        return getattr(self, "cleaned_data", {}).get(nom) or None
