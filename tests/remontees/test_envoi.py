"""Means of reaching a person: email, SMS or none, by their choice."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.socle.models import Courriel
from participation.socle.regles.sms import couteux, messages_comptes
from remontees import conservation
from remontees.messages import actes as messages
from remontees.messages import satisfaction
from remontees.models import Message, Rapporteur, Remontee, Satisfaction
from remontees.parts import reponse
from remontees.reception import lettres as reception
from remontees.reception.actes import NoterForm, contact_de
from remontees.sujets import actes as sujets
from remontees.tri import actes as tri
from tests.outils import lire
from tests.remontees.factories import MOBILE, OrganismeFactory, RapporteurFactory, SujetFactory, nommee
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


PUITS = {
    "BACKEND": "participation.socle.courriels.sms.Puits",
    "URL": "",
    "JETON": "",
    "EXPEDITEUR": "Metropole",
    "ATTENTE": 5,
    "LIEN_JOURS": 30,
}


@pytest.fixture
def sms(settings):
    settings.SMS = PUITS


@pytest.mark.parametrize(
    ("contact", "moyen"),
    [
        ({"prefere": "courriel", "courriel": "a@example.org", "telephone": MOBILE}, "courriel"),
        ({"prefere": "courriel", "courriel": "", "telephone": MOBILE}, "sms"),
        ({"prefere": "sms", "courriel": "a@example.org", "telephone": MOBILE}, "sms"),
        ({"prefere": "sms", "courriel": "a@example.org", "telephone": "04 76 59 59 59"}, "courriel"),
        ({"prefere": "sms", "courriel": "", "telephone": "04 76 59 59 59"}, "lettre"),
        ({"prefere": "lettre", "courriel": "a@example.org", "telephone": MOBILE}, "lettre"),
        ({"prefere": "aucun", "courriel": "a@example.org", "telephone": MOBILE}, ""),
        ({"prefere": "sms", "telephone": MOBILE, "efface_le": timezone.now()}, ""),
    ],
)
@pytest.mark.usefixtures("sms")
def test_the_person_is_reached_by_what_she_chose_then_by_what_she_left(contact, moyen):
    assert RapporteurFactory(**{"courriel": "", **contact}).moyen_d_envoi == moyen


@pytest.mark.parametrize(
    ("actif", "telephone", "phrase"),
    [
        (True, MOBILE, "La personne peut être prévenue par SMS."),
        (True, "04 76 59 59 59", "à poster. Son numéro ne reçoit pas de SMS."),
        (True, "+371 2123 4567", "à poster. Ce site n’envoie pas de SMS aux numéros en +371."),
        (False, MOBILE, "à poster. Les SMS ne sont pas activés sur ce site."),
    ],
)
def test_the_agent_reads_whether_an_sms_reaches_her_and_why_not(
    client, settings, agent, actif, telephone, phrase
):
    settings.SMS = {**PUITS, "BACKEND": PUITS["BACKEND"] if actif else ""}
    remontee = nommee(telephone=telephone)
    client.force_login(agent)

    for page in (remontee.get_absolute_url(), reverse("remontees:trier")):
        assert phrase in lire(client.get(page))


@pytest.mark.usefixtures("sms")
def test_the_answer_leaves_by_sms_in_the_acts_own_transaction_with_a_short_link(client, agent):
    remontee = nommee({"a_repondre": True})
    with pytest.raises(ValidationError, match="effacez ce jour"):
        reponse.repondre(
            remontee, par=agent, issue="traite", reponse="Fait.", date_prevue=timezone.localdate()
        )

    assert reponse.repondre(
        remontee,
        par=agent,
        issue="prevu",
        reponse="Le lampadaire sera changé.",
        date_prevue=timezone.localdate(),
    )

    envoi = Courriel.objects.get(dossier=remontee)
    assert (envoi.moyen, envoi.destinataires, envoi.acte) == ("sms", ["+33612345678"], "remontees/repondre")
    assert f"pour le {timezone.localdate():%d/%m/%Y}" in envoi.corps
    assert messages_comptes(envoi.corps) == 1
    suivi = client.get(re.search(r"http\S+?(/s/\S+)", envoi.corps)[1])
    assert (
        Remontee.LIEN.trouver(re.fullmatch(r"/remontees/suivi/([^/]+)/", suivi.url)[1], Remontee.objects)
        == remontee
    )
    assert remontee.titre not in envoi.corps  # page read on a shared screen

    Rapporteur.objects.update(langue="uk")
    messages.ecrire_a_la_personne(remontee, par=agent, texte="Quelle rue ?")
    dit = Courriel.objects.get(acte="remontees/ecrire_a_la_personne")
    assert (dit.moyen, dit.langue) == ("sms", "uk")
    assert "Прочитати й відповісти:" in dit.corps


@pytest.mark.usefixtures("sms")
def test_each_letter_to_the_person_has_its_sms_short_and_plain(agent):
    organisme = OrganismeFactory()
    demain = timezone.localdate() + timedelta(days=1)
    reception.saisir(nommee())
    reponse.repondre(nommee({"a_repondre": True}), par=agent, issue="traite", reponse="Fait.")
    tri.orienter(nommee(), par=agent, organisme=organisme, mot="")
    messages.ecrire_a_la_personne(nommee(), par=agent, texte="Nous cherchons. " * 60)
    messages.demander_precision(nommee(), par=agent, question="Depuis quand ?", date_limite=demain)
    satisfaction.demander_satisfaction(Satisfaction.objects.create(remontee=nommee({"repondue": True})))
    sujet = SujetFactory(a_repondre=True)
    nommee({"groupee": True, "sujet_commun": sujet})
    sujets.repondre_sujet(sujet, par=agent, issue="traite", reponse="Fait.")

    envois = list(Courriel.objects.filter(moyen="sms"))
    assert {envoi.acte.partition("/")[2] for envoi in envois} == {
        "saisir",
        "repondre",
        "orienter",
        "ecrire_a_la_personne",
        "demander_precision",
        "demander_satisfaction",
    }
    assert len(envois) == 7
    assert {couteux(envoi.corps) for envoi in envois} == {""}
    # Our text alone fits in one SMS; a text by an agent may take one or two more.
    comptes = {envoi.acte.partition("/")[2]: messages_comptes(envoi.corps) for envoi in envois}
    assert [acte for acte in ("saisir", "repondre", "demander_satisfaction") if comptes[acte] > 1] == []
    assert max(comptes.values()) <= 2
    assert set(Message.objects.values_list("moyen", flat=True)) == {"sms"}


@pytest.mark.usefixtures("sms")
def test_the_agent_sees_the_sms_and_what_it_costs_before_it_leaves(client, agent):
    remontee = nommee({"a_repondre": True})
    client.force_login(agent)
    page = reverse("remontees:repondre", args=[remontee.pk])

    avant = lire(client.get(page))
    vue = lire(client.post(page, {"issue": "traite", "reponse": "C’est réparé.", "apercu": "oui"}))

    assert "reçoit par SMS ce qu’il en devient" in avant
    assert f"remontée {remontee.reference} : traité." in vue
    assert "1 message compté par l’opérateur" in vue
    assert not Courriel.objects.exists()


@pytest.mark.usefixtures("sms")
def test_letters_of_an_sms_that_cost_more_are_said(client, agent):
    client.force_login(agent)
    page = reverse("remontees:ecrire_a_la_personne", args=[nommee().pk])

    vue = lire(client.post(page, {"texte": "Près de la forêt ?", "apercu": "oui"}))

    assert "à cause de : ê." in vue


@pytest.mark.usefixtures("sms")
def test_the_number_goes_with_the_person(agent):
    remontee = nommee({"repondue": True})
    reception.saisir(remontee)

    conservation.anonymiser(remontee, par=agent)

    assert not Courriel.objects.exists()


def test_while_the_channel_is_off_nothing_is_written_by_sms(agent):
    remontee = nommee({"a_repondre": True})

    assert not reponse.repondre(remontee, par=agent, issue="traite", reponse="Fait.")
    assert not Courriel.objects.exists()


@pytest.mark.usefixtures("sms")
def test_an_agent_finds_sms_in_the_list_of_letters(client, agent):
    reception.saisir(nommee())
    client.force_login(agent)

    liste = lire(client.get(reverse("socle:courriels"), {"moyen": "sms", "q": "+33612345678"}))
    page = lire(client.get(reverse("socle:courriel", args=[Courriel.objects.get().pk])))

    assert "SMS : votre remontée est bien reçue" in liste
    assert "1 message compté" in page
    assert "Corriger l’adresse" not in page


def test_who_wants_a_call_is_called_and_the_call_is_due_until_it_is_noted(connecte):
    remontee = nommee({"a_repondre": True}, telephone="04 76 59 59 59", courriel="", prefere="rappel")

    reponse = connecte.post(
        reverse("remontees:repondre", args=[remontee.pk]),
        {"issue": "traite", "reponse": "C’est réparé."},
        follow=True,
    )

    assert "Appelez la personne" in lire(reponse)
    assert not Courriel.objects.filter(dossier=remontee, acte="remontees/repondre").exists()
    appel = remontee.echeances.ouvertes().get(cle="rappeler")
    page = reverse("remontees:rappeler", args=[remontee.pk])
    connecte.post(page, {"a_repondu": "non"})
    appel.refresh_from_db()
    assert appel.est_ouverte
    connecte.post(page, {"a_repondu": "oui", "dit": "C’est réparé depuis hier."})
    appel.refresh_from_db()
    assert not appel.est_ouverte
    assert remontee.messages.get(moyen="vive_voix").texte == "C’est réparé depuis hier."


def test_a_mail_typed_wrong_is_corrected_and_the_journal_keeps_neither(client, agent):
    """By an agent, or by who noted it; what they left must allow the means."""
    accueil = CompteFactory(accueil=True)
    remontee = nommee({"auteur": accueil}, courriel="jozette@example.org")
    page = reverse("remontees:corriger_coordonnees", args=[remontee.pk])
    for compte, courriel in ((accueil, "josette@example.org"), (agent, "j.arnaud@example.org")):
        client.force_login(compte)
        champs = {"nom": "Josette Arnaud", "courriel": courriel, "telephone": "", "prefere": "courriel"}
        client.post(page, champs)
        remontee.rapporteur.refresh_from_db()
        assert remontee.rapporteur.courriel == courriel
    client.post(page, {**champs, "langue": "ar"})
    remontee.rapporteur.refresh_from_db()
    assert (remontee.rapporteur.langue, remontee.rapporteur.courriel) == ("ar", "j.arnaud@example.org")

    assert "Pour un appel, écrivez son numéro." in lire(client.post(page, {**champs, "prefere": "rappel"}))
    assert "Ce numéro ne se lit pas" in lire(client.post(page, {**champs, "telephone": "douze"}))
    assert "example.org" not in str(list(remontee.journal.values()))


def test_a_landline_noted_at_the_desk_is_called_and_no_sms_is_promised(settings):
    settings.SMS = PUITS
    dit = {"verbatim": "Le banc est cassé.", "canal": "accueil", "telephone": "04 76 59 59 59"}

    assert NoterForm({**dit, "prefere": "sms"}).errors["prefere"]
    form = NoterForm(
        {**dit, "cle": "", "langue": "ar"}
    )  # the page of the desk is in French: it asks what she reads
    form.is_valid()
    contact = contact_de(form.cleaned_data)
    assert (contact.prefere, contact.langue) == ("rappel", "ar")
