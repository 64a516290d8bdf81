"""A séance in four browsers at once: the facilitator, two members' phones, the screen of the room."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participation.seances.actions import deroule
from participation.seances.models import Point, Presence, Seance, Vote
from tests.navigateur import TELEPHONE, controler
from tests.seances.factories import CollegeFactory, ConvieFactory, MembreFactory, PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)

RESULTAT = "Adopté\u00a0: 2 pour, 0 contre."
expect.set_options(timeout=15_000)


@pytest.fixture
def salle():
    """A séance to open: three members, two points."""
    seance = SeanceFactory(convoquee=True, titre="Plénière de décembre", debut=timezone.now())
    college = CollegeFactory(mandature=seance.mandature)
    alma, basile, chloe = (
        ConvieFactory(
            seance=seance,
            membre=MembreFactory(college=college, compte=CompteFactory(prenom=prenom, nom="Roux"), **traits),
        )
        for prenom, traits in (("Alma", {"president": True}), ("Basile", {}), ("Chloé", {}))
    )
    PointFactory(seance=seance, titre="Accueil", ordre=1)
    PointFactory(seance=seance, titre="Avis sur le chauffage urbain", nature="avis", ordre=2)
    return seance, alma, basile, chloe


def test_a_seance_is_held_in_four_browsers(entrer, salle):
    seance, alma, basile, chloe = salle
    agent = CompteFactory(agent=True)
    animateur, ecran = entrer(agent), entrer(agent)
    phone_alma, phone_basile = entrer(alma.membre.compte, TELEPHONE), entrer(basile.membre.compte, TELEPHONE)
    animateur.goto(reverse("seances:animer", args=[seance.pk]))
    ecran.goto(reverse("seances:ecran", args=[seance.pk]))
    controler(animateur)
    controler(ecran)

    # Alma types the code that she reads on the screen of the room.
    code = ecran.locator(".code-geant").inner_text()
    phone_alma.goto(reverse("seances:saisir_code"))
    controler(phone_alma)
    phone_alma.get_by_label("Code de présence").fill(code)
    phone_alma.get_by_role("button", name="Continuer").click()
    controler(phone_alma)
    phone_alma.get_by_role("button", name="Je suis en salle").click()
    expect(phone_alma.get_by_role("heading", name="La séance est convoquée")).to_be_visible()
    # Basile takes part from home; Chloé is noted by the facilitator.
    phone_basile.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    phone_basile.get_by_role("button", name="Je participe à distance").click()
    expect(phone_basile.get_by_text("Votre présence est notée, à distance")).to_be_visible()
    animateur.get_by_role("button", name="Chloé Roux arrive en salle").click()
    expect(ecran.locator(".quorum-valeur")).to_have_text("3 sur 2")

    # Opened, first point, then the avis.
    expect(animateur.get_by_label("Qui préside").locator("option")).to_have_count(4)
    animateur.get_by_label("Qui préside").select_option(label="Alma Roux")
    animateur.get_by_role("button", name="Ouvrir la séance").click()
    animateur.get_by_role("button", name="Commencer ce point").click()
    expect(phone_alma.get_by_role("heading", name="Accueil")).to_be_visible()
    animateur.get_by_role("button", name="Point suivant").click()
    for page in (animateur, ecran, phone_alma, phone_basile):
        expect(page.get_by_role("heading", name="Avis sur le chauffage urbain")).to_be_visible()

    # Alma asks to speak.
    phone_alma.get_by_role("button", name="Demander la parole").click()
    expect(phone_alma.get_by_text("Votre demande de parole est notée")).to_be_visible()
    animateur.get_by_role("button", name="Donner la parole à Alma Roux").click()
    expect(ecran.locator(".projection-parole")).to_be_visible()
    expect(phone_alma.get_by_text("Vous avez la parole.")).to_be_visible()

    # The vote: two phones, one hand noted by the facilitator.
    animateur.get_by_label("Question mise au vote").fill("Adopter l’avis, avec réserves")
    animateur.get_by_role("button", name="Ouvrir le vote").click()
    expect(phone_alma.get_by_role("button", name="Pour", exact=True)).to_be_visible()
    controler(phone_alma)
    controler(animateur)
    phone_alma.get_by_role("button", name="Pour", exact=True).click()
    expect(phone_alma.get_by_text("Vous avez voté pour")).to_be_visible()
    phone_basile.get_by_role("button", name="Contre", exact=True).click()
    expect(phone_basile.get_by_text("Vous avez voté contre")).to_be_visible()
    phone_basile.get_by_role("link", name="Changer").click()
    phone_basile.get_by_role("button", name="Pour", exact=True).click()
    expect(phone_basile.get_by_text("Vous avez voté pour")).to_be_visible()
    expect(ecran.locator(".projection-chiffre")).to_have_text("2 votes reçus sur 3")
    expect(animateur.locator("#r-vote")).to_contain_text("2 votes reçus sur 3.")
    expect(animateur.locator("#annonce")).to_contain_text("2 votes reçus sur 3")
    animateur.get_by_role("button", name="Clore le vote").click()

    expect(animateur.locator("#r-vote")).to_contain_text(RESULTAT)
    expect(ecran.locator(".projection-resultat")).to_have_text("Adopté")
    expect(phone_alma.locator("#r-vote")).to_contain_text(RESULTAT)
    controler(ecran)
    controler(phone_basile)

    # Closed.
    animateur.get_by_role("link", name="Lever la séance").first.click()
    controler(animateur)
    animateur.get_by_role("button", name="Lever la séance").click()
    expect(phone_alma.get_by_role("heading", name="La séance est levée")).to_be_visible()
    seance.refresh_from_db()
    assert seance.etat == "levee"
    vote = Vote.objects.get()
    assert [(v.pour, v.contre, v.attendus) for v in vote.voix.all()] == [(2, 0, 3)]
    assert {(p.convie_id, p.mode, p.source) for p in Presence.objects.all()} == {
        (alma.pk, "salle", "code"),
        (basile.pk, "distance", "membre"),
        (chloe.pk, "salle", "animateur"),
    }


def test_a_refresh_never_wipes_what_the_facilitator_types_and_notes_are_saved_alone(entrer, salle):
    seance, alma, basile, _ = salle
    agent = CompteFactory(agent=True)
    for convie in (alma, basile):
        Presence.objects.create(seance=seance, convie=convie, mode="salle")
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    animateur, phone = entrer(agent), entrer(alma.membre.compte, TELEPHONE)
    animateur.goto(reverse("seances:animer", args=[seance.pk]))
    animateur.get_by_role("button", name="Commencer ce point").click()
    animateur.get_by_text("Mettre au vote").click()
    question = animateur.get_by_label("Question mise au vote")
    question.press_sequentially("Approuver")
    animateur.get_by_label("Relevé des échanges").fill("Mme Roux rappelle le calendrier.")
    expect(animateur.get_by_text("Notes enregistrées.")).to_be_visible()

    phone.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    phone.get_by_role("button", name="Demander la parole").click()

    expect(animateur.get_by_role("button", name="Donner la parole à Alma Roux")).to_be_visible()
    expect(question).to_have_value("Approuver")
    expect(animateur.get_by_label("Relevé des échanges")).to_have_value("Mme Roux rappelle le calendrier.")
    assert Point.objects.get(titre="Accueil").releve == "Mme Roux rappelle le calendrier."


def test_a_vote_is_cast_without_script(entrer, salle):
    seance, *membres = salle
    alma = membres[0]
    agent = CompteFactory(agent=True)
    for convie in membres:
        Presence.objects.create(seance=seance, convie=convie, mode="salle")
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    point = seance.points.get(titre="Accueil")
    deroule.passer_au_point(point, par=agent)
    vote = deroule.ouvrir_vote(point, par=agent, objet="Approuver", forme="secret")
    page = entrer(alma.membre.compte, java_script_enabled=False)

    page.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    page.get_by_role("button", name="Abstention").click()

    expect(page.get_by_text("Votre bulletin est dans l’urne")).to_be_visible()
    assert [b.sens for b in vote.bulletins.all()] == ["abstention"]
