"""Sign-in through an OpenID Connect provider, run on the loopback."""

import json
import re
from collections.abc import Iterator
from html import unescape
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from environ import Env
from pytest_django.asserts import assertContains, assertNotContains

from participation.identites import fournisseurs
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Appartenance, Compte, Courriel
from participation.socle.workflow import Role
from tests.greffons.services import PATIENCE
from tests.socle.comptes.conftest import dernier_code, par_un_code

pytestmark = pytest.mark.django_db
CONNEXION = "/comptes/oidc/agents/login/"
RETOUR = "/comptes/oidc/agents/login/callback/"
AGATHE = {"email": "Agente@example.org", "given_name": "Agathe", "usual_name": "Pic"}
PERSONNES = {
    "agente": {**AGATHE, "acr": "eidas1"},
    "agente-mfa": {**AGATHE, "acr": "eidas1-mfa"},
    "sans-niveau": AGATHE,
    "habitante": {"acr": "eidas1", "given_name": "Jamais", "email": "jamais@example.org"},
    "habitante-faible": {"acr": "eidas0"},
    "habitante-sans-niveau": {},
}
SORTIE = "https://fournisseur.example.org/sortie"


@pytest.fixture(scope="module")
def serveur() -> Iterator[str]:
    from oidc_provider_mock import (
        User,
        run_server_in_thread,
    )  # slow to import, and only this process needs it

    personnes = [User(sub=qui, claims=dites) for qui, dites in PERSONNES.items()]
    with run_server_in_thread(require_nonce=True, user_claims=personnes) as serveur:
        yield f"http://localhost:{serveur.server_port}"


def reglages(serveur: str, public: str, nom: str) -> list[dict]:
    """What the four lines of the environment give."""
    cle = f"OIDC_{public.upper()}"
    lignes = {
        cle: nom,
        f"{cle}_SERVEUR": serveur,
        f"{cle}_CLIENT_ID": "participation",
        f"{cle}_CLIENT_SECRET": "x",
    }
    with patch.dict("os.environ", lignes):
        applications = fournisseurs(Env())
    # The mock has no such address.
    applications[0]["settings"]["openid_configuration_overrides"] = {"end_session_endpoint": SORTIE}
    return applications


@pytest.fixture
def proconnect(settings, serveur: str) -> str:
    applications = reglages(serveur, "agents", "ProConnect")
    applications[0]["settings"]["scope"].append("profile")  # the mock gives `given_name` with it alone
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": applications}}
    return serveur


@pytest.fixture
def franceconnect(settings, serveur: str) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": reglages(serveur, "residents", "FranceConnect")}
    }
    return serveur


def aller_et_revenir(client: Client, sub: str = "agente", acte: str = "", public: str = "agents") -> str:
    """Go to the provider and accept there as `sub`. Returns the URL that it redirects to."""
    depart = client.get(f"/comptes/oidc/{public}/login/")
    assert depart.status_code == 302
    retour = requests.post(
        depart.url,
        data={"sub": sub, **({"action": acte} if acte else {})},
        allow_redirects=False,
        timeout=PATIENCE,
    )
    return retour.headers["Location"].removeprefix("http://testserver")


def relier(client: Client, compte: Compte, sub: str = "agente", public: str = "agents") -> None:
    """Prove the account after the identity, in the same browser, and say yes."""
    client.get(aller_et_revenir(client, sub, public=public))
    client.force_login(compte)
    par_un_code(client)
    client.post(reverse("socle:relier_identite"))


def est_entre(client: Client, compte: Compte) -> bool:
    return client.session.get("_auth_user_id") == str(compte.pk)


def agent_qui_doit_un_second_facteur() -> Compte:
    compte = ouvrir_compte("agente@example.org")
    compte.mfa_exigee_le = timezone.localdate()
    compte.save()
    Appartenance.objects.create(compte=compte, role=Role.AGENT)
    return compte


def test_off_the_button_is_absent_and_the_doors_are_shut(client):
    assertNotContains(client.get(reverse("account_login")), "S’identifier avec")
    assert client.get(CONNEXION).status_code == 404
    assert client.get(RETOUR, {"code": "x", "state": "y"}).status_code == 404


def test_a_line_that_is_missing_stops_the_start():
    with (
        patch.dict("os.environ", {"OIDC_AGENTS": "ProConnect"}),
        pytest.raises(ImproperlyConfigured, match="OIDC_AGENTS_CLIENT_ID"),
    ):
        fournisseurs(Env())


def test_proconnect_is_asked_for_a_second_factor_with_a_long_state_and_nonce(client, proconnect):
    page = client.get(reverse("account_login"))
    assertContains(page, "<span>S’identifier avec</span> <strong>ProConnect</strong>", html=True)
    demande = urlsplit(client.get(CONNEXION).url)
    assert f"{demande.scheme}://{demande.netloc}" == proconnect
    parametres = parse_qs(demande.query)
    assert len(parametres["state"][0]) >= 32
    assert len(parametres["nonce"][0]) >= 32
    assert parametres["code_challenge"]
    acr = json.loads(parametres["claims"][0])["id_token"]["acr"]
    assert acr["essential"] is True
    assert "eidas1" not in acr["values"]
    assert "eidas1-mfa" in acr["values"]


def test_franceconnect_is_asked_for_nothing_but_a_number(client, franceconnect):
    assertContains(client.get(reverse("account_login")), "rien ne vous y oblige")
    parametres = parse_qs(urlsplit(client.get("/comptes/oidc/residents/login/").url).query)
    assert (parametres["scope"], parametres["acr_values"]) == (["openid"], ["eidas1"])
    assert parametres["prompt"] == ["login"]
    assert "code_challenge" not in parametres


def test_somebody_unknown_gets_an_account_without_role(client, proconnect):
    client.get(aller_et_revenir(client))
    compte = Compte.objects.get(courriel="agente@example.org")
    assert est_entre(client, compte)
    assert (compte.prenom, compte.nom) == ("Agathe", "Pic")
    assert not compte.roles
    assert not compte.has_usable_password()
    assert EmailAddress.objects.get(user=compte).verified


def test_the_account_of_an_address_is_entered_once_its_mailbox_is_proved_too(client, proconnect):
    compte = ouvrir_compte("agente@example.org")
    reponse = client.get(aller_et_revenir(client), follow=True)
    assert "_auth_user_id" not in client.session
    assertContains(reponse, "ProConnect a dit qui vous êtes")
    assertContains(reponse, 'value="agente@example.org"')
    client.post(reverse("account_request_login_code"), {"email": "agente@example.org"})
    reponse = client.post(
        reverse("account_confirm_login_code"), {"code": dernier_code("agente@example.org")}, follow=True
    )
    assertContains(reponse, "Relier ProConnect à ce compte")
    assert not SocialAccount.objects.exists()
    client.post(reverse("socle:relier_identite"))
    assert SocialAccount.objects.get().user == compte
    assert "ProConnect" in Courriel.objects.first().corps
    autre = Client()
    autre.get(aller_et_revenir(autre))
    assert est_entre(autre, compte)


def test_an_identity_is_tied_to_one_account_even_from_two_windows(client, proconnect):
    premier, second = ouvrir_compte("agente@example.org"), ouvrir_compte("autre@example.org")
    fenetre = Client()
    fenetre.get(aller_et_revenir(fenetre))
    relier(client, premier)
    fenetre.force_login(second)
    par_un_code(fenetre)
    reponse = fenetre.post(reverse("socle:relier_identite"), follow=True)
    assertContains(reponse, "déjà reliée à un compte")
    assert SocialAccount.objects.get().user == premier


def test_an_identity_that_is_refused_is_not_tied(client, proconnect):
    compte = ouvrir_compte("agente@example.org")
    client.get(aller_et_revenir(client))
    client.force_login(compte)
    par_un_code(client)
    client.post(reverse("socle:relier_identite"), {"refuser": "oui"})
    client.post(reverse("socle:relier_identite"))
    assert not SocialAccount.objects.exists()


def test_a_password_alone_ties_no_identity(client, proconnect):
    """Who knows it could tie an identity of their own, and enter with its second factor."""
    agent = agent_qui_doit_un_second_facteur()
    client.get(aller_et_revenir(client, "agente-mfa"))
    client.force_login(agent)
    reponse = client.post(reverse("socle:relier_identite"))
    assert reponse.url == reverse("socle:prouver_ma_boite")
    assert not SocialAccount.objects.exists()


def test_a_proof_that_is_old_ties_nothing(client, proconnect):
    compte = ouvrir_compte("agente@example.org")
    client.get(aller_et_revenir(client))
    session = client.session
    session["oidc_a_relier"] = {**session["oidc_a_relier"], "le": 0}
    session.save()
    client.force_login(compte)
    par_un_code(client)
    client.post(reverse("socle:relier_identite"))
    assert not SocialAccount.objects.exists()


def test_franceconnect_ties_a_number_and_keeps_no_more(client, franceconnect):
    compte = ouvrir_compte("habitante@example.org")
    relier(client, compte, "habitante", "residents")
    identite = SocialAccount.objects.get()
    assert (identite.user, identite.uid, identite.extra_data) == (compte, "habitante", {})
    autre = Client()
    autre.get(aller_et_revenir(autre, "habitante", public="residents"))
    assert est_entre(autre, compte)
    identite.refresh_from_db()
    assert identite.extra_data == {}
    compte.refresh_from_db()
    assert compte.prenom == ""


@pytest.mark.parametrize("qui", ["habitante-faible", "habitante-sans-niveau"])
def test_a_resident_under_the_level_or_without_one_does_not_enter(client, franceconnect, qui):
    reponse = client.get(aller_et_revenir(client, qui, public="residents"), follow=True)
    assertContains(reponse, "n’a pas abouti", status_code=reponse.status_code)
    assert "oidc_a_relier" not in client.session
    assert "_auth_user_id" not in client.session


def test_an_account_is_untied_by_who_holds_it_alone(client, proconnect):
    compte = ouvrir_compte("agente@example.org")
    relier(client, compte)
    adresse = reverse("socle:delier_identite", args=[SocialAccount.objects.get().pk])
    assertContains(client.get(reverse("socle:mon_compte")), adresse)
    etranger = Client()
    etranger.force_login(ouvrir_compte("autre@example.org"))
    assert etranger.post(adresse).status_code == 404
    client.post(adresse)
    assert not SocialAccount.objects.exists()
    assert "ProConnect" in Courriel.objects.first().corps
    assert est_entre(client, compte)


@pytest.mark.parametrize(
    ("qui", "attendu"), [("agente-mfa", 200), ("agente", 302), ("sans-niveau", 302)], ids=str
)
def test_only_the_level_of_the_signed_token_is_a_second_factor(client, proconnect, qui, attendu):
    relier(Client(), agent_qui_doit_un_second_facteur(), qui)
    client.get(aller_et_revenir(client, qui))
    assert client.get(reverse("socle:mon_compte")).status_code == attendu


def test_another_sign_in_forgets_the_level(client, proconnect):
    compte = agent_qui_doit_un_second_facteur()
    relier(Client(), compte, "agente-mfa")
    client.get(aller_et_revenir(client, "agente-mfa"))
    client.post(reverse("account_logout"))
    client.force_login(compte)
    assert client.get(reverse("socle:mon_compte")).status_code == 302


@pytest.mark.parametrize("fin", ["account_logout", "socle:fermer_compte"])
def test_leaving_ends_the_session_here_then_there(client, proconnect, fin):
    relier(Client(), ouvrir_compte("agente@example.org"))
    client.get(aller_et_revenir(client))
    reponse = client.post(reverse(fin), {"confirme": "on"})
    assert "_auth_user_id" not in client.session
    suite = urlsplit(unescape(re.search(r"url=([^\"]+)", reponse.content.decode()).group(1)))
    assert f"{suite.scheme}://{suite.netloc}{suite.path}" == SORTIE
    parametres = parse_qs(suite.query)
    assert parametres["id_token_hint"][0].count(".") == 2
    assert len(parametres["state"][0]) >= 32
    assert parametres["post_logout_redirect_uri"] == ["http://testserver/"]


def test_a_wrong_state_is_refused(client, proconnect):
    adresse = aller_et_revenir(client)
    reponse = client.get(adresse.replace("state=", "state=x"))
    assertContains(reponse, "La connexion n’a pas abouti", status_code=reponse.status_code)
    assert "_auth_user_id" not in client.session


def test_an_answer_is_taken_once(client, proconnect):
    adresse = aller_et_revenir(client)
    client.get(adresse)
    client.post(reverse("account_logout"))
    client.get(adresse)
    assert "_auth_user_id" not in client.session


def test_an_answer_brought_to_another_browser_is_refused(client, proconnect):
    victime = Client()
    victime.get(CONNEXION)
    victime.get(aller_et_revenir(client))
    assert "_auth_user_id" not in victime.session


def test_an_answer_with_the_nonce_of_another_demand_is_refused(client, proconnect):
    adresse = aller_et_revenir(client)
    session = client.session
    session["oidc_nonce"] = "autre"
    session.save()
    client.get(adresse)
    assert "_auth_user_id" not in client.session


def test_an_answer_that_names_another_provider_is_refused(client, proconnect):
    client.get(aller_et_revenir(client) + "&iss=https%3A%2F%2Fautre.example.org")
    assert "_auth_user_id" not in client.session


def test_an_answer_to_one_provider_opens_nothing_by_the_address_of_another(client, settings, serveur):
    applications = reglages(serveur, "agents", "ProConnect") + reglages(serveur, "residents", "FranceConnect")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": applications}}
    client.get(aller_et_revenir(client).replace("/agents/", "/residents/"))
    assert "_auth_user_id" not in client.session
    assert "oidc_a_relier" not in client.session


def test_a_token_whose_signature_is_wrong_is_refused(client, proconnect, monkeypatch):
    donner = OpenIDConnectOAuth2Adapter.get_access_token_data

    def alteree(self, *mots, **options):
        recu = donner(self, *mots, **options)
        tete, corps, _signature = recu["id_token"].split(".")
        return {**recu, "id_token": f"{tete}.{corps}.{'A' * 342}"}

    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "get_access_token_data", alteree)
    client.get(aller_et_revenir(client))
    assert "_auth_user_id" not in client.session


def test_saying_no_there_is_no_crash_here(client, proconnect):
    reponse = client.get(aller_et_revenir(client, acte="deny"), follow=True)
    assertContains(reponse, "n’a pas abouti")


def test_another_identity_is_never_tied_to_an_open_account_without_a_word(client, proconnect):
    autre = ouvrir_compte("autre@example.org")
    client.force_login(autre)
    depart = client.get(f"{CONNEXION}?process=connect")
    if depart.status_code == 302 and depart.url.startswith(proconnect):
        retour = requests.post(depart.url, data={"sub": "agente"}, allow_redirects=False, timeout=PATIENCE)
        client.get(retour.headers["Location"].removeprefix("http://testserver"))
    assert not SocialAccount.objects.filter(user=autre).exists()


def test_a_provider_that_is_down_says_that_a_code_still_works(client, proconnect, settings):
    application = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    application["settings"]["server_url"] = "http://localhost:9"
    reponse = client.get(CONNEXION)
    assertContains(reponse, "recevoir un code par courriel", status_code=503)
    assert client.get(reverse("account_login")).status_code == 200
