"""Page « Ma journée »."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.socle import actions, journee, vitrine
from participation.socle.francais import jour_texte
from participation.socle.http.menus import menu_bureau
from participation.socle.journee import SectionJournee, Tache
from participation.socle.management.horloge import nous_sommes
from participation.socle.models import Courriel
from participation.socle.vitrine import EntreeBureau
from participation.socle.workflow import Role
from tests.outils import constant_queries, demandes_ouvertes_par, requetes
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction, commune

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]
URL = "/journee/"


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def due(petition, jours, libelle="Répondre", **options):
    return actions.fixer_echeance(
        petition,
        libelle[:60],
        libelle=libelle,
        date_limite=timezone.localdate() + timedelta(days=jours),
        **options,
    )


def parties(reponse):
    return {p.cle: [ligne.tache.quoi for ligne in p.lignes] for p in reponse.context["parties"]}


def test_what_is_due_is_sorted_into_late_today_and_the_week(client, agent):
    petition = PetitionFactory(deposee=True, agent=agent)
    for jours, libelle in ((-3, "Hier"), (0, "Ce jour"), (7, "Bientôt"), (8, "Plus tard")):
        due(petition, jours, libelle)

    assert parties(client.get(URL)) == {"retard": ["Hier"], "jour": ["Ce jour"], "semaine": ["Bientôt"]}
    # The first sentence counts all the lines, those of the apps included.
    PetitionFactory(deposee=True)
    lue = client.get(URL)
    assert sum(lue.context["compte"].values()) == sum(map(len, parties(lue).values())) > 3


def test_a_button_is_not_heard_twice():
    vus = [Tache(quoi, "", mot).apres_le_bouton for quoi, mot in (
        ("Répondre : Le devis", "Répondre"), ("Relire la réponse", "Relire"), ("Lever une réserve", "Ouvrir"),
    )]  # fmt: skip
    assert vus == ["\u00a0: Le devis", "\u00a0la réponse", "\u00a0: Lever une réserve"]


def test_mine_by_default_all_the_team_on_demand(client, agent):
    due(PetitionFactory(deposee=True, agent=CompteFactory(agent=True)), 0, "À un collègue")

    assert parties(client.get(URL)) == {}
    assert parties(client.get(URL, {"vue": "equipe"})) == {"jour": ["À un collègue"]}


def test_what_somebody_else_owes_to_her_dossier_is_awaited_from_others(client, agent):
    petition, porteur = PetitionFactory(deposee=True, agent=agent), CompteFactory()
    due(petition, -30, "Rendre le bilan", responsable=porteur)
    due(petition, -5, "Rendre la suite", direction=DirectionFactory())
    due(petition, -1, "Le mien", responsable=agent)
    due(PetitionFactory(deposee=True, agent=CompteFactory(agent=True)), -1, "À côté", responsable=porteur)

    assert parties(client.get(URL)) == {"retard": ["Rendre la suite", "Le mien"]}
    assert parties(client.get(URL, {"vue": "attente"})) == {"retard": ["Rendre le bilan", "Rendre la suite"]}


def test_a_stopped_clock_is_not_late(client, agent):
    petition = PetitionFactory(deposee=True, agent=agent)
    due(petition, -3, est_legale=True)
    actions.suspendre_horloge(petition, motif="Période électorale")

    assert parties(client.get(URL)) == {}


def test_an_agent_of_a_direction_finds_what_she_must_answer(client):
    direction = DirectionFactory()
    demande = actions.demander(
        PetitionFactory(deposee=True),
        par=CompteFactory(agent=True),
        nature="avis",
        a=direction,
        objet="Est-ce possible ?",
        texte="Dites-nous.",
        date_limite=timezone.localdate(),
    )
    client.force_login(agent_de_direction(direction))

    page = client.get(URL)

    [partie] = page.context["parties"]
    assert partie.lignes[0].tache.bouton == "Répondre"
    assert demande.pk in demandes_ouvertes_par(page.content.decode())


def test_a_town_hall_finds_what_is_asked_of_it_however_far_it_is_due(client):
    """A commune has no list of demandes: past the week ahead, nothing showed it that one was waiting."""
    mairie = commune("Claix")
    mairie.courriel = "mairie@example.org"
    mairie.save()
    petition = PetitionFactory(deposee=True)
    for jours in (0, 20):
        actions.demander(
            petition,
            par=CompteFactory(agent=True),
            nature="avis",
            a=mairie,
            objet=f"Dans {jours} jours",
            texte="Dites-nous.",
            date_limite=timezone.localdate() + timedelta(days=jours),
        )
    client.force_login(CompteFactory(role=Role.AGENT_COMMUNE, commune=mairie))

    page = client.get(URL)

    assert parties(page) == {"jour": ["Répondre : Dans 0 jours"], "plus_tard": ["Répondre : Dans 20 jours"]}
    assert page.context["menu_bureau"][0]["entrees"][0]["nombre"] == 1
    assert "Mes dossiers ouverts" not in page.content.decode()
    dossier = client.get(petition.get_absolute_url()).context
    assert (
        dossier["pour_vous"]
        == f"répondez à ce qui vous est demandé pour le {jour_texte(timezone.localdate())}."
    )
    assert [due.libelle for due in dossier["echeances"] if due.demande_id] == [
        "Répondre : Dans 0 jours",
        "Répondre : Dans 20 jours",
    ]


def test_letters_that_did_not_arrive_are_one_line_which_opens_them_all(client, agent):
    for etat in ("echec", "rejete", "envoye"):
        Courriel.objects.create(
            expediteur="s@example.org",
            destinataires=["x@example.org"],
            sujet=f"Votre réponse, {etat}",
            corps="…",
            etat=etat,
        )

    [partie] = client.get(URL).context["parties"]
    [ligne] = partie.lignes
    assert ligne.tache.sur_quoi == "2 lettres non arrivées"
    liste = client.get(ligne.tache.url).content.decode()
    assert "Votre réponse, echec" in liste
    assert "Votre réponse, rejete" in liste
    assert "Votre réponse, envoye" not in liste


def test_the_menu_answers_each_agent(client, agent):
    due(PetitionFactory(deposee=True, agent=agent), -1)

    def menu(compte):
        client.force_login(compte)
        groupes = client.get("/dossiers/").context["menu_bureau"]
        return {e["libelle"]: (e["nombre"], e["retards"]) for groupe in groupes for e in groupe["entrees"]}

    siens, autres = menu(agent), menu(CompteFactory(agent=True))
    assert (siens["Ma journée"], siens["Pétitions"]) == ((1, 0), (1, 1))
    assert (autres["Ma journée"], autres["Pétitions"]) == ((0, 0), (0, 0))


def test_an_empty_day_says_what_will_be_there(client, agent):
    assert "Rien ne vous attend" in client.get(URL).content.decode()
    # One query, whatever the number of apps, is enough to know that nothing waits.
    assert len(requetes(client, URL)) <= 10


def test_the_words_kept_for_a_day_hold_no_hour_and_nothing_that_was_read(client, monkeypatch):
    """The text composed for an account is kept for it all day long."""
    ecrits, sonder = [], journee.sonder

    def noter(quoi, a_qui, faire):
        ecrits.append(((quoi, a_qui.pk), [sonde.ecrire()[:2] for sonde in faire()]))
        return sonder(quoi, a_qui, faire)

    monkeypatch.setattr(journee, "sonder", noter)
    direction = DirectionFactory()
    midi = timezone.localtime().replace(hour=12, minute=0, second=0)
    for compte in (CompteFactory(agent=True), agent_de_direction(direction)):
        for heures in (-4, 8):
            with nous_sommes(midi + timedelta(hours=heures)):
                client.force_login(compte)
                for vue in ("", "equipe"):
                    client.get(URL, {"vue": vue})
                due(PetitionFactory(deposee=True, agent=compte), 0, direction=direction, responsable=compte)
    par_cle = {}
    for cle, ecrit in ecrits:
        assert par_cle.setdefault(cle, ecrit) == ecrit
    assert len(ecrits) == 8 > len(par_cle)


def test_four_echeances_cost_what_one_costs(client, agent):
    constant_queries(
        client,
        URL,
        lambda: due(
            PetitionFactory(deposee=True, agent=agent), 1, direction=DirectionFactory(), responsable=agent
        ),
    )


def section_d_essai(compte):
    return SectionJournee(
        "essai", "Comité", [Tache("Examiner la pétition", "/x/", "Examiner", quand="Mardi")]
    )


def section_datee(compte):
    """A section of an app, due 4 days ago, in 2 days and in 20 days, shown after the échéances."""
    jour = timezone.localdate()
    dues = [Tache(f"Dans {n}", "/x/", "Voir", date_limite=jour + timedelta(days=n)) for n in (20, 2, -4)]
    return SectionJournee("essai", "Comité", dues)


def test_what_a_section_says_is_due_stands_with_all_that_is_due(client, agent, monkeypatch):
    petition = PetitionFactory(deposee=True, agent=agent)
    due(petition, -3, "Hier")
    due(petition, 5, "Bientôt")
    monkeypatch.setattr(
        vitrine, "fonctions", lambda place: [section_datee] if place == "section_journee" else []
    )

    page = client.get(URL)

    assert parties(page) == {
        "retard": ["Hier"],
        "retard_equipe": ["Dans -4"],
        "semaine": ["Dans 2", "Bientôt"],
        "essai": ["Dans 20"],
    }
    (loin,) = [p.lignes[0].fort for p in page.context["parties"] if p.cle == "essai"]
    assert loin == jour_texte(timezone.localdate() + timedelta(days=20), "court")
    # The first sentence counts the lines of each group.
    assert page.context["compte"] == {"retards": 2, "du_jour": 0, "proches": 2, "autres": 1}


def menu_d_essai(compte):
    return [EntreeBureau("Essais", "/essais/", app="petitions", nombre=4)]


def test_an_app_adds_its_section_and_its_menu(client, agent, monkeypatch):
    places = {"section_journee": [section_d_essai], "menu_bureau": [menu_d_essai]}
    monkeypatch.setattr(vitrine, "fonctions", lambda place: places.get(place, []))

    page = client.get(URL)

    assert parties(page) == {"essai": ["Examiner la pétition"]}
    assert "Essais" in page.content.decode()
    entrees = [e for g in menu_bureau(agent, "/dossiers/de-l-app/", "petitions") for e in g["entrees"]]
    assert [e["libelle"] for e in entrees if e["actif"]] == ["Essais"]  # not « Tous les dossiers », above it
