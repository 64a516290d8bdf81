"""After the thresholds: steps, permissions, échéances, letters."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Direction
from participation.suites import actes as actes_suites
from petitions.collecte import actes as collecte
from petitions.conseil import actes as conseil
from petitions.conseil import jalons
from petitions.conseil import panel as panel_citoyen
from petitions.models import SeuilAtteint
from petitions.workflow import Etat
from tests.outils import jour
from tests.petitions.examen import tout_remplir
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction():
    return Direction.objects.get(sigle="MOB")


def atteindre(petition, effet="debat"):
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet=effet))
    return petition


def destinataires(acte):
    return {c.destinataires[0] for c in Courriel.objects.filter(acte=f"petitions/{acte}")}


def test_no_council_without_its_threshold(agent):
    with pytest.raises(ErreurMetier, match="n’est pas atteint"):
        conseil.inscrire_au_conseil(PetitionFactory(en_collecte=True), par=agent, date=jour(20))


def test_a_lost_threshold_opens_nothing(agent):
    petition = atteindre(PetitionFactory(en_collecte=True))
    petition.seuils_atteints.update(perdu_le=timezone.now())
    with pytest.raises(ErreurMetier):
        conseil.inscrire_au_conseil(petition, par=agent, date=jour(20))


def test_the_council_date_is_due_told_and_may_be_moved(agent):
    petition = atteindre(PetitionFactory(a_debattre=True))
    curieux = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True)

    conseil.inscrire_au_conseil(petition, par=agent, date=jour(20))
    conseil.inscrire_au_conseil(petition, par=agent, date=jour(40))

    assert petition.date_conseil == jour(40)
    assert petition.echeances.get(cle="debat").date_limite == jour(40)
    assert petition.jalons.get(nature="conseil").date == jour(40)
    assert destinataires("inscrire_au_conseil") == {petition.auteur.courriel, curieux.courriel}


def test_a_council_of_the_past_is_refused(agent):
    with pytest.raises(ValidationError):
        conseil.inscrire_au_conseil(atteindre(PetitionFactory(a_debattre=True)), par=agent, date=jour(-1))


def test_the_note_and_the_meeting_come_before_the_debate(agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    petition = atteindre(PetitionFactory(a_debattre=True))

    conseil.transmettre_note(
        petition, par=agent, date=jour(0), texte="Ce qu’il faut savoir.",
        fichier=SimpleUploadedFile("note.txt", b"La note."),
    )  # fmt: skip
    conseil.rencontrer(petition, par=agent, date=jour(5), lieu="Salle 4")

    assert petition.jalons.get(nature="note").pieces.get().est_publique
    assert petition.echeances.ouvertes().get(cle="rencontre").date_limite == jour(5)
    assert destinataires("rencontrer") == {petition.auteur.courriel}


def test_the_panel_needs_the_second_threshold_then_gives_its_opinion(agent):
    petition = atteindre(PetitionFactory(a_debattre=True))
    with pytest.raises(ErreurMetier):
        panel_citoyen.ouvrir_panel(petition, par=agent, date=jour(10))

    atteindre(petition, "panel")
    # The panel gives its opinion before the debate, whichever day is set first.
    conseil.inscrire_au_conseil(petition, par=agent, date=jour(10))
    with pytest.raises(ValidationError, match="le panel donne son avis avant"):
        panel_citoyen.ouvrir_panel(petition, par=agent, date=jour(10))
    panel_citoyen.ouvrir_panel(petition, par=agent, date=jour(9), lieu="Échirolles")
    assert petition.etat == Etat.EN_PANEL
    panel = petition.panels.get()
    assert (panel.places, panel.date_premiere_seance, panel.est_publie) == (30, jour(9), False)
    with pytest.raises(ValidationError, match="choisissez un jour plus tard"):
        conseil.inscrire_au_conseil(petition, par=agent, date=jour(9))
    conseil.inscrire_au_conseil(petition, par=agent, date=jour(40))
    assert petition.echeances.ouvertes().get(cle="panel").date_limite == jour(40)

    panel_citoyen.recevoir_avis_panel(petition, par=agent, date=jour(0), avis="Le panel soutient la demande.")
    assert petition.etat == Etat.A_DEBATTRE
    assert not petition.echeances.ouvertes().filter(cle="panel").exists()
    # Led elsewhere: nobody prepares it here any more.
    panel.refresh_from_db()
    assert panel.etat == "clos"
    assert not panel.echeances.ouvertes().exists()
    assert "Le panel soutient" in Courriel.objects.get(acte="petitions/recevoir_avis_panel").corps


def test_the_debate_makes_the_answer_due(agent):
    petition = atteindre(PetitionFactory(a_debattre=True))
    conseil.constater_debat(
        petition,
        par=agent,
        date=jour(-2),
        issue="Le conseil a débattu.",
        lien_video="https://example.org/v",
        raison_sans_preparation="Le calendrier ne l’a pas permis.",
    )

    assert petition.etat == Etat.DEBATTUE
    reponse = petition.echeances.get(cle="reponse")
    assert reponse.est_legale
    assert reponse.date_limite == ajouter_mois(jour(-2), petition.reglement.delai_reponse_mois)
    assert not petition.echeances.ouvertes().filter(cle="debat").exists()


def test_the_panel_is_not_skipped_in_silence(agent, client):
    petition = atteindre(PetitionFactory(a_debattre=True), "panel")
    client.force_login(agent)
    url = reverse("petitions:constater_debat", args=[petition.pk])
    reponses = {"date": jour(0).isoformat(), "issue": "Le conseil a débattu."}

    assert "dites publiquement pourquoi" in client.get(url).content.decode()
    assert "Dites pourquoi le conseil a débattu sans l’avis" in client.post(url, reponses).content.decode()
    assert "est à ouvrir avant le débat" in client.get(petition.get_public_url()).content.decode()
    raisons = {"raison_sans_panel": "Les pétitionnaires y renoncent.", "raison_sans_preparation": "Pressés."}
    client.post(url, {**reponses, **raisons})

    petition.refresh_from_db()
    assert petition.etat == Etat.DEBATTUE
    assert "Les pétitionnaires y renoncent." in client.get(petition.get_public_url()).content.decode()
    assert "Les pétitionnaires y renoncent." in Courriel.objects.get(acte="petitions/constater_debat").corps


def test_a_debate_on_another_day_forgets_the_hour_and_place_that_were_announced(agent, client):
    petition = atteindre(PetitionFactory(a_debattre=True))
    conseil.inscrire_au_conseil(
        petition, par=agent, date=jour(9), lieu="Salle du conseil", heure_debut=time(9, 30)
    )
    jalon = petition.jalons.get(nature="conseil")
    client.force_login(agent)
    url = reverse("petitions:constater_debat", args=[petition.pk])
    reponses = {"date": jour(0).isoformat(), "issue": "Débattu.", "raison_sans_preparation": "Pressés."}
    assert "cochez la case en dessous" in client.post(url, reponses).content.decode()

    assert client.post(url, {**reponses, "autre_jour": "on"}).status_code == 302

    tenu = petition.jalons.get(nature="conseil")
    assert (tenu.date, tenu.heure_debut, tenu.lieu, tenu.sequence) == (jour(0), None, "", jalon.sequence + 1)
    lettre = Courriel.objects.filter(acte="petitions/constater_debat").first().corps
    assert "Il était annoncé pour un autre jour" in lettre
    assert "Pressés." in lettre


def test_a_council_on_a_sunday_is_said_on_purpose(agent, client):
    petition = atteindre(PetitionFactory(a_debattre=True))
    client.force_login(agent)
    url = reverse("petitions:inscrire_au_conseil", args=[petition.pk])
    dimanche = jour(7 + 6 - jour(0).weekday())

    assert "n’est pas un jour de travail" in client.post(url, {"date": dimanche.isoformat()}).content.decode()
    assert not petition.jalons.exists()
    assert client.post(url, {"date": dimanche.isoformat(), "est_sur": "on"}).status_code == 302


def test_the_elus_chosen_are_invited_to_the_meeting_with_its_appointment(agent, client):
    petition = atteindre(PetitionFactory(a_debattre=True))
    elue = CompteFactory(elu=True)
    client.force_login(agent)

    client.post(
        reverse("petitions:rencontrer", args=[petition.pk]),
        {"date": jour(9).isoformat(), "heure_debut": "18:00", "lieu": "Salle 4", "elus": [elue.pk]},
    )

    lettre = Courriel.objects.get(acte="petitions/rencontrer_elu")
    assert lettre.destinataires == [elue.courriel]
    assert lettre.pieces.count() == 1


def test_a_debate_to_come_cannot_be_noted(agent):
    with pytest.raises(ValidationError):
        conseil.constater_debat(PetitionFactory(a_debattre=True), par=agent, date=jour(1), issue="Demain.")


def test_the_answer_reaches_petitioners_and_curious_signers_once(agent):
    petition = PetitionFactory(debattue=True)
    curieux = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True, langue="ar")
    SignatureFactory(
        petition=petition, confirmee=True, courriel=petition.auteur.courriel, accord_nouvelles=True
    )

    conseil.repondre(petition, par=agent, reponse="La Métropole fera la piste.")

    assert petition.etat == Etat.REPONDUE
    assert petition.conservation_jusqu_au == ajouter_mois(jour(0), petition.reglement.conservation_mois)
    assert destinataires("repondre") == {petition.auteur.courriel, curieux.courriel}
    assert Courriel.objects.filter(acte="petitions/repondre").count() == 2
    lettre = Courriel.objects.get(acte="petitions/repondre", destinataires=[curieux.courriel])
    assert (lettre.langue, "La Métropole fera la piste.\nهذا النص بالفرنسية فقط." in lettre.corps) == (
        "ar",
        True,
    )


def test_without_a_threshold_data_are_kept_for_less_time(agent):
    petition = PetitionFactory(collecte_close=True)
    conseil.clore(petition, par=agent)
    assert petition.conservation_jusqu_au == ajouter_mois(
        jour(0), petition.reglement.conservation_sans_seuil_mois
    )


def test_a_dossier_is_not_closed_while_a_suite_is_owed(agent, direction):
    petition = PetitionFactory(repondue=True)
    suite = actes_suites.ajouter_suite(
        petition, par=agent, intitule="Faire la piste", direction=direction, date_limite=jour(9)
    )

    with pytest.raises(ErreurMetier, match="Une suite est encore"):
        conseil.clore(petition, par=agent)
    suite.etat, suite.motif = "non_suivie", "Trop cher."
    suite.save()
    conseil.clore(petition, par=agent, motif="Merci.")

    assert petition.etat == Etat.CLOSE
    assert petition.clos_le
    assert not petition.echeances.ouvertes().exists()


def test_only_the_service_answers():
    for role in ("elu", "accueil"):
        with pytest.raises(RoleInsuffisant):
            conseil.repondre(
                PetitionFactory(debattue=True), par=CompteFactory(**{role: True}), reponse="Non."
            )


def test_a_meeting_that_is_past_is_due_no_more(agent, time_machine):
    petition = PetitionFactory(debattue=True)
    conseil.fixer_restitution(petition, par=agent, date=jour(3), lieu="Vizille")
    assert jalons.constater_jalons() == 0
    time_machine.move_to(timezone.localtime() + timedelta(days=5))
    assert jalons.constater_jalons() == 1
    assert jalons.constater_jalons() == 0


def test_a_link_alone_does_not_stop_the_news_a_bare_post_does(client):
    signature = SignatureFactory(confirmee=True, accord_nouvelles=True)
    adresse = reverse("petitions:ne_plus_recevoir", args=[signature.LIEN_NOUVELLES.jeton(signature)])

    assert client.get(adresse).status_code == 200
    signature.refresh_from_db()
    assert signature.accord_nouvelles

    assert client.post(adresse, {"List-Unsubscribe": "One-Click"}).status_code == 200
    signature.refresh_from_db()
    assert not signature.accord_nouvelles
    assert signature.etat == "confirmee"
    assert client.get(reverse("petitions:ne_plus_recevoir", args=["faux"])).status_code == 404


def test_each_act_of_the_service_has_its_page(client, agent):
    client.force_login(agent)
    cas = {
        "recevable": ["ouvrir_collecte"],
        "en_collecte": ["amender", "prolonger", "suspendre"],
        "a_debattre": [
            "transmettre_note",
            "rencontrer",
            "inscrire_au_conseil",
            "ouvrir_panel",
            "constater_debat",
        ],
        "en_panel": ["recevoir_avis_panel"],
        "debattue": ["ajouter_suite", "fixer_restitution", "repondre"],
        "repondue": ["clore"],
    }
    for trait, actes in cas.items():
        petition = PetitionFactory(**{trait: True})
        for acte in actes:
            page = client.get(reverse(f"petitions:{acte}", args=[petition.pk]))
            assert page.status_code == 200, acte
            assert petition.transition(acte).libelle in page.content.decode()


def test_the_page_of_an_act_acts(client, agent):
    client.force_login(agent)
    petition = PetitionFactory(debattue=True)

    rejet = client.post(reverse("petitions:repondre", args=[petition.pk]), {"reponse": ""})
    assert rejet.status_code == 200
    apercu = client.post(
        reverse("petitions:repondre", args=[petition.pk]), {"reponse": "Oui.", "apercu": "oui"}
    )
    assert "Voici la réponse" in apercu.content.decode()
    petition.refresh_from_db()
    assert petition.etat == Etat.DEBATTUE

    fait = client.post(reverse("petitions:repondre", args=[petition.pk]), {"reponse": "Oui."})
    assert fait.status_code == 302
    petition.refresh_from_db()
    assert petition.etat == Etat.REPONDUE


def test_the_dossier_shows_the_way_and_the_campaign(client, agent, direction):
    client.force_login(agent)
    petition = PetitionFactory(repondue=True)
    actes_suites.ajouter_suite(
        petition, par=agent, intitule="Faire la piste", direction=direction, date_limite=jour(9)
    )
    page = client.get(reverse("petitions:dossier", args=[petition.pk])).content.decode()
    assert "Faire la piste" in page
    assert "Campagne d’information" in page
    assert "Du seuil à la réponse" in page


def test_no_button_leads_to_a_threshold_that_is_not_reached(agent):
    petition = PetitionFactory(a_debattre=True)
    assert "inscrire_au_conseil" not in petition.actes_permis_a(agent)
    debat = atteindre(PetitionFactory(a_debattre=True)).actes_permis_a(agent)
    assert "inscrire_au_conseil" in debat
    assert "ouvrir_panel" not in debat
    assert "ouvrir_panel" in atteindre(PetitionFactory(a_debattre=True), "panel").actes_permis_a(agent)


def test_a_dossier_links_no_suite_that_its_reader_may_not_open(agent, client):
    sienne, autre = DirectionFactory(), DirectionFactory()
    petition = PetitionFactory(debattue=True)
    demandees = [
        actes_suites.ajouter_suite(
            petition,
            par=agent,
            intitule=f"Pour {d}",
            direction=d,
            date_limite=jour(60),
            demandee_par="la pétition",
        )
        for d in (sienne, autre)
    ]
    client.force_login(agent_de_direction(sienne))

    page = client.get(petition.get_absolute_url()).content.decode()

    liens = [reverse("suites:suite", args=[suite.pk]) in page for suite in demandees]
    assert liens == [True, False]
    assert f"Pour {autre}" in page


def test_every_signer_is_told_of_a_correction_and_may_withdraw(agent, client):
    petition = PetitionFactory(en_collecte=True)
    signature = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=False)

    collecte.amender(
        petition,
        par=agent,
        note="Le nom de la rue était faux.",
        titre=petition.titre,
        demande="Autre demande.",
        raisons=petition.raisons,
        competence=petition.competence,
    )

    lettre = Courriel.objects.get(acte="petitions/dire_la_correction")
    assert lettre.destinataires == [signature.courriel]
    assert "Le nom de la rue était faux." in lettre.corps
    lien = reverse("petitions:ma_signature", args=[signature.jeton()])
    assert lien in lettre.corps
    assert "Retirer" in client.get(lien).content.decode()


def test_what_is_asked_of_an_agent_is_a_link_to_where_she_does_it(agent, client):
    petition = PetitionFactory(deposee=True)
    tout_remplir(petition, agent)
    client.force_login(agent)
    page = client.get(petition.get_absolute_url()).content.decode()
    assert (
        f'<a href="{reverse("petitions:demander_avis", args=[petition.pk])}">demandez les avis utiles</a>'
        in page
    )
