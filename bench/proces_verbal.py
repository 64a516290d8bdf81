"""The PDF of a long procès-verbal, from its data to its stored file, compared with WeasyPrint alone."""

import io
import time
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.utils import timezone

from bench.serveurs import charge_machine
from bench.tableaux import tableau, virgule
from participation.seances.proces_verbaux import mise_en_page
from participation.seances.proces_verbaux.documents import NATURE
from participation.socle.actions.documents import demander_document, fabriquer_document, rediger_document
from participation.socle.fichiers.pdf import FEUILLE, STATIQUE, _chercheur
from participation.socle.models import Document

PAGES = 50
BORNE = 1.3
PHRASE = (
    "Un membre demande comment la régie suit les fuites du réseau, commune par commune, et ce qui est prévu. "
)
COLLEGES = ("Élus", "Habitants", "Associations")


def mesurer(*, tours: int = 3) -> None:
    import pikepdf

    document = _document()
    print(f"… procès-verbal ({charge_machine()})", flush=True)
    complets, nus, sans_balises = [], [], []
    for tour in range(tours + 1):
        nu = _chronometrer(lambda: _nu(rediger_document(document), "pdf/a-3a"))
        simple = _chronometrer(lambda: _nu(rediger_document(document), None))
        Document.objects.filter(pk=document.pk).update(etat=Document.Etat.EN_PREPARATION, tentatives=0)
        complet = _chronometrer(lambda: fabriquer_document(document.pk))
        if tour:  # the first one loads the fonts
            nus.append(nu)
            sans_balises.append(simple)
            complets.append(complet)
    document.refresh_from_db()
    assert document.etat == Document.Etat.PRET, document.erreur
    with document.fichier.open("rb") as fichier, pikepdf.open(io.BytesIO(fichier.read())) as pdf:
        pages = len(pdf.pages)
    assert pages >= PAGES, pages
    tableau(
        f"Procès-verbal de {pages} pages, médiane de {tours}",
        ["", "calcul", "rapport", "attendu"],
        [
            ["WeasyPrint seul, même page, PDF/A-3a", f"{virgule(median(nus), 2)} s", "1", ""],
            [
                "pour mémoire, WeasyPrint sans balises ni archive",
                f"{virgule(median(sans_balises), 2)} s",
                virgule(median(sans_balises) / median(nus), 2),
                "",
            ],
            [
                "document complet (balisé, PDF/UA-1 et PDF/A-3a, données jointes, empreinte)",
                f"{virgule(median(complets), 2)} s",
                virgule(median(complets) / median(nus), 2),
                f"< {virgule(BORNE, 1)}",
            ],
        ],
    )


def _chronometrer(faire: Any) -> float:
    """CPU seconds of this process."""
    debut = time.process_time()
    faire()
    return time.process_time() - debut


def _nu(html: str, variante: str | None) -> bytes:
    """Return the PDF of the page by WeasyPrint alone: no check, no second step, no file."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    polices = FontConfiguration()
    feuille = weasyprint.CSS(url=f"{STATIQUE}{FEUILLE}", url_fetcher=_chercheur(), font_config=polices)
    page = weasyprint.HTML(string=html, base_url=STATIQUE, url_fetcher=_chercheur())
    octets: bytes = page.write_pdf(stylesheets=[feuille], font_config=polices, pdf_variant=variante)
    return octets


def _document() -> Document:
    releve, texte = _releve()
    return demander_document(
        nature=NATURE,
        titre="Procès-verbal d’essai",
        donnees={
            "pv": mise_en_page.presenter(releve, texte),
            "mention": "Texte d’essai.",
            "est_approuve": False,
            "numero": 1,
            "motif": "",
            "fichier_joint": {"nom": "seance.json", "description": "Les données", "texte": "{}"},
        },
    )


def _releve(personnes: int = 60, points: int = 38) -> tuple[dict[str, Any], dict[str, str]]:
    """Sixty members and thirty-eight points of more than a page, each with its vote."""
    ouverte = timezone.localtime() - timedelta(hours=4)

    def instant(minute: int) -> str:
        valeur: datetime = ouverte + timedelta(minutes=minute)
        return valeur.isoformat(timespec="seconds")

    presence = [
        {
            "nom": college,
            "a_le_vote": True,
            "personnes": [
                {
                    "numero": i,
                    "nom": f"Personne {i}",
                    "qualite": f"Association {i}",
                    "rang": "titulaire",
                    "statut": "present",
                    "intervalles": [{"mode": "en salle", "de": instant(i), "a": instant(230)}],
                    "supplee": "",
                    "supplee_par": "",
                    "pouvoir_a": "",
                    "pouvoirs_de": [],
                    "retire_le": None,
                }
                for i in range(rang, personnes, len(COLLEGES))
            ],
        }
        for rang, college in enumerate(COLLEGES)
    ]
    quorum = {
        "requis": 31,
        "atteint": personnes,
        "est_atteint": True,
        "est_exige": True,
        "phrase": f"Atteint : {personnes} sur 31 nécessaires.",
    }
    voix = {"pour": 15, "contre": 3, "abstention": 1, "nppv": 1}
    lignes = [
        {
            "cle": str(numero),
            "numero": numero,
            "nature": "avis",
            "titre": f"Rapport annuel du service public numéro {numero}",
            "rapporteur": "la direction concernée",
            "direction": "Direction de l’eau",
            "etat": "traité",
            "motif": "",
            "est_confidentiel": False,
            "est_tardif": False,
            "commence_le": instant(6 * numero),
            "secondes": 360,
            "pv_de": "",
            "pieces": [{"titre": "Rapport", "est_tardive": False, "sha256": ""}],
            "dossiers": [],
            "deports": [],
            "desaccords": [{"nom": "Personne 1", "texte": PHRASE}],
            "votes": [
                {
                    "numero": 1,
                    "objet": "Avis favorable",
                    "forme": "nominatif",
                    "majorite": "plus de la moitié",
                    "par_college": False,
                    "quorum": quorum,
                    "ouvert_le": instant(6 * numero),
                    "clos_le": instant(6 * numero + 2),
                    "resultat": "adopte",
                    "a_l_egalite": False,
                    "colleges": [{"nom": college, **voix} for college in COLLEGES],
                    "total": {sens: 3 * nombre for sens, nombre in voix.items()},
                    "nominatif": [
                        {"nom": f"Personne {i}", "sens": "pour" if i % 4 else "contre"}
                        for i in range(personnes)
                    ],
                }
            ],
        }
        for numero in range(1, points + 1)
    ]
    texte = {str(numero): f"<p>{PHRASE * 6}</p>" * 3 for numero in range(1, points + 1)}
    seance = {
        "titre": "Plénière d’essai",
        "nature": "séance plénière",
        "debut": instant(0),
        "fin_prevue": instant(230),
        "ouverte_le": instant(0),
        "levee_le": instant(230),
        "tenue": "en salle",
        "lieu": "Salle du conseil",
        "est_publique": True,
        "etat": "levée",
        "rang_convocation": 1,
    }
    return {
        "seance": seance,
        "instance": {"cle": "essai", "nom": "Commission d’essai", "sigle": "Essai", "fondement": ""},
        "mandature": "2026-2032",
        "reglement": {"version": "1", "en_vigueur_du": "2026-01-01", "source": "", "quorum": ""},
        "convocations": [],
        "presidee_par": "Personne 0",
        "secretaire": "",
        "interruptions": [],
        "quorum": quorum,
        "presence": presence,
        "totaux": {
            "presents": personnes,
            "a_distance": 0,
            "supplees": 0,
            "representes": 0,
            "excuses": 0,
            "absents": 0,
        },
        "points": lignes,
    }, texte
