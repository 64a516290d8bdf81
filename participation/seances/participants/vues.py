"""Pages of who comes beside the rule: participants chosen, people invited."""

from participation.seances.ecrans.vues.animer import ecran_animateur
from participation.seances.models import Invite, Seance
from participation.seances.participants import actes
from participation.seances.participants.actes import InviterForm, NoterInviteForm, ParticipantsForm
from participation.socle.views.pages import Page

PAGES_PARTICIPANTS: dict[str, Page[Seance]] = {
    "choisir_participants": Page(
        actes.choisir_participants,
        ParticipantsForm,
        "Seules ces personnes seront convoquées. Tant que personne ne l’est, le choix peut changer.",
        succes="Les participants sont choisis.",
    ),
    "inviter": Page(
        actes.inviter,
        InviterForm,
        "La personne reçoit l’invitation avec les membres, ou aussitôt s’ils sont déjà convoqués. Elle est entendue, sans voix.",
        succes="La personne est invitée.",
        retour="#invites",
    ),
}


PAGES_INVITES: dict[str, Page[Invite]] = {
    "desinviter": Page(
        actes.desinviter,
        consequence="Si l’invitation est partie, la personne est prévenue de la même façon ; par courriel, son agenda efface le rendez-vous. Une lettre pas encore postée est retirée des courriers à poster.",
        succes="La personne n’est plus invitée.",
        retour="#invites",
    ),
    "noter_invite": Page(
        actes.noter_invite,
        NoterInviteForm,
        retour="#invites",
        en_un_clic=True,
        # The same button is on the facilitator's screen, in the list of arrivals.
        ecran=lambda request, invite: ecran_animateur(request, invite.seance_id, partiel=True),
    ),
}
