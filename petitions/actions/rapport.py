"""Annual report of the pétitions, as a document."""

from datetime import date
from typing import Any

from participation.socle.actions.documents import demander_document
from participation.socle.francais import jour_texte
from participation.socle.models import Commune, Compte, Document
from petitions.lectures.indicateurs import Mesures, mesurer, petitions_de


def demander_rapport(annee: int, *, par: Compte) -> Document:
    """Ask for the PDF of the report. Its figures are computed now and kept with the document."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    noms = dict(Commune.objects.values_list("pk", "nom"))
    mesures = mesurer(debut, fin)
    return demander_document(
        nature="petitions/rapport",
        titre=f"Rapport annuel des pétitions, {annee}",
        par=par,
        donnees={
            "annee": annee,
            "cette_annee": _chiffres(mesures),
            "annee_passee": _chiffres(mesurer(date(annee - 1, 1, 1), date(annee - 1, 12, 31))),
            "motifs": [[libelle, n] for _, libelle, n in mesures.par_motif],
            "communes": [
                [noms[code], n] for code, n in sorted(mesures.par_commune.items(), key=lambda c: -c[1])[:20]
            ],
            "petitions": [
                {
                    "reference": p.reference,
                    "titre": p.titre,
                    "etat": p.get_etat_display(),
                    "deposee_le": jour_texte(p.deposee_le),
                    "signatures": p.decompte.total if hasattr(p, "decompte") else 0,
                    "communes": p.decompte.communes if hasattr(p, "decompte") else 0,
                    "motif": str(p.motif_irrecevabilite or ""),
                    "date_conseil": jour_texte(p.date_conseil),
                    "repondue_le": jour_texte(p.repondue_le),
                    "suites": [
                        {
                            "intitule": s.intitule,
                            "etat": s.get_etat_display(),
                            "direction": str(s.direction),
                            "date_limite": jour_texte(s.date_limite),
                        }
                        for s in p.suites.all()
                    ],
                }
                for p in petitions_de(debut, fin)
            ],
        },
    )


def _chiffres(mesures: Mesures) -> dict[str, Any]:
    delais = mesures.delais
    return {
        "deposees": mesures.deposees,
        "recevables": mesures.recevables,
        "refusees": mesures.refusees,
        "transmises": mesures.transmises,
        "median": delais.median,
        "neuvieme_decile": delais.neuvieme_decile,
        "signatures": mesures.signatures,
        "seuils": mesures.seuils,
        "debats": mesures.debats,
        "reponses": mesures.reponses,
    }
