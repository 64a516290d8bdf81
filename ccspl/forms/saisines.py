"""Forms of the saisines and of the dates of the council."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from ccspl.models import Avis, ReunionDuConseil, ServiceSuivi
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)


def conseils_a_venir(garder: ReunionDuConseil | None = None) -> Any:
    """Return the meetings an avis may still precede, and the one already chosen."""
    reunions = ReunionDuConseil.objects.filter(date__gte=timezone.localdate() - timedelta(days=1))
    if garder is not None:
        reunions = reunions | ReunionDuConseil.objects.filter(pk=garder.pk)
    return reunions.order_by("date", "nature", "pk")


class FonderForm(ActeForm):
    """Basis of the saisine, and council that decides."""

    objet: Avis

    saisine = champ_choix(
        "Qui saisit la commission ?",
        [
            ("deliberation", "Le conseil, par une délibération"),
            ("delegation", "L’exécutif, par délégation du conseil"),
            ("loi", "La loi : examen annuel d’un rapport"),
            ("auto", "La commission elle-même (auto-saisine)"),
            ("a_dire", "À préciser plus tard"),
        ],
        erreur="Dites qui saisit la commission.",
        boutons=True,
        initial=Avis.Saisine.A_DIRE,
    )
    fondement = champ_ligne(
        "Numéro et date de l’acte",
        "Obligatoire pour une délibération ou une délégation. Pour une auto-saisine : la séance, ou les membres qui la demandent.",
        maximum=200,
        requis=False,
    )
    conseil: Any = champ_parmi(
        "Conseil qui doit en délibérer",
        ReunionDuConseil.objects.none(),
        "L’avis doit être rendu avant ce jour.",
        requis=False,
        vide="Pas encore connu",
    )

    autres_services = forms.ModelMultipleChoiceField(
        label="Autres services concernés",
        queryset=ServiceSuivi.objects.filter(est_actif=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Quand une même question porte sur plusieurs services : l’avis est lu sous chacun.",
    )

    def initiales(self) -> Mapping[str, Any]:
        siens = list(self.objet.autres_services.all()) if self.objet.pk else []
        return {
            **{champ: getattr(self.objet, champ) for champ in ("saisine", "fondement", "conseil")},
            "autres_services": siens,
        }

    def preparer(self) -> None:
        self.choisir("conseil", conseils_a_venir(self.objet.conseil))
        if self.objet.pk:
            autres = ServiceSuivi.objects.filter(est_actif=True).exclude(pk=self.objet.service_id)
            self.choisir("autres_services", autres)


class SaisirForm(FonderForm):
    service = champ_parmi(
        "Service concerné",
        ServiceSuivi.objects.filter(est_actif=True),
        erreur="Choisissez le service.",
        vide="Choisir un service",
    )
    objet = forms.ChoiceField(  # type: ignore[assignment]  # a question too, on what the avis is about
        label="Sur quoi porte l’avis ?",
        choices=[("", "Choisir"), *((v, capfirst(t)) for v, t in Avis.Objet.choices)],
        error_messages={"required": "Dites sur quoi porte l’avis."},
    )
    titre = champ_ligne(
        "Titre", "Court et compréhensible par tous : il sera public.", maximum=160, erreur="Donnez un titre."
    )
    contexte = champ_texte(
        "Ce qui est demandé à la commission", "La question posée, en mots simples.", lignes=5, requis=False
    )
    date_saisine = champ_jour(
        "Saisie le", erreur="Dites quand la commission a été saisie.", initial=timezone.localdate
    )
    demandeur = champ_ligne("Personne ou service qui saisit", maximum=160, requis=False)
    adresse_demandeur = champ_courriel(
        "Son courriel", "Un accusé de réception y est envoyé, puis l’avis.", requis=False
    )
    field_order = [
        "service",
        "autres_services",
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

    nature = champ_choix("Nature", ReunionDuConseil.Nature.choices)
    intitule = champ_ligne("Intitulé", maximum=160)
    date = champ_jour("Date")
    lieu = champ_ligne("Lieu", maximum=160, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}
