"""Participants beside the rule: members chosen for a bureau or a group, people invited; an agenda copied.

Pages of who comes beside the rule: participants chosen, people invited.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.seances.convocation import lettres as lettres_convocation
from participation.seances.ecrans.vues.animer import ecran_animateur
from participation.seances.models import Invite, Membre, Point, Seance
from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_courriel, champ_ligne, champ_parmi
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


class ParticipantsForm(ActeForm):
    membres = forms.ModelMultipleChoiceField(
        label="Qui prend part à cette séance ?",
        queryset=Membre.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Personne de coché : tous les membres titulaires sont convoqués. Le quorum se compte sur les personnes choisies.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"membres": list(self.objet.participants.all())}

    def preparer(self) -> None:
        self.choisir(
            "membres",
            Membre.objects.filter(college__mandature=self.objet.mandature_id)
            .titulaires()
            .en_fonction(self.objet.jour.date())
            .select_related("compte", "college")
            .order_by("college__ordre", "compte__nom", "compte__prenom"),
        )


class InviterForm(ActeForm):
    nom = champ_ligne("Prénom et nom", maximum=160, erreur="Dites qui est invité.")
    qualite = champ_ligne(
        "Qualité", "Direction, expert, délégataire… Lue au procès-verbal.", maximum=160, requis=False
    )
    courriel = champ_courriel(
        "Adresse électronique", "Pour recevoir l’invitation et le rendez-vous.", requis=False
    )
    adresse_postale = champ_ligne(
        "Adresse postale",
        "Pour qui n’a pas d’adresse électronique : l’invitation va dans « Courriers à poster ». Sans aucune adresse, vous prévenez la personne vous-même.",
        maximum=240,
        requis=False,
    )
    point = champ_parmi("Entendue au point", Point.objects.none(), requis=False, vide="Toute la séance")

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))


class NoterInviteForm(ActeForm):
    est_venu = forms.TypedChoiceField(
        choices=(("oui", "présence"), ("non", "absence")), coerce=lambda valeur: valeur == "oui"
    )


@acte(
    Page[Seance](
        form=ParticipantsForm,
        consequence="Seules ces personnes seront convoquées. Tant que personne ne l’est, le choix peut changer.",
        succes="Les participants sont choisis.",
    )
)
@transaction.atomic
def choisir_participants(seance: Seance, *, par: Compte, membres: Iterable[Membre]) -> None:
    """Convene only these titulaires; if none is chosen, convene all. Refused for a plenary (`manques`)."""
    pas = exiger(seance, "choisir_participants", par=par)
    choisis = list(membres)
    seance.participants.set(choisis)
    dit = (
        accorder(len(choisis), "participant choisi", "participants choisis")
        if choisis
        else "Tous les membres"
    )
    pas.avancer(fait=dit)


@acte(
    Page[Seance](
        form=InviterForm,
        consequence="La personne reçoit l’invitation avec les membres, ou aussitôt s’ils sont déjà convoqués. Elle est entendue, sans voix.",
        succes="La personne est invitée.",
        retour="#invites",
    )
)
@transaction.atomic
def inviter(
    seance: Seance,
    *,
    par: Compte,
    nom: str,
    qualite: str = "",
    courriel: str = "",
    adresse_postale: str = "",
    point: Point | None = None,
) -> Invite:
    """Invite a person without a seat. The letter leaves with the convocation, or at once after it."""
    pas = exiger(seance, "inviter", par=par)
    invite = Invite(
        seance=seance,
        nom=nom.strip(),
        qualite=qualite.strip(),
        courriel=courriel,
        adresse_postale=adresse_postale,
        point=point,
    )
    invite.full_clean()
    invite.save()
    pas.avancer(fait=f"{invite.en_journal} : invitation"[:160], details={"invite": invite.pk})
    derniere = seance.convocations.exclude(envoyee_le=None).first()
    if derniere is not None:
        lettres_convocation.inviter(derniere, invite)
    return invite


@acte(
    Page[Invite](
        consequence="Si l’invitation est partie, la personne est prévenue de la même façon ; par courriel, son agenda efface le rendez-vous. Une lettre pas encore postée est retirée des courriers à poster.",
        succes="La personne n’est plus invitée.",
        retour="#invites",
    )
)
@transaction.atomic
def desinviter(invite: Invite, *, par: Compte) -> None:
    """Withdraw an invitation. If it was sent or posted, the person gets a letter and, by mail, a cancelled calendar event."""
    pas = exiger(invite, "desinviter", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"{invite.en_journal} : invitation retirée"[:160])
    lettres_convocation.desinviter(invite)


@acte(
    Page(
        form=NoterInviteForm,
        retour="#invites",
        en_un_clic=True,
        # The same button is on the facilitator's screen, in the list of arrivals.
        ecran=lambda request, invite: ecran_animateur(request, invite.seance_id, partiel=True),
    )
)
@transaction.atomic
def noter_invite(invite: Invite, *, par: Compte, est_venu: bool) -> None:
    """Note whether an invited person came, for the procès-verbal. The same answer again writes nothing."""
    pas = exiger(invite, "noter_invite", par=par)
    invite.refresh_from_db(fields=["est_venu"])
    if bool(invite.est_venu) == est_venu:
        return
    pas.avancer(
        champs={"est_venu": est_venu},
        fait=f"{invite.en_journal} : {'présence' if est_venu else 'absence'}"[:160],
    )
