"""The comité examines, asks, decides."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import fixer_echeance, repondre_demande
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Demande
from participation.socle.regles.differences import comparer
from petitions.actions import recevabilite as actions
from petitions.actions.changements import LIEN_COPETITIONNAIRE
from petitions.models import MotifIrrecevabilite, Petition
from petitions.workflow import Etat
from tests.outils import jour
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, sieger
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db

DELAI = 40


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def petition():
    petition = PetitionFactory(deposee=True)
    CoPetitionnaireFactory(petition=petition, confirme=True)
    fixer_echeance(
        petition,
        "recevabilite",
        libelle="Répondre sur la recevabilité",
        date_limite=jour(DELAI),
        est_legale=True,
        rappels=[30, 15, 7],
    )
    return petition


def membre(**traits):
    compte = CompteFactory(**(traits or {"elu": True}))
    sieger(compte)
    return compte


def tout_remplir(petition: Petition, par) -> None:
    actions.examiner(petition, {c.pk: ("rempli", "") for c in petition.reglement.criteres.all()}, par=par)


def refuser_un_critere(petition: Petition, par) -> None:
    critere = petition.reglement.criteres.first()
    actions.examiner(petition, {critere.pk: ("non_rempli", "Contraire au code de la route.")}, par=par)


def echeance(petition: Petition, cle: str = "recevabilite"):
    return petition.echeances.get(cle=cle)


def lire(reponse) -> str:
    return reponse.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def lettres(acte: str):
    return Courriel.objects.filter(acte=f"petitions/{acte}").order_by("pk")


def decisions(petition, par):
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")
    return {
        "declarer_recevable": lambda: actions.declarer_recevable(petition, par=par),
        "declarer_irrecevable": lambda: actions.declarer_irrecevable(
            petition, par=par, motif_irrecevabilite=motif, motif="Raisons."
        ),
        "transmettre": lambda: actions.transmettre(petition, par=par, autorite_competente="Département"),
    }


# The grid


def test_the_comite_fills_the_grid_and_the_journal_says_what_changed(petition, agent):
    elu, (premier, second, *_) = membre(), petition.reglement.criteres.all()

    actions.examiner(petition, {premier.pk: ("rempli", "")}, par=elu)
    actions.examiner(petition, {second.pk: ("a_reformuler", "Citez le lieu.")}, par=agent)

    assert [(e.appreciation, e.par) for e in petition.examens.all()] == [
        ("rempli", elu),
        ("a_reformuler", agent),
    ]
    entree = petition.journal.filter(acte="examiner").first()
    assert entree.details["criteres"] == [
        {"critere": second.libelle, "appreciation": "à reformuler", "motif": "Citez le lieu."}
    ]


@pytest.mark.parametrize("qui", ["elu_hors_comite", "direction", "auteur"])
def test_only_the_comite_and_the_service_examine(petition, qui):
    compte = {
        "elu_hors_comite": lambda: CompteFactory(elu=True),
        "direction": agent_de_direction,
        "auteur": lambda: petition.auteur,
    }[qui]()

    with pytest.raises(RoleInsuffisant):
        tout_remplir(petition, compte)


def test_a_technicien_of_the_comite_examines_but_does_not_decide(petition):
    technicien = agent_de_direction()
    sieger(technicien)

    tout_remplir(petition, technicien)

    for decider in decisions(petition, technicien).values():
        with pytest.raises(RoleInsuffisant):
            decider()


def test_two_members_filling_the_grid_together_keep_both_their_answers(petition, agent, client):
    elu, url = membre(), reverse("petitions:examiner", args=[petition.pk])
    premier, second, *_ = petition.reglement.criteres.all()
    client.force_login(agent)
    vue = {
        f"initial-{nom}_{c.pk}": ""
        for c in petition.reglement.criteres.all()
        for nom in ("appreciation", "motif")
    }

    actions.examiner(petition, {premier.pk: ("rempli", "")}, par=elu)
    client.post(url, {**vue, f"appreciation_{second.pk}": "rempli"})

    assert {e.critere: e.par for e in petition.examens.all()} == {premier: elu, second: agent}


def test_a_reworded_text_is_examined_again_and_each_sees_her_own_view(petition, agent, client):
    elue = membre()
    tout_remplir(petition, elue)
    tout_remplir(petition, agent)
    actions.demander_reformulation(
        petition, par=agent, texte="Citez le lieu.", date_limite=timezone.localdate() + timedelta(days=9)
    )
    actions.reformuler(
        petition,
        par=petition.auteur,
        titre="Une piste à Vizille",
        demande=petition.demande,
        raisons=petition.raisons,
    )
    with pytest.raises(ErreurMetier, match="Le texte a changé"):
        actions.declarer_recevable(petition, par=agent)

    client.force_login(elue)
    assert "le texte a été reformulé" in client.get(reverse("socle:journee")).content.decode()
    client.force_login(agent)
    dossier, url = petition.get_absolute_url(), reverse("petitions:examiner", args=[petition.pk])
    assert "à revoir" in client.get(dossier).content.decode()
    page = client.get(url).content.decode()
    assert "enregistrer la grille le confirme" in page
    assert str(elue) in page
    criteres = list(petition.reglement.criteres.all())
    inchange = {f"{debut}appreciation_{c.pk}": "rempli" for c in criteres for debut in ("", "initial-")}
    client.post(url, inchange)

    assert "à revoir" not in client.get(dossier).content.decode()
    assert petition.examens.count() == 2 * len(criteres)
    actions.declarer_recevable(Petition.objects.get(pk=petition.pk), par=agent)


def test_what_is_not_met_needs_its_reason_and_nothing_typed_is_lost(petition, agent, client):
    premier, second, *_ = petition.reglement.criteres.all()
    client.force_login(agent)

    page = client.post(
        reverse("petitions:examiner", args=[petition.pk]),
        {f"appreciation_{premier.pk}": "non_rempli", f"motif_{second.pk}": "Une phrase gardée"},
    )

    assert page.status_code == 200
    assert "Dites pourquoi, pour le critère" in page.content.decode()
    assert "Une phrase gardée" in page.content.decode()
    assert not petition.examens.exists()


# Déport


def test_a_member_who_stepped_aside_neither_examines_nor_decides(petition, agent, client):
    tout_remplir(petition, agent)
    actions.se_deporter(petition, par=agent, motif="Voisin du projet.")

    with pytest.raises(RoleInsuffisant, match="déporté"):
        tout_remplir(petition, agent)
    for decider in decisions(petition, agent).values():
        with pytest.raises(RoleInsuffisant, match="déporté"):
            decider()
    assert not petition.permet("examiner", agent)
    client.force_login(agent)
    page = lire(client.get(reverse("petitions:dossier", args=[petition.pk])))
    assert reverse("petitions:declarer_recevable", args=[petition.pk]) not in page
    assert petition.journal.get(acte="se_deporter").motif == ""


# Reformulation


def test_a_reformulation_stops_the_clock_until_the_author_answers(petition, agent, monkeypatch):
    demande = actions.demander_reformulation(
        petition, par=agent, texte="Citez le lieu.", proposition="À Vizille.", date_limite=jour(15)
    )
    assert echeance(petition).suspendue_le == timezone.localdate()
    lettre = lettres("demander_reformulation").get()
    assert reverse("petitions:reformuler", args=[petition.pk]) in lettre.corps
    assert "À Vizille." in lettre.corps

    cinq_jours = jour(5)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: cinq_jours)
    actions.reformuler(
        petition, par=petition.auteur, titre=petition.titre, demande="À Vizille.", raisons=petition.raisons
    )

    demande.refresh_from_db()
    assert demande.repondue_le is not None
    assert echeance(petition).suspendue_le is None
    assert echeance(petition).date_limite == cinq_jours + timedelta(days=DELAI)
    details = petition.journal.get(acte="reformuler").details
    assert details == {
        "avant": {"demande": "Nous demandons une piste cyclable continue."},
        "apres": {"demande": "À Vizille."},
    }


def test_a_second_reformulation_waits_for_the_first(petition, agent):
    actions.demander_reformulation(petition, par=agent, texte="Ceci.", date_limite=jour(15))

    with pytest.raises(ErreurMetier, match="déjà demandée"):
        actions.demander_reformulation(petition, par=agent, texte="Cela.", date_limite=jour(15))


def test_the_author_reformulates_when_asked_and_only_then(petition, agent):
    textes = {"titre": "Neuf", "demande": "D", "raisons": "R"}
    with pytest.raises(ErreurMetier, match="ne vous demande pas"):
        actions.reformuler(petition, par=petition.auteur, **textes)

    actions.demander_reformulation(petition, par=agent, texte="Ceci.", date_limite=jour(15))
    with pytest.raises(RoleInsuffisant):
        actions.reformuler(petition, par=agent, **textes)
    with pytest.raises(ErreurMetier, match="Le texte est le même"):
        actions.reformuler(
            petition,
            par=petition.auteur,
            titre=petition.titre,
            demande=petition.demande,
            raisons=petition.raisons,
        )


def test_a_comparison_gives_the_new_text_back():
    avant, apres = "Nous demandons une piste.", "Nous demandons deux pistes\net un éclairage."

    passages = comparer(avant, apres)

    assert "".join(p.mot for p in passages if p.operation != "retire") == apres
    assert "".join(p.mot for p in passages if p.operation != "ajoute") == avant
    assert passages[0] == ("egal", "Nous demandons ")


# Avis


def test_several_directions_are_asked_at_once_and_the_clock_runs_on(petition, agent):
    directions = [DirectionFactory(), DirectionFactory()]

    actions.demander_avis(
        petition,
        par=agent,
        directions=directions,
        objet="Possible ?",
        texte="Dites-nous.",
        date_limite=jour(15),
    )

    assert {d.direction for d in petition.demandes.filter(nature=Demande.Nature.AVIS)} == set(directions)
    assert echeance(petition).suspendue_le is None
    assert petition.journal.filter(acte="demander_avis").count() == 2
    repondre_demande(petition.demandes.first(), reponse="Oui.", nom="Hélène")
    assert petition.demandes.filter(repondue_le__isnull=False).count() == 1


# Decisions


def test_a_petition_that_meets_every_criterion_is_recevable(petition, agent):
    tout_remplir(petition, agent)

    actions.declarer_recevable(petition, par=agent, motif="Bravo.")

    petition.refresh_from_db()
    assert (petition.etat, petition.motif, petition.est_publie) == (Etat.RECEVABLE, "Bravo.", False)
    assert echeance(petition).faite_le is not None
    ouverture = echeance(petition, "ouverture")
    assert ouverture.date_limite == jour(petition.reglement.delai_ouverture_jours)
    assert ouverture.est_legale
    assert lettres("declarer_recevable").count() == 2
    assert "Bravo." in lettres("declarer_recevable").first().corps
    assert petition.journal.get(acte="declarer_recevable").motif == "Bravo."


def test_a_criterion_not_examined_or_not_met_keeps_a_petition_from_being_recevable(petition, agent):
    with pytest.raises(ErreurMetier, match="n’est pas examiné"):
        actions.declarer_recevable(petition, par=agent)
    tout_remplir(petition, agent)
    refuser_un_critere(petition, agent)

    with pytest.raises(ErreurMetier, match="non rempli"):
        actions.declarer_recevable(petition, par=agent)
    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE


def test_a_refusal_is_coded_reasoned_published_and_told(petition, agent):
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")
    with pytest.raises(ErreurMetier, match="Aucun critère"):
        actions.declarer_irrecevable(petition, par=agent, motif_irrecevabilite=motif, motif="Raisons.")
    refuser_un_critere(petition, agent)

    actions.declarer_irrecevable(petition, par=agent, motif_irrecevabilite=motif, motif="Raisons.")

    petition.refresh_from_db()
    assert (petition.etat, petition.est_publie, petition.texte_masque) == (Etat.IRRECEVABLE, True, False)
    assert petition.clos_le is not None
    assert not petition.echeances.ouvertes().exists()
    assert {c.destinataires[0] for c in lettres("declarer_irrecevable")} == {
        petition.auteur.courriel,
        petition.copetitionnaires.get().courriel,
    }
    assert motif.texte in lettres("declarer_irrecevable").first().corps


def test_a_defamatory_text_stays_hidden(petition, agent):
    refuser_un_critere(petition, agent)
    motif = MotifIrrecevabilite.objects.get(code="discriminatoire")

    actions.declarer_irrecevable(petition, par=agent, motif_irrecevabilite=motif, motif="Raisons.")

    petition.refresh_from_db()
    assert petition.texte_masque


def test_the_competent_authority_receives_the_petition_and_its_authors_are_told(petition, agent):
    actions.transmettre(
        petition,
        par=agent,
        autorite_competente="Département de l’Isère",
        courriel="cd38@exemple.fr",
        motif="Un collège.",
    )

    petition.refresh_from_db()
    assert (petition.etat, petition.autorite_competente) == (Etat.TRANSMISE, "Département de l’Isère")
    envoyee = lettres("transmettre_autorite").get()
    assert envoyee.destinataires == ["cd38@exemple.fr"]
    assert petition.demande in envoyee.corps
    assert lettres("transmettre").count() == 2
    assert "L114-2" in lettres("transmettre").first().corps


@pytest.mark.parametrize("acte", ["declarer_recevable", "declarer_irrecevable", "transmettre"])
def test_no_decision_while_a_reformulation_is_awaited(petition, agent, acte):
    tout_remplir(petition, agent)
    refuser_un_critere(petition, agent)
    actions.demander_reformulation(petition, par=agent, texte="Ceci.", date_limite=jour(15))

    with pytest.raises(ErreurMetier, match="reformulation est attendue"):
        decisions(petition, agent)[acte]()


def test_a_decision_ends_what_was_still_awaited(petition, agent):
    actions.demander_avis(
        petition, par=agent, directions=[DirectionFactory()], objet="O", texte="T", date_limite=jour(15)
    )
    tout_remplir(petition, agent)

    actions.declarer_recevable(petition, par=agent)

    assert petition.demandes.get().annulee_le is not None
    assert list(petition.echeances.ouvertes().values_list("cle", flat=True)) == ["ouverture"]


@pytest.mark.parametrize("acte", ["declarer_recevable", "declarer_irrecevable", "transmettre"])
@pytest.mark.parametrize("etat", ["recevable", "irrecevable", "en_collecte"])
def test_what_is_decided_is_not_decided_again(agent, etat, acte):
    petition = PetitionFactory(**{etat: True})

    with pytest.raises(ActeInterdit):
        decisions(petition, agent)[acte]()


def test_a_meeting_that_fails_undoes_the_decision_it_drove(petition, agent):
    tout_remplir(petition, agent)

    def decider_puis_tomber():
        with transaction.atomic():
            actions.declarer_recevable(petition, par=agent, motif="Décidé en séance.")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decider_puis_tomber()

    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE
    assert not lettres("declarer_recevable").exists()


# Pages


def test_the_page_of_a_decision_says_first_what_prevents_it(petition, agent, client):
    client.force_login(agent)

    page = lire(client.get(reverse("petitions:declarer_recevable", args=[petition.pk])))

    assert "Cette décision ne peut pas encore être prise" in page


def test_the_letter_of_a_decision_is_read_before_it_leaves(petition, agent, client):
    refuser_un_critere(petition, agent)
    client.force_login(agent)
    motif = MotifIrrecevabilite.objects.get(code="hors-competence")

    page = lire(
        client.post(
            reverse("petitions:declarer_irrecevable", args=[petition.pk]),
            {"motif_irrecevabilite": motif.pk, "motif": "Le Département est compétent.", "apercu": "oui"},
        )
    )

    assert "n’est pas recevable" in page
    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE


@pytest.mark.parametrize(
    ("jours", "attendu"),
    [
        (31, None),
        (30, "dans 30 jours"),
        (15, "dans 15 jours"),
        (7, "dans 7 jours"),
        (0, "aujourd’hui"),
        (-3, "en retard de 3 jours"),
    ],
)
def test_the_silence_is_seen_before_it_comes(petition, agent, client, jours, attendu):
    petition.echeances.update(date_limite=jour(jours))
    client.force_login(agent)

    page = lire(client.get(reverse("petitions:dossier", args=[petition.pk])))

    assert ("Le délai du comité finit" in page or "Le comité est en retard" in page) == (attendu is not None)
    assert attendu is None or attendu in page


def test_the_dossier_shows_last_year_s_petitions_on_the_same_subject(petition, agent, client):
    recente = PetitionFactory(
        irrecevable=True, titre=f"{petition.titre} bis", deposee_le=timezone.now() - timedelta(days=200)
    )
    ancienne = PetitionFactory(
        close=True, titre=f"{petition.titre} ter", deposee_le=timezone.now() - timedelta(days=500)
    )
    client.force_login(agent)

    page = lire(client.get(reverse("petitions:dossier", args=[petition.pk])))

    assert recente.titre in page
    assert ancienne.titre not in page


def test_the_queue_begins_with_what_is_due_first_and_its_cost_does_not_grow(
    agent, client, django_assert_num_queries
):
    client.force_login(agent)
    url = reverse("petitions:tableau")

    def deposer(dans):
        petition = PetitionFactory(deposee=True, titre=f"Due dans {dans}")
        fixer_echeance(petition, "recevabilite", libelle="R", date_limite=jour(dans), est_legale=True)

    deposer(20)
    client.get(url)
    with CaptureQueriesContext(connection) as une:
        client.get(url)
    for dans in (5, 40, -2, 9):
        deposer(dans)

    with django_assert_num_queries(len(une)):
        page = lire(client.get(url))

    places = [page.index(f"Due dans {dans}<") for dans in (-2, 5, 9, 20, 40)]
    assert places == sorted(places)
    assert "En retard de 2 jours" in page


def test_an_elu_outside_the_comite_does_not_open_the_dossier(petition, client):
    client.force_login(CompteFactory(elu=True))
    assert client.get(reverse("petitions:dossier", args=[petition.pk])).status_code == 404

    client.force_login(membre())
    assert client.get(reverse("petitions:dossier", args=[petition.pk])).status_code == 200


def test_the_author_sees_the_request_beside_the_text_and_answers(petition, agent, client):
    actions.demander_reformulation(petition, par=agent, texte="Citez le lieu exact.", date_limite=jour(15))
    client.force_login(petition.auteur)
    url = reverse("petitions:reformuler", args=[petition.pk])

    page = lire(client.get(url))
    assert "Citez le lieu exact." in page
    reponse = client.post(
        url, {"titre": petition.titre, "demande": "Une piste à Vizille", "raisons": "Le danger"}
    )

    assert reponse.url == reverse("petitions:ma_petition", args=[petition.pk])
    client.force_login(agent)
    dossier = lire(client.get(reverse("petitions:dossier", args=[petition.pk])))
    assert "<ins>" in dossier
    assert "<del>" in dossier


def test_those_who_filed_it_too_are_told_of_a_reformulation(petition, agent, client):
    lea = CoPetitionnaireFactory(petition=petition, confirme=True, courriel="lea@exemple.fr")
    actions.demander_reformulation(petition, par=agent, texte="Ceci.", date_limite=jour(15))

    actions.reformuler(
        petition,
        par=petition.auteur,
        titre=petition.titre,
        demande="Nous demandons trente bancs.",
        raisons=petition.raisons,
    )

    prevenus = [lettre.destinataires for lettre in lettres("prevenir_du_changement")]
    assert ["lea@exemple.fr"] in prevenus
    assert [petition.auteur.courriel] not in prevenus
    page = client.get(
        reverse("petitions:confirmer_copetitionnaire", args=[LIEN_COPETITIONNAIRE.jeton(lea.pk)])
    ).content.decode()
    assert "Ce qui a changé depuis votre confirmation" in page
    assert "trente bancs" in page


def test_to_answer_later_keeps_what_was_rewritten(petition, agent, client):
    actions.demander_reformulation(petition, par=agent, texte="Ceci.", date_limite=jour(15))
    client.force_login(petition.auteur)
    url = reverse("petitions:reformuler", args=[petition.pk])
    page = client.get(url)
    recrit = {"titre": "Un autre titre", "demande": "Nous demandons un banc", "raisons": ""}

    client.post(url, {**recrit, "vu": page.context["form"]["vu"].value(), "plus_tard": "oui"})

    petition.refresh_from_db()
    assert petition.demande != recrit["demande"]
    page = client.get(url)
    assert {nom: page.context["form"][nom].value() for nom in recrit} == recrit
    assert "Voici ce que vous aviez récrit" in page.content.decode()
    assert "un banc" not in client.get(reverse("petitions:ma_petition", args=[petition.pk])).content.decode()

    client.post(url, {**recrit, "raisons": "Parce que.", "vu": page.context["form"]["vu"].value()})
    petition.refresh_from_db()
    assert (petition.titre, petition.reformulation_gardee) == ("Un autre titre", {})


def test_the_author_s_own_text_is_no_suggestion(petition, agent):
    demande = actions.demander_reformulation(
        petition, par=agent, texte="Ceci.", proposition=f"{petition.demande}\r\n ", date_limite=jour(15)
    )

    assert demande.proposition == ""
