"""Two verdicts side by side: the degree with its source, and what who asked says by the link of a letter."""

import re
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.demandes import demander
from participation.socle.actions.documents import rediger_document
from participation.socle.calendrier import ajouter_mois
from participation.socle.models import Courriel, Document, Dossier
from participation.suites import actes as suites
from participation.suites.degres import dire_degre
from participation.suites.models import Sollicitation, Suite, Verdict
from participation.suites.rendu_compte import actes as rapport
from participation.suites.rendu_compte.lectures import (
    FiltresDeSuites,
    bilan,
    chiffres,
    rapports_publics,
    selection,
)
from participation.suites.verdicts import juger, publier_mot, solliciter_chaque_annee
from participation.suites.vitrine import section_journee
from participation.suites.workflow import Degre, Etat
from participation.tirage.workflow import Place
from tests.budgets.factories import budget_en, projet_de
from tests.contrat_ville.factories import ProjetFactory
from tests.greffons.guichet import Guichet
from tests.outils import a_plusieurs, jour, taches_du_jour
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory
from tests.remontees.factories import RapporteurFactory, RemonteeFactory, SujetFactory
from tests.rencontres.factories import InscriptionFactory as VenueFactory
from tests.rencontres.factories import RencontreFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction
from tests.suites.factories import AbonnementFactory, SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def suite(agent):
    faite = suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Faire la piste", direction=DirectionFactory()
    )
    suites.changer_etat(faite, par=agent, vers=Etat.SUIVIE, texte_public="Les travaux commencent.")
    return faite


def lien_recu() -> str:
    lettre = Courriel.objects.filter(acte="suites/solliciter").latest("pk")
    trouve = re.search(r"/suites/verdict/\S+", lettre.corps)
    assert trouve
    return trouve[0]


def test_a_degree_has_its_source_and_its_day_and_is_told(suite, agent):
    abonne = AbonnementFactory(dossier=suite.dossier)
    jour = timezone.localdate()
    with pytest.raises(ValidationError, match="source"):
        dire_degre(suite, par=agent, degre=Degre.EN_COURS, constate_le=jour)
    dire_degre(
        suite, par=agent, degre=Degre.INCOMPLETE, constate_le=jour - timedelta(days=2),
        precision="Deux carrefours sur trois", deliberation="2026-0412",
    )  # fmt: skip
    ligne = suite.historique.first()
    assert (ligne.degre_avant, ligne.degre_apres, ligne.preuve.deliberation) == (
        Degre.SANS_PREUVE,
        Degre.INCOMPLETE,
        "2026-0412",
    )
    lettre = Courriel.objects.filter(destinataires=[abonne.courriel]).latest("pk")
    assert "2026-0412" in lettre.corps
    with pytest.raises(ValidationError, match="venue"):
        dire_degre(
            suite, par=agent, degre=Degre.TOTALE, constate_le=jour + timedelta(days=1), deliberation="x"
        )


def test_what_is_abandoned_says_why_and_stays(client, suite, agent):
    with pytest.raises(ValidationError):
        suites.changer_etat(suite, par=agent, vers=Etat.ABANDONNEE)
    dit = {"texte_public": "Rien ne sera fait.", "motif": "Le terrain est vendu."}
    suites.changer_etat(suite, par=agent, vers=Etat.ABANDONNEE, **dit)
    page = client.get(reverse("suites:rendu_compte")).content.decode()
    assert "Abandonnée" in page
    assert "Le terrain est vendu." in page

    guichet = Guichet(agent, en_hate=True)
    guichet.valider(reverse("suites:rectifier", args=[suite.pk]), etat=Etat.SUIVIE)
    assert "Dites ce qui était faux : c’est public." in guichet.dit
    guichet.valider(raison="La vente est annulée.")
    suite.refresh_from_db()
    assert (suite.etat, suite.degre) == (Etat.SUIVIE, Degre.SANS_PREUVE)
    assert [c.nature for c in suite.historique.all()[:2]] == ["rectifiee", "etat"]
    assert suite.reponse_dite == "La vente est annulée."  # what was false is read in the history alone
    assert suite.historique.first().texte_public == "Rien ne sera fait."
    assert suite.dossier.echeances.ouvertes().filter(cle=f"suite-{suite.pk}").exists()


def test_who_asked_says_in_one_click_whether_it_is_done_then_a_word(client, suite, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.REALISEE, adresse="https://example.org/piste")
    suite.refresh_from_db()
    assert suite.degre == Degre.TOTALE
    lien = lien_recu()
    assert Courriel.objects.get(acte="suites/solliciter").destinataires == [suite.dossier.auteur.courriel]
    assert client.get(lien).status_code == 200
    verdict = Verdict.objects.get()
    assert not verdict.jugement  # a scanner of mails opens links

    client.post(lien, {"verdict": verdict.pk, "jugement": "pas_fait"})
    client.post(lien, {"verdict": verdict.pk, "jugement": "pas_fait"})  # a second click
    trop_long = client.post(lien, {"verdict": verdict.pk, "mot": "Il manque " + "x" * 600})
    assert trop_long.status_code == 422
    assert "Il manque xxx" in trop_long.content.decode()
    client.post(lien, {"verdict": verdict.pk, "mot": "Il manque le pont <b>nord</b>."})
    second = client.post(lien, {"verdict": verdict.pk, "mot": "Un second mot, d’une autre fenêtre."})
    assert (second.status_code, "Un second mot, d’une autre fenêtre." in second.content.decode()) == (
        422,
        True,
    )
    verdict.refresh_from_db()
    assert (verdict.jugement, verdict.dit, verdict.mot) == (
        "pas_fait",
        "fait",
        "Il manque le pont <b>nord</b>.",
    )
    assert suite.historique.filter(nature="verdict").count() == 1

    page = client.get(reverse("suites:rendu_compte")).content.decode()
    assert "Ce n’est pas fait" in page
    assert "le pont" not in page  # no word of a stranger before an agent read it
    publier_mot(verdict, par=agent)
    assert "le pont &lt;b&gt;" in client.get(reverse("suites:rendu_compte")).content.decode()
    assert Verdict.objects.comparables().count() == 1
    assert Verdict.objects.d_accord().count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_clicks_and_two_people_at_once_give_each_one_verdict(suite, agent):
    CoPetitionnaireFactory(petition=suite.dossier.enfant, confirme=True)
    suites.changer_etat(suite, par=agent, vers=Etat.REALISEE, adresse="https://example.org/piste")
    demandes = list(Sollicitation.objects.order_by("pk"))
    assert len(demandes) == 2

    def cliquer(rang: int) -> int:
        demande = demandes[rang % 2]
        dit = {"verdict": demande.verdicts.get().pk, "jugement": ("fait", "pas_fait")[rang % 2]}
        return Client().post(reverse("suites:juger", args=[demande.jeton()]), dit).status_code

    assert a_plusieurs(4, cliquer) == [302] * 4
    assert sorted(v.jugement for v in suite.verdicts.donnes()) == ["fait", "pas_fait"]
    assert suite.historique.filter(nature="verdict").count() == 2


def test_once_a_year_and_only_the_last_verdict_of_a_person_counts(suite, agent):
    jour = timezone.localdate()
    assert solliciter_chaque_annee(jour) == 0
    dans_un_an = ajouter_mois(jour, 12)
    assert solliciter_chaque_annee(dans_un_an) == 1
    assert solliciter_chaque_annee(dans_un_an) == 0
    juger(Verdict.objects.get(), par=None, jugement="pas_fait")
    assert solliciter_chaque_annee(ajouter_mois(dans_un_an, 12)) == 1
    second = Verdict.objects.get(jugement="")
    juger(second, par=None, jugement="en_partie")
    assert list(Verdict.objects.donnes().values_list("jugement", flat=True)) == ["en_partie"]
    assert suite.historique.filter(nature="verdict").count() == 2


def test_who_said_no_more_is_not_asked_again(client, suite, agent):
    dans_un_an = ajouter_mois(timezone.localdate(), 12)
    solliciter_chaque_annee(dans_un_an)
    client.post(lien_recu(), {"arret": "1"})
    assert solliciter_chaque_annee(ajouter_mois(dans_un_an, 12)) == 0


def test_what_is_not_published_is_asked_to_nobody(suite, agent):
    Suite.objects.filter(pk=suite.pk).update(est_publiee=False)
    suite.refresh_from_db()
    suites.changer_etat(suite, par=agent, vers=Etat.REALISEE)
    assert not Verdict.objects.exists()


def test_the_figures_have_degrees_verdicts_and_the_list_of_each(client, suite, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.REALISEE, deliberation="2026-0412")
    juger(Verdict.objects.get(), par=None, jugement="pas_fait")
    fait = bilan(FiltresDeSuites(instrument="petition"))
    assert (fait.totales, fait.verdicts, fait.accords, fait.part_d_accord) == (1, 1, 0, 0)
    (ligne,) = next(axe for axe in chiffres(FiltresDeSuites())[1] if axe.cle == "degre").lignes
    assert (ligne.libelle, ligne.bilan.verdicts) == ("Mise en œuvre totale", 1)
    for verdict, attendus in (("donne", 1), ("desaccord", 1), ("accord", 0)):
        assert selection(FiltresDeSuites(verdict=verdict)).count() == attendus
    page = client.get(reverse("suites:chiffres")).content.decode()
    assert "verdict=donne" in page


def test_each_direction_and_each_elu_reads_what_is_expected_of_them(client, suite, agent):
    client.force_login(agent)
    autre = DirectionFactory(courriel="autre@example.org")
    demander(
        suite.dossier,
        par=agent,
        nature="avis",
        a=autre,
        objet="Chiffrer la piste",
        texte="?",
        date_limite=jour(9),
    )
    page = client.get(reverse("suites:attendu")).content.decode()
    assert [str(suite.direction) in page, str(autre) in page, "Chiffrer la piste" in page] == [True] * 3
    client.force_login(agent_de_direction(autre))
    page = client.get(reverse("suites:attendu")).content.decode()
    assert ["Faire la piste" in page, "Chiffrer la piste" in page] == [False, True]
    client.force_login(agent_de_direction(suite.direction))
    page = client.get(reverse("suites:attendu")).content.decode()
    assert ["Faire la piste" in page, "Chiffrer la piste" in page] == [True, False]
    client.force_login(agent_de_direction())
    assert "Rien n’est attendu de vous" in client.get(reverse("suites:attendu")).content.decode()
    elue = CompteFactory(elu=True)
    suite.direction.elu = elue
    suite.direction.save()
    client.force_login(elue)
    assert "Faire la piste" in client.get(reverse("suites:attendu")).content.decode()


def test_the_report_of_a_year_is_public_once_made_with_its_data(client, suite, agent):
    client.force_login(agent)
    annee = timezone.localdate().year
    client.post(reverse("suites:rapports"), {"annee": annee})
    document = Document.objects.get(nature="suites/rapport")
    assert document.donnees["suites"][0]["intitule"] == "Faire la piste"
    assert "Faire la piste" in document.donnees["fichier_joint"]["texte"]
    assert "Faire la piste" in rediger_document(document)

    # The same form for one instrument alone.
    for instrument, combien in (("petition", 1), ("avis", 0)):
        client.post(reverse("suites:rapports"), {"annee": annee, "instrument": instrument})
        assert Document.objects.filter(nature="suites/rapport").latest("pk").donnees["combien"] == combien
    Document.objects.filter(nature="suites/rapport").update(
        etat=Document.Etat.PRET, fichier="r.pdf", sha256="a" * 64
    )
    toutes, *seules = rapports_publics()
    assert toutes == document
    assert [une.titre.partition(" : ")[2] for une in seules] == ["avis de la CCSPL", "pétition"]


def test_the_report_of_a_year_is_asked_for_in_ma_journee_until_it_is_made_one_year_after(
    suite, agent, time_machine
):
    annee = timezone.localdate().year
    du_jour = partial(taches_du_jour, agent, section_journee)

    time_machine.move_to(datetime(annee + 1, 9, 1, 12, tzinfo=timezone.get_current_timezone()))
    assert du_jour() == []
    time_machine.move_to(datetime(annee + 1, 11, 1, 12, tzinfo=timezone.get_current_timezone()))
    rapport.demander_rapport(annee, par=agent, instrument="petition")  # not the report of the whole year
    (tache,) = du_jour()
    assert (tache.quoi, tache.date_limite) == (
        f"Faire le rapport de l’année {annee}",
        date(annee + 1, 12, 31),
    )
    rapport.demander_rapport(annee, par=agent)
    assert du_jour() == []


def test_a_report_that_nobody_would_read_whole_tells_who_waits_longest_and_joins_all(
    suite, agent, monkeypatch
):
    monkeypatch.setattr(rapport, "MONTREES", 1)
    SuiteFactory(
        dossier=suite.dossier, intitule="Plus ancienne", date_limite=suite.date_limite - timedelta(days=9)
    )
    document = rapport.demander_rapport(timezone.localdate().year, par=agent)
    page = rediger_document(document)
    assert "Plus ancienne" in page
    assert "Faire la piste" not in page
    assert "Les 2 suites sont dans le fichier joint" in page.replace("\u00a0", " ")
    assert "Faire la piste" in document.donnees["fichier_joint"]["texte"]


def test_whatever_may_be_owed_a_suite_says_who_asked():
    muets = {
        modele.__name__
        for modele in apps.get_models()
        if issubclass(modele, Dossier) and "ajouter_suite" in getattr(modele, "TRANSITIONS", {})
        if modele.voix is Dossier.voix
    }
    assert muets == set(), "voix() says who is asked whether it is done"


def test_an_agent_notes_what_somebody_without_a_mailbox_says_and_says_again(client, suite, agent):
    client.force_login(agent)
    adresse = reverse("suites:saisir_verdict", args=[suite.pk])
    dit = {"qualite": "une membre de l’Agora", "jugement": "pas_fait", "mot": "La piste s’arrête au pont."}
    client.post(adresse, dit)
    client.post(adresse, {**dit, "jugement": "en_partie"})

    assert [v.jugement for v in suite.verdicts.donnes()] == ["en_partie"]
    assert suite.verdicts.count() == 2
    page = client.get(suite.dossier.enfant.get_public_url()).content.decode()
    assert "La piste s’arrête au pont." in page


def test_who_asked_is_named_by_each_kind_of_dossier_with_what_they_are_to_it(agent):
    projet_quartier = projet_de(budget_en("realisation"), courriel="lea@example.org")
    remontee = RemonteeFactory(groupee=True, sujet_commun=SujetFactory())
    RapporteurFactory(remontee=remontee, courriel="zoe@example.org")
    projet, panel, rencontre = (
        ProjetFactory(en_cours=True),
        PanelFactory(session=True),
        RencontreFactory(tenue=True),
    )
    assise = panel.tirage.volontaires.filter(place=Place.PANEL).first()
    InscriptionFactory(panel=panel, volontaire=assise, courriel="membre@example.org")
    InscriptionFactory(panel=panel, courriel="pas.tiree@example.org")
    for nom, vient in (("venue", timezone.now()), ("absente", None)):
        VenueFactory(evenement=rencontre, courriel=f"{nom}@example.org", presente_le=vient)

    for dossier, qui, quoi in (
        (projet_quartier, "lea@example.org", "un auteur de l’idée"),
        (projet_quartier.idees.get(), "lea@example.org", "un auteur de l’idée"),
        (remontee, "zoe@example.org", "la personne qui l’a signalé"),
        (remontee.sujet_commun, "zoe@example.org", "la personne qui l’a signalé"),
        (projet, projet.equipe.get().compte.courriel, "le porteur du projet"),
        (panel, "membre@example.org", "un membre du panel"),
        (rencontre, "venue@example.org", "une personne venue à la rencontre"),
    ):
        assert [(voix.courriel, voix.qualite) for voix in dossier.voix()] == [(qui, quoi)], dossier
