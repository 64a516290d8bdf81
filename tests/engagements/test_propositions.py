"""Propositions: published, owed an answer by a suite, answered with a reason, told to who proposed."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.engagements.models import Proposition
from participation.engagements.propositions import actes, lectures
from participation.engagements.workflow import EtatProposition
from participation.rencontres.recolte.lectures import devenirs
from participation.seances.models import PointDossier
from participation.socle.actions.comptes import ouvrir_compte_par_poste
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Courrier, TraceLettre
from participation.socle.views.dossier import boutons
from participation.suites import actes as suites
from participation.suites.models import Verdict
from participation.suites.verdicts import solliciter
from participation.suites.workflow import Degre, Etat
from tests.engagements.factories import CollectifFactory, EngagementFactory, PropositionFactory
from tests.outils import constant_queries, jour, pdf_rapides
from tests.seances.factories import CollegeFactory, MembreFactory, PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def repondre(proposition, agent, etat, **champs):
    actes.repondre_proposition(
        proposition,
        par=agent,
        etat=etat,
        **{"retour": "Parce que.", "decidee_par": "Le conseil", "decidee_le": jour(0), **champs},
    )
    proposition.refresh_from_db()


@pytest.mark.parametrize(
    ("etat", "suite"),
    [
        (EtatProposition.RETENUE, Etat.SUIVIE),
        (EtatProposition.RETENUE_EN_PARTIE, Etat.SUIVIE_EN_PARTIE),
        (EtatProposition.NON_RETENUE, Etat.NON_SUIVIE),
    ],
)
def test_a_published_proposition_is_owed_a_suite_that_its_answer_moves(agent, etat, suite):
    proposition = PropositionFactory()
    actes.publier_proposition(proposition, par=agent)
    proposition.refresh_from_db()
    assert proposition.suite.demandee_par == f"l’{proposition.collectif.nom}"
    assert proposition.suite.etat == Etat.RECUE

    repondre(proposition, agent, etat)

    assert (proposition.etat, proposition.suite.etat) == (etat, suite)
    assert "Parce que." in proposition.suite.reponse_dite
    # One letter to the association for the answer: that of the suite would say it twice.
    lettres = Courriel.objects.filter(destinataires__contains=[proposition.collectif.courriel])
    assert [lettre.acte for lettre in lettres] == ["engagements/repondre_proposition"]
    assert boutons(proposition, agent).principal is None  # answered: nothing more is due


def test_the_answer_that_its_direction_gave_is_that_of_the_proposition(agent):
    proposition = PropositionFactory()
    actes.publier_proposition(proposition, par=agent)

    suites.changer_etat(
        proposition.suite, par=agent, vers=Etat.HORS_COMPETENCE, motif="C’est à l’État.", oriente_vers="État"
    )

    proposition.refresh_from_db()
    assert (proposition.etat, proposition.retour) == (EtatProposition.NON_RETENUE, "C’est à l’État.")
    assert str(proposition.direction) in proposition.decidee_par
    lettres = Courriel.objects.filter(destinataires__contains=[proposition.collectif.courriel])
    assert [lettre.acte for lettre in lettres] == ["engagements/repondre_proposition"]


def test_nobody_publishes_a_proposition_that_no_direction_will_answer(client, agent):
    proposition = PropositionFactory(direction=None)
    with pytest.raises(ErreurMetier, match="quelle direction"):
        actes.publier_proposition(proposition, par=agent)

    repondre(proposition, agent, EtatProposition.NON_RETENUE)
    actes.publier_proposition(proposition, par=agent)  # answered, nobody has to prepare anything

    assert client.get(proposition.get_public_url()).status_code == 200
    assert not proposition.suites.exists()


def test_an_answer_says_why_and_is_not_of_tomorrow(agent):
    proposition = PropositionFactory()
    with pytest.raises(ValidationError, match="pas encore venue"):
        repondre(proposition, agent, EtatProposition.RETENUE, decidee_le=jour(1))
    with pytest.raises(ValidationError):
        repondre(proposition, agent, EtatProposition.RETENUE, retour="")


def test_who_proposed_is_told_when_a_result_moves(agent):
    proposition = PropositionFactory()
    actes.publier_proposition(proposition, par=agent)
    repondre(proposition, agent, EtatProposition.RETENUE)
    proposition.refresh_from_db()

    suites.changer_etat(
        proposition.suite,
        par=agent,
        vers=Etat.REALISEE,
        texte_public="C’est fait.",
        adresse="https://a.example",
    )

    lettres = set(
        Courriel.objects.filter(destinataires__contains=[proposition.collectif.courriel]).values_list(
            "acte", flat=True
        )
    )
    assert lettres == {
        "engagements/repondre_proposition",
        "engagements/changer_suite",
        "suites/solliciter",  # and is asked whether it is done
    }


def test_the_page_of_a_group_counts_what_was_proposed_decided_done_and_judged(client):
    agora, autre = CollectifFactory(), CollectifFactory()
    faite = PropositionFactory(collectif=agora, retenue=True, numero="1", theme="Se loger")
    suite = SuiteFactory(dossier=faite, etat=Etat.REALISEE, degre=Degre.TOTALE)
    PropositionFactory(collectif=agora, publiee=True)
    PropositionFactory(collectif=agora)  # not published: not counted
    PropositionFactory(collectif=autre, retenue=True)
    demande = suite.verdicts.model.sollicitation.field.related_model.objects.create(qualite="l’association")
    Verdict.objects.create(
        suite=suite,
        sollicitation=demande,
        jugement="fait",
        dit="fait",
        est_courant=True,
        donne_le=faite.ouvert_le,
    )

    etapes = lectures.etapes(agora)

    assert etapes.total == 2
    assert {c.filtre: c.combien for c in etapes.decidees}["etat=retenue"] == 1
    assert [(c.filtre, c.combien) for c in etapes.faites] == [("degre=totale", 1)]
    assert (etapes.verdicts, etapes.accords) == (1, 1)
    page = agora.get_public_url()
    for filtre in ("etat=retenue", "degre=totale", "verdict=accord", "theme=Se+loger", "q=bancs"):
        assert faite.titre in client.get(f"{page}?{filtre}").content.decode(), filtre
    assert faite.titre not in client.get(f"{page}?verdict=desaccord").content.decode()


def test_a_correction_keeps_what_was_written_in_public(client, agent):
    proposition = PropositionFactory(publiee=True, texte="Des bancs.")

    actes.modifier_proposition(proposition, par=agent, texte="Des bancs à l’ombre, et de l’eau.")

    page = client.get(proposition.get_public_url()).content.decode()
    assert "Des bancs." in page
    assert "et de l’eau" in page


def test_the_public_pages_cost_the_same_for_four(client):
    agora = CollectifFactory()

    def une():
        SuiteFactory(dossier=PropositionFactory(collectif=agora, retenue=True))

    une()
    constant_queries(client, agora.get_public_url(), une)


def test_members_in_office_and_the_association_are_who_asked_by_mail_or_by_a_code_on_paper(client, agent):
    assert [voix.qualite for voix in CollectifFactory(courriel="a@example.org").voix()] == [
        "l’association Les amis"
    ]
    assert list(CollectifFactory(courriel="").voix()) == []

    # A member without a mailbox is asked on paper, and answers by its code.
    college = CollegeFactory()
    MembreFactory(college=college, compte=ouvrir_compte_par_poste(prenom="Odile", nom="Sansboite"))
    agora = CollectifFactory(courriel="", instance=college.mandature.instance)
    suite = SuiteFactory(dossier=PropositionFactory(collectif=agora, retenue=True))
    assert solliciter([suite], jour=jour(0)) == 1
    assert TraceLettre.objects.filter(nature="lettre", domaine="").count() == 1  # a sheet counts as a letter
    feuille = Courrier.objects.get().document.donnees
    assert suite.intitule in feuille["corps"]
    page = client.post("/code/", {"code": feuille["code"]}).headers["Location"]
    assert page.partition(":")[0] in feuille["lien"]  # the same row, signed at another moment
    client.post(page, {"verdict": suite.verdicts.get().pk, "jugement": "pas_fait"})
    assert [v.jugement for v in suite.verdicts.donnes()] == ["pas_fait"]
    assert not Courriel.objects.filter(acte="suites/solliciter").exists()

    # Somebody of the association, who has no seat: a sheet in her hand opens all that the group asked.
    autre = SuiteFactory(dossier=PropositionFactory(collectif=agora, retenue=True))
    client.force_login(agent)
    remise = client.post(reverse("suites:remettre_code", args=[suite.pk]), {"qualite": "une amie"}).headers[
        "Location"
    ]
    code = client.get(remise).context["code"]
    client.logout()
    page = client.post("/code/", {"code": code}).headers["Location"]
    assert autre.intitule in client.get(page).content.decode()
    client.post(page, {"verdict": autre.verdicts.get().pk, "jugement": "fait"})
    assert [v.sollicitation.qualite for v in autre.verdicts.donnes()] == ["une amie"]
    client.force_login(agent)
    assert client.get(remise).status_code == 404  # once it serves, its code is shown no more

    champs = {champ.name for champ in Proposition._meta.get_fields()}
    assert not champs & {"nationalite", "statut_administratif"}


def test_a_suite_is_added_to_a_proposition_as_to_an_engagement(client, agent):
    for dossier in (PropositionFactory(retenue=True), EngagementFactory(publie=True)):
        page = reverse("engagements:ajouter_suite", args=[dossier.pk])
        client.post(
            page, {"intitule": "Poser un banc", "direction": DirectionFactory().pk, "origine": "demandee"}
        )
        assert dossier.suites.get().intitule == "Poser un banc"


def test_the_page_of_a_proposition_says_the_meeting_that_speaks_of_it_to_agents(client, agent):
    proposition = PropositionFactory(retenue=True)
    seance = SeanceFactory(titre="Réunion de l’équipe")
    PointDossier.objects.create(point=PointFactory(seance=seance), dossier=proposition)

    assert seance.get_absolute_url() in client.get(proposition.get_absolute_url()).content.decode()


def test_a_proposition_has_its_sheet_in_large_print(client, agent, monkeypatch):
    pdf_rapides(monkeypatch)
    proposition = PropositionFactory(retenue=True)
    SuiteFactory(dossier=proposition, etat=Etat.SUIVIE, degre=Degre.EN_COURS)

    client.post(reverse("engagements:imprimer_fiche", args=[proposition.pk]))

    fiche = proposition.documents.get(nature="engagements/fiche")
    assert (fiche.donnees["sens"], fiche.donnees["suites"][0]["degre"]) == ("Oui", "Mise en œuvre en cours")
    assert fiche.est_public


def test_open_data_say_the_answer_and_what_is_done(client):
    proposition = PropositionFactory(retenue=True)
    SuiteFactory(dossier=proposition, etat=Etat.SUIVIE, degre=Degre.EN_COURS)

    lues = b"".join(client.get(reverse("engagements:propositions_json")))
    (fiche,) = json.loads(lues)["propositions"]

    assert (fiche["etat"], fiche["degre"], fiche["reponse"]) == ("retenue", "en_cours", "Oui.")


def test_what_was_said_at_a_meeting_becomes_a_proposition_of_a_group_or_an_engagement_to_write(agent):
    collectif = CollectifFactory()
    offerts = devenirs()
    proposition = offerts[f"proposition-{collectif.pk}"].ouvrir("Des bancs", "– Un banc à l’ombre", agent)
    engagement = offerts["engagement"].ouvrir("Des bancs", "", agent)

    assert (proposition.collectif, proposition.texte, proposition.etat) == (
        collectif,
        "– Un banc à l’ombre",
        "a_decider",
    )
    assert (engagement.texte, engagement.est_publie) == ("Des bancs", False)
