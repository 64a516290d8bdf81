"""What is asked for each step after the thresholds, and for a suite."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.actes import ActeForm, champ_texte, demander_texte
from participation.socle.models import Direction
from petitions.models import Petition

PDF = "PDF, image ou document de bureau."


champ_texte = partial(champ_texte, maximum=8000)


class DateEtLieuForm(ActeForm):
    date = forms.DateField(label="Date")
    lieu = forms.CharField(label="Lieu", max_length=160, help_text="Salle et adresse.")
    texte = champ_texte("Ce qu’il faut savoir (public)", lignes=3, requis=False)


class TransmettreNoteForm(ActeForm):
    date = forms.DateField(label="Date")
    texte = champ_texte("Résumé de la note (public)", "Ce que la commission doit savoir avant le débat.")
    fichier = forms.FileField(label="La note", required=False, help_text=PDF)


class InscrireAuConseilForm(ActeForm):
    date = forms.DateField(label="Date du conseil")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)


class OuvrirPanelForm(ActeForm):
    date = forms.DateField(label="Date de la première séance")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)
    texte = champ_texte("Comment le panel travaille (public)", lignes=4, requis=False)


class RecevoirAvisPanelForm(ActeForm):
    date = forms.DateField(label="Date de l’avis", initial=timezone.localdate)
    avis = champ_texte("L’avis du panel (public)", lignes=10)
    fichier = forms.FileField(label="L’avis en fichier", required=False, help_text=PDF)


class ConstaterDebatForm(ActeForm):
    objet: Petition

    date = forms.DateField(label="Date du débat")
    issue = champ_texte("Ce que le conseil a dit (public)", lignes=8)
    lien_video = forms.URLField(label="Adresse de la vidéo", required=False, assume_scheme="https")
    fichier = forms.FileField(label="Document du débat", required=False, help_text=PDF)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": self.objet.date_conseil}


class SuiteForm(ActeForm):
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
    texte_public = champ_texte("Précisions (publiques)", lignes=3, requis=False)


class RepondreForm(ActeForm):
    reponse = champ_texte(
        "La réponse de la Métropole",
        "Publiée sur la page, envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=12,
    )
    fichier = forms.FileField(label="Document joint", required=False, help_text=PDF)


CloreForm = demander_texte("Un mot de fin (public)", maximum=600, facultatif=True)
