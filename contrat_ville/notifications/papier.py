"""Letters on paper, for a team that nothing else reaches: the PDF is asked for in the act's own transaction."""

from collections.abc import Mapping

from contrat_ville.models import Courrier, Projet
from contrat_ville.models.porteurs import lignes_d_adresse
from participation.socle.actions.documents import demander_document
from participation.socle.courrier import composer

NATURE = "contrat_ville/courrier"
PAPIER = "lettre"
# What somebody waits for, or owes: the rest is not worth a stamp.
LETTRES = frozenset(
    {
        "declarer_irrecevable",
        "ajourner",
        "lever_reserve",
        "rouvrir",
        "attendre_bilan",
        "renvoyer_bilan",
        "saisir_bilan",
        "clore",
    }
)


def ecrire_sur_papier(projet: Projet, lettre: str, contexte: Mapping[str, object]) -> Courrier:
    """The letter `templates/papier/contrat_ville/<lettre>.txt`, to print and post."""
    objet, corps = composer(f"contrat_ville/{lettre}", contexte, PAPIER)
    porteur = projet.porte_par
    return Courrier.objects.create(
        projet=projet,
        lettre=lettre,
        objet=objet,
        a_une_adresse=bool(porteur is not None and porteur.adresse and porteur.ville),
        document=demander_document(
            nature=NATURE,
            titre=f"Courrier : {objet}",
            dossier=projet,
            donnees={
                "objet": objet,
                "corps": corps,
                "destinataire": lignes_d_adresse(porteur),
                "programmation": projet.programmation.titre,
                "signataire": projet.programmation.signataire,
            },
            est_interne=True,
        ),
    )
