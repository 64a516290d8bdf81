"""Propositions: noted, published, answered one by one; what each becomes for its direction; their forms."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.engagements.models import Collectif, Proposition
from participation.engagements.workflow import RETENUES, EtatProposition
from participation.socle.actions import avancer, exiger, ouvrir
from participation.socle.actions.documents import demander_document
from participation.socle.courriels import porte
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Compte, Direction, Document
from participation.socle.regles.changements import changements
from participation.socle.views.pages import Page, acte
from participation.suites import actes as actes_suites
from participation.suites.models import ChangementSuite, Suite
from participation.suites.workflow import A_RENDRE, ARRIVEES, Etat, Origine

FICHE = "engagements/fiche"  # nature of the document
SENS = [
    (EtatProposition.RETENUE.value, "Oui"),
    (EtatProposition.RETENUE_EN_PARTIE.value, "Oui, en partie"),
    (EtatProposition.NON_RETENUE.value, "Non"),
]
# What the answer makes of the suite that was asked.
SUITES_DES_REPONSES: dict[str, Etat] = {
    EtatProposition.RETENUE: Etat.SUIVIE,
    EtatProposition.RETENUE_EN_PARTIE: Etat.SUIVIE_EN_PARTIE,
    EtatProposition.NON_RETENUE: Etat.NON_SUIVIE,
}

DECISIONS_DES_SUITES: dict[str, EtatProposition] = {
    Etat.SUIVIE: EtatProposition.RETENUE,
    Etat.SUIVIE_EN_PARTIE: EtatProposition.RETENUE_EN_PARTIE,
    Etat.NON_SUIVIE: EtatProposition.NON_RETENUE,
    Etat.HORS_COMPETENCE: EtatProposition.NON_RETENUE,
}


class SaisirForm(ActeForm):
    collectif = champ_parmi("Qui propose", Collectif.objects.all(), erreur="Dites qui propose.")
    numero = champ_ligne("Son numéro, dans la liste du collectif", maximum=20, requis=False)
    theme = champ_ligne("Thème", maximum=120, requis=False)
    titre = champ_ligne("En une phrase", maximum=160, erreur="Dites la proposition en une phrase.")
    texte = champ_texte(
        "La proposition",
        "Dans les mots des membres.",
        maximum=8000,
        lignes=6,
        erreur="Écrivez la proposition.",
    )
    portee_par = champ_ligne(
        "Qui la porte",
        "Un groupe, une fonction, un prénom ou un pseudonyme si la personne le veut.",
        maximum=160,
        requis=False,
    )
    direction = champ_parmi(
        "Direction qui prépare la réponse",
        Direction.objects.filter(est_active=True),
        requis=False,
        vide="Pas encore",
    )


class ModifierPropositionForm(SaisirForm):
    ACTUELS = ("collectif", "numero", "theme", "titre", "texte", "portee_par", "direction")


class RepondreForm(ActeForm):
    ACTUELS = ("retour", "deliberation", "decidee_par", "decidee_le")

    etat = champ_choix("La réponse", SENS, boutons=True, erreur="Dites oui, en partie ou non.")
    retour = champ_texte(
        "Ce qui sera fait ou ne le sera pas, et pourquoi",
        "Public, et lu par les membres : des phrases simples.",
        maximum=8000,
        lignes=6,
        erreur="Dites pourquoi : c’est ce que les membres attendent.",
    )
    deliberation = champ_ligne(
        "Numéro de la délibération", "Si le conseil en a délibéré.", maximum=120, requis=False
    )
    decidee_par = champ_ligne("Décidée par", "Une fonction, une instance.", maximum=160)
    decidee_le = champ_jour("Décidée le", initial=timezone.localdate)
    date_limite = champ_jour(
        "Ce sera fait au plus tard le", "Si vous le savez, et si c’est oui.", requis=False
    )


@acte(
    Page[Proposition](
        ouvre=True, form=SaisirForm, consequence="Elle est notée, et publiée quand vous le décidez."
    )
)
@transaction.atomic
def saisir_proposition(proposition: Proposition, *, par: Compte, **champs: Any) -> Proposition:
    ouvrir(proposition, "saisir_proposition", par=par, champs=champs)
    return proposition


@acte(
    Page[Proposition](
        form=ModifierPropositionForm,
        consequence="L’histoire de la proposition garde ce qui était écrit avant.",
    )
)
@transaction.atomic
def modifier_proposition(proposition: Proposition, *, par: Compte, **champs: Any) -> None:
    pas = exiger(proposition, "modifier_proposition", par=par)
    pas.avancer(
        champs=champs,
        details={"changes": changements(proposition, champs)},
        est_publique=proposition.est_publie,
    )


@acte(
    Page[Proposition](
        consequence=lambda p: (
            "Tout le monde la lit. "
            + (
                f"La direction {p.direction} reçoit un lien pour préparer la réponse."
                if p.etat == EtatProposition.A_DECIDER
                else "Sa réponse est publique."
            )
        )
    )
)
@transaction.atomic
def publier_proposition(proposition: Proposition, *, par: Compte) -> None:
    """Make it public. While it has no answer, its direction owes one: a suite is asked."""
    pas = exiger(proposition, "publier_proposition", par=par)
    pas.avancer(champs={"est_publie": True})
    if proposition.etat == EtatProposition.A_DECIDER:
        _demander(proposition, par)


def _demander(proposition: Proposition, par: Compte) -> None:
    assert proposition.direction is not None  # noqa: S101 what `avant_de_publier` has just said
    _garder(
        proposition,
        actes_suites.ajouter_suite(
            proposition, par=par, intitule=proposition.titre, direction=proposition.direction
        ),
    )


def _garder(proposition: Proposition, suite: Suite) -> None:
    proposition.suite = suite
    proposition.save(update_fields=["suite"])


@acte(
    Page[Proposition](
        form=RepondreForm,
        consequence=lambda p: (
            "La réponse et sa raison sont publiques"
            + (f", et remplacent celle du {jour_texte(p.decidee_le)}" if p.decidee_le else "")
            + ". L’association et les membres reçoivent une lettre."
        ),
    )
)
@transaction.atomic
def repondre_proposition(
    proposition: Proposition,
    *,
    par: Compte,
    etat: str,
    retour: str,
    decidee_par: str,
    decidee_le: date,
    deliberation: str = "",
    date_limite: date | None = None,
    prevenir: bool = True,
) -> None:
    """Answer, argued: yes, in part or no, and why; its suite follows. `prevenir` False: one letter says all the answers.

    Raises ValidationError for a day to come.
    """
    if decidee_le > timezone.localdate():
        raise ValidationError({"decidee_le": "Cette date n’est pas encore venue."})
    pas = exiger(proposition, "repondre_proposition", par=par)
    avant = {"etat": proposition.etat, "retour": proposition.retour}
    pas.avancer(
        vers=etat,
        motif=retour,
        details={"deliberation": deliberation, "avant": avant},
        est_publique=proposition.est_publie,
        champs={
            "retour": retour,
            "deliberation": deliberation,
            "decidee_par": decidee_par,
            "decidee_le": decidee_le,
        },
    )
    if proposition.est_publie:
        _repondre_par_la_suite(proposition, par, date_limite)
    if prevenir:
        _dire_repondre_proposition(proposition)


def _repondre_par_la_suite(proposition: Proposition, par: Compte, date_limite: date | None) -> None:
    """Move the suite that was asked; promise one when there is none and a direction is known."""
    suite, vers = proposition.suite, SUITES_DES_REPONSES[proposition.etat]
    if suite is None:
        if proposition.etat in RETENUES and proposition.direction is not None:
            promettre(proposition, par=par)
        return
    if vers in ARRIVEES[suite.etat]:
        actes_suites.changer_etat(
            suite,
            par=par,
            vers=vers,
            texte_public=proposition.retour if vers == Etat.SUIVIE else "",
            motif=proposition.retour,
            date_limite=date_limite if proposition.etat in RETENUES else None,
        )


@transaction.atomic
def constater_decision(proposition: Proposition, suite: Suite) -> None:
    """Take the first answer that its direction gave on its suite as the answer to the proposition."""
    vers = DECISIONS_DES_SUITES[suite.etat]
    avancer(
        proposition,
        "constater_decision",
        par=None,
        vers=vers,
        motif=suite.reponse_dite,
        champs={
            "retour": suite.reponse_dite,
            "decidee_par": f"Direction {suite.direction}"[:160],
            "decidee_le": timezone.localdate(),
        },
    )
    _dire_repondre_proposition(proposition)


def suivre_la_suite(sender: Any, *, suite: Suite, changement: ChangementSuite, **autres: Any) -> None:
    """Receiver of `suite_changee`: the answer of a direction is that of the proposition; later, who proposed is told.

    An answer given here has just moved the suite: it has its own letter.
    """
    toutes: Any = Proposition.objects
    proposition = toutes.filter(pk=suite.dossier_id).select_related("collectif").first()
    if proposition is None or not suite.est_publiee:
        return
    est_la_reponse = changement.nature == changement.Nature.ETAT and changement.etat_avant in A_RENDRE
    if (
        est_la_reponse
        and proposition.etat == EtatProposition.A_DECIDER
        and proposition.suite_id == suite.pk
        and suite.etat in DECISIONS_DES_SUITES
        and suite.reponse_dite
    ):
        constater_decision(proposition, suite)
    elif not (est_la_reponse and proposition.retour and proposition.retour in suite.reponse_dite):
        _dire_changer_suite(proposition, suite, changement)


@acte(
    Page[Proposition](
        consequence="Une page à imprimer en grands caractères, pour une réunion : ce qui est proposé, répondu, fait.",
        succes="La fiche se prépare : elle s’affiche dans « Documents et pièces ».",
        retour="#documents",
    )
)
@transaction.atomic
def imprimer_fiche(proposition: Proposition, *, par: Compte) -> Document:
    pas = exiger(proposition, "imprimer_fiche", par=par)
    suites = (
        proposition.suites.filter(est_publiee=True).select_related("direction").order_by("creee_le", "pk")
    )
    document = demander_document(
        nature=FICHE,
        titre=proposition.titre,
        dossier=proposition,
        par=par,
        est_public=proposition.est_publie,
        donnees={
            "collectif": proposition.collectif.nom,
            "texte": proposition.texte,
            "portee_par": proposition.portee_par,
            "sens": dict(SENS).get(proposition.etat, ""),
            "retour": proposition.retour,
            "decidee_le": jour_texte(proposition.decidee_le) if proposition.decidee_le else "",
            "deliberation": proposition.deliberation,
            "suites": [
                {
                    "intitule": suite.intitule,
                    "degre": majuscule(suite.get_degre_display()),
                    "direction": str(suite.direction),
                    "reponse": "" if suite.reponse_dite == proposition.retour else suite.reponse_dite,
                }
                for suite in suites
            ],
        },
    )
    pas.avancer(details={"document": document.pk})
    return document


def promettre(proposition: Proposition, *, par: Compte) -> None:
    """Owe a suite for an answer that was given before: its direction says where it stands."""
    assert proposition.direction is not None and proposition.decidee_le is not None  # noqa: S101, PT018
    _garder(
        proposition,
        actes_suites.ajouter_suite(
            proposition,
            par=par,
            intitule=proposition.titre,
            direction=proposition.direction,
            origine=Origine.PROMISE,
            promise_le=proposition.decidee_le,
            acte_promesse=(proposition.acte_qui_decide or "réponse publique")[:200],
        ),
    )


def _dire_repondre_proposition(proposition: Proposition) -> None:
    """Tell who carries it, once for each answer. Nothing leaves before it is published."""
    if not proposition.est_publie:
        return
    for voix in proposition.voix():
        porte.ecrire(
            "engagements/repondre_proposition",
            a=voix.courriel,
            sujet=proposition,
            dossier=proposition,
            mots={
                "titre": porte.lu(proposition, "titre"),
                "retour": porte.lu(proposition, "retour"),
                "est_oui": int(proposition.etat == EtatProposition.RETENUE),
                "est_non": int(proposition.etat == EtatProposition.NON_RETENUE),
                "lien": proposition.get_public_url(),
            },
        )


def _dire_changer_suite(proposition: Proposition, suite: Suite, changement: ChangementSuite) -> None:
    """Tell who proposed that a result moved. The `suites` app writes to the followers itself."""
    if not proposition.est_publie:
        return
    for rang, voix in enumerate(proposition.voix()):
        porte.ecrire(
            "engagements/changer_suite",
            a=voix.courriel,
            sujet=proposition,
            dossier=proposition,
            cle=f"{changement.cle_lettre}:{rang}",
            mots={
                "titre": porte.lu(proposition, "titre"),
                "intitule": porte.lu(suite, "intitule"),
                "etat": porte.lu(suite, "etat_en_mots"),
                "lien": f"{proposition.get_public_url()}#suites",
            },
        )
