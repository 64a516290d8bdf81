"""Points demanded by members: supported, due, then put on the agenda."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.seances.models import DemandePoint
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.ordre_du_jour import demandes
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.outils import a_plusieurs
from tests.seances.factories import CollegeFactory, MembreFactory, ReglementInstanceFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def votants():
    """Five voting members: three make a majority."""
    college = CollegeFactory()
    ReglementInstanceFactory(instance=college.mandature.instance)
    return MembreFactory.create_batch(5, college=college)


def demander(votants):
    instance = votants[0].college.mandature.instance
    return demandes.demander_point(instance, auteur=votants[0], titre="Tarif social", texte="Parlons-en.")


@pytest.mark.parametrize(
    ("part", "votants", "requis"),
    [
        ("majorite", 5, 3),
        ("majorite", 4, 3),
        ("moitie", 5, 3),
        ("tiers", 10, 4),
        ("aucune", 9, 1),
        ("unanimite", 7, 7),
        ("majorite", 0, 1),
    ],
)
def test_how_many_it_takes(part, votants, requis):
    assert demandes.soutiens_requis(votants, part) == requis


def test_a_demand_is_due_when_a_majority_supports_it(votants, agent):
    demande = demander(votants)

    assert not demandes.soutenir(demande, membre=votants[1])
    assert demandes.soutenir(demande, membre=votants[2])

    demande.refresh_from_db()
    assert demande.etat == DemandePoint.Etat.DUE
    assert (
        Courriel.objects.filter(acte="seances/devoir_inscrire", destinataires=[agent.courriel]).count() == 1
    )
    # More support is accepted and changes nothing.
    assert not demandes.soutenir(demande, membre=votants[3])
    assert Courriel.objects.filter(acte="seances/devoir_inscrire").count() == 1


def test_a_support_is_given_once_and_may_be_taken_back(votants):
    demande = demander(votants)
    demandes.soutenir(demande, membre=votants[1])

    with pytest.raises(ValidationError, match="déjà"):
        demandes.soutenir(demande, membre=votants[1])
    demandes.ne_plus_soutenir(demande, membre=votants[1])

    assert demande.soutiens.get().membre == votants[0]
    with pytest.raises(ErreurMetier, match="retirez-la"):
        demandes.ne_plus_soutenir(demande, membre=votants[0])


def test_who_does_not_vote_does_not_demand(votants):
    college = votants[0].college
    suppleant = MembreFactory(college=college, suppleant=True)
    consultatif = MembreFactory(
        college=CollegeFactory(mandature=college.mandature, nom="Experts", vote_depuis=None)
    )
    parti = MembreFactory(college=college, au=date(2025, 1, 1))
    demande = demander(votants)

    for membre in (suppleant, consultatif, parti):
        with pytest.raises(ErreurMetier, match="droit de vote"):
            demandes.soutenir(demande, membre=membre)


def test_putting_a_demand_on_an_agenda_leads_back_to_that_agenda(client, votants, agent):
    demande = demander(votants)
    seance = SeanceFactory(mandature=demande.mandature)
    client.force_login(agent)
    reponse = client.post(reverse("seances:inscrire_demande", args=[demande.pk]), {"seance": seance.pk})
    assert reponse.headers["Location"] == f"{seance.get_absolute_url()}#ordre-du-jour"


def test_a_demand_put_on_an_agenda_tells_its_supporters(votants, agent):
    demande = demander(votants)
    demandes.soutenir(demande, membre=votants[1])
    seance = SeanceFactory(mandature=demande.mandature)

    point = demandes.inscrire_demande(demande, seance, par=agent)

    demande.refresh_from_db()
    assert (demande.etat, demande.point) == (DemandePoint.Etat.INSCRITE, point)
    lettres = Courriel.objects.filter(acte="seances/inscrire_demande")
    assert {c.destinataires[0] for c in lettres} == {v.compte.courriel for v in votants[:2]}
    with pytest.raises(ActeInterdit):
        demandes.inscrire_demande(demande, seance, par=agent)
    assert seance.points.count() == 1
    # Removed from the agenda, the point is due again.
    ordre_du_jour.retirer_point(point, par=agent)
    demande.refresh_from_db()
    assert (demande.etat, demande.point) == (DemandePoint.Etat.DUE, None)


@pytest.mark.django_db(transaction=True)
def test_two_supports_at_once_make_it_due_once(votants, agent):
    demande = demander(votants)
    demandes.soutenir(demande, membre=votants[1])
    lues = [DemandePoint.objects.select_related("instance", "mandature").get(pk=demande.pk) for _ in range(2)]

    issues = a_plusieurs(2, lambda rang: demandes.soutenir(lues[rang], membre=votants[2 + rang]))

    assert sorted(issues) == [False, True]
    assert demande.soutiens.count() == 4
    assert Courriel.objects.filter(acte="seances/devoir_inscrire").count() == 1


def test_members_write_and_support_from_their_space(client, votants):
    cle = votants[0].college.mandature.instance.cle
    client.force_login(votants[0].compte)
    client.post(
        reverse("seances:demander_point", args=[cle]), {"titre": "Tarif social", "texte": "Parlons-en."}
    )
    demande = DemandePoint.objects.get()
    client.force_login(votants[1].compte)

    page = client.get(reverse("seances:demandes_points", args=[cle])).content.decode()
    assert "sur 3 nécessaires" in page
    client.post(reverse("seances:soutenir", args=[demande.pk]))
    assert demande.soutiens.count() == 2
    client.post(reverse("seances:ne_plus_soutenir", args=[demande.pk]))
    assert demande.soutiens.count() == 1

    client.force_login(CompteFactory())
    assert client.get(reverse("seances:demandes_points", args=[cle])).status_code == 404
    assert client.post(reverse("seances:soutenir", args=[demande.pk])).status_code == 404


def test_who_demanded_a_point_takes_it_back_and_nobody_else_does(client, votants):
    demande = demander(votants)
    retirer = reverse("seances:retirer_demande", args=[demande.pk])
    client.force_login(votants[1].compte)
    assert client.post(retirer).status_code == 403
    client.force_login(votants[0].compte)
    assert client.post(retirer).status_code == 302

    demande.refresh_from_db()
    assert demande.etat == "retiree"
    assert client.post(retirer).status_code == 409
    with pytest.raises(ActeInterdit):
        demandes.soutenir(demande, membre=votants[1])
