"""What is asked for each step after the thresholds, and for a suite."""

from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.models import Direction
from petitions.models import Petition

PDF = "PDF, image ou document de bureau."


def grand_texte(
    libelle: str, aide: str = "", *, lignes: int = 6, requis: bool = True, longueur: int = 8000
) -> forms.CharField:
    return forms.CharField(
        label=libelle,
        help_text=aide,
        required=requis,
        max_length=longueur,
        widget=forms.Textarea(attrs={"rows": str(lignes)}),
    )


class DateForm(forms.Form):
    date = forms.DateField(label="Date")


class DateEtLieuForm(DateForm):
    lieu = forms.CharField(label="Lieu", max_length=160, help_text="Salle et adresse.")
    texte = grand_texte("Ce qu’il faut savoir (public)", lignes=3, requis=False)


class TransmettreNoteForm(DateForm):
    texte = grand_texte("Résumé de la note (public)", "Ce que la commission doit savoir avant le débat.")
    fichier = forms.FileField(label="La note", required=False, help_text=PDF)


class InscrireAuConseilForm(DateForm):
    date = forms.DateField(label="Date du conseil")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)


class OuvrirPanelForm(DateEtLieuForm):
    date = forms.DateField(label="Date de la première séance")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)
    texte = grand_texte("Comment le panel travaille (public)", lignes=4, requis=False)


class RecevoirAvisPanelForm(DateForm):
    date = forms.DateField(label="Date de l’avis", initial=timezone.localdate)
    avis = grand_texte("L’avis du panel (public)", lignes=10)
    fichier = forms.FileField(label="L’avis en fichier", required=False, help_text=PDF)


class ConstaterDebatForm(DateForm):
    date = forms.DateField(label="Date du débat")
    issue = grand_texte("Ce que le conseil a dit (public)", lignes=8)
    lien_video = forms.URLField(label="Adresse de la vidéo", required=False, assume_scheme="https")
    fichier = forms.FileField(label="Document du débat", required=False, help_text=PDF)

    def __init__(self, data: Any = None, files: Any = None, *, petition: Petition) -> None:
        super().__init__(data, files, initial={"date": petition.date_conseil})


class SuiteForm(forms.Form):
    intitule = forms.CharField(
        label="Ce qui est promis",
        max_length=200,
        help_text="Un verbe et un objet : « Éclairer la piste de Jarrie ».",
    )
    direction = forms.ModelChoiceField(
        label="Direction chargée", queryset=Direction.objects.filter(est_active=True)
    )
    date_limite = forms.DateField(
        label="À rendre avant le",
        required=False,
        help_text="Laissez vide pour prendre le délai visé du règlement.",
    )
    texte_public = grand_texte("Précisions (publiques)", lignes=3, requis=False)


class RepondreForm(forms.Form):
    reponse = grand_texte(
        "La réponse de la Métropole",
        "Publiée sur la page, envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=12,
    )
    fichier = forms.FileField(label="Document joint", required=False, help_text=PDF)


class CloreForm(forms.Form):
    motif = grand_texte("Un mot de fin (public)", lignes=3, requis=False, longueur=600)
