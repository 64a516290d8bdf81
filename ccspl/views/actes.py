"""Pages of the acts on an avis and its parts, and on the dates of the council."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ccspl.actions import propositions, redaction, saisines, transmission, vote
from ccspl.forms import redaction as textes
from ccspl.forms import saisines as questions
from ccspl.forms import transmission as envois
from ccspl.lectures.presentation import lire
from ccspl.models import (
    Avis,
    Paragraphe,
    Preconisation,
    Proposition,
    ReunionDuConseil,
    ServiceSuivi,
    Transmission,
    siege,
)
from ccspl.models.redaction import PartieDeLAvis
from participation.socle.francais import INSECABLE, accorder, enumerer, jour_texte
from participation.socle.http import RequeteConnectee, est_un_numero
from participation.socle.views.pages import Page, Reserve
from participation.socle.views.trouver import par_numero, par_numero_visible
from participation.suites import actions as suites

P = TypeVar("P", bound=PartieDeLAvis)
NOMMES = 4  # recipients named in the message of success


# Objects of the acts


trouver = par_numero_visible(
    Avis, "service__direction", "conseil", "mandature__instance", "agent", "direction", "document"
)


def lisible(request: RequeteConnectee, pk: int) -> Avis:
    """Return the avis if the account may read its text; raises Http404 for others than agents and members."""
    avis = trouver(request, pk)
    if not (request.user.est_agent or siege(request.user)):
        raise Http404
    return avis


def partie(modele: type[P], *jointes: str) -> Callable[..., P]:
    def chercher(request: RequeteConnectee, pk: int) -> P:
        lue: Any = get_object_or_404(modele._default_manager.select_related(*jointes), pk=pk)
        lue.avis = lisible(request, lue.avis_id)
        trouvee: P = lue
        return trouvee

    return chercher


def proposition_sienne(request: RequeteConnectee, pk: int) -> Proposition:
    """Return a proposition of this author; raises Http404 for anybody else."""
    proposition = get_object_or_404(Proposition, pk=pk, auteur=request.user)
    proposition.avis = lisible(request, proposition.avis_id)
    return proposition


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


def dire_cloture(avis: Avis) -> str:
    reste = (
        avis.suites.filter(repondue_le__isnull=False)
        .exclude(etat__in=["realisee", "non_suivie", "hors_competence"])
        .count()
    )
    suivies = accorder(reste, "suite reste suivie", "suites restent suivies")
    return (
        "Plus rien n’est attendu sur ce dossier."
        + (f" {suivies} dans « Suites »." if reste else "")
        + _dire_la_presentation(avis.presentees_le)
    )


def _dire_la_presentation(jour: date | None) -> str:
    """Say that the answers are not presented yet; "" once their day has come."""
    if jour is None:
        return " Les réponses n’ont pas encore été présentées aux membres en séance."
    if jour <= timezone.localdate():
        return ""
    return f" Les réponses ne sont pas encore présentées aux membres : elles sont à l’ordre du jour du {jour_texte(jour)}."


def dire_envois(avis: Avis, envois: Sequence[Transmission]) -> str:
    """Message of success: recipients written to, then those without an address, who got nothing."""
    partis, restes = (
        [envoi.destinataire for envoi in envois if envoi.est_sans_adresse is sans] for sans in (False, True)
    )
    fait = f"Avis transmis{INSECABLE}: {_nommer(partis)}." if partis else ""
    if not restes:
        return fait
    return Reserve(
        f"{fait} Aucune adresse connue{INSECABLE}: {_nommer(restes)}. Rien n’est parti "
        f"{'de ce côté' if partis else ''}".rstrip()
        + f"{INSECABLE}: remettez le PDF vous-même, puis notez la remise. « Ma journée » vous le rappelle."
    )


def _nommer(destinataires: list[str]) -> str:
    """Return the names of the recipients; above NOMMES, the first ones and the number of the others."""
    if len(destinataires) <= NOMMES:
        return enumerer(destinataires)
    return f"{enumerer([*destinataires[:NOMMES], accorder(len(destinataires) - NOMMES, 'autre')])}"


SAISIR: Page[Avis] = Page(
    saisines.saisir,
    questions.SaisirForm,
    "La saisine reçoit sa référence. Si vous donnez une adresse, un accusé de réception part.",
    bouton="Enregistrer la saisine",
    succes=lambda avis, _: f"Saisine {avis.reference} enregistrée.",
    retour=lambda avis, fait: avis.get_absolute_url() if fait else reverse("ccspl:tableau"),
    gabarit="ccspl/saisir.html",
    contexte=lambda *_: {"sujet": "Une question posée à la commission"},
)
DU_DOSSIER: dict[str, Page[Avis]] = {
    "fonder": Page(
        saisines.fonder,
        questions.FonderForm,
        "La loi veut que le conseil saisisse la commission, ou qu’il en ait chargé l’exécutif par délégation.",
    ),
    "inscrire_en_seance": Page(
        saisines.inscrire_en_seance,
        envois.SeanceAVenirForm,
        "L’avis devient un point de l’ordre du jour. Si les membres sont déjà convoqués, prévenez-les ensuite.",
        retour=lambda avis, point: (
            f"{point.seance.get_absolute_url()}#ordre-du-jour" if point else avis.get_absolute_url()
        ),
    ),
    "ouvrir_redaction": Page(
        saisines.ouvrir_redaction,
        questions.OuvrirRedactionForm,
        "Chaque membre reçoit le lien du texte et peut proposer une rédaction depuis son téléphone.",
        apercu=lambda avis, _: (
            "ccspl/ouvrir_redaction",
            {"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk])},
        ),
    ),
    "abandonner": Page(
        saisines.abandonner,
        questions.AbandonnerForm,
        "La commission ne rendra pas d’avis. Le dossier est clos.",
    ),
    "transmettre": Page(
        transmission.transmettre,
        envois.TransmettreForm,
        "L’avis est figé et part avec son PDF. Chaque préconisation devient une suite : sa direction reçoit un lien pour répondre.",
        succes=dire_envois,
    ),
    "citer": Page(
        transmission.citer,
        envois.CiterForm,
        "La délibération doit viser l’avis de la commission. Elle est affichée sur la page publique.",
    ),
    "resumer": Page(transmission.resumer, envois.ResumerForm),
    "ajouter_suite": Page(
        suites.ajouter_suite,
        envois.AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. La suite est publique.",
    ),
    "repondre": Page(
        transmission.repondre,
        envois.RepondreForm,
        "L’avis devient « répondu » de lui-même quand chaque suite a sa réponse. À faire ici quand rien n’était demandé ligne à ligne.",
    ),
    "rendre_aux_membres": Page(
        transmission.rendre_aux_membres,
        envois.SeanceAVenirForm,
        "Un point d’information est ajouté à l’ordre du jour de la séance choisie.",
        succes="Les réponses sont à l’ordre du jour de la séance.",
    ),
    "clore": Page(transmission.clore, envois.CloreForm, dire_cloture),
    "faire_fiche": Page(
        transmission.faire_fiche,
        succes="Le PDF se prépare : il s’affiche ici dès qu’il est prêt.",
        retour="#documents",
        en_un_clic=True,
    ),
    "soumettre": Page(
        vote.soumettre,
        consequence="Le texte ne change plus d’ici le vote. Les membres en sont prévenus.",
        lettre=lambda avis: (
            "ccspl/soumettre",
            {"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk])},
        ),
    ),
    "rouvrir_redaction": Page(
        vote.rouvrir_redaction,
        textes.RouvrirRedactionForm,
        "Les membres peuvent de nouveau proposer. Ils reçoivent la raison.",
    ),
    "adopter": Page(
        vote.adopter,
        textes.AdopterSurPapierForm,
        "À utiliser quand le vote a eu lieu sans cet outil. Le texte est figé et publié, son PDF est fabriqué.",
    ),
    "rejeter": Page(
        vote.rejeter, textes.RejeterForm, "La rédaction reprend. Les membres reçoivent la raison."
    ),
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
        redaction.rediger, textes.RedigerForm, titre="Ajouter du texte", succes="Texte ajouté."
    ),
    "proposer": du_texte(propositions.proposer, textes.ProposerForm, PROPOSER, succes=PROPOSEE),
    "preconiser": du_texte(
        redaction.preconiser,
        textes.PreconiserForm,
        "Chaque préconisation est une ligne à part, à laquelle une direction répondra.",
        titre="Ajouter une préconisation",
        succes="Préconisation ajoutée.",
        retour=vers_les_preconisations,
    ),
    "noter_position": du_texte(
        redaction.noter_position,
        textes.NoterPositionForm,
        "Toute personne de la commission peut faire noter son désaccord. Il est publié avec l’avis, jusqu’à sa transmission.",
        succes="Position notée.",
        retour=lambda avis, _: page_du_texte(avis, "positions"),
    ),
}
DES_PARAGRAPHES: dict[str, Page[Paragraphe]] = {
    "rediger_paragraphe": du_texte(
        redaction.rediger_paragraphe,
        textes.RedigerParagrapheForm,
        titre="Réécrire ce paragraphe",
        succes="Paragraphe réécrit.",
        contexte=lambda *dits: {**cadre(*dits), "citation": ""},
    ),
    "completer_paragraphe": du_texte(
        redaction.completer_paragraphe,
        textes.RedigerForm,
        titre="Ajouter du texte",
        succes="Texte ajouté.",
        contexte=lambda *dits: {**cadre(*dits), "citation_titre": "Après ce paragraphe"},
    ),
    "proposer_paragraphe": du_texte(
        propositions.proposer_paragraphe, textes.ProposerParagrapheForm, PROPOSER, succes=PROPOSEE
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
        propositions.accepter, textes.AccepterForm, succes="Proposition acceptée. Son auteur est prévenu."
    ),
    "refuser": du_texte(
        propositions.refuser, textes.RefuserForm, succes="Proposition refusée. Son auteur est prévenu."
    ),
}
DE_L_AUTEUR: dict[str, Page[Proposition]] = {
    "retirer_proposition": un_geste(propositions.retirer_proposition, succes="Votre proposition est retirée.")
}
DES_PRECONISATIONS: dict[str, Page[Preconisation]] = {
    "modifier_preconisation": du_texte(
        redaction.modifier_preconisation,
        textes.ModifierPreconisationForm,
        titre=lambda preconisation: f"Réécrire la préconisation {preconisation.numero}",
        succes="Préconisation réécrite.",
        retour=vers_les_preconisations,
    ),
    "retirer_preconisation": un_geste(
        redaction.retirer_preconisation, succes="Préconisation retirée.", retour=vers_les_preconisations
    ),
}
DES_TRANSMISSIONS: dict[str, Page[Transmission]] = {
    "remettre": Page(
        transmission.remettre,
        envois.RemettreForm,
        "Aucune adresse n’était connue, rien n’est parti : vous avez remis le PDF vous-même. Si vous avez trouvé l’adresse, utilisez plutôt « Transmettre l’avis ».",
        titre=lambda transmise: f"Noter la remise{INSECABLE}: {transmise.destinataire}",
        bouton="Noter la remise",
        retour=lambda transmise, _: f"{transmise.avis.get_absolute_url()}#transmissions",
    )
}
DES_REUNIONS: dict[str, Page[ReunionDuConseil]] = {
    "modifier_reunion": Page(
        saisines.modifier_reunion,
        questions.ReunionForm,
        "Les avis attendus pour cette réunion suivent la nouvelle date.",
        bouton="Enregistrer",
        succes="Date changée. Les échéances des avis suivent.",
    ),
    "supprimer_reunion": Page(
        saisines.supprimer_reunion, consequence="Elle disparaît du calendrier.", succes="Date supprimée."
    ),
}
