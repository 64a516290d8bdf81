"""Selection: readings and marks by the comité, choice by an agent, final list, letters."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement import classement as lectures_classement
from participation.renouvellement import comite
from participation.renouvellement.campagne.actes import noter_parts
from participation.renouvellement.candidatures import eligibilite
from participation.renouvellement.equilibre import dimensions
from participation.renouvellement.models import Campagne, Candidature, Lecture
from participation.renouvellement.selection import actes as selection
from participation.renouvellement.workflow import Choix, Eligibilite, EtatCampagne
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Quartier
from participation.socle.workflow import Role
from tests.greffons.guichet import Guichet
from tests.outils import constant_queries, ensemble
from tests.renouvellement.factories import (
    CampagneFactory,
    CandidatureFactory,
    CollegeCampagneFactory,
    CritereCampagneFactory,
    LectureFactory,
    RelecteurFactory,
)
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return CollegeCampagneFactory(campagne=CampagneFactory(selection=True), sieges=2)


def classees(college, *notes):
    """Make eligible candidatures, each read once with this mean."""
    relecteur = RelecteurFactory(campagne=college.campagne)
    return [
        LectureFactory(
            candidature=CandidatureFactory(college=college, eligible=True), relecteur=relecteur, moyenne=note
        ).candidature
        for note in notes
    ]


# Checks


def test_a_candidature_declared_not_eligible_gets_its_reason_by_letter(client: Client, agent):
    candidature = CandidatureFactory()
    client.force_login(agent)
    adresse = reverse("renouvellement:declarer_non_eligible", args=[candidature.pk])

    apercu = client.post(adresse, {"motif": "age", "precision": "Revenez l’an prochain.", "apercu": "oui"})
    candidature.refresh_from_db()
    assert candidature.eligibilite == Eligibilite.A_VERIFIER  # a preview changes nothing
    client.post(adresse, {"motif": "age", "precision": "Revenez l’an prochain."})

    assert "Revenez l’an prochain." in apercu.content.decode()
    candidature.refresh_from_db()
    assert candidature.eligibilite == Eligibilite.NON_ELIGIBLE
    lettre = Courriel.objects.get(acte="renouvellement/declarer_non_eligible")
    assert "n’a pas l’âge demandé" in lettre.corps
    assert candidature.nom not in candidature.journal.first().fait


def test_a_decision_does_not_replace_unread_that_of_a_colleague(client: Client, agent):
    """Where a candidature stands is not in its état alone: what is compared is all that a part says by a choice."""
    candidature = CandidatureFactory()
    client.force_login(agent)
    adresse = reverse("renouvellement:declarer_non_eligible", args=[candidature.pk])
    vue = client.get(adresse).context["montre"]
    eligibilite.declarer_eligible(candidature, par=CompteFactory(agent=True))

    refus = client.post(adresse, {"motif": "age", "precision": "Elle a dix ans.", "montre": vue})

    dit = refus.content.decode()
    assert "L’état a changé depuis que cette page est ouverte" in dit
    assert "Elle a dix ans." in dit
    candidature.refresh_from_db()
    assert candidature.eligibilite == Eligibilite.ELIGIBLE
    client.post(adresse, {"motif": "age", "precision": "Elle a dix ans.", "montre": refus.context["montre"]})
    candidature.refresh_from_db()
    assert candidature.eligibilite == Eligibilite.NON_ELIGIBLE


def test_the_selection_waits_for_every_check_and_for_the_grace(agent):
    campagne = CampagneFactory(close=True)
    candidature = CandidatureFactory(college=CollegeCampagneFactory(campagne=campagne))

    with pytest.raises(ErreurMetier, match="1 candidature reste à vérifier"):
        selection.ouvrir_selection(campagne, par=agent)
    eligibilite.declarer_eligible(candidature, par=agent)
    selection.ouvrir_selection(campagne, par=agent)

    assert campagne.etat == EtatCampagne.SELECTION


# Lectures


def test_lectures_are_spread_evenly_and_a_second_time_adds_nothing(agent, college):
    campagne = college.campagne
    CandidatureFactory.create_batch(9, college=college, eligible=True)
    CandidatureFactory(college=college)  # not checked, so not read
    relecteurs = RelecteurFactory.create_batch(3, campagne=campagne)

    assert comite.repartir_lectures(campagne, par=agent) == 18
    assert comite.repartir_lectures(campagne, par=agent) == 0

    assert [r.lectures.count() for r in relecteurs] == [6, 6, 6]
    assert Courriel.objects.filter(acte="renouvellement/repartir_lectures").count() == 3


def test_who_steps_aside_loses_the_candidature_and_another_gets_it(agent, college):
    campagne = college.campagne
    campagne.lectures_par_candidature = 1
    campagne.save()
    candidature = CandidatureFactory(college=college, eligible=True)
    une, autre = RelecteurFactory.create_batch(2, campagne=campagne)
    lecture = Lecture.objects.create(candidature=candidature, relecteur=une)

    comite.se_deporter_candidature(lecture, par=une.compte, motif="Nous travaillons ensemble.")
    comite.repartir_lectures(campagne, par=agent)

    assert list(autre.lectures.values_list("candidature", flat=True)) == [candidature.pk]
    assert une.lectures.get().deportee_le is not None


def test_a_mean_is_weighted_and_only_the_reader_marks(college):
    campagne = college.campagne
    lourd = CritereCampagneFactory(campagne=campagne, poids=3)
    leger = CritereCampagneFactory(campagne=campagne, poids=1)
    lecture = LectureFactory(candidature=CandidatureFactory(college=college, eligible=True))
    lecteur = lecture.relecteur.compte

    comite.rendre_lecture(lecture, par=lecteur, notes={lourd.pk: 5, leger.pk: 1})

    assert lecture.moyenne == 4
    with pytest.raises(RoleInsuffisant):
        comite.rendre_lecture(lecture, par=CompteFactory(), notes={lourd.pk: 0, leger.pk: 0})
    with pytest.raises(ValidationError, match="va de 0 à 5"):
        comite.rendre_lecture(lecture, par=lecteur, notes={lourd.pk: 6, leger.pk: 0})
    with pytest.raises(ValidationError, match="manque une note"):
        comite.rendre_lecture(lecture, par=lecteur, notes={lourd.pk: 3})


def test_a_reader_sees_what_she_must_mark_and_nothing_else(client: Client, college):
    campagne = college.campagne
    critere = CritereCampagneFactory(campagne=campagne)
    sienne = LectureFactory(candidature=CandidatureFactory(college=college, eligible=True))
    autre = LectureFactory(candidature=CandidatureFactory(college=college, eligible=True))
    client.force_login(sienne.relecteur.compte)

    liste = client.get(reverse("renouvellement:mes_lectures")).content.decode()
    page = client.get(reverse("renouvellement:rendre_lecture", args=[sienne.pk])).content.decode()

    assert sienne.candidature.nom in liste
    assert autre.candidature.nom not in liste
    assert sienne.candidature.courriel not in page
    assert client.get(reverse("renouvellement:rendre_lecture", args=[autre.pk])).status_code == 404
    assert client.get(reverse("renouvellement:campagne", args=[campagne.pk])).status_code == 403
    client.post(reverse("renouvellement:rendre_lecture", args=[sienne.pk]), {f"note_{critere.pk}": "4"})
    sienne.refresh_from_db()
    assert sienne.moyenne == 4


def test_names_are_hidden_when_the_campaign_says_so(client: Client, college):
    college.campagne.a_l_aveugle = True
    college.campagne.save()
    lecture = LectureFactory(
        candidature=CandidatureFactory(college=college, eligible=True, nom="Introuvable")
    )
    client.force_login(lecture.relecteur.compte)

    pages = [
        reverse("renouvellement:mes_lectures"),
        reverse("renouvellement:rendre_lecture", args=[lecture.pk]),
    ]

    assert not any("Introuvable" in client.get(adresse).content.decode() for adresse in pages)


# Ranking and choice


def test_the_ranking_gives_the_mean_the_spread_and_shared_ranks(college):
    premiere, egales, derniere = (
        CandidatureFactory(college=college, eligible=True),
        CandidatureFactory.create_batch(2, college=college, eligible=True),
        CandidatureFactory(college=college, eligible=True),
    )
    LectureFactory(candidature=premiere, moyenne=5)
    LectureFactory(candidature=premiere, moyenne=3)
    for candidature in egales:
        LectureFactory(candidature=candidature, moyenne=2)

    lignes = {c.pk: c for c in lectures_classement.classement(college)}

    assert (lignes[premiere.pk].note, lignes[premiere.pk].ecart, lignes[premiere.pk].rang) == (4, 2, 1)
    assert [lignes[c.pk].rang for c in egales] == [2, 2]
    assert lignes[derniere.pk].note is None
    assert lectures_classement.rang_de(derniere) is None


def test_the_ranking_is_followed_and_what_was_decided_by_hand_stays(agent, college):
    a, b, c, d = classees(college, 5, 4, 3, 2)
    selection.decider_candidature(
        d, par=agent, choix=Choix.RETENUE, choix_motif="Seule personne de sa commune."
    )

    selection.proposer_selection(college, par=agent, places_attente=1)

    choix = dict(college.candidatures.values_list("pk", "choix"))
    assert [choix[x.pk] for x in (a, b, c, d)] == ["retenue", "attente", "non_retenue", "retenue"]
    assert college.candidatures.get(pk=b.pk).rang_attente == 1


def test_leaving_the_ranking_asks_why_and_seats_do_not_grow(agent, college):
    a, b, c = classees(college, 5, 4, 3)
    with pytest.raises(ValidationError, match="s’écarte du classement"):
        selection.decider_candidature(c, par=agent, choix=Choix.RETENUE)
    selection.decider_candidature(a, par=agent, choix=Choix.RETENUE)
    selection.decider_candidature(b, par=agent, choix=Choix.RETENUE)

    with pytest.raises(ErreurMetier, match="places de ce collège sont prises"):
        selection.decider_candidature(c, par=agent, choix=Choix.RETENUE, choix_motif="Équilibre")


def test_the_waiting_list_keeps_an_order_without_holes(agent, college):
    _, _, c, d, e = classees(college, 5, 4, 3, 2, 1)
    for candidature in (c, d, e):
        selection.decider_candidature(candidature, par=agent, choix=Choix.ATTENTE)

    selection.decider_candidature(e, par=agent, choix=Choix.ATTENTE, rang_attente=1)
    selection.decider_candidature(c, par=agent, choix=Choix.NON_RETENUE)

    rangs = college.candidatures.filter(choix=Choix.ATTENTE).order_by("rang_attente")
    assert list(rangs.values_list("pk", "rang_attente")) == [(e.pk, 1), (d.pk, 2)]


def test_who_is_moved_to_the_waiting_list_keeps_her_rank_by_score(agent, college):
    """Not behind candidatures with a lower score."""
    _, _, c, d, e = classees(college, 5, 4, 3, 2, 1)
    for candidature in (e, d):
        selection.decider_candidature(candidature, par=agent, choix=Choix.ATTENTE)
    selection.decider_candidature(c, par=agent, choix=Choix.ATTENTE)

    rangs = college.candidatures.filter(choix=Choix.ATTENTE).order_by("rang_attente")
    assert list(rangs.values_list("pk", flat=True)) == [c.pk, d.pk, e.pk]


def test_a_draw_made_elsewhere_is_kept_with_its_record(client: Client, agent):
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True), mode="tirage", sieges=1)
    a, b, c = CandidatureFactory.create_batch(3, college=college, eligible=True)
    client.force_login(agent)
    adresse = reverse("renouvellement:saisir_tirage", args=[college.pk])
    valeurs = {"reference": "PV 2026-14", "empreinte": "a" * 64, "le": "2026-01-05"}

    faux = client.post(adresse, {**valeurs, "numeros": f"{b.numero}, 999"})
    client.post(adresse, {**valeurs, "numeros": f"{b.numero}, {a.numero}"})

    assert "Ces numéros ne sont pas ceux de candidatures recevables" in faux.content.decode()
    college.refresh_from_db()
    assert college.tirage_reference == "PV 2026-14"
    choix = {x.pk: (x.choix, x.rang_attente) for x in college.candidatures.all()}
    assert choix == {a.pk: ("attente", 1), b.pk: ("retenue", None), c.pk: ("non_retenue", None)}
    assert client.get(reverse("renouvellement:classement", args=[college.pk])).status_code == 200
    c.refresh_from_db()
    with pytest.raises(ErreurMetier, match="tirées au sort"):
        selection.decider_candidature(c, par=agent, choix=Choix.ATTENTE)


# Balance


def test_shares_are_compared_to_what_is_known_and_nothing_is_invented(agent, college):
    campagne = college.campagne
    quartier = Quartier.objects.create(nom="Essai", commune=commune())
    CandidatureFactory(college=college, age="25_39", genre="femme", quartier=quartier)
    CandidatureFactory(college=college, commune=commune("Vizille"))

    def par_cle():
        return {d.cle: d for d in dimensions(campagne, campagne.candidatures.deposees(), "Candidatures")}

    avant = par_cle()
    assert avant["age"].population is None
    assert "Aucune part de référence" in avant["age"].phrase
    assert "2\u00a0communes sur 49" in avant["communes"].phrase
    with pytest.raises(ValidationError):
        noter_parts(campagne, par=agent, parts={("age", "25_39"): 30}, source="")
    noter_parts(campagne, par=agent, parts={("age", "25_39"): 30}, source="Recensement 2021")
    assert par_cle()["age"].population.series[0].valeurs[1] == 30.0


# Final list


@pytest.mark.parametrize(("places", "dit"), [(1, True), (5, False)])
def test_the_letter_says_that_places_were_missing_only_when_they_were(agent, college, places, dit):
    college.sieges = places
    college.save()
    a, b = classees(college, 5, 4)
    selection.decider_candidature(a, par=agent, choix=Choix.RETENUE, choix_motif="Équilibre")
    selection.decider_candidature(b, par=agent, choix=Choix.NON_RETENUE, choix_motif="Équilibre")

    selection.arreter(college.campagne, par=agent)

    lettre = Courriel.objects.get(acte="renouvellement/arreter_non_retenue").corps
    assert ("plus de candidatures que de places" in lettre) is dit


def test_everybody_is_told_once_with_the_decision(client: Client, agent, college):
    a, b, c, d = classees(college, 5, 4, 3, 2)
    CandidatureFactory(college=college, eligibilite=Eligibilite.NON_ELIGIBLE, motif="age")
    sans_adresse = CandidatureFactory(college=college, eligible=True, courriel="", source="papier")
    LectureFactory(candidature=sans_adresse, moyenne=1)
    selection.proposer_selection(college, par=agent, places_attente=1)
    client.force_login(agent)
    adresse = reverse("renouvellement:arreter", args=[college.campagne_id])

    page = client.get(adresse).content.decode()
    client.post(adresse)
    seconde = client.post(adresse)

    assert "Courriers à poster" in page
    assert seconde.status_code == 409
    lettres = {courriel.destinataires[0]: courriel.acte for courriel in Courriel.objects.all()}
    assert lettres == {
        a.courriel: "renouvellement/arreter_retenue",
        b.courriel: "renouvellement/arreter_retenue",
        c.courriel: "renouvellement/arreter_attente",
        d.courriel: "renouvellement/arreter_non_retenue",
    }
    assert "rang 1" in Courriel.objects.get(acte="renouvellement/arreter_attente").corps
    with pytest.raises(ActeInterdit):
        selection.decider_candidature(d, par=agent, choix=Choix.RETENUE, choix_motif="Trop tard")


def test_the_list_is_not_settled_while_somebody_has_no_decision(agent, college):
    classees(college, 5)

    with pytest.raises(ErreurMetier, match="1 candidature sans décision"):
        selection.arreter(college.campagne, par=agent)


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_settle_at_once_one_does_and_each_letter_leaves_once():
    agents = [CompteFactory(role=Role.AGENT) for _ in range(2)]
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True), sieges=2)
    classees(college, 5, 4, 3)
    selection.proposer_selection(college, par=agents[0], places_attente=1)

    def arreter(agent):
        lue = Campagne.objects.get(pk=college.campagne_id)
        return lambda: selection.arreter(lue, par=agent)

    assert ensemble(*map(arreter, agents)) == ["ActeInterdit", "fait"]
    assert Courriel.objects.filter(acte__startswith="renouvellement/arreter").count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_give_the_last_seat_one_does():
    agents = [CompteFactory(role=Role.AGENT) for _ in range(2)]
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True), sieges=1)
    candidates = classees(college, 5, 5)

    def decider(agent, candidate):
        lue = Candidature.objects.select_related("campagne", "college").get(pk=candidate.pk)
        return lambda: selection.decider_candidature(lue, par=agent, choix=Choix.RETENUE, choix_motif="Essai")

    assert ensemble(*map(decider, agents, candidates)) == ["ErreurMetier", "fait"]
    assert college.candidatures.filter(choix=Choix.RETENUE).count() == 1


def test_lists_cost_the_same_for_four_as_for_one(client: Client, agent, college):
    client.force_login(agent)
    communes = iter(
        [
            "Grenoble",
            "Vizille",
            "Échirolles",
            "Meylan",
            "Sassenage",
            "Gières",
            "Eybens",
            "Claix",
            "Domène",
            "Seyssins",
        ]
        * 4
    )

    def fabriquer():
        LectureFactory(
            candidature=CandidatureFactory(college=college, eligible=True, commune=commune(next(communes))),
            moyenne=3,
        )

    constant_queries(client, reverse("renouvellement:candidatures", args=[college.campagne_id]), fabriquer)
    constant_queries(client, reverse("renouvellement:classement", args=[college.pk]), fabriquer)
    constant_queries(client, reverse("renouvellement:campagne", args=[college.campagne_id]), fabriquer)


def test_candidatures_are_found_by_name_or_number_and_exported(client: Client, agent, college):
    CandidatureFactory(college=college, nom="Pré", numero=7)
    CandidatureFactory(college=college, nom="Autre", numero=8, courriel="")
    client.force_login(agent)
    adresse = reverse("renouvellement:candidatures", args=[college.campagne_id])

    par_nom = client.get(adresse, {"q": "pré"}).content.decode()
    par_numero = client.get(adresse, {"q": "8"}).content.decode()
    sans_courriel = client.get(adresse, {"sans_courriel": "oui"}).content.decode()
    export = b"".join(client.get(adresse, {"export": "xlsx"}).streaming_content)

    assert "Alma Pré" in par_nom
    assert "Alma Autre" not in par_nom
    assert "Alma Autre" in par_numero
    assert ("Alma Autre" in sans_courriel, "Alma Pré" in sans_courriel) == (True, False)
    assert export[:2] == b"PK"


def test_equal_marks_for_the_last_seat_are_settled_by_somebody_who_says_how(agent, college):
    premiere, une, autre, derniere = classees(college, 5, 4, 4, 3)

    guichet = Guichet(agent, en_hate=True)
    guichet.valider(reverse("renouvellement:proposer_selection", args=[college.pk]), places_attente="1")

    assert f"sauf pour les candidatures n° {une.numero} et n° {autre.numero}" in guichet.dit
    choix = dict(college.candidatures.values_list("pk", "choix"))
    assert [choix[c.pk] for c in (premiere, une, autre, derniere)] == ["retenue", "", "", "non_retenue"]
    une.refresh_from_db()
    with pytest.raises(ValidationError, match="comment vous les départagez"):
        selection.decider_candidature(une, par=agent, choix=Choix.RETENUE)
    selection.decider_candidature(une, par=agent, choix=Choix.RETENUE, choix_motif="Tirage en séance.")
    with pytest.raises(ErreurMetier, match="sans décision"):
        selection.arreter(college.campagne, par=agent)


def test_an_address_is_corrected_after_the_list_is_settled_and_the_decision_then_leaves(
    client: Client, agent, college
):
    sans_adresse = CandidatureFactory(
        college=college, eligible=True, courriel="", source="papier", choix=Choix.RETENUE
    )
    selection.arreter(college.campagne, par=agent)
    campagne = Campagne.objects.get(pk=college.campagne_id)
    assert any("Corriger ses coordonnées" in manque for manque in campagne.manques("nommer_membres", agent))
    client.force_login(agent)

    client.post(
        reverse("renouvellement:corriger_coordonnees", args=[sans_adresse.pk]),
        {"courriel": "proche@example.org", "adresse": "2 rue du Port"},
    )

    assert Courriel.objects.get(acte="renouvellement/arreter_retenue").destinataires == ["proche@example.org"]
    assert not Campagne.objects.get(pk=campagne.pk).manques("nommer_membres", agent)


def test_a_selection_waits_for_confirmations_only_while_somebody_may_confirm():
    campagne = CampagneFactory(etat=EtatCampagne.CLOSE)
    campagne.cloture = timezone.localdate()
    campagne.save()
    assert campagne.confirme()
    assert not campagne.manques("ouvrir_selection", None)
    CandidatureFactory(college__campagne=campagne, campagne=campagne, etat="a_confirmer", numero=None)
    assert "peuvent encore confirmer" in campagne.manques("ouvrir_selection", None)[0]


def test_who_reads_is_added_by_address_once_and_may_come_back(agent, college):
    guichet = Guichet(agent, en_hate=True)
    page = reverse("renouvellement:composer_comite", args=[college.campagne.pk])
    guichet.valider(page, courriel="zoe@example.org", prenom="Zoé", nom="Lectrice", bouton="Ajouter")
    relecteur = college.campagne.relecteurs.get()
    assert (relecteur.compte.courriel, relecteur.compte.get_full_name()) == (
        "zoe@example.org",
        "Zoé Lectrice",
    )
    guichet.valider(page, courriel="Zoe@example.org", bouton="Ajouter")
    assert "Cette personne est déjà au comité." in guichet.dit

    comite.retirer_relecteur(relecteur, par=agent)
    guichet.valider(page, courriel="zoe@example.org", bouton="Ajouter")
    relecteur.refresh_from_db()
    assert relecteur.est_actif
