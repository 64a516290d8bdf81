"""File a projet, or withdraw it; their forms."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contrat_ville.depot import brouillon
from contrat_ville.instruction.actes import RECEVABILITE, repartir
from contrat_ville.instruction.dossier import ETAPES, budget_de, etapes_de, pieces_de, textes_de
from contrat_ville.models import Programmation, Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_agent, ecrire_a_l_equipe
from contrat_ville.workflow import Etat
from participation.socle.actions import annuler_echeance, donner_reference, exiger, fixer_echeance
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

RetirerForm = demander_texte("Pourquoi, si vous voulez le dire", facultatif=True)


def contexte_depot(request: RequeteConnectee, projet: Projet, form: Any) -> dict[str, Any]:
    return {
        "projet": projet,
        "etapes": list(ETAPES.values()),
        "rang": len(ETAPES),
        "lues": etapes_de(projet),
        "textes": textes_de(projet),
        "budget": budget_de(projet),
        "pieces": pieces_de(projet),
        # What another team wrote of the porteur is not shown.
        "porteur_se_lit": projet.porte_par is not None and not connu_d_ailleurs(projet),
        "url_precedente": adresse_etape(projet, "equipe"),
    }


def connu_d_ailleurs(projet: Projet) -> bool:
    return projet.porte_par is not None and not brouillon.est_a_lui_seul(projet.porte_par, projet)


def adresse_etape(projet: Projet, etape: str) -> str:
    if etape == "deposer":
        fin = "deposer" if projet.etat == Etat.BROUILLON else "completer"
        return reverse(f"contrat_ville:{fin}", args=[projet.pk])
    return reverse("contrat_ville:rediger", args=[projet.pk, etape])


class DeposerForm(ActeForm):
    exactitude = champ_case("J’atteste que ce que je dépose est exact et complet.", requis=False)
    engagement = champ_case(
        "Le porteur prend le contrat d’engagement républicain.",
        "Il respecte les lois de la République, la liberté de conscience, l’égalité et la dignité de chaque personne (décret du 31 décembre 2021).",
        requis=False,
    )


@acte(
    Page[Projet](
        form=DeposerForm,
        consequence="Le projet ne change plus, sauf si le service vous le demande. Un accusé de réception part à toute l’équipe.",
        gabarit="contrat_ville/equipe/deposer.html",
        contexte=contexte_depot,
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes=lambda p, _: f"Votre projet est déposé sous la référence {p.reference}.",
    )
)
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
    ecrire_a_l_equipe(projet, "deposer", cle=f"depot:{projet.pk}")
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


@acte(
    Page[Projet](
        form=RetirerForm,
        consequence="Le projet n’est plus examiné.",
        est_publique=True,
        retour=lambda p, _: reverse("contrat_ville:mes_projets"),
        succes="Votre projet est retiré.",
    )
)
@transaction.atomic
def retirer(projet: Projet, *, par: Compte, motif: str = "") -> None:
    """Withdraw the projet, even a draft. Nothing is erased."""
    pas = exiger(projet, "retirer", par=par)
    pas.avancer(champs={"clos_le": timezone.now()}, motif=motif)
    annuler_echeance(projet)
    if projet.depose_le is not None:
        ecrire_a_l_agent(projet, "retirer", motif=motif)
