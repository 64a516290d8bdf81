"""Forms of agents and of the comité for the selection."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.renouvellement.workflow import Choix, Motif
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_jour, champ_ligne, champ_texte
from participation.socle.francais import majuscule

NUMERO_MAX = 9  # digits


class NonEligibleForm(ActeForm):
    motif = champ_choix(
        "Pourquoi", Motif.choices, erreur="Choisissez une raison : la personne la lira.", boutons=True
    )
    precision = champ_texte(
        "Précision", "Ajoutée à la lettre, avec vos mots.", lignes=4, requis=False, maximum=1000
    )


RetirerForm = demander_texte(
    "Pourquoi la retirer",
    aide="Par exemple « demande reçue par téléphone ». N’écrivez pas de nom.",
    maximum=300,
    lignes=1,
    erreur="Dites pourquoi : c’est écrit dans le journal.",
)


class DeciderForm(ActeForm):
    choix = champ_choix(
        "Décision",
        [(c.value, majuscule(c.label)) for c in Choix],
        erreur="Choisissez une décision.",
        boutons=True,
    )
    rang_attente = forms.IntegerField(
        label="Rang en liste d’attente",
        required=False,
        min_value=1,
        max_value=5000,
        help_text="Vide : à la place que donnent ses notes, ou à la fin si elle n’est pas notée.",
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
    )
    # Same name as the field that it changes, so that `montres` detects concurrent edits.
    choix_motif = champ_texte(
        "Raison de l’écart au classement",
        "Demandée quand la décision ne suit pas le rang : équilibre, complémentarité… N’écrivez pas de nom.",
        lignes=3,
        requis=False,
        maximum=300,
    )

    def initiales(self) -> Mapping[str, Any]:
        c = self.objet
        return {"choix": c.choix, "rang_attente": c.rang_attente, "choix_motif": c.choix_motif}


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
    reference = champ_ligne(
        "Référence du procès-verbal", maximum=160, erreur="Donnez la référence du procès-verbal du tirage."
    )
    empreinte = champ_ligne(
        "Empreinte SHA-256 du fichier de tirage",
        "64 signes, écrits dans le procès-verbal : ils prouvent le fichier.",
        maximum=128,
        erreur="Recopiez l’empreinte du fichier de tirage.",
    )
    le = champ_jour("Date du tirage", erreur="Donnez la date du tirage.", court=True)
    numeros = champ_texte(
        "Numéros tirés, dans l’ordre",
        "Les numéros des candidatures, séparés par des espaces ou des virgules. "
        "Les premiers prennent les places, les suivants la liste d’attente.",
        erreur="Écrivez les numéros tirés.",
        maximum=None,
        lignes=5,
        attributs={"inputmode": "numeric"},
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
    courriel = champ_courriel(
        "Adresse de courriel",
        "La personne entre avec cette adresse. Elle ne voit que les candidatures qui lui sont confiées.",
        erreur="Écrivez l’adresse de courriel.",
        attributs={"autocomplete": "off", "spellcheck": "false"},
    )
    prenom = champ_ligne("Prénom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    nom = champ_ligne("Nom", maximum=80, requis=False, attributs={"autocomplete": "off"})


class LectureForm(ActeForm):
    """One mark per criterion of the grid."""

    commentaire = champ_texte(
        "Commentaire",
        "Lu par les agents du service. La personne peut le demander.",
        lignes=4,
        requis=False,
        maximum=2000,
    )

    def preparer(self) -> None:
        lecture, campagne = self.objet, self.objet.suivi
        donnees = {n.critere_id: n.valeur for n in lecture.notes.all()}
        self.initial["commentaire"] = lecture.commentaire
        self.criteres = list(campagne.criteres.all())
        choix = [(str(n), str(n)) for n in range(campagne.note_max + 1)]
        for critere in self.criteres:
            self.fields[f"note_{critere.pk}"] = champ_choix(
                critere.libelle,
                choix,
                critere.aide,
                erreur=f"Donnez une note : {critere.libelle}.",
                boutons=True,
                initial=donnees.get(critere.pk),
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
    """Two buttons: one sends `accepte`, the other nothing."""

    accepte = forms.BooleanField(required=False)
