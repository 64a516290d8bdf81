"""French texts built from data, as tables of cases."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine

from participation.seances.models import Convocation, Seance
from participation.socle import francais
from participation.socle.journee import Tache
from participation.socle.models import Commune, Direction
from participation.socle.templatetags.composants import citer
from participation.socle.views.journee import ligne
from tests.maison import APPS, code

SAMEDI_SOIR = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)  # in Paris it is already 1 February, 0:30


def lisible(texte: str) -> str:
    """Show non-breaking spaces as « _ »."""
    return texte.replace(francais.INSECABLE, "_")


@pytest.mark.parametrize(
    ("valeur", "forme", "attendu"),
    [
        (date(2026, 2, 1), "", "1er_février 2026"),
        (date(2026, 2, 2), "", "2_février 2026"),
        (date(2026, 8, 11), "", "11_août 2026"),
        (date(2026, 2, 1), "long", "dimanche 1er_février 2026"),
        (date(2020, 12, 31), "court", "31_déc. 2020"),
        (date(2020, 9, 1), "court", "1er_sept. 2020"),
        (date(2026, 2, 1), "chiffres", "01/02/2026"),
        (SAMEDI_SOIR, "", "1er_février 2027"),
        (SAMEDI_SOIR, "chiffres", "01/02/2027"),
        (datetime(2027, 1, 31, 23, 30), "", "31_janvier 2027"),
        (None, "", ""),
        (None, "long", ""),
    ],
)
def test_days(valeur, forme, attendu):
    assert lisible(francais.jour_texte(valeur, forme)) == attendu


@pytest.mark.parametrize(("mois", "attendu"), [(1, "janvier"), (2, "février"), (8, "août"), (12, "décembre")])
def test_months(mois, attendu):
    assert francais.mois_texte(date(2026, mois, 1)) == f"{attendu} 2026"


def test_a_period_of_one_day_is_that_day():
    debut, fin = date(2026, 12, 1), date(2026, 12, 4)
    assert lisible(francais.periode_texte(debut, fin)) == "du 1er_décembre 2026 au 4_décembre 2026"
    assert lisible(francais.periode_texte(debut, debut)) == "le 1er_décembre 2026"


def test_a_day_without_its_year():
    assert lisible(francais.jour_mois(date(2026, 7, 1))) == "1er_juil."
    assert lisible(francais.jour_mois(date(2026, 7, 14))) == "14_juil."


def test_the_year_is_left_out_when_it_is_this_one():
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        assert lisible(francais.jour_texte(date(2026, 3, 1), "court")) == "1er_mars"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (time(18, 30), "18_h_30"),
        (time(18), "18_h"),
        (time(0, 5), "0_h_05"),
        (SAMEDI_SOIR, "0_h_30"),
        (date(2026, 2, 1), ""),
        (None, ""),
    ],
)
def test_hours(valeur, attendu):
    assert lisible(francais.heure(valeur)) == attendu


@pytest.mark.parametrize(
    ("valeur", "forme", "attendu"),
    [
        (SAMEDI_SOIR, "", "1er_février 2027 à 0_h_30"),
        (SAMEDI_SOIR, "long", "lundi 1er_février 2027 à 0_h_30"),
        (SAMEDI_SOIR, "chiffres", "01/02/2027 à 0_h_30"),
        (datetime(2020, 6, 30, 16, tzinfo=UTC), "court", "30_juin 2020, 18_h"),
        (None, "", ""),
    ],
)
def test_instants(valeur, forme, attendu):
    assert lisible(francais.instant_texte(valeur, forme)) == attendu


@pytest.mark.parametrize(
    ("jours", "attendu"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (2, "dans 2_jours"),
        (-1, "1_jour de retard"),
        (-12, "12_jours de retard"),
    ],
)
def test_days_left(jours, attendu):
    assert lisible(francais.dans(jours)) == attendu


@pytest.mark.parametrize(
    ("minutes", "attendu"),
    [(0, "0_min"), (45, "45_min"), (60, "1_h"), (65, "1_h_05"), (60 * 1500, "1_500_h")],
)
def test_durations(minutes, attendu):
    assert lisible(francais.duree(minutes)) == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (0, "0"),
        (999, "999"),
        (1500, "1_500"),
        (1_234_567, "1_234_567"),
        (12.5, "12,5"),
        (12.0, "12"),
        (1234.56, "1_234,6"),
        (Decimal("12.50"), "12,5"),
        (-3, "−3"),
        (None, "–"),
        pytest.param(10**400, "10" + "_000" * 133, id="more than a float holds"),
    ],
)
def test_numbers(valeur, attendu):
    assert lisible(francais.nombre(valeur)) == attendu


@pytest.mark.parametrize(("valeur", "attendu"), [(0, "0_%"), (42.5, "42,5_%"), (100, "100_%")])
def test_percentages(valeur, attendu):
    assert lisible(francais.pourcentage(valeur)) == attendu


@pytest.mark.parametrize(
    ("rang", "feminin", "attendu"),
    [(1, False, "1er"), (1, True, "1re"), (2, False, "2e"), (2, True, "2e"), (1285, True, "1_285e")],
)
def test_ordinals(rang, feminin, attendu):
    assert lisible(francais.ordinal(rang, feminin=feminin)) == attendu


@pytest.mark.parametrize(
    ("valeur", "formes", "attendu"),
    [
        (0, "s", ""),
        (1, "s", ""),
        (1.5, "s", ""),
        (2, "s", "s"),
        (-2, "s", "s"),
        (2, "x", "x"),
        (1, "al,aux", "al"),
        (2, "al,aux", "aux"),
        (["a", "b"], "s", "s"),
        ([], "s", ""),
        (None, "s", ""),
    ],
)
def test_plural_endings(valeur, formes, attendu):
    assert francais.pluriel(valeur, formes) == attendu


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        ((0, "personne"), "0 personne"),
        ((1, "personne"), "1 personne"),
        ((2, "personne"), "2 personnes"),
        ((2, "personne relancée"), "2 personnes relancées"),
        ((2, "voix attendue"), "2 voix attendues"),
        ((1, "journal", "journaux"), "1 journal"),
        ((2, "journal", "journaux"), "2 journaux"),
        ((2, "suite attend", "suites attendent"), "2 suites attendent"),
        ((1500, "signature"), "1_500 signatures"),
    ],
)
def test_nouns_agree(arguments, attendu):
    assert lisible(francais.accorder(*arguments)) == attendu


def test_none_may_be_said_in_words():
    assert francais.accorder(0, "personne", aucun="aucune") == "aucune personne"
    assert francais.accorder(1, "personne", aucun="aucune") == "1 personne"


def test_a_number_may_be_bound_to_its_noun():
    assert lisible(francais.accorder(2, "jour", espace=francais.INSECABLE)) == "2_jours"


@pytest.mark.parametrize(
    ("mots", "attendu"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a et b"),
        (["a", "b", "c"], "a, b et c"),
        ((mot for mot in "abc"), "a, b et c"),
        ([1, 2], "1 et 2"),
    ],
)
def test_lists(mots, attendu):
    assert francais.enumerer(mots) == attendu


def test_a_list_may_be_a_choice():
    assert francais.enumerer(["a", "b", "c"], "ou") == "a, b ou c"


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Paul", "de Paul"),
        ("Odile", "d’Odile"),
        ("Émile", "d’Émile"),
        ("Œuvre", "d’Œuvre"),
        ("Hélène", "d’Hélène"),
        ("Hamid", "de Hamid"),
        ("Yves", "d’Yves"),
        ("Yasmine", "de Yasmine"),
        ("habitants", "d’habitants"),
        ("le conseil", "du conseil"),
        ("les affaires", "des affaires"),
        ("la régie", "de la régie"),
        ("l’eau", "de l’eau"),
        ("Le Goff", "de Le Goff"),
    ],
)
def test_elision(nom, attendu):
    assert francais.de(nom) == attendu


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Paul", "à Paul"),
        ("le bureau", "au bureau"),
        ("les élus", "aux élus"),
        ("la régie", "à la régie"),
        (francais.lieu("Le Pont-de-Claix"), "au Pont-de-Claix"),
        (francais.lieu("La Tronche"), "à La Tronche"),
    ],
)
def test_the_article_is_contracted_after_a(nom, attendu):
    assert francais.a_qui(nom) == attendu


@pytest.mark.parametrize(
    ("nom", "de", "a_qui"),
    [
        ("Ville de Grenoble", "de la Ville de Grenoble", "à la Ville de Grenoble"),
        (
            "État, politique de la ville",
            "de l’État, politique de la ville",
            "à l’État, politique de la ville",
        ),
        ("Département de l’Isère", "du Département de l’Isère", "au Département de l’Isère"),
        ("Agora", "de l’Agora", "à l’Agora"),
        ("Odile Martin", "d’Odile Martin", "à Odile Martin"),
        ("Les Ateliers du Palier", "de Les Ateliers du Palier", "à Les Ateliers du Palier"),
    ],
)
def test_a_body_has_its_article_in_a_sentence(nom, de, a_qui):
    dit = francais.avec_article(nom)
    assert (francais.de(dit), francais.a_qui(dit)) == (de, a_qui)


@pytest.mark.parametrize(
    ("dans", "retard", "au_plus_tard"),
    [
        (3, "", "au plus tard le 4_mars 2027"),
        (0, "", "aujourd’hui"),
        (-1, "en retard d’un jour", "en retard d’un jour (c’était le 28_février 2027)"),
        (-12, "en retard de 12_jours", "en retard de 12_jours (c’était le 17_février 2027)"),
    ],
)
def test_a_day_that_is_past_is_late_by_so_many_days(dans, retard, au_plus_tard):
    with time_machine.travel(datetime(2027, 3, 1, 10, tzinfo=UTC), tick=False):
        limite = date(2027, 3, 1) + timedelta(days=dans)
        assert lisible(francais.retard(limite)) == retard
        assert lisible(francais.au_plus_tard(limite)) == au_plus_tard


def test_a_capital_leaves_acronyms_and_names_as_they_are():
    assert francais.majuscule("avis de la CCSPL") == "Avis de la CCSPL"
    assert francais.majuscule("élu de Grenoble") == "Élu de Grenoble"
    assert francais.majuscule("") == ""
    dits = [francais.ponctuer(titre) for titre in ("Où s’asseoir ?", "Des bancs", "Fin.", "Et ensuite… ")]
    assert dits == ["Où s’asseoir ?", "Des bancs.", "Fin.", "Et ensuite…"]


def test_no_module_puts_a_capital_that_would_lower_the_rest():
    fautifs = [chemin.name for chemin in code(*APPS) if ".capitalize()" in chemin.read_text()]
    assert fautifs == [], "francais.majuscule keeps « CCSPL » as it is"


@pytest.mark.parametrize(
    ("modele", "nom", "attendu"),
    [
        (Direction, "Affaires juridiques", "de la direction Affaires juridiques"),
        (Direction, "Direction de l’eau", "de la direction de l’eau"),
        (Direction, "Service des eaux", "du service des eaux"),
        (Commune, "Échirolles", "d’Échirolles"),
        (Commune, "Le Gua", "du Gua"),
        (Commune, "La Tronche", "de La Tronche"),
    ],
)
def test_who_answers_is_named_with_the_right_article(modele, nom, attendu):
    assert francais.de(modele(nom=nom).en_phrase) == attendu


@pytest.mark.parametrize(
    ("nature", "attendu"), [("deplacement", "Déplacement envoyé"), ("premiere", "Convocation envoyée")]
)
def test_what_is_sent_agrees_with_its_word(nature, attendu):
    assert Convocation.dite_envoyee(Convocation(nature=nature).get_nature_display()) == attendu


def test_one_is_convened_to_a_bureau_as_to_a_plenary():
    assert francais.a_qui(Seance(nature="bureau").nature_en_phrase) == "au bureau"
    assert francais.a_qui(Seance(nature="pleniere").nature_en_phrase) == "à la séance plénière"


def test_spaces_are_those_of_french_and_addresses_are_left_alone():
    phrase = "Le 3 mai : « l'eau » ! https://x.fr/a?b=1:2"
    assert lisible(francais.espacer(phrase)) == "Le 3_mai_: «_l’eau_»_! https://x.fr/a?b=1:2"
    phrase = "Le 1er mai, 2 000 € ou 1 250 000 euros, 12 %, au 04 76 59 59 59, 3 rue Malakoff, 38000 Grenoble, n° 12"
    attendu = "Le 1er_mai, 2_000_€ ou 1_250_000_euros, 12_%, au 04 76 59 59 59, 3_rue Malakoff, 38000_Grenoble, n°_12"
    assert lisible(francais.espacer(phrase)) == attendu
    phrase = "« Réparer « Mistral » », « a » et « b », « non fermé « c »"
    assert lisible(francais.espacer(phrase)) == "«_Réparer “Mistral”_», «_a_» et «_b_», «_non fermé «_c_»"
    assert lisible(citer("Un « <b> »")) == "«_Un “&lt;b&gt;”_»"


@time_machine.travel(datetime(2026, 12, 30, 10, tzinfo=UTC))
def test_the_first_of_the_month_is_said_so_on_the_day_s_page():
    tache = Tache("Répondre", "/", "Ouvrir", date_limite=date(2027, 1, 1))
    assert ligne(tache, date(2026, 12, 30)).fort == "Vendredi 1er"


def test_what_is_no_name_is_not_carried_as_one():
    assert francais.apres_bonjour("Anne-Marie") == " Anne-Marie"
    assert francais.apres_bonjour("N’Golo") == " N’Golo"
    for autre in (
        "",
        "www.gain.example",
        "https://x",
        "Gagnez 1000",
        "Cliquez vite ici pour toucher votre prime",
    ):
        assert francais.apres_bonjour(autre) == ""
    assert francais.nom_simple("Łukasz de la Tour") == "Łukasz de la Tour"
