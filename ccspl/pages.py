"""Pages of the acts on an avis and its parts, and on the dates of the council."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ccspl.avis.lectures import lire
from ccspl.models import (
    Avis,
    Paragraphe,
    Preconisation,
    Proposition,
    ReunionDuConseil,
    ServiceSuivi,
    Transmission,
)
from ccspl.models.redaction import PartieDeLAvis
from ccspl.redaction import actes as redaction
from ccspl.redaction import vote
from ccspl.saisines import actes as saisines
from ccspl.transmission import actes as transmission
from participation.socle.francais import INSECABLE, accorder, enumerer, jour_texte
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.pages import Page, Reserve
from participation.socle.views.trouver import par_numero
from participation.suites import actes as actes_suites

NOMMES = 4  # recipients named in the message of success


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
    reste = avis.suites.filter(repondue_le__isnull=False).ouvertes().count()
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
    saisines.SaisirForm,
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
        saisines.FonderForm,
        "La loi veut que le conseil saisisse la commission, ou qu’il en ait chargé l’exécutif par délégation.",
    ),
    "inscrire_en_seance": Page(
        saisines.inscrire_en_seance,
        transmission.SeanceAVenirForm,
        "L’avis devient un point de l’ordre du jour. Si les membres sont déjà convoqués, prévenez-les ensuite.",
        retour=lambda avis, point: (
            f"{point.seance.get_absolute_url()}#ordre-du-jour" if point else avis.get_absolute_url()
        ),
    ),
    "ouvrir_redaction": Page(
        saisines.ouvrir_redaction,
        saisines.OuvrirRedactionForm,
        "Chaque membre reçoit le lien du texte et peut proposer une rédaction depuis son téléphone.",
        apercu=lambda avis, _: (
            "ccspl/ouvrir_redaction",
            {"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk])},
        ),
    ),
    "abandonner": Page(
        saisines.abandonner,
        saisines.AbandonnerForm,
        "La commission ne rendra pas d’avis. Le dossier est clos.",
    ),
    "transmettre": Page(
        transmission.transmettre,
        transmission.TransmettreForm,
        "L’avis est figé et part avec son PDF. Chaque préconisation devient une suite : sa direction reçoit un lien pour répondre.",
        succes=dire_envois,
    ),
    "citer": Page(
        transmission.citer,
        transmission.CiterForm,
        "La délibération doit viser l’avis de la commission. Elle est affichée sur la page publique.",
    ),
    "resumer": Page(transmission.resumer, transmission.ResumerForm),
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        transmission.AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. La suite est publique.",
    ),
    "repondre": Page(
        transmission.repondre,
        transmission.RepondreForm,
        "L’avis devient « répondu » de lui-même quand chaque suite a sa réponse. À faire ici quand rien n’était demandé ligne à ligne.",
    ),
    "rendre_aux_membres": Page(
        transmission.rendre_aux_membres,
        transmission.SeanceAVenirForm,
        "Un point d’information est ajouté à l’ordre du jour de la séance choisie.",
        succes="Les réponses sont à l’ordre du jour de la séance.",
    ),
    "clore": Page(transmission.clore, transmission.CloreForm, dire_cloture),
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
        redaction.RouvrirRedactionForm,
        "Les membres peuvent de nouveau proposer. Ils reçoivent la raison.",
    ),
    "adopter": Page(
        vote.adopter,
        redaction.AdopterSurPapierForm,
        "À utiliser quand le vote a eu lieu sans cet outil. Le texte est figé et publié, son PDF est fabriqué.",
    ),
    "rejeter": Page(
        vote.rejeter, redaction.RejeterForm, "La rédaction reprend. Les membres reçoivent la raison."
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
        redaction.rediger, redaction.RedigerForm, titre="Ajouter du texte", succes="Texte ajouté."
    ),
    "proposer": du_texte(redaction.proposer, redaction.ProposerForm, PROPOSER, succes=PROPOSEE),
    "preconiser": du_texte(
        redaction.preconiser,
        redaction.PreconiserForm,
        "Chaque préconisation est une ligne à part, à laquelle une direction répondra.",
        titre="Ajouter une préconisation",
        succes="Préconisation ajoutée.",
        retour=vers_les_preconisations,
    ),
    "noter_position": du_texte(
        redaction.noter_position,
        redaction.NoterPositionForm,
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
        redaction.modifier_preconisation,
        redaction.ModifierPreconisationForm,
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
        transmission.RemettreForm,
        "Aucune adresse n’était connue, rien n’est parti : vous avez remis le PDF vous-même. Si vous avez trouvé l’adresse, utilisez plutôt « Transmettre l’avis ».",
        titre=lambda transmise: f"Noter la remise{INSECABLE}: {transmise.destinataire}",
        bouton="Noter la remise",
        retour=lambda transmise, _: f"{transmise.avis.get_absolute_url()}#transmissions",
    )
}


DES_REUNIONS: dict[str, Page[ReunionDuConseil]] = {
    "modifier_reunion": Page(
        saisines.modifier_reunion,
        saisines.ReunionForm,
        "Les avis attendus pour cette réunion suivent la nouvelle date.",
        bouton="Enregistrer",
        succes="Date changée. Les échéances des avis suivent.",
    ),
    "supprimer_reunion": Page(
        saisines.supprimer_reunion, consequence="Elle disparaît du calendrier.", succes="Date supprimée."
    ),
}
