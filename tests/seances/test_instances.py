"""Instances: rules in versions and in sentences, composition, pages, announced ends of mandates."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.seances import espace
from participation.seances.instances import actes as actes_instances
from participation.seances.instances.lectures import colleges_de
from participation.seances.instances.regles import phrase_quorum, phrase_vote, regles
from participation.seances.membres import fins
from participation.seances.models import Instance, Profil, ReglementInstance
from participation.seances.workflow import Part
from participation.socle.actions import consigner
from participation.socle.models import Courriel
from tests.greffons.guichet import Guichet
from tests.outils import constant_queries
from tests.seances.factories import (
    CollegeFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


# Announced ends of mandates


@pytest.mark.parametrize(
    ("jours", "mois"), [(200, None), (181, 6), (100, 6), (85, 3), (40, 3), (28, 1), (1, 1)]
)
def test_the_nearest_step_is_announced(jours, mois):
    fin = date(2027, 6, 30)
    membre = MembreFactory.build(college=None, compte=None, du=date(2024, 1, 1), au=fin)

    assert fins.etape_atteinte(membre, [6, 3, 1], fin - timedelta(days=jours)) == mois


def test_an_end_is_announced_once_to_the_member_and_to_the_service(agent, college):
    jour = date(2026, 11, 1)
    membre = MembreFactory(college=college, au=date(2027, 4, 15))
    MembreFactory(college=college, au=date(2028, 4, 15))

    assert fins.annoncer_fins_de_mandat(jour) == 1
    assert fins.annoncer_fins_de_mandat(jour) == 0
    assert fins.annoncer_fins_de_mandat(jour + timedelta(days=30)) == 0
    assert fins.annoncer_fins_de_mandat(date(2027, 1, 20)) == 1

    siennes = Courriel.objects.filter(acte="seances/fin_de_mandat")
    assert [lettre.destinataires for lettre in siennes] == [[membre.compte.courriel]] * 2
    service = Courriel.objects.filter(acte="seances/fins_de_mandat_service")
    assert service.count() == 2
    assert str(membre) in service[0].corps


def test_a_mandate_given_late_is_not_announced_as_if_it_had_begun_before(college):
    MembreFactory(college=college, du=date(2026, 10, 20), au=date(2027, 3, 31))

    assert fins.annoncer_fins_de_mandat(date(2026, 11, 1)) == 0
    assert fins.annoncer_fins_de_mandat(date(2027, 1, 2)) == 1


def test_the_ends_of_the_day_are_named_in_one_query(client, agent, college):
    client.force_login(agent)
    constant_queries(
        client,
        reverse("socle:journee"),
        lambda: MembreFactory(college=college, au=timezone.localdate() + timedelta(days=20)),
        lignes=3,
    )


def test_the_service_finds_ends_and_vacancies_in_its_day(client, agent, college):
    MembreFactory(college=college, au=timezone.localdate() + timedelta(days=20))
    client.force_login(agent)

    html = client.get(reverse("socle:journee")).content.decode()

    assert "Préparer la fin de 1 mandat" in html
    assert "Pourvoir 1 siège" in html


# Rules


def test_a_new_version_ends_the_former_one_the_day_before(agent):
    instance = InstanceFactory()
    ancienne = ReglementInstanceFactory(instance=instance)

    nouvelle = actes_instances.ecrire_reglement(
        instance,
        par=agent,
        version="2",
        en_vigueur_du=date(2026, 9, 1),
        source="Délibération",
        delai_convocation=8,
    )

    ancienne.refresh_from_db()
    assert ancienne.en_vigueur_au == date(2026, 8, 31)
    assert instance.reglement_du(date(2026, 8, 31)) == ancienne
    assert instance.reglement_du(date(2026, 9, 1)) == nouvelle


def test_two_versions_never_begin_on_the_same_day(client, agent):
    reglement = ReglementInstanceFactory()
    client.force_login(agent)
    url = reverse("seances:ecrire_reglement", args=[reglement.instance.cle])
    form = client.get(url).context["form"]
    donnees = {
        nom: valeur for nom, valeur in form.initial.items() if valeur is not None and valeur is not False
    }
    donnees |= {"annonces_fin": "6, 3, 1", "version": "bis", "en_vigueur_du": "2020-01-01", "source": "Autre"}

    reponse = client.post(url, donnees)

    assert "Une autre version est déjà en vigueur à ces dates." in reponse.content.decode()
    assert reglement.instance.reglements.count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        (
            {},
            "La séance délibère si la moitié des membres en exercice sont là, à distance compris, pouvoirs compris.",
        ),
        (
            {
                "quorum": Part.TIERS,
                "base_quorum": "sieges",
                "distance_compte": False,
                "pouvoirs_comptent": False,
            },
            "La séance délibère si un tiers des sièges prévus sont occupés par un membre présent, en salle seulement, sans compter les pouvoirs.",
        ),
        (
            {"quorum": Part.MAJORITE, "quorum_par_college": True, "pouvoirs_par_personne": 0},
            "La séance délibère si plus de la moitié des membres en exercice sont là, dans chaque collège, à distance compris.",
        ),
        (
            {"quorum": Part.AUCUNE},
            "Aucun quorum n’est demandé : la séance délibère quel que soit le nombre de présents.",
        ),
    ],
)
def test_the_quorum_is_said_as_the_reglement_holds_it(champs, phrase):
    assert phrase_quorum(ReglementInstanceFactory(**champs)) == phrase


def test_every_rule_makes_a_sentence_whatever_its_values():
    for part in Part.values:
        reglement = ReglementInstanceFactory.build(
            instance=None, quorum=part, majorite=part, part_inscription=part, duree_mandat_mois=18
        )
        phrases = regles(reglement)
        assert all(phrase.endswith(".") for _, phrase in phrases)
        assert "présidente l’emporte" in phrase_vote(reglement) or part != Part.MAJORITE


# Pages


def test_a_key_that_an_address_needs_is_refused(client, agent):
    client.force_login(agent)

    reponse = client.post(
        reverse("seances:creer_instance"),
        {"cle": "calendrier", "nom": "Comité", "sigle": "C", "fondement": "Loi", "app": "metropole"},
    )

    assert "sert déjà à une autre page" in reponse.content.decode()
    assert not Instance.objects.filter(cle="calendrier").exists()


def test_only_agents_act_on_instances(client, college):
    client.force_login(CompteFactory(elu=True))

    assert client.get(reverse("seances:nommer", args=[college.pk])).status_code == 403


def test_four_members_cost_what_one_costs(client, agent):
    college = CollegeFactory(sieges=40, mandature=MandatureFactory())
    ReglementInstanceFactory()
    client.force_login(agent)
    places = iter(
        ["Meylan", "Vif", "Gières", "Jarrie", "Claix", "Corenc", "Domène", "Seyssins", "Poisat", "Eybens"]
    )

    def fabriquer():
        titulaire = MembreFactory(college=college, commune=commune(next(places)))
        MembreFactory(college=college, suppleant=True, suppleant_de=titulaire)
        consigner(college.mandature.instance, "essai", par=CompteFactory(), fait="Essai")

    constant_queries(client, reverse("seances:instance", args=["essai"]), fabriquer)


def test_four_instances_cost_what_one_costs(client, agent):
    client.force_login(agent)
    numeros = iter(range(20))

    def fabriquer():
        mandature = MandatureFactory(instance=InstanceFactory(cle=f"essai{next(numeros)}"))
        MembreFactory(college=CollegeFactory(mandature=mandature))
        SeanceFactory(mandature=mandature)

    constant_queries(client, reverse("seances:instances"), fabriquer)


def test_the_composition_ranks_functions_and_puts_substitutes_under_their_titulaire(college):
    simple = MembreFactory(college=college, compte__nom="Abel")
    presidente = MembreFactory(college=college, president=True, compte__nom="Zoller")
    suppleant = MembreFactory(college=college, suppleant=True, suppleant_de=presidente)
    ancien = MembreFactory(college=college, au=date(2025, 1, 1))

    (compose,) = colleges_de(college.mandature, date(2026, 1, 1))

    assert [siege.titulaire for siege in compose.sieges] == [presidente, simple]
    assert compose.sieges[0].suppleants == [suppleant]
    assert compose.anciens == [ancien]
    assert compose.vacants == 0


def test_a_profile_is_kept_and_its_needs_are_known_words(agent):
    profil = Profil.de(CompteFactory())

    espace.modifier_profil(profil, besoins=["transport"], telephone="06 00 00 00 00")
    with pytest.raises(ValidationError):
        espace.modifier_profil(profil, besoins=["hélicoptère"])

    assert Profil.objects.get().besoins == ["transport"]
    assert profil.compte.telephone == "06 00 00 00 00"


def test_the_base_of_the_majority_that_came_with_a_model_is_to_be_confirmed():
    modele = Instance.objects.get(cle="ccspl").reglement_du()

    assert "voix exprimées" in phrase_vote(modele)
    assert "à confirmer" in phrase_vote(modele)
    assert "présents ou représentés" in phrase_vote(ReglementInstance(base_majorite="presents"))
    assert "à confirmer" not in phrase_vote(ReglementInstance())


def test_an_instance_is_written_again_and_the_journal_says_what_changed(agent):
    instance, guichet = InstanceFactory(), Guichet(agent, en_hate=True)
    page = reverse("seances:modifier_instance", args=[instance.cle])
    guichet.valider(page, nom="")
    assert "Donnez un nom à l’instance." in guichet.dit
    guichet.valider(
        nom="Comité de l’eau", fondement=f"Délibération {'du conseil ' * 30}", presentation="Qui siège."
    )

    instance.refresh_from_db()
    assert (instance.nom, instance.presentation) == ("Comité de l’eau", "Qui siège.")
    assert instance.journal.get(acte="modifier_instance").fait.startswith("Instance modifiée : ")
    guichet.valider(page)  # nothing changed: nothing is written
    assert instance.journal.filter(acte="modifier_instance").count() == 1
