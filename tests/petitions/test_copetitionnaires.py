"""Co-pétitionnaires: invitation, confirmation, messages from the author, protection of their addresses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import fin_du_jour
from participation.socle.courriels import porte
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Entree, ReglagePorte, ReglageService, TraceLettre
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.copetitionnaires.actes import lire_liste
from petitions.depot import actes as depot
from petitions.models import Petition
from tests.petitions.brouillon import complete, moi, reponses
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, lettres
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


def test_a_pasted_list_is_read_whatever_its_form():
    lue = lire_liste(
        "Alma Roux <Alma@exemple.fr>\nbasile@exemple.fr\nDriss;Benali;driss@exemple.fr\n\n"
        "Chloé Vial <chloe@exemple.fr>, Farid <farid@exemple.fr>\nALMA@exemple.fr\nJeanne sans adresse\nx@y"
        + "y"
        * 200
    )

    assert [(p.prenom, p.nom, p.courriel) for p in lue.personnes] == [
        ("Alma", "Roux", "alma@exemple.fr"),
        ("", "", "basile@exemple.fr"),
        ("Driss", "Benali", "driss@exemple.fr"),
        ("Chloé", "Vial", "chloe@exemple.fr"),
        ("Farid", "", "farid@exemple.fr"),
    ]
    assert lue.doubles == ["alma@exemple.fr"]
    assert lue.incomprises == [(7, "Jeanne sans adresse"), (8, "x@y" + "y" * 200)]


def test_the_author_is_the_first_copetitionnaire_and_stays_one():
    petition = PetitionFactory()

    moi(petition)
    moi(petition)

    (premier,) = petition.copetitionnaires.confirmes()
    assert premier.courriel == petition.auteur.courriel
    assert petition.nom_auteur == "Alma Personne"


def test_an_invitation_is_written_once_to_each_mailbox():
    petition = PetitionFactory()
    personnes = [
        copetitionnaires.Invitation("b@exemple.fr", "Basile", "Faure"),
        copetitionnaires.Invitation("C@exemple.fr"),
    ]

    premier = copetitionnaires.inviter_copetitionnaires(petition, personnes, par=petition.auteur)
    second = copetitionnaires.inviter_copetitionnaires(petition, personnes, par=petition.auteur)

    assert premier.invites == ["b@exemple.fr", "C@exemple.fr"]
    assert second.invites == []
    assert second.deja == ["b@exemple.fr", "C@exemple.fr"]
    assert [c.destinataires for c in lettres("inviter_copetitionnaires")] == [
        ["b@exemple.fr"],
        ["C@exemple.fr"],
    ]
    assert petition.journal.filter(acte="inviter_copetitionnaires").count() == 1


def test_confirming_twice_is_confirming_once():
    copetitionnaire = CoPetitionnaireFactory()

    assert copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses())
    assert not copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses(prenom="Autre"))

    copetitionnaire.refresh_from_db()
    assert copetitionnaire.prenom == "Basile"
    assert copetitionnaire.petition.journal.filter(acte="confirmer_copetitionnaire").count() == 1


def test_the_journal_that_nothing_erases_holds_no_name():
    copetitionnaire = CoPetitionnaireFactory(courriel="secret@exemple.fr", nom="Confidentiel")

    copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses(nom="Confidentiel"))
    copetitionnaires.retirer_copetitionnaire(copetitionnaire)

    for entree in Entree.objects.all():
        assert "onfidentiel" not in f"{entree.fait} {entree.motif} {entree.details}"
        assert "secret" not in f"{entree.fait} {entree.motif} {entree.details}"


def test_an_address_that_refused_is_never_written_to_again():
    petition = PetitionFactory()
    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("b@exemple.fr")], par=petition.auteur
    )
    copetitionnaire = petition.copetitionnaires.get()
    copetitionnaires.retirer_copetitionnaire(copetitionnaire)

    bilan = copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("B@exemple.fr")], par=petition.auteur
    )
    copetitionnaires.demander_a_rejoindre(
        petition, prenom="B", nom="F", courriel="b@exemple.fr", commune=commune(), qualite="resident"
    )

    assert bilan.refuses == ["B@exemple.fr"]
    assert lettres("inviter_copetitionnaires").count() == 1


POISON = "Votre compte est bloqué, allez sur gain-facile.example"


def test_no_word_of_a_stranger_is_carried_to_a_third_person_before_the_service_has_read_it():
    petition = complete(titre="Plus de bus", demande=POISON, raisons=POISON)
    depot.enregistrer_brouillon(
        petition, par=petition.auteur, titre=POISON
    )  # after they confirmed another title
    Petition.objects.filter(pk=petition.pk).update(nom_auteur=POISON)
    petition.refresh_from_db()
    abandonnee = PetitionFactory(titre=POISON, demande=POISON, auteur=petition.auteur)
    CoPetitionnaireFactory(petition=abandonnee, confirme=True, courriel="lea@exemple.fr", prenom=POISON)

    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("b@exemple.fr", POISON, POISON)], par=petition.auteur
    )
    copetitionnaires.demander_a_rejoindre(
        abandonnee, prenom=POISON, nom="F", courriel="lea@exemple.fr", commune=commune(), qualite="resident"
    )
    depot.deposer(petition, par=petition.auteur)
    depot.retirer(petition, par=petition.auteur, motif=POISON)
    depot.retirer(abandonnee, par=petition.auteur)

    agents = set(ReglageService.objects.values_list("contact", flat=True))
    aux_tiers = [
        lettre
        for lettre in Courriel.objects.all()
        if not {petition.auteur.courriel, *agents} & set(lettre.destinataires)
    ]
    assert {lettre.acte.rpartition("/")[2] for lettre in aux_tiers} >= {
        "abandonner_brouillon",
        "deposer_copetitionnaires",
        "inviter_copetitionnaires",
        "retirer",
    }
    for lettre in aux_tiers:
        assert "gain-facile" not in lettre.sujet + lettre.corps, lettre.acte


def test_who_confirmed_the_title_reads_it_in_the_letters_of_the_deposit_and_of_the_withdrawal():
    petition = complete(2, titre="Plus de bus le dimanche")
    autre = petition.copetitionnaires.exclude(courriel=petition.auteur.courriel).get()

    depot.deposer(petition, par=petition.auteur)
    depot.retirer(petition, par=petition.auteur)

    for lettre in Courriel.objects.filter(destinataires=[autre.courriel]):
        assert lettre.sujet.endswith(f"Plus de bus le dimanche ({petition.reference})")
        assert "«\xa0Plus de bus le dimanche\xa0»" in lettre.corps


def test_giving_a_draft_up_gives_no_new_right_to_write(time_machine):
    time_machine.move_to(fin_du_jour() - timedelta(minutes=9))
    ReglagePorte.objects.create(par_personne=3, par_personne_et_adresse=2, par_adresse=2)
    auteur = CompteFactory(courriel="alma@exemple.fr")

    def inviter(*adresses: str, par=auteur):
        petition = PetitionFactory(auteur=par)
        bilan = copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation(adresse) for adresse in adresses], par=par
        )
        depot.retirer(petition, par=par)
        return bilan

    assert inviter("victime@exemple.fr").invites
    assert inviter("victime+1@exemple.fr").invites
    assert inviter("victime+2@exemple.fr", "b@exemple.fr").demain == ["victime+2@exemple.fr"]
    # The limit of the day holds after a deletion, and for an alias of the mailbox. It ends with the day.
    assert inviter("c@exemple.fr").demain == ["c@exemple.fr"]
    alias = CompteFactory(courriel="alma+autre@exemple.fr")
    assert inviter("c@exemple.fr", par=alias).demain == ["c@exemple.fr"]
    tiers = CompteFactory()
    assert inviter("victime@exemple.fr", "c@exemple.fr", par=tiers).demain == ["victime@exemple.fr"]
    time_machine.move_to(fin_du_jour())  # « recommencez demain »
    assert inviter("c@exemple.fr").invites == ["c@exemple.fr"]
    for trace in TraceLettre.objects.all():
        assert "victime" not in f"{trace.adresse}{trace.auteur}"


def test_a_refusal_outlives_the_draft_until_the_service_forgets_it():
    petition = PetitionFactory()
    auteur = petition.auteur
    invitation = [copetitionnaires.Invitation("b@exemple.fr")]
    copetitionnaires.inviter_copetitionnaires(petition, invitation, par=auteur)
    copetitionnaires.retirer_copetitionnaire(petition.copetitionnaires.get())
    depot.retirer(petition, par=auteur)

    ensuite = PetitionFactory(auteur=auteur)
    assert copetitionnaires.inviter_copetitionnaires(ensuite, invitation, par=auteur).refuses == [
        "b@exemple.fr"
    ]
    autre = PetitionFactory()
    assert copetitionnaires.inviter_copetitionnaires(autre, invitation, par=autre.auteur).invites

    TraceLettre.objects.update(le=timezone.localtime() - timedelta(days=366))
    assert porte.oublier_traces() == 3
    assert copetitionnaires.inviter_copetitionnaires(ensuite, invitation, par=auteur).invites


def test_asking_to_join_with_a_known_address_changes_nothing_but_a_letter():
    petition = PetitionFactory()
    connu = CoPetitionnaireFactory(petition=petition, confirme=True, courriel="b@exemple.fr")

    copetitionnaires.demander_a_rejoindre(
        petition, prenom="Autre", nom="Nom", courriel="B@exemple.fr", commune=commune(), qualite="resident"
    )

    connu.refresh_from_db()
    assert connu.prenom == "Basile"
    assert petition.copetitionnaires.count() == 1
    assert lettres("deja_copetitionnaire").get().destinataires == ["b@exemple.fr"]


def test_who_has_the_shared_link_does_not_take_the_places_of_those_whom_the_author_invites(monkeypatch):
    monkeypatch.setattr(copetitionnaires, "PAR_LE_LIEN", 0)
    petition = PetitionFactory()

    with pytest.raises(ErreurMetier, match="déjà reçu assez de réponses"):
        copetitionnaires.demander_a_rejoindre(
            petition, prenom="B", nom="F", courriel="b@exemple.fr", commune=commune(), qualite="resident"
        )
    invites = [copetitionnaires.Invitation("c@exemple.fr")]
    assert copetitionnaires.inviter_copetitionnaires(petition, invites, par=petition.auteur).invites


def test_an_address_gets_no_more_letters_than_the_reglement_allows():
    ReglagePorte.objects.create(par_adresse=100, par_personne_et_adresse=100)
    petition = PetitionFactory()
    rejoindre = {
        "prenom": "B",
        "nom": "F",
        "courriel": "b@exemple.fr",
        "commune": commune(),
        "qualite": "resident",
    }

    for _ in range(petition.reglement.courriels_max + 3):
        copetitionnaires.demander_a_rejoindre(petition, **rejoindre)

    assert lettres("inviter_copetitionnaires").count() == petition.reglement.courriels_max


def test_those_who_do_not_answer_are_reminded_after_the_delay_and_not_before():
    petition = PetitionFactory()
    CoPetitionnaireFactory(
        petition=petition, invite_le=timezone.localtime() - timedelta(days=8), courriel="vieux@exemple.fr"
    )
    CoPetitionnaireFactory(petition=petition)

    assert copetitionnaires.relancer_copetitionnaires(petition, par=petition.auteur) == 1
    with pytest.raises(ErreurMetier, match="Personne à relancer"):
        copetitionnaires.relancer_copetitionnaires(petition, par=petition.auteur)

    lettre = lettres("inviter_copetitionnaires").get()
    assert lettre.destinataires == ["vieux@exemple.fr"]
    assert lettre.sujet.startswith("Rappel")


def test_opening_the_letter_s_link_confirms_nothing(client):
    copetitionnaire = CoPetitionnaireFactory()
    url = reverse("petitions:confirmer_copetitionnaire", args=[copetitionnaire.jeton()])

    page = client.get(url)
    copetitionnaire.refresh_from_db()
    assert copetitionnaire.confirme_le is None
    assert "Je porte cette pétition" in page.content.decode()

    client.post(url, {**reponses(commune=commune("Jarrie").pk), "confirmer": "oui"})
    copetitionnaire.refresh_from_db()
    assert copetitionnaire.confirme_le is not None
    assert client.get(url[:-3] + "x/").status_code == 404


def test_the_shared_link_answers_the_same_whatever_the_address(client):
    petition = PetitionFactory()
    CoPetitionnaireFactory(petition=petition, confirme=True, courriel="connue@exemple.fr")
    CoPetitionnaireFactory(petition=petition, retire_le=timezone.now(), courriel="refus@exemple.fr")
    url = reverse("petitions:rejoindre", args=[petition.LIEN_INVITATION.jeton(petition)])

    pages = {
        client.post(url, {**reponses(commune=commune("Jarrie").pk), "courriel": courriel}).content.decode()
        for courriel in ("neuve@exemple.fr", "connue@exemple.fr", "refus@exemple.fr")
    }

    assert len(pages) == 1
    assert "Ouvrez le courriel" in pages.pop()


@pytest.mark.parametrize("ou", ["irrecevable", "en_collecte", "repondue"])
def test_an_invitation_opened_too_late_says_where_the_petition_is(client, ou):
    petition = PetitionFactory(est_publie=True, **{ou: True})
    confirme = CoPetitionnaireFactory(petition=petition, confirme=True)
    for adresse in (
        reverse("petitions:rejoindre", args=[petition.LIEN_INVITATION.jeton(petition)]),
        reverse("petitions:confirmer_copetitionnaire", args=[confirme.jeton()]),
    ):
        page = client.get(adresse).content.decode()
        assert petition.libelle_etat in page
        assert petition.get_public_url() in page
        assert "Si elle est recevable" not in page


def test_the_author_adds_one_person_takes_an_invitation_back_and_reminds_the_others(client):
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    page = reverse("petitions:copetitionnaires", args=[petition.pk])

    def envoyer(**dit):
        return client.post(page, dit, follow=True).content.decode()

    assert "Une lettre est partie." in envoyer(
        ajouter="oui", prenom="Driss", nom="Benali", courriel="driss@exemple.fr"
    )
    invite = petition.copetitionnaires.get(courriel="driss@exemple.fr")
    assert "Personne à relancer" in envoyer(relancer="oui")
    autre = CoPetitionnaireFactory(petition=petition, courriel="vieux@exemple.fr")
    petition.copetitionnaires.filter(pk=autre.pk).update(invite_le=timezone.localtime() - timedelta(days=8))
    assert "Une lettre est partie." in envoyer(relancer="oui")
    assert "L’invitation est retirée." in envoyer(retirer=invite.pk)
    assert not petition.copetitionnaires.filter(pk=invite.pk).exists()
    d_un_autre = CoPetitionnaireFactory()
    assert client.post(page, {"retirer": d_un_autre.pk}).status_code == 404
