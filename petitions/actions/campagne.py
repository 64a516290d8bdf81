"""The communication campaign of a pétition: tasks shared by the service, the cabinet and the directions."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, consigner, faire_echeance, fixer_echeance
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte, Direction
from petitions.models import Petition, TacheCampagne
from petitions.notifications import collecte as notifications


@transaction.atomic
def ajouter_tache(
    petition: Petition,
    *,
    par: Compte,
    intitule: str,
    equipe: str,
    date_limite: date,
    direction: Direction | None = None,
    responsable: Compte | None = None,
) -> TacheCampagne:
    """Write a task and its échéance; the direction or the person named is told by letter."""
    _exiger_agent(par)
    tache = TacheCampagne(
        petition=petition,
        intitule=intitule,
        equipe=equipe,
        date_limite=date_limite,
        direction=direction,
        responsable=responsable,
    )
    tache.full_clean()
    tache.save()
    fixer_echeance(
        petition,
        f"tache-{tache.pk}",
        libelle=intitule,
        date_limite=date_limite,
        rappels=[3],
        responsable=responsable,
        direction=direction,
    )
    _consigner(tache, "ajouter_tache", par=par, fait=f"Tâche de campagne ajoutée : {intitule}")
    notifications.ajouter_tache(tache)
    return tache


def peut_faire(tache: TacheCampagne, compte: Compte) -> bool:
    """The service, the person named, and the agents of the direction named say that it is done."""
    return (
        compte.est_agent
        or tache.responsable_id == compte.pk
        or any(
            appartenance.direction_id == tache.direction_id
            for appartenance in compte.appartenances_en_vigueur
            if appartenance.direction_id is not None
        )
    )


@transaction.atomic
def faire_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _verrouiller(tache)
    _exiger_concerne(tache, par)
    if tache.faite_le is not None:
        raise ActeInterdit("Cette tâche est déjà faite.")
    tache.faite_le = timezone.now()
    tache.save(update_fields=["faite_le"])
    faire_echeance(tache.petition, f"tache-{tache.pk}")
    _consigner(tache, "faire_tache", par=par, fait=f"Tâche de campagne faite : {tache.intitule}")


@transaction.atomic
def rouvrir_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _verrouiller(tache)
    _exiger_concerne(tache, par)
    if tache.faite_le is None:
        raise ActeInterdit("Cette tâche est encore à faire.")
    tache.faite_le = None
    tache.save(update_fields=["faite_le"])
    fixer_echeance(
        tache.petition,
        f"tache-{tache.pk}",
        libelle=tache.intitule,
        date_limite=tache.date_limite,
        rappels=[3],
        responsable=tache.responsable,
        direction=tache.direction,
    )
    _consigner(tache, "rouvrir_tache", par=par, fait=f"Tâche de campagne rouverte : {tache.intitule}")


@transaction.atomic
def supprimer_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _exiger_agent(par)
    _verrouiller(tache)
    annuler_echeance(tache.petition, f"tache-{tache.pk}")
    _consigner(tache, "supprimer_tache", par=par, fait=f"Tâche de campagne supprimée : {tache.intitule}")
    tache.delete()


def _verrouiller(tache: TacheCampagne) -> None:
    tache.refresh_from_db(from_queryset=TacheCampagne.objects.select_for_update())


def _exiger_agent(par: Compte) -> None:
    if not par.est_agent:
        raise RoleInsuffisant("La campagne est tenue par le service participation.")


def _exiger_concerne(tache: TacheCampagne, par: Compte) -> None:
    if not peut_faire(tache, par):
        raise RoleInsuffisant("Cette tâche est confiée à une autre équipe.")


def _consigner(tache: TacheCampagne, acte: str, *, par: Compte, fait: str) -> None:
    consigner(tache.petition, acte, par=par, fait=fait[:160], details={"tache": tache.pk}, est_publique=False)
