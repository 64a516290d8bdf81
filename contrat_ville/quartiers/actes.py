"""Référents, meetings and observations of a quartier; their forms."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models import ObservationQuartier, ReunionQuartier, SuiviQuartier
from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.pieces import IMAGES, ContenuReconnu, reconnaitre
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    ChampFichier,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_texte,
    propose,
)
from participation.socle.francais import jour_texte
from participation.socle.models import Appartenance, Compte
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def _au_quartier(partie: Any, _: Any) -> str:
    return reverse("contrat_ville:quartier_suivi", args=[partie.quartier_suivi_id])


class ChoixDeReferents(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Compte) -> str:
        return f"{obj}, {obj.fonction}" if obj.fonction else str(obj)


class ReferentsForm(ActeForm):
    objet: SuiviQuartier

    referents = ChoixDeReferents(
        label="Référents",
        queryset=Compte.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Des agents du service ou d’une commune. Chacun reçoit un courriel.",
    )
    table_de_quartier = champ_ligne("Table de quartier", "Son nom.", maximum=160, requis=False)
    courriel = champ_courriel("Courriel de la table de quartier", "Une boîte partagée.", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {
            "referents": list(self.objet.referents.values_list("pk", flat=True)),
            "table_de_quartier": self.objet.table_de_quartier,
            "courriel": self.objet.courriel,
        }

    def preparer(self) -> None:
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_COMMUNE])
        self.choisir("referents", Compte.objects.filter(is_active=True, pk__in=agents.values("compte")))


@acte(Page[SuiviQuartier](form=ReferentsForm))
@transaction.atomic
def nommer_referents(
    suivi: SuiviQuartier,
    *,
    par: Compte,
    referents: Sequence[Compte],
    table_de_quartier: str = "",
    courriel: str = "",
) -> None:
    """Set the référents. The new ones get a letter."""
    pas = exiger(suivi, "nommer_referents", par=par)
    avant = set(suivi.referents.values_list("pk", flat=True))
    suivi.referents.set(referents)
    pas.avancer(
        champs={"table_de_quartier": table_de_quartier, "courriel": courriel},
        details={"referents": [compte.pk for compte in referents]},
    )
    for compte in referents:
        if compte.pk not in avant and compte != par:
            ecrire(
                "contrat_ville/nommer_referents",
                a=[compte.courriel],
                contexte={"quartier": suivi.quartier, "lien": suivi.get_absolute_url()},
            )


class ReunionForm(ActeForm):
    date = champ_jour("Quand")
    participants = champ_ligne(
        "Qui était là", "Les structures et les fonctions plutôt que les noms.", maximum=400
    )
    notes = champ_texte("Ce qui s’est dit", maximum=6000, lignes=8)
    decisions = champ_texte("Ce qui est décidé", requis=False, maximum=3000, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": propose(timezone.localdate())}


@acte(
    Page[SuiviQuartier](
        form=ReunionForm,
        consequence="Les référents, le service et la commune du quartier la lisent.",
        retour="#reunions",
    )
)
@transaction.atomic
def noter_reunion(
    suivi: SuiviQuartier, *, par: Compte, date: date, participants: str, notes: str, decisions: str = ""
) -> ReunionQuartier:
    pas = exiger(suivi, "noter_reunion", par=par)
    _pas_demain(date)
    reunion = enregistrer(
        ReunionQuartier(
            quartier_suivi=suivi,
            date=date,
            participants=participants,
            notes=notes,
            decisions=decisions,
            par=par,
        )
    )
    pas.avancer(fait=f"Réunion du {jour_texte(date)} notée")
    return reunion


class CorrigerReunionForm(ReunionForm):
    objet: ReunionQuartier

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in ("date", "participants", "notes", "decisions")}


@acte(Page[ReunionQuartier](form=CorrigerReunionForm, retour=_au_quartier))
@transaction.atomic
def corriger_reunion(
    reunion: ReunionQuartier, *, par: Compte, date: date, participants: str, notes: str, decisions: str = ""
) -> None:
    pas = exiger(reunion, "corriger_reunion", par=par)
    _pas_demain(date)
    champs = {"date": date, "participants": participants, "notes": notes, "decisions": decisions}
    pas.avancer(champs=champs, fait=f"Réunion du {jour_texte(date)} corrigée")


class ObservationForm(ActeForm):
    date = champ_jour("Quand")
    lieu = champ_ligne("Où", "Une rue, une place, un équipement.", maximum=160, requis=False)
    texte = champ_texte("Ce que vous avez vu", "Sans nom de personne.", maximum=3000, lignes=5)
    photo = ChampFichier(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP. Personne n’y est reconnaissable sans son accord.",
    )
    description_photo = champ_ligne(
        "Ce que montre la photo", "Lu par qui ne voit pas l’image.", maximum=200, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"date": propose(timezone.localdate())}


@acte(
    Page[SuiviQuartier](
        form=ObservationForm,
        consequence="Les référents, le service et la commune du quartier la lisent.",
        retour="#observations",
    )
)
@transaction.atomic
def noter_observation(
    suivi: SuiviQuartier,
    *,
    par: Compte,
    date: date,
    texte: str,
    lieu: str = "",
    photo: UploadedFile | None = None,
    description_photo: str = "",
) -> ObservationQuartier:
    """Record an observation. Raises ValidationError if the photo is not an image, or has no description."""
    pas = exiger(suivi, "noter_observation", par=par)
    _pas_demain(date)
    observation = ObservationQuartier(
        quartier_suivi=suivi,
        date=date,
        lieu=lieu,
        texte=texte,
        description_photo=description_photo if photo is not None else "",
        par=par,
    )
    contenu = _image(photo, description_photo) if photo is not None else None
    if contenu is not None:
        observation.type_photo = contenu.type_mime
        observation.sha256 = hashlib.sha256(contenu.octets).hexdigest()
    observation.full_clean(exclude=["photo"])
    if contenu is not None:
        observation.photo.save("photo", ContentFile(contenu.octets), save=False)
    try:
        observation.save()
        pas.avancer(fait=f"Observation du {jour_texte(date)} notée")
    except Exception:
        _effacer(observation)
        raise
    return observation


RetirerObservationForm = demander_texte(
    "Pourquoi la retirer", aide="Écrit au journal. Le texte et la photo sont effacés."
)


@acte(
    Page[ObservationQuartier](
        form=RetirerObservationForm,
        consequence="Le texte et la photo sont effacés. Rien ne les fait revenir.",
        retour=_au_quartier,
    )
)
@transaction.atomic
def retirer_observation(observation: ObservationQuartier, *, par: Compte, motif: str) -> None:
    """Erase an observation and its photo. The journal keeps the reason."""
    pas = exiger(observation, "retirer_observation", par=par)
    transaction.on_commit(partial(_effacer, observation))
    ObservationQuartier.objects.filter(pk=observation.pk).delete()
    pas.avancer(fait=f"Observation du {jour_texte(observation.date)} retirée", motif=motif)


def _effacer(observation: ObservationQuartier) -> None:
    if observation.photo:
        observation.photo.storage.delete(observation.photo.name)


def _image(photo: UploadedFile, description: str) -> ContenuReconnu:
    if not description.strip():
        raise ValidationError({"description_photo": "Dites ce que montre la photo, pour qui ne la voit pas."})
    try:
        contenu = reconnaitre(photo)
    except ValidationError as erreur:
        raise ValidationError({"photo": erreur.messages}) from erreur
    if contenu.type_mime not in IMAGES:
        raise ValidationError({"photo": "Choisissez une image : JPEG, PNG ou WebP."})
    return contenu


def _pas_demain(jour: date) -> None:
    if jour > timezone.localdate():
        raise ValidationError({"date": "Ce jour n’est pas encore venu."})
