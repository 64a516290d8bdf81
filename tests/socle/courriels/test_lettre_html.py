"""Format of letters for mail programs: two parts, headers, French spacing."""

import re
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from django.utils import timezone

from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.courriels.message import blocs, message_de, rendre_html
from participation.socle.models import Courriel
from tests.greffons.contrastes import fautes_d_axe
from tests.greffons.navigateur import DEBORDE
from tests.petitions.factories import PetitionFactory

LIEN = (
    "https://participation.example.org/petitions/nouvelles/"
    + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA:1xVteK:FJtkTp30" * 3
)
CORPS = f"""Bonjour Odile,

Pour que votre signature compte, ouvrez ce lien, puis appuyez sur « Je signe » :
{LIEN}/

Votre code :
482915

- Tarifs <de l'eau> : avis du 3 mai
  avec une annexe
- Questions diverses

Voir la page : {LIEN}?a=1&b=2
Vous suivez ce dossier. Pour ne plus recevoir de nouvelles : {LIEN}/stop/.
"""


@pytest.fixture
def brut(db) -> bytes:
    petition = PetitionFactory(en_collecte=True)
    ecrire_a_plusieurs(
        "petitions/clore_collecte",
        [Destinataire("x@example.org", desabonnement=LIEN.removeprefix("https://participation.example.org"))],
        contexte={"petition": petition, "lien": "/", "total": 3, "est_a_debattre": False},
        dossier=petition,
    )
    courriel = Courriel.objects.get()
    courriel.corps = CORPS
    return message_de(courriel).message().as_bytes(linesep="\r\n")


def test_the_headers_are_those_that_mail_programs_read(brut):
    tete = brut.decode().partition("\r\n\r\n")[0]
    (arret,) = re.findall(r"^List-Unsubscribe: (.*)\r$", tete + "\r", re.M)
    assert re.fullmatch(r"<http\S+/petitions/nouvelles/MTIz\S+>", arret)
    assert re.search(r"^List-Id: <pet-2026-\d+\.\S+>", tete, re.M)
    (date,) = re.findall(r"^Date: (.*)\r$", tete, re.M)
    assert parsedate_to_datetime(date).utcoffset() == timezone.localtime().utcoffset()
    assert max(map(len, brut.split(b"\r\n"))) <= 998


def test_both_parts_say_the_same_with_french_spacing(brut):
    message = message_from_bytes(brut, policy=policy.default)
    texte = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    texte, html = (partie.replace("\r\n", "\n") for partie in (texte, html))
    assert [partie.get_content_type() for partie in message.iter_parts()] == ["text/plain", "text/html"]
    for partie in (texte, html):
        assert "«\u00a0Je signe\u00a0»\u00a0:" in partie
        assert "l’eau" in partie
        assert "3\u00a0mai" in partie
    assert f"{LIEN}/\n" in texte, "an address is never spaced"


def test_the_first_address_is_a_button_and_all_are_read_in_full():
    html = rendre_html("Objet", CORPS, '"Participation" <p@example.org>')
    assert html.count('class="bouton"') == 1
    assert f'<a class="bouton" href="{LIEN}/">Ouvrir la page</a>' in html
    assert f'href="{LIEN}/">{LIEN}/</a>' in html
    assert f'Voir la page&nbsp;:<br><a href="{LIEN}?a=1&amp;b=2">' in html
    assert f'href="{LIEN}/stop/">' in html
    assert '<p class="code">482915</p>' in html
    assert "<li>Tarifs &lt;de l’eau&gt;\u00a0: avis du 3\u00a0mai<br>avec une annexe</li>" in html
    assert "http" not in re.sub(re.escape(LIEN), "", html), "nothing is fetched from elsewhere"


def test_the_button_is_what_is_asked_and_says_it_when_the_line_above_does(settings):
    settings.SITE_URL = "https://participation.example.org"
    corps = f"À distance : https://visio.example.org/a\n\nLe bilan est attendu.\nRendre le bilan :\n{LIEN}/\n"
    html = rendre_html("Objet", corps, "")
    assert re.findall('class="bouton".*?<', html) == [f'class="bouton" href="{LIEN}/">Rendre le bilan<']
    assert "<p>Le bilan est attendu.</p>" in html


def test_the_letter_is_accessible_in_light_and_dark_on_a_phone(page):
    html = rendre_html("Confirmez votre signature", CORPS, '"Participation" <p@example.org>')
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": 390, "height": 800})
        page.set_content(html)
        assert page.evaluate(DEBORDE, 390) == ""
        assert fautes_d_axe(page) == []


def test_the_button_of_a_letter_opens_a_page_rather_than_a_file_for_an_agenda(settings):
    agenda, page = (
        f"{settings.SITE_URL}/petitions/1/rendez-vous/conseil.ics",
        f"{settings.SITE_URL}/petitions/1/",
    )
    boutons = [
        [bloc.adresse for bloc in blocs(corps) if bloc.est_bouton]
        for corps in (
            f"Pour votre agenda : {agenda}\n\nVoir la pétition : {page}",
            f"Pour votre agenda : {agenda}",
        )
    ]

    assert boutons == [[page], [agenda]]
