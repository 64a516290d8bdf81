"""Page of the account, invitations, closing of an account."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from participation.socle import actions
from participation.socle.actions.comptes import effacer_sessions, fermer_compte, inviter, ouvrir_compte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Courriel
from participation.socle.workflow import Role
from tests.outils import jour, lire, lisible
from tests.petitions.factories import PetitionFactory
from tests.socle.comptes.conftest import dernier_code, par_un_code
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return CompteFactory(courriel="admin@example.org", is_staff=True, is_superuser=True)


def test_everybody_corrects_her_name(client):
    compte = CompteFactory()
    client.force_login(compte)
    client.post(
        reverse("socle:mon_compte"), {"prenom": "Zoé", "nom": "Neuve", "fonction": "", "telephone": ""}
    )
    compte.refresh_from_db()
    assert str(compte) == "Zoé Neuve"


def test_a_new_address_is_taken_once_proved(client, entrer):
    compte = entrer(client, "avant@example.org")
    client.post(reverse("account_email"), {"email": "Apres@example.org", "action_add": "1"})
    compte.refresh_from_db()
    assert compte.courriel == "avant@example.org"

    client.post(reverse("account_email_verification_sent"), {"code": dernier_code("apres@example.org")})

    compte.refresh_from_db()
    assert compte.courriel == "apres@example.org"
    assert Courriel.objects.filter(
        sujet="L’adresse de votre compte a changé", destinataires=["avant@example.org"]
    ).exists()


def test_a_password_is_chosen_later_if_wanted(client, entrer):
    compte = entrer(client, "alma@example.org")
    mot = "trois-marmottes-au-soleil"
    court = client.post(reverse("account_set_password"), {"password1": "court", "password2": "court"})
    assertContains(court, "12")
    client.post(reverse("account_set_password"), {"password1": mot, "password2": mot})
    compte.refresh_from_db()
    assert compte.check_password(mot)


def test_other_sessions_are_listed_and_closed(client, entrer):
    compte = entrer(client, "alma@example.org")
    autre = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    entrer(autre, "alma@example.org")
    assert UserSession.objects.filter(user=compte).count() == 2
    assertContains(client.get(reverse("usersessions_list")), "Firefox sur Windows")

    client.post(reverse("usersessions_list"))

    assert client.get(reverse("socle:mon_compte")).status_code == 200
    assert autre.get(reverse("socle:mon_compte")).status_code == 302


def test_closing_takes_the_person_out_and_keeps_the_row(client, entrer):
    compte = entrer(client, "alma@example.org")
    Compte.objects.filter(pk=compte.pk).update(prenom="Alma", nom="Personne", telephone="0476000000")
    client.post(reverse("socle:fermer_compte"), {"confirme": "on"})

    compte = Compte.objects.get(pk=compte.pk)
    assert "alma" not in f"{compte.courriel}{compte.prenom}{compte.nom}{compte.telephone}".lower()
    assert not compte.is_active
    assert not EmailAddress.objects.filter(user=compte).exists()
    assert not UserSession.objects.filter(user=compte).exists()
    assert "_auth_user_id" not in client.session
    assert Courriel.objects.first().destinataires == ["alma@example.org"]


def test_closing_is_confirmed_by_a_box(client, entrer):
    compte = entrer(client, "alma@example.org")
    assertContains(client.post(reverse("socle:fermer_compte")), "Cochez la case")
    compte.refresh_from_db()
    assert compte.is_active


def test_the_address_of_a_closed_account_may_open_another(client, entrer):
    ancien = entrer(client, "alma@example.org")
    fermer_compte(ancien, par=ancien)
    assert entrer(Client(), "alma@example.org").pk != ancien.pk
    # The closed account has no name and no address: neither is shown, and no letter is sent.
    assert str(ancien) == "compte fermé"
    assert ecrire("socle/fermer_compte", a=[ancien.courriel], contexte={}) is None


def test_the_roles_of_a_closed_account_end():
    agente = CompteFactory(agent=True)
    fermer_compte(agente, par=agente)
    assert not agente.appartenances.en_vigueur().exists()


def test_the_last_administrator_stays(admin):
    with pytest.raises(ErreurMetier):
        fermer_compte(admin, par=admin)
    admin.refresh_from_db()
    assert admin.is_active


def test_an_invitation_gives_the_role_and_says_how_to_come_in(admin, client, entrer):
    direction = DirectionFactory(nom="Direction des essais")
    compte = inviter(
        "Nouvelle@example.org", par=admin, role=Role.AGENT_DIRECTION, direction=direction, prenom="Lou"
    )

    lettre = Courriel.objects.get()
    assert lettre.destinataires == ["nouvelle@example.org"]
    assert "Direction des essais" in lettre.corps
    assert "/comptes/login/?courriel=nouvelle%40example.org" in lettre.corps
    assert compte.roles == {Role.AGENT_DIRECTION}
    assert LogEntry.objects.filter(user=admin, object_id=str(compte.pk)).exists()
    assert entrer(client, "nouvelle@example.org") == compte
    assert EmailAddress.objects.get(user=compte).verified


def test_an_invitation_without_its_direction_opens_nothing(admin):
    with pytest.raises(ValidationError):
        inviter("nouvelle@example.org", par=admin, role=Role.AGENT_DIRECTION)
    assert not Compte.objects.filter(courriel="nouvelle@example.org").exists()


def test_a_resident_may_become_an_agent(admin):
    compte = ouvrir_compte("habitante@example.org")
    assert inviter("habitante@example.org", par=admin, role=Role.AGENT) == compte
    assert Compte.objects.get(pk=compte.pk).roles == {Role.AGENT}


def test_adding_an_account_in_the_admin_is_inviting(admin, client):
    client.force_login(admin)
    assert client.get(reverse("admin:socle_compte_add")).status_code == 200
    sans = client.post(
        reverse("admin:socle_compte_add"), {"courriel": "nouvelle@example.org", "role": Role.AGENT_COMMUNE}
    )
    assertContains(sans, "Dites de quelle commune")
    client.post(
        reverse("admin:socle_compte_add"),
        {"courriel": "Nouvelle@example.org", "nom": "Neuve", "role": Role.AGENT},
    )
    compte = Compte.objects.get(courriel="nouvelle@example.org")
    assert compte.roles == {Role.AGENT}
    assert Courriel.objects.get().sujet == "Votre accès au site Participation"
    assert client.get(reverse("admin:socle_compte_change", args=[compte.pk])).status_code == 200


def test_the_admin_ends_a_role_and_the_log_says_so(admin, client):
    client.force_login(admin)
    compte = inviter("nouvelle@example.org", par=admin, role=Role.AGENT)
    appartenance = compte.appartenances.get()
    aujourdhui = timezone.localdate().strftime("%d/%m/%Y")
    client.post(
        reverse("admin:socle_compte_change", args=[compte.pk]),
        {
            "prenom": "Lou",
            "is_active": "on",
            "appartenances-TOTAL_FORMS": "1",
            "appartenances-INITIAL_FORMS": "1",
            "appartenances-0-id": appartenance.pk,
            "appartenances-0-compte": compte.pk,
            "appartenances-0-role": Role.AGENT,
            "appartenances-0-depuis": aujourdhui,
            "appartenances-0-jusqu_a": aujourdhui,
        },
    )
    appartenance.refresh_from_db()
    assert appartenance.jusqu_a == timezone.localdate()
    assert (
        "jusqu_a" in LogEntry.objects.order_by("pk").last().change_message.lower()
        or LogEntry.objects.count() >= 2
    )


def test_the_admin_deletes_no_account(admin, client):
    client.force_login(admin)
    assert client.get(reverse("admin:socle_compte_delete", args=[admin.pk])).status_code == 403


def test_the_admin_closes_an_account(admin, client):
    client.force_login(admin)
    compte = CompteFactory()
    PetitionFactory(deposee=True, agent=compte)
    liste, choix = (
        reverse("admin:socle_compte_changelist"),
        {"action": "fermer_comptes", "_selected_action": [compte.pk]},
    )
    page = lire(client.post(liste, choix))
    compte.refresh_from_db()
    assert compte.is_active, "Nothing is erased before the page that says what is."
    assert f"<strong>{compte}</strong>, {compte.courriel} : 1 dossier en cours" in page
    client.post(liste, {**choix, "confirme": "oui"})
    compte.refresh_from_db()
    assert not compte.is_active


def test_the_dossiers_of_who_left_wait_for_somebody(client):
    partie, restee = CompteFactory(agent=True), CompteFactory(agent=True)
    siens = [PetitionFactory(deposee=True, agent=partie) for _ in range(2)]
    PetitionFactory(deposee=True, agent=restee)
    client.force_login(restee)
    journee, liste = reverse("socle:journee"), f"{reverse('socle:dossiers')}?agent=parti&ouverts=oui"
    assert "a quitté le service" not in client.get(journee).text

    partie.appartenances.update(
        depuis=jour(-99), jusqu_a=jour(-41)
    )  # her role has ended, or her account is closed

    dite = lire(client.get(journee))
    assert lisible("2 dossiers suivis par quelqu’un qui a quitté le service") in dite
    assert lisible("40 jours") in lisible(dite)
    trouvees = client.get(liste).text
    assert all(une.titre in trouvees for une in siens)
    actions.prendre_en_charge_lot(siens, par=restee)
    assert "a quitté le service" not in client.get(journee).text


def test_who_closes_her_account_reads_what_she_leaves(client, entrer):
    compte = entrer(client, "alma@example.org")
    PetitionFactory(deposee=True, agent=compte)
    page = lire(client.get(reverse("socle:fermer_compte")))
    assert lisible("Vous suivez 1 dossier en cours.") in page


def test_old_sessions_leave_no_trace_of_who_was_where(client, entrer, time_machine):
    entrer(client, "alma@example.org")
    effacer_sessions()
    assert UserSession.objects.count() == 1
    time_machine.move_to(timezone.localtime() + timedelta(days=2))
    effacer_sessions()
    assert not UserSession.objects.exists()


def test_every_sensitive_page_asks_a_connected_person_to_prove_herself_again(client, entrer, time_machine):
    compte = entrer(client, "alma@example.org")
    compte.set_password("trois-marmottes-au-soleil")
    compte.save()
    client.force_login(compte)
    par_un_code(client, il_y_a=3600)
    for nom in ("socle:fermer_compte", "mfa_activate_totp", "mfa_add_webauthn"):
        reponse = client.get(reverse(nom), follow=True)
        assertContains(reponse, "Confirmer que c’est vous")
    suite = client.post(
        f"{reverse('account_reauthenticate')}?next={reverse('socle:fermer_compte')}",
        {"password": "trois-marmottes-au-soleil"},
        follow=True,
    )
    assertContains(suite, "Garder mon compte")


def test_a_password_is_changed_with_the_old_one(client, entrer):
    compte = entrer(client, "alma@example.org")
    compte.set_password("trois-marmottes-au-soleil")
    compte.save()
    client.force_login(compte)
    nouveau = "quatre-bouquetins-en-hiver"
    mots = {"oldpassword": "faux", "password1": nouveau, "password2": nouveau}
    assertContains(client.post(reverse("account_change_password"), mots), "mot de passe actuel")
    client.post(reverse("account_change_password"), {**mots, "oldpassword": "trois-marmottes-au-soleil"})
    compte.refresh_from_db()
    assert compte.check_password(nouveau)


def test_the_rarer_pages_are_ours_too(client, entrer):
    assertContains(client.get("/comptes/password/reset/key/1-faux/"), "Ce lien ne marche plus")
    assertContains(client.get(reverse("account_inactive")), "Ce compte est fermé")
    assertContains(client.get(reverse("socialaccount_login_cancelled")), "abandonnée en chemin")
    assertContains(client.get(reverse("account_reset_password_from_key_done")), "est changé")
    entrer(client, "alma@example.org")
    client.post(reverse("account_email"), {"email": "autre@example.org", "action_add": "1"})
    assertContains(client.get(reverse("account_email_verification_sent")), "autre@example.org")
    assertContains(client.get(reverse("socle:mon_compte")), "Changer d’adresse")


def test_what_was_sent_too_late_is_given_back_and_sent_again():
    """The session has ended, or a sign-in in another tab changed the CSRF cookie: nothing is typed again."""
    client, origine = Client(enforce_csrf_checks=True), {"accept": "text/html", "origin": "http://testserver"}
    adresse = reverse("socle:mon_compte")
    client.get(reverse("account_login"))
    ecrit = {"prenom": "Zoé", "nom": "Une phrase <b>que je garde.", "communes": ["1", "2"]}

    def envoyer(champs, entetes=origine):
        jeton = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "absent"
        return client.post(adresse, {**champs, "csrfmiddlewaretoken": jeton}, headers=entetes)

    finie = envoyer(ecrit)
    client.cookies.clear()
    expiree = envoyer(ecrit)
    for page in (finie, expiree):
        html = page.content.decode()
        assert page.status_code == 403
        assert "Une phrase &lt;b&gt;que je garde.</textarea>" in html
        assert "Zoé</textarea>" not in html
        for nom, valeur in (("prenom", "Zoé"), ("communes", "1"), ("communes", "2")):
            assert f'<input type="hidden" name="{nom}" value="{valeur}">' in html
        assert html.count('name="csrfmiddlewaretoken"') == 1
    assert f"{reverse('account_login')}?next=" in finie.content.decode()
    # Never given back: posts from other sites, passwords. Nor are posts by scripts, nor empty forms.
    for entetes in ({"accept": "text/html"}, {**origine, "origin": "https://ailleurs.example"}):
        client.cookies.clear()
        assert "que je garde" not in envoyer(ecrit, entetes).content.decode()
    client.cookies.clear()
    secrets = {"oldpassword": "trois marmottes au soleil", "password1": "quatre bouquetins en hiver"}
    assert "bouquetins" not in envoyer(secrets).content.decode()
    client.get(reverse("account_login"))
    for champs, entetes in ((secrets, origine), ({}, origine), (ecrit, {"origin": origine["origin"]})):
        assert envoyer(champs, entetes).status_code == 302


def test_the_command_of_django_makes_an_administrator_whatever_the_case_of_the_address(db):
    for fois in (1, 2):
        with pytest.raises(CommandError, match=r"déjà|already") if fois == 2 else nullcontext():
            call_command("createsuperuser", courriel="Admin@example.org", interactive=False, verbosity=0)
    compte = Compte.objects.get(courriel="admin@example.org")
    assert (compte.is_staff, compte.is_superuser) == (True, True)
