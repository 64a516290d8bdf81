"""Open311 GeoReport v2, after its specification: reading, posting, keys."""

import contextlib
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from remontees.models import ClientOpen311, DepotOpen311, Remontee, Sujet
from remontees.open311 import actes as open311
from remontees.open311.regles import ErreurOpen311, lire_point, lire_recherche
from remontees.reception import arrivees
from remontees.workflow import Canal, Etat
from tests.remontees.factories import RemonteeFactory, SujetFactory
from tests.remontees.open311 import BASE, erreur, lire, poster
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


# Reading


def test_the_discovery_and_the_services_have_every_field(client, categorie):
    decouverte = lire(client, "discovery.json").json()
    assert set(decouverte) == {"changeset", "contact", "key_service", "endpoints"}
    service = next(s for s in lire(client, "services.json").json() if s["service_code"] == "eclairage")
    assert service == {
        "service_code": "eclairage",
        "service_name": "Lampadaire éteint",
        "description": "",
        "metadata": True,
        "type": "batch",
        "keywords": "",
        "group": "Voirie",
    }
    definition = lire(client, "services/eclairage.json").json()
    assert definition["service_code"] == "eclairage"
    premier = definition["attributes"][0]
    assert (premier["code"], premier["datatype"], len(premier["values"])) == (
        "commune",
        "singlevaluelist",
        49,
    )


def test_the_xml_says_what_the_json_says(client, categorie):
    SujetFactory(publie=True, categorie=categorie, titre="Rue & place")

    racine = ET.fromstring(lire(client, "requests.xml").content)
    assert racine.tag == "service_requests"
    (en_json,) = lire(client, "requests.json").json()
    assert {e.tag: e.text or "" for e in racine.find("request")} == {
        nom: "" if valeur is None else str(valeur) for nom, valeur in en_json.items()
    }
    services = ET.fromstring(lire(client, "services.xml").content)
    assert services.find("service/metadata").text == "true"
    definition = ET.fromstring(lire(client, "services/eclairage.xml").content)
    assert definition.find("attributes/attribute/values/value/key") is not None
    assert lire(client, "requests.xml")["Content-Type"].startswith("text/xml")
    refus = ET.fromstring(lire(client, "services/rien.xml").content)
    assert refus.find("error/code").text == "404"


def test_only_published_sujets_are_read_and_no_verbatim(client, categorie):
    sujet = SujetFactory(publie=True, repondu=True, categorie=categorie)
    RemonteeFactory(groupee=True, sujet_commun=sujet, verbatim="Ma voisine Aglaé a crié.")
    cache = SujetFactory(categorie=categorie, texte_public="Rien.")

    lu = lire(client, "requests.json")
    (demande,) = lu.json()

    assert (demande["service_request_id"], demande["status"]) == (sujet.reference, "closed")
    assert "C’est réparé." in demande["status_notes"]
    assert "Aglaé" not in lu.content.decode()
    assert lu["Access-Control-Allow-Origin"] == "*"
    assert lire(client, f"requests/{sujet.reference}.json").json() == [demande]
    assert erreur(lire(client, f"requests/{cache.reference}.json"))[0] == 404


def test_the_list_is_chosen_by_number_service_status_and_date(client, categorie):
    ouvert = SujetFactory(publie=True, categorie=categorie)
    clos = SujetFactory(publie=True, repondu=True, ouvert_le=timezone.localtime() - timedelta(days=100))

    def numeros(**parametres):
        return [d["service_request_id"] for d in lire(client, "requests.json", **parametres).json()]

    assert numeros() == [ouvert.reference]  # the last 90 days
    debut = (clos.ouvert_le - timedelta(days=1)).isoformat()
    fin = (clos.ouvert_le + timedelta(days=1)).isoformat()
    assert numeros(start_date=debut, end_date=fin) == [clos.reference]
    assert numeros(start_date=debut, end_date=fin, status="open") == []
    assert numeros(status="open,closed") == [ouvert.reference]
    assert numeros(service_code="eclairage,autre") == [ouvert.reference]
    assert numeros(service_code="autre") == []
    # With a number, the other filters are ignored.
    assert numeros(service_request_id=f"{clos.reference},X", status="perdu") == [clos.reference]
    assert numeros(status="Open") == [ouvert.reference]


@pytest.mark.parametrize(
    ("parametres", "code", "mot"),
    [
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, 400, "90 days"),
        ({"start_date": "hier"}, 400, "W3C"),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400, "before"),
        ({"status": "perdu"}, 400, "status"),
        ({"page_size": "0"}, 400, "page_size"),
        ({"jurisdiction_id": "ailleurs.fr"}, 404, "jurisdiction_id"),
        ({"api_key": "fausse"}, 403, "api_key"),
    ],
)
def test_what_is_asked_wrongly_is_said_as_the_specification_says(client, parametres, code, mot):
    lu, description = erreur(lire(client, "requests.json", **parametres))
    assert lu == code
    assert mot in description


def test_what_is_not_there_and_what_may_not_be_posted_are_no_pages(client, categorie):
    assert erreur(lire(client, "services/eclairage.yaml.json"))[0] == 404
    assert erreur(client.get(f"{BASE}/nothing.json"))[0] == 404
    sans_forme = client.get(f"{BASE}/requests/SUJ-1")
    assert ET.fromstring(sans_forme.content).find("error/code").text == "404"
    refus = Client(enforce_csrf_checks=True).post(f"{BASE}/services.json")
    assert (erreur(refus)[0], refus["Allow"]) == (405, "GET, HEAD")
    assert erreur(client.post(f"{BASE}/requests.json", "{}", content_type="application/json"))[0] == 400
    trop = {f"champ{n}": "1" for n in range(2000)}
    assert ET.fromstring(client.post(f"{BASE}/requests.xml", trop).content).find("error/code").text == "400"


def test_two_hundred_sujets_cost_what_two_cost(client, categorie, django_assert_max_num_queries):
    SujetFactory.create_batch(2, publie=True, categorie=categorie, commune=commune("Meylan"))
    lire(client, "requests.json")
    SujetFactory.create_batch(20, publie=True, categorie=categorie, commune=commune("Meylan"))

    with django_assert_max_num_queries(3):
        assert len(lire(client, "requests.json").json()) == 22


# Posting


def test_a_client_posts_and_reads_what_became_of_it(
    client, categorie, cle, django_capture_on_commit_callbacks
):
    (recu,) = poster(
        client,
        cle,
        lat="45.19",
        long="5.72",
        **{"attribute[commune]": "38185", "attribute[lieu]": "Quai Perrière"},
        email="lea@example.org",
        first_name="Léa",
        media_url="https://photos.example.org/1.jpg",
    ).json()
    jeton = recu["token"]
    assert lire(client, f"tokens/{jeton}.json").json() == [{"service_request_id": "", "token": jeton}]

    remontee = arrivees.recevoir(jeton) or Remontee.objects.get()

    assert (remontee.canal, remontee.categorie, remontee.commune_id) == (Canal.OPEN311, categorie, "38185")
    assert (remontee.latitude, remontee.lieu) == (45.19, "Quai Perrière")
    assert "photos.example.org" in remontee.verbatim
    assert remontee.rapporteur.courriel == "lea@example.org"
    (numero,) = lire(client, f"tokens/{jeton}.json").json()
    assert numero["service_request_id"] == remontee.reference
    lu = lire(client, f"requests/{remontee.reference}.json", api_key=cle)
    (sienne,) = lu.json()
    assert (sienne["status"], sienne["lat"]) == ("open", 45.19)
    for mot in ("La rue est noire", "Léa", "lea@example.org"):
        assert mot not in lu.content.decode()
    # Nobody else can read it.
    autre = open311.creer_client(par=CompteFactory(agent=True), nom="Autre", courriel="a@example.org")[1]
    assert lire(client, f"requests/{remontee.reference}.json").status_code == 404
    assert lire(client, f"requests/{remontee.reference}.json", api_key=autre).status_code == 404
    assert lire(client, "requests.json", api_key=autre).json() == []


def test_what_is_answered_to_questions_that_are_not_ours_and_a_file_are_said_to_who_sorts(
    client, categorie, cle
):
    champs = {
        "attribute[commune][]": "38185",
        "attribute[couleur\0]": "rouge",
        "media": ContentFile(b"x", "a.png"),
    }
    (recu,) = poster(client, cle, address_string="Ici", **champs).json()
    remontee = arrivees.recevoir(recu["token"]) or Remontee.objects.get()

    assert "fichier joint n’est pas gardé" in recu["service_notice"]
    assert remontee.commune_id == "38185"
    assert "couleur : rouge" in remontee.verbatim
    assert "Un fichier était joint" in remontee.verbatim


def test_words_are_not_required_and_a_long_place_is_not_cut(client, categorie, cle):
    ou = "Quai Perrière, " + "devant la grille, " * 20
    (recu,) = poster(client, cle, description=" ", address_string=ou).json()
    remontee = arrivees.recevoir(recu["token"]) or Remontee.objects.get()

    assert remontee.verbatim.startswith("Lampadaire éteint (l’application n’a transmis aucun mot).")
    assert ou.strip() in remontee.verbatim


def test_what_is_closed_says_when_it_was_and_a_list_may_be_declared_several_times(client, categorie):
    from remontees.sujets import actes as sujets

    agent = CompteFactory(agent=True)
    sujet = SujetFactory(texte_public="x" * 5000, categorie=categorie)
    sujets.publier_sujet(sujet, par=agent)
    sujets.repondre_sujet(sujet, par=agent, issue="traite", reponse="C’est réparé.")
    sujets.relire(sujet, par=CompteFactory(agent=True))
    sujet.refresh_from_db()
    Sujet.objects.filter(pk=sujet.pk).update(modifie_le=timezone.localtime() + timedelta(days=3))
    autre = SujetFactory(publie=True)

    lu = client.get(
        f"{BASE}/requests.json?service_request_id={sujet.reference}&service_request_id={autre.reference}"
    )
    assert lu["Content-Type"] == "application/json; charset=utf-8"
    par_numero = {d["service_request_id"]: d for d in lu.json()}
    assert set(par_numero) == {sujet.reference, autre.reference}
    clos = par_numero[sujet.reference]
    assert clos["status"] == "closed"
    assert abs(datetime.fromisoformat(clos["updated_datetime"]) - sujet.repondu_le) < timedelta(minutes=1)
    assert len(clos["description"]) == 4000


def test_what_is_posted_wrongly_leaves_nothing(client, categorie, cle):
    for lu, code, mot in (
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "fausse"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "rien"}, 404, "service_code"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"phone": "0" * 31}, 400, "phone"),
        ({"lat": "45.1"}, 400, "together"),
        ({"lat": "nan", "long": "5"}, 400, "degrees"),
        ({"lat": "91", "long": "5"}, 400, "degrees"),
        ({"address_string": ""}, 400, "Where"),
        ({"address_string": "é" * 4001}, 400, "4000"),
        ({"attribute[commune]": "99999"}, 400, "attribute"),
        ({"email": "lea@"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"jurisdiction_id": "ailleurs.fr"}, 404, "jurisdiction_id"),
    ):
        statut, dit = erreur(poster(client, cle, **{"address_string": "Quai Perrière", **lu}))
        assert (statut, mot in dit) == (code, True), (lu, dit)
    sans_borne = client.post(f"{BASE}/requests.xml", b"x", content_type="multipart/form-data")
    assert ET.fromstring(sans_borne.content).find("error/code").text == "400"
    assert not DepotOpen311.objects.exists()


def test_an_application_does_not_send_sms_abroad_nor_without_end(client, categorie, cle, settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    settings.SMS_BORNES = {**settings.SMS_BORNES, "PAR_APPLICATION_JOUR": 2}

    def par(**lu):
        return poster(client, cle, address_string="Ici", **lu)

    statut, dit = erreur(par(phone="+371 2123 4567"))
    assert (statut, dit) == (
        400,
        "phone: no text message is sent to +371 numbers. Give an email, or no phone.",
    )
    assert not DepotOpen311.objects.exists()
    assert par(phone="+371 2123 4567", email="lea@example.org").status_code == 200
    for _ in range(2):
        assert par(phone="06 12 34 56 78").status_code == 200
    statut, dit = erreur(par(phone="06 12 34 56 79"))
    assert (statut, dit.startswith("phone: 2 people")) == (429, True)
    # Her voice is never refused for the price of an SMS.
    assert par(phone="06 12 34 56 79", email="lea@example.org").status_code == 200
    assert par(phone="04 76 59 59 59").status_code == 200
    assert par().status_code == 200


def test_a_key_that_was_withdrawn_opens_nothing(client, categorie, cle):
    open311.retirer_client(ClientOpen311.objects.get(), par=CompteFactory(agent=True))

    assert erreur(poster(client, cle, address_string="Ici"))[0] == 403


def test_a_client_that_posts_too_much_is_asked_to_wait(client, categorie, cle, settings):
    settings.OPEN311_PAR_HEURE = 2
    for _ in range(2):
        assert poster(client, cle, address_string="Ici").status_code == 200

    refus = poster(client, cle, address_string="Ici")
    assert (erreur(refus)[0], refus["Retry-After"]) == (429, "3600")
    assert DepotOpen311.objects.count() == 2


def test_the_updates_are_those_of_the_sujets_and_of_what_the_client_posted(client, categorie, cle):
    from remontees.sujets import actes as sujets
    from remontees.tri import actes as tri

    agent = CompteFactory(agent=True)
    sujet = SujetFactory(texte_public="On ne voit rien.", categorie=categorie)
    sujets.publier_sujet(sujet, par=agent)
    (recu,) = poster(client, cle, address_string="Quai Perrière").json()
    remontee = arrivees.recevoir(recu["token"]) or Remontee.objects.get()
    tri.ecarter(remontee, par=agent, motif="Monsieur Untel insiste.")

    publiques = lire(client, "servicerequestupdates.json").json()
    siennes = lire(client, "servicerequestupdates.json", api_key=cle)

    assert [n["service_request_id"] for n in publiques] == [sujet.reference]
    par_numero = {n["service_request_id"]: n for n in siennes.json()}
    assert set(par_numero) == {sujet.reference, remontee.reference}
    assert par_numero[remontee.reference]["status"] == "closed"
    assert par_numero[remontee.reference]["description"] == str(Etat.ECARTEE.label).capitalize()
    assert "Untel" not in siennes.content.decode()


# Keys


def test_an_agent_gives_a_key_that_is_shown_once_and_takes_it_back(client):
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("remontees:clients_open311")
    page = client.post(adresse, {"nom": "Fix", "courriel": "fix@example.org"}).content.decode()
    cle = re.search(r'<code class="code-long">([^<]+)</code>', page)[1]

    gardee = ClientOpen311.objects.get()
    assert gardee.empreinte == ClientOpen311.empreinte_de(cle)
    assert cle not in client.get(adresse).content.decode()
    assert "déjà ce nom" in client.post(adresse, {"nom": "fix", "courriel": "f@example.org"}).content.decode()
    client.post(reverse("remontees:retirer_client_open311", args=[gardee.pk]))
    gardee.refresh_from_db()
    assert gardee.retire_le is not None


# Rules


def test_the_span_is_ninety_days_wherever_it_begins():
    maintenant = datetime(2026, 6, 1, tzinfo=UTC)
    assert lire_recherche({}, maintenant).debut == maintenant - timedelta(days=90)
    lue = lire_recherche({"start_date": "2026-01-01T02:00:00+02:00"}, maintenant)
    assert (lue.debut, lue.fin) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_makes_a_rule_fail_otherwise_than_by_a_refusal(a, b):
    for lire_une in (
        lambda: lire_point(a, b),
        lambda: lire_recherche({"start_date": a, "end_date": b, "page": a, "status": b}, timezone.now()),
    ):
        with contextlib.suppress(ErreurOpen311):
            lire_une()
