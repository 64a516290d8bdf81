"""The communication campaign of a pétition: tasks shared by the service, the cabinet and the directions."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import (
    annuler_echeance,
    avancer,
    enregistrer,
    exiger,
    faire_echeance,
    fixer_echeance,
)
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi
from participation.socle.models import Appartenance, Compte, Direction
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from petitions.models import Petition, TacheCampagne

EN_UN_CLIC = Page[TacheCampagne](retour="#campagne", en_un_clic=True)


def dans_une_semaine() -> date:
    return timezone.localdate() + timedelta(days=7)


class TacheForm(ActeForm):
    intitule = champ_ligne("À faire", maximum=160)
    equipe = champ_choix("Équipe", TacheCampagne.Equipe, initial=TacheCampagne.Equipe.SERVICE)
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Seulement si la tâche revient à une direction.",
        requis=False,
        vide="Aucune",
    )
    responsable = champ_parmi(
        "Responsable", Compte.objects.none(), requis=False, vide="Personne en particulier"
    )
    date_limite = champ_jour("Pour le", initial=dans_une_semaine)

    def preparer(self) -> None:
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_DIRECTION])
        self.choisir("responsable", Compte.objects.filter(is_active=True, pk__in=agents.values("compte")))


@acte(
    Page[Petition](
        form=TacheForm,
        consequence="La tâche entre dans les échéances du dossier. La direction ou la personne nommée reçoit une lettre.",
        succes="Tâche ajoutée.",
        retour="#campagne",
    )
)
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
    """Add a task and its échéance; the direction or the person in charge is told by letter."""
    pas = exiger(petition, "ajouter_tache", par=par)
    tache = enregistrer(
        TacheCampagne(
            petition=petition,
            intitule=intitule,
            equipe=equipe,
            date_limite=date_limite,
            direction=direction,
            responsable=responsable,
        )
    )
    _fixer_echeance(tache)
    pas.avancer(fait=f"Tâche de campagne ajoutée : {intitule}", details={"tache": tache.pk})
    _dire_ajouter_tache(tache)
    return tache


@acte(EN_UN_CLIC)
@transaction.atomic
def faire_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _avancer(tache, "faire_tache", par=par, fait="faite", champs={"faite_le": timezone.now()})
    faire_echeance(tache.petition, f"tache-{tache.pk}")


@acte(EN_UN_CLIC)
@transaction.atomic
def rouvrir_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _avancer(tache, "rouvrir_tache", par=par, fait="rouverte", champs={"faite_le": None})
    _fixer_echeance(tache)


@acte(EN_UN_CLIC)
@transaction.atomic
def supprimer_tache(tache: TacheCampagne, *, par: Compte) -> None:
    _avancer(tache, "supprimer_tache", par=par, fait="supprimée")
    annuler_echeance(tache.petition, f"tache-{tache.pk}")
    tache.delete()


def _avancer(
    tache: TacheCampagne, acte: str, *, par: Compte, fait: str, champs: Mapping[str, Any] | None = None
) -> None:
    avancer(
        tache,
        acte,
        par=par,
        fait=f"Tâche de campagne {fait} : {tache.intitule}",
        details={"tache": tache.pk},
        champs=champs,
    )


def _fixer_echeance(tache: TacheCampagne) -> None:
    fixer_echeance(
        tache.petition,
        f"tache-{tache.pk}",
        libelle=tache.intitule,
        date_limite=tache.date_limite,
        rappels=[3],
        responsable=tache.responsable,
        direction=tache.direction,
    )


def _dire_ajouter_tache(tache: TacheCampagne) -> None:
    """Tell the direction, or the person, in charge of the task."""
    adresses = tache.direction.adresses() if tache.direction else []
    if tache.responsable is not None:
        adresses = [tache.responsable.courriel]
    ecrire(
        "petitions/ajouter_tache",
        a=adresses,
        dossier=tache.petition,
        cle=f"tache:{tache.pk}",
        contexte={
            "tache": tache,
            "petition": tache.petition,
            "lien": tache.petition.get_public_url()
            if tache.petition.est_publie
            else tache.petition.get_absolute_url(),
        },
    )
