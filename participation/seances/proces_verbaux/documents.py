"""PDFs of a procès-verbal: each version and the attendance sheet. They are frozen after the approval."""

import json
from typing import Any

from django.db import transaction

from participation.seances.models import ProcesVerbal, Seance, VersionPV
from participation.seances.proces_verbaux import mise_en_page
from participation.seances.proces_verbaux import releve as proces_verbaux_releve
from participation.seances.proces_verbaux.lectures import mention
from participation.seances.workflow import EtatPV
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document, effacer_documents, figer_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document

NATURE, NATURE_FEUILLE = "seances/proces_verbal", "seances/feuille_presence"


@transaction.atomic
def fabriquer_feuille(seance: Seance, *, par: Compte) -> Document:
    """Ask for the attendance sheet: to sign before the séance, proof of presence after it.

    Returns the frozen sheet if there is one.
    """
    exiger(seance, "fabriquer_feuille", par=par)
    pv = ProcesVerbal.objects.filter(seance=seance).select_related("feuille").first()
    if pv is not None and pv.feuille is not None and pv.feuille.fige_le is not None:
        return pv.feuille
    document = demander_feuille(seance, proces_verbaux_releve.donnees(seance), par=par)
    if pv is not None:
        pv.feuille = document
        pv.save(update_fields=["feuille"])
    return document


def figer_proces_verbaux() -> int:
    """Freeze the PDFs of approved versions and their attendance sheets, once made. Return how many."""
    versions = VersionPV.objects.filter(proces_verbal__etat=EtatPV.APPROUVE)
    a_figer = Document.objects.filter(etat=Document.Etat.PRET, fige_le=None)
    numeros = {
        *a_figer.filter(version_pv__in=versions).values_list("pk", flat=True),
        *a_figer.filter(version_pv_publique__in=versions).values_list("pk", flat=True),
        *a_figer.filter(
            pk__in=ProcesVerbal.objects.filter(etat=EtatPV.APPROUVE).values("feuille")
        ).values_list("pk", flat=True),
    }
    combien = 0
    for document in Document.objects.filter(pk__in=numeros):
        try:
            figer_document(document, par=None)
        except ErreurMetier:
            continue  # already frozen, or its file is missing: the page of the document shows it
        combien += 1
    return combien


def demander_documents(pv: ProcesVerbal, version: VersionPV, *, par: Compte) -> None:
    """Ask for the PDFs of a version as new Document rows, and delete the former ones.

    With new rows, a worker still making a former PDF cannot overwrite them.
    """
    anciens = [document for document in (version.document, version.document_public) if document]
    est_approuve = pv.etat == EtatPV.APPROUVE
    publie = est_approuve and pv.est_publie
    version.document = demander_pdf(pv, version, par=par, est_public=publie and not version.a_huis_clos)
    version.document_public = (
        demander_pdf(pv, version, par=par, est_public=True) if publie and version.a_huis_clos else None
    )
    version.save(update_fields=["document", "document_public"])
    effacer_documents(anciens)


def demander_pdf(pv: ProcesVerbal, version: VersionPV, *, par: Compte, est_public: bool) -> Document:
    releve, huis_clos = version.donnees, 0
    if est_public:
        releve = proces_verbaux_releve.pour_le_public(releve)
        huis_clos = len(version.donnees["points"]) - len(releve["points"])
    seance = pv.seance
    return demander_document(
        nature=NATURE,
        titre=f"Procès-verbal, {seance.instance.sigle}, séance du {jour_texte(seance.debut)}",
        par=par,
        est_public=est_public,
        donnees={
            "pv": mise_en_page.presenter(releve, version.texte, huis_clos=huis_clos),
            "mention": mention(pv, version),
            "est_approuve": pv.etat == EtatPV.APPROUVE,
            "numero": version.numero,
            "motif": version.motif,
            "fichier_joint": {
                "nom": "seance.json",
                "description": "Les données de la séance : présences, points, votes, décisions",
                "texte": json.dumps(releve, ensure_ascii=False, indent=1),
            },
        },
    )


def demander_feuille(seance: Seance, releve: dict[str, Any], *, par: Compte) -> Document:
    invites = seance.invites.filter(retire_le=None)
    return demander_document(
        nature=NATURE_FEUILLE,
        titre=f"Feuille de présence, {seance.instance.sigle}, séance du {jour_texte(seance.debut)}",
        par=par,
        donnees={
            "feuille": mise_en_page.presenter_feuille(releve)
            | {
                "invites": [invite.dite for invite in invites],
                "venus": [invite.dite for invite in invites if invite.est_venu],
            }
        },
    )
