"""Public form: who will handle the message, known sujets shown, nothing sent twice."""

import io
import re
import uuid

import pytest
from django.core.cache import cache, caches
from django.urls import reverse
from django.utils import timezone

from participation.socle.http.journaux import masquer_liens
from participation.socle.models import Courriel, Piece
from participation.suites.models import Abonnement
from remontees.models import Organisme, Reception, Remontee
from remontees.reception.arrivees import recevoir_ce_qui_attend
from remontees.workflow import Canal, Etat
from tests.remontees.factories import CategorieFactory, OrganismeFactory, RemonteeFactory, SujetFactory
from tests.remontees.reception.test_capture import photo_prise_sur_place
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
ECLAIRAGE = "Des gens disent que la place Saint-Bruno est sombre le soir : les lampadaires sont éteints."


@pytest.fixture
def categorie():
    return CategorieFactory(code="eclairage", nom="Éclairage")


def adresse(categorie=None) -> str:
    return reverse("remontees:dire_sur", args=[categorie.code if categorie else "autre-chose"])


def dit(**champs: object) -> dict[str, object]:
    return {
        "verbatim": "Place Saint-Bruno, les lampadaires sont eteints.",
        "lieu": "place Saint-Bruno",
        **champs,
    }


def envoye(**champs: object) -> dict[str, object]:
    return dit(**{"envoyer": "oui", "cle": uuid.uuid4(), **champs})


def texte(reponse) -> str:
    return reponse.content.decode()


def test_the_categories_lead_to_the_form(client, categorie):
    page = client.get(reverse("remontees:dire"))

    assert adresse(categorie) in texte(page)
    assert adresse() in texte(page)
    assert not page.cookies


def test_what_the_metropolis_does_not_do_says_who_does_before_writing(client):
    smmag = OrganismeFactory(
        nom="Régie des trams", nature=Organisme.Nature.MOBILITES, adresse_web="https://smmag.example.org/"
    )
    tram = CategorieFactory(code="tram", est_metropolitaine=False, direction=None, organisme=smmag)
    ecole = CategorieFactory(code="ecole", est_metropolitaine=False, direction=None)
    trou = CategorieFactory(
        code="trou",
        adresse_demarche="https://demarche.example.org/",
        conseil="En cas de chute, appelez le 112.",
    )

    page = texte(client.get(adresse(tram)))
    assert page.index("Régie des trams") < page.index("<textarea")
    assert "https://smmag.example.org/" in page
    assert "mairie de la commune" in texte(client.get(adresse(ecole)))
    page = texte(client.get(adresse(trou)))
    assert page.index("https://demarche.example.org/") < page.index("<textarea")
    assert "En cas de chute" in page


def test_the_form_says_first_that_one_way_to_say_where_is_needed(client):
    page = texte(client.get(adresse()))
    assert page.index("d’une de ces façons au moins") < page.index('name="lieu"')

    refus = client.post(adresse(), dit(lieu=""))
    assert refus.status_code == 422
    assert refus.context["form"].has_error("lieu")


def test_a_category_that_is_not_proposed_has_no_form(client):
    CategorieFactory(code="retiree", est_active=False)

    assert client.get(reverse("remontees:dire_sur", args=["retiree"])).status_code == 404


def test_what_and_where_are_asked_and_nothing_typed_is_lost(client, categorie):
    page = client.post(adresse(categorie), {"verbatim": "", "lieu": "place Saint-Bruno"})
    assert page.status_code == 422
    assert "place Saint-Bruno" in texte(page)
    assert "Écrivez ce que vous voulez nous dire" in texte(page)
    assert "Dites où" in texte(client.post(adresse(categorie), {"verbatim": "C’est sombre."}))


def test_a_public_sujet_is_recognised_open_or_closed_with_its_answer(client, categorie):
    SujetFactory(publie=True, titre="Éclairage de la place Saint-Bruno", texte_public=ECLAIRAGE)
    SujetFactory(publie=True, repondu=True, titre="Lampadaires", texte_public="Noir.", categorie=categorie)
    SujetFactory(titre="Éclairage de la place Saint-Bruno, brouillon", texte_public=ECLAIRAGE)
    SujetFactory(
        publie=True,
        titre="Éclairage place Saint-Bruno ailleurs",
        texte_public=ECLAIRAGE,
        commune=commune("Vif"),
    )
    SujetFactory(publie=True, titre="Horaires de la piscine", texte_public="Elle ferme trop tôt.")

    page = texte(client.post(adresse(categorie), dit(commune=commune().pk)))

    assert "Éclairage de la place Saint-Bruno" in page
    assert "C’est réparé." in page
    for absent in ("brouillon", "ailleurs", "piscine"):
        assert absent not in page


def test_without_anything_alike_only_the_way_to_answer_is_asked(client, categorie):
    page = texte(client.post(adresse(categorie), dit()))

    assert "Est-ce l’une de celles-ci" not in page
    assert "Rien de ce qui est déjà public n’y ressemble" in page
    assert "Adresse de courriel" in page


def test_going_back_keeps_what_was_written(client, categorie):
    page = texte(client.post(adresse(categorie), envoye(revenir="oui")))

    assert "<textarea" in page
    assert "les lampadaires sont eteints" in page


def test_what_is_sent_becomes_a_remontee_of_the_site_acknowledged_and_followed(client, categorie):
    reponse = client.post(
        adresse(categorie), envoye(courriel="Lea@example.org", photo=photo_prise_sur_place())
    )
    assert reponse.status_code == 303
    assert "Nous enregistrons" in texte(client.get(reponse.url))

    recevoir_ce_qui_attend()

    remontee = Remontee.objects.get()
    assert (remontee.canal, remontee.categorie, remontee.etat) == (Canal.SITE, categorie, Etat.NOUVELLE)
    assert remontee.rapporteur.courriel == "lea@example.org"
    assert Piece.objects.get().est_publique is False
    assert remontee.reference in Courriel.objects.get(acte="remontees/saisir").corps
    page = texte(client.get(reponse.url))
    assert remontee.reference in page
    suivi = re.search(r"/remontees/suivi/[^\"]+", page)[0]
    assert "eteints" in texte(client.get(suivi))


def test_joining_a_sujet_proposes_it_to_the_agent_and_follows_it_for_the_person(client, categorie):
    sujet = SujetFactory(publie=True, titre="Éclairage place Saint-Bruno", texte_public=ECLAIRAGE)

    client.post(adresse(categorie), envoye(sujet=sujet.pk, courriel="lea@example.org"))
    recevoir_ce_qui_attend()

    remontee = Remontee.objects.get()
    assert (remontee.sujet_propose, remontee.sujet_commun, remontee.etat) == (sujet, None, Etat.NOUVELLE)
    assert Abonnement.objects.get().courriel == "lea@example.org"
    client.force_login(CompteFactory(agent=True))
    assert "La personne a reconnu un sujet" in texte(client.get(remontee.get_absolute_url()))


def test_she_chooses_or_says_none_and_cannot_join_what_she_was_not_shown(client, categorie):
    SujetFactory(publie=True, titre="Éclairage place Saint-Bruno", texte_public=ECLAIRAGE)
    cache_ = SujetFactory(titre="Éclairage place Saint-Bruno", texte_public=ECLAIRAGE)

    assert "Choisissez, ou répondez" in texte(client.post(adresse(categorie), envoye()))
    assert client.post(adresse(categorie), envoye(sujet=cache_.pk)).status_code == 422
    assert client.post(adresse(categorie), envoye(sujet="aucun")).status_code == 303
    assert Reception.objects.count() == 1


def test_the_same_page_sent_twice_is_one(client, categorie):
    meme = envoye()

    premiere, seconde = client.post(adresse(categorie), meme), client.post(adresse(categorie), meme)

    assert premiere.url == seconde.url
    assert Reception.objects.count() == 1


def test_a_robot_in_the_trap_is_thanked_like_anybody_and_nothing_is_kept(client, categorie):
    reponse = client.post(adresse(categorie), envoye(site="https://pub.example.com"))

    assert reponse.status_code == 303
    assert "C’est reçu" in texte(client.get(reponse.url))
    assert not Reception.objects.exists()


@pytest.mark.parametrize("courriel", ["", "lea@example.org"])
def test_too_many_from_one_network_wait_and_lose_nothing(client, categorie, settings, courriel):
    settings.LIMITES = settings.LIMITES | {"dire.reseau": "2/h/key"}
    cache.clear()
    caches["processus"].clear()
    for _ in range(2):
        assert client.post(adresse(categorie), envoye(courriel=courriel)).status_code == 303

    refus = client.post(adresse(categorie), envoye(courriel=courriel))

    assert refus.status_code == 429
    assert "dans une heure" in texte(refus)
    assert "les lampadaires sont eteints" in texte(refus)
    assert Reception.objects.count() == 2


def test_on_her_page_she_adds_a_word_with_a_photo_then_says_that_it_is_settled_once(client):
    remontee = RemonteeFactory(repondue=True)
    suivi = reverse("remontees:suivi", args=[remontee.jeton()])

    client.post(suivi, {"texte": "Voici la lampe.", "cle": uuid.uuid4(), "photo": photo_prise_sur_place()})
    assert remontee.messages.get().texte == "Voici la lampe."
    assert Piece.objects.get().est_publique is False

    regle = reverse("remontees:dire_regle", args=[remontee.jeton()])
    for _ in range(2):
        assert client.post(regle).status_code == 302
    remontee.refresh_from_db()
    assert remontee.etat == Etat.CLOSE
    assert [entree.par_qui for entree in remontee.journal.filter(acte="dire_regle")] == ["par le lien reçu"]
    assert "Pour moi, c’est réglé" not in texte(client.get(suivi))
    Remontee.objects.filter(pk=remontee.pk).update(
        etat=Etat.TRANSMISE, clos_le=None
    )  # taken up again meanwhile
    assert "a avancé depuis" in texte(client.post(regle, follow=True))


def test_a_file_that_is_no_photo_keeps_her_word_on_the_page(client):
    suivi = reverse("remontees:suivi", args=[RemonteeFactory().jeton()])
    fichier = io.BytesIO(b"rien")
    fichier.name = "tract.exe"

    page = texte(client.post(suivi, {"texte": "Voici.", "cle": uuid.uuid4(), "photo": fichier}))

    assert "pas une photo" in page
    assert "Voici." in page


def test_one_domain_is_not_flooded_with_our_letters_whatever_the_addresses_and_the_networks(
    client, categorie, settings
):
    cache.clear()
    settings.LIMITES = {**settings.LIMITES, "dire.domaine": "2/h/key"}

    def envoyer(n, courriel):
        champs = envoye(courriel=courriel, sujet="aucun")
        return client.post(adresse(categorie), champs, REMOTE_ADDR=f"203.0.{n}.7").status_code

    statuts = [envoyer(n, f"x{n}@attrape-tout.example") for n in range(3)]

    assert statuts == [303, 303, 429]
    assert envoyer(9, "lea@example.org") == 303
    # A shared mail provider is not the domain of one person: blocking it would block everybody.
    assert [envoyer(20 + n, f"y{n}@gmail.com") for n in range(4)] == [303] * 4
    # Without an address, the message is still accepted.
    assert envoyer(10, "") == 303


@pytest.mark.parametrize("canal", [Canal.RESEAU, Canal.OPEN311, Canal.COURRIEL, Canal.ACCUEIL])
def test_the_key_of_another_channel_opens_no_receipt(client, canal):
    """Such a key is made of public data, or held by an application or a reception desk."""
    recue = Reception.objects.create(remontee=RemonteeFactory(canal=canal), faite_le=timezone.now())

    page = texte(client.get(reverse("remontees:recue", args=[recue.cle])))

    assert "/remontees/suivi/" not in page
    assert recue.remontee.reference not in page
    assert masquer_liens(reverse("remontees:recue", args=[recue.cle])) == "/remontees/dire/recue/…/"


def test_a_receipt_says_nothing_that_a_stranger_wrote_to_an_address_that_may_not_be_hers(client, categorie):
    client.post(
        adresse(categorie), envoye(verbatim="Gagnez sur http://piege.example", courriel="a@example.org")
    )
    recevoir_ce_qui_attend()

    lettre = Courriel.objects.get(acte="remontees/saisir")
    assert "piege" not in lettre.sujet + lettre.corps + lettre.corps_html
    assert Remontee.objects.get().reference in lettre.corps


def test_a_point_on_the_map_says_where_and_is_kept(client):
    point = {"lieu": "", "latitude": "45.180000", "longitude": "5.720000"}
    seconde = texte(client.post(adresse(), dit(**point)))
    assert 'name="latitude" value="45.180000"' in seconde

    client.post(adresse(), envoye(**point))
    recevoir_ce_qui_attend()

    remontee = Remontee.objects.get()
    assert (remontee.latitude, remontee.longitude) == (45.18, 5.72)
    assert "un point sur la carte" in texte(client.post(adresse(), dit(lieu="", latitude="45.18")))
