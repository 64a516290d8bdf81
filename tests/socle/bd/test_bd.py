"""What is asked of the database beside the ORM: statements prepared once, many questions in one."""

import threading

import pytest
from django.db import connection, connections
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext

from participation.socle.bd import sondes
from participation.socle.bd.preparees import Preparee
from participation.socle.bd.sondes import CombienEtDepuis, Existe, Nombre, Rangees, sonder
from participation.socle.models import Commune, Compte, FiltreEnregistre
from tests.socle.factories import CompteFactory


def dans_un_autre_fil(travail):
    """Run in another thread, with its own connection, as in a web process."""
    resultats = []

    def faire():
        try:
            resultats.append(travail())
        finally:
            connections["default"].close()

    fil = threading.Thread(target=faire)
    fil.start()
    fil.join()
    return resultats[0]


@pytest.mark.django_db(transaction=True)
def test_a_connection_cut_by_the_server_is_opened_again_by_the_next_request():
    def travail():
        connections["default"].health_check_enabled = True
        nombre = Commune.objects.count()
        ancien = connections["default"].connection.info.backend_pid
        return nombre, ancien

    def travail_coupe():
        bd = connections["default"]
        nombre, ancien = travail()
        couper(ancien)
        bd.close_if_unusable_or_obsolete()  # what Django does between two requests
        bd.health_check_enabled = True
        return nombre, Commune.objects.count(), ancien, bd.connection.info.backend_pid

    def couper(pid):
        fil = threading.Thread(target=lambda: _terminer(pid))
        fil.start()
        fil.join()

    avant, apres, ancien, nouveau = dans_un_autre_fil(travail_coupe)

    assert avant == apres > 0
    assert nouveau != ancien


def _terminer(pid):
    bd = connections["default"]
    try:
        with bd.cursor() as curseur:
            curseur.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        bd.close()


def test_a_prepared_statement_is_prepared_once_for_each_connection(db):
    compter = Preparee("essai", "SELECT nom FROM socle_commune WHERE nom = %(nom)s", {"nom": "text"})
    compter({"nom": "Vizille"})

    with CaptureQueriesContext(connection) as requetes:
        trouvees = [compter({"nom": "Vizille"}), compter({"nom": "Nulle part"})]

    assert trouvees == [1, 0]
    assert [requete["sql"].split()[0] for requete in requetes] == ["EXECUTE", "EXECUTE"]


def questions_de(compte):
    siens = FiltreEnregistre.objects.filter(compte=compte.pk, liste="essai")
    return [
        Existe(lambda: siens),
        Nombre(lambda: siens, 1),
        CombienEtDepuis(lambda: siens, "pk"),
        Rangees(lambda: siens.order_by("nom").values("nom", "compte")),
        Nombre(FiltreEnregistre.objects.none, 1),
    ]


def garder(compte, nom):
    return FiltreEnregistre.objects.create(nom=nom, compte=compte, liste="essai", requete="").pk


def demander(compte, ecrits=()):
    """Return what `sonder` answers to this account, and the first word of each statement."""

    def sondes():
        ecrits and ecrits.append(compte)
        return questions_de(compte)

    assert compte.droits  # read first
    with CaptureQueriesContext(connection) as requetes:
        lu = sonder("essai", compte, sondes)
    return lu, [requete["sql"].split()[0] for requete in requetes]


def test_many_questions_are_one_statement_that_gives_each_account_her_own_rows_as_they_are_now(db):
    lina, samir = CompteFactory.create_batch(2, agent=True)
    a, b = garder(lina, "a"), garder(samir, "b")
    siens = [True, 1, (1, b), [{"nom": "b", "compte": samir.pk}], 0]

    assert demander(lina)[0] == [True, 1, (1, a), [{"nom": "a", "compte": lina.pk}], 0]
    # What Samir asks was composed for him; his text is the same but for his number, so its plan serves him too.
    assert demander(samir) == (siens, ["EXECUTE"])
    garder(samir, "c"), garder(samir, "d")
    lu, mots = demander(samir)
    assert mots == ["EXECUTE"]
    assert lu[1:3] == [2, (3, b)]
    FiltreEnregistre.objects.all().delete()
    assert demander(samir)[0] == [False, 0, (0, None), [], 0]


def test_sql_composed_for_one_account_serves_no_other_even_with_the_same_rights(db):
    lina, samir = (CompteFactory(agent=True, nom=nom) for nom in ("Lina", "Samir"))
    assert lina.droits == samir.droits

    def lu(compte):
        return sonder(
            "essai du nom",
            compte,
            lambda: [Nombre(lambda: Compte.objects.filter(nom=compte.nom, pk=compte.pk), 1)],
        )

    assert [lu(lina), lu(samir), lu(lina)] == [[1]] * 3


def test_sql_is_composed_again_when_rights_change(db):
    compte, ecrits = CompteFactory(agent=True), [None]
    demander(compte, ecrits), demander(Compte.objects.get(pk=compte.pk), ecrits)
    assert len(ecrits) == 2
    compte.appartenances.update(lit_les_reserves=True)
    demander(Compte.objects.get(pk=compte.pk), ecrits)
    assert len(ecrits) == 3


def test_a_number_that_is_also_that_of_the_account_is_left_as_it_is(db):
    compte = CompteFactory(agent=True)
    lus = sonder(
        "essai des nombres",
        compte,
        lambda: [
            Nombre(lambda: Compte.objects.annotate(n=Value(compte.pk)).filter(n=F("pk"), is_active=True), 1)
        ],
    )
    assert lus == [1]


def test_a_connection_keeps_a_bounded_number_of_plans(db, monkeypatch):
    monkeypatch.setattr(sondes, "PLANS", 1)
    une, autre = CompteFactory(agent=True), CompteFactory(agent=True)
    demander(une)
    sonder("autre essai", autre, lambda: [Existe(Compte.objects.all)])

    assert demander(une)[1] == ["DEALLOCATE"]
    assert demander(une)[1] == ["EXECUTE"]
