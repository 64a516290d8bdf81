"""Messages of the author: pages of the author and of agents."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import accorder, instant_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Lettre, Page
from petitions.models import Nouvelle, Petition
from petitions.nouvelles import actes
from petitions.nouvelles.lettres import contexte_de_la_lettre, voulues
from petitions.workflow import AVEC_SIGNATAIRES


def nouvelle_du_bureau(request: RequeteConnectee, pk: int) -> Nouvelle:
    petitions = Petition.objects.au_bureau_de(request.user)
    return _trouver(pk, petition__in=petitions)


def nouvelle_de_l_auteur(request: RequeteConnectee, pk: int) -> Nouvelle:
    return _trouver(pk, petition__auteur=request.user)


def _trouver(pk: int, **siennes: Any) -> Nouvelle:
    nouvelles = Nouvelle.objects.select_related("petition__reglement", "petition__auteur", "petition__agent")
    return get_object_or_404(nouvelles.filter(**siennes), pk=pk)


def chez_l_auteur(objet: Petition | Nouvelle, fait: Any) -> str:
    petition = objet if isinstance(objet, Petition) else objet.petition
    return reverse("petitions:ma_petition", args=[petition.pk]) + "#nouvelles"


def fil_de_l_auteur(request: RequeteConnectee, objet: Petition | Nouvelle, form: Any) -> dict[str, Any]:
    """Breadcrumb to the page of the author, who has no access to the back office."""
    petition = objet if isinstance(objet, Petition) else objet.petition
    sienne = reverse("petitions:ma_petition", args=[petition.pk])
    return {"fil": [("Mes pétitions", reverse("petitions:mes_petitions")), (petition.titre, sienne)]}


def dire_la_proposition(petition: Petition) -> str:
    reglement = petition.reglement
    return (
        "Le service relit votre message avant qu’il parte. Il est ensuite publié sur la page de la pétition, et envoyé "
        f"aux signataires qui le veulent : {accorder(voulues(petition), 'personne')} aujourd’hui. Au plus un message en "
        f"{accorder(reglement.nouvelles_intervalle_jours, 'jour')}, et {accorder(reglement.nouvelles_max, 'message')} en tout."
    )


def dire_la_publication(nouvelle: Nouvelle) -> str:
    combien = voulues(nouvelle.petition)
    envoi = (
        f"part à {accorder(combien, 'signataire qui veut', 'signataires qui veulent')} ces messages"
        if combien
        else "n’est envoyé à personne : aucun signataire n’a demandé ces messages"
    )
    return (
        f"Proposé le {instant_texte(nouvelle.proposee_le)}. Le message est publié sur la page de la pétition et {envoi}. "
        "Relisez la lettre : une fois partie, elle ne peut pas être reprise."
    )


def lettre_de_nouvelle(nouvelle: Nouvelle) -> Lettre:
    return "petitions/publier_nouvelle", {**contexte_de_la_lettre(nouvelle), "desabonnement": "/…"}


PAGES_DE_L_AUTEUR: dict[str, Page[Petition]] = {
    "proposer_nouvelle": Page(
        actes.proposer_nouvelle,
        actes.ProposerNouvelleForm,
        dire_la_proposition,
        bouton="Proposer ce message",
        succes="Votre message est chez nous : nous vous écrivons dès qu’il est relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
}


PAGES_DES_NOUVELLES_DE_L_AUTEUR: dict[str, Page[Nouvelle]] = {
    "reprendre_nouvelle": Page(
        actes.reprendre_nouvelle,
        consequence="Le service ne le relira pas. Votre texte est gardé : vous pourrez le corriger et le proposer de nouveau.",
        succes="Votre message n’attend plus d’être relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
}


PAGES_DES_NOUVELLES: dict[str, Page[Nouvelle]] = {
    "publier_nouvelle": Page(
        actes.publier_nouvelle,
        consequence=dire_la_publication,
        lettre=lettre_de_nouvelle,
        gabarit="petitions/suivi/publier_nouvelle.html",
        contexte=lambda request, nouvelle, form: {
            "nouvelle": nouvelle,
            "peut_refuser": nouvelle.permet("refuser_nouvelle", request.user),
        },
        retour="#nouvelles",
    ),
    "refuser_nouvelle": Page(
        actes.refuser_nouvelle,
        actes.RefuserNouvelleForm,
        "Le message ne part pas. Son auteur lit votre raison et peut l’écrire autrement.",
        retour="#nouvelles",
    ),
    "depublier_nouvelle": Page(
        actes.depublier_nouvelle,
        actes.DepublierNouvelleForm,
        "Le message disparaît de la page publique. Son auteur lit votre raison.",
        retour="#nouvelles",
    ),
}


def nouvelles_pour(petition: Petition, compte: Compte) -> dict[str, Any]:
    """Return all the messages with the buttons allowed to this account, for the dossier and for the
    author."""
    lignes = [
        (nouvelle, boutons_de(nouvelle, compte))
        for nouvelle in petition.nouvelles.select_related("petition__reglement", "decidee_par")
    ]
    permises = petition.etat in AVEC_SIGNATAIRES
    return {
        "nouvelles": lignes,
        "peut_ecrire": petition.permet("proposer_nouvelle", compte),
        "pourquoi_pas": petition.manques("proposer_nouvelle", compte) if permises else [],
        "veulent": voulues(petition) if permises else 0,
        "jour": timezone.localdate(),
    }
