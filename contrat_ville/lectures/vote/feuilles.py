"""PDF of the codes: sheets to cut out, or one letter for each address.

Codes are stored nowhere else in clear.
"""

from collections.abc import Sequence

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models.inter_quartiers import ProjetQuartier
from contrat_ville.models.vote import LotDeCodes, Scrutin
from contrat_ville.regles import codes
from contrat_ville.workflow.vote import NatureLot
from participation.socle.francais import accorder
from participation.socle.models import ReglageService
from participation.socle.pdf import fabriquer_pdf


def feuilles_pdf(
    lot: LotDeCodes, faits: Sequence[tuple[int, str]], destinataires: Sequence[str] = ()
) -> bytes:
    """Return a tagged PDF.

    `faits`: (number, code); `destinataires`: for letters, the address of each, on several lines.
    """
    scrutin = lot.scrutin
    chemin = reverse("contrat_ville:voter", args=[scrutin.pk])
    en_lettres = lot.nature == NatureLot.LETTRES
    coupons = [
        {
            "numero": numero,
            "code": codes.ecrire(code),
            "adresse": destinataires[rang].splitlines() if en_lettres else [],
        }
        for rang, (numero, code) in enumerate(faits)
    ]
    html = render_to_string(
        "pdf/contrat_ville/codes.html",
        {
            "lot": lot,
            "scrutin": scrutin,
            "budget": scrutin.budget,
            "fin": scrutin.date_fin or scrutin.phase_fin(),
            "coupons": coupons,
            "en_lettres": en_lettres,
            "combien": _combien(scrutin),
            "aujourd_hui": timezone.localdate(),
            "service": ReglageService.actuel(),
            "adresse_du_vote": (settings.SITE_URL + chemin).partition("://")[2],
            "qr": segno.make(settings.SITE_URL + chemin, error="m", micro=False).svg_data_uri(
                scale=3, border=1
            ),
        },
    )
    return fabriquer_pdf(html, base=["css/pdf-codes.css"])


def _combien(scrutin: Scrutin) -> str:
    """« 12 projets »: those of the ballot, else those that will be on it."""
    projets = (
        scrutin.projets.count() or ProjetQuartier.objects.filter(budget=scrutin.budget_id).au_vote().count()
    )
    return accorder(projets, "projet")
