"""Development page that lists the letters: they can be read there, and the page exists nowhere else."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from participation.socle.models import Courriel
from tests.greffons.contrastes import fautes_d_axe
from tests.greffons.navigateur import DEBORDE, suivre
from tests.outils import constant_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vrai_courrier")]


@pytest.fixture
def developpement(settings):
    settings.LETTRES_LISIBLES = True


def envoyer(sujet="Votre code", pour="habitante@example.org"):
    message = EmailMultiAlternatives(sujet, "Ouvrez http://127.0.0.1:8000/code?a=1&b=2.", to=[pour])
    message.attach_alternative("<p>Le code <b>en gras</b></p>", "text/html")
    message.attach("procès-verbal.html", "<script>1</script>", "text/html")
    message.send()
    return Courriel.objects.latest("pk")


def test_a_letter_is_read_whole_without_an_account(client, developpement):
    lettre = envoyer("Code <i>")
    liste = client.get(reverse("socle:lettres")).content.decode()
    assert "Code &lt;i&gt;" in liste
    assert "À envoyer" in liste

    page = client.get(reverse("socle:lettre", args=[lettre.pk]))
    assert 'href="http://127.0.0.1:8000/code?a=1&amp;b=2"' in page.content.decode()
    assert "procès-verbal.html" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_nothing_that_a_letter_brings_can_run(client, developpement):
    lettre = envoyer()
    html = client.get(reverse("socle:lettre_html", args=[lettre.pk]))
    assert "<b>en gras</b>" in html.content.decode()
    assert "sandbox" in html["Content-Security-Policy"]
    assert "script-src" not in html["Content-Security-Policy"]
    Courriel.objects.filter(pk=lettre.pk).update(corps_html="")
    # Plain client: ours refuses inline styles, which letters need.
    du_texte = Client().get(reverse("socle:lettre_html", args=[lettre.pk])).content.decode()
    assert '<a href="http://127.0.0.1:8000/code?a=1&amp;b=2">' in du_texte
    piece = client.get(reverse("socle:piece_lettre", args=[lettre.pieces.get().pk]))
    assert piece.getvalue() == b"<script>1</script>"
    assert piece["Content-Disposition"].startswith("attachment")


def test_the_list_is_narrowed_to_one_recipient(client, developpement):
    envoyer("Pour Ana", pour="ana@example.org")
    envoyer("Pour Zoé", pour="zoe@example.org")
    liste = client.get(reverse("socle:lettres"), {"pour": "ANA@\0"}).content.decode()
    assert "Pour Ana" in liste
    assert "Pour Zoé" not in liste


@pytest.mark.django_db(transaction=True)
def test_the_page_is_accessible_on_a_phone_and_a_desk(page, live_server, developpement):
    envoyer(pour="une-adresse-aussi-longue-que-le-nom-de-son-association@association-du-quartier.example.org")
    for largeur in (390, 1280):
        page.set_viewport_size({"width": largeur, "height": 900})
        page.goto(live_server.url + reverse("socle:lettres"))
        assert page.evaluate(DEBORDE, largeur) == ""
        assert fautes_d_axe(page) == []
        suivre(page.get_by_role("link", name="Votre code"))
        assert page.evaluate(DEBORDE, largeur) == ""
        assert fautes_d_axe(page) == []


def test_the_fifty_last_letters_cost_what_one_costs(client, developpement):
    constant_queries(client, reverse("socle:lettres"), lambda: envoyer(pour="a@example.org"))


def test_there_is_no_such_page_elsewhere(client):
    lettre = envoyer()
    for nom, numero in (("lettre", lettre.pk), ("lettre_html", lettre.pk), ("piece_lettre", 1)):
        assert client.get(reverse(f"socle:{nom}", args=[numero])).status_code == 404
    assert client.get(reverse("socle:lettres")).status_code == 404
