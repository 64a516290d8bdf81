"""File a projet, or withdraw it; their forms."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.depot import lettres
from contrat_ville.instruction.actes import RECEVABILITE, repartir
from contrat_ville.models import Programmation, Projet
from participation.socle.actions import annuler_echeance, donner_reference, exiger, fixer_echeance
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case
from participation.socle.models import Compte

RetirerForm = demander_texte("Pourquoi, si vous voulez le dire", facultatif=True)


@transaction.atomic
def deposer(projet: Projet, *, par: Compte, engagement: bool = False, exactitude: bool = False) -> None:
    """File the projet: give a reference, open the échéance of the recevabilité, acknowledge to the team.

    `engagement`: the contrat d’engagement républicain (décret 2021-1947); `exactitude`: what is written is
    true. Raises ValidationError when one of them is missing.
    """
    pas = exiger(projet, "deposer", par=par)
    if not exactitude:
        raise ValidationError({"exactitude": "Attestez que ce que vous déposez est exact."})
    if not engagement:
        raise ValidationError({"engagement": "Prenez l’engagement demandé pour déposer."})
    maintenant = timezone.now()
    pas.avancer(
        champs={
            "reference": projet.reference or donner_reference(projet),
            "depose_le": maintenant,
            "ouvert_le": maintenant,
            "resume": projet.objet,
            "engagement_le": maintenant,
            "engage_par": str(par)[:160],
        }
    )
    fixer_echeance(projet, RECEVABILITE, **recevabilite_due(projet.programmation))
    lettres.deposer(projet)
    repartir(projet)


def recevabilite_due(programmation: Programmation) -> dict[str, Any]:
    """Return the échéance of the recevabilité of a projet filed today, as arguments of `fixer_echeance`."""
    return {
        "libelle": "Dire si le projet est recevable",
        "date_limite": ajouter_jours_ouvres(timezone.localdate(), programmation.delai_recevabilite_jours),
        "est_legale": True,
        "rappels": [3],
        "relances": [],
        "escalade": programmation.escalade_jours,
    }


@transaction.atomic
def retirer(projet: Projet, *, par: Compte, motif: str = "") -> None:
    """Withdraw the projet, even a draft. Nothing is erased."""
    pas = exiger(projet, "retirer", par=par)
    pas.avancer(champs={"clos_le": timezone.now()}, motif=motif)
    annuler_echeance(projet)
    if projet.depose_le is not None:
        lettres.retirer(projet, motif=motif)


class DeposerForm(ActeForm):
    exactitude = champ_case("J’atteste que ce que je dépose est exact et complet.", requis=False)
    engagement = champ_case(
        "Le porteur prend le contrat d’engagement républicain.",
        "Il respecte les lois de la République, la liberté de conscience, l’égalité et la dignité de chaque personne (décret du 31 décembre 2021).",
        requis=False,
    )
