"""Dashboard of the élus: links from figures to lists, read-only, one letter per month."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from ccspl import resume
from ccspl.models import AbonnementResume
from ccspl.tasks import resumer_le_mois
from participation.socle.erreurs import RoleInsuffisant
from participation.socle.models import Appartenance, Courriel, Document
from tests.ccspl.annee import college, membre, rendu, seance
from tests.ccspl.factories import AvisFactory, ReunionDuConseilFactory
from tests.outils import constant_queries
from tests.socle.factories import CompteFactory, agent_de_direction

pytestmark = pytest.mark.django_db
ADRESSE = "/ccspl/tableau-de-bord/"


@pytest.fixture
def elue(client):
    compte = CompteFactory(elu=True)
    client.force_login(compte)
    return compte


def cette_annee():
    return max(timezone.localdate() - timedelta(days=20), timezone.localdate().replace(month=1, day=1))


# Page


def test_the_dashboard_is_at_its_promised_address(client, elue):
    assert reverse("ccspl:tableau_de_bord") == ADRESSE
    assert client.get(ADRESSE).status_code == 200


def test_the_former_address_of_the_preconisations_leads_to_them_with_its_filters(client, elue):
    reponse = client.get("/ccspl/tableau-de-bord/recommandations/", {"service": "Eau"})

    assert (reponse.status_code, reponse.url) == (308, "/ccspl/tableau-de-bord/preconisations/?service=Eau")


def test_an_empty_commission_is_a_calm_page(client, elue):
    page = client.get(ADRESSE).content.decode()
    assert "Rien sur cette période" in page
    assert "Aucune séance tenue" in page


def test_agents_of_directions_do_not_read_it(client):
    client.force_login(agent_de_direction())
    for nom in ("tableau_de_bord", "avis_rendus", "preconisations"):
        assert client.get(reverse(f"ccspl:{nom}")).status_code == 403


def test_each_figure_opens_the_list_of_what_it_counts(client, elue):
    jour = cette_annee()
    rendu(jour, "suivie", "suivie_en_partie", "recue", "", saisine="auto")
    rendu(jour, "non_suivie", service="Déchets")
    vieux = rendu(jour - timedelta(days=500), "recue")

    page = client.get(ADRESSE)

    valeurs = []
    for chiffre in page.context["chiffres"]:
        liste = client.get(chiffre.url)
        valeurs.append((chiffre.valeur, liste.context["page"].paginator.count))
    assert valeurs == [("2", 2), ("5", 5), ("40\u00a0%", 2), ("1", 1)]
    assert vieux.reference in client.get(page.context["chiffres"][-1].url).content.decode()


def test_each_bar_opens_what_it_draws(client, elue):
    jour = cette_annee()
    rendu(jour, "suivie", "recue", service="Eau")
    rendu(jour, "non_suivie", service="Déchets")
    for suites, combien in (("recue", 1), ("attente", 1), ("retard", 0)):
        liste = client.get(f"{reverse('ccspl:avis_rendus')}?suites={suites}")
        assert liste.context["page"].paginator.count == combien, suites
    page = client.get(ADRESSE)
    services = page.context["services"]
    for bilan, lien in zip(services.bilans, services.liens, strict=True):
        assert client.get(lien).context["page"].paginator.count == bilan.total
    for bilan, lien in page.context["directions"]:
        assert client.get(lien).context["page"].paginator.count == bilan.total
    for trimestre, lien in zip(page.context["delais"].trimestres, page.context["delais"].liens, strict=True):
        assert client.get(lien).context["page"].paginator.count == trimestre.reponses
    for nom in ("etats", "sens"):
        graphique = page.context[nom]
        for valeur, lien in zip(graphique.series[0].valeurs, graphique.liens, strict=True):
            assert client.get(lien).context["page"].paginator.count == valeur


def test_an_elu_does_not_see_what_is_still_written(client, elue):
    brouillon = AvisFactory(en_redaction=True, titre="Texte secret")
    assert brouillon.titre not in client.get(reverse("ccspl:avis_rendus")).content.decode()
    type(brouillon).objects.filter(pk=brouillon.pk).update(est_publie=True)
    assert brouillon.titre not in client.get(reverse("ccspl:avis_rendus")).content.decode()
    # No link: the list is empty for this élue.
    assert client.get(ADRESSE).context["etats"].liens == [None]
    client.force_login(CompteFactory(agent=True))
    assert brouillon.titre in client.get(reverse("ccspl:avis_rendus")).content.decode()


def test_the_elu_reads_the_public_page_and_the_agent_the_dossier(client, elue):
    avis = rendu(cette_annee(), "suivie")
    assert avis.get_public_url() in client.get(ADRESSE).content.decode()
    client.force_login(CompteFactory(agent=True))
    assert avis.get_absolute_url() in client.get(ADRESSE).content.decode()


def test_the_period_is_a_year_or_two_days(client, elue):
    avis = rendu(date(2025, 5, 5), "suivie")
    assert avis.titre in client.get(ADRESSE, {"annee": "2025"}).content.decode()
    assert avis.titre in client.get(ADRESSE, {"du": "2025-05-05", "au": "2025-05-05"}).content.decode()
    assert avis.titre not in client.get(ADRESSE, {"du": "2025-05-06", "au": "2025-06-01"}).content.decode()


def test_a_period_upside_down_is_said_and_a_year_that_nobody_offers_is_this_year(client, elue):
    page = client.get(ADRESSE, {"du": "2026-05-01", "au": "2026-01-01"})
    assert "La fin précède le début" in page.content.decode()
    assert page.context["mesures"].debut == date(timezone.localdate().year, 1, 1)
    assert client.get(ADRESSE, {"annee": "1789"}).context["mesures"].debut.year == timezone.localdate().year


def test_the_csv_has_a_line_for_each_preconisation(client, elue):
    avis = rendu(cette_annee(), "non_suivie", "")
    sans = rendu(cette_annee())
    reponse = client.get(ADRESSE, {"export": "csv"})
    lignes = b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lignes) == 4
    assert sum(avis.reference in ligne for ligne in lignes) == 2
    assert "Trop cher" in "".join(lignes)
    assert any(sans.reference in ligne for ligne in lignes)


def test_a_title_never_becomes_a_formula(client, elue):
    rendu(cette_annee(), "suivie", titre="=CMD()")
    contenu = b"".join(client.get(ADRESSE, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert ";'=CMD()" in contenu


def test_four_avis_cost_what_one_costs(client, elue):
    conseil = ReunionDuConseilFactory()
    numero = iter(range(100))

    def fabriquer():
        n = next(numero)
        rendu(cette_annee(), "suivie", "recue", service=f"Service {n}", conseil=conseil)
        seance(cette_annee() - timedelta(days=n), [membre(college(f"Collège {n % 3}", n % 3 + 1))])

    constant_queries(client, ADRESSE, fabriquer)


@pytest.mark.parametrize("nom", ["avis_rendus", "preconisations"])
def test_the_lists_cost_the_same_for_four(client, elue, nom):
    numero = iter(range(100))
    constant_queries(
        client,
        reverse(f"ccspl:{nom}"),
        lambda: rendu(cette_annee(), "suivie", "recue", service=f"Service {next(numero)}"),
    )


def test_small_numbers_of_what_members_said_are_not_on_the_page(client, elue):
    from participation.seances.models import Profil

    for n in range(7):
        Profil.objects.create(compte=membre().compte, genre="femme" if n < 6 else "homme")
    page = client.get(ADRESSE).content.decode()
    assert "homme&nbsp;: nombre caché" in page
    assert "sont cachés" in page


# Fiche


def test_who_speaks_at_the_council_gets_the_sheet_of_an_adopted_avis(client, elue):
    avis = rendu(cette_annee(), "suivie", conseil=ReunionDuConseilFactory())
    adresse = reverse("ccspl:demander_intervention", args=[avis.pk])
    assert adresse in client.get(ADRESSE).content.decode()

    for _ in range(2):
        reponse = client.post(adresse)

    document = Document.objects.get(nature="ccspl/intervention")
    assert reponse.url == reverse("socle:document_etat", args=[document.cle_publique])
    assert client.get(reponse.url).status_code == 200
    client.force_login(CompteFactory(elu=True))
    assert client.get(reponse.url).status_code == 404


def test_the_next_councils_come_first_and_what_is_long_folds_on_a_phone(client, elue):
    rendu(cette_annee())
    page = client.get(ADRESSE).content.decode()

    replis = page.index('<details class="replie replie-etroit mt-5" open>')
    assert page.index('id="t-conseil"') < replis < page.index('id="t-avis"')
    for titre in ("t-services", "t-delai", "t-etats", "t-sens", "t-presence", "t-diversite"):
        assert page.index(f'aria-labelledby="{titre}"') > replis


def test_no_sheet_before_the_avis_is_adopted(client):
    client.force_login(CompteFactory(agent=True))
    avis = AvisFactory(en_redaction=True)
    assert client.post(reverse("ccspl:demander_intervention", args=[avis.pk])).status_code == 409
    assert client.post(reverse("ccspl:faire_fiche", args=[avis.pk])).status_code == 409


# Monthly letter


def test_the_letter_is_asked_for_and_left_on_the_dashboard(client, elue):
    client.post(reverse("ccspl:s_abonner_au_resume"))
    assert "Vous le recevez" in client.get(ADRESSE).content.decode()
    client.post(reverse("ccspl:s_abonner_au_resume"))
    assert AbonnementResume.objects.count() == 1

    client.post(reverse("ccspl:arreter_le_resume"))

    assert AbonnementResume.objects.get().arrete_le is not None
    assert "Recevoir le résumé" in client.get(ADRESSE).content.decode()


def test_a_resident_cannot_ask_for_it():
    with pytest.raises(RoleInsuffisant):
        resume.s_abonner_au_resume(CompteFactory())


def abonnee():
    compte = CompteFactory(elu=True, prenom="Odile")
    compte.appartenances.update(depuis=date(2020, 1, 1))
    resume.s_abonner_au_resume(compte)
    return compte


def test_the_letter_says_what_the_month_brought():
    odile = abonnee()
    conseil = ReunionDuConseilFactory(
        intitule="Conseil du 10 avril", date=timezone.localdate() + timedelta(days=9)
    )
    avis = rendu(date(2026, 3, 10), "recue", titre="Tarifs de l’eau", attente=10, conseil=conseil)
    repondu = rendu(date(2026, 2, 1), "suivie", delai=40)

    assert resume.ecrire_resumes(date(2026, 4, 1)) == 1

    lettre = Courriel.objects.get()
    assert lettre.destinataires == [odile.courriel]
    assert "mars 2026" in lettre.sujet
    for dit in (
        "Odile",
        avis.titre,
        avis.reference,
        repondu.reference,
        "20\u00a0mars 2026",
        conseil.intitule,
    ):
        assert dit in lettre.corps
    assert "/ccspl/resume/" in lettre.entetes["List-Unsubscribe"]


def test_the_letter_leaves_once_whatever_the_number_of_clocks():
    abonnee()
    rendu(date(2026, 3, 10))
    assert [resume.ecrire_resumes(date(2026, 4, jour)) for jour in (1, 1, 2, 3)] == [1, 0, 0, 0]
    rendu(date(2026, 4, 10))
    assert resume.ecrire_resumes(date(2026, 5, 1)) == 1


def test_a_month_without_news_has_no_letter():
    abonnee()
    rendu(date(2026, 1, 10), "recue", attente=1)
    ReunionDuConseilFactory()
    AvisFactory(en_redaction=True)
    assert resume.ecrire_resumes(date(2026, 4, 1)) == 0


def test_an_avis_that_is_not_published_is_not_told():
    abonnee()
    rendu(date(2026, 3, 10), est_publie=False)
    assert resume.ecrire_resumes(date(2026, 4, 1)) == 0


def test_who_stopped_and_who_is_no_longer_elu_get_nothing():
    stoppee, partie = abonnee(), abonnee()
    resume.arreter_le_resume(stoppee.abonnement_resume)
    Appartenance.objects.filter(compte=partie).update(depuis=date(2020, 1, 1), jusqu_a=date(2026, 3, 31))
    rendu(date(2026, 3, 10))
    assert resume.ecrire_resumes(date(2026, 4, 1)) == 0


def test_the_clock_writes_it():
    abonnee()
    fin = timezone.localdate().replace(day=1) - timedelta(days=1)
    rendu(fin)
    resumer_le_mois()
    assert Courriel.objects.filter(acte="ccspl/resume_mensuel").count() == 1
    assert mail.outbox == []


def test_one_click_stops_the_letter_and_a_scanner_does_not(client):
    abonnement = abonnee().abonnement_resume
    adresse = reverse("ccspl:ne_plus_recevoir_resume", args=[abonnement.cle])
    assert client.get(adresse).status_code == 200
    abonnement.refresh_from_db()
    assert abonnement.arrete_le is None

    assert "Vous ne recevrez plus" in client.post(adresse).content.decode()
    client.post(adresse)

    abonnement.refresh_from_db()
    assert abonnement.arrete_le is not None


def test_the_letter_without_answers_has_no_hole():
    abonnee()
    rendu(date(2026, 3, 10))
    resume.ecrire_resumes(date(2026, 4, 1))
    corps = Courriel.objects.get().corps
    assert "Réponses de la Métropole" not in corps
    assert "\n\n\n" not in corps
