"""Query plans of the lists and of « Ma journée », so that they stay fast with a million rows.

Plans are checked, not durations.
"""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import F
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ccspl.models import Avis
from participation.seances.models import Convie
from participation.socle.actions import exports
from participation.socle.forms.filters import CourrielFilter
from participation.socle.models import Courriel, Export
from participation.socle.views.exports import rejouer, rejouer_public
from participation.suites.models import Suite
from petitions.models import Petition, SeuilAtteint, Signature
from petitions.nouvelles import voulues
from petitions.signatures import decompte
from tests.ccspl.annee import membre, seance
from tests.ccspl.factories import AvisFactory
from tests.outils import requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.seances.factories import InstanceFactory, MandatureFactory
from tests.socle.factories import CompteFactory
from tests.suites.factories import SuiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en_clair")]


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def plan(requete) -> str:
    """Return the plan of PostgreSQL when table scans and sorts are discouraged."""
    with connection.cursor() as curseur:
        for chemin in ("seqscan", "sort", "incremental_sort"):
            curseur.execute(f"SET LOCAL enable_{chemin} = off")
    return requete.explain()


LETTRES = Courriel.objects.all()


def lues():
    """Return the letters that an agent may read: those of drafts are excluded."""
    return LETTRES.visibles_par(CompteFactory(agent=True))


@pytest.mark.parametrize(
    ("index", "lire"),
    [
        ("courriel_liste", lambda: lues().order_by(*ordre_de_la_liste())[:25]),
        ("courriel_en_panne", lambda: lues().en_panne().order_by("-cree_le")[:6]),
        (
            "courriel_envoyes",
            lambda: LETTRES.filter(
                etat="envoye", envoye_le__gte=timezone.localtime() - timedelta(days=7)
            ).order_by(),
        ),
        ("courriel_destinataires", lambda: cherchees().order_by()),
        ("courriel_sujet_trigrammes", lambda: cherchees().order_by()),
        ("courriel_du_dossier", lambda: LETTRES.filter(dossier=1).order_by("-cree_le", "-pk")[:200]),
    ],
)
def test_a_page_of_letters_is_read_by_an_index(index, lire):
    assert index in plan(lire())


def ordre_de_la_liste():
    return F("cree_le").desc(nulls_last=True), "pk"


def cherchees():
    return CourrielFilter({"q": "Personne@example.org"}, queryset=LETTRES).qs


@pytest.mark.parametrize(
    "url", ["/petitions/dossiers/", "/seances/", "/ccspl/tableau-de-bord/avis/", "/ccspl/dossiers/"]
)
def test_a_list_counts_what_hangs_on_the_rows_it_shows_not_on_all(client, agent, url):
    assert not [sql for sql in requetes(client, url) if "GROUP BY" in sql and "LIMIT" in sql]


def test_nobody_counts_a_million_letters_to_show_twenty_five(client, agent, monkeypatch):
    monkeypatch.setattr("participation.socle.views.courriels.LETTRES_COMPTEES", 3)
    lettres = [lettre(f"Essai {n}") for n in range(5)]

    faites = requetes(client, "/courriels/")
    assert [sql for sql in faites if "ARRAY_AGG(" in sql and '"socle_courriel"' in sql and "LIMIT 4" in sql]
    assert not [
        sql for sql in faites if "COUNT(*)" in sql and '"socle_courriel"' in sql and "LIMIT" not in sql
    ]
    page = client.get("/courriels/").content.decode()
    assert "Plus de 3 courriels" in page
    assert client.get("/courriels/?page=9").status_code == 200

    # With few matches: found by their words first, sorted among them, and not looked for again.
    faites = requetes(client, "/courriels/?q=Essai+4")
    (triee,) = [sql for sql in faites if "ARRAY_AGG(" in sql and '"socle_courriel"' in sql]
    assert "LIKE" in triee
    assert "ORDER BY" in triee
    assert [sql for sql in faites if f"= {lettres[4].pk}" in sql or f"IN ({lettres[4].pk})" in sql]
    page = client.get("/courriels/?q=Essai+4").content.decode()
    assert "1 courriel pour ces filtres" in page


def lettre(sujet):
    return Courriel.objects.create(
        expediteur="a@example.org", destinataires=["b@example.org"], sujet=sujet, corps="c", acte="essai"
    )


def test_the_menu_counts_the_suites_by_their_indexes_not_in_one_pass(client, agent):
    faites = [sql for sql in requetes(client, "/seances/") if '"suites_suite"' in sql]
    assert not [sql for sql in faites if "FILTER" in sql]
    assert "suite_a_rendre_par_date" in plan(Suite.objects.en_retard())


def test_the_first_page_of_rendu_compte_is_read_by_the_index_of_its_order(client):
    # What may be chosen comes from the figures that are kept: no list is read for it.
    assert not [sql for sql in requetes(client, "/rendu-compte/") if "DISTINCT" in sql]
    ordre = F("repondue_le").desc(nulls_last=True), "date_limite", "pk"
    assert "suite_rendu_compte" in plan(Suite.objects.publiques().order_by(*ordre)[:12])


def test_the_alerts_of_the_day_read_none_of_the_avis_that_are_in_order(client, agent):
    MandatureFactory(instance=InstanceFactory(cle="ccspl", nom="CCSPL", app="ccspl"))
    AvisFactory.create_batch(3, adopte=True, objet=Avis.Objet.AUTRE)
    faute = AvisFactory(objet="dsp", saisine="deliberation", fondement="n° 12")
    lus = []

    def compter(sender, instance, **_):
        lus.append(instance.pk)

    post_init.connect(compter, sender=Avis)
    try:
        page = client.get("/journee/").content.decode()
    finally:
        post_init.disconnect(compter, sender=Avis)

    assert faute.reference in page
    assert set(lus) == {faute.pk}


@pytest.mark.parametrize("url", ["/ccspl/vie/", "/ccspl/vie/participation/", "/journee/"])
def test_absences_are_counted_by_the_database(client, agent, url):
    une = membre()
    for mois in range(1, 6):
        seance(timezone.localdate() - timedelta(days=30 * mois), [], [une])
    lus = []

    def compter(sender, **_):
        lus.append(sender)

    post_init.connect(compter, sender=Convie)
    try:
        assert str(une).encode() in client.get(url).content
    finally:
        post_init.disconnect(compter, sender=Convie)

    assert lus == []


def test_who_came_is_read_for_the_seances_looked_at_not_for_each_convocation(client, agent):
    une = membre()
    seance(timezone.localdate() - timedelta(days=30), [], [une])
    with CaptureQueriesContext(connection) as faites:
        client.get("/journee/")
    [compte] = [r["sql"] for r in faites.captured_queries if "est_de_suite" in r["sql"]]
    with connection.cursor() as curseur:
        curseur.execute(f"EXPLAIN {compte}")
        lu = "\n".join(ligne for (ligne,) in curseur.fetchall())
    assert "SubPlan" not in lu


# Exports


@pytest.fixture
def grande(settings, tmp_path):
    """A pétition whose three signatures make a large export: the limit is lowered to one row."""
    settings.EXPORT_IMMEDIAT, settings.MEDIA_ROOT = 1, tmp_path
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory.create_batch(3, petition=petition)
    return petition


def lire(reponse):
    return b"".join(reponse.streaming_content)


def ecrire_les_exports():
    return [exports.ecrire_export(export.pk, rejouer) for export in Export.objects.all()]


@pytest.mark.parametrize("url", ["/petitions/{}/signatures/export.csv", "/dossiers/?export=xlsx&ouverts=oui"])
def test_a_large_table_is_written_by_the_worker_once_for_the_same_rows(client, agent, grande, url):
    PetitionFactory(deposee=True)
    url = url.format(grande.pk)

    with CaptureQueriesContext(connection) as requetes_faites:
        page = client.get(url)
    assert page.status_code == 302
    assert not [r for r in requetes_faites.captured_queries if "DECLARE" in r["sql"] or "FETCH" in r["sql"]]
    assert "Vous pouvez quitter cette page" in client.get(page.url).content.decode()
    assert client.get(f"{page.url}fichier/").status_code == 404
    assert ecrire_les_exports() == [True]

    assert client.get(f"{url}{'&' if '?' in url else '?'}page=2").url == page.url
    assert "Télécharger" in client.get(page.url).content.decode()
    octets = lire(client.get(f"{page.url}fichier/"))
    assert (
        octets[:3] == b"\xef\xbb\xbf" and octets.count(b"\r\n") == 4 if "csv" in url else octets[:2] == b"PK"
    )

    Signature.objects.filter(petition=grande).first().delete()
    PetitionFactory(deposee=True)
    assert client.get(url).url != page.url


def test_an_export_is_of_who_asked_for_it_with_her_rights_of_the_day_and_is_forgotten(
    client, agent, grande, settings
):
    page = client.get(f"/petitions/{grande.pk}/signatures/export.csv").url
    client.force_login(CompteFactory(agent=True))
    assert client.get(page).status_code == 404

    agent.appartenances.all().delete()
    assert ecrire_les_exports() == [False]
    Export.objects.update(demande_le=timezone.now() - timedelta(hours=settings.EXPORTS_HEURES + 1))
    assert exports.effacer_exports() == 1


def test_a_public_table_is_read_once_for_each_state_of_the_data(
    client, grande, django_assert_max_num_queries
):
    PetitionFactory.create_batch(2, recevable=True, est_publie=True)
    url = "/petitions/donnees/petitions.csv"

    premiere = lire(client.get(url))
    with django_assert_max_num_queries(1):
        assert lire(client.get(url, {"x": "1"})) == premiere

    nouvelle = PetitionFactory(recevable=True, est_publie=True)
    assert lire(client.get(url)) == premiere
    rejouer_public(url)
    assert nouvelle.reference.encode() in lire(client.get(url))


@pytest.mark.horloge
def test_a_large_table_of_yesterday_is_not_that_of_today(client, agent, grande, time_machine):
    """Some cells count days, and some rows become late in the morning: the cached table must be renewed."""
    public, prive = "/rendu-compte/suites.json", "/dossiers/?export=csv&ouverts=oui"
    SuiteFactory.create_batch(2, dossier=PetitionFactory(debattue=True), date_limite=timezone.localdate())
    PetitionFactory(deposee=True)
    d_hier, page = lire(client.get(public)), client.get(prive).url

    time_machine.move_to(timezone.localtime() + timedelta(days=1))
    client.force_login(agent)
    assert lire(client.get(public)) == d_hier  # the old table is served while the new one is written
    rejouer_public(public)

    assert b'"exigibles": 0' in d_hier
    assert b'"exigibles": 2' in lire(client.get(public))
    assert client.get(page).status_code == 200
    assert client.get(prive).url != page


@pytest.mark.parametrize(
    ("url", "table"),
    [
        ("/petitions/donnees/petitions.csv", "petitions_petition"),
        ("/rendu-compte/suites.csv", "suites_suite"),
        ("/rendu-compte/suites.json", "suites_suite"),
        ("/ccspl/avis.csv", "ccspl_avis"),
        ("/ccspl/avis.json", "ccspl_avis"),
        ("/ccspl/tableau-de-bord/?export=csv", "ccspl_avis"),
        ("/petitions/rapport/?export=csv", "petitions_petition"),
        ("/dossiers/?export=csv", "socle_dossier"),
        ("/courriels/?export=xlsx", "socle_courriel"),
        ("/suites/?export=csv", "suites_suite"),
    ],
)
def test_every_table_leaves_by_packets_never_all_in_memory(client, agent, url, table):
    with CaptureQueriesContext(connection) as faites:
        reponse = client.get(url)
        assert reponse.status_code == 200
        assert reponse.streaming
        assert reponse.getvalue()
    lus = [r["sql"] for r in faites.captured_queries if f'FROM "{table}"' in r["sql"]]
    assert [sql for sql in lus if "DECLARE" in sql]
    # Each query read at once has a limit, or returns a figure.
    assert not [
        sql
        for sql in lus
        if "DECLARE" not in sql and not any(m in sql for m in ("LIMIT", "COUNT(", "MIN(", "DISTINCT"))
    ]


def test_who_wants_the_news_of_the_author_is_counted_by_the_database(client, agent):
    petition = PetitionFactory(en_collecte=True)
    for courriel in ("un@example.org", "UN@example.org", "deux@example.org"):
        SignatureFactory(petition=petition, confirmee=True, accord_auteur=True, courriel=courriel)
    SignatureFactory(petition=petition, confirmee=True)

    with CaptureQueriesContext(connection) as faites:
        client.get(f"/petitions/dossiers/{petition.pk}/")
    lus = [r["sql"] for r in faites.captured_queries if "accord_auteur" in r["sql"] and "WHERE" in r["sql"]]
    assert not [sql for sql in lus if "DECLARE" in sql]
    assert voulues(petition) == 2
    voulant = Signature.objects.valables().filter(petition=1, accord_auteur=True)
    assert "signature_accord_auteur" in plan(voulant.order_by())


# The page of a pétition


def test_the_page_of_a_petition_is_made_in_eight_queries(client):
    petition = PetitionFactory(en_collecte=True, date_conseil=timezone.localdate() + timedelta(days=40))
    SignatureFactory.create_batch(3, petition=petition, confirmee=True)
    decompte.compter()
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.first())
    client.get(petition.get_public_url())  # communes and settings, cached by each process
    caches["pages"].clear()
    Petition.objects.filter(pk=petition.pk).update(modifie_le=timezone.now())

    faites = requetes(client, petition.get_public_url())

    assert len(faites) <= 8, "\n".join(faites)
