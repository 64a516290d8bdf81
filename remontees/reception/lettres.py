"""Receipt of a remontée."""

from participation.socle.courriels import porte
from remontees.models import Remontee
from remontees.personne import adresse_de, fil_de, langue_de, lien_de_suivi, prevenir_la_personne


def saisir(remontee: Remontee) -> None:
    """Send the receipt, if the person left a way to be told. By mail, nothing proves the address yet: by the gate."""
    cle, a = f"remontee:{remontee.pk}:recue", adresse_de(remontee)
    if not a:
        prevenir_la_personne(remontee, "saisir", cle=cle)  # by SMS or on paper, or nobody to tell
        return
    fil = fil_de(remontee)
    porte.ecrire(
        "remontees/saisir",
        a=a,
        par=remontee.auteur,
        sujet=remontee,
        dossier=remontee,
        cle=cle,
        langue=langue_de(remontee),
        entetes={"In-Reply-To": fil, "References": fil},
        mots={
            "reference": remontee.reference,
            "recue_le": remontee.ouvert_le,
            "lien": lien_de_suivi(remontee),
        },
    )
