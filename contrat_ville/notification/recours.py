"""Recours gracieux: received, answered; a projet reopened."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contrat_ville.models import Projet, Recours
from contrat_ville.notification.actes import ne_plus_poster
from contrat_ville.porteurs.lettres import c_est_dit, ecrire_a_l_equipe, et_l_equipe, lettre_vers, moyen_vers
from contrat_ville.trouver import projet_du_bureau
from contrat_ville.workflow import Etat
from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance, verrouiller
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_texte
from participation.socle.francais import accorder, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, ReglageService
from participation.socle.views.pages import Lettre, Page, acte


def accuse_du_recours(projet: Projet, reponses: dict[str, Any]) -> Lettre:
    return lettre_vers(projet, "recevoir_recours", **contexte_du_recours(Recours(projet=projet, **reponses)))


def dire_rouvert(projet: Projet, moyen: str) -> str:
    return c_est_dit("rouvrir", "Le projet est rouvert")(projet, moyen) if moyen else "Le projet est rouvert."


AVANT_DE_ROUVRIR = ici_plus_tard(
    "Une décision favorable crée des droits : elle ne se retire, si elle est illégale, que dans les quatre mois qui la suivent ({loi_retrait}). Demandez l’avis du service juridique avant de rouvrir. Les montants accordés sont annulés."
)


def dire_la_reouverture(projet: Projet) -> str:
    if projet.notifie_le is None:
        return f"{AVANT_DE_ROUVRIR} L’équipe ne savait rien de la décision : rien ne lui est écrit."
    return et_l_equipe("rouvrir", "L’équipe reçoit la raison par courriel.", AVANT_DE_ROUVRIR)(projet)


def lettre_du_recours(recours: Recours, reponses: dict[str, Any]) -> Lettre:
    lu = {"recu_le": recours.recu_le, **reponses}
    return lettre_vers(recours.projet, "repondre_recours", recours=lu, service=ReglageService.actuel())


def dire_la_reponse(recours: Recours, moyen: str) -> str:
    fait = f"Le recours a sa réponse ({recours.get_issue_display()})"
    return c_est_dit("repondre_recours", fait)(recours.projet, moyen)


class RecevoirRecoursForm(ActeForm):
    recu_le = champ_jour("Reçu le")
    texte = champ_texte(
        "Ce qu’il demande",
        "Ses mots, ou leur résumé : l’équipe les lit dans l’accusé de réception.",
        maximum=8000,
        lignes=6,
    )


class RepondreRecoursForm(ActeForm):
    objet: Recours

    issue = champ_choix(
        "La réponse",
        [
            (Recours.Issue.CONFIRMEE, "La décision est confirmée"),
            (
                Recours.Issue.REPRISE,
                "La décision est reprise : les montants accordés sont annulés, le comité de pilotage décide de nouveau",
            ),
        ],
        boutons=True,
    )
    reponse = champ_texte("Pourquoi", "Le porteur lit ces mots.", maximum=4000, lignes=6)

    def preparer(self) -> None:
        """Offer only « confirmée » when the decision cannot be reopened (a convention exists)."""
        if not self.objet.projet.permet("rouvrir", self.par):
            champ: Any = self.fields["issue"]
            champ.choices = [c for c in champ.choices if c[0] == Recours.Issue.CONFIRMEE]


class RouvrirForm(ActeForm):
    motif = champ_texte(
        "Pourquoi", "Le porteur lit ces mots s’il connaît déjà la décision.", maximum=2000, lignes=4
    )
    vers = champ_choix(
        "Où reprendre",
        [("propose", "Devant le comité de pilotage"), ("instruction", "À l’instruction")],
        boutons=True,
    )


RECOURS = "recours"


@acte(
    Page[Projet](
        form=RecevoirRecoursForm,
        consequence=lambda p: (
            f"Une échéance rappelle d’y répondre : sans réponse dans les {accorder(p.programmation.delai_recours_mois, 'mois')}, "
            + ici("le recours est rejeté ({loi_silence} : à confirmer par le service juridique). ")
            + et_l_equipe(
                "recevoir_recours", "L’équipe du projet reçoit un accusé de réception par courriel."
            )(p)
        ),
        apercu=accuse_du_recours,
        retour="#decision",
        succes=c_est_dit("recevoir_recours", "Le recours gracieux est enregistré"),
    )
)
@transaction.atomic
def recevoir_recours(projet: Projet, *, par: Compte, recu_le: date, texte: str) -> Recours:
    """Record a recours, with its legal échéance. The team gets an acknowledgement."""
    pas = exiger(projet, "recevoir_recours", par=par)
    if recu_le > timezone.localdate():
        raise ValidationError({"recu_le": "Ce jour n’est pas encore passé."})
    if projet.decide_le is not None and recu_le < (pris := timezone.localdate(projet.decide_le)):
        raise ValidationError(
            {"recu_le": f"La décision est du {jour_texte(pris)} : un recours vient après elle."}
        )
    recours = enregistrer(Recours(projet=projet, recu_le=recu_le, texte=texte))
    pas.avancer(motif=texte, details={"recours": recours.pk})
    fixer_echeance(
        projet,
        RECOURS,
        libelle="Répondre au recours gracieux",
        date_limite=recours.date_limite,
        est_legale=True,
        rappels=[14, 3],
        relances=[],
        responsable=projet.agent,
    )
    ecrire_a_l_equipe(recours.projet, "recevoir_recours", **contexte_du_recours(recours))
    return recours


@acte(
    Page[Recours](
        form=RepondreRecoursForm,
        consequence=lambda recours: et_l_equipe(
            "repondre_recours",
            "L’équipe du projet reçoit la réponse et sa raison par courriel.",
            "Demandez l’avis du service juridique avant de répondre.",
        )(recours.projet),
        gabarit="contrat_ville/comites/recours.html",
        apercu=lettre_du_recours,
        retour="#decision",
        succes=dire_la_reponse,
    )
)
@transaction.atomic
def repondre_recours(recours: Recours, *, par: Compte, issue: str, reponse: str) -> str:
    """Answer a recours: the decision is confirmed, or taken back to be decided again.

    The team is told why in one letter. Return the means used.
    """
    projet = recours.projet
    est_reprise = issue == Recours.Issue.REPRISE
    if est_reprise:
        verrouiller(projet.programmation)
    pas = exiger(recours, "repondre_recours", par=par)
    pas.avancer(
        champs={"issue": issue, "reponse": reponse, "repondu_le": timezone.now()},
        fait=f"Recours gracieux : {Recours.Issue(issue).label}",
        motif=reponse,
        details={"recours": recours.pk},
    )
    faire_echeance(projet, RECOURS)
    if est_reprise:
        _reprendre(exiger(projet, "rouvrir", par=par), projet, motif=reponse, vers=Etat.PROPOSE)
    ecrire_a_l_equipe(recours.projet, "repondre_recours", recours=recours)
    return moyen_vers(recours.projet, "repondre_recours")


@acte(
    Page[Projet](form=RouvrirForm, consequence=dire_la_reouverture, retour="#courriers", succes=dire_rouvert)
)
@transaction.atomic
def rouvrir(projet: Projet, *, par: Compte, motif: str, vers: str) -> str:
    """Take a decision back, with a reason: its grants are cancelled.

    The team is told if the decision was notified. Return the means used, or "".
    """
    verrouiller(projet.programmation)
    pas = exiger(projet, "rouvrir", par=par)
    etait_dite = projet.notifie_le is not None
    projet.recours.filter(repondu_le__isnull=True).update(
        repondu_le=timezone.now(), issue=Recours.Issue.REPRISE, reponse=motif
    )
    _reprendre(pas, projet, motif=motif, vers=vers)
    annuler_echeance(projet, RECOURS)
    return _dire_rouvrir(projet, motif=motif) if etait_dite else ""


def _reprendre(pas: Pas, projet: Projet, *, motif: str, vers: str) -> None:
    projet.financements.update(accorde=None)
    projet.lettres.filter(annulee_le__isnull=True).update(annulee_le=timezone.now())
    ne_plus_poster(projet)
    pas.avancer(
        vers=vers,
        champs={
            **dict.fromkeys(("decide_le", "notifie_le", "clos_le")),
            **dict.fromkeys(("motif_decision", "reserve", "raison_sans_comite"), ""),
        },
        motif=motif,
        details={"motif_d_avant": projet.motif_decision},
    )


def _dire_rouvrir(projet: Projet, *, motif: str) -> str:
    """Tell the team. Return the means used."""
    ecrire_a_l_equipe(projet, "rouvrir", motif=motif)
    return moyen_vers(projet, "rouvrir")


def contexte_du_recours(recours: Recours) -> dict[str, Any]:
    """Return the context of the acknowledgement of a recours.

    The day of the règlement is given only if it is not past when the recours is recorded. The effect of
    silence is described by the text of the service alone, validated by its lawyers.
    """
    return {
        "recours": recours,
        "est_a_temps": recours.date_limite >= timezone.localdate(),
        "service": ReglageService.actuel(),
    }


def recours_du_bureau(request: RequeteConnectee, pk: int) -> Recours:
    recours = get_object_or_404(Recours, pk=pk)
    # The projet as a `Projet`, which has the table of these acts.
    recours.projet = projet_du_bureau(request, recours.projet_id)
    return recours
