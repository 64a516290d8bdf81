"""Letters that hold a code: no agent reads it, in a subject, a page, a list, a search or an export."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from participation.socle.actions import courriels
from participation.socle.courriels import ecriture as courrier
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel
from tests.maison import APPS, code, lire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
LIT_UNE_CLE = re.compile(r"""forms\.UUIDField|(?:cleaned_data|POST|GET)(?:\.get\()?[\[ ]?["']cle["']""")
SUJETS = sorted((Path(settings.BASE_DIR) / "templates").glob("bibliotheques/*/email/*subject.txt"))


@pytest.fixture(autouse=True)
def boite(settings) -> None:
    settings.EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"


@pytest.fixture
def envoi(settings, monkeypatch):
    class Accepte:
        def __enter__(self):
            return self

        def __exit__(self, *exc: object) -> None:
            pass

        def envoyer(self, courriel: Courriel) -> None:
            self.corps = courriel.corps

    monkeypatch.setattr(courriels, "transport_de", lambda moyen: Accepte())


def code_demande(client) -> tuple[str, Courriel]:
    client.post(reverse("account_request_login_code"), {"email": "elue@example.org"})
    lettre = Courriel.objects.latest("pk")
    return re.search(r"^\d{6}$", lettre.corps, re.M)[0], lettre


@pytest.mark.parametrize("sujet", SUJETS, ids=lambda chemin: chemin.stem)
def test_no_subject_of_a_letter_about_an_account_is_made_of_what_it_says(sujet):
    assert "{{" not in sujet.read_text()


def test_a_code_asked_for_somebody_else_is_nowhere_in_what_an_agent_sees(client):
    code, lettre = code_demande(client)
    client.force_login(CompteFactory(agent=True))
    liste = reverse("socle:courriels")
    vues = [
        liste,
        f"{liste}?export=csv",
        f"{liste}?q={code}",
        reverse("socle:courriel", args=[lettre.pk]),
        reverse("socle:courriels_retenus"),
    ]

    for vue in vues:
        reponse = client.get(vue)
        lu = b"".join(reponse) if reponse.streaming else reponse.content
        assert code not in lu.decode().replace(f"q={code}", "").replace(f'value="{code}"', ""), vue


def test_a_letter_of_an_account_is_emptied_once_sent_and_says_so_to_who_would_send_it_again(client, envoi):
    _, lettre = code_demande(client)

    assert courriels.envoyer([lettre.pk])

    lettre.refresh_from_db()
    assert (lettre.etat, lettre.corps, lettre.corps_html) == (Courriel.Etat.ENVOYE, "", "")
    agent = CompteFactory(agent=True)
    with pytest.raises(ActeInterdit, match="effacé une fois parti"):
        courriels.renvoyer(lettre, par=agent)
    client.force_login(agent)
    page = client.get(reverse("socle:courriel", args=[lettre.pk])).content.decode()
    assert "Renvoyer la lettre" not in page


def test_any_letter_about_an_account_is_secret():
    send_mail("Choisir un nouveau mot de passe", "https://site/abc", None, ["alma@example.org"])

    assert Courriel.objects.get().est_secrete


def test_a_letter_that_is_given_a_code_is_secret_and_its_subject_may_not_say_it(monkeypatch):
    budget = SimpleNamespace(titre="Budget")
    valeurs = {"budget": budget, "code": "VPHK-G7LH-3YNT", "numero": 12, "lien": "/v/", "fin": None}
    lettre = courrier.rediger("budgets/code_de_vote", ["lea@example.org"], valeurs)
    assert lettre.est_secrete
    assert lettre.se_tait

    monkeypatch.setattr(courrier, "render_to_string", lambda *_: "Code VPHK-G7LH-3YNT\n\nVotez.")
    with pytest.raises(ValueError, match="holds a secret"):
        courrier.composer("budgets/code_de_vote", valeurs)


def test_no_form_but_the_one_of_sendings_reads_a_key_from_outside():
    """A key that a visitor chose, stored as it is, may take the place of one of ours. A form stands in any module."""
    lisent = {chemin.name for chemin in code(*APPS) if LIT_UNE_CLE.search(lire(chemin))}

    assert lisent == {"envois.py"}
