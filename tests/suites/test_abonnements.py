"""Abonnements by email: confirmed by POST, ended in one click, erased when useless, kept secret."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.models import Courriel
from participation.suites import abonnements
from participation.suites import actes as suites
from participation.suites.models import Abonnement, ReglementSuites
from participation.suites.workflow import Etat
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import DirectionFactory
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return PetitionFactory(debattue=True)


def promettre(petition, agent):
    return suites.ajouter_suite(petition, par=agent, intitule="Faire la piste", direction=DirectionFactory())


def test_a_resident_follows_with_a_letter_and_a_button(client, petition):
    client.post(reverse("suites:suivre", args=[petition.pk]), {"courriel": "Alma@example.org"})
    abonnement = Abonnement.objects.get()
    assert (abonnement.courriel, abonnement.est_actif) == ("alma@example.org", False)
    lien = reverse("suites:confirmer", args=[abonnement.cle])
    assert lien in Courriel.objects.get(acte="suites/suivre").corps

    client.get(lien)
    abonnement.refresh_from_db()
    assert not abonnement.est_actif, "Un lecteur de courriel qui ouvre le lien ne confirme rien."

    assert "Vous suivez ce dossier" in client.post(lien, follow=True).content.decode()
    abonnement.refresh_from_db()
    assert abonnement.est_actif

    # Somebody who knows her address: her letters keep their language.
    client.post(f"/ar{reverse('suites:suivre', args=[petition.pk])}", {"courriel": "alma@example.org"})
    assert Abonnement.objects.get().langue == "fr"


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client, petition):
    connu = AbonnementFactory(dossier=petition)
    adresse = reverse("suites:suivre", args=[petition.pk])
    pages = [
        client.post(adresse, {"courriel": courriel}, follow=True).content
        for courriel in (connu.courriel, "nouvelle@example.org")
    ]
    assert pages[0] == pages[1]
    assert "déjà" in Courriel.objects.filter(destinataires=[connu.courriel]).get().sujet


def test_one_letter_a_day_for_a_dossier_and_no_more_than_the_reglement_says(petition):
    abonnements.suivre(petition, "alma@example.org")
    abonnements.suivre(petition, "ALMA@example.org")
    assert Courriel.objects.filter(acte="suites/suivre").count() == 1
    assert Abonnement.objects.count() == 1

    limite = ReglementSuites.objects.en_vigueur().demandes_par_jour
    for _ in range(limite + 3):
        abonnements.suivre(PetitionFactory(debattue=True), "alma@example.org")
    assert Courriel.objects.filter(acte="suites/suivre").count() == limite


def test_a_bare_post_stops_it_and_a_look_does_not(petition):
    abonnement = AbonnementFactory(dossier=petition)
    adresse = reverse("suites:arreter", args=[abonnement.cle])
    client = Client(enforce_csrf_checks=True)
    client.get(adresse)
    abonnement.refresh_from_db()
    assert abonnement.est_actif

    assert client.post(adresse, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(adresse).status_code == 200
    abonnement.refresh_from_db()
    assert not abonnement.est_actif


def test_who_stopped_may_ask_again(petition):
    abonnement = AbonnementFactory(dossier=petition)
    abonnements.arreter(abonnement)
    abonnements.confirmer(abonnement)
    assert not abonnement.est_actif, "Un ancien lien ne remet pas en route."
    abonnements.suivre(petition, abonnement.courriel)
    abonnement.refresh_from_db()
    abonnements.confirmer(abonnement)
    assert abonnement.est_actif


def test_each_change_is_told_to_followers_with_their_way_out(petition, agent):
    abonne = AbonnementFactory(dossier=petition)
    AbonnementFactory(dossier=petition, confirme_le=None)
    AbonnementFactory(dossier=petition, arrete_le=timezone.now())
    AbonnementFactory()
    suite = promettre(petition, agent)
    suites.changer_etat(suite, par=agent, vers=Etat.A_L_ETUDE, texte_public="Nous étudions.")
    lettre = Courriel.objects.get(acte="suites/changer_etat")
    assert lettre.destinataires == [abonne.courriel]
    assert reverse("suites:arreter", args=[abonne.cle]) in lettre.entetes["List-Unsubscribe"]
    assert lettre.entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert reverse("suites:arreter", args=[abonne.cle]) in lettre.corps
    assert lettre.en_nombre


def test_the_author_and_the_signer_who_also_follow_get_one_letter(petition, agent):
    signataire = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True)
    AbonnementFactory(dossier=petition, courriel=petition.auteur.courriel)
    AbonnementFactory(dossier=petition, courriel=signataire.courriel)
    suite = promettre(petition, agent)
    Courriel.objects.all().delete()
    suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE, texte_public="C’est décidé.")
    recus = [d for c in Courriel.objects.all() for d in c.destinataires]
    assert sorted(recus) == sorted([petition.auteur.courriel, signataire.courriel])


def test_a_suite_hidden_from_the_public_is_told_to_nobody(petition, agent):
    AbonnementFactory(dossier=petition)
    suite = promettre(petition, agent)
    suites.corriger(suite, par=agent, texte_public="", raison="Doublon", est_publiee=False)
    Courriel.objects.all().delete()
    suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE)
    assert not Courriel.objects.exists()


def test_addresses_of_no_use_are_erased_after_the_delay(petition):
    jours = ReglementSuites.objects.en_vigueur().conservation_demandes_jours
    vieux = timezone.localtime() - timedelta(days=jours + 1)
    garde = AbonnementFactory(dossier=petition, demande_le=vieux)
    recente = AbonnementFactory(dossier=petition, confirme_le=None)
    AbonnementFactory(dossier=petition, confirme_le=None, demande_le=vieux)
    arrete = AbonnementFactory(dossier=petition, arrete_le=vieux)
    assert effacer_sans_preuve() == 2
    assert effacer_sans_preuve() == 0
    assert set(Abonnement.objects.all()) == {garde, recente}
    # The link of an old letter: erased, or altered, nobody knows. It never says that it has stopped something.
    page = Client().post(reverse("suites:arreter", args=[arrete.cle]))
    assert page.status_code == 404
    assert "plus rien ne vous est écrit" in page.content.decode()


def test_the_public_page_of_a_dossier_leads_there_without_a_cookie(client, petition):
    page = client.get(petition.get_public_url())
    assert reverse("suites:suivre", args=[petition.pk]) in page.content.decode()
    assert not page.cookies


def test_a_dossier_that_is_not_published_is_followed_by_nobody(client):
    brouillon = PetitionFactory(deposee=True)
    assert client.get(reverse("suites:suivre", args=[brouillon.pk])).status_code == 404


def test_a_wrong_address_is_said_and_kept(client, petition):
    page = client.post(reverse("suites:suivre", args=[petition.pk]), {"courriel": "alma@"}).content.decode()
    assert "Cette adresse n’est pas complète" in page
    assert 'value="alma@"' in page


def test_one_mailbox_gets_so_many_letters_however_it_is_spelled(client, petition, settings):
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "abonnements"},
    }
    pages = set()
    for rang in range(25):
        reponse = client.post(
            reverse("suites:suivre", args=[petition.pk]), {"courriel": f"al.ma+{rang}@gmail.com"}, follow=True
        )
        pages.add(reponse.content)
    assert Courriel.objects.filter(acte="suites/suivre").count() == 5
    assert len(pages) == 1
