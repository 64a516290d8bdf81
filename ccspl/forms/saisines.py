"""What is asked to refer to the commission."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from ccspl.forms.redaction import grand_texte
from ccspl.models import Avis, ReunionDuConseil, ServiceSuivi


def conseils_a_venir(garder: ReunionDuConseil | None = None) -> Any:
    """Councils and commissions that an avis may still precede; the one already chosen stays."""
    reunions = ReunionDuConseil.objects.filter(date__gte=timezone.localdate() - timedelta(days=1))
    if garder is not None:
        reunions = reunions | ReunionDuConseil.objects.filter(pk=garder.pk)
    return reunions.order_by("date")


class FondementForm(forms.Form):
    """On what the referral rests; which council decides."""

    saisine = forms.ChoiceField(
        label="Qui saisit la commission ?",
        choices=[
            ("deliberation", "Le conseil, par une délibération"),
            ("delegation", "L’exécutif, par délégation du conseil"),
            ("loi", "La loi : examen annuel d’un rapport"),
            ("auto", "La commission elle-même (auto-saisine)"),
            ("a_dire", "À préciser plus tard"),
        ],
        widget=forms.RadioSelect,
        initial=Avis.Saisine.A_DIRE,
        error_messages={"required": "Dites qui saisit la commission."},
    )
    fondement = forms.CharField(
        label="Numéro et date de l’acte",
        required=False,
        max_length=200,
        help_text="Obligatoire pour une délibération ou une délégation. Pour une auto-saisine : la séance, ou les membres qui la demandent.",
    )
    conseil: Any = forms.ModelChoiceField(
        label="Conseil qui doit en délibérer",
        queryset=ReunionDuConseil.objects.none(),
        required=False,
        empty_label="Pas encore connu",
        help_text="L’avis doit être rendu avant ce jour.",
    )

    def __init__(self, *args: Any, avis: Avis | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["conseil"]
        champ.queryset = conseils_a_venir(avis.conseil if avis else None)
        if avis is not None:
            self.initial = {
                "saisine": avis.saisine,
                "fondement": avis.fondement,
                "conseil": avis.conseil_id,
                **self.initial,
            }

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("saisine") in {"deliberation", "delegation"} and not reponses.get("fondement"):
            self.add_error("fondement", "Donnez le numéro et la date de la délibération ou de la délégation.")
        return reponses


class FonderForm(FondementForm):
    pass


class SaisirForm(FondementForm):
    service = forms.ModelChoiceField(
        label="Service concerné",
        queryset=ServiceSuivi.objects.filter(est_actif=True),
        empty_label="Choisir un service",
        error_messages={"required": "Choisissez le service."},
    )
    objet = forms.ChoiceField(
        label="Sur quoi porte l’avis ?",
        choices=[("", "Choisir"), *((v, str(t)[:1].upper() + str(t)[1:]) for v, t in Avis.Objet.choices)],
        error_messages={"required": "Dites sur quoi porte l’avis."},
    )
    titre = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Court et compréhensible par tous : il sera public.",
        error_messages={"required": "Donnez un titre."},
    )
    contexte = grand_texte(
        "Ce qui est demandé à la commission", "La question posée, en mots simples.", lignes=5, requis=False
    )
    date_saisine = forms.DateField(
        label="Saisie le",
        initial=timezone.localdate,
        error_messages={"required": "Dites quand la commission a été saisie."},
    )
    demandeur = forms.CharField(label="Personne ou service qui saisit", required=False, max_length=160)
    adresse_demandeur = forms.EmailField(
        label="Son courriel",
        required=False,
        help_text="Un accusé de réception y est envoyé, puis l’avis.",
        error_messages={"invalid": "Cette adresse de courriel n’est pas complète."},
    )
    field_order = [
        "service",
        "objet",
        "titre",
        "contexte",
        "date_saisine",
        "saisine",
        "fondement",
        "conseil",
        "demandeur",
        "adresse_demandeur",
    ]

    def clean_date_saisine(self) -> Any:
        jour = self.cleaned_data["date_saisine"]
        if jour > timezone.localdate():
            raise forms.ValidationError("Cette date n’est pas encore arrivée.")
        return jour


class OuvrirRedactionForm(forms.Form):
    contexte = grand_texte(
        "Ce qui est demandé aux membres",
        "Ils lisent ces mots dans leur courriel et en tête du texte.",
        lignes=5,
        requis=False,
    )


class AbandonnerForm(forms.Form):
    motif = grand_texte(
        "Pourquoi",
        "Écrit dans le journal et dans les lettres.",
        lignes=3,
        maximum=600,
        erreur="Dites pourquoi la saisine est sans objet.",
    )


class ReunionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A date of the council, or of one of its commissions."""

    class Meta:
        model = ReunionDuConseil
        fields = ("nature", "intitule", "date", "lieu")
