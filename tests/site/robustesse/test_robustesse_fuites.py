"""Erased data is found nowhere, and nothing leaves the site that should not."""

import logging
import re
import sys
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.courriels import corriger_adresse, renvoyer
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.http.journaux import SansSecret
from participation.socle.models import Commune, Courriel, Document, Entree
from petitions import pseudonymisation
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.copetitionnaires.actes import inviter_copetitionnaire
from petitions.depot import actes as depot
from petitions.models import Petition
from petitions.signatures import envois
from tests.droits.factories import viser
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

# Erased data


def restes(mot: str) -> list[str]:
    """Return the tables where the word is still found, in any column."""
    trouves = []
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{mot}%"])
            if curseur.fetchone()[0]:
                trouves.append(table)
    return trouves


def test_nothing_of_a_signer_nor_of_a_copetitionnaire_is_left_after_oblivion(db, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    agent = CompteFactory(agent=True)
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory(
        petition=petition, prenom="Zebulon", nom="Quidam", courriel="zebulon.quidam@exemple.fr", a_ecrire=True
    )
    envois.ecrire_aux_signataires()
    copetitionnaire = CoPetitionnaireFactory(
        petition=petition, confirme=True, prenom="Zebulon", nom="Quidam", courriel="zebulon.quidam@exemple.fr"
    )
    assert inviter_copetitionnaire(copetitionnaire, jeton="x", relance=False, est_venu=False)
    lettre = petition.courriels.get()
    Courriel.objects.update(etat="envoye")
    for une in Courriel.objects.all():
        renvoyer(une, par=agent)
    lettre.refresh_from_db()
    document = demander_document(nature="socle/audit", titre="Tout", dossier=petition, est_interne=True)
    document.fichier.save("d.pdf", ContentFile(b"%PDF zebulon.quidam"))
    chemin = document.fichier.path
    assert len(restes("quidam")) >= 3
    Petition.objects.filter(pk=petition.pk).update(
        etat="close", clos_le=timezone.now(), conservation_jusqu_au=timezone.localdate() - timedelta(days=1)
    )
    petition.refresh_from_db()

    viser("petitions.signatures", petition.pk)
    pseudonymisation.pseudonymiser(petition, par=agent)
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    assert restes("quidam") == restes("zebulon") == []
    assert not Document.objects.filter(pk=document.pk).exists()
    assert chemin


def test_a_link_kept_for_years_gives_no_name_back_to_a_forgotten_signature(client, db) -> None:
    petition = PetitionFactory(close=True, conservation_jusqu_au=timezone.localdate() - timedelta(days=1))
    signature = SignatureFactory(petition=petition, confirmee=True)
    jeton = signature.jeton()
    viser("petitions.signatures", petition.pk)
    pseudonymisation.pseudonymiser(petition, par=CompteFactory(agent=True))
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    for page in (
        "ma_signature",
        "corriger_signature",
        "confirmer_signature",
        "retirer_signature",
        "refuser_signature",
    ):
        assert client.get(reverse(f"petitions:{page}", args=[jeton])).status_code == 200
    client.post(
        reverse("petitions:corriger_signature", args=[jeton]),
        {"prenom": "Zoé", "nom": "Revenue", "commune": Commune.objects.first().pk},
    )

    signature.refresh_from_db()
    assert (signature.prenom, signature.nom, signature.nom_canonique) == ("", "", "")


def test_a_draft_given_up_leaves_no_letter_with_a_name(db) -> None:
    petition = PetitionFactory()
    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("quidam@exemple.fr", "Zebulon", "Quidam")], par=petition.auteur
    )

    depot.retirer(petition, par=petition.auteur)

    assert restes("quidam") == []


def test_the_journal_that_nobody_can_rub_out_holds_no_corrected_address(db) -> None:
    petition = PetitionFactory(en_collecte=True)
    courriel = Courriel.objects.create(
        dossier=petition.dossier_ptr,
        acte="petitions/x",
        expediteur="s@example.org",
        destinataires=["quidam@exemple.fr"],
        sujet="s",
        corps="c",
        etat="rejete",
    )

    corriger_adresse(courriel, par=CompteFactory(agent=True), destinataires=["quidam2@exemple.fr"])

    assert not Entree.objects.filter(motif__icontains="quidam").exists()
    with pytest.raises(ErreurMetier):
        corriger_adresse(courriel, par=CompteFactory(agent=True), destinataires=["x@exemple.fr"])


# What leaves the site


def test_the_logs_hold_neither_an_address_nor_a_link_that_opens_a_door(caplog) -> None:
    forme = SansSecret("%(message)s")
    try:
        raise ValueError("Key (courriel)=(quidam@exemple.fr) already exists")
    except ValueError:
        trace = sys.exc_info()
    for message, args in (
        ("%s: %s", ("Conflict", "/petitions/signature/12.aBcD-secret/confirmer/")),
        ("Forbidden: /petitions/co-petitionnaire/Mg:secret:x/", ()),
        ("GET /repondre/Mg:secret/?a=1", ()),
        ("to quidam+x@exemple.co.fr", ()),
    ):
        ligne = forme.format(logging.LogRecord("x", logging.WARNING, "", 1, message, args, trace))

        assert "secret" not in ligne
        assert "quidam" not in ligne


def test_every_answer_bears_the_policy_even_an_error(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    for url, options in (
        ("/", {}),
        ("/nexiste-pas/", {}),
        ("/journee/", {}),
        ("/", {"headers": {"host": "ailleurs.example"}}),
        (reverse("petitions:qr", args=[petition.pk]), {}),
        (reverse("petitions:atom"), {}),
        (reverse("petitions:signer", args=[petition.pk]), {}),
    ):
        reponse = client.get(
            url, headers={"x-forwarded-host": "ailleurs.example"} | options.get("headers", {})
        )
        assert "default-src 'self'" in reponse["Content-Security-Policy"], url
        assert reponse["X-Content-Type-Options"] == "nosniff"
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert b"ailleurs.example" not in corps


@pytest.mark.parametrize(
    "suite", ["//ailleurs.example/", "https://ailleurs.example", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(db, settings, suite) -> None:
    compte = CompteFactory(password="une-phrase-bien-longue-1")
    client = Client()

    reponse = client.post(
        reverse("socle:mot_de_passe"),
        {"login": compte.courriel, "password": "une-phrase-bien-longue-1", "next": suite},
    )

    assert "ailleurs" not in reponse.get("Location", "")
    assert "javascript" not in reponse.get("Location", "")


def test_signing_answers_the_same_whatever_is_known_of_the_address(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory(
        petition=petition, courriel="deja@exemple.fr", courriel_canonique="deja@exemple.fr", confirmee=True
    )
    reponses = set()
    for adresse in ("neuve@exemple.fr", "deja@exemple.fr", "jetable@yopmail.com", "neuve@exemple.fr"):
        reponse = client.post(
            reverse("petitions:signer", args=[petition.pk]),
            {
                "prenom": "Léa",
                "nom": "Personne",
                "courriel": adresse,
                "commune": Commune.objects.first().pk,
                "qualite": "resident",
                "age": "on",
            },
        )
        reponses.add((reponse.status_code, reponse.content, tuple(sorted(reponse.headers.items()))))
    assert len(reponses) == 1


@pytest.mark.parametrize(
    "texte",
    [
        "²²² ª º ꟹ ‿‿‿ ___",
        "\u0fff" * 9,
        "a & b | c ! ( ) : * <-> '\"",
        "𝔘𝔫𝔦 ﷺﷺﷺ ⁀⁀⁀",
        "\\' \\\\ abc",
        "x" * 160,
    ],
)
def test_no_title_breaks_the_search_for_like_petitions(client, db, texte) -> None:
    PetitionFactory(en_collecte=True)

    assert client.get(reverse("petitions:proches"), {"titre": texte.ljust(9, "‿")}).status_code == 200
    assert client.get(reverse("petitions:liste"), {"q": texte}).status_code == 200


def test_a_title_with_control_characters_breaks_no_feed_and_turns_no_letter_round(client, db) -> None:
    petition = PetitionFactory(
        en_collecte=True, titre="Piste\x01 cyclable\x0b \u202eesrevni", reponse="Oui\x02."
    )

    flux = client.get(reverse("petitions:atom"))

    assert flux.status_code == 200
    ElementTree.fromstring(flux.content)
    petition.refresh_from_db()
    assert petition.titre == "Piste cyclable esrevni"


def test_a_hidden_text_is_not_guessed_by_searching_its_words(client, db) -> None:
    petition = PetitionFactory(irrecevable=True, texte_masque=True, demande="Le zouave diffamant habite ici.")

    page = client.get(reverse("petitions:liste"), {"q": "zouave"}).content.decode()

    assert petition.titre not in page
    assert (
        petition.reference in client.get(reverse("petitions:liste"), {"q": petition.titre}).content.decode()
    )


def test_what_a_stranger_writes_is_text_wherever_it_is_shown(client, db) -> None:
    piege = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    petition = PetitionFactory(
        debattue=True,
        est_publie=True,
        titre=piege[:160],
        demande=piege,
        raisons=piege,
        nom_auteur=piege,
        issue_debat=piege,
    )
    client.force_login(CompteFactory(agent=True))

    for url in (
        petition.get_public_url(),
        reverse("petitions:liste") + "?liste=toutes",
        petition.get_absolute_url(),
        reverse("socle:dossiers"),
        reverse("petitions:atom"),
    ):
        corps = client.get(url).content.decode()
        assert "<script>alert" not in corps, url
        assert "<img src=x" not in corps, url


@pytest.mark.django_db
def test_a_number_of_4500_digits_is_no_number(client):
    """Python refuses to parse it and the database cannot hold it: no URL may try."""
    long = "9" * 4500
    client.force_login(CompteFactory())
    petition = PetitionFactory(auteur=CompteFactory())
    assert client.get(reverse("petitions:donnees_json"), {"page": long, "par_page": long}).status_code == 404
    assert client.get(f"/petitions/mes-petitions/{long}/rediger/demande/").status_code == 404
    assert client.get(f"/petitions/mes-petitions/{long}/").status_code == 404
    client.force_login(petition.auteur)
    page = reverse("petitions:copetitionnaires", args=[petition.pk])
    assert client.post(page, {"retirer": long}).status_code == 404
    chiffres = re.compile(r"\.is(?:digit|decimal|numeric)\(\)")
    for chemin in Path(settings.BASE_DIR).glob("[pcr]*/**/*.py"):
        for ligne in chemin.read_text().splitlines():
            assert not chiffres.search(ligne) or "len(" in ligne, (
                f"{chemin.name} : {ligne.strip()} (est_un_numero)"
            )
