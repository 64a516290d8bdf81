"""The report of a year on the engagements: asked for by an agent, made by the worker, its data inside."""

import csv
import io
from typing import Any

from django.db.models import Q

from participation.engagements.models import EngagementPris
from participation.engagements.promesses.lectures import RAPPORT, Lue, avec_indicateurs, publies
from participation.socle.actions.documents import demander_document
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Compte, Document
from participation.socle.regles.cellules import neutraliser

COLONNES = ("reference", "engagement", "etat", "indicateur", "valeur", "unite", "cible", "atteinte")


def demander_rapport(annee: int, *, par: Compte) -> Document:
    """Ask for the PDF of the report of a year: each engagement then published, its indicators of the year, its changes."""
    lignes = avec_indicateurs(publies().filter(Q(ouvert_le__year__lte=annee)), annee)
    return demander_document(
        nature=RAPPORT,
        titre=f"Engagements pour la participation : l’année {annee}",
        par=par,
        est_public=True,
        donnees={
            "annee": annee,
            "engagements": [_engagement(engagement, lues, annee) for engagement, lues in lignes],
            "fichier_joint": {
                "nom": f"engagements-{annee}.csv",
                "description": f"Les indicateurs de l’année {annee}",
                "texte": _csv(lignes),
            },
        },
    )


def _engagement(engagement: EngagementPris, lues: list[Lue], annee: int) -> dict[str, Any]:
    histoire = engagement.journal.filter(est_publique=True, le__year=annee).order_by("le", "pk")
    return {
        "reference": engagement.reference,
        "titre": engagement.titre,
        "principe": str(engagement.principe) if engagement.principe else "",
        "texte": engagement.texte,
        "etat": majuscule(engagement.get_etat_display()),
        "date_limite": jour_texte(engagement.date_limite) if engagement.date_limite else "",
        "source": engagement.source,
        "direction": str(engagement.direction) if engagement.direction else "",
        "bilan": engagement.bilan,
        "indicateurs": [
            {
                "intitule": lue.indicateur.intitule,
                "valeur": None if lue.valeur is None else float(lue.valeur),
                "unite": lue.unite,
                "cible": float(lue.indicateur.cible),
                "est_un_plafond": lue.indicateur.est_un_plafond,
                "atteinte": lue.atteinte,
                "comment": lue.comment,
            }
            for lue in lues
        ],
        "histoire": [[jour_texte(ligne.le), ligne.fait_en_clair, ligne.motif] for ligne in histoire],
    }


def _csv(lignes: list[tuple[EngagementPris, list[Lue]]]) -> str:
    texte = io.StringIO()
    ecrivain = csv.writer(texte)
    ecrivain.writerow(COLONNES)
    for engagement, lues in lignes:
        for lue in lues:
            ecrivain.writerow(
                [
                    engagement.reference,
                    neutraliser(engagement.titre),
                    engagement.etat,
                    neutraliser(lue.indicateur.intitule),
                    "" if lue.valeur is None else lue.valeur,
                    lue.unite,
                    lue.indicateur.cible,
                    {True: "oui", False: "non", None: ""}[lue.atteinte],
                ]
            )
    return texte.getvalue()
