"""Letters and reminders with a real worker, broker and beat, and after a crash of each."""

import os
import signal
import sys
import time
from datetime import timedelta

import pytest
import redis
from django.core.mail import send_mail
from django.db import connections
from django.utils import timezone

from ops import services
from participation.socle.actions import fixer_echeance
from participation.socle.courriels import ecriture as courrier
from participation.socle.courriels.ecriture import deposer
from participation.socle.models import Battement, Courriel, Echeance, Rappel
from participation.socle.travaux import differes as taches_differees
from tests.outils import PATIENCE, attendre
from tests.petitions.factories import PetitionFactory
from tests.socle.boite_smtp import Boite, serveur_smtp
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)
E = Courriel.Etat


def lettres(combien, debut=0):
    return [
        Courriel(
            expediteur="service@example.org",
            destinataires=[f"p{rang}@example.org"],
            sujet=f"Lettre {rang}",
            corps="Texte",
        )
        for rang in range(debut, debut + combien)
    ]


def toutes_parties():
    return not Courriel.objects.exclude(etat=E.ENVOYE).exists()


@pytest.fixture
def boite():
    boite = Boite()
    with serveur_smtp(boite) as boite.port:
        yield boite


@pytest.fixture
def horloges(courtier, tmp_path):
    """Start two beats with a period of one second, as when the service is started twice."""
    base = connections["default"].settings_dict
    env = {
        **os.environ,
        "DATABASE_URL": f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}",
        "BROKER_URL": courtier,
        "DOSSIER_DONNEES": str(tmp_path),
        "CONN_MAX_AGE": "0",
        "SKIP_CHECKS": "1",  # as in production: the worker creates them
    }
    lances = [
        services.lancer(
            (
                *services.MEURT_AVEC,
                *(sys.executable, "-m", "ops.celery", "-A", "tests.socle.travaux.horloge_rapide", "beat"),
                *("--pidfile=", "--schedule", str(tmp_path / f"beat{rang}")),
            ),
            tmp_path / f"beat{rang}.log",
            env,
        )
        for rang in range(2)
    ]
    yield lances
    for processus in lances:
        services.arreter(processus, signal.SIGKILL)


def test_a_worker_killed_among_two_hundred_letters_loses_none_and_doubles_one_at_most(
    boite, celery_reel, lancer_worker, monkeypatch, tmp_path
):
    from participation.celery import app

    boite.retient, boite.combien_avant_arrivee = True, 60
    monkeypatch.setattr(courrier, "LOT", 200)  # one process, so one letter being sent
    worker = lancer_worker(seul=True, EMAIL_URL=f"smtp://127.0.0.1:{boite.port}", COURRIEL_ABANDON="1")
    temoin = services.lancer((*services.MEURT_AVEC, "sleep", "600"), tmp_path / "temoin.log")
    assert app.control.ping(timeout=PATIENCE, limit=1)
    deposer(lettres(200))
    assert boite.arrivee.wait(PATIENCE)

    worker.tuer()
    assert not worker.est_vivant
    assert temoin.poll() is None, "la mort d’un worker n’emporte pas un autre processus des essais"
    services.arreter(temoin)
    parties = Courriel.objects.filter(etat=E.ENVOYE).count()
    assert 0 < parties < 200

    boite.retient = False
    relance = lancer_worker(seul=True, EMAIL_URL=f"smtp://127.0.0.1:{boite.port}", COURRIEL_ABANDON="1")
    time.sleep(1)
    app.send_task("participation.socle.tasks.balayer_courriels")
    attendre(toutes_parties)
    relance.tuer()

    fois = boite.fois()
    assert len(fois) == 200
    assert sum(fois.values()) <= 201


def test_a_code_goes_before_a_surge_of_letters(boite, celery_reel, lancer_worker, settings):
    settings.EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"
    boite.retient, boite.combien_avant_arrivee = True, 20
    deposer(lettres(250), en_nombre=False)
    worker = lancer_worker(EMAIL_URL=f"smtp://127.0.0.1:{boite.port}")
    assert boite.arrivee.wait(PATIENCE)

    send_mail("Votre code", "123456", None, ["alma@example.org"])
    avant = len(boite.recus)
    boite.retient = False
    attendre(lambda: boite.fois()["alma@example.org"])
    rang = [adresses for _, adresses in boite.recus].index(["alma@example.org"])
    worker.tuer()

    # Two processes, each with one letter being sent and one reserved, however many are queued.
    assert rang - avant <= 4 < 200 < 250 - avant


def test_two_clocks_and_an_emptied_broker_lose_nothing_and_remind_once(
    boite, celery_reel, lancer_worker, horloges, monkeypatch
):
    agent = CompteFactory(agent=True, courriel="agent@example.org")
    hier = timezone.localdate() - timedelta(days=1)
    dossiers = [PetitionFactory(deposee=True, agent=agent) for _ in range(3)]
    for dossier in dossiers:
        fixer_echeance(dossier, "x", libelle="Décider", date_limite=hier)
    Echeance.objects.update(fixee_le=hier - timedelta(days=30))
    deposer(lettres(150))
    # No worker yet: the queue holds the letters, then is emptied.
    client = redis.Redis.from_url(celery_reel)
    assert sum(client.llen(file) for file in client.keys("celery*")) >= 3
    client.flushall()
    # And a letter whose task never reached the broker.
    monkeypatch.setattr(taches_differees, "_confier", lambda *arguments: None)
    deposer(lettres(1, debut=150))

    worker = lancer_worker(EMAIL_URL=f"smtp://127.0.0.1:{boite.port}")
    attendre(lambda: Rappel.objects.count() == 3 and toutes_parties())
    attendre(lambda: Battement.objects.count() == 2)
    time.sleep(2.5)  # both beats send it again
    worker.arreter()

    fois = boite.fois()
    assert fois.pop("agent@example.org") == 1  # the reminders of one person are gathered
    rappel = Courriel.objects.get(destinataires=["agent@example.org"])
    assert [rappel.corps.count(f"{dossier.reference}, ") for dossier in dossiers] == [1, 1, 1]
    assert len(fois) == 151
    assert set(fois.values()) == {1}
    assert Rappel.objects.count() == 3
    assert all(processus.poll() is None for processus in horloges)


def test_one_request_alone_tries_a_dead_broker(celery_reel, monkeypatch):
    from participation.celery import app

    port = services.port_libre()
    monkeypatch.setitem(taches_differees._panne, "jusqu_a", 0.0)
    url = f"redis://127.0.0.1:{port}/0"
    app.conf.update(broker_url=url, broker_write_url=url, broker_read_url=url)
    app._pool = app.amqp._producer_pool = None

    essais: list[str] = []
    envoyer = app.send_task
    monkeypatch.setattr(
        app, "send_task", lambda tache, **options: essais.append(tache) or envoyer(tache, **options)
    )

    for rang in range(20):
        deposer(lettres(1, debut=rang))

    assert len(essais) == 1  # the other nineteen were not tried
    assert Courriel.objects.filter(etat=E.A_ENVOYER).count() == 20
