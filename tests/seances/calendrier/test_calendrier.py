"""Calendar of the séances, as pages and feeds: what the public and the members see."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.seances.models import Profil
from tests.outils import constant_queries
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


def evenements(reponse) -> dict[str, object]:
    assert reponse.status_code == 200
    assert reponse["Content-Type"].startswith("text/calendar")
    return {
        str(e["summary"]).partition(" : ")[2]: e for e in Calendar.from_ical(reponse.content).walk("VEVENT")
    }


def test_the_public_feed_tells_public_seances_alone_and_never_the_video_link(client):
    SeanceFactory(titre="Plénière", est_publique=True, convoquee=True)
    SeanceFactory(titre="Bureau", est_publique=False, convoquee=True)

    reponse = client.get(reverse("seances:agenda_public", args=["essai"]))

    assert list(evenements(reponse)) == ["Plénière"]
    assert b"visio.example.org" not in reponse.content
    assert "public" in reponse["Cache-Control"]
    assert not reponse.cookies


def test_the_feed_goes_from_last_year_to_the_years_ahead(client):
    cette_annee = timezone.localdate().year
    for annee in (cette_annee - 2, cette_annee - 1, cette_annee + 2):
        SeanceFactory(
            titre=f"Séance {annee}", est_publique=True, debut=timezone.make_aware(datetime(annee, 5, 4, 18))
        )

    trouves = evenements(client.get(reverse("seances:agenda_tous")))

    assert sorted(trouves) == [f"Séance {cette_annee - 1}", f"Séance {cette_annee + 2}"]


def test_a_seance_on_the_first_night_of_a_year_is_of_that_year(client):
    annee = timezone.localdate().year - 1
    nuit = timezone.make_aware(datetime(annee, 1, 1, 0, 30))
    SeanceFactory(titre="Vœux", est_publique=True, debut=nuit, fin=nuit + timedelta(hours=1))

    page = client.get(reverse("seances:calendrier_public"))

    assert [int(valeur) for valeur, _ in page.context["form"].fields["annee"].choices][-1] == annee


def test_a_seance_called_off_stays_in_the_feed_marked_so(client):
    SeanceFactory(titre="Plénière", est_publique=True, etat="annulee", motif="Salle fermée")

    (evenement,) = evenements(client.get(reverse("seances:agenda_tous"))).values()

    assert evenement["status"] == "CANCELLED"


def test_an_instance_that_is_not_public_has_no_feed(client):
    InstanceFactory(est_publique=False)

    assert client.get(reverse("seances:agenda_public", args=["essai"])).status_code == 404


def test_the_personal_feed_has_her_instances_and_the_video_link(client):
    membre = MembreFactory()
    SeanceFactory(titre="Groupe", mandature=membre.college.mandature, convoquee=True)
    ailleurs = MandatureFactory(instance=InstanceFactory(cle="ailleurs"))
    SeanceFactory(titre="Autre instance", mandature=ailleurs)
    invitee = ConvieFactory(
        seance=SeanceFactory(titre="Invitée", mandature=ailleurs),
        membre=MembreFactory(
            compte=membre.compte,
            college=CollegeFactory(mandature=ailleurs),
            au=timezone.localdate() - timedelta(days=1),
        ),
    )
    profil = Profil.de(membre.compte)

    reponse = client.get(reverse("seances:agenda_personnel", args=[profil.cle_agenda]))

    assert sorted(evenements(reponse)) == ["Groupe", "Invitée"]
    assert b"visio.example.org" in reponse.content.replace(b"\r\n ", b"")
    assert "no-store" in reponse["Cache-Control"]

    invitee.retire_le = timezone.now()
    invitee.save()
    assert list(evenements(client.get(reverse("seances:agenda_personnel", args=[profil.cle_agenda])))) == [
        "Groupe"
    ]


def test_a_new_secret_address_closes_the_former_one(client):
    membre = MembreFactory()
    ancienne = Profil.de(membre.compte).cle_agenda
    client.force_login(membre.compte)

    reponse = client.post(reverse("seances:renouveler_agenda"), follow=True)

    nouvelle = Profil.objects.get().cle_agenda
    assert str(nouvelle) in reponse.content.decode()
    assert client.get(reverse("seances:agenda_personnel", args=[ancienne])).status_code == 404
    assert client.get(reverse("seances:agenda_personnel", args=[nouvelle])).status_code == 200
    assert client.get(reverse("seances:agenda_personnel", args=[uuid4()])).status_code == 404


def test_the_calendar_of_the_service_filters_by_instance_and_nature(client):
    SeanceFactory(
        titre="Plénière de la CCSPL", mandature=MandatureFactory(instance=InstanceFactory(cle="ccspl-x"))
    )
    SeanceFactory(titre="Visite du site", nature="visite")
    client.force_login(CompteFactory(agent=True))
    annee = SeanceFactory.build(mandature=None, instance=None, reglement=None).jour.year

    tout = client.get(reverse("seances:calendrier"), {"annee": annee}).content.decode()
    filtre = client.get(reverse("seances:calendrier"), {"annee": annee, "nature": "visite"}).content.decode()
    instance = client.get(
        reverse("seances:calendrier"), {"annee": annee, "instance": "ccspl-x"}
    ).content.decode()

    assert "Plénière de la CCSPL" in tout
    assert "Visite du site" in tout
    assert "Plénière de la CCSPL" not in filtre
    assert "Visite du site" in filtre
    assert "Visite du site" not in instance


def test_a_calendar_asked_with_nonsense_shows_this_year(client):
    reponse = client.get(
        reverse("seances:calendrier_public"), {"annee": "x", "instance": "rien", "nature": "bal"}
    )

    assert reponse.status_code == 200
    assert reponse.context["annee"] == timezone.localdate().year


def test_the_public_calendar_hides_what_is_not_public_and_keeps_no_cookie(client):
    SeanceFactory(titre="Bureau fermé", est_publique=False)
    SeanceFactory(titre="Séance ouverte", est_publique=True)

    annee = SeanceFactory.build(mandature=None, instance=None, reglement=None).jour.year
    reponse = client.get(reverse("seances:calendrier_public"), {"annee": annee})

    html = reponse.content.decode()
    assert "Séance ouverte" in html
    assert "Bureau fermé" not in html
    assert not reponse.cookies
    assert "public" in reponse["Cache-Control"]


def test_four_seances_cost_what_one_costs(client):
    client.force_login(CompteFactory(agent=True))
    numeros = iter(range(20))

    def fabriquer():
        SeanceFactory(
            mandature=MandatureFactory(instance=InstanceFactory(cle=f"i{next(numeros)}")), est_publique=True
        )

    constant_queries(client, reverse("seances:calendrier"), fabriquer)


def test_four_public_seances_cost_what_one_costs_in_the_feed(client):
    numeros = iter(range(20))

    def fabriquer():
        SeanceFactory(
            mandature=MandatureFactory(instance=InstanceFactory(cle=f"i{next(numeros)}")), est_publique=True
        )

    constant_queries(client, reverse("seances:agenda_tous"), fabriquer)
