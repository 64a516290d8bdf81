"""The writing help: what it marks, that it stays quick, and how it is shown under the texts of agents."""

import time

import pytest
from django.urls import reverse

from bench import redaction as banc
from participation.socle.regles.redaction import Genre, relire
from tests.inclusion.factories import ActionFactory

DITS = [
    ("Le projet a été adopté.", [(Genre.PASSIF, "a été adopté")]),
    ("La rue est barrée par la police.", [(Genre.PASSIF, "est barrée")]),
    ("La piste est fermée. Elle est allée loin. Le comité s’est réuni. Écrivez par courriel.", []),
    ("Nous ne sommes pas sans le savoir.", [(Genre.NEGATION, "ne sommes pas sans")]),
    ("Ce n’est pas loin. Il ne vient pas, sans doute.", []),
    ("Réunion le 12 mars.", [(Genre.DATE, "12 mars")]),
    ("Du 3 mars au 12 avril 2026, puis le 5 mai 2026. Le 14 juillet, chaque 21 juin.", []),
    ("La CCSPL répond. La CCSPL décide.", [(Genre.SIGLE, "CCSPL")]),
    ("La commission (CCSPL), le QPV (quartier prioritaire), Louis XIV, la TVA, PET-2026-0001.", []),
    ("Afin de répondre.", [(Genre.JARGON, "Afin de")]),
    ("Un mot " * 13, [(Genre.LONGUE, ("Un mot " * 13).strip())]),
    ("M. Martin vient. " * 20, []),
    ("Votre demande ne pourra être traitée.", [(Genre.PASSIF, "être traitée")]),
    (
        "L’aide est versée le lundi. Vous serez contacté.",
        [(Genre.PASSIF, "est versée"), (Genre.PASSIF, "serez contacté")],
    ),
    ("La rue est prise par de nombreux enfants.", [(Genre.PASSIF, "est prise")]),
    (
        "Il est peut-être arrêté. Le prix est celui fixé par la loi. Le parc sera fermé. Écrivez ce qui a été dit.",
        [],
    ),
    ("Ce n’est pas non plus son rôle. Il n’est pas non-fumeur.", [(Genre.NEGATION, "n’est pas non-fumeur")]),
    ("Merci de ne pas exclure les jeunes.", [(Genre.NEGATION, "ne pas exclure")]),
    ("La réunion du 11 juin aura lieu plus tard, le 18 juin 2026.", []),
    ("L’arrêté du 12 mars 2026 vaut jusqu’au 5 mai.", [(Genre.DATE, "5 mai")]),
    ("Joignez CNI, RIB.", [(Genre.SIGLE, "CNI"), (Genre.SIGLE, "RIB")]),
    ("Le PLUi change. AVIS DE TRAVAUX. Mme DUPONT répond. L’Ad’AP et la CM2 vont.", [(Genre.SIGLE, "PLUi")]),
    ("Ils n’ont pas encore été reçus.", [(Genre.PASSIF, "ont pas encore été reçus")]),
    ("La Biennale, la taxe foncière, les finalistes optimistes, la direction de la voirie.", []),
]


@pytest.mark.parametrize(("texte", "attendues"), DITS, ids=[str(n) for n in range(len(DITS))])
def test_what_is_marked_is_a_defect_and_nothing_else(texte: str, attendues: list[tuple[Genre, str]]) -> None:
    marques = relire(texte, mots_par_phrase=25)
    assert [(m.genre, texte[m.debut : m.fin]) for m in marques] == attendues


def test_the_marks_on_the_rewritten_sentences_are_judged_and_four_in_five_are_right() -> None:
    juges, posees = banc.jugements(), banc.marques()
    assert set(posees) <= set(juges)
    assert len(list(banc.textes())) >= 2 * 200
    assert len(posees) >= 150
    assert sum(juges[marque] for marque in posees) / len(posees) >= 0.8


def test_a_text_made_against_a_rule_costs_what_its_length_says() -> None:
    for motif in ("a été ", "12 mars ", "peut être ", "ne pas ", "CNI, "):
        court, long = (min(_temps(motif * (n // len(motif))) for _ in range(2)) for n in (5_000, 20_000))
        assert long < 10 * court + 0.1, (
            motif
        )  # sixteen times for a rule that reads the text again at each word


def _temps(texte: str) -> float:
    debut = time.process_time()
    relire(texte, mots_par_phrase=25)
    return time.process_time() - debut


@pytest.mark.django_db
def test_an_agent_reads_the_defects_of_her_text_without_script_and_nothing_is_done(connecte) -> None:
    action = ActionFactory()
    adresse = reverse("inclusion:raconter_aller_vers", args=[action.pk])
    assert "Relire mes phrases" in connecte.get(adresse).text
    page = connecte.post(
        adresse, {"bilan": "Cela a été dit le 12 mars.", "rencontrees": "", "relire": "oui"}
    ).text
    assert "<mark>a été dit</mark>" in page
    assert "<mark>12 mars</mark>" in page
    assert "Cela a été dit le 12 mars." in page
    assert "champ-en-erreur" not in page
    action.refresh_from_db()
    assert action.etat == "prevue"


@pytest.mark.django_db
def test_the_defects_come_while_she_writes(connecte) -> None:
    envoi = {"bilan": "Afin d’aider."}
    dit = connecte.post(reverse("socle:relire_texte"), envoi, headers={"HX-Trigger-Name": "bilan"}).text
    assert "<mark>Afin d</mark>" in dit
    assert "pour" in dit


@pytest.mark.django_db
def test_a_page_read_again_keeps_what_it_had_shown(connecte) -> None:
    """Somebody changed the action meanwhile: the button of the help must not hide it from her."""
    action = ActionFactory()
    adresse = reverse("inclusion:modifier_aller_vers", args=[action.pk])
    montre = connecte.get(adresse).context["montre"]
    ActionFactory._meta.model.objects.filter(pk=action.pk).update(lieu="Ailleurs")
    page = connecte.post(adresse, {"montre": montre, "relire": "oui", "lieu": "Ici"})
    assert page.context["montre"] == montre
