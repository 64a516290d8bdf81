"""Forms of the forums: the forum, its tables, registrations."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from contrat_ville.forms.inter_quartiers.champs import champ_piege
from contrat_ville.models import Budget, Forum
from contrat_ville.workflow.inter_quartiers import Besoin, EtatBudget
from participation.seances.forms.preparation import QuandForm
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_cases,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import majuscule
from participation.socle.models import Quartier

CHAMPS = ("budget", "titre", "lieu", "adresse", "acces", "texte", "places", "date_limite")


class ForumForm(QuandForm):
    field_order = (
        "titre",
        "budget",
        "jour",
        "de",
        "a",
        "lieu",
        "adresse",
        "acces",
        "texte",
        "places",
        "date_limite",
    )
    titre = champ_ligne("Titre", maximum=120)
    budget: Any = champ_parmi("Budget", Budget.objects.none(), requis=False, vide="Aucun")
    lieu = champ_ligne("Lieu", "Une salle, un équipement.", maximum=160)
    adresse = champ_ligne("Adresse", maximum=200)
    acces = champ_texte(
        "Comment venir et entrer",
        "Arrêt de transport, entrée sans marche, boucle magnétique, garde d’enfants.",
        maximum=1500,
        lignes=4,
    )
    texte = champ_texte("Déroulement", maximum=3000, lignes=4)
    places = forms.IntegerField(label="Places", min_value=1, max_value=5000)
    date_limite = champ_jour("Dernier jour pour s’inscrire")

    def preparer(self) -> None:
        self.choisir("budget", Budget.objects.filter(etat__in=[EtatBudget.PREPARATION, EtatBudget.OUVERT]))


class ModifierForumForm(ForumForm):
    def initiales(self) -> Mapping[str, Any]:
        forum: Forum = self.objet
        debut, fin = timezone.localtime(forum.debut), timezone.localtime(forum.fin)
        return {
            **{nom: getattr(forum, nom) for nom in CHAMPS},
            "jour": debut.date(),
            "de": debut.time(),
            "a": fin.time(),
        }


class TableForm(ActeForm):
    numero = forms.IntegerField(label="Numéro", min_value=1, max_value=200)
    sujet = champ_ligne("Sujet", maximum=120)
    animateur = champ_ligne("Qui anime", maximum=120, requis=False)
    courriel = champ_courriel(
        "Son courriel", "Elle ou il reçoit le lien pour noter sur son téléphone.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        dernier = self.objet.tables.order_by("-numero").first()
        return {"numero": dernier.numero + 1 if dernier else 1}


class ModifierTableForm(TableForm):
    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in ("numero", "sujet", "animateur", "courriel")}


class CorrigerNoteForm(ActeForm):
    texte = champ_texte("Ce qui s’est dit", "Sans nom de personne.", maximum=2000, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"texte": self.objet.texte}


class AvecBesoins(forms.Form):
    nom = champ_ligne("Nom", maximum=120, erreur="Dites votre nom.", attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        "Adresse de courriel",
        "Vous y recevez un lien pour confirmer votre place.",
        attributs={"autocomplete": "email", "spellcheck": "false"},
        erreur="Donnez une adresse : le lien pour confirmer y est envoyé. Sans adresse, appelez-nous.",
    )
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "tel", "inputmode": "tel"}
    )
    quartier = champ_parmi(
        "Votre quartier",
        Quartier.objects.select_related("commune"),
        requis=False,
        vide="Un autre, ou non précisé",
    )
    besoins = champ_cases(
        "De quoi avez-vous besoin pour venir ?", [(b.value, majuscule(b.label)) for b in Besoin], requis=False
    )
    langue = champ_ligne(
        "Langue de l’interprète",
        "Si vous demandez un interprète. Langue des signes comprise.",
        maximum=60,
        requis=False,
    )
    enfants = forms.IntegerField(
        label="Combien d’enfants à garder ?",
        min_value=0,
        max_value=12,
        required=False,
        widget=forms.NumberInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
        help_text="Si vous demandez une garde d’enfants.",
    )
    precisions = champ_texte(
        "Précisions", "Lues par qui organise, jamais publiées.", maximum=600, lignes=2, requis=False
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        besoins = dit.get("besoins", [])
        if Besoin.INTERPRETE in besoins and not dit.get("langue"):
            self.add_error("langue", "Dites quelle langue l’interprète doit parler.")
        if Besoin.GARDE in besoins and not dit.get("enfants") and "enfants" not in self.errors:
            self.add_error("enfants", "Dites combien d’enfants sont à garder.")
        return dit


class SInscrireForm(AvecBesoins, EnvoiUnique):
    """Public registration, without an account. `est_piege`: filled in by a program."""

    ORIGINE = "forum"

    site = champ_piege()

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def reponses(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "site"}


class InscrireAuForumForm(AvecBesoins, ActeForm):
    """Registration by an agent, on the phone or at the door."""

    est_la = champ_case("La personne est là : noter sa présence", requis=False)

    def preparer(self) -> None:
        self.fields["courriel"].required = False
        self.fields["courriel"].help_text = "Si la personne en a une."
        for champ, libelle in (
            ("quartier", "Quartier de la personne"),
            ("besoins", "Ce qu’il lui faut pour venir"),
        ):
            self.fields[champ].label = libelle
        self.fields["nom"].error_messages["required"] = "Écrivez le nom de la personne."
        self.fields["langue"].help_text = "Si un interprète est demandé. Langue des signes comprise."
        self.fields["enfants"].help_text = "Si une garde d’enfants est demandée."
