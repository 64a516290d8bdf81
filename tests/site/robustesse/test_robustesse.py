"""Input and races by strangers: no act breaks, no work is lost, nothing leaks."""

import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.models import Appartenance, Commune, Courriel, Entree, Piece, ReglagePorte
from participation.socle.regles.adresses import canoniser
from petitions.collecte import actes as collecte
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.models import MotifIrrecevabilite, Petition, Signature
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions
from petitions.seuils import actes as seuils
from petitions.signatures import actes as signatures
from petitions.signatures import lettres
from tests.greffons.services import PATIENCE
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

# Two windows


def lot_de_textes(petition, **autres):
    return {
        "titre": petition.titre,
        "demande": petition.demande,
        "raisons": petition.raisons,
        "competence": petition.competence,
        "note": "Une faute corrigée.",
        **autres,
    }


def test_two_agents_correct_the_same_text_and_neither_loses_a_word(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    client.force_login(CompteFactory(agent=True))
    url = reverse("petitions:amender", args=[petition.pk])
    vu = client.get(url).context["montre"]
    collecte.amender(
        petition, par=CompteFactory(agent=True), **lot_de_textes(petition, demande="La version de Samir.")
    )
    petition.refresh_from_db()
    titre = petition.titre

    mienne = lot_de_textes(petition, demande="La version de Lina.", montre=vu)
    refus = client.post(url, mienne)
    petition.refresh_from_db()
    assert petition.demande == "La version de Samir."
    page = refus.content.decode()
    assert all(dit in page for dit in ("La version de Samir.", "La version de Lina.", "a changé"))

    # The agent has read both versions and decides.
    client.post(url, {**mienne, "montre": refus.context["montre"]})
    petition.refresh_from_db()
    assert (petition.titre, petition.demande) == (titre, "La version de Lina.")


def test_an_author_who_writes_in_two_windows_loses_nothing(client, db) -> None:
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "demande"])
    textes = {champ: getattr(petition, champ) for champ in ("titre", "demande", "raisons")}
    vu = client.get(url).context["form"]["vu"].value()

    assert client.post(url, {**textes, "demande": "Première fenêtre.", "vu": vu}).status_code == 302
    refus = client.post(url, {**textes, "demande": "Seconde fenêtre.", "vu": vu})

    petition.refresh_from_db()
    assert petition.demande == "Première fenêtre."
    assert all(dit in refus.content.decode() for dit in ("Première fenêtre.", "Seconde fenêtre."))
    relu = refus.context["form"]["vu"].value()
    assert client.post(url, {**textes, "demande": "Les deux.", "vu": relu}).status_code == 302


def test_a_draft_begun_by_a_double_click_is_one_draft(client, db) -> None:
    client.force_login(CompteFactory())
    textes = {
        "titre": "Ouvrir la piscine le dimanche",
        "demande": "Nous demandons…",
        "raisons": "Il fait chaud.",
    }

    suites = [client.post(reverse("petitions:nouvelle"), textes)["Location"] for _ in range(2)]

    assert suites[0] == suites[1]
    assert Petition.objects.count() == 1


def test_who_decides_second_keeps_what_was_typed(client, db) -> None:
    petition = PetitionFactory(deposee=True)
    client.force_login(CompteFactory(agent=True))
    Petition.objects.filter(pk=petition.pk).update(etat="transmise", autorite_competente="Le Département")

    reponse = client.post(
        reverse("petitions:declarer_irrecevable", args=[petition.pk]),
        {"motif": "Une raison longuement pesée par le comité."},
    )

    assert reponse.status_code == 409
    assert "longuement pesée" in reponse.content.decode()
    assert "csrfmiddlewaretoken" not in "".join(reponse.context["saisies"])


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_collecte_closes_is_in_the_last_count(monkeypatch) -> None:
    """Closing waits for a confirmation in progress, so that no confirmed signature misses the count."""
    petition = PetitionFactory(en_collecte=True)
    signature = SignatureFactory(petition=petition)
    confirmee, assez = threading.Event(), threading.Event()

    def confirmer() -> None:
        try:
            with transaction.atomic():
                signatures.confirmer_signature(Signature.objects.get(pk=signature.pk))
                confirmee.set()
                assez.wait(1)
        finally:
            connection.close()

    fil = threading.Thread(target=confirmer)
    fil.start()
    assert confirmee.wait(PATIENCE)
    monkeypatch.setattr(Petition, "fin_des_confirmations", lambda p: timezone.now())
    seuils.clore_collecte(petition, par=None)
    assez.set()
    fil.join()

    assert Entree.objects.get(acte="clore_collecte").details["signatures"] == 1


# Signing


@pytest.mark.parametrize(
    ("ecrite", "meme"),
    [
        ('"lea"@exemple.fr', "lea@exemple.fr"),
        ('"l.e.a"@gmail.com', "lea@gmail.com"),
        ("LEA+1@Exemple.FR", "lea@exemple.fr"),
        ("lea@exemple.fr.", "lea@exemple.fr"),
        ("lea@BÜCHER.example", "lea@xn--bcher-kva.example"),
        ("\u212aim@exemple.fr", "kim@exemple.fr"),
    ],
)
def test_one_mailbox_is_one_address_however_it_is_written(ecrite, meme) -> None:
    assert canoniser(ecrite) == canoniser(meme)


@pytest.mark.parametrize(
    "adresse", ["lea@[127.0.0.1]", "lea@[IPv6:::1]", "lea@exemple.fr\r\nBcc: x@y.fr", "lea@\x00.fr"]
)
def test_an_address_that_is_nobody_s_gets_no_letter(client, db, adresse) -> None:
    petition = PetitionFactory(en_collecte=True)

    reponse = client.post(
        reverse("petitions:signer", args=[petition.pk]),
        {
            "prenom": "Léa",
            "nom": "Personne",
            "courriel": adresse,
            "courriel_verifie": adresse,
            "commune": Commune.objects.first().pk,
            "qualite": "resident",
            "age": "on",
        },
    )

    assert reponse.status_code == 200
    assert not Signature.objects.exists()


def test_a_suspended_petition_keeps_the_links_it_told_to_keep(db) -> None:
    petition = PetitionFactory(en_collecte=True)
    vieille = timezone.localtime() - timedelta(days=petition.reglement.purge_jours + 5)
    signature = SignatureFactory(petition=petition, demandee_le=vieille)
    agent = CompteFactory(agent=True)
    collecte.suspendre(petition, par=agent, motif="Période électorale")
    petition.suspensions.update(debut=timezone.localdate() - timedelta(days=30))

    assert effacer_sans_preuve() == 0
    collecte.reprendre(petition, par=agent)
    assert effacer_sans_preuve() == 0

    Signature.objects.filter(pk=signature.pk).update(demandee_le=vieille - timedelta(days=40))
    assert effacer_sans_preuve() == 1


# Confidentiality


def test_who_has_left_the_service_hears_no_more_of_the_petitions(db) -> None:
    parti, present = CompteFactory(agent=True), CompteFactory(agent=True)
    Appartenance.objects.filter(compte=parti).update(
        depuis=timezone.localdate() - timedelta(days=9), jusqu_a=timezone.localdate() - timedelta(days=1)
    )

    lettres.ecrire_aux_agents("recompter", PetitionFactory(en_collecte=True), ecart=3)

    assert Courriel.objects.get(acte="petitions/recompter").destinataires == [present.courriel]


def test_the_files_of_a_hidden_text_are_hidden_too(client, db, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    petition = PetitionFactory(deposee=True)
    piece = Piece(
        dossier_id=petition.pk,
        titre="Photo",
        nom="p.txt",
        type_mime="text/plain",
        taille=5,
        sha256="0" * 64,
        est_publique=True,
    )
    piece.fichier.save("p.txt", ContentFile(b"texte"))
    agent = CompteFactory(agent=True)
    critere = petition.reglement.criteres.first()
    recevabilite.examiner(petition, {critere.pk: ("non_rempli", "Des injures.")}, par=agent)
    motif = MotifIrrecevabilite.objects.first()
    motif.masque_le_texte = True
    motif.save()

    decisions.declarer_irrecevable(
        petition, par=agent, motif_irrecevabilite=motif, motif="Des injures.", raison_sans_comite="Urgence."
    )

    assert client.get(reverse("socle:piece", args=[piece.pk])).status_code != 200
    client.force_login(CompteFactory())
    assert client.get(reverse("socle:piece", args=[piece.pk])).status_code == 404


def test_an_invitation_taken_back_and_made_again_gives_no_right_to_more_letters(db) -> None:
    ReglagePorte.objects.create(par_adresse=100, par_personne_et_adresse=100)
    petition = PetitionFactory()
    auteur = petition.auteur
    variantes = [
        "lea@gmail.com",
        "l.ea@gmail.com",
        "le.a@gmail.com",
        "lea+1@gmail.com",
        "LEA@gmail.com",
        "l.e.a@gmail.com",
        "lea+2@gmail.com",
    ]

    for adresse in variantes:
        copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation(courriel=adresse)], par=auteur
        )
        for invitation in petition.copetitionnaires.all():
            copetitionnaires.retirer_invitation(invitation, par=auteur)

    assert petition.courriels.count() == petition.reglement.courriels_max < len(variantes)
