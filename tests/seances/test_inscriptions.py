"""Visits and trainings: places, waiting list, attendance, feedback."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.seances import inscriptions
from participation.seances.convocation import actes as convocation
from participation.seances.convocation import envois
from participation.seances.models import Inscription, Seance
from participation.seances.vitrine import section_journee
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from tests.outils import constant_queries, ensemble, pdf_rapides, taches_du_jour
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MandatureFactory,
    MembreFactory,
    SeanceFactory,
    relire,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
E = Inscription.Etat


def visite(**champs) -> Seance:
    return SeanceFactory(
        **{
            "nature": Seance.Nature.VISITE,
            "titre": "Visite de l’usine d’eau",
            "capacite": 2,
            "convoquee": True,
            **champs,
        }
    )


def membre_de(seance, **champs):
    return MembreFactory(college=CollegeFactory(mandature=seance.mandature), **champs)


def inscrire(seance, *, suppleant=False, **champs):
    membre = membre_de(seance, suppleant=suppleant)
    return inscriptions.inscrire(seance, membre, par=membre.compte, **champs)


def lettre(acte, inscription):
    return Courriel.objects.filter(
        acte=f"seances/{acte}", destinataires=[inscription.membre.compte.courriel]
    ).get()


def passer(seance):
    seance.debut, seance.fin = timezone.now() - timedelta(hours=3), timezone.now() - timedelta(hours=1)
    seance.save()


def test_a_member_takes_a_place_and_gets_it_in_her_calendar():
    prise = inscrire(visite(), besoins=["boucle"], precisions="Côté gauche")

    assert (prise.etat, prise.besoins) == (E.INSCRIT, ["boucle"])
    (piece,) = lettre("inscrire", prise).pieces.all()
    (evenement,) = Calendar.from_ical(bytes(piece.contenu)).walk("VEVENT")
    assert str(evenement["SUMMARY"]).endswith("Visite de l’usine d’eau")


def test_once_full_the_next_waits_and_knows_her_rank():
    seance = visite(capacite=1)
    inscrire(seance)
    premiere, seconde = inscrire(seance), inscrire(seance)

    assert (premiere.etat, seconde.etat) == (E.ATTENTE, E.ATTENTE)
    assert "au rang 2" in lettre("attendre_inscription", seconde).corps


def test_giving_up_gives_the_place_to_the_first_who_waits():
    seance = visite(capacite=1)
    prise, premiere, seconde = inscrire(seance), inscrire(seance), inscrire(seance)

    promue = inscriptions.desinscrire(prise, par=prise.membre.compte)

    assert promue == premiere
    premiere.refresh_from_db()
    seconde.refresh_from_db()
    assert (premiere.etat, seconde.etat) == (E.INSCRIT, E.ATTENTE)
    assert lettre("obtenir_place", premiere).pieces.count() == 1
    with pytest.raises(ActeInterdit):
        inscriptions.desinscrire(prise, par=prise.membre.compte)


def test_leaving_the_waiting_list_moves_nobody():
    seance = visite(capacite=1)
    inscrire(seance)
    premiere, seconde = inscrire(seance), inscrire(seance)

    assert inscriptions.desinscrire(premiere, par=premiere.membre.compte) is None
    seconde.refresh_from_db()
    assert seconde.etat == E.ATTENTE


def test_more_places_are_given_by_the_clock():
    seance = visite(capacite=1)
    inscrire(seance)
    premiere, seconde = inscrire(seance), inscrire(seance)
    Seance.objects.filter(pk=seance.pk).update(capacite=2)

    assert inscriptions.remplir_rencontres() == 1
    assert inscriptions.remplir_rencontres() == 0
    premiere.refresh_from_db()
    seconde.refresh_from_db()
    assert (premiere.etat, seconde.etat) == (E.INSCRIT, E.ATTENTE)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_for_the_last_place_give_it_once():
    seance = visite(capacite=1)
    membres = [membre_de(seance) for _ in range(2)]

    def cliquer(membre):
        lue = Seance.objects.get(pk=seance.pk)
        return lambda: inscriptions.inscrire(lue, membre, par=membre.compte)

    assert ensemble(*map(cliquer, membres)) == ["fait", "fait"]
    assert sorted(seance.inscriptions.values_list("etat", flat=True)) == [E.ATTENTE, E.INSCRIT]


def test_who_registers_twice_or_too_late_or_from_elsewhere_is_told_why():
    seance = visite()
    prise = inscrire(seance)
    compte = prise.membre.compte
    with pytest.raises(ErreurMetier, match="déjà"):
        inscriptions.inscrire(seance, prise.membre, par=compte)
    ailleurs = CollegeFactory(mandature=MandatureFactory(instance__cle="autre"))
    etranger = MembreFactory(college=ailleurs, compte=compte)
    with pytest.raises(ErreurMetier, match="membres en fonction"):
        inscriptions.inscrire(seance, etranger, par=compte)
    with pytest.raises(RoleInsuffisant):
        inscriptions.inscrire(seance, membre_de(seance), par=compte)
    passer(seance)
    with pytest.raises(ActeInterdit, match="closes"):
        inscrire(seance)


def test_who_gave_up_may_come_back_at_the_end_of_the_list():
    seance = visite(capacite=1)
    prise, attente = inscrire(seance), inscrire(seance)
    inscriptions.desinscrire(prise, par=prise.membre.compte)

    revenue = inscriptions.inscrire(seance, prise.membre, par=prise.membre.compte)

    assert (revenue.pk, revenue.etat) == (prise.pk, E.ATTENTE)
    attente.refresh_from_db()
    assert attente.etat == E.INSCRIT


def test_feedback_is_given_after_by_who_was_there_and_its_mean_is_shown_to_agents(client):
    seance = visite()
    venue, absente = inscrire(seance), inscrire(seance)
    agent = CompteFactory(role=Role.AGENT)
    with pytest.raises(ActeInterdit):
        inscriptions.donner_retour(venue, par=venue.membre.compte, note=4)
    passer(seance)
    client.force_login(agent)
    page = reverse("seances:inscriptions", args=[seance.pk])
    client.post(page, {"venu": [venue.pk, "9" * 4500, "²"]})
    client.force_login(venue.membre.compte)
    client.post(
        reverse("seances:inscription", args=[seance.pk]),
        {"acte": "donner_retour", "note": "4", "retour": "Très clair"},
    )

    venue.refresh_from_db()
    absente.refresh_from_db()
    assert (venue.est_venu, absente.est_venu, venue.note) == (True, False, 4)
    with pytest.raises(ActeInterdit):
        inscriptions.donner_retour(absente, par=absente.membre.compte, note=1)
    client.force_login(agent)
    html = client.get(page).content.decode()
    assert "4 sur 5" in html
    assert "Très clair" in html


def test_the_member_registers_then_gives_up_on_her_page(client):
    seance = visite()
    membre = membre_de(seance)
    client.force_login(membre.compte)
    url = reverse("seances:inscription", args=[seance.pk])
    assert "inscrire" in client.get(url).content.decode()

    client.post(url, {"acte": "inscrire", "besoins": ["transport"], "precisions": "Depuis Vif"})
    assert "Votre place est réservée" in client.get(url).content.decode()
    client.post(url, {"acte": "desinscrire"})

    assert seance.inscriptions.get().etat == E.ANNULEE
    assert client.post(url, {"acte": "desinscrire"}).status_code == 409


def test_a_wrong_answer_keeps_what_was_typed(client):
    seance = visite()
    membre = membre_de(seance)
    client.force_login(membre.compte)

    page = client.post(
        reverse("seances:inscription", args=[seance.pk]),
        {"acte": "inscrire", "besoins": ["fusée"], "precisions": "Depuis Vif"},
    )

    assert page.status_code == 200
    assert "Depuis Vif" in page.content.decode()
    assert not seance.inscriptions.exists()


def test_who_is_no_member_of_the_instance_does_not_see_the_page(client):
    client.force_login(CompteFactory())

    assert client.get(reverse("seances:inscription", args=[visite().pk])).status_code == 404


def test_a_visit_not_yet_announced_is_in_nobodys_space_nor_calendar(client):
    """Only the service sees it; nobody registers before the invitation."""
    seance = visite(convoquee=False, est_publique=True)
    membre = membre_de(seance)
    client.force_login(membre.compte)
    pages = [
        reverse("seances:espace"),
        reverse("seances:mon_instance", args=[seance.instance.cle]),
        reverse("seances:calendrier_public"),
        reverse("seances:agenda_tous"),
    ]
    for page in pages:
        assert seance.titre not in client.get(page).content.decode()
    assert client.get(reverse("seances:inscription", args=[seance.pk])).status_code == 404
    with pytest.raises(ActeInterdit, match="pas encore invités"):
        inscrire(seance)

    Seance.objects.filter(pk=seance.pk).update(etat="convoquee")
    assert seance.titre in client.get(pages[0]).content.decode()


def test_called_off_or_moved_a_visit_tells_whoever_registered_once(client):
    """Each registered person gets a letter, convened or not, with a place or waiting."""
    agent = CompteFactory(agent=True)
    seance = visite(capacite=1)
    seule, attend = inscrire(seance, suppleant=True), inscrire(seance, suppleant=True)
    invitee = inscrire(seance)
    ConvieFactory(seance=seance, membre=invitee.membre)
    debut = seance.debut + timedelta(days=2)

    convocation.deplacer(seance, par=agent, motif="Usine fermée", debut=debut, fin=debut + timedelta(hours=1))
    assert jour_texte(debut - timedelta(days=2)) in lettre("deplacer_inscription", attend).corps
    envoi = convocation.annuler(relire(seance), par=agent, motif="Panne")
    envois.envoyer_convocation(envoi.pk)

    for inscription in (seule, attend):
        (piece,) = lettre("annuler_inscription", inscription).pieces.all()
        assert b"STATUS:CANCELLED" in bytes(piece.contenu)
        assert not Courriel.objects.filter(
            acte="seances/annuler", destinataires=[inscription.membre.compte.courriel]
        ).exists()
    assert "La visite" in lettre("annuler", invitee).corps
    assert Courriel.objects.filter(acte__contains="annuler").count() == 3


def test_nobody_is_convened_to_a_visit_and_a_move_keeps_the_registrations(client, monkeypatch):
    pdf_rapides(monkeypatch)
    seance = visite(convoquee=False)
    membre_de(seance), membre_de(seance)
    envoi = convocation.convoquer(relire(seance), par=CompteFactory(agent=True))
    envois.envoyer_convocation(envoi.pk)
    client.force_login(CompteFactory(agent=True))

    assert set(seance.journal.values_list("fait", flat=True)) == {
        "Membres invités",
        "Invitation envoyée à 2 personnes",
    }
    assert envoi.document.titre.startswith("Invitation, ")
    page = client.get(reverse("seances:deplacer", args=[seance.pk])).content.decode()
    assert "Les 2 personnes invitées reçoivent" in page
    assert "Les inscriptions sont gardées." in page
    assert "répond de nouveau" not in page


def test_a_visit_that_is_over_is_not_awaited_of_who_leaves(client):
    """The periodic task ends it within a quarter of an hour; until then it is « annoncée »."""
    passee = visite(debut=timezone.localtime() - timedelta(days=3))
    membre = ConvieFactory(seance=passee, membre=membre_de(passee)).membre
    client.force_login(CompteFactory(agent=True))

    page = client.get(reverse("seances:mettre_fin", args=[membre.pk])).content.decode()

    assert passee.titre not in page


def test_the_agent_registers_exports_and_takes_somebody_off(client):
    seance = visite()
    membre = membre_de(seance)
    client.force_login(CompteFactory(role=Role.AGENT))
    client.post(
        reverse("seances:ajouter_inscription", args=[seance.pk]),
        {"membre": membre.pk, "besoins": ["boucle"], "precisions": "=cmd()"},
    )
    page = reverse("seances:inscriptions", args=[seance.pk])
    formulaire = client.get(reverse("seances:ajouter_inscription", args=[seance.pk])).content.decode()
    assert '<option value="">Choisissez</option>' in re.sub(r" selected", "", formulaire)
    assert "-----" not in formulaire

    html = client.get(page).content.decode()
    csv = b"".join(client.get(page, {"export": "csv"}).streaming_content).decode()
    assert "boucle magnétique : 1" in html.replace("&nbsp;", " ").replace("\xa0", " ").lower()
    assert membre.compte.courriel in csv
    assert "'=cmd()" in csv
    client.post(reverse("seances:desinscrire", args=[seance.inscriptions.get().pk]))
    assert seance.inscriptions.get().etat == E.ANNULEE


def test_the_list_costs_the_same_for_one_or_four(client):
    seance = visite(capacite=None)
    client.force_login(CompteFactory(role=Role.AGENT))

    constant_queries(client, reverse("seances:inscriptions", args=[seance.pk]), lambda: inscrire(seance))


def test_the_clock_ends_the_visits_that_are_over_and_them_alone():
    passe = timezone.localtime() - timedelta(days=1)
    finie = visite(etat="convoquee", debut=passe, fin=passe + timedelta(hours=2))
    a_venir = visite(etat="convoquee", titre="Visite à venir")
    pleniere = SeanceFactory(etat="convoquee", debut=passe, fin=passe + timedelta(hours=2))

    assert inscriptions.achever_rencontres() == 1
    assert inscriptions.achever_rencontres() == 0

    for seance in (finie, a_venir, pleniere):
        seance.refresh_from_db()
    assert [s.etat for s in (finie, a_venir, pleniere)] == ["levee", "convoquee", "convoquee"]
    assert finie.levee_le == finie.fin
    assert finie.journal.get().fait == "Rencontre terminée"
    with pytest.raises(ActeInterdit):
        inscriptions.achever(a_venir)


def test_a_visit_that_is_over_speaks_neither_of_convocation_nor_of_minutes(client):
    passe = timezone.localtime() - timedelta(days=1)
    seance = visite()
    venue = inscrire(seance)
    Seance.objects.filter(pk=seance.pk).update(debut=passe, fin=passe + timedelta(hours=2))
    inscriptions.achever_rencontres()
    agent = CompteFactory(role=Role.AGENT)
    client.force_login(agent)

    def depuis_quand():
        return [t.depuis for t in taches_du_jour(agent, section_journee) if t.quoi == "Noter qui est venu"]

    assert depuis_quand() == [passe]
    Inscription.objects.filter(pk=venue.pk).update(est_venu=True)
    assert depuis_quand() == []

    page = client.get(seance.get_absolute_url()).content.decode()

    assert "Terminée" in page
    assert "procès-verbal" not in page.lower()
    assert "Convoquée" not in page
    assert reverse("seances:inscriptions", args=[seance.pk]) in page


def test_the_space_of_a_member_asks_to_register_and_not_whether_she_comes(client):
    seance = visite(etat="convoquee")
    membre = membre_de(seance)
    convie = ConvieFactory(seance=seance, membre=membre, convoque_le=timezone.now())
    client.force_login(membre.compte)

    page = client.get(reverse("seances:espace"))

    assert list(page.context["a_repondre"]) == []
    assert reverse("seances:inscription", args=[seance.pk]) in page.content.decode()

    # The page of a séance refuses a visit: an answer there would hold no place, and a proxy is for votes.
    url = reverse("seances:ma_seance", args=[seance.pk])
    page = client.get(url)
    assert page.context["form"] is None
    assert reverse("seances:inscription", args=[seance.pk]) in page.content.decode()
    assert client.post(url, {"reponse": "salle"}).status_code == 409
    convie.refresh_from_db()
    assert convie.reponse == ""


def test_a_visit_has_no_page_to_write_minutes_that_are_refused(client):
    client.force_login(CompteFactory(agent=True))
    assert client.get(reverse("seances:proces_verbal", args=[visite().pk])).status_code == 404
