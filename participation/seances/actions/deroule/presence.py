"""Who comes, how, and who leaves: intervals, noted by the facilitator or by the members themselves."""

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
    """Note the arrival, or the passage to another mode. Twice the same is once: a double click, two devices.

    `par` is None for a signed link. From her own page nobody is « en salle »: only the code of the room, or the facilitator, says
    so. Raises ErreurMetier (too early, mandate ended, mode that the séance does not have).
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
    presence.full_clean(exclude={"par"})  # nobody, for a signed link
    presence.save()
    signaler(seance)
    return presence


@transaction.atomic
def accueillir(seance: Seance, membre: Membre, *, mode: str, par: Compte) -> Presence:
    """Somebody comes who is in office but was not on the list: a substitute, a member named since the convocation."""
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
    """Note the departure; None when she was not there any more (a double click)."""
    exiger(convie, "partir", par=par)
    presence = Presence.objects.filter(convie=convie, depart__isnull=True).first()
    if presence is None:
        return None
    _sortir(convie, presence)
    signaler(convie.seance)
    return presence


def _sortir(convie: Convie, presence: Presence | None) -> None:
    """She is no longer there: her speech ends, her demand goes."""
    maintenant = timezone.now()
    if presence is not None:
        presence.depart = max(maintenant, presence.arrivee)
        presence.save(update_fields=["depart"])
    paroles = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    paroles.filter(debut__isnull=False).update(fin=maintenant)
    paroles.filter(debut__isnull=True).update(retiree_le=maintenant)


@transaction.atomic
def retirer_convie(convie: Convie, *, par: Compte, motif: str) -> None:
    """Her mandate ended, before or during the séance: from now on she is not counted and does not vote. What was cast stays.

    Who was called in her place leaves with her, and is told; so does who gave her a proxy; called herself, the next one is.
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
    """Hours noted too late or wrongly. The journal keeps both. Raises ValidationError."""
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
    presence.full_clean(exclude={"par"})  # nobody, for a signed link
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
