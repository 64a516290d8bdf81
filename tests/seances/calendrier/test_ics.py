"""Séances as iCalendar files: written by one library, read back by two."""

import email
import email.policy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.utils import timezone
from icalendar import Calendar

from participation.seances.calendrier import ics
from participation.seances.models import Seance
from participation.seances.workflow import Etat
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.message import message_de
from participation.socle.models import Courriel
from tests.seances.factories import ConvieFactory, SeanceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]
PARIS = ZoneInfo("Europe/Paris")


def evenement(octets: bytes):
    (trouve,) = Calendar.from_ical(octets).walk("VEVENT")
    return trouve


def lu_par_l_autre(octets: bytes):
    return vobject.readOne(octets.decode()).vevent


def test_an_invitation_is_read_alike_by_two_parsers() -> None:
    convie = ConvieFactory()
    seance = convie.seance

    octets = ics.invitation(seance, "REQUEST", [convie])

    un, autre = evenement(octets), lu_par_l_autre(octets)
    assert Calendar.from_ical(octets)["METHOD"] == "REQUEST"
    assert un.decoded("dtstart") == seance.debut.replace(microsecond=0)
    assert autre.dtstart.value == seance.debut.replace(microsecond=0)
    assert str(un["uid"]) == autre.uid.value
    assert str(un["uid"]).startswith(str(seance.identifiant))
    assert un["SEQUENCE"] == int(autre.sequence.value) == 0
    assert str(un["ATTENDEE"]) == autre.attendee.value == f"mailto:{convie.membre.compte.courriel}"
    assert un["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert str(un["ORGANIZER"]) == "mailto:participation@example.org"
    assert autre.location.value == seance.lieu
    assert str(un["CONFERENCE"]) == seance.lien_visio
    assert un["CONFERENCE"].params["FEATURE"] == "VIDEO"
    assert un["STATUS"] == "TENTATIVE"


def test_lines_are_folded_and_ended_as_the_standard_says() -> None:
    convie = ConvieFactory(seance__titre="É" * 150)

    octets = ics.invitation(convie.seance, "REQUEST", [convie])

    lignes = octets.split(b"\r\n")
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert max(map(len, lignes)) <= 75


def test_what_people_write_breaks_no_line() -> None:
    seance = SeanceFactory(lieu="Salle; 2, rue\\du Pont\nBEGIN:VEVENT", titre="A, B; C\r\nSUMMARY:faux")

    octets = ics.invitation(seance, "REQUEST", [])

    assert octets.splitlines().count(b"BEGIN:VEVENT") == 1
    assert str(evenement(octets)["LOCATION"]).startswith("Salle; 2, rue\\du Pont")


def test_the_uid_is_stable_and_the_sequence_moves() -> None:
    convie = ConvieFactory()
    avant = evenement(ics.invitation(convie.seance, "REQUEST", [convie]))
    Seance.objects.update(sequence=3)
    convie.seance.refresh_from_db()

    apres = evenement(ics.invitation(convie.seance, "CANCEL", [convie]))

    assert apres["uid"] == avant["uid"]
    assert apres["SEQUENCE"] == 3
    assert apres["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    ("local", "heure_utc"),
    [
        # Night of 24 to 25 October 2026: at three it is two again.
        (datetime(2026, 10, 24, 18, 0), 16),
        (datetime(2026, 10, 25, 10, 0), 9),
        (datetime(2026, 10, 26, 18, 0), 17),
        # Night of 27 to 28 March 2027: at two it is three.
        (datetime(2027, 3, 27, 18, 0), 17),
        (datetime(2027, 3, 28, 10, 0), 8),
        (datetime(2027, 3, 29, 18, 0), 16),
    ],
)
def test_the_hour_people_were_told_holds_over_the_clock_change(local: datetime, heure_utc: int) -> None:
    debut = local.replace(tzinfo=PARIS)
    seance = SeanceFactory(debut=debut, fin=debut + timedelta(hours=2))

    octets = ics.invitation(seance, "REQUEST", [])

    un, autre = evenement(octets), lu_par_l_autre(octets)
    assert un["DTSTART"].params["TZID"] == "Europe/Paris"
    assert b"BEGIN:VTIMEZONE" in octets
    for lu in (un.decoded("dtstart"), autre.dtstart.value):
        assert lu.astimezone(UTC).hour == heure_utc
        assert lu.hour == local.hour


def test_a_seance_over_the_change_lasts_what_it_lasts() -> None:
    # From 23:00 to 04:00 on a clock, six hours: two o'clock happens twice.
    debut, fin = datetime(2026, 10, 24, 23, 0, tzinfo=PARIS), datetime(2026, 10, 25, 4, 0, tzinfo=PARIS)
    seance = SeanceFactory(debut=debut, fin=fin)

    octets = ics.invitation(seance, "REQUEST", [])

    un, autre = evenement(octets), lu_par_l_autre(octets)
    assert un.decoded("dtend").astimezone(UTC) - un.decoded("dtstart").astimezone(UTC) == timedelta(hours=6)
    assert autre.dtend.value.astimezone(UTC) - autre.dtstart.value.astimezone(UTC) == timedelta(hours=6)


def test_the_hour_that_comes_twice_is_said_without_doubt() -> None:
    seconde = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    seance = SeanceFactory(debut=seconde, fin=seconde + timedelta(hours=2))

    octets = ics.invitation(seance, "REQUEST", [])

    assert b"DTSTART:20261025T013000Z" in octets
    assert evenement(octets).decoded("dtstart") == seconde.astimezone(UTC)


def test_a_feed_holds_the_year_and_hides_the_link_from_the_public() -> None:
    seances = [SeanceFactory(convoquee=True), SeanceFactory(etat=Etat.ANNULEE, motif="Grève")]

    public = ics.calendrier(Seance.objects.avec_instance(), "Commission d’essai")
    membre = ics.calendrier(Seance.objects.avec_instance(), "Commission d’essai", avec_lien=True)

    lus = Calendar.from_ical(public)
    assert lus["METHOD"] == "PUBLISH"
    assert str(lus["X-WR-CALNAME"]) == "Commission d’essai"
    assert {str(e["STATUS"]) for e in lus.walk("VEVENT")} == {"CONFIRMED", "CANCELLED"}
    assert len(vobject.readOne(public.decode()).vevent_list) == len(seances)
    assert b"visio.example.org" not in public
    assert b"ATTENDEE" not in membre
    assert b"visio.example.org" in membre


def test_the_letter_carries_the_invitation_as_mail_programs_want_it() -> None:
    convie = ConvieFactory()
    contenu = ics.invitation(convie.seance, "REQUEST", [convie])
    ecrire(
        "socle/fermer_compte",
        a=["alma@example.org"],
        contexte={},
        pieces=[
            ("convocation.pdf", "application/pdf", b"%PDF-1.7"),
            ("invitation.ics", ics.type_mime("REQUEST"), contenu),
        ],
    )

    octets = message_de(Courriel.objects.get()).message().as_bytes()

    message = email.message_from_bytes(octets, policy=email.policy.default)
    parties = list(message.walk())
    (agenda,) = [p for p in parties if p.get_content_type() == "text/calendar"]
    assert agenda["content-type"].params["method"] == "REQUEST"
    assert agenda["content-type"].params["charset"].lower() == "utf-8"
    (conteneur,) = [p for p in parties if p.get_content_type() == "multipart/alternative"]
    assert [p.get_content_type() for p in conteneur.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    relu = agenda.get_payload(decode=True)
    assert evenement(relu)["uid"] == evenement(contenu)["uid"]
    assert lu_par_l_autre(relu).sequence.value == "0"
    (fichier,) = [p for p in parties if p.get_filename() == "invitation.ics"]
    assert fichier.get_payload(decode=True).replace(b"\r\n", b"\n") == contenu.replace(b"\r\n", b"\n")
    assert [p.get_content_type() for p in parties if p.get_filename() == "convocation.pdf"] == [
        "application/pdf"
    ]


def test_a_meeting_that_ends_after_midnight_ends_the_next_day() -> None:
    """On the night of the autumn clock change, a forum from 20:00 to 04:00 lasts nine hours."""
    un = ics.RendezVous(
        "nuit", 0, timezone.now(), "Nuit du débat", date(2026, 10, 24), de=time(20), a=time(4)
    )

    lu = lu_par_l_autre(ics.rendez_vous(un))

    assert lu.dtend.value.replace(tzinfo=None) == datetime(2026, 10, 25, 4)
    assert lu.dtend.value.astimezone(UTC) - lu.dtstart.value.astimezone(UTC) == timedelta(hours=9)


def test_dtstamp_is_universal_time() -> None:
    octets = ics.invitation(SeanceFactory(), "REQUEST", [])

    assert abs(evenement(octets).decoded("dtstamp") - timezone.now()) < timedelta(minutes=1)
    assert b"DTSTAMP:" in octets
