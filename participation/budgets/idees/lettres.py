"""Letters to the authors of an idée."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from participation.budgets.models import AuteurIdee, Idee, ProjetQuartier
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs


def deposer_idee(auteur: AuteurIdee) -> None:
    """Acknowledge the idée, with the links to confirm the address and to follow the idée."""
    idee = auteur.idee
    porte.ecrire(
        "budgets/deposer_idee",
        a=auteur.courriel,
        sujet=idee,
        dossier=idee,
        cle=f"auteur-idee:{auteur.pk}:deposer_idee",
        mots={
            "reference": idee.reference,
            "recue_le": idee.ouvert_le,
            "budget": porte.lu(idee.budget, "titre"),
            "confirmation": reverse("budgets:confirmer_auteur", args=[auteur.jeton()]),
        },
        langue=auteur.langue,
    )


def saisir_idee(auteur: AuteurIdee) -> None:
    """Tell the author that an agent recorded the idée, with the link to follow it."""
    ecrire(
        "budgets/saisir_idee",
        a=[auteur.courriel],
        dossier=auteur.idee,
        cle=f"auteur-idee:{auteur.pk}:saisir_idee",
        contexte={"idee": auteur.idee, "budget": auteur.idee.budget, "lien": auteur.idee.get_suivi_url()},
        langue=auteur.langue,
    )


def reunir_idee(idee: Idee, projet: ProjetQuartier, *, combien: int) -> None:
    """`combien`: number of idées of the projet, with this one."""
    cle = f"reunir:{idee.pk}:{projet.pk}:{idee.modifie_le:%Y%m%d%H%M%S}"
    a_ses_auteurs(idee, "reunir_idee", cle=cle, projet=projet, autres=combien - 1)


def separer_idee(idee: Idee, projet: ProjetQuartier, *, motif: str) -> None:
    cle = f"separer:{idee.pk}:{projet.pk}:{idee.modifie_le:%Y%m%d%H%M%S}"
    a_ses_auteurs(idee, "separer_idee", cle=cle, projet=projet, motif=motif)


def destinataires_de(idee: Idee) -> Iterator[Destinataire]:
    """Yield the authors who can be written to, each with a link to stop the letters."""
    for auteur in idee.auteurs.joignables():
        arret = reverse("budgets:arreter_lettres", args=[auteur.jeton()])
        yield Destinataire(auteur.courriel, desabonnement=arret, langue=auteur.langue)


def a_ses_auteurs(idee: Idee, lettre: str, *, cle: str, **contexte: Any) -> int:
    return ecrire_a_plusieurs(
        f"budgets/{lettre}",
        destinataires_de(idee),
        contexte={"idee": idee, "budget": idee.budget, "lien": idee.get_suivi_url(), **contexte},
        dossier=idee,
        cle=f"idee:{cle}",
    )
