"""An instance, its règlement, its mandatures and their collèges."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.seances.actions.instances.communs import (
    consigner,
    dire_changes,
    dire_jour,
    encore_la,
    enregistrer,
    verrouiller_mandature,
)
from participation.seances.models import College, Instance, Mandature, Membre, ReglementInstance
from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import accorder
from participation.socle.models import Compte

# Words that the addresses keep for themselves.
CLES_RESERVEES = frozenset({"agenda", "ajouter", "calendrier", "moi", "profil", "seances"})


@transaction.atomic
def creer_instance(*, par: Compte, **champs: Any) -> Instance:
    """Raises ValidationError."""
    instance = Instance()
    _refuser_cle_reservee(champs.get("cle", ""))
    enregistrer(instance, champs)
    consigner(instance, "creer_instance", "Instance créée", par=par)
    return instance


@transaction.atomic
def modifier_instance(instance: Instance, *, par: Compte, **champs: Any) -> None:
    instance.refresh_from_db(from_queryset=Instance.objects.select_for_update())
    changes = enregistrer(instance, champs)
    if changes:
        consigner(
            instance, "modifier_instance", f"Instance modifiée : {dire_changes(instance, changes)}", par=par
        )


def _refuser_cle_reservee(cle: str) -> None:
    if cle in CLES_RESERVEES:
        raise ValidationError({"cle": f"« {cle} » sert déjà à une autre page. Choisissez une autre clé."})


@transaction.atomic
def ecrire_reglement(instance: Instance, *, par: Compte, **champs: Any) -> ReglementInstance:
    """A new version, from its day on; the one that ruled until then ends the day before.

    Séances already planned keep the version they were planned under. Raises ValidationError.
    """
    instance.refresh_from_db(from_queryset=Instance.objects.select_for_update())
    reglement = ReglementInstance(instance=instance)
    du = champs["en_vigueur_du"]
    precedente = instance.reglements.filter(en_vigueur_du__lt=du).order_by("-en_vigueur_du").first()
    if precedente is not None and (precedente.en_vigueur_au is None or precedente.en_vigueur_au >= du):
        precedente.en_vigueur_au = du - timedelta(days=1)
        precedente.save(update_fields=["en_vigueur_au"])
    enregistrer(reglement, champs)
    consigner(
        instance,
        "ecrire_reglement",
        f"Règlement : version {reglement.version}, en vigueur du {dire_jour(du)}",
        par=par,
        motif=reglement.source,
    )
    return reglement


@transaction.atomic
def ouvrir_mandature(instance: Instance, *, par: Compte, **champs: Any) -> Mandature:
    mandature = Mandature(instance=instance)
    enregistrer(mandature, champs)
    consigner(instance, "ouvrir_mandature", f"Mandature {mandature.intitule} ouverte", par=par)
    return mandature


@transaction.atomic
def modifier_mandature(mandature: Mandature, *, par: Compte, **champs: Any) -> None:
    """When its end moves, the mandates that were to end with it move too. Raises ValidationError."""
    verrouiller_mandature(mandature)
    ancienne = mandature.fin
    changes = enregistrer(mandature, champs)
    if "fin" in changes:
        touches = Membre.objects.filter(
            college__mandature=mandature, motif_fin="", terme=ancienne, au=ancienne
        )
        if mandature.fin is not None:
            touches = touches.filter(du__lte=mandature.fin)
        touches.update(au=mandature.fin, terme=mandature.fin)
    if changes:
        consigner(
            mandature.instance,
            "modifier_mandature",
            f"Mandature {mandature.intitule} modifiée : {dire_changes(mandature, changes)}",
            par=par,
        )


@transaction.atomic
def installer(mandature: Mandature, *, par: Compte, le: date) -> None:
    """Say on which day the mandature was installed. Raises ActeInterdit once it is said."""
    verrouiller_mandature(mandature)
    if mandature.installee_le is not None:
        raise ActeInterdit(f"Cette mandature est installée depuis le {dire_jour(mandature.installee_le)}.")
    if le < mandature.debut or (mandature.fin is not None and le > mandature.fin):
        raise ValidationError({"le": "Choisissez un jour de la mandature."})
    mandature.installee_le = le
    mandature.save(update_fields=["installee_le"])
    consigner(
        mandature.instance,
        "installer",
        f"Mandature {mandature.intitule} installée le {dire_jour(le)}",
        par=par,
    )


@transaction.atomic
def creer_college(mandature: Mandature, *, par: Compte, **champs: Any) -> College:
    verrouiller_mandature(mandature)
    college = College(mandature=mandature)
    enregistrer(college, champs)
    consigner(
        mandature.instance,
        "creer_college",
        f"Collège « {college.nom} » créé, {accorder(college.sieges, 'siège')}",
        par=par,
    )
    return college


@transaction.atomic
def modifier_college(college: College, *, par: Compte, **champs: Any) -> None:
    """Raises ValidationError: never fewer seats than those who sit, nor no substitutes while some sit."""
    verrouiller_mandature(college.mandature)
    college.refresh_from_db()
    en_fonction = college.membres.filter(encore_la())
    titulaires = en_fonction.titulaires().count()
    if champs.get("sieges", college.sieges) < titulaires:
        raise ValidationError(
            {
                "sieges": f"{titulaires} titulaires siègent dans ce collège : il ne peut pas avoir moins de sièges."
            }
        )
    if (
        not champs.get("a_des_suppleants", college.a_des_suppleants)
        and en_fonction.filter(rang=Membre.Rang.SUPPLEANT).exists()
    ):
        raise ValidationError(
            {"a_des_suppleants": "Des suppléants siègent dans ce collège. Mettez d’abord fin à leur mandat."}
        )
    changes = enregistrer(college, champs)
    if changes:
        consigner(
            college.mandature.instance,
            "modifier_college",
            f"Collège « {college.nom} » modifié : {dire_changes(college, changes)}",
            par=par,
        )
