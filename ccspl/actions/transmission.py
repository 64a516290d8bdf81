"""Acts on an adopted avis: transmit, acknowledge, cite, answer, present to the members, close, sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.lectures import presentation
from ccspl.models import LA_COMMISSION, Avis, Preconisation, Transmission
from ccspl.notifications import transmission as notifications
from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Point, Seance
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.documents import (
    demander_document,
    fabriquer_document,
    figer_document,
    redemander_document,
)
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Direction, Document
from participation.suites import actions as suites
from participation.suites.models import Suite

FICHE, INTERVENTION = "ccspl/fiche", "ccspl/intervention"
MINUTES_DE_RESTITUTION = 10


DOUBLE_CLIC = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AutreDestinataire:
    """A recipient other than a direction: élu, commission, council."""

    nature: str
    nom: str
    adresse: str = ""


@transaction.atomic
def transmettre(
    avis: Avis,
    *,
    par: Compte,
    directions: Sequence[Direction] = (),
    autres: Sequence[AutreDestinataire] = (),
    date_limite: date | None = None,
    directions_de: dict[int, Direction] | None = None,
) -> list[Transmission]:
    """Send the frozen PDF with a signed link; each préconisation without a suite gets one, due by
    `date_limite`.

    `directions_de`: direction in charge of a préconisation, by key, if it is not the one already noted. These
    directions receive the avis too. Raises ValidationError when a préconisation has no direction, when there
    is no recipient, or when the day is past; ActeInterdit when one of them was written to a minute ago.
    """
    pas = exiger(avis, "transmettre", par=par)
    if date_limite is not None and date_limite <= timezone.localdate():
        raise ValidationError({"date_limite": "Choisissez un jour à venir."})
    lignes = list(
        avis.preconisations.select_related("direction").filter(suite__isnull=True).order_by("numero")
    )
    for ligne in lignes:
        ligne.direction = (directions_de or {}).get(ligne.pk) or ligne.direction
        if ligne.direction is None:
            raise ValidationError(f"Dites quelle direction répond à la préconisation {ligne.numero}.")
    vers = list(dict.fromkeys([*directions, *(ligne.direction for ligne in lignes if ligne.direction)]))
    deja = set(avis.transmissions.filter(direction__isnull=False).values_list("direction", flat=True))
    vers = [d for d in vers if d in directions or d.pk not in deja]
    if not vers and not autres:
        raise ValidationError("Choisissez au moins un destinataire.")
    _exiger_pas_a_l_instant(avis, vers, autres)
    pdf = _figer_le_pdf(avis, par=par)
    envois = [
        (Transmission(nature="direction", direction=d, destinataire=str(d)[:160]), d.adresses()) for d in vers
    ] + [(Transmission(nature=a.nature, destinataire=a.nom, adresse=a.adresse), [a.adresse]) for a in autres]
    pas.avancer(
        details={"directions": [str(d) for d in vers], "autres": [a.nom for a in autres]},
        champs={"transmis_le": avis.transmis_le or timezone.now(), "repondu_le": None},
        fait="" if any(any(adresses) for _, adresses in envois) else "Avis à remettre, aucune adresse connue",
    )
    demandees = [_demander(avis, ligne, par=par, date_limite=date_limite) for ligne in lignes]
    for envoi, adresses in envois:
        envoi.avis, envoi.date_limite = avis, date_limite
        _envoyer(envoi, adresses, pdf, [s for s in demandees if s.direction_id == envoi.direction_id])
    if date_limite is not None:
        fixer_echeance(
            avis,
            "reponse",
            libelle="Recevoir la réponse de la Métropole",
            date_limite=date_limite,
            rappels=[14, 2],
            escalade=7,
            responsable=avis.agent,
        )
    return [envoi for envoi, _ in envois]


def _exiger_pas_a_l_instant(
    avis: Avis, vers: Sequence[Direction], autres: Sequence[AutreDestinataire]
) -> None:
    """Raise ActeInterdit if one of the recipients was written to less than a minute ago.

    The avis is locked: the second of two clicks, or of two agents, sends nothing.
    """
    recentes = set(
        avis.transmissions.filter(envoyee_le__gt=timezone.now() - DOUBLE_CLIC).values_list(
            "direction", "destinataire", "adresse"
        )
    )
    demandees = {(d.pk, str(d)[:160], "") for d in vers} | {(None, a.nom, a.adresse) for a in autres}
    if demandees & recentes:
        raise ActeInterdit("Cet avis vient d’être envoyé à ces destinataires.")


def _figer_le_pdf(avis: Avis, *, par: Compte) -> bytes:
    """Freeze the PDF and return its content; make it now if the worker has not done it yet.

    Raises ErreurMetier when it is not ready.
    """
    document: Document | None = avis.document
    if document is None:
        return b""
    if document.etat != Document.Etat.PRET:
        fabriquer_document(document.pk)
        document.refresh_from_db()
    if document.etat != Document.Etat.PRET:
        raise ErreurMetier("Le PDF de l’avis n’est pas prêt. Attendez quelques instants, puis recommencez.")
    if document.fige_le is None:
        figer_document(document, par=par)
    with document.fichier.open("rb") as fichier:
        lu: bytes = fichier.read()
    return lu


def _demander(avis: Avis, ligne: Preconisation, *, par: Compte, date_limite: date | None) -> Suite:
    assert ligne.direction is not None  # noqa: S101 checked by the caller
    suite = suites.ajouter_suite(
        avis,
        par=par,
        intitule=presentation.a_un_rang(ligne.texte, 25)[:200],
        direction=ligne.direction,
        date_limite=date_limite,
        demandee_par=LA_COMMISSION,
    )
    ligne.suite = suite
    ligne.save(update_fields=["suite", "direction"])
    return suite


def _envoyer(
    transmission: Transmission, adresses: Sequence[str], pdf: bytes, demandees: Sequence[Suite]
) -> None:
    transmission.full_clean()
    transmission.save()
    transmission.courriel = notifications.transmettre(
        transmission, adresses=[a for a in adresses if a], pdf=pdf, suites=demandees
    )
    transmission.est_sans_adresse = transmission.courriel is None
    transmission.save(update_fields=["courriel", "est_sans_adresse"])


@transaction.atomic
def remettre(transmission: Transmission, *, par: Compte, le: date) -> None:
    """Record that an agent handed over the avis to a recipient without address.

    Raises ActeInterdit when there is nothing to hand over, ValidationError for a day before the transmission
    or to come.
    """
    pas = exiger(transmission, "remettre", par=par)
    transmission.refresh_from_db(fields=["date_remise", "est_sans_adresse"])
    if not transmission.est_sans_adresse or transmission.date_remise is not None:
        raise ActeInterdit("L’avis est déjà remis à ce destinataire.")
    if not timezone.localdate(transmission.envoyee_le) <= le <= timezone.localdate():
        raise ValidationError({"le": "Choisissez un jour entre la transmission et aujourd’hui."})
    transmission.date_remise = le
    transmission.save(update_fields=["date_remise"])
    pas.avancer(
        fait=f"Avis remis : {transmission.destinataire}"[:160],
        details={"transmission": transmission.pk, "le": le.isoformat()},
    )


@transaction.atomic
def accuser(transmission: Transmission, *, par: None = None, nom: str) -> bool:
    """Record the acknowledgement, by signed link. Returns False if already done. `nom`: who acknowledges."""
    pas = exiger(transmission, "accuser", par=par)
    if transmission.accusee_le is not None:
        return False
    pas.avancer(
        champs={"accusee_le": timezone.now(), "accusee_par": nom.strip()},
        fait=f"Réception accusée : {transmission.destinataire}"[:160],
        motif=nom.strip(),
        details={"transmission": transmission.pk},
    )
    return True


@transaction.atomic
def citer(avis: Avis, *, par: Compte, deliberation: str) -> None:
    """Record the deliberation of the council that cites the avis."""
    avancer(avis, "citer", par=par, motif=deliberation, champs={"deliberation": deliberation})


@transaction.atomic
def resumer(avis: Avis, *, par: Compte, synthese: str) -> None:
    """Save two sentences in plain words, for the sheet and the public page."""
    avancer(avis, "resumer", par=par, motif=synthese, champs={"synthese": synthese})


@transaction.atomic
def repondre(avis: Avis, *, par: Compte | None, motif: str = "") -> None:
    """Mark the avis as answered, and tell the members.

    Done automatically after the last answer, or by an agent when the avis has no suites.
    """
    avancer(avis, "repondre", par=par, motif=motif, champs={"repondu_le": timezone.now()})
    faire_echeance(avis, "reponse")
    notifications.repondre(avis)


@transaction.atomic
def rendre_aux_membres(avis: Avis, *, par: Compte, seance: Seance) -> Point:
    """Put the answers on the agenda of a séance, as an information point."""
    jour = timezone.localdate(seance.debut)
    avancer(
        avis,
        "rendre_aux_membres",
        par=par,
        fait=f"Réponses à l’ordre du jour du {jour_texte(jour)}",
        details={"seance": seance.pk},
        champs={"rendu_le": jour},
    )
    return ajouter_point(
        seance,
        par=par,
        dossiers=[avis],
        nature=Point.Nature.INFORMATION,
        titre=f"Réponses de la Métropole : {avis.titre}"[:200],
        direction=avis.direction,
        duree=MINUTES_DE_RESTITUTION,
    )


@transaction.atomic
def clore(avis: Avis, *, par: Compte, motif: str = "") -> None:
    """Close the dossier: its échéances are cancelled. Its suites are still followed."""
    avancer(avis, "clore", par=par, motif=motif, champs={"clos_le": timezone.now()})
    for cle in ("avis", "reponse"):
        annuler_echeance(avis, cle)
    notifications.clore(avis)


# Sheets


@transaction.atomic
def faire_fiche(avis: Avis, *, par: Compte) -> Document:
    """Ask for the public communication sheet, with current data."""
    exiger(avis, "faire_fiche", par=par)
    deja = avis.documents.filter(nature=FICHE, fige_le=None).first()
    donnees, titre = presentation.donnees_fiche(avis), f"Fiche de l’avis {avis.reference}"
    return _faire(avis, deja, FICHE, titre, donnees, par=par, est_public=True)


@transaction.atomic
def demander_intervention(avis: Avis, *, par: Compte) -> Document:
    """Ask for the one-page sheet for a speaker at the council, with current data.

    It is for the account that asks: élus have no access to the dossier.
    """
    exiger(avis, "demander_intervention", par=par)
    sienne = avis.documents.filter(nature=INTERVENTION, par=par, est_interne=False, fige_le=None).first()
    donnees, titre = (
        presentation.donnees_intervention(avis),
        f"Intervention en conseil, avis {avis.reference}",
    )
    return _faire(avis, sienne, INTERVENTION, titre, donnees, par=par)


def _faire(
    avis: Avis,
    deja: Document | None,
    nature: str,
    titre: str,
    donnees: dict[str, Any],
    *,
    par: Compte,
    est_public: bool = False,
) -> Document:
    if deja is None:
        return demander_document(
            nature=nature, titre=titre, dossier=avis, donnees=donnees, par=par, est_public=est_public
        )
    deja.donnees = donnees
    deja.save(update_fields=["donnees"])
    redemander_document(deja, par=par)
    return deja
