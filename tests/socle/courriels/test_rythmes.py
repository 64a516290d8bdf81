"""What somebody follows comes in each letter, or in one a day or a week: nothing is lost, nothing is empty."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import rythmes
from participation.socle.actions.rythmes import choisir_rythme, ecrire_resumes
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Courriel, RythmeDesLettres
from participation.socle.views import abonnements
from participation.suites.abonnements import prevenir_abonnes
from participation.suites.models import Abonnement
from petitions.models import Nouvelle
from petitions.nouvelles import contexte_de_la_lettre
from tests.outils import requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db
DEMAIN = timedelta(days=1)


@pytest.fixture
def abonne():
    return AbonnementFactory(dossier=PetitionFactory(debattue=True), courriel="alma@example.org")


def dire(abonne, quoi, lettre="publier_nouvelle"):
    """A letter of the site to who follows."""
    petition = abonne.dossier.enfant
    contexte = contexte_de_la_lettre(Nouvelle(petition=petition, titre=quoi, texte="Bientôt."))
    prevenir_abonnes(petition, f"petitions/{lettre}", contexte, cle=quoi)


def etats():
    return list(Courriel.objects.order_by("pk").values_list("etat", flat=True))


def test_letters_wait_for_one_summary_that_holds_them_all(abonne):
    choisir_rythme("Alma@example.org", "jour")
    dire(abonne, "Piste promise")
    dire(abonne, "Piste tracée")
    assert etats() == ["a_reunir", "a_reunir"]
    assert ecrire_resumes() == 0, "The day is not over."

    assert ecrire_resumes(timezone.localdate() + DEMAIN) == 1
    resume = Courriel.objects.latest("pk")
    assert etats() == ["reuni", "reuni", "a_envoyer"]
    assert resume.sujet == "Ce que vous suivez : 2 nouvelles"
    assert resume.corps.count("Bonjour,") == 1
    for dit in ("Piste promise", "Piste tracée", reverse("suites:arreter", args=[abonne.cle])):
        assert dit in resume.corps
    assert ecrire_resumes(timezone.localdate() + DEMAIN) == 0, "Nothing new: no letter."

    Abonnement.objects.update(langue="ar")
    dire(abonne, "Piste ouverte", lettre="publier_nouvelle_auteur")
    assert Courriel.objects.latest("pk").langue == "fr", "Nobody translated this letter."
    ecrire_resumes(timezone.localdate() + DEMAIN)
    assert Courriel.objects.latest("pk").sujet == "ما تتابعه: خبر واحد (1)"


def test_a_week_ends_on_monday_whenever_the_task_runs():
    semaine = RythmeDesLettres(rythme="semaine")
    lundi = date(2026, 11, 30)
    jours = [lundi - DEMAIN, lundi, lundi + 6 * DEMAIN]
    assert [semaine.jour_du_resume(jour) for jour in jours] == [lundi, lundi + 7 * DEMAIN, lundi + 7 * DEMAIN]


def test_back_to_each_letter_those_that_waited_leave_even_one_written_meanwhile(abonne):
    choisir_rythme(abonne.courriel, "semaine")
    dire(abonne, "Piste promise")
    choisir_rythme(abonne.courriel, "chaque")
    assert etats() == ["a_envoyer"]

    # Written by a transaction that had read the former choice.
    Courriel.objects.update(etat="a_reunir")
    ecrire_resumes()
    assert etats() == ["a_envoyer"]


def test_a_worker_killed_between_two_writings_loses_no_letter(abonne, monkeypatch):
    choisir_rythme(abonne.courriel, "jour")
    dire(abonne, "Piste promise")

    def tuer(*args, **options):
        ecrire(*args, **options)
        raise IntegrityError("killed")

    monkeypatch.setattr(rythmes, "ecrire", tuer)
    with pytest.raises(IntegrityError):
        ecrire_resumes(timezone.localdate() + DEMAIN)
    monkeypatch.undo()
    assert etats() == ["a_reunir"]
    ecrire_resumes(timezone.localdate() + DEMAIN)
    assert etats() == ["reuni", "a_envoyer"]


def test_the_page_of_a_letter_chooses_the_rhythm_and_lists_nothing(client, abonne):
    signature = SignatureFactory(courriel=abonne.courriel, confirmee=True, accord_nouvelles=True)
    adresse = reverse("suites:arreter", args=[abonne.cle])
    page = client.post(adresse, {"rythme": "jour"}).content.decode()
    assert "Votre choix est enregistré" in page
    assert signature.petition.titre not in page, "A letter may be given to somebody else."
    abonne.refresh_from_db()
    assert abonne.est_actif
    assert RythmeDesLettres.objects.get().rythme == "jour"
    client.post(adresse, {"rythme": "chaque heure"})
    assert RythmeDesLettres.objects.get().rythme == "jour"


def test_the_account_lists_all_that_is_followed_and_stops_it_there(client, abonne, monkeypatch):
    signature = SignatureFactory(
        courriel=abonne.courriel, confirmee=True, accord_nouvelles=True, accord_auteur=True
    )
    AbonnementFactory(courriel="autre@example.org")
    choisir_rythme(abonne.courriel, "semaine")
    client.force_login(CompteFactory(courriel=abonne.courriel))
    adresse = reverse("socle:mes_abonnements")
    page = client.get(adresse).content.decode()
    assert "3 abonnements" in page
    suivies = (abonne.dossier, signature.petition)
    assert all(dossier.reference in page for dossier in suivies), "Two may have the same title."
    combien = len(requetes(client, adresse))
    autres = AbonnementFactory.create_batch(2, courriel=abonne.courriel)
    assert len(requetes(client, adresse)) == combien, "One line more asks nothing more."
    monkeypatch.setattr(abonnements, "PAR_PAGE", 3)
    assert "page=2" in client.get(adresse).content.decode()
    for autre in autres:
        autre.delete()
    for cle in (f"suites-{abonne.pk}", f"petition-{signature.pk}", "suites-0"):
        client.post(adresse, {"arreter": cle})
    signature.refresh_from_db()
    assert (signature.accord_nouvelles, signature.accord_auteur) == (False, False)
    assert "Vous ne suivez rien" in client.get(adresse).content.decode()
    ecrire_resumes()
    assert not RythmeDesLettres.objects.exists(), "An address that follows nothing is not kept."
