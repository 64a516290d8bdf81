"""Decisions of the comités on a projet, within the envelopes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contrat_ville.comites import actes as comites
from contrat_ville.comites.enveloppes import restes_de
from contrat_ville.depot.budget import LigneSaisie, poser_budget
from contrat_ville.models import Financement, Projet
from contrat_ville.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.contrat_ville.comites.monde import enveloppe, financeur_de, projet_a
from tests.contrat_ville.factories import PartenaireFactory, ProgrammationFactory
from tests.outils import a_plusieurs, jour

pytestmark = pytest.mark.django_db


def donner(projet, montant):
    return {financeur_de(projet).pk: Decimal(montant)}


# Decisions of each comité


def test_the_comite_technique_proposes_an_amount_for_each_financer(agent):
    projet = projet_a("instruction")

    comites.proposer(projet, par=agent, montants=donner(projet, 500), motif="Utile au quartier.")

    projet.refresh_from_db()
    assert (projet.etat, projet.avis_technique) == (Etat.PROPOSE, "favorable")
    assert projet.financements.get().propose == 500
    assert projet.financements.get().accorde is None
    assert projet.raisons_techniques == "Utile au quartier."


def test_the_comite_technique_may_propose_a_refusal_which_it_does_not_decide(agent):
    projet = projet_a("instruction")

    comites.proposer_refus(projet, par=agent, motif="Hors du sujet.")

    projet.refresh_from_db()
    assert (projet.etat, projet.avis_technique, projet.decide_le) == (Etat.PROPOSE, "defavorable", None)


def test_more_than_what_is_asked_is_proposed_only_with_a_reason(agent):
    projet = projet_a("instruction")
    with pytest.raises(ValidationError, match="lui en demande"):
        comites.proposer(projet, par=agent, montants=donner(projet, "999999.99"))
    comites.proposer(projet, par=agent, montants=donner(projet, "801"), motif="Le loyer a monté.")


def test_work_given_by_volunteers_is_no_cost_that_a_subsidy_pays(agent, porteuse):
    projet = projet_a("instruction")
    financeur = projet.financements.get().financeur
    poser_budget(
        projet,
        [
            LigneSaisie("depense", "604", Decimal(1000)),
            LigneSaisie("depense", "864", Decimal(300)),
            LigneSaisie("recette", "74epci", Decimal(1000), financeur=financeur),
            LigneSaisie("recette", "870", Decimal(300)),
        ],
    )
    assert projet.montant_total == Decimal(1000)
    with pytest.raises(ValidationError, match="80 % du coût en argent"):
        comites.proposer(projet, par=agent, montants=donner(projet, 1000))


def test_what_is_left_of_the_envelopes_is_shown_beside_each_amount(agent):
    projet = projet_a()
    financeur = projet.financements.get().financeur
    enveloppe(projet.programmation, financeur, 1000)
    autre = projet_a(programmation=projet.programmation, financeur=financeur)
    comites.retenir(autre, par=agent, le=timezone.localdate(), montants=donner(autre, 700))
    assert restes_de(projet) == {financeur.pk: Decimal(300)}
    aides = [str(champ.help_text) for champ in comites.RetenirForm(objet=projet).fields.values()]
    assert "Il reste 300" in aides[0]


def test_a_decision_has_the_day_of_its_comite_which_is_past_and_after_the_deposit(agent):
    projet = projet_a(depose_le=timezone.localtime() - timedelta(days=20))
    for jour_faux in (jour(1), jour(-30)):
        with pytest.raises(ValidationError):
            comites.refuser(projet, par=agent, motif="Non.", le=jour_faux)
    comites.retenir(projet, par=agent, montants=donner(projet, 500), le=jour(-3))
    assert timezone.localdate(projet.decide_le) == jour(-3)


def test_the_comite_technique_meets_before_the_comite_de_pilotage():
    annee = ProgrammationFactory.build(date_comite_technique=jour(20), date_comite_pilotage=jour(15))
    with pytest.raises(ValidationError, match="après le comité technique"):
        annee.clean()


def test_a_refusal_does_not_start_with_words_that_supported(agent):
    soutenu, non = projet_a(raisons_techniques="Très utile."), projet_a(raisons_techniques="Trop cher.")
    non.avis_technique = "defavorable"
    assert comites.ProposerRefusForm(objet=soutenu).initial["motif"] == ""
    assert comites.ProposerRefusForm(objet=non).initial["motif"] == "Trop cher."


def test_proposing_nothing_is_not_proposing(agent):
    projet = projet_a("instruction")

    with pytest.raises(ValidationError, match="au moins un financeur"):
        comites.proposer(projet, par=agent, montants=donner(projet, 0))

    projet.refresh_from_db()
    assert projet.etat == Etat.INSTRUCTION
    assert projet.financements.get().propose is None


@pytest.mark.parametrize(
    ("montant", "phrase"), [("1.005", "deux chiffres"), ("-1", "négatif"), ("1e12", "trop grand")]
)
def test_an_amount_that_is_no_amount_is_refused_with_a_sentence_and_nothing_is_kept(agent, montant, phrase):
    projet = projet_a()

    with pytest.raises(ValidationError, match=phrase):
        comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donner(projet, montant))

    assert Financement.objects.get(projet=projet).accorde is None


def test_a_financer_that_was_not_asked_gives_nothing_here(agent):
    projet = projet_a()

    with pytest.raises(ErreurMetier, match="ne demande rien"):
        comites.retenir(
            projet, par=agent, le=timezone.localdate(), montants={PartenaireFactory().pk: Decimal(10)}
        )


def test_the_comite_de_pilotage_does_not_decide_before_the_comite_technique_has_spoken(agent):
    projet = projet_a("ajourne", motif_decision="À compléter.", demande=800)
    Projet.objects.filter(pk=projet.pk).update(avis_technique="")

    with pytest.raises(ErreurMetier, match="comité technique n’a pas encore dit"):
        comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donner(projet, 100))


def test_a_projet_is_retained_with_what_each_financer_grants_and_its_team_is_told_nothing(agent):
    projet = projet_a()

    comites.retenir(
        projet, par=agent, le=timezone.localdate(), montants=donner(projet, "600.50"), motif="Bravo."
    )

    projet.refresh_from_db()
    assert projet.etat == Etat.RETENU
    assert projet.financements.get().accorde == Decimal("600.50")
    assert projet.decide_le is not None
    assert projet.notifie_le is None
    assert not Courriel.objects.filter(dossier=projet.pk).exists()
    assert not projet.journal.filter(est_publique=True).exists()


def test_a_reserve_is_said_then_lifted_with_what_lifts_it(agent):
    projet = projet_a()
    comites.retenir_sous_reserve(
        projet,
        par=agent,
        le=timezone.localdate(),
        montants=donner(projet, 100),
        reserve="Le bilan de l’an dernier.",
    )
    assert projet.etat == Etat.SOUS_RESERVE

    comites.lever_reserve(projet, par=agent, motif="Bilan reçu.")

    assert (projet.etat, projet.reserve) == (Etat.RETENU, "")
    assert projet.journal.get(acte="lever_reserve").details["reserve"] == "Le bilan de l’an dernier."
    assert not Courriel.objects.filter(dossier=projet.pk).exists()


def test_a_refusal_needs_its_reason_and_gives_nothing(agent):
    projet = projet_a(propose=Decimal(300))

    with pytest.raises(ValidationError, match="Dites pourquoi"):
        comites.refuser(projet, par=agent, le=timezone.localdate(), motif="")
    projet.refresh_from_db()
    comites.refuser(projet, par=agent, le=timezone.localdate(), motif="Trop cher.")

    assert projet.etat == Etat.REFUSE
    assert projet.financements.get().accorde == 0


def test_who_is_put_off_is_told_why_at_once(agent):
    projet = projet_a()

    comites.ajourner(projet, par=agent, motif="Précisez les horaires.")

    assert projet.etat == Etat.AJOURNE
    assert "Précisez les horaires." in Courriel.objects.get(dossier=projet.pk).corps


# No envelope is exceeded, whoever decides


def test_a_decision_that_would_exceed_an_envelope_is_refused_with_what_is_too_much(agent):
    projet = projet_a()
    enveloppe(projet.programmation, financeur_de(projet), 500)

    with pytest.raises(ErreurMetier, match="1\xa0€ de trop"):
        comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donner(projet, 501))
    comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donner(projet, 500))

    assert projet.etat == Etat.RETENU


def test_what_is_granted_to_others_counts_but_not_what_is_refused(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    un, deux, trois = (projet_a(programmation=programmation) for _ in range(3))
    enveloppe(programmation, financeur_de(un), 1000)
    comites.retenir(un, par=agent, le=timezone.localdate(), montants=donner(un, 700))
    comites.refuser(deux, par=agent, le=timezone.localdate(), motif="Non.")

    with pytest.raises(ErreurMetier, match="de trop"):
        comites.retenir(trois, par=agent, le=timezone.localdate(), montants=donner(trois, 301))
    comites.retenir(trois, par=agent, le=timezone.localdate(), montants=donner(trois, 300))


def test_a_financer_that_said_its_envelopes_gives_nothing_outside_of_them(agent):
    projet = projet_a()
    autre = projet.programmation.contrat.axes.exclude(pk=projet.axe_id).first()
    enveloppe(projet.programmation, financeur_de(projet), 5000, axe=autre)

    with pytest.raises(ErreurMetier, match="n’a pas d’enveloppe"):
        comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donner(projet, 10))


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_never_exceed_together_an_envelope(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    projets = [projet_a(programmation=programmation) for _ in range(4)]
    enveloppe(programmation, financeur_de(projets[0]), 1000)
    montants = donner(projets[0], 400)

    issues = a_plusieurs(
        4,
        lambda rang: comites.retenir(
            Projet.objects.get(pk=projets[rang].pk), par=agent, le=timezone.localdate(), montants=montants
        ),
    )

    assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 2
    assert Financement.objects.totaux()["accorde"] == 800


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_decide_one_projet_give_one_decision(agent):
    projet = projet_a()
    montants = donner(projet, 100)

    def geste(rang):
        lu = Projet.objects.get(pk=projet.pk)
        if rang:
            return comites.refuser(lu, par=agent, le=timezone.localdate(), motif="Non.")
        return comites.retenir(lu, par=agent, le=timezone.localdate(), montants=montants)

    issues = a_plusieurs(2, geste)

    assert sum(isinstance(issue, ActeInterdit) for issue in issues) == 1
    projet.refresh_from_db()
    assert projet.journal.filter(acte__in=["retenir", "refuser"]).count() == 1
