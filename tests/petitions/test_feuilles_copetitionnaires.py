"""Text changed after co-pétitionnaires confirmed it, and co-pétitionnaires on a paper sheet."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.models import ReglageService
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.copetitionnaires import feuilles, textes
from petitions.copetitionnaires.lectures import liste_de
from petitions.depot import actes as depot
from petitions.models import CoPetitionnaire, FeuilleCopetitionnaires, Petition
from petitions.workflow import Etat
from tests.petitions.brouillon import complete, reponses
from tests.petitions.factories import CoPetitionnaireFactory, lettres
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


# Text changed after confirmations


def confirmee(petition: Petition, courriel: str = "lea@exemple.fr") -> CoPetitionnaire:
    copetitionnaire = CoPetitionnaireFactory(petition=petition, courriel=courriel)
    copetitionnaires.confirmer_copetitionnaire(copetitionnaire, **reponses())
    return copetitionnaire


def page_de(client, copetitionnaire: CoPetitionnaire) -> str:
    jeton = copetitionnaire.jeton()
    return client.get(reverse("petitions:confirmer_copetitionnaire", args=[jeton])).content.decode()


def changer(petition: Petition, demande: str) -> None:
    depot.enregistrer_brouillon(petition, par=petition.auteur, demande=demande)
    Petition.objects.filter(pk=petition.pk).update(modifie_le=timezone.now() - timedelta(hours=1))
    textes.prevenir_des_changements()


def test_who_confirmed_a_text_is_told_that_it_changed_and_sees_the_difference(client):
    petition = complete(demande="Nous demandons cinquante bancs.")
    lea = confirmee(petition)
    assert "Ce qui a changé" not in page_de(client, lea)

    depot.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")
    textes.prevenir_des_changements()
    assert not lettres("prevenir_du_changement").exists(), "L’auteur écrit encore."
    changer(petition, "Nous demandons trente bancs !")
    textes.prevenir_des_changements()

    siennes = lettres("prevenir_du_changement").filter(destinataires=["lea@exemple.fr"])
    assert "bancs" not in siennes.get().sujet + siennes.get().corps
    page = page_de(client, lea)
    assert "<del>cinquante</del>" in page
    assert "<ins>trente</ins>" in page
    assert "Retirer mon nom" in page
    ligne = petition.journal.filter(acte="prevenir_du_changement").get()
    assert ligne.fait == "Texte changé après confirmation : 3 co-pétitionnaires prévenus"
    assert not ligne.details
    # Who confirms the new text sees no change; who got a letter today gets the next at the deposit at the latest.
    nora = confirmee(petition, "nora@exemple.fr")
    assert "Ce qui a changé" not in page_de(client, nora)
    changer(petition, "Nous demandons dix bancs.")
    assert siennes.count() == 1
    assert lettres("prevenir_du_changement").filter(destinataires=["nora@exemple.fr"]).count() == 1
    depot.deposer(petition, par=petition.auteur)
    assert siennes.count() == 2
    assert "quand elle sera déposée" not in page_de(client, lea)
    assert lettres("prevenir_du_changement").filter(destinataires=["nora@exemple.fr"]).count() == 1
    assert not lettres("prevenir_du_changement").filter(destinataires=[petition.auteur.courriel]).exists()


def test_a_text_put_back_as_it_was_tells_nobody_anything(client):
    petition = complete(demande="Nous demandons cinquante bancs.")
    lea = confirmee(petition)

    depot.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")
    changer(petition, "Nous demandons cinquante bancs.")
    depot.deposer(petition, par=petition.auteur)

    assert not lettres("prevenir_du_changement").exists()
    assert "Ce qui a changé" not in page_de(client, lea)


def test_the_author_is_warned_before_she_changes_what_others_confirmed(client):
    petition = complete()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "demande"])

    assert "2 personnes ont confirmé ce texte" in client.get(url).content.decode()


# Co-pétitionnaires without email: a sheet


def saisir(feuille: FeuilleCopetitionnaires, par, prenom: str = "Basile", **champs) -> CoPetitionnaire:
    return feuilles.saisir_copetitionnaire(
        feuille,
        par=par,
        **{"prenom": prenom, "nom": "Faure", "commune": commune("Jarrie"), "qualite": "resident", **champs},
    )


def test_a_sheet_is_printed_signed_entered_by_an_agent_and_counted(client):
    petition, agent = complete(requis=5), CompteFactory(agent=True)
    petition.copetitionnaires.filter(nom__startswith="Copet").delete()
    ReglageService.objects.update_or_create(pk=1, defaults={"adresse_postale": "3 rue Malakoff"})
    client.force_login(petition.auteur)
    reponse = client.post(reverse("petitions:copetitionnaires", args=[petition.pk]), {"feuille": "oui"})
    feuille = petition.feuilles_copetitionnaires.get()
    page = client.get(reponse.url).content.decode()
    for mots in (
        petition.titre,
        petition.demande,
        petition.raisons,
        feuille.cle,
        "3\xa0rue Malakoff",
        "data:image/svg",
    ):
        assert mots in page

    saisie = reverse("petitions:saisir_copetitionnaire", args=[feuille.cle])
    assert client.get(saisie).status_code == 403, "L’auteur ne saisit pas lui-même."
    client.force_login(agent)
    code = f"{feuille.cle[:4].lower()} {feuille.cle[4:]}"
    assert client.post(reverse("petitions:code_de_feuille"), {"code": code}).url == saisie
    page = client.get(saisie).content.decode()
    assert "data-entree-envoie" in page  # Entrée also saves from a list
    assert "js/saisie.js" in page
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
    depot.deposer(petition, par=petition.auteur)
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

    depot.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons trente bancs.")

    assert petition.copetitionnaires.confirmes().count() == 3
    assert petition.journal.latest("pk").fait == "Texte changé : 1 signature sur papier à refaire"
    dite = liste_de(petition)
    assert (dite["attendus"], dite["a_refaire"]) == ([], 1), "Elle a répondu : sa feuille est à refaire."
    feuille.refresh_from_db()
    with pytest.raises(ErreurMetier, match="ne vaut plus"):
        saisir(feuille, agent, "Nora")
    depot.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons cinquante bancs.")
    assert petition.copetitionnaires.confirmes().count() == 4
