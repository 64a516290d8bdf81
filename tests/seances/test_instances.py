"""Who sits: named within the seats and functions of the règlement, told by letter, replaced for what remained."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.actions import instances
from participation.seances.lectures.composition import colleges_de, vacances
from participation.seances.models import Convie, Instance, Membre, Parole, Profil, ReglementInstance
from participation.seances.regles.en_mots import phrase_quorum, phrase_vote, regles
from participation.seances.workflow import Part
from participation.socle.actions import consigner
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte, Courriel
from participation.socle.workflow import Role
from tests.outils import constant_queries, ensemble
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PresenceFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db

PERSONNE = {"courriel": "alma@example.org", "prenom": "Alma", "nom": "Reinier"}


@pytest.fixture
def agent() -> Compte:
    return CompteFactory(agent=True)


@pytest.fixture
def college():
    ReglementInstanceFactory()
    return CollegeFactory(sieges=2, nom="Associations")


# Naming


def test_naming_opens_the_account_and_writes_to_the_member(agent, college):
    membre = instances.nommer(
        college, par=agent, du=date(2026, 1, 5), organisme="Usagers de l’eau", **PERSONNE
    )

    assert membre.compte.get_full_name() == "Alma Reinier"
    assert membre.au == membre.terme == college.mandature.fin
    lettre = Courriel.objects.get(acte="seances/nommer")
    assert lettre.destinataires == ["alma@example.org"]
    assert reverse("seances:mon_instance", args=["essai"]).replace("/", "%2F") in lettre.corps
    entree = college.mandature.instance.journal.get(acte="nommer")
    assert (entree.par, entree.membre) == (agent, membre)


def test_a_person_already_known_keeps_her_account_and_her_name(agent, college):
    connue = CompteFactory(courriel="alma@example.org", prenom="Almaz", nom="Tesfay")

    membre = instances.nommer(college, par=agent, **{**PERSONNE, "courriel": "Alma@Example.org"})

    assert membre.compte == connue
    assert str(membre) == "Almaz Tesfay"


def test_a_closed_account_is_not_named(agent, college):
    CompteFactory(courriel="alma@example.org", is_active=False)

    with pytest.raises(ErreurMetier, match="fermé"):
        instances.nommer(college, par=agent, **PERSONNE)


def test_no_more_titulaires_than_seats_on_the_same_day(agent, college):
    MembreFactory(college=college, au=date(2026, 6, 30))
    MembreFactory(college=college)

    with pytest.raises(ValidationError, match="2 sièges, tous occupés"):
        instances.nommer(college, par=agent, du=date(2026, 6, 1), **PERSONNE)
    # The day after one leaves, her seat is free.
    assert instances.nommer(college, par=agent, du=date(2026, 7, 1), **PERSONNE).pk


def test_seats_are_counted_over_the_whole_mandate_not_on_its_first_day(agent, college):
    MembreFactory(college=college)
    MembreFactory(college=college, du=date(2026, 9, 1))

    with pytest.raises(ValidationError, match="tous occupés"):
        instances.nommer(college, par=agent, du=date(2026, 1, 1), **PERSONNE)
    assert instances.nommer(college, par=agent, du=date(2026, 1, 1), au=date(2026, 8, 31), **PERSONNE).pk


def test_a_substitute_takes_no_seat_and_stands_in_for_one_titulaire(agent, college):
    titulaire = MembreFactory(college=college)
    MembreFactory(college=college)

    suppleant = instances.nommer(college, par=agent, rang="suppleant", suppleant_de=titulaire, **PERSONNE)

    assert list(titulaire.suppleants.all()) == [suppleant]
    with pytest.raises(ValidationError, match="déjà un suppléant"):
        instances.nommer(college, CompteFactory(), par=agent, rang="suppleant", suppleant_de=titulaire)


def test_no_substitute_where_the_college_has_none(agent, college):
    college.a_des_suppleants = False
    college.save()

    with pytest.raises(ValidationError, match="n’a pas de suppléants"):
        instances.nommer(college, par=agent, rang="suppleant", **PERSONNE)


def test_a_substitute_stands_in_for_somebody_of_the_same_college(agent, college):
    ailleurs = MembreFactory(college=CollegeFactory(nom="Élus"))

    with pytest.raises(ValidationError, match="même collège"):
        instances.nommer(college, par=agent, rang="suppleant", suppleant_de=ailleurs, **PERSONNE)


def test_one_person_presides_and_as_many_copreside_as_the_reglement_says(agent, college):
    autre = CollegeFactory(nom="Élus", sieges=5)
    MembreFactory(college=autre, president=True)
    for _ in range(2):
        MembreFactory(college=autre, fonction=Membre.Fonction.COPRESIDENT)

    with pytest.raises(ValidationError, match="préside déjà"):
        instances.nommer(college, par=agent, fonction="president", **PERSONNE)
    with pytest.raises(ValidationError, match="2 coprésidences au plus"):
        instances.nommer(college, par=agent, fonction="copresident", **PERSONNE)

    college.mandature.instance.reglements.update(copresidents_max=3)
    assert instances.nommer(college, par=agent, fonction="copresident", **PERSONNE).pk


def test_a_mandate_stays_within_its_mandature(agent, college):
    with pytest.raises(ValidationError, match="jour de la mandature"):
        instances.nommer(college, par=agent, du=date(2023, 1, 1), **PERSONNE)
    with pytest.raises(ValidationError, match="ne va pas au-delà"):
        instances.nommer(college, par=agent, au=college.mandature.fin + timedelta(days=1), **PERSONNE)


def test_the_duration_of_the_reglement_ends_the_mandate_before_the_mandature(agent, college):
    college.mandature.instance.reglements.update(duree_mandat_mois=24)

    membre = instances.nommer(college, par=agent, du=date(2024, 3, 1), **PERSONNE)

    assert membre.au == date(2026, 2, 28)


@pytest.mark.django_db(transaction=True)
def test_two_agents_do_not_give_the_last_seat_twice(transactional_db):
    ReglementInstanceFactory()
    college = CollegeFactory(sieges=1)
    agent = CompteFactory(agent=True)

    def nommer(n: int):
        lu = college.__class__.objects.get(pk=college.pk)
        return lambda: instances.nommer(lu, par=agent, courriel=f"p{n}@example.org", prenom="P", nom=str(n))

    assert ensemble(nommer(0), nommer(1)) == ["ValidationError", "fait"]
    assert college.membres.count() == 1


def test_the_page_keeps_what_was_typed_when_the_college_is_full(client, agent, college):
    for _ in range(2):
        MembreFactory(college=college)
    client.force_login(agent)
    donnees = {
        **PERSONNE,
        "fonction": "membre",
        "rang": "titulaire",
        "du": "2026-03-01",
        "organisme": "Cycle et ville",
    }

    reponse = client.post(reverse("seances:nommer", args=[college.pk]), donnees)

    assert reponse.status_code == 200
    html = reponse.content.decode()
    assert "tous occupés à ces dates" in html
    assert "Cycle et ville" in html
    assert not Compte.objects.filter(courriel="alma@example.org").exists()


def test_naming_on_the_page_shows_the_member(client, agent, college):
    client.force_login(agent)
    donnees = {
        **PERSONNE,
        "fonction": "delegue",
        "rang": "titulaire",
        "du": "2026-03-01",
        "commune": commune("Meylan").pk,
    }

    reponse = client.post(reverse("seances:nommer", args=[college.pk]), donnees, follow=True)

    html = reponse.content.decode()
    assert "Alma Reinier siège." in html
    assert "Délégation de collège" in html
    assert "1 vacant" in html


# Changing


def test_a_mandate_is_not_shortened_by_moving_its_date(agent, college):
    fin = college.mandature.fin
    membre = MembreFactory(college=college, au=fin, terme=fin)

    with pytest.raises(ValidationError, match="Mettre fin au mandat"):
        instances.modifier_membre(membre, par=agent, au=fin - timedelta(days=700))

    instances.modifier_membre(membre, par=agent, organisme="Cycle et ville", fonction="delegue")
    assert Membre.objects.get(pk=membre.pk).organisme == "Cycle et ville"
    assert "au nom de, fonction" in college.mandature.instance.journal.get(acte="modifier_membre").fait


def test_moving_the_end_of_the_mandature_moves_the_mandates_that_end_with_it(agent, college):
    fin = college.mandature.fin
    suivant = MembreFactory(college=college, au=fin, terme=fin)
    parti = MembreFactory(college=college, au=date(2025, 5, 5), terme=fin, motif_fin="Démission")

    plus_loin = fin + timedelta(days=181)
    instances.modifier_mandature(college.mandature, par=agent, fin=plus_loin)

    suivant.refresh_from_db()
    parti.refresh_from_db()
    assert suivant.au == suivant.terme == plus_loin
    assert parti.au == date(2025, 5, 5)


def test_a_college_keeps_a_seat_for_each_who_sits(agent, college):
    for _ in range(2):
        MembreFactory(college=college)

    with pytest.raises(ValidationError, match="2 titulaires siègent"):
        instances.modifier_college(college, par=agent, sieges=1)


# Leaving


def test_ending_a_mandate_is_told_journaled_and_leaves_a_vacancy(agent, college):
    membre = MembreFactory(college=college, au=college.mandature.fin)
    MembreFactory(college=college)
    hier = timezone.localdate() - timedelta(days=1)

    instances.mettre_fin(membre, par=agent, au=hier, motif="Démission")

    assert vacances(Instance.objects.all())[0][1:] == (college, 1)
    lettre = Courriel.objects.get(acte="seances/mettre_fin")
    assert "Démission" in lettre.corps
    assert college.mandature.instance.journal.get(acte="mettre_fin").motif == "Démission"
    with pytest.raises(ActeInterdit, match="prend déjà fin"):
        instances.mettre_fin(membre, par=agent, au=hier, motif="Encore")


def test_the_journal_of_an_instance_cannot_be_changed(agent, college):
    instances.nommer(college, par=agent, **PERSONNE)

    with pytest.raises(InternalError), transaction.atomic():
        college.mandature.instance.journal.update(fait="autre chose")
    with pytest.raises(InternalError), transaction.atomic():
        college.mandature.instance.journal.all().delete()


def test_who_leaves_is_taken_off_the_seances_that_come_after(agent, college):
    membre = MembreFactory(college=college)
    apres = ConvieFactory(membre=membre, seance=SeanceFactory(mandature=college.mandature, convoquee=True))
    avant = ConvieFactory(
        membre=membre,
        seance=SeanceFactory(
            mandature=college.mandature, convoquee=True, debut=timezone.now() + timedelta(days=2)
        ),
    )

    instances.mettre_fin(
        membre, par=agent, au=timezone.localdate() + timedelta(days=10), motif="Déménagement"
    )

    apres.refresh_from_db()
    avant.refresh_from_db()
    assert apres.retire_le is not None
    assert avant.retire_le is None
    assert apres.seance.titre in Courriel.objects.get(acte="seances/mettre_fin").corps
    assert apres.seance.journal.get().acte == "mettre_fin"


def test_a_member_removed_in_mid_seance_leaves_the_room_at_once(agent, college):
    seance = SeanceFactory(mandature=college.mandature, ouverte=True)
    partant = ConvieFactory(seance=seance, membre=MembreFactory(college=college))
    mandant = ConvieFactory(seance=seance, membre=MembreFactory(college=college))
    mandant.reponse, mandant.pouvoir_a = Convie.Reponse.POUVOIR, partant
    mandant.save()
    presence = PresenceFactory(convie=partant, seance=seance)
    Parole.objects.create(seance=seance, convie=partant)

    instances.mettre_fin(partant.membre, par=agent, au=timezone.localdate(), motif="Perte du mandat")

    presence.refresh_from_db()
    mandant.refresh_from_db()
    seance.refresh_from_db()
    assert presence.depart is not None
    assert Convie.objects.get(pk=partant.pk).retire_le is not None
    assert Parole.objects.get().retiree_le is not None
    assert (mandant.reponse, mandant.pouvoir_a) == ("excuse", None)
    assert seance.version > 0  # its screens are told
    assert "Votre pouvoir" in Courriel.objects.get(acte="seances/mettre_fin_mandataire").sujet


def test_a_replacement_sits_for_what_remained_in_the_same_quality(agent, college):
    membre = instances.nommer(college, par=agent, du=date(2026, 1, 1), organisme="Cycle et ville", **PERSONNE)
    suppleant = instances.nommer(
        college, CompteFactory(), par=agent, du=date(2026, 1, 1), rang="suppleant", suppleant_de=membre
    )
    instances.mettre_fin(membre, par=agent, au=date(2026, 6, 30), motif="Démission")

    with pytest.raises(ValidationError, match="commence après"):
        instances.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 6, 30))
    nouveau = instances.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 7, 1))

    assert nouveau.au == college.mandature.fin
    assert (nouveau.organisme, nouveau.remplace) == ("Cycle et ville", membre)
    suppleant.refresh_from_db()
    assert suppleant.suppleant_de == nouveau
    with pytest.raises(ActeInterdit, match="déjà pourvu"):
        instances.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 8, 1))


def test_the_page_proposes_the_first_day_that_is_free(client, agent, college):
    membre = MembreFactory(college=college)
    instances.mettre_fin(membre, par=agent, au=timezone.localdate(), motif="Démission")
    client.force_login(agent)
    url = reverse("seances:remplacer", args=[membre.pk])
    du = client.get(url).context["form"].initial["du"]

    reponse = client.post(url, {**PERSONNE, "du": du.isoformat()}, follow=True)

    assert "siège à la place d" in reponse.content.decode()
    assert Membre.objects.get(remplace=membre).du == timezone.localdate() + timedelta(days=1)


def test_nobody_is_replaced_while_sitting(agent, college):
    with pytest.raises(ErreurMetier, match="siège encore"):
        instances.remplacer(MembreFactory(college=college), CompteFactory(), par=agent, du=date(2026, 7, 1))


# Ends announced


@pytest.mark.parametrize(
    ("jours", "mois"), [(200, None), (181, 6), (100, 6), (85, 3), (40, 3), (28, 1), (1, 1)]
)
def test_the_nearest_step_is_announced(jours, mois):
    fin = date(2027, 6, 30)
    membre = MembreFactory.build(college=None, compte=None, du=date(2024, 1, 1), au=fin)

    assert instances.etape_atteinte(membre, [6, 3, 1], fin - timedelta(days=jours)) == mois


def test_an_end_is_announced_once_to_the_member_and_to_the_service(agent, college):
    jour = date(2026, 11, 1)
    membre = MembreFactory(college=college, au=date(2027, 4, 15))
    MembreFactory(college=college, au=date(2028, 4, 15))

    assert instances.annoncer_fins_de_mandat(jour) == 1
    assert instances.annoncer_fins_de_mandat(jour) == 0
    assert instances.annoncer_fins_de_mandat(jour + timedelta(days=30)) == 0
    assert instances.annoncer_fins_de_mandat(date(2027, 1, 20)) == 1

    siennes = Courriel.objects.filter(acte="seances/fin_de_mandat")
    assert [lettre.destinataires for lettre in siennes] == [[membre.compte.courriel]] * 2
    service = Courriel.objects.filter(acte="seances/fins_de_mandat_service")
    assert service.count() == 2
    assert str(membre) in service[0].corps


def test_a_mandate_given_late_is_not_announced_as_if_it_had_begun_before(college):
    MembreFactory(college=college, du=date(2026, 10, 20), au=date(2027, 3, 31))

    assert instances.annoncer_fins_de_mandat(date(2026, 11, 1)) == 0
    assert instances.annoncer_fins_de_mandat(date(2027, 1, 2)) == 1


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

    nouvelle = instances.ecrire_reglement(
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


# The pages


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


def test_ten_members_cost_what_one_costs(client, agent):
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


def test_ten_instances_cost_what_one_costs(client, agent):
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


def test_a_member_of_an_instance_that_examines_dossiers_enters_the_back_office_while_she_sits(agent):
    ReglementInstanceFactory(instance=InstanceFactory(ouvre_le_bureau=True))
    membre = instances.nommer(CollegeFactory(), par=agent, **PERSONNE)
    assert Role.MEMBRE in Compte.objects.get(pk=membre.compte.pk).roles

    instances.mettre_fin(membre, par=agent, au=membre.du, motif="Erreur")

    assert membre.compte.appartenances.get().jusqu_a == membre.du


def test_a_profile_is_kept_and_its_needs_are_known_words(agent):
    profil = Profil.de(CompteFactory())

    instances.modifier_profil(profil, besoins=["transport"], telephone="06 00 00 00 00")
    with pytest.raises(ValidationError):
        instances.modifier_profil(profil, besoins=["hélicoptère"])

    assert Profil.objects.get().besoins == ["transport"]
    assert profil.compte.telephone == "06 00 00 00 00"


def test_the_base_of_the_majority_that_came_with_a_model_is_to_be_confirmed():
    modele = Instance.objects.get(cle="ccspl").reglement_du()

    assert "voix exprimées" in phrase_vote(modele)
    assert "à confirmer" in phrase_vote(modele)
    assert "présents ou représentés" in phrase_vote(ReglementInstance(base_majorite="presents"))
    assert "à confirmer" not in phrase_vote(ReglementInstance())
