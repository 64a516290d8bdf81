"""The register says every table of addresses and every delay; what a form says of data is its row."""

import csv
import inspect
import io
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models import EntreeProgrammation
from contrat_ville.porteurs.conservation import purger_imports, purger_messages_reseau
from participation.droits.eliminations import actes
from participation.droits.models import Bordereau, ReglementDroits
from participation.droits.registre import fiches, traitements
from participation.rencontres.models import ReglementRencontres
from participation.socle import vitrine
from participation.socle.calendrier import ajouter_mois
from participation.socle.lectures.mise_en_place import parties
from participation.suites.models import Abonnement
from tests.contrat_ville.factories import PorteurFactory, ProgrammationFactory, ProjetFactory
from tests.droits.outils import viser_tout
from tests.outils import lire
from tests.rencontres.factories import RencontreFactory
from tests.socle.factories import CompteFactory
from tests.socle.oubli.test_oubli import BOITES_PARTAGEES

pytestmark = pytest.mark.django_db

# Erased by a periodic task: working copies, that the archives do not want. The source of each must read the delay.
SANS_BORDEREAU = {
    "contrat_ville.ReglementDepot.conservation_imports_mois": purger_imports,
    "contrat_ville.ReglementDepot.conservation_reseau_mois": purger_messages_reseau,
    "suites.ReglementSuites.conservation_demandes_jours": Abonnement.sans_preuve,
}


def champs_de_conservation():
    return {
        f"{m._meta.label}.{f.name}"
        for m in apps.get_models()
        for f in m._meta.local_fields
        if f.name.startswith("conservation") and f.name.endswith(("_mois", "_jours"))
    }


def delais(sortes):
    return {f"{d.modele._meta.label}.{d.champ}" for sorte in sortes for d in sorte.delais}


def test_every_delay_is_read_by_an_erasure_and_said_in_the_register():
    par_bordereau = delais(vitrine.recueillir("eliminations"))

    assert champs_de_conservation() - par_bordereau == set(SANS_BORDEREAU)
    assert champs_de_conservation() <= delais(traitements())
    for champ, purge in SANS_BORDEREAU.items():
        assert champ.split(".")[-1] in inspect.getsource(purge)


def test_every_table_of_addresses_is_in_the_register():
    dites = {table for t in traitements() for table in t.tables}
    avec_adresse = {
        m._meta.label
        for m in apps.get_models()
        if m._meta.app_label != "appli_essai"
        and any(isinstance(f, models.EmailField) for f in m._meta.local_fields)
    }
    assert avec_adresse - BOITES_PARTAGEES - dites == {"droits.ReglementDroits"}
    assert len({t.cle for t in traitements()}) == len(traitements())


def test_the_register_has_the_columns_of_the_tables_and_what_stays(client):
    lignes = {
        ligne["reference"]: ligne
        for ligne in csv.DictReader(
            io.StringIO(client.get(reverse("droits:registre_csv")).getvalue().decode("utf-8-sig")),
            delimiter=";",
        )
    }
    assert len(lignes) == len(list(fiches())) > 20
    assert "courriel" in lignes["rencontres-inscription"]["colonnes"]
    assert "signature confirmée" in lignes["petitions-signer"]["ce_qui_reste"]


def test_a_form_says_of_data_what_the_register_says(client):
    rencontre = RencontreFactory(ouverte=True)
    ReglementRencontres.objects.update(conservation_jours=47)

    page = lire(client.get(reverse("rencontres:s_inscrire", args=[rencontre.pk])))

    assert re.search(r"47\s+jours après la rencontre", page)


def test_the_figures_that_the_dpo_must_confirm_are_named_on_the_first_day():
    dit = next(r.reste for p in parties() for r in p.a_faire if "droits des personnes" in r.quoi)
    regle = ReglementDroits()
    assert "délégué à la protection des données" in dit
    assert f"{regle.preuve_jours} jours pour confirmer une demande" in dit
    assert f"{regle.copie_jours} jours où la copie" in dit


def test_who_bears_nothing_any_more_is_erased_at_the_delay_of_the_programmation():
    agent, close = CompteFactory(agent=True), ProgrammationFactory(etat="close", conservation_mois=12)
    parti, reste = PorteurFactory(courriel="parti@example.org"), PorteurFactory(courriel="reste@example.org")
    ProjetFactory(programmation=close, porte_par=parti, etat="clos")
    ProjetFactory(programmation=close, porte_par=reste, etat="clos")
    ProjetFactory(porte_par=reste)

    def close_le(jours):
        le = timezone.localtime() - timedelta(days=jours)
        EntreeProgrammation.objects.create(programmation=close, acte="clore_programmation", le=le)

    close_le((timezone.localdate() - ajouter_mois(timezone.localdate(), -12)).days + 3)
    bordereau = actes.preparer_bordereau(Bordereau(), par=agent)
    assert [ligne.nombre for ligne in bordereau.lignes.all()] == [1]
    viser_tout(bordereau, agent)
    actes.poursuivre_elimination(bordereau.pk)

    for porteur in (parti, reste):
        porteur.refresh_from_db()
    assert (parti.courriel, reste.courriel) == ("", "reste@example.org")
    bordereau.refresh_from_db()
    assert bordereau.etat == "elimine"
