"""Answer of a direction by signed link; an agent publishes it, or sets it aside with a reason."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from participation.suites import actes as suites
from participation.suites import preuves as preuves_suites
from participation.suites import reponses
from participation.suites.models import ReponseDirection
from participation.suites.workflow import Etat
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db
SAISIE = {"etat": "suivie", "texte_public": "La piste sera faite en mars.", "nom": "Hélène Arnoux"}


@pytest.fixture(autouse=True)
def fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def promettre(agent):
    return suites.ajouter_suite(
        PetitionFactory(debattue=True, agent=agent), par=agent, intitule="Faire la piste", direction=DirectionFactory()
    )  # fmt: skip


@pytest.fixture
def suite(agent):
    return promettre(agent)


@pytest.fixture
def adresse(suite):
    return reverse("suites:repondre", args=[suite.jeton()])


def test_the_letter_of_the_promise_holds_the_link(suite):
    lettre = Courriel.objects.get(acte="suites/ajouter_suite")
    assert "/suites/repondre/" in lettre.corps


def test_a_look_changes_nothing_and_a_post_keeps_the_answer_for_the_service(client, suite, adresse):
    page = client.get(adresse).content.decode()
    assert "Faire la piste" in page
    assert suite.dossier.titre[:20] in page
    assert not ReponseDirection.objects.exists()

    reponse = client.post(adresse, SAISIE, follow=True)

    assert "Votre réponse est reçue" in reponse.content.decode()
    suite.refresh_from_db()
    assert suite.etat == Etat.RECUE, "Rien n’est publié avant relecture."
    recue = suite.reponses.get()
    assert (recue.etat, recue.nom) == ("suivie", "Hélène Arnoux")
    assert Courriel.objects.get(acte="suites/repondre_par_lien").destinataires == [suite.direction.courriel]
    assert Courriel.objects.get(acte="suites/annoncer_reponse").destinataires == [
        suite.dossier.agent.courriel
    ]
    assert suite.dossier.journal.filter(acte="repondre_par_lien").exists()


def test_what_an_etat_owes_is_asked_and_nothing_typed_is_lost(client, suite, adresse):
    page = client.post(adresse, {**SAISIE, "etat": "hors_competence", "nom": ""}).content.decode()
    assert "Dites qui répond" in page
    assert "Dites quelle autorité peut répondre" in page
    assert "Dites pourquoi" in page
    assert "La piste sera faite en mars." in page
    assert not ReponseDirection.objects.exists()

    client.post(
        adresse, {**SAISIE, "etat": "hors_competence", "motif": "C’est une route du Département.", "oriente_vers": "Le Département"}
    )  # fmt: skip
    assert suite.reponses.get().oriente_vers == "Le Département"


def test_a_second_answer_meets_the_first_and_its_words_are_given_back(client, suite, adresse):
    client.post(adresse, SAISIE)
    seconde = client.post(adresse, {**SAISIE, "texte_public": "Une autre réponse."})
    assert seconde.status_code == 409
    assert "Une autre réponse." in seconde.content.decode()
    assert suite.reponses.count() == 1


def test_a_double_click_says_that_the_answer_was_kept(client, suite, adresse):
    client.post(adresse, SAISIE)
    encore = client.post(adresse, SAISIE, follow=True)
    assert encore.status_code == 200
    assert "Votre réponse est reçue" in encore.content.decode()
    assert suite.reponses.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    suite = promettre(CompteFactory(agent=True))

    def repondre(nom: str):
        lue = type(suite).objects.get(pk=suite.pk)
        return lambda: reponses.repondre_par_lien(lue, etat="suivie", nom=nom, texte_public="Oui.")

    assert ensemble(repondre("A"), repondre("B")) == ["ActeInterdit", "fait"]
    assert suite.reponses.count() == 1


def test_an_agent_publishes_it_in_her_own_words_in_the_name_of_the_direction(client, suite, adresse, agent):
    abonne = AbonnementFactory(dossier=suite.dossier)
    fichier = SimpleUploadedFile("plan.txt", b"Le plan de la piste", "text/plain")
    client.post(adresse, {**SAISIE, "adresse": "https://example.org/deliberation", "fichier": fichier})
    recue = suite.reponses.get()
    assert not recue.piece.est_publique
    client.force_login(agent)
    page = client.get(reverse("suites:suite", args=[suite.pk])).content.decode()
    assert "Réponse à publier" in page

    client.post(reverse("suites:retenir", args=[recue.pk]), {"texte_public": "La piste ouvre en mars 2027."})

    suite.refresh_from_db()
    recue.refresh_from_db()
    assert suite.etat == Etat.SUIVIE
    assert suite.texte_public == "La piste ouvre en mars 2027."
    assert recue.texte_public == SAISIE["texte_public"], "Ce que la direction a écrit est gardé."
    assert recue.retenue_le is not None
    assert recue.piece.est_publique
    changement = suite.historique.first()
    assert (changement.au_nom_de, changement.par) == (str(suite.direction), agent)
    assert suite.preuves.count() == 1
    assert "mars 2027" in Courriel.objects.get(acte="suites/retenir").corps
    assert Courriel.objects.get(acte="suites/changer_etat").destinataires == [abonne.courriel]


def test_a_lettter_is_shown_before_it_leaves(client, suite, adresse, agent):
    client.post(adresse, SAISIE)
    recue = suite.reponses.get()
    client.force_login(agent)
    page = client.post(
        reverse("suites:retenir", args=[recue.pk]), {"texte_public": "Ouvre en mars.", "apercu": "oui"}
    ).content.decode()
    assert "Des nouvelles de ce qui est demandé" in page
    suite.refresh_from_db()
    assert suite.etat == Etat.RECUE


def test_an_answer_set_aside_goes_back_with_its_reason_and_its_text(client, suite, adresse, agent):
    client.post(adresse, SAISIE)
    recue = suite.reponses.get()
    reponses.ecarter(recue, par=agent, raison="Dites quand.")
    lettre = Courriel.objects.get(acte="suites/ecarter")
    assert lettre.destinataires == [suite.direction.courriel]
    assert "Dites quand." in lettre.corps

    page = client.get(adresse).content.decode()
    assert "Dites quand." in page
    assert SAISIE["texte_public"] in page, "Rien n’est à taper deux fois."
    client.post(adresse, {**SAISIE, "texte_public": "En mars 2027."})
    assert suite.reponses.filter(retenue_le=None, ecartee_le=None).get().texte_public == "En mars 2027."


def test_an_older_answer_never_replaces_the_one_published_since_and_no_button_offers_it(
    client, suite, adresse, agent
):
    client.post(adresse, SAISIE)
    suites.changer_etat(
        suite,
        par=agent_de_direction(suite.direction),
        vers=Etat.SUIVIE_EN_PARTIE,
        texte_public="Cinq seulement.",
        motif="Le budget.",
    )
    with pytest.raises(ErreurMetier, match="plus récente"):
        reponses.retenir(suite.reponses.get(), par=agent, texte_public="Dix.")
    suite.refresh_from_db()
    assert suite.etat == Etat.SUIVIE_EN_PARTIE

    client.force_login(agent)
    retenir = reverse("suites:retenir", args=[suite.reponses.get().pk])
    page = client.get(retenir).content.decode()
    assert "ne peut pas le remplacer" in page
    assert 'name="montre"' not in page
    assert retenir not in client.get(suite.get_absolute_url()).content.decode()


def test_an_answer_is_published_or_set_aside_once_and_by_the_service_only(client, suite, adresse, agent):
    client.post(adresse, SAISIE)
    recue = suite.reponses.get()
    with pytest.raises(RoleInsuffisant):
        reponses.retenir(recue, par=agent_de_direction(suite.direction), texte_public="Oui.")
    reponses.retenir(recue, par=agent, texte_public="Oui.")
    with pytest.raises(ActeInterdit):
        reponses.ecarter(recue, par=agent, raison="Trop tard.")


def test_the_link_outlives_the_answer_and_says_what_became_of_it(client, suite, adresse, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.NON_SUIVIE, motif="La ligne coûterait trop cher.")
    page = client.get(adresse).content.decode()
    assert "arrivée à son terme" in page
    assert "La ligne coûterait trop cher." in page
    tard = client.post(adresse, SAISIE)
    assert tard.status_code == 409
    assert SAISIE["texte_public"] in tard.content.decode()


def test_a_link_of_nothing_says_so(client):
    reponse = client.get(reverse("suites:repondre", args=["faux"]))
    assert reponse.status_code == 404
    assert "Ce lien ne mène à aucune suite" in reponse.content.decode()


def test_the_answers_to_publish_are_in_the_day_of_the_agent(client, suite, adresse, agent):
    client.post(adresse, SAISIE)
    client.force_login(agent)
    page = client.get(reverse("socle:journee")).content.decode()
    assert "Publier la réponse" in page


def test_out_of_competence_owes_who_can_answer(suite, agent):
    with pytest.raises(ValidationError) as refus:
        suites.changer_etat(suite, par=agent, vers=Etat.HORS_COMPETENCE, motif="Ce n’est pas à nous.")
    assert "oriente_vers" in refus.value.error_dict
    suites.changer_etat(
        suite, par=agent, vers=Etat.HORS_COMPETENCE, motif="Ce n’est pas à nous.", oriente_vers="La commune"
    )
    assert suite.oriente_vers == "La commune"


def test_a_correction_keeps_what_was_written_and_is_told_only_if_asked(client, suite, agent):
    abonne = AbonnementFactory(dossier=suite.dossier)
    suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE, texte_public="En mars 2026.")
    avant = Courriel.objects.filter(acte="suites/changer_etat").count()
    suites.corriger(suite, par=agent, texte_public="En mars 2027.", raison="Erreur d’année")
    assert [c.texte_public for c in suite.historique.all()][:2] == ["En mars 2027.", "En mars 2026."]
    assert Courriel.objects.filter(acte="suites/changer_etat").count() == avant

    suites.corriger(suite, par=agent, texte_public="En avril 2027.", raison="Retard", prevenir=True)
    lettre = Courriel.objects.filter(acte="suites/changer_etat").latest("pk")
    assert lettre.destinataires == [abonne.courriel]
    assert "En avril 2027." in lettre.corps


def test_two_windows_on_one_text_lose_nothing(client, suite, agent):
    client.force_login(agent)
    adresse = reverse("suites:corriger", args=[suite.pk])
    montre = client.get(adresse).context["montre"]
    suites.corriger(suite, par=agent, texte_public="Écrit par une collègue.", raison="Précision")

    page = client.post(
        adresse, {"montre": montre, "texte_public": "Écrit par moi.", "raison": "Faute", "est_publiee": "on"}
    ).content.decode()

    suite.refresh_from_db()
    assert suite.texte_public == "Écrit par une collègue."
    assert "Écrit par moi." in page
    assert "Écrit par une collègue." in page


def test_evidence_is_a_file_or_an_address(suite, agent):
    with pytest.raises(ValidationError):
        preuves_suites.prouver(suite, par=agent, intitule="Photo")
    preuve = preuves_suites.prouver(
        suite, par=agent, intitule="Page du projet", adresse="https://example.org/piste"
    )
    assert suite.preuves.get() == preuve


def accepter(suite, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE, texte_public="Elle sera faite.")


def test_a_direction_shows_what_is_done_by_its_link_with_a_source(client, agent, suite, adresse):
    accepter(suite, agent)
    sans_source = client.post(adresse, {**SAISIE, "degre": "en_cours"})
    assert "page ou le fichier" in sans_source.content.decode()
    rien = client.post(adresse, SAISIE)
    assert "Dites ce que l’on peut montrer" in rien.content.decode()

    client.post(adresse, {**SAISIE, "degre": "en_cours", "adresse": "https://lieu.example/piste"})
    suite.refresh_from_db()
    assert suite.degre == "sans_preuve", "Rien n’est publié avant relecture."
    reponses.retenir(suite.reponses.get(), par=agent, texte_public="La moitié est faite.")

    suite.refresh_from_db()
    assert (suite.etat, suite.degre) == (Etat.SUIVIE, "en_cours")
    assert suite.preuves.get().adresse == "https://lieu.example/piste"
    dit = suite.historique.filter(nature="degre").get()
    assert (dit.au_nom_de, dit.precision, dit.constate_le) == (
        str(suite.direction),
        "La moitié est faite.",
        timezone.localdate(),
    )


def test_a_direction_says_done_in_part_in_one_answer(client, agent, suite, adresse):
    accepter(suite, agent)

    client.post(
        adresse,
        {**SAISIE, "etat": "realisee", "degre": "incomplete", "adresse": "https://lieu.example/piste"},
    )
    reponses.retenir(suite.reponses.get(), par=agent, texte_public="Faite, sauf le pont.")

    suite.refresh_from_db()
    assert (suite.etat, suite.degre) == (Etat.REALISEE, "incomplete")
    assert suite.preuves.count() == 1
