"""A pétition from draft to deposit, and its withdrawal."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Dossier, Entree, ReglageService
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.depot import actes as actes_depot
from petitions.depot import vues
from petitions.models import CoPetitionnaire, Petition, ReglementPetition
from petitions.workflow import Etat
from tests.outils import constant_queries, ensemble
from tests.petitions.brouillon import complete
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, lettres
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


def test_nobody_but_the_author_touches_a_draft():
    petition, agent = PetitionFactory(), CompteFactory(agent=True)

    for acte in (
        lambda: actes_depot.enregistrer_brouillon(petition, par=agent, titre="Autre"),
        lambda: copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation("b@exemple.fr")], par=agent
        ),
        lambda: copetitionnaires.relancer_copetitionnaires(petition, par=agent),
        lambda: actes_depot.deposer(petition, par=agent),
        lambda: actes_depot.retirer(petition, par=agent),
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


def test_a_petition_is_deposed_with_all_that_the_reglement_and_the_law_ask():
    ReglageService.objects.update_or_create(
        pk=1, defaults={"contact": "service@exemple.fr", "voies_de_recours": "Sans réponse : voir la page."}
    )
    petition = complete()

    actes_depot.deposer(petition, par=petition.auteur)

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
        actes_depot.deposer(petition, par=petition.auteur)

    petition.refresh_from_db()
    assert petition.etat == Etat.BROUILLON
    assert not Courriel.objects.exists()


def test_a_petition_with_a_hole_is_not_deposed():
    petition = complete()

    for champ in ("demande", "raisons", "competence", "nom_auteur"):
        Petition.objects.filter(pk=petition.pk).update(**{champ: ""})
        with pytest.raises(ErreurMetier):
            actes_depot.deposer(Petition.objects.get(pk=petition.pk), par=petition.auteur)
        Petition.objects.filter(pk=petition.pk).update(**{champ: getattr(petition, champ)})
    actes_depot.deposer(Petition.objects.get(pk=petition.pk), par=petition.auteur)


def test_the_reglement_is_the_one_of_the_day_of_the_deposit():
    petition = complete()
    ancien = petition.reglement
    hier = timezone.localdate() - timedelta(days=1)
    ReglementPetition.objects.filter(pk=ancien.pk).update(en_vigueur_au=hier)
    neuf = ReglementPetition.objects.get(pk=ancien.pk)
    neuf.pk, neuf.version, neuf.en_vigueur_du, neuf.en_vigueur_au = None, "2026-2", timezone.localdate(), None
    neuf.delai_recevabilite_mois = 3
    neuf.save()

    actes_depot.deposer(petition, par=petition.auteur)

    petition.refresh_from_db()
    assert petition.reglement == neuf
    assert petition.echeances.get().date_limite == ajouter_mois(timezone.localdate(), 3)


def test_a_draft_given_up_keeps_nothing_of_anybody():
    petition = complete()
    autres = list(petition.copetitionnaires.exclude(courriel=petition.auteur.courriel))

    actes_depot.retirer(petition, par=petition.auteur)

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

    actes_depot.retirer(petition, par=petition.auteur, motif="Satisfaits.")

    petition.refresh_from_db()
    assert petition.etat == Etat.RETIREE
    assert petition.clos_le is not None
    assert petition.conservation_jusqu_au is not None
    assert lettres("retirer").count() == 2
    assert lettres("retirer_service").count() == 1


def test_a_petition_that_the_council_has_is_no_longer_taken_back():
    petition = PetitionFactory(a_debattre=True)

    with pytest.raises(ActeInterdit):
        actes_depot.retirer(petition, par=petition.auteur)


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
    PetitionFactory.create_batch(actes_depot.BROUILLONS_MAX, auteur=auteur)
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


def test_four_petitions_cost_what_one_costs(client):
    auteur = CompteFactory()
    client.force_login(auteur)

    def fabriquer():
        PetitionFactory(auteur=auteur)
        PetitionFactory(auteur=auteur, deposee=True)

    constant_queries(client, reverse("petitions:mes_petitions"), fabriquer, lignes=6)


# Races


@pytest.mark.django_db(transaction=True)
def test_two_clicks_depose_one_petition():
    petition = complete()

    issues = ensemble(
        *[lambda: actes_depot.deposer(Petition.objects.get(pk=petition.pk), par=petition.auteur)] * 4
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
            lambda p=petition: actes_depot.deposer(Petition.objects.get(pk=p.pk), par=p.auteur),
            lambda d=dernier: copetitionnaires.retirer_copetitionnaire(CoPetitionnaire.objects.get(pk=d.pk)),
        )

        depot = Entree.objects.filter(dossier=petition, acte="deposer").first()
        retrait = Entree.objects.get(dossier=petition, acte="retirer_copetitionnaire")
        if depot is not None:
            assert depot.details["copetitionnaires"] == 3
            assert depot.pk < retrait.pk


def test_a_draft_opened_again_shows_what_was_answered(client):
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "vous"])
    dit = {
        "prenom": "Alma",
        "nom": "Roux",
        "nom_auteur": "Les amis du banc",
        "commune": commune().pk,
        "qualite": "resident",
        "atteste_age": "on",
    }
    assert client.get(url).context["form"]["nom"].value() == petition.auteur.nom
    client.post(url, dit)
    revu = client.get(url).context["form"]
    assert [revu[nom].value() for nom in ("prenom", "nom", "nom_auteur")] == [
        "Alma",
        "Roux",
        "Les amis du banc",
    ]

    url = reverse("petitions:rediger", args=[petition.pk, "competence"])
    client.post(url, {"competence": "La voirie.", "communes": [commune().pk]})
    assert list(client.get(url).context["form"]["communes"].value()) == [commune().pk]


def test_papers_are_joined_up_to_a_number_and_taken_away_by_their_author_alone(client, monkeypatch):
    monkeypatch.setattr(vues, "PIECES_MAX", 1)
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "pieces"])

    def joindre(nom):
        dit = {"titre": nom, "fichier": SimpleUploadedFile("p.txt", nom.encode())}
        return client.post(url, dit, follow=True).content.decode()

    assert "La pièce est jointe." in joindre("Le plan")
    assert "pièces au plus. Retirez-en une d’abord." in joindre("La photo")
    piece = petition.pieces.get()
    assert (piece.titre, piece.est_publique) == ("Le plan", True)
    ailleurs = PetitionFactory()
    client.force_login(ailleurs.auteur)
    assert (
        client.post(
            reverse("petitions:rediger", args=[ailleurs.pk, "pieces"]), {"retirer": piece.pk}
        ).status_code
        == 404
    )
    client.force_login(petition.auteur)
    client.post(url, {"retirer": piece.pk})
    piece.refresh_from_db()
    assert piece.retiree_le is not None


def test_who_stops_at_her_own_step_keeps_what_is_right_and_attests_nothing(client):
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "vous"])
    client.post(url, {"nom_auteur": "Les amis du banc", "commune": commune().pk, "plus_tard": "oui"})

    petition.refresh_from_db()
    assert (petition.nom_auteur, petition.commune_auteur) == ("Les amis du banc", commune())
    assert not petition.copetitionnaires.exists()
