"""An act opened in two windows never overwrites, unread, what changed in between."""

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import chain
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from contrat_ville.models import Porteur
from participation.socle.actions import noter, prendre_en_charge
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampTexte
from participation.socle.models import Courriel
from participation.socle.regles.versions import MONTRE
from participation.socle.views.pages import situer
from participation.suites.actes import changer_etat
from participation.suites.reponses import repondre_par_lien
from petitions.collecte.actes import suspendre
from petitions.conseil.actes import inscrire_au_conseil, rencontrer
from petitions.models import SeuilAtteint
from tests.budgets.factories import budget_en, forum_le, idee_de, table_de
from tests.budgets.vote import scrutin_en_preparation
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.engagements.factories import monde_des_engagements
from tests.inclusion.factories import monde_de_l_inclusion
from tests.maison import GABARITS
from tests.outils import a_plusieurs, jour, lire
from tests.panels.factories import monde_des_panels
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RapporteurFactory, RemonteeFactory, SujetFactory
from tests.rencontres.factories import monde_des_rencontres
from tests.seances.factories import PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory
from tests.suites.factories import SuiteFactory
from tests.test_architecture import ROUTES

# Acts of the newest apps → the object of their world (as in tests/acces.txt).
DES_MONDES = {
    "engagements:modifier_engagement": "engagement",
    "engagements:modifier_proposition": "proposition",
    "inclusion:corriger_aller_vers": "action_faite",
    "panels:modifier_panel": "panel_prepare",
    "panels:modifier_page": "panel_page",
    "panels:corriger_recommandation": "panel_recommandation",
    "panels:modifier_marche": "panel_marche",
    "rencontres:modifier_rencontre": "ren_preparee",
    "rencontres:modifier_bloc": "ren_bloc",
    "rencontres:modifier_table": "ren_table",
    "rencontres:corriger_note": "ren_note",
    "rencontres:modifier_groupe": "ren_groupe",
    "rencontres:modifier_format": "ren_format",
}


def des_mondes() -> Iterator[tuple[str, SimpleNamespace]]:
    monde = {
        **monde_des_engagements(CompteFactory(elu=True)),
        **monde_de_l_inclusion(),
        **monde_des_panels(),
        **monde_des_rencontres(),
    }
    for nom, cle in DES_MONDES.items():
        yield nom, SimpleNamespace(pk=monde[cle][0])


def a_reprendre() -> Iterator[tuple[str, Model | SimpleNamespace]]:
    """Acts whose form starts from the current values of their object, with an object of each."""
    budget = budget_en("idees")
    forum = forum_le(budget=budget)
    yield "budgets:modifier_budget", budget
    yield "budgets:corriger_idee", idee_de(budget)
    yield "budgets:modifier_forum", forum
    yield "budgets:modifier_table", table_de(forum)
    yield "budgets:regler_scrutin", scrutin_en_preparation(CompteFactory(agent=True))
    yield "contrat_ville:regler_programmation", ProgrammationFactory(preparee=True)
    yield "remontees:rediger_sujet", SujetFactory()
    yield "remontees:qualifier", RemonteeFactory()
    # A row that depends on the object.
    yield "remontees:corriger_adresse_postale", RapporteurFactory(adresse="3 rue Haute").remontee
    projet = ProjetFactory(en_cours=True)
    Porteur.objects.update(adresse="3 rue Haute", code_postal="38600", ville="Fontaine")
    yield "contrat_ville:corriger_adresse_postale", projet
    rencontre = PetitionFactory(a_debattre=True)
    SeuilAtteint.objects.create(petition=rencontre, seuil=rencontre.reglement.seuils.get(effet="debat"))
    rencontrer(rencontre, par=CompteFactory(agent=True), date=jour(9), heure_debut=time(18), lieu="Salle 4")
    yield "petitions:rencontrer", rencontre
    yield "petitions:amender", PetitionFactory(en_collecte=True)
    yield "suites:corriger", SuiteFactory(etat="suivie", texte_public="Avant.")
    yield "seances:point", PointFactory()
    yield "ccspl:rediger_paragraphe", ParagrapheFactory(avis=AvisFactory(en_redaction=True))
    yield "ccspl:modifier_preconisation", PreconisationFactory(avis=AvisFactory(en_redaction=True))


def texte_de(form: ActeForm) -> str:
    """Return a text field without other validation."""
    champs = {champ.name: champ for champ in form.ligne._meta.concrete_fields}
    return next(
        nom
        for nom in form.fields
        if isinstance(champs.get(nom), models.CharField | models.TextField)
        and not champs[nom].choices
        and (champs[nom].max_length or 20) >= 20
    )


def envoi(form: ActeForm) -> dict[str, Any]:
    """Return the unchanged form data as a browser sends it, with CRLF line ends."""
    champs = {}
    for nom in form.fields:
        valeur = form[nom].value()
        if valeur is None and isinstance(form.fields[nom], ChampTexte) and form.fields[nom].required:
            valeur = "Parce que."
        if valeur is not None and not isinstance(valeur, bool):
            brut = (
                [getattr(v, "pk", v) for v in valeur]
                if isinstance(valeur, list | models.QuerySet)
                else valeur
            )
            if isinstance(brut, str):
                brut = brut.replace("\n", "\r\n")
            champs[nom] = brut.isoformat() if isinstance(brut, date) else getattr(brut, "pk", brut)
    return champs


def test_no_page_of_an_act_overwrites_unread_what_changed_meanwhile(client, db) -> None:
    client.force_login(CompteFactory(agent=True))
    for nom, objet in chain(a_reprendre(), des_mondes()):
        adresse = reverse(nom, args=[objet.pk])
        page = client.get(adresse)
        form = page.context["form"]
        champ, memes = texte_de(form), type(form.ligne)._base_manager.filter(pk=form.ligne.pk)
        montre = page.context["montre"]
        assert f'name="{MONTRE}" value="{montre}"' in page.content.decode(), nom
        memes.update(**{champ: "Écrit par Samir."})

        refus = client.post(adresse, {**envoi(form), champ: "Écrit par Lina.", MONTRE: montre})

        assert memes.values_list(champ, flat=True).get() == "Écrit par Samir.", nom
        for dit in ("a changé pendant que vous l’écriviez", "Écrit par Samir.", "Écrit par Lina."):
            assert dit in lire(refus), (nom, dit)


def test_of_two_agents_who_take_a_dossier_the_second_reads_the_name_of_the_first(client, agent, db) -> None:
    petition, autre = PetitionFactory(deposee=True), CompteFactory(agent=True)
    client.force_login(agent)
    adresse = reverse("socle:prendre_en_charge", args=[petition.pk])
    montre = client.get(adresse).context["montre"]
    prendre_en_charge(petition, par=autre, agent=autre)

    refus = lire(client.post(adresse, {"agent": agent.pk, MONTRE: montre}))

    petition.refresh_from_db()
    assert petition.agent == autre
    assert f"Aujourd’hui, {autre} suit ce dossier." in refus
    assert f"Aujourd’hui, il est écrit : « {autre} »" in refus


def test_of_two_days_of_council_the_second_is_not_told_unread(client, agent, db) -> None:
    petition = PetitionFactory(a_debattre=True)
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet="debat"))
    client.force_login(agent)
    adresse = reverse("petitions:inscrire_au_conseil", args=[petition.pk])
    montre = client.get(adresse).context["montre"]
    inscrire_au_conseil(petition, par=CompteFactory(agent=True), date=jour(30))
    lettres = Courriel.objects.count()

    page = client.post(adresse, {"date": jour(20).isoformat(), "est_sur": "on", MONTRE: montre})

    assert "Déjà annoncé" in lire(page)
    assert f'value="{jour(20).isoformat()}"' in page.content.decode()
    assert (petition.jalons.get().date, Courriel.objects.count()) == (jour(30), lettres)
    # She has read both: the day she sends again is her choice.
    client.post(adresse, {"date": jour(20).isoformat(), "est_sur": "on", MONTRE: page.context["montre"]})
    assert petition.jalons.get().date == jour(20)


def test_an_older_answer_of_a_direction_does_not_replace_unread_a_newer_one(client, agent, db) -> None:
    suite = SuiteFactory()
    repondre_par_lien(suite, etat="a_l_etude", nom="Hélène Arnoux", texte_public="Dix abris.")
    client.force_login(agent)
    adresse = reverse("suites:retenir", args=[suite.reponses.get().pk])
    montre = client.get(adresse).context["montre"]
    changer_etat(suite, par=agent, vers="suivie_en_partie", texte_public="Cinq abris.", motif="Le sol.")

    refus = client.post(adresse, {"texte_public": "Dix abris.", MONTRE: montre})

    suite.refresh_from_db()
    assert suite.texte_public == "Cinq abris."
    assert "Cette réponse plus ancienne ne peut pas le remplacer" in lire(refus)
    assert "Cinq abris." in lire(refus)


def test_by_the_link_of_its_letter_a_direction_does_not_answer_unread_what_its_agent_published(
    client, db
) -> None:
    suite, direction = SuiteFactory(), CompteFactory(agent=True)
    adresse = reverse("suites:repondre", args=[suite.jeton()])
    montre = client.get(adresse).context["form"].montre
    changer_etat(suite, par=direction, vers="a_l_etude", texte_public="Cinq abris.")

    reponse = {"etat": "suivie", "texte_public": "Dix abris.", "nom": "Hélène Arnoux"}
    refus = client.post(adresse, {**reponse, MONTRE: montre})

    assert not suite.reponses.exists()
    assert refus.context["form"].errors["texte_public"] == ["Aujourd’hui, il est écrit : « Cinq abris. »"]
    assert "Dix abris." in lire(refus)


def test_a_note_written_meanwhile_stops_no_act(client, agent, db) -> None:
    petition = PetitionFactory(deposee=True)
    client.force_login(agent)
    adresse = reverse("socle:prendre_en_charge", args=[petition.pk])
    montre = client.get(adresse).context["montre"]
    noter(petition, par=CompteFactory(agent=True), note="Vu au téléphone.")

    assert client.post(adresse, {"agent": agent.pk, MONTRE: montre}).status_code == 302


def test_an_act_open_in_any_etat_is_refused_once_the_etat_has_changed(client, agent, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    client.force_login(agent)
    adresse = reverse("socle:noter", args=[petition.pk])
    montre = client.get(adresse).context["montre"]
    suspendre(petition, par=CompteFactory(agent=True), motif="Élections.")

    refus = lire(client.post(adresse, {"note": "Tout va bien.", MONTRE: montre}))

    assert "L’état a changé depuis que cette page est ouverte : « suspendue »." in refus
    assert "Tout va bien." in refus


def test_an_act_made_impossible_while_one_waits_for_ones_turn_is_refused_as_one_that_came_too_late(
    client, agent, db, monkeypatch
) -> None:
    petition = PetitionFactory(en_collecte=True)
    client.force_login(agent)
    adresse = reverse("petitions:prolonger", args=[petition.pk])
    montre, autre = client.get(adresse).context["montre"], CompteFactory(agent=True)
    monkeypatch.setattr(
        "participation.socle.views.pages.verrou", lambda _: suspendre(petition, par=autre, motif="Élections.")
    )

    dit = {"date_fin": jour(90).isoformat(), "motif": "Trop peu de temps pour signer.", MONTRE: montre}
    refus = client.post(adresse, dit)

    assert refus.status_code == 409
    assert "« Prolonger la collecte » n’est plus possible" in lire(refus)
    assert "Trop peu de temps pour signer." in lire(refus)


def test_a_refusal_says_which_act_makes_it_possible_again_to_who_may_do_it(client, agent, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    suspendre(petition, par=agent, motif="Élections.")
    client.force_login(agent)

    refus = client.get(reverse("petitions:prolonger", args=[petition.pk]))

    assert refus.status_code == 409
    assert "Quelqu’un a agi" not in refus.content.decode()  # she only looked
    assert reverse("petitions:reprendre", args=[petition.pk]) in refus.content.decode()
    assert petition.remedes("prolonger", CompteFactory(elu=True)) == []
    # She gets her words back, not what her page said of itself.
    vu = "etat:828b8445a5 mots:5be1993dc0"
    rendu = lire(client.post(refus.request["PATH_INFO"], {"motif": "Encore dix jours, merci.", MONTRE: vu}))
    assert ("Encore dix jours, merci." in rendu, vu in rendu) == (True, False)


def test_what_lacks_before_an_act_leads_to_where_it_is_done(client, agent, db) -> None:
    seance = SeanceFactory()
    client.force_login(agent)

    page = client.get(reverse("seances:convoquer", args=[seance.pk])).content.decode()

    assert f'href="{reverse("seances:ajouter_point", args=[seance.pk])}"' in page


def test_a_condition_leads_to_the_act_that_mends_it_who_may_do_it(client, agent, db) -> None:
    projet = ProjetFactory(notifie=True, etat="evalue", equipe=[CompteFactory()], agent=agent)
    projet.financements.update(accorde=800)
    client.force_login(agent)

    page = client.get(reverse("contrat_ville:clore", args=[projet.pk])).content.decode()

    assert "Arrêtez d’abord les comptes" in page
    assert f'href="{reverse("contrat_ville:arreter_comptes", args=[projet.pk])}"' in page
    (manque,) = projet.manques("clore", agent)
    assert [m.ou for m in situer(projet, [manque], CompteFactory(elu=True))] == [""]


GABARITS_DES_ACTES = sorted(
    {
        motif.callback.page.gabarit
        for _, _, motif in ROUTES
        if hasattr(motif.callback, "page") and not motif.callback.page.en_un_clic
    }
)


@pytest.mark.parametrize("nom", GABARITS_DES_ACTES)
def test_each_page_of_an_act_sends_back_what_it_showed(nom: str) -> None:
    texte = ""
    while nom:
        source = (GABARITS / nom).read_text(encoding="utf-8")
        nom = next(iter(re.findall(r'{% extends "([^"]+)"', source)), "")
        texte += source
    assert 'name="montre" value="{{ montre }}"' in texte


def test_a_suite_given_meanwhile_to_another_direction_is_not_given_away_unread(client, db) -> None:
    suite, autre, tierce = SuiteFactory(), DirectionFactory(), DirectionFactory()
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("suites:changer_direction", args=[suite.pk])
    montre = client.get(adresse).context["montre"]
    type(suite).objects.filter(pk=suite.pk).update(direction=autre)

    refus = client.post(adresse, {"direction": tierce.pk, "motif": "C’est de la voirie.", MONTRE: montre})

    assert "a changé pendant que vous l’écriviez" in lire(refus)
    suite.refresh_from_db()
    assert suite.direction == autre


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_the_same_moment_one_is_told() -> None:
    sujet = SujetFactory(titre="Avant", texte_public="Avant.\nEncore.")
    adresse = reverse("remontees:rediger_sujet", args=[sujet.pk])
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(CompteFactory(agent=True))
    vues = [client.get(adresse).context for client in clients]
    pages = [vue["form"] for vue in vues]

    reponses = a_plusieurs(
        2,
        lambda n: clients[n].post(
            adresse, {**envoi(pages[n]), "titre": f"De {n}", MONTRE: vues[n]["montre"]}
        ),
    )

    assert sorted(reponse.status_code for reponse in reponses) == [200, 302]
    sujet.refresh_from_db()
    perdant = next(n for n in range(2) if reponses[n].status_code == 200)
    assert sujet.titre == f"De {1 - perdant}"
    assert set(reponses[perdant].context["form"].errors) == {"__all__", "titre"}
    # The agent reads both versions and decides: the second submission is accepted, once.
    relu = {**envoi(pages[perdant]), "titre": "Les deux", MONTRE: reponses[perdant].context["montre"]}
    assert clients[perdant].post(adresse, relu).status_code == 302
    assert "C’est déjà fait" in lire(clients[perdant].post(adresse, relu))
    sujet.refresh_from_db()
    assert sujet.titre == "Les deux"
