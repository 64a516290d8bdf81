"""Acts on an instance, its règlement, its mandatures and their collèges."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.seances.models import College, Instance, Mandature, Membre, ReglementInstance
from participation.socle.actions import avancer, exiger
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte

# Keys that would collide with the URL of another page.
CLES_RESERVEES = frozenset({"agenda", "ajouter", "calendrier", "moi", "profil", "seances"})


def changes(objet: Any, champs: dict[str, Any]) -> list[str]:
    """Return the names of the fields that would change."""
    return [nom for nom, valeur in champs.items() if getattr(objet, nom) != valeur]


def dire_changes(objet: Any, noms: Iterable[str]) -> str:
    return ", ".join(str(objet._meta.get_field(nom).verbose_name) for nom in noms)


def creer(objet: Any) -> Any:
    """Validate and save. Raises ValidationError."""
    objet.full_clean()
    objet.save()
    return objet


@transaction.atomic
def creer_instance(*, par: Compte, **champs: Any) -> Instance:
    """Create an instance. Raises ValidationError, also for a reserved key."""
    cle = champs.get("cle", "")
    if cle in CLES_RESERVEES:
        raise ValidationError({"cle": f"« {cle} » sert déjà à une autre page. Choisissez une autre clé."})
    instance = Instance()
    avancer(instance, "creer_instance", par=par, champs=champs)
    return instance


@transaction.atomic
def modifier_instance(instance: Instance, *, par: Compte, **champs: Any) -> None:
    pas = exiger(instance, "modifier_instance", par=par)
    if nouveaux := changes(instance, champs):
        pas.avancer(champs=champs, fait=f"Instance modifiée : {dire_changes(instance, nouveaux)}")


@transaction.atomic
def ecrire_reglement(instance: Instance, *, par: Compte, **champs: Any) -> ReglementInstance:
    """Write a new version of the règlement. The version in force until then ends the day before.

    Séances already planned keep their version. Raises ValidationError.
    """
    pas = exiger(instance, "ecrire_reglement", par=par)
    du = champs["en_vigueur_du"]
    precedente = instance.reglements.filter(en_vigueur_du__lt=du).order_by("-en_vigueur_du").first()
    if precedente is not None and (precedente.en_vigueur_au is None or precedente.en_vigueur_au >= du):
        precedente.en_vigueur_au = du - timedelta(days=1)
        precedente.save(update_fields=["en_vigueur_au"])
    reglement: ReglementInstance = creer(ReglementInstance(instance=instance, **champs))
    pas.avancer(
        fait=f"Règlement : version {reglement.version}, en vigueur du {jour_texte(du)}",
        motif=reglement.source,
    )
    return reglement


@transaction.atomic
def ouvrir_mandature(instance: Instance, *, par: Compte, **champs: Any) -> Mandature:
    pas = exiger(instance, "ouvrir_mandature", par=par)
    mandature: Mandature = creer(Mandature(instance=instance, **champs))
    pas.avancer(fait=f"Mandature {mandature.intitule} ouverte")
    return mandature


@transaction.atomic
def modifier_mandature(mandature: Mandature, *, par: Compte, **champs: Any) -> None:
    """Change a mandature. If its end moves, mandates that end with it move too. Raises ValidationError."""
    pas = exiger(mandature, "modifier_mandature", par=par)
    ancienne, nouveaux = mandature.fin, changes(mandature, champs)
    if not nouveaux:
        return
    pas.avancer(
        champs=champs,
        fait=f"Mandature {champs.get('intitule', mandature.intitule)} modifiée : {dire_changes(mandature, nouveaux)}",
    )
    if "fin" in nouveaux:
        touches = Membre.objects.filter(
            college__mandature=mandature, motif_fin="", terme=ancienne, au=ancienne
        )
        if mandature.fin is not None:
            touches = touches.filter(du__lte=mandature.fin)
        touches.update(au=mandature.fin, terme=mandature.fin)


@transaction.atomic
def installer(mandature: Mandature, *, par: Compte, le: date) -> None:
    """Note the day on which the mandature was installed.

    Raises ActeInterdit if it already has one, ValidationError outside the mandature.
    """
    pas = exiger(mandature, "installer", par=par)
    if le < mandature.debut or (mandature.fin is not None and le > mandature.fin):
        raise ValidationError({"le": "Choisissez un jour de la mandature."})
    pas.avancer(
        champs={"installee_le": le}, fait=f"Mandature {mandature.intitule} installée le {jour_texte(le)}"
    )


@transaction.atomic
def creer_college(mandature: Mandature, *, par: Compte, **champs: Any) -> College:
    pas = exiger(mandature, "creer_college", par=par)
    college: College = creer(College(mandature=mandature, **champs))
    pas.avancer(fait=f"Collège « {college.nom} » créé, {accorder(college.sieges, 'siège')}")
    return college


@transaction.atomic
def modifier_college(college: College, *, par: Compte, **champs: Any) -> None:
    """Change a collège.

    Raises ValidationError for fewer seats than titulaires, or for excluding substitutes while some sit.
    """
    pas = exiger(college, "modifier_college", par=par)
    en_fonction = college.membres.encore_la()
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
    if nouveaux := changes(college, champs):
        nom = champs.get("nom", college.nom)
        pas.avancer(champs=champs, fait=f"Collège « {nom} » modifié : {dire_changes(college, nouveaux)}")
