"""Application of a resident: form, confirmation by signed link, changes, withdrawal."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement.campagne import actes as campagne
from participation.renouvellement.candidatures import actes as candidatures
from participation.renouvellement.models import Candidature, QuestionCampagne
from participation.renouvellement.workflow import Eligibilite, EtatCampagne, EtatCandidature
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Quartier
from participation.socle.workflow import Role
from tests.outils import a_plusieurs, jour, lire
from tests.renouvellement.factories import CampagneFactory, CandidatureFactory, CollegeCampagneFactory
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


def reponses(**autres) -> dict[str, object]:
    return {
        "prenom": "Léa",
        "nom": "Martin",
        "courriel": "lea@exemple.fr",
        "commune": commune().pk,
        "motivation": "Je prends le bus et je trie mes déchets.",
        "disponibilites": ["soir"],
        "besoins": ["garde"],
        "atteste_age": "on",
        "atteste_lieu": "on",
        **autres,
    }


def page(college) -> str:
    return reverse("renouvellement:deposer_candidature", args=[college.campagne.instance.cle, college.pk])


def lettres(acte: str) -> list[Courriel]:
    return list(Courriel.objects.filter(acte=f"renouvellement/{acte}"))


def test_a_candidature_counts_once_its_link_is_used(client: Client):
    college = CollegeCampagneFactory()

    reponse = client.post(page(college), reponses())

    assert reponse.status_code == 303
    demandee = Candidature.objects.get()
    assert demandee.etat == EtatCandidature.A_CONFIRMER
    assert demandee.numero is None
    (lettre,) = lettres("candidater")
    lien = re.search(r"/\S+/confirmer/", lettre.corps.split("://", 1)[1])[0]
    assert client.get(lien).status_code == 200
    demandee.refresh_from_db()
    assert demandee.etat == EtatCandidature.A_CONFIRMER  # opening the page changes nothing

    client.post(lien)
    client.post(lien)

    demandee.refresh_from_db()
    assert (demandee.etat, demandee.numero) == (EtatCandidature.DEPOSEE, 1)
    assert demandee.besoins == ["garde"]
    assert len(lettres("confirmer_candidature")) == 1
    assert demandee.journal.count() == 1


def test_of_two_calls_at_once_each_letter_and_page_names_its_own(client: Client):
    ccspl = CollegeCampagneFactory(nom="Membres", campagne__ouverte=True)
    instance = InstanceFactory(cle="remontees", nom="Comité de suivi")
    suivi = CollegeCampagneFactory(
        nom="Membres", campagne=CampagneFactory(ouverte=True, instance=instance, titre="Suivre les remontées")
    )
    for college in (ccspl, suivi):
        client.post(page(college), reponses())

    for lettre in lettres("candidater"):
        (titre,) = [
            c.campagne.titre for c in (ccspl, suivi) if f"de l’appel « {c.campagne.titre} »" in lettre.corps
        ]
        lien = re.search(r"/\S+/confirmer/", lettre.corps.split("://", 1)[1])[0]
        assert titre in lire(client.get(lien))
        assert titre in lire(client.post(lien, follow=True))
    deposees = Candidature.objects.order_by("pk")
    sujets = sorted(lettre.sujet for lettre in lettres("confirmer_candidature"))
    assert sujets == sorted(
        f"Votre candidature est enregistrée (n° 1) : {c.campagne.titre}" for c in deposees
    )
    client.force_login(CompteFactory(role=Role.AGENT))
    premiere, seconde = deposees
    assert f"{seconde.campagne.titre}, n° {seconde.numero}" in lire(client.get(premiere.get_absolute_url()))


def test_the_same_address_gets_the_same_page_and_only_one_candidature(client: Client):
    college = CollegeCampagneFactory()
    deposee = CandidatureFactory(college=college, courriel="lea@exemple.fr")

    premiere = client.post(page(college), reponses(courriel="nouvelle@exemple.fr"))
    seconde = client.post(page(college), reponses(courriel="LEA+ccspl@exemple.fr"))
    encore = client.post(page(college), reponses(courriel="lea@exemple.fr"))

    assert premiere.status_code == seconde.status_code == encore.status_code == 303
    assert premiere.url == seconde.url
    assert Candidature.objects.filter(courriel_canonique="lea@exemple.fr").count() == 1
    (lettre,) = lettres("deja_candidat")  # once a day
    assert str(deposee.numero) in lettre.corps


def test_an_address_gets_no_more_letters_than_the_campaign_allows(client: Client):
    college = CollegeCampagneFactory(campagne=CampagneFactory(ouverte=True, courriels_max=2))

    for _ in range(4):
        client.post(page(college), reponses())

    assert len(lettres("candidater")) == 2


def test_nobody_blocks_an_address_by_applying_in_other_names(client: Client):
    """The limit is per address. Each name is kept, with its link in the letter of the day or the next."""
    college = CollegeCampagneFactory(campagne=CampagneFactory(ouverte=True, courriels_max=2))
    for nom in ("Fauxun", "Fauxdeux"):
        client.post(page(college), reponses(nom=nom))

    client.post(page(college), reponses(nom="Vraie"))
    client.post(page(college), reponses(nom="Fauxtrois"))

    vraie = Candidature.objects.get(nom="Vraie")
    (lettre,) = lettres("candidatures_du_jour")
    # The link depends on the second of its signing.
    assert f"/{vraie.jeton().partition(':')[0]}:" in lettre.corps
    assert Candidature.objects.get(lettre_due=True).nom == "Fauxtrois"
    assert candidatures.ecrire_lettres_dues() == 0
    Candidature.objects.filter(reservee_le__isnull=False).update(
        reservee_le=timezone.now() - timedelta(hours=25)
    )
    assert candidatures.ecrire_lettres_dues() == 1
    assert not Candidature.objects.filter(lettre_due=True).exists()


def test_candidatures_to_check_are_on_the_day_of_agents(client: Client):
    college = CollegeCampagneFactory()
    il_y_a_deux_jours = timezone.localtime() - timedelta(days=2)
    CandidatureFactory.create_batch(2, college=college, deposee_le=il_y_a_deux_jours)
    client.force_login(CompteFactory(role=Role.AGENT))

    [partie] = [p for p in client.get("/journee/").context["parties"] if p.cle == "candidatures"]

    [ligne] = partie.lignes
    assert (ligne.tache.quoi, ligne.fort) == ("Vérifier 2 candidatures", "2 jours")


def test_of_two_requests_of_one_address_one_is_confirmed():
    college = CollegeCampagneFactory()
    une, autre = CandidatureFactory.create_batch(
        2, college=college, a_confirmer=True, courriel="lea@exemple.fr"
    )

    candidatures.confirmer_candidature(une)

    with pytest.raises(ErreurMetier, match="une personne compte une fois"):
        candidatures.confirmer_candidature(autre)


def test_what_is_missing_is_asked_again_and_nothing_typed_is_lost(client: Client):
    college = CollegeCampagneFactory(exclut_elus=True)

    reponse = client.post(page(college), reponses(courriel="lea", commune=""))

    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Cette adresse n’est pas complète" in html
    assert "Choisissez votre commune" in html
    assert "mandat d’élu" in html
    assert "Je prends le bus" in html
    assert not Candidature.objects.exists()


def test_a_quartier_of_another_commune_is_refused(client: Client):
    college = CollegeCampagneFactory()
    quartier = Quartier.objects.create(nom="Essai", commune=commune("Échirolles"))

    reponse = client.post(page(college), reponses(quartier=quartier.pk))

    assert "Ce quartier est dans une autre commune" in reponse.content.decode()


def test_an_association_names_its_substitute_and_answers_the_questions(client: Client):
    college = CollegeCampagneFactory(associatif=True)
    question = QuestionCampagne.objects.create(
        campagne=college.campagne, libelle="Quels usagers ?", est_requise=True
    )
    complet = reponses(
        organisme="Les Usagers du tram",
        suppleant_prenom="Ana",
        suppleant_nom="Ruiz",
        **{f"question_{question.pk}": "Tous"},
    )

    incomplet = client.post(page(college), reponses(organisme="Les Usagers du tram"))
    client.post(page(college), complet)

    assert "Écrivez le nom de la personne qui vous remplacera" in incomplet.content.decode()
    candidature = Candidature.objects.get()
    assert candidature.suppleant == "Ana Ruiz"
    assert candidature.reponses == {str(question.pk): "Tous"}


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_forgotten(client: Client):
    college = CollegeCampagneFactory()

    reponse = client.post(page(college), reponses(site="http://spam.example"))

    assert reponse.status_code == 303
    assert not Candidature.objects.exists()


def test_a_network_that_sends_too_much_waits_and_loses_nothing(client: Client):
    college = CollegeCampagneFactory(campagne=CampagneFactory(ouverte=True, demandes_par_heure=1))
    client.post(page(college), reponses(), REMOTE_ADDR="2001:db8:1:1::1")

    # One subscriber can create any number of addresses.
    reponse = client.post(page(college), reponses(courriel="autre@exemple.fr"), REMOTE_ADDR="2001:db8:1:2::9")

    assert reponse.status_code == 429
    assert "Je prends le bus" in reponse.content.decode()
    assert Candidature.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"ouverture": jour(3), "cloture": jour(9)}, "pas encore ouvert"),
        ({"ouverture": jour(-9), "cloture": jour(-1)}, "clos"),
    ],
)
def test_before_and_after_the_call_nothing_is_taken(client: Client, champs, dit):
    college = CollegeCampagneFactory(campagne=CampagneFactory(ouverte=True, **champs))

    appel = client.get(reverse("renouvellement:candidater", args=["ccspl"])).content.decode()
    reponse = client.post(page(college), reponses())

    assert dit in appel
    assert reponse.status_code == 409
    assert "Je prends le bus" in reponse.content.decode()
    assert not Candidature.objects.exists()


def test_without_a_call_the_page_says_so(client: Client):
    CampagneFactory()

    assert (
        "Aucun appel à candidatures"
        in client.get(reverse("renouvellement:candidater", args=["ccspl"])).content.decode()
    )


def test_the_call_ends_at_midnight_local_time_on_the_night_the_clock_changes():
    campagne = CampagneFactory.build(
        etat=EtatCampagne.OUVERTE, ouverture=date(2026, 10, 1), cloture=date(2026, 10, 25), grace_heures=24
    )
    local = timezone.get_current_timezone()

    assert campagne.recoit(datetime(2026, 10, 25, 23, 59, tzinfo=local))
    assert not campagne.recoit(datetime(2026, 10, 26, 0, 0, tzinfo=local))
    assert campagne.confirme(datetime(2026, 10, 26, 23, 0, tzinfo=local))
    assert not campagne.confirme(datetime(2026, 10, 27, 0, 0, tzinfo=local))


def test_who_wrote_in_time_may_confirm_during_the_grace_and_not_after():
    college = CollegeCampagneFactory(
        campagne=CampagneFactory(ouverte=True, cloture=jour(-1), grace_heures=48)
    )
    a_temps = CandidatureFactory(college=college, a_confirmer=True)
    tard = CandidatureFactory(college=college, a_confirmer=True)
    assert campagne.clore_appels() == 1

    candidatures.confirmer_candidature(a_temps)

    assert a_temps.numero == 1
    college.campagne.grace_heures = 0
    college.campagne.save()
    with pytest.raises(ActeInterdit, match="délai pour confirmer"):
        candidatures.confirmer_candidature(tard)


def test_the_author_corrects_until_the_end_and_must_be_checked_again(client: Client):
    candidature = CandidatureFactory(eligible=True)
    lien = reverse("renouvellement:corriger_candidature", args=[candidature.jeton()])

    client.post(lien, {**reponses(), "motivation": "Autre chose.", "courriel": "pirate@exemple.fr"})

    candidature.refresh_from_db()
    assert candidature.motivation == "Autre chose."
    assert candidature.courriel != "pirate@exemple.fr"
    assert candidature.eligibilite == Eligibilite.A_VERIFIER
    candidature.campagne.etat = EtatCampagne.CLOSE
    candidature.campagne.save()
    client.post(lien, {**reponses(), "motivation": "Trop tard."})
    candidature.refresh_from_db()
    assert candidature.motivation == "Autre chose."


def test_not_me_erases_what_was_never_confirmed(client: Client):
    candidature = CandidatureFactory(a_confirmer=True)

    reponse = client.post(reverse("renouvellement:retirer_candidature", args=[candidature.jeton()]))

    assert "effacée" in reponse.content.decode()
    assert not Candidature.objects.exists()


def test_a_candidature_taken_back_is_told_and_its_address_may_apply_again(client: Client):
    candidature = CandidatureFactory(courriel="lea@exemple.fr")

    client.post(reverse("renouvellement:retirer_candidature", args=[candidature.jeton()]))
    client.post(page(candidature.college), reponses())

    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.RETIREE
    assert candidature.conserver_jusqu_au is not None
    assert len(lettres("retirer_candidature")) == 1
    assert len(lettres("candidater")) == 1


def test_a_false_link_says_what_to_do(client: Client):
    reponse = client.get(reverse("renouvellement:ma_candidature", args=["faux"]))

    assert reponse.status_code == 404
    assert "Copiez le lien entier" in reponse.content.decode()


def test_an_agent_types_a_paper_without_any_mail_and_it_counts_at_once(client: Client):
    agent = CompteFactory(role=Role.AGENT)
    college = CollegeCampagneFactory()
    client.force_login(agent)
    adresse = reverse("renouvellement:saisir_candidature", args=[college.pk])

    client.post(
        adresse, {"prenom": "Jo", "nom": "Blanc", "adresse": "3 rue des Lilas", "commune": commune().pk}
    )
    client.post(
        adresse,
        {"prenom": "Jo", "nom": "Noir", "telephone": "0476000000", "commune": commune().pk, "encore": "oui"},
    )

    assert list(Candidature.objects.order_by("numero").values_list("nom", "numero", "source", "etat")) == [
        ("Blanc", 1, "papier", "deposee"),
        ("Noir", 2, "papier", "deposee"),
    ]
    assert lettres("confirmer_candidature") == []


def test_an_agent_who_corrects_an_address_is_told_that_it_has_its_candidature(client: Client):
    deposee = CandidatureFactory(courriel="lea@exemple.fr")
    autre = CandidatureFactory(college=deposee.college)
    client.force_login(CompteFactory(role=Role.AGENT))
    adresse = reverse("renouvellement:corriger_candidature_agent", args=[autre.pk])
    valeurs = {"prenom": "Jo", "nom": "Blanc", "commune": commune().pk, "motivation": "Oui"}

    refus = client.post(adresse, {**valeurs, "courriel": "LEA@exemple.fr"})
    client.post(adresse, {**valeurs, "courriel": "jo@exemple.fr"})

    assert "déjà déposée avec cette adresse" in refus.content.decode()
    autre.refresh_from_db()
    assert (autre.nom, autre.courriel) == ("Blanc", "jo@exemple.fr")


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_counts_and_numbers_never_collide():
    college = CollegeCampagneFactory()
    jumelles = CandidatureFactory.create_batch(
        2, college=college, a_confirmer=True, courriel="lea@exemple.fr"
    )
    autres = CandidatureFactory.create_batch(2, college=college, a_confirmer=True)
    lues = [
        Candidature.objects.select_related("campagne", "college").get(pk=c.pk) for c in [*jumelles, *autres]
    ]

    issues = a_plusieurs(4, lambda rang: candidatures.confirmer_candidature(lues[rang]))

    refus = [rang for rang, issue in enumerate(issues) if isinstance(issue, Exception)]
    assert refus in ([0], [1])
    assert isinstance(issues[refus[0]], ErreurMetier)
    deposees = Candidature.objects.deposees()
    assert sorted(deposees.values_list("numero", flat=True)) == [1, 2, 3]
