"""Public page of promises and answers: figures, data, links from figures to lists."""

import csv
import io
import json
from datetime import datetime, time, timedelta
from statistics import median, quantiles

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.chiffres import tenir_les_chiffres
from participation.socle.actions.dossiers import dire_theme
from participation.socle.models import Dossier
from participation.suites import actes as suites
from participation.suites.models import Suite
from participation.suites.rendu_compte.lectures import FiltresDeSuites, bilan, chiffres, part, selection
from tests.outils import constant_queries, requetes
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import CategorieFactory, RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, DirectionFactory, commune
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db
ADRESSE = "suites:rendu_compte"


def jour(n: int) -> datetime:
    """Return noon in Paris, `n` days from today."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=n), time(12)))


def suite(promise: int, *, due: int, repondue: int | None = None, etat: str = "", **champs) -> Suite:
    """Make a suite. Days from today: of the promise, of its date, of the first answer."""
    return SuiteFactory(
        creee_le=jour(promise),
        date_limite=jour(due).date(),
        repondue_le=None if repondue is None else jour(repondue),
        etat=etat or ("recue" if repondue is None else "suivie"),
        **champs,
    )


def test_the_figures_are_those_counted_by_hand():
    delais = [(-100, -50), (-90, -80), (-80, -10), (-60, -59), (-40, -20)]
    for promise, repondue in delais:
        suite(promise, due=-30, repondue=repondue)  # in time: -50, -80, -59
    suite(-50, due=-5)  # late, no answer
    suite(-5, due=30)  # not yet due

    fait = bilan()

    jours = [repondue - promise for promise, repondue in delais]
    assert (fait.total, fait.repondues, fait.exigibles, fait.a_temps, fait.en_retard) == (7, 5, 6, 3, 1)
    assert (fait.part_repondue, fait.part_a_temps) == (71, 50)
    assert fait.mediane == median(jours)
    assert fait.neuvieme_decile == pytest.approx(quantiles(jours, n=10, method="inclusive")[-1])


def test_without_a_promise_nothing_is_measured_and_the_page_says_what_will_be_there(client):
    assert bilan() == bilan(FiltresDeSuites(q="rien"))
    assert bilan().part_repondue is None
    for nom in (ADRESSE, "suites:chiffres"):
        assert "Rien n’est encore demandé ni promis" in client.get(reverse(nom)).content.decode()
    assert json.loads(b"".join(client.get(reverse("suites:donnees_json")).streaming_content))["suites"] == []


def test_a_share_is_whole_only_when_all_are():
    assert [part(0, 10), part(1, 1000), part(999, 1000), part(10, 10), part(0, 0)] == [0, 1, 99, 100, None]


def test_a_moved_date_excuses_nothing():
    tard = suite(-60, due=-30, repondue=-10)
    Suite.objects.filter(pk=tard.pk).update(date_limite=jour(0).date())
    assert bilan().a_temps == 0


def test_the_first_answer_counts_whatever_comes_after():
    agent = CompteFactory(agent=True)
    promise = suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Éclairer", direction=DirectionFactory()
    )
    suites.changer_etat(promise, par=agent, vers="a_l_etude")
    assert bilan().repondues == 0, "À l’étude n’est pas une réponse."
    suites.changer_etat(promise, par=agent, vers="non_suivie", motif="Trop cher.")
    premiere = promise.repondue_le
    suites.changer_etat(promise, par=agent, vers="a_l_etude")
    suites.changer_etat(promise, par=agent, vers="suivie")
    assert promise.repondue_le == premiere
    assert bilan().repondues == 1


def test_what_is_not_published_is_neither_shown_nor_counted(client):
    suite(-10, due=10, intitule="Montrée")
    suite(-10, due=10, intitule="Cachée", est_publiee=False)
    suite(-10, due=10, intitule="Dossier caché", dossier=PetitionFactory(deposee=True))
    page = client.get(reverse(ADRESSE)).content.decode()
    assert "Montrée" in page
    assert "Cachée" not in page
    assert "Dossier caché" not in page
    assert bilan().total == 1


def test_each_figure_leads_to_what_it_counts(client):
    voirie, eau = DirectionFactory(nom="Voirie"), DirectionFactory(nom="Eau")
    suite(-400, due=-380, repondue=-390, direction=voirie)
    suite(-30, due=-20, repondue=-10, direction=voirie)
    suite(-30, due=-20, direction=eau)
    suite(-30, due=20, direction=eau)

    page = client.get(reverse("suites:chiffres"))

    for axe in page.context["axes"]:
        for ligne in axe.lignes:
            for requete, attendu in (
                (ligne.requete, ligne.bilan.total),
                (ligne.repondues, ligne.bilan.repondues),
                (ligne.a_temps, ligne.bilan.a_temps),
            ):
                liste = client.get(f"{reverse(ADRESSE)}?{requete}")
                assert liste.context["page"].paginator.count == attendu, (axe.cle, ligne.libelle, requete)
    liens, total = page.context["liens"], page.context["bilan"]
    for cle, attendu in (
        ("repondues", total.repondues),
        ("a_temps", total.a_temps),
        ("attendues", total.en_retard),
    ):
        liste = client.get(f"{reverse(ADRESSE)}?{liens[cle]}")
        assert liste.context["page"].paginator.count == attendu, cle


def test_a_dossier_of_two_communes_counts_in_each_and_once_in_all():
    deux = PetitionFactory(debattue=True)
    deux.communes.set([commune("Meylan"), commune("Vizille")])
    suite(-10, due=10, dossier=deux)
    par_commune = next(axe for axe in chiffres(FiltresDeSuites())[1] if axe.cle == "commune")
    assert {ligne.libelle: ligne.bilan.total for ligne in par_commune.lignes} == {"Meylan": 1, "Vizille": 1}
    assert bilan().total == 1
    assert selection(FiltresDeSuites(commune=commune("Meylan").pk)).count() == 1


def test_the_page_is_searched_by_the_words_of_the_promise_the_answer_or_the_dossier(client):
    suite(-10, due=10, intitule="Poser des lampadaires")
    suite(-10, due=10, texte_public="Les fontaines coulent.")
    suite(-10, due=10, dossier=PetitionFactory(debattue=True, titre="Des arbres à Échirolles"))
    for mots, attendu in (("lampadaires", 1), ("fontaines", 1), ("arbre", 1), ("tramway", 0)):
        assert client.get(reverse(ADRESSE), {"q": mots}).context["page"].paginator.count == attendu, mots


def test_words_are_looked_for_once_and_what_is_measured_is_not_counted_again(client):
    for n in range(13):
        suite(-10, due=10, intitule=f"Poser le banc {n}")

    sql = requetes(client, f"{reverse(ADRESSE)}?q=banc")
    page = client.get(reverse(ADRESSE), {"q": "banc"}).context["page"]

    assert (page.paginator.count, len(page)) == (13, 12)
    assert len([une for une in sql if "websearch_to_tsquery" in une and "UNION" in une]) == 1
    assert not [une for une in sql if '"__count"' in une and "suites_suite" in une]
    repondues = client.get(reverse(ADRESSE), {"q": "banc", "reponse": "oui"})
    assert (repondues.context["page"].paginator.count, repondues.context["bilan"].total) == (0, 13)


@pytest.mark.parametrize(
    "requete", ["annee=abc", "direction=999999", "commune=zz", "etat=perdu", "reponse=peut-etre", "page=-4"]
)
def test_an_address_that_means_nothing_filters_nothing(client, requete):
    suite(-10, due=10)
    for nom in (ADRESSE, "suites:chiffres", "suites:donnees_csv", "suites:donnees_json"):
        assert client.get(f"{reverse(nom)}?{requete}").status_code == 200


def test_the_pages_carry_no_cookie_and_caches_may_keep_them(client):
    suite(-10, due=10)
    for nom in (ADRESSE, "suites:chiffres", "suites:donnees_csv", "suites:donnees_json", "suites:atom"):
        page = client.get(reverse(nom))
        assert not page.cookies, nom
        assert "public" in page["Cache-Control"], nom


def test_the_data_say_the_same_as_the_page(client):
    suite(-30, due=-20, repondue=-25, intitule="=SOMME(1)")
    suite(-30, due=-20)
    lignes = json.loads(b"".join(client.get(reverse("suites:donnees_json")).streaming_content))
    assert lignes["bilan"]["part_repondue"] == 50
    assert [fiche["jours"] for fiche in lignes["suites"]] == [5, None]
    assert [fiche["a_temps"] for fiche in lignes["suites"]] == [True, False]
    texte = b"".join(client.get(reverse("suites:donnees_csv")).streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert table[0]["intitule"] == "'=SOMME(1)"
    assert set(table[0]) == set(lignes["suites"][0])


def test_the_feed_tells_the_last_changes(client):
    agent = CompteFactory(agent=True)
    promise = suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Éclairer", direction=DirectionFactory()
    )
    suites.changer_etat(promise, par=agent, vers="suivie", texte_public="C’est décidé.")
    flux = client.get(reverse("suites:atom")).content.decode()
    assert "Éclairer : Suivie" in flux
    assert "C’est décidé." in flux


@pytest.mark.parametrize("nom", [ADRESSE, "suites:chiffres", "suites:donnees_csv", "suites:donnees_json"])
def test_four_suites_cost_what_one_costs(client, nom):
    communes = iter(["Meylan", "Vizille", "Grenoble", "Fontaine", "Jarrie"] * 4)

    def fabriquer():
        dossier = PetitionFactory(debattue=True)
        dossier.communes.add(commune(next(communes)))
        suite(-30, due=-20, repondue=-10, dossier=dossier)

    constant_queries(client, reverse(nom), fabriquer)


def test_the_office_list_costs_the_same_for_four(client):
    client.force_login(CompteFactory(agent=True))
    constant_queries(client, reverse("suites:suites"), lambda: suite(-30, due=-20))


def test_each_sees_her_own_suites(client):
    sienne, autre = suite(-30, due=-20, intitule="La sienne"), suite(-30, due=-20, intitule="Une autre")
    cachee = suite(-30, due=-20, intitule="Cachée", est_publiee=False)
    direction = CompteFactory(role="agent_direction", direction=sienne.direction)
    for compte, vues in (
        (CompteFactory(agent=True), {sienne, autre, cachee}),
        (direction, {sienne}),
        (CompteFactory(elu=True), {sienne, autre}),
    ):
        assert set(Suite.objects.visibles_par(compte)) == vues
    client.force_login(direction)
    page = client.get(reverse("suites:suites")).content.decode()
    assert "La sienne" in page
    assert "Une autre" not in page


def test_the_office_list_is_filtered_by_what_is_left_to_do(client):
    sienne = suite(-30, due=20, intitule="A")
    suite(-30, due=-20, intitule="B", direction=sienne.direction)
    suite(-30, due=-20, repondue=-25, etat="realisee", intitule="C")
    suite(-30, due=-20, repondue=-25, etat="suivie", intitule="D", direction=sienne.direction)
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("suites:suites")

    def montrees(adresse: str) -> set[str]:
        return {rangee.nom for rangee in client.get(adresse).context["rangees"]}

    sienne.dossier.communes.set([commune("Meylan")])
    Suite.objects.filter(pk=sienne.pk).update(promise_le=timezone.localdate(), acte_promesse="délibération")
    assert (
        montrees(f"{adresse}?origine=promise")
        == montrees(f"{adresse}?commune={commune('Meylan').pk}")
        == {"A"}
    )
    assert montrees(f"{adresse}?origine=demandee") == set("BCD")

    filtrees = {
        "": "ABCD",
        "a_rendre": "AB",
        "retard": "BD",
        "a_realiser": "D",
        "repondues": "CD",
        "terme": "C",
    }
    assert {suivi: montrees(f"{adresse}?suivi={suivi}") for suivi in filtrees} == {
        suivi: set(noms) for suivi, noms in filtrees.items()
    }
    # The menu of a direction leads to the suites still to answer, and counts only those.
    client.force_login(CompteFactory(role="agent_direction", direction=sienne.direction))
    page = client.get(f"{adresse}?suivi=a_rendre").context
    entree = next(e for groupe in page["menu_bureau"] for e in groupe["entrees"] if e["actif"])
    assert (entree["libelle"], entree["nombre"], entree["retards"]) == ("Suites à rendre", 2, 1)
    assert montrees(entree["url"]) == {"A", "B"}


def test_what_is_late_is_found_by_an_index_among_ten_thousand():
    modele = suite(-30, due=20)
    autres = {
        "etat": "'realisee'",
        **dict.fromkeys(("date_limite", "date_initiale"), "current_date - mod(n, 900)"),
        "repondue_le": "now() - interval '1 day'",
        "creee_le": "now() - n * interval '1 minute'",
    }
    colonnes = [champ.column for champ in Suite._meta.concrete_fields if not champ.primary_key]
    with connection.cursor() as curseur:  # by the thousand, models cost seconds
        curseur.execute(
            f"INSERT INTO suites_suite ({', '.join(colonnes)})"
            f" SELECT {', '.join(autres.get(colonne, colonne) for colonne in colonnes)}"
            " FROM suites_suite, generate_series(1, 10000) AS n WHERE id = %s",
            [modele.pk],
        )
        curseur.execute("ANALYZE suites_suite")
    plan = Suite.objects.en_retard().order_by("date_limite").explain()
    assert "suite_a_rendre_par_date" in plan
    recentes = Suite.objects.order_by("-creee_le")[:40].explain()
    assert "suite_creee_le" in recentes


def test_the_rendu_compte_is_read_by_theme(client, agent):
    eau, sans = PetitionFactory(debattue=True), PetitionFactory(debattue=True)
    dire_theme(eau, par=agent, theme="  Eau   potable ")
    SuiteFactory(dossier=eau, intitule="Réparer la fontaine")
    SuiteFactory(dossier=sans)

    axe = next(axe for axe in chiffres(FiltresDeSuites())[1] if axe.cle == "theme")

    assert [(ligne.libelle, ligne.bilan.total) for ligne in axe.lignes] == [("Eau potable", 1)]
    assert list(selection(FiltresDeSuites(theme="Eau potable")).values_list("dossier", flat=True)) == [eau.pk]
    page = client.get(reverse(ADRESSE), {"theme": "Eau potable"}).content.decode()
    assert "Réparer la fontaine" in page
    assert page.count("1&nbsp;suite pour cette recherche") == 1

    # Kept, then counted again: the figures of a theme say their hour, and count what came after at the next pass.
    tenir_les_chiffres()
    SuiteFactory(dossier=eau)
    for total in (1, 2):
        tenu = bilan(FiltresDeSuites(theme="Eau potable"))
        par_nature = next(
            axe for axe in chiffres(FiltresDeSuites(theme="Eau potable"))[1] if axe.cle == "instrument"
        )
        assert (tenu.total, par_nature.lignes[0].bilan.total, bool(tenu.le)) == (total, total, True)
        tenir_les_chiffres()
    assert bilan(FiltresDeSuites(theme="Autre")).total == 0


def test_a_suite_gives_its_dossier_the_theme_that_its_app_proposes(agent):
    remontee = RemonteeFactory(categorie=CategorieFactory(parent=CategorieFactory(nom="Déchets")))
    avis = suites.ajouter_suite(
        remontee, par=agent, intitule="Vider le bac", direction=DirectionFactory(), demandee_par="un habitant"
    )
    sujet = SujetFactory(categorie=remontee.categorie)
    suites.ajouter_suite(
        sujet,
        par=agent,
        intitule="Vider les bacs",
        direction=DirectionFactory(),
        demandee_par="des habitants",
    )
    assert Dossier.objects.get(pk=avis.dossier_id).theme == "Déchets"
    assert Dossier.objects.get(pk=sujet.pk).theme == "Déchets"
