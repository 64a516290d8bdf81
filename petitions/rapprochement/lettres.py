"""Letters about the gathering of two close pétitions: to both authors, to those who bear them, to the signers."""

from typing import Any

from django.urls import reverse

from participation.socle.actions.tournees import Liste, ecrire_en_nombre
from participation.socle.courriels.ecriture import Destinataire, ecrire
from participation.socle.courriels.lettres import adresses_du_service
from petitions.models import Petition, Rapprochement, Signature
from petitions.nouvelles.lettres import LUS, signatures_des_autres


def contexte_pour(rapprochement: Rapprochement, petition: Petition) -> dict[str, Any]:
    """What the author of `petition` is told of the other pétition: its words only once the comité decided on it."""
    autre = rapprochement.autre_que(petition)
    return {
        "petition": petition,
        "autre": autre,
        "titre_de_l_autre": autre.titre if autre.decidee_le and not autre.texte_masque else "",
        "rapprochement": rapprochement,
        "s_arrete": petition.pk == rapprochement.petition_id,
        "lien": rapprochement.lien_de(petition),
    }


def dire_la_proposition(rapprochement: Rapprochement) -> None:
    for petition in (rapprochement.petition, rapprochement.vers):
        _a_l_auteur("proposer_rapprochement", rapprochement, petition)


def dire_le_refus(rapprochement: Rapprochement, *, par_qui: Petition) -> None:
    """Tell the other author, and the service, that nothing changes."""
    _a_l_auteur("refuser_rapprochement", rapprochement, rapprochement.autre_que(par_qui))
    ecrire(
        "petitions/refuser_rapprochement_service",
        a=adresses_du_service(),
        dossier=rapprochement.petition,
        contexte={
            "rapprochement": rapprochement,
            "par_qui": par_qui,
            "lien": rapprochement.petition.get_absolute_url(),
        },
    )


def dire_l_annulation(rapprochement: Rapprochement) -> None:
    for petition in (rapprochement.petition, rapprochement.vers):
        _a_l_auteur("refuser_rapprochement", rapprochement, petition)


def _a_l_auteur(lettre: str, rapprochement: Rapprochement, petition: Petition) -> None:
    if petition.auteur is not None:
        ecrire(
            f"petitions/{lettre}",
            a=[petition.auteur.courriel],
            dossier=petition,
            contexte=contexte_pour(rapprochement, petition),
        )


def dire_la_reunion(petition: Petition, vers: Petition) -> int:
    """Tell each signer of the pétition that stops, in lots. Return how many."""
    return ecrire_en_nombre(
        "petitions/dire_la_reunion",
        les_signataires,
        petition,
        contexte={"petition": petition, "vers": vers, "lien": vers.get_public_url()},
        cle=f"dire_la_reunion:{petition.pk}",
        une_par_boite=False,  # two people may have signed with one address
    )


def les_signataires(petition: Petition) -> Liste:
    """Every signature in the count that has an address, asked for news or not: it is about what they signed."""
    return Liste(signatures_des_autres(petition).only(*LUS, "prenom", "nom"), _avec_l_autre_a_signer)


def _avec_l_autre_a_signer(signature: Signature) -> Destinataire:
    jeton = Signature.LIEN.sceller(signature.pk, signature.sceau)
    return Destinataire(
        signature.courriel or "",
        langue=signature.langue,
        contexte={
            "qui": f"{signature.prenom} {signature.nom}",
            "lien_signer": reverse("petitions:signer_la_reunie", args=[jeton]),
        },
    )
