"""Forms of the steps after the thresholds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_heure, champ_jour, champ_ligne, champ_texte
from petitions.models import Jalon, Petition

PDF = "PDF, image ou document de bureau."


champ_texte = partial(champ_texte, maximum=8000)


class RendezVousForm(ActeForm):
    """Date, hours and place of a meeting, with those already set."""

    objet: Petition
    NATURE: str

    def ligne_montree(self) -> Jalon | None:
        return self.objet.jalons.filter(nature=self.NATURE).first()

    def initiales(self) -> Mapping[str, Any]:
        champs = ("date", "heure_debut", "heure_fin", "lieu", "texte")
        return {champ: getattr(self.ligne, champ) for champ in champs} if self.ligne else {}

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        de, a = donnees.get("heure_debut"), donnees.get("heure_fin")
        if a is not None and de is None and "heure_debut" not in self.errors:
            self.add_error("heure_debut", "Donnez aussi l’heure du début.")
        if a is not None and de is not None and a <= de:
            self.add_error("heure_fin", "L’heure de fin vient après celle du début.")
        return donnees


class RencontrerForm(RendezVousForm):
    NATURE = Jalon.Nature.RENCONTRE

    date = champ_jour("Date")
    heure_debut = champ_heure("De", erreur="Dites à quelle heure la réunion commence.")
    heure_fin = champ_heure("À", "Laissez vide si la fin n’est pas fixée.", requis=False)
    lieu = champ_ligne("Lieu", "Salle et adresse.", maximum=160)
    texte = champ_texte("Ce qu’il faut savoir (public)", lignes=3, requis=False)


class FixerRestitutionForm(RencontrerForm):
    NATURE = Jalon.Nature.RESTITUTION


class TransmettreNoteForm(ActeForm):
    date = champ_jour("Date")
    texte = champ_texte("Résumé de la note (public)", "Ce que la commission doit savoir avant le débat.")
    fichier = forms.FileField(label="La note", required=False, help_text=PDF)


class InscrireAuConseilForm(RendezVousForm):
    NATURE = Jalon.Nature.CONSEIL

    date = champ_jour("Date du conseil")
    heure_debut = champ_heure(
        "De", "Laissez vide si l’heure n’est pas fixée : vous la direz ici plus tard.", requis=False
    )
    heure_fin = champ_heure("À", "Laissez vide si la fin n’est pas fixée.", requis=False)
    lieu = champ_ligne("Lieu", "Salle et adresse.", maximum=160, requis=False)


class OuvrirPanelForm(ActeForm):
    date = champ_jour("Date de la première séance")
    lieu = champ_ligne("Lieu", maximum=160, requis=False)
    texte = champ_texte("Comment le panel travaille (public)", lignes=4, requis=False)


class RecevoirAvisPanelForm(ActeForm):
    date = champ_jour("Date de l’avis", initial=timezone.localdate)
    avis = champ_texte("L’avis du panel (public)", lignes=10)
    fichier = forms.FileField(label="L’avis en fichier", required=False, help_text=PDF)


class ConstaterDebatForm(ActeForm):
    objet: Petition

    date = champ_jour("Date du débat")
    issue = champ_texte("Ce que le conseil a dit (public)", lignes=8)
    raison_sans_panel = champ_texte(
        "Pourquoi sans panel citoyen (public)",
        "Le règlement prévoit l’avis d’un panel avant le débat. Cette raison est publiée sur la page et dans les lettres.",
        lignes=3,
        erreur="Dites pourquoi le conseil a débattu sans l’avis du panel citoyen.",
    )
    lien_video = forms.URLField(label="Adresse de la vidéo", required=False, assume_scheme="https")
    fichier = forms.FileField(label="Document du débat", required=False, help_text=PDF)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": self.objet.date_conseil}

    def preparer(self) -> None:
        if not self.objet.attend_son_panel:
            del self.fields["raison_sans_panel"]


class RepondreForm(ActeForm):
    reponse = champ_texte(
        "La réponse de la Métropole",
        "Publiée sur la page, envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=12,
    )
    fichier = forms.FileField(label="Document joint", required=False, help_text=PDF)


CloreForm = demander_texte("Un mot de fin (public)", maximum=600, facultatif=True)
