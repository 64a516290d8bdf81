"""Arrivals and departures, noted by the facilitator or by the members."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.actions.journal import signaler
from participation.seances.actions.sieges import appeler_le_suivant, laisser_le_siege
from participation.seances.models import Convie, Membre, Parole, Presence, Seance
from participation.seances.workflow import Etat, Mode
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import de, instant_texte
from participation.socle.models import Compte


@transaction.atomic
def arriver(
    convie: Convie, *, mode: str, par: Compte | None, source: str = Presence.Source.ANIMATEUR
) -> Presence:
    """Note an arrival, or a change of mode. Noting the same mode twice changes nothing.

    `par` is None for a signed link. A member cannot choose « en salle » from their own page: it takes the
    code of the room or the facilitator. Raises ErreurMetier (too early, mandate over, mode not offered).
    """
    exiger(convie, "arriver", par=par)
    seance = convie.seance
    if mode not in seance.modes:
        raise ErreurMetier(
            f"Cette séance se tient {seance.get_tenue_display()} : on ne peut pas y être « {dict(Mode.choices).get(mode, mode)} »."
        )
    en_cours = Presence.objects.filter(convie=convie, depart__isnull=True).first()
    if en_cours is not None and en_cours.mode == mode:
        return en_cours
    if mode == Mode.SALLE and source == Presence.Source.MEMBRE:
        raise ErreurMetier("Pour être noté en salle, tapez le code affiché sur l’écran de la salle.")
    maintenant = timezone.now()
    if en_cours is not None:
        en_cours.depart = max(maintenant, en_cours.arrivee)
        en_cours.save(update_fields=["depart"])
    presence = Presence(
        seance=seance,
        convie=convie,
        mode=mode,
        arrivee=en_cours.depart if en_cours is not None and en_cours.depart else maintenant,
        source=source,
        par=par,
    )
    presence.full_clean(exclude={"par"})  # None for a signed link
    presence.save()
    signaler(seance)
    return presence


@transaction.atomic
def accueillir(seance: Seance, membre: Membre, *, mode: str, par: Compte) -> Presence:
    """Note the arrival of a member in office who was not on the list, and add them to it.

    For example a substitute, or a member named since the convocation.
    """
    pas = exiger(seance, "accueillir", par=par)
    if membre.college.mandature_id != seance.mandature_id or not membre.est_en_fonction(seance.jour.date()):
        raise ErreurMetier(f"{membre} n’est pas membre de cette instance ce jour-là.")
    remplace = None
    if membre.suppleant_de_id:
        remplace = Convie.objects.filter(seance=seance, membre=membre.suppleant_de_id).first()
    convie, est_nouveau = Convie.objects.get_or_create(
        seance=seance, membre=membre, defaults={"remplace": remplace}
    )
    if est_nouveau:
        pas.avancer(fait=f"{convie} ajouté à la liste des membres, sans convocation")
    convie.seance = seance
    return arriver(convie, mode=mode, par=par)


@transaction.atomic
def partir(convie: Convie, *, par: Compte | None) -> Presence | None:
    """Note the departure; return None if the person had already left."""
    exiger(convie, "partir", par=par)
    presence = Presence.objects.filter(convie=convie, depart__isnull=True).first()
    if presence is None:
        return None
    _sortir(convie, presence)
    signaler(convie.seance)
    return presence


def _sortir(convie: Convie, presence: Presence | None) -> None:
    """End the presence and the speech, and withdraw the request to speak."""
    maintenant = timezone.now()
    if presence is not None:
        presence.depart = max(maintenant, presence.arrivee)
        presence.save(update_fields=["depart"])
    paroles = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    paroles.filter(debut__isnull=False).update(fin=maintenant)
    paroles.filter(debut__isnull=True).update(retiree_le=maintenant)


@transaction.atomic
def retirer_convie(convie: Convie, *, par: Compte, motif: str) -> None:
    """Take off the list a member whose mandate ended. They no longer count or vote; votes already cast stay.

    The substitute convened in their place leaves too; members who gave them a pouvoir get a letter. If they
    were a substitute themselves, the next one is convened.
    """
    pas = exiger(convie, "retirer_convie", par=par)
    mandants = laisser_le_siege(convie)
    pas.avancer(
        fait=f"{convie} ne siège plus",
        motif=motif,
        details={"pouvoirs_tombes": [mandant.pk for mandant in mandants]},
    )
    appeler_le_suivant(convie)


@transaction.atomic
def corriger_presence(
    presence: Presence, *, par: Compte, arrivee: datetime, depart: datetime | None, motif: str
) -> None:
    """Correct hours of presence. The journal keeps the former and the new ones. Raises ValidationError."""
    pas = exiger(presence, "corriger_presence", par=par)
    avant = _heures(presence.arrivee, presence.depart)
    maintenant = timezone.now()
    for champ, valeur in (("arrivee", arrivee), ("depart", depart)):
        if valeur is not None and valeur > maintenant:
            raise ValidationError({champ: "Cette heure n’est pas encore passée."})
    if depart is not None and depart < arrivee:
        raise ValidationError({"depart": "Le départ précède l’arrivée."})
    if depart is None and presence.seance.etat == Etat.LEVEE:
        raise ValidationError(
            {"depart": "La séance est levée : dites à quelle heure la personne est partie."}
        )
    presence.arrivee, presence.depart = arrivee, depart
    presence.full_clean(exclude={"par"})  # None for a signed link
    presence.save()
    pas.avancer(
        fait=f"Heures de présence {de(presence.convie)} corrigées",
        motif=motif,
        details={"avant": avant, "apres": _heures(arrivee, depart)},
    )


def _heures(arrivee: datetime, depart: datetime | None) -> str:
    def dire(instant: datetime) -> str:
        return instant_texte(instant, "chiffres")

    return f"{dire(arrivee)} – {dire(depart) if depart else 'toujours là'}"
