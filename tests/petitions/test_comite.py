"""Work of the comité members, shown at sign-in; agenda and decisions of its séance."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.module_loading import import_string

from participation.seances.models import Vote
from participation.seances.points.decisions import appliquer_decision
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import ReglageService
from participation.socle.workflow import Role
from petitions.models import Deport, ExamenCritere, MotifIrrecevabilite
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import comite
from petitions.recevabilite import decisions as decisions_recevabilite
from petitions.workflow import DECISIONS_DE_SEANCE, INSTANCE, Etat
from tests.outils import lire
from tests.petitions.factories import PetitionFactory, lettres, sieger
from tests.seances.factories import ConvieFactory, InstanceFactory, MandatureFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance():
    return SeanceFactory(mandature=MandatureFactory(instance=InstanceFactory(cle=INSTANCE)))


def remplir(petition, par, appreciation="rempli"):
    for critere in petition.reglement.criteres.all():
        ExamenCritere.objects.create(
            petition=petition, critere=critere, appreciation=appreciation, motif="Raison.", par=par
        )


def decider(point, decision, par, vote=None, **reponses):
    lien = point.liens_dossiers.get()
    lien.decision = decision
    lien.save()
    appliquer_decision(lien, decision, par=par, reponses=reponses, vote=vote)


def test_a_member_without_any_role_is_given_the_back_office():
    membre = CompteFactory()

    sieger(membre)

    assert membre.roles == {Role.MEMBRE}


def test_a_member_who_has_a_role_keeps_it_alone_and_finds_the_petitions_in_her_menu(client):
    membre, autre = CompteFactory(elu=True), CompteFactory(elu=True)

    sieger(membre)

    assert membre.roles == {Role.ELU}
    for compte, attendu in ((membre, True), (autre, False)):
        client.force_login(compte)
        groupes = client.get("/journee/").context["menu_bureau"]
        assert ("Pétitions" in {e["libelle"] for groupe in groupes for e in groupe["entrees"]}) is attendu


def test_a_member_finds_what_is_to_examine_until_the_grid_is_full_or_she_steps_aside(client):
    membre = CompteFactory()
    sieger(membre)
    a_examiner = PetitionFactory(deposee=True, titre="Des bancs à l’ombre")
    deportee = PetitionFactory(deposee=True, titre="Un stade à Domène")
    Deport.objects.create(petition=deportee, compte=membre)
    finie = PetitionFactory(deposee=True, titre="Des nichoirs")
    remplir(finie, membre)
    client.force_login(membre)

    page = client.get(reverse("socle:journee")).content.decode()

    assert a_examiner.titre in page
    assert deportee.titre not in page
    assert finie.titre not in page


def test_the_agenda_is_filled_with_the_petitions_that_wait_once_each(seance, agent):
    attendues = [PetitionFactory(deposee=True), PetitionFactory(deposee=True)]
    PetitionFactory(recevable=True)

    points = comite.inscrire_au_comite(seance, comite.a_inscrire(), par=agent)

    assert [list(point.dossiers.values_list("pk", flat=True)) for point in points] == [
        [petition.pk] for petition in attendues
    ]
    assert not comite.a_inscrire().exists()
    assert attendues[0].journal.filter(acte="inscrire_au_comite").count() == 1
    with pytest.raises(ErreurMetier, match="déjà à l’ordre du jour"):
        comite.inscrire_au_comite(seance, attendues[:1], par=agent)


def test_the_seance_of_a_petition_is_on_its_dossier_and_a_decision_outside_it_is_warned_about(
    client, seance, agent
):
    petition = PetitionFactory(deposee=True)
    client.force_login(agent)
    decision = reverse("petitions:declarer_recevable", args=[petition.pk])
    assert "à l’ordre du jour de la séance" not in client.get(decision).content.decode()

    comite.inscrire_au_comite(seance, [petition], par=agent)

    assert seance.titre in client.get(petition.get_absolute_url()).content.decode()
    assert "Déjà décidé" not in lire(client.get(seance.get_absolute_url()))
    page = client.get(decision).content.decode()
    assert "à l’ordre du jour de la séance" in page
    assert "Décider ici, c’est décider sans elle" in page

    # Decided without it: the agenda says so beside the point, which is to be withdrawn; then the dossier forgets it.
    remplir(petition, agent)
    decisions_recevabilite.declarer_recevable(
        petition, par=agent, motif="", raison_sans_comite="Le comité est d’accord."
    )
    assert "Déjà décidé, recevable" in lire(client.get(seance.get_absolute_url()))
    seance.points.update(etat="reporte")
    assert seance.titre not in client.get(petition.get_absolute_url()).content.decode()


def test_an_agent_fills_the_agenda_from_the_queue(client, seance, agent):
    petition = PetitionFactory(deposee=True, titre="Des bancs à l’ombre")
    client.force_login(agent)

    page = client.get(reverse("petitions:inscrire_au_comite")).content.decode()
    reponse = client.post(
        reverse("petitions:inscrire_au_comite"), {"seance": seance.pk, "petitions": [petition.pk]}
    )

    assert "Des bancs à l’ombre" in page
    assert reponse.status_code == 302
    assert seance.points.get().titre == "Recevabilité : Des bancs à l’ombre"


def test_the_page_says_what_is_missing_before_an_agenda_can_be_filled(client, agent):
    PetitionFactory(deposee=True)
    client.force_login(agent)

    assert "Aucune séance du comité" in client.get(reverse("petitions:inscrire_au_comite")).content.decode()


def test_the_decision_of_the_comite_moves_the_petition(seance, agent):
    petition = PetitionFactory(deposee=True)
    remplir(petition, agent)
    (point,) = comite.inscrire_au_comite(seance, [petition], par=agent)

    decider(point, "declarer_recevable", agent, motif="Bonne collecte.")

    petition.refresh_from_db()
    assert petition.etat == Etat.RECEVABLE
    assert "en séance du" in petition.journal.get(acte="decider_en_seance").fait


def test_a_refusal_in_seance_needs_its_coded_reason(seance, agent):
    petition = PetitionFactory(deposee=True)
    remplir(petition, agent, "non_rempli")
    (point,) = comite.inscrire_au_comite(seance, [petition], par=agent)

    decider(
        point,
        "declarer_irrecevable",
        agent,
        motif_irrecevabilite=MotifIrrecevabilite.objects.first(),
        motif="Hors de ce que le règlement permet.",
    )

    petition.refresh_from_db()
    assert petition.etat == Etat.IRRECEVABLE


def test_the_comite_cannot_decide_before_its_grid_is_full(seance, agent):
    petition = PetitionFactory(deposee=True)
    (point,) = comite.inscrire_au_comite(seance, [petition], par=agent)

    with pytest.raises((ErreurMetier, ValidationError), match="n’est pas examiné"):
        decider(point, "declarer_recevable", agent)

    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE


def test_the_letter_and_the_page_say_who_decided_and_in_what_quality(seance, agent, client):
    ReglageService.objects.update_or_create(pk=1, defaults={"signataire": "Ada Exemple, vice-présidente"})
    alone, together = PetitionFactory(deposee=True), PetitionFactory(deposee=True)
    for petition in (alone, together):
        remplir(petition, agent, "non_rempli")
    refus = {"motif_irrecevabilite": MotifIrrecevabilite.objects.first(), "motif": "Hors sujet."}
    with pytest.raises(ValidationError, match="sans lui"):
        decisions_recevabilite.declarer_irrecevable(alone, par=agent, **refus)

    decisions_recevabilite.declarer_irrecevable(
        alone, par=agent, **refus, raison_sans_comite="Le délai finit demain."
    )
    (point,) = comite.inscrire_au_comite(seance, [together], par=agent)
    decider(point, "declarer_irrecevable", agent, **refus)

    seule, ensemble = (
        lettres("declarer_irrecevable").filter(dossier=p).first().corps for p in (alone, together)
    )
    assert "sans réunion du comité de recevabilité" in seule
    assert "Le délai finit demain." in seule
    assert "Le comité de recevabilité a examiné" in ensemble
    assert "sans réunion" not in ensemble
    for lettre in (seule, ensemble):
        assert "Ada Exemple, vice-présidente" in lettre
    for petition, dit in ((alone, "Le délai finit demain."), (together, "dans sa séance du")):
        assert dit in lire(client.get(petition.get_public_url()))


def test_opinions_that_differ_decide_nothing_until_the_comite_has_its_own(seance, agent, client):
    petition = PetitionFactory(deposee=True)
    elu = CompteFactory(elu=True)
    sieger(elu)
    remplir(petition, agent)
    premier = petition.reglement.criteres.first()
    recevabilite.examiner(petition, {premier.pk: ("non_rempli", "Illégal.")}, par=elu)
    for acte in ("declarer_recevable", "declarer_irrecevable"):
        assert any("Les avis diffèrent" in manque for manque in petition.manques(acte, agent))
    client.force_login(agent)
    assert "Avis partagés" in lire(client.get(petition.get_absolute_url()))
    url = reverse("petitions:arreter_avis", args=[petition.pk])
    page = client.get(url)
    vu = page.context["form"]["vu"].value()
    reponses = {f"appreciation_{c.pk}": "rempli" for c in petition.reglement.criteres.all()}

    assert client.post(url, {**reponses, "vu": vu}).status_code == 302

    assert petition.manques("declarer_recevable", agent) == []
    assert petition.examens.filter(par=elu).get().appreciation == "non_rempli"
    trop_tard = client.post(url, {**reponses, f"appreciation_{premier.pk}": "", "vu": vu})
    assert "Dites l’avis du comité" in lire(trop_tard)
    assert "noté entre-temps" in lire(client.post(url, {**reponses, "vu": vu}))


def test_the_page_of_a_decision_in_seance_says_what_prevents_it_and_shows_the_letter(seance, agent, client):
    petition = PetitionFactory(deposee=True)
    (point,) = comite.inscrire_au_comite(seance, [petition], par=agent)
    seance.etat = "ouverte"
    seance.save()
    client.force_login(agent)
    url = reverse("seances:decider_dossier", args=[point.liens_dossiers.get().pk, "declarer_recevable"])

    assert "n’est pas examiné" in lire(client.get(url))
    remplir(petition, agent)
    page = lire(client.post(url, {"motif": "Bravo à vous.", "apercu": "oui"}))

    assert "Bravo à vous." in page
    assert "dans sa séance du" in page
    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE


def test_a_vote_in_which_a_member_who_stepped_aside_could_vote_decides_nothing(seance, agent):
    petition = PetitionFactory(deposee=True)
    remplir(petition, agent)
    (point,) = comite.inscrire_au_comite(seance, [petition], par=agent)
    membre = sieger(CompteFactory(elu=True))
    recevabilite.se_deporter(petition, par=membre.compte)
    convie = ConvieFactory(seance=seance, membre=membre)
    vote = Vote.objects.create(
        point=point, objet="Recevable ?", majorite="majorite", inscrits={str(convie.pk): [convie.pk]}
    )

    with pytest.raises(ErreurMetier, match="se déporte"):
        decider(point, "declarer_recevable", agent, vote=vote)


def test_each_decision_of_the_comite_has_its_act_and_its_form():
    petition = PetitionFactory(deposee=True)

    for acte, decision in DECISIONS_DE_SEANCE.items():
        assert import_string(decision.action) is getattr(decisions_recevabilite, acte)
        import_string(decision.form)({}, objet=petition)
