"""Suites of a projet: added from its page, visible to both sides, told to who asked; policies served."""

import pytest
from django.urls import reverse

from contrat_ville.models import Politique
from participation.socle.models import Courriel
from participation.suites import actes as actes_suites
from tests.contrat_ville.factories import ProjetFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def demander(client, dossier, direction, **champs):
    adresse = reverse("contrat_ville:ajouter_suite", args=[dossier.pk])
    champs = {"intitule": "Éclairer le passage", "direction": direction.pk, "origine": "demandee", **champs}
    return client.post(adresse, champs)


def test_a_suite_of_a_projet_is_seen_by_both_sides_and_its_team_told_at_every_move(client, agent):
    equipe = [CompteFactory(), CompteFactory()]
    projet, direction = ProjetFactory(equipe=equipe, en_instruction=True), DirectionFactory()

    reponse = demander(client, projet, direction)

    suite = projet.suites.get()
    assert reponse.url == f"{projet.get_absolute_url()}#suites"
    assert suite.naissance == "Demandé par le porteur du projet"
    lettres = Courriel.objects.filter(acte="contrat_ville/ajouter_suite")
    assert {lettre.destinataires[0] for lettre in lettres} == {compte.courriel for compte in equipe}
    assert "Demander n’est pas promettre" in lettres[0].corps
    assert Courriel.objects.filter(acte="suites/ajouter_suite", destinataires=[direction.courriel]).exists()

    actes_suites.changer_etat(suite, par=agent, vers="non_suivie", motif="Le passage est privé.")

    nouvelles = Courriel.objects.filter(acte="contrat_ville/changer_suite")
    assert {lettre.destinataires[0] for lettre in nouvelles} == {compte.courriel for compte in equipe}
    assert "Le passage est privé." in nouvelles[0].corps
    assert "Éclairer le passage" in client.get(projet.get_absolute_url()).content.decode()
    client.force_login(equipe[1])
    assert "Le passage est privé." in client.get(projet.get_porteur_url()).content.decode()


def test_the_policies_of_a_projet_are_on_its_sheet_in_the_filter_and_lead_its_suites(client, agent):
    projet = ProjetFactory(en_cours=True, est_publie=True)
    autre = ProjetFactory()
    direction = DirectionFactory()
    habitat = Politique.objects.get(nom="Habitat et logement")
    habitat.direction = direction
    habitat.save()
    close = Politique.objects.create(nom="Politique close", est_active=False)
    projet.politiques.add(close)

    page = client.get(reverse("contrat_ville:relier_politiques", args=[projet.pk]))
    assert "Politique close" in page.content.decode()
    client.post(reverse("contrat_ville:relier_politiques", args=[projet.pk]), {"politiques": [habitat.pk]})

    assert list(projet.politiques.all()) == [habitat]
    assert projet.journal.first().motif == "Habitat et logement"
    assert "Habitat et logement" in client.get(projet.get_public_url()).content.decode()
    liste = client.get(reverse("contrat_ville:projets"), {"politique": habitat.pk}).content.decode()
    assert projet.titre in liste
    assert autre.titre not in liste
    formulaire = client.get(reverse("contrat_ville:ajouter_suite", args=[projet.pk])).context["form"]
    assert formulaire["direction"].value() == direction.pk
