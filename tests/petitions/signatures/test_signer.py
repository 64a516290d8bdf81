"""Form to sign: same answer for any address, bursts set aside without notice, withdrawal by an agent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participation.socle.models import Courriel, ReglageService
from participation.socle.regles.adresses import canoniser
from petitions.models import DomaineSurveille, ReglementPetition, ReseauConnu, Signature
from petitions.signatures import envois
from petitions.signatures.regles import empreintes, nom_canonique
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.petitions.signature import reponses, signer
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.usefixtures("referentiel_relu")


def test_signing_is_one_insert_and_nothing_else(client, petition):
    signer(client, petition, courriel="premier@exemple.fr")  # loads the communes in the cache of the process
    donnees = reponses()

    with CaptureQueriesContext(connection) as requetes:
        reponse = client.post(f"/petitions/{petition.pk}/signer/", donnees)

    assert reponse.status_code == 303
    assert len(requetes) == 1, [r["sql"] for r in requetes]
    assert not reponse.cookies
    assert not Courriel.objects.exists()
    signature = Signature.objects.get(courriel="lea@exemple.fr")
    assert (signature.etat, signature.a_ecrire, signature.accord_nouvelles) == ("demandee", True, False)
    assert signature.commune.nom == "Vizille"
    assert "127.0.0.1" not in signature.empreinte_ip
    assert len(signature.empreinte_ip) == 32


@pytest.mark.parametrize("cas", ["nouvelle", "répétée", "confirmée", "écartée", "retirée"])
def test_the_answer_never_says_if_the_address_has_signed(client, petition, cas):
    if cas == "répétée":
        signer(client, petition)
    elif cas != "nouvelle":
        etat = {"confirmée": "confirmee", "écartée": "ecartee", "retirée": "retiree"}[cas]
        SignatureFactory(
            petition=petition,
            prenom="Léa",
            nom="Marchetti",
            nom_canonique="lea marchetti",
            courriel="lea@exemple.fr",
            etat=etat,
            confirmee_le=timezone.now(),
        )

    reponse = signer(client, petition, courriel="LEA@exemple.fr", nom="MARCHETTI")

    assert (reponse.status_code, reponse["Location"]) == (303, f"/petitions/{petition.pk}/signer/merci/")
    assert Signature.objects.count() == 1
    page = client.get(reponse["Location"])
    assert "lea@" not in page.content.decode()
    assert "public" in page["Cache-Control"]
    assert not page.cookies


def test_the_form_says_what_to_correct_and_keeps_what_was_typed(client, petition):
    reponse = client.post(
        f"/petitions/{petition.pk}/signer/",
        {"prenom": "Léa", "nom": "Marchetti\x00", "courriel": "lea.marchetti@"},
    )
    page = reponse.content.decode()

    assert not Signature.objects.exists()
    assert "no-store" in reponse["Cache-Control"]
    assert "Cette adresse n’est pas complète" in page
    assert "Choisissez votre commune dans la liste" in page
    assert 'value="lea.marchetti@"' in page
    assert "J’ai 16&nbsp;ans ou plus" in page.replace("\xa0", "&nbsp;")
    assert "<title>Erreur" in page.replace("&nbsp;", " ")


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("nom", "A" * 10_000),
        ("prenom", "   "),
        ("prenom", "12345"),
        ("nom", "<script>"),
        ("nom", "\u202e\u200b"),
        ("commune", "75056"),
        ("courriel", "a" * 300 + "@exemple.fr"),
        ("courriel", "lea@exemple.fr\r\nBcc: x@y.fr"),
        ("age", ""),
        ("qualite", "touriste"),
    ],
)
def test_odd_answers_get_a_sentence_not_a_crash(client, petition, champ, valeur):
    reponse = signer(client, petition, **{champ: valeur})

    assert reponse.status_code == 200
    assert "erreur-champ" in reponse.content.decode()
    assert not Signature.objects.exists()


def test_a_slip_in_the_domain_is_asked_once(client, petition):
    page = signer(client, petition, courriel="lea@gmial.com")
    assert "lea@gmail.com" in page.content.decode()

    reponse = signer(client, petition, courriel="lea@gmial.com", courriel_verifie="lea@gmial.com")

    assert reponse.status_code == 303


@pytest.mark.parametrize("etat", ["suspendue", "collecte_close", "passee"])
def test_a_petition_that_is_not_open_takes_no_signature_and_says_why(client, db, etat):
    if etat == "suspendue":
        petition = PetitionFactory(en_collecte=True, etat="suspendue", etat_suspendu="en_collecte")
    elif etat == "passee":
        petition = PetitionFactory(
            en_collecte=True, date_fin_collecte=timezone.localdate() - timedelta(days=1)
        )
    else:
        petition = PetitionFactory(collecte_close=True)

    reponse = signer(client, petition)

    assert reponse.status_code == 200
    assert "Les signatures sont" in reponse.content.decode()
    assert not Signature.objects.exists()


def test_an_unpublished_petition_does_not_exist_for_signers(client, db):
    petition = PetitionFactory(deposee=True)

    assert client.get(f"/petitions/{petition.pk}/signer/").status_code == 404
    assert signer(client, petition).status_code == 404


def test_disposable_addresses_are_set_aside_in_silence(client, petition):
    signer(client, petition, courriel="x@yopmail.com")
    DomaineSurveille.objects.create(domaine="suspect.example", regle="ecarte")
    signer(client, petition, courriel="y@mail.suspect.example")
    signer(client, petition, courriel="z@exemple.fr")

    envois.ecrire_aux_signataires()

    motifs = dict(Signature.objects.values_list("courriel", "motif_ecart"))
    assert motifs == {"x@yopmail.com": "jetable", "y@mail.suspect.example": "domaine", "z@exemple.fr": ""}
    assert Courriel.objects.get().destinataires == ["z@exemple.fr"]


def rafale(client, petition, nombre, **entetes):
    """Return how many of so many signatures are set aside. Headers are formatted with the rank of each."""
    for i in range(nombre):
        des_siens = {nom: valeur.format(i + 1) for nom, valeur in entetes.items()}
        assert signer(client, petition, courriel=f"p{i}@exemple.fr", **des_siens).status_code == 303
    envois.ecrire_aux_signataires()
    return Signature.objects.filter(etat="ecartee").count()


@pytest.mark.parametrize(
    "entetes",
    [{}, {"HTTP_X_FORWARDED_FOR": "203.0.113.{}"}, {"REMOTE_ADDR": "2001:db8:1:2::{}"}],
    ids=["one address", "a forged header", "one IPv6 subscriber"],
)
def test_a_burst_from_one_place_is_set_aside_above_the_limit(client, petition, entetes):
    assert rafale(client, petition, 8, **entetes) == 3
    assert set(Signature.objects.filter(etat="ecartee").values_list("motif_ecart", flat=True)) == {"rafale"}
    assert Courriel.objects.count() == 5


def test_a_town_hall_may_sign_in_number(client, petition):
    ReseauConnu.objects.create(plage="127.0.0.0/8", libelle="Mairie de Vif")

    assert rafale(client, petition, 8) == 0


def test_the_same_address_on_another_petition_is_another_matter(client, petition):
    autre = PetitionFactory(en_collecte=True)
    for i in range(5):
        signer(client, petition, courriel=f"p{i}@exemple.fr")
        signer(client, autre, courriel=f"p{i}@exemple.fr")
    envois.ecrire_aux_signataires()

    assert not Signature.objects.filter(etat="ecartee").exists()


@pytest.mark.parametrize(
    ("une", "autre"),
    [
        ("Alma.Roux+velo@Gmail.com", "almaroux@googlemail.com"),
        ("lea@exemple.FR", "LEA@exemple.fr"),
        ("lea+tri@exemple.fr", "lea@exemple.fr"),
        ("lea@pm.me", "lea@protonmail.com"),
        ("léa@élan.fr", "LÉA@xn--lan-9la.fr"),
    ],
)
def test_one_mailbox_has_one_canonical_address(une, autre):
    assert canoniser(une) == canoniser(autre)


@given(st.emails())
def test_the_canonical_address_is_its_own(courriel):
    assert canoniser(canoniser(courriel)) == canoniser(courriel)


def test_one_name_is_one_name_however_written():
    assert nom_canonique("Jean-Éric", "D’Aubigné") == nom_canonique("jean eric", "D'AUBIGNE")
    assert nom_canonique("Léa", "Roux") == nom_canonique("ROUX", "lea")
    assert nom_canonique("Léa", "Roux") != nom_canonique("Léo", "Roux")


def test_a_fingerprint_is_not_followed_from_month_to_month():
    janvier, fevrier = timezone.datetime(2027, 1, 31).date(), timezone.datetime(2027, 2, 1).date()

    assert empreintes("198.51.100.7", janvier) == empreintes("198.51.100.7", janvier)
    assert empreintes("198.51.100.7", janvier) != empreintes("198.51.100.7", fevrier)
    assert empreintes("198.51.100.7", janvier)[1] == empreintes("198.51.100.9", janvier)[1]
    assert empreintes("pas une adresse", janvier) == ("", "")


def test_the_form_says_how_to_sign_without_mail_and_thanks_say_the_address(client, petition):
    """The page of thanks is the same for all: only the tab knows the address (static/js/adresse.js)."""
    ReglageService.objects.update_or_create(pk=1, defaults={"contact": "participation@example.org"})
    page = client.get(f"/petitions/{petition.pk}/signer/").content.decode()
    assert "signer sur papier" in page
    assert "participation@example.org" in page
    assert "data-garde-adresse" in page

    merci = client.get(f"/petitions/{petition.pk}/signer/merci/").content.decode()
    assert "data-adresse-ecrite" in merci
    assert "Recommencer avec une autre" in merci

    ReglementPetition.objects.update(papier_admis=False)
    assert "signer sur papier" not in client.get(f"/petitions/{petition.pk}/signer/").content.decode()


# Withdrawal by an agent


@pytest.mark.django_db
def test_an_agent_finds_who_signed_and_withdraws_her_at_her_request_with_its_reason(client):
    petition = PetitionFactory(en_collecte=True)
    signature = SignatureFactory(
        petition=petition,
        prenom="Élise",
        nom="Le Goff",
        nom_canonique=nom_canonique("Élise", "Le Goff"),
        courriel="elise@example.org",
        courriel_canonique="elise@example.org",
        confirmee=True,
    )
    SignatureFactory(petition=petition, confirmee=True)
    client.force_login(CompteFactory(agent=True))
    liste = f"/petitions/{petition.pk}/signatures/"
    for mots in ("goff elise", "LE GOFF", "Elise@example.org"):
        trouvees = client.get(liste, {"q": mots}).context["trouvees"]
        assert [s.pk for s, _ in trouvees] == [signature.pk], mots

    page = reverse("petitions:retirer_signataire", args=[signature.pk])
    assert client.post(page, {"moyen": "Par téléphone"}).status_code == 200
    client.post(page, {"moyen": "Par téléphone", "motif": "Elle a déménagé."})

    signature.refresh_from_db()
    assert (signature.etat, signature.rang) == ("retiree", None)
    ligne = petition.journal.get(acte="retirer_signataire")
    assert ligne.motif == "Par téléphone. Elle a déménagé."
    assert not ligne.est_publique
    assert client.get(page).status_code == 409
