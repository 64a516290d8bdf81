"""Publication and collecte: permissions, états, letters, échéances, journal."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Courriel, Direction, Document
from participation.socle.workflow import Role
from petitions.collecte import actes as collecte
from petitions.collecte import campagne
from petitions.models import Petition, Signature
from petitions.workflow import Etat
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def lettres(acte):
    return Courriel.objects.filter(acte=f"petitions/{acte}")


def test_opening_publishes_for_the_months_of_the_reglement_and_tells_every_petitioner(agent):
    petition = PetitionFactory(recevable=True)
    copetitionnaire = CoPetitionnaireFactory(petition=petition, confirme=True)
    CoPetitionnaireFactory(petition=petition)  # never answered: gets no letter

    collecte.ouvrir_collecte(petition, par=agent)

    petition.refresh_from_db()
    assert petition.etat == Etat.EN_COLLECTE
    assert petition.est_publie
    assert petition.date_fin_collecte == ajouter_mois(
        timezone.localdate(), petition.reglement.duree_collecte_mois
    )
    echeance = petition.echeances.get(cle="fin_collecte")
    assert (echeance.date_limite, echeance.est_legale) == (petition.date_fin_collecte, True)
    assert {c.destinataires[0] for c in lettres("ouvrir_collecte")} == {
        petition.auteur.courriel,
        copetitionnaire.courriel,
    }
    assert petition.journal.filter(acte="ouvrir_collecte", par=agent, est_publique=True).count() == 1
    assert Document.objects.get(dossier=petition.pk).nature == "petitions/affiche"


def test_the_day_of_the_opening_can_be_chosen_and_comes_by_itself(client, agent):
    petition = PetitionFactory(recevable=True)
    demain = timezone.localdate() + timedelta(days=1)
    client.force_login(agent)
    page = reverse("petitions:programmer_ouverture", args=[petition.pk])
    assert client.post(page, {"date_ouverture": timezone.localdate().isoformat()}).status_code == 200
    assert client.post(page, {"date_ouverture": demain.isoformat()}).status_code == 302
    assert collecte.ouvrir_collectes() == 0
    assert not petition.journal.filter(acte="programmer_ouverture", est_publique=True).exists()

    Petition.objects.filter(pk=petition.pk).update(date_ouverture_prevue=timezone.localdate())

    assert collecte.ouvrir_collectes() == 1
    assert collecte.ouvrir_collectes() == 0
    petition.refresh_from_db()
    assert (petition.etat, petition.est_publie) == (Etat.EN_COLLECTE, True)


def test_only_an_agent_opens_and_only_what_is_recevable(agent):
    with pytest.raises(RoleInsuffisant):
        collecte.ouvrir_collecte(PetitionFactory(recevable=True), par=CompteFactory(elu=True))
    with pytest.raises(ActeInterdit):
        collecte.ouvrir_collecte(PetitionFactory(deposee=True), par=agent)


def test_a_correction_keeps_both_texts_and_makes_a_new_poster(agent):
    petition = PetitionFactory(en_collecte=True)
    avant = petition.demande

    collecte.amender(
        petition, par=agent, note="Une faute de nom.", titre=petition.titre, demande="Autre texte.",
        raisons=petition.raisons, competence=petition.competence,
    )  # fmt: skip

    entree = petition.journal.get(acte="amender")
    assert entree.details == {"avant": {"demande": avant}, "apres": {"demande": "Autre texte."}}
    assert (entree.motif, entree.est_publique) == ("Une faute de nom.", True)
    assert Document.objects.filter(dossier=petition.pk, nature="petitions/affiche").count() == 1
    assert "Une faute de nom." in lettres("amender").get().corps


def test_a_correction_that_changes_nothing_is_refused(agent):
    petition = PetitionFactory(en_collecte=True)
    with pytest.raises(ValidationError):
        collecte.amender(
            petition, par=agent, note="Rien.", titre=petition.titre, demande=petition.demande,
            raisons=petition.raisons, competence=petition.competence,
        )  # fmt: skip
    assert not petition.journal.exists()


def test_more_time_is_told_to_signers_who_want_news_with_a_way_out(agent):
    petition = PetitionFactory(en_collecte=True)
    curieux = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True)
    SignatureFactory(petition=petition, confirmee=True)
    SignatureFactory(petition=petition, accord_nouvelles=True)  # never confirmed
    fin = petition.date_fin_collecte + timedelta(days=20)

    collecte.prolonger(petition, par=agent, date_fin=fin, motif="Une panne.")

    assert {c.destinataires[0] for c in lettres("prolonger")} == {petition.auteur.courriel, curieux.courriel}
    lettre = lettres("prolonger").get(destinataires=[curieux.courriel])
    assert "/petitions/nouvelles/" in lettre.entetes["List-Unsubscribe"]
    assert lettre.entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Pour ne plus en recevoir" in lettre.corps
    assert petition.echeances.get(cle="fin_collecte").date_limite == fin


def test_time_cannot_be_shortened(agent):
    petition = PetitionFactory(en_collecte=True)
    with pytest.raises(ValidationError):
        collecte.prolonger(petition, par=agent, date_fin=petition.date_fin_collecte, motif="Non.")


def test_a_pause_stops_signing_and_gives_its_days_back(agent, time_machine):
    petition = PetitionFactory(en_collecte=True)
    collecte.prolonger(
        petition, par=agent, date_fin=petition.date_fin_collecte + timedelta(days=1), motif="Date."
    )
    fin = petition.date_fin_collecte

    collecte.suspendre(petition, par=agent, motif="Période électorale.")
    assert petition.etat == Etat.SUSPENDUE
    assert not petition.est_signable
    assert petition.echeances.get(cle="fin_collecte").suspendue_le == timezone.localdate()

    time_machine.move_to(timezone.localtime() + timedelta(days=33))
    collecte.reprendre(petition, par=agent)

    assert petition.etat == Etat.EN_COLLECTE
    assert petition.date_fin_collecte == fin + timedelta(days=33)
    assert petition.echeances.get(cle="fin_collecte").date_limite == petition.date_fin_collecte
    assert lettres("reprendre").exists()


@pytest.mark.parametrize("trait", ["deposee", "recevable", "a_debattre", "en_panel", "debattue"])
def test_a_pause_ends_where_it_began(agent, trait):
    petition = PetitionFactory(**{trait: True})
    avant = petition.etat
    collecte.suspendre(petition, par=agent, motif="Période électorale.")
    collecte.reprendre(petition, par=agent)
    assert petition.etat == avant


def test_a_campaign_task_is_due_done_reopened_and_removed(agent):
    petition = PetitionFactory(en_collecte=True)
    direction = Direction.objects.first()
    direction.courriel = "direction@example.org"
    direction.save()

    tache = campagne.ajouter_tache(
        petition, par=agent, intitule="Poser l’affiche", equipe="direction", direction=direction,
        date_limite=timezone.localdate() + timedelta(days=3),
    )  # fmt: skip
    cle = f"tache-{tache.pk}"
    assert petition.echeances.ouvertes().get(cle=cle).direction == direction
    assert lettres("ajouter_tache").get().destinataires == ["direction@example.org"]

    campagne.faire_tache(tache, par=agent)
    assert not petition.echeances.ouvertes().filter(cle=cle).exists()
    with pytest.raises(ActeInterdit):
        campagne.faire_tache(tache, par=agent)

    campagne.rouvrir_tache(tache, par=agent)
    assert petition.echeances.ouvertes().filter(cle=cle).exists()

    campagne.supprimer_tache(tache, par=agent)
    assert not petition.taches.exists()
    assert not petition.journal.filter(est_publique=True).exists()


def test_a_direction_says_its_own_task_is_done_and_no_other(client, agent):
    petition = PetitionFactory(en_collecte=True)
    voirie, eau = Direction.objects.all()[:2]
    jour = timezone.localdate() + timedelta(days=3)
    sienne, autre = (
        campagne.ajouter_tache(
            petition, par=agent, intitule=f"Tâche {d.pk}", equipe="direction", direction=d, date_limite=jour
        )
        for d in (voirie, eau)
    )
    compte = CompteFactory()
    compte.appartenances.create(role=Role.AGENT_DIRECTION, direction=voirie)
    client.force_login(compte)

    page = client.get(petition.get_absolute_url()).content.decode()
    assert sienne.intitule in page
    assert autre.intitule not in page
    assert "Supprimer" not in page
    assert client.post(reverse("petitions:faire_tache", args=[sienne.pk])).status_code == 302
    assert client.post(reverse("petitions:faire_tache", args=[autre.pk])).status_code == 403
    assert client.post(reverse("petitions:supprimer_tache", args=[sienne.pk])).status_code == 403

    sienne.refresh_from_db()
    assert sienne.faite_le is not None


def test_a_task_of_a_direction_says_which(agent):
    with pytest.raises(ValidationError):
        campagne.ajouter_tache(
            PetitionFactory(en_collecte=True), par=agent, intitule="Relayer", equipe="direction",
            date_limite=timezone.localdate(),
        )  # fmt: skip


def test_who_filed_it_signs_from_her_letter_in_one_click(client, agent):
    petition = PetitionFactory(recevable=True)
    copetitionnaire = CoPetitionnaireFactory(petition=petition, confirme=True)
    collecte.ouvrir_collecte(petition, par=agent)
    [lettre] = [c for c in lettres("ouvrir_collecte") if c.destinataires == [copetitionnaire.courriel]]
    lien = re.search(r"/petitions/co-petitionnaire/\S+/signer/", lettre.corps)[0]
    [autre] = [c for c in lettres("ouvrir_collecte") if c.destinataires == [petition.auteur.courriel]]
    # the author has not given the answers of a signer
    assert "/signer/" not in autre.corps

    assert "Je signe" in client.get(lien).content.decode()
    assert not Signature.objects.exists()
    reponse = client.post(lien, follow=True)
    client.post(lien)

    assert "votre signature compte" in reponse.content.decode()
    signature = Signature.objects.get()
    assert (signature.etat, signature.commune_id, signature.a_ecrire) == (
        "confirmee",
        copetitionnaire.commune_id,
        False,
    )
    copetitionnaire.retire_le = timezone.now()
    copetitionnaire.save()
    assert client.post(lien).status_code == 409
