"""Acts on the programme of the year: recurring items, planned items, moves, and putting them on an agenda."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.instances.actes import plan
from participation.seances.models import Deplacement, Instance, Point, Prevision, Recurrence, Seance
from participation.seances.models.programme import adresse_du_programme, fil_du_programme
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.seances.workflow import A_VENIR
from participation.socle.actions import avancer, enregistrer, exiger, verrouiller
from participation.socle.calendrier import prochain_jour_ouvre
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_ligne, champ_parmi
from participation.socle.francais import MOIS, accorder, jour_texte, majuscule
from participation.socle.models import Compte, Direction
from participation.socle.views.pages import Page, acte

MILIEU_DU_MOIS = 15


def retour_aux_recurrences(instance: Instance) -> str:
    return f"{adresse_du_programme(instance.cle, timezone.localdate().year)}#recurrents"


# Not « approbation » nor « decision »: these points come from a procès-verbal or a dossier, not a year ahead.
NATURES = [
    (nature.value, majuscule(nature.label))
    for nature in (Point.Nature.PRISE_ACTE, Point.Nature.AVIS, Point.Nature.INFORMATION, Point.Nature.DIVERS)
]


class PointMixin(ActeForm):
    titre = champ_ligne("Titre", maximum=160, erreur="Donnez un titre à ce point.")
    nature = champ_choix("Nature", NATURES)
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Elle prépare le point, et reçoit le programme par courriel.",
        requis=False,
        vide="Aucune",
    )


class RecurrenceForm(PointMixin):
    mois = forms.TypedChoiceField(
        label="Mois habituel",
        coerce=int,
        choices=[(n, majuscule(mois)) for n, mois in enumerate(MOIS, start=1)],
    )
    fondement = champ_ligne("Fondement", "Article, délibération.", maximum=200, requis=False)
    est_active = champ_case(
        "Ce point revient chaque année",
        "Décochez pour arrêter : les années déjà préparées ne changent pas.",
        requis=False,
        initial=True,
    )

    def initiales(self) -> Mapping[str, Any]:
        if not isinstance(self.objet, Recurrence):
            return {}
        champs = ("titre", "nature", "direction", "mois", "fondement", "est_active")
        return {nom: getattr(self.objet, nom) for nom in champs}

    def preparer(self) -> None:
        suite = ["fondement", "est_active"]
        if not isinstance(self.objet, Recurrence):
            del self.fields[suite.pop()]
        self.helper = plan(self, "titre", Row("nature", "mois"), "direction", *suite)


@acte(
    Page[Instance](
        form=RecurrenceForm,
        consequence="Il sera prévu chaque année, quand vous préparez l’année.",
        bouton="Ajouter",
        succes=lambda _, recurrence: f"« {recurrence} » revient maintenant chaque année.",
        retour=lambda instance, _: retour_aux_recurrences(instance),
        contexte=lambda _, instance, form: {"fil": fil_du_programme(instance, timezone.localdate().year)},
    )
)
@transaction.atomic
def ajouter_recurrence(instance: Instance, *, par: Compte, **champs: Any) -> Recurrence:
    pas = exiger(instance, "ajouter_recurrence", par=par)
    recurrence = enregistrer(Recurrence(instance=instance, **champs))
    pas.avancer(fait=f"Point récurrent ajouté : {recurrence}")
    return recurrence


@acte(
    Page[Recurrence](
        form=RecurrenceForm,
        bouton="Enregistrer",
        succes="Le point récurrent est modifié.",
        retour=lambda recurrence, _: retour_aux_recurrences(recurrence.instance),
    )
)
def modifier_recurrence(recurrence: Recurrence, *, par: Compte, **champs: Any) -> None:
    """Change a recurring item from the next years on: what is already planned stays. Raises ValidationError."""
    fait = "modifié" if champs.get("est_active", recurrence.est_active) else "arrêté"
    titre = champs.get("titre", recurrence.titre)
    avancer(
        recurrence, "modifier_recurrence", par=par, champs=champs, fait=f"Point récurrent {fait} : {titre}"
    )


@transaction.atomic
def preparer_annee(instance: Instance, annee: int, *, par: Compte) -> list[Prevision]:
    """Plan each active recurring item once for `annee`. Return the new items. Each direction gets one letter.

    A second call, or two at the same time, plans nothing more.
    """
    pas = exiger(instance, "preparer_annee", par=par)
    deja = set(
        instance.previsions.filter(annee=annee, recurrence__isnull=False).values_list("recurrence", flat=True)
    )
    nouvelles = [
        Prevision(
            instance=instance,
            recurrence=recurrence,
            annee=annee,
            titre=recurrence.titre,
            nature=recurrence.nature,
            direction=recurrence.direction,
            date_prevue=prochain_jour_ouvre(date(annee, recurrence.mois, MILIEU_DU_MOIS)),
        )
        for recurrence in instance.recurrences.filter(est_active=True).select_related("direction")
        if recurrence.pk not in deja
    ]
    if not nouvelles:
        return []
    Prevision.objects.bulk_create(nouvelles)
    pas.avancer(fait=f"Programme {annee} préparé, {accorder(len(nouvelles), 'point')}")
    avec_direction = sorted(
        (prevision for prevision in nouvelles if prevision.direction_id), key=lambda p: p.direction_id or 0
    )
    for _, siennes in groupby(avec_direction, key=lambda p: p.direction_id):
        previsions = sorted(siennes, key=lambda p: p.date_prevue)
        direction = previsions[0].direction
        if direction is not None:
            _dire_preparer_annee(instance, annee, direction, previsions, par=par)
    return nouvelles


@transaction.atomic
def ajouter_prevision(instance: Instance, annee: int, *, par: Compte, **champs: Any) -> Prevision:
    """Add an item of this year only, and tell its direction. Raises ValidationError."""
    pas = exiger(instance, "ajouter_prevision", par=par)
    prevision = Prevision(instance=instance, annee=annee, **champs)
    _verifier_jour(prevision, prevision.date_prevue)
    enregistrer(prevision)
    pas.avancer(fait=f"Au programme {annee} : {prevision.titre}")
    if (
        prevision.direction is not None
    ):  # told now, or « Nouvelle date » would be the first word she hears of it
        _dire_preparer_annee(instance, annee, prevision.direction, [prevision], par=par)
    return prevision


class DeplacerPointForm(ActeForm):
    vers = champ_jour("Nouveau jour", erreur="Dites vers quel jour ce point est déplacé.")
    motif = champ_ligne(
        "Pourquoi",
        "La direction le lit, et il reste dans l’historique.",
        maximum=200,
        erreur="Dites pourquoi ce point est déplacé.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"vers": self.objet.date_prevue}


@acte(
    Page[Prevision](
        form=DeplacerPointForm,
        consequence=lambda prevision: (
            "La direction chargée du point reçoit le nouveau jour et la raison."
            if prevision.direction_id
            else ""
        ),
        titre="Déplacer ce point",
        succes="Le point est déplacé.",
        retour=lambda prevision, _: prevision.adresse,
    )
)
@transaction.atomic
def deplacer_prevision(prevision: Prevision, *, par: Compte, vers: date, motif: str) -> Deplacement:
    """Move an item to another day and write the reason to its direction.

    Raises ActeInterdit (already on an agenda, or given up), ValidationError.
    """
    pas = exiger(prevision, "deplacer_prevision", par=par)
    if prevision.date_prevue == vers:
        raise ValidationError({"vers": "C’est déjà le jour prévu. Choisissez un autre jour."})
    _verifier_jour(prevision, vers)
    deplacement = enregistrer(
        Deplacement(prevision=prevision, de=prevision.date_prevue, vers=vers, motif=motif.strip(), par=par)
    )
    pas.avancer(
        champs={"date_prevue": vers},
        fait=f"{prevision.titre} : déplacé au {jour_texte(vers)}",
        motif=deplacement.motif,
    )
    _dire_deplacer_prevision(deplacement, par=par)
    return deplacement


class AbandonnerForm(ActeForm):
    motif = champ_ligne(
        "Pourquoi",
        "La direction le lit, et il reste dans le programme.",
        maximum=200,
        erreur="Dites pourquoi ce point ne sera pas présenté.",
    )


@acte(
    Page[Prevision](
        form=AbandonnerForm,
        consequence=lambda prevision: (
            "Il reste écrit au programme, avec la raison."
            + (" L’année suivante, il revient." if prevision.recurrence_id else "")
        ),
        titre="Retirer ce point du programme",
        succes="Le point est retiré du programme.",
        retour=lambda prevision, _: prevision.adresse,
    )
)
@transaction.atomic
def abandonner_prevision(prevision: Prevision, *, par: Compte, motif: str) -> None:
    pas = exiger(prevision, "abandonner_prevision", par=par)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi ce point ne sera pas présenté."})
    pas.avancer(
        champs={"abandonnee_le": timezone.now(), "motif": motif.strip()},
        fait=f"{prevision.titre} : retiré du programme {prevision.annee}",
        motif=motif.strip(),
    )
    _dire_abandonner_prevision(prevision, par=par)


class SeanceDuProgrammeChamp(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def label_from_instance(self, obj: Seance) -> str:
        return f"{jour_texte(obj.debut, 'long')}, {obj.titre}"


class InscrireAuProgrammeForm(ActeForm):
    seance = SeanceDuProgrammeChamp(
        label="Séance",
        queryset=Seance.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une séance."},
    )

    def preparer(self) -> None:
        self.choisir(
            "seance",
            self.objet.instance.seances.filter(etat__in=A_VENIR, nature__in=Seance.DELIBERANTES).order_by(
                "debut"
            ),
        )


@acte(
    Page[Prevision](
        form=InscrireAuProgrammeForm,
        succes=lambda _, point: f"« {point} » est à l’ordre du jour.",
        retour=lambda prevision, _: prevision.adresse,
        gabarit="seances/ordre_du_jour/inscrire_prevision.html",
    )
)
@transaction.atomic
def inscrire_prevision(prevision: Prevision, seance: Seance, *, par: Compte) -> Point:
    """Put the item on the agenda of a coming séance. Raises ActeInterdit, ErreurMetier."""
    verrouiller(seance)
    pas = exiger(prevision, "inscrire_prevision", par=par)
    if seance.instance_id != prevision.instance_id:
        raise ErreurMetier("Cette séance est celle d’une autre instance.")
    if seance.etat not in A_VENIR:
        raise ActeInterdit(f"Cette séance est « {seance.get_etat_display()} » : choisissez-en une à venir.")
    point = ajouter_point(
        seance, par=par, titre=prevision.titre, nature=prevision.nature, direction=prevision.direction
    )
    pas.avancer(
        champs={"point": point},
        fait=f"{prevision.titre} : à l’ordre du jour du {jour_texte(seance.jour)}",
        details={"seance": seance.pk},
    )
    return point


def _verifier_jour(prevision: Prevision, jour: date) -> None:
    """Raise ValidationError unless the day is in the item's year or, for a late item, in the next."""
    if jour.year not in {prevision.annee, prevision.annee + 1}:
        raise ValidationError(
            {
                ("date_prevue" if prevision.pk is None else "vers"): (
                    f"Choisissez un jour de {prevision.annee}, ou de {prevision.annee + 1} s’il est reporté."
                )
            }
        )


class PrevisionForm(PointMixin):
    date_prevue = champ_jour("Prévu vers le", erreur="Dites vers quel jour ce point est prévu.")


def _dire_preparer_annee(
    instance: Instance, annee: int, direction: Direction, previsions: Sequence[Prevision], *, par: Compte
) -> None:
    ecrire(
        "seances/preparer_annee",
        a=direction.adresses(),
        repondre_a=par.courriel,
        contexte={
            "instance": instance,
            "annee": annee,
            "direction": direction,
            "previsions": previsions,
            "par": par,
            "lien": _lien(instance, annee, direction),
        },
    )


def _dire_deplacer_prevision(deplacement: Deplacement, *, par: Compte) -> None:
    prevision = deplacement.prevision
    if prevision.direction is not None:
        ecrire(
            "seances/deplacer_prevision",
            a=prevision.direction.adresses(),
            repondre_a=par.courriel,
            contexte={
                "deplacement": deplacement,
                "prevision": prevision,
                "instance": prevision.instance,
                "par": par,
                "lien": _lien(prevision.instance, prevision.annee, prevision.direction),
            },
        )


def _dire_abandonner_prevision(prevision: Prevision, *, par: Compte) -> None:
    if prevision.direction is not None:
        ecrire(
            "seances/abandonner_prevision",
            a=prevision.direction.adresses(),
            repondre_a=par.courriel,
            contexte={"prevision": prevision, "instance": prevision.instance, "par": par},
        )


def _lien(instance: Instance, annee: int, direction: Direction) -> str:
    return f"{reverse('seances:programme', args=[instance.cle, annee])}?direction={direction.pk}"
