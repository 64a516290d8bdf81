"""« Vous l’avez dit »: what is public about the sujets, and what is not."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.management.horloge import nous_sommes
from participation.socle.models import Courriel
from participation.suites.models import Abonnement
from remontees.models import Sujet
from remontees.sujets import actes as sujets
from remontees.sujets import lectures as publics
from remontees.sujets.lectures import publiables
from remontees.sujets.vues import JEU
from remontees.vitrine import plan_du_site, section_journee
from remontees.workflow import EtatSujet, Issue
from tests.outils import taches_du_jour
from tests.remontees.factories import CategorieFactory, RapporteurFactory, RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def autre():
    return CompteFactory(agent=True)


def liste(client, **filtres):
    return client.get(reverse("remontees:vous_l_avez_dit"), filtres).content.decode()


def ecrire_la_reponse(sujet, par, texte="La place est éclairée.", issue=Issue.TRAITE):
    return sujets.repondre_sujet(sujet, par=par, issue=issue, reponse=texte)


# Second reading


def test_the_first_public_answer_waits_for_another_agent(client, agent, autre):
    sujet = SujetFactory(publie=True)
    RapporteurFactory(remontee=RemonteeFactory(groupee=True, sujet_commun=sujet))

    assert ecrire_la_reponse(sujet, agent) is None

    assert sujet.etat == EtatSujet.A_REPONDRE
    assert not Courriel.objects.filter(acte="remontees/repondre").exists()
    assert "La place est éclairée." not in client.get(sujet.get_public_url()).content.decode()
    with pytest.raises(ErreurMetier, match="un autre agent"):
        sujets.relire(sujet, par=agent)

    assert sujets.relire(sujet, par=autre) == 1

    assert (sujet.etat, sujet.relue_par) == (EtatSujet.REPONDU, autre)
    assert Courriel.objects.filter(acte="remontees/repondre").count() == 1
    assert "La place est éclairée." in client.get(sujet.get_public_url()).content.decode()


def test_the_other_agents_are_told_that_an_answer_waits_and_since_when(client, agent, autre):
    sujet = SujetFactory(publie=True, agent=agent)
    ecrire_la_reponse(sujet, agent)

    lettre = Courriel.objects.get(acte="remontees/faire_relire")
    assert (agent.courriel in lettre.destinataires, autre.courriel in lettre.destinataires) == (False, True)
    assert reverse("remontees:relire", args=[sujet.pk]) in lettre.corps

    pour = {compte: lignes_de(compte, sujet) for compte in (agent, autre)}
    assert [ligne.quoi for ligne in pour[autre]] == ["Relire la réponse"]
    assert [ligne.quoi for ligne in pour[agent]] == ["Faire relire votre réponse"]
    with nous_sommes(timezone.localtime() + timedelta(days=4)):
        client.force_login(autre)
        page = client.get(reverse("socle:journee")).content.decode()
    assert re.search(r"4.jours.{0,200}d’attente.{0,200}Relire la réponse", page, re.S)

    sujets.relire(sujet, par=autre)
    assert lignes_de(autre, sujet) == []


def lignes_de(compte, sujet):
    return [tache for tache in taches_du_jour(compte, section_journee) if sujet.reference in tache.sur_quoi]


def test_the_page_says_that_an_answer_written_waits_to_be_read_not_written(client, agent, autre):
    sujet = SujetFactory(publie=True)
    ecrire_la_reponse(sujet, agent)

    for compte, dit in ((agent, "vous avez écrit la réponse"), (autre, "relisez la réponse")):
        client.force_login(compte)
        page = client.get(sujet.get_absolute_url()).content.decode()
        assert "Réponse à relire" in page
        assert dit in page
    # The list of all natures uses the common row, which says the same.
    assert "Réponse à relire" in client.get(reverse("socle:dossiers")).content.decode()


def test_the_answer_after_the_first_leaves_at_once(agent, autre):
    sujet = SujetFactory(publie=True)
    ecrire_la_reponse(sujet, agent)
    sujets.relire(sujet, par=autre)
    sujets.rouvrir_sujet(sujet, par=agent, motif="Encore éteint.")

    ecrire_la_reponse(sujet, agent, "Réparé de nouveau.")

    assert sujet.etat == EtatSujet.REPONDU


def test_who_wrote_an_answer_does_not_publish_it_alone(agent, autre):
    sujet = SujetFactory(texte_public="On ne voit rien le soir.")
    ecrire_la_reponse(sujet, agent)

    with pytest.raises(ErreurMetier, match="un autre agent"):
        sujets.publier_sujet(sujet, par=agent)
    sujets.publier_sujet(sujet, par=autre)

    assert sujet.relue_par == autre


def test_an_answer_that_changed_meanwhile_is_read_again(client, agent, autre):
    sujet = SujetFactory(publie=True)
    ecrire_la_reponse(sujet, agent)
    client.force_login(autre)
    adresse = reverse("remontees:relire", args=[sujet.pk])
    vu = client.get(adresse).context["form"].initial["vu"]
    ecrire_la_reponse(sujet, agent, "Un autre texte.")

    page = client.post(adresse, {"vu": vu}).content.decode()

    assert "a changé pendant que vous la lisiez" in page
    assert "Un autre texte." in page
    client.post(adresse, {"vu": client.get(adresse).context["form"].initial["vu"]})
    assert Sujet.objects.get().etat == EtatSujet.REPONDU


# Shown and hidden data


def test_nothing_that_is_not_published_is_found(client):
    cache = SujetFactory(texte_public="Rien.")
    montre = SujetFactory(publie=True)

    page = liste(client)

    assert montre.titre in page
    assert cache.reference not in page
    assert client.get(cache.get_public_url()).status_code == 404
    assert client.get(reverse("remontees:image_du_sujet", args=[cache.reference])).status_code == 404
    assert [p.url for p in plan_du_site()].count(montre.get_public_url()) == 1
    assert cache.get_public_url() not in [p.url for p in plan_du_site()]


def test_no_word_and_no_name_of_a_person_leaves(client):
    sujet = SujetFactory(publie=True)
    RapporteurFactory(
        remontee=RemonteeFactory(groupee=True, sujet_commun=sujet, verbatim="Ma voisine Aglaé a crié."),
        nom="Josette Arnaud",
    )

    for adresse in (
        sujet.get_public_url(),
        *(reverse(f"remontees:{nom}") for nom in ("vous_l_avez_dit", "chiffres", "atom")),
    ):
        lu = client.get(adresse).content.decode()
        assert "Aglaé" not in lu
        assert "Josette" not in lu
    for nom in ("donnees_csv", "donnees_json"):
        assert "Aglaé" not in client.get(reverse(f"remontees:{nom}")).getvalue().decode()


def test_a_small_number_is_not_published_and_cannot_be_subtracted(client):
    grand, petit = SujetFactory(publie=True), SujetFactory(publie=True)
    RemonteeFactory.create_batch(5, groupee=True, sujet_commun=grand)
    RemonteeFactory.create_batch(2, groupee=True, sujet_commun=petit)

    lus = json.loads(client.get(reverse("remontees:donnees_json")).getvalue())["sujets"]

    assert {s["reference"]: s["remontees"] for s in lus} == {grand.reference: 5, petit.reference: None}
    assert "moins de 5" in client.get(petit.get_public_url()).content.decode()
    assert publics.bilan(publics.FiltresDeSujets()).au_moins == 5


@pytest.mark.parametrize(
    ("nombres", "attendus"),
    [
        ({"a": 7, "b": 9}, {"a": 7, "b": 9}),
        ({"a": 2, "b": 9, "c": 6}, {"a": None, "b": 9, "c": None}),
        ({"a": 2, "b": 3, "c": 6}, {"a": None, "b": None, "c": 6}),
        ({"a": 2}, {"a": None}),
        ({"a": 0, "b": 5}, {"a": 0, "b": 5}),
    ],
)
def test_one_hidden_number_alone_hides_another(nombres, attendus):
    assert publiables(nombres, 5) == attendus


def test_answered_is_not_said_to_be_settled(client):
    for issue, dit in publics.ISSUES.items():
        sujet = SujetFactory(publie=True, repondu=True, issue=issue)
        assert dit.mot in client.get(sujet.get_public_url()).content.decode()
    assert publics.bilan(publics.FiltresDeSujets()).repondus == len(Issue)
    assert len(Sujet.objects.filter(issue=Issue.TRAITE)) == 1


def test_each_figure_opens_the_list_it_counts(client):
    SujetFactory(publie=True)
    SujetFactory(publie=True, repondu=True)
    prevu = SujetFactory(publie=True, repondu=True, issue=Issue.PREVU)

    bilan = publics.bilan(publics.FiltresDeSujets())
    assert (bilan.total, bilan.repondus, bilan.part_repondue) == (3, 2, 67)
    for _, combien, requete in bilan.par_issue:
        page = client.get(f"{reverse('remontees:vous_l_avez_dit')}?{requete}")
        assert page.context["page"].paginator.count == combien
    assert prevu.titre in liste(client, etat=Issue.PREVU)


def test_the_list_is_searched_by_words_theme_commune_and_state(client):
    theme = CategorieFactory(nom="Éclairage")
    lampe = SujetFactory(
        publie=True, titre="Lampadaires éteints place Vaucanson", categorie=CategorieFactory(parent=theme)
    )
    lampe.communes.add(commune("Meylan"))
    bus = SujetFactory(publie=True, repondu=True, titre="Arrêt de bus sans abri")

    for filtres in (
        {"q": "lampadaire"},
        {"theme": theme.pk},
        {"commune": commune("Meylan").pk},
        {"etat": publics.SANS_REPONSE},
    ):
        page = liste(client, **filtres)
        assert lampe.titre in page, filtres
        assert bus.titre not in page, filtres
    assert "Aucun sujet ne correspond" in liste(client, q="introuvable")
    # An unknown value does not filter.
    assert bus.titre in liste(client, theme="x", etat="²", commune="'")


def test_an_empty_page_says_what_will_come(client):
    assert "Aucun sujet n’est encore publié" in liste(client)
    assert client.get(reverse("remontees:chiffres")).status_code == 200


def test_ten_sujets_cost_what_one_costs(client, django_assert_max_num_queries):
    SujetFactory(publie=True, categorie=CategorieFactory())
    liste(client)
    for _ in range(9):
        SujetFactory(publie=True, categorie=CategorieFactory())

    with django_assert_max_num_queries(14):
        page = liste(client)

    assert page.count("SUJ-") >= 10


# Open data


def test_the_data_say_what_the_field_page_says_and_any_site_may_read_them(client):
    sujet = SujetFactory(publie=True, repondu=True, titre="=1+1")
    sujet.communes.add(commune("Grenoble"))

    lu = client.get(reverse("remontees:donnees_csv"))
    lignes = list(csv.DictReader(io.StringIO(lu.getvalue().decode("utf-8-sig")), delimiter=";"))

    assert lu["Access-Control-Allow-Origin"] == "*"
    assert list(lignes[0]) == [champ.nom for champ in JEU.champs]
    assert lignes[0]["titre"] == "'=1+1"
    assert lignes[0]["communes"] == "38185"
    assert lignes[0]["ouvert_le"][10] == "T"
    assert (
        client.get(reverse("remontees:donnees_csv"), headers={"if-none-match": lu["ETag"]}).status_code == 304
    )
    en_json = client.get(reverse("remontees:donnees_json"))
    (fiche,) = json.loads(en_json.getvalue())["sujets"]
    assert list(fiche) == [champ.nom for champ in JEU.champs]
    page = client.get(reverse("remontees:chiffres")).content.decode()
    assert all(f"<code>{champ.nom}</code>" in page for champ in JEU.champs)


def test_a_new_remontee_changes_the_etag(client):
    sujet = SujetFactory(publie=True)
    avant = client.get(reverse("remontees:donnees_json"))["ETag"]

    RemonteeFactory(groupee=True, sujet_commun=sujet)

    assert client.get(reverse("remontees:donnees_json"))["ETag"] != avant


def test_the_history_and_the_feed_say_what_is_public_and_no_reason(client, agent, autre):
    sujet = SujetFactory(publie=True)
    ecrire_la_reponse(sujet, agent)
    assert "à relire" not in client.get(sujet.get_public_url()).content.decode()
    sujets.relire(sujet, par=autre)
    sujets.rouvrir_sujet(sujet, par=agent, motif="Monsieur Untel rappelle.")

    page = client.get(sujet.get_public_url()).content.decode()
    flux = client.get(reverse("remontees:atom")).content.decode()

    for lu in (page, flux):
        assert "Sujet rouvert" in lu
        assert "Untel" not in lu
    assert "Pas encore de réponse" in page


def test_a_sujet_is_followed_by_mail(client, agent, autre):
    sujet = SujetFactory(publie=True)
    assert reverse("suites:suivre", args=[sujet.pk]) in client.get(sujet.get_public_url()).content.decode()
    client.post(f"/ar{reverse('suites:suivre', args=[sujet.pk])}", {"courriel": "anne@example.org"})
    abonnement = Abonnement.objects.get()
    client.post(reverse("suites:confirmer", args=[abonnement.cle]))

    ecrire_la_reponse(sujet, agent)
    assert not Courriel.objects.filter(acte="remontees/annoncer_reponse").exists()
    sujets.relire(sujet, par=autre)

    lettre = Courriel.objects.get(acte="remontees/annoncer_reponse")
    assert (lettre.destinataires, lettre.langue) == (["anne@example.org"], "ar")
    assert "La place est éclairée.\nهذا النص بالفرنسية فقط." in lettre.corps
    assert f"/ar{sujet.get_public_url()}" in lettre.corps


def test_the_picture_and_the_home_show_the_answer(client):
    sujet = SujetFactory(publie=True, repondu=True, titre="Banc cassé au parc")
    image = client.get(reverse("remontees:image_du_sujet", args=[sujet.reference]))

    assert image["Content-Type"] == "image/png"
    assert (
        reverse("remontees:image_du_sujet", args=[sujet.reference])
        in client.get(sujet.get_public_url()).content.decode()
    )
    assert "Banc cassé au parc" in client.get(reverse("socle:accueil")).content.decode()


def test_the_tile_map_of_the_home_counts_the_remontees_and_hides_the_few(client):
    RemonteeFactory.create_batch(6, commune=commune("Grenoble"))
    RemonteeFactory.create_batch(2, commune=commune("Meylan"))
    RemonteeFactory.create_batch(3, commune=commune("Bresson"))

    assert publics.voix_en_douze_mois()[0] == {
        "38185": 6,
        commune("Meylan").pk: None,
        commune("Bresson").pk: None,
    }
    carte = client.get(reverse("socle:accueil")).context["carte"]
    assert {t.code: t.nombre for t in carte.tuiles}["38185"] == 6


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["dire", "vous_l_avez_dit"])
def test_one_entry_of_the_menu_leads_to_both_pages_and_says_where_we_are(client, page):
    html = client.get(reverse(f"remontees:{page}")).content.decode()
    menu = html[html.index("entete-nav") :].partition("</nav>")[0]

    assert re.findall(r'aria-current="[a-z]+"[^>]*>\s*([^<]+?)\s*<', menu) == ["Nous le dire"]
