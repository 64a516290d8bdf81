"""What is asked to write an avis together, and to vote it."""

from typing import Any

from django import forms
from django.utils import timezone

from ccspl.models import Avis, Paragraphe, PositionMinoritaire, Preconisation, Proposition
from ccspl.workflow import Sens
from participation.seances.models import Membre
from participation.socle.models import Direction
from participation.socle.versions import VersionMixin

SENS = [(s.value, str(s.label)[:1].upper() + str(s.label)[1:]) for s in Sens]


def grand_texte(
    libelle: str,
    aide: str = "",
    *,
    lignes: int = 6,
    requis: bool = True,
    maximum: int = 6000,
    erreur: str = "",
) -> forms.CharField:
    return forms.CharField(
        label=libelle,
        help_text=aide,
        required=requis,
        max_length=maximum,
        widget=forms.Textarea(attrs={"rows": str(lignes)}),
        error_messages={"required": erreur} if erreur else None,
    )


class RedigerForm(VersionMixin, forms.Form):
    """A paragraph written again, or new ones. Guarded against two windows."""

    texte = grand_texte(
        "Texte",
        "Une ligne vide commence un nouveau paragraphe. Vous pouvez coller tout un texte.",
        lignes=10,
        maximum=60_000,
        erreur="Écrivez le texte.",
    )

    def __init__(self, *args: Any, paragraphe: Paragraphe | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if paragraphe is not None:
            self.initial.setdefault("texte", paragraphe.texte)
            self.surveiller(paragraphe, ["texte"])


class ProposerForm(forms.Form):
    """A wording, from a phone. `rang`: the version of the paragraph on the page."""

    nature = forms.ChoiceField(
        label="Que proposez-vous ?",
        choices=[
            ("modifier", "Changer ce paragraphe"),
            ("ajouter", "Ajouter un paragraphe après celui-ci"),
            ("supprimer", "Supprimer ce paragraphe"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous proposez."},
    )
    texte = grand_texte(
        "Votre rédaction", "Laissez vide si vous proposez de supprimer.", lignes=7, requis=False
    )
    raison = grand_texte("Pourquoi", "En une phrase, si vous voulez.", lignes=2, requis=False, maximum=600)
    rang = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, paragraphe: Paragraphe | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if paragraphe is None:
            self.fields["nature"].widget = forms.HiddenInput()
            self.initial["nature"] = Proposition.Nature.AJOUTER
            self.fields["texte"].help_text = ""
        else:
            self.initial.setdefault("nature", Proposition.Nature.MODIFIER)
            self.initial.setdefault("texte", paragraphe.texte)
            self.initial["rang"] = paragraphe.rang_version


class AccepterForm(forms.Form):
    """The wording as it enters the text: the facilitator may touch it. `rang`: the version of the paragraph she saw."""

    texte = grand_texte("Texte retenu", "Vous pouvez le corriger avant de l’accepter.", lignes=7)
    relu = forms.BooleanField(
        label="J’ai lu le texte d’aujourd’hui : la rédaction ci-dessus le remplace",
        error_messages={
            "required": "Le paragraphe a changé depuis la proposition : dites que vous l’avez relu."
        },
    )
    rang = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposition: Proposition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proposition.nature == Proposition.Nature.SUPPRIMER:
            del self.fields["texte"]
        else:
            self.initial.setdefault("texte", proposition.texte)
        if not proposition.est_depassee:
            del self.fields["relu"]
        if proposition.paragraphe is not None:
            self.initial["rang"] = proposition.paragraphe.rang_version

    def relire(self, rang: int) -> None:
        """The page now shows today's paragraph: sending it again is a choice."""
        donnees: Any = dict(self.data.items())
        donnees["rang"] = str(rang)
        donnees.pop("relu", None)
        self.data = donnees


class RefuserForm(forms.Form):
    reponse = grand_texte(
        "Pourquoi",
        "L’auteur de la proposition reçoit ces mots.",
        lignes=3,
        maximum=300,
        erreur="Dites pourquoi : l’auteur de la proposition le lira.",
    )


class PreconiserForm(VersionMixin, forms.Form):
    texte = grand_texte(
        "Préconisation",
        "Une seule demande par ligne : la Métropole répond à chacune.",
        lignes=4,
        maximum=2000,
        erreur="Écrivez la préconisation.",
    )
    direction = forms.ModelChoiceField(
        label="Direction qui répondra",
        queryset=Direction.objects.filter(est_active=True),
        required=False,
        empty_label="Celle du service, ou à choisir plus tard",
    )

    def __init__(
        self, *args: Any, preconisation: Preconisation | None = None, avis: Avis, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("direction", avis.service.direction_id)
        if preconisation is not None:
            self.initial.update(texte=preconisation.texte, direction=preconisation.direction_id)
            self.surveiller(preconisation, ["texte"])


class NoterPositionForm(forms.Form):
    """`pour_autrui`: an agent notes it for a member."""

    membre: Any = forms.ModelChoiceField(
        label="Membre",
        queryset=Membre.objects.none(),
        empty_label="Choisir un membre",
        error_messages={"required": "Dites de quel membre est cette position."},
    )
    texte = grand_texte(
        "Position minoritaire",
        "Elle est publiée avec l’avis, avec le nom de la personne.",
        lignes=5,
        maximum=2000,
        erreur="Écrivez la position.",
    )

    def __init__(
        self,
        *args: Any,
        avis: Avis,
        membre: Membre | None = None,
        pour_autrui: bool = False,
        position: PositionMinoritaire | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if pour_autrui:
            champ: Any = self.fields["membre"]
            champ.queryset = (
                Membre.objects.filter(college__mandature__instance=avis.mandature.instance)
                .en_fonction()
                .select_related("compte", "college")
                .order_by("compte__nom", "compte__prenom")
            )
        else:
            del self.fields["membre"]
        if position is not None:
            self.initial.setdefault("texte", position.texte)


class RouvrirRedactionForm(forms.Form):
    motif = grand_texte("Pourquoi reprendre le texte", "Les membres lisent ces mots.", lignes=3, maximum=600)


class AdopterForm(forms.Form):
    """In séance and on paper. The séance gives `dossier`."""

    sens = forms.ChoiceField(
        label="Sens de l’avis",
        choices=SENS,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites le sens de l’avis."},
    )
    synthese = grand_texte(
        "L’avis en deux phrases",
        "En mots simples, pour le public et les élus. Vous pourrez l’écrire plus tard.",
        lignes=3,
        requis=False,
        maximum=800,
    )

    def __init__(self, *args: Any, dossier: Avis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.avis = dossier
        self.initial.setdefault("synthese", dossier.synthese)

    def clean_sens(self) -> str:
        sens: str = self.cleaned_data["sens"]
        if sens == Sens.PRECONISATIONS and not self.avis.preconisations.exists():
            raise forms.ValidationError(
                "Cet avis n’a aucune préconisation : écrivez-en une, ou choisissez un autre sens."
            )
        return sens


class AdopterSurPapierForm(AdopterForm):
    le = forms.DateField(
        label="Adopté le",
        initial=timezone.localdate,
        help_text="Le jour de la séance où il a été voté.",
        error_messages={"required": "Dites quand l’avis a été adopté."},
    )
    field_order = ["le", "sens", "synthese"]


class RejeterForm(forms.Form):
    motif = grand_texte(
        "Pourquoi",
        "Les membres lisent ces mots.",
        lignes=3,
        maximum=600,
        erreur="Dites pourquoi le texte n’est pas adopté.",
    )

    def __init__(self, *args: Any, dossier: Avis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.avis = dossier
