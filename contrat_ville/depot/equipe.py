"""Team of a projet: invite, join, remove."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contrat_ville.depot import lettres
from contrat_ville.depot.actes import adresse_etape
from contrat_ville.models import Equipier, Projet
from contrat_ville.workflow import Etat
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.courriels.porte import Reponse, noter_refus
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne
from participation.socle.models import Compte
from participation.socle.views.pages import Page, Reserve, acte

EQUIPIERS_MAX = 20


def adresse_equipe(projet: Projet) -> str:
    if projet.etat == Etat.BROUILLON:
        return adresse_etape(projet, "equipe")
    return f"{projet.get_porteur_url()}#equipe"


def dire_l_invitation(equipier: Equipier) -> str:
    if equipier.lettre_partie:
        return f"Une lettre vient de partir à {equipier}. La personne sera dans l’équipe quand elle aura accepté."
    return Reserve(
        f"L’invitation de {equipier} est notée, mais aucune lettre n’est partie : cette adresse, ou ce domaine, en a déjà "
        "reçu beaucoup aujourd’hui. Dites-le à la personne : elle se connecte avec cette adresse et trouve l’invitation dans « Mes projets »."
    )


MOTS_DU_RETRAIT = {
    # (is in the team, is oneself): title, consequence, what is said when it is done
    (True, True): ("Quitter l’équipe", "Vous ne lisez plus le projet.", "Vous n’êtes plus dans l’équipe."),
    (True, False): (
        "Retirer de l’équipe",
        "Cette personne ne lit plus le projet.",
        "La personne n’est plus dans l’équipe.",
    ),
    (False, True): (
        "Refuser l’invitation",
        "La personne qui vous invite ne pourra plus vous inviter.",
        "Vous avez refusé l’invitation.",
    ),
    (False, False): (
        "Annuler l’invitation",
        "Le lien déjà envoyé à cette personne ne s’ouvrira plus.",
        "L’invitation est annulée.",
    ),
}


def mots_du_retrait(equipier: Equipier) -> tuple[str, str, str]:
    return MOTS_DU_RETRAIT[equipier.rejoint_le is not None, equipier.est_soi]


class InviterForm(ActeForm):
    courriel = champ_courriel(
        "Adresse de courriel",
        "La personne y reçoit un lien pour accepter ou refuser. Elle ne lit le projet que si elle accepte.",
        erreur="Écrivez l’adresse de la personne.",
    )
    role = champ_choix(
        "Elle peut",
        (
            (Equipier.Role.REDACTEUR, "Écrire le projet"),
            (Equipier.Role.SIGNATAIRE, "Écrire le projet, le déposer et le retirer"),
        ),
        boutons=True,
    )
    fonction = champ_ligne("Sa fonction", requis=False, maximum=120)

    def initiales(self) -> Mapping[str, Any]:
        return {"role": Equipier.Role.REDACTEUR}


# Team
@acte(
    Page[Projet](
        form=InviterForm,
        consequence="La personne accepte ou refuse. Si elle accepte, elle lit tout le projet, et l’écrit avec vous.",
        est_publique=True,
        retour=lambda p, _: adresse_equipe(p),
        succes=lambda p, equipier: dire_l_invitation(equipier),
    )
)
@transaction.atomic
def inviter_equipier(
    projet: Projet, *, par: Compte, courriel: str, role: str, fonction: str = ""
) -> Equipier:
    """Invite a person into the team. They accept by the page of the letter, once signed in by a code.

    Without a letter, when their mailbox or its domain received enough today, the invitation waits for them on
    « Mes projets » (`Equipier.lettre_partie`). Raises ValidationError, ErreurMetier.
    """
    return _inviter(exiger(projet, "inviter_equipier", par=par), projet, par, courriel, role, fonction)


class OuvrirEquipeForm(ActeForm):
    objet: Projet

    courriel = champ_courriel(
        "Adresse de courriel du porteur",
        "La personne y reçoit un lien pour accepter ou refuser. Elle ne lit le projet que si elle accepte.",
        erreur="Écrivez l’adresse de la personne.",
    )
    fonction = champ_ligne("Sa fonction", requis=False, maximum=120)

    def initiales(self) -> Mapping[str, Any]:
        porteur = self.objet.porte_par
        return {"courriel": porteur.courriel} if porteur is not None else {}


@acte(
    Page[Projet](
        form=OuvrirEquipeForm,
        consequence="La personne accepte ou refuse. Si elle accepte, elle suit le projet ici, le complète quand vous le demandez, et rend le bilan.",
        succes=lambda _, equipier: dire_l_invitation(equipier),
    )
)
@transaction.atomic
def ouvrir_equipe(projet: Projet, *, par: Compte, courriel: str, fonction: str = "") -> Equipier:
    """Invite the first signataire of a projet that has no team here, as those of Dauphin.

    Once they accept, they follow the projet, complete it and give its bilan. Raises as `inviter_equipier`.
    """
    pas = exiger(projet, "ouvrir_equipe", par=par)
    return _inviter(pas, projet, par, courriel, Equipier.Role.SIGNATAIRE, fonction)


def _inviter(pas: Pas, projet: Projet, par: Compte, courriel: str, role: str, fonction: str) -> Equipier:
    if projet.equipe.count() >= EQUIPIERS_MAX:
        raise ErreurMetier(f"Une équipe a {EQUIPIERS_MAX} personnes au plus.")
    if projet.equipe.filter(compte__courriel=courriel.strip().lower()).exists():
        raise ValidationError({"courriel": "Cette personne est déjà dans l’équipe, ou invitée."})
    compte = ouvrir_compte(courriel, est_prouve=False)
    equipier = enregistrer(
        Equipier(projet=projet, compte=compte, role=role, fonction=fonction, rejoint_le=None, invite_par=par)
    )
    pas.avancer(details={"equipier": equipier.pk, "role": role})
    reponse = lettres.inviter_equipier(equipier, par=par)
    if reponse is Reponse.TROP_DE_LUI:
        raise ErreurMetier("Vous avez déjà invité beaucoup de personnes aujourd’hui : continuez demain.")
    if reponse is Reponse.REFUSEE:
        raise ErreurMetier("Cette personne ne veut pas recevoir d’invitation de vous, ou à ce projet.")
    equipier.lettre_partie = bool(reponse)
    return equipier


@acte(
    Page[Equipier](
        gabarit="contrat_ville/equipe/rejoindre.html",
        est_publique=True,
        retour=lambda e, _: (
            e.projet.get_porteur_url() if e.rejoint_le else reverse("contrat_ville:mes_projets")
        ),
        succes="Vous êtes dans l’équipe.",
    )
)
@transaction.atomic
def rejoindre_equipe(equipier: Equipier, *, par: Compte) -> None:
    """Accept an invitation. The account was opened by a code sent to the mailbox: it is theirs."""
    pas = exiger(equipier, "rejoindre_equipe", par=par)
    pas.avancer(champs={"rejoint_le": timezone.now()}, details={"equipier": equipier.pk})


@acte(
    Page[Equipier](
        consequence=lambda e: mots_du_retrait(e)[1],
        gabarit="contrat_ville/equipe/retirer_equipier.html",
        titre=lambda e: mots_du_retrait(e)[0],
        est_publique=True,
        retour=lambda e, _: reverse("contrat_ville:mes_projets") if e.est_soi else adresse_equipe(e.projet),
        succes=lambda e, _: mots_du_retrait(e)[2],
    )
)
@transaction.atomic
def retirer_equipier(equipier: Equipier, *, par: Compte) -> None:
    """Remove a member, who no longer sees the projet, even as its creator; or refuse an invitation for oneself.

    Who refuses is not invited again by the same person, nor to this projet. Raises ErreurMetier for the last
    signataire: somebody must be able to file the projet.
    """
    pas = exiger(equipier, "retirer_equipier", par=par)
    projet = equipier.projet
    restant = projet.equipe.presents().filter(role=Equipier.Role.SIGNATAIRE).exclude(pk=equipier.pk).first()
    if restant is None:
        raise ErreurMetier("L’équipe garde au moins un signataire : invitez-en un autre d’abord.")
    if projet.auteur_id == equipier.compte_id:
        projet.auteur = restant.compte
        projet.save(update_fields=["auteur"])
    pas.avancer(details={"compte": equipier.compte_id})
    if equipier.rejoint_le is None and par.pk == equipier.compte_id:
        noter_refus(par.courriel, sujet=projet, par=equipier.invite_par)
    elif equipier.rejoint_le is not None and par.pk != equipier.compte_id:
        lettres.a_lui(equipier, "retirer_equipier", par, reference=equipier.projet.reference)
    equipier.delete()
