"""The level of a démarche: announced with its conditions of the day, shown where it happens, checked one by one at the end."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.cadres import niveaux
from participation.cadres.models import Cadre, Condition
from participation.cadres.niveaux import cadre_de
from participation.cadres.workflow import EtatCadre, Niveau, Tenue
from participation.socle.erreurs import ErreurMetier
from tests.cadres.factories import CadreFactory
from tests.outils import jour
from tests.petitions.factories import PetitionFactory
from tests.rencontres.factories import RencontreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def annonce(agent):
    """A cadre announced on a rencontre."""
    cadre = CadreFactory(agent=agent)
    rencontre = RencontreFactory(ouverte=True)
    niveaux.rattacher(cadre, par=agent, quoi=f"rencontres.rencontre:{rencontre.pk}")
    niveaux.annoncer_cadre(cadre, par=agent)
    cadre.ou = rencontre.get_public_url()
    return cadre


def test_a_cadre_is_announced_once_a_page_shows_it_and_its_level_has_conditions(client, agent):
    cadre = CadreFactory(ouvert="")
    refus = client.get(reverse("cadres:annoncer_cadre", args=[cadre.pk])).content.decode()
    assert reverse("cadres:rattacher", args=[cadre.pk]) in refus
    assert reverse("cadres:modifier_cadre", args=[cadre.pk]) in refus  # what may change is said
    Condition.objects.filter(niveau=Niveau.CONCERTER).update(en_vigueur_au=jour(-1))
    assert any("aucune condition" in dit for dit in cadre.obstacles("annoncer_cadre", agent))
    with pytest.raises(ErreurMetier):
        niveaux.annoncer_cadre(cadre, par=agent)


def test_what_was_announced_does_not_follow_a_later_change_of_the_conditions(client, annonce):
    avant = list(annonce.attentes.values_list("texte", flat=True))
    Condition.objects.all().update(attente="Autre chose.")
    assert len(avant) > 1
    page = client.get(annonce.ou).content.decode()
    assert "Ce que vous pouvez attendre" in page
    assert "Autre chose." not in page
    rappel = annonce.echeances.get()
    assert (rappel.date_limite, rappel.responsable) == (annonce.date_fin, annonce.agent)


def test_a_cadre_is_checked_once_each_condition_is_and_its_pages_say_what_was_kept(client, agent, annonce):
    premiere, *autres = annonce.attentes.all()
    for attente in autres:
        niveaux.constater_attente(attente, par=agent, tenue=Tenue.TENUE, constat="Le compte rendu.")
    with pytest.raises(ErreurMetier):
        niveaux.verifier_cadre(annonce, par=agent, bilan="Des bancs.")
    assert "Le compte rendu." not in client.get(annonce.get_public_url()).content.decode()

    niveaux.constater_attente(premiere, par=agent, tenue=Tenue.NON_TENUE, constat="Rien ne le disait.")
    annonce.refresh_from_db()
    niveaux.verifier_cadre(annonce, par=agent, bilan="Des bancs.")

    page = client.get(annonce.ou).content.decode()
    assert "Ce qui a été tenu" in page
    assert "Pas tenu" in page and "Rien ne le disait." in page  # noqa: PT018
    assert annonce.echeances.get().faite_le


def test_a_page_has_one_cadre_and_its_own_goes_before_that_of_its_kind(agent):
    petition = PetitionFactory(en_collecte=True)
    toutes, sien = CadreFactory(annonce=True), CadreFactory(annonce=True)
    niveaux.rattacher(toutes, par=agent, quoi="petitions.petition:")
    assert cadre_de(petition) == toutes
    niveaux.rattacher(sien, par=agent, quoi=f"petitions.petition:{petition.pk}")
    assert cadre_de(petition) == sien
    with pytest.raises(ValidationError):
        niveaux.rattacher(CadreFactory(), par=agent, quoi="petitions.petition:")
    with pytest.raises(ValidationError):  # nor is an announced cadre left without a page
        niveaux.detacher(sien.rattachements.get(), par=agent)


def test_the_kept_page_of_a_petition_shows_the_cadre_at_once(client, agent):
    petition = PetitionFactory(en_collecte=True)
    adresse = petition.get_public_url()
    assert "Ce que vous pouvez attendre" not in client.get(adresse).content.decode()
    cadre = CadreFactory(niveau=Niveau.CONSULTER)
    niveaux.rattacher(cadre, par=agent, quoi="petitions.petition:")
    niveaux.annoncer_cadre(cadre, par=agent)
    assert "Ce que vous pouvez attendre" in client.get(adresse).content.decode()


def test_the_level_announced_is_never_changed_and_other_changes_say_why_in_public(client, agent, annonce):
    url = reverse("cadres:modifier_cadre", args=[annonce.pk])
    assert b'name="niveau"' not in client.get(url).content
    niveaux.modifier_cadre(annonce, par=agent, raison="La salle est prise.", date_fin=jour(60))
    page = client.get(annonce.get_public_url()).content.decode()
    assert "La salle est prise." in page
    assert annonce.echeances.get().date_limite == jour(60)


def test_a_demarche_that_stops_says_why_on_its_pages_and_is_never_deleted(client, agent, annonce):
    niveaux.arreter_cadre(annonce, par=agent, bilan="Le projet est abandonné.")
    cadre = Cadre.objects.get(pk=annonce.pk)
    assert (cadre.etat, timezone.localdate(cadre.clos_le)) == (EtatCadre.ARRETE, timezone.localdate())
    assert "Le projet est abandonné." in client.get(annonce.ou).content.decode()
    assert annonce.echeances.get().annulee_le


def test_a_condition_that_ends_before_it_begins_says_it_beside_its_end(db):
    condition = Condition(
        niveau="informer", attente="a", constat="b", source="c", en_vigueur_du=jour(0), en_vigueur_au=jour(-1)
    )
    with pytest.raises(ValidationError) as faute:
        condition.full_clean()
    assert "en_vigueur_au" in faute.value.message_dict
