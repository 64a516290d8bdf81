"""PDFs: accessible and archivable (two validators), made by the worker, frozen, access-controlled."""

import hashlib
import io
import logging
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.db import Error, transaction
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import documents
from participation.socle.actions.documents import (
    balayer_documents,
    demander_document,
    est_intact,
    fabriquer_document,
    figer_document,
    redemander_document,
)
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.fichiers.pdf import PdfImpossible, fabriquer_pdf
from participation.socle.models import Document
from participation.socle.workflow import Role
from tests.outils import a_plusieurs, fautes_pdf, pdf_rapides
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

GABARITS = Path(__file__).parent / "gabarits"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
CARRE = f"data:image/svg+xml;base64,{b64encode(SVG).decode()}"
DONNEES = {"resume": "Ce qu’il faut savoir : l’essentiel.", "lignes": [["Vif", 3]] * 80, "image": CARRE}


@pytest.fixture(autouse=True)
def gabarits(settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], GABARITS]}]


@pytest.fixture(autouse=True)
def weasyprint_est_content(caplog):
    caplog.set_level(logging.WARNING, "weasyprint")
    yield
    plaintes = [ligne.getMessage() for ligne in caplog.get_records("call") if ligne.name == "weasyprint"]
    assert not plaintes or "défaut" in caplog.text


def html(corps="<main><h1>Titre</h1></main>", lang=' lang="fr"', titre="<title>Titre</title>"):
    return f"<!DOCTYPE html><html{lang}><head><meta charset=utf-8>{titre}</head><body>{corps}</body></html>"


@pytest.fixture
def rapide(monkeypatch):
    pdf_rapides(monkeypatch)


def demander(dossier=None, **champs):
    return demander_document(
        nature="essai/rapport", titre="Rapport d’essai", dossier=dossier, donnees=DONNEES, **champs
    )


@pytest.mark.django_db
def test_a_document_is_made_and_passes_pdf_ua_and_pdf_a():
    document = demander(PetitionFactory(deposee=True))
    document.donnees["fichier_joint"] = {"nom": "d.json", "description": "Les données", "texte": "{}"}
    document.save()

    assert fabriquer_document(document.pk)

    document.refresh_from_db()
    octets = Path(document.fichier.path).read_bytes()
    assert (document.etat, document.progression) == (Document.Etat.PRET, 100)
    assert document.sha256 == hashlib.sha256(octets).hexdigest()
    for profil in ("ua1", "3a"):
        assert fautes_pdf(octets, profil) == []
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        polices = {str(objet.BaseFont) for objet in pdf.objects if _est_police(objet)}
        assert polices
        assert all("Atkinson" in police for police in polices)
        assert list(pdf.attachments) == ["d.json"]
        assert len(pdf.pages) > 1


def _est_police(objet):
    return isinstance(objet, pikepdf.Dictionary) and objet.get("/Type") == "/Font" and "/ToUnicode" in objet


def test_the_same_page_gives_the_same_bytes():
    assert fabriquer_pdf(html()) == fabriquer_pdf(html())


@pytest.mark.parametrize(
    "page_html",
    [
        html(lang=""),
        html(titre=""),
        html(f'<main><h1>Titre</h1><img src="{CARRE}"></main>'),
        html('<main><h1>Titre</h1><img src="static:img/absent.svg" alt="défaut"></main>'),
        html('<main><h1>Titre</h1><img src="file:///etc/passwd" alt="défaut"></main>'),
        html('<main><h1>Titre</h1><img src="http://127.0.0.1:1/x.png" alt="défaut"></main>'),
        html('<main><h1>Titre</h1><img src="static:../../etc/passwd" alt="défaut"></main>'),
    ],
)
def test_a_page_that_would_not_be_accessible_or_looks_elsewhere_is_refused(page_html, caplog):
    with pytest.raises(PdfImpossible):
        fabriquer_pdf(page_html)
    caplog.clear()


@pytest.mark.django_db
def test_an_unknown_nature_is_refused_at_once():
    with pytest.raises(TemplateDoesNotExist):
        demander_document(nature="essai/inconnu", titre="x")
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_document_that_fails_is_tried_three_times_then_said_and_can_be_asked_again(monkeypatch):
    document = demander()
    monkeypatch.setattr(documents, "fabriquer_pdf", _tombe)
    for essai in range(1, 4):
        assert not fabriquer_document(document.pk)
        document.refresh_from_db()
        assert (document.etat == Document.Etat.ECHEC) is (essai == 3)
    assert "la machine" in document.erreur

    monkeypatch.setattr(documents, "fabriquer_pdf", lambda html, pieces: b"%PDF")
    redemander_document(document)
    assert fabriquer_document(document.pk)


def _tombe(html, pieces):
    raise MemoryError("la machine n’a plus de mémoire")


@pytest.mark.django_db
def test_the_sweep_makes_what_nobody_makes(rapide):
    jeune, vieux, mortel = demander(), demander(), demander()
    il_y_a = timezone.now() - timedelta(minutes=5)
    Document.objects.filter(pk__in=[vieux.pk, mortel.pk]).update(demande_le=il_y_a)
    Document.objects.filter(pk=mortel.pk).update(tentatives=3)  # killed its worker three times

    assert balayer_documents() == 2

    for document, etat in ((jeune, "en_preparation"), (vieux, "pret"), (mortel, "echec")):
        document.refresh_from_db()
        assert document.etat == etat


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_it_once(monkeypatch):
    faits = []
    monkeypatch.setattr(documents, "fabriquer_pdf", lambda html, pieces: faits.append(1) or b"%PDF")
    numero = demander().pk
    a_plusieurs(4, lambda rang: fabriquer_document(numero))
    assert Document.objects.get().etat == Document.Etat.PRET
    assert len(faits) == 1


@pytest.mark.django_db
def test_a_frozen_document_never_changes(rapide):
    agent = CompteFactory(agent=True)
    document = demander(PetitionFactory(deposee=True))
    with pytest.raises(ActeInterdit):
        figer_document(document, par=agent)
    fabriquer_document(document.pk)
    figer_document(document, par=agent)

    with pytest.raises(ActeInterdit):
        redemander_document(document)
    with pytest.raises(ActeInterdit):
        figer_document(document, par=agent)
    for geste in (
        lambda: Document.objects.update(sha256="0" * 64),
        lambda: Document.objects.update(fichier="autre.pdf"),
        lambda: Document.objects.update(fige_le=None),
        document.delete,
    ):
        with pytest.raises(Error), transaction.atomic():
            geste()
    assert not fabriquer_document(document.pk) or Document.objects.get().tentatives == 1
    assert est_intact(document)
    assert document.dossier.journal.get().details["sha256"] == document.sha256


@pytest.mark.django_db
def test_a_file_changed_on_disk_is_not_frozen(rapide):
    document = demander()
    fabriquer_document(document.pk)
    document.refresh_from_db()
    Path(document.fichier.path).write_bytes(b"autre chose")
    with pytest.raises(ErreurMetier, match="modifié"):
        figer_document(document, par=None)


@pytest.mark.django_db
def test_a_file_left_by_an_attempt_that_died_is_written_over(rapide):
    document = demander()
    nom = f"documents/{document.cle_publique}.pdf"
    document.fichier.storage.save(nom, ContentFile(b"moitie"))
    fabriquer_document(document.pk)
    document.refresh_from_db()
    assert document.fichier.name == nom
    assert est_intact(document)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("qui", "est_public", "est_publie", "statut"),
    [
        ("anonyme", True, True, 200),
        ("anonyme", True, False, 302),
        ("anonyme", False, True, 302),
        ("auteur", False, False, 200),
        ("autre", False, True, 404),
        ("autre", True, True, 200),
        ("agent", False, False, 200),
        ("direction_demandee", False, False, 200),
        ("direction", False, False, 404),
    ],
)
def test_who_may_have_a_document(client, rapide, qui, est_public, est_publie, statut):
    direction = DirectionFactory()
    petition = PetitionFactory(deposee=True, est_publie=est_publie, direction=direction)
    document = demander(petition, est_public=est_public)
    fabriquer_document(document.pk)
    visiteurs = {
        "auteur": lambda: petition.auteur,
        "autre": CompteFactory,
        "agent": lambda: CompteFactory(role=Role.AGENT),
        "direction_demandee": lambda: agent_de_direction(direction),
        "direction": agent_de_direction,
    }
    if qui != "anonyme":
        client.force_login(visiteurs[qui]())

    reponse = client.get(reverse("socle:document", args=[document.cle_publique]))

    assert reponse.status_code == statut
    if statut == 200:
        assert reponse.getvalue().startswith(b"%PDF")
        document.refresh_from_db()
        assert reponse["Content-Type"] == "application/pdf"
        assert reponse["ETag"] == f'"{document.sha256}"'
        assert reponse["X-Content-Type-Options"] == "nosniff"
        assert "Rapport" in reponse["Content-Disposition"]
        assert ("public" in reponse["Cache-Control"]) is (est_public and est_publie)
        revue = client.get(
            reverse("socle:document", args=[document.cle_publique]),
            headers={"If-None-Match": reponse["ETag"]},
        )
        assert revue.status_code == 304


@pytest.mark.django_db
def test_a_public_document_does_not_touch_the_session(client, rapide, django_assert_num_queries):
    client.force_login(CompteFactory())
    document = demander(est_public=True)
    fabriquer_document(document.pk)
    with django_assert_num_queries(1):
        reponse = client.get(reverse("socle:document", args=[document.cle_publique]))
    assert "Vary" not in reponse or "Cookie" not in reponse["Vary"]
    assert reponse.getvalue()


@pytest.mark.django_db
def test_the_page_says_how_far_it_is(client, rapide):
    client.force_login(CompteFactory(agent=True))
    document = demander()
    adresse = reverse("socle:document_etat", args=[document.cle_publique])
    assert client.get(reverse("socle:document", args=[document.cle_publique])).url == adresse

    entiere = client.get(adresse).content.decode()
    morceau = client.get(adresse, headers={"HX-Request": "true"}).content.decode()
    assert "Le document se prépare" in entiere
    assert "<html" in entiere
    assert "<html" not in morceau
    assert "data-hx-get" in morceau

    fabriquer_document(document.pk)
    morceau = client.get(adresse, headers={"HX-Request": "true"}).content.decode()
    assert "Ouvrir le document" in morceau
    assert "data-hx-get" not in morceau

    Document.objects.update(etat="echec", erreur="x")
    assert client.post(reverse("socle:redemander_document", args=[document.cle_publique])).status_code == 302
    assert Document.objects.get().etat == "en_preparation"
