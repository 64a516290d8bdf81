"""What is asked to correct, extend, pause, and to run the campaign."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.models import Appartenance, Compte, Direction
from participation.socle.versions import VersionMixin
from participation.socle.workflow import Role
from petitions.actions.collecte import CHAMPS_DU_TEXTE
from petitions.models import Petition, TacheCampagne

TEXTE_MAX = 10_000


class AmenderForm(VersionMixin):
    titre = forms.CharField(label="Titre", max_length=160)
    demande = forms.CharField(
        label="Ce que nous demandons", widget=forms.Textarea(attrs={"rows": "8"}), max_length=TEXTE_MAX
    )
    raisons = forms.CharField(
        label="Pourquoi", widget=forms.Textarea(attrs={"rows": "8"}), required=False, max_length=TEXTE_MAX
    )
    competence = forms.CharField(
        label="Qui peut agir",
        widget=forms.Textarea(attrs={"rows": "3"}),
        required=False,
        max_length=TEXTE_MAX,
    )
    note = forms.CharField(
        label="Ce que vous corrigez, et pourquoi",
        help_text="Cette note est publique. L’ancien texte reste lisible.",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=600,
    )

    def __init__(self, data: Any = None, *, petition: Petition) -> None:
        super().__init__(data, initial={champ: getattr(petition, champ) for champ in CHAMPS_DU_TEXTE})
        self.surveiller(petition, CHAMPS_DU_TEXTE)


class EcrireFacileForm(VersionMixin):
    texte_facile = forms.CharField(
        label="Version facile à lire et à comprendre",
        help_text="Une idée par phrase. Des mots de tous les jours. Faites-la relire par des personnes concernées.",
        widget=forms.Textarea(attrs={"rows": "14"}),
        max_length=6000,
    )

    def __init__(self, data: Any = None, *, petition: Petition) -> None:
        super().__init__(data, initial={"texte_facile": petition.texte_facile})
        self.surveiller(petition, ["texte_facile"])


class ProlongerForm(forms.Form):
    date_fin = forms.DateField(label="Nouveau dernier jour pour signer")
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Cette raison est publique. Elle est envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=600,
    )

    def __init__(self, data: Any = None, *, petition: Petition) -> None:
        super().__init__(data)
        if petition.date_fin_collecte:
            self.fields["date_fin"].initial = petition.date_fin_collecte + timedelta(days=30)


class SuspendreForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Cette raison est publique, par exemple « Période électorale ».",
        max_length=160,
    )


class TacheForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = TacheCampagne
        fields = ("intitule", "equipe", "direction", "responsable", "date_limite")
        widgets = {"date_limite": forms.DateInput()}
        help_texts = {"direction": "Seulement si la tâche revient à une direction."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].queryset = Direction.objects.filter(est_active=True)  # type: ignore[attr-defined]
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_DIRECTION])
        self.fields["responsable"].queryset = Compte.objects.filter(  # type: ignore[attr-defined]
            is_active=True, pk__in=agents.values("compte")
        )
        self.fields["responsable"].required = False
        self.fields["direction"].required = False
        self.fields["direction"].empty_label = "Aucune"  # type: ignore[attr-defined]
        self.fields["responsable"].empty_label = "Personne en particulier"  # type: ignore[attr-defined]
        self.fields["date_limite"].initial = timezone.localdate() + timedelta(days=7)
