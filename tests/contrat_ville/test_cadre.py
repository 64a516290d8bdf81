"""Grid, envelopes and partners of a year: edited on pages, frozen once used, each change in a journal."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from contrat_ville.cadre import actes as cadre
from contrat_ville.models import Critere, Enveloppe, Partenaire, TypePiece
from participation.socle.erreurs import ActeInterdit
from tests.contrat_ville.factories import (
    PartenaireFactory,
    PorteurFactory,
    ProgrammationFactory,
    ProjetFactory,
)
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def adresse(acte, objet):
    return reverse(f"contrat_ville:{acte}", args=[objet.pk])


def test_the_grid_is_written_on_its_pages_and_stays_as_holders_read_it(client, agent):
    ancienne, neuve = ProgrammationFactory(), ProgrammationFactory(preparee=True, grille=False)

    client.post(adresse("reprendre_grille", neuve), {"autre": ancienne.pk})
    client.post(
        adresse("ecrire_critere", neuve),
        {"etape": "merite", "intitule": "Durable", "forme": "note", "poids": "2", "note_max": "4"},
    )
    utile = neuve.criteres.get(intitule="Utile")
    refus = client.post(
        adresse("corriger_critere", utile),
        {"etape": "merite", "intitule": "durable", "forme": "note", "poids": "1", "note_max": "5"},
    )
    client.post(adresse("retirer_critere", utile))

    assert "existe déjà dans cette étape" in refus.content.decode()
    assert [str(c) for c in neuve.criteres.filter(etape="merite")] == ["Durable"]
    assert Critere.objects.filter(programmation=ancienne).count() == 2
    faits = set(neuve.journal.values_list("fait", flat=True))
    assert faits == {
        f"Grille reprise de {ancienne} : 2 critères",
        "Critère ajouté : Durable",
        "Critère retiré : Utile",
    }
    with pytest.raises(ActeInterdit):
        cadre.retirer_critere(ancienne.criteres.first(), par=agent)
    page = client.get(ancienne.get_absolute_url()).content.decode()
    assert "La grille ne change plus" in page
    assert adresse("corriger_critere", ancienne.criteres.first()) not in page


def test_an_envelope_moves_until_the_year_is_adopted_on_it_and_says_why_once_the_call_is_out(client, agent):
    financeur = PartenaireFactory()
    preparee, ouverte = ProgrammationFactory(preparee=True), ProgrammationFactory()

    client.post(adresse("ecrire_enveloppe", preparee), {"financeur": financeur.pk, "montant": "120 000,50"})
    deux_fois = client.post(
        adresse("ecrire_enveloppe", preparee), {"financeur": financeur.pk, "montant": "1"}
    ).content.decode()
    muette = client.post(
        adresse("ecrire_enveloppe", ouverte), {"financeur": financeur.pk, "montant": "1"}
    ).content.decode()

    (enveloppe,) = Enveloppe.objects.filter(financeur=financeur)
    assert enveloppe.montant == Decimal("120000.50")
    assert "Cette enveloppe existe déjà" in deux_fois
    assert "Pourquoi" in muette

    client.post(
        adresse("ecrire_enveloppe", ouverte),
        {"financeur": financeur.pk, "montant": "-1", "motif": "Notifiée."},
    )
    cadre.ecrire_enveloppe(ouverte, par=agent, financeur=financeur, montant=Decimal(10), motif="Notifiée.")
    (tardive,) = ouverte.enveloppes.all()
    cadre.corriger_enveloppe(tardive, par=agent, financeur=financeur, montant=Decimal(20), motif="Corrigée.")
    assert ouverte.journal.filter(motif="Corrigée.", fait__contains="puis").exists()
    ouverte.etat = "programmee"
    ouverte.save()
    tardive.refresh_from_db()
    with pytest.raises(ActeInterdit):
        cadre.retirer_enveloppe(tardive, par=agent, motif="Trop tard.")
    assert "Les enveloppes ne changent plus" in client.get(ouverte.get_absolute_url()).content.decode()


def test_a_partner_has_its_page_and_who_was_asked_stays_a_financer(client, agent):
    saisie = {"nom": "Fondation du Drac", "nature": "autre", "est_financeur": "on", "est_actif": "on"}
    client.post(reverse("contrat_ville:ajouter_partenaire"), saisie)
    fondation = Partenaire.objects.get(nom="Fondation du Drac")
    ProjetFactory(budget=False).financements.create(financeur=fondation, demande=10)

    refus = client.post(adresse("modifier_partenaire", fondation), {**saisie, "est_financeur": ""})
    client.post(adresse("modifier_partenaire", fondation), {**saisie, "nom": "Fondation Isère"})

    assert "il reste financeur" in refus.content.decode()
    page = client.get(adresse("partenaire", fondation)).content.decode()
    assert "Fondation du Drac devient Fondation Isère" in page
    assert "1 projet" in page
    assert "Fondation Isère" in client.get(reverse("contrat_ville:partenaires")).content.decode()


def test_an_agent_says_which_papers_are_asked_and_of_whom(client, agent):
    client.force_login(agent)
    porteur = PorteurFactory(nature="collectif")
    brouillon = ProjetFactory(brouillon=True, porte_par=porteur)
    saisie = {
        "nom": "Accord du bailleur",
        "natures": ["collectif", "bailleur"],
        "est_obligatoire": "on",
        "est_active": "on",
    }

    assert "1 brouillon en cours" in client.get(reverse("contrat_ville:ajouter_type_piece")).content.decode()
    client.post(reverse("contrat_ville:ajouter_type_piece"), saisie)
    client.post(reverse("contrat_ville:ajouter_type_piece"), saisie)  # same text, another code

    demandee, autre = TypePiece.objects.filter(nom="Accord du bailleur").order_by("pk")
    assert (demandee.code, autre.code) == ("accord-du-bailleur", "accord-du-bailleur-2")
    assert autre.ordre > demandee.ordre
    assert "Joignez : accord du bailleur." in brouillon.obstacles("deposer", brouillon.equipe.get().compte)
    page = client.get(reverse("contrat_ville:types_piece")).content.decode()
    assert "Obligatoire, collectif d’habitantes et d’habitants et bailleur" in page

    client.post(
        adresse("modifier_type_piece", demandee),
        {"nom": "Accord écrit du bailleur", "est_reservee": "on", "est_obligatoire": "on"},
    )

    page = client.get(adresse("type_piece", demandee)).content.decode()
    assert "Plus demandée" in page
    assert (
        "Accord du bailleur devient Accord écrit du bailleur, plus demandée, réservée à l’instruction, demandée à tous les porteurs"
        in page
    )
    autre.refresh_from_db()
    client.post(adresse("modifier_type_piece", autre), {"nom": "", "est_active": "on"})
    assert TypePiece.objects.get(pk=autre.pk).nom == "Accord du bailleur"


def test_a_call_is_written_until_it_opens_then_only_put_off_and_says_why(agent):
    preparee, ouverte, guichet = (
        ProgrammationFactory(preparee=True),
        ProgrammationFactory(),
        Guichet(agent, en_hate=True),
    )
    guichet.valider(adresse("regler_programmation", preparee), date_cloture=jour(70).isoformat())
    preparee.refresh_from_db()
    assert preparee.date_cloture == jour(70)

    avant = ouverte.date_cloture
    assert guichet.client.get(adresse("regler_programmation", ouverte)).status_code == 409
    guichet.valider(
        adresse("prolonger_appel", ouverte), date_cloture=avant.isoformat(), motif="Les vacances."
    )
    assert "La nouvelle clôture est après celle d’aujourd’hui." in guichet.dit
    guichet.valider(date_cloture=(avant + timedelta(days=9)).isoformat())
    ouverte.refresh_from_db()
    ligne = ouverte.journal.get(acte="prolonger_appel")
    assert ouverte.date_cloture == avant + timedelta(days=9)
    assert (ligne.motif, ligne.est_publique) == ("Les vacances.", True)
