"""Data of a procès-verbal (presence, votes, decisions), and sanitizing of its text."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participation.seances.models import Emargement, PointDossier, Profil
from participation.seances.proces_verbaux import mise_en_page, texte
from participation.seances.proces_verbaux import releve as proces_verbaux_releve
from participation.seances.workflow import EtatPoint
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import PointFactory
from tests.seances.seance_tenue import convier, membre_convoque, venir, voter
from tests.socle.factories import commune

pytestmark = pytest.mark.django_db


def personnes(releve):
    return {p["nom"]: p for college in releve["presence"] for p in college["personnes"]}


def test_the_data_say_who_was_there_when_and_how(tenue):
    trouvees = personnes(proces_verbaux_releve.donnees(tenue))

    assert {nom: p["statut"] for nom, p in trouvees.items()} == {
        "Alice Présidente": "present",
        "Bruno Habitant": "present",
        "Chloé Distante": "present",
        "David Mandant": "represente",
        "Emma Excusée": "excuse",
        "Farid Absent": "absent",
        "Gaël Titulaire": "supplee",
        "Hugo Suppléant": "present",
    }
    assert len(trouvees["Bruno Habitant"]["intervalles"]) == 2
    assert trouvees["Bruno Habitant"]["pouvoirs_de"] == ["David Mandant"]
    assert trouvees["Chloé Distante"]["intervalles"][0]["mode"] == "à distance"
    assert trouvees["Gaël Titulaire"]["supplee_par"] == "Hugo Suppléant"


def test_a_pouvoir_given_to_somebody_who_did_not_come_is_an_absence(tenue):
    convie = tenue.convies.get(membre__compte__nom="Mandant")
    convie.pouvoir_a = tenue.convies.get(membre__compte__nom="Absent")
    convie.save()

    assert personnes(proces_verbaux_releve.donnees(tenue))["David Mandant"]["statut"] == "excuse"


def test_the_data_hold_quorum_pauses_votes_decisions_and_dissent(tenue):
    releve = proces_verbaux_releve.donnees(tenue)

    assert releve["quorum"]["atteint"] == 5
    assert len(releve["interruptions"]) == 1
    eau, petitions, _, divers = releve["points"]
    (vote,) = eau["votes"]
    assert vote["total"] == {"pour": 3, "contre": 1, "abstention": 0, "nppv": 0}
    assert {"nom": "Chloé Distante", "sens": "contre"} in vote["nominatif"]
    assert eau["deports"] == [{"nom": "Hugo Suppléant", "motif": "administrateur de la régie"}]
    assert eau["desaccords"][0]["nom"] == "Chloé Distante"
    assert petitions["dossiers"][0]["decision"] == "Recevable"
    assert petitions["est_tardif"]
    assert divers["motif"] == "faute de temps"
    assert json.loads(json.dumps(releve)) == releve


def test_no_other_reading_of_an_adopted_vote_is_printed_under_it(tenue):
    """« rejeté » on the other base of majority is an aid of the facilitator: it is no result."""
    releve = proces_verbaux_releve.donnees(tenue)
    adoptes = [
        vote
        for point in mise_en_page.presenter(releve, {})["points"]
        for vote in point["votes"]
        if vote["mot"] == "Adopté"
    ]

    assert adoptes
    assert "rejet" not in json.dumps(adoptes, ensure_ascii=False).lower()


def test_a_vote_says_its_quorum_in_one_sentence(tenue):
    lecture = mise_en_page.presenter(proces_verbaux_releve.donnees(tenue), {})
    regles = [vote["regle"] for point in lecture["points"] for vote in point["votes"]]

    assert any("Quorum atteint : 5 sur 4 nécessaires." in regle for regle in regles), regles
    assert not any("Quorum : atteint" in regle for regle in regles)


def test_the_data_name_nobody_by_an_address(tenue):
    compte = membre_convoque(tenue)
    compte.prenom = compte.nom = ""
    compte.save()

    assert compte.courriel not in json.dumps(proces_verbaux_releve.donnees(tenue))


def test_the_data_say_the_commune_of_nobody_who_did_not_agree(tenue):
    compte = membre_convoque(tenue)
    compte.sieges.update(commune=commune("Vif"), organisme="")
    assert "Vif" not in json.dumps(proces_verbaux_releve.donnees(tenue))

    Profil.objects.update_or_create(compte=compte, defaults={"publie_commune": True})
    assert "Vif" in json.dumps(proces_verbaux_releve.donnees(tenue))


def test_a_secret_ballot_names_nobody(tenue):
    point = tenue.points.first()
    voter(point, "Élection", {"Bruno Habitant": "pour"}, forme="secret")

    (_, secret) = proces_verbaux_releve.donnees(tenue)["points"][0]["votes"]

    assert secret["total"]["pour"] == 1
    assert secret["nominatif"] == []


def test_the_data_cost_the_same_queries_whatever_the_size(tenue):
    def compter():
        with CaptureQueriesContext(connection) as contexte:
            proces_verbaux_releve.donnees(tenue)
        return len(contexte)

    avant = compter()
    for i in range(6):
        venir(convier(tenue, f"Nom{i} Autre{i}", f"Collège {i % 2}"))
        point = PointFactory(seance=tenue, etat=EtatPoint.TRAITE)
        PointDossier.objects.create(point=point, dossier=PetitionFactory(deposee=True))
        voter(point, "Avis", {f"Nom{i} Autre{i}": "pour"})

    assert compter() == avant


# Text


@pytest.mark.parametrize(
    ("saisi", "garde"),
    [
        ("<p>Bonjour</p><script>alert(1)</script>", "<p>Bonjour</p>"),
        ('<p style="color:red" onclick="x()" class="a">Bonjour</p>', "<p>Bonjour</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="http://exemple.fr">a</a></p>', "<p><a>a</a></p>"),
        (
            '<p><a href="https://exemple.fr" target="_blank">a</a></p>',
            '<p><a href="https://exemple.fr">a</a></p>',
        ),
        ("<h1>Titre</h1><p>a</p>", "Titre<p>a</p>"),
        ("<p>a</p><p><br></p><p> </p>", "<p>a</p>"),
        ("Un.\n\nDeux,\ntrois.", "<p>Un.</p><p>Deux,<br>trois.</p>"),
        ("", ""),
    ],
)
def test_what_is_typed_is_cleaned(saisi, garde):
    assert texte.nettoyer(saisi) == garde
    assert texte.nettoyer(garde) == garde


def test_who_might_vote_and_gave_no_ballot_is_listed(tenue):
    point = PointFactory(seance=tenue, titre="Le tarif")
    vote = voter(point, "Le tarif", {"Alice Présidente": "pour"})
    presente = tenue.convies.get(membre__compte__nom="Présidente")
    muet = tenue.convies.get(membre__compte__nom="Habitant")
    vote.inscrits = {str(convie.pk): [convie.pk] for convie in (presente, muet)}
    vote.save(update_fields=["inscrits"])
    Emargement.objects.create(vote=vote, convie=presente, par=presente)

    lecture = mise_en_page.presenter(proces_verbaux_releve.donnees(tenue), {})
    (lu,) = next(p for p in lecture["points"] if p["titre"] == "Le tarif")["votes"]
    assert ("N’a pas voté", str(muet.membre)) in lu["nominatif"]
