"""Sign-in through an OpenID Connect provider, run on the loopback."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Appartenance, Compte
from participation.socle.workflow import Role
from tests.greffons.services import PATIENCE

pytestmark = pytest.mark.django_db
CONNEXION = "/comptes/oidc/agents/login/"
RETOUR = "/comptes/oidc/agents/login/callback/"
PERSONNES = {
    "agente": {
        "email": "Agente@example.org",
        "email_verified": True,
        "given_name": "Agathe",
        "family_name": "Pic",
    },
    "sans-preuve": {"email": "agente@example.org", "email_verified": False},
}


@pytest.fixture(scope="module")
def serveur() -> Iterator[str]:
    from oidc_provider_mock import (
        User,
        run_server_in_thread,
    )  # slow to import, and only this process needs it

    personnes = [User(sub=qui, claims=dites) for qui, dites in PERSONNES.items()]
    with run_server_in_thread(require_nonce=True, user_claims=personnes) as serveur:
        yield f"http://localhost:{serveur.server_port}"


@pytest.fixture
def oidc(settings, serveur: str) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "agents",
                    "name": "Service d’essai",
                    "client_id": "participation",
                    "secret": "secret",
                    "settings": {"server_url": serveur, "scope": ["openid", "profile", "email"]},
                }
            ],
        }
    }
    return serveur


def aller_et_revenir(client: Client, sub: str = "agente", acte: str = "") -> str:
    """Go to the provider and accept there as `sub`. Returns the URL that it redirects to."""
    depart = client.get(CONNEXION)
    assert depart.status_code == 302
    retour = requests.post(
        depart.url,
        data={"sub": sub, **({"action": acte} if acte else {})},
        allow_redirects=False,
        timeout=PATIENCE,
    )
    return retour.headers["Location"].removeprefix("http://testserver")


def test_off_the_button_is_absent_and_the_doors_are_shut(client):
    assertNotContains(client.get(reverse("account_login")), "Se connecter avec")
    assert client.get(CONNEXION).status_code == 404
    assert client.get(RETOUR, {"code": "x", "state": "y"}).status_code == 404


def test_on_the_button_leads_to_the_provider_with_state_nonce_and_pkce(client, oidc):
    assertContains(client.get(reverse("account_login")), "Se connecter avec Service d’essai")
    demande = urlsplit(client.get(CONNEXION).url)
    assert f"{demande.scheme}://{demande.netloc}" == oidc
    parametres = parse_qs(demande.query)
    assert {"state", "nonce", "code_challenge"} <= parametres.keys()


def test_the_account_of_the_proved_address_is_opened(client, oidc):
    compte = ouvrir_compte("agente@example.org")
    client.get(aller_et_revenir(client))
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert SocialAccount.objects.get().user == compte


def test_somebody_unknown_gets_an_account_without_role(client, oidc):
    client.get(aller_et_revenir(client))
    compte = Compte.objects.get(courriel="agente@example.org")
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert (compte.prenom, compte.nom) == ("Agathe", "Pic")
    assert not compte.roles
    assert not compte.has_usable_password()
    assert EmailAddress.objects.get(user=compte).verified


def test_an_address_that_the_provider_does_not_prove_opens_nothing(client, oidc):
    ouvrir_compte("agente@example.org")
    client.get(aller_et_revenir(client, "sans-preuve"), follow=True)
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_a_wrong_state_is_refused(client, oidc):
    adresse = aller_et_revenir(client)
    reponse = client.get(adresse.replace("state=", "state=x"))
    assertContains(reponse, "La connexion n’a pas abouti", status_code=reponse.status_code)
    assert "_auth_user_id" not in client.session


def test_an_answer_brought_to_another_browser_is_refused(client, oidc):
    victime = Client()
    victime.get(CONNEXION)
    victime.get(aller_et_revenir(client))
    assert "_auth_user_id" not in victime.session


def test_an_answer_with_the_nonce_of_another_demand_is_refused(client, oidc):
    adresse = aller_et_revenir(client)
    session = client.session
    session["oidc_nonce"] = "autre"
    session.save()
    client.get(adresse)
    assert "_auth_user_id" not in client.session


def test_saying_no_there_is_no_crash_here(client, oidc):
    reponse = client.get(aller_et_revenir(client, acte="deny"), follow=True)
    assertContains(reponse, "n’a pas abouti")


def test_another_identity_is_never_tied_to_an_open_account(client, oidc):
    autre = ouvrir_compte("autre@example.org")
    client.force_login(autre)
    depart = client.get(f"{CONNEXION}?process=connect")
    if depart.status_code == 302 and depart.url.startswith(oidc):
        retour = requests.post(depart.url, data={"sub": "agente"}, allow_redirects=False, timeout=PATIENCE)
        client.get(retour.headers["Location"].removeprefix("http://testserver"))
    assert not SocialAccount.objects.filter(user=autre).exists()


def test_a_provider_that_is_down_gives_a_plain_page(client, oidc, settings):
    application = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    application["settings"]["server_url"] = "http://localhost:9"
    reponse = client.get(CONNEXION)
    assertContains(reponse, "n’a pas abouti", status_code=503)


@pytest.mark.parametrize(("vaut", "attendu"), [(True, 200), (False, 302)])
def test_the_provider_counts_as_second_factor_only_if_said_so(client, oidc, settings, vaut, attendu):
    settings.OIDC_VAUT_SECOND_FACTEUR = vaut
    compte = ouvrir_compte("agente@example.org")
    compte.mfa_exigee_le = timezone.localdate()
    compte.save()
    Appartenance.objects.create(compte=compte, role=Role.AGENT)
    client.get(aller_et_revenir(client))
    assert client.get(reverse("socle:mon_compte")).status_code == attendu
