"""An act opened in two windows never overwrites, unread, what changed in between."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from django.db import models
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from contrat_ville.models import Porteur
from participation.socle.forms.actes import ActeForm
from participation.socle.versions import MONTRE
from petitions.conseil.actes import rencontrer
from petitions.models import SeuilAtteint
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.contrat_ville.inter_quartiers import budget_en, forum_le, idee_de, table_de
from tests.contrat_ville.monde_vote import scrutin_en_preparation
from tests.outils import a_plusieurs, jour, lire
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RapporteurFactory, RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, DirectionFactory
from tests.suites.factories import SuiteFactory


def a_reprendre() -> Iterator[tuple[str, Model]]:
    """Acts whose form starts from the current values of their object, with an object of each."""
    budget = budget_en("idees")
    forum = forum_le(budget=budget)
    yield "contrat_ville:modifier_budget", budget
    yield "contrat_ville:corriger_idee", idee_de(budget)
    yield "contrat_ville:modifier_forum", forum
    yield "contrat_ville:modifier_table", table_de(forum)
    yield "contrat_ville:regler_scrutin", scrutin_en_preparation(CompteFactory(agent=True))
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


def texte_de(form: ActeForm) -> str:
    """Return a text field without other validation."""
    champs = {champ.name: champ for champ in form.ligne._meta.concrete_fields}
    return next(
        nom
        for nom in form.montres
        if isinstance(champs[nom], models.CharField | models.TextField) and not champs[nom].choices
    )


def envoi(form: ActeForm) -> dict[str, Any]:
    """Return the unchanged form data as a browser sends it, with CRLF line ends."""
    champs = {}
    for nom in form.fields:
        valeur = form[nom].value()
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
    for nom, objet in a_reprendre():
        adresse = reverse(nom, args=[objet.pk])
        page = client.get(adresse)
        form = page.context["form"]
        champ, memes = texte_de(form), type(form.ligne)._base_manager.filter(pk=form.ligne.pk)
        assert f'name="{MONTRE}" value="{form.montre}"' in page.content.decode(), nom
        memes.update(**{champ: "Écrit par Samir."})

        refus = client.post(adresse, {**envoi(form), champ: "Écrit par Lina.", MONTRE: form.montre})

        assert memes.values_list(champ, flat=True).get() == "Écrit par Samir.", nom
        for dit in ("a changé pendant que vous l’écriviez", "Écrit par Samir.", "Écrit par Lina."):
            assert dit in lire(refus), (nom, dit)


def test_a_suite_given_meanwhile_to_another_direction_is_not_given_away_unread(client, db) -> None:
    suite, autre, tierce = SuiteFactory(), DirectionFactory(), DirectionFactory()
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("suites:changer_direction", args=[suite.pk])
    montre = client.get(adresse).context["form"].montre
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
    pages = [client.get(adresse).context["form"] for client in clients]

    reponses = a_plusieurs(
        2,
        lambda n: clients[n].post(adresse, {**envoi(pages[n]), "titre": f"De {n}", MONTRE: pages[n].montre}),
    )

    assert sorted(reponse.status_code for reponse in reponses) == [200, 302]
    sujet.refresh_from_db()
    perdant = next(n for n in range(2) if reponses[n].status_code == 200)
    assert sujet.titre == f"De {1 - perdant}"
    assert set(reponses[perdant].context["form"].errors) == {"__all__", "titre"}
    # The agent reads both versions and decides: the second submission is accepted.
    for _ in range(2):
        relu = reponses[perdant].context["form"].montre
        assert (
            clients[perdant]
            .post(adresse, {**envoi(pages[perdant]), "titre": "Les deux", MONTRE: relu})
            .status_code
            == 302
        )
    sujet.refresh_from_db()
    assert sujet.titre == "Les deux"
