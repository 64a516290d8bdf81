"""Lists of hundreds of thousands of rows: faster queries that return the same pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.socle.actions import fixer_echeance
from participation.socle.forms import filters
from participation.socle.forms.filters import avec_echeance, chercher, les_plus_proches
from participation.socle.francais import jour_texte
from participation.socle.models import Dossier, Echeance
from participation.socle.views.pagination import PagesBornees, ParEcheance, Tri
from remontees.models import Remontee
from remontees.sujets.actes import rattacher
from remontees.tri import lectures as questions
from tests.outils import requetes
from tests.remontees.factories import RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dues():
    """Remontées with two échéances, late, suspended, done, or without any."""
    jour = timezone.localdate()
    remontees = RemonteeFactory.create_batch(9)
    for n, remontee in enumerate(remontees[:6]):
        fixer_echeance(remontee, "trier", libelle="Trier", date_limite=jour + timedelta(days=(n * 4) % 7 - 2))
    fixer_echeance(remontees[2], "repondre", libelle="Répondre", date_limite=jour - timedelta(days=9))
    fixer_echeance(remontees[5], "repondre", libelle="Répondre", date_limite=jour + timedelta(days=40))
    Echeance.objects.filter(dossier=remontees[0]).update(suspendue_le=jour)
    Echeance.objects.filter(dossier=remontees[1]).update(faite_le=timezone.now())
    fixer_echeance(SujetFactory(), "trier", libelle="Trier", date_limite=jour - timedelta(days=30))
    return remontees


@pytest.mark.parametrize("descend", [False, True])
def test_a_page_by_what_is_due_is_the_one_that_a_plain_sort_gives(dues, descend):
    tous = avec_echeance(Remontee.objects.all())
    attendu = list(
        tous.order_by(F("echeance_le").desc(nulls_last=True), "-pk")
        if descend
        else tous.order_by("echeance_le", "pk")
    )

    for taille in (1, 2, 4, 9, 20):
        pages = [ParEcheance(tous, descend=descend)[debut : debut + taille] for debut in range(0, 12, taille)]
        assert [r.pk for page in pages for r in page] == [r.pk for r in attendu]
    assert ParEcheance(tous)[0:1][0].echeance_libelle == "Répondre"


def test_a_filter_holds_in_a_page_by_what_is_due(dues):
    urgente = dues[3]
    Remontee.objects.filter(pk=urgente.pk).update(est_urgente=True)

    page = ParEcheance(avec_echeance(Remontee.objects.filter(est_urgente=True)))[0:5]

    assert [r.pk for r in page] == [urgente.pk]


def test_beyond_the_bound_the_pages_stop_and_say_so(dues, monkeypatch):
    pages = PagesBornees(avec_echeance(Remontee.objects.all()), 2, 5, Tri(("echeance_le",)))

    assert (pages.count, pages.est_au_dela, pages.num_pages) == (5, True, 3)
    assert [r.pk for r in pages.page(1)] == [dues[2].pk, dues[4].pk]


def test_beyond_the_bound_a_sort_that_no_index_holds_is_not_offered_and_the_page_says_it(
    client, dues, monkeypatch
):
    monkeypatch.setattr("remontees.dossiers.vues.COMPTEES", 5)
    client.force_login(CompteFactory(agent=True))

    faites = requetes(client, "/remontees/dossiers/?tri=-agent")
    page = client.get("/remontees/dossiers/?tri=-agent").content.decode()
    peu = client.get(f"/remontees/dossiers/?q={dues[0].reference}&tri=-agent").content.decode()

    assert not [sql for sql in faites if "ORDER BY" in sql and '"nom" DESC' in sql]
    assert "Au-delà de 5, la liste ne se trie pas par" in page
    assert "tri=agent" not in page
    assert "tri=-echeance" in page
    assert 'aria-sort="ascending"' in page  # of the sort that the rows are in, not of the one refused
    assert page.index(dues[2].reference) < page.index(dues[4].reference)
    assert "Au-delà de" not in peu
    assert "tri=agent" in peu


def test_what_is_closed_is_shown_by_the_day_of_its_closing_and_what_is_still_due_is_said_under_it(
    client, dues
):
    maintenant = timezone.now()
    closes = [dues[3], dues[7], dues[8]]
    for jours, remontee in zip((9, 2, 5), closes, strict=True):
        Remontee.objects.filter(pk=remontee.pk).update(
            etat="close", clos_le=maintenant - timedelta(days=jours)
        )
    attendu = [closes[1].pk, closes[2].pk, closes[0].pk]
    client.force_login(CompteFactory(agent=True))

    for choix in ("ouverts=non", "etat=close", "ouverts=non&tri=echeance", "ouverts=non&tri=-clos_le"):
        page = client.get(f"/remontees/dossiers/?{choix}")
        assert [r.pk for r in page.context["page"]] == attendu, choix
        assert [c.libelle for c in page.context["colonnes"]].count("Clos le") == 1
    texte = page.content.decode()
    assert "tri=echeance" not in texte
    assert f"Trier, le {jour_texte(dues[3].echeances.get().date_limite, 'court')}" in texte
    premiers = client.get("/remontees/dossiers/?ouverts=non&tri=clos_le").context["page"]
    assert [r.pk for r in premiers] == attendu[::-1]
    assert "Clos le" not in client.get("/remontees/dossiers/?ouverts=oui").content.decode()
    export = "".join(client.get("/remontees/dossiers/?ouverts=non&export=csv").getvalue().decode())
    assert {"Clos le", "Échéance"} <= set(export.splitlines()[0].lstrip("\ufeff").split(";"))


def test_what_waits_for_its_sujet_has_nothing_due_and_is_shown_the_last_first_in_one_walk(client):
    sujet, agent = SujetFactory(), CompteFactory(agent=True)
    remontees = RemonteeFactory.create_batch(3)
    for remontee in remontees:
        rattacher(remontee, sujet=sujet, par=agent)
    client.force_login(agent)

    assert not Echeance.objects.actives().filter(dossier__in=[r.pk for r in remontees]).exists()
    faites = requetes(client, "/remontees/dossiers/?etat=groupee")
    page = client.get("/remontees/dossiers/?etat=groupee").context["page"]

    assert [r.pk for r in page] == [r.pk for r in remontees[::-1]]
    assert not [sql for sql in faites if sql.startswith('SELECT "socle_echeance"."dossier_id"')]


def test_dossiers_found_are_read_in_their_order_at_once(dues):
    """Those without a day, all those of one day by number, whatever the page."""
    Dossier.objects.filter(pk=dues[4].pk).update(ouvert_le=None)
    Dossier.objects.filter(pk__in=[dues[1].pk, dues[2].pk]).update(ouvert_le=timezone.now())
    for tri in (Tri(("ouvert_le",), descend=True), Tri(("titre_simple",))):
        tous = Dossier.objects.order_by(*tri.ordres(Dossier))

        with CaptureQueriesContext(connection) as faites:
            pages = PagesBornees(Dossier.objects.all(), 4, 50, tri)
        lues = [d.pk for numero in pages.page_range for d in pages.page(numero)]

        assert lues == list(tous.values_list("pk", flat=True))
        assert len(faites) == 1


@pytest.mark.parametrize("url", ["/dossiers/", "/remontees/dossiers/", "/remontees/sujets/"])
def test_each_sort_shows_every_row_once_either_way(client, dues, url):
    agent = CompteFactory(agent=True)
    Dossier.objects.filter(pk__in=[dues[3].pk, dues[6].pk]).update(agent=agent)
    SujetFactory.create_batch(2)
    client.force_login(agent)
    toutes = {un.pk for un in client.get(url).context["page"]}
    colonnes = [une.cle for une in client.get(url).context["liste"].colonnes if une.tri]

    assert len(toutes) == {"/dossiers/": 12, "/remontees/dossiers/": 9, "/remontees/sujets/": 3}[url]
    for colonne in colonnes:
        lues = [un.pk for un in client.get(f"{url}?tri={colonne}").context["page"]]
        a_l_envers = [un.pk for un in client.get(f"{url}?tri=-{colonne}").context["page"]]
        assert sorted(lues) == sorted(a_l_envers) == sorted(toutes), colonne


def test_a_page_is_read_by_its_keys_with_the_natures_it_shows(client, dues, monkeypatch):
    client.force_login(CompteFactory(agent=True))

    for url, modele in (("/dossiers/?tri=titre", Dossier), ("/remontees/dossiers/?tri=titre", Remontee)):
        faites = requetes(client, url)
        page = client.get(url).context["page"]
        assert [r.pk for r in page] == list(
            modele.objects.order_by("titre_simple", "pk").values_list("pk", flat=True)
        )
        (lues,) = [sql for sql in faites if "echeance_libelle" in sql]
        assert '"remontees_remontee"' in lues
        assert '"petitions_petition"' not in lues
        assert 'est_publie" OR' not in lues


def test_rare_words_are_read_in_their_index_whatever_the_limit_and_the_planner_is_left_as_it_was(client):
    trouvee = RemonteeFactory(titre="Un ragondin dans la fontaine")
    RemonteeFactory(titre="Un banc cassé")
    agent = CompteFactory(agent=True)
    client.force_login(agent)

    faites = requetes(client, "/remontees/dossiers/?q=ragondin")
    page = client.get("/remontees/dossiers/?q=ragondin").context["page"]

    assert [r.pk for r in page] == [trouvee.pk]
    bornes = [n for n, sql in enumerate(faites) if "enable_seqscan" in sql]
    assert len(bornes) == 2
    assert any("LIMIT 501" in sql for sql in faites[bornes[0] : bornes[1]])
    with connection.cursor() as curseur:
        for reglage in ("enable_indexscan", "enable_seqscan", "enable_bitmapscan", "enable_hashjoin"):
            curseur.execute(f"SHOW {reglage}")
            assert curseur.fetchone() == ("on",)
    chercheur = Remontee.objects.visibles_par(agent)
    assert set(les_plus_proches(chercher(chercheur, "ragondin"), "ragondin")[0]) == {trouvee}
    assert "enable_seqscan" not in " ".join(requetes(client, "/dossiers/?q=ragondin"))


@pytest.mark.parametrize("modele", [Dossier, Remontee])
def test_a_title_that_looks_alike_is_looked_for_among_the_last_ones_and_the_right_word_among_all(
    monkeypatch, modele
):
    ancienne = RemonteeFactory(titre="Une déchèterie trop loin")
    recente = RemonteeFactory(titre="La déchèterie est fermée")

    def trouvees(mots):
        return {un.pk for un in chercher(modele.objects.all(), mots)}

    assert trouvees("dechetterie") == {ancienne.pk, recente.pk}
    monkeypatch.setattr(filters, "DERNIERS", 1)
    monkeypatch.setattr(filters, "DE_CHAQUE", 1)
    assert trouvees("dechetterie") == {recente.pk}
    assert trouvees("decheterie") == {ancienne.pk, recente.pk}


def test_a_common_word_is_compared_with_no_title(monkeypatch):
    RemonteeFactory.create_batch(2, titre="Un banc cassé")
    monkeypatch.setattr(filters, "RARES", 1)

    with CaptureQueriesContext(connection) as faites:
        trouvees = list(chercher(Remontee.objects.all(), "banc"))

    assert len(trouvees) == 2
    assert not [une for une in faites.captured_queries if "%>" in une["sql"]]


def test_a_question_says_since_when_its_oldest_waits():
    premiere = RemonteeFactory(ouvert_le=timezone.localtime() - timedelta(days=9))
    RemonteeFactory()

    comptes = questions.compter(CompteFactory(agent=True))
    (a_trier,) = [c for c in comptes if c.question.cle == questions.A_TRIER]

    assert (a_trier.nombre, a_trier.depuis) == (2, premiere.ouvert_le)
