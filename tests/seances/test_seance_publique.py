"""Public page of a séance: link from the calendar, agenda once convened, procès-verbal once published."""

from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.seances.models import PieceSeance, PointDossier, Seance
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import PointFactory, SeanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance():
    return SeanceFactory(
        est_publique=True, titre="Plénière de juin", acces="Tram A", lien_public="https://direct.example.org/"
    )


def page(client, seance):
    reponse = client.get(reverse("seances:seance_publique", args=[seance.pk]))
    return reponse.content.decode() if reponse.status_code == 200 else reponse.status_code


def test_in_december_the_calendar_opens_on_what_comes(client):
    annee = timezone.localdate().year + 1
    le_dix = datetime(annee, 1, 10, 18, tzinfo=timezone.get_current_timezone())
    seance = SeanceFactory(est_publique=True, debut=le_dix, fin=le_dix + timedelta(hours=2))

    assert seance.get_public_url() in client.get(reverse("seances:calendrier_public")).content.decode()


def test_the_public_is_led_to_the_page_from_the_calendar_the_home_and_the_feed(client, seance):
    """These pages say « Son ordre du jour est publié »: the link must lead to it."""
    adresse = seance.get_public_url()
    for nom, args in (
        ("seances:calendrier_public", []),
        ("seances:instances_publiques", []),
        ("seances:composition", [seance.instance.cle]),
        ("socle:accueil", []),
    ):
        assert adresse in client.get(reverse(nom, args=args)).content.decode(), nom
    (evenement,) = Calendar.from_ical(client.get(reverse("seances:agenda_tous")).content).walk("VEVENT")
    assert str(evenement["URL"]).endswith(adresse)


def test_the_agenda_is_there_once_convened_without_what_is_behind_closed_doors(client, seance):
    """Shown: public papers and dossiers, access, video stream.

    Hidden: link for members, notes, secret titles.
    """
    public, secret = (
        PointFactory(seance=seance, titre="Rapport de l’eau", note="Pour les membres"),
        PointFactory(seance=seance, titre="Cas de Madame X", est_confidentiel=True),
    )
    publiee, brouillon = PetitionFactory(debattue=True), PetitionFactory()
    for dossier in (publiee, brouillon):
        PointDossier.objects.create(point=public, dossier=dossier)
    for titre, point, est_publique in (
        ("Note publique", public, True), ("Note interne", public, False), ("Note secrète", secret, True),
    ):  # fmt: skip
        PieceSeance.objects.create(
            seance=seance, point=point, titre=titre, nom="n.pdf", type_mime="application/pdf", taille=1,
            sha256="0", est_publique=est_publique, fichier=ContentFile(b"x", "n.pdf"),
        )  # fmt: skip
    avant = page(client, seance)
    assert "reste à confirmer" in avant
    assert "Rapport de l’eau" not in avant

    Seance.objects.filter(pk=seance.pk).update(etat="convoquee")
    html = page(client, seance)
    for vu in (
        "Rapport de l’eau",
        "Note publique",
        "huis clos",
        "Tram A",
        "https://direct.example.org/",
        publiee.titre,
    ):
        assert vu in html, vu
    for tu in (
        "Madame X",
        "Note interne",
        "Note secrète",
        "Pour les membres",
        "visio.example.org",
        brouillon.titre,
    ):
        assert tu not in html, tu


def test_nobody_finds_a_page_for_a_seance_that_is_not_public(client, seance):
    Seance.objects.filter(pk=seance.pk).update(est_publique=False)
    assert page(client, seance) == 404
