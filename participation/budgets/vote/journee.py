"""Votes in « Ma journée ». The votes cast are never read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import LotDeCodes, ReglementInterQuartiers, Scrutin
from participation.budgets.workflow.budget import Capacite, NaturePhase
from participation.budgets.workflow.vote import VIVANTS, EtatLot, EtatScrutin
from participation.socle.francais import accorder
from participation.socle.journee import Attente, Tache
from participation.socle.models import Compte
from participation.socle.workflow import Role

GENRE = "Vote"


def taches(compte: Compte) -> list[Attente]:
    """For an agent, all that is due; for the desk, the paper ballots to enter."""
    if not compte.est_agent and Role.ACCUEIL not in compte.roles:
        return []
    return [Attente(_a_regarder, lambda: _des_scrutins(compte))]


def _a_regarder() -> Any:
    """Votes that may have tasks: codes to print or to redo, opening day reached, closed, counted."""
    jour = timezone.localdate()
    a_imprimer = Q(lots__etat=EtatLot.ECHEC) | Q(lots__etat=EtatLot.PRET, lots__fichier__gt="")
    a_ouvrir = Q(
        etat=EtatScrutin.PREPARATION,
        budget__phases__nature=NaturePhase.VOTE,
        budget__phases__date_debut__lte=jour,
        budget__phases__date_fin__gte=jour,
    )
    # Wider than the lines: how many codes are many is read with them.
    remis = Q(etat=EtatScrutin.OUVERT, pk__in=LotDeCodes.objects.a_regarder(1).values("scrutin"))
    return _vivants().filter(
        a_imprimer | a_ouvrir | remis | Q(etat__in=[EtatScrutin.FERME, EtatScrutin.DEPOUILLE])
    )


def _vivants() -> Any:
    return Scrutin.objects.filter(etat__in=sorted(VIVANTS))


def _des_scrutins(compte: Compte) -> list[Tache]:
    vivants = _vivants().select_related("budget").prefetch_related("lots", "budget__phases")
    return [tache for scrutin in vivants for tache in _du_scrutin(scrutin, compte)]


def _du_scrutin(scrutin: Any, compte: Compte) -> Iterator[Tache]:
    if compte.est_agent:
        yield from _codes(scrutin)
        yield from _remis_en_nombre(scrutin)
    match scrutin.etat:
        case EtatScrutin.PREPARATION if compte.est_agent and scrutin.budget.peut(Capacite.VOTER):
            debut = next(p.date_debut for p in scrutin.budget.phases.all() if p.nature == NaturePhase.VOTE)
            yield replace(_tache(scrutin, "Ouvrir le vote", "Ouvrir", None), date_limite=debut)
        case EtatScrutin.FERME:
            yield from _papiers(scrutin, compte)
        case EtatScrutin.DEPOUILLE if compte.est_agent:
            compte_fait = scrutin.depouillements.filter(etat="fait").first()
            depuis = compte_fait.fini_le if compte_fait is not None else scrutin.ferme_le
            yield _tache(scrutin, "Relire et publier les résultats", "Relire", depuis, "#resultat")


def _codes(scrutin: Any) -> Iterator[Tache]:
    for lot in scrutin.lots.all():
        if lot.etat == EtatLot.ECHEC:
            yield _tache(
                scrutin, f"Refaire des codes qui n’ont pu l’être : {lot}", "Voir", lot.demande_le, "#codes"
            )
        elif lot.etat == EtatLot.PRET and lot.fichier:
            quoi = f"Imprimer {accorder(lot.nombre, 'code')}, puis effacer le fichier : {lot}"
            yield _tache(scrutin, quoi, "Voir", lot.demande_le, "#codes")


def _remis_en_nombre(scrutin: Any) -> Iterator[Tache]:
    """Many codes handed over by one account in an hour: a busy desk, or one that votes for others."""
    if scrutin.etat != EtatScrutin.OUVERT:
        return
    lots = scrutin.lots.en_chiffres().a_regarder(ReglementInterQuartiers.actuel().codes_a_signaler)
    for lot in lots.select_related("par"):
        votes = accorder(lot.servis, "a voté", "ont voté") if lot.servis else "aucun n’a voté"
        quoi = f"Regarder {accorder(lot.faits, 'code remis', 'codes remis')} en une heure par {lot.par} : {votes}"
        yield _tache(scrutin, quoi, "Regarder", lot.demande_le, "#codes")


def _papiers(scrutin: Any, compte: Compte) -> Iterator[Tache]:
    """Paper ballots to finish; once there are none, the count."""
    lus = scrutin.papiers.aggregate(
        tous=Count("pk"),
        a_trancher=Count("pk", filter=Q(second__isnull=False, retenu=None)),
        seconde=Count("pk", filter=Q(second=None) & ~Q(premier_par=compte.pk)),
        des_autres=Count("pk", filter=Q(second=None, premier_par=compte.pk)),
    )
    donnes = scrutin.codes.filter(sur_papier=True).count()
    depuis = scrutin.ferme_le
    if lus["a_trancher"] and compte.est_agent:
        quoi = f"Trancher {accorder(lus['a_trancher'], 'bulletin papier', 'bulletins papier')}"
        yield _tache(scrutin, quoi, "Trancher", depuis, "#papiers")
    if lus["seconde"]:
        quoi = f"Saisir une seconde fois {accorder(lus['seconde'], 'bulletin papier', 'bulletins papier')}"
        yield _tache(scrutin, quoi, "Saisir", depuis, "#papiers")
    if donnes > lus["tous"]:
        reste = accorder(donnes - lus["tous"], "bulletin papier au plus", "bulletins papier au plus")
        yield _tache(scrutin, f"Saisir les papiers de l’urne : {reste}", "Saisir", depuis, "#papiers")
    if compte.est_agent and not (lus["a_trancher"] or lus["seconde"] or lus["des_autres"]):
        yield _tache(scrutin, "Dépouiller le vote", "Ouvrir", depuis)


def _tache(scrutin: Any, quoi: str, bouton: str, depuis: datetime | None, ancre: str = "") -> Tache:
    return Tache(
        quoi,
        f"{reverse('budgets:scrutin', args=[scrutin.pk])}{ancre}",
        bouton,
        sur_quoi=scrutin.budget.titre,
        genre=GENRE,
        app="budgets",
        depuis=depuis,
    )
