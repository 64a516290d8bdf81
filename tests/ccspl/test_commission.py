"""Life of the commission: calls to members, visits, library."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ccspl import bibliotheque, membres
from ccspl.models import DocumentBibliotheque, PriseDeNouvelles, VersionDocument
from participation.seances.models import EntreeInstance, Inscription, Membre
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from tests.ccspl.annee import college, membre, seance
from tests.outils import constant_queries
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rangement")]
AUJOURDHUI = timezone.localdate


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def jours(n):
    return AUJOURDHUI() - timedelta(days=n)


def statut(client, adresse):
    """Return the status of a response and close its file."""
    reponse = client.get(adresse)
    for fermer in reponse._resource_closers:  # not close(): it would close the connection of the test
        fermer()
    return reponse.status_code


def absente(combien=3, **champs):
    une = membre(**champs)
    for n in range(combien):
        seance(jours(200 - 10 * n), [], [une])
    return une


def texte(contenu="Bonjour", nom="guide.txt"):
    return SimpleUploadedFile(nom, contenu.encode(), "text/plain")


def document(agent, titre="Guide du membre", **champs):
    return bibliotheque.ajouter_document(
        DocumentBibliotheque(),
        par=agent,
        **{"titre": titre, "categorie": "guide", "fichier": texte(f"{titre} 1"), **champs},
    )


# Calls


def test_the_office_names_who_is_to_be_called(client, agent):
    une, venue = absente(), membre()
    seance(jours(5), [venue])
    for nom in ("vie_de_la_commission", "participation"):
        page = client.get(reverse(f"ccspl:{nom}"))
        assert [s.membre for s in page.context["a_appeler"]] == [une]
        assert reverse("ccspl:prendre_des_nouvelles", args=[une.pk]) in page.content.decode()


def test_a_call_noted_takes_her_off_the_list_and_is_in_the_journal(client, agent):
    une = absente()
    adresse = reverse("ccspl:prendre_des_nouvelles", args=[une.pk])
    assert client.get(adresse).status_code == 200

    reponse = client.post(adresse, {"date": AUJOURDHUI().isoformat(), "note": "Elle revient en mars."})

    assert reponse.status_code == 302
    assert client.get(reverse("ccspl:participation")).context["a_appeler"] == []
    prise = PriseDeNouvelles.objects.get()
    assert (prise.absences, prise.par) == (3, agent)
    entree = EntreeInstance.objects.get(acte="prendre_des_nouvelles")
    assert (entree.membre, entree.par) == (une, agent)
    assert "mars" not in entree.fait + entree.motif  # the answers stay with the call
    assert "Elle revient en mars." in client.get(reponse.url).content.decode()


def test_a_call_of_tomorrow_is_refused_and_its_note_kept(client, agent):
    une = absente()
    demain = (AUJOURDHUI() + timedelta(days=1)).isoformat()
    page = client.post(
        reverse("ccspl:prendre_des_nouvelles", args=[une.pk]), {"date": demain, "note": "À rappeler"}
    ).content.decode()
    assert "pas encore venu" in page
    assert "À rappeler" in page
    assert not PriseDeNouvelles.objects.exists()


def test_two_agents_note_one_call(agent):
    une = absente()
    membres.prendre_des_nouvelles(PriseDeNouvelles(membre=une), par=agent)
    with pytest.raises(ActeInterdit):
        membres.prendre_des_nouvelles(PriseDeNouvelles(membre=une), par=CompteFactory(agent=True))
    assert PriseDeNouvelles.objects.count() == 1


def test_only_an_agent_notes_a_call():
    with pytest.raises(RoleInsuffisant):
        membres.prendre_des_nouvelles(PriseDeNouvelles(membre=absente()), par=CompteFactory(elu=True))


def test_a_member_of_another_instance_is_not_found(client, agent):
    from tests.seances.factories import MembreFactory

    ailleurs = MembreFactory()
    assert client.get(reverse("ccspl:suivi_membre", args=[ailleurs.pk])).status_code == 404


def test_the_page_of_a_member_says_what_she_came_to(client, agent):
    une = membre()
    seance(jours(30), [une], titre="Plénière de mars")
    seance(jours(10), [], [une], titre="Plénière d’avril")
    visite = seance(jours(20), nature="visite", titre="Visite de l’usine")
    Inscription.objects.create(seance=visite, membre=une, est_venu=True)
    page = client.get(reverse("ccspl:suivi_membre", args=[une.pk])).content.decode()
    for dit in ("Plénière de mars", "Plénière d’avril", "Absence sans excuse", "Visite de l’usine"):
        assert dit in page


def test_the_participation_of_a_college_alone(client, agent):
    habitante, elue = membre(), membre(college("Élus", 2))
    page = client.get(reverse("ccspl:participation"), {"college": "Élus"})
    assert [s.membre for s in page.context["page"]] == [elue]
    assert habitante in [s.membre for s in client.get(reverse("ccspl:participation")).context["page"]]


def test_delegates_are_shown(client, agent):
    deleguee = membre(fonction=Membre.Fonction.DELEGUE)
    membre()
    assert client.get(reverse("ccspl:vie_de_la_commission")).context["delegues"] == [deleguee]


def test_without_any_member_the_pages_are_calm(client, agent):
    from ccspl.models import INSTANCE
    from tests.seances.factories import InstanceFactory

    InstanceFactory(cle=INSTANCE)
    assert "Personne pour l’instant" in client.get(reverse("ccspl:vie_de_la_commission")).content.decode()
    assert "Aucun membre" in client.get(reverse("ccspl:participation")).content.decode()
    assert "Aucune visite" in client.get(reverse("ccspl:visites")).content.decode()


@pytest.mark.parametrize(("jour", "est_dit"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_a_report_not_stopped_before_its_day_is_said_late(client, agent, monkeypatch, jour, est_dit):
    agent.appartenances.update(depuis=date(2020, 1, 1))
    rapport = reverse("ccspl:rapport_annuel") + "?annee=2025"
    monkeypatch.setattr(timezone, "localdate", lambda *a: jour)
    for adresse in (reverse("ccspl:vie_de_la_commission"), rapport):
        assert (", <strong" in client.get(adresse).content.decode()) == est_dit


def test_four_members_cost_what_one_costs(client, agent):
    constant_queries(
        client, reverse("ccspl:participation"), lambda: seance(jours(40), [membre()], [membre()])
    )


# Visits


def test_the_year_of_visits(client, agent):
    visite = seance(jours(0), nature="visite", titre="Visite de la station Aquapole", capacite=12)
    Inscription.objects.create(seance=visite, membre=membre(), est_venu=True, note=4)
    seance(jours(800), nature="visite", titre="Visite ancienne")
    page = client.get(reverse("ccspl:visites"))
    assert [r.titre for r in page.context["rencontres"]] == [visite.titre]
    assert page.context["venus"] == 1
    assert (
        "Visite ancienne" in client.get(reverse("ccspl:visites"), {"annee": jours(800).year}).content.decode()
    )
    constant_queries(client, reverse("ccspl:visites"), lambda: seance(jours(0), nature="formation"))


# Library


def test_a_document_for_the_members_is_read_by_them_and_the_agents_alone(client, agent):
    college()
    guide = document(agent)
    adresse = reverse("ccspl:fichier_bibliotheque", args=[guide.pk, 1])
    assert statut(client, adresse) == 200
    client.force_login(membre().compte)
    assert statut(client, adresse) == 200
    assert guide.titre in client.get(reverse("ccspl:bibliotheque_des_membres")).content.decode()
    client.force_login(CompteFactory(elu=True))
    assert client.get(adresse).status_code == 404
    assert client.get(reverse("ccspl:bibliotheque_des_membres")).url == reverse("ccspl:bibliotheque")
    client.logout()
    assert client.get(adresse).status_code == 302
    assert guide.titre not in client.get(reverse("ccspl:bibliotheque")).content.decode()


def test_what_changed_at_night_changed_on_that_day(client, agent):
    document(agent)
    DocumentBibliotheque.objects.update(modifie_le=timezone.make_aware(datetime(2026, 7, 2, 0, 30)))

    export = client.get(reverse("ccspl:documents_bibliotheque"), {"export": "csv"})

    assert b"2026-07-02" in b"".join(export.streaming_content)


def test_who_no_longer_sits_no_longer_reads(client, agent):
    une = membre(au=jours(1))
    guide = document(agent)
    client.force_login(une.compte)
    assert client.get(reverse("ccspl:fichier_bibliotheque", args=[guide.pk, 1])).status_code == 404


def test_an_open_document_is_read_without_an_account_nor_a_cookie(client, agent):
    college()
    guide = document(agent, est_public=True)
    client.logout()
    page = client.get(reverse("ccspl:bibliotheque"))
    assert guide.titre in page.content.decode()
    assert "public" in page["Cache-Control"]
    assert not page.cookies
    fichier = client.get(reverse("ccspl:fichier_bibliotheque", args=[guide.pk, 1]))
    assert b"".join(fichier.streaming_content) == b"Guide du membre 1"


def test_a_replaced_file_stays_for_the_agents(client, agent):
    college()
    guide = document(agent, est_public=True)
    bibliotheque.remplacer_document(guide, par=agent, fichier=texte("Deuxième"), motif="Chiffres de l’année")

    assert [(v.numero, v.motif) for v in guide.versions.all()] == [(2, "Chiffres de l’année"), (1, "")]
    ancien = reverse("ccspl:fichier_bibliotheque", args=[guide.pk, 1])
    assert statut(client, ancien) == 200
    client.force_login(membre().compte)
    assert client.get(ancien).status_code == 404
    assert "Chiffres de l’année" in client.get(reverse("ccspl:bibliotheque")).content.decode()


def test_the_same_file_twice_and_a_disguised_one_are_refused(client, agent):
    college()
    guide = document(agent)
    adresse = reverse("ccspl:remplacer_document", args=[guide.pk])
    page = client.post(
        adresse, {"fichier": texte("Guide du membre 1"), "motif": "Rien de neuf"}
    ).content.decode()
    assert "déjà celui" in page
    assert "Rien de neuf" in page
    page = client.post(adresse, {"fichier": texte("pas un pdf", "guide.pdf"), "motif": "x"}).content.decode()
    assert "n’est pas celui d’un fichier" in page
    assert VersionDocument.objects.count() == 1


def test_a_title_taken_is_said_and_nothing_is_kept(client, agent):
    college()
    document(agent)
    reponse = client.post(
        reverse("ccspl:ajouter_document"),
        {
            "titre": "Guide du membre",
            "categorie": "guide",
            "fichier": texte("autre"),
            "description": "Le nouveau",
        },
    )
    page = reponse.content.decode()
    assert "déjà dans la bibliothèque" in page
    assert "Le nouveau" in page
    assert DocumentBibliotheque.objects.count() == 1


def test_a_document_taken_out_is_seen_by_nobody_else_and_its_title_is_free(client, agent):
    college()
    guide = document(agent, est_public=True)
    client.post(reverse("ccspl:retirer_document", args=[guide.pk]), {"motif": "Périmé"})
    client.logout()
    assert guide.titre not in client.get(reverse("ccspl:bibliotheque")).content.decode()
    client.force_login(agent)
    for filtre, montre in (
        ("retires=oui", True),
        ("retires=non", False),
        ("lecteurs=tous&retires=oui", True),
    ):
        liste = client.get(f"{reverse('ccspl:documents_bibliotheque')}?{filtre}").content.decode()
        assert (guide.titre in liste) is montre, filtre
    client.logout()
    assert client.get(reverse("ccspl:fichier_bibliotheque", args=[guide.pk, 1])).status_code == 302
    guide.refresh_from_db()
    with pytest.raises(ActeInterdit):
        bibliotheque.retirer_document(guide, par=agent, motif="Encore")
    assert document(agent).pk != guide.pk


def test_each_act_on_a_document_is_in_the_journal(client, agent):
    college()
    guide = document(agent)
    bibliotheque.modifier_document(guide, par=agent, titre="Guide neuf", categorie="guide", est_public=True)
    bibliotheque.remplacer_document(guide, par=agent, fichier=texte("Deux"), motif="Neuf")
    bibliotheque.retirer_document(guide, par=agent, motif="Fini")
    assert list(EntreeInstance.objects.order_by("pk").values_list("acte", flat=True)) == [
        "ajouter_document",
        "modifier_document",
        "remplacer_document",
        "retirer_document",
    ]
    page = client.get(reverse("ccspl:document_bibliotheque", args=[guide.pk])).content.decode()
    assert "ouvert à tous" in page
    assert "Fini" in page


def test_two_windows_on_one_document_do_not_undo_one_another(client, agent):
    college()
    guide = document(agent)
    adresse = reverse("ccspl:modifier_document", args=[guide.pk])
    vu = client.get(adresse).context["montre"]
    bibliotheque.modifier_document(guide, par=agent, titre="Titre de l’autre", categorie="guide")

    reponse = client.post(adresse, {"titre": "Mon titre", "categorie": "guide", "montre": vu})

    assert "a changé pendant que" in reponse.content.decode()
    assert "Mon titre" in reponse.content.decode()
    assert DocumentBibliotheque.objects.get().titre == "Titre de l’autre"


def test_only_agents_keep_the_library(agent):
    college()
    guide = document(agent)
    for par in (CompteFactory(elu=True), membre().compte):
        with pytest.raises(RoleInsuffisant):
            bibliotheque.retirer_document(guide, par=par, motif="x")
        with pytest.raises(RoleInsuffisant):
            document(par, "Autre")


def test_members_search_whatever_the_accents(client, agent):
    college()
    document(agent, "Le règlement intérieur", categorie="reglement", est_public=True)
    document(agent, "Étude sur l’eau", categorie="service", est_public=True, description="Qualité et tarifs")
    client.logout()
    adresse = reverse("ccspl:bibliotheque")

    def trouves(**recherche):
        return [d.titre for d in client.get(adresse, recherche).context["page"]]

    assert trouves(q="reglement") == ["Le règlement intérieur"]
    assert trouves(q="qualite etude") == ["Étude sur l’eau"]
    assert trouves(rubrique="reglement") == ["Le règlement intérieur"]
    assert "Aucun document ne correspond" in client.get(adresse, {"q": "zèbre"}).content.decode()


def test_the_library_costs_the_same_for_four(client, agent):
    college()
    numero = iter(range(100))
    constant_queries(
        client,
        reverse("ccspl:documents_bibliotheque"),
        lambda: document(agent, f"Document {next(numero)}", est_public=True),
    )
    constant_queries(
        client, reverse("ccspl:bibliotheque_des_membres"), lambda: document(agent, f"Document {next(numero)}")
    )


def test_a_file_too_heavy_is_refused_with_its_weight(agent, settings):
    college()
    settings.PIECE_TAILLE_MAX = 10
    with pytest.raises(ValidationError, match="pèse"):
        document(agent, fichier=texte("beaucoup trop long"))
    assert not DocumentBibliotheque.objects.exists()
