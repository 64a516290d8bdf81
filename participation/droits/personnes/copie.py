"""The copy of the data of a person: one ZIP, with a PDF to read and the same as JSON, to take elsewhere."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import timezone

from participation.droits.personnes.lectures import Section
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.francais import instant_texte


def archive(sections: Sequence[Section], gardes: Sequence[str]) -> "ContentFile[bytes]":
    """Return the ZIP. `gardes`: reasons why something is kept when a person is erased."""
    faite = timezone.now()
    html = render_to_string(
        "pdf/droits/copie.html", {"sections": sections, "gardes": gardes, "fait_le": instant_texte(faite)}
    )
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zippe:
        zippe.writestr("copie-de-mes-donnees.pdf", fabriquer_pdf(html))
        zippe.writestr(
            "copie-de-mes-donnees.json", json.dumps(en_json(sections), ensure_ascii=False, indent=1)
        )
    return ContentFile(sortie.getvalue())


def en_json(sections: Sequence[Section]) -> dict[str, Any]:
    return {section.titre: [dict(ligne) for ligne in section.lignes] for section in sections}
