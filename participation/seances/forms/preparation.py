"""What is asked to prepare a séance: when and where, its points, its papers, what members demand."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.models import DemandePoint, Instance, Point, Seance
from participation.seances.workflow import A_VENIR, Etat
from participation.socle.actions.pieces import ACCEPTES
from participation.socle.francais import jour_texte
from participation.socle.models import Direction
from participation.socle.versions import VersionMixin

CHAMPS_POINT = ("nature", "titre", "note", "rapporteur", "direction", "duree", "est_confidentiel", "pv_de")


def _nommer(obj: Any) -> str:
    """A séance in a list to choose from."""
    return f"{obj.titre}, {jour_texte(obj.jour, 'chiffres')}"


class QuandForm(forms.Form):
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
    def initial_de(seance: Seance) -> dict[str, Any]:
        debut, fin = timezone.localtime(seance.debut), timezone.localtime(seance.fin)
        return {"jour": debut.date(), "de": debut.time(), "a": fin.time()}


class LieuForm(forms.Form):
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

    @staticmethod
    def initial_depuis(seance: Seance) -> dict[str, Any]:
        return {
            **QuandForm.initial_de(seance),
            **{
                champ: getattr(seance, champ)
                for champ in (
                    "titre",
                    "nature",
                    "tenue",
                    "lieu",
                    "acces",
                    "lien_visio",
                    "est_publique",
                    "capacite",
                )
            },
        }


class ProgrammerForm(SeanceForm):
    instance = forms.ModelChoiceField(
        label="Instance",
        queryset=Instance.objects.filter(est_active=True),
        to_field_name="cle",
        empty_label="Choisissez",
    )


class ModifierConvoqueeForm(forms.Form):
    """What may change without telling anybody."""

    titre = forms.CharField(label="Titre", max_length=160)
    acces = forms.CharField(
        label="Accès",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Transports, entrée accessible, étage.",
    )
    est_publique = forms.BooleanField(label="Ouverte au public", required=False)
    capacite = forms.IntegerField(label="Places", required=False, min_value=1)


class PointForm(VersionMixin):
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
    pv_de = forms.ModelChoiceField(
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

    def __init__(self, *args: Any, seance: Seance, point: Point | None = None, **kwargs: Any) -> None:
        if point is not None:
            kwargs["initial"] = {champ: getattr(point, champ) for champ in CHAMPS_POINT}
        super().__init__(*args, **kwargs)
        champ = self.fields["pv_de"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 says to the type checker what it is
        champ.queryset = (
            Seance.objects.filter(
                instance=seance.instance_id, etat=Etat.LEVEE, nature__in=Seance.DELIBERANTES
            )
            .exclude(pk=seance.pk)
            .order_by("-debut")
        )
        champ.label_from_instance = _nommer  # type: ignore[method-assign]
        if point is not None:
            self.surveiller(point, ["titre", "note"])


class RetirerPointForm(forms.Form):
    """After the convocation: a reason, and whether another séance will take it."""

    suite = forms.ChoiceField(
        label="Ce point est",
        choices=(("reporte", "reporté à une autre séance"), ("retire", "retiré")),
        widget=forms.RadioSelect,
        initial="reporte",
    )
    motif = forms.CharField(
        label="Pourquoi", max_length=200, help_text="Les personnes convoquées lisent cette raison."
    )


class JoindrePieceSeanceForm(forms.Form):
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

    def __init__(self, *args: Any, seance: Seance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["point"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 says to the type checker what it is
        champ.queryset = seance.points.exclude(etat="retire").order_by("ordre")
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"{ACCEPTES}, {taille} Mo au plus."


class DemanderPointForm(forms.Form):
    titre = forms.CharField(label="Titre du point", max_length=160)
    texte = forms.CharField(
        label="Pourquoi en parler",
        max_length=2000,
        widget=forms.Textarea(attrs={"maxlength": 2000}),
        help_text="Les autres membres lisent ces lignes avant de vous soutenir.",
    )


class InscrireDemandeForm(forms.Form):
    seance = forms.ModelChoiceField(label="Séance", queryset=Seance.objects.none(), empty_label=None)

    def __init__(self, *args: Any, demande: DemandePoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["seance"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 says to the type checker what it is
        champ.queryset = Seance.objects.filter(
            instance=demande.instance_id, etat__in=A_VENIR, debut__gt=timezone.now() - timedelta(hours=12)
        ).order_by("debut")
        champ.label_from_instance = _nommer  # type: ignore[method-assign]
