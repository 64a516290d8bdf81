"""Paper letters, for the people that neither mail nor SMS reaches."""

import re

import segno
from django.conf import settings

from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.models import Courrier
from remontees.models import Rapporteur, Remontee

# Other letters (receipt, satisfaction) are not posted.
LETTRES = frozenset({"repondre", "orienter", "renvoyer", "ecrire_a_la_personne", "demander_precision"})
AVANT_LE_CODE_POSTAL = re.compile(r"(?:[,;]|(?<![\s,;]))\s++(?=\d{5}\s)")
MOT_DU_LIEN = "Suivre votre remontée en ligne, ou y ajouter quelque chose, sans mot de passe :"


def ecrire_sur_papier(
    remontee: Remontee, rapporteur: Rapporteur, lettre: str, contexte: dict[str, object]
) -> Courrier | None:
    """Write the letter on paper; None for a letter that is not posted."""
    if lettre not in LETTRES:
        return None
    lien = f"{settings.SITE_URL}{contexte['lien']}"
    return ecrire_courrier(
        remontee,
        f"remontees/{lettre}",
        contexte,
        destinataire=lignes_d_adresse(rapporteur),
        a_une_adresse=bool(rapporteur.adresse.strip()),
        lien=lien,
        qr=segno.make(lien, error="m", micro=False).svg_data_uri(border=2),
        mot_du_lien=MOT_DU_LIEN,
    )


def lignes_d_adresse(rapporteur: Rapporteur) -> list[str]:
    """Return the lines of the address, with postal code and town on the last one, as the post requires."""
    adresse = [
        ligne.strip(" ,;")
        for morceau in rapporteur.adresse.splitlines()
        for ligne in AVANT_LE_CODE_POSTAL.split(morceau)
    ]
    return [ligne for ligne in (rapporteur.nom.strip(), *adresse) if ligne]
