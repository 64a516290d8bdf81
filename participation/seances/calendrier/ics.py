"""Calendar files (RFC 5545, 5546, 7986): the invitation attached to a letter, and the feeds.

The UID of a séance never changes. SEQUENCE is the séance's `sequence`, incremented by each announced change.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
    vUri,
)

from participation.seances.models import Convie, Seance
from participation.seances.workflow import Etat
from participation.socle.courriels.message import expediteur
from participation.socle.francais import majuscule
from participation.socle.regles.textes import sans_controle
from participation.socle.vitrine import AuCalendrier

Methode = Literal["REQUEST", "CANCEL", "PUBLISH"]


PREMIER, FIN = b"\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VCALENDAR\r\n"


PARIS = ZoneInfo("Europe/Paris")


PRODUIT = "-//Participation//Participation//FR"


# PARTSTAT of each answer of a member.
PARTICIPATIONS = {
    "": "NEEDS-ACTION",
    Convie.Reponse.SALLE: "ACCEPTED",
    Convie.Reponse.DISTANCE: "ACCEPTED",
    Convie.Reponse.EXCUSE: "DECLINED",
    Convie.Reponse.POUVOIR: "DECLINED",
}


def type_mime(methode: Methode) -> str:
    """Return the MIME type, with the method: mail programs read it there rather than in the file."""
    return f"text/calendar; method={methode}"


def invitation(
    seance: Seance,
    methode: Methode,
    convies: Iterable[Convie],
    *,
    sequence: int | None = None,
    autres: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Return the invitation to a séance, for these `convies`.

    Give one person for a letter: the file shows the addresses of everybody in it. `autres`: (name, address)
    of guests or a secretariat; the file then has no link to the members' page.
    """
    autres = list(autres)
    calendrier = _calendrier(methode)
    evenement = _evenement(seance, avec_lien=True, sequence=sequence, avec_page=not autres)
    if methode == "CANCEL":
        evenement["STATUS"] = vText("CANCELLED")
    for convie in convies:
        personne = vCalAddress(f"mailto:{convie.membre.compte.courriel}")
        personne.params["CN"] = _une_ligne(str(convie.membre.compte))
        personne.params["CUTYPE"] = "INDIVIDUAL"
        personne.params["ROLE"] = "REQ-PARTICIPANT"
        personne.params["PARTSTAT"] = PARTICIPATIONS[convie.reponse]
        # The answer is given on our page, which also asks for pouvoirs and needs.
        personne.params["RSVP"] = "FALSE"
        evenement.add("attendee", personne)
    for nom, adresse in autres:
        personne = vCalAddress(f"mailto:{adresse}")
        personne.params["CN"] = _une_ligne(nom)
        personne.params["ROLE"] = "OPT-PARTICIPANT"
        personne.params["RSVP"] = "FALSE"
        evenement.add("attendee", personne)
    if methode == "REQUEST":
        evenement.add_component(_rappel(seance))
    return _ecrire(calendrier, [evenement])


def calendrier(
    seances: Iterable[Seance], nom: str, *, avec_lien: bool = False, autres: Iterable[AuCalendrier] = ()
) -> bytes:
    """Return a feed of séances, then of the meetings of other apps. `avec_lien`: with the video link, for members only.

    Give séances with their instance (`avec_instance`) and the instant of their last change (`changee_le`).
    Cancelled séances stay, with the status CANCELLED. Without a change, the bytes are the same, so that a
    reader who has them gets a 304.
    """
    flux = _calendrier("PUBLISH")
    flux.add("name", _une_ligne(nom))
    flux.add("x-wr-calname", _une_ligne(nom))
    flux.add("x-wr-timezone", settings.TIME_ZONE)
    flux.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    flux.add("x-published-ttl", "PT6H")
    evenements = []
    for seance in seances:
        changee_le = _utc(getattr(seance, "changee_le", None) or seance.cree_le).replace(microsecond=0)
        evenement = _evenement(seance, avec_lien=avec_lien, ecrit_le=changee_le)
        evenement.add("last-modified", changee_le)
        evenements.append(evenement)
    return _ecrire(flux, [*evenements, *map(_autre, autres)])


@dataclass(frozen=True, slots=True)
class RendezVous:
    """A meeting that is not a séance. Its hours may be unknown. `page`: path of the page that announces it."""

    cle: str  # unique and constant: it makes the UID
    sequence: int
    ecrit_le: datetime
    titre: str
    jour: date
    lieu: str = ""
    de: time | None = None
    a: time | None = None
    texte: str = ""
    page: str = ""


def rendez_vous(un: RendezVous, methode: Methode = "PUBLISH", invite: tuple[str, str] | None = None) -> bytes:
    """Return the file of one meeting. `invite`: (name, address) of the recipient of the letter."""
    return _ecrire(_calendrier(methode), [_rendez_vous(un, methode, invite)])


def _rendez_vous(un: RendezVous, methode: Methode, invite: tuple[str, str] | None = None) -> Event:
    evenement = Event()
    evenement.add("uid", f"{un.cle}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    evenement.add("sequence", un.sequence)
    ecrit_le = _utc(un.ecrit_le).replace(microsecond=0)
    evenement.add("dtstamp", ecrit_le)
    evenement.add("last-modified", ecrit_le)
    evenement.add("organizer", _organisateur())
    if un.de is None:  # the whole day
        evenement.add("dtstart", un.jour)
        evenement.add("dtend", un.jour + timedelta(days=1))
    else:
        evenement.add("dtstart", _instant(timezone.make_aware(datetime.combine(un.jour, un.de), PARIS)))
        if un.a is not None:
            jour_de_fin = un.jour + timedelta(days=un.a < un.de)  # past midnight
            evenement.add("dtend", _instant(timezone.make_aware(datetime.combine(jour_de_fin, un.a), PARIS)))
    evenement.add("summary", _une_ligne(un.titre))
    evenement.add("status", "CANCELLED" if methode == "CANCEL" else "CONFIRMED")
    if un.lieu:
        evenement.add("location", _une_ligne(un.lieu))
    adresse = f"{settings.SITE_URL}{un.page}" if un.page else ""
    texte = "\n".join(filter(None, [un.texte, adresse]))
    if texte:
        evenement.add("description", "\n".join(sans_controle(texte).splitlines()))
    if adresse:
        evenement.add("url", adresse)
    if invite is not None:
        personne = vCalAddress(f"mailto:{invite[1]}")
        personne.params["CN"] = _une_ligne(invite[0])
        personne.params["ROLE"] = "REQ-PARTICIPANT"
        personne.params["RSVP"] = "FALSE"
        evenement.add("attendee", personne)
    return evenement


def _autre(un: AuCalendrier) -> Event:
    """Return the event of a meeting of another app."""
    debut, fin = timezone.localtime(un.debut), timezone.localtime(un.fin)
    dit = RendezVous(
        cle=un.cle,
        sequence=un.sequence,
        ecrit_le=un.modifie_le or un.debut,
        titre=un.titre,
        jour=debut.date(),
        lieu=un.lieu,
        de=debut.time(),
        a=fin.time(),
        page=un.url,
    )
    return _rendez_vous(dit, "CANCEL" if un.est_annule else "PUBLISH")


def _calendrier(methode: Methode) -> Calendar:
    calendrier = Calendar()
    calendrier.add("prodid", PRODUIT)
    calendrier.add("version", "2.0")
    calendrier.add("calscale", "GREGORIAN")
    calendrier.add("method", methode)
    return calendrier


def _ecrire(calendrier: Calendar, evenements: Iterable[Event]) -> bytes:
    for evenement in evenements:
        calendrier.add_component(evenement)
    # Splitting there is safe: line ends inside a value are escaped, so no value contains these bytes.
    tete, debut, reste = bytes(calendrier.to_ical()).partition(PREMIER if calendrier.subcomponents else FIN)
    return b"".join((tete, b"\r\n", _fuseau(), debut.removeprefix(b"\r\n"), reste))


@functools.cache
def _fuseau() -> bytes:
    """Return the VTIMEZONE of Paris, with the rule of directive 2000/84/EC. Cached: every file has the same.

    The list of dates made by the library is one hour off for some readers.
    """
    fuseau = Timezone()
    fuseau.add("tzid", "Europe/Paris")
    for composant, nom, debut, mois, de, a in (
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), 3, 1, 2),
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), 10, 2, 1),
    ):
        composant.add("dtstart", debut)
        composant.add("rrule", {"freq": "yearly", "bymonth": mois, "byday": "-1su"})
        composant.add("tzname", nom)
        composant.add("tzoffsetfrom", timedelta(hours=de))
        composant.add("tzoffsetto", timedelta(hours=a))
        fuseau.add_component(composant)
    return bytes(fuseau.to_ical())


def _organisateur() -> vCalAddress:
    nom, adresse = parseaddr(expediteur())
    organisateur = vCalAddress(f"mailto:{adresse}")
    organisateur.params["CN"] = _une_ligne(nom)
    return organisateur


def _evenement(
    seance: Seance,
    *,
    avec_lien: bool,
    sequence: int | None = None,
    avec_page: bool = True,
    ecrit_le: datetime | None = None,
) -> Event:
    evenement = Event()
    evenement.add("uid", f"{seance.identifiant}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    evenement.add("sequence", seance.sequence if sequence is None else sequence)
    evenement.add("dtstamp", ecrit_le or _utc(timezone.now()))
    evenement.add("organizer", _organisateur())
    evenement.add("dtstart", _instant(seance.debut))
    evenement.add("dtend", _instant(seance.fin))
    evenement.add("summary", _une_ligne(f"{seance.instance.sigle} : {seance.titre}"))
    evenement.add("status", _etat(seance))
    if seance.tenue != Seance.Tenue.DISTANCE and seance.lieu:
        evenement.add("location", _une_ligne(seance.lieu))
    elif avec_lien and seance.lien_visio:
        evenement.add("location", seance.lien_visio)
    page = f"{settings.SITE_URL}{reverse('seances:ma_seance', args=[seance.pk])}"
    lignes = [f"{majuscule(seance.get_nature_display())}, {seance.get_tenue_display()}."]
    if seance.acces:
        lignes.append(seance.acces)
    if avec_lien:
        if seance.lien_visio and seance.tenue != Seance.Tenue.SALLE:
            lien = vUri(seance.lien_visio)
            lien.params["VALUE"] = "URI"
            lien.params["FEATURE"] = "VIDEO"
            lien.params["LABEL"] = "Visioconférence"
            evenement.add("conference", lien)
            lignes.append(f"Visioconférence : {seance.lien_visio}")
        if avec_page:
            lignes.append(f"Ordre du jour, documents et réponse : {page}")
            evenement.add("url", page)
    elif seance.a_une_page_publique:
        publique = f"{settings.SITE_URL}{seance.get_public_url()}"
        lignes.append(f"Ordre du jour, documents publics, comment venir ou regarder : {publique}")
        evenement.add("url", publique)
    if seance.motif and seance.etat in {Etat.ANNULEE, Etat.REPORTEE}:
        lignes.append(seance.motif)
    evenement.add("description", "\n".join(sans_controle("\n".join(lignes)).splitlines()))
    evenement.add("class", "PUBLIC" if seance.est_publique else "PRIVATE")
    return evenement


def _une_ligne(texte: str) -> str:
    """Return the text on one line: a line break in a title would end the line of the file."""
    return " ".join(sans_controle(texte).split())


def _etat(seance: Seance) -> str:
    if seance.etat in {Etat.ANNULEE, Etat.REPORTEE}:
        return "CANCELLED"
    return "TENTATIVE" if seance.etat == Etat.PROGRAMMEE else "CONFIRMED"


def _rappel(seance: Seance) -> Alarm:
    rappel = Alarm()
    rappel.add("action", "DISPLAY")
    rappel.add("description", _une_ligne(seance.titre))
    rappel.add("trigger", timedelta(days=-1))
    return rappel


def _instant(instant: datetime) -> datetime:
    """Return local time with its zone, so that a calendar keeps the announced hour.

    The hour that comes twice at the end of summer time is returned in UTC: a local hour would be read as the
    first of the two.
    """
    local = timezone.localtime(instant, PARIS)
    return _utc(instant) if local.fold else local


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
