"""Letters: written with the act, sent once, cancelled or sent again.

Uses a real SMTP server. Tests with a real worker are in test_courriels_worker.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from ops import services
from participation.socle.actions.courriels import annuler, balayer, corriger_adresse, envoyer, renvoyer
from participation.socle.courriels import ecriture as courrier
from participation.socle.courriels.ecriture import (
    Destinataire,
    composer,
    ecrire,
    ecrire_a_plusieurs,
    situer_sujet,
)
from participation.socle.courriels.message import message_de
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel, ReglageService
from participation.socle.travaux import differes as taches_differees
from tests.outils import a_plusieurs
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, etats, lettre

pytestmark = pytest.mark.django_db
E = Courriel.Etat


@pytest.fixture
def confies(monkeypatch):
    """Capture the tasks sent to the broker."""
    taches = []
    monkeypatch.setattr(
        taches_differees,
        "_confier",
        lambda tache, arguments, priorite, file: taches.append((arguments, priorite)),
    )
    return taches


# Writing


def test_what_is_rolled_back_was_never_written(confies, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ecrire("socle/fermer_compte", a=["a@example.org"], contexte={})
        transaction.set_rollback(True)

    assert not Courriel.objects.exists()
    assert not confies


def test_a_letter_is_handed_over_after_commit_and_not_before(confies, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        courriel = ecrire("socle/fermer_compte", a=["a@example.org", "", "a@example.org"], contexte={})
        assert not confies

    assert confies == [(([courriel.pk],), taches_differees.TOUT_DE_SUITE)]
    assert courriel.destinataires == ["a@example.org"]


def test_a_key_is_written_once():
    ecrits = [ecrire("socle/fermer_compte", a=["a@example.org"], contexte={}, cle="k") for _ in range(2)]
    assert ecrits[0].pk
    assert ecrits[1] is None
    assert Courriel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_one_key_write_it_once():
    issues = a_plusieurs(
        8, lambda rang: ecrire("socle/fermer_compte", a=["a@example.org"], contexte={}, cle="k")
    )
    assert sum(issue is not None for issue in issues) == 1, issues
    assert Courriel.objects.count() == 1


def test_a_thousand_letters_take_few_statements_and_give_way(
    confies, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    gens = [Destinataire(f"p{rang}@example.org", desabonnement=f"/non/{rang}/") for rang in range(1000)]
    with django_capture_on_commit_callbacks(execute=True), django_assert_max_num_queries(20):
        assert ecrire_a_plusieurs("socle/fermer_compte", gens, contexte={}, cle="nouvelle") == 1000
    assert ecrire_a_plusieurs("socle/fermer_compte", gens + gens[:3], contexte={}, cle="nouvelle") == 0

    assert Courriel.objects.filter(en_nombre=True).count() == 1000
    assert [len(arguments[0]) for arguments, _ in confies] == [courrier.LOT] * (1000 // courrier.LOT)
    assert {priorite for _, priorite in confies} == {taches_differees.EN_NOMBRE}
    premier = Courriel.objects.get(destinataires=["p7@example.org"])
    assert premier.entetes["List-Unsubscribe"].endswith("/non/7/>")
    assert "example.org" not in premier.cle


def test_every_mail_of_django_passes_through_the_box(settings):
    # replaces the backend of pytest-django
    settings.EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"
    message = EmailMultiAlternatives(
        "Votre code",
        "123456",
        "service@example.org",
        ["a@example.org"],
        cc=["b@example.org"],
        bcc=["cache@example.org"],
        reply_to=["r@example.org"],
        headers={"X-Essai": "oui"},
    )
    message.attach_alternative("<p>123456</p>", "text/html")
    message.attach("note.txt", "texte", "text/plain")
    assert message.send() == 1

    visible, cache = Courriel.objects.order_by("pk")
    assert visible.destinataires == ["a@example.org", "b@example.org"]
    assert cache.destinataires == ["cache@example.org"]
    assert (visible.corps_html, visible.repondre_a, visible.entetes) == (
        "<p>123456</p>",
        "r@example.org",
        {"X-Essai": "oui"},
    )
    assert bytes(visible.pieces.get().contenu) == b"texte"


def test_a_letter_whose_template_names_an_unknown_value_fails_the_tests():
    with pytest.raises(pytest.fail.Exception, match="demande"):
        composer("socle/annuler_demande", {"motif": ""})


# Sending


def test_a_batch_leaves_over_one_connection_with_stable_headers(boite):
    numeros = [lettre(f"p{rang}@example.org", entetes={"List-Unsubscribe": "<x>"}).pk for rang in range(5)]

    assert envoyer(numeros + numeros)

    assert etats() == [E.ENVOYE] * 5
    assert boite.connexions == 1
    assert set(boite.fois().values()) == {1}
    message = boite.messages()[0]
    assert message["Message-ID"].startswith(f"<courriel-{numeros[0]}.")
    assert message["List-Unsubscribe"] == "<x>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_passing_refusal_is_tried_again_later_and_later_then_said(boite, settings):
    settings.COURRIEL_TENTATIVES = 8
    courriel = lettre()
    boite.reponse_rcpt["a@example.org"] = "451 Revenez plus tard"
    repos = []
    for _ in range(8):
        debut = timezone.now()
        envoyer([courriel.pk])
        courriel.refresh_from_db()
        repos.append(round((courriel.prochain_essai_le - debut).total_seconds() / 60))
        assert not envoyer([courriel.pk]) or courriel.tentatives == len(repos)
        Courriel.objects.update(prochain_essai_le=timezone.now())

    assert repos == [1, 2, 4, 8, 16, 32, 60, 60]
    assert courriel.etat == E.ECHEC
    assert "451 Revenez plus tard" in courriel.erreur

    boite.reponse_rcpt.clear()
    renvoyer(courriel, par=CompteFactory(agent=True))
    envoyer([courriel.pk])
    assert etats() == [E.ENVOYE]


@pytest.mark.parametrize(
    ("rcpt", "data", "etat", "dit"),
    [
        ("550 Adresse inconnue", "", E.REJETE, "550 Adresse inconnue"),
        ("", "554 Contenu refusé", E.REJETE, "554"),
        ("", "452 Boîte pleine", E.A_ENVOYER, "452"),
    ],
)
def test_the_answer_of_the_server_decides(boite, rcpt, data, etat, dit):
    courriel, suivant = lettre(), lettre("b@example.org")
    boite.reponse_rcpt = {"a@example.org": rcpt} if rcpt else {}
    boite.reponse_data = data

    assert envoyer([courriel.pk])
    boite.reponse_data = ""
    assert envoyer([suivant.pk])

    courriel.refresh_from_db()
    assert courriel.etat == etat
    assert dit in courriel.erreur
    assert etats()[1] == E.ENVOYE


def test_one_refused_among_several_is_said_and_the_others_are_not_written_to_twice(boite):
    courriel = lettre(["a@example.org", "b@example.org"])
    boite.reponse_rcpt["a@example.org"] = "550 Inconnue"
    envoyer([courriel.pk])

    courriel.refresh_from_db()
    assert courriel.etat == E.REJETE
    assert "a@example.org. Ce que le serveur d’en face a dit : « 550 Inconnue »" in courriel.erreur
    assert "les autres ont reçu" in courriel.erreur
    assert boite.fois() == {"b@example.org": 1}


def test_a_dead_server_costs_one_attempt_not_one_a_letter(settings):
    settings.COURRIEL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": services.port_libre(),
    }
    numeros = [lettre().pk for _ in range(3)]
    assert not envoyer(numeros)

    assert etats() == [E.A_ENVOYER] * 3
    assert list(Courriel.objects.order_by("pk").values_list("tentatives", flat=True)) == [1, 0, 0]
    assert all("ne répond pas" in courriel.erreur for courriel in Courriel.objects.all())
    assert balayer() == 0


def test_the_sweep_takes_back_what_a_dead_worker_took_and_starts_with_single_letters(boite):
    vieux = timezone.now() - timedelta(minutes=3)
    lettre("nombre@example.org", en_nombre=True, prochain_essai_le=vieux)
    lettre("seule@example.org")
    lettre("mort@example.org", etat=E.EN_COURS, pris_le=vieux, tentatives=1)
    vivant = lettre("vivant@example.org", etat=E.EN_COURS, pris_le=timezone.now(), tentatives=1)
    lettre("plus_tard@example.org", prochain_essai_le=timezone.now() + timedelta(minutes=1))

    assert balayer() == 3

    assert list(boite.fois()) == ["seule@example.org", "mort@example.org", "nombre@example.org"]
    vivant.refresh_from_db()
    assert vivant.etat == E.EN_COURS


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_numbers_send_each_letter_once(boite):
    numeros = [lettre(f"p{rang}@example.org").pk for rang in range(40)]
    issues = a_plusieurs(4, lambda rang: envoyer(numeros if rang % 2 else numeros[::-1]))

    assert issues == [True] * 4
    assert set(boite.fois().values()) == {1}
    assert len(boite.fois()) == 40


def test_a_dead_broker_holds_nobody_and_loses_nothing(boite, django_capture_on_commit_callbacks, monkeypatch):
    from participation.celery import app

    monkeypatch.setitem(taches_differees._panne, "jusqu_a", 0.0)
    monkeypatch.setattr(app, "send_task", _courtier_mort)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            ecrire("socle/fermer_compte", a=["a@example.org"], contexte={})

    assert _courtier_mort.appels == 1  # the next two were not tried
    balayer()
    assert etats() == [E.ENVOYE] * 3


def _courtier_mort(*args, **kwargs):
    _courtier_mort.appels = getattr(_courtier_mort, "appels", 0) + 1
    raise OSError("connexion refusée")


# Acts of an agent


def test_an_agent_calls_off_what_has_not_left_and_the_journal_says_so(boite):
    petition, agent = PetitionFactory(deposee=True), CompteFactory(agent=True)
    courriel = lettre(dossier=petition)

    annuler(courriel, par=agent)
    envoyer([courriel.pk])

    assert etats() == [E.ANNULE]
    assert not boite.recus
    assert petition.journal.get().fait == "Courriel annulé : Bonjour"
    with pytest.raises(ActeInterdit):
        annuler(courriel, par=agent)


def test_a_letter_that_left_leaves_again_as_another_row(boite):
    courriel = lettre(dossier=PetitionFactory(deposee=True), acte="petitions/rejeter", cle="k")
    courriel.pieces.create(nom="n.txt", type_mime="text/plain", contenu=b"x")
    envoyer([courriel.pk])

    neuve = renvoyer(courriel, par=CompteFactory(agent=True))
    with pytest.raises(ActeInterdit):
        renvoyer(neuve, par=CompteFactory(agent=True))
    envoyer([neuve.pk])

    assert neuve.pk != courriel.pk
    assert etats() == [E.ENVOYE] * 2
    # Two windows opened before it left again: one effect.
    with pytest.raises(ActeInterdit, match="repartie"):
        renvoyer(courriel, par=CompteFactory(agent=True), vu=neuve.cree_le)
    with pytest.raises(ActeInterdit, match="repartie"):
        renvoyer(neuve, par=CompteFactory(agent=True), vu=neuve.cree_le)
    assert boite.messages()[1].get_payload()[1].get_filename() == "n.txt"


def test_a_corrected_address_gets_the_letter(boite):
    boite.reponse_rcpt["faux@example.org"] = "550 Inconnue"
    courriel = lettre("faux@example.org")
    envoyer([courriel.pk])
    courriel.refresh_from_db()
    corriger_adresse(courriel, par=CompteFactory(agent=True), destinataires=["juste@example.org"])
    envoyer([courriel.pk])
    assert boite.fois() == {"juste@example.org": 1}


def test_a_decision_is_signed_by_who_signs_for_the_service_whatever_its_letter_was_given():
    ReglageService.objects.update_or_create(
        pk=1, defaults={"signataire": "Alma Dupuis, directrice", "voies_de_recours": "Sous deux mois."}
    )

    dite = render_to_string("courriels/socle/_decision.txt")
    assert "Alma Dupuis, directrice" in dite
    assert "Le service participation" not in dite, "Signed once."
    sien = render_to_string("courriels/socle/_decision.txt", {"signataire": "Pour le préfet"})
    assert "Pour le préfet" in sien
    assert "Sous deux mois." in sien
    ReglageService.objects.update(signataire="")
    assert "Le service participation" in render_to_string("courriels/socle/_decision.txt")


@pytest.mark.parametrize(
    ("ecrit", "envoye"),
    [
        ("Texte corrigé : Un banc", "Texte corrigé : Un banc (PET-2026-0001)"),
        ("[PET-2026-0001] Seuil atteint", "Seuil atteint (PET-2026-0001)"),
        ("À traiter : Un banc (PET-2026-0001)", "À traiter : Un banc (PET-2026-0001)"),
        ("Pétition à lire\xa0: PET-2026-0001", "Pétition à lire (PET-2026-0001)"),
        ("x" * 255, f"{'x' * 239} (PET-2026-0001)"),
    ],
)
def test_the_reference_of_a_dossier_ends_each_subject(ecrit, envoye):
    assert situer_sujet(ecrit, SimpleNamespace(reference="PET-2026-0001")) == envoye


def test_the_letters_of_one_dossier_are_one_thread():
    une, autre = PetitionFactory(deposee=True), PetitionFactory(deposee=True)
    fils = [
        message_de(
            Courriel.objects.create(dossier=p, sujet="x", corps="x", destinataires=["x@example.org"])
        ).message()["References"]
        for p in (une, une, autre)
    ]

    assert fils[0] == fils[1] != fils[2]
