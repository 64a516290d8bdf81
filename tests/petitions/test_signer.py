"""From the form to the letter: one statement, no hint, no more letters than the règlement allows."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participation.socle.adresses import canoniser
from participation.socle.models import Commune, Courriel, ReglageService, Suspension
from petitions.actions import lettres, signatures
from petitions.models import DomaineSurveille, ReglementPetition, ReseauConnu, Signature
from petitions.notifications.signatures import LIEN
from petitions.regles.adresses import empreintes, nom_canonique
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory


@pytest.fixture(autouse=True)
def referentiel_relu():
    caches["processus"].clear()
    yield
    caches["processus"].clear()


@pytest.fixture
def petition(db):
    return PetitionFactory(en_collecte=True)


def reponses(**champs):
    return {
        "prenom": "Léa",
        "nom": "Marchetti",
        "courriel": "lea@exemple.fr",
        "commune": Commune.objects.get(nom="Vizille").pk,
        "qualite": "resident",
        "age": "on",
        **champs,
    }


def signer(client, petition, **champs):
    entetes = {cle: champs.pop(cle) for cle in list(champs) if cle.startswith(("HTTP_", "REMOTE_"))}
    return client.post(f"/petitions/{petition.pk}/signer/", reponses(**champs), **entetes)


def test_signing_is_one_insert_and_nothing_else(client, petition):
    signer(client, petition, courriel="premier@exemple.fr")  # the process knows the communes from now on
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
    assert "Complétez votre adresse de courriel" in page
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


def test_one_letter_leads_to_the_confirmation(client, petition):
    signer(client, petition)

    assert lettres.ecrire_aux_signataires() == 1
    assert lettres.ecrire_aux_signataires() == 0

    courriel = Courriel.objects.get()
    assert courriel.destinataires == ["lea@exemple.fr"]
    assert courriel.acte == "petitions/signer"
    assert "/confirmer/" in courriel.corps
    assert "ce-n-est-pas-moi" in courriel.corps
    assert not courriel.en_nombre


def test_an_address_that_has_signed_gets_another_letter(client, petition):
    signer(client, petition)
    lettres.ecrire_aux_signataires()
    signatures.confirmer_signature(Signature.objects.get())

    signer(client, petition, courriel="l.e.a@exemple.fr")  # another mailbox: dots count here
    signer(client, petition)
    lettres.ecrire_aux_signataires()

    actes = {(acte, adresse) for acte, [adresse] in Courriel.objects.values_list("acte", "destinataires")}
    assert actes == {
        ("petitions/signer", "lea@exemple.fr"),
        ("petitions/signer", "l.e.a@exemple.fr"),
        ("petitions/deja_signe", "lea@exemple.fr"),
    }


def test_an_address_gets_five_letters_and_one_a_day_whatever_the_names(client, petition):
    for i in range(9):
        signer(client, petition, prenom="Léa" + "abcdefghi"[i], REMOTE_ADDR=f"198.51.100.{i}")
        lettres.ecrire_aux_signataires()

    assert ReglementPetition.objects.en_vigueur().courriels_max == 5
    assert Courriel.objects.filter(acte="petitions/signer").count() == 5
    assert Courriel.objects.filter(acte="petitions/demandes_du_jour").count() == 1


def test_nobody_blocks_an_address_by_asking_in_other_names(client, petition):
    """The attack: five requests in other names, then the owner of the mailbox asks, today and the day after."""
    for i in range(5):
        signer(client, petition, prenom="Faux" + "abcde"[i], REMOTE_ADDR=f"198.51.100.{i}")
    lettres.ecrire_aux_signataires()

    signer(client, petition)
    lettres.ecrire_aux_signataires()
    lettre = Courriel.objects.get(acte="petitions/demandes_du_jour")
    assert "Léa Marchetti, demandée le" in lettre.corps
    assert lettre.corps.count("/confirmer/") == 6
    lien = lettre.corps.split("Léa Marchetti", 1)[1].split("/petitions/", 1)[1].split()[0]
    client.post(f"/petitions/{lien}")
    assert Signature.objects.valables().get().prenom == "Léa"

    signer(client, petition, prenom="Marc", REMOTE_ADDR="198.51.100.77")
    lettres.ecrire_aux_signataires()
    assert Courriel.objects.count() == 6
    assert lettres.reprendre_lettres_dues() == 0


def test_a_letter_that_waited_leaves_the_day_after(client, petition):
    ReglementPetition.objects.update(courriels_max=1, signatures_par_adresse=2)
    for prenom in ("Léa", "Marc", "Zoé"):
        signer(client, petition, prenom=prenom)
        lettres.ecrire_aux_signataires()
    assert Courriel.objects.count() == 2
    assert Signature.objects.get(lettre_due=True).prenom == "Zoé"

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert lettres.reprendre_lettres_dues() == 1
        lettres.ecrire_aux_signataires()

    assert Courriel.objects.filter(acte="petitions/demandes_du_jour", corps__contains="Zoé").count() == 1
    assert not Signature.objects.filter(lettre_due=True).exists()


def test_not_me_binds_a_name_and_expires(client, petition):
    signer(client, petition)
    lettres.ecrire_aux_signataires()
    refusee = Signature.objects.get()
    signatures.refuser_signature(refusee)

    signer(client, petition)
    signer(client, petition, prenom="Zoé")
    lettres.ecrire_aux_signataires()
    assert Courriel.objects.count() == 2  # none for the refused name, one for the other
    assert Signature.objects.get(refusee_le__isnull=False).nom == ""

    jours = petition.reglement.refus_jours
    with time_machine.travel(timezone.now() + timedelta(days=jours - 1), tick=False):
        signatures.purger_signatures()
        assert Signature.objects.filter(pk=refusee.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=jours + 1), tick=False):
        signatures.purger_signatures()
        signer(client, petition)
        lettres.ecrire_aux_signataires()
    assert Courriel.objects.filter(acte="petitions/signer").count() == 1  # the others are forgotten


def test_who_reads_the_mailbox_lifts_her_own_refusal(client, petition):
    signer(client, petition)
    lettres.ecrire_aux_signataires()
    signatures.refuser_signature(Signature.objects.get())
    jeton = LIEN.jeton(Signature.objects.get().pk)
    url = f"/petitions/signature/{jeton}/lever-le-refus/"
    assert url in client.get(f"/petitions/signature/{jeton}/").content.decode()
    assert client.get(url).status_code == 200

    assert client.post(url)["Location"] == f"/petitions/{petition.pk}/signer/"
    signer(client, petition)
    lettres.ecrire_aux_signataires()

    assert Courriel.objects.filter(acte="petitions/signer").count() == 1
    assert Signature.objects.get().etat == "demandee"


def test_disposable_addresses_are_set_aside_in_silence(client, petition):
    signer(client, petition, courriel="x@yopmail.com")
    DomaineSurveille.objects.create(domaine="suspect.example", regle="ecarte")
    signer(client, petition, courriel="y@mail.suspect.example")
    signer(client, petition, courriel="z@exemple.fr")

    lettres.ecrire_aux_signataires()

    motifs = dict(Signature.objects.values_list("courriel", "motif_ecart"))
    assert motifs == {"x@yopmail.com": "jetable", "y@mail.suspect.example": "domaine", "z@exemple.fr": ""}
    assert Courriel.objects.get().destinataires == ["z@exemple.fr"]


def rafale(client, petition, nombre, **entetes):
    for i in range(nombre):
        reponse = signer(client, petition, courriel=f"p{i}@exemple.fr", **entetes)
        assert reponse.status_code == 303
    lettres.ecrire_aux_signataires()
    return Signature.objects.filter(etat="ecartee").count()


def test_a_burst_from_one_address_is_set_aside_above_the_limit(client, petition):
    assert rafale(client, petition, 8) == 3
    assert set(Signature.objects.filter(etat="ecartee").values_list("motif_ecart", flat=True)) == {"rafale"}
    assert Courriel.objects.count() == 5


def test_a_forged_header_does_not_hide_a_burst(client, petition):
    for i in range(8):
        signer(client, petition, courriel=f"p{i}@exemple.fr", HTTP_X_FORWARDED_FOR=f"203.0.113.{i}")
    lettres.ecrire_aux_signataires()

    assert Signature.objects.filter(etat="ecartee").count() == 3


def test_the_addresses_of_one_ipv6_subscriber_are_one(client, petition):
    for i in range(8):
        signer(client, petition, courriel=f"p{i}@exemple.fr", REMOTE_ADDR=f"2001:db8:1:2::{i + 1}")
    lettres.ecrire_aux_signataires()

    assert Signature.objects.filter(etat="ecartee").count() == 3


def test_a_town_hall_may_sign_in_number(client, petition):
    ReseauConnu.objects.create(plage="127.0.0.0/8", libelle="Mairie de Vif")

    assert rafale(client, petition, 8) == 0


def test_the_same_address_on_another_petition_is_another_matter(client, petition):
    autre = PetitionFactory(en_collecte=True)
    for i in range(5):
        signer(client, petition, courriel=f"p{i}@exemple.fr")
        signer(client, autre, courriel=f"p{i}@exemple.fr")
    lettres.ecrire_aux_signataires()

    assert not Signature.objects.filter(etat="ecartee").exists()


def test_one_reminder_then_oblivion(client, petition):
    signer(client, petition)
    lettres.ecrire_aux_signataires()

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert signatures.relancer_signatures() == 1
        assert signatures.relancer_signatures() == 0
        lettres.ecrire_aux_signataires()
    assert Courriel.objects.filter(acte="petitions/relancer_signature").count() == 1

    with time_machine.travel(timezone.now() + timedelta(days=22), tick=False):
        assert signatures.purger_signatures() == 1
        assert signatures.purger_signatures() == 0
    assert not Signature.objects.exists()
    assert not Courriel.objects.exists()


def test_a_suspension_that_ended_before_gives_no_day_back_even_at_night(db):
    petition = PetitionFactory(en_collecte=True)
    jour = timezone.localdate() - timedelta(days=petition.reglement.purge_jours)
    Suspension.objects.create(
        dossier=petition, motif="x", debut=jour - timedelta(days=9), fin=jour - timedelta(days=1)
    )
    SignatureFactory(petition=petition)
    Signature.objects.update(demandee_le=timezone.make_aware(datetime.combine(jour, time(0, 10))))

    with time_machine.travel(
        timezone.make_aware(datetime.combine(timezone.localdate(), time(0, 30))), tick=False
    ):
        assert signatures.purger_signatures() == 1


def test_oblivion_spares_what_counts_and_what_refuses(db):
    confirmee = SignatureFactory(confirmee=True)
    refusee = SignatureFactory(petition=confirmee.petition)
    signatures.refuser_signature(refusee)
    Signature.objects.update(demandee_le=timezone.now() - timedelta(days=90))

    assert signatures.purger_signatures() == 0
    assert Signature.objects.count() == 2


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
    """The page of thanks is the same for all: the tab alone remembers the address (static/js/adresse.js; test_parcours)."""
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


# Withdrawn by an agent


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
