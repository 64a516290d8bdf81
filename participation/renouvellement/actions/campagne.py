"""A campaign from its draft to the end of its call."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from participation.renouvellement import notifications
from participation.renouvellement.actions.journal import avancer, consigner, exiger
from participation.renouvellement.models import Campagne, CollegeCampagne, PartReference
from participation.renouvellement.workflow import EtatCampagne
from participation.seances.models import Instance
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Compte
from participation.socle.verrous import verrou
from participation.socle.versions import exiger_version

TEXTES = ("presentation", "facile", "temps_demande", "soutien")


@transaction.atomic
def preparer_campagne(*, par: Compte, instance: Instance, **champs: Any) -> Campagne:
    """A draft, with the collèges of the mandature in force when the instance has one."""
    if not par.est_agent:
        raise RoleInsuffisant("Préparer une campagne est réservé aux agents du service.")
    verrou(f"renouvellement:campagne:{instance.pk}")
    if Campagne.objects.filter(instance=instance, etat=EtatCampagne.BROUILLON).exists():
        raise ErreurMetier("Une campagne est déjà en préparation pour cette instance. Reprenez-la.")
    campagne = Campagne(instance=instance, **champs)
    campagne.full_clean()
    campagne.save()
    mandature = instance.mandature_du() or instance.mandatures.first()
    for college in mandature.colleges.all() if mandature else []:
        CollegeCampagne.objects.create(
            campagne=campagne,
            nom=college.nom,
            ordre=college.ordre,
            sieges=max(college.sieges, 1),
            avec_suppleants=college.a_des_suppleants,
            a_le_vote=college.a_le_vote(),
            nature=CollegeCampagne.Nature.ELUS if college.est_elu else CollegeCampagne.Nature.HABITANTS,
        )
    consigner(campagne, "preparer_campagne", par=par, fait="Campagne préparée")
    return campagne


@transaction.atomic
def modifier_campagne(campagne: Campagne, *, par: Compte, vu: str = "", **champs: Any) -> None:
    exiger(campagne, "modifier_campagne", par=par)
    exiger_version(campagne, {c: str(champs[c]) for c in TEXTES if c in champs}, vu)
    avancer(campagne, "modifier_campagne", par=par, champs=champs)


@transaction.atomic
def regler(campagne: Campagne, *, par: Compte, enregistrer: Any, quoi: str) -> None:
    """Keep the lines (collèges, questions, criteria) that a formset holds, while nothing is public yet."""
    exiger(campagne, "modifier_campagne", par=par)
    enregistrer()
    consigner(campagne, "modifier_campagne", par=par, details={"quoi": quoi})


def manques(campagne: Campagne) -> list[str]:
    """What the call still lacks before it may be published."""
    colleges = list(campagne.colleges.all())
    absents = []
    if not any(c.est_ouvert for c in colleges):
        absents.append("Ajoutez au moins un collège ouvert aux candidatures.")
    if any(c.est_ouvert and not c.est_tire for c in colleges) and not campagne.criteres.exists():
        absents.append("Ajoutez au moins un critère à la grille du comité.")
    if campagne.cloture < timezone.localdate():
        absents.append("Le dernier jour de l’appel est passé : changez les dates.")
    return absents


@transaction.atomic
def ouvrir_appel(campagne: Campagne, *, par: Compte) -> None:
    """Publish the call: from now on its rules do not change."""
    exiger(campagne, "ouvrir_appel", par=par)
    absents = manques(campagne)
    if absents:
        raise ValidationError(absents)
    verrou(f"renouvellement:campagne:{campagne.instance_id}")
    if Campagne.objects.filter(instance=campagne.instance_id, etat=EtatCampagne.OUVERTE).exists():
        raise ErreurMetier("Un autre appel de cette instance est encore publié : closez-le d’abord.")
    avancer(campagne, "ouvrir_appel", par=par)


@transaction.atomic
def amender_appel(campagne: Campagne, *, par: Compte, motif: str, vu: str = "", **textes: str) -> None:
    """Correct what people read. The journal keeps what was written before."""
    exiger(campagne, "amender_appel", par=par)
    exiger_version(campagne, textes, vu)
    avant = {champ: getattr(campagne, champ) for champ in textes if getattr(campagne, champ) != textes[champ]}
    avancer(
        campagne,
        "amender_appel",
        par=par,
        motif=motif,
        details={"avant": avant},
        champs=dict[str, Any](textes),
    )


@transaction.atomic
def prolonger_appel(campagne: Campagne, *, par: Compte, cloture: date, motif: str) -> None:
    exiger(campagne, "prolonger_appel", par=par)
    if cloture <= campagne.cloture:
        raise ValidationError({"cloture": "La nouvelle date vient après la date actuelle."})
    if cloture < timezone.localdate():
        raise ValidationError({"cloture": "Cette date est passée."})
    avant = campagne.cloture.isoformat()
    avancer(
        campagne,
        "prolonger_appel",
        par=par,
        motif=motif,
        details={"avant": avant, "apres": cloture.isoformat()},
        champs={"cloture": cloture},
    )


@transaction.atomic
def clore_appel(campagne: Campagne, *, par: Compte | None) -> None:
    """Before its last day an agent does it; after, the clock. Who has a link in hand may still confirm until the end of the grace."""
    exiger(campagne, "clore_appel", par=par)
    champs: dict[str, Any] = {}
    if timezone.now() < campagne.fin:
        # Closed early: the call ended today, and what was sent today may be confirmed.
        champs["cloture"] = max(timezone.localdate(), campagne.ouverture)
    avancer(campagne, "clore_appel", par=par, champs=champs)


def clore_appels() -> int:
    """What the clock does: every call whose last day is past. Returns how many."""
    closes = 0
    for campagne in Campagne.objects.filter(etat=EtatCampagne.OUVERTE, cloture__lt=timezone.localdate()):
        clore_appel(campagne, par=None)
        closes += 1
    return closes


@transaction.atomic
def abandonner_campagne(campagne: Campagne, *, par: Compte, motif: str) -> None:
    """Everybody who applied is told; what they wrote is kept until the delay, then proposed to oblivion."""
    avancer(campagne, "abandonner_campagne", par=par, motif=motif, champs={"finie_le": timezone.now()})
    candidatures = list(campagne.candidatures.deposees().select_related("campagne", "college"))
    conserver(candidatures)
    notifications.abandonner_campagne(campagne, candidatures, motif)


@transaction.atomic
def noter_parts(
    campagne: Campagne, *, par: Compte, parts: Mapping[tuple[str, str], Decimal | None], source: str
) -> None:
    """Replace the shares of the real population. `parts`: (dimension, value) → per cent, None for unknown."""
    exiger(campagne, "noter_parts", par=par)
    remplies = {cle: part for cle, part in parts.items() if part is not None}
    if remplies and not source.strip():
        raise ValidationError({"source_parts": "Dites d’où viennent ces parts."})
    for dimension in PartReference.Dimension:
        total = sum(part for (d, _), part in remplies.items() if d == dimension)
        if total > 100:
            raise ValidationError(f"Les parts par {dimension.label} dépassent 100 %.")
    campagne.parts.all().delete()
    PartReference.objects.bulk_create(
        PartReference(campagne=campagne, dimension=dimension, valeur=valeur, pourcent=part)
        for (dimension, valeur), part in remplies.items()
    )
    avancer(campagne, "noter_parts", par=par, champs={"source_parts": source})


def conserver(candidatures: Iterable[Any]) -> None:
    a_garder = list(candidatures)
    for candidature in a_garder:
        candidature.conserver()
    if a_garder:
        modele: type[models.Model] = type(a_garder[0])
        modele._default_manager.bulk_update(
            a_garder, ["conserver_jusqu_au", "vivier_jusqu_au"], batch_size=500
        )
