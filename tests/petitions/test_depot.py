"""From the draft to the deposit, and back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Dossier, Entree, ReglageService
from petitions.actions import changements, copetitionnaires, feuilles, invitations
from petitions.actions import depot as actions
from petitions.forms.depot import lire_liste
from petitions.models import (
    CoPetitionnaire,
    FeuilleCopetitionnaires,
    Petition,
    ReglageInvitations,
    ReglementPetition,
    TraceInvitation,
)
from petitions.workflow import Etat
from tests.outils import ensemble
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


def moi(petition: Petition) -> None:
    actions.se_presenter(
        petition,
        par=petition.auteur,
        prenom="Alma",
        nom="Personne",
        nom_auteur="Alma Personne",
        commune=commune("Vizille"),
        qualite="resident",
        atteste_age=True,
    )


def complete(requis: int = 3, **champs) -> Petition:
    """A draft with everything the règlement asks, but for its deposit."""
    ReglementPetition.objects.update(copetitionnaires_requis=requis)
    petition = PetitionFactory(**champs)
    moi(petition)
    CoPetitionnaireFactory.create_batch(requis - 1, petition=petition, confirme=True)
    return petition


def reponses(**champs) -> dict:
    return {
        "prenom": "Basile",
        "nom": "Faure",
        "commune": commune("Jarrie"),
        "qualite": "resident",
        "atteste_age": True,
        **champs,
    }


def lettres(acte: str):
    return Courriel.objects.filter(acte=f"petitions/{acte}").order_by("pk")


def test_a_pasted_list_is_read_whatever_its_form():
    lue = lire_liste(
        "Alma Roux <Alma@exemple.fr>\nbasile@exemple.fr\nDriss;Benali;driss@exemple.fr\n\n"
        "Chloé Vial <chloe@exemple.fr>, Farid <farid@exemple.fr>\nALMA@exemple.fr\nJeanne sans adresse\nx@y"
    )

    assert [(p.prenom, p.nom, p.courriel) for p in lue.personnes] == [
        ("Alma", "Roux", "alma@exemple.fr"),
        ("", "", "basile@exemple.fr"),
        ("Driss", "Benali", "driss@exemple.fr"),
        ("Chloé", "Vial", "chloe@exemple.fr"),
        ("Farid", "", "farid@exemple.fr"),
    ]
    assert lue.doubles == ["alma@exemple.fr"]
    assert lue.incomprises == [(7, "Jeanne sans adresse"), (8, "x@y")]


def test_the_author_is_the_first_copetitionnaire_and_stays_one():
    petition = PetitionFactory()

    moi(petition)
    moi(petition)

    (premier,) = petition.copetitionnaires.confirmes()
    assert premier.courriel == petition.auteur.courriel
    assert petition.nom_auteur == "Alma Personne"


def test_an_invitation_is_written_once_to_each_mailbox():
    petition = PetitionFactory()
    personnes = [
        copetitionnaires.Invitation("b@exemple.fr", "Basile", "Faure"),
        copetitionnaires.Invitation("C@exemple.fr"),
    ]

    premier = copetitionnaires.inviter_copetitionnaires(petition, personnes, par=petition.auteur)
    second = copetitionnaires.inviter_copetitionnaires(petition, personnes, par=petition.auteur)

    assert premier.invites == ["b@exemple.fr", "C@exemple.fr"]
    assert second.invites == []
    assert second.deja == ["b@exemple.fr", "C@exemple.fr"]
    assert [c.destinataires for c in lettres("inviter_copetitionnaires")] == [
        ["b@exemple.fr"],
        ["C@exemple.fr"],
    ]
    assert petition.journal.filter(acte="inviter_copetitionnaires").count() == 1


def test_nobody_but_the_author_touches_a_draft():
    petition, agent = PetitionFactory(), CompteFactory(agent=True)

    for acte in (
        lambda: actions.enregistrer_brouillon(petition, par=agent, titre="Autre"),
        lambda: copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation("b@exemple.fr")], par=agent
        ),
        lambda: copetitionnaires.relancer_copetitionnaires(petition, par=agent),
        lambda: actions.deposer(petition, par=agent),
        lambda: actions.retirer(petition, par=agent),
    ):
        with pytest.raises(RoleInsuffisant):
            acte()


def test_a_draft_is_seen_by_its_author_alone():
    petition = PetitionFactory()

    assert petition in Petition.objects.visibles_par(petition.auteur)
    for autre in (CompteFactory(), CompteFactory(agent=True), CompteFactory(elu=True)):
        assert petition not in Petition.objects.visibles_par(autre)
        assert not Dossier.objects.visibles_par(autre).filter(pk=petition.pk).exists()
        assert petition not in Petition.objects.au_bureau_de(autre)


def test_confirming_twice_is_confirming_once():
    copetitionnaire = CoPetitionnaireFactory()

    assert copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses())
    assert not copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses(prenom="Autre"))

    copetitionnaire.refresh_from_db()
    assert copetitionnaire.prenom == "Basile"
    assert copetitionnaire.petition.journal.filter(acte="confirmer_copetitionnaire").count() == 1


def test_the_journal_that_nothing_erases_holds_no_name():
    copetitionnaire = CoPetitionnaireFactory(courriel="secret@exemple.fr", nom="Confidentiel")

    copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses(nom="Confidentiel"))
    copetitionnaires.retirer_copetitionnaire(copetitionnaire)

    for entree in Entree.objects.all():
        assert "onfidentiel" not in f"{entree.fait} {entree.motif} {entree.details}"
        assert "secret" not in f"{entree.fait} {entree.motif} {entree.details}"


def test_an_address_that_refused_is_never_written_to_again():
    petition = PetitionFactory()
    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("b@exemple.fr")], par=petition.auteur
    )
    copetitionnaire = petition.copetitionnaires.get()
    copetitionnaires.retirer_copetitionnaire(copetitionnaire)

    bilan = copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("B@exemple.fr")], par=petition.auteur
    )
    copetitionnaires.demander_a_rejoindre(
        petition, prenom="B", nom="F", courriel="b@exemple.fr", commune=commune(), qualite="resident"
    )

    assert bilan.refuses == ["B@exemple.fr"]
    assert lettres("inviter_copetitionnaires").count() == 1


POISON = "Votre compte est bloqué, allez sur gain-facile.example"


def test_no_word_of_a_stranger_is_carried_to_a_third_person_before_the_service_has_read_it():
    petition = complete(titre=POISON, demande=POISON, raisons=POISON)
    Petition.objects.filter(pk=petition.pk).update(nom_auteur=POISON)
    petition.refresh_from_db()
    abandonnee = PetitionFactory(titre=POISON, demande=POISON, auteur=petition.auteur)
    CoPetitionnaireFactory(petition=abandonnee, confirme=True, courriel="lea@exemple.fr", prenom=POISON)

    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("b@exemple.fr", POISON, POISON)], par=petition.auteur
    )
    copetitionnaires.demander_a_rejoindre(
        abandonnee, prenom=POISON, nom="F", courriel="lea@exemple.fr", commune=commune(), qualite="resident"
    )
    actions.deposer(petition, par=petition.auteur)
    actions.retirer(petition, par=petition.auteur, motif=POISON)
    actions.retirer(abandonnee, par=petition.auteur)

    agents = set(ReglageService.objects.values_list("contact", flat=True))
    aux_tiers = [
        lettre
        for lettre in Courriel.objects.all()
        if not {petition.auteur.courriel, *agents} & set(lettre.destinataires)
    ]
    assert {lettre.acte.rpartition("/")[2] for lettre in aux_tiers} >= {
        "abandonner_brouillon",
        "deposer_copetitionnaires",
        "inviter_copetitionnaires",
        "retirer",
    }
    for lettre in aux_tiers:
        assert "gain-facile" not in lettre.sujet + lettre.corps, lettre.acte


def test_giving_a_draft_up_gives_no_new_right_to_write():
    ReglageInvitations.objects.create(par_jour=3, par_adresse_et_jour=2)
    auteur = CompteFactory(courriel="alma@exemple.fr")

    def inviter(*adresses: str, par=auteur):
        petition = PetitionFactory(auteur=par)
        bilan = copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation(adresse) for adresse in adresses], par=par
        )
        actions.retirer(petition, par=par)
        return bilan

    assert inviter("victime@exemple.fr").invites
    assert inviter("victime+1@exemple.fr").invites
    assert inviter("victime+2@exemple.fr", "b@exemple.fr").demain == ["victime+2@exemple.fr"]
    # Hers for today is spent, whatever she has deleted; another mailbox, or tomorrow, is another count.
    assert inviter("c@exemple.fr").demain == ["c@exemple.fr"]
    alias = CompteFactory(courriel="alma+autre@exemple.fr")
    assert inviter("c@exemple.fr", par=alias).demain == ["c@exemple.fr"]
    tiers = CompteFactory()
    assert inviter("victime@exemple.fr", "c@exemple.fr", par=tiers).demain == ["victime@exemple.fr"]
    TraceInvitation.objects.update(le=timezone.now() - timedelta(days=1, minutes=1))
    assert inviter("c@exemple.fr").invites == ["c@exemple.fr"]
    for trace in TraceInvitation.objects.all():
        assert "victime" not in f"{trace.adresse}{trace.auteur}"


def test_a_refusal_outlives_the_draft_until_the_service_forgets_it():
    petition = PetitionFactory()
    auteur = petition.auteur
    invitation = [copetitionnaires.Invitation("b@exemple.fr")]
    copetitionnaires.inviter_copetitionnaires(petition, invitation, par=auteur)
    copetitionnaires.retirer_copetitionnaire(petition.copetitionnaires.get())
    actions.retirer(petition, par=auteur)

    ensuite = PetitionFactory(auteur=auteur)
    assert copetitionnaires.inviter_copetitionnaires(ensuite, invitation, par=auteur).refuses == [
        "b@exemple.fr"
    ]
    autre = PetitionFactory()
    assert copetitionnaires.inviter_copetitionnaires(autre, invitation, par=autre.auteur).invites

    TraceInvitation.objects.update(le=timezone.now() - timedelta(days=366))
    assert invitations.oublier_invitations() == 3
    assert copetitionnaires.inviter_copetitionnaires(ensuite, invitation, par=auteur).invites


def test_asking_to_join_with_a_known_address_changes_nothing_but_a_letter():
    petition = PetitionFactory()
    connu = CoPetitionnaireFactory(petition=petition, confirme=True, courriel="b@exemple.fr")

    copetitionnaires.demander_a_rejoindre(
        petition, prenom="Autre", nom="Nom", courriel="B@exemple.fr", commune=commune(), qualite="resident"
    )

    connu.refresh_from_db()
    assert connu.prenom == "Basile"
    assert petition.copetitionnaires.count() == 1
    assert lettres("deja_copetitionnaire").get().destinataires == ["b@exemple.fr"]


def test_an_address_gets_no_more_letters_than_the_reglement_allows():
    ReglageInvitations.objects.create(par_adresse_et_jour=100)
    petition = PetitionFactory()
    rejoindre = {
        "prenom": "B",
        "nom": "F",
        "courriel": "b@exemple.fr",
        "commune": commune(),
        "qualite": "resident",
    }

    for _ in range(petition.reglement.courriels_max + 3):
        copetitionnaires.demander_a_rejoindre(petition, **rejoindre)

    assert lettres("inviter_copetitionnaires").count() == petition.reglement.courriels_max


def test_those_who_do_not_answer_are_reminded_after_the_delay_and_not_before():
    petition = PetitionFactory()
    CoPetitionnaireFactory(
        petition=petition, invite_le=timezone.now() - timedelta(days=8), courriel="vieux@exemple.fr"
    )
    CoPetitionnaireFactory(petition=petition)

    assert copetitionnaires.relancer_copetitionnaires(petition, par=petition.auteur) == 1
    with pytest.raises(ErreurMetier, match="Personne à relancer"):
        copetitionnaires.relancer_copetitionnaires(petition, par=petition.auteur)

    lettre = lettres("inviter_copetitionnaires").get()
    assert lettre.destinataires == ["vieux@exemple.fr"]
    assert lettre.sujet.startswith("Rappel")


def test_a_petition_is_deposed_with_all_that_the_reglement_and_the_law_ask():
    ReglageService.objects.update_or_create(
        pk=1, defaults={"contact": "service@exemple.fr", "voies_de_recours": "Sans réponse : voir la page."}
    )
    petition = complete()

    actions.deposer(petition, par=petition.auteur)

    petition.refresh_from_db()
    echeance = petition.echeances.get()
    assert petition.etat == Etat.DEPOSEE
    assert petition.reference.startswith("PET-")
    assert (echeance.cle, echeance.est_legale, echeance.rappels) == ("recevabilite", True, [30, 15, 7])
    assert echeance.date_limite == ajouter_mois(
        timezone.localdate(), petition.reglement.delai_recevabilite_mois
    )
    assert petition.journal.filter(acte="deposer").count() == 1
    accuse = lettres("deposer").get()
    assert accuse.destinataires == [petition.auteur.courriel]
    for mot in (petition.reference, "L112-3", "R112-5", "Sans réponse : voir la page.", "service@exemple.fr"):
        assert mot in accuse.corps
    assert lettres("deposer_copetitionnaires").count() == 2
    assert lettres("deposer_service").get().destinataires == ["service@exemple.fr"]


def test_a_petition_lacking_one_copetitionnaire_is_not_deposed():
    petition = complete(3)
    CoPetitionnaire.objects.filter(petition=petition).exclude(
        courriel=petition.auteur.courriel
    ).first().delete()

    with pytest.raises(ErreurMetier, match="Il manque 1 co-pétitionnaire"):
        actions.deposer(petition, par=petition.auteur)

    petition.refresh_from_db()
    assert petition.etat == Etat.BROUILLON
    assert not Courriel.objects.exists()


@pytest.mark.parametrize("champ", ["demande", "raisons", "competence", "nom_auteur"])
def test_a_petition_with_a_hole_is_not_deposed(champ):
    petition = complete()
    Petition.objects.filter(pk=petition.pk).update(**{champ: ""})

    with pytest.raises(ErreurMetier):
        actions.deposer(petition, par=petition.auteur)


def test_the_reglement_is_the_one_of_the_day_of_the_deposit():
    petition = complete()
    ancien = petition.reglement
    hier = timezone.localdate() - timedelta(days=1)
    ReglementPetition.objects.filter(pk=ancien.pk).update(en_vigueur_au=hier)
    neuf = ReglementPetition.objects.get(pk=ancien.pk)
    neuf.pk, neuf.version, neuf.en_vigueur_du, neuf.en_vigueur_au = None, "2026-2", timezone.localdate(), None
    neuf.delai_recevabilite_mois = 3
    neuf.save()

    actions.deposer(petition, par=petition.auteur)

    petition.refresh_from_db()
    assert petition.reglement == neuf
    assert petition.echeances.get().date_limite == ajouter_mois(timezone.localdate(), 3)


def test_a_draft_given_up_keeps_nothing_of_anybody():
    petition = complete()
    autres = list(petition.copetitionnaires.exclude(courriel=petition.auteur.courriel))

    actions.retirer(petition, par=petition.auteur)

    petition.refresh_from_db()
    assert petition.etat == Etat.RETIREE
    assert (petition.demande, petition.nom_auteur, petition.copetitionnaires.count()) == ("", "", 0)
    assert [c.destinataires[0] for c in lettres("abandonner_brouillon")] == [c.courriel for c in autres]
    assert petition not in Petition.objects.visibles_par(CompteFactory(agent=True))


@pytest.mark.parametrize("etat", ["deposee", "recevable", "en_collecte", "suspendue"])
def test_the_author_takes_a_petition_back_and_everyone_is_told(etat):
    if etat == "suspendue":
        petition = PetitionFactory(en_collecte=True, etat=Etat.SUSPENDUE, etat_suspendu=Etat.EN_COLLECTE)
    else:
        petition = PetitionFactory(**{etat: True})
    CoPetitionnaireFactory(petition=petition, confirme=True)
    CompteFactory(agent=True)

    actions.retirer(petition, par=petition.auteur, motif="Satisfaits.")

    petition.refresh_from_db()
    assert petition.etat == Etat.RETIREE
    assert petition.clos_le is not None
    assert petition.conservation_jusqu_au is not None
    assert lettres("retirer").count() == 2
    assert lettres("retirer_service").count() == 1


def test_a_petition_that_the_council_has_is_no_longer_taken_back():
    petition = PetitionFactory(a_debattre=True)

    with pytest.raises(ActeInterdit):
        actions.retirer(petition, par=petition.auteur)


def test_pages_of_a_draft_are_closed_to_others(client):
    petition = PetitionFactory()
    client.force_login(CompteFactory(agent=True))

    for nom, args in (
        ("rediger", [petition.pk]),
        ("rediger", [petition.pk, "competence"]),
        ("copetitionnaires", [petition.pk]),
        ("deposer", [petition.pk]),
        ("retirer", [petition.pk]),
        ("ma_petition", [petition.pk]),
        ("dossier", [petition.pk]),
    ):
        assert client.get(reverse(f"petitions:{nom}", args=args)).status_code == 404


def test_a_bad_answer_loses_nothing_and_later_keeps_what_is_there(client):
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "demande"])

    refusee = client.post(url, {"titre": "Un titre", "demande": "Nous demandons cela", "raisons": ""})
    gardee = client.post(
        url, {"titre": "Un titre", "demande": "Nous demandons cela", "raisons": "", "plus_tard": "oui"}
    )

    assert "Nous demandons cela" in refusee.content.decode()
    assert "Dites pourquoi" in refusee.content.decode()
    assert gardee.url == reverse("petitions:mes_petitions")
    petition.refresh_from_db()
    assert (petition.titre, petition.demande, petition.raisons) == ("Un titre", "Nous demandons cela", "")


def test_nothing_is_kept_before_something_is_written(client):
    client.force_login(CompteFactory())

    assert client.get(reverse("petitions:nouvelle")).status_code == 200
    assert not Petition.objects.exists()
    reponse = client.post(
        reverse("petitions:nouvelle"),
        {"titre": "Une piste", "demande": "Nous demandons", "raisons": "Le danger"},
    )
    assert reponse.url == reverse("petitions:rediger", args=[Petition.objects.get().pk, "competence"])


def test_an_account_holds_a_few_drafts_and_is_told_when_it_has_too_many(client):
    auteur = CompteFactory()
    PetitionFactory.create_batch(actions.BROUILLONS_MAX, auteur=auteur)
    client.force_login(auteur)

    page = client.post(
        reverse("petitions:nouvelle"), {"titre": "Encore une", "demande": "Nous demandons", "raisons": "Ceci"}
    ).content.decode()

    assert "Encore une" in page
    assert "supprimez-en un" in page


@pytest.mark.parametrize("donnees", [{"retirer": "x"}, {"retirer": "99"}])
def test_a_button_s_number_that_means_nothing_breaks_nothing(client, donnees):
    petition = PetitionFactory()
    client.force_login(petition.auteur)

    for nom, args in (("copetitionnaires", [petition.pk]), ("rediger", [petition.pk, "pieces"])):
        assert client.post(reverse(f"petitions:{nom}", args=args), donnees).status_code in {404, 409}


@pytest.mark.parametrize("titre", ["\0\0 titre avec zéro", "' | & ! :* <->", "le la les des un", "x" * 5000])
def test_any_title_typed_gives_an_answer(client, titre):
    assert client.get(reverse("petitions:proches"), {"titre": titre}).status_code == 200


def test_opening_the_letter_s_link_confirms_nothing(client):
    copetitionnaire = CoPetitionnaireFactory()
    url = reverse(
        "petitions:confirmer_copetitionnaire",
        args=[copetitionnaires.LIEN_COPETITIONNAIRE.jeton(copetitionnaire.pk)],
    )

    page = client.get(url)
    copetitionnaire.refresh_from_db()
    assert copetitionnaire.confirme_le is None
    assert "Je porte cette pétition" in page.content.decode()

    client.post(url, {**reponses(commune=commune("Jarrie").pk), "confirmer": "oui"})
    copetitionnaire.refresh_from_db()
    assert copetitionnaire.confirme_le is not None
    assert client.get(url[:-3] + "x/").status_code == 404


def test_the_shared_link_answers_the_same_whatever_the_address(client):
    petition = PetitionFactory()
    CoPetitionnaireFactory(petition=petition, confirme=True, courriel="connue@exemple.fr")
    CoPetitionnaireFactory(petition=petition, retire_le=timezone.now(), courriel="refus@exemple.fr")
    url = reverse("petitions:rejoindre", args=[copetitionnaires.LIEN_INVITATION.jeton(petition.pk)])

    pages = {
        client.post(url, {**reponses(commune=commune("Jarrie").pk), "courriel": courriel}).content.decode()
        for courriel in ("neuve@exemple.fr", "connue@exemple.fr", "refus@exemple.fr")
    }

    assert len(pages) == 1
    assert "Ouvrez le courriel" in pages.pop()


def test_similar_petitions_are_shown_while_the_title_is_typed(client):
    PetitionFactory(en_collecte=True, titre="Ouvrir les déchèteries le dimanche matin")
    PetitionFactory(deposee=True, titre="Ouvrir la déchèterie de Vif le dimanche")
    PetitionFactory(en_collecte=True, titre="Planter des arbres place Grenette")

    fragment = client.get(
        reverse("petitions:proches"), {"titre": "Ouverture des dechetteries le dimanche"}
    ).content.decode()

    assert "dimanche matin" in fragment
    assert "Vif" not in fragment
    assert "Grenette" not in fragment


def test_ten_petitions_cost_what_one_costs(client, django_assert_num_queries):
    auteur = CompteFactory()
    client.force_login(auteur)
    PetitionFactory(auteur=auteur)
    PetitionFactory(auteur=auteur, deposee=True)
    url = reverse("petitions:mes_petitions")
    client.get(url)
    with CaptureQueriesContext(connection) as peu:
        client.get(url)
    PetitionFactory.create_batch(5, auteur=auteur, deposee=True)
    PetitionFactory.create_batch(5, auteur=auteur)

    with django_assert_num_queries(len(peu)):
        client.get(url)


# Races


@pytest.mark.django_db(transaction=True)
def test_two_clicks_depose_one_petition():
    petition = complete()

    issues = ensemble(
        *[lambda: actions.deposer(Petition.objects.get(pk=petition.pk), par=petition.auteur)] * 4
    )

    assert issues == ["ActeInterdit"] * 3 + ["fait"]
    assert Entree.objects.filter(acte="deposer").count() == 1
    assert lettres("deposer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_at_the_same_time_never_leaves_a_petition_short():
    for _ in range(4):
        petition = complete()
        dernier = petition.copetitionnaires.order_by("pk").last()

        ensemble(
            lambda p=petition: actions.deposer(Petition.objects.get(pk=p.pk), par=p.auteur),
            lambda d=dernier: copetitionnaires.retirer_copetitionnaire(CoPetitionnaire.objects.get(pk=d.pk)),
        )

        depot = Entree.objects.filter(dossier=petition, acte="deposer").first()
        retrait = Entree.objects.get(dossier=petition, acte="retirer_copetitionnaire")
        if depot is not None:
            assert depot.details["copetitionnaires"] == 3
            assert depot.pk < retrait.pk


# A text that changes after people confirmed it


def confirmee(petition: Petition, courriel: str = "lea@exemple.fr") -> CoPetitionnaire:
    copetitionnaire = CoPetitionnaireFactory(petition=petition, courriel=courriel)
    copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses())
    return copetitionnaire


def page_de(client, copetitionnaire: CoPetitionnaire) -> str:
    jeton = copetitionnaires.LIEN_COPETITIONNAIRE.jeton(copetitionnaire.pk)
    return client.get(reverse("petitions:confirmer_copetitionnaire", args=[jeton])).content.decode()


def changer(petition: Petition, demande: str) -> None:
    actions.enregistrer_brouillon(petition, par=petition.auteur, demande=demande)
    Petition.objects.filter(pk=petition.pk).update(modifie_le=timezone.now() - timedelta(hours=1))
    changements.prevenir_des_changements()


def test_who_confirmed_a_text_is_told_that_it_changed_and_sees_the_difference(client):
    petition = complete(demande="Nous demandons cinquante bancs.")
    lea = confirmee(petition)
    assert "Ce qui a changé" not in page_de(client, lea)

    actions.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")
    changements.prevenir_des_changements()
    assert not lettres("prevenir_du_changement").exists(), "L’auteur écrit encore."
    changer(petition, "Nous demandons trente bancs !")
    changements.prevenir_des_changements()

    siennes = lettres("prevenir_du_changement").filter(destinataires=["lea@exemple.fr"])
    assert "bancs" not in siennes.get().sujet + siennes.get().corps
    page = page_de(client, lea)
    assert "<del>cinquante</del>" in page
    assert "<ins>trente</ins>" in page
    assert "Retirer mon nom" in page
    ligne = petition.journal.filter(acte="prevenir_du_changement").get()
    assert ligne.fait == "Texte changé après confirmation : 3 co-pétitionnaires prévenus"
    assert not ligne.details
    # Who confirms the new text has nothing to be told; who was told today is told again at the deposit at the latest.
    nora = confirmee(petition, "nora@exemple.fr")
    assert "Ce qui a changé" not in page_de(client, nora)
    changer(petition, "Nous demandons dix bancs.")
    assert siennes.count() == 1
    assert lettres("prevenir_du_changement").filter(destinataires=["nora@exemple.fr"]).count() == 1
    actions.deposer(petition, par=petition.auteur)
    assert siennes.count() == 2
    assert "quand elle sera déposée" not in page_de(client, lea)
    assert lettres("prevenir_du_changement").filter(destinataires=["nora@exemple.fr"]).count() == 1
    assert not lettres("prevenir_du_changement").filter(destinataires=[petition.auteur.courriel]).exists()


def test_a_text_put_back_as_it_was_tells_nobody_anything(client):
    petition = complete(demande="Nous demandons cinquante bancs.")
    lea = confirmee(petition)

    actions.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")
    changer(petition, "Nous demandons cinquante bancs.")
    actions.deposer(petition, par=petition.auteur)

    assert not lettres("prevenir_du_changement").exists()
    assert "Ce qui a changé" not in page_de(client, lea)


def test_the_author_is_warned_before_she_changes_what_others_confirmed(client):
    petition = complete()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "demande"])

    assert "2 personnes ont confirmé ce texte" in client.get(url).content.decode()


# Those who have no mail: a sheet


def saisir(feuille: FeuilleCopetitionnaires, par, prenom: str = "Basile", **champs) -> CoPetitionnaire:
    return feuilles.saisir_copetitionnaire(
        feuille,
        par=par,
        **{"prenom": prenom, "nom": "Faure", "commune": commune("Jarrie"), "qualite": "resident", **champs},
    )


def test_a_sheet_is_printed_signed_entered_by_an_agent_and_counted(client):
    petition, agent = complete(requis=5), CompteFactory(agent=True)
    petition.copetitionnaires.filter(nom__startswith="Copet").delete()
    client.force_login(petition.auteur)
    reponse = client.post(reverse("petitions:copetitionnaires", args=[petition.pk]), {"feuille": "oui"})
    feuille = petition.feuilles_copetitionnaires.get()
    page = client.get(reponse.url).content.decode()
    for mots in (
        petition.titre,
        petition.demande,
        petition.raisons,
        feuille.cle,
        "3 rue Malakoff",
        "data:image/svg",
    ):
        assert mots in page

    saisie = reverse("petitions:saisir_copetitionnaire", args=[feuille.cle])
    assert client.get(saisie).status_code == 403, "L’auteur ne saisit pas lui-même."
    client.force_login(agent)
    code = f"{feuille.cle[:4].lower()} {feuille.cle[4:]}"
    assert client.post(reverse("petitions:code_de_feuille"), {"code": code}).url == saisie
    assert (
        "Aucune feuille"
        in client.post(reverse("petitions:code_de_feuille"), {"code": "INCONNU2"}).content.decode()
    )
    ligne = {"prenom": "Basile", "nom": "Faure", "commune": commune("Jarrie").pk, "qualite": "resident"}
    for prenom in ("Basile", "Nora", "Omar", "Rose"):
        assert client.post(saisie, {**ligne, "prenom": prenom}).status_code == 302
    assert "Du même nom" in client.post(saisie, ligne).content.decode()

    assert petition.copetitionnaires.confirmes().count() == 5
    assert [
        entree.fait for entree in petition.journal.filter(acte="saisir_copetitionnaire").order_by("pk")
    ] == [f"Co-pétitionnaire saisi d’une feuille papier ({n} sur 5)" for n in (2, 3, 4, 5)]
    assert lettres("copetitionnaires_reunis").count() == 1
    rose = petition.copetitionnaires.get(prenom="Rose")
    client.post(reverse("petitions:effacer_copetitionnaire", args=[feuille.cle, rose.pk]))
    assert petition.copetitionnaires.confirmes().count() == 4
    saisir(feuille, agent, "Rose")
    actions.deposer(petition, par=petition.auteur)
    assert petition.etat == Etat.DEPOSEE
    assert lettres("deposer_copetitionnaires").count() == 0
    with pytest.raises(ErreurMetier):
        saisir(feuille, agent, "Léa")
    assert "est déposée" in client.get(saisie).content.decode()


def test_who_signed_another_text_on_paper_counts_no_more_until_it_is_hers_again():
    petition, agent = complete(demande="Nous demandons cinquante bancs."), CompteFactory(agent=True)
    feuille = feuilles.preparer_feuille(petition, par=petition.auteur)
    saisir(feuille, agent)
    assert petition.copetitionnaires.confirmes().count() == 4

    actions.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")

    assert petition.copetitionnaires.confirmes().count() == 3
    assert petition.journal.latest("pk").fait == "Texte changé : 1 signature sur papier à refaire"
    feuille.refresh_from_db()
    with pytest.raises(ErreurMetier, match="ne vaut plus"):
        saisir(feuille, agent, "Nora")
    actions.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons cinquante bancs.")
    assert petition.copetitionnaires.confirmes().count() == 4
