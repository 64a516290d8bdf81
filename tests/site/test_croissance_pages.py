"""With years of rows, each page reads along an index, stops counting, and shows its lists by pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ccspl import vitrine as vitrine_ccspl
from ccspl.models import Avis
from ccspl.tableau import avis
from participation.droits.models import DemandeDroit
from participation.droits.personnes.lectures import apercu, compte_au_numero
from participation.engagements.propositions import lectures as propositions
from participation.socle.actions import fixer_echeance
from participation.socle.actions.chiffres import tenir_les_chiffres
from participation.socle.actions.oubli import Personne
from participation.socle.forms import filters
from participation.socle.http import menus
from participation.socle.models import Courriel, Dossier
from participation.socle.views.journee import dossiers_suivis
from participation.suites.rendu_compte import lectures as suites
from remontees import conservation
from remontees.comite import lectures as comite
from remontees.models import Remontee, Sujet
from remontees.reception.lectures import notees_par
from remontees.sujets import lectures as publics
from tests.ccspl.factories import AvisFactory, ReunionDuConseilFactory
from tests.outils import requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.remontees.factories import AttributionFactory, RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en_clair")]


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def plans(lire: Callable[[], object]) -> str:
    """Return the plans of all the queries that `lire` makes, when table scans and sorts are discouraged."""
    with CaptureQueriesContext(connection) as faites:
        lire()
    lignes = []
    with connection.cursor() as curseur:
        # No statistics, whatever the tests before left in this database: the planner then expects ten pages of rows.
        oids = "(SELECT oid FROM pg_class WHERE relname ~ '^(socle_dossier|suites_suite|remontees_(remontee|sujet|attribution))')"
        curseur.execute(f"DELETE FROM pg_statistic WHERE starelid IN {oids}")
        curseur.execute(f"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid IN {oids}")
        for chemin in ("seqscan", "sort", "hashjoin", "mergejoin"):
            curseur.execute(f"SET LOCAL enable_{chemin} = off")
        for requete in faites.captured_queries:
            if not requete["sql"].startswith(("SELECT", "WITH", "(")):
                continue
            curseur.execute(f"EXPLAIN {requete['sql']}")
            lignes += [ligne for (ligne,) in curseur.fetchall()]
    return "\n".join(lignes)


@pytest.mark.parametrize(
    ("index", "lire"),
    [
        ("dossier_publies", lambda: list(publics.publies().order_by())),
        ("dossier_deposes", lambda: list(dossiers_suivis(CompteFactory()))),
        ("dossier_deposes", lambda: list(notees_par(CompteFactory())[:20])),
        ("courriel_plus_ancien", lambda: list(Courriel.objects.order_by("cree_le", "pk")[:25])),
        ("courriel_etats_rares", lambda: list(Courriel.objects.filter(etat="reuni").order_by().values("pk"))),
        ("courriel_sms", lambda: list(Courriel.objects.filter(moyen="sms").order_by().values("pk"))),
        ("dossier_suivis_ouverts", lambda: list(dossiers_suivis(CompteFactory(agent=True)))),
        ("remontee_non_effacees", conservation.AU_TERME.lire),
        ("remontee_ecartees_non_effacees", conservation.AU_TERME.lire),
        ("attribution_attendues_par_date", comite.a_des_candidats),
        ("attribution_refusees", comite.a_des_candidats),
        ("remontee_sur_la_carte", lambda: publics.remontees_en_cours(Remontee.objects.all())),
        ("dossier_themes_publics", propositions.themes),
        ("suite_recherche", lambda: suites.mots("banc")),
        ("sujet_en_cours", lambda: list(Sujet.objects.sans_reponse().values("pk"))),
        ("sujet_repondus", lambda: list(publics.derniers_repondus(3))),
        ("avis_repondus", vitrine_ccspl.section_accueil),
        ("sujet_categorie", publics.themes_publies),
    ],
)
def test_what_pages_look_for_among_hundreds_of_thousands_is_found_by_an_index(index, lire):
    assert index in plans(lire)


def test_a_telephone_is_found_by_the_index_of_each_table_that_keeps_one():
    def chercher():
        assert compte_au_numero("+33639981234", "Rosine Valmont") is None
        return Personne("", telephone="+33639981234", nom="Rosine Valmont").est_seule_au_numero

    lus = plans(chercher)

    assert lus.count(" on compte_telephone ") == 1
    assert lus.count(" on rapporteur_telephone ") == 1
    assert "Seq Scan" not in lus


def test_the_preview_of_an_erasure_finds_a_signature_by_its_mailbox_and_the_erasure_as_it_is_written_too():
    signature = SignatureFactory(
        courriel="Rosine.Valmont+banc@gmail.com", courriel_canonique="rosinevalmont@gmail.com"
    )
    demande = DemandeDroit(courriel="rosine.valmont@gmail.com")

    with CaptureQueriesContext(connection) as lues:
        (trouvee,) = apercu(demande)

    assert [(table, combien) for _, table, combien, _ in trouvee.lignes] == [("Signatures", 1)]
    assert len(lues) < 60, "tables that keep no address are not asked"
    assert not [q for q in lues.captured_queries if 'petitions_signature" U0 WHERE UPPER' in q["sql"]]
    type(signature).objects.update(courriel_canonique="ancienne règle")
    assert Personne(signature.courriel).dans(type(signature)).get() == signature


def test_a_list_sorted_by_title_reads_the_titles_of_its_nature_alone(client, agent):
    AvisFactory()

    tries = [
        sql
        for sql in requetes(client, "/ccspl/dossiers/?tri=titre")
        if 'ORDER BY "socle_dossier"."titre_simple"' in sql
    ]

    assert tries
    assert all('"nature" = ' in sql for sql in tries)


@pytest.mark.parametrize("tri", ["titre", "-titre"])
def test_a_sort_by_title_finds_once_what_may_be_read_and_reads_the_titles_of_that_alone(
    client, monkeypatch, tri
):
    direction = DirectionFactory()
    client.force_login(CompteFactory(role="agent_direction", direction=direction))
    remontees = RemonteeFactory.create_batch(3)
    for rang, remontee in enumerate(remontees):
        Dossier.objects.filter(pk=remontee.pk).update(titre="bac"[rang])
        AttributionFactory(dossier=remontee, direction=direction)

    (triees,) = [s for s in requetes(client, f"/remontees/dossiers/?tri={tri}") if 'titre_simple" ' in s]
    page = client.get(f"/remontees/dossiers/?tri={tri}").context["page"]

    assert "remontees_" not in triees
    attendues = [remontees[1], remontees[0], remontees[2]]
    assert [r.pk for r in page] == [r.pk for r in (attendues if tri == "titre" else attendues[::-1])]


def test_a_list_of_letters_has_letters_alone_however_many_it_counts(client, agent, monkeypatch):
    lettres = [
        Courriel.objects.create(expediteur="s@x.fr", destinataires=["a@x.fr"], sujet="A", corps="B")
        for _ in range(3)
    ]

    page = client.get("/courriels/").context["page"]

    assert [lettre.pk for lettre in page] == [lettre.pk for lettre in lettres[::-1]]


def test_a_descending_sort_walks_the_index_of_the_ascending_one(client, agent):
    RemonteeFactory.create_batch(2)

    triees = [s for s in requetes(client, "/remontees/dossiers/?tri=-titre") if "ORDER BY" in s]

    assert any(
        'ORDER BY "socle_dossier"."titre_simple" DESC, "remontees_remontee"."dossier_ptr_id" DESC' in s
        or 'ORDER BY "socle_dossier"."titre_simple" DESC, 1 DESC' in s
        for s in triees
    )


def test_the_words_of_the_public_sujets_are_looked_for_once_for_the_page(client):
    SujetFactory(publie=True, titre="Un banc")

    lues = requetes(client, "/remontees/?q=banc")

    assert len([s for s in lues if '"titre_simple" %>' in s]) == 1


@pytest.mark.parametrize("page", ["/recherche/?q=zzz", "/dossiers/?q=zzz"])
def test_a_search_judges_what_it_finds_rather_than_gather_all_that_may_be_read(client, page):
    client.force_login(CompteFactory(role="agent_direction", direction=DirectionFactory()))

    assert not [s for s in requetes(client, page) if "ANY(ARRAY(" in s and 'U0."est_publie"' in s]


def test_what_holds_the_site_up_is_counted_by_the_task_for_every_agent(client, agent):
    avant = requetes(client, "/journee/")
    tenir_les_chiffres()
    caches["processus"].clear()

    apres = requetes(client, "/journee/")

    assert len(apres) < len(avant) - 15
    assert not [s for s in apres if 'FROM "socle_voie"' in s]


def test_the_menu_stops_counting_and_says_so(client, agent, monkeypatch):
    monkeypatch.setattr(menus, "COMPTES", 2)
    for _ in range(4):
        fixer_echeance(
            PetitionFactory(deposee=True, agent=agent),
            "essai",
            libelle="Voir",
            date_limite=timezone.localdate(),
        )

    page = client.get("/courriels/").content.decode()

    assert '2<span aria-hidden="true">+</span><span class="visually-hidden"> ou plus à traiter</span>' in page


def test_what_is_to_be_erased_is_counted_up_to_a_bound(client, agent, monkeypatch):
    monkeypatch.setattr("remontees.conservation.COMPTEES", 2)
    for module in ("remontees.journee", "remontees.conservation"):
        monkeypatch.setattr(f"{module}.COMPTEES", 2)
    RemonteeFactory.create_batch(3, repondue=True, repondue_le=timezone.localtime() - timedelta(days=800))
    # Set aside without an answer: its last change tells when it ended.
    ecartee = RemonteeFactory(etat="ecartee", entendue_le=timezone.localdate() - timedelta(days=900))
    Dossier.objects.filter(pk=ecartee.pk).update(modifie_le=timezone.localtime() - timedelta(days=850))

    assert "plus de 2 remontées" in client.get("/journee/").content.decode()
    assert "Plus de 2" in client.get("/remontees/conservation/").content.decode()
    assert conservation.au_terme(1) == [ecartee]
    assert conservation.est_au_terme(ecartee)


def test_a_common_word_is_ranked_among_a_few_dossiers_the_last_and_those_it_names(client, agent, monkeypatch):
    monkeypatch.setattr(filters, "PARMI", 2)
    monkeypatch.setattr(filters, "DERNIERS", 1)
    textes = PetitionFactory.create_batch(5, deposee=True)
    nomme = PetitionFactory(deposee=True, titre="Des bancs pour tous")
    Dossier.objects.exclude(pk=nomme.pk).update(resume="Un banc à l’ombre.")

    faites = requetes(client, "/recherche/?q=banc")
    page = client.get("/recherche/?q=banc").content.decode()

    assert "plus de" in page
    assert "Ajoutez un mot" in page
    # Which of the texts are among the few is not said; the one that the word names comes before them.
    assert page.index(nomme.reference) < min(page.index(t.reference) for t in textes if t.reference in page)
    classees = [sql for sql in faites if "ts_rank" in sql]
    assert classees
    assert all('"id" IN (' in sql or '"id" IN ' in sql for sql in classees)
    assert not [sql for sql in faites if "COUNT(*)" in sql and "@@" in sql]


def test_a_word_found_enough_among_the_last_dossiers_is_looked_for_no_further(monkeypatch):
    monkeypatch.setattr(filters, "PARMI", 2)
    textes = PetitionFactory.create_batch(5, deposee=True)
    Dossier.objects.update(resume="Un banc à l’ombre.")
    trouves = filters.chercher(Dossier.objects.all(), "banc")

    with CaptureQueriesContext(connection) as faites:
        proches, est_au_dela = filters.les_plus_proches(trouves, "banc")

    lues = [requete["sql"] for requete in faites if requete["sql"].startswith("SELECT")]
    assert len(lues) == 3  # the last key, the last dossiers, the titles
    assert est_au_dela
    assert {un.pk for un in proches} == {texte.pk for texte in textes[2:]}


def test_a_period_is_read_between_two_instants(agent):
    jour = timezone.localdate()

    assert "(adopte_le >= " in plans(lambda: list(avis.rendus(Avis.objects.all(), jour, jour)))


def test_the_figures_of_the_commission_read_the_preconisations_once_and_what_is_late():
    jour = timezone.localdate()
    with CaptureQueriesContext(connection) as faites:
        avis.mesurer(Avis.objects.all(), jour, jour)

    lues = [requete["sql"].count('FROM "ccspl_preconisation"') for requete in faites]
    assert (sum(lues), max(lues)) == (2, 1)


def test_the_home_page_reads_the_kept_figures_and_says_their_hour(client):
    RemonteeFactory.create_batch(2)
    tenir_les_chiffres()

    faites = requetes(client, "/")

    assert "Chiffres comptés le" in client.get("/").content.decode()
    assert not [sql for sql in faites if "entendue_le" in sql or "percentile_cont" in sql]


def test_a_list_searched_for_a_common_word_ranks_no_more(client, agent, monkeypatch):
    monkeypatch.setattr(filters, "PARMI", 2)
    PetitionFactory.create_batch(5, deposee=True)
    Dossier.objects.update(resume="Un banc à l’ombre.")

    page = client.get("/dossiers/?q=banc").content.decode()

    assert "Plus de" in page
    assert "5 dossiers" in client.get("/dossiers/?q=banc&tri=ouvert_le").content.decode()
    assert client.get("/dossiers/?q=banc&export=csv").getvalue().count(b"\r\n") == 6


def test_the_avis_of_a_council_to_come_are_not_all_on_the_dashboard(client, agent, monkeypatch):
    monkeypatch.setattr("ccspl.resume.AVIS_PAR_REUNION", 2)
    conseil = ReunionDuConseilFactory()
    attendus = AvisFactory.create_batch(3, conseil=conseil)
    AvisFactory()

    page = client.get("/ccspl/tableau-de-bord/").content.decode()

    assert sum(un.titre in page for un in attendus) <= 3
    assert f"/ccspl/tableau-de-bord/avis/?conseil={conseil.pk}" in page
    liste = client.get(f"/ccspl/tableau-de-bord/avis/?conseil={conseil.pk}").content.decode()
    assert all(un.reference in liste for un in attendus)
    assert "3 avis" in liste


def test_the_legal_calendar_and_the_report_of_a_year_are_read_by_pages(client, agent, monkeypatch):
    monkeypatch.setattr("ccspl.saisines.vues.PAR_PAGE", 2)
    monkeypatch.setattr("petitions.bilan.PAR_PAGE", 2)
    AvisFactory.create_batch(3, objet="dsp", saisine="deliberation", fondement="n° 12")
    PetitionFactory.create_batch(3, deposee=True)

    calendrier = client.get("/ccspl/calendrier/").content.decode()
    assert "Pages de ce qui est à corriger" in calendrier
    assert "Pages des avis à rendre" in calendrier
    rapport = client.get("/petitions/rapport/").content.decode()
    assert "Pages des pétitions" in rapport
    assert "1 à 2 sur 3" in rapport
    assert client.get("/petitions/rapport/?export=csv").getvalue().count(b"\r\n") == 4


def test_the_list_of_budgets_makes_no_row_of_each_idee_beside_each_projet(client, agent):
    assert not [s for s in requetes(client, "/contrat-de-ville/budgets/") if "COUNT(DISTINCT" in s]


@pytest.mark.parametrize("tri", ["titre", "-titre", "etat"])
def test_a_long_list_finds_the_keys_of_its_page_before_what_its_rows_show(client, agent, monkeypatch, tri):
    avis = [AvisFactory(titre=titre) for titre in "bac"]
    entieres = [a.pk for a in client.get(f"/ccspl/dossiers/?tri={tri}").context["page"]]

    lues = requetes(client, f"/ccspl/dossiers/?tri={tri}")
    triees = [s for s in lues if 'FROM "ccspl_avis"' in s and "ORDER BY" in s and "LIMIT 3" in s]

    assert [a.pk for a in client.get(f"/ccspl/dossiers/?tri={tri}").context["page"]] == entieres
    assert len(entieres) == len(avis)
    assert triees
    assert not [s for s in triees if '"ccspl_servicesuivi"."nom"' in s]
