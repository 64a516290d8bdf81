"""What is asked to refer to the commission."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from ccspl.models import Avis, ReunionDuConseil, ServiceSuivi
from participation.socle.forms.actes import ActeForm, champ_texte, demander_texte


def conseils_a_venir(garder: ReunionDuConseil | None = None) -> Any:
    """Councils and commissions that an avis may still precede; the one already chosen stays."""
    reunions = ReunionDuConseil.objects.filter(date__gte=timezone.localdate() - timedelta(days=1))
    if garder is not None:
        reunions = reunions | ReunionDuConseil.objects.filter(pk=garder.pk)
    return reunions.order_by("date")


class FonderForm(ActeForm):
    """On what the referral rests; which council decides."""

    objet: Avis

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

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in ("saisine", "fondement", "conseil")}

    def preparer(self) -> None:
        self.choisir("conseil", conseils_a_venir(self.objet.conseil))


class SaisirForm(FonderForm):
    service = forms.ModelChoiceField(
        label="Service concerné",
        queryset=ServiceSuivi.objects.filter(est_actif=True),
        empty_label="Choisir un service",
        error_messages={"required": "Choisissez le service."},
    )
    objet = forms.ChoiceField(  # type: ignore[assignment]  # a question too, on what the avis is about
        label="Sur quoi porte l’avis ?",
        choices=[("", "Choisir"), *((v, capfirst(t)) for v, t in Avis.Objet.choices)],
        error_messages={"required": "Dites sur quoi porte l’avis."},
    )
    titre = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Court et compréhensible par tous : il sera public.",
        error_messages={"required": "Donnez un titre."},
    )
    contexte = champ_texte(
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

    def initiales(self) -> Mapping[str, Any]:
        avis: Any = self.objet
        return {**super().initiales(), "service": avis.service_id, "objet": avis.objet}


OuvrirRedactionForm = demander_texte(
    "Ce qui est demandé aux membres",
    nom="contexte",
    aide="Ils lisent ces mots dans leur courriel et en tête du texte.",
    maximum=6000,
    lignes=5,
    facultatif=True,
    actuel=True,
)
AbandonnerForm = demander_texte(
    "Pourquoi",
    aide="Écrit dans le journal et dans les lettres.",
    maximum=600,
    erreur="Dites pourquoi la saisine est sans objet.",
)


class ReunionForm(ActeForm):
    """A date of the council, or of one of its commissions."""

    objet: ReunionDuConseil

    nature = forms.ChoiceField(label="Nature", choices=ReunionDuConseil.Nature.choices)
    intitule = forms.CharField(label="Intitulé", max_length=160)
    date = forms.DateField(label="Date")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}
