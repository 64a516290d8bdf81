"""Comité de recevabilité: examination, déports, decisions."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import fixer_echeance
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.workflow import Role
from petitions.examen import DEPASSEE, PARTAGE, etat_du_critere
from petitions.models import MotifIrrecevabilite, Petition
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions as decisions_recevabilite
from petitions.workflow import Etat
from tests.outils import jour, lire
from tests.petitions.examen import echeance, membre, tout_remplir
from tests.petitions.factories import PetitionFactory, lettres, sieger
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db


def refuser_un_critere(petition: Petition, par) -> None:
    critere = petition.reglement.criteres.first()
    recevabilite.examiner(petition, {critere.pk: ("non_rempli", "Contraire au code de la route.")}, par=par)


def decisions(petition, par):
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")
    return {
        "declarer_recevable": lambda: decisions_recevabilite.declarer_recevable(
            petition, par=par, raison_sans_comite="Urgence."
        ),
        "declarer_irrecevable": lambda: decisions_recevabilite.declarer_irrecevable(
            petition, par=par, motif_irrecevabilite=motif, motif="Raisons.", raison_sans_comite="Urgence."
        ),
        "transmettre": lambda: decisions_recevabilite.transmettre(
            petition, par=par, autorite_competente="Département", raison_sans_comite="Urgence."
        ),
    }


# Grid


def test_the_comite_fills_the_grid_and_the_journal_says_what_changed(examinee, agent):
    elu, (premier, second, *_) = membre(), examinee.reglement.criteres.all()

    recevabilite.examiner(examinee, {premier.pk: ("rempli", "")}, par=elu)
    recevabilite.examiner(examinee, {second.pk: ("a_reformuler", "Citez le lieu.")}, par=agent)

    assert [(e.appreciation, e.par) for e in examinee.examens.all()] == [
        ("rempli", elu),
        ("a_reformuler", agent),
    ]
    entree = examinee.journal.filter(acte="examiner").first()
    assert entree.details["criteres"] == [
        {"critere": second.libelle, "appreciation": "à reformuler", "motif": "Citez le lieu."}
    ]


@pytest.mark.parametrize("qui", ["elu_hors_comite", "direction", "auteur"])
def test_only_the_comite_and_the_service_examine(examinee, qui):
    compte = {
        "elu_hors_comite": lambda: CompteFactory(elu=True),
        "direction": agent_de_direction,
        "auteur": lambda: examinee.auteur,
    }[qui]()

    with pytest.raises(RoleInsuffisant):
        tout_remplir(examinee, compte)


def test_a_technicien_of_the_comite_examines_but_does_not_decide(examinee):
    technicien = agent_de_direction()
    sieger(technicien)

    tout_remplir(examinee, technicien)

    for decider in decisions(examinee, technicien).values():
        with pytest.raises(RoleInsuffisant):
            decider()


def test_two_members_filling_the_grid_together_keep_both_their_answers(examinee, agent, client):
    elu, url = membre(), reverse("petitions:examiner", args=[examinee.pk])
    premier, second, *_ = examinee.reglement.criteres.all()
    client.force_login(agent)
    vue = {
        f"initial-{nom}_{c.pk}": ""
        for c in examinee.reglement.criteres.all()
        for nom in ("appreciation", "motif")
    }

    recevabilite.examiner(examinee, {premier.pk: ("rempli", "")}, par=elu)
    client.post(url, {**vue, f"appreciation_{second.pk}": "rempli"})

    assert {e.critere: e.par for e in examinee.examens.all()} == {premier: elu, second: agent}


def test_what_is_not_met_needs_its_reason_and_nothing_typed_is_lost(examinee, agent, client):
    premier, second, *_ = examinee.reglement.criteres.all()
    client.force_login(agent)

    page = client.post(
        reverse("petitions:examiner", args=[examinee.pk]),
        {f"appreciation_{premier.pk}": "non_rempli", f"motif_{second.pk}": "Une phrase gardée"},
    )

    assert page.status_code == 200
    assert "Dites pourquoi, pour le critère" in page.content.decode()
    assert "Une phrase gardée" in page.content.decode()
    assert not examinee.examens.exists()


def test_an_opinion_on_an_old_text_is_said_so_and_counts_no_more():
    hier, ce_matin, midi = (timezone.localtime() - timedelta(hours=h) for h in (24, 5, 1))
    assert etat_du_critere([("non_rempli", hier)], None, ce_matin) == DEPASSEE
    assert etat_du_critere([("non_rempli", hier), ("rempli", midi)], None, ce_matin) == "rempli"
    assert etat_du_critere([("non_rempli", midi), ("rempli", midi)], None, ce_matin) == PARTAGE
    assert etat_du_critere([("non_rempli", midi)], ("rempli", midi), ce_matin) == "rempli"
    assert etat_du_critere([("non_rempli", midi)], ("rempli", hier), ce_matin) == "non_rempli"
    assert etat_du_critere([], None, None) == ""


# Déports


def test_a_member_who_stepped_aside_neither_examines_nor_decides(examinee, agent, client):
    tout_remplir(examinee, agent)
    recevabilite.se_deporter(examinee, par=agent, motif="Voisin du projet.")

    with pytest.raises(RoleInsuffisant, match="déporté"):
        tout_remplir(examinee, agent)
    for decider in decisions(examinee, agent).values():
        with pytest.raises(RoleInsuffisant, match="déporté"):
            decider()
    assert not examinee.permet("examiner", agent)
    client.force_login(agent)
    page = lire(client.get(reverse("petitions:dossier", args=[examinee.pk])))
    assert reverse("petitions:declarer_recevable", args=[examinee.pk]) not in page
    assert examinee.journal.get(acte="se_deporter").motif == ""


# Decisions


def test_a_petition_that_meets_every_criterion_is_recevable(examinee, agent):
    tout_remplir(examinee, agent)

    decisions_recevabilite.declarer_recevable(
        examinee, par=agent, motif="Bravo.", raison_sans_comite="Urgence."
    )

    examinee.refresh_from_db()
    assert (examinee.etat, examinee.motif, examinee.est_publie) == (Etat.RECEVABLE, "Bravo.", False)
    assert echeance(examinee).faite_le is not None
    ouverture = echeance(examinee, "ouverture")
    assert ouverture.date_limite == jour(examinee.reglement.delai_ouverture_jours)
    assert ouverture.est_legale
    assert lettres("declarer_recevable").count() == 2
    assert "Bravo." in lettres("declarer_recevable").first().corps
    assert examinee.journal.get(acte="declarer_recevable").motif == "Bravo."


def test_a_criterion_not_examined_or_not_met_keeps_a_petition_from_being_recevable(examinee, agent):
    with pytest.raises(ErreurMetier, match="n’est pas examiné"):
        decisions_recevabilite.declarer_recevable(examinee, par=agent, raison_sans_comite="Urgence.")
    tout_remplir(examinee, agent)
    refuser_un_critere(examinee, agent)

    with pytest.raises(ErreurMetier, match="non rempli"):
        decisions_recevabilite.declarer_recevable(examinee, par=agent, raison_sans_comite="Urgence.")
    examinee.refresh_from_db()
    assert examinee.etat == Etat.DEPOSEE


def test_a_refusal_is_coded_reasoned_published_and_told(examinee, agent):
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")
    with pytest.raises(ErreurMetier, match="Aucun critère"):
        decisions_recevabilite.declarer_irrecevable(
            examinee, par=agent, motif_irrecevabilite=motif, motif="Raisons.", raison_sans_comite="Urgence."
        )
    refuser_un_critere(examinee, agent)

    decisions_recevabilite.declarer_irrecevable(
        examinee, par=agent, motif_irrecevabilite=motif, motif="Raisons.", raison_sans_comite="Urgence."
    )

    examinee.refresh_from_db()
    assert (examinee.etat, examinee.est_publie, examinee.texte_masque) == (Etat.IRRECEVABLE, True, False)
    assert examinee.clos_le is not None
    assert not examinee.echeances.ouvertes().exists()
    assert {c.destinataires[0] for c in lettres("declarer_irrecevable")} == {
        examinee.auteur.courriel,
        examinee.copetitionnaires.get().courriel,
    }
    assert motif.texte in lettres("declarer_irrecevable").first().corps


def test_a_defamatory_text_stays_hidden(examinee, agent):
    refuser_un_critere(examinee, agent)
    motif = MotifIrrecevabilite.objects.get(code="discriminatoire")

    decisions_recevabilite.declarer_irrecevable(
        examinee, par=agent, motif_irrecevabilite=motif, motif="Raisons.", raison_sans_comite="Urgence."
    )

    examinee.refresh_from_db()
    assert examinee.texte_masque


def test_the_competent_authority_receives_the_petition_and_its_authors_are_told(examinee, agent):
    decisions_recevabilite.transmettre(
        examinee,
        par=agent,
        autorite_competente="Département de l’Isère",
        courriel="cd38@exemple.fr",
        motif="Un collège.",
        raison_sans_comite="Urgence.",
    )

    examinee.refresh_from_db()
    assert (examinee.etat, examinee.autorite_competente) == (Etat.TRANSMISE, "Département de l’Isère")
    envoyee = lettres("transmettre_autorite").get()
    assert envoyee.destinataires == ["cd38@exemple.fr"]
    assert examinee.demande in envoyee.corps
    assert lettres("transmettre").count() == 2
    for lettre in lettres("transmettre"):
        assert "L114-2" in lettre.corps
        assert examinee.get_public_url() in lettre.corps


def test_no_decision_nor_a_second_reformulation_while_one_is_awaited(examinee, agent):
    tout_remplir(examinee, agent)
    refuser_un_critere(examinee, agent)
    recevabilite.demander_reformulation(examinee, par=agent, texte="Ceci.", date_limite=jour(15))

    for decider in decisions(examinee, agent).values():
        with pytest.raises(ErreurMetier, match="reformulation est attendue"):
            decider()
    with pytest.raises(ErreurMetier, match="déjà demandée"):
        recevabilite.demander_reformulation(examinee, par=agent, texte="Cela.", date_limite=jour(15))


def test_a_decision_ends_what_was_still_awaited(examinee, agent):
    recevabilite.demander_avis(
        examinee, par=agent, directions=[DirectionFactory()], objet="O", texte="T", date_limite=jour(15)
    )
    tout_remplir(examinee, agent)

    decisions_recevabilite.declarer_recevable(examinee, par=agent, raison_sans_comite="Urgence.")

    assert examinee.demandes.get().annulee_le is not None
    assert list(examinee.echeances.ouvertes().values_list("cle", flat=True)) == ["ouverture"]


@pytest.mark.parametrize("etat", ["recevable", "irrecevable", "en_collecte"])
def test_what_is_decided_is_not_decided_again(agent, etat):
    for decider in decisions(PetitionFactory(**{etat: True}), agent).values():
        with pytest.raises(ActeInterdit):
            decider()


def test_a_meeting_that_fails_undoes_the_decision_it_drove(examinee, agent):
    tout_remplir(examinee, agent)

    def decider_puis_tomber():
        with transaction.atomic():
            decisions_recevabilite.declarer_recevable(
                examinee, par=agent, motif="Décidé en séance.", raison_sans_comite="Urgence."
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decider_puis_tomber()

    examinee.refresh_from_db()
    assert examinee.etat == Etat.DEPOSEE
    assert not lettres("declarer_recevable").exists()


# Pages


def test_the_page_of_a_decision_says_first_what_prevents_it(examinee, agent, client):
    client.force_login(agent)

    page = lire(client.get(reverse("petitions:declarer_recevable", args=[examinee.pk])))

    assert "Cette décision ne peut pas encore être prise" in page


def test_the_letter_of_a_decision_is_read_before_it_leaves(examinee, agent, client):
    refuser_un_critere(examinee, agent)
    client.force_login(agent)
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")

    page = lire(
        client.post(
            reverse("petitions:declarer_irrecevable", args=[examinee.pk]),
            {
                "motif_irrecevabilite": motif.pk,
                "motif": "Le Département est compétent.",
                "raison_sans_comite": "Urgence.",
                "apercu": "oui",
            },
        )
    )

    assert "n’est pas recevable" in page
    examinee.refresh_from_db()
    assert examinee.etat == Etat.DEPOSEE


def test_the_silence_is_seen_before_it_comes(examinee, agent, client):
    client.force_login(agent)

    for jours, attendu in (
        (31, None),
        (30, "dans 30 jours"),
        (15, "dans 15 jours"),
        (7, "dans 7 jours"),
        (0, "aujourd’hui"),
        (-3, "en retard de 3 jours"),
    ):
        examinee.echeances.update(date_limite=jour(jours))
        page = lire(client.get(reverse("petitions:dossier", args=[examinee.pk])))
        dit = "Le délai du comité finit" in page or "Le comité est en retard" in page
        assert (dit, attendu is None or attendu in page) == (attendu is not None, True), jours


def test_the_dossier_shows_last_year_s_petitions_on_the_same_subject(examinee, agent, client):
    recente = PetitionFactory(
        irrecevable=True, titre=f"{examinee.titre} bis", deposee_le=timezone.localtime() - timedelta(days=200)
    )
    ancienne = PetitionFactory(
        close=True, titre=f"{examinee.titre} ter", deposee_le=timezone.localtime() - timedelta(days=500)
    )
    client.force_login(agent)

    page = lire(client.get(reverse("petitions:dossier", args=[examinee.pk])))

    assert recente.titre in page
    assert ancienne.titre not in page


def test_the_queue_begins_with_what_is_due_first_and_its_cost_does_not_grow(
    agent, client, django_assert_num_queries
):
    client.force_login(agent)
    url = reverse("petitions:tableau")

    def deposer(dans):
        petition = PetitionFactory(deposee=True, titre=f"Due dans {dans}")
        fixer_echeance(petition, "recevabilite", libelle="R", date_limite=jour(dans), est_legale=True)

    deposer(20)
    client.get(url)
    with CaptureQueriesContext(connection) as une:
        client.get(url)
    for dans in (5, 40, -2, 9):
        deposer(dans)

    with django_assert_num_queries(len(une)):
        page = lire(client.get(url))

    places = [page.index(f"Due dans {dans}<") for dans in (-2, 5, 9, 20, 40)]
    assert places == sorted(places)
    assert "En retard de 2 jours" in page


def test_an_elu_outside_the_comite_does_not_open_the_dossier(examinee, client):
    client.force_login(CompteFactory(elu=True))
    assert client.get(reverse("petitions:dossier", args=[examinee.pk])).status_code == 404

    client.force_login(membre())
    assert client.get(reverse("petitions:dossier", args=[examinee.pk])).status_code == 200


def test_an_empty_list_promises_to_a_commune_only_what_it_will_be_shown(client):
    url = reverse("petitions:tableau")
    client.force_login(CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Meylan")))
    assert "votre commune a un avis ou une suite à donner" in lire(client.get(url))

    client.force_login(CompteFactory(agent=True))
    assert "Les pétitions déposées s’affichent ici" in lire(client.get(url))
