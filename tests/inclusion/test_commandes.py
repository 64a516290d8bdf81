"""Orders for needs: passed once, confirmed by their provider, told to who said the need."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from participation.inclusion import besoins
from participation.inclusion.besoins import a_commander
from participation.inclusion.models import CommandeDeBesoin
from participation.panels import vitrine as panels
from participation.panels.models import Inscription
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Courrier
from participation.tirage.workflow import Place
from tests.budgets.factories import forum_le, inscription_a
from tests.outils import ensemble
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.seances.factories import ConvieFactory, MandatureFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db

INTERPRETE = {"besoins": ["interprete"], "langue": "Arabe "}


def commander(par, **champs):
    (rencontre,) = a_commander()
    besoin = rencontre.besoins[0]
    dits = {
        "pour": besoin.cle,
        "combien": besoin.combien,
        "prestataire": "Interprètes",
        "courriel": "",
        "precisions": "",
    }
    return besoins.commander(CommandeDeBesoin(), par=par, **{**dits, **champs})


def test_the_provider_confirms_by_its_link_and_who_said_the_need_is_told_in_her_language(client):
    agent, forum = CompteFactory(agent=True), forum_le()
    inscription_a(forum, courriel="amal@example.org", langue_lettres="ar", **INTERPRETE)
    inscription_a(forum, courriel="rose@example.org", besoins=["garde"], enfants=1)
    client.force_login(agent)
    (rencontre,) = a_commander()
    interprete = next(b.cle for b in rencontre.besoins if "arabe" in b.cle)
    commande = commander(agent, pour=interprete, combien=1, courriel="interpretes@example.org")

    lettre = Courriel.objects.get(acte="inclusion/commander")
    assert "amal" not in lettre.corps
    assert forum.lieu in lettre.corps  # where to come, whatever the agent wrote
    lien = re.search(r"/commande/\S+", lettre.corps)[0]
    prestataire = Client()
    page = prestataire.get(lien)
    assert page.status_code == 200
    for _ in range(2):  # the second one finds it confirmed
        prestataire.post(
            lien,
            {
                "acte": "confirmer_commande",
                "cout": "120,50",
                "mot": "Arrivée à 17 h",
                "montre": page.context["formulaires"]["confirmer_commande"].montre,
            },
        )

    commande.refresh_from_db()
    assert (commande.etat, str(commande.cout)) == ("confirmee", "120.50")
    (dite,) = Courriel.objects.filter(acte="inscriptions/assurer_besoin")
    assert (dite.destinataires, dite.langue) == (["amal@example.org"], "ar")
    assert "مترجم (Arabe)" in dite.corps  # by its name: she may have said several
    assert "120,50" in client.get(reverse("inclusion:besoins")).content.decode()


def test_who_said_a_need_for_a_seance_a_visit_or_a_panel_is_told_that_it_is_met(settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    agent = CompteFactory(agent=True)
    mandature = MandatureFactory()
    panel = PanelFactory(session=True, instance=mandature.instance)
    seance = SeanceFactory(mandature=mandature, convoquee=True)
    vient = ConvieFactory(seance=seance, reponse="salle", besoins=["transport", "boucle"])
    ConvieFactory(seance=seance, reponse="excuse", besoins=["transport"])
    appele = InscriptionFactory(
        panel=panel,
        transport=True,
        membre=ConvieFactory(seance=seance).membre,
        volontaire=panel.tirage.volontaires.filter(place=Place.PANEL)[0],
    )
    sans_compte = InscriptionFactory(
        panel=panel,
        transport=True,
        courriel="lea@example.org",
        volontaire=panel.tirage.volontaires.filter(place=Place.PANEL)[1],
    )
    (rencontre,) = a_commander()
    assert {b.besoin: b.combien for b in rencontre.besoins} == {"transport": 3, "boucle magnétique": 1}

    for besoin in rencontre.besoins:
        besoins.confirmer_commande(commander(agent, pour=besoin.cle), par=None, cout=None, mot="")

    lettres = Courriel.objects.filter(acte="seances/assurer_besoin").order_by("pk")
    dits = [(c.destinataires[0], "vous avez demandé : transport" in c.corps) for c in lettres]
    assert sorted(dits) == sorted(
        [
            (vient.membre.compte.courriel, True),
            (vient.membre.compte.courriel, False),
            (appele.membre.compte.courriel, True),
        ]
    )
    # Without an account yet, by what she left: a mailbox, a mobile, an address.
    for laisse in ({"courriel": ""}, {"telephone": "04 00 00 00 00"}):
        Inscription.objects.filter(pk=sans_compte.pk).update(**laisse)
        panels.besoin_assure(seance.get_absolute_url(), "transport")
    siennes = Courriel.objects.filter(acte="panels/assurer_besoin").order_by("pk")
    assert [(c.destinataires[0], "un transport" in c.corps) for c in siennes] == [
        ("lea@example.org", True),
        ("+33600000000", True),
    ]
    (feuille,) = Courrier.objects.filter(lettre="panels/assurer_besoin")
    assert "transport" in feuille.document.donnees["corps"]


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_order_for_one_need_make_one_order():
    inscription_a(forum_le(), **INTERPRETE)
    (rencontre,) = a_commander()
    pour = rencontre.besoins[0].cle
    une, autre = CompteFactory(agent=True), CompteFactory(agent=True)

    def passer(par):
        def faire():
            try:
                besoins.commander(
                    CommandeDeBesoin(),
                    par=par,
                    pour=pour,
                    combien=1,
                    prestataire="A",
                    courriel="",
                    precisions="",
                )
            except ValidationError:
                return

        return faire

    ensemble(passer(une), passer(autre))

    assert CommandeDeBesoin.objects.count() == 1


def test_what_is_cancelled_is_to_be_ordered_again(client):
    agent = CompteFactory(agent=True)
    inscription_a(forum_le(), **INTERPRETE)
    commande = commander(agent, courriel="interpretes@example.org")
    assert a_commander() == []

    besoins.annuler_commande(commande, par=agent, motif="Plus personne ne le demande.")

    assert len(a_commander()) == 1
    assert Courriel.objects.filter(acte="inclusion/annuler_commande").count() == 1
    with pytest.raises(ErreurMetier):
        besoins.confirmer_commande(commande, par=None, cout=None, mot="")
    assert (
        "ne venez pas"
        in client.get(reverse("inclusion:ma_commande", args=[commande.jeton()])).content.decode()
    )
