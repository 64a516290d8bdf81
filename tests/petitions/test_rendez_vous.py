"""Meetings of a pétition: hours, places, calendar files."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.socle.models import Courriel, PieceCourriel
from petitions.conseil import actes as conseil
from petitions.models import SeuilAtteint
from tests.outils import jour
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    petition = PetitionFactory(a_debattre=True)
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet="debat"))
    return petition


def rencontrer(petition, agent, **autrement):
    conseil.rencontrer(
        petition,
        par=agent,
        **{"date": jour(9), "heure_debut": time(18), "heure_fin": time(20), "lieu": "Salle 4"} | autrement,
    )


def evenement(octets):
    calendrier = Calendar.from_ical(octets)
    return str(calendrier["METHOD"]), calendrier.walk("VEVENT")[0]


def test_each_petitioner_gets_the_meeting_in_her_own_name_with_its_hours(petition, agent):
    autre = CoPetitionnaireFactory(petition=petition, confirme=True)
    rencontrer(petition, agent)

    lettres = Courriel.objects.filter(acte="petitions/rencontrer")
    assert {c.destinataires[0] for c in lettres} == {petition.auteur.courriel, autre.courriel}
    assert all("de 18\u00a0h à 20\u00a0h" in c.corps and "Lieu : Salle 4" in c.corps for c in lettres)
    for lettre in lettres:
        methode, vevent = evenement(bytes(lettre.pieces.get().contenu))
        assert methode == "REQUEST"
        assert vevent["ATTENDEE"] == f"mailto:{lettre.destinataires[0]}"
        assert timezone.localtime(vevent["DTSTART"].dt).hour == 18
        assert (vevent["DTEND"].dt - vevent["DTSTART"].dt) == timedelta(hours=2)
        assert vevent["LOCATION"] == "Salle 4"


def test_a_meeting_moved_keeps_its_name_raises_its_number_and_says_what_it_replaces(petition, agent):
    rencontrer(petition, agent)
    ancien = petition.jalons.get(nature="rencontre").quand
    rencontrer(petition, agent, heure_debut=time(19))

    lettres = list(Courriel.objects.filter(acte="petitions/rencontrer").order_by("pk"))
    assert "remplace" not in lettres[0].corps
    assert f"Cela remplace ce que nous avions annoncé : {ancien}." in lettres[1].corps
    (_, avant), (_, apres) = (evenement(bytes(c.pieces.get().contenu)) for c in lettres)
    assert avant["UID"] == apres["UID"]
    assert (avant["SEQUENCE"], apres["SEQUENCE"]) == (0, 1)


def test_a_place_changed_is_said_alone_and_replaces_nothing_for_who_is_invited_now(petition, agent):
    premiere, nouvelle = CompteFactory(elu=True), CompteFactory(elu=True)
    rencontrer(petition, agent, elus=[premiere])
    rencontrer(petition, agent, lieu="Salle 5", elus=[premiere, nouvelle])
    rencontrer(petition, agent, lieu="Salle 6")
    rencontrer(petition, agent, lieu="Salle 6", heure_debut=time(19), elus=[nouvelle])

    def lues(compte):
        siennes = Courriel.objects.filter(
            destinataires=[compte.courriel], acte__startswith="petitions/rencontrer"
        )
        return list(siennes.order_by("pk").values_list("corps", flat=True))

    change = "Ce qui change : le lieu. Cela remplace ce que nous avions annoncé : Salle 4."
    assert change in lues(petition.auteur)[1]
    assert change in lues(premiere)[1]
    assert "remplace" not in lues(nouvelle)[0]
    # She was not told of the room in between: only her own letter is replaced.
    assert "Cela remplace notre invitation du" in lues(nouvelle)[1]
    assert "annoncé" not in lues(nouvelle)[1]


def test_an_end_before_the_start_is_refused(petition, agent):
    with pytest.raises(ValidationError, match="vient après celle du début"):
        rencontrer(petition, agent, heure_fin=time(17))


def test_a_council_without_its_hour_is_a_whole_day_until_it_is_said(petition, agent, client):
    curieux = SignatureFactory(
        petition=petition, confirmee=True, accord_nouvelles=True, courriel="zoe@example.org"
    )
    conseil.inscrire_au_conseil(petition, par=agent, date=jour(30), lieu="Hôtel de la Métropole")
    adresse = reverse("petitions:rendez_vous", args=[petition.pk, "conseil"])

    reponse = client.get(adresse)
    methode, vevent = evenement(reponse.content)
    assert reponse["Content-Type"].startswith("text/calendar")
    assert (methode, vevent["DTSTART"].dt) == ("PUBLISH", jour(30))
    assert "ATTENDEE" not in vevent

    conseil.inscrire_au_conseil(
        petition, par=agent, date=jour(30), heure_debut=time(10), lieu="Hôtel de la Métropole"
    )
    _, vevent = evenement(client.get(adresse).content)
    assert timezone.localtime(vevent["DTSTART"].dt).hour == 10
    siennes = Courriel.objects.filter(destinataires=[curieux.courriel], acte="petitions/inscrire_au_conseil")
    assert all(adresse in c.corps for c in siennes)
    # No attached file for thousands of signers: the letter has its URL.
    assert not PieceCourriel.objects.filter(courriel__in=siennes).exists()


def test_public_and_author_read_hours_place_and_take_the_file(petition, agent, client):
    rencontrer(petition, agent)
    adresse = reverse("petitions:rendez_vous", args=[petition.pk, "rencontre"])
    publique = client.get(petition.get_public_url()).content.decode()
    client.force_login(petition.auteur)
    sienne = client.get(reverse("petitions:ma_petition", args=[petition.pk])).content.decode()
    for page in (publique, sienne):
        assert adresse in page
        assert "de 18\u00a0h à 20\u00a0h" in page.replace("&nbsp;", "\u00a0")
        assert "Salle 4" in page


def test_the_page_of_the_act_asks_for_the_hour_and_holds_what_was_said(petition, agent, client):
    client.force_login(agent)
    adresse = reverse("petitions:rencontrer", args=[petition.pk])
    reponse = client.post(adresse, {"date": jour(9).isoformat(), "lieu": "Salle 4"})
    assert "Dites à quelle heure la réunion commence." in reponse.content.decode()
    rencontrer(petition, agent)
    page = client.get(adresse).content.decode()
    assert 'value="Salle 4"' in page
    assert "Déjà annoncé" in page


def test_a_note_is_no_meeting(petition, agent, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    conseil.transmettre_note(petition, par=agent, date=jour(0), texte="Ce qu’il faut savoir.")
    assert client.get(reverse("petitions:rendez_vous", args=[petition.pk, "note"])).status_code == 404
