"""Forms of votes and decisions."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from participation.seances.forms.deroule import ConvieField
from participation.seances.lectures.questions import Situation, voix_ouvertes
from participation.seances.models import Convie, Point, PointDossier, Vote
from participation.seances.regles.votes import VoixComptees
from participation.seances.workflow import Part, Sens
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne
from participation.socle.francais import majuscule
from participation.socle.models import Dossier


class OuvrirVoteForm(ActeForm):
    objet = champ_ligne("Question mise au vote", maximum=200, erreur="Écrivez la question mise au vote.")
    forme = champ_choix(
        "Forme",
        Vote.Forme.choices,
        "Secret : à la clôture, plus rien sur le site ne relie un bulletin à une personne. Les journaux de la base et les sauvegardes "
        "faites pendant le vote le pourraient encore, pour qui administre le serveur.",
        erreur="Choisissez la forme du vote.",
        boutons=True,
        initial=Vote.Forme.NOMINATIF,
    )
    majorite = champ_choix("Majorité demandée", Part.choices, requis=False)

    def preparer(self) -> None:
        """Offer a choice of majority only if the règlement admits several."""
        admises = cast(Any, self.objet).seance.reglement.majorites
        if len(admises) < 2:
            del self.fields["majorite"]
            return
        champ = cast(Any, self.fields["majorite"])
        champ.choices = [(part, majuscule(Part(part).label)) for part in admises]
        champ.initial = admises[0]

    def initiales(self) -> Mapping[str, Any]:
        debuts = {
            Point.Nature.APPROBATION: "Approuver le procès-verbal",
            Point.Nature.AVIS: "Adopter l’avis",
            Point.Nature.PRISE_ACTE: "Prendre acte",
        }
        return {"objet": debuts.get(Point.Nature(cast(Any, self.objet).nature), "")}


class CompterMainsForm(forms.Form):
    """One row of counts for each collège. `decomptes()` returns them once the form is valid."""

    PRESIDENCE = (
        ("pour", "a voté pour"),
        ("contre", "a voté contre"),
        ("nppv", "n’a voté ni pour ni contre"),
    )
    voix_du_president = champ_choix(
        "Si les voix sont à égalité, la présidence", PRESIDENCE, requis=False, boutons=True
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
    """A named vote noted by an agent, for a member in the room who has no phone."""

    voix = ConvieField(label="Voix de", queryset=Convie.objects.none())
    sens = champ_choix("Vote", Sens.choices, boutons=True)

    objet: Vote

    def preparer(self) -> None:
        """Offer the voices that may be given now."""
        ouvertes = voix_ouvertes(self.objet, Situation.de(self.objet.point.seance))
        self.choisir(
            "voix",
            Convie.objects.filter(
                pk__in={voix for liste in ouvertes.values() for voix in liste}
            ).select_related("membre__compte", "membre__college"),
        )


class FaireLAppelForm(ActeForm):
    """One row for each voice, in the order of the collèges.

    A voice left as the page showed it is not sent again: it may have been changed from a phone since.
    """

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    objet: Vote

    def preparer(self) -> None:
        situation = Situation.de(self.objet.point.seance)
        ouvertes = {voix for liste in voix_ouvertes(self.objet, situation).values() for voix in liste}
        self.voix = [convie for convie in situation.convies if convie.pk in ouvertes]
        donnees = dict(self.objet.bulletins.values_list("convie", "sens"))
        for convie in self.voix:
            self.fields[f"voix_{convie.pk}"] = forms.ChoiceField(
                label=str(convie),
                choices=Sens.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=donnees.get(convie.pk, ""),
            )
        self.fields["vu"].initial = ",".join(f"{numero}:{sens}" for numero, sens in donnees.items())

    def lignes(self) -> list[tuple[Convie, forms.BoundField]]:
        return [(convie, self[f"voix_{convie.pk}"]) for convie in self.voix]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        vu = dict(morceau.split(":", 1) for morceau in donnees.get("vu", "").split(",") if ":" in morceau)
        dites = {convie.pk: donnees.get(f"voix_{convie.pk}", "") for convie in self.voix}
        return {
            "voix": {numero: sens for numero, sens in dites.items() if sens and vu.get(str(numero)) != sens}
        }


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
