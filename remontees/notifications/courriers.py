"""Letters on paper, for who is reached by nothing that leaves from here: the PDF is asked for in the act's own transaction."""

import re

import segno
from django.conf import settings

from participation.socle.actions.documents import demander_document
from participation.socle.courrier import composer
from remontees.models import Courrier, Rapporteur, Remontee

NATURE = "remontees/courrier"
PAPIER = "lettre"
# A receipt or a question about the answer is not worth a stamp.
LETTRES = frozenset({"repondre", "orienter", "renvoyer", "ecrire_a_la_personne", "demander_precision"})
AVANT_LE_CODE_POSTAL = re.compile(r"[,;]?\s+(?=\d{5}\s)")


def ecrire_sur_papier(
    remontee: Remontee, rapporteur: Rapporteur, lettre: str, contexte: dict[str, object]
) -> Courrier | None:
    """The letter `templates/papier/remontees/<lettre>.txt`, to print and post. None when it is not worth one."""
    if lettre not in LETTRES:
        return None
    objet, corps = composer(f"remontees/{lettre}", contexte, PAPIER)
    lien = f"{settings.SITE_URL}{contexte['lien']}"
    return Courrier.objects.create(
        remontee=remontee,
        lettre=f"remontees/{lettre}",
        objet=objet,
        a_une_adresse=bool(rapporteur.adresse.strip()),
        document=demander_document(
            nature=NATURE,
            titre=f"Courrier : {objet}",
            dossier=remontee,
            donnees={
                "objet": objet,
                "corps": corps,
                "destinataire": lignes_d_adresse(rapporteur),
                "lien": lien,
                "qr": segno.make(lien, error="m", micro=False).svg_data_uri(border=2),
            },
            est_interne=True,
        ),
    )


def lignes_d_adresse(rapporteur: Rapporteur) -> list[str]:
    """The name, the street, then the postal code and the town on a line of their own, as the post reads them."""
    adresse = [
        ligne.strip(" ,;")
        for morceau in rapporteur.adresse.splitlines()
        for ligne in AVANT_LE_CODE_POSTAL.split(morceau)
    ]
    return [ligne for ligne in (rapporteur.nom.strip(), *adresse) if ligne]
