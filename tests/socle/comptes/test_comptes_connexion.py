"""Sign-in by code or password, and its protection against guessing."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Compte, Courriel
from tests.socle.comptes.conftest import dernier_code
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
MOT_DE_PASSE = "trois-marmottes-au-soleil"


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


def demander(client: Client, courriel: str, suite: str = ""):
    return client.post(reverse("account_request_login_code"), {"email": courriel, "next": suite})


def confirmer(client: Client, code: str, suite: str = ""):
    return client.post(reverse("account_confirm_login_code"), {"code": code, "next": suite})


def test_a_code_received_by_mail_opens_the_account(client):
    compte = ouvrir_compte("alma@example.org")
    page = client.get(reverse("account_login"))
    assertContains(page, "Recevoir un code")
    assertContains(page, "Utiliser mon mot de passe")

    demander(client, "alma@example.org")
    reponse = confirmer(client, dernier_code("alma@example.org"))

    assertRedirects(reponse, reverse("socle:accueil_compte"), fetch_redirect_response=False)
    assert client.session["_auth_user_id"] == str(compte.pk)


def test_the_code_is_in_a_letter_whose_subject_says_nothing_of_it(client):
    demander(client, "alma@example.org")
    lettre = Courriel.objects.get()
    assert lettre.sujet == "Votre code de connexion"
    assert dernier_code("alma@example.org") in lettre.corps


def test_an_unknown_address_gets_the_same_pages_and_an_account_once_proved(client):
    ouvrir_compte("connue@example.org")
    autre = Client()
    pages = [
        client.post(reverse("account_login"), {"email": "connue@example.org"}, follow=True).content,
        autre.post(reverse("account_login"), {"email": "nouvel@example.org"}, follow=True).content,
    ]
    assert len({len(p.replace(b"nouvel@", b"connue@")) for p in pages}) == 1
    assert not Compte.objects.filter(courriel="nouvel@example.org").exists()

    confirmer(autre, dernier_code("nouvel@example.org"))

    compte = Compte.objects.get(courriel="nouvel@example.org")
    assert autre.session["_auth_user_id"] == str(compte.pk)
    assert not compte.has_usable_password()
    assert EmailAddress.objects.get(user=compte).verified


def test_capitals_in_an_address_make_no_second_account(client):
    compte = CompteFactory(courriel="Alma@Example.org")
    demander(client, "ALMA@EXAMPLE.ORG")
    confirmer(client, dernier_code("alma@example.org"))
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert Compte.objects.count() == 1


def test_capitals_are_accepted_with_a_password_too(client):
    compte = ouvrir_compte("alma@example.org")
    compte.set_password(MOT_DE_PASSE)
    compte.save()
    client.post(reverse("socle:mot_de_passe"), {"login": "Alma@Example.ORG", "password": MOT_DE_PASSE})
    assert connecte(client)


def test_another_code_can_be_asked_for_and_only_the_last_one_works(client):
    demander(client, "nouvel@example.org")
    premier = dernier_code("nouvel@example.org")
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    second = dernier_code("nouvel@example.org")
    if premier != second:
        assertContains(confirmer(client, premier), "pas le bon")
    confirmer(client, second)
    assert connecte(client)


def test_three_wrong_codes_end_the_try(client):
    demander(client, "alma@example.org")
    bon = dernier_code("alma@example.org")
    faux = "000000" if bon != "000000" else "111111"
    for _ in range(3):
        confirmer(client, faux)
    confirmer(client, bon)
    assert not connecte(client)


def test_a_code_is_no_longer_good_after_a_quarter_of_an_hour(client, time_machine):
    demander(client, "alma@example.org")
    code = dernier_code("alma@example.org")
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    confirmer(client, code)
    assert not connecte(client)


def test_an_address_gets_five_codes_then_has_to_wait(client):
    for _ in range(5):
        demander(Client(), "alma@example.org")
    assertContains(demander(client, "alma@example.org"), "Attendez un quart d’heure")
    assert Courriel.objects.count() == 5


def ailleurs(rang: int) -> str:
    """Return an IP address in another network for each rank."""
    return f"203.0.{rang}.7"


def avec_mot_de_passe(courriel: str) -> Compte:
    compte = ouvrir_compte(courriel)
    compte.set_password(MOT_DE_PASSE)
    compte.save()
    return compte


def essayer_mot_de_passe(visiteur: Client, mot_de_passe: str, courriel: str = "alma@example.org"):
    return visiteur.post(reverse("socle:mot_de_passe"), {"login": courriel, "password": mot_de_passe})


def test_five_wrong_passwords_hold_their_network_and_not_the_account(client):
    avec_mot_de_passe("alma@example.org")
    for rang in range(6):
        essayer_mot_de_passe(Client(REMOTE_ADDR=f"203.0.113.{rang}"), "faux")
    voisin = Client(REMOTE_ADDR="203.0.113.200")
    assertContains(essayer_mot_de_passe(voisin, MOT_DE_PASSE), "Attendez un quart d’heure")
    assert not connecte(voisin)

    essayer_mot_de_passe(client, MOT_DE_PASSE)
    assert connecte(client)


def test_many_networks_are_held_too_but_never_a_browser_that_knows_the_account(client, settings):
    settings.LIMITES = {**settings.LIMITES, "mot_de_passe.boite": "8/900s/key", "code.boite": "8/900s/key"}
    avec_mot_de_passe("alma@example.org")
    essayer_mot_de_passe(client, MOT_DE_PASSE)
    assert connecte(client)
    client.post(reverse("account_logout"))

    for rang in range(8):
        essayer_mot_de_passe(Client(REMOTE_ADDR=ailleurs(rang)), "faux")
        demander(Client(REMOTE_ADDR=ailleurs(rang)), "alma@example.org")
    inconnu = Client(REMOTE_ADDR=ailleurs(100))
    assertContains(essayer_mot_de_passe(inconnu, MOT_DE_PASSE), "Attendez un quart d’heure")
    assertContains(demander(inconnu, "alma@example.org"), "Attendez un quart d’heure")

    # Same browser, other network: its signed cookie is valid for this account only.
    client.defaults["REMOTE_ADDR"] = ailleurs(101)
    essayer_mot_de_passe(client, MOT_DE_PASSE)
    assert connecte(client)
    client.post(reverse("account_logout"))
    confirmer_avant = Courriel.objects.count()
    demander(client, "alma@example.org")
    assert Courriel.objects.count() == confirmer_avant + 1
    client.post(reverse("account_logout"))
    client.cookies["appareil"] = client.cookies["appareil"].value[:-1] + "x"
    assertContains(essayer_mot_de_passe(client, MOT_DE_PASSE), "Attendez un quart d’heure")


def test_a_known_browser_may_not_try_without_end(client):
    avec_mot_de_passe("alma@example.org")
    essayer_mot_de_passe(client, MOT_DE_PASSE)
    client.post(reverse("account_logout"))
    for _ in range(10):
        essayer_mot_de_passe(client, "faux")
    assertContains(essayer_mot_de_passe(client, MOT_DE_PASSE), "Attendez un quart d’heure")


@pytest.mark.parametrize("porte", ["account_request_login_code", "account_reset_password"])
def test_one_mailbox_gets_so_many_letters_however_it_is_spelled(porte):
    for rang in range(25):
        courriel = f"al.ma+{rang}@gmail.com" if rang % 2 else f"a.lma+{rang}@googlemail.com"
        Client().post(reverse(porte), {"email": courriel})
    assert Courriel.objects.count() == 5


def test_a_code_sent_again_is_counted_as_another():
    for rang in range(5):
        visiteur = Client()
        demander(visiteur, f"alma+{rang}@example.org")
        for _ in range(2):
            visiteur.post(reverse("account_confirm_login_code"), {"action": "resend"})
    assert Courriel.objects.count() == 5


def test_an_address_of_the_account_to_come_is_counted_as_a_mailbox_too(client, entrer):
    entrer(client, "alma@example.org")
    for rang in range(12):
        client.post(reverse("account_email"), {"action_add": "", "email": f"victime+{rang}@example.org"})
    assert sum("victime" in c.destinataires[0] for c in Courriel.objects.all()) <= 5


def test_one_address_of_the_network_cannot_try_many_accounts(client, settings):
    settings.LIMITES = {**settings.LIMITES, "mot_de_passe.reseau": "3/m/key"}
    connue = Client()
    avec_mot_de_passe("alma@example.org")
    essayer_mot_de_passe(connue, MOT_DE_PASSE)
    connue.post(reverse("account_logout"))
    for rang in range(3):
        assertContains(essayer_mot_de_passe(client, "faux", f"p{rang}@example.org"), "ne sont pas bons")
    assertContains(essayer_mot_de_passe(client, "faux", "p3@example.org"), "Attendez un quart d’heure")
    # Same network, but a browser that signed in before: it may sign in.
    essayer_mot_de_passe(connue, MOT_DE_PASSE)
    assert connecte(connue)


def test_who_insists_on_one_account_closes_no_door_to_the_others_of_the_network(client, settings):
    settings.LIMITES = {**settings.LIMITES, "mot_de_passe.reseau": "7/m/key"}
    avec_mot_de_passe("alma@example.org")
    for _ in range(9):
        essayer_mot_de_passe(Client(), "faux", "elue@example.org")
    essayer_mot_de_passe(client, MOT_DE_PASSE)
    assert connecte(client)


def test_a_forged_header_does_not_reset_the_count(client, settings):
    settings.LIMITES = {**settings.LIMITES, "mot_de_passe.reseau": "3/m/key"}
    for rang in range(4):
        reponse = client.post(
            reverse("socle:mot_de_passe"),
            {"login": f"p{rang}@example.org", "password": "faux"},
            headers={"X-Forwarded-For": f"198.51.{rang}.1"},
        )
    assertContains(reponse, "Attendez un quart d’heure")


def test_a_wrong_password_says_nothing_of_the_account(client):
    compte = ouvrir_compte("alma@example.org")
    compte.set_password(MOT_DE_PASSE)
    compte.save()
    for courriel in ("alma@example.org", "inconnue@example.org"):
        reponse = client.post(reverse("socle:mot_de_passe"), {"login": courriel, "password": "faux"})
        assertContains(reponse, "ne sont pas bons")
        assertContains(reponse, "tapez de nouveau le mot de passe")


def test_sign_in_leads_back_to_the_page_that_asked_for_it(client):
    suite = reverse("socle:mon_compte")
    page = client.get(suite, follow=True)
    assertContains(page, f'name="next" value="{suite}"')
    demander(client, "alma@example.org", suite)
    assertRedirects(confirmer(client, dernier_code("alma@example.org"), suite), suite)


def test_sign_in_never_leads_to_another_site(client):
    for ailleurs in ("https://mechant.example/", "//mechant.example/", "javascript:alert(1)"):
        visiteur = Client()
        demander(visiteur, "alma@example.org", ailleurs)
        reponse = confirmer(visiteur, dernier_code("alma@example.org"), ailleurs)
        assert reponse.url == reverse("socle:accueil_compte")


def test_the_session_key_changes_when_somebody_signs_in(client):
    demander(client, "alma@example.org")
    avant = client.session.session_key
    confirmer(client, dernier_code("alma@example.org"))
    assert connecte(client)
    assert client.session.session_key != avant


def test_leaving_in_the_middle_lets_another_address_be_typed(client):
    demander(client, "faute@example.org")
    assert client.get(reverse("account_login")).status_code == 302
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    assertContains(client.get(reverse("account_login")), "Recevoir un code")


def test_the_invitation_link_fills_the_address(client):
    page = client.get(reverse("account_login"), {"courriel": "agente@example.org"})
    assertContains(page, 'value="agente@example.org"')


def test_a_deactivated_account_is_told_so_by_mail_and_stays_shut(client):
    compte = ouvrir_compte("alma@example.org")
    compte.is_active = False
    compte.save()
    demander(client, "alma@example.org")
    assert "fermé par le service" in Courriel.objects.get().corps
    confirmer(client, "")
    confirmer(client, "000000")
    assert not connecte(client)


def test_the_sign_up_form_of_allauth_leads_to_the_one_page(client):
    reponse = client.get("/comptes/signup/?next=/mon-compte/")
    assert reponse.url == "/comptes/login/?next=/mon-compte/"


def test_a_forgotten_password_is_replaced_by_a_link(client):
    compte = ouvrir_compte("alma@example.org")
    compte.set_password(MOT_DE_PASSE)
    compte.save()
    client.post(reverse("account_reset_password"), {"email": "alma@example.org"})
    lien = re.search(r"http://testserver(\S+)", Courriel.objects.get().corps)[1]
    formulaire = client.get(lien, follow=True)
    nouveau = "quatre-bouquetins-en-hiver"
    client.post(formulaire.request["PATH_INFO"], {"password1": nouveau, "password2": nouveau})
    compte.refresh_from_db()
    assert compte.check_password(nouveau)
    assert Courriel.objects.first().sujet == "Votre mot de passe a été remplacé"


def test_the_admin_has_no_door_of_its_own(client):
    reponse = client.get("/reference/login/")
    assert reponse.url.startswith(reverse("account_login"))


def test_landing_depends_on_the_role(client, settings, monkeypatch):
    settings.ACCUEIL_RESIDENT = "socle:fermer_compte"
    client.force_login(CompteFactory())
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:fermer_compte")
    client.force_login(CompteFactory(is_staff=True))
    assert client.get(reverse("socle:accueil_compte")).url == reverse(
        "socle:mise_en_place"
    )  # nothing is set yet
    monkeypatch.setattr("participation.socle.views.comptes.qui_bloquent", list)
    assert client.get(reverse("socle:accueil_compte")).url == reverse("admin:index")
    client.force_login(CompteFactory(agent=True))
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:journee")
    client.force_login(CompteFactory(elu=True))
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:journee")


def test_pages_open_to_all_set_no_cookie_and_stay_cacheable(client):
    reponse = client.get("/nulle-part/")
    assert not reponse.cookies
    assert "Cookie" not in reponse.headers.get("Vary", "")


def test_pages_of_sign_in_are_kept_by_no_cache(client):
    assert "no-store" in client.get(reverse("account_login")).headers["Cache-Control"]


def test_a_whole_room_comes_in_by_code_from_one_address_of_the_network():
    """Sixty members on the network of one room, in the minute when the code of the séance is shown."""
    entres = 0
    for rang in range(60):
        courriel, membre = f"membre{rang}@example.org", Client()
        ouvrir_compte(courriel)
        demander(membre, courriel)
        if Courriel.objects.filter(destinataires=[courriel]).exists():
            confirmer(membre, dernier_code(courriel))
            entres += connecte(membre)
    assert entres == 60


def test_who_is_signed_in_is_shown_the_way_out_on_every_page_with_her_space(client, entrer):
    entrer(client, "alma@example.org")
    assert client.cookies["connecte"].value == "1"
    sortie = f'href="{reverse("account_logout")}"'
    sienne = client.get(reverse("petitions:mes_petitions")).content.decode()
    assert f"{sortie}>Se déconnecter" in sienne
    # A public page is the same for everybody: its script shows the link.
    publique = client.get(reverse("petitions:liste"))
    assert f"{sortie} data-si-connecte hidden>Se déconnecter" in publique.content.decode()
    assert publique.content == Client().get(reverse("petitions:liste")).content

    client.post(reverse("account_logout"))
    assert client.cookies["connecte"].value == ""


@pytest.mark.parametrize("mot_de_passe", [False, True])
def test_on_somebody_else_s_device_nothing_stays_once_the_browser_is_closed(client, mot_de_passe):
    avec_mot_de_passe("alma@example.org")
    assertContains(client.get(reverse("account_login")), "Ce n’est pas mon appareil")
    if mot_de_passe:
        client.post(
            reverse("socle:mot_de_passe"),
            {"login": "alma@example.org", "password": MOT_DE_PASSE, "pas_mon_appareil": "on"},
        )
    else:
        client.post(
            reverse("account_request_login_code"), {"email": "alma@example.org", "pas_mon_appareil": "on"}
        )
        confirmer(client, dernier_code("alma@example.org"))
    assert connecte(client)
    assert "appareil" not in client.cookies
    for nom in ("sessionid", "connecte"):
        assert client.cookies[nom]["max-age"] == ""

    # The next sign-in without the box is kept as usual.
    client.post(reverse("account_logout"))
    essayer_mot_de_passe(client, MOT_DE_PASSE)
    assert client.cookies["sessionid"]["max-age"]
    assert client.cookies["appareil"]["max-age"]
