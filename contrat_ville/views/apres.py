"""Pages after the decision: for the service, the team and the public."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contrat_ville.actions import apres as actions
from contrat_ville.actions import porteurs, versements
from contrat_ville.forms import apres as formulaires
from contrat_ville.lectures.apres import bilan_a_completer
from contrat_ville.models import Accompagnement, Projet, Versement
from contrat_ville.views.actes import projet_du_bureau
from contrat_ville.views.envois import c_est_dit, et_l_equipe, lettre_vers
from contrat_ville.workflow.etats import PUBLIABLES
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, publique
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page

SOUTENUS_MONTRES = 200


def ligne_du_bureau(request: RequeteConnectee, pk: int) -> Accompagnement:
    ligne = get_object_or_404(Accompagnement.objects.select_related("projet", "par"), pk=pk)
    trouver_dossier(request.user, ligne.projet_id)
    return ligne


def versement_du_bureau(request: RequeteConnectee, pk: int) -> Versement:
    versement = get_object_or_404(Versement.objects.select_related("financement__financeur"), pk=pk)
    versement.financement.projet = projet_du_bureau(request, versement.financement.projet_id)
    return versement


def dire_l_adresse(projet: Projet) -> str:
    suite = "Les courriers qui ne sont pas encore postés sont refaits avec elle, et s’impriment de nouveau."
    oubli = (
        "Une adresse laissée vide est oubliée, avec les courriers qui la portent, sauf les décisions signées."
    )
    return f"L’adresse est celle du porteur, pour tous ses projets. {suite} {oubli}"


def dire_les_courriers(projet: Projet, combien: int) -> str:
    dit = (
        "L’adresse est enregistrée"
        if projet.porte_par and projet.porte_par.adresse
        else "L’adresse est oubliée"
    )
    return (
        f"{dit} : {accorder(combien, 'courrier se refait', 'courriers se refont')}." if combien else f"{dit}."
    )


DU_PROJET: dict[str, Page[Projet]] = {
    "conventionner": Page(
        actions.conventionner,
        formulaires.ConventionForm,
        et_l_equipe("conventionner", "Son équipe est prévenue.", "Le projet peut commencer."),
        retour="#apres",
    ),
    "enregistrer_versement": Page(
        versements.enregistrer_versement,
        formulaires.VersementForm,
        "Une erreur se corrige ensuite, avec sa raison.",
        retour="#apres",
    ),
    "demarrer": Page(actions.demarrer, consequence="Il commence aussi de lui-même à sa date de début."),
    "noter_accompagnement": Page(
        actions.noter_accompagnement,
        formulaires.AccompagnementForm,
        "Le service seul le lit.",
        retour="#apres",
    ),
    "attendre_bilan": Page(
        actions.attendre_bilan,
        consequence=lambda p: et_l_equipe(
            "attendre_bilan",
            "L’équipe en reçoit la demande.",
            f"Le bilan est à rendre dans les {p.programmation.delai_bilan_mois} mois après la fin du projet. "
            "Il se demande aussi de lui-même le lendemain de cette fin.",
        )(p),
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    ),
    "demander_bilan": Page(
        actions.demander_bilan,
        formulaires.DemanderBilanForm,
        et_l_equipe("attendre_bilan", "L’équipe en reçoit la demande.", "Ce projet vient de Dauphin."),
        apercu=lambda p, reponses: lettre_vers(p, "attendre_bilan", **reponses),
        retour="#apres",
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    ),
    "corriger_adresse_postale": Page(
        porteurs.corriger_adresse_postale,
        formulaires.AdressePostaleForm,
        dire_l_adresse,
        succes=dire_les_courriers,
    ),
    "saisir_bilan": Page(
        actions.saisir_bilan,
        formulaires.SaisirBilanForm,
        et_l_equipe(
            "saisir_bilan",
            "Un accusé de réception part à l’équipe par courriel.",
            "Recopiez ce que dit le papier, sans rien ajouter. Le bilan compte comme rendu le jour où il est arrivé.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "saisir_bilan", recu_le=reponses["recu_le"]),
        bouton="Enregistrer le bilan",
        retour="#apres",
        succes=c_est_dit("saisir_bilan", "Le bilan est saisi"),
    ),
    "renvoyer_bilan": Page(
        actions.renvoyer_bilan,
        formulaires.RenvoyerBilanForm,
        et_l_equipe(
            "renvoyer_bilan",
            "Elle reçoit ces mots par courriel.",
            "L’équipe peut de nouveau écrire son bilan.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "renvoyer_bilan", **reponses),
        succes=c_est_dit("renvoyer_bilan", "Le bilan est à compléter"),
    ),
    "clore": Page(
        actions.clore,
        formulaires.CloreForm,
        et_l_equipe("clore", "L’équipe est prévenue par courriel.", "Plus rien n’est attendu."),
        succes=c_est_dit("clore", "Le dossier est clos"),
    ),
    "publier_fiche": Page(
        actions.publier_fiche,
        consequence="La fiche dit le projet, son porteur et ce qu’il reçoit. Ni coordonnées, ni pièces.",
    ),
    "depublier_fiche": Page(actions.depublier_fiche, formulaires.DepublierForm),
}
DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "demander_aide": Page(
        actions.demander_aide,
        formulaires.AideForm,
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre demande est partie : le service vous répond.",
    ),
    "rendre_bilan": Page(
        actions.rendre_bilan,
        formulaires.BilanForm,
        lambda p: (
            f"À compléter : {manque}"
            if (manque := bilan_a_completer(p))
            else "Dites simplement ce qui s’est passé. Le service lit tout, et vous écrit s’il manque quelque chose."
        ),
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre bilan est rendu. Merci.",
    ),
}
DU_VERSEMENT: dict[str, Page[Versement]] = {
    "corriger_versement": Page(
        versements.corriger_versement,
        formulaires.CorrigerVersementForm,
        "Le journal garde ce qui était écrit. Les sommes suivent.",
        retour="#apres",
        succes="Le versement est corrigé.",
    ),
    "annuler_versement": Page(
        versements.annuler_versement,
        formulaires.AnnulerVersementForm,
        "Il ne compte plus dans aucune somme. La ligne reste, barrée, avec sa raison au journal.",
        retour="#apres",
        succes="Le versement est annulé.",
    ),
}
DE_L_ACCOMPAGNEMENT: dict[str, Page[Accompagnement]] = {
    "clore_aide": Page(
        actions.clore_aide,
        retour=lambda ligne, _: f"{ligne.projet.get_absolute_url()}#apres",
        en_un_clic=True,
    )
}


@publique
@require_safe
def soutenus(request: HttpRequest) -> HttpResponse:
    """Projets with a published fiche, the most recent first."""
    publies = (
        Projet.objects.filter(est_publie=True, etat__in=sorted(PUBLIABLES), notifie_le__isnull=False)
        .select_related("programmation", "porte_par", "axe")
        .prefetch_related("quartiers__commune")
    )
    return render(request, "contrat_ville/publiques/soutenus.html", {"projets": publies[:SOUTENUS_MONTRES]})


@publique
@require_safe
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    projet: Any = get_object_or_404(
        Projet.objects.select_related("programmation", "porte_par", "axe"), reference=reference
    )
    if not projet.est_public:
        raise Http404
    return render(
        request,
        "contrat_ville/publiques/fiche.html",
        {
            "projet": projet,
            "quartiers": projet.quartiers.select_related("commune"),
            "financements": projet.financements.filter(accorde__gt=0).select_related("financeur"),
            "politiques": projet.politiques.all(),
            "bilan": getattr(projet, "bilan", None),
            "suites": projet.suites.a_montrer(),
        },
    )
