"""The whole dossier as one document: present état, words, demandes, journal, letters, files."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from participation.socle.francais import accorder, instant_texte, jour_texte
from participation.socle.models import Courriel, Dossier
from participation.socle.models.suivi import nommer
from participation.socle.vitrine import recueillir

COURRIELS_AUDITES = 200  # lines
NOMBRE = re.compile(r"\d+")


def photographie(dossier: Dossier) -> dict[str, Any]:
    """Return the dossier as JSON values, oldest first; instants in local time, in words.

    The journal is condensed; it is complete in a file embedded in the PDF.
    """
    journal = _journal(dossier)
    return {
        "fait_le": instant_texte(timezone.now()),
        "etat": dossier.libelle_etat,
        "ensuite": dossier.ensuite(),
        "nature": str(dossier._meta.verbose_name),
        "auteur": str(dossier.auteur or ""),
        "agent": str(dossier.agent or ""),
        "communes": [str(commune) for commune in dossier.communes.all()],
        "echeances": [
            {"libelle": echeance.libelle, "date": jour_texte(echeance.date_limite)}
            for echeance in dossier.echeances.ouvertes().order_by("date_limite", "pk")
        ],
        "a_lire": [{"titre": titre, "texte": texte} for titre, texte in dossier.a_lire_en_entier()],
        "tableaux": [
            {
                "titre": tableau.titre,
                "entetes": list(tableau.entetes),
                "lignes": [list(li) for li in tableau.lignes],
            }
            for tableau in recueillir("dossier_complet", dossier)
            if tableau.lignes
        ],
        "etapes": [ligne for ligne in journal if ligne["apres"]],
        "journal": _condenser(journal),
        "nombre_lignes": len(journal),
        "fichier_joint": {
            "nom": "journal.json",
            "description": "Toutes les lignes du journal, une à une",
            "texte": json.dumps(journal, ensure_ascii=False, indent=1),
        },
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
        "courriels": _courriels(dossier),
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


def _journal(dossier: Dossier) -> list[dict[str, Any]]:
    etats = dossier.libelles_etats()
    return [
        {
            "le": _instant(entree.le),
            "jour": timezone.localdate(entree.le).isoformat(),
            "acte": entree.acte,
            "fait": entree.fait_en_clair,
            "par": entree.par_qui.removeprefix("par "),
            "avant": etats.get(entree.etat_avant, ""),
            "apres": etats.get(entree.etat_apres, "") if entree.etat_apres != entree.etat_avant else "",
            "motif": entree.motif_en_clair,
        }
        for entree in nommer(dossier.journal.select_related("par").order_by("le", "pk"))
    ]


def _condenser(lignes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge consecutive lines of a day that differ only by numbers.

    `fois` counts them, `dernier` is the last.
    """
    unes: list[dict[str, Any]] = []
    semblable = None
    for ligne in lignes:
        cle = {**ligne, "le": "", "fait": NOMBRE.sub("", ligne["fait"])}
        if cle == semblable:
            unes[-1]["fois"] += 1
            unes[-1]["dernier"] = ligne["fait"] if ligne["fait"] != unes[-1]["fait"] else ""
        else:
            unes.append({**ligne, "fois": 1, "dernier": ""})
            semblable = cle
    return unes


def _courriels(dossier: Dossier) -> list[dict[str, Any]]:
    """Return one line per letter, day and état, with the number of recipients.

    COURRIELS_AUDITES lines at most.
    """
    libelles = dict(Courriel.Etat.choices)
    groupes = (
        dossier.courriels.order_by()
        .values("sujet", "etat", jour=TruncDate("cree_le"))
        .annotate(nombre=Count("pk"), le=Min("cree_le"), premier=Min("destinataires"))
        .order_by("le", "sujet", "etat")[:COURRIELS_AUDITES]
    )
    return [
        {
            "le": _instant(groupe["le"]),
            "sujet": groupe["sujet"].removesuffix(f" : {dossier.titre}"),  # already at the top
            "a": ", ".join(groupe["premier"])
            if groupe["nombre"] == 1
            else accorder(groupe["nombre"], "personne"),
            "etat": libelles[groupe["etat"]],
        }
        for groupe in groupes
    ]


def _instant(instant: datetime) -> str:
    return instant_texte(instant, "court")
