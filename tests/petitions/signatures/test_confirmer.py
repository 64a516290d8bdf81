"""Confirmation by signed link: GET changes nothing, POST confirms once, and an address has limited ranks."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from petitions.models import ReglementPetition, Signature
from petitions.signatures import decompte
from petitions.signatures.actes import confirmer_signature
from tests.outils import a_plusieurs
from tests.petitions.factories import PetitionFactory, SignatureFactory

pytestmark = pytest.mark.horloge


def lien(nom, signature):
    return reverse(f"petitions:{nom}", args=[signature.jeton()])


def test_following_the_links_changes_nothing(client, db):
    signature = SignatureFactory()
    avant = Signature.objects.values().get()

    for nom in ("confirmer", "corriger", "retirer", "refuser"):
        reponse = client.get(lien(f"{nom}_signature", signature))
        assert reponse.status_code == 200
        assert "no-store" in reponse["Cache-Control"]
        assert reponse["X-Robots-Tag"] == "noindex"
        client.head(lien(f"{nom}_signature", signature))

    assert Signature.objects.values().get() == avant


def test_the_button_makes_it_count_and_says_the_number(client, db):
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory.create_batch(2, petition=petition, confirmee=True)
    decompte.compter()
    SignatureFactory(petition=petition, confirmee=True)
    signature = SignatureFactory(petition=petition)
    url = lien("confirmer_signature", signature)

    reponse = client.post(url)

    assert (reponse.status_code, reponse["Location"]) == (303, url)
    signature.refresh_from_db()
    assert (signature.etat, signature.rang, signature.numero) == ("confirmee", 1, 4)
    page = client.get(url).content.decode()
    assert "4<sup>e</sup> personne à signer" in page
    le = signature.confirmee_le
    client.post(url)
    signature.refresh_from_db()
    assert signature.confirmee_le == le


@pytest.mark.parametrize("jeton", ["12.faux", "rien", "12"])
def test_a_broken_link_says_what_to_do(client, db, jeton):
    reponse = client.get(f"/petitions/signature/{jeton}/confirmer/")

    assert reponse.status_code == 404
    assert "Copiez le lien entier" in reponse.content.decode()


def test_a_second_person_of_the_household_signs_only_if_the_reglement_says_so(client, db):
    premiere = SignatureFactory(courriel="foyer@exemple.fr", prenom="Léa")
    seconde = SignatureFactory(petition=premiere.petition, courriel="foyer@exemple.fr", prenom="Marc")
    confirmer_signature(premiere)

    reponse = client.post(lien("confirmer_signature", seconde))
    assert reponse.status_code == 409
    assert "a déjà servi à signer" in reponse.content.decode()

    ReglementPetition.objects.update(signatures_par_adresse=2)
    assert client.post(lien("confirmer_signature", seconde)).status_code == 303
    seconde.refresh_from_db()
    assert seconde.rang == 2

    troisieme = SignatureFactory(petition=premiere.petition, courriel="foyer@exemple.fr", prenom="Zoé")
    assert client.post(lien("confirmer_signature", troisieme)).status_code == 409


def test_who_withdraws_frees_the_address(client, db):
    premiere = SignatureFactory(courriel="foyer@exemple.fr", prenom="Léa")
    seconde = SignatureFactory(petition=premiere.petition, courriel="foyer@exemple.fr", prenom="Marc")
    confirmer_signature(premiere)

    client.post(lien("retirer_signature", premiere))
    client.post(lien("confirmer_signature", seconde))

    premiere.refresh_from_db()
    seconde.refresh_from_db()
    assert (premiere.etat, seconde.etat) == ("retiree", "confirmee")
    with pytest.raises(ErreurMetier):
        confirmer_signature(premiere)


def test_signing_again_after_withdrawing_keeps_the_count_exact(client, db):
    signature = SignatureFactory()
    confirmer_signature(signature)
    decompte.compter()

    for compter_entre in (False, True):
        client.post(lien("retirer_signature", signature))
        if compter_entre:
            decompte.compter()
        with time_machine.travel(timezone.localtime() + timedelta(days=1), tick=False):
            client.post(lien("confirmer_signature", signature))
            decompte.compter()
        assert decompte.recompter() == {}
    assert signature.petition.decompte.total == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("permises", "noms"), [(1, 8), (2, 8), (1, 1)])
def test_eight_confirmations_at_once_of_one_address(permises, noms):
    ReglementPetition.objects.update(signatures_par_adresse=permises)
    petition = PetitionFactory(en_collecte=True)
    demandes = [
        SignatureFactory(petition=petition, courriel="foyer@exemple.fr", prenom="ABCDEFGH"[i])
        for i in range(noms)
    ]
    lues = [Signature.objects.get(pk=demandes[i % noms].pk) for i in range(8)]

    issues = a_plusieurs(8, lambda rang: confirmer_signature(lues[rang]))

    assert Signature.objects.valables().count() == permises
    refus = [issue for issue in issues if isinstance(issue, Exception)]
    assert len(refus) == (0 if noms == 1 else 8 - permises)
    assert all(isinstance(refusee, ErreurMetier) for refusee in refus), refus


def test_a_link_lives_a_day_after_the_closing(client, db):
    petition = PetitionFactory(
        collecte_close=True, date_fin_collecte=timezone.localdate() + timedelta(days=9)
    )
    petition.collecte_close_le = timezone.now()
    petition.save()
    a_temps, trop_tard = SignatureFactory.create_batch(2, petition=petition)

    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        assert client.post(lien("confirmer_signature", a_temps)).status_code == 303
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert "est close" in client.get(lien("confirmer_signature", trop_tard)).content.decode()
        assert client.post(lien("confirmer_signature", trop_tard)).status_code == 409


def test_not_me_cancels_and_forgets_in_two_steps(client, db):
    signature = SignatureFactory(accord_nouvelles=True)

    page = client.get(lien("refuser_signature", signature)).content.decode()
    assert "Annuler la demande" in page
    reponse = client.post(lien("refuser_signature", signature), follow=True)

    signature.refresh_from_db()
    assert (signature.etat, signature.nom, signature.courriel) == ("retiree", "", None)
    assert "n’écrirons plus" in reponse.content.decode()
    assert client.post(lien("confirmer_signature", signature)).status_code == 409


def test_a_signer_corrects_what_is_his(client, db):
    signature = SignatureFactory(confirmee=True)
    url = lien("corriger_signature", signature)
    vif = signature.commune.__class__.objects.get(nom="Vif").pk

    client.post(url, {"prenom": "Chloé", "nom": "Roux", "commune": vif, "accord_nouvelles": "on"})

    signature.refresh_from_db()
    assert (signature.nom, signature.nom_canonique, signature.commune.nom) == ("Roux", "chloe roux", "Vif")
    assert signature.accord_nouvelles


def test_a_suspended_petition_keeps_the_links_for_later(client, db):
    petition = PetitionFactory(en_collecte=True, etat="suspendue", etat_suspendu="en_collecte")
    signature = SignatureFactory(petition=petition)

    assert client.post(lien("confirmer_signature", signature)).status_code == 409
    petition.etat, petition.etat_suspendu = "en_collecte", ""
    petition.save()
    assert client.post(lien("confirmer_signature", signature)).status_code == 303
