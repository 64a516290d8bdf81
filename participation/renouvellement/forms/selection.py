"""What the comité and the agents decide with."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.renouvellement.workflow import Choix, Motif
from participation.socle.forms.actes import ActeForm, demander_texte

NUMERO_MAX = 9  # digits


class NonEligibleForm(ActeForm):
    motif = forms.ChoiceField(
        label="Pourquoi",
        choices=Motif.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison : la personne la lira."},
    )
    precision = forms.CharField(
        label="Précision",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ajoutée à la lettre, avec vos mots.",
    )


RetirerForm = demander_texte(
    "Pourquoi la retirer",
    aide="Par exemple « demande reçue par téléphone ». N’écrivez pas de nom.",
    maximum=300,
    lignes=1,
    erreur="Dites pourquoi : c’est écrit dans le journal.",
)


class DeciderForm(ActeForm):
    choix = forms.ChoiceField(
        label="Décision",
        choices=[(c.value, str(c.label).capitalize()) for c in Choix],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision."},
    )
    rang_attente = forms.IntegerField(
        label="Rang en liste d’attente",
        required=False,
        min_value=1,
        max_value=5000,
        help_text="Vide : à la fin de la liste.",
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
    )
    motif = forms.CharField(
        label="Raison de l’écart au classement",
        required=False,
        max_length=300,
        help_text="Demandée quand la décision ne suit pas le rang : équilibre, complémentarité… N’écrivez pas de nom.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def initiales(self) -> Mapping[str, Any]:
        c = self.objet
        return {"choix": c.choix, "rang_attente": c.rang_attente, "motif": c.choix_motif}


class ProposerForm(ActeForm):
    places_attente = forms.IntegerField(
        label="Personnes en liste d’attente",
        min_value=0,
        max_value=1000,
        initial=10,
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Dites combien de personnes vont en liste d’attente."},
    )


class TirageForm(ActeForm):
    reference = forms.CharField(
        label="Référence du procès-verbal",
        max_length=160,
        error_messages={"required": "Donnez la référence du procès-verbal du tirage."},
    )
    empreinte = forms.CharField(
        label="Empreinte SHA-256 du fichier de tirage",
        max_length=128,
        help_text="64 signes, écrits dans le procès-verbal : ils prouvent le fichier.",
        error_messages={"required": "Recopiez l’empreinte du fichier de tirage."},
    )
    le = forms.DateField(
        label="Date du tirage",
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez la date du tirage."},
    )
    numeros = forms.CharField(
        label="Numéros tirés, dans l’ordre",
        widget=forms.Textarea(attrs={"rows": 5, "inputmode": "numeric"}),
        help_text="Les numéros des candidatures, séparés par des espaces ou des virgules. "
        "Les premiers prennent les places, les suivants la liste d’attente.",
        error_messages={"required": "Écrivez les numéros tirés."},
    )

    def clean_empreinte(self) -> str:
        empreinte: str = self.cleaned_data["empreinte"].strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", empreinte):
            raise ValidationError("Une empreinte SHA-256 compte 64 chiffres ou lettres de a à f.")
        return empreinte

    def clean_le(self) -> Any:
        if self.cleaned_data["le"] > timezone.localdate():
            raise ValidationError("Cette date est à venir.")
        return self.cleaned_data["le"]

    def clean_numeros(self) -> list[int]:
        mots = re.split(r"[\s,;]+", self.cleaned_data["numeros"].strip())
        faux = [mot for mot in mots if not re.fullmatch(rf"[0-9]{{1,{NUMERO_MAX}}}", mot)]
        if faux:
            raise ValidationError(f"« {faux[0][:20]} » n’est pas un numéro de candidature.")
        return [int(mot) for mot in mots]


class ComiteForm(ActeForm):
    courriel = forms.EmailField(
        label="Adresse de courriel",
        help_text="La personne entre avec cette adresse. Elle ne voit que les candidatures qui lui sont confiées.",
        error_messages={
            "required": "Écrivez l’adresse de courriel.",
            "invalid": "Complétez l’adresse de courriel. Exemple : lea@exemple.fr",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    nom = forms.CharField(label="Nom", max_length=80, required=False)


class LectureForm(ActeForm):
    """A mark for each criterion of the grid."""

    commentaire = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par les agents du service. La personne peut le demander.",
    )

    def preparer(self) -> None:
        lecture, campagne = self.objet, self.objet.suivi
        donnees = {n.critere_id: n.valeur for n in lecture.notes.all()}
        self.initial["commentaire"] = lecture.commentaire
        self.criteres = list(campagne.criteres.all())
        choix = [(str(n), str(n)) for n in range(campagne.note_max + 1)]
        for critere in self.criteres:
            self.fields[f"note_{critere.pk}"] = forms.ChoiceField(
                label=critere.libelle,
                help_text=critere.aide,
                choices=choix,
                initial=donnees.get(critere.pk),
                widget=forms.RadioSelect,
                error_messages={"required": f"Donnez une note : {critere.libelle}."},
            )
        self.order_fields([*(f"note_{c.pk}" for c in self.criteres), "commentaire"])

    @property
    def lignes(self) -> list[tuple[Any, Any]]:
        return [(critere, self[f"note_{critere.pk}"]) for critere in self.criteres]

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        notes = {c.pk: int(lus[f"note_{c.pk}"]) for c in self.criteres if f"note_{c.pk}" in lus}
        return {"notes": notes, "commentaire": lus.get("commentaire", "")}


DeportForm = demander_texte(
    "Pourquoi",
    aide="Par exemple : « nous travaillons ensemble ». Lu par les agents seulement.",
    maximum=300,
    lignes=1,
    erreur="Dites en quelques mots pourquoi.",
)


class ReponseForm(ActeForm):
    """Two buttons: one says yes, the other nothing."""

    accepte = forms.BooleanField(required=False)
