"""Acts common to every nature of dossier: take charge, note, make the PDF of the whole dossier."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.socle.actions.avancer import avancer, exiger
from participation.socle.actions.documents import demander_document
from participation.socle.courriels import lettres as lettres_courriels
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte, majuscule
from participation.socle.lectures.dossier_complet import photographie
from participation.socle.models import Compte, Document, Dossier

Objet = TypeVar("Objet")


@transaction.atomic
def prendre_en_charge(dossier: Dossier, *, par: Compte, agent: Compte | None = None) -> None:
    """Give the dossier to `agent` (by default `par`), together with the open échéances of the previous agent.

    Raises ErreurMetier when `agent` is not an agent of the service, or may not read the dossier. Does nothing
    when `agent` already has it.
    """
    enfant, agent = dossier.enfant, agent or par
    if not agent.est_agent:
        raise ErreurMetier(f"{agent} n’est pas agent du service participation.")
    if enfant.est_reserve and not agent.lit_les_reserves:
        raise ErreurMetier(f"{agent} ne lit pas les dossiers réservés : choisissez un de leurs référents.")
    pas = exiger(enfant, "prendre_en_charge", par=par)
    ancien = enfant.agent
    if ancien == agent:
        return
    pas.avancer(
        details={"agent": agent.pk, "ancien": ancien.pk if ancien else None},
        motif=f"Suivi par {agent}, après {ancien}." if ancien else f"Suivi par {agent}.",
        champs={"agent": agent},
        nomme=[ancien] if ancien else [],
    )
    if ancien is not None:
        enfant.echeances.ouvertes().filter(Q(responsable=ancien, demande__isnull=True)).update(
            responsable=agent
        )
    if agent != par:
        lettres_courriels.prendre_en_charge(enfant, agent=agent, par=par)


def un_a_un(
    objets: Iterable[Objet],
    faire: Callable[[Objet], object],
    refus: type[ErreurMetier] | tuple[type[ErreurMetier], ...] = ErreurMetier,
) -> tuple[int, list[tuple[Objet, str]]]:
    """Do an act on each, in its own transaction. Return how many were done, and those refused, with why.

    `refus`: the errors of one object; another stops them all.
    """
    faits, refuses = 0, []
    for objet in objets:
        try:
            faire(objet)
            faits += 1
        except refus as erreur:
            refuses.append((objet, erreur.message))
    return faits, refuses


def prendre_en_charge_lot(
    dossiers: Iterable[Dossier], *, par: Compte, agent: Compte | None = None
) -> tuple[int, list[tuple[Dossier, str]]]:
    return un_a_un(
        dossiers, lambda d: prendre_en_charge(d, par=par, agent=agent), (ActeInterdit, RoleInsuffisant)
    )


def noter(dossier: Dossier, *, par: Compte, note: str) -> None:
    """Write an internal note in the journal. Agents read it, the public never does."""
    avancer(dossier.enfant, "noter", par=par, motif=note)


def dire_theme(dossier: Dossier, *, par: Compte, theme: str) -> None:
    """Say what it is about: the rendu compte is read by theme."""
    avancer(
        dossier.enfant,
        "dire_theme",
        par=par,
        motif=theme,
        champs={"theme": majuscule(" ".join(theme.split()))},
    )


@transaction.atomic
def auditer(dossier: Dossier, *, par: Compte) -> Document:
    """Ask for the whole dossier as one PDF, with its journal, demandes, letters, documents and pièces.

    The PDF quotes the hash of each file. Its data are those of this moment.
    """
    enfant = dossier.enfant
    pas = exiger(enfant, "auditer", par=par)
    document = demander_document(
        nature="socle/audit",
        titre=f"Dossier complet {enfant.reference or ''}, {jour_texte(timezone.localdate())}",
        dossier=dossier,
        donnees=photographie(enfant),
        par=par,
        est_interne=True,
    )
    pas.avancer(details={"document": document.pk})
    return document
