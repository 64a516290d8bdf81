"""Forms of the follow-up of a quartier and of its focus groups."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from contrat_ville.models import GroupeDiscussion, ParticipantGroupe, ReunionQuartier, SuiviQuartier
from contrat_ville.workflow.quartiers import Accord, Age
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import majuscule
from participation.socle.models import Appartenance, Compte
from participation.socle.workflow import Role

RetirerObservationForm = demander_texte(
    "Pourquoi la retirer", aide="Écrit au journal. Le texte et la photo sont effacés."
)
AnnulerGroupeForm = demander_texte("Pourquoi", aide="Les autres référents lisent cette raison.")


class ChoixDeReferents(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Compte) -> str:
        return f"{obj}, {obj.fonction}" if obj.fonction else str(obj)


class ReferentsForm(ActeForm):
    objet: SuiviQuartier

    referents = ChoixDeReferents(
        label="Référents",
        queryset=Compte.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Des agents du service ou d’une commune. Chacun reçoit un courriel.",
    )
    table_de_quartier = champ_ligne("Table de quartier", "Son nom.", maximum=160, requis=False)
    courriel = champ_courriel("Courriel de la table de quartier", "Une boîte partagée.", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {
            "referents": list(self.objet.referents.values_list("pk", flat=True)),
            "table_de_quartier": self.objet.table_de_quartier,
            "courriel": self.objet.courriel,
        }

    def preparer(self) -> None:
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_COMMUNE])
        self.choisir("referents", Compte.objects.filter(is_active=True, pk__in=agents.values("compte")))


class ReunionForm(ActeForm):
    date = champ_jour("Quand")
    participants = champ_ligne(
        "Qui était là", "Les structures et les fonctions plutôt que les noms.", maximum=400
    )
    notes = champ_texte("Ce qui s’est dit", maximum=6000, lignes=8)
    decisions = champ_texte("Ce qui est décidé", requis=False, maximum=3000, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": timezone.localdate()}


class CorrigerReunionForm(ReunionForm):
    objet: ReunionQuartier

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in ("date", "participants", "notes", "decisions")}


class ObservationForm(ActeForm):
    date = champ_jour("Quand")
    lieu = champ_ligne("Où", "Une rue, une place, un équipement.", maximum=160, requis=False)
    texte = champ_texte("Ce que vous avez vu", "Sans nom de personne.", maximum=3000, lignes=5)
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP. Personne n’y est reconnaissable sans son accord.",
    )
    description_photo = champ_ligne(
        "Ce que montre la photo", "Lu par qui ne voit pas l’image.", maximum=200, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"date": timezone.localdate()}


class GroupeForm(ActeForm):
    objet: GroupeDiscussion

    titre = champ_ligne("Sujet", "Par exemple « Se déplacer quand on a plus de 60 ans ».", maximum=160)
    date = champ_jour("Quand")
    lieu = champ_ligne("Où", maximum=160, requis=False)
    animation = champ_ligne("Qui anime", maximum=160, requis=False)
    guide = champ_texte("Guide", "Une question par ligne, de la plus large à la plus précise.", maximum=4000)


class ModifierGroupeForm(GroupeForm):
    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}


class ParticipantForm(ActeForm):
    objet: GroupeDiscussion

    age = champ_choix("Âge", [(v, majuscule(t)) for v, t in Age.choices], boutons=True)
    profil = champ_ligne(
        "Profil",
        "Ce qui éclaire ses mots, sans dire qui elle est : « locataire, deux enfants ».",
        maximum=120,
    )
    accord = champ_choix(
        "Elle accepte de participer",
        [(v, majuscule(t)) for v, t in Accord.choices],
        boutons=True,
        erreur="Sans son accord, elle n’est pas notée.",
    )
    accord_le = champ_jour("Accord donné le")
    accepte_citation = champ_case(
        "Elle accepte que ses mots soient gardés, sans son nom",
        "Elle peut revenir sur son accord à tout moment.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"accord_le": min(self.objet.date, timezone.localdate())}


class ParoleForm(ActeForm):
    objet: GroupeDiscussion

    participant = champ_parmi("Qui parle", ParticipantGroupe.objects.none(), "Par son profil.")
    question = champ_choix("En réponse à", (), requis=False)
    texte = champ_texte(
        "Ses mots",
        "Mot pour mot, sans nom : ni le sien, ni celui de quelqu’un d’autre.",
        maximum=2000,
        lignes=4,
    )

    def preparer(self) -> None:
        self.choisir("participant", self.objet.citables())
        choix: Any = self.fields["question"]
        choix.choices = [("", "Aucune question du guide"), *((q[:300], q) for q in self.objet.questions)]


class SyntheseForm(ActeForm):
    SURVEILLES = ("synthese",)

    synthese = champ_texte(
        "Synthèse",
        "Ce que le groupe dit, ce sur quoi il n’est pas d’accord, ce qu’il demande. Sans nom.",
        maximum=8000,
        lignes=12,
    )
