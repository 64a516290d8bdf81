"""The yearly study of a commission d’évaluation: deposited with its document, published, presented to the assembly."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.engagements.models import Etude
from participation.suites.rendu_compte.actes import demander_rapport
from tests.cadres.test_cahiers import PDF
from tests.engagements.factories import DeliberationFactory
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


def test_it_is_deposited_published_from_the_page_of_the_engagements_and_presented(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    annee = jour(0).year
    dit = {
        "instance": InstanceFactory().pk, "annee": annee, "titre": "Qui vient aux réunions", "constats": "Peu de jeunes.",
        "date_limite": jour(60).isoformat(),
    }  # fmt: skip
    adresse = reverse("engagements:deposer_etude")
    texte = SimpleUploadedFile("etude.txt", b"Bonjour", "text/plain")
    assert "Envoyez un PDF" in client.post(adresse, {**dit, "fichier": texte}).content.decode()
    tard = {**dit, "date_limite": jour(-1).isoformat(), "fichier": SimpleUploadedFile("etude.pdf", PDF)}
    assert "Cette date est déjà passée" in client.post(adresse, tard).content.decode()
    client.post(adresse, {**dit, "fichier": SimpleUploadedFile("etude.pdf", PDF)})
    etude = Etude.objects.get()
    assert etude.echeances.get().date_limite == jour(60)
    les_deux = client.post(adresse, {**dit, "chambre": "on", "fichier": SimpleUploadedFile("e.pdf", PDF)})
    assert "Dites de qui il vient" in les_deux.content.decode()
    deux = client.post(adresse, {**dit, "fichier": SimpleUploadedFile("e.pdf", PDF)})
    assert "déjà son étude" in deux.content.decode()
    assert Etude.objects.count() == 1
    engagements = reverse("engagements:engagements")
    assert etude.titre not in client.get(engagements).content.decode()
    assert client.get(etude.get_public_url()).status_code == 404

    client.post(reverse("engagements:publier_etude", args=[etude.pk]))

    assert etude.get_public_url() in client.get(engagements).content.decode()
    page = client.get(etude.get_public_url()).content.decode()
    piece = reverse("socle:piece", args=[etude.piece_id])
    assert piece in page
    client.logout()
    assert b"".join(client.get(piece).streaming_content) == PDF

    guichet = Guichet(agent, en_hate=True)
    modifier = reverse("engagements:modifier_etude", args=[etude.pk])
    guichet.aller(modifier)
    assert "La page publique change aussitôt." in guichet.dit
    guichet.joindre("neuve.pdf", PDF + b"%", "application/pdf")
    guichet.valider(constats="Peu de jeunes, peu de locataires.")
    etude.refresh_from_db()
    assert etude.constats == "Peu de jeunes, peu de locataires."
    assert b"".join(client.get(reverse("socle:piece", args=[etude.piece_id])).streaming_content) == PDF + b"%"
    assert client.get(piece).status_code == 404  # the former document is gone

    client.force_login(agent)
    deliberation = DeliberationFactory(numero="2026-0042")
    presenter = reverse("engagements:presenter_etude", args=[etude.pk])
    demain = {"presentee_le": jour(1).isoformat(), "deliberation": deliberation.numero}
    assert "pas encore venu" in client.post(presenter, demain).content.decode()
    client.post(
        presenter, {**demain, "presentee_le": jour(0).isoformat(), "retour": "Le conseil en prend acte."}
    )
    page = client.get(etude.get_public_url()).content.decode()
    assert "Le conseil en prend acte." in page
    assert deliberation.get_public_url() in page
    assert not etude.echeances.ouvertes().exists()


def test_the_observations_of_the_chamber_are_followed_by_suites_and_have_their_report(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    dit = {
        "chambre": "on",
        "annee": jour(0).year,
        "titre": "Gestion de l’eau",
        "constats": "Trois recommandations.",
    }
    client.post(
        reverse("engagements:deposer_etude"),
        {**dit, "date_limite": jour(300).isoformat(), "fichier": SimpleUploadedFile("rod.pdf", PDF)},
    )
    observations = Etude.objects.get()
    client.post(reverse("engagements:publier_etude", args=[observations.pk]))
    client.post(
        reverse("engagements:ajouter_suite", args=[observations.pk]),
        {
            "intitule": "Publier le prix de l’eau",
            "origine": "demandee",
            "direction": DirectionFactory().pk,
            "date_limite": jour(90).isoformat(),
        },
    )

    page = client.get(observations.get_public_url()).content.decode()
    assert "Chambre régionale des comptes" in page
    assert "Demandé par la chambre régionale des comptes" in page
    assert "Publier le prix de l’eau" in page
    rapport = demander_rapport(jour(0).year, par=agent, instrument="etude")
    assert [(s["dossier"], s["intitule"]) for s in rapport.donnees["suites"]] == [
        ("Gestion de l’eau", "Publier le prix de l’eau")
    ]
