"""A remontée from its entry to its answer: services, sujets, person."""

import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ErreurMetier
from participation.socle.regles.versions import MONTRE
from participation.socle.views.dossier import boutons
from remontees.models import Attribution, Remontee, Sujet
from remontees.parts import actes as parts
from remontees.parts import reponse
from remontees.parts.actes import etat_des_parts
from remontees.parts.reponse import RepondreForm
from remontees.sujets import actes as sujets
from remontees.tri import actes as tri
from remontees.workflow import Etat, EtatAttribution, EtatSujet, Issue
from tests.outils import ensemble
from tests.remontees.factories import (
    AttributionFactory,
    OrganismeFactory,
    RapporteurFactory,
    RemonteeFactory,
    SujetFactory,
    lettres,
)
from tests.remontees.reception.test_capture import photo_prise_sur_place
from tests.socle.factories import DirectionFactory, agent_de_direction

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


def donner(remontee, agent, direction=None):
    return tri.attribuer(
        remontee,
        par=agent,
        a=direction or DirectionFactory(),
        date_limite=timezone.localdate() + timedelta(days=10),
    )


@pytest.mark.parametrize(
    ("etats", "attendu"),
    [
        ([], "tri"),
        (["refusee", "retiree"], "tri"),
        (["envoyee"], "attente"),
        (["repondue", "prise"], "attente"),
        (["repondue", "refusee"], "rendu"),
        (["close", "repondue"], "rendu"),
    ],
)
def test_what_is_treated_goes_where_its_parts_lead(etats, attendu):
    assert etat_des_parts(etats, aucune="tri", attendue="attente", rendues="rendu") == attendu


def test_two_services_answer_then_the_person_does_not_wait_for_a_third(agent):
    remontee = RemonteeFactory()
    RapporteurFactory(remontee=remontee)
    eau, voirie = donner(remontee, agent), donner(remontee, agent)
    assert lettres("attribuer").count() == 2

    parts.repondre_attribution(
        eau, par=None, nom="Hélène Arnoux", issue=Issue.TRAITE, reponse="C’est réparé."
    )
    remontee.refresh_from_db()
    assert remontee.etat == Etat.TRANSMISE
    with pytest.raises(ErreurMetier, match="doit encore répondre"):
        reponse.repondre(remontee, par=agent, issue=Issue.TRAITE, reponse="Réparé.")

    parts.refuser_attribution(voirie, par=None, motif="Ce n’est pas notre rue.")
    remontee.refresh_from_db()
    assert remontee.etat == Etat.A_REPONDRE

    assert reponse.repondre(remontee, par=agent, issue=Issue.TRAITE, reponse="C’est réparé.")
    assert "C’est réparé." in lettres("repondre").get().corps
    assert not remontee.echeances.ouvertes().exists()


def test_once_the_services_have_answered_the_first_button_is_to_answer_the_person(agent):
    remontee = RemonteeFactory(agent=agent)
    part = donner(remontee, agent)
    assert boutons(Remontee.objects.get(pk=remontee.pk), agent).principal is None
    parts.repondre_attribution(part, par=agent, issue=Issue.TRAITE, reponse="C’est réparé.")
    assert boutons(Remontee.objects.get(pk=remontee.pk), agent).principal.acte == "repondre"


def test_refused_by_all_it_comes_back_to_the_triage_with_a_due_day(agent):
    remontee = RemonteeFactory()
    part = donner(remontee, agent)

    parts.refuser_attribution(part, par=None, motif="Pas nous.", oriente_vers="La Région")

    remontee.refresh_from_db()
    assert remontee.etat == Etat.NOUVELLE
    assert remontee.echeances.ouvertes().get().cle == "trier"
    assert "La Région" in lettres("refuser_attribution").get().corps


def test_a_service_has_its_part_once(agent):
    remontee, direction = RemonteeFactory(), DirectionFactory()
    donner(remontee, agent, direction)

    with pytest.raises(ValidationError, match="a déjà sa part"):
        donner(remontee, agent, direction)


def test_an_agent_of_another_direction_reads_nothing_and_answers_nothing(client, agent):
    remontee = RemonteeFactory()
    part = donner(remontee, agent)
    client.force_login(agent_de_direction())

    assert client.get(remontee.get_absolute_url()).status_code == 404
    assert client.post(reverse("remontees:prendre_attribution", args=[part.pk])).status_code == 404


def test_the_service_reads_what_was_said_and_never_who_said_it(client, agent):
    remontee = RemonteeFactory(verbatim="Le lampadaire clignote. Appelez-moi au 06 12 34 56 78, Mme Arnaud.")
    # The text of the person goes to the service too: the agent is warned.
    client.force_login(agent)
    vue = client.get(reverse("remontees:attribuer", args=[remontee.pk])).content.decode().replace("\xa0", " ")
    assert "semblent contenir un numéro de téléphone et le nom d’une personne" in vue
    RapporteurFactory(remontee=remontee, nom="Josette Arnaud", courriel="josette@example.org")
    for titre, contenu in (
        ("Photo", photo_prise_sur_place().read()),
        ("lettre-signee.jpg", photo_prise_sur_place(1).read()),
    ):
        joindre(remontee, fichier=SimpleUploadedFile(f"{titre}.jpg", contenu), titre=titre, par=None)
    part = donner(remontee, agent)
    client.force_login(agent_de_direction(part.direction))

    page = client.get(remontee.get_absolute_url()).content.decode()
    par_lien = client.get(reverse("remontees:attribution", args=[part.jeton()])).content.decode()

    for lu in (page, par_lien, lettres("attribuer").get().corps):
        assert "lampadaire" in lu
        assert "Josette" not in lu
        assert "josette@" not in lu
    # The service sees what it must do, until it is done.
    assert "Pour vous" in page
    # The photo is shown, not the attachment of an email.
    for lu in (page, par_lien):
        (vue,) = re.findall(r'<img class="photo-observation photo-lue"\s+src="([^"]+)"\s+alt="Photo"\s', lu)
        image = client.get(vue)
        assert image["Content-Type"] == "image/jpeg"
        assert b"".join(image.streaming_content)
    assert "Une photo ou une pièce" in lettres("attribuer").get().corps
    signee = remontee.pieces.get(titre="lettre-signee.jpg")
    assert (
        client.get(reverse("remontees:piece_de_la_part", args=[part.jeton(), signee.pk])).status_code == 404
    )

    # A paper added after the answer is hidden, unless the service is asked again.
    parts.repondre_attribution(part, par=None, issue="traite", reponse="Changé.")
    bleue = io.BytesIO()
    Image.new("RGB", (9, 9), "blue").save(bleue, "PNG")
    tard = SimpleUploadedFile("b.png", bleue.getvalue())
    autre = joindre(remontee, fichier=tard, titre="Autre photo", par=agent)
    apres = reverse("remontees:piece_de_la_part", args=[part.jeton(), autre.pk])
    page = client.get(reverse("remontees:attribution", args=[part.jeton()])).content.decode()
    assert client.get(apres).status_code == 404
    assert f"/pieces/{autre.pk}/" not in page
    assert "photo-lue" in page
    parts.clore_attribution(Attribution.objects.get(pk=part.pk), par=None)
    encore = donner(Remontee.objects.get(pk=remontee.pk), agent, part.direction)
    apres = reverse("remontees:piece_de_la_part", args=[encore.jeton(), autre.pk])
    assert b"".join(client.get(apres).streaming_content)
    assert f"/pieces/{autre.pk}/" in client.get(remontee.get_absolute_url()).content.decode()


def test_a_service_answers_by_the_link_of_its_letter(client, agent):
    part = donner(RemonteeFactory(), agent)
    adresse = reverse("remontees:attribution", args=[part.jeton()])

    client.post(adresse, {"acte": "prendre_attribution"})
    part.refresh_from_db()
    assert part.etat == EtatAttribution.PRISE

    refus = client.post(
        adresse, {"acte": "repondre_attribution", "issue": "prevu", "reponse": "En mai.", "nom": "H. Arnoux"}
    )
    assert "Dites pour quand" in refus.content.decode()

    rendue = {
        "acte": "repondre_attribution",
        "issue": "traite",
        "reponse": "C’est réparé.",
        "nom": "H. Arnoux",
    }
    for _ in range(2):
        assert client.post(adresse, rendue).status_code == 302
    assert client.post(adresse, {**rendue, "reponse": "Non, en mai."}).status_code == 409
    part.refresh_from_db()
    assert (part.etat, part.repondue_par) == (EtatAttribution.REPONDUE, "H. Arnoux")
    assert "Dire que c’est fait" in client.get(adresse).content.decode()
    client.post(adresse, {"acte": "clore_attribution"})
    part.refresh_from_db()
    assert part.etat == EtatAttribution.CLOSE


def test_what_is_typed_on_a_part_withdrawn_meanwhile_is_shown_again(client, agent):
    part = donner(RemonteeFactory(), agent)
    parts.retirer_attribution(part, par=agent, motif="Donnée ailleurs.")

    reponse_lue = client.post(
        reverse("remontees:attribution", args=[part.jeton()]),
        {
            "acte": "repondre_attribution",
            "issue": "traite",
            "reponse": "Un texte assez long pour être copié.",
            "nom": "H. Arnoux",
        },
    )

    assert reponse_lue.status_code == 409
    assert "Un texte assez long pour être copié." in reponse_lue.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_answers_of_one_service_at_once_are_one():
    part = AttributionFactory()

    def repondre(texte):
        lue = Attribution.objects.select_related("dossier", "direction").get(pk=part.pk)
        return lambda: parts.repondre_attribution(lue, par=None, issue=Issue.TRAITE, reponse=texte)

    assert ensemble(repondre("Un."), repondre("Deux.")) == ["ActeInterdit", "fait"]
    assert lettres("repondre_attribution").count() == 1


@pytest.mark.parametrize(("avec_courriel", "niveau"), [(True, "success"), (False, "warning")])
def test_an_answer_that_reaches_nobody_is_not_said_as_a_success(client, agent, avec_courriel, niveau):
    remontee = RemonteeFactory()
    if avec_courriel:
        RapporteurFactory(remontee=remontee)
    client.force_login(agent)

    page = client.post(
        reverse("remontees:repondre", args=[remontee.pk]),
        {"issue": "traite", "reponse": "C’est réparé."},
        follow=True,
    )

    assert [message.level_tag for message in page.context["messages"]] == [niveau]


def test_what_is_planned_says_when(agent):
    with pytest.raises(ValidationError, match="pour quand"):
        reponse.repondre(RemonteeFactory(), par=agent, issue=Issue.PREVU, reponse="Bientôt.")


def test_it_is_handed_over_only_with_the_consent_of_the_person(client, agent):
    organisme = OrganismeFactory()
    remontee = RapporteurFactory(accepte_transmission=False).remontee

    with pytest.raises(ErreurMetier, match="n’a pas accepté"):
        tri.orienter(remontee, par=agent, organisme=organisme, transmettre=True)
    client.force_login(agent)
    page = reverse("remontees:orienter", args=[remontee.pk])
    # What the page says names the law of the place: it is compared when it comes back.
    client.post(page, {"organisme": organisme.pk, MONTRE: client.get(page).context["montre"]})

    assert "Nous ne lui avons rien transmis" in lettres("orienter").get().corps
    assert not lettres("transmettre").exists()


def test_the_body_gets_the_person_who_accepted_and_she_is_told_to_whom(agent):
    rapporteur = RapporteurFactory(accepte_transmission=True)

    tri.orienter(rapporteur.remontee, par=agent, organisme=OrganismeFactory(), transmettre=True)

    assert rapporteur.courriel in lettres("transmettre").get().corps
    assert "Régie d’ailleurs" in lettres("orienter").get().corps


def test_the_answer_of_a_sujet_is_told_to_each_person_once(agent):
    sujet = sujets.ouvrir_sujet(Sujet(), par=agent, titre="Éclairage de la place")
    remontees = [RapporteurFactory().remontee for _ in range(3)]
    for remontee in remontees:
        sujets.rattacher(remontee, par=agent, sujet=sujet)
    muette = RemonteeFactory()
    sujets.rattacher(muette, par=agent, sujet=sujet)

    combien = sujets.repondre_sujet(sujet, par=agent, issue=Issue.TRAITE, reponse="La place est éclairée.")

    assert combien == 4
    assert lettres("repondre").count() == 3
    assert set(Remontee.objects.values_list("etat", "reponse")) == {(Etat.REPONDUE, "La place est éclairée.")}
    assert Sujet.objects.get().etat == EtatSujet.REPONDU


def test_a_remontee_taken_out_of_a_sujet_comes_back_to_the_triage(agent):
    remontee = RemonteeFactory(groupee=True)

    sujets.detacher(remontee, par=agent, motif="Une autre rue.")

    assert (remontee.etat, remontee.sujet_commun) == (Etat.NOUVELLE, None)
    assert remontee.echeances.ouvertes().filter(cle="trier").exists()


def test_an_answered_sujet_takes_no_urgent_one(agent):
    with pytest.raises(ErreurMetier, match="rouvrez le sujet"):
        sujets.rattacher(RemonteeFactory(est_urgente=True), par=agent, sujet=SujetFactory(repondu=True))


def test_a_discrimination_has_its_own_circuit(agent):
    remontee = RemonteeFactory(est_discrimination=True)

    with pytest.raises(ErreurMetier, match="propre circuit"):
        donner(remontee, agent)
    with pytest.raises(ErreurMetier, match="propre circuit"):
        sujets.rattacher(remontee, par=agent, sujet=SujetFactory())


@pytest.mark.parametrize("du_sujet", [False, True])
def test_reopening_reaches_the_services_that_had_answered_for_it_or_for_its_sujet(client, agent, du_sujet):
    sujet = SujetFactory(repondu=True, titre="Rue noire") if du_sujet else None
    reconnu = SujetFactory()  # chosen by the person in the form: it answered nothing
    remontee = RemonteeFactory(repondue=True, sujet_commun=sujet, sujet_propose=reconnu)
    parts_rendues = AttributionFactory.create_batch(2, repondue=True, dossier=sujet or remontee)
    ecrites = RepondreForm(objet=sujet or remontee, par=agent).initial["reponse"]
    assert ecrites == "\n\n".join(part.reponse for part in parts_rendues)

    reponse.rouvrir(remontee, par=agent, motif="C’est encore éteint.")

    ecrites = list(lettres("rouvrir"))
    assert sorted(lettre.destinataires for lettre in ecrites) == sorted(p.adresses() for p in parts_rendues)
    assert "C’est encore éteint." in ecrites[0].corps
    client.force_login(agent)
    page = client.get(remontee.get_absolute_url()).content.decode()
    assert ("Déjà répondue avec un sujet" in page) is du_sujet


def test_a_sujet_is_public_only_with_its_text_and_keeps_it(agent):
    sujet = SujetFactory()
    with pytest.raises(ErreurMetier, match="texte du sujet"):
        sujets.publier_sujet(sujet, par=agent)

    sujets.rediger_sujet(sujet, par=agent, titre=sujet.titre, texte_public="On ne voit rien le soir.")
    sujets.publier_sujet(sujet, par=agent)

    with pytest.raises(ErreurMetier, match="ne peut pas être vide"):
        sujets.rediger_sujet(sujet, par=agent, titre=sujet.titre, texte_public="")


def test_the_clock_closes_what_was_answered_long_ago_and_nothing_else():
    ancienne = RemonteeFactory(repondue=True, repondue_le=timezone.localtime() - timedelta(days=40))
    recente = RemonteeFactory(repondue=True)

    assert reponse.clore_les_repondues() == 1

    ancienne.refresh_from_db()
    recente.refresh_from_db()
    assert (ancienne.etat, recente.etat) == (Etat.CLOSE, Etat.REPONDUE)


def test_ten_rows_of_the_list_cost_what_one_costs(client, agent):
    client.force_login(agent)
    RemonteeFactory()
    client.get(reverse("remontees:remontees"))  # values cached by the process
    with CaptureQueriesContext(connection) as une:
        client.get(reverse("remontees:remontees"))
    RemonteeFactory.create_batch(10)

    with CaptureQueriesContext(connection) as onze:
        page = client.get(reverse("remontees:remontees"))

    assert len(onze) <= len(une)
    assert page.content.decode().count("REM-") >= 11
