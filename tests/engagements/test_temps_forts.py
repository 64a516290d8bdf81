"""The yearly temps fort: prepared with its rencontre and its tasks, told, printed, held; each remark answered."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.engagements.models import Proposition, TempsFort
from participation.engagements.temps_forts import actes, lectures
from participation.rencontres.models import Rencontre
from participation.rencontres.preparation import annuler_rencontre
from participation.socle.actions import traductions
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from tests.engagements.factories import CollectifFactory, PropositionFactory, TempsFortFactory
from tests.greffons.guichet import Guichet
from tests.outils import fautes_pdf, jour
from tests.socle.factories import CompteFactory
from tests.socle.traductions.traduire import traduire

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def fautes_du_document(document):
    fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open("rb") as fichier:
        return fautes_pdf(fichier.read(), "ua1")


def test_preparing_it_prepares_its_rencontre_and_dates_its_tasks_back_from_its_day(client, agent):
    collectif = CollectifFactory()
    adresse = reverse("engagements:preparer_temps_fort")
    quand = {"jour": jour(50).isoformat(), "de": "18:00", "a": "20:00", "date_limite": jour(48).isoformat()}
    lieu = {"lieu": "Salle 1", "adresse": "1 rue des Essais", "acces": "De plain-pied.", "places": "40"}
    client.post(
        adresse, {"collectif": collectif.pk, "titre": "Temps fort", "but": "Rendre compte.", **quand, **lieu}
    )

    temps_fort = TempsFort.objects.get()
    assert (temps_fort.reunion.jour, temps_fort.reunion.origine_id) == (jour(50), temps_fort.pk)
    dates = dict(temps_fort.echeances.values_list("libelle", "date_limite"))
    assert dates["Imprimer les fiches en grands caractères"] == jour(43)
    assert min(dates.values()) == timezone.localdate()  # what should have been done before is due today
    tache = temps_fort.taches.last()
    client.post(reverse("engagements:faire_tache", args=[tache.pk]))
    assert temps_fort.echeances.get(cle=tache.cle).faite_le


def test_invitations_leave_once_when_the_rencontre_is_open(agent):
    temps_fort = TempsFortFactory(agent=agent)
    Rencontre.objects.filter(pk=temps_fort.reunion_id).update(etat="preparee")
    temps_fort.reunion.refresh_from_db()
    with pytest.raises(ErreurMetier):
        actes.inviter_temps_fort(temps_fort, par=agent)
    Rencontre.objects.filter(pk=temps_fort.reunion_id).update(etat="ouverte")
    temps_fort.reunion.refresh_from_db()

    assert actes.inviter_temps_fort(temps_fort, par=agent) == 1

    assert "invitez" not in temps_fort.a_faire(Role.AGENT, agent)
    lettre = Courriel.objects.get(acte="engagements/inviter_temps_fort")
    assert lettre.destinataires == [temps_fort.collectif.courriel]
    assert temps_fort.reunion.get_public_url() in lettre.corps
    with pytest.raises(ErreurMetier):
        actes.inviter_temps_fort(temps_fort, par=agent)


@pytest.fixture
def invites(agent):
    """A temps fort in ten days whose association was invited, with one task left."""
    temps_fort = TempsFortFactory(agent=agent)
    actes.ajouter_tache(temps_fort, par=agent, libelle="Imprimer", date_limite=jour(3))
    faite = actes.ajouter_tache(temps_fort, par=agent, libelle="Réserver", date_limite=jour(1))
    vue_ailleurs = temps_fort.taches.get(pk=faite.pk)
    actes.faire_tache(faite, par=agent)
    with pytest.raises(ActeInterdit, match="déjà faite"):
        actes.faire_tache(vue_ailleurs, par=agent)
    assert temps_fort.journal.filter(acte="faire_tache").count() == 1
    with pytest.raises(ValidationError, match="déjà passé"):
        actes.ajouter_tache(temps_fort, par=agent, libelle="Hier", date_limite=jour(-1))
    actes.inviter_temps_fort(temps_fort, par=agent)
    actes.faire_diaporama(temps_fort, par=agent)
    return temps_fort


def test_it_is_moved_with_its_rencontre_its_tasks_and_who_was_invited_is_told_why(client, agent, invites):
    adresse = reverse("engagements:deplacer_temps_fort", args=[invites.pk])
    rencontre = invites.reunion
    debut = timezone.localtime(rencontre.debut)
    dit = {
        "jour": (debut.date() + timedelta(days=14)).isoformat(), "de": "18:00", "a": "20:00", "lieu": "Salle 9",
        "adresse": "9 rue", "acces": "De plain-pied.", "date_limite": jour(5).isoformat(), "raison": "La salle est en travaux.",
    }  # fmt: skip

    assert client.post(adresse, dit).status_code == 302

    rencontre.refresh_from_db()
    assert (rencontre.lieu, rencontre.jour) == ("Salle 9", debut.date() + timedelta(days=14))
    assert sorted(invites.echeances.ouvertes().values_list("date_limite", flat=True)) == [jour(17)]
    lettre = Courriel.objects.get(acte="engagements/deplacer_temps_fort")
    assert lettre.destinataires == [invites.collectif.courriel]
    assert "La salle est en travaux." in lettre.corps
    page = client.get(invites.get_public_url()).content.decode()
    assert "La salle est en travaux." in page
    assert not invites.documents.filter(est_public=True).exists()  # the slides say the old day
    repete = client.post(adresse, dit)
    assert "C’est déjà ce jour" in repete.content.decode()


def test_it_is_called_off_in_public_whether_from_its_page_or_from_that_of_its_rencontre(
    client, agent, invites
):
    autre = TempsFortFactory(agent=agent)
    actes.ajouter_tache(autre, par=agent, libelle="Imprimer", date_limite=jour(3))

    actes.annuler_temps_fort(invites, par=agent, motif="Plus personne ne peut venir.")
    annuler_rencontre(autre.reunion, par=agent, motif="La salle ferme.")

    for temps_fort, raison in ((invites, "Plus personne ne peut venir."), (autre, "La salle ferme.")):
        relu = TempsFort.objects.get(pk=temps_fort.pk)
        assert (relu.etat, relu.reunion.etat, relu.raison) == ("annule", "annulee", raison)
        assert not relu.echeances.ouvertes().exists()
    lettre = Courriel.objects.get(acte="engagements/annuler_temps_fort")  # the other had invited nobody
    assert "Plus personne ne peut venir." in lettre.corps
    assert "Plus personne ne peut venir." in client.get(invites.get_public_url()).content.decode()
    assert "n’a pas lieu" in client.get(invites.collectif.get_public_url()).content.decode()


def test_a_version_is_printed_beside_the_french_and_said_old_once_the_french_changed(agent):
    proposition = PropositionFactory(retenue=True, numero="2")
    PropositionFactory(publiee=True, numero="10", collectif=proposition.collectif)
    traduire(proposition, agent, CompteFactory(agent=True), "ar", "مقاعد في الظل")
    proposee = traductions.demander_traduction(proposition, par=agent, langue="falc")
    textes = {"titre": [[proposition.titre, "Des bancs.", ""]]}
    traductions.ecrire_traduction(proposee, par=agent, textes=textes, vu="")
    temps_fort = TempsFortFactory(collectif=proposition.collectif)

    fiches = lectures.fiches(temps_fort, "ar")
    assert [fiche["numero"] for fiche in fiches] == ["2", "10"]
    assert (fiches[0]["version"]["retour"], fiches[0]["version"]["change"]) == ("مقاعد في الظل", "")
    assert fiches[1]["version"] is None
    assert lectures.fiches(temps_fort, "falc")[0]["version"] is None  # nobody has read it yet
    manque = lectures.ce_qui_manque(temps_fort)
    assert ("ar", "العربية", 1) in manque
    assert ("falc", "Facile à lire", 2) in manque
    assert not lectures.mise_en_page("ar")["sans_version"].startswith(
        "Ce texte"
    )  # said to who reads Arabic alone
    assert fautes_du_document(actes.faire_fiches(temps_fort, par=agent, langue="ar")) == []

    Proposition.objects.filter(pk=proposition.pk).update(retour="Non, finalement.")
    assert lectures.fiches(temps_fort, "ar")[0]["version"]["change"] == "تغيّر النص الفرنسي منذ هذه الترجمة."
    assert ("ar", "العربية", 2) in lectures.ce_qui_manque(temps_fort)


def test_the_slides_and_the_invitation_are_accessible_files(agent):
    temps_fort = TempsFortFactory(collectif=PropositionFactory(retenue=True, numero="1").collectif)
    for faire in (actes.faire_diaporama, actes.imprimer_invitation):
        assert fautes_du_document(faire(temps_fort, par=agent)) == []


def test_each_remark_is_answered_in_public_before_it_closes(client, agent):
    temps_fort = TempsFortFactory(tenu=True)
    proposition = PropositionFactory(publiee=True, collectif=temps_fort.collectif)
    dite = actes.noter_remarque(temps_fort, par=agent, texte="Rien n’a bougé.", proposition=proposition)
    page = client.get(temps_fort.get_public_url()).content.decode()
    assert "Rien n’a bougé." in page
    assert "Une réponse est due" in page
    with pytest.raises(ErreurMetier):
        actes.clore_temps_fort(temps_fort, par=agent)

    corriger = reverse("engagements:corriger_remarque", args=[dite.pk])
    Guichet(agent, en_hate=True).valider(corriger, texte="Rien n’a bougé depuis mars.")
    dite.refresh_from_db()
    assert (dite.texte, dite.proposition) == ("Rien n’a bougé depuis mars.", proposition)
    actes.repondre_remarque(dite, par=agent, reponse="Les travaux commencent en mars.")
    corriger = client.get(reverse("engagements:repondre_remarque", args=[dite.pk])).content.decode()
    assert "Les travaux commencent en mars." in corriger  # never replaced unread
    actes.clore_temps_fort(temps_fort, par=agent)

    assert "Les travaux commencent en mars." in client.get(temps_fort.get_public_url()).content.decode()
    assert temps_fort.collectif.get_public_url() in page
    assert temps_fort.get_public_url() in client.get(temps_fort.collectif.get_public_url()).content.decode()


def test_nothing_is_noted_nor_said_held_before_it_begins(agent):
    temps_fort = TempsFortFactory()
    temps_fort.reunion.debut = timezone.now() + timedelta(hours=1)
    for acte in ("tenir_temps_fort", "noter_remarque"):
        assert temps_fort.obstacles(acte, agent)
