"""Letters of the comité: demandes to the author, decisions."""

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Seance
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Demande, ReglageService
from petitions.models import Petition
from petitions.nouvelles import ecrire_aux_petitionnaires


def demander_reformulation(petition: Petition, demande: Demande) -> None:
    ecrire(
        "petitions/demander_reformulation",
        a=demande.adresses(),
        dossier=petition,
        cle=f"demande:{demande.pk}",
        contexte={
            "petition": petition,
            "demande": demande,
            "lien": reverse("petitions:reformuler", args=[petition.pk]),
        },
    )


def declarer_recevable(petition: Petition, *, date_ouverture: date) -> None:
    dire_la_decision(
        petition,
        "declarer_recevable",
        date_ouverture=date_ouverture,
        seuils=list(petition.reglement.seuils.all()),
    )


def transmettre(petition: Petition, *, courriel: str) -> None:
    """Write to the petitioners, and to the authority when its address is known."""
    dire_la_decision(petition, "transmettre")
    if courriel:
        ecrire(
            "petitions/transmettre_autorite",
            a=[courriel],
            dossier=petition,
            repondre_a=ReglageService.actuel().contact,
            contexte={"petition": petition, "nombre": petition.copetitionnaires.confirmes().count()},
        )


def lettre_de_decision(
    acte: str, petition: Petition, reponses: Mapping[str, Any], seance: Seance | None
) -> tuple[str, dict[str, Any]]:
    """Return the letter of a decision before it is taken, from a copy that is not saved.

    `seance`: the séance that decides, or None when the service decides alone.
    """
    decidee = copy(petition)
    for champ in ("motif", "motif_irrecevabilite", "autorite_competente", "raison_sans_comite"):
        if champ in reponses:
            setattr(decidee, champ, reponses[champ])
    decidee.decidee_le, decidee.decidee_en_seance = timezone.now(), seance
    if decidee.motif_irrecevabilite is not None:
        decidee.texte_masque = decidee.motif_irrecevabilite.masque_le_texte
    return f"petitions/{acte}", {
        **_contexte(decidee),
        "est_auteur": True,
        "date_ouverture": timezone.localdate() + timedelta(days=petition.reglement.delai_ouverture_jours),
        "seuils": petition.reglement.seuils.all(),
    }


def _contexte(petition: Petition) -> dict[str, Any]:
    service = ReglageService.actuel()
    return {
        "petition": petition,
        "service": service,
        "signataire": service.signataire,
        "lien": reverse("petitions:ma_petition", args=[petition.pk]),
    }


def dire_la_decision(petition: Petition, acte: str, **contexte: Any) -> None:
    dits = {**_contexte(petition), **contexte}
    ecrire_aux_petitionnaires(petition, f"petitions/{acte}", dits)
