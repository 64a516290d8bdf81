"""Forms of members: naming, mandate, replacement, end of mandate, profile."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Row
from django import forms
from django.utils import timezone

from participation.seances.forms.instances import ColonnesForm, plan
from participation.seances.models import College, Membre, Profil
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
)
from participation.socle.francais import a_qui, majuscule
from participation.socle.models import Commune, Quartier


class CommuneMixin(ActeForm):
    """Commune, and quartier prioritaire. They must agree; the quartier sets the commune."""

    commune = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Non précisée")
    quartier = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        commune, quartier = reponses.get("commune"), reponses.get("quartier")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            self.add_error(
                "quartier", f"Ce quartier est {a_qui(quartier.commune.en_phrase)} : choisissez l’un des deux."
            )
        elif quartier is not None:
            reponses["commune"] = quartier.commune
        return reponses


class MandatMixin(ActeForm):
    """Fields of a mandate."""

    organisme = champ_ligne(
        "Au nom de",
        "Association, groupe politique, administration. Vide pour une personne qui siège en son nom.",
        maximum=160,
        requis=False,
    )
    fonction = champ_choix(
        "Fonction",
        [(valeur, majuscule(mot)) for valeur, mot in Membre.Fonction.choices],
        initial=Membre.Fonction.MEMBRE,
    )
    copie_a = champ_courriel(
        "Copie à son secrétariat",
        "Reçoit les convocations et les changements, sans le lien personnel. Pour une élue ou un élu, par exemple.",
        requis=False,
    )
    rang = champ_choix(
        "Rang",
        [(valeur, majuscule(mot)) for valeur, mot in Membre.Rang.choices],
        boutons=True,
        initial=Membre.Rang.TITULAIRE,
    )
    suppleant_de = champ_parmi(
        "Supplée",
        Membre.objects.none(),
        "Pour un suppléant : le titulaire du même collège qu’il remplace quand il est absent.",
        requis=False,
        vide="Personne en particulier",
    )
    du = champ_jour("Siège depuis le", initial=timezone.localdate)
    au = champ_jour(
        "Siège jusqu’au",
        "Vide : jusqu’au terme prévu par le règlement, au plus tard à la fin de la mandature.",
        requis=False,
    )
    nomme_par = champ_ligne("Nommé par", "Délibération, arrêté, courrier.", maximum=160, requis=False)

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
    """Fields of a person. The address finds the account; names fill in only what the account lacks."""

    courriel = champ_courriel(
        "Adresse de courriel",
        "Si cette adresse a déjà un compte, la personne le garde.",
        erreur="Écrivez l’adresse de la personne.",
    )
    prenom = champ_ligne(
        "Prénom", maximum=80, erreur="Écrivez le prénom de la personne.", attributs={"autocomplete": "off"}
    )
    nom = champ_ligne(
        "Nom", maximum=80, erreur="Écrivez le nom de la personne.", attributs={"autocomplete": "off"}
    )
    telephone = champ_ligne(
        "Téléphone",
        "Les autres membres ne le voient que si elle l’accepte.",
        maximum=20,
        requis=False,
        attributs={"autocomplete": "off"},
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
            Fieldset("Le mandat", "organisme", "fonction", "copie_a", *mandat, Row("du", "au"), "nomme_par"),
        )


class ModifierMembreForm(MandatMixin, CommuneMixin):
    def initiales(self) -> Mapping[str, Any]:
        champs = (
            "organisme",
            "fonction",
            "copie_a",
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
    du = champ_jour("Siège depuis le", initial=timezone.localdate)
    organisme = champ_ligne("Au nom de", maximum=160, requis=False)
    nomme_par = champ_ligne("Nommé par", maximum=160, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        # The first free day: the day after the last day of the former member.
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
    au = champ_jour("Dernier jour du mandat", initial=timezone.localdate)
    motif = champ_ligne(
        "Pourquoi",
        "Démission, départ de l’organisme, déménagement… La personne le lit.",
        maximum=200,
        erreur="Dites pourquoi le mandat prend fin.",
    )


class ProfilForm(ColonnesForm):
    telephone = champ_ligne(
        "Téléphone", maximum=20, requis=False, attributs={"type": "tel", "autocomplete": "tel"}
    )
    besoins = champ_cases(
        "Ce dont vous avez besoin pour venir",
        [(valeur, majuscule(mot)) for valeur, mot in Profil.Besoin.choices],
        "Nous le prévoyons à chaque séance. Vous pouvez changer pour une séance en y répondant.",
        requis=False,
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
                dits = [(valeur, majuscule(mot)) for valeur, mot in mots]
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
