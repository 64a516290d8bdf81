"""Who takes part: questions asked after an act, small groups hidden, nothing that leads to a person."""

from datetime import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from participation.inclusion.models import DecompteDeProfil, ReglementInclusion, ReponseDeProfil
from participation.inclusion.profils import actes, lectures
from participation.inclusion.profils.lectures import comparer, manquants
from participation.inclusion.workflow import Age, Critere
from participation.renouvellement.candidatures.retrait import retirer_candidature
from participation.socle import vitrine
from participation.socle.actions.chiffres import tenir_les_chiffres
from participation.socle.erreurs import ErreurMetier
from participation.socle.vitrine import Demarche
from petitions.fraude import actes as fraude
from petitions.models import Decompte
from petitions.signatures.retrait import retirer_signature
from petitions.vitrine import demarches as demarches_des_petitions
from tests.budgets.vote import clore, donner, scrutin_ouvert
from tests.outils import ensemble, requetes
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.renouvellement.factories import CandidatureFactory
from tests.seances.factories import ConvieFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
VIDE = {"age": "", "genre": "", "commune": "", "qpv": "", "langue": "", "amenagement": ""}
REPONDRE = "inclusion:repondre"


def envoyer(client, dit, *, jeton=None, retour="/"):
    jeton = jeton or actes.jeton("petition", 7, "signature:1")
    return client.post(reverse(REPONDRE), {**VIDE, **dit, "jeton": jeton, "retour": retour})


def valeurs():
    return {r.critere: r.valeur for r in ReponseDeProfil.objects.all()}


def test_too_few_answers_show_nothing_and_enough_show_rates_beside_the_population():
    mots = [("f", "Femme"), ("h", "Homme"), ("a", "Autre")]
    population = {"f": Decimal("51.0")}

    assert comparer({"f": 3, "h": 1}, mots, population, 5) == []
    groupes = comparer({"f": 40, "h": 60}, mots, population, 5)

    assert [(g.valeur, g.part, g.population) for g in groupes] == [
        ("f", 40, Decimal("51.0")),
        ("h", 60, None),
        ("a", 0, None),
    ]
    assert [g.valeur for g in manquants(groupes)] == ["f"]
    assert {g.part for g in comparer({"f": 40, "h": 60, "a": 2}, mots, population, 5) if g.valeur != "h"} == {
        None
    }


def test_an_answer_given_again_replaces_the_first_and_an_empty_one_takes_it_away(client):
    envoyer(client, {"age": Age.DE_30, "genre": "femme"})
    envoyer(client, {"age": Age.DE_45})
    assert valeurs() == {Critere.AGE: Age.DE_45, Critere.REPONSE: "oui"}

    assert "rien n’est compté" in envoyer(client, {}).content.decode()
    assert valeurs() == {}


@pytest.mark.django_db(transaction=True)
def test_answers_sent_at_once_for_one_participation_leave_one_of_them_whole():
    dits = [{Critere.AGE: Age.DE_30}, {Critere.GENRE: "femme"}] * 6

    issues = ensemble(*(partial(actes.repondre, "petition", 7, "signature:1", dit) for dit in dits))

    assert set(issues) == {"fait"}
    assert valeurs() in [{**dit, Critere.REPONSE: "oui"} for dit in dits]


@pytest.mark.django_db(transaction=True)
def test_two_answers_of_one_person_cannot_be_put_together_nor_beside_her_ballot(client):
    envoyer(client, {"age": Age.DE_30, "genre": "femme"})

    cles = list(ReponseDeProfil.objects.values_list("cle", flat=True))
    assert len(set(cles)) == 3
    assert not any("signature" in cle or cle == actes.cle("petition", 7, "", "age") for cle in cles)
    colonnes = {champ.name for champ in ReponseDeProfil._meta.concrete_fields}
    assert colonnes == {"cle", "nature", "numero", "critere", "valeur"}  # no hour, no author

    # After a secret vote, numbers alone: a row for each answer would stand beside the ballot that it follows.
    dit = {Critere.AGE: Age.DE_30, Critere.GENRE: "femme"}
    issues = ensemble(*(partial(actes.repondre, "vote", 3, f"page-{n // 2}", dit) for n in range(8)))
    assert set(issues) == {"fait"}
    assert set(ReponseDeProfil.objects.filter(nature="vote").values_list("critere")) == {(Critere.REPONSE,)}
    assert DecompteDeProfil.objects.get().effectifs == {
        Critere.AGE: {Age.DE_30: 4},
        Critere.GENRE: {"femme": 4},
    }


def test_what_may_speak_of_health_needs_a_consent_and_what_was_answered_is_kept_on_the_page(client):
    page = envoyer(client, {"age": Age.DE_30, "amenagement": "oui"}).content.decode()

    assert "Cochez cette case" in page
    assert f'value="{Age.DE_30}" selected' in page
    assert not ReponseDeProfil.objects.exists()
    envoyer(client, {"amenagement": "oui", "accord": "on"})
    assert valeurs()[Critere.AMENAGEMENT] == "oui"


@pytest.mark.parametrize("jeton", ["faux", "", "d’une autre porte", "é" * 3000])
def test_only_who_took_part_answers(client, jeton):
    if jeton == "d’une autre porte":
        jeton = signing.dumps(["petition", 7, "x"], salt="autre")
    reponse = client.post(
        reverse(REPONDRE), {**VIDE, "age": Age.DE_30, "jeton": jeton, "retour": "//mal.example"}
    )

    assert reponse.status_code == 409
    assert "mal.example" not in reponse.content.decode()
    assert not ReponseDeProfil.objects.exists()


def test_who_withdraws_a_signature_withdraws_the_answers(client):
    signature = SignatureFactory(petition=PetitionFactory(en_collecte=True), confirmee=True)
    qui = actes.jeton("petition", signature.petition_id, f"signature:{signature.pk}")
    envoyer(client, {"genre": "femme"}, jeton=qui)
    assert ReponseDeProfil.objects.count() == 2

    retirer_signature(signature)

    assert not ReponseDeProfil.objects.exists()


def test_a_signature_that_is_invalidated_takes_its_answers_away():
    petition, agent = PetitionFactory(en_collecte=True), CompteFactory(agent=True)
    visee, gardee = SignatureFactory.create_batch(2, petition=petition, confirmee=True)
    for signature in (visee, gardee):
        actes.repondre("petition", petition.pk, f"signature:{signature.pk}", {"genre": "femme"})

    invalidation = fraude.preparer_invalidation(
        petition, par=agent, motif="Essai", criteres={"courriel": visee.courriel}
    )
    fraude.lancer_invalidation(invalidation, par=agent)
    fraude.poursuivre_invalidation(invalidation.pk)

    assert {r.cle for r in ReponseDeProfil.objects.all()} == {
        actes.cle("petition", petition.pk, f"signature:{gardee.pk}", critere)
        for critere in ("genre", "reponse")
    }


@pytest.mark.horloge
def test_the_days_to_answer_are_days_of_paris(time_machine):
    """The clock goes back in between: a week has an hour more."""
    time_machine.move_to(timezone.make_aware(datetime(2026, 10, 20, 23, 30)), tick=False)
    qui = actes.jeton("petition", 7, "signature:1")
    jours = ReglementInclusion.actuel().jours_pour_repondre

    time_machine.move_to(timezone.make_aware(datetime(2026, 10, 20 + jours, 23, 50)), tick=False)
    assert actes.lire_jeton(qui) == ("petition", 7, "signature:1")
    time_machine.move_to(timezone.make_aware(datetime(2026, 10, 21 + jours, 0, 10)), tick=False)
    with pytest.raises(ErreurMetier):
        actes.lire_jeton(qui)


def test_coverage_is_said_first_and_a_page_costs_as_much_for_many_answers(
    client, django_assert_max_num_queries, monkeypatch
):
    demarche = Demarche("petition", 7, "Pétition", "Un banc", "/petitions/7/", 400)
    monkeypatch.setattr(
        lectures.vitrine, "recueillir", lambda place, *_: [demarche] if place == "demarches" else []
    )
    for rang in range(124):
        actes.repondre("petition", 7, f"signature:{rang}", {"genre": "femme" if rang % 2 else "homme"})
    client.force_login(CompteFactory(agent=True))

    with django_assert_max_num_queries(40):
        page = client.get(reverse("inclusion:publics")).content.decode()

    assert "31\u00a0% ont répondu (124 sur 400)" in page
    ligne = client.get(reverse("inclusion:publics_de", args=[2000, "petition", 7])).content.decode()
    assert "50\u00a0%" in ligne

    tenir_les_chiffres()
    faites = requetes(client, reverse("inclusion:qui_participe"))
    assert not [sql for sql in faites if '"valeur"' in sql and "GROUP BY" in sql]


def test_a_vote_a_panel_the_seances_and_a_call_are_demarches_of_who_really_took_part():
    annee, agent = timezone.localdate().year, CompteFactory(agent=True)
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1", "2:1")
    assert not demarches("vote", annee)  # while it is open, the hour of an answer could lead to a ballot
    clore(scrutin)
    panel = PanelFactory(inscription=True)
    InscriptionFactory(panel=panel)
    InscriptionFactory(panel=panel, ecartee_le=timezone.now())
    retiree = CandidatureFactory()
    CandidatureFactory(college=retiree.college)
    CandidatureFactory(college=retiree.college, a_confirmer=True)
    actes.repondre("candidature", retiree.campagne_id, f"candidature:{retiree.pk}", {"genre": "femme"})
    retirer_candidature(retiree)
    vient = ConvieFactory(seance=SeanceFactory(debut=timezone.now()), reponse="salle")
    ConvieFactory(
        seance=SeanceFactory(debut=timezone.now(), instance=vient.seance.instance),
        membre=vient.membre,
        reponse="distance",
    )
    ConvieFactory(seance=vient.seance, reponse="excuse")

    assert [demarches(nature, annee) for nature in ("vote", "panel", "candidature", "seances")] == [
        [2],
        [1],
        [1],
        [1],
    ]
    assert not ReponseDeProfil.objects.exists()  # gone with the candidature


def test_the_petitions_of_the_year_are_read_in_one_statement(django_assert_num_queries):
    petition = PetitionFactory(en_collecte=True)
    Decompte.objects.update_or_create(petition=petition, defaults={"total": 9})

    with django_assert_num_queries(1):
        (lue,) = demarches_des_petitions(timezone.localdate().year)
    assert lue.url == petition.get_public_url()


def demarches(nature, annee):
    return [d.participants for d in vitrine.recueillir("demarches", annee) if d.nature == nature]
