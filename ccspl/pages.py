"""Pages of the acts on an avis and its parts, and on the dates of the council."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse

from ccspl.avis import lire
from ccspl.models import Avis, Paragraphe, Preconisation, Proposition, ReunionDuConseil, ServiceSuivi
from ccspl.models.redaction import PartieDeLAvis
from ccspl.redaction import actes as redaction
from ccspl.redaction import preconisations, vote
from ccspl.saisines import actes as saisines
from ccspl.transmission import actes as transmission
from ccspl.transmission import restitution
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.pages import Page, pages
from participation.socle.views.trouver import par_numero
from participation.suites import actes as actes_suites


def nouvelle_saisine(request: RequeteConnectee) -> Avis:
    """Return a new avis; the links of the legal calendar give service and objet in the URL."""
    service = request.GET.get("service", "")
    return Avis(
        service=ServiceSuivi.objects.filter(pk=service).first() if est_un_numero(service) else None,
        objet=request.GET.get("objet", ""),
    )


reunion_du_conseil = par_numero(ReunionDuConseil)


# Contents of the pages
def page_du_texte(avis: Avis, ancre: str = "texte") -> str:
    return f"{reverse('ccspl:redaction', args=[avis.pk])}#{ancre}"


def vers_le_texte(objet: Avis | PartieDeLAvis, fait: Any) -> str:
    return page_du_texte(objet if isinstance(objet, Avis) else objet.suivi)


def vers_le_paragraphe(paragraphe: Paragraphe, fait: Any) -> str:
    return page_du_texte(paragraphe.avis, f"p{paragraphe.pk}")


def vers_les_preconisations(objet: Avis | Preconisation, fait: Any) -> str:
    return page_du_texte(objet if isinstance(objet, Avis) else objet.suivi, "preconisations")


def cadre(request: RequeteConnectee, objet: Avis | PartieDeLAvis, form: Any) -> dict[str, Any]:
    """Context of the layout (back office for agents, public site for members), and the subject of the act."""
    avis = objet if isinstance(objet, Avis) else objet.suivi
    pour_membre = not request.user.est_agent
    texte = reverse("ccspl:redaction", args=[avis.pk])
    return {
        "cadre_page": "public.html" if pour_membre else "bureau.html",
        "est_publique": pour_membre,
        "fil": [("Mes instances", reverse("seances:espace")), (avis.nom_court, texte)]
        if pour_membre
        else [("Avis de la CCSPL", reverse("ccspl:tableau")), (avis.nom_court, avis.get_absolute_url())],
        "citation": objet.texte if isinstance(objet, Paragraphe) else "",
        "citation_titre": "Le paragraphe aujourd’hui",
        "lue": lire(objet) if isinstance(objet, Proposition) else None,
    }


SAISIR = pages(saisines.saisir)


DU_DOSSIER: dict[str, Page[Avis]] = pages(
    saisines.fonder,
    saisines.inscrire_en_seance,
    saisines.ouvrir_redaction,
    saisines.abandonner,
    transmission.transmettre,
    transmission.citer,
    transmission.resumer,
    restitution.repondre,
    restitution.rendre_aux_membres,
    restitution.clore,
    restitution.faire_fiche,
    vote.soumettre,
    vote.rouvrir_redaction,
    vote.adopter,
    vote.rejeter,
) | {
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        transmission.AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. La suite est publique.",
    )
}


PROPOSER = "Le service répond à chaque proposition. Votre nom figure parmi les auteurs si elle est retenue."


PROPOSEE = "Votre proposition est enregistrée. Le service y répondra."


# The pages about the text, and its one-click acts, return to the text in the layout of the account.
du_texte: Callable[..., Page[Any]] = partial(
    Page, retour=vers_le_texte, gabarit="ccspl/redaction/acte.html", contexte=cadre
)


un_geste: Callable[..., Page[Any]] = partial(Page, retour=vers_le_texte, en_un_clic=True)


DU_TEXTE: dict[str, Page[Avis]] = {
    "rediger": du_texte(
        redaction.rediger, redaction.RedigerForm, titre="Ajouter du texte", succes="Texte ajouté."
    ),
    "proposer": du_texte(redaction.proposer, redaction.ProposerForm, PROPOSER, succes=PROPOSEE),
    "preconiser": du_texte(
        preconisations.preconiser,
        preconisations.PreconiserForm,
        "Chaque préconisation est une ligne à part, à laquelle une direction répondra.",
        titre="Ajouter une préconisation",
        succes="Préconisation ajoutée.",
        retour=vers_les_preconisations,
    ),
    "noter_position": du_texte(
        preconisations.noter_position,
        preconisations.NoterPositionForm,
        "Toute personne de la commission peut faire noter son désaccord. Il est publié avec l’avis, jusqu’à sa transmission.",
        succes="Position notée.",
        retour=lambda avis, _: page_du_texte(avis, "positions"),
    ),
}


DES_PARAGRAPHES: dict[str, Page[Paragraphe]] = {
    "rediger_paragraphe": du_texte(
        redaction.rediger_paragraphe,
        redaction.RedigerParagrapheForm,
        titre="Réécrire ce paragraphe",
        succes="Paragraphe réécrit.",
        contexte=lambda *dits: {**cadre(*dits), "citation": ""},
    ),
    "completer_paragraphe": du_texte(
        redaction.completer_paragraphe,
        redaction.RedigerForm,
        titre="Ajouter du texte",
        succes="Texte ajouté.",
        contexte=lambda *dits: {**cadre(*dits), "citation_titre": "Après ce paragraphe"},
    ),
    "proposer_paragraphe": du_texte(
        redaction.proposer_paragraphe, redaction.ProposerParagrapheForm, PROPOSER, succes=PROPOSEE
    ),
    "monter_paragraphe": un_geste(
        redaction.monter_paragraphe, succes="Paragraphe déplacé.", retour=vers_le_paragraphe
    ),
    "descendre_paragraphe": un_geste(
        redaction.descendre_paragraphe, succes="Paragraphe déplacé.", retour=vers_le_paragraphe
    ),
    "supprimer_paragraphe": un_geste(
        redaction.supprimer_paragraphe, succes="Paragraphe supprimé. Il reste dans les versions."
    ),
}


DES_PROPOSITIONS: dict[str, Page[Proposition]] = {
    "accepter": du_texte(
        redaction.accepter, redaction.AccepterForm, succes="Proposition acceptée. Son auteur est prévenu."
    ),
    "refuser": du_texte(
        redaction.refuser, redaction.RefuserForm, succes="Proposition refusée. Son auteur est prévenu."
    ),
}


DE_L_AUTEUR: dict[str, Page[Proposition]] = {
    "retirer_proposition": un_geste(redaction.retirer_proposition, succes="Votre proposition est retirée.")
}


DES_PRECONISATIONS: dict[str, Page[Preconisation]] = {
    "modifier_preconisation": du_texte(
        preconisations.modifier_preconisation,
        preconisations.ModifierPreconisationForm,
        titre=lambda preconisation: f"Réécrire la préconisation {preconisation.numero}",
        succes="Préconisation réécrite.",
        retour=vers_les_preconisations,
    ),
    "retirer_preconisation": un_geste(
        preconisations.retirer_preconisation, succes="Préconisation retirée.", retour=vers_les_preconisations
    ),
}


DES_REUNIONS: dict[str, Page[ReunionDuConseil]] = pages(saisines.modifier_reunion, saisines.supprimer_reunion)
