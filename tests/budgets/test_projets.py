"""Projects of the quartiers: study by directions, vote, completion, letters to authors and followers."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.budgets.projets import actes as projets
from participation.budgets.projets import faisabilite as faisabilite_des_projets
from participation.budgets.projets import realisation
from participation.budgets.projets.faisabilite import demander_faisabilite, rendre_faisabilite
from participation.budgets.vitrine import section_journee
from participation.budgets.workflow.budget import EtatProjetQuartier
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Piece, Quartier
from participation.suites import actes as actes_suites
from participation.suites.models import Abonnement
from tests.budgets.factories import budget_en, idee_de, jalon_de, projet_de
from tests.greffons.guichet import Guichet
from tests.outils import jour, taches_du_jour
from tests.socle.factories import DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction():
    return DirectionFactory(courriel="voirie@example.org")


def lettres(acte):
    return sorted(c.destinataires[0] for c in Courriel.objects.filter(acte=f"budgets/{acte}"))


def suivre(projet, courriel="abonnee@example.org"):
    Abonnement.objects.create(dossier=projet, courriel=courriel, confirme_le=timezone.now(), langue="ar")


def test_a_direction_answers_by_its_link_once_and_the_agent_decides(client, agent, direction):
    projet = projet_de(budget_en("faisabilite"), courriel="lea@example.org")
    demande = demander_faisabilite(projet, par=agent, direction=direction)
    lettre = Courriel.objects.get(acte="socle/demander")
    adresse = client.get(re.search(r"https?://[^/]+(/repondre/\S+)", lettre.corps)[1]).url
    reponse = {
        "verdict": "modifie",
        "cout": "12 500,50",
        "changements": "Moins d’arbres.",
        "motif": "Réseaux.",
        "nom": "Voirie",
    }

    incomplete = client.post(adresse, {**reponse, "cout": "", "changements": "", "nom": ""})
    assert set(incomplete.context["form"].errors) == {"cout", "changements", "nom"}
    assert "Donnez le coût estimé" in incomplete.content.decode()
    client.post(adresse, reponse)
    seconde = client.post(adresse, reponse)

    assert "Réseaux." in seconde.content.decode()
    avis = projet.avis_faisabilite.get()
    assert (avis.verdict, avis.cout, seconde.status_code) == ("modifie", Decimal("12500.50"), 409)
    assert "Réseaux." not in client.get(projet.get_public_url()).content.decode()
    assert lettres("declarer_faisable") == []
    assert projet.echeances.get(demande=demande).faite_le is not None

    faisabilite_des_projets.declarer_faisable(
        projet,
        par=agent,
        verdict="modifie",
        cout=avis.cout,
        motif="Des réseaux passent.",
        changements="Moins d’arbres.",
    )
    assert lettres("declarer_faisable") == ["lea@example.org"]
    assert "Des réseaux passent." in client.get(projet.get_public_url()).content.decode()


def test_the_reminder_of_a_study_leads_to_its_own_page(agent, direction):
    projet = projet_de(budget_en("faisabilite"))
    demande = demander_faisabilite(projet, par=agent, direction=direction)

    assert "/quartiers/etude/" in projet.lien_reponse(demande)


def test_a_direction_is_asked_once_at_a_time_and_a_project_without_text_is_not_studied(agent, direction):
    budget = budget_en("faisabilite")
    projet = projet_de(budget)
    demander_faisabilite(projet, par=agent, direction=direction)

    with pytest.raises(ValidationError, match="déjà cette demande"):
        demander_faisabilite(projet, par=agent, direction=direction)
    with pytest.raises(ErreurMetier, match="Écrivez d’abord le projet"):
        demander_faisabilite(projet_de(budget, description=""), par=agent, direction=direction)


def test_no_decision_while_a_direction_has_not_answered(agent, direction):
    projet = projet_de(budget_en("faisabilite"))
    demande = demander_faisabilite(projet, par=agent, direction=direction)
    with pytest.raises(ErreurMetier, match="Une direction doit encore répondre"):
        faisabilite_des_projets.declarer_infaisable(projet, par=agent, motif="Non.")

    rendre_faisabilite(demande, verdict="infaisable", motif="Le sol est pollué.", nom="Voirie")
    faisabilite_des_projets.declarer_infaisable(projet, par=agent, motif="Le sol est pollué.")

    assert projet.etat == EtatProjetQuartier.INFAISABLE


@pytest.mark.parametrize(
    ("dit", "champ"),
    [
        ({"verdict": "faisable", "cout": None}, "cout"),
        ({"verdict": "modifie", "cout": Decimal(10), "changements": ""}, "changements"),
        ({"verdict": "infaisable", "cout": None, "motif": " "}, "verdict"),
    ],
)
def test_yes_has_a_cost_and_yes_if_says_what_changes(agent, dit, champ):
    projet = projet_de(budget_en("faisabilite"), etat="faisabilite")
    with pytest.raises(ValidationError) as refus:
        faisabilite_des_projets.declarer_faisable(projet, par=agent, **dit)
    assert champ in refus.value.error_dict


def test_ballots_no_more_change_once_the_vote_has_begun(agent):
    avant, pendant = budget_en("faisabilite"), budget_en("vote")

    vote = avant.phases.get(nature="vote")
    avant.phases.filter(pk=vote.pk).update(date_fin=vote.date_debut)
    projets.mettre_au_vote(projet_de(avant, etat="faisable", courriel="a@example.org"), par=agent)
    assert f"Il est soumis au vote le {jour_texte(vote.date_debut)}." in Courriel.objects.get().corps
    assert avant.projets.au_vote().count() == 1
    with pytest.raises(ErreurMetier, match="Le vote a commencé"):
        projets.mettre_au_vote(projet_de(pendant, etat="faisable"), par=agent)
    with pytest.raises(ErreurMetier, match="Le vote a commencé"):
        projets.retirer_du_vote(projet_de(pendant, etat="au_vote"), par=agent, motif="x")


def test_the_count_alone_proclaims_and_tells_authors_and_followers_once_each(client, agent):
    budget = budget_en("vote")
    projet = projet_de(budget, etat="au_vote", courriel="lea@example.org")
    idee_de(budget, etat="reunie", projet_quartier=projet, courriel="lea@example.org")
    suivre(projet)
    suivre(projet, "lea@example.org")

    with pytest.raises(RoleInsuffisant):
        projets.proclamer_laureat(projet, par=agent)
    projets.proclamer_laureat(projet, phrase="Premier, avec 120 voix.")

    assert lettres("proclamer_projet") == ["abonnee@example.org", "lea@example.org"]
    assert projet.est_laureat
    # Chosen by the vote: in « Ma journée » of the agents until somebody starts the work.
    (tache,) = [t for t in taches_du_jour(agent, section_journee) if "par le vote" in t.quoi]
    assert (tache.quoi, tache.depuis) == (
        "Lancer la réalisation : 1 projet choisi par le vote",
        projet.modifie_le,
    )
    client.force_login(agent)
    assert projet.titre in client.get(tache.url).content.decode()
    assert "120 voix" in Courriel.objects.filter(acte="budgets/proclamer_projet").first().corps


def test_a_milestone_has_its_photo_its_cost_and_is_told(client, agent, direction, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    projet = projet_de(
        budget_en("realisation"), etat="en_cours", direction=direction, courriel="lea@example.org"
    )
    suivre(projet)
    jalon = jalon_de(projet)
    image = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(image, "JPEG")
    envoi = {
        "fait_le": timezone.localdate().isoformat(), "texte": "Douze arbres.", "depense": "1 200,50",
        "description_photo": "Des arbres", "photo": SimpleUploadedFile("p.jpg", image.getvalue(), "image/jpeg"),
    }  # fmt: skip
    client.force_login(agent)

    client.post(reverse("budgets:franchir_jalon", args=[jalon.pk]), envoi)

    page = client.get(projet.get_public_url()).content.decode()
    assert projet.depense == Decimal("1200.50")
    assert "Douze arbres." in page
    assert f'src="{reverse("socle:piece", args=[Piece.objects.get().pk])}"' in page
    assert lettres("franchir_jalon") == ["abonnee@example.org", "lea@example.org"]
    ecrites = Courriel.objects.filter(acte="budgets/franchir_jalon").values_list("destinataires", "langue")
    assert {qui[0]: langue for qui, langue in ecrites} == {
        "abonnee@example.org": "ar",
        "lea@example.org": "fr",
    }
    with pytest.raises(ActeInterdit, match="déjà faite"):
        realisation.franchir_jalon(jalon, par=agent, fait_le=timezone.localdate(), texte="x")


def test_a_step_that_costs_more_than_the_project_says_why_and_is_corrected(agent, direction):
    projet = projet_de(
        budget_en("realisation"), etat="en_cours", direction=direction, courriel="lea@example.org"
    )
    fait, jalon, de_trop = (jalon_de(projet, titre=titre) for titre in ("Sol", "Arbres", "Fête"))
    dit = {"par": agent, "fait_le": timezone.localdate(), "texte": "Planté."}
    realisation.franchir_jalon(fait, **dit, depense=Decimal(5_000))
    with pytest.raises(ValidationError, match="de plus que le projet"):
        realisation.franchir_jalon(jalon, **dit, depense=Decimal("35000.50"))

    realisation.franchir_jalon(jalon, **dit, depense=Decimal("35000.50"), ecart="Le sol était pollué.")
    assert "pollué" in jalon.texte
    realisation.corriger_jalon(jalon, **dit, depense=Decimal("3500.50"), motif="La somme était fausse.")
    realisation.retirer_jalon(de_trop, par=agent, motif="Il n’y aura pas de fête.")

    assert projet.depense == Decimal("8500.50")
    assert lettres("corriger_jalon") == ["lea@example.org"]
    assert [j.titre for j in projet.jalons.all()] == ["Sol", "Arbres"]


def test_a_photo_says_what_it_shows_and_a_day_to_come_is_not_done(agent, direction):
    projet = projet_de(budget_en("realisation"), etat="en_cours", direction=direction)
    jalon = jalon_de(projet)
    jour = timezone.localdate()

    with pytest.raises(ValidationError, match="pas encore venu"):
        realisation.franchir_jalon(jalon, par=agent, fait_le=jour + timedelta(days=1), texte="x")
    with pytest.raises(ValidationError, match="ce que montre la photo"):
        realisation.franchir_jalon(
            jalon, par=agent, fait_le=jour, texte="x", photo=SimpleUploadedFile("p.jpg", b"x")
        )


def test_a_project_is_done_when_each_of_its_steps_is(agent, direction):
    projet = projet_de(budget_en("realisation"), etat="en_cours", direction=direction)
    jalon = jalon_de(projet)
    with pytest.raises(ErreurMetier, match="1 étape n’est pas encore faite"):
        realisation.achever_projet(projet, par=agent)

    realisation.franchir_jalon(jalon, par=agent, fait_le=timezone.localdate(), texte="Fait.")
    realisation.achever_projet(projet, par=agent)

    assert projet.etat == EtatProjetQuartier.REALISE


def test_a_sum_is_read_as_people_write_it_or_is_a_sentence():
    champ = ChampMontant("Somme", positif=True)
    for saisi, lu in (
        ("12 500", Decimal(12500)),
        ("12\u202f500,50 €", Decimal("12500.50")),
        ("0,01", Decimal("0.01")),
    ):
        assert champ.clean(saisi) == lu
    for saisi in ("", "12,505", "-3", "0", "1000000000000", "dix", "1e3000", "NaN"):
        with pytest.raises(ValidationError) as refus:
            champ.clean(saisi)
        assert refus.value.messages[0].endswith(".")


def test_the_authors_and_the_followers_of_a_winning_project_are_told_once_each_of_its_suite(client, agent):
    projet = projet_de(budget_en("realisation"), etat="laureat", courriel="auteur@example.org")
    for adresse in ("auteur@example.org", "suit@example.org"):
        projet.abonnements.create(courriel=adresse, confirme_le="2026-01-01T10:00:00Z")

    client.force_login(agent)
    adresse = reverse("budgets:ajouter_suite", args=[projet.pk])
    champs = {"intitule": "Éclairer le passage", "direction": DirectionFactory().pk, "origine": "demandee"}
    assert client.post(adresse, champs).url == f"{projet.get_absolute_url()}#suites"
    actes_suites.changer_etat(projet.suites.get(), par=agent, vers="a_l_etude")

    for acte in ("budgets/ajouter_suite", "budgets/changer_suite"):
        a = list(Courriel.objects.filter(acte=acte).values_list("destinataires", flat=True))
        assert a.count(["auteur@example.org"]) == 1, acte
    a = Courriel.objects.filter(destinataires=["suit@example.org"]).values_list("acte", flat=True)
    assert sorted(a) == ["budgets/ajouter_suite", "suites/changer_etat"]
    assert "Éclairer le passage" in client.get(projet.get_public_url()).content.decode()


def test_a_project_is_written_and_given_more_ideas_whose_authors_are_told(agent):
    budget, guichet = budget_en("discussion"), Guichet(agent, en_hate=True)
    projet = projet_de(budget)
    idee = idee_de(budget, titre="Des arbres", courriel="max@example.org")

    guichet.valider(reverse("budgets:ajouter_idees", args=[projet.pk]))
    assert "Choisissez au moins une idée." in guichet.dit
    guichet.valider(idees=idee.pk)
    assert idee in projet.idees.all()
    assert lettres("reunir_idee") == ["max@example.org"]

    quartier = Quartier.objects.order_by("pk").last()
    guichet.valider(
        reverse("budgets:rediger_projet_quartier", args=[projet.pk]),
        description="Vingt arbres.",
        quartiers=quartier.pk,
    )
    projet.refresh_from_db()
    assert (projet.titre, projet.description, projet.resume) == (
        "Une place ombragée",
        "Vingt arbres.",
        "Vingt arbres.",
    )
    assert quartier in projet.quartiers.all()


def test_a_step_put_off_is_told_with_its_reason_and_never_to_a_day_gone(agent, direction):
    projet = projet_de(
        budget_en("realisation"), etat="en_cours", direction=direction, courriel="lea@example.org"
    )
    jalon, guichet = jalon_de(projet, date_prevue=jour(3)), Guichet(agent, en_hate=True)
    guichet.valider(reverse("budgets:deplacer_jalon", args=[jalon.pk]), motif="La pluie.")
    assert "C’est déjà le jour prévu." in guichet.dit
    guichet.valider(date_prevue=jour(-1).isoformat())
    assert "Ce jour est passé." in guichet.dit
    guichet.valider(date_prevue=jour(30).isoformat())

    jalon.refresh_from_db()
    assert jalon.date_prevue == jour(30)
    assert lettres("deplacer_jalon") == ["lea@example.org"]
    assert "La pluie." in Courriel.objects.get(acte="budgets/deplacer_jalon").corps
