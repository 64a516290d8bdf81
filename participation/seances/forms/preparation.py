"""What is asked to prepare a séance: when and where, its points, its papers, what members demand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.models import Instance, Point, Seance
from participation.seances.workflow import A_VENIR, Etat
from participation.socle.actions.pieces import ACCEPTES
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import jour_texte
from participation.socle.models import Direction

CHAMPS_POINT = ("nature", "titre", "note", "rapporteur", "direction", "duree", "est_confidentiel", "pv_de")


class SeanceChamp(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A séance in a list to choose from."""

    def label_from_instance(self, obj: Seance) -> str:
        return f"{obj.titre}, {jour_texte(obj.jour, 'chiffres')}"


class QuandForm(ActeForm):
    """A day, two hours: `debut` and `fin` once clean. An hour that does not exist, or comes twice, is said."""

    jour = forms.DateField(label="Jour", widget=forms.DateInput)
    de = forms.TimeField(label="De", widget=forms.TimeInput)
    a = forms.TimeField(label="À", widget=forms.TimeInput)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or a is None:
            return donnees
        for champ, heure, nom in (("de", de, "debut"), ("a", a, "fin")):
            try:
                donnees[nom] = from_current_timezone(datetime.combine(jour, heure))
            except ValidationError:
                self.add_error(
                    champ, "Cette nuit-là, l’heure change : cette heure n’existe pas, ou revient deux fois."
                )
        if "debut" in donnees and "fin" in donnees and donnees["fin"] <= donnees["debut"]:
            self.add_error("a", "La fin précède le début.")
        return donnees

    @staticmethod
    def quand(seance: Seance) -> dict[str, Any]:
        debut, fin = timezone.localtime(seance.debut), timezone.localtime(seance.fin)
        return {"jour": debut.date(), "de": debut.time(), "a": fin.time()}


class LieuForm(ActeForm):
    tenue = forms.ChoiceField(
        label="Tenue", choices=Seance.Tenue.choices, widget=forms.RadioSelect, initial=Seance.Tenue.SALLE
    )
    lieu = forms.CharField(
        label="Lieu",
        max_length=200,
        required=False,
        help_text="Salle et adresse. Vide si tout est à distance.",
    )
    acces = forms.CharField(
        label="Accès",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Transports, entrée accessible, étage.",
    )
    lien_visio = forms.URLField(
        label="Lien de la visioconférence",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="Écrit aux personnes convoquées seulement. Il peut être ajouté plus tard, avant de convoquer.",
    )


class SeanceForm(LieuForm, QuandForm):
    """Set a séance, or change one that nobody was convened to."""

    field_order = (
        "instance",
        "titre",
        "nature",
        "jour",
        "de",
        "a",
        "tenue",
        "lieu",
        "acces",
        "lien_visio",
        "est_publique",
        "capacite",
    )

    titre = forms.CharField(
        label="Titre", max_length=160, help_text="Par exemple « Séance plénière de juin »."
    )
    nature = forms.ChoiceField(label="Nature", choices=Seance.Nature.choices)
    est_publique = forms.BooleanField(
        label="Ouverte au public",
        required=False,
        help_text="Son ordre du jour est publié une fois la convocation partie.",
    )
    capacite = forms.IntegerField(
        label="Places", required=False, min_value=1, help_text="Pour une visite ou une formation."
    )


class ProgrammerForm(SeanceForm):
    instance = forms.ModelChoiceField(
        label="Instance",
        queryset=Instance.objects.filter(est_active=True),
        to_field_name="cle",
        empty_label="Choisissez",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"instance": self.objet.cle_demandee, "tenue": Seance.Tenue.SALLE, "nature": self.objet.nature}


class ModifierForm(SeanceForm):
    """All of it as long as nobody is convened; then what may change without telling anybody."""

    SANS_PREVENIR = ("titre", "acces", "est_publique", "capacite")

    def initiales(self) -> Mapping[str, Any]:
        champs = (*self.SANS_PREVENIR, "nature", "tenue", "lieu", "lien_visio")
        return {**self.quand(self.objet), **{champ: getattr(self.objet, champ) for champ in champs}}

    def preparer(self) -> None:
        if self.objet.etat == Etat.CONVOQUEE:
            self.fields = {nom: self.fields[nom] for nom in self.SANS_PREVENIR}


class PointForm(ActeForm):
    nature = forms.ChoiceField(label="Nature", choices=Point.Nature.choices)
    titre = forms.CharField(label="Titre", max_length=200)
    note = forms.CharField(
        label="Note de présentation",
        required=False,
        widget=forms.Textarea,
        help_text="Envoyée avec la convocation.",
    )
    rapporteur = forms.CharField(label="Présenté par", max_length=160, required=False)
    direction = forms.ModelChoiceField(
        label="Direction",
        queryset=Direction.objects.filter(est_active=True),
        required=False,
        empty_label="Aucune",
    )
    duree = forms.IntegerField(label="Durée prévue, en minutes", min_value=1, max_value=600, initial=10)
    pv_de = SeanceChamp(
        label="Procès-verbal à approuver",
        queryset=Seance.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Pour l’approbation d’un procès-verbal seulement.",
    )
    est_confidentiel = forms.BooleanField(
        label="À huis clos",
        required=False,
        help_text="Le point et ses pièces ne sont montrés qu’aux membres et aux agents.",
    )

    field_order = ("nature", "titre", "note", "rapporteur", "direction", "duree", "pv_de", "est_confidentiel")

    def preparer(self) -> None:
        seance = self.objet if isinstance(self.objet, Seance) else self.objet.seance
        levees = Seance.objects.filter(
            instance=seance.instance_id, etat=Etat.LEVEE, nature__in=Seance.DELIBERANTES
        )
        self.choisir("pv_de", levees.exclude(pk=seance.pk).order_by("-debut"))


class ModifierPointForm(PointForm):
    SURVEILLES = ("titre", "note")

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in CHAMPS_POINT}


class OrdonnerForm(ActeForm):
    sens = forms.ChoiceField(choices=(("monter", "monter"), ("descendre", "descendre")))


class RetirerPointForm(ActeForm):
    """Nothing as long as nobody was told of it; then a reason, and whether another séance will take it."""

    suite = forms.ChoiceField(
        label="Ce point est",
        choices=(("reporte", "reporté à une autre séance"), ("retire", "retiré")),
        widget=forms.RadioSelect,
        initial="reporte",
    )
    motif = forms.CharField(
        label="Pourquoi", max_length=200, help_text="Les personnes convoquées lisent cette raison."
    )

    def preparer(self) -> None:
        if self.objet.seance.etat == Etat.PROGRAMMEE:
            self.fields.clear()


class JoindrePieceSeanceForm(ActeForm):
    titre = forms.CharField(label="Titre de la pièce", max_length=160)
    fichier = forms.FileField(label="Fichier")
    point = forms.ModelChoiceField(
        label="Point", queryset=Point.objects.none(), required=False, empty_label="Toute la séance"
    )
    est_publique = forms.BooleanField(
        label="Montrer cette pièce au public",
        required=False,
        help_text="Une fois la convocation partie, sauf pour un point à huis clos.",
    )

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"{ACCEPTES}, {taille} Mo au plus."


class DemanderPointForm(ActeForm):
    titre = forms.CharField(label="Titre du point", max_length=160)
    texte = forms.CharField(
        label="Pourquoi en parler",
        max_length=2000,
        widget=forms.Textarea(attrs={"maxlength": 2000}),
        help_text="Les autres membres lisent ces lignes avant de vous soutenir.",
    )


class InscrireDemandeForm(ActeForm):
    seance = SeanceChamp(label="Séance", queryset=Seance.objects.none(), empty_label=None)

    def preparer(self) -> None:
        possibles = Seance.objects.filter(
            instance=self.objet.instance_id, etat__in=A_VENIR, debut__gt=timezone.now() - timedelta(hours=12)
        )
        self.choisir("seance", possibles.order_by("debut"))
