"""« Pour vous » lists what is left to do, never what is done."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from participation.seances.models import PointDossier
from participation.socle.actions import demander
from participation.socle.models import Demande, Direction
from participation.socle.views.dossier import avec_actes, boutons, phrases
from participation.suites import actes as actes_suites
from petitions.collecte import actes as collecte
from petitions.collecte import campagne
from petitions.conseil import actes as conseil
from petitions.models import ExamenCritere, Petition, ReglementPetition, SeuilAtteint
from petitions.recevabilite import actes as recevabilite
from petitions.vitrine import section_journee
from petitions.workflow import Etat
from tests.outils import jour, taches_du_jour
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory, sieger
from tests.seances.factories import PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


def pour(petition, compte):
    """The sentence « Pour vous », without the addresses of its gestures."""
    petition.refresh_from_db()
    return strip_tags(phrases(petition, compte)[1])


def test_a_collecte_closed_without_a_threshold_waits_on_the_day_of_its_agent():
    """Its page tells everybody that the service writes to the authors, but no échéance exists for it."""
    agent, autre = CompteFactory(agent=True), CompteFactory(agent=True)
    sienne = PetitionFactory(collecte_close=True, agent=agent)
    sans_agent = PetitionFactory(collecte_close=True)

    def attendues(compte):
        return {
            t.url: t.depuis
            for t in taches_du_jour(compte, section_journee)
            if "seuil non atteint" in t.sur_quoi
        }

    assert set(attendues(autre)) == {sans_agent.get_absolute_url()}
    assert attendues(agent)[sienne.get_absolute_url()] == sienne.collecte_close_le
    conseil.repondre(sienne, par=agent, reponse="Merci.")
    assert set(attendues(agent)) == {sans_agent.get_absolute_url()}


def test_what_is_asked_of_her_is_a_link_for_who_may_do_it_now_and_words_alone_for_another():
    petition, agent = PetitionFactory(deposee=True), CompteFactory(agent=True)
    lien = f'<a href="{reverse("petitions:examiner", args=[petition.pk])}">remplissez la grille d’examen</a>'

    assert lien in phrases(petition, agent)[1]
    petition.etat = Etat.RECEVABLE
    assert (
        avec_actes(petition, agent, "[remplissez la grille d’examen](examiner).")
        == "remplissez la grille d’examen."
    )


def lies(petition, compte):
    """The words of the links in « Pour vous », with where each leads."""
    petition.refresh_from_db()
    return {
        mots: ou for ou, mots in re.findall(r'<a href="([^"]+)">([^<]+)</a>', phrases(petition, compte)[1])
    }


def test_what_is_to_be_done_elsewhere_than_in_an_act_is_a_link_to_its_place(agent):
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory(petition=petition, etat="ecartee", motif_ecart="rafale")
    campagne.ajouter_tache(
        petition, par=agent, intitule="Poser les affiches", equipe="service", date_limite=jour(5)
    )

    assert lies(petition, agent) == {
        "examinez 1 signature mise à l’écart": reverse("petitions:signatures_ecartees", args=[petition.pk]),
        "faites avancer la campagne": f"{petition.get_absolute_url()}#campagne",
    }
    assert lies(petition, petition.auteur) == {
        "partagez sa page": petition.get_public_url(),
        "imprimez l’affiche": reverse("petitions:affiche", args=[petition.pk]),
    }


def test_the_author_of_a_draft_is_led_to_invite_then_to_the_deposit_once_it_may_be_done():
    ReglementPetition.objects.update(copetitionnaires_requis=1)
    petition = PetitionFactory()
    inviter = {"invitez des co-pétitionnaires": reverse("petitions:copetitionnaires", args=[petition.pk])}

    assert lies(petition, petition.auteur) == inviter
    assert "déposez" in pour(petition, petition.auteur)
    CoPetitionnaireFactory(petition=petition, confirme=True)
    assert lies(petition, petition.auteur) == {
        "relisez la pétition, puis déposez-la": reverse("petitions:deposer", args=[petition.pk])
    }


def remplir(petition, par):
    for critere in petition.reglement.criteres.all():
        ExamenCritere.objects.create(petition=petition, critere=critere, appreciation="rempli", par=par)


def demander_un_avis(petition, par):
    return demander(
        petition,
        par=par,
        nature=Demande.Nature.AVIS,
        objet="Votre avis",
        texte="Que pensez-vous de cette demande ?",
        a=DirectionFactory(),
        date_limite=jour(10),
    )


def test_an_agent_is_asked_for_the_grid_and_the_opinions_until_they_are_there(agent):
    petition = PetitionFactory(deposee=True)
    assert pour(petition, agent) == "remplissez la grille d’examen et demandez les avis utiles."

    assert boutons(petition, agent).principal.acte == "examiner"
    remplir(petition, agent)
    assert pour(petition, agent) == "demandez les avis utiles."
    assert boutons(petition, agent).principal.acte == "declarer_recevable"

    demande = demander_un_avis(petition, agent)
    assert pour(petition, agent) == "la grille est remplie ; 1 avis est encore attendu."

    Demande.objects.filter(pk=demande.pk).update(repondue_le=timezone.now(), reponse="Favorable.")
    assert "inscrivez la pétition au comité" in pour(petition, agent)

    seance = SeanceFactory()
    PointDossier.objects.create(point=PointFactory(seance=seance), dossier=petition.dossier_ptr)
    assert "le comité décide le" in pour(petition, agent)

    critere = petition.reglement.criteres.first()
    ExamenCritere.objects.create(
        petition=petition, critere=critere, appreciation="non_rempli", motif="Non.", par=CompteFactory()
    )
    assert pour(petition, agent) == "les avis diffèrent : notez celui du comité."


def test_a_reworded_text_asks_the_agent_for_the_grid_again_and_the_author_for_the_text(agent):
    petition = PetitionFactory(deposee=True)
    remplir(petition, agent)
    recevabilite.demander_reformulation(
        petition, par=agent, texte="Nommez la rue.", date_limite=jour(12), proposition=""
    )
    assert pour(petition, agent) == ""
    assert "demander_reformulation" not in petition.actes_permis_a(agent)
    assert pour(petition, petition.auteur) == "proposez la nouvelle rédaction que le comité demande."
    assert list(lies(petition, petition.auteur).values()) == [
        reverse("petitions:reformuler", args=[petition.pk])
    ]


def test_a_member_who_filled_the_grid_or_stepped_aside_is_asked_for_nothing(agent):
    petition, elue, partie = PetitionFactory(deposee=True), CompteFactory(), CompteFactory()
    sieger(elue)
    sieger(partie)
    assert pour(petition, elue) == "remplissez la grille d’examen, ou déportez-vous."
    remplir(petition, elue)
    assert pour(petition, elue) == "vous avez rempli la grille ; le comité décide ensemble."
    recevabilite.se_deporter(petition, par=partie, motif="Mon frère l’a signée.")
    assert pour(petition, partie) == ""


def test_a_day_chosen_for_the_opening_leaves_nothing_to_do(agent):
    petition = PetitionFactory(recevable=True)
    assert "ouvrez la collecte" in pour(petition, agent)
    collecte.programmer_ouverture(petition, par=agent, date_ouverture=jour(4))
    assert "sans autre geste" in pour(petition, agent)


def test_signatures_are_to_be_watched_when_some_wait(agent):
    petition = PetitionFactory(en_collecte=True)
    assert "rien n’attend" in pour(petition, agent)
    SignatureFactory(petition=petition, etat="ecartee", motif_ecart="rafale")
    assert pour(petition, agent) == "examinez 1 signature mise à l’écart."
    # A threshold reached during the collecte: the act that it allows is the main button.
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet="debat"))
    assert boutons(Petition.objects.get(pk=petition.pk), agent).principal.acte == "inscrire_au_conseil"


def test_what_comes_before_the_debate_is_asked_for_one_by_one(agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    petition = PetitionFactory(a_debattre=True)
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet="debat"))
    assert pour(petition, agent) == (
        "inscrivez le débat au conseil, transmettez la note d’information à la commission et fixez la rencontre avec les élus."
    )
    conseil.inscrire_au_conseil(petition, par=agent, date=jour(30))
    conseil.transmettre_note(petition, par=agent, date=jour(0), texte="Ce qu’il faut savoir.")
    assert pour(petition, agent) == "fixez la rencontre avec les élus."
    assert boutons(petition, agent).principal.acte == "rencontrer"
    conseil.rencontrer(petition, par=agent, date=jour(9), lieu="Salle 4")
    assert pour(petition, agent) == "tout est prêt pour le débat."
    petition.agent = agent
    # Nothing is due before the day of the council; a fixed day can still be corrected, in the secondary acts.
    offerts = boutons(petition, agent)
    assert offerts.principal is None
    assert {"rencontrer", "inscrire_au_conseil", "transmettre_note"} <= {b.acte for b in offerts.autres}
    petition.date_conseil = jour(0)
    assert boutons(petition, agent).principal.acte == "constater_debat"


def test_an_answered_petition_says_how_many_suites_keep_it_open(agent):
    petition = PetitionFactory(repondue=True)
    assert "vous pouvez clore" in pour(petition, agent)
    actes_suites.ajouter_suite(
        petition,
        par=agent,
        intitule="Éclairer la piste",
        direction=Direction.objects.first(),
        date_limite=jour(60),
        demandee_par="la pétition",
    )
    assert pour(petition, agent) == "1 suite reste à réaliser avant de clore le dossier."
    assert lies(petition, agent) == {"1 suite reste à réaliser": f"{petition.get_absolute_url()}#suites"}
    petition.agent = agent
    assert boutons(petition, agent).principal is None
    assert petition.etat == Etat.REPONDUE


@pytest.mark.parametrize(
    ("jours", "dit"), [(20, "débat de la pétition le"), (0, "débat de la pétition le"), (-1, "était prévu")]
)
def test_once_its_day_is_past_the_debate_is_no_more_to_come(jours, dit):
    petition = PetitionFactory(a_debattre=True, date_conseil=timezone.localdate() + timedelta(days=jours))

    assert dit in phrases(petition, None)[0]
