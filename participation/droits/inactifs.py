"""Accounts into which nobody signs any more: told first, then erased as when the person asks."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes.actes import TACHE, empechement
from participation.droits.workflow import Droit, EtatDemande, Identite
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import ajouter_mois, debut_du_jour
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.retenue import due_le
from participation.socle.models import Appartenance, Compte, Dossier
from participation.socle.regles.adresses import DOMAINE_POSTE, empreinte
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Page, acte
from participation.socle.vitrine import recueillir

E = EtatDemande
# What stands in the way of another letter: asked, being done, told, or stopped.
EN_ROUTE = (E.A_PROUVER, E.A_FAIRE, E.PREVENUE, E.EMPECHEE)


def inactifs() -> QuerySet[Compte]:
    """Return the accounts whose time is past: of a proved mailbox, without role, and from whom nothing is expected."""
    comptes = (
        Compte.objects.annotate(vu_le=Greatest("cree_le", "last_login"))
        .filter(vu_le__lt=_limite(), is_active=True, is_staff=False, is_superuser=False)
        .filter(pk__in=EmailAddress.objects.filter(verified=True, email=F("user__courriel")).values("user"))
        .exclude(courriel__endswith=f"@{DOMAINE_POSTE}")
        .exclude(pk__in=Appartenance.objects.en_vigueur().values("compte"))
        .exclude(pk__in=Dossier.objects.ouverts().exclude(auteur=None).values("auteur"))
        .exclude(courriel__in=DemandeDroit.objects.filter(etat__in=EN_ROUTE).values("courriel"))
    )
    for tenus in recueillir("comptes_tenus"):
        comptes = comptes.exclude(pk__in=tenus.values("pk"))
    return comptes.order_by("pk")


def _limite() -> datetime:
    return debut_du_jour(ajouter_mois(timezone.localdate(), -ReglementDroits.actuel().inactivite_mois))


def suivre_les_inactifs() -> None:
    """Erase on the day that was told, keep who came back, tell the others (every morning)."""
    for demande in DemandeDroit.objects.filter(etat=E.PREVENUE).order_by("pk"):
        _suivre(demande)
    for compte in inactifs():
        prevenir_inactif(compte)


@transaction.atomic
def _suivre(demande: DemandeDroit) -> None:
    demande.refresh_from_db(from_queryset=DemandeDroit.objects.select_for_update())
    if demande.etat != E.PREVENUE:
        return  # an agent kept it meanwhile
    compte = Compte.objects.filter(courriel=demande.courriel, is_active=True).first()
    if compte is None or _est_revenu(compte, demande.demande_le):
        garder_compte(demande, par=None)
    elif demande.date_effacement is not None and demande.date_effacement <= timezone.localdate():
        _effacer_inactif(demande)


def _est_revenu(compte: Compte, depuis: datetime) -> bool:
    """Whether somebody signed in since, or the account was given a role, or has something open."""
    est_entre = compte.last_login is not None and compte.last_login > depuis
    ouverts = compte.dossiers.filter(clos_le=None)
    return bool(est_entre or empechement(compte.courriel) or compte.roles or ouverts.exists())


def _effacer_inactif(demande: DemandeDroit) -> None:
    avancer(demande, "effacer_inactif", par=None)
    confier(TACHE, demande.pk)


@transaction.atomic
def prevenir_inactif(compte: Compte) -> None:
    """Write when the account will be erased: the day told does not move after. Nothing for who was kept lately."""
    verrou(f"droits:inactif:{compte.pk}")
    boite = empreinte(compte.courriel, DemandeDroit.USAGE)
    gardes = DemandeDroit.objects.filter(boite=boite, etat=E.SANS_SUITE, demande_le__gte=_limite())
    if gardes.exists() or not inactifs().filter(pk=compte.pk).exists():
        return
    demande = DemandeDroit(
        courriel=compte.courriel,
        boite=boite,
        droit=Droit.EFFACEMENT,
        identite=Identite.INACTIVITE,
        date_effacement=timezone.localdate() + timedelta(days=ReglementDroits.actuel().preavis_jours),
    )
    pas = exiger(demande, "prevenir_inactif", par=None)
    enregistrer(demande)
    pas.avancer()
    _dire_prevenir_inactif(demande, depuis=vars(compte)["vu_le"])


@acte(
    Page[DemandeDroit](
        consequence="Le compte n’est pas effacé. L’adresse sort de cette demande\u00a0; le site n’écrira de nouveau qu’une fois le "
        "délai du règlement repassé."
    )
)
def garder_compte(demande: DemandeDroit, *, par: Compte | None) -> None:
    """`boite` stays: who is kept is not told again until as many months have passed."""
    avancer(demande, "garder_compte", par=par, champs={"courriel": ""})


def _dire_prevenir_inactif(demande: DemandeDroit, *, depuis: datetime) -> None:
    mois = ReglementDroits.actuel().inactivite_mois
    with due_le(ajouter_mois(timezone.localdate(depuis), mois)):
        ecrire(
            "droits/prevenir_inactif",
            a=[demande.courriel],
            contexte={"le": demande.date_effacement, "depuis": timezone.localdate(depuis)},
            cle=f"droit:{demande.pk}:inactif",
        )
