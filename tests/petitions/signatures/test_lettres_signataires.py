"""Letters to signers: link of confirmation, number limited by the règlement, one reminder, erasure."""

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.calendrier import fin_du_jour
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Suspension
from petitions.models import Petition, ReglementPetition, Signature
from petitions.signatures import actes as signatures
from petitions.signatures import envois, retrait
from tests.maison import RACINE
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.petitions.signature import signer

pytestmark = pytest.mark.usefixtures("referentiel_relu")


def test_one_letter_leads_to_the_confirmation(client, petition):
    signer(client, petition)

    assert envois.ecrire_aux_signataires() == 1
    assert envois.ecrire_aux_signataires() == 0

    courriel = Courriel.objects.get()
    assert courriel.destinataires == ["lea@exemple.fr"]
    assert courriel.acte == "petitions/signer"
    assert "/confirmer/" in courriel.corps
    assert "ce-n-est-pas-moi" in courriel.corps
    assert not courriel.en_nombre


def test_an_address_that_has_signed_gets_another_letter(client, petition):
    signer(client, petition)
    envois.ecrire_aux_signataires()
    signatures.confirmer_signature(Signature.objects.get())

    signer(client, petition, courriel="l.e.a@exemple.fr")  # another mailbox: this provider counts dots
    signer(client, petition)
    envois.ecrire_aux_signataires()

    actes = {(acte, adresse) for acte, [adresse] in Courriel.objects.values_list("acte", "destinataires")}
    assert actes == {
        ("petitions/signer", "lea@exemple.fr"),
        ("petitions/signer", "l.e.a@exemple.fr"),
        ("petitions/deja_signe", "lea@exemple.fr"),
    }


def test_who_signs_by_an_address_that_has_served_is_told_which_signatures_it_has(client, petition):
    signer(client, petition)
    signatures.confirmer_signature(Signature.objects.get())
    signer(client, petition, prenom="Marc")
    envois.ecrire_aux_signataires()

    lettre = Courriel.objects.get(acte="petitions/adresse_deja_servie")
    assert lettre.destinataires == ["lea@exemple.fr"]
    assert "Une adresse de courriel sert à une seule signature, et la vôtre a déjà servi." in lettre.corps
    (jeton,) = re.findall(r"/petitions/signature/([^/\s]+)/\s", lettre.corps)
    assert Signature.LIEN.ouvrir(jeton, Signature.objects.all()).prenom == "Léa"


def test_an_address_gets_five_letters_and_one_a_day_whatever_the_names(client, petition):
    for i in range(9):
        signer(client, petition, prenom="Léa" + "abcdefghi"[i], REMOTE_ADDR=f"198.51.100.{i}")
        envois.ecrire_aux_signataires()

    assert ReglementPetition.objects.en_vigueur().courriels_max == 5
    assert Courriel.objects.filter(acte="petitions/signer").count() == 5
    assert Courriel.objects.filter(acte="petitions/demandes_du_jour").count() == 1


def test_nobody_blocks_an_address_by_asking_in_other_names(client, petition):
    """Attack: five requests under other names, then the owner of the address signs, that day and the next."""
    for i in range(5):
        signer(client, petition, prenom="Faux" + "abcde"[i], REMOTE_ADDR=f"198.51.100.{i}")
    envois.ecrire_aux_signataires()

    signer(client, petition)
    envois.ecrire_aux_signataires()
    lettre = Courriel.objects.get(acte="petitions/demandes_du_jour")
    assert "Léa" not in lettre.corps  # no name: it may be a stranger's words
    assert lettre.corps.count("/confirmer/") == 6
    lien = lettre.corps.split("/petitions/", 1)[1].split()[0]  # the last asked comes first
    client.post(f"/petitions/{lien}")
    assert Signature.objects.valables().get().prenom == "Léa"

    signer(client, petition, prenom="Marc", REMOTE_ADDR="198.51.100.77")
    envois.ecrire_aux_signataires()
    assert Courriel.objects.count() == 6
    assert envois.reprendre_lettres_dues() == 0


def test_a_letter_that_waited_leaves_the_day_after(client, petition):
    ReglementPetition.objects.update(courriels_max=1, signatures_par_adresse=2)
    for prenom in ("Léa", "Marc", "Zoé"):
        signer(client, petition, prenom=prenom)
        envois.ecrire_aux_signataires()
    assert Courriel.objects.count() == 2
    assert Signature.objects.get(lettre_due=True).prenom == "Zoé"

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert envois.reprendre_lettres_dues() == 1
        envois.ecrire_aux_signataires()

    zoe = Signature.objects.get(prenom="Zoé").jeton()
    assert Courriel.objects.filter(acte="petitions/demandes_du_jour", corps__contains=zoe).count() == 1
    assert not Signature.objects.filter(lettre_due=True).exists()


def test_not_me_binds_a_name_and_expires(client, petition):
    signer(client, petition)
    envois.ecrire_aux_signataires()
    refusee = Signature.objects.get()
    retrait.refuser_signature(refusee)

    signer(client, petition)
    signer(client, petition, prenom="Zoé")
    envois.ecrire_aux_signataires()
    assert Courriel.objects.count() == 2  # none for the refused name, one for the other
    assert Signature.objects.get(refusee_le__isnull=False).nom == ""

    jours = petition.reglement.refus_jours
    with time_machine.travel(timezone.localtime() + timedelta(days=jours - 1), tick=False):
        effacer_sans_preuve()
        assert Signature.objects.filter(pk=refusee.pk).exists()
    with time_machine.travel(timezone.localtime() + timedelta(days=jours + 1), tick=False):
        effacer_sans_preuve()
        signer(client, petition)
        envois.ecrire_aux_signataires()
    assert Courriel.objects.filter(acte="petitions/signer").count() == 1  # the earlier letters are erased


def test_who_reads_the_mailbox_lifts_her_own_refusal(client, petition):
    signer(client, petition)
    envois.ecrire_aux_signataires()
    retrait.refuser_signature(Signature.objects.get())
    jeton = Signature.objects.get().jeton()
    url = f"/petitions/signature/{jeton}/lever-le-refus/"
    assert url in client.get(f"/petitions/signature/{jeton}/").content.decode()
    assert client.get(url).status_code == 200

    assert client.post(url)["Location"] == f"/petitions/{petition.pk}/signer/"
    signer(client, petition)
    envois.ecrire_aux_signataires()

    assert Courriel.objects.filter(acte="petitions/signer").count() == 1
    assert Signature.objects.get().etat == "demandee"


def test_the_letter_the_page_and_the_guide_give_the_link_to_sign_one_life(client, petition):
    """Two numbers of the règlement say it: what the row lives, and what is left once the collecte is over."""
    signer(client, petition)
    envois.ecrire_aux_signataires()
    jours, heures = petition.reglement.purge_jours, petition.reglement.grace_heures
    vie = f"Le lien marche {jours} jours. Si la collecte finit avant, il marche encore {heures} heures après sa fin."

    page = client.get(f"/petitions/{petition.pk}/signer/merci/").content.decode()
    for texte in (
        Courriel.objects.get().corps,
        page,
        (RACINE / "docs/petitionnaires.md").read_text(encoding="utf-8"),
    ):
        assert vie in texte.replace("\N{NO-BREAK SPACE}", " ")

    Petition.objects.filter(pk=petition.pk).update(date_fin_collecte=timezone.localdate())
    assert Signature.objects.get().lien_jusqu_au == timezone.localdate() + timedelta(hours=heures)


def test_one_reminder_then_oblivion(client, petition):
    signer(client, petition)
    envois.ecrire_aux_signataires()

    with time_machine.travel(timezone.localtime() + timedelta(days=8), tick=False):
        assert signatures.relancer_signatures() == 1
        assert signatures.relancer_signatures() == 0
        envois.ecrire_aux_signataires()
    rappel = Courriel.objects.get(acte="petitions/relancer_signature")
    dernier = Signature.objects.get().lien_jusqu_au
    assert f"Ouvrez ce lien le {jour_texte(dernier)} au plus tard" in rappel.corps

    with time_machine.travel(
        fin_du_jour() + timedelta(days=petition.reglement.purge_jours, minutes=-1), tick=False
    ):
        assert timezone.localdate() == dernier
        assert effacer_sans_preuve() == 0
    with time_machine.travel(fin_du_jour() + timedelta(days=petition.reglement.purge_jours), tick=False):
        assert effacer_sans_preuve() == 1
        assert effacer_sans_preuve() == 0
    assert not Signature.objects.exists()
    assert not Courriel.objects.exists()


def test_a_suspension_that_ended_before_gives_no_day_back_even_at_night(db):
    petition = PetitionFactory(en_collecte=True)
    jour = timezone.localdate() - timedelta(days=petition.reglement.purge_jours)
    Suspension.objects.create(
        dossier=petition, motif="x", debut=jour - timedelta(days=9), fin=jour - timedelta(days=1)
    )
    SignatureFactory(petition=petition)
    soir = datetime.combine(jour - timedelta(days=1), time(23, 50))
    Signature.objects.update(demandee_le=timezone.make_aware(soir))

    with time_machine.travel(
        timezone.make_aware(datetime.combine(timezone.localdate(), time(0, 30))), tick=False
    ):
        assert effacer_sans_preuve() == 1


def test_oblivion_spares_what_counts_and_what_refuses(db):
    confirmee = SignatureFactory(confirmee=True)
    refusee = SignatureFactory(petition=confirmee.petition)
    retrait.refuser_signature(refusee)
    Signature.objects.update(demandee_le=timezone.localtime() - timedelta(days=90))

    assert effacer_sans_preuve() == 0
    assert Signature.objects.count() == 2
