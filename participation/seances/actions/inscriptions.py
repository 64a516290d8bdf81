"""Visits and trainings: who comes, within the number of places; who waits; who came, and what was thought of it."""

import contextlib
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Inscription, Membre, Seance
from participation.seances.notifications import inscriptions as notifications
from participation.seances.workflow import A_VENIR, Etat
from participation.socle.actions import avancer, consigner, verrouiller
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Compte

E = Inscription.Etat


@transaction.atomic
def inscrire(
    seance: Seance, membre: Membre, *, par: Compte, besoins: Iterable[str] = (), precisions: str = ""
) -> Inscription:
    """Take a place, or a rank in the waiting list. Two clicks for the last place: one gets it, the other waits.

    Raises ActeInterdit (too late, or called off), ErreurMetier (registered already, not of this instance), RoleInsuffisant.
    """
    _exiger_soi(membre, par)
    verrouiller(seance)
    if not est_ouverte(seance):
        raise ActeInterdit("Les inscriptions à cette rencontre sont closes.")
    if membre.college.mandature.instance_id != seance.instance_id or not membre.est_en_fonction():
        raise ErreurMetier("Cette rencontre est ouverte aux membres en fonction de l’instance.")
    inscription = Inscription.objects.filter(seance=seance, membre=membre).first()
    if inscription is not None and inscription.etat != E.ANNULEE:
        raise ErreurMetier(
            f"{membre} est déjà sur la liste." if par != membre.compte else "Vous êtes déjà sur la liste."
        )
    inscription = inscription or Inscription(seance=seance, membre=membre)
    inscription.le = timezone.now()
    inscription.etat = E.INSCRIT if places_libres(seance) != 0 else E.ATTENTE
    inscription.besoins, inscription.precisions = list(besoins), precisions.strip()
    inscription.est_venu = None
    inscription.full_clean()
    inscription.save()
    consigner(seance, "inscrire", par=par, fait=f"{membre} : {inscription.get_etat_display()}")
    if inscription.etat == E.INSCRIT:
        notifications.inscrire(inscription)
    else:
        notifications.attendre(inscription, rang_d_attente(inscription))
    return inscription


@transaction.atomic
def desinscrire(inscription: Inscription, *, par: Compte) -> Inscription | None:
    """Give up. The first who waits has the place and is told; she is what comes back."""
    _exiger_soi(inscription.membre, par)
    seance = inscription.seance
    verrouiller(seance)
    inscription.refresh_from_db()
    if inscription.etat == E.ANNULEE:
        raise ActeInterdit("Cette inscription est déjà annulée.")
    if not est_ouverte(seance):
        raise ActeInterdit("La rencontre a commencé : l’inscription ne s’annule plus.")
    inscription.etat = E.ANNULEE
    inscription.save()
    consigner(seance, "desinscrire", par=par, fait=f"{inscription.membre} : inscription annulée")
    notifications.desinscrire(inscription)
    promues = _remplir(seance)
    return promues[0] if promues else None


@transaction.atomic
def remplir(seance: Seance) -> list[Inscription]:
    """Give the free places to those who wait: after somebody gave up, or once there are more places."""
    verrouiller(seance)
    return _remplir(seance) if est_ouverte(seance) else []


def remplir_rencontres() -> int:
    """The clock: visits and trainings to come where a place is free and somebody waits."""
    seances = Seance.objects.filter(
        etat__in=A_VENIR, debut__gt=timezone.now(), inscriptions__etat=E.ATTENTE
    ).distinct()
    return sum(len(remplir(seance)) for seance in seances)


@transaction.atomic
def achever(seance: Seance) -> None:
    """Say that a visit or a training is over. Raises ActeInterdit when it is not, or is no visit."""
    verrouiller(seance)
    if seance.est_deliberante or seance.fin > timezone.now():
        raise ActeInterdit("Cette rencontre n’est pas finie.")
    avancer(seance, "achever", par=None, champs={"levee_le": seance.fin})


def achever_rencontres() -> int:
    """The clock: visits and trainings whose end has passed. One that moved meanwhile is left for the next turn."""
    combien = 0
    passees = Seance.objects.filter(etat__in=A_VENIR, fin__lte=timezone.now())
    for seance in passees.exclude(nature__in=Seance.DELIBERANTES):
        with contextlib.suppress(ActeInterdit):
            achever(seance)
            combien += 1
    return combien


@transaction.atomic
def noter_venues(seance: Seance, *, venus: Collection[int], par: Compte) -> int:
    """Note who came among those who had a place: `venus` are numbers of inscriptions. Returns how many came."""
    if not par.est_agent:
        raise RoleInsuffisant("Les présences sont notées par les agents du service.")
    verrouiller(seance)
    if seance.debut > timezone.now():
        raise ActeInterdit("La rencontre n’a pas commencé : notez les présences ensuite.")
    inscrites = seance.inscriptions.filter(etat=E.INSCRIT)
    inscrites.filter(pk__in=venus).update(est_venu=True)
    inscrites.exclude(pk__in=venus).update(est_venu=False)
    combien = inscrites.filter(est_venu=True).count()
    consigner(seance, "noter_venues", par=par, fait=f"Présences notées : {combien}")
    return combien


@transaction.atomic
def donner_retour(inscription: Inscription, *, par: Compte, note: int, retour: str = "") -> None:
    """What the person thought of it, once it is over; hers to change."""
    if par != inscription.membre.compte:
        raise RoleInsuffisant("Chacun donne son propre retour.")
    inscription.refresh_from_db(from_queryset=Inscription.objects.select_for_update(of=("self",)))
    if not attend_un_retour(inscription):
        raise ActeInterdit("Le retour se donne après la rencontre, par les personnes qui y étaient.")
    inscription.note, inscription.retour = note, retour.strip()
    inscription.full_clean()
    inscription.save()


def attend_un_retour(inscription: Inscription) -> bool:
    seance = inscription.seance
    return (
        inscription.etat == E.INSCRIT
        and inscription.est_venu is not False
        and seance.fin <= timezone.now()
        and seance.etat not in {Etat.ANNULEE, Etat.REPORTEE}
    )


def est_ouverte(seance: Seance) -> bool:
    return not seance.est_deliberante and seance.etat in A_VENIR and seance.debut > timezone.now()


def places_libres(seance: Seance) -> int | None:
    """None when there is no limit."""
    if seance.capacite is None:
        return None
    return max(0, seance.capacite - seance.inscriptions.filter(etat=E.INSCRIT).count())


def rang_d_attente(inscription: Inscription) -> int:
    devant = inscription.seance.inscriptions.filter(etat=E.ATTENTE, le__lt=inscription.le)
    return devant.count() + 1


def _remplir(seance: Seance) -> list[Inscription]:
    libres = places_libres(seance)
    attente = seance.inscriptions.filter(etat=E.ATTENTE).select_related("membre__compte").order_by("le", "pk")
    promues = list(attente if libres is None else attente[:libres])
    for inscription in promues:
        inscription.etat = E.INSCRIT
        inscription.save()
        inscription.seance = seance
        consigner(seance, "obtenir_place", par=None, fait=f"{inscription.membre} : une place s’est libérée")
        notifications.obtenir_place(inscription)
    return promues


def _exiger_soi(membre: Membre, par: Compte) -> None:
    if par != membre.compte and not par.est_agent:
        raise RoleInsuffisant("Chacun s’inscrit soi-même ; un agent du service inscrit les autres.")
