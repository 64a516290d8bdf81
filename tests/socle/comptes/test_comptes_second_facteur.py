"""Second factor, required in time of accounts of the back office."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from participation.socle.actions.comptes import exiger_second_facteur, prouver_adresse, retirer_second_facteur
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from tests.socle.comptes.conftest import dernier_code, par_un_code
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]
MON_COMPTE = "/mon-compte/"


def code_de(secret: str) -> str:
    """Return the code of the current half minute: the former one, also valid, may expire during the test."""
    _avant, maintenant, _apres = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, maintenant))


def totp_deja_servi() -> None:
    """Forget the codes already used, as if their time were over: a code is valid once."""
    cache.clear()
    for facteur in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
        facteur.data.pop("dernier_pas", None)
        facteur.save()


def ajouter_application(client: Client) -> str:
    """Register an application through the pages. Returns its secret."""
    par_un_code(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    reponse = client.post(reverse("mfa_activate_totp"), {"code": code_de(secret)})
    assertRedirects(reponse, reverse("mfa_view_recovery_codes"))
    return secret


@pytest.fixture
def agente():
    return CompteFactory(courriel="agente@example.org", agent=True)


def test_the_first_visit_of_an_agent_starts_the_grace_period(client, agente, settings):
    settings.MFA_DELAI_GRACE_JOURS = 14
    client.force_login(agente)
    page = client.get(MON_COMPTE)
    agente.refresh_from_db()
    assert agente.mfa_exigee_le == timezone.localdate() + timedelta(days=14)
    assertContains(page, "Ajoutez un second facteur avant le")


def test_a_second_visit_does_not_push_the_day_back(client, agente):
    agente.mfa_exigee_le = timezone.localdate() + timedelta(days=2)
    agente.save()
    assert exiger_second_facteur(agente) == timezone.localdate() + timedelta(days=2)


@pytest.mark.parametrize(("jours", "attendu"), [(1, 200), (0, 302), (-30, 302)])
def test_the_back_office_closes_on_the_day_and_not_before(client, agente, jours, attendu):
    agente.mfa_exigee_le = timezone.localdate() + timedelta(days=jours)
    agente.save()
    client.force_login(agente)
    reponse = client.get(MON_COMPTE)
    assert reponse.status_code == attendu
    if attendu == 302:
        assert reponse.url == reverse("mfa_index")
        assertContains(client.get(reponse.url), "Ajoutez-en un pour continuer")


def test_late_an_agent_can_only_add_a_second_factor_or_leave(client, agente):
    agente.mfa_exigee_le = date(2020, 1, 1)
    agente.save()
    client.force_login(agente)
    par_un_code(client)
    for nom in (
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_logout",
        "socle:prouver_ma_boite",
    ):
        assert client.get(reverse(nom)).status_code == 200, nom
    for adresse in (MON_COMPTE, reverse("account_email"), reverse("usersessions_list"), "/reference/"):
        assert client.get(adresse).status_code == 302, adresse
    ajouter_application(client)
    assert client.get(MON_COMPTE).status_code == 200


def test_late_an_agent_is_nobody_on_pages_open_to_all(rf, agente):
    from participation.socle.http.decorateurs import publique
    from participation.socle.http.intergiciels import SecondFacteurMiddleware

    agente.mfa_exigee_le = date(2020, 1, 1)
    agente.save()
    requete = rf.get("/")
    requete.session, requete.user, requete.resolver_match = {}, agente, None
    SecondFacteurMiddleware(lambda r: None).process_view(requete, publique(lambda r: None), (), {})
    assert not requete.user.is_authenticated


@pytest.mark.parametrize("role", [None, Role.MEMBRE])
def test_residents_and_members_owe_none(client, role):
    client.force_login(CompteFactory(role=role, mfa_exigee_le=date(2020, 1, 1)))
    assertNotContains(client.get(MON_COMPTE), "Ajoutez un second facteur avant")


@pytest.mark.parametrize("role", [Role.ELU, Role.ACCUEIL])
def test_elus_and_reception_agents_owe_one(client, role):
    client.force_login(CompteFactory(role=role, mfa_exigee_le=date(2020, 1, 1)))
    assert client.get(MON_COMPTE).status_code == 302


def test_who_edits_the_reference_tables_owes_one(client):
    client.force_login(CompteFactory(is_staff=True, is_superuser=True, mfa_exigee_le=date(2020, 1, 1)))
    assert client.get("/reference/").url == reverse("mfa_index")


def test_with_an_application_sign_in_asks_for_its_code(client, agente, entrer):
    entrer(client, "agente@example.org")
    secret = ajouter_application(client)
    client.post(reverse("account_logout"))

    client.post(reverse("account_login"), {"email": "agente@example.org"})
    reponse = client.post(
        reverse("account_confirm_login_code"), {"code": dernier_code("agente@example.org")}, follow=True
    )
    assertContains(reponse, "Confirmez avec votre second facteur")
    assert "_auth_user_id" not in client.session
    assertContains(client.post(reverse("mfa_authenticate"), {"code": "000000"}), "pas le bon")

    totp_deja_servi()
    client.post(reverse("mfa_authenticate"), {"code": code_de(secret)})
    assert client.session["_auth_user_id"] == str(agente.pk)


def test_a_recovery_code_works_once(client, agente, entrer):
    entrer(client, "agente@example.org")
    ajouter_application(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    texte = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert codes[0] in texte

    for attendu in (True, False):
        visiteur = Client()
        visiteur.post(reverse("account_login"), {"email": "agente@example.org"})
        visiteur.post(reverse("account_confirm_login_code"), {"code": dernier_code("agente@example.org")})
        visiteur.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert ("_auth_user_id" in visiteur.session) is attendu


def test_guessing_the_second_factor_locks_it(client, agente, entrer):
    entrer(client, "agente@example.org")
    secret = ajouter_application(client)
    visiteur = Client()
    visiteur.post(reverse("account_login"), {"email": "agente@example.org"})
    visiteur.post(reverse("account_confirm_login_code"), {"code": dernier_code("agente@example.org")})
    for _ in range(5):
        visiteur.post(reverse("mfa_authenticate"), {"code": "000000"})
    reponse = visiteur.post(reverse("mfa_authenticate"), {"code": code_de(secret)})
    assertContains(reponse, "Attendez un quart d’heure")
    assert "_auth_user_id" not in visiteur.session


def test_secrets_are_not_readable_in_the_database(client, agente, settings):
    client.force_login(agente)
    secret = ajouter_application(client)
    facteur = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(facteur.data)
    with override_settings(SECRET_KEY="une autre clé", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert facteur.wrap().validate_code(code_de(secret)) in {True, False}  # still readable


def test_the_service_can_take_a_lost_second_factor_away(client, agente):
    client.force_login(agente)
    ajouter_application(client)
    retirer_second_facteur(agente, par=CompteFactory(is_superuser=True))
    assert not Authenticator.objects.filter(user=agente).exists()
    assert Courriel.objects.first().sujet == "Votre second facteur est retiré"


def test_an_application_is_taken_away_and_the_page_warns_agents(client, agente):
    client.force_login(agente)
    ajouter_application(client)
    assertContains(client.get(reverse("mfa_deactivate_totp")), "cet espace se ferme")
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=agente).exists()


def test_with_an_old_second_factor_the_pages_that_change_it_ask_for_it_again(client, agente):
    client.force_login(agente)
    secret = ajouter_application(client)
    Authenticator.objects.update(created_at=timezone.localtime() - timedelta(days=1))
    par_un_code(client, il_y_a=3600)
    page = client.get(reverse("mfa_generate_recovery_codes"), follow=True)
    assertContains(page, "Confirmer que c’est vous")
    totp_deja_servi()
    suite = client.post(
        f"{reverse('mfa_reauthenticate')}?next={reverse('mfa_generate_recovery_codes')}",
        {"code": code_de(secret)},
        follow=True,
    )
    assertContains(suite, "Faire les codes")


def test_a_code_of_the_application_serves_once_for_as_long_as_it_is_good(
    client, agente, entrer, time_machine
):
    entrer(client, agente.courriel)
    secret = ajouter_application(client)
    depart = timezone.now().replace(second=1) + timedelta(minutes=10)
    time_machine.move_to(depart, tick=False)
    code = code_de(secret)

    def essayer(secondes: int) -> bool:
        time_machine.move_to(depart + timedelta(seconds=secondes), tick=False)
        visiteur = Client()
        visiteur.post("/comptes/login/code/", {"email": agente.courriel})
        visiteur.post("/comptes/login/code/confirm/", {"code": dernier_code(agente.courriel)})
        visiteur.post(reverse("mfa_authenticate"), {"code": code})
        return "_auth_user_id" in visiteur.session

    assert essayer(0)
    cache.clear()  # what a lost Redis would forget
    assert not essayer(1)
    assert not essayer(35)  # allauth remembers for thirty seconds, but the code is valid for ninety
    code = code_de(secret)
    assert essayer(36)


def test_a_password_alone_adds_no_first_factor_and_a_code_of_the_mailbox_does(client, agente):
    prouver_adresse(agente)
    agente.set_password("une phrase de douze")
    agente.mfa_exigee_le = date(2020, 1, 1)
    agente.save()
    client.post(reverse("socle:mot_de_passe"), {"login": agente.courriel, "password": "une phrase de douze"})
    assert client.session["_auth_user_id"] == str(agente.pk)
    prouver = reverse("socle:prouver_ma_boite")
    for nom in ("mfa_activate_totp", "mfa_add_webauthn"):
        for envoi in (client.get, client.post):
            assertRedirects(envoi(reverse(nom)), prouver)

    confirmer = client.post(prouver).url
    assert "_auth_user_id" not in client.session
    reponse = client.post(confirmer, {"code": dernier_code(agente.courriel)})

    assertRedirects(reponse, reverse("mfa_index"))
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert Authenticator.objects.filter(user=agente).count() == 0


def test_a_password_alone_does_not_lead_the_codes_of_an_agent_to_another_mailbox(client, agente, entrer):
    """Attack: with a stolen password, change the address first, then prove the new one."""
    prouver_adresse(agente)
    agente.set_password("une phrase de douze")
    agente.save()
    client.post(reverse("socle:mot_de_passe"), {"login": agente.courriel, "password": "une phrase de douze"})
    for envoi in (client.get, client.post):
        reponse = envoi(reverse("account_email"), {"email": "pirate@ailleurs.example", "action_add": ""})
        assertRedirects(reponse, reverse("socle:prouver_ma_boite"))

    client.logout()
    entrer(client, agente.courriel)
    assert client.get(reverse("account_email")).status_code == 200
    sans_role = Client()
    sans_role.force_login(CompteFactory())
    assert sans_role.get(reverse("account_email")).status_code == 200  # a password is enough


def test_a_code_of_the_mailbox_already_typed_in_this_session_is_not_asked_for_again(client, agente, entrer):
    entrer(client, agente.courriel)

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize(
    ("role", "adresse"), [(Role.ACCUEIL, "/remontees/noter/"), (Role.ACCUEIL, "/remontees/noter/ma-liste/")]
)
def test_who_owes_a_second_factor_reads_it_on_the_pages_out_of_the_back_office(client, role, adresse):
    client.force_login(CompteFactory(role=role))

    assertContains(client.get(adresse), "Ajoutez un second facteur avant le")


def test_who_edits_the_reference_tables_reads_it_there_with_a_way_to_the_account(client):
    client.force_login(CompteFactory(is_staff=True, is_superuser=True))

    page = client.get("/reference/")

    assertContains(page, "Ajoutez un second facteur avant le")
    assertContains(page, reverse("socle:mon_compte"))
