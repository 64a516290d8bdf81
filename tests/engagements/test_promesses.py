"""Engagements: refused until they can be checked, measured by what is public here, changed in public, reported each year."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.engagements.models import EngagementPris
from participation.engagements.promesses import actes
from participation.engagements.promesses.lectures import lire
from participation.engagements.promesses.regles import est_atteinte
from participation.engagements.workflow import EtatEngagement, Mesure
from participation.inclusion.profils import lectures as profils
from participation.socle.actions.chiffres import tenir_les_chiffres
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Document
from tests.engagements.factories import EngagementFactory, IndicateurFactory
from tests.outils import constant_queries, jour, pdf_rapides
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, commune
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def test_an_engagement_is_published_only_verifiable_specific_sourced_and_dated(client, agent):
    engagement = EngagementFactory(agent=agent)

    refus = client.get(reverse("engagements:publier_engagement", args=[engagement.pk])).content.decode()
    assert all(mot in refus for mot in ("pas vérifiable", "pas précis", "pas sourcé", "pas daté"))
    assert reverse("engagements:modifier_engagement", args=[engagement.pk]) in refus
    assert reverse("engagements:ajouter_indicateur", args=[engagement.pk]) in refus
    with pytest.raises(ErreurMetier):
        actes.publier_engagement(engagement, par=agent)

    actes.modifier_engagement(
        engagement, par=agent, verification="On compte.", source="Délibération 1", date_limite=jour(30)
    )
    actes.ajouter_indicateur(
        engagement, par=agent, intitule="Réponses", mesure=Mesure.PART_REPONDUE, cible=Decimal(80)
    )
    actes.publier_engagement(engagement, par=agent)

    engagement.refresh_from_db()
    assert engagement.etat == EtatEngagement.PUBLIE
    rappel = engagement.echeances.get()
    assert (rappel.date_limite, rappel.responsable) == (jour(30), agent)
    publiques = engagement.journal.filter(est_publique=True)
    assert [ligne.acte for ligne in publiques] == ["publier_engagement"]  # drafts have no public history


def test_a_computed_indicator_says_its_query_and_opens_what_it_counts(client):
    IndicateurFactory(intitule="Réponses", instrument="petition", par_commune=True)
    petition = PetitionFactory(debattue=True, est_publie=True)
    petition.communes.set([commune("Meylan")])
    SuiteFactory(dossier=petition, etat="suivie", repondue_le=petition.cree_le)
    SuiteFactory(dossier=petition)

    engagement = EngagementPris.objects.get()
    lue = lire(engagement.indicateurs.all())[0]

    assert (lue.valeur, lue.atteinte) == (50, False)
    assert "« pétition »" in lue.comment
    page = client.get(engagement.get_public_url()).content.decode()
    assert f"{reverse('suites:rendu_compte')}?instrument=petition" in page
    assert f"?commune={commune('Meylan').pk}" in page


def test_a_written_value_has_its_source_and_former_ones_stay(client, agent):
    ecrit = IndicateurFactory(mesure=Mesure.SAISIE, unite="sorties")
    for jours, valeur in ((-20, 2), (-1, 5)):
        actes.mesurer(
            ecrit, par=agent, valeur=Decimal(valeur), constatee_le=jour(jours), source=f"Carnet {valeur}"
        )
    with pytest.raises(ValidationError, match="pas encore venue"):
        actes.mesurer(ecrit, par=agent, valeur=Decimal(1), constatee_le=jour(1), source="Carnet")
    with pytest.raises(ErreurMetier, match="est calculé"):
        actes.mesurer(
            IndicateurFactory(), par=agent, valeur=Decimal(1), constatee_le=jour(0), source="Carnet"
        )

    page = client.get(ecrit.engagement.get_public_url()).content.decode()

    assert "5&nbsp;sorties" in page
    assert "Carnet 2" in page


def test_what_was_written_before_a_change_stays_public(client, agent):
    engagement = IndicateurFactory(engagement__source="Délibération 7").engagement
    reponse = client.post(
        reverse("engagements:modifier_engagement", args=[engagement.pk]),
        {
            "titre": engagement.titre,
            "texte": "Répondre à tous.",
            "verification": engagement.verification,
            "source": engagement.source,
            "date_limite": jour(120).isoformat(),
            "raison": "",
        },
    )
    assert "raison" in reponse.context["form"].errors

    actes.modifier_engagement(engagement, par=agent, raison="Plus de temps.", date_limite=jour(120))

    page = client.get(engagement.get_public_url()).content.decode()
    assert "Plus de temps." in page
    assert engagement.echeances.get().date_limite == jour(120)


def test_the_last_indicator_of_a_published_engagement_stays(agent):
    seul = IndicateurFactory()
    with pytest.raises(ErreurMetier, match="seul indicateur"):
        actes.retirer_indicateur(seul, par=agent, motif="Inutile.")

    IndicateurFactory(engagement=seul.engagement)
    actes.retirer_indicateur(seul, par=agent, motif="Inutile.")

    assert seul.engagement.indicateurs.count() == 1


def test_a_measure_that_is_not_of_the_suites_takes_no_instrument(agent):
    engagement = EngagementFactory()
    with pytest.raises(ValidationError, match="laissez « tous »"):
        actes.ajouter_indicateur(
            engagement,
            par=agent,
            intitule="Publics",
            mesure=Mesure.PUBLICS,
            instrument="petition",
            cible=Decimal(3),
        )


def test_the_publics_that_are_missing_are_counted_from_what_people_say(monkeypatch):
    class Comparaison:
        manquants = ("jeunes", "aînés")

    monkeypatch.setattr(profils, "comparaisons_de", lambda annee: ([Comparaison(), Comparaison()], None))
    lue = lire([IndicateurFactory(mesure=Mesure.PUBLICS, est_un_plafond=True, cible=3)])[0]

    assert (lue.valeur, lue.unite, lue.atteinte) == (4, "groupes", False)


def test_the_task_keeps_the_figure_of_the_publics_while_nobody_answered():
    tenir_les_chiffres()

    assert lire([IndicateurFactory(mesure=Mesure.PUBLICS)])[0].valeur is None


@pytest.mark.parametrize(
    ("valeur", "cible", "plafond", "atteinte"),
    [
        (80, 80, False, True),
        (79.9, 80, False, False),
        (60, 60, True, True),
        (61, 60, True, False),
        (None, 1, True, None),
    ],
)
def test_a_value_reaches_what_was_aimed_at(valeur, cible, plafond, atteinte):
    assert est_atteinte(valeur, Decimal(cible), est_un_plafond=plafond) is atteinte


def test_the_report_of_a_year_holds_its_data_and_is_public_once_made(client, agent, monkeypatch):
    pdf_rapides(monkeypatch)
    indicateur = IndicateurFactory(mesure=Mesure.SAISIE)
    annee = jour(0).year
    actes.mesurer(indicateur, par=agent, valeur=Decimal(3), constatee_le=jour(0), source="Carnet, page 3")

    client.post(reverse("engagements:rapports_engagements"), {"annee": annee})

    document = Document.objects.get(nature="engagements/rapport")
    (engagement,) = document.donnees["engagements"]
    assert engagement["indicateurs"][0]["valeur"] == 3
    assert "Source : Carnet, page 3" in [motif for _, _, motif in engagement["histoire"]]
    assert indicateur.engagement.reference in document.donnees["fichier_joint"]["texte"]
    assert document.est_public


def test_the_public_list_costs_the_same_for_four(client):
    IndicateurFactory()
    constant_queries(
        client,
        reverse("engagements:engagements"),
        lambda: IndicateurFactory(instrument="remontee", par_commune=True),
    )


def test_an_engagement_kept_or_abandoned_says_what_was_done(client, agent):
    tenu, laisse = (EngagementFactory(publie=True) for _ in range(2))
    actes.dire_tenu(tenu, par=agent, bilan="Chacun a sa réponse.")
    actes.abandonner_engagement(laisse, par=agent, bilan="Le budget manque.")

    assert "Chacun a sa réponse." in client.get(tenu.get_public_url()).content.decode()
    assert "Le budget manque." in client.get(laisse.get_public_url()).content.decode()
    csv = client.get(reverse("engagements:engagements_csv"))
    assert csv.status_code == 200
