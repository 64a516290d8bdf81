"""Saisines of the commission: reference, receipt, fondement, access."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, ReunionDuConseil
from ccspl.saisines.actes import abandonner, ouvrir_redaction, saisir, supprimer_reunion
from ccspl.workflow import Etat
from participation.seances.models import Mandature
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, ReunionDuConseilFactory, ServiceSuiviFactory
from tests.outils import constant_queries
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandature():
    return MandatureFactory(instance=InstanceFactory(cle=INSTANCE))


@pytest.fixture
def membre(mandature):
    return MembreFactory(college=CollegeFactory(mandature=mandature)).compte


def test_a_referral_has_its_reference_and_its_receipt(agent, mandature):
    avis = saisir(
        Avis(), par=agent, service=ServiceSuiviFactory(), objet="autre", titre="Horaires", saisine="auto",
        demandeur="Direction de l’eau", adresse_demandeur="eau@example.org",
    )  # fmt: skip

    assert avis.reference.startswith("AVI-")
    assert avis.etat == Etat.SAISIE
    lettre = Courriel.objects.get(acte="ccspl/saisir")
    assert lettre.destinataires == ["eau@example.org"]
    assert avis.reference in lettre.sujet
    assert avis.journal.get().acte == "saisir"


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"saisine": "delegation"}, "fondement"),
        ({"saisine": "loi"}, "saisine"),
        ({"date_saisine": timezone.localdate() + timedelta(days=2)}, "date_saisine"),
    ],
)
def test_what_a_referral_lacks_is_said_on_its_field(agent, mandature, champs, champ):
    with pytest.raises(ValidationError) as erreur:
        saisir(Avis(), par=agent, service=ServiceSuiviFactory(), objet="dsp", titre="Parking", **champs)

    assert champ in erreur.value.message_dict
    assert not Avis.objects.exists()


def test_without_a_mandature_the_referral_says_what_to_do(agent):
    Mandature.objects.all().delete()

    with pytest.raises(ErreurMetier, match="mandature"):
        saisir(Avis(), par=agent, service=ServiceSuiviFactory(), objet="autre", titre="Horaires")


def test_only_the_service_registers_a_referral(mandature):
    with pytest.raises(RoleInsuffisant):
        saisir(
            Avis(),
            par=CompteFactory(elu=True),
            service=ServiceSuiviFactory(),
            objet="autre",
            titre="Horaires",
        )


def test_the_form_keeps_what_was_typed_and_goes_to_the_dossier(client, agent, mandature):
    client.force_login(agent)
    service = ServiceSuiviFactory()
    saisie = {
        "service": service.pk, "objet": "dsp", "titre": "Délégation du parking", "saisine": "deliberation",
        "fondement": "", "date_saisine": timezone.localdate().isoformat(),
    }  # fmt: skip

    page = client.post(reverse("ccspl:saisir"), saisie)
    assert page.status_code == 200
    assert "Délégation du parking" in page.content.decode()
    assert "Donnez le numéro et la date" in page.content.decode()

    reponse = client.post(reverse("ccspl:saisir"), {**saisie, "fondement": "n° 12 du 3 juillet 2026"})
    assert reponse.url == Avis.objects.get().get_absolute_url()


def test_opening_the_writing_tells_each_member_once(agent, membre):
    avis = AvisFactory(agent=agent)
    MembreFactory(
        compte=membre, college=CollegeFactory(mandature=avis.mandature, nom="Associations")
    )  # a second seat

    ouvrir_redaction(avis, par=agent, contexte="Que pensez-vous des tarifs ?")

    (lettre,) = Courriel.objects.filter(acte="ccspl/ouvrir_redaction")
    assert lettre.destinataires == [membre.courriel]
    assert "Que pensez-vous des tarifs ?" in lettre.corps


def test_a_referral_without_object_closes_the_dossier_and_says_why(agent, membre):
    avis = AvisFactory(en_redaction=True, agent=agent)

    with pytest.raises(ValidationError):
        abandonner(avis, par=agent, motif=" ")
    abandonner(avis, par=agent, motif="Le projet est retiré.")

    assert avis.clos_le is not None
    assert "Le projet est retiré." in Courriel.objects.get(acte="ccspl/abandonner").corps


def test_a_text_in_progress_is_for_agents_and_members_alone(client, agent, membre):
    direction = DirectionFactory()
    avis = AvisFactory(en_redaction=True, direction=direction)
    ParagrapheFactory(avis=avis, texte="Phrase encore secrète.")
    texte, dossier = reverse("ccspl:redaction", args=[avis.pk]), reverse("ccspl:dossier", args=[avis.pk])

    for compte, attendu in (
        (agent, 200),
        (membre, 200),
        (CompteFactory(), 404),
        (CompteFactory(elu=True), 404),
    ):
        client.force_login(compte)
        assert client.get(texte).status_code == attendu, compte

    client.force_login(agent_de_direction(direction))
    assert client.get(texte).status_code == 404
    page = client.get(dossier)
    assert page.status_code == 200
    assert "Phrase encore secrète" not in page.content.decode()


def test_the_list_costs_the_same_for_four_rows(client, agent):
    client.force_login(agent)

    def fabriquer():
        AvisFactory(
            service=ServiceSuiviFactory(nom=f"Service {Avis.objects.count()}", direction=DirectionFactory()),
            conseil=ReunionDuConseilFactory(), agent=CompteFactory(agent=True),
        )  # fmt: skip

    constant_queries(client, reverse("ccspl:tableau"), fabriquer)


def test_the_legal_calendar_costs_the_same_for_four_rows(client, agent):
    client.force_login(agent)

    def fabriquer():
        AvisFactory(
            objet="dsp", conseil=ReunionDuConseilFactory(),
            service=ServiceSuiviFactory(nom=f"Service {Avis.objects.count()}", direction=DirectionFactory()),
        )  # fmt: skip

    constant_queries(client, reverse("ccspl:calendrier"), fabriquer)


def test_dates_of_the_council_are_added_changed_and_removed(client, agent):
    client.force_login(agent)
    saisie = {"nature": "conseil", "intitule": "Conseil de décembre", "date": "2030-12-18", "lieu": ""}

    client.post(reverse("ccspl:reunions"), saisie)
    reunion = ReunionDuConseil.objects.get()
    deja = client.post(reverse("ccspl:reunions"), saisie)
    assert "Cette réunion existe déjà" in deja.content.decode()

    client.post(reverse("ccspl:modifier_reunion", args=[reunion.pk]), {**saisie, "date": "2030-12-19"})
    reunion.refresh_from_db()
    assert reunion.date.day == 19

    client.post(reverse("ccspl:supprimer_reunion", args=[reunion.pk]))
    assert not ReunionDuConseil.objects.exists()


def test_a_date_that_an_avis_waits_for_is_not_removed(agent):
    avis = AvisFactory(conseil=ReunionDuConseilFactory())

    with pytest.raises(ErreurMetier, match="changez sa date"):
        supprimer_reunion(avis.conseil, par=agent)
