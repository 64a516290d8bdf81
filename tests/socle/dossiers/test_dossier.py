"""Common page of a dossier and common acts."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from participation.socle import actions
from participation.socle.actions.avancer import consigner
from participation.socle.actions.documents import rediger_document
from participation.socle.actions.dossiers import auditer
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Document, Piece
from participation.socle.views.dossier import boutons, phrases
from tests.outils import lire
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def demander(petition, agent, direction=None, **options):
    return actions.demander(
        petition,
        par=agent,
        nature="avis",
        a=direction or DirectionFactory(),
        objet="La Métropole peut-elle décider ?",
        texte="Dites-nous.",
        date_limite=timezone.localdate() + timedelta(days=3),
        **options,
    )


def test_the_act_that_moves_the_dossier_on_is_the_first_button_and_dangerous_ones_are_folded_last(agent):
    petition = PetitionFactory(recevable=True)

    offerts = boutons(petition, agent)

    assert offerts.principal.acte == "ouvrir_collecte"
    assert [b.acte for b in offerts.seconds] == ["prendre_en_charge", "programmer_ouverture"]
    dangers = [b.est_dangereux for b in offerts.autres]
    assert dangers == sorted(dangers)
    assert "suspendre" in [b.acte for b in offerts.autres]


def test_changing_the_agent_is_folded_once_somebody_follows_the_dossier(agent):
    petition = PetitionFactory(deposee=True, agent=agent)

    changer = next(b for b in boutons(petition, agent).autres if b.acte == "prendre_en_charge")

    assert changer.libelle == "Changer d’agent"


def test_what_comes_next_is_said_with_the_date_and_to_each_role(agent):
    petition = PetitionFactory(deposee=True)
    actions.fixer_echeance(
        petition,
        "recevabilite",
        libelle="Répondre",
        date_limite=timezone.localdate() + timedelta(days=60),
        est_legale=True,
    )

    ensuite, pour_agent = phrases(petition, agent)

    assert str((timezone.localdate() + timedelta(days=60)).year) in ensuite
    assert "grille" in pour_agent
    assert "grille" not in phrases(petition, petition.auteur)[1]


def test_the_page_shows_journal_demandes_and_letters_to_an_agent(client, agent):
    petition = PetitionFactory(deposee=True)
    demander(petition, agent)
    actions.noter(petition, par=agent, note="Rappeler lundi.")

    page = client.get(reverse("socle:dossier", args=[petition.pk]), follow=True).content.decode()

    assert "La Métropole peut-elle décider" in page
    assert "Rappeler lundi." in page
    assert "Demande d’avis" in page


def test_a_note_stays_hidden_from_the_direction_that_was_asked(client, agent):
    direction = DirectionFactory()
    petition = PetitionFactory(deposee=True)
    demander(petition, agent, direction)
    actions.noter(petition, par=agent, note="Confidentiel.")
    client.force_login(agent_de_direction(direction))

    page = client.get(reverse("socle:dossier", args=[petition.pk]), follow=True).content.decode()

    assert "La Métropole peut-elle décider" in page
    assert "Confidentiel." not in page


def test_the_journal_is_paged_beyond_fifty_lines(client, agent):
    petition = PetitionFactory(deposee=True)
    for rang in range(51):
        actions.noter(petition, par=agent, note=f"ligne {rang}.")

    page = client.get(reverse("petitions:dossier", args=[petition.pk])).content.decode()
    suite = client.get(reverse("petitions:dossier", args=[petition.pk]), {"lignes": 2}).content.decode()

    assert "ligne 50." in page
    assert "ligne 0." not in page
    assert "ligne 0." in suite


def test_papers_and_documents_are_paged_beyond_fifty(client, agent):
    petition = PetitionFactory(deposee=True)
    commun = {"dossier_id": petition.pk, "titre": "Plan", "sha256": "0" * 64}
    Piece.objects.bulk_create(
        Piece(nom=f"{rang}.pdf", type_mime="application/pdf", taille=1, **commun | {"sha256": f"{rang:064d}"})
        for rang in range(51)
    )
    Document.objects.bulk_create(Document(nature="socle/audit", **commun) for _ in range(51))
    adresse = reverse("petitions:dossier", args=[petition.pk])

    une, autre = client.get(adresse).content.decode(), client.get(f"{adresse}?pieces=2").content.decode()

    assert [nom in une for nom in ("0.pdf", "50.pdf")] == [True, False]
    assert [nom in autre for nom in (" 1.pdf", "50.pdf")] == [False, True]
    assert une.count("en préparation") == 50
    assert "Pages des documents" in une


def test_giving_a_dossier_tells_the_agent_and_moves_the_echeances(client, agent):
    petition, collegue = PetitionFactory(deposee=True, agent=agent), CompteFactory(agent=True)
    echeance = actions.fixer_echeance(
        petition, "note", libelle="Écrire la note", date_limite=timezone.localdate(), responsable=agent
    )

    demandee = client.get(reverse("socle:prendre_en_charge", args=[petition.pk])).content.decode()
    # The agent takes charge, unless another agent is chosen.
    assert f'<option value="{agent.pk}" selected>' in demandee
    client.post(reverse("socle:prendre_en_charge", args=[petition.pk]), {"agent": collegue.pk})

    petition.refresh_from_db()
    echeance.refresh_from_db()
    assert petition.agent == echeance.responsable == collegue
    assert Courriel.objects.get(acte="socle/prendre_en_charge").destinataires == [collegue.courriel]
    assert petition.journal.filter(acte="prendre_en_charge").count() == 1


def test_giving_it_twice_writes_one_line(agent):
    petition = PetitionFactory(deposee=True)

    for _ in range(2):
        actions.prendre_en_charge(petition, par=agent)

    assert petition.journal.filter(acte="prendre_en_charge").count() == 1


def test_a_dossier_is_given_to_agents_of_the_service_only(agent):
    with pytest.raises(ErreurMetier):
        actions.prendre_en_charge(PetitionFactory(deposee=True), par=agent, agent=CompteFactory())


def test_an_act_no_longer_possible_is_a_409_page_that_leads_back(client, agent):
    petition = PetitionFactory(close=True)

    reponse = client.get(reverse("socle:prendre_en_charge", args=[petition.pk]))

    assert reponse.status_code == 409
    assert petition.get_absolute_url() in reponse.content.decode()


def test_of_two_clicks_the_second_says_that_it_is_done_not_that_somebody_else_acted(client, agent):
    petition = PetitionFactory(collecte_close=True, agent=agent)
    adresse = reverse("petitions:repondre", args=[petition.pk])

    def envoyer():
        page = client.post(adresse, {"reponse": "Merci de cette demande."})
        return page.status_code, "C’est déjà fait" in page.content.decode()

    assert envoyer() == (302, False)
    assert envoyer() == (409, True)
    client.force_login(CompteFactory(agent=True))
    assert envoyer() == (409, False)


def test_a_letter_is_seen_before_it_leaves(client, agent):
    demande = demander(PetitionFactory(deposee=True), agent)
    url = reverse("socle:relancer_demande", args=[demande.pk])

    apercu = lire(client.post(url, {"mot": "Le comité se réunit mardi.", "apercu": "oui"}))

    assert "Rappel : La Métropole peut-elle décider" in apercu
    assert "Le comité se réunit mardi." in apercu
    assert not Courriel.objects.filter(acte="socle/relancer_demande").exists()


def test_a_demande_is_chased_once_a_day(client, agent):
    demande = demander(PetitionFactory(deposee=True), agent)
    url = reverse("socle:relancer_demande", args=[demande.pk])

    client.post(url, {"mot": ""})
    encore = client.post(url, {"mot": ""})

    assert "Une relance est déjà partie aujourd’hui" in encore.content.decode()
    assert Courriel.objects.filter(acte="socle/relancer_demande").count() == 1


def test_a_cancelled_demande_says_why_and_is_no_longer_awaited(client, agent):
    demande = demander(PetitionFactory(deposee=True), agent)

    client.post(reverse("socle:annuler_demande", args=[demande.pk]), {"motif": "Le service a répondu."})

    demande.refresh_from_db()
    assert not demande.est_ouverte
    assert "Le service a répondu." in Courriel.objects.get(acte="socle/annuler_demande").corps


def test_what_was_typed_is_kept_when_an_act_is_refused(client, agent):
    demande = demander(PetitionFactory(deposee=True), agent)

    page = client.post(reverse("socle:annuler_demande", args=[demande.pk]), {"motif": ""}).content.decode()

    assert 'role="alert"' in page
    assert "n’attendra plus de réponse" in page


def test_a_file_that_is_not_what_it_says_is_refused_on_its_field(client, agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    petition = PetitionFactory(deposee=True)
    url = reverse("socle:joindre_piece", args=[petition.pk])

    refus = client.post(url, {"titre": "Carte", "fichier": SimpleUploadedFile("a.pdf", b"MZ\x90\x00")})

    assert refus.status_code == 200
    assert petition.pieces.count() == 0
    assert refus.context["form"].errors["fichier"]


def test_the_whole_dossier_says_each_thing_once(agent):
    petition = PetitionFactory(deposee=True)
    for n in range(60):
        actions.noter(petition, par=agent, note="Le téléphone sonne occupé.")
        Courriel.objects.create(
            dossier_id=petition.pk,
            expediteur="s@example.org",
            destinataires=[f"x{n}@example.org"],
            sujet="Les signatures sont ouvertes",
            corps="Bonjour.",
            etat="envoye",
        )

    donnees = auditer(petition, par=agent).donnees

    assert [(e["motif"], e["fois"]) for e in donnees["journal"] if e["motif"]] == [
        ("Le téléphone sonne occupé.", 60)
    ]
    assert [(c["sujet"], c["a"]) for c in donnees["courriels"]] == [
        ("Les signatures sont ouvertes", "60 personnes")
    ]


def test_lines_that_differ_by_a_number_are_one_and_the_file_inside_keeps_each(agent):
    petition = PetitionFactory(deposee=True)
    for n in range(2, 59):
        consigner(
            petition, "confirmer_copetitionnaire", par=None, fait=f"Co-pétitionnaire confirmé ({n} sur 50)"
        )

    donnees = auditer(petition, par=agent).donnees

    (une,) = [ligne for ligne in donnees["journal"] if ligne["acte"] == "confirmer_copetitionnaire"]
    assert (une["fait"], une["fois"]) == ("Co-pétitionnaire confirmé (2 sur 50)", 57)
    assert une["dernier"] == "Co-pétitionnaire confirmé (58 sur 50)"
    gardees = json.loads(donnees["fichier_joint"]["texte"])
    assert [g["fait"] for g in gardees].count("Co-pétitionnaire confirmé (31 sur 50)") == 1


def test_the_whole_dossier_begins_by_where_it_stands_and_what_it_asks(agent):
    petition = PetitionFactory(deposee=True)
    document = auditer(petition, par=agent)
    texte = strip_tags(rediger_document(document))
    rangs = [
        texte.index(mot)
        for mot in (
            "Où en est le dossier",
            "Ensuite",
            petition.demande,
            "Journal",
            "Courriels",
            "Documents et pièces",
        )
    ]
    assert rangs == sorted(rangs)


def test_the_audit_holds_the_whole_journal_and_stays_between_agents(agent):
    petition = PetitionFactory(deposee=True)
    demander(petition, agent)
    actions.noter(petition, par=agent, note="Rappeler lundi.")

    document = auditer(petition, par=agent)

    motifs = [entree["motif"] for entree in document.donnees["journal"]]
    assert "Rappeler lundi." in motifs
    assert document.donnees["demandes"][0]["objet"] == "La Métropole peut-elle décider ?"
    assert not Document.objects.visibles_par(petition.auteur).exists()


def test_a_form_sent_after_the_end_of_a_session_is_given_back_with_what_sends_it_again(client):
    petition = PetitionFactory(deposee=True)
    adresse = reverse("socle:noter", args=[petition.pk])
    client.cookies["connecte"] = "1"

    refus = client.post(adresse, {"texte": "Une longue note."}, headers={"accept": "text/html"})

    page = refus.content.decode()
    assert refus.status_code == 403
    assert '<input type="hidden" name="texte" value="Une longue note.">' in page
    assert "js/reprise" in page  # signing in changed the token: the first « Envoyer de nouveau » was refused
    assert 'type="file"' not in page
    # The typed text is shown under its label; the cookie that shows the link to sign out is cleared.
    assert "<dd>Une longue note.</dd>" in re.sub(r"(?<=>)\s+|\s+(?=<)", "", page)
    assert client.cookies["connecte"].value == ""
    # A browser never sends a file again: it is named, to be chosen again, so that nothing is missing.
    piece = SimpleUploadedFile("plan.pdf", b"%PDF-1.7")
    adresse = reverse("socle:joindre_piece", args=[petition.pk])
    page = lire(client.post(adresse, {"titre": "", "fichier": piece}, headers={"accept": "text/html"}))
    assert "À choisir de nouveau : « plan.pdf »" in page
    assert re.search(r'type="file"[^>]*name="fichier"[^>]*form="renvoi"', page)
    assert 'enctype="multipart/form-data"' in page
