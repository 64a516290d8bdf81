"""A copy of one's data, and the erasure of a person: proved, done once by the worker, told with its counts."""

import io
import json
import re
import zipfile
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes import actes
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.oubli import Personne
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Courriel
from participation.suites.models import Abonnement
from petitions.models import Signature
from tests.droits.factories import DemandeDroitFactory
from tests.outils import ensemble, lire
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.remontees.factories import RapporteurFactory
from tests.socle.factories import CompteFactory
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db
ADRESSE = "zenobie@example.org"


def enregistrer_seule(agent, droit="effacement", courriel=ADRESSE):
    return actes.enregistrer_demande(
        DemandeDroit(), par=agent, courriel=courriel, droit=droit, identite="presence"
    )


def enregistrer(agent, droit="effacement", courriel=ADRESSE):
    demande = enregistrer_seule(agent, droit, courriel)
    actes.executer_demande(demande.pk)
    demande.refresh_from_db()
    return demande


def test_who_proves_her_mailbox_reads_all_that_is_kept_with_it(client):
    RapporteurFactory(courriel=ADRESSE, nom="Zénobie Quellec", remontee__verbatim="Le banc est cassé.")
    AbonnementFactory(courriel="une-autre@example.org")

    page = client.post(reverse("droits:vos_droits"), {"courriel": "Zenobie@example.org ", "droit": "copie"})
    assert page.url == reverse("droits:demandee")
    demande = DemandeDroit.objects.get()
    lien = re.search(r"/vos-droits/\S+", Courriel.objects.get(destinataires=[ADRESSE]).corps)[0]
    assert client.get(reverse("droits:ma_copie", args=[demande.jeton()])).status_code == 404

    client.post(lien)
    actes.executer_demande(demande.pk)

    assert Courriel.objects.filter(destinataires=[ADRESSE], acte="droits/copier_donnees").exists()
    archive = client.get(reverse("droits:ma_copie", args=[demande.jeton()]))
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as ouverte:
        assert ouverte.read("copie-de-mes-donnees.pdf").startswith(b"%PDF")
        dit = json.loads(ouverte.read("copie-de-mes-donnees.json"))
    assert dit["Remontées"][0]["Ce qui a été dit"] == "Le banc est cassé."
    assert "une-autre" not in json.dumps(dit)
    assert "/vos-droits/" not in json.dumps(dit), "the link of a letter opens something"

    DemandeDroit.objects.update(
        faite_le=timezone.localtime() - timedelta(days=ReglementDroits.actuel().copie_jours + 1)
    )
    assert actes.effacer_copies() == 1
    demande.refresh_from_db()
    assert (demande.courriel, demande.fichier.name) == ("", "")
    assert "n’est plus gardée" in lire(client.get(lien))


def test_an_erasure_tells_what_it_found_and_changes_no_published_total(client):
    agent = CompteFactory(agent=True)
    signature = SignatureFactory(
        petition=PetitionFactory(en_collecte=True),
        confirmee=True,
        courriel=ADRESSE,
        courriel_canonique=ADRESSE,
    )
    AbonnementFactory(courriel=ADRESSE)
    avant = Signature.objects.valables().count()

    demande = enregistrer(agent)

    assert demande.etat == "faite"
    assert demande.courriel == ""
    dit = {ligne["quoi"]: (ligne["trouvees"], ligne["restent"]) for ligne in demande.rapport}
    assert dit["Abonnements"] == (1, 0)
    assert dit["Signatures"] == (1, 1), "it counts until the end of its collecte"
    assert Signature.objects.valables().count() == avant
    assert not Abonnement.objects.exists()
    signature.refresh_from_db()
    client.force_login(agent)
    page = lire(client.get(demande.get_absolute_url()))
    assert "décompte doit pouvoir être vérifié" in page
    assert ADRESSE not in page


def test_the_mailbox_alone_does_not_erase_the_account_of_an_agent(client):
    agent = CompteFactory(agent=True)
    actes.demander_droit(agent.courriel, "effacement")
    demande = DemandeDroit.objects.get()

    assert "compte professionnel" in lire(client.post(demande.get_public_url()))

    with pytest.raises(ErreurMetier, match="compte professionnel"):
        enregistrer(agent, courriel=agent.courriel)
    assert Compte.objects.get(pk=agent.pk).is_active
    assert DemandeDroit.objects.get().etat == "a_prouver"


def test_a_request_of_a_person_erased_meanwhile_touches_nobody_else(client):
    agent, compte = CompteFactory(agent=True), CompteFactory(courriel=ADRESSE)
    sans_courriel = RapporteurFactory(courriel="", nom="Josette Ravel", telephone="04 76 00 00 01")
    empechee = DemandeDroitFactory(courriel=ADRESSE, droit="effacement", etat="empechee")
    attendent = [enregistrer_seule(agent, "copie"), enregistrer_seule(agent), empechee]
    fermer_compte(compte, par=compte)
    empechee.refresh_from_db()
    actes.recommencer_demande(empechee, par=agent)

    for demande in attendent:
        actes.executer_demande(demande.pk)
        demande.refresh_from_db()
        assert (demande.etat, demande.rapport, demande.fichier.name) == ("faite", [], "")

    sans_courriel.refresh_from_db()
    assert (sans_courriel.nom, sans_courriel.telephone) == ("Josette Ravel", "04 76 00 00 01")
    with pytest.raises(ValueError, match="without an address"):
        Personne(" ")
    client.force_login(agent)
    assert "déjà effacée" in lire(client.get(attendent[1].get_absolute_url()))


def test_what_nobody_proved_in_time_goes():
    actes.demander_droit(ADRESSE, "copie")
    DemandeDroit.objects.update(demande_le=timezone.localtime() - timedelta(days=30))

    effacer_sans_preuve()

    assert not DemandeDroit.objects.exists()
    assert not Courriel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_erase_the_same_person_at_once_do_it_once():
    agents = [CompteFactory(agent=True), CompteFactory(agent=True)]
    AbonnementFactory(courriel=ADRESSE)

    assert ensemble(*(partial(enregistrer_seule, agent) for agent in agents)) == ["ErreurMetier", "fait"]
    (demande,) = DemandeDroit.objects.all()

    ensemble(*[partial(actes.executer_demande, demande.pk)] * 2)

    assert demande.journal.filter(acte="effacer_personne").count() == 1
    assert Courriel.objects.filter(acte="droits/effacer_personne").count() == 1


def test_the_erasure_of_two_thousand_rows_costs_no_statement_more_than_that_of_one():
    compte = CompteFactory(courriel=ADRESSE)
    dossier = PetitionFactory(deposee=True, auteur=compte)
    Courriel.objects.bulk_create(
        Courriel(expediteur="s@example.org", destinataires=[ADRESSE], sujet="A", corps="B", dossier=dossier)
        for _ in range(2000)
    )

    with CaptureQueriesContext(connection) as contexte:
        demande = enregistrer(CompteFactory(agent=True))

    assert len(contexte.captured_queries) < 1000
    (lettres,) = [ligne for ligne in demande.rapport if ligne["quoi"] == "Courriels"]
    assert (lettres["trouvees"], lettres["restent"]) == (2000, 1)
    assert "la lettre qui dit que c’est fait" in lettres["raison"]
