"""The triage: what is proposed and why, what is done in one key, and what no machine does alone."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from participation.socle.regles.mots import mots_communs, racine
from remontees.actions import apprentissage, drapeaux, parts, regroupement, routage, sujets, tri
from remontees.lectures import questions
from remontees.lectures.categories import proposees
from remontees.lectures.competence import organisme_propose
from remontees.lectures.pourquoi import pourquoi_ici
from remontees.lectures.routage import destination_de, essayer_regle
from remontees.lectures.semblables import semblables
from remontees.models import Apprentissage, Categorie, ChangementDeRegle, RegleDeRoutage, Remontee, Sujet
from remontees.regles import classement
from remontees.regles.routage import Cas, Regle, premiere
from remontees.workflow import Canal, Etat, EtatAttribution
from tests.outils import constant_queries, ensemble
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    MessageFactory,
    OrganismeFactory,
    RapporteurFactory,
    RegleFactory,
    RemonteeFactory,
    SujetFactory,
)
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def referente():
    """Reads the discriminations: without her, none is put apart."""
    return CompteFactory(referent=True)


@pytest.fixture
def connecte(client, agent):
    client.force_login(agent)
    return client


def lu(reponse):
    """The words of a page, with plain spaces."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ")


def categorie(code):
    return Categorie.objects.get(code=code)


# Words -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("un", "autre"), [("lampadaire", "lampadaires"), ("éclairage", "éclairages"), ("trou", "trous")]
)
def test_one_and_many_have_one_root(un, autre):
    assert racine(un) == racine(autre)


def test_the_words_in_common_are_shown_as_they_were_written():
    assert mots_communs(
        "Bonjour, le Lampadaire de l’École est éteint", "Des lampadaires éteints près de l’ecole"
    ) == ["lampadaire", "école", "éteint"]


def test_the_database_keeps_the_words_that_count():
    remontee = RemonteeFactory(verbatim="Bonjour, l’Éclairage de la place n’est toujours PAS réparé !")

    assert Remontee.objects.get(pk=remontee.pk).mots == "eclairage place repare"


# Categories ------------------------------------------------------------------------------------------------------------


def test_a_text_goes_to_the_category_whose_words_it_has_and_says_which():
    modele = classement.apprendre({1: "lampadaire éteint noir", 2: "poubelle bac collecte"})

    premiere_proposee = classement.proposer(modele, "Les poubelles n’ont pas eu de collecte.")[0]

    assert premiere_proposee.categorie == 2
    assert premiere_proposee.mots == ["poubelles", "collecte"]


def test_nothing_is_proposed_from_unknown_words():
    modele = classement.apprendre({1: "lampadaire éteint"})

    assert classement.proposer(modele, "Qwertz zxcvb.") == []


def test_what_is_learnt_survives_its_writing():
    modele = classement.apprendre({1: "lampadaire", 2: "poubelle"}, [(2, ["rat", "rat"]), (2, ["rat"])])

    relu = classement.Modele.de_json(modele.en_json())

    assert classement.proposer(relu, "un rat") == classement.proposer(modele, "un rat")
    assert classement.proposer(relu, "un rat")[0].categorie == 2


def test_on_the_first_day_the_descriptions_suffice():
    assert not Apprentissage.objects.exists()
    remontee = RemonteeFactory(verbatim="Le lampadaire est éteint, il fait noir la nuit.")

    premiere_proposee = proposees(remontee)[0]

    assert premiere_proposee.categorie == categorie("voirie-eclairage")
    assert "lampadaire" in premiere_proposee.mots


def test_the_night_learns_what_agents_decided_and_measures_it_on_what_it_had_not_read():
    rats, velo = categorie("eau-egouts"), categorie("mobilites-velo")
    for n in range(30):
        RemonteeFactory(transmise=True, categorie=rats, verbatim=f"Des surmulots partout, cave {n}.")
        RemonteeFactory(transmise=True, categorie=velo, verbatim=f"Mon biclou ne passe pas, quai {n}.")
    RemonteeFactory(categorie=velo, verbatim="Encore des surmulots.")  # nobody decided yet

    appris = apprentissage.apprendre()

    assert appris.exemples == 60
    gardees = [
        pk for pk in Remontee.objects.exclude(etat=Etat.NOUVELLE).values_list("pk", flat=True) if pk % 5 == 0
    ]
    assert appris.mesures == len(gardees)
    assert appris.premiere == appris.mesures > appris.frequente
    assert proposees(RemonteeFactory(verbatim="un surmulot"))[0].categorie == rats


def test_a_category_is_chosen_in_one_click_and_the_queue_stays_on_the_remontee(connecte):
    remontee = RemonteeFactory()
    retour = f"/remontees/trier/?question=a-trier&depuis={remontee.pk}"

    reponse = connecte.post(
        f"{reverse('remontees:classer', args=[remontee.pk])}?retour={retour.replace('&', '%26')}",
        {"categorie": categorie("voirie-eclairage").pk},
        follow=True,
    )

    assert reponse.redirect_chain[0][0] == retour
    assert remontee.reference in reponse.content.decode()
    assert (
        "Catégorie : Rue et espaces publics, éclairage"
        in Remontee.objects.get().journal.get().fait.replace("\xa0", " ")
    )


# Similar ones ----------------------------------------------------------------------------------------------------------


def test_the_nearest_of_the_same_place_and_season_are_shown_with_their_common_words():
    ici, jour = commune("Fontaine"), timezone.localdate()
    texte = "Le lampadaire de la rue des Alpes est éteint"
    remontee = RemonteeFactory(commune=ici, verbatim=texte)
    proche = RemonteeFactory(commune=ici, verbatim="Lampadaire éteint rue des Alpes depuis lundi")
    RemonteeFactory(commune=commune("Échirolles"), verbatim=texte)
    RemonteeFactory(commune=ici, verbatim=texte, entendue_le=jour - timedelta(days=91))
    RemonteeFactory(commune=ici, verbatim=texte, est_discrimination=True)
    RemonteeFactory(commune=ici, verbatim="La piscine ferme trop tôt le dimanche")
    remontee.refresh_from_db()

    trouvees = semblables(remontee)

    assert [s.remontee for s in trouvees] == [proche]
    assert trouvees[0].mots == ["lampadaire", "rue", "alpes", "éteint"]


def test_two_remontees_are_gathered_under_a_new_sujet_then_a_third_joins_it(agent):
    une, autre, troisieme = RemonteeFactory(), RemonteeFactory(), RemonteeFactory()

    sujet = regroupement.reunir(une, par=agent, autre=autre, titre="Lampadaires éteints")
    assert regroupement.reunir(troisieme, par=agent, autre=une) == sujet

    assert set(sujet.remontees.values_list("etat", flat=True)) == {Etat.GROUPEE}
    assert sujet.remontees.count() == 3
    assert not une.echeances.ouvertes().exists()
    sujets.detacher(autre, par=agent, motif="Une autre rue.")
    assert sujet.remontees.count() == 2


def test_a_remontee_is_not_gathered_with_itself(connecte):
    remontee = RemonteeFactory()

    page = connecte.post(
        reverse("remontees:reunir", args=[remontee.pk]), {"autre": remontee.reference, "titre": "Un titre"}
    )

    assert "donnez la référence de l’autre" in page.content.decode()
    assert not Sujet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_gather_the_same_two_make_one_sujet():
    agent, une, autre = CompteFactory(agent=True), RemonteeFactory(), RemonteeFactory()

    def reunir():
        return regroupement.reunir(
            Remontee.objects.get(pk=une.pk), par=agent, autre=Remontee.objects.get(pk=autre.pk), titre="Un"
        )

    assert ensemble(reunir, reunir) == ["ActeInterdit", "fait"]
    assert Sujet.objects.count() == 1


# Routing ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cas", "attendue"),
    [
        (Cas(11, 1, "38169", None, "accueil"), 1),
        (Cas(12, 1, "38185", None, "accueil"), 2),
        (Cas(12, 2, "38185", 7, "accueil"), 3),
        (Cas(None, None, None, None, "site"), 4),
        (Cas(), None),
    ],
)
def test_the_first_rule_that_fits_is_the_one(cas, attendue):
    regles = [
        Regle(1, "", categorie=11, commune="38169"),
        Regle(2, "", categorie=1),
        Regle(3, "", quartier=7),
        Regle(4, "", canal="site"),
    ]

    trouvee = premiere(regles, cas)

    assert (trouvee.cle if trouvee else None) == attendue


def test_a_rule_gives_each_direction_its_part_and_the_dossier_says_why(agent):
    une, deux, referente = DirectionFactory(), DirectionFactory(), CompteFactory(agent=True)
    regle = RegleFactory(
        categorie=categorie("voirie"), directions=[une, deux], referent=referente, delai_jours=5
    )
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))

    donnees = routage.router(remontee, par=agent, vu=destination_de(remontee).vu)

    assert {part.direction for part in donnees} == {une, deux}
    assert (remontee.etat, remontee.agent) == (Etat.TRANSMISE, referente)
    assert Courriel.objects.filter(acte="remontees/attribuer").count() == 2
    raisons = pourquoi_ici(remontee, donnees)
    assert [r.pourquoi for r in raisons] == [f"Règle « {regle} »"] * 2


def test_without_a_rule_it_goes_to_the_direction_of_its_category():
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))

    destination = destination_de(remontee)

    assert destination.directions == [categorie("voirie-eclairage").direction]
    assert destination.regle is None


def test_a_rule_changed_since_it_was_read_is_read_again_before_anything_is_given(connecte):
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))
    vu = destination_de(remontee).vu
    autre = DirectionFactory()
    RegleFactory(categorie=categorie("voirie"), directions=[autre])

    page = lu(connecte.post(reverse("remontees:router", args=[remontee.pk]), {"vu": vu}))

    assert "a changé depuis" in page
    assert autre.en_phrase in page
    assert not remontee.attributions.exists()


def test_the_dossier_chosen_by_hand_says_by_whom(agent):
    remontee = RemonteeFactory()
    part = tri.attribuer(
        remontee, par=agent, a=DirectionFactory(), date_limite=timezone.localdate() + timedelta(days=9)
    )

    assert str(agent) in pourquoi_ici(remontee, [part])[0].pourquoi


def test_a_rule_is_saved_only_once_its_effect_was_read(connecte):
    direction = DirectionFactory()
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))
    saisie = {
        "categorie": categorie("voirie").pk,
        "directions": [direction.pk],
        "ordre": 10,
        "est_active": "on",
        "vu": "",
    }
    adresse = reverse("remontees:nouvelle_regle")

    essai = connecte.post(adresse, {**saisie, "enregistrer": "oui"})
    assert not RegleDeRoutage.objects.exists()
    assert remontee.reference in essai.content.decode()
    assert f"Avec cette règle : {direction.nom}" in lu(essai)

    # Another answer than the one that was tried is tried first.
    connecte.post(adresse, {**saisie, "ordre": 20, "enregistrer": "oui", "essaye": essai.context["essaye"]})
    assert not RegleDeRoutage.objects.exists()

    connecte.post(adresse, {**saisie, "enregistrer": "oui", "essaye": essai.context["essaye"]})
    changement = ChangementDeRegle.objects.get()
    assert changement.apres["Directions"] == direction.nom
    assert changement.deplacees == 1


def test_a_rule_changed_by_a_colleague_meanwhile_is_not_overwritten(connecte, agent):
    regle = RegleFactory(directions=[DirectionFactory()])
    saisie = {"directions": [DirectionFactory().pk], "ordre": 10, "est_active": "on", "vu": ""}
    adresse = reverse("remontees:regle", args=[regle.pk])
    essai = connecte.post(adresse, saisie)
    routage.enregistrer_regle(regle, par=agent, directions=list(regle.directions.all()), vu="", delai_jours=3)

    page = connecte.post(adresse, {**saisie, "enregistrer": "oui", "essaye": essai.context["essaye"]})

    assert "Quelqu’un a changé cette règle" in page.content.decode()
    regle.refresh_from_db()
    assert regle.delai_jours == 3


def test_the_dry_run_writes_nothing_and_counts_what_would_move(agent):
    RemonteeFactory(categorie=categorie("voirie-eclairage"), canal=Canal.TERRAIN)
    RemonteeFactory(categorie=categorie("voirie-eclairage"), canal=Canal.ACCUEIL)
    RemonteeFactory(canal=Canal.ACCUEIL)

    essai = essayer_regle(RegleDeRoutage(ordre=1, canal=Canal.ACCUEIL), [DirectionFactory()])

    assert (essai.lues, essai.concernees, len(essai.deplacees)) == (3, 2, 2)
    assert not RegleDeRoutage.objects.exists()


# Out of competence, flags ----------------------------------------------------------------------------------------------


def test_what_is_for_a_commune_is_led_to_the_mairie_of_the_place():
    remontee = RemonteeFactory(categorie=categorie("commune-services"), commune=commune("Le Gua"))

    assert str(organisme_propose(remontee)) == "Mairie du Gua"


def test_before_a_category_is_chosen_the_likeliest_one_names_the_body():
    remontee = RemonteeFactory(
        verbatim="Le dossier de RSA n’avance pas, l’assistante sociale ne répond plus."
    )

    assert str(organisme_propose(remontee)) == "Département de l’Isère"


def test_what_is_for_the_metropolis_is_led_nowhere():
    assert organisme_propose(RemonteeFactory(categorie=categorie("voirie-eclairage"))) is None


@pytest.mark.usefixtures("referente")
def test_a_discrimination_is_taken_from_all_and_led_to_the_defenseur(agent, client):
    remontee = RemonteeFactory(transmise=True, titre="Refus de guichet")
    part = AttributionFactory(dossier=remontee)
    client.force_login(agent_de_direction(part.direction))
    assert client.get(remontee.get_absolute_url()).status_code == 200

    drapeaux.signaler_discrimination(remontee, par=agent, motif="Refus à cause du nom.")

    part.refresh_from_db()
    assert (remontee.etat, part.etat) == (Etat.NOUVELLE, EtatAttribution.RETIREE)
    assert client.get(remontee.get_absolute_url()).status_code == 404
    assert "Refus de guichet" not in client.get(reverse("remontees:remontees")).content.decode()
    assert str(organisme_propose(remontee)) == "Défenseur des droits"
    assert destination_de(remontee) is None


@pytest.mark.usefixtures("referente")
def test_a_discrimination_leaves_its_sujet(agent):
    remontee = RemonteeFactory(groupee=True)

    drapeaux.signaler_discrimination(remontee, par=agent, motif="Refus à cause du nom.")

    assert (remontee.etat, remontee.sujet_commun) == (Etat.NOUVELLE, None)


def test_an_individual_matter_is_led_to_its_procedure(agent):
    demarche = CategorieFactory(adresse_demarche="https://demarches.example.org/bac")
    remontee = RapporteurFactory(remontee=RemonteeFactory(categorie=demarche)).remontee

    drapeaux.renvoyer(remontee, par=agent, reponse="Une démarche le fait.")

    assert (remontee.etat, remontee.est_individuelle) == (Etat.REPONDUE, True)
    assert "https://demarches.example.org/bac" in Courriel.objects.get(acte="remontees/renvoyer").corps


def test_without_a_known_procedure_nobody_is_led_to_one(agent):
    with pytest.raises(ErreurMetier, match="Aucune démarche en ligne"):
        drapeaux.renvoyer(RemonteeFactory(categorie=CategorieFactory()), par=agent, reponse="Une démarche.")


# Questions and queue ---------------------------------------------------------------------------------------------------


def repondues():
    return {c.question.cle: c.nombre for c in questions.compter(Remontee.objects.all()) if c.nombre}


def test_each_question_finds_what_it_asks(agent):
    vieux = timezone.localtime() - timedelta(days=4)
    RemonteeFactory(a_repondre=True, ouvert_le=vieux)
    RemonteeFactory(a_repondre=True, ouvert_le=vieux, agent=agent)
    RemonteeFactory(a_repondre=True)
    assert repondues() == {"sans-agent": 1}


def test_two_services_and_one_answer_is_a_question():
    dossier = RemonteeFactory(transmise=True)
    AttributionFactory(dossier=dossier, repondue=True)
    AttributionFactory(dossier=dossier)
    AttributionFactory(dossier=RemonteeFactory(transmise=True))

    assert repondues() == {"un-seul-a-repondu": 1}


def test_a_refusal_is_a_question_until_it_is_given_again(agent):
    remontee = RemonteeFactory()
    echeance = timezone.localdate() + timedelta(days=9)
    part = tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    autre = tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    assert "refusee" not in repondues()

    parts.refuser_attribution(part, par=None, motif="Pas nous.")
    assert repondues()["refusee"] == 1
    assert autre.etat == EtatAttribution.ENVOYEE

    tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    assert "refusee" not in repondues()


def test_a_message_after_the_answer_is_a_question_until_it_is_read():
    message = MessageFactory(remontee=RemonteeFactory(repondue=True), est_apres_cloture=True)
    MessageFactory(remontee=RemonteeFactory(repondue=True))
    assert repondues() == {"message-apres-cloture": 1}

    message.lu_le = timezone.now()
    message.save()

    assert repondues() == {}


def test_an_answer_that_is_late_is_a_question(agent):
    remontee = RemonteeFactory()
    tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=timezone.localdate())
    assert "en-retard" not in repondues()

    remontee.echeances.ouvertes().update(date_limite=timezone.localdate() - timedelta(days=1))

    assert repondues()["en-retard"] == 1


def test_the_counts_of_all_the_questions_are_one_query():
    with CaptureQueriesContext(connection) as requetes:
        questions.compter(Remontee.objects.all())

    assert len(requetes) == 1


def test_a_question_not_empty_is_in_the_day_of_an_agent_and_opens_its_list(connecte):
    RemonteeFactory(
        a_repondre=True, ouvert_le=timezone.localtime() - timedelta(days=4), titre="Sans personne"
    )
    RemonteeFactory(a_repondre=True, titre="Toute neuve")

    assert "1 remontée sans agent depuis 3 jours" in lu(connecte.get("/journee/"))
    liste = connecte.get(f"{reverse('remontees:remontees')}?question=sans-agent").content.decode()
    assert "Sans personne" in liste
    assert "Toute neuve" not in liste


def test_the_queue_shows_urgent_ones_then_the_oldest_and_comes_round():
    premiere_venue, deuxieme, urgente = (
        RemonteeFactory(),
        RemonteeFactory(),
        RemonteeFactory(est_urgente=True),
    )
    file = questions.a_trier(Remontee.objects.all())

    ordre, apres = [], None
    for _ in range(4):
        trouvee = questions.suivante(file, apres)
        apres = trouvee.pk
        ordre.append(trouvee)

    assert ordre == [urgente, premiere_venue, deuxieme, urgente]


def test_after_an_act_the_queue_goes_on_to_the_next(connecte):
    une, deux = RemonteeFactory(titre="La première"), RemonteeFactory(titre="La seconde")
    retour = f"/remontees/trier/%3Fquestion=a-trier%26depuis={une.pk}"

    page = connecte.post(
        f"{reverse('remontees:ecarter', args=[une.pk])}?retour={retour}", {"motif": "Un essai."}, follow=True
    )

    assert page.context["remontee"] == deux


@pytest.mark.parametrize(
    "adresse", ["?apres=abc", "?apres=99999999999999999999999", "?question=rien", "?depuis=0"]
)
def test_a_strange_address_of_the_queue_shows_the_queue(connecte, adresse):
    assert connecte.get(f"{reverse('remontees:trier')}{adresse}").status_code == 200


def test_an_empty_queue_says_so(connecte):
    assert "Rien à trier ici" in connecte.get(reverse("remontees:trier")).content.decode()


def test_each_key_is_on_its_button_and_belongs_to_one(connecte):
    ici = commune("Fontaine")
    for _ in range(2):
        RemonteeFactory(commune=ici, categorie=categorie("voirie-eclairage"))

    page = connecte.get(reverse("remontees:trier")).content.decode()

    touches = re.findall(r'data-touche="(.)"', page)
    assert len(touches) == len(set(touches))
    assert {"1", "d", "a", "r", "h", "u", "e", "n", "q", "s"} <= set(touches)
    assert all(f"<kbd>{touche}</kbd>" in page for touche in touches)


def test_a_long_queue_costs_what_a_short_one_costs(connecte):
    constant_queries(
        connecte, reverse("remontees:trier"), lambda: RemonteeFactory(categorie=CategorieFactory())
    )


def test_what_was_learnt_is_shown_with_its_measure(connecte):
    Apprentissage.objects.create(exemples=900, mesures=180, premiere=120, parmi_trois=160, frequente=30)

    page = connecte.get(reverse("remontees:apprentissage")).content.decode()

    assert "120" in page
    assert "160" in page


def test_handing_over_says_to_whom(agent):
    rapporteur = RapporteurFactory()
    mairie = OrganismeFactory(nom="Mairie d’Eybens")

    tri.orienter(rapporteur.remontee, par=agent, organisme=mairie)

    assert "Mairie d’Eybens" in Courriel.objects.get(acte="remontees/orienter").corps


def test_a_sujet_already_answered_takes_no_more(agent):
    groupee = RemonteeFactory(groupee=True, sujet_commun=SujetFactory(repondu=True))

    with pytest.raises(ErreurMetier, match="rouvrez-le"):
        regroupement.reunir(RemonteeFactory(), par=agent, autre=groupee)


@pytest.mark.parametrize(
    ("prefere", "phrase"),
    [
        ("courriel", "La personne peut être prévenue par courriel."),
        ("sms", "La personne peut être prévenue par courriel."),
        ("lettre", "Cette personne ne peut pas être prévenue par un envoi"),
        ("aucun", "Cette personne ne veut pas de nouvelles"),
    ],
)
def test_a_person_is_said_to_be_told_only_by_what_leaves_from_here(client, prefere, phrase):
    RapporteurFactory(prefere=prefere, telephone="06 00 00 00 00", adresse="1 rue Haute")
    client.force_login(CompteFactory(agent=True))

    assert phrase in client.get(reverse("remontees:trier")).content.decode()
