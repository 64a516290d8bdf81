"""Submission and adoption of an avis in séance: the adopted text is frozen, disagreements are recorded."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.urls import reverse

from ccspl.redaction import actes as redaction
from ccspl.redaction import preconisations, vote
from ccspl.redaction.actes import empreinte
from ccspl.workflow import Etat
from participation.seances.models import Membre, PointDossier, Seance
from participation.seances.points.decisions import appliquer_decision, decider
from participation.seances.workflow import EtatPoint
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.ccspl.factories import PreconisationFactory
from tests.seances.factories import CollegeFactory, ConvieFactory, MembreFactory, PointFactory, SeanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def soumis(avis, paragraphe, agent):
    vote.soumettre(avis, par=agent)
    return avis


def test_an_adopted_text_is_frozen_hashed_and_published(soumis, agent):
    vote.adopter(soumis, par=agent, sens="favorable")

    version = soumis.versions.get(est_adoptee=True)
    assert version.sha256 == empreinte(version.paragraphes, version.preconisations)
    assert soumis.est_publie
    assert soumis.document.donnees["empreinte"] == version.sha256
    assert soumis.journal.filter(acte="adopter", est_publique=True).exists()
    with pytest.raises(ActeInterdit):
        redaction.rediger(soumis, par=agent, texte="Trop tard.")


def test_the_adopted_version_cannot_be_changed_even_by_hand(soumis, agent):
    vote.adopter(soumis, par=agent, sens="favorable")
    version = soumis.versions.get(est_adoptee=True)

    version.paragraphes = ["Autre chose."]
    with pytest.raises(Error), transaction.atomic():
        version.save()
    with pytest.raises(Error), transaction.atomic():
        version.delete()


def test_an_avis_with_preconisations_needs_one(soumis, agent):
    with pytest.raises(ValidationError, match="aucune préconisation"):
        vote.adopter(soumis, par=agent, sens="preconisations")
    assert not soumis.versions.filter(est_adoptee=True).exists()

    PreconisationFactory(avis=soumis)
    vote.adopter(soumis, par=agent, sens="preconisations")
    assert soumis.etat == Etat.ADOPTE


def test_the_decision_of_a_seance_adopts_in_its_transaction(soumis, agent):
    lien = PointDossier.objects.create(
        point=PointFactory(seance=SeanceFactory(mandature=soumis.mandature, ouverte=True)), dossier=soumis
    )

    appliquer_decision(
        lien, "adopter", par=agent,
        reponses={"sens": "prise_acte", "synthese": "La commission a examiné le rapport."}, vote=None,
    )  # fmt: skip

    soumis.refresh_from_db()
    assert soumis.etat == Etat.ADOPTE
    assert soumis.synthese == "La commission a examiné le rapport."
    assert soumis.journal.filter(acte="decider_en_seance").exists()


def test_a_wording_proposed_in_seance_shows_on_every_screen(client, avis, paragraphe, membre, agent):
    seance = SeanceFactory(mandature=avis.mandature, ouverte=True)
    siege = Membre.objects.get(compte=membre)
    ConvieFactory(seance=seance, membre=siege)
    point = PointFactory(seance=seance, etat=EtatPoint.EN_COURS)
    PointDossier.objects.create(point=point, dossier=avis)
    Seance.objects.filter(pk=seance.pk).update(point_courant=point)

    def demander(nom, compte, version=None):
        client.force_login(compte)
        adresse = reverse(f"seances:{nom}", args=[seance.pk])
        return client.get(adresse, {"version": version} if version else {})

    ecrans = [("animer_etat", agent), ("ecran_etat", agent), ("ma_seance_etat", membre)]
    versions = {}
    for nom, compte in ecrans:
        versions[nom] = re.search(r'data-version="([^"]+)"', demander(nom, compte).content.decode())[1]
        assert demander(nom, compte, versions[nom]).status_code == 204

    redaction.proposer_paragraphe(paragraphe, par=membre, texte="Un bilan public et chiffré.")

    for nom, compte in ecrans:
        reponse = demander(nom, compte, versions[nom])
        assert reponse.status_code == 200, nom
        if nom != "ma_seance_etat":  # the phone shows the number, the other screens the list
            lu = re.sub("<[^>]+>", "", reponse.content.decode())
            assert "public et chiffré" in re.sub(r"\s+", " ", lu), nom


def test_soumettre_from_the_seance_comes_back_to_it(client, avis, paragraphe, agent):
    client.force_login(agent)
    retour = reverse("seances:animer", args=[SeanceFactory(mandature=avis.mandature, ouverte=True).pk])

    reponse = client.post(f"{reverse('ccspl:soumettre', args=[avis.pk])}?retour={retour}", {})

    assert reponse.url == retour


def test_what_the_avis_refuses_the_seance_does_not_keep(agent, avis, paragraphe):
    """The text is still being written: the decision of the séance and the avis are both unchanged."""
    seance = SeanceFactory(mandature=avis.mandature, ouverte=True)
    seance.reglement.quorum = "aucun"
    type(seance.reglement).objects.filter(pk=seance.reglement_id).update(quorum="aucune")
    lien = PointDossier.objects.create(
        point=PointFactory(seance=seance, etat=EtatPoint.EN_COURS), dossier=avis
    )

    with pytest.raises(ErreurMetier):
        decider(lien, "adopter", par=agent, reponses={"sens": "favorable"})

    lien.refresh_from_db()
    avis.refresh_from_db()
    assert (lien.decision, avis.etat) == ("", Etat.EN_REDACTION)


def test_a_rejected_text_is_written_again_and_members_know_why(soumis, agent, membre):
    vote.rejeter(soumis, par=agent, motif="Le paragraphe 2 divise.")

    assert soumis.etat == Etat.EN_REDACTION
    assert "Le paragraphe 2 divise." in Courriel.objects.get(acte="ccspl/rejeter").corps


def test_a_minority_position_is_noted_until_the_avis_is_sent(soumis, membre, agent):
    vote.adopter(soumis, par=agent, sens="favorable")

    preconisations.noter_position(soumis, par=membre, texte="Je demande une régie.")
    preconisations.noter_position(soumis, par=membre, texte="Je demande une régie publique.")

    assert soumis.positions.get().texte == "Je demande une régie publique."
    soumis.document.refresh_from_db()
    assert soumis.document.donnees["positions"][0]["texte"] == "Je demande une régie publique."


def test_a_member_does_not_speak_for_another(soumis, membre):
    autre = MembreFactory(college=CollegeFactory(mandature=soumis.mandature, nom="Autres"))

    with pytest.raises(ErreurMetier):
        preconisations.noter_position(soumis, par=membre, membre=autre, texte="Non.")
