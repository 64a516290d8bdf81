"""Acts that every nature of dossier shares: who follows it, what an agent wants to remember."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from participation.socle import notifications
from participation.socle.actions.avancer import avancer, consigner, exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Compte, Dossier


@transaction.atomic
def prendre_en_charge(dossier: Dossier, *, par: Compte, agent: Compte | None = None) -> None:
    """Give the dossier to `agent` (oneself by default), who also takes the open échéances of who had it.

    Raises ErreurMetier when `agent` is not an agent of the service; nothing happens when she has it already.
    """
    enfant, agent = dossier.enfant, agent or par
    if not agent.est_agent:
        raise ErreurMetier(f"{agent} n’est pas agent du service participation.")
    exiger(enfant, "prendre_en_charge", par=par)
    ancien = enfant.agent
    if ancien == agent:
        return
    avancer(
        enfant,
        "prendre_en_charge",
        par=par,
        agent=agent,
        details={"agent": agent.pk, "ancien": ancien.pk if ancien else None},
        motif=f"Suivi par {agent}, après {ancien}." if ancien else f"Suivi par {agent}.",
    )
    if ancien is not None:
        enfant.echeances.ouvertes().filter(Q(responsable=ancien, demande__isnull=True)).update(
            responsable=agent
        )
    if agent != par:
        notifications.prendre_en_charge(enfant, agent=agent, par=par)


def prendre_en_charge_lot(
    dossiers: Iterable[Dossier], *, par: Compte, agent: Compte | None = None
) -> tuple[int, list[tuple[Dossier, str]]]:
    """The same act on each dossier, each in its own transaction: how many moved, and those refused with the reason."""
    faits, refuses = 0, []
    for dossier in dossiers:
        try:
            prendre_en_charge(dossier, par=par, agent=agent)
            faits += 1
        except (ActeInterdit, RoleInsuffisant) as refus:
            refuses.append((dossier, refus.message))
    return faits, refuses


def noter(dossier: Dossier, *, par: Compte, note: str) -> None:
    """Write an internal note in the journal: agents read it, the public never does."""
    consigner(dossier.enfant, "noter", par=par, fait="Note interne", motif=note, est_publique=False)
