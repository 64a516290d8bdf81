"""Forms used during a séance. They are short: a room waits while an agent types."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, When
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.forms.heures import jour_de_fin
from participation.seances.lectures.ecrans import a_accueillir
from participation.seances.models import Convie, Desaccord, Membre, Point, Presence, Seance
from participation.seances.regles.quorum import SANS_SIEGE, Quorum
from participation.seances.workflow import Mode
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)

if TYPE_CHECKING:
    ChoixDeConvie = forms.ModelChoiceField[Convie]
else:  # generic for the type checker only
    ChoixDeConvie = forms.ModelChoiceField


class ConvieField(ChoixDeConvie):
    """A choice of one person of the séance, shown with name and collège."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"empty_label": "Choisissez une personne", **options})

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
    presidee_par = champ_parmi(
        "Qui préside", Membre.objects.none(), requis=False, vide="Personne pour l’instant"
    )
    secretaire = champ_ligne("Secrétaire de séance", maximum=160, requis=False)
    sans_deliberer = champ_case(
        "Ouvrir sans délibérer",
        "Les points d’information sont traités. Aucun vote ne peut s’ouvrir tant que le quorum manque.",
        requis=False,
    )

    def __init__(self, *args: Any, seance: Seance, quorum: Quorum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presidee_par"].queryset = _presidents(seance)  # type: ignore[attr-defined]
        self.initial.setdefault("presidee_par", _presidente(seance))
        if not quorum.fait_defaut:
            del self.fields["sans_deliberer"]
        if quorum.phrase == SANS_SIEGE:
            del self.fields["presidee_par"]


class PresiderForm(ActeForm):
    presidee_par = champ_parmi(
        "Qui préside", Membre.objects.none(), requis=False, vide="Personne pour l’instant"
    )
    secretaire = champ_ligne("Secrétaire de séance", maximum=160, requis=False)

    objet: Seance

    def initiales(self) -> Mapping[str, Any]:
        presidee_par = self.objet.presidee_par_id or _presidente(self.objet)
        return {"presidee_par": presidee_par, "secretaire": self.objet.secretaire}

    def preparer(self) -> None:
        self.choisir("presidee_par", _presidents(self.objet))


# Who presides if present, in this order.
PRESIDENCES = (Membre.Fonction.PRESIDENT, Membre.Fonction.COPRESIDENT, Membre.Fonction.DELEGUE)


def _presidents(seance: Seance) -> QuerySet[Membre]:
    """Return the members present, those with a function first."""
    rang = Case(*(When(fonction=fonction, then=rang) for rang, fonction in enumerate(PRESIDENCES)), default=9)
    return (
        Membre.objects.filter(pk__in=presents_de(seance).values("membre"))
        .select_related("compte")
        .order_by(rang, "compte__nom", "compte__prenom")
    )


def _presidente(seance: Seance) -> int | None:
    """Return the pk of the member expected to preside, if present."""
    membre = _presidents(seance).filter(fonction__in=PRESIDENCES).first()
    return membre.pk if membre else None


class AccueillirForm(ActeForm):
    membre = champ_parmi("Personne qui arrive", Membre.objects.none())
    mode = champ_choix("Comment", Mode.choices, boutons=True)

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
    jour = champ_jour("Jour de l’arrivée")
    de = forms.TimeField(label="Arrivée", widget=forms.TimeInput)
    a = forms.TimeField(
        label="Départ",
        widget=forms.TimeInput,
        required=False,
        help_text="Vide si la personne est toujours là. Une heure après minuit est celle du lendemain.",
    )
    motif = champ_ligne("Pourquoi cette correction", "Écrit au journal de la séance.", maximum=200)

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
        """Return `arrivee` and `depart` as instants. An unchanged minute keeps its seconds."""
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or self.errors:
            return donnees
        for champ, jour_dit, heure, nom, avant in (
            ("de", jour, de, "arrivee", self.objet.arrivee),
            ("a", jour_de_fin(jour, de, a) if a else jour, a, "depart", self.objet.depart),
        ):
            if heure is None:
                donnees[nom] = None
                continue
            voulu = datetime.combine(jour_dit, heure)
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
        """Show the errors of `arrivee` and `depart` on the hours typed."""
        super().add_error({"arrivee": "de", "depart": "a"}.get(field or "", field), error)


MotifForm = demander_texte("Pourquoi", aide="Repris au procès-verbal.", maximum=200, lignes=1)


class AjouterPointForm(ActeForm):
    titre = champ_ligne("Titre du point", maximum=200)
    nature = champ_choix(
        "Nature",
        [c for c in Point.Nature.choices if c[0] != Point.Nature.APPROBATION],
        initial=Point.Nature.DIVERS,
    )
    duree = forms.IntegerField(label="Durée prévue (minutes)", min_value=1, max_value=600, initial=10)


class NoterReleveForm(ActeForm):
    SURVEILLES = ("releve",)

    releve = champ_texte("Relevé des échanges", "Repris au procès-verbal.", requis=False, maximum=None)


class SeDeporterForm(ActeForm):
    convie = ConvieField(label="Qui se déporte", queryset=Convie.objects.none())
    motif = champ_ligne(
        "Raison",
        "Les membres la lisent au procès-verbal. Elle n’est jamais publiée : le public lit seulement que la personne s’est déportée.",
        maximum=200,
        requis=False,
    )

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", convies_de(self.objet.seance))


class NoterDesaccordForm(ActeForm):
    convie = ConvieField(label="Membre", queryset=Convie.objects.none())
    texte = champ_texte("Son désaccord, dans ses mots", maximum=2000, lignes=4)

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet.seance))


class MonDesaccordForm(ActeForm):
    objet: Convie

    texte = champ_texte(
        "Votre désaccord, dans vos mots",
        "Il est écrit au procès-verbal sous votre nom.",
        maximum=2000,
        lignes=4,
    )

    def initiales(self) -> Mapping[str, Any]:
        deja = Desaccord.objects.filter(convie=self.objet, point=self.objet.seance.point_courant_id).first()
        return {"texte": deja.texte if deja else ""}


class InscrireParoleForm(ActeForm):
    objet: Seance

    convie = ConvieField(label="Qui demande la parole", queryset=Convie.objects.none())

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet))


class CodeForm(forms.Form):
    code = champ_ligne(
        "Code de présence",
        "Six lettres et chiffres, affichés sur l’écran de la salle.",
        maximum=12,
        attributs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()
