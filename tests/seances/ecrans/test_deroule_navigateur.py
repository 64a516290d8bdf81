"""A séance in four browsers at once: facilitator, two phones of members, screen of the room."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from ccspl.redaction.actes import proposer
from participation.seances import fiche as participants
from participation.seances.models import Point, PointDossier, Presence, Seance, Vote
from participation.seances.points import actes as points
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture, papier
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.greffons.navigateur import TELEPHONE, Retenue, controler, suivre
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)

RESULTAT = "Adopté\u00a0: 2 pour, 0 contre."


@pytest.fixture
def salle():
    """A séance ready to open: three members, two points."""
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

    # Alma types the code shown on the screen of the room.
    code = ecran.locator(".code-geant").inner_text()
    phone_alma.goto(reverse("seances:saisir_code"))
    controler(phone_alma)
    phone_alma.get_by_label("Code de présence").fill(code)
    suivre(phone_alma.get_by_role("button", name="Continuer"))
    controler(phone_alma)
    phone_alma.get_by_role("button", name="Je suis en salle").click()
    expect(phone_alma.get_by_role("heading", name="La séance est convoquée")).to_be_visible()
    # Basile joins from home; the facilitator records Chloé.
    phone_basile.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    phone_basile.get_by_role("button", name="Je participe à distance").click()
    expect(phone_basile.get_by_text("Votre présence est notée, à distance")).to_be_visible()
    animateur.get_by_role("button", name="Chloé Roux arrive en salle").click()
    expect(animateur.locator(f"#p-{chloe.pk} summary")).to_be_focused()
    expect(ecran.locator(".quorum-valeur")).to_have_text("3 sur 2")

    # Opening, first point, then the avis.
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

    # Vote: two phones, and one hand recorded by the facilitator.
    animateur.get_by_label("Question mise au vote").fill("Adopter l’avis, avec réserves")
    animateur.get_by_role("button", name="Ouvrir le vote").click()
    expect(phone_alma.get_by_role("button", name="Pour", exact=True)).to_be_visible()
    controler(phone_alma)
    controler(animateur)
    phone_alma.get_by_role("button", name="Pour", exact=True).click()
    expect(phone_alma.get_by_text("Vous avez voté pour")).to_be_visible()
    # The page is a few seconds old: a count on it would not include the vote just given.
    expect(phone_alma.locator("#annonce")).to_have_text("Vote ouvert : Adopter l’avis, avec réserves.")
    phone_basile.get_by_role("button", name="Contre", exact=True).click()
    expect(phone_basile.get_by_text("Vous avez voté contre")).to_be_visible()
    phone_basile.get_by_role("link", name="Changer").click()
    phone_basile.get_by_role("button", name="Pour", exact=True).click()
    expect(phone_basile.get_by_text("Vous avez voté pour")).to_be_visible()
    expect(ecran.locator(".projection-chiffre")).to_have_text("2 votes reçus sur 3")
    expect(animateur.locator("#r-vote")).to_contain_text("2 votes reçus sur 3.")
    expect(animateur.locator("#annonce")).to_contain_text("2 votes reçus sur 3")
    animateur.locator("#d-clore summary").click()
    animateur.get_by_role("button", name="Clore sans attendre").click()

    expect(animateur.locator("#r-vote")).to_contain_text(RESULTAT)
    expect(ecran.locator(".projection-resultat")).to_have_text("Adopté")
    expect(phone_alma.locator("#r-vote")).to_contain_text(RESULTAT)
    controler(ecran)
    controler(phone_basile)

    # Closing.
    suivre(animateur.get_by_role("link", name="Lever la séance").first)
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
    points.passer_au_point(point, par=agent)
    vote = votes.ouvrir_vote(point, par=agent, objet="Approuver", forme="secret")
    page = entrer(alma.membre.compte, java_script_enabled=False)

    page.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    page.locator("summary", has_text="Abstention").click()
    expect(page.get_by_role("button", name="Mettre dans l’urne : abstention")).to_be_visible()
    assert not vote.bulletins.exists()
    assert "abstention" not in page.url, "the choice of a secret ballot is in no address"
    page.get_by_role("button", name="Mettre dans l’urne : abstention").click()

    expect(page.get_by_text("Votre bulletin est dans l’urne")).to_be_visible()
    assert [b.sens for b in vote.bulletins.all()] == ["abstention"]


def test_sixty_members_welcomed_as_fast_as_one_clicks_are_all_noted(entrer, salle):
    """The network is slow, then cut: the acts are queued, shown as queued, and all sent in the end."""
    seance, alma, *_ = salle
    for _ in range(57):
        ConvieFactory(seance=seance, membre=MembreFactory(college=alma.membre.college))
    page = entrer(CompteFactory(agent=True))
    page.goto(reverse("seances:animer", args=[seance.pk]))
    reseau = Retenue()
    page.route("**/seances/**", reseau)
    page.evaluate(
        """async () => {
            const boutons = [...document.querySelectorAll("[id^=b-salle-]")].map((bouton) => bouton.id);
            for (const id of boutons) {
                document.getElementById(id).click();
                await new Promise((fin) => setTimeout(fin, 15));
            }
        }"""
    )
    expect(page.locator(".actes-en-attente")).to_contain_text("cours d’envoi")
    reseau.couper()
    expect(page.get_by_text("Rien n’est perdu").first).to_be_visible()
    reseau.ouvrir()

    expect(page.locator(".actes-en-attente")).to_be_hidden()
    assert Presence.objects.filter(seance=seance).count() == 60
    expect(page.locator(".mode-present")).to_have_count(60)
    expect(page.locator("#r-messages").get_by_text("Rien n’est perdu")).to_have_count(0)


def test_the_three_screens_are_readable_in_both_themes_and_a_long_text_scrolls(entrer, salle):
    seance, alma, basile, _ = salle
    agent = CompteFactory(agent=True)
    avis = AvisFactory(en_redaction=True, titre="Avis sur le chauffage urbain")
    for _ in range(25):
        ParagrapheFactory(avis=avis)
    PreconisationFactory(avis=avis)
    proposer(avis, par=agent, texte="Un premier paragraphe proposé.")
    for convie in (alma, basile):
        PresenceFactory(convie=convie)
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    seance.refresh_from_db()
    point = Point.objects.get(nature="avis")
    PointDossier.objects.create(point=point, dossier=avis)
    points.passer_au_point(point, par=agent)
    vote = votes.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme="nominatif")
    votes.voter(vote, alma, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    salle_projetee = reverse("seances:ecran", args=[seance.pk])
    adresses = (
        (agent, salle_projetee),
        (agent, reverse("seances:animer", args=[seance.pk])),
        (alma.membre.compte, reverse("seances:ma_seance_en_cours", args=[seance.pk])),
    )
    for compte, adresse in adresses:
        page = entrer(compte, color_scheme="light", reduced_motion="no-preference")
        page.clock.install()
        page.goto(adresse)
        controler(page)
        page.emulate_media(color_scheme="dark")
        page.reload()  # colours change gradually
        controler(page)
        if adresse == salle_projetee:
            # The quorum stays visible while the page scrolls.
            assert not page.evaluate("document.documentElement.scrollHeight > innerHeight")
            page.clock.run_for(8000)
            page.wait_for_function("document.getElementById('r-point').scrollTop > 0")


def au_point_de_l_avis(seance, membres, agent):
    for convie in membres:
        PresenceFactory(convie=convie)
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    point = Point.objects.select_related("seance").get(nature="avis")
    point.seance.refresh_from_db()
    points.passer_au_point(point, par=agent)
    return point


def test_a_whole_named_vote_is_noted_by_keyboard_alone(entrer, salle):
    seance, *membres = salle
    agent = CompteFactory(agent=True)
    point = au_point_de_l_avis(seance, membres, agent)
    vote = votes.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme="nominatif")
    page = entrer(agent)
    page.goto(reverse("seances:faire_l_appel", args=[vote.pk]))
    controler(page)
    page.set_viewport_size(TELEPHONE)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    for touche in ("p", "c", "n", "Enter"):
        page.keyboard.press(touche)

    expect(page.get_by_text("3 voix notées.")).to_be_visible()
    assert [voix.sens for voix in vote.bulletins.order_by("convie")] == ["pour", "contre", "nppv"]


def test_two_tellers_count_the_paper_on_two_screens_and_the_alarm_fits_a_phone(entrer, salle):
    seance, alma, basile, chloe = salle
    agent = CompteFactory(agent=True)
    point = au_point_de_l_avis(seance, (alma, basile, chloe), agent)
    participants.inviter(point.seance, par=agent, nom="Nora Ouali", qualite="Régie", courriel="")
    vote = votes.ouvrir_vote(point, par=agent, objet="Élire", forme="secret")
    papier.compter_bulletins(vote, votants=[alma, basile, chloe], scrutateurs=[alma, basile], par=agent)
    animateur = entrer(agent, TELEPHONE, color_scheme="dark")
    phone = entrer(alma.membre.compte, TELEPHONE)
    animateur.goto(reverse("seances:animer", args=[seance.pk]))
    phone.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    controler(animateur)
    controler(phone)

    suivre(phone.get_by_role("link", name="Donner mon compte"))
    controler(phone)
    phone.get_by_label("Bulletins « pour »").fill("2")
    phone.get_by_label("Bulletins « contre »").fill("1")
    phone.get_by_role("button", name="Garder mon compte").click()
    expect(phone.get_by_text("Votre compte est gardé.")).to_be_visible()

    expect(animateur.get_by_text("Compte donné")).to_be_visible()  # shown without a reload
    suivre(animateur.get_by_role("link", name="Saisir son compte"))
    controler(animateur)
    animateur.get_by_label("Bulletins « pour »").fill("2")
    animateur.get_by_label("Bulletins « contre »").fill("1")
    animateur.get_by_role("button", name="Garder ce compte").click()
    expect(animateur.get_by_text("Les deux comptes sont les mêmes")).to_be_visible()
    expect(phone.get_by_text("Vous comptez les bulletins papier")).to_have_count(0)
    assert vote.bulletins.count() == 3

    animateur.get_by_role("button", name="Noter sa présence : Nora Ouali").click()
    expect(animateur.locator(".mode-present", has_text="Présence notée")).to_be_visible()
    for convie in (basile, chloe):
        presence.partir(convie, par=agent)
    alarme = animateur.get_by_role("heading", name="Le quorum n’est pas atteint")
    expect(alarme).to_be_visible()
    assert alarme.bounding_box()["width"] > 200, "told in one line or two, not in a column"
    controler(animateur)


def test_a_voice_that_came_too_late_is_said_until_the_next_act(entrer, salle):
    seance, alma, basile, _ = salle
    agent = CompteFactory(agent=True)
    for convie in (alma, basile):
        PresenceFactory(convie=convie)
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    seance.refresh_from_db()
    point = Point.objects.get(nature="avis")
    points.passer_au_point(point, par=agent)
    vote = votes.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme="nominatif")
    votes.voter(vote, alma, sens="pour")
    phone = entrer(basile.membre.compte, TELEPHONE)
    phone.route("**/etat/*", lambda route: route.abort())
    phone.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))

    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    phone.get_by_role("button", name="Contre").click()
    dit = phone.locator("#r-messages").get_by_text("cette voix n’est pas comptée")
    expect(dit).to_be_in_viewport()
    phone.unroute("**/etat/*")
    with phone.expect_response("**/etat/*"):
        points.passer_au_point(Point.objects.get(nature="information"), par=agent)
    expect(phone.get_by_role("heading", name="Accueil")).to_be_visible()
    expect(dit).to_be_visible()
