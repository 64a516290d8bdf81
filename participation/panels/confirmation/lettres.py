"""What is told to who sits and has no account yet, by what she left."""

from participation.panels.models import Inscription
from participation.seances.models import Seance
from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.porte import lu
from participation.socle.models import Courriel, ReglageService

LETTRE = "panels/assurer_besoin"


def assurer_besoin(inscription: Inscription, seance: Seance, besoin: str) -> None:
    """Tell that her need is met, by mail, else by SMS, else on a sheet; who left only a fixed telephone is called.

    Nobody proved her address: the mail passes the gate, with what was written down when she was called.
    """
    panel, langue = inscription.panel, inscription.langue_lettres
    champ = next(champ for champ, mot in inscription.besoins_par_champ.items() if mot == besoin)
    mots: dict[str, porte.Mot] = {
        "titre": lu(panel, "titre"),
        "debut": seance.debut,
        "lieu": lu(seance, "lieu"),
        "page": panel.get_public_url(),
        "besoin": lu(inscription, "acces"),
        **{un: int(un == champ) for un in ("enfants", "transport", "interprete")},
    }
    if inscription.courriel:
        porte.ecrire(
            LETTRE, a=inscription.courriel, sujet=inscription, dossier=panel, mots=mots, langue=langue
        )
    elif numero := sms.numero_de(inscription.telephone):
        ecrire(LETTRE, a=[numero], contexte=mots, dossier=panel, moyen=Courriel.Moyen.SMS, langue=langue)
    elif inscription.adresse:
        ecrire_courrier(
            panel,
            LETTRE,
            {**mots, "dit": besoin, "telephone": ReglageService.actuel().telephone},
            destinataire=[str(inscription), *inscription.adresse.split(", ")],
            a_une_adresse=True,
            inscription=inscription.pk,
        )
