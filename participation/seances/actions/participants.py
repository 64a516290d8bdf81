"""Participants beside the rule: members chosen for a bureau or a group, people invited; an agenda copied."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.models import Invite, Membre, Point, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.workflow import EtatPoint
from participation.socle.actions import exiger
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte

MINUTES = 10  # of a point copied from a model without duration


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


@transaction.atomic
def copier_ordre_du_jour(seance: Seance, *, par: Compte, source: Seance | None = None) -> int:
    """Add the points of another séance, or those of the instance's model. Return how many.

    Dossiers, documents and notes are not copied. Raises ValidationError if there is no point to copy.
    """
    pas = exiger(seance, "copier_ordre_du_jour", par=par)
    if source is not None:
        points = [
            Point(
                nature=point.nature,
                titre=point.titre,
                rapporteur=point.rapporteur,
                direction=point.direction,
                duree=point.duree,
                est_confidentiel=point.est_confidentiel,
            )
            for point in source.points.exclude(etat=EtatPoint.RETIRE)
            .exclude(nature=Point.Nature.APPROBATION)
            .order_by("ordre", "pk")
        ]
        dou = f"la séance du {jour_texte(source.debut)}"
    else:
        titres = [ligne.strip() for ligne in seance.instance.ordre_du_jour_type.splitlines() if ligne.strip()]
        points = [Point(titre=titre[:200], duree=MINUTES) for titre in titres]
        dou = "le modèle de l’instance"
    if not points:
        raise ValidationError({"source": "Il n’y a aucun point à reprendre : choisissez une autre séance."})
    rang = seance.points.count()
    for ordre, point in enumerate(points, start=rang + 1):
        point.seance, point.ordre = seance, ordre
        point.full_clean()
    Point.objects.bulk_create(points)
    pas.avancer(fait=f"{accorder(len(points), 'point repris', 'points repris')} : {dou}"[:160])
    return len(points)


@transaction.atomic
def inviter(
    seance: Seance,
    *,
    par: Compte,
    nom: str,
    qualite: str = "",
    courriel: str = "",
    point: Point | None = None,
) -> Invite:
    """Invite a person without a seat. The letter leaves with the convocation, or at once after it."""
    pas = exiger(seance, "inviter", par=par)
    invite = Invite(seance=seance, nom=nom.strip(), qualite=qualite.strip(), courriel=courriel, point=point)
    invite.full_clean()
    invite.save()
    pas.avancer(fait=f"{invite.dite} : invitation"[:160], details={"invite": invite.pk})
    derniere = seance.convocations.exclude(envoyee_le=None).first()
    if derniere is not None:
        notifications.inviter(derniere, invite)
    return invite


@transaction.atomic
def desinviter(invite: Invite, *, par: Compte) -> None:
    """Withdraw an invitation. If it was sent, the person gets a letter and a cancelled calendar event."""
    pas = exiger(invite, "desinviter", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"{invite.dite} : invitation retirée"[:160])
    notifications.desinviter(invite)


@transaction.atomic
def noter_invite(invite: Invite, *, par: Compte, est_venu: bool) -> None:
    """Note whether an invited person came, for the procès-verbal. The same answer again writes nothing."""
    pas = exiger(invite, "noter_invite", par=par)
    invite.refresh_from_db(fields=["est_venu"])
    if bool(invite.est_venu) == est_venu:
        return
    pas.avancer(
        champs={"est_venu": est_venu}, fait=f"{invite.dite} : {'présence' if est_venu else 'absence'}"[:160]
    )
