"""Figures of the commission: préconisations, delays, presence, diversity with small numbers hidden."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from ccspl.models import Avis, PriseDeNouvelles
from ccspl.resume import prochaines_reunions, rencontres
from ccspl.tableau.avis import avec_suites, mesurer, reponse_de
from ccspl.tableau.lectures import graphique_delais, graphique_suites
from ccspl.tableau.presence import assiduites, diversite, presence_par_college
from participation.seances.models import Convie, Inscription, Profil, ReglementInstance, Seance
from participation.suites.models import Suite
from tests.ccspl.annee import a, college, membre, rendu, seance
from tests.ccspl.factories import AvisFactory, ReunionDuConseilFactory
from tests.seances.factories import ConvieFactory, PresenceFactory

DEBUT, FIN = date(2026, 1, 1), date(2026, 12, 31)
JOUR = date(2026, 11, 24)


def mesures(jour: date = JOUR):
    return mesurer(Avis.objects.all(), DEBUT, FIN, jour)


# Avis


@pytest.mark.django_db
def test_each_preconisation_is_counted_once_by_what_it_became():
    rendu(date(2026, 3, 2), "suivie", "realisee", "suivie_en_partie", "non_suivie", service="Eau")
    rendu(date(2026, 5, 4), "hors_competence", "a_l_etude", "recue", "", service="Déchets", saisine="auto")
    rendu(date(2025, 5, 4), "suivie", service="Eau")
    AvisFactory(en_redaction=True, date_saisine=date(2026, 6, 1))

    trouve = mesures()

    assert (trouve.rendus, trouve.auto_saisines, trouve.preconisations, trouve.services) == (2, 1, 8, 2)
    total = trouve.total
    assert (total.suivies, total.en_partie, total.non_suivies, total.hors_competence) == (2, 1, 1, 1)
    assert (total.a_l_etude, total.sans_reponse, total.en_attente) == (1, 2, 3)
    assert trouve.part_suivie == 38
    assert [(b.libelle, b.total) for b in trouve.par_service] == [("Déchets", 4), ("Eau", 4)]


@pytest.mark.django_db
def test_a_delay_is_counted_in_days_of_the_calendar():
    rendu(date(2026, 3, 27), "suivie", delai=3)  # these days have one hour less
    Suite.objects.update(creee_le=a(date(2026, 3, 27), 8), repondue_le=a(date(2026, 3, 30), 23))

    assert [bilan.delai for bilan in mesures().par_direction] == [3]
    assert [t.jours for t in mesures().trimestres] == [3, None, None, None]


@pytest.mark.django_db
def test_a_late_answer_is_late_whatever_the_year_of_its_avis():
    rendu(date(2025, 11, 1), "recue", "suivie")
    rendu(date(2026, 9, 15), "a_l_etude")  # due on 14 November
    rendu(date(2026, 11, 1), "recue")

    trouve = mesures()

    assert trouve.en_retard == 2
    assert trouve.plus_ancien_retard == (JOUR - date(2025, 12, 31)).days


@pytest.mark.django_db
def test_an_answer_due_today_is_not_late():
    rendu(JOUR - timedelta(days=60), "recue")
    assert mesures().en_retard == 0
    assert mesures(JOUR + timedelta(days=1)).en_retard == 1


@pytest.mark.django_db
def test_without_any_row_there_is_no_figure_and_no_error():
    trouve = mesures()
    assert (trouve.rendus, trouve.part_suivie, trouve.en_retard) == (0, None, 0)
    assert mesures().trimestres == []
    assert presence_par_college(DEBUT, FIN) == (0, [])
    assert diversite().membres == 0
    assert assiduites() == []


@pytest.mark.django_db
def test_the_delay_is_the_median_of_the_answers_of_each_quarter():
    rendu(date(2026, 1, 5), "suivie", delai=10)
    rendu(date(2026, 1, 6), "non_suivie", delai=20)
    rendu(date(2026, 1, 7), "suivie", delai=60)
    rendu(date(2026, 7, 1), "suivie", delai=40)

    trouves = mesures().trimestres

    assert [(t.libelle.replace("\u00a0", " "), t.jours, t.reponses) for t in trouves] == [
        ("T1 26", 20, 3),
        ("T2", None, 0),
        ("T3", 40, 1),
        ("T4", None, 0),
    ]


@pytest.mark.django_db
def test_a_quarter_without_an_answer_has_no_column_and_no_zero():
    rendu(date(2026, 1, 5), "suivie", delai=10)
    rendu(date(2026, 7, 1), "suivie", delai=80)
    trimestres = mesures().trimestres

    dessin = graphique_delais(trimestres, 60, ["#"] * len(trimestres))

    assert [t.texte for t in dessin.textes if t.classe == "valeur"] == ["10", "80"]
    assert {s.classe for s in dessin.colonnes} == {"g1", "g2"}  # within the delay, then late
    assert dessin.tableau[1].cellules == ["–", "0"]


@pytest.mark.django_db
def test_the_table_of_the_chart_tells_study_from_silence():
    rendu(date(2026, 3, 2), "a_l_etude", "recue", "recue")
    dessin = graphique_suites(mesures().par_service, ["#"])
    assert dessin.tableau[0].cellules == ["0", "0", "0", "0", "1", "2", "3"]
    assert len(dessin.entetes) == 1 + len(dessin.tableau[0].cellules)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("etats", "mot"),
    [
        ((), "Sans préconisation"),
        (("",), "À transmettre"),
        (("recue", "suivie"), "Réponse partielle"),
        (("recue",), "Réponse attendue le"),
        (("suivie", "non_suivie"), "Réponse reçue"),
        (("realisee", "realisee"), "Suivi et réalisé"),
    ],
)
def test_the_state_of_the_answers_is_one_word(etats, mot):
    rendu(timezone.localdate(), *etats)
    assert reponse_de(avec_suites(Avis.objects.all()).get()).texte == mot


@pytest.mark.django_db
def test_one_late_line_makes_the_avis_late():
    rendu(timezone.localdate() - timedelta(days=90), "recue", "suivie")
    assert reponse_de(avec_suites(Avis.objects.all()).get()).texte == "Réponse en retard"


@pytest.mark.django_db
def test_only_councils_to_come_with_an_avis_are_announced():
    prochain = ReunionDuConseilFactory()
    ReunionDuConseilFactory()
    passe = ReunionDuConseilFactory(date=timezone.localdate() - timedelta(days=1))
    un, autre = rendu(timezone.localdate(), conseil=prochain), AvisFactory(conseil=prochain)
    rendu(timezone.localdate(), conseil=passe)

    ((reunion, siens),) = prochaines_reunions(Avis.objects.all())

    assert reunion == prochain
    assert set(siens) == {un, autre}


# Presence


@pytest.mark.django_db
def test_a_seat_held_by_the_substitute_is_a_seat_held():
    habitants, elus = college(), college("Élus", 2)
    venue, absente = membre(habitants), membre(habitants)
    titulaire, suppleant = membre(elus), membre(elus, suppleant=True)
    tenue = seance(date(2026, 3, 2), [venue], [absente, titulaire])
    remplace = Convie.objects.get(seance=tenue, membre=titulaire)
    PresenceFactory(convie=ConvieFactory(seance=tenue, membre=suppleant, remplace=remplace))
    seance(date(2025, 3, 2), [], [venue])

    combien, colleges = presence_par_college(DEBUT, FIN)

    assert combien == 1
    assert [(c.nom, c.presents, c.attendus, c.part) for c in colleges] == [
        ("Habitants", 1, 2, 50),
        ("Élus", 1, 1, 100),
    ]


@pytest.mark.django_db
def test_coming_twice_in_a_seance_is_one_presence():
    une = membre()
    tenue = seance(date(2026, 3, 2), [une])
    PresenceFactory(
        convie=Convie.objects.get(seance=tenue),
        arrivee=a(date(2026, 3, 2), 21),
        depart=a(date(2026, 3, 2), 22),
    )
    assert presence_par_college(DEBUT, FIN)[1][0].presents == 1


@pytest.mark.django_db
def test_a_seance_that_did_not_deliberate_or_was_called_off_does_not_count():
    une = membre()
    seance(date(2026, 3, 2), [une], nature="visite")
    annulee = seance(date(2026, 4, 2), [une])
    Seance.objects.filter(pk=annulee.pk).update(etat="annulee")
    assert presence_par_college(DEBUT, FIN) == (0, [])


def suivi(un):
    return next(s for s in assiduites() if s.membre == un)


@pytest.mark.django_db
def test_absences_in_a_row_suggest_a_call_from_the_number_of_the_reglement():
    une = membre()
    ReglementInstance.objects.update(absences_a_signaler=3)
    seance(date(2026, 1, 10), [une])
    for mois in (2, 3):
        seance(date(2026, mois, 10), [], [une])
    assert not suivi(une).a_appeler

    seance(date(2026, 4, 10), [], [une])

    assert suivi(une).a_appeler
    assert (suivi(une).de_suite, suivi(une).derniere_venue) == (3, date(2026, 1, 10))


@pytest.mark.django_db
def test_excuses_are_told_apart_and_a_presence_breaks_the_row():
    une = membre()
    seance(date(2026, 1, 10), [], [une])
    seance(date(2026, 2, 10), [une])
    seance(date(2026, 3, 10), [], [une])
    excusee = seance(date(2026, 4, 10), [], [une])
    Convie.objects.filter(seance=excusee).update(reponse="excuse")

    trouve = suivi(une)

    assert (trouve.presences, trouve.excusees, trouve.sans_excuse) == (1, 1, 2)
    assert (trouve.de_suite, trouve.de_suite_sans_excuse) == (2, 1)


@pytest.mark.django_db
def test_a_call_starts_the_count_again():
    une = membre()
    for mois in (1, 2, 3):
        seance(date(2026, mois, 10), [], [une])
    assert suivi(une).a_appeler

    PriseDeNouvelles.objects.create(membre=une, date=date(2026, 3, 12))
    assert (suivi(une).a_appeler, suivi(une).de_suite) == (False, 0)

    seance(date(2026, 4, 10), [], [une])
    assert suivi(une).de_suite == 1
    assert suivi(une).sans_excuse == 4


@pytest.mark.django_db
def test_who_left_is_no_longer_followed():
    partie = membre(au=timezone.localdate() - timedelta(days=1))
    assert all(s.membre != partie for s in assiduites())


@pytest.mark.django_db
def test_ten_members_cost_what_one_costs(django_assert_num_queries):
    for n in range(10):
        une = membre()
        seance(date(2026, 1, 10 + n), [une])
    with django_assert_num_queries(5):
        assiduites()


# Visits


@pytest.mark.django_db
def test_a_visit_counts_places_who_came_and_what_they_thought():
    visite = seance(date(2026, 5, 5), nature="visite", capacite=2)
    for note, etat, venu in (
        (5, "inscrit", True),
        (4, "inscrit", True),
        (None, "attente", None),
        (1, "annulee", None),
    ):
        Inscription.objects.create(seance=visite, membre=membre(), etat=etat, est_venu=venu, note=note)

    (trouvee,) = rencontres(2026)

    assert (trouvee.inscrits, trouvee.attente, trouvee.venus) == (2, 1, 2)
    assert (float(trouvee.moyenne), trouvee.retours) == (4.5, 2)
    assert not rencontres(2025)


# Diversity


@pytest.mark.django_db
def test_what_members_did_not_say_is_said_so():
    for n in range(12):
        une = membre()
        if n < 6:
            Profil.objects.create(compte=une.compte, genre="femme")
    trouvee = diversite()
    assert trouvee.membres == 12
    assert [(p.libelle, p.nombre) for p in trouvee.genres] == [("femme", 6), ("non dit", 6)]
    assert [(p.libelle, p.nombre) for p in trouvee.ages] == [("non dit", 12)]
