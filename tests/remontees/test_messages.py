"""Messages with the person: one thread for all channels; delays are suspended while they are asked."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import fin_du_jour
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from remontees.messages import actes as messages
from remontees.messages import vues as echanges
from remontees.messages.actes import Recu
from remontees.models import Message
from remontees.parts import reponse
from remontees.tri import actes as tri
from remontees.vitrine import section_journee
from remontees.workflow import Etat, Issue
from tests.greffons.guichet import Guichet
from tests.outils import ensemble, taches_du_jour
from tests.remontees.factories import (
    AttributionFactory,
    MessageFactory,
    RapporteurFactory,
    RemonteeFactory,
    lettres,
)
from tests.socle.factories import DirectionFactory

pytestmark = pytest.mark.django_db


def nommee(**champs):
    return RapporteurFactory(remontee=RemonteeFactory(**champs)).remontee


def demander(remontee, agent, jours=10):
    return messages.demander_precision(
        remontee,
        par=agent,
        question="De quel côté de la rue ?",
        date_limite=timezone.localdate() + timedelta(days=jours),
    )


def recu(texte="Côté école.", **champs):
    return Recu(texte, **{"moyen": Message.Moyen.SITE, **champs})


def test_while_the_person_is_asked_the_delays_stand_still_then_move_by_as_much(agent):
    remontee = nommee()
    part = tri.attribuer(
        remontee, par=agent, a=DirectionFactory(), date_limite=timezone.localdate() + timedelta(days=20)
    )
    avant = part.date_limite
    question = demander(remontee, agent)
    assert remontee.echeances.get(cle=part.cle_echeance).suspendue_le == timezone.localdate()
    assert remontee.echeances.get(cle=question.cle_echeance).suspendue_le is None

    with time_machine.travel(timezone.localtime() + timedelta(days=6), tick=False):
        message = messages.recevoir(remontee, recu())

    part.refresh_from_db()
    assert remontee.echeances.get(cle=part.cle_echeance).date_limite == avant + timedelta(days=6)
    assert part.date_limite == avant + timedelta(days=6)
    question.refresh_from_db()
    assert (question.est_attendu, question.reponse) == (False, message)


def test_a_question_not_answered_in_time_stops_no_delay_any_more(agent):
    remontee = nommee()
    question = demander(remontee, agent, jours=3)
    assert messages.cesser_les_attentes_passees() == 0

    with time_machine.travel(timezone.localtime() + timedelta(days=4), tick=False):
        assert messages.cesser_les_attentes_passees() == 1

    question.refresh_from_db()
    assert not question.est_attendu
    assert not remontee.suspensions.filter(fin=None).exists()


def test_one_question_at_a_time(agent):
    remontee = nommee()
    demander(remontee, agent)

    with pytest.raises(ErreurMetier, match="déjà posée"):
        demander(remontee, agent)


def test_who_left_no_address_is_not_asked_and_the_page_says_so_before_anything_is_typed(agent, client):
    remontee = RemonteeFactory()
    client.force_login(agent)
    for acte in ("demander_precision", "ecrire_a_la_personne"):
        page = client.get(reverse(f"remontees:{acte}", args=[remontee.pk])).content.decode()
        assert "ne peut pas être jointe" in page
        assert "<textarea" not in page

    with pytest.raises(ErreurMetier, match="ne peut pas être jointe"):
        demander(remontee, agent)
    with pytest.raises(ErreurMetier, match="ne peut pas être jointe"):
        messages.ecrire_a_la_personne(remontee, par=agent, texte="Bonjour.")
    assert not Message.objects.exists()


def test_every_letter_to_the_person_cites_one_signed_thread(agent):
    remontee = nommee()
    demander(remontee, agent)
    messages.ecrire_a_la_personne(remontee, par=agent, texte="Nous cherchons.")

    fils = {lettre.entetes["References"] for lettre in Courriel.objects.filter(dossier=remontee)}

    (fil,) = fils
    assert fil.startswith(f"<remontee.{remontee.pk}.")


def test_what_is_said_after_the_answer_reaches_each_service_that_had_answered(agent):
    remontee = nommee(repondue=True, agent=agent)
    rendues = [AttributionFactory(repondue=True, dossier=remontee) for _ in range(2)]
    AttributionFactory(dossier=remontee)

    messages.recevoir(remontee, recu("Le voisin dit la même chose."))

    assert sorted(a for lettre in lettres("message_apres_cloture") for a in lettre.destinataires) == sorted(
        a for part in rendues for a in part.adresses()
    )
    assert remontee.etat == Etat.REPONDUE
    tache = taches_du_jour(agent, section_journee)[0]
    assert (tache.quoi, tache.depuis) == ("Message après clôture", Message.objects.get().ecrit_le)


def test_by_the_button_of_her_page_the_person_opens_it_again(client, agent):
    remontee = nommee()
    AttributionFactory(repondue=True, dossier=remontee)
    reponse.repondre(remontee, par=agent, issue="traite", reponse="La lampe est changée.")
    adresse = reverse("remontees:suivi", args=[remontee.jeton()])

    envoi = {"texte": "C’est encore éteint.", "rouvre": "on", "cle": str(uuid.uuid4())}
    page = client.post(adresse, envoi, follow=True).content.decode().replace("\u00a0", " ")

    assert "Votre message est arrivé : nous reprenons votre remontée." in page
    # Former answers stay on the page of the person.
    assert "Ce que nous avions répondu" in page
    assert "La lampe est changée." in page
    remontee.refresh_from_db()
    assert (remontee.etat, remontee.reouvertures) == (Etat.NOUVELLE, 1)
    assert "C’est encore éteint." in lettres("rouvrir").get().corps
    assert not lettres("message_apres_cloture").exists()
    # The journal cannot be erased, so it does not hold the words of the person.
    assert not remontee.journal.filter(motif__contains="encore éteint").exists()


def test_the_page_of_the_person_shows_the_question_and_takes_its_answer_once(client, agent):
    remontee = nommee()
    demander(remontee, agent)
    adresse = reverse("remontees:suivi", args=[remontee.jeton()])
    assert "De quel côté de la rue" in client.get(adresse).content.decode()
    envoi = {"texte": "Côté école.", "cle": str(uuid.uuid4())}

    for _ in range(2):
        assert client.post(adresse, envoi).status_code == 302

    assert Message.objects.filter(sens="entrant").count() == 1
    assert "Côté école." in client.get(adresse).content.decode()
    assert lettres("recevoir_message").count() == 1


def test_who_writes_too_much_in_a_day_writes_again_the_next_one(client, monkeypatch):
    monkeypatch.setattr(echanges, "PAR_JOUR", 1)
    minuit, adresse = fin_du_jour(), reverse("remontees:suivi", args=[nommee().jeton()])
    envois = [{"texte": f"Encore {n}.", "cle": str(uuid.uuid4())} for n in range(2)]
    with time_machine.travel(minuit - timedelta(minutes=9)):
        assert client.post(adresse, envois[0]).status_code == 302
        trop = client.post(adresse, envois[1]).content.decode()
    assert "attendez demain" in trop
    assert "Encore 1." in trop
    with time_machine.travel(minuit):
        assert client.post(adresse, envois[1]).status_code == 302


def test_an_empty_message_says_so_and_keeps_the_page(client):
    remontee = nommee()

    page = client.post(
        reverse("remontees:suivi", args=[remontee.jeton()]), {"texte": " ", "cle": str(uuid.uuid4())}
    )

    assert "Écrivez votre message." in page.content.decode()
    assert not Message.objects.exists()


def test_what_somebody_else_sends_changes_nothing_and_is_not_on_the_page_of_the_person(client, agent):
    remontee = nommee(repondue=True)
    demandee = nommee()
    question = demander(demandee, agent)

    messages.recevoir(remontee, recu("Moi aussi.", auteur=Message.Auteur.AUTRE, moyen=Message.Moyen.COURRIEL))
    messages.recevoir(demandee, recu("Moi je sais.", auteur=Message.Auteur.AUTRE))

    remontee.refresh_from_db()
    question.refresh_from_db()
    assert remontee.etat == Etat.REPONDUE
    assert question.est_attendu
    page = client.get(reverse("remontees:suivi", args=[remontee.jeton()])).content.decode()
    assert "Moi aussi." not in page


def test_by_mail_it_opens_again_as_often_as_the_reglement_says_and_no_more(agent):
    remontee = nommee(repondue=True, reouvertures=2)

    messages.recevoir(remontee, recu("Non, toujours éteint.", moyen=Message.Moyen.COURRIEL))
    assert (remontee.etat, remontee.reouvertures) == (Etat.NOUVELLE, 3)
    reponse.repondre(remontee, par=agent, issue=Issue.TRAITE, reponse="Réparé.")
    messages.recevoir(remontee, recu("Non, toujours éteint.", moyen=Message.Moyen.COURRIEL))

    assert (remontee.etat, remontee.reouvertures) == (Etat.REPONDUE, 3)
    assert Message.objects.apres_cloture().count() == 2


@pytest.mark.parametrize(
    "texte", ["Merci !", "Bonjour,\nmerci beaucoup pour votre réponse.\nCordialement", "Bien reçu."]
)
def test_a_thank_you_opens_nothing_again(texte):
    remontee = nommee(repondue=True)

    messages.recevoir(remontee, recu(texte, moyen=Message.Moyen.COURRIEL))

    assert remontee.etat == Etat.REPONDUE


@pytest.mark.parametrize("texte", ["Merci mais c’est encore éteint.", "Merci. Et quand ?", "C’est faux."])
def test_a_thank_you_that_complains_is_no_thank_you(texte):
    remontee = nommee(repondue=True)

    messages.recevoir(remontee, recu(texte, moyen=Message.Moyen.COURRIEL))

    assert remontee.etat == Etat.NOUVELLE


def test_a_message_read_by_an_agent_is_asked_of_nobody_else(client, agent):
    message = MessageFactory()
    client.force_login(agent)
    page = client.get(message.remontee.get_absolute_url()).content.decode()
    assert "À lire" in page

    client.post(reverse("remontees:lire_message", args=[message.pk]))

    message.refresh_from_db()
    assert message.lu_par == agent
    assert not taches_du_jour(agent, section_journee)[0].quoi.startswith("Lire")
    with pytest.raises(ActeInterdit):
        messages.lire_message(message, par=agent)


def test_a_service_reads_no_message_of_the_person(client):
    from tests.socle.factories import agent_de_direction

    part = AttributionFactory()
    MessageFactory(remontee=part.dossier, texte="Je suis Josette, au 3 rue des Fleurs.")
    client.force_login(agent_de_direction(part.direction))

    assert "Josette" not in client.get(part.dossier.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_message_twice_at_once_is_one():
    remontee = nommee()
    envoi = recu()

    def envoyer():
        from remontees.models import Remontee

        messages.recevoir(Remontee.objects.get(pk=remontee.pk), envoi)

    assert ensemble(envoyer, envoyer) == ["fait", "fait"]
    assert Message.objects.count() == 1


def test_what_the_person_tells_an_agent_is_kept_with_how_it_was_said(agent):
    part, guichet = AttributionFactory(), Guichet(agent, en_hate=True)
    page = reverse("remontees:recevoir_message", args=[part.dossier.pk])
    guichet.valider(page, moyen="vive_voix")
    assert not Message.objects.exists()
    guichet.valider(texte="Le trou est revenu.")

    message = Message.objects.get()
    assert (message.texte, message.moyen) == ("Le trou est revenu.", "vive_voix")
