"""Registrations for visits and trainings: places, waiting list, attendance and feedback."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.inscriptions import lettres
from participation.seances.models import Inscription, Membre, Profil, Seance
from participation.seances.workflow import A_VENIR
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_parmi, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

E = Inscription.Etat


def aller_aux_inscriptions(ligne: Inscription, _: object) -> str:
    return reverse("seances:inscriptions", args=[ligne.seance_id])


@transaction.atomic
def inscrire(
    seance: Seance, membre: Membre, *, par: Compte, besoins: Iterable[str] = (), precisions: str = ""
) -> Inscription:
    """Give a place, or a rank in the waiting list. The séance is locked: the last place is given once.

    Raises ActeInterdit (too late or cancelled), ErreurMetier (already registered, or not a member of the
    instance), RoleInsuffisant.
    """
    verrouiller(seance)
    inscription = Inscription.objects.filter(seance=seance, membre=membre).first()
    inscription = inscription or Inscription(membre=membre)
    inscription.seance, inscription.membre = seance, membre
    pas = exiger(inscription, "inscrire", par=par)
    etat = E.INSCRIT if places_libres(seance) != 0 else E.ATTENTE
    pas.avancer(
        champs={
            "le": timezone.now(),
            "etat": etat,
            "besoins": list(besoins),
            "precisions": precisions.strip(),
            "est_venu": None,
        },
        fait=f"{membre} : {etat.label}",
        nomme=[membre.compte],
    )
    if inscription.etat == E.INSCRIT:
        lettres.dire_l_inscription(inscription)
    else:
        lettres.attendre(inscription, rang_d_attente(inscription))
    return inscription


@acte(
    Page[Inscription](
        consequence="La personne est prévenue. La première de la liste d’attente a sa place et reçoit une lettre.",
        succes="L’inscription est annulée.",
        retour=aller_aux_inscriptions,
    )
)
@transaction.atomic
def desinscrire(inscription: Inscription, *, par: Compte) -> Inscription | None:
    """Cancel a registration. Return the first person waiting, who gets the place and a letter, or None."""
    pas = exiger(inscription, "desinscrire", par=par)
    pas.avancer(champs={"etat": E.ANNULEE}, fait=f"{inscription.membre} : inscription annulée")
    lettres.dire_la_desinscription(inscription)
    promues = _remplir(inscription.seance)
    return promues[0] if promues else None


@transaction.atomic
def remplir(seance: Seance) -> list[Inscription]:
    """Give the free places to those who wait, after a cancellation or when places were added."""
    verrouiller(seance)
    return _remplir(seance) if seance.inscriptions_ouvertes else []


def remplir_rencontres() -> int:
    """Periodic task: give the free places of all coming visits and trainings. Return how many were given."""
    seances = Seance.objects.filter(
        etat__in=A_VENIR, debut__gt=timezone.now(), inscriptions__etat=E.ATTENTE
    ).distinct()
    return sum(len(remplir(seance)) for seance in seances)


def achever(seance: Seance) -> None:
    """Close a visit or a training. Raises ActeInterdit before its end, and for a deliberating séance."""
    avancer(seance, "achever", par=None, champs={"levee_le": seance.fin})


def achever_rencontres() -> int:
    """Periodic task: close visits and trainings whose end has passed. Return how many.

    One that was moved in the meantime is left for the next run.
    """
    combien = 0
    passees = Seance.objects.filter(etat__in=A_VENIR, fin__lte=timezone.now())
    for seance in passees.exclude(nature__in=Seance.DELIBERANTES):
        with contextlib.suppress(ActeInterdit):
            achever(seance)
            combien += 1
    return combien


@transaction.atomic
def noter_venues(seance: Seance, *, venus: Collection[int], par: Compte) -> int:
    """Note who came among those who had a place. `venus`: pk of inscriptions. Return how many came."""
    pas = exiger(seance, "noter_venues", par=par)
    inscrites = seance.inscriptions.filter(etat=E.INSCRIT)
    inscrites.filter(pk__in=venus).update(est_venu=True)
    inscrites.exclude(pk__in=venus).update(est_venu=False)
    combien = inscrites.filter(est_venu=True).count()
    pas.avancer(fait=f"Présences notées : {combien}")
    return combien


@transaction.atomic
def donner_retour(inscription: Inscription, *, par: Compte, note: int, retour: str = "") -> None:
    """Keep the person's mark (out of 5) and feedback, after the visit or training. They may change them."""
    exiger(inscription, "donner_retour", par=par)
    inscription.note, inscription.retour = note, retour.strip()
    inscription.full_clean()
    inscription.save()


def places_libres(seance: Seance) -> int | None:
    """Return the number of free places, or None when there is no limit."""
    if seance.capacite is None:
        return None
    return max(0, seance.capacite - seance.inscriptions.filter(etat=E.INSCRIT).count())


def rang_d_attente(inscription: Inscription) -> int:
    devant = inscription.seance.inscriptions.filter(etat=E.ATTENTE, le__lt=inscription.le)
    return devant.count() + 1


def prevenir_inscrits(seance: Seance, ecrire: Callable[..., None], **ce_qui_change: object) -> None:
    """Write one letter to each person registered or waiting who is not also convened."""
    convoques = seance.convies.filter(retire_le=None).values("membre")
    for inscription in (
        seance.inscriptions.exclude(etat=E.ANNULEE)
        .exclude(membre__in=convoques)
        .select_related("membre__compte")
    ):
        inscription.seance = seance
        ecrire(inscription, **ce_qui_change)


def _remplir(seance: Seance) -> list[Inscription]:
    libres = places_libres(seance)
    attente = seance.inscriptions.filter(etat=E.ATTENTE).select_related("membre__compte").order_by("le", "pk")
    promues = list(attente if libres is None else attente[:libres])
    for inscription in promues:
        inscription.seance = seance
        avancer(
            inscription,
            "obtenir_place",
            par=None,
            champs={"etat": E.INSCRIT},
            fait=f"{inscription.membre} : une place s’est libérée",
        )
        lettres.obtenir_place(inscription)
    return promues


ETOILES = [(5, "5, très utile"), (4, "4"), (3, "3"), (2, "2"), (1, "1, peu utile")]


class InscrireForm(ActeForm):
    besoins = champ_cases("De quoi avez-vous besoin pour venir ?", Profil.Besoin.choices, requis=False)
    precisions = champ_texte(
        "Précisions", "Lues par les agents du service seulement.", maximum=600, requis=False, lignes=2
    )

    def initiales(self) -> Mapping[str, Any]:
        """Return the usual needs of the person."""
        profil = Profil.objects.filter(compte__sieges=self.objet.membre_id).first()
        return {"besoins": profil.besoins if profil else []}


class AjouterForm(InscrireForm):
    """Registration by an agent, for a member who called."""

    field_order = ("membre", "besoins", "precisions")
    membre = champ_parmi("Membre", Membre.objects.none())

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def preparer(self) -> None:
        champ: Any = self.fields["membre"]
        seance = self.objet.seance
        inscrits = seance.inscriptions.exclude(etat="annulee").values("membre")
        possibles = Membre.objects.de_l_instance(seance.instance).en_fonction().exclude(pk__in=inscrits)
        self.choisir(
            "membre", possibles.select_related("compte", "college").order_by("compte__nom", "compte__prenom")
        )
        champ.label_from_instance = lambda m: f"{m} ({m.college})"
        self.fields["besoins"].label = "Besoins"


class RetourForm(ActeForm):
    note = forms.TypedChoiceField(
        label="Cette rencontre vous a-t-elle été utile ?",
        choices=ETOILES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    retour = champ_texte("Ce que vous en retenez, ce qui manquait", maximum=2000, requis=False, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"note": self.objet.note, "retour": self.objet.retour}
