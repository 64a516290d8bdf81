"""A candidature is checked: eligible, or not."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.renouvellement.candidatures import lettres
from participation.renouvellement.candidatures.actes import SANS_CHOIX, resserrer_attente
from participation.renouvellement.candidatures.lettres import contexte_de
from participation.renouvellement.models import Candidature
from participation.renouvellement.workflow import Eligibilite, Motif
from participation.socle.actions.avancer import avancer
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Lettre, Page, acte


def a_verifier_ensuite(candidature: Candidature, suivante: Candidature | None) -> str:
    """Return the URL of the next candidature to check, else of this one."""
    return (suivante or candidature).get_absolute_url()


def apercu_du_refus(candidature: Candidature, reponses: dict[str, Any]) -> Lettre:
    candidature.motif, candidature.motif_precision = reponses["motif"], reponses["precision"]
    return "renouvellement/declarer_non_eligible", contexte_de(candidature)


# Check by an agent
@acte(
    Page[Candidature](
        consequence=lambda candidature: (
            f"La candidature va au {'tirage au sort' if candidature.college.est_tire else 'comité de sélection'}."
        ),
        succes=lambda candidature, _: f"La candidature n° {candidature.numero} est recevable.",
        retour=a_verifier_ensuite,
    )
)
@transaction.atomic
def declarer_eligible(candidature: Candidature, *, par: Compte) -> Candidature | None:
    """Declare it eligible; return the next one to check."""
    avancer(
        candidature,
        "declarer_eligible",
        par=par,
        champs={"eligibilite": Eligibilite.ELIGIBLE, "motif": "", "motif_precision": ""},
        fait=f"Candidature n° {candidature.numero} recevable",
    )
    return candidature.prochaine_a_verifier


class NonEligibleForm(ActeForm):
    motif = champ_choix(
        "Pourquoi", Motif.choices, erreur="Choisissez une raison : la personne la lira.", boutons=True
    )
    precision = champ_texte(
        "Précision", "Ajoutée à la lettre, avec vos mots.", lignes=4, requis=False, maximum=1000
    )


@acte(
    Page[Candidature](
        form=NonEligibleForm,
        consequence=lambda candidature: (
            "La personne reçoit cette décision et sa raison."
            if candidature.courriel
            else "Cette personne n’a pas d’adresse de courriel : écrivez-lui par la poste."
        ),
        apercu=apercu_du_refus,
        succes=lambda candidature, _: f"La candidature n° {candidature.numero} n’est pas recevable.",
        retour=a_verifier_ensuite,
    )
)
@transaction.atomic
def declarer_non_eligible(
    candidature: Candidature, *, par: Compte, motif: str, precision: str = ""
) -> Candidature | None:
    """Declare it not eligible, with a coded reason, and tell the person; return the next one to check."""
    avancer(
        candidature,
        "declarer_non_eligible",
        par=par,
        champs={
            "eligibilite": Eligibilite.NON_ELIGIBLE,
            "motif": motif,
            "motif_precision": precision,
            **SANS_CHOIX,
        },
        fait=f"Candidature n° {candidature.numero} non recevable : {Motif(motif).label}",
    )
    resserrer_attente(candidature.college)
    instant = f"{timezone.now():%Y%m%d%H%M%S}"
    lettres.ecrire_au_candidat("declarer_non_eligible", candidature, f"non_eligible:{instant}")
    return candidature.prochaine_a_verifier
