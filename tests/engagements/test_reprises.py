"""A table of propositions taken up: 219 at once, with traps; refused rows are given back with the reason."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.engagements.models import Proposition, Reprise
from participation.engagements.reprises import lire_ligne, ouvrir_reprise, reprendre_propositions
from participation.engagements.workflow import EtatProposition
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from tests.engagements.factories import CollectifFactory, PropositionFactory
from tests.outils import jour
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db

ENTETES = ["N°", "Intitulé", "Thématique", "Réponse", "Pourquoi", "Date décision", "Délibération", "Pilote"]


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def tableau(*lignes):
    texte = io.StringIO()
    csv.writer(texte, delimiter=";").writerows([ENTETES, *lignes])
    return SimpleUploadedFile("propositions.csv", texte.getvalue().encode())


def test_219_propositions_are_taken_up_at_once_with_their_answers(
    client, agent, django_assert_max_num_queries
):
    agora = CollectifFactory()
    voirie = DirectionFactory(nom="Voirie et espaces")
    PropositionFactory(collectif=agora, numero="7")  # already here
    sens = ("Oui", "oui, en partie", "NON", "")
    lignes = [
        [
            n,
            f"Proposition {n}",
            "Eau",
            sens[n % 4],
            "Parce que." if n % 4 != 3 else "",
            jour(-900).isoformat() if n % 4 != 3 else "",
            "2023-12",
            "voirie et ESPACES",
        ]
        for n in range(1, 220)
    ]
    lignes[19][4] = ""  # an answer without its reason
    lignes[20][5] = "le printemps"  # not a day
    lignes[21][3] = "peut-être"
    lignes[22][7] = "Direction inconnue"
    lignes[23][1] = ""
    lignes[24][0] = 24  # the number of a row that is refused is free
    lignes[25][0] = 26
    lignes[26][0] = 26  # twice in the table
    lignes[27][5] = demain = jour(1).isoformat()
    lignes[30][5] = jour(-9).isoformat()  # a day without an answer
    with django_assert_max_num_queries(40):
        reprise = ouvrir_reprise(agora, par=agent, fichier=tableau(*lignes, ["", "  "]))
        reprendre_propositions(reprise.pk, par=agent, relies=reprise.relies)

    reprise.refresh_from_db()
    assert (reprise.total, reprise.neuves, len(reprise.refus)) == (219, 210, 9)
    assert {refus["ligne"]: refus["raison"] for refus in reprise.refus} == {
        8: "la proposition 7 est déjà là.",
        21: "elle a une réponse, mais pas sa raison.",
        22: "« le printemps » n’est pas une date.",
        23: "« peut-être » ne dit ni oui, ni en partie, ni non.",
        24: "« Direction inconnue » n’est pas une direction connue.",
        25: "il manque la proposition.",
        28: "la proposition 26 est déjà là.",
        29: f"le jour « {demain} » n’est pas encore venu.",
        32: "elle a une date de décision, mais pas de réponse.",
    }
    premiere = Proposition.objects.get(collectif=agora, numero="1")
    assert (premiere.etat, premiere.deliberation, premiere.direction) == (
        EtatProposition.RETENUE_EN_PARTIE,
        "2023-12",
        voirie,
    )
    assert premiere.journal.get().details == {"reprise": reprise.pk, "ligne": 2}
    refus = client.get(reverse("engagements:refus_de_reprise", args=[reprise.pk]))
    rendues = list(csv.reader(io.StringIO(b"".join(refus).decode("utf-8-sig")), delimiter=";"))
    assert rendues[0] == [*ENTETES, "Ligne", "Pourquoi elle est refusée"]
    assert rendues[1][1] == "Proposition 7"


def test_an_agent_maps_the_columns_then_reads_what_was_refused(client, agent):
    agora = CollectifFactory()
    envoi = client.post(
        reverse("engagements:reprises"),
        {
            "collectif": agora.pk,
            "fichier": tableau([1, "Des bancs", "Eau", "oui", "", "", "", ""], [2, "De l’eau"]),
        },
    )
    page = client.get(envoi.url)
    assert page.context["form"].initial["titre"] == "Intitulé"
    refusee = client.post(envoi.url, {"numero": "N°"})
    assert "quelle colonne tient la proposition" in refusee.content.decode()

    faite = client.post(envoi.url, {"titre": "Intitulé", "etat": "Réponse"}, follow=True).content.decode()

    assert "Ligne 2" in faite
    assert "pas sa raison" in faite
    assert Proposition.objects.get().titre == "De l’eau"


def test_a_table_is_taken_up_once_and_asks_directions_only_if_told(agent):
    agora, direction = CollectifFactory(), DirectionFactory(nom="Eau")
    ligne = [1, "Des bancs", "", "oui", "Parce que.", "2023-04-28", "", direction.nom]
    reprise = ouvrir_reprise(
        agora, par=agent, fichier=tableau(ligne, [2, "De l’eau", "", "", "", "", "", "Eau"])
    )

    reprendre_propositions(reprise.pk, par=agent, relies=reprise.relies, demander=True)

    retenue, attend = Proposition.objects.order_by("numero")
    assert (retenue.est_publie, retenue.suite.est_promise, attend.est_publie) == (True, True, False)
    with pytest.raises(ActeInterdit):
        reprendre_propositions(reprise.pk, par=agent, relies=reprise.relies)
    assert Reprise.objects.get().lignes == []


def test_a_column_is_chosen_once(agent):
    reprise = ouvrir_reprise(CollectifFactory(), par=agent, fichier=tableau([1, "Des bancs"]))
    with pytest.raises(ErreurMetier, match="deux fois"):
        reprendre_propositions(reprise.pk, par=agent, relies={"titre": "Intitulé", "texte": "Intitulé"})


def test_a_long_text_without_a_title_gives_it_its_first_words():
    lue = lire_ligne({"texte": "Planter " + "un arbre " * 40}, jour(0))
    assert lue["titre"].endswith("…")
    assert len(lue["titre"]) <= 160
    assert len(lue["texte"]) > 300
