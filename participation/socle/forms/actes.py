"""What the common acts ask for."""

from typing import Any

from django import forms
from django.conf import settings

from participation.socle.models import Compte


class PrendreEnChargeForm(forms.Form):
    agent = forms.ModelChoiceField(
        label="Agent chargé du suivi",
        queryset=Compte.objects.none(),
        empty_label=None,
        help_text="Ses échéances passent avec le dossier. La personne reçoit un courriel.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["agent"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 says to the type checker what it is
        champ.queryset = Compte.objects.agents_du_service()


class NoterForm(forms.Form):
    note = forms.CharField(
        label="Note",
        widget=forms.Textarea,
        max_length=5000,
        help_text="Visible des agents du service seulement. Elle ne pourra être ni changée ni effacée.",
    )


class AnnulerDemandeForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi annuler cette demande",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=2000,
        help_text="La personne à qui elle était adressée lit ces mots.",
    )


class RelancerDemandeForm(forms.Form):
    mot = forms.CharField(
        label="Un mot de votre part",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=2000,
        required=False,
        help_text="Ajouté à la lettre, avant le rappel de la demande.",
    )


class JoindrePieceForm(forms.Form):
    titre = forms.CharField(label="Titre de la pièce", max_length=160)
    fichier = forms.FileField(label="Fichier")
    est_publique = forms.BooleanField(
        label="Montrer cette pièce au public",
        required=False,
        help_text="Elle est alors visible sur la page publique du dossier.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"PDF, image, document ou tableur, {taille} Mo au plus."


class RetirerPieceForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi la retirer", max_length=160, help_text="Écrit dans le journal du dossier."
    )
