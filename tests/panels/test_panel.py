"""A panel from its mandate to the answer to its recommendations, by the acts and pages of agents, residents, providers."""

import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.panels import recommandations
from participation.panels.inscriptions import actes as inscriptions
from participation.panels.inscriptions.lectures import ce_que_deviennent_les_donnees
from participation.panels.invitations import imports as adresses
from participation.panels.models import PageInscription, Panel
from participation.panels.preparation import actes as preparation
from participation.panels.workflow import Adresse, EtatPanel, Reponse
from participation.seances.models import Membre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Document
from participation.suites import actes as suites
from participation.tirage.models import Quota
from participation.tirage.workflow import Place
from tests.greffons.guichet import Guichet
from tests.outils import constant_queries, jour
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import ConvieFactory, MembreFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory


def lisible(reponse):
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def ouvert(agent):
    panel = PanelFactory(avec_tirage=True)
    PageInscription.objects.create(
        panel=panel, langue="fr", nom_langue="français", titre="S’inscrire", introduction="Qui habite ici."
    )
    PageInscription.objects.create(
        panel=panel, langue="ar", nom_langue="العربية", se_lit_de_droite=True, titre="التسجيل", introduction="…",
        traductions={"Prénom": "الاسم"},
    )  # fmt: skip
    inscriptions.ouvrir_inscriptions(panel, par=agent)
    return panel


REPONSES = {
    "prenom": "Alma", "nom": "Essai", "telephone": "06 00 00 00 00", "courriel": "", "adresse": "3 rue des Essais",
    "categorie_0": "F", "est_eligible": "oui", "peut_venir": "oui",
}  # fmt: skip


def envoyer(panel, langue="fr", *, patienter=5, fois=1, time_machine=None, **autres):
    client = Client()
    adresse = f"/panel/{panel.cle}/{langue}/"
    page = client.get(adresse)
    dit = {
        **REPONSES,
        "ouverte": page.context["form"]["ouverte"].value(),
        "cle": page.context["form"]["cle"].value(),
    }
    if time_machine is not None:
        time_machine.shift(timedelta(seconds=patienter))
    return [client.post(adresse, {**dit, **autres}) for _ in range(fois)][-1]


def test_the_steps_of_a_panel_become_echeances_that_follow_its_first_session(agent):
    panel = preparation.preparer_panel(
        Panel(), par=agent, titre="L’eau", cle="eau", mandat="Comment ?", repond_a="le conseil", places=20,
        seances_prevues=4, date_premiere_seance=jour(100), lieu="", voie="courrier",
    )  # fmt: skip
    ouvrir = panel.echeances.get(cle="etape-ouvrir")
    assert ouvrir.date_limite == jour(100 - 42)
    preparation.noter_etape(panel, par=agent, etape="etape-preparer")

    preparation.modifier_panel(panel, par=agent, date_premiere_seance=jour(110))

    ouvrir.refresh_from_db()
    assert ouvrir.date_limite == jour(110 - 42)
    assert panel.echeances.get(cle="etape-preparer").date_limite == jour(
        100 - 84
    )  # done: it stays where it was


def test_a_resident_registers_on_the_page_of_her_language_once(ouvert, time_machine):
    time_machine.move_to(timezone.localtime(), tick=False)
    page = Client().get(f"/panel/{ouvert.cle}/ar/")
    assert 'dir="rtl"' in page.content.decode()
    assert "الاسم" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert "(اختياري)" in page.content.decode()  # what no agent wrote, in the language of the page
    # What becomes of her answers is said in her language, once an agent translated it; marked French until then.
    arabe = ouvert.pages.get(langue="ar")
    (_, finalite), *_autres = ce_que_deviennent_les_donnees()
    assert f'<span lang="fr" dir="ltr">{finalite}</span>' in page.content.decode()
    assert '<span lang="fr" dir="ltr">Remplissez-vous' in page.content.decode()
    PageInscription.objects.filter(pk=arabe.pk).update(traductions={**arabe.traductions, finalite: "للقرعة"})
    page = Client().get(f"/panel/{ouvert.cle}/ar/").content.decode()
    assert "للقرعة" in page
    assert finalite not in page

    recue = envoyer(ouvert, "ar", time_machine=time_machine, fois=2)
    assert recue.status_code == 303
    page, nue = Client().get(recue.url), Client().get(recue.url.partition("?")[0])
    assert "qui participe" in page.content.decode()
    assert "qui participe" not in nue.content.decode()  # she alone who has just registered

    (inscription,) = ouvert.inscriptions.all()
    assert (inscription.profil, inscription.page.langue, inscription.canal) == ({"Genre": "F"}, "ar", "web")
    assert inscription in ouvert.inscriptions.tirables()


def test_a_program_and_a_page_open_too_long_register_nobody(ouvert, time_machine):
    time_machine.move_to(timezone.localtime(), tick=False)

    assert envoyer(ouvert, time_machine=time_machine, site="x").status_code == 303
    assert "Relisez vos réponses" in lisible(envoyer(ouvert, time_machine=time_machine, patienter=1))
    tard = envoyer(ouvert, time_machine=time_machine, patienter=8 * 86400)
    assert "longtemps" in lisible(tard)
    assert "3 rue des Essais" in lisible(tard)
    assert not ouvert.inscriptions.exists()


def test_three_answers_decide_who_may_be_drawn_and_no_way_to_reach_somebody_is_said(ouvert, time_machine):
    time_machine.move_to(timezone.localtime(), tick=False)
    for reponse in ({"est_eligible": "non"}, {"peut_venir": "non"}, {"veut_etre_informe": "on"}):
        assert envoyer(ouvert, time_machine=time_machine, **reponse).status_code == 303
    muette = envoyer(ouvert, time_machine=time_machine, telephone="", adresse="")

    assert "nous devons pouvoir vous joindre" in lisible(muette)
    assert [i.veut_etre_informe for i in ouvert.inscriptions.tirables()] == [True]
    assert ouvert.inscriptions.count() == 3


def test_who_is_set_aside_is_not_somebody_whose_address_a_colleague_has_just_accepted(connecte, ouvert):
    """What a colleague did meanwhile may be kept by its instant alone: it is compared as a choice is."""
    inscription = InscriptionFactory(panel=ouvert, adresse_comparee=Adresse.PROCHE)
    adresse = f"/panels/inscriptions/{inscription.pk}/ecarter/"
    page = connecte.get(adresse)
    inscriptions.accepter_adresse(inscription, par=CompteFactory(agent=True))

    refus = connecte.post(adresse, {"montre": page.context["montre"], "motif": "Hors des adresses."})

    assert "L’état a changé depuis que cette page est ouverte" in lisible(refus)
    inscription.refresh_from_db()
    assert inscription.ecartee_le is None


def test_an_address_is_compared_with_those_invited_and_read_by_a_person(agent, ouvert):
    table = SimpleUploadedFile(
        "a.csv", b"Adresse;x\n12, rue Victor-Hugo 38000 Grenoble;1\n5 place Verdun;2\n"
    )
    assert adresses.importer_adresses(ouvert, par=agent, fichier=table).refusees == 0
    dites = [
        "12 RUE VICTOR HUGO, 38000 Grenoble",
        "12 bis rue Victor Hugo 38000 Grenoble",
        "9 avenue de Vizille",
    ]

    faites = [
        inscriptions.inscrire(
            ouvert, par=agent, canal="telephone", prenom="A", nom="B", adresse=a, profil={"Genre": "F"}
        )
        for a in dites
    ]

    assert [i.adresse_comparee for i in faites] == [Adresse.MEME, Adresse.PROCHE, Adresse.ABSENTE]
    assert list(ouvert.inscriptions.tirables()) == faites[:1]
    inscriptions.accepter_adresse(faites[1], par=agent)
    assert set(ouvert.inscriptions.tirables()) == set(faites[:2])


def test_several_addresses_are_read_together_beside_the_invited_one_that_looks_most_like_each(
    agent, connecte, ouvert
):
    table = SimpleUploadedFile("a.csv", b"Adresse\n12 rue Victor Hugo 38000 Grenoble\n")
    adresses.importer_adresses(ouvert, par=agent, fichier=table)
    sans_ville, ailleurs = [
        inscriptions.inscrire(
            ouvert, par=agent, canal="telephone", prenom="A", nom="B", adresse=a, profil={"Genre": "F"}
        )
        for a in ("12, rue Victor Hugo", "9 avenue de Vizille")
    ]
    assert [i.adresse_comparee for i in (sans_ville, ailleurs)] == [Adresse.PROCHE, Adresse.ABSENTE]
    with pytest.raises(ErreurMetier, match="2 adresses restent à lire"):
        inscriptions.verser_au_tirage(ouvert, par=agent)

    adresse = f"/panels/{ouvert.pk}/accepter-adresses/"
    page = connecte.get(adresse)
    assert "invitée : 12 rue victor hugo 38000 grenoble" in lisible(page)
    assert list(page.context["form"]["adresses"].value()) == [sans_ville.pk]  # only the town is missing
    assert connecte.post(adresse, {"adresses": [sans_ville.pk]}).url == adresse
    assert list(ouvert.inscriptions.tirables()) == [sans_ville]
    deja = connecte.post(adresse, {"adresses": [sans_ville.pk, ailleurs.pk]})
    assert "Quelqu’un vient de lire" in lisible(deja)


def test_a_rehearsal_never_enters_the_draw_and_all_the_others_do_at_once(agent):
    panel = PanelFactory(avec_tirage=True)
    panel.tirage.volontaires.all().delete()
    repetition = inscriptions.inscrire(panel, par=agent, prenom="R", telephone="1", profil={"Genre": "F"})
    Panel.objects.filter(pk=panel.pk).update(etat=EtatPanel.INSCRIPTION)
    panel.refresh_from_db()
    vraies = [
        inscriptions.inscrire(panel, par=agent, prenom=p, telephone="1", profil={"Genre": "F"}) for p in "AB"
    ]

    assert inscriptions.verser_au_tirage(panel, par=agent) == 2

    for inscription in (repetition, *vraies):
        inscription.refresh_from_db()
    assert repetition.est_repetition
    assert repetition.volontaire is None
    assert {i.volontaire.tirage for i in vraies} == {panel.tirage}
    with pytest.raises(ActeInterdit):
        inscriptions.inscrire(panel, par=None, prenom="C", telephone="1")


@pytest.fixture
def en_session(agent):
    panel = PanelFactory(session=True)
    for titre in ("Réparer les fontaines", "Fermer les piscines"):
        recommandations.ecrire_recommandation(panel, par=agent, titre=titre, direction=DirectionFactory())
    return panel


def test_after_the_vote_of_the_members_nobody_changes_the_text_not_even_the_database(agent, en_session):
    une, autre = en_session.recommandations.all()
    recommandations.corriger_recommandation(une, par=agent, titre="Réparer toutes les fontaines")
    recommandations.adopter_recommandations(en_session, par=agent, adoptees=[une])

    for faire in (
        lambda: recommandations.corriger_recommandation(une, par=agent, titre="Autre"),
        lambda: recommandations.retirer_recommandation(autre, par=agent),
    ):
        with pytest.raises(ActeInterdit, match="plus personne ne le change"):
            faire()
    with pytest.raises(Exception, match="Cannot update"), connection.cursor() as curseur:
        curseur.execute("UPDATE panels_recommandation SET texte = 'Autre' WHERE id = %s", [une.pk])


def test_who_follows_the_petition_that_waits_for_the_panel_is_told_of_its_vote_once(agent, en_session):
    petition = PetitionFactory(agent=CompteFactory(agent=True, courriel="suit@example.org"))
    Panel.objects.filter(pk=en_session.pk).update(origine=petition.pk)
    en_session.refresh_from_db()

    recommandations.adopter_recommandations(
        en_session, par=agent, adoptees=en_session.recommandations.all()[:1]
    )

    lettre = Courriel.objects.get(acte="panels/adopter_recommandations")
    assert lettre.destinataires == ["suit@example.org"]
    assert "a adopté 1 recommandation." in lettre.corps
    assert petition.get_absolute_url() in lettre.corps


def test_each_adopted_recommendation_is_owed_a_suite_and_the_last_answer_ends_the_wait(agent, en_session):
    une, _ = en_session.recommandations.all()
    recommandations.adopter_recommandations(en_session, par=agent, adoptees=[une])

    (suite,) = recommandations.transmettre_recommandations(en_session, par=agent)
    page = lisible(Client().get(en_session.get_public_url()))
    assert "Réparer les fontaines" in page
    assert "Le panel ne l’a pas adoptée" in page
    suites.changer_etat(suite, par=agent, vers="non_suivie", motif="Trop cher.", texte_public="Non.")

    en_session.refresh_from_db()
    assert en_session.etat == EtatPanel.REPONDU


def test_the_public_page_counts_the_panel_together_and_says_what_is_missing(en_session):
    Quota.objects.filter(tirage=en_session.tirage).update(part=52)
    page = lisible(Client().get(en_session.get_public_url()))

    assert "52 %" in page
    assert "Pas encore" in page
    for personne in en_session.tirage.volontaires.filter(place=Place.PANEL):
        assert personne.nom not in page


def test_a_draft_panel_is_seen_by_agents_alone(client, agent):
    panel = PanelFactory(avec_tirage=True)
    PageInscription.objects.create(
        panel=panel, langue="fr", nom_langue="français", titre="T", introduction="I"
    )

    assert Client().get(f"/panel/{panel.cle}/").status_code == 404
    assert Client().get(f"/panel/{panel.cle}/fr/").status_code == 404
    assert Client().get(f"/panels-citoyens/{panel.cle}/").status_code == 404
    client.force_login(agent)
    assert "Répétition" in lisible(client.get(f"/panel/{panel.cle}/fr/"))
    du_tirage = lisible(client.get(panel.tirage.get_absolute_url()))
    assert f'<a href="{panel.get_absolute_url()}">' in du_tirage


def test_who_wants_news_confirms_her_address_and_members_are_told_when_a_suite_moves(agent, ouvert):
    inscriptions.inscrire(
        ouvert, par=agent, canal="telephone", prenom="A", nom="B", courriel="curieuse@example.org", profil={"Genre": "F"},
        veut_etre_informe=True,
    )  # fmt: skip
    assert Courriel.objects.get(acte="suites/suivre").destinataires == ["curieuse@example.org"]

    panel = PanelFactory(session=True)
    Panel.objects.filter(pk=panel.pk).update(etat=EtatPanel.RECOMMANDE, est_publie=True)
    membre = MembreFactory(college__mandature__instance=panel.instance)
    InscriptionFactory(panel=panel, membre=membre)
    suite = suites.ajouter_suite(
        Panel.objects.get(pk=panel.pk),
        par=agent,
        intitule="Réparer les fontaines",
        direction=DirectionFactory(),
    )
    suites.changer_etat(suite, par=agent, vers="non_suivie", motif="Trop cher.", texte_public="Non.")

    (lettre,) = Courriel.objects.filter(acte="panels/changer_suite")
    assert lettre.destinataires == [membre.compte.courriel]


def test_four_registrations_cost_what_one_costs(connecte):
    panel = PanelFactory(inscription=True)

    constant_queries(
        connecte,
        f"/panels/{panel.pk}/",
        lambda: InscriptionFactory(panel=panel, adresse_comparee=Adresse.PROCHE),
    )


def test_what_those_who_sit_need_is_in_the_list_of_the_next_seance(client, agent):
    panel = PanelFactory(session=True)
    seance = SeanceFactory(mandature__instance=panel.instance, debut=timezone.localtime() + timedelta(days=9))
    vient, renonce = panel.tirage.volontaires.filter(place=Place.PANEL)[:2]
    InscriptionFactory(panel=panel, volontaire=vient, enfants=2, reponse=Reponse.CONFIRMEE)
    InscriptionFactory(panel=panel, volontaire=renonce, interprete="arabe", reponse=Reponse.REFUSEE)
    client.force_login(agent)

    page = lisible(client.get("/inclusion/besoins/"))

    assert "Garde d’enfants (2)" in page
    assert str(seance) in page
    assert "arabe" not in page

    # Said again with the answer to the convocation, a need is counted once.
    panel.inscriptions.filter(volontaire=vient).update(
        membre=ConvieFactory(seance=seance, besoins=["garde"]).membre
    )
    assert "Garde d’enfants (2)" not in lisible(client.get("/inclusion/besoins/"))


def test_after_its_mandate_a_panel_has_one_committee_that_follows_it(agent, connecte):
    panel = PanelFactory(session=True)
    adresse = f"/panels/{panel.pk}/ouvrir-comite/"
    refusee = connecte.post(adresse, {"colleges": "Citoyens\nÉlus ; 0", "fin": jour(0).isoformat()})
    assert "Ligne 1" in lisible(refusee)
    assert "de 1 à 60 sièges" in lisible(refusee)
    assert "après aujourd’hui" in lisible(refusee)

    dit = {"colleges": "Citoyens du panel ; 10\nÉlus ; 8", "fin": jour(900).isoformat()}
    assert connecte.post(adresse, dit).status_code == 302

    panel.refresh_from_db()
    mandature = panel.comite.mandatures.get()
    assert [(c.nom, c.sieges) for c in mandature.colleges.order_by("ordre")] == [
        ("Citoyens du panel", 10),
        ("Élus", 8),
    ]
    assert panel.comite.est_publique
    assert "déjà son comité" in str(panel.manques("ouvrir_comite", agent))


def test_a_page_of_registration_is_written_again_and_a_table_of_addresses_says_what_it_refused(agent, ouvert):
    guichet = Guichet(agent, en_hate=True)
    page = ouvert.pages.get(langue="fr")
    guichet.valider(f"/panels/pages/{page.pk}/modifier-page/", titre="Venez au panel")
    page.refresh_from_db()
    assert page.titre == "Venez au panel"
    assert ouvert.journal.get(acte="modifier_page").fait == "Page d’inscription modifiée : français"

    guichet.aller(f"/panels/{ouvert.pk}/importer-adresses/")
    guichet.joindre("a.csv", b"Adresse\n12 rue Victor Hugo 38000 Grenoble\n?\n", "text/csv")
    guichet.valider()
    assert "Téléchargez ce qui est refusé, avec la raison." in guichet.dit


def test_a_recommendation_is_given_to_a_direction_then_the_answered_panel_closes(agent, en_session):
    guichet, direction = Guichet(agent, en_hate=True), DirectionFactory()
    une, _ = en_session.recommandations.all()
    guichet.valider(reverse("panels:confier_recommandation", args=[une.pk]), direction=direction.pk)
    une.refresh_from_db()
    assert une.direction == direction
    assert (
        en_session.journal.get(acte="confier_recommandation").fait
        == f"Recommandation 1 confiée à {direction}"
    )
    recommandations.adopter_recommandations(en_session, par=agent, adoptees=[une])
    recommandations.transmettre_recommandations(en_session, par=agent)

    guichet.valider(
        f"/panels/{en_session.pk}/ajouter-suite/", intitule="Compter les fontaines", direction=direction.pk
    )
    assert [suite.direction for suite in en_session.suites.all()] == [direction, direction]
    assert guichet.client.get(f"/panels/{en_session.pk}/clore-panel/").status_code == 409
    for suite in en_session.suites.all():
        suites.changer_etat(suite, par=agent, vers="non_suivie", motif="Trop cher.", texte_public="Non.")
    guichet.valider(f"/panels/{en_session.pk}/clore-panel/")

    en_session.refresh_from_db()
    assert (en_session.etat, en_session.clos_le is not None) == (EtatPanel.CLOS, True)
    assert not en_session.echeances.ouvertes().exists()


def test_the_tables_of_a_seance_keep_who_must_sit_together_and_its_badges_name_who_sits_where(agent):
    panel, guichet = PanelFactory(session=True), Guichet(agent, en_hate=True)
    seance = SeanceFactory(mandature__instance=panel.instance, debut=timezone.localtime() + timedelta(days=9))
    assis = [ConvieFactory(seance=seance).membre.compte for _ in range(4)]
    une, voisine, loin, _ = [compte.get_full_name() for compte in assis]
    badges, tables = (f"/panels/{panel.pk}/{acte}/" for acte in ("imprimer-badges", "dresser-tables"))

    guichet.valider(tables, tables="2", ensemble=f"{une} + Personne", separes=une)
    assert "n’est pas attendu à cette séance." in guichet.dit
    assert f"« {une} » : écrivez deux noms séparés par « + »." in guichet.dit
    guichet.valider(ensemble=f"{une} + {voisine}\n\n", separes=f"{une} + {loin}")

    assert "2 tables dressées." in guichet.dit
    (table,) = [table for table in panel.plans.get().tables if assis[0].pk in _comptes(table)]
    assert assis[1].pk in _comptes(table)
    assert assis[2].pk not in _comptes(table)
    guichet.valider(tables, tables="4", ensemble=f"{une} + {voisine}")
    assert "1 demande n’a pas pu être tenue" in guichet.dit

    guichet.valider(badges)
    donnees = Document.objects.get(nature="panels/badges").donnees
    assert sorted(nom for table in donnees["tables"] for nom in table) == sorted(
        [c.prenom, c.nom] for c in assis
    )


def _comptes(table):
    return set(Membre.objects.filter(pk__in=table).values_list("compte", flat=True))
