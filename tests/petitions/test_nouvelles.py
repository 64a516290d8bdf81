"""Messages from the author to the signers who agreed; an agent reads each before it is sent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.moderation import contester_moderation
from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Moderation
from petitions import nouvelles, vitrine
from petitions.models import Nouvelle, ReglementPetition
from petitions.signatures.actes import corriger_signature
from petitions.signatures.retrait import retirer_signature
from tests.outils import taches_du_jour
from tests.petitions.factories import PetitionFactory, SignatureFactory, lettres
from tests.socle.factories import raison

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return PetitionFactory(en_collecte=True)


def vouloir(petition, courriel, **autrement):
    return SignatureFactory(
        petition=petition, **{"confirmee": True, "accord_auteur": True, "courriel": courriel} | autrement
    )


def proposer(petition, titre="Une réunion lundi", texte="Venez à 18 h, salle des fêtes."):
    return nouvelles.proposer_nouvelle(petition, par=petition.auteur, titre=titre, texte=texte)


def test_nothing_leaves_nor_shows_before_an_agent_has_read_it(petition, client):
    vouloir(petition, "zoe@example.org")
    proposer(petition)
    assert not lettres("publier_nouvelle").exists()
    assert "Une réunion lundi" not in client.get(petition.get_public_url()).content.decode()


def test_it_leaves_once_to_each_address_that_asked_for_it_with_its_way_out(petition, agent, client):
    zoe = vouloir(petition, "zoe@example.org", langue="ar")
    vouloir(
        petition,
        "zoe@example.org",
        rang=2,
        courriel_canonique="zoe@example.org",
        nom="Autre",
        nom_canonique="b",
    )
    vouloir(petition, "non@example.org", accord_auteur=False, accord_nouvelles=True)
    vouloir(petition, "demandee@example.org", confirmee=False)
    nouvelle = proposer(petition)

    nouvelles.publier_nouvelle(nouvelle, par=agent)

    lettre = lettres("publier_nouvelle").get()
    assert lettre.destinataires == ["zoe@example.org"]
    assert "Venez à 18 h, salle des fêtes.\nهذا النص بالفرنسية فقط." in lettre.corps
    assert lettre.langue == "ar"
    # Number of the signature; the rest of the link depends on the second of its signing.
    sortie = (
        reverse("petitions:ne_plus_recevoir_auteur", args=[zoe.LIEN_NOUVELLES.jeton(zoe)]).partition(":")[0]
        + ":"
    )
    assert sortie in lettre.corps
    assert sortie in lettre.entetes["List-Unsubscribe"]
    assert nouvelle.destinataires == 1
    assert "Une réunion lundi" in client.get(petition.get_public_url()).content.decode()
    assert petition.journal.filter(acte="publier_nouvelle", est_publique=True, par=agent).exists()
    with pytest.raises(ActeInterdit):
        nouvelles.publier_nouvelle(Nouvelle.objects.get(pk=nouvelle.pk), par=agent)
    assert lettres("publier_nouvelle").count() == 1


def test_only_an_agent_moderates_and_only_the_author_writes(petition, agent):
    with pytest.raises(RoleInsuffisant):
        nouvelles.proposer_nouvelle(petition, par=agent, titre="Non", texte="Non.")
    nouvelle = proposer(petition)
    with pytest.raises(RoleInsuffisant):
        nouvelles.publier_nouvelle(nouvelle, par=petition.auteur)


def test_one_at_a_time_then_as_often_as_the_reglement_says(petition, agent, client):
    ReglementPetition.objects.filter(pk=petition.reglement_id).update(
        nouvelles_intervalle_jours=7, nouvelles_max=2
    )
    petition.refresh_from_db()
    premiere = proposer(petition)
    client.force_login(petition.auteur)
    adresse = reverse("petitions:proposer_nouvelle", args=[petition.pk])
    refusee = client.post(adresse, {"titre": "Une autre", "texte": "Un second message."}).content.decode()
    assert refusee.count("attend d’être relu") == 1, (
        "A refusal is not said twice, by the page then by the form."
    )
    assert "Un second message." in refusee
    nouvelles.publier_nouvelle(premiere, par=agent)
    with pytest.raises(ErreurMetier, match="à partir du"):
        proposer(petition)
    Nouvelle.objects.filter(pk=premiere.pk).update(decidee_le=timezone.localtime() - timedelta(days=7))
    nouvelles.publier_nouvelle(proposer(petition, titre="La seconde"), par=agent)
    Nouvelle.objects.update(decidee_le=timezone.localtime() - timedelta(days=30))
    with pytest.raises(ErreurMetier, match="vous les avez tous envoyés"):
        proposer(petition)


def test_a_refused_message_tells_its_author_why_and_waits_in_the_form(petition, agent, client):
    nouvelle = proposer(petition, texte="Le voisin du 12 est un menteur.")
    nouvelles.refuser_nouvelle(
        nouvelle, par=agent, raison=raison(), motif="Ce message met en cause une personne."
    )

    lettre = lettres("refuser_nouvelle").get()
    assert lettre.destinataires == [petition.auteur.courriel]
    assert "met en cause une personne" in lettre.corps
    client.force_login(petition.auteur)
    assert (
        "Le voisin du 12"
        in client.get(reverse("petitions:proposer_nouvelle", args=[petition.pk])).content.decode()
    )
    sienne = client.get(reverse("petitions:ma_petition", args=[petition.pk])).content.decode()
    assert "Contester une décision" in sienne
    assert "aucune pour l’instant" in sienne  # the signatures that she follows
    decision = Moderation.objects.get()
    contester_moderation(decision, contestation="Je ne nomme personne.")
    assert (
        "Votre contestation"
        in client.get(reverse("petitions:ma_petition", args=[petition.pk])).content.decode()
    )
    client.force_login(agent)
    assert "Contesté par son auteur" in client.get(petition.get_absolute_url()).content.decode()
    proposer(petition, texte="Nous attendons la réponse de la mairie.")


def test_what_waits_to_be_read_is_on_the_day_of_the_agents_with_its_age(petition, agent):
    nouvelle = proposer(petition)
    Nouvelle.objects.filter(pk=nouvelle.pk).update(proposee_le=timezone.localtime() - timedelta(days=3))

    def messages(qui):
        return [s for s in vitrine.section_journee(qui) if s.cle == "messages"]

    (tache,) = taches_du_jour(agent, messages)
    assert tache.quoi == "Relire « Une réunion lundi »"
    assert jours_entre(tache.depuis, timezone.localtime()) == 3
    nouvelles.reprendre_nouvelle(nouvelle, par=petition.auteur)
    assert not taches_du_jour(agent, messages)


def test_a_signer_chooses_when_signing_and_after(petition, client):
    adresse = reverse("petitions:signer", args=[petition.pk])
    assert 'name="accord_auteur"' in client.get(adresse).content.decode()
    reponses = {
        "prenom": "Léa",
        "nom": "Roux",
        "courriel": "lea@example.org",
        "commune": "38185",
        "qualite": "resident",
        "age": "on",
        "accord_auteur": "on",
    }
    client.post(adresse, reponses)
    signature = petition.signatures.get()
    assert (signature.accord_auteur, signature.accord_nouvelles) == (True, False)

    corriger_signature(
        signature,
        prenom="Léa",
        nom="Roux",
        commune=signature.commune,
        accord_nouvelles=True,
        accord_auteur=False,
    )
    signature.refresh_from_db()
    assert (signature.accord_auteur, signature.accord_nouvelles) == (False, True)


def test_leaving_the_author_keeps_the_answer_and_leaving_all_keeps_nothing(petition, client):
    signature = vouloir(petition, "zoe@example.org", accord_nouvelles=True)
    jeton = signature.LIEN_NOUVELLES.jeton(signature)
    auteurs = reverse("petitions:ne_plus_recevoir_auteur", args=[jeton])

    client.get(auteurs)
    signature.refresh_from_db()
    assert signature.accord_auteur  # a mail scanner follows links
    client.post(auteurs)
    signature.refresh_from_db()
    assert (signature.accord_auteur, signature.accord_nouvelles) == (False, True)

    client.post(reverse("petitions:ne_plus_recevoir", args=[jeton]))
    signature.refresh_from_db()
    assert (signature.accord_auteur, signature.accord_nouvelles) == (False, False)


def test_who_takes_a_signature_back_hears_the_author_no_more(petition):
    signature = vouloir(petition, "zoe@example.org")
    retirer_signature(signature)
    signature.refresh_from_db()
    assert not signature.accord_auteur


def test_a_message_taken_off_the_page_says_why_to_its_author(petition, agent, client):
    nouvelle = proposer(petition)
    nouvelles.publier_nouvelle(nouvelle, par=agent)
    nouvelles.depublier_nouvelle(nouvelle, par=agent, raison=raison(), motif="La réunion n’a pas lieu.")
    assert "Une réunion lundi" not in client.get(petition.get_public_url()).content.decode()
    assert "n’a pas lieu" in lettres("depublier_nouvelle").get().corps


def test_an_author_and_an_agent_see_the_message_where_they_work(petition, agent, client):
    nouvelle = proposer(petition)
    client.force_login(petition.auteur)
    page = client.get(reverse("petitions:ma_petition", args=[petition.pk])).content.decode()
    assert "attend d’être relu" in page
    reprendre = reverse("petitions:reprendre_nouvelle", args=[nouvelle.pk])
    assert reprendre in page
    # No link of the page leads to the back office, which is closed to the author.
    assert petition.get_absolute_url() not in client.get(reprendre).content.decode()
    client.force_login(agent)
    page = client.get(petition.get_absolute_url()).content.decode()
    publier = reverse("petitions:publier_nouvelle", args=[nouvelle.pk])
    assert publier in page
    client.post(publier)
    nouvelle.refresh_from_db()
    assert nouvelle.etat == "publiee"
