"""The cahier d’acteur: asked for by an address, deposited by its link, read by an agent, then public with the démarche."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.cadres import cahiers
from participation.cadres.models import Cadre, Cahier
from participation.cadres.oubli import oublier
from participation.cadres.workflow import EtatCahier
from participation.socle.actions.moderation import contester_moderation, juger_moderation
from participation.socle.actions.oubli import Personne
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Dossier, Moderation
from tests.cadres.factories import CadreFactory, CahierFactory
from tests.contrat_ville.factories import ProjetFactory
from tests.engagements.factories import EtudeFactory, PropositionFactory, TempsFortFactory
from tests.outils import jour
from tests.panels.factories import PanelFactory
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import SujetFactory
from tests.socle.factories import CompteFactory, raison

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def demarche(agent):
    return CadreFactory(annonce=True, agent=agent, cahiers_jusqu_au=jour(20))


def document(nom="cahier.pdf"):
    return SimpleUploadedFile(nom, PDF, "application/pdf")


def test_an_organisation_proves_its_address_deposits_and_is_read_before_it_is_public(client, agent, demarche):
    page = demarche.get_public_url()
    demande = reverse("cadres:proposer_cahier", args=[demarche.reference])
    assert demande in client.get(page).content.decode()
    client.post(demande, {"organisation": "Les amis du parc", "courriel": "parc@example.org"})
    cahier = Cahier.objects.get()
    lettre = Courriel.objects.get(acte="cadres/demander_cahier")
    assert "Les amis du parc" not in lettre.corps  # no word of a stranger
    confirmer = re.search(r"/demarches/cahiers/\S+/confirmer/", lettre.corps)[0]
    depot = reverse("cadres:deposer_cahier", args=[cahier.jeton()])
    assert client.get(depot)["Location"].endswith("/confirmer/")

    assert client.post(confirmer).status_code == 303
    client.post(
        demande, {"organisation": "Les menteurs du parc", "courriel": "parc@example.org"}
    )  # a stranger
    assert Cahier.objects.get().organisation == "Les amis du parc"
    dit = {"resume": "Gardez les bancs.", "accord": "on"}
    assert client.post(depot, {**dit, "fichier": document("cahier.txt")}).status_code == 422
    assert client.post(depot, {"resume": "x", "fichier": document()}).status_code == 422  # no consent
    assert client.post(depot, {**dit, "fichier": document()}).status_code == 303
    assert client.post(depot, {**dit, "resume": "Gardez les bancs, et l’ombre."}).status_code == 303

    cahier.refresh_from_db()
    assert (cahier.etat, cahier.piece.nom) == (EtatCahier.A_LIRE, "cahier.pdf")
    piece = reverse("socle:piece", args=[cahier.piece_id])
    assert "Gardez les bancs" not in client.get(page).content.decode()
    assert client.get(piece).status_code == 302
    assert demarche.echeances.ouvertes().get(cle=cahier.cle_d_echeance).responsable == agent
    assert any("cahier" in dit for dit in Cadre.objects.get().obstacles("verifier_cadre", agent))

    cahiers.publier_cahier(cahier, par=agent)

    lue = client.get(page).content.decode()
    assert "Gardez les bancs, et l’ombre." in lue
    # Listed with the dossiers of the démarche, whatever their app.
    for dossier in (PropositionFactory(publiee=True), SujetFactory(publie=True)):
        demarche.rattachements.create(genre=dossier._meta.label_lower, numero=dossier.pk, titre=dossier.titre)
        assert "Gardez les bancs, et l’ombre." in client.get(dossier.get_public_url()).content.decode()
    assert "parc@example.org" not in lue
    assert b"".join(client.get(piece).streaming_content) == PDF
    assert not demarche.echeances.ouvertes().filter(cle=cahier.cle_d_echeance).exists()
    assert Courriel.objects.get(acte="cadres/publier_cahier").destinataires == ["parc@example.org"]
    assert "Gardez les bancs, et l’ombre." in client.get(depot).content.decode()
    with pytest.raises(ErreurMetier):
        cahiers.deposer_cahier(Cahier.objects.get(), resume="Autre chose.")

    cahiers.ecarter_cahier(
        Cahier.objects.get(), par=agent, raison=raison(), motif="L’organisation le retire."
    )
    assert "Gardez les bancs" not in client.get(page).content.decode()
    assert client.get(piece).status_code == 302

    assert "Contester une décision" in client.get(depot).content.decode()
    moderation = Moderation.objects.get()
    contester_moderation(moderation, contestation="Nous ne le retirons pas.")
    juger_moderation(moderation, par=CompteFactory(agent=True), issue="levee", reponse="Oui.")
    assert "Gardez les bancs, et l’ombre." in client.get(page).content.decode()
    faits = {ligne.acte: (ligne.fait, ligne.est_publique, ligne.par_qui) for ligne in demarche.journal.all()}
    assert faits["deposer_cahier"] == ("Cahier d’acteur déposé", False, "par le lien reçu")
    assert faits["publier_cahier"][:2] == ("Cahier d’acteur publié", True)


def test_an_agent_enters_what_came_on_paper_and_invites_only_while_they_are_received(client, agent, demarche):
    client.force_login(agent)
    saisir = reverse("cadres:saisir_cahier", args=[demarche.pk])
    client.post(saisir, {"organisation": "Club", "resume": "Oui.", "fichier": document(), "accord": "on"})
    assert Cahier.objects.get().etat == EtatCahier.A_LIRE
    cahiers.demander_cahier(demarche, par=agent, organisation="Ligue", courriel="ligue@example.org")
    assert Courriel.objects.get(acte="cadres/demander_cahier").destinataires == ["ligue@example.org"]

    Cadre.objects.update(cahiers_jusqu_au=jour(-1))
    ferme = Cadre.objects.get()
    for par in (agent, None):
        with pytest.raises(ErreurMetier):
            cahiers.demander_cahier(ferme, par=par, organisation="Tard", courriel="tard@example.org")
    page = client.get(reverse("cadres:proposer_cahier", args=[ferme.reference])).content.decode()
    assert "Ils l’étaient jusqu’au" in page


def test_any_public_dossier_asks_for_cahiers_without_a_demarche_and_lists_them(client, agent):
    sujet = SujetFactory(publie=True)
    demande, page = reverse("cadres:proposer_cahier", args=[sujet.reference]), sujet.get_public_url()
    assert client.get(demande).status_code == 404
    with pytest.raises(ErreurMetier, match="pas public"):
        cahiers.recevoir_cahiers(SujetFactory(), par=agent, cahiers_jusqu_au=jour(20))
    client.force_login(agent)
    recevoir = reverse("cadres:recevoir_cahiers", args=[sujet.pk])
    assert recevoir in client.get(sujet.get_absolute_url()).content.decode()
    assert "déjà passé" in client.post(recevoir, {"cahiers_jusqu_au": jour(-1)}).content.decode()
    client.post(recevoir, {"cahiers_jusqu_au": jour(20)})
    client.logout()
    assert demande in client.get(page).content.decode()
    client.post(demande, {"organisation": "Les amis du parc", "courriel": "parc@example.org"})
    cahier = Cahier.objects.get()
    assert f"« {sujet.titre} »" in Courriel.objects.get(acte="cadres/demander_cahier").corps
    cahiers.confirmer_cahier(cahier)
    depot = reverse("cadres:deposer_cahier", args=[cahier.jeton()])
    client.post(depot, {"resume": "Gardez les bancs.", "accord": "on", "fichier": document()})
    assert "Gardez les bancs." not in client.get(page).content.decode()

    client.force_login(agent)
    publier = reverse("cadres:publier_cahier", args=[cahier.pk])
    assert publier in client.get(sujet.get_absolute_url()).content.decode()
    client.post(publier)

    client.logout()
    assert "Gardez les bancs." in client.get(page).content.decode()
    assert "bancs" not in str(sujet.journal.filter(est_publique=True).values_list("fait"))


def test_a_window_that_aged_loses_no_word_of_anybody(client, agent):
    cahier = CahierFactory()
    depot = reverse("cadres:deposer_cahier", args=[cahier.jeton()])
    vu = re.search(r'name="vu" value="(\w+)"', client.get(depot).content.decode())[1]
    premier = {"resume": "Gardez les bancs.", "accord": "on", "vu": vu}
    for _ in range(2):  # a second click is no conflict
        assert client.post(depot, premier | {"fichier": document()}).status_code == 303

    autre = client.post(depot, {**premier, "resume": "Ôtez les bancs."})
    assert autre.status_code == 422
    lues = autre.content.decode()
    assert "Ôtez les bancs." in lues
    assert "Gardez les bancs." in lues

    cahiers.publier_cahier(Cahier.objects.get(), par=agent)
    trop_tard = client.post(depot, {**premier, "resume": "Ôtez les bancs."})
    assert trop_tard.status_code == 409
    assert "Ôtez les bancs." in trop_tard.content.decode()
    assert Cahier.objects.get().resume == "Gardez les bancs."


@pytest.mark.parametrize(
    "publier",
    [
        lambda: EtudeFactory(publiee=True),
        lambda: TempsFortFactory(est_publie=True),
        lambda: ProjetFactory(notifie=True, est_publie=True),
        lambda: PanelFactory(inscription=True),
        lambda: PetitionFactory(en_collecte=True),
    ],
    ids=["étude", "temps fort", "projet de quartier", "panel", "pétition"],
)
def test_each_public_page_shows_a_cahier_and_its_document_once(client, publier):
    dossier = publier()
    Dossier.objects.filter(pk=dossier.pk).update(cahiers_jusqu_au=jour(20), est_publie=True)
    cahier = CahierFactory(dossier=Dossier.objects.get(pk=dossier.pk), depose=True)
    cahiers.publier_cahier(cahier, par=CompteFactory(agent=True))

    lue = client.get(dossier.get_public_url()).content.decode()

    assert lue.count("Gardez les bancs.") == 1
    assert lue.count(reverse("socle:piece", args=[cahier.piece_id])) == 1


def test_an_address_that_nobody_proved_is_erased_and_that_of_who_asks_to_be_forgotten(demarche):
    deposes = CahierFactory(dossier=demarche, depose=True, courriel="depot@example.org")
    CahierFactory(dossier=demarche, courriel="attend@example.org")
    CahierFactory(dossier=demarche, confirme_le=None)
    Cahier.objects.update(demande_le="2020-01-01T12:00Z")

    assert effacer_sans_preuve() == 1
    for adresse in ("depot@example.org", "attend@example.org"):
        oublier(Personne(adresse))

    assert [(c.organisation, c.courriel) for c in Cahier.objects.all()] == [(deposes.organisation, "")]
