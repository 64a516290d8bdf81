"""Acts that every nature of dossier shares: who follows it, what an agent wants to remember."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.socle import notifications
from participation.socle.actions.avancer import avancer, exiger
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import instant_texte, jour_texte
from participation.socle.models import Compte, Document, Dossier

COURRIELS_AUDITES = 500


@transaction.atomic
def prendre_en_charge(dossier: Dossier, *, par: Compte, agent: Compte | None = None) -> None:
    """Give the dossier to `agent` (oneself by default), who also takes the open échéances of who had it.

    Raises ErreurMetier when `agent` is not an agent of the service; nothing happens when she has it already.
    """
    enfant, agent = dossier.enfant, agent or par
    if not agent.est_agent:
        raise ErreurMetier(f"{agent} n’est pas agent du service participation.")
    pas = exiger(enfant, "prendre_en_charge", par=par)
    ancien = enfant.agent
    if ancien == agent:
        return
    pas.avancer(
        details={"agent": agent.pk, "ancien": ancien.pk if ancien else None},
        motif=f"Suivi par {agent}, après {ancien}." if ancien else f"Suivi par {agent}.",
        champs={"agent": agent},
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
    avancer(dossier.enfant, "noter", par=par, motif=note)


@transaction.atomic
def auditer(dossier: Dossier, *, par: Compte) -> Document:
    """Ask for the whole dossier as one PDF, as it stands now: journal, demandes, letters, documents and pieces with hashes."""
    enfant = dossier.enfant
    pas = exiger(enfant, "auditer", par=par)
    document = demander_document(
        nature="socle/audit",
        titre=f"Dossier complet {enfant.reference or ''}, {jour_texte(timezone.localdate())}",
        dossier=dossier,
        donnees=_photographie(enfant),
        par=par,
        est_interne=True,
    )
    pas.avancer(details={"document": document.pk})
    return document


def _photographie(dossier: Dossier) -> dict[str, Any]:
    """Everything written about the dossier, as JSON values, oldest first. Instants are local and in words."""
    etats = dossier.libelles_etats()
    return {
        "fait_le": _instant(timezone.now()),
        "etat": dossier.libelle_etat,
        "nature": str(dossier._meta.verbose_name),
        "auteur": str(dossier.auteur or ""),
        "agent": str(dossier.agent or ""),
        "communes": [str(commune) for commune in dossier.communes.all()],
        "journal": [
            {
                "le": _instant(entree.le),
                "fait": entree.fait,
                "par": str(entree.par or "automatiquement"),
                "avant": etats.get(entree.etat_avant, ""),
                "apres": etats.get(entree.etat_apres, "") if entree.etat_apres != entree.etat_avant else "",
                "motif": entree.motif,
            }
            for entree in dossier.journal.select_related("par").order_by("le", "pk")
        ],
        "demandes": [
            {
                "nature": demande.get_nature_display(),
                "objet": demande.objet,
                "a": str(demande.destinataire),
                "ouverte_le": _instant(demande.ouverte_le),
                "date_limite": jour_texte(demande.date_limite),
                "texte": demande.texte,
                "reponse": demande.reponse,
                "repondue_le": _instant(demande.repondue_le) if demande.repondue_le else "",
                "repondue_par": demande.repondue_par,
                "est_annulee": demande.annulee_le is not None,
            }
            for demande in dossier.demandes.select_related("direction", "commune", "compte").order_by(
                "ouverte_le", "pk"
            )
        ],
        **_photographie_de_ce_qui_est_joint(dossier),
    }


def _photographie_de_ce_qui_est_joint(dossier: Dossier) -> dict[str, Any]:
    return {
        # Letters to signers are as many as signers: the audit counts them by letter, and lists the first of them.
        "courriels": [
            {
                "le": _instant(courriel.cree_le),
                "sujet": courriel.sujet,
                "a": ", ".join(courriel.destinataires),
                "etat": courriel.get_etat_display(),
            }
            for courriel in dossier.courriels.order_by("cree_le", "pk").only(
                "cree_le", "sujet", "destinataires", "etat"
            )[:COURRIELS_AUDITES]
        ],
        "nombre_courriels": dossier.courriels.count(),
        "documents": [
            {"titre": d.titre, "le": _instant(d.cree_le), "etat": d.get_etat_display(), "sha256": d.sha256}
            for d in dossier.documents.order_by("cree_le", "pk")
        ],
        "pieces": [
            {
                "titre": p.titre,
                "nom": p.nom,
                "le": _instant(p.jointe_le),
                "par": str(p.par or ""),
                "sha256": p.sha256,
                "est_retiree": p.retiree_le is not None,
            }
            for p in dossier.pieces.select_related("par").order_by("jointe_le", "pk")
        ],
    }


def _instant(instant: datetime) -> str:
    return instant_texte(instant)
