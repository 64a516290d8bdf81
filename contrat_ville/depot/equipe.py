"""Team of a projet: invite, join, remove."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.depot import lettres
from contrat_ville.models import Equipier, Projet
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.courriels.porte import Reponse, noter_refus
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne
from participation.socle.models import Compte

EQUIPIERS_MAX = 20


# Team
@transaction.atomic
def inviter_equipier(
    projet: Projet, *, par: Compte, courriel: str, role: str, fonction: str = ""
) -> Equipier:
    """Invite a person into the team. They accept by the page of the letter, once signed in by a code.

    Without a letter, when their mailbox or its domain received enough today, the invitation waits for them on
    « Mes projets » (`Equipier.lettre_partie`). Raises ValidationError, ErreurMetier.
    """
    return _inviter(exiger(projet, "inviter_equipier", par=par), projet, par, courriel, role, fonction)


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
    equipier = Equipier(
        projet=projet, compte=compte, role=role, fonction=fonction, rejoint_le=None, invite_par=par
    )
    equipier.full_clean()
    equipier.save()
    pas.avancer(details={"equipier": equipier.pk, "role": role})
    reponse = lettres.inviter_equipier(equipier, par=par)
    if reponse is Reponse.TROP_DE_LUI:
        raise ErreurMetier("Vous avez déjà invité beaucoup de personnes aujourd’hui : continuez demain.")
    if reponse is Reponse.REFUSEE:
        raise ErreurMetier("Cette personne ne veut pas recevoir d’invitation de vous, ou à ce projet.")
    equipier.lettre_partie = bool(reponse)
    return equipier


@transaction.atomic
def rejoindre_equipe(equipier: Equipier, *, par: Compte) -> None:
    """Accept an invitation. The account was opened by a code sent to the mailbox: it is theirs."""
    pas = exiger(equipier, "rejoindre_equipe", par=par)
    pas.avancer(champs={"rejoint_le": timezone.now()}, details={"equipier": equipier.pk})


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
        lettres.retirer_equipier(equipier, par=par)
    equipier.delete()


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
