"""What is asked during a séance. Kept short: somebody types it while a room waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.lectures.ecrans import a_accueillir
from participation.seances.lectures.questions import Situation, voix_ouvertes
from participation.seances.models import (
    Convie,
    Desaccord,
    Membre,
    Point,
    PointDossier,
    Presence,
    Seance,
    Vote,
)
from participation.seances.regles.votes import VoixComptees
from participation.seances.workflow import Mode, Sens
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.models import Dossier

if TYPE_CHECKING:
    ChoixDeConvie = forms.ModelChoiceField[Convie]
else:  # a generic for the type checker alone
    ChoixDeConvie = forms.ModelChoiceField


class ConvieField(ChoixDeConvie):
    """A person of the séance, told by name and collège."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.membre} ({obj.membre.college})"


def convies_de(seance: Seance) -> QuerySet[Convie]:
    return Convie.objects.filter(seance=seance, retire_le__isnull=True).select_related(
        "membre__compte", "membre__college"
    )


def presents_de(seance: Seance) -> QuerySet[Convie]:
    return convies_de(seance).filter(
        pk__in=Presence.objects.filter(seance=seance, depart__isnull=True).values("convie")
    )


class OuvrirForm(forms.Form):
    presidee_par = forms.ModelChoiceField(
        label="Qui préside",
        queryset=Membre.objects.none(),
        required=False,
        empty_label="Personne pour l’instant",
    )
    secretaire = forms.CharField(label="Secrétaire de séance", max_length=160, required=False)
    sans_deliberer = forms.BooleanField(
        label="Ouvrir sans délibérer",
        required=False,
        help_text="Les points d’information sont traités. Aucun vote ne peut s’ouvrir tant que le quorum manque.",
    )

    def __init__(self, *args: Any, seance: Seance, quorum_atteint: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presidee_par"].queryset = _presidents(seance)  # type: ignore[attr-defined]
        president = _presidents(seance).exclude(fonction=Membre.Fonction.MEMBRE).first()
        self.initial.setdefault("presidee_par", president.pk if president else None)
        if quorum_atteint:
            del self.fields["sans_deliberer"]


class PresiderForm(ActeForm):
    presidee_par = forms.ModelChoiceField(
        label="Qui préside",
        queryset=Membre.objects.none(),
        required=False,
        empty_label="Personne pour l’instant",
    )
    secretaire = forms.CharField(label="Secrétaire de séance", max_length=160, required=False)

    objet: Seance

    def initiales(self) -> Mapping[str, Any]:
        return {"presidee_par": self.objet.presidee_par_id, "secretaire": self.objet.secretaire}

    def preparer(self) -> None:
        self.choisir("presidee_par", _presidents(self.objet))


def _presidents(seance: Seance) -> QuerySet[Membre]:
    """Those who are there; who holds a function first."""
    return (
        Membre.objects.filter(pk__in=presents_de(seance).values("membre"))
        .select_related("compte")
        .order_by("-fonction", "compte__nom", "compte__prenom")
    )


class AccueillirForm(ActeForm):
    membre = forms.ModelChoiceField(label="Personne qui arrive", queryset=Membre.objects.none())
    mode = forms.ChoiceField(label="Comment", choices=Mode.choices, widget=forms.RadioSelect)

    objet: Seance

    def preparer(self) -> None:
        membres = a_accueillir(self.objet, Convie.objects.filter(seance=self.objet))
        self.choisir(
            "membre",
            Membre.objects.filter(pk__in=[m.pk for m in membres]).select_related("compte", "college"),
        )
        modes = self.objet.modes
        membre, mode = cast(Any, self.fields["membre"]), cast(Any, self.fields["mode"])
        membre.label_from_instance = lambda m: f"{m} ({m.college}, {m.get_rang_display()})"
        mode.choices = [choix for choix in Mode.choices if choix[0] in modes]
        if len(modes) == 1:
            mode.initial = modes[0]


class CorrigerPresenceForm(ActeForm):
    jour = forms.DateField(label="Jour", widget=forms.DateInput)
    de = forms.TimeField(label="Arrivée", widget=forms.TimeInput)
    a = forms.TimeField(
        label="Départ",
        widget=forms.TimeInput,
        required=False,
        help_text="Vide si la personne est toujours là.",
    )
    motif = forms.CharField(
        label="Pourquoi cette correction", max_length=200, help_text="Écrit au journal de la séance."
    )

    objet: Presence

    def initiales(self) -> Mapping[str, Any]:
        arrivee = timezone.localtime(self.objet.arrivee)
        depart = timezone.localtime(self.objet.depart) if self.objet.depart else None
        return {
            "jour": arrivee.date(),
            "de": arrivee.strftime("%H:%M"),
            "a": depart.strftime("%H:%M") if depart else "",
        }

    def clean(self) -> dict[str, Any]:
        """`arrivee` and `depart` as instants. An unchanged minute keeps its seconds."""
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or self.errors:
            return donnees
        for champ, heure, nom, avant in (
            ("de", de, "arrivee", self.objet.arrivee),
            ("a", a, "depart", self.objet.depart),
        ):
            if heure is None:
                donnees[nom] = None
                continue
            voulu = datetime.combine(jour, heure)
            if avant and timezone.localtime(avant).replace(tzinfo=None, second=0, microsecond=0) == voulu:
                donnees[nom] = avant
                continue
            try:
                donnees[nom] = from_current_timezone(voulu)
            except ValidationError:
                self.add_error(
                    champ, "Cette nuit-là, l’heure change : cette heure n’existe pas, ou revient deux fois."
                )
        if donnees.get("depart") and donnees.get("arrivee") and donnees["depart"] < donnees["arrivee"]:
            self.add_error("a", "Le départ précède l’arrivée.")
        return donnees

    def add_error(self, field: str | None, error: Any) -> None:
        """What the action says of `arrivee` and `depart` goes to the hours typed."""
        super().add_error({"arrivee": "de", "depart": "a"}.get(field or "", field), error)


MotifForm = demander_texte("Pourquoi", aide="Repris au procès-verbal.", maximum=200, lignes=1)


class AjouterPointForm(ActeForm):
    titre = forms.CharField(label="Titre du point", max_length=200)
    nature = forms.ChoiceField(
        label="Nature",
        choices=[c for c in Point.Nature.choices if c[0] != Point.Nature.APPROBATION],
        initial=Point.Nature.DIVERS,
    )
    duree = forms.IntegerField(label="Durée prévue (minutes)", min_value=1, max_value=600, initial=10)


class NoterReleveForm(ActeForm):
    SURVEILLES = ("releve",)

    releve = forms.CharField(
        label="Relevé des échanges",
        required=False,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="Repris au procès-verbal.",
    )


class SeDeporterForm(ActeForm):
    convie = ConvieField(label="Qui se déporte", queryset=Convie.objects.none())
    motif = forms.CharField(
        label="Raison", max_length=200, required=False, help_text="Dite au procès-verbal si elle est donnée."
    )

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", convies_de(self.objet.seance))


class NoterDesaccordForm(ActeForm):
    convie = ConvieField(label="Membre", queryset=Convie.objects.none())
    texte = forms.CharField(
        label="Son désaccord, dans ses mots", max_length=2000, widget=forms.Textarea(attrs={"rows": "4"})
    )

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet.seance))


class MonDesaccordForm(ActeForm):
    objet: Convie

    texte = forms.CharField(
        label="Votre désaccord, dans vos mots",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Il est écrit au procès-verbal sous votre nom.",
    )

    def initiales(self) -> Mapping[str, Any]:
        deja = Desaccord.objects.filter(convie=self.objet, point=self.objet.seance.point_courant_id).first()
        return {"texte": deja.texte if deja else ""}


class InscrireParoleForm(ActeForm):
    objet: Seance

    convie = ConvieField(label="Qui demande la parole", queryset=Convie.objects.none())

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet))


class OuvrirVoteForm(ActeForm):
    objet = forms.CharField(
        label="Question mise au vote",
        max_length=200,
        error_messages={"required": "Écrivez la question mise au vote."},
    )
    forme = forms.ChoiceField(
        label="Forme",
        choices=Vote.Forme.choices,
        initial=Vote.Forme.NOMINATIF,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la forme du vote."},
    )

    def initiales(self) -> Mapping[str, Any]:
        debuts = {
            Point.Nature.APPROBATION: "Approuver le procès-verbal",
            Point.Nature.AVIS: "Adopter l’avis",
            Point.Nature.PRISE_ACTE: "Prendre acte",
        }
        return {"objet": debuts.get(Point.Nature(cast(Any, self.objet).nature), "")}


class CompterMainsForm(forms.Form):
    """One row of counts for each collège: `decomptes()` once valid."""

    PRESIDENCE = (
        ("pour", "a voté pour"),
        ("contre", "a voté contre"),
        ("nppv", "n’a voté ni pour ni contre"),
    )
    voix_du_president = forms.ChoiceField(
        label="Si les voix sont à égalité, la présidence",
        choices=PRESIDENCE,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, colleges: Mapping[int, tuple[str, int]], vote: Vote, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colleges = colleges
        comptes = {voix.college_id: voix for voix in vote.voix.all()}
        for college, (nom, _) in colleges.items():
            for sens, libelle in Sens.choices:
                cle = f"{sens}_{college}"
                self.fields[cle] = forms.IntegerField(
                    label=f"{nom}, {libelle}",
                    min_value=0,
                    max_value=9999,
                    required=False,
                    widget=forms.NumberInput(
                        attrs={"class": "form-control case-compte", "inputmode": "numeric"}
                    ),
                )
                compte = comptes.get(college)
                if compte is not None:
                    self.initial[cle] = getattr(compte, sens)
        if not vote.voix_preponderante:
            del self.fields["voix_du_president"]

    def lignes(self) -> list[tuple[str, int, list[forms.BoundField]]]:
        return [
            (nom, attendus, [self[f"{sens}_{college}"] for sens in Sens.values])
            for college, (nom, attendus) in self.colleges.items()
        ]

    def decomptes(self) -> dict[int, VoixComptees]:
        return {
            college: VoixComptees(
                *((self.cleaned_data.get(f"{sens}_{college}") or 0) for sens in Sens.values)
            )
            for college in self.colleges
        }


class VoterPourForm(ActeForm):
    """An agent gives a named vote for a member in the room who has no phone."""

    voix = ConvieField(label="Voix de", queryset=Convie.objects.none())
    sens = forms.ChoiceField(label="Vote", choices=Sens.choices, widget=forms.RadioSelect)

    objet: Vote

    def preparer(self) -> None:
        """Whose voice may be given."""
        ouvertes = voix_ouvertes(self.objet, Situation.de(self.objet.point.seance))
        self.choisir(
            "voix",
            Convie.objects.filter(
                pk__in={voix for liste in ouvertes.values() for voix in liste}
            ).select_related("membre__compte", "membre__college"),
        )


class DeciderEnsembleForm(forms.Form):
    dossiers = forms.ModelMultipleChoiceField(
        label="Dossiers", queryset=PointDossier.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    decision = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, liens: Iterable[PointDossier], decisions: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossiers"].queryset = PointDossier.objects.filter(  # type: ignore[attr-defined]
            pk__in=[lien.pk for lien in liens]
        ).select_related("dossier", *[f"dossier__{nature}" for nature in Dossier.natures()])
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code de présence",
        max_length=12,
        help_text="Six lettres et chiffres, affichés sur l’écran de la salle.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()
