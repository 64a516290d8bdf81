"""Pages of who comes beside the rule: participants chosen, people invited."""

from participation.seances.ecrans.vues.animer import ecran_animateur
from participation.seances.fiche.participants import actes
from participation.seances.fiche.participants.actes import NoterInviteForm
from participation.seances.models import Invite, Seance
from participation.socle.views.pages import Page, pages_de

PAGES_PARTICIPANTS: dict[str, Page[Seance]] = pages_de(Seance, actes)


PAGES_INVITES: dict[str, Page[Invite]] = pages_de(Seance, actes, sur="invite") | {
    "noter_invite": Page(
        actes.noter_invite,
        NoterInviteForm,
        retour="#invites",
        en_un_clic=True,
        # The same button is on the facilitator's screen, in the list of arrivals.
        ecran=lambda request, invite: ecran_animateur(request, invite.seance_id, partiel=True),
    )
}
