"""What is asked about the members, and of members about themselves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Row
from django import forms
from django.utils import timezone

from participation.seances.forms.instances import ColonnesForm, plan
from participation.seances.models import College, Membre, Profil
from participation.socle.forms.actes import ActeForm
from participation.socle.models import Commune, Quartier


class CommuneMixin(ActeForm):
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


class MandatMixin(ActeForm):
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

    def preparer(self) -> None:
        college = self.objet if isinstance(self.objet, College) else self.objet.college
        if not college.a_des_suppleants:
            del self.fields["suppleant_de"], self.fields["rang"]
        else:
            titulaires = Membre.objects.titulaires().filter(college=college).select_related("compte")
            if isinstance(self.objet, Membre):
                titulaires = titulaires.exclude(pk=self.objet.pk)
            self.choisir("suppleant_de", titulaires)

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("rang") == Membre.Rang.TITULAIRE:
            reponses["suppleant_de"] = None
        return reponses


class PersonneMixin(ActeForm):
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
    def preparer(self) -> None:
        super().preparer()
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        self.helper = plan(
            self,
            Fieldset(
                "La personne", "courriel", Row("prenom", "nom"), "telephone", Row("commune", "quartier")
            ),
            Fieldset("Le mandat", "organisme", "fonction", *mandat, Row("du", "au"), "nomme_par"),
        )


class ModifierMembreForm(MandatMixin, CommuneMixin):
    def initiales(self) -> Mapping[str, Any]:
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
        return {nom: getattr(self.objet, nom) for nom in champs}

    def preparer(self) -> None:
        super().preparer()
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        self.helper = plan(
            self, "organisme", "fonction", *mandat, Row("commune", "quartier"), Row("du", "au"), "nomme_par"
        )


class RemplacerForm(CommuneMixin, PersonneMixin):
    du = forms.DateField(label="Siège depuis le", initial=timezone.localdate)
    organisme = forms.CharField(label="Au nom de", max_length=160, required=False)
    nomme_par = forms.CharField(label="Nommé par", max_length=160, required=False)

    def initiales(self) -> Mapping[str, Any]:
        # The first day that is free: the seat is held until the last day of who leaves.
        membre, aujourd_hui = self.objet, timezone.localdate()
        lendemain = membre.au + timedelta(days=1) if membre.au else aujourd_hui
        return {"organisme": membre.organisme, "du": max(lendemain, aujourd_hui)}

    def preparer(self) -> None:
        self.helper = plan(
            self,
            "courriel",
            Row("prenom", "nom"),
            "telephone",
            Row("commune", "quartier"),
            "organisme",
            Row("du", "nomme_par"),
        )


class MettreFinForm(ActeForm):
    au = forms.DateField(label="Dernier jour du mandat", initial=timezone.localdate)
    motif = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Démission, départ de l’organisme, déménagement… La personne le lit.",
        error_messages={"required": "Dites pourquoi le mandat prend fin."},
    )


class ProfilForm(ColonnesForm):
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

    MODELE = Profil
    LIBELLES = {
        "besoins": "",
        "presentation": "Vous, en quelques mots",
        "publie_presentation": "Publier ma présentation sur la page de l’instance",
        "publie_commune": "Publier ma commune sur la page de l’instance",
        "partage_courriel": "Donner mon adresse aux autres membres",
        "partage_telephone": "Donner mon téléphone aux autres membres",
        "genre": "Genre",
        "age": "Âge",
    }
    WIDGETS = {"presentation": forms.Textarea(attrs={"rows": 4})}

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "telephone": self.objet.compte.telephone}

    def preparer(self) -> None:
        super().preparer()
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
