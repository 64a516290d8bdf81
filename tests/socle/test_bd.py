"""Database backend: a kept connection is used if silent, replaced if the server closed it.

SQL is Django's.
"""

import threading

import pytest
from django.core.exceptions import FieldError
from django.db import NotSupportedError, connection, connections, transaction
from django.db.backends.postgresql import compiler
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.functions import Length, Lower
from django.test.utils import CaptureQueriesContext

from contrat_ville.models.reseau import Voisin
from participation.seances.models import Convie
from participation.socle.actions.avancer import verrouiller
from participation.socle.bd import preparees
from participation.socle.bd.ensembles import relire
from participation.socle.bd.lignes import Ligne
from participation.socle.bd.preparees import PERSONNE, Preparee
from participation.socle.models import Commune, Compte, Dossier, FiltreEnregistre
from participation.suites.models import Suite
from petitions.models import Petition
from tests.petitions.factories import PetitionFactory
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


@pytest.mark.django_db(transaction=True)
def test_a_silent_connection_is_not_asked_anything(monkeypatch):
    Commune.objects.exists()
    monkeypatch.setattr(connections["default"], "is_usable", lambda: pytest.fail("SELECT 1 sent"))
    monkeypatch.setattr(connections["default"], "health_check_enabled", True)
    monkeypatch.setattr(connections["default"], "health_check_done", False)

    connection.close_if_health_check_failed()

    assert connection.health_check_done


def test_a_prepared_statement_is_prepared_once_for_each_connection(db):
    compter = Preparee("essai", "SELECT nom FROM socle_commune WHERE nom = %(nom)s", {"nom": "text"})
    compter({"nom": "Vizille"})

    with CaptureQueriesContext(connection) as requetes:
        trouvees = [compter({"nom": "Vizille"}), compter({"nom": "Nulle part"})]

    assert trouvees == [1, 0]
    assert [requete["sql"].split()[0] for requete in requetes] == ["EXECUTE", "EXECUTE"]


def test_a_statement_written_once_gives_each_account_her_own_rows_as_they_are_now(db):
    lina, samir = CompteFactory.create_batch(2)
    for nom, compte, est_partage in (("a", lina, False), ("b", samir, False), ("c", samir, True)):
        FiltreEnregistre.objects.create(
            nom=nom, compte=compte, est_partage=est_partage, liste="essai", requete=""
        )
    ecrits = []

    def les_siens():
        ecrits.append(1)
        siens = Q(compte=PERSONNE) | Q(est_partage=True)
        return FiltreEnregistre.objects.filter(siens, liste="essai").select_related("compte").order_by("nom")

    def lire(compte):
        with CaptureQueriesContext(connection) as requetes:
            lus = relire("essai.relire", compte.pk, les_siens)
            rendus = [(filtre.nom, filtre.compte) for filtre in lus]
        assert len(requetes) == 1
        return lus, rendus

    lus, rendus = lire(lina)
    assert rendus == [("a", lina), ("c", samir)]
    lus[0].nom = "z"  # in memory only
    assert lire(lina)[1] == rendus
    FiltreEnregistre.objects.filter(nom="c").update(est_partage=False)
    assert lire(lina)[1] == [("a", lina)]
    assert lire(samir)[1] == [("b", samir), ("c", samir)]
    assert ecrits == [1]
    assert all(filtre._state.db and not filtre._state.adding for filtre in lus)


def test_a_row_is_read_by_its_number_as_django_reads_it(db, monkeypatch):
    """One statement for foreign keys, re-reads and locks, prepared at the second query, then as needed."""
    petition = PetitionFactory(agent=CompteFactory(agent=True))
    dossier = Dossier.objects.get(pk=petition.pk)
    lue = Ligne(Petition.objects.all)  # a statement of its own: another test may have prepared the usual one
    lue.lire(petition.pk)

    def demander(faire):
        with CaptureQueriesContext(connection) as requetes:
            rendu = faire()
        (requete,) = [requete["sql"] for requete in requetes]
        return rendu, requete.split()[0]

    for debut in ("PREPARE", "EXECUTE"):
        rendue, mot = demander(lambda: lue.lire(petition.pk))
        assert mot == debut
        de_django = vars(Petition.objects.get(pk=petition.pk))
        notre = vars(rendue)
        assert [notre.pop("_state").adding, de_django.pop("_state").adding] == [False, False]
        assert notre == de_django

    monkeypatch.setattr(preparees, "PLACE", 0)  # only one is prepared, the former ones are forgotten
    autre = Ligne(Compte.objects.all)
    for lire in (lambda: autre.lire(dossier.agent_id), lambda: lue.lire(petition.pk)):
        assert [demander(lire)[1] for _ in range(3)] == ["DEALLOCATE", "PREPARE", "EXECUTE"]
    monkeypatch.undo()
    agent, _ = demander(lambda: dossier.agent)
    assert agent == petition.agent
    Petition.objects.filter(pk=petition.pk).update(titre="Un autre titre", agent=None)
    demander(petition.refresh_from_db)
    assert (petition.titre, petition.agent) == ("Un autre titre", None)
    partielle = Petition.objects.only("titre").get(pk=petition.pk)
    demander(partielle.refresh_from_db)
    assert "demande" in partielle.get_deferred_fields()
    for _ in range(2):
        with transaction.atomic():
            demander(lambda: verrouiller(petition))

    with pytest.raises(Petition.DoesNotExist), transaction.atomic():
        lue.lire(0)
    dossier = Dossier(agent_id=0)
    with pytest.raises(Compte.DoesNotExist):
        dossier.agent  # noqa: B018
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute("ALTER TABLE petitions_petition ALTER demande TYPE varchar(9000)")
    with pytest.raises(NotSupportedError), transaction.atomic():
        lue.lire(petition.pk)
    assert [demander(lambda: lue.lire(petition.pk))[1] for _ in range(2)] == ["SELECT", "PREPARE"]


def test_no_lock_is_taken_outside_of_a_transaction_even_once_its_statement_is_written():
    petition = Petition(pk=1)
    petition._state.adding = False
    with pytest.raises(transaction.TransactionManagementError):
        verrouiller(petition)


def test_sql_is_written_as_django_writes_it(db, monkeypatch):
    dossiers = Dossier.objects.select_related("agent", "direction")
    choix = [
        dossiers.order_by("-titre_simple", "pk"),
        dossiers.order_by(F("agent__nom").desc(nulls_last=True), "direction__nom"),
        dossiers.annotate(long=Length("titre")).order_by("-long"),
        dossiers.annotate(long=Length("titre"))
        .values_list("long", "titre")
        .order_by("long", Length("titre")),
        dossiers.order_by(Length("titre").desc(), Lower("titre")).distinct(),
        Dossier.objects.values("nature").annotate(n=Count("pk")).order_by("-n", "nature"),
        Dossier.objects.values_list("pk").union(Dossier.objects.values_list("pk")).order_by("-pk"),
        Commune.objects.filter(Exists(Dossier.objects.filter(communes=OuterRef("pk")).order_by("titre"))),
        Dossier.objects.extra(select={"un": "1"}, order_by=["-un"]),
        Petition.objects.select_related("agent", "auteur", "reglement").order_by("-ouvert_le", "pk"),
        Petition.objects.filter(dossier_ptr__in=Dossier.objects.filter(petition__titre__gt=F("titre"))),
        Dossier.objects.select_related("petition__reglement", "avis").filter(communes__nom="Vif"),
        Dossier.objects.select_related("agent").only("titre", "agent__nom"),
        Suite.objects.select_related("dossier__petition", "direction").defer("intitule"),
        Convie.objects.select_related("membre__college", "membre__compte").annotate(un=Value(1)),
        Suite.objects.select_related(),
        Dossier.objects.annotate(vu=FilteredRelation("communes")).select_related("agent", "vu").filter(vu=1),
        Voisin.objects.select_related("projet__agent", "autre__agent").exclude(autre__agent=None),
    ]
    assert connection.ops.compiler("SQLCompiler").__module__ == "participation.socle.bd.compilateur"
    notre = [str(requete.query) for requete in choix]
    with pytest.raises(FieldError, match=r"select_related: 'rien'\. Choices are: auteur, agent"):
        str(Dossier.objects.select_related("agent", "rien").query)
    with pytest.raises(FieldError, match="Non-relational field given in select_related: 'titre'"):
        str(Dossier.objects.select_related("titre").query)
    monkeypatch.setattr(connection.ops, "_cache", compiler)
    assert notre == [str(requete.query) for requete in choix]


def test_what_is_read_is_what_django_reads(db, monkeypatch):
    """Each relation gets its row, and each value passes through its field."""
    PetitionFactory(agent=CompteFactory(agent=True))

    def lire():
        petition = Petition.objects.select_related("agent", "auteur", "reglement").get()
        dossier = Dossier.objects.select_related("petition__reglement", "agent").get()
        return petition, [
            vars(une) for une in (petition, petition.agent, petition.reglement, dossier.petition)
        ]

    _, notres = lire()
    monkeypatch.setattr(connection.ops, "_cache", compiler)
    _, siens = lire()
    for un, autre in zip(notres, siens, strict=True):
        del un["_state"], autre["_state"]
    assert notres == siens
