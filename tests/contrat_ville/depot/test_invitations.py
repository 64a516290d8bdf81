"""Invitations into a team: nothing of a stranger in the letter, nothing given before the person accepts."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import equipe
from contrat_ville.models import Equipier, Projet
from contrat_ville.models.porteurs import adresses_de
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, ReglagePorte
from tests.contrat_ville.factories import ProgrammationFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
HAMECON = "URGENT votre compte http://evil.example"


@pytest.fixture
def piege(db):
    """A draft whose title and author are a phishing letter."""
    elle = CompteFactory(prenom="Service des impots,", nom="http://evil.example/payer")
    return brouillon_du_depot.commencer(par=elle, programmation=ProgrammationFactory(), titre=HAMECON)


def inviter(projet, courriel="lea@example.org", role="redacteur", par=None):
    return equipe.inviter_equipier(projet, par=par or projet.auteur, courriel=courriel, role=role)


def test_no_word_of_a_stranger_is_carried_by_an_invitation_nor_by_a_removal(piege) -> None:
    lea = inviter(piege)
    equipe.rejoindre_equipe(lea, par=lea.compte)
    equipe.retirer_equipier(lea, par=piege.auteur)
    annulee = inviter(piege, "b@example.org")
    equipe.retirer_equipier(annulee, par=piege.auteur)

    lettres = Courriel.objects.all()
    assert sorted(lettre.acte for lettre in lettres) == [
        "contrat_ville/inviter_equipier",
        "contrat_ville/inviter_equipier",
        "contrat_ville/retirer_equipier",
    ]
    for lettre in lettres:
        assert "evil" not in f"{lettre.sujet}{lettre.corps}{lettre.expediteur}{lettre.entetes}"
        assert "impots" not in lettre.sujet + lettre.corps
        assert lettre.repondre_a == ""


def test_who_has_not_accepted_reads_nothing_and_gets_no_letter_of_the_team(client, piege) -> None:
    lea = inviter(piege, role="signataire")
    client.force_login(lea.compte)

    assert client.get(piege.get_porteur_url()).status_code == 404
    assert not Projet.objects.visibles_par(lea.compte).filter(pk=piege.pk).exists()
    with pytest.raises(RoleInsuffisant):
        brouillon_du_depot.enregistrer_brouillon(piege, par=lea.compte, objet="Moi.")
    ecrire_a_l_equipe(piege, "deposer")
    assert adresses_de(piege) == [piege.auteur.courriel]
    assert not Courriel.objects.filter(
        acte="contrat_ville/deposer", destinataires__contains=["lea@example.org"]
    ).exists()


def test_inviting_an_elue_does_not_set_her_aside_from_the_decision(piege) -> None:
    elue = CompteFactory()
    lea = inviter(piege, elue.courriel)
    assert elue.pk not in Projet.objects.get(pk=piege.pk).comptes_deportes()

    equipe.rejoindre_equipe(lea, par=elue)
    assert elue.pk in Projet.objects.get(pk=piege.pk).comptes_deportes()


def test_she_accepts_or_refuses_on_the_page_of_the_letter(client, piege) -> None:
    lea = inviter(piege)
    adresse = reverse("contrat_ville:rejoindre_equipe", args=[lea.pk])
    assert f"{adresse}\n" in Courriel.objects.get().corps
    client.force_login(CompteFactory())
    autre = client.get(adresse)
    assert autre.status_code == 404
    assert "Ce lien ne mène à aucune invitation" in autre.content.decode()  # as once it is withdrawn
    client.force_login(lea.compte)
    assert HAMECON in client.get(adresse).content.decode()
    assert adresse in client.get(reverse("contrat_ville:mes_projets")).content.decode()
    assert client.post(adresse).url == piege.get_porteur_url()
    assert client.get(piege.get_porteur_url()).status_code == 200
    with pytest.raises(ActeInterdit):
        equipe.rejoindre_equipe(Equipier.objects.get(pk=lea.pk), par=lea.compte)


def test_an_invitation_tells_nobody_the_name_of_the_account_of_an_address(client, piege) -> None:
    inconnue = CompteFactory(prenom="Lucie", nom="Perrin")
    client.force_login(piege.auteur)
    adresse = reverse("contrat_ville:inviter_equipier", args=[piege.pk])

    page = client.post(adresse, {"courriel": inconnue.courriel, "role": "redacteur"}, follow=True)

    assert inconnue.courriel in page.content.decode()
    assert "Lucie" not in page.content.decode()


def test_nobody_accepts_for_another(piege) -> None:
    with pytest.raises(RoleInsuffisant):
        equipe.rejoindre_equipe(inviter(piege), par=piege.auteur)


def test_who_refused_is_not_invited_again_by_this_person_nor_to_this_projet(client, piege) -> None:
    lea = inviter(piege)
    adresse = reverse("contrat_ville:retirer_equipier", args=[lea.pk])
    client.force_login(piege.auteur)
    assert "Annuler l’invitation" in client.get(adresse).content.decode()
    client.force_login(lea.compte)
    assert "Refuser l’invitation" in client.get(adresse).content.decode()
    assert "Vous avez refusé l’invitation." in client.post(adresse, follow=True).content.decode()
    assert not piege.equipe.filter(compte=lea.compte).exists()

    autre = brouillon_du_depot.commencer(par=piege.auteur, programmation=piege.programmation, titre="Un banc")
    for projet in (piege, autre):
        with pytest.raises(ErreurMetier, match="ne veut pas recevoir"):
            inviter(projet, "lea+1@example.org")
    assert Courriel.objects.count() == 1


def test_the_last_who_accepted_stays_whoever_was_invited(piege) -> None:
    inviter(piege, role="signataire")
    with pytest.raises(ErreurMetier, match="au moins un signataire"):
        equipe.retirer_equipier(piege.equipe.presents().get(), par=piege.auteur)


def test_twelve_letters_to_one_mailbox_are_two_and_the_others_are_said(client, piege) -> None:
    client.force_login(piege.auteur)
    adresse = reverse("contrat_ville:inviter_equipier", args=[piege.pk])

    pages = [
        client.post(adresse, {"courriel": f"victime10+{n}@example.org", "role": "redacteur"}, follow=True)
        for n in range(12)
    ]

    assert Courriel.objects.count() == 2
    assert "Une lettre vient de partir" in pages[0].content.decode()
    assert "aucune lettre n’est partie" in pages[-1].content.decode()
    with pytest.raises(ValidationError, match="déjà dans l’équipe"):
        inviter(piege, "victime10+3@example.org")


def test_one_person_invites_so_many_a_day_and_what_she_could_not_send_is_not_written(piege) -> None:
    ReglagePorte.objects.create(par_personne=3)
    for n in range(3):
        equipe.retirer_equipier(inviter(piege, f"a{n}@b{n}.example"), par=piege.auteur)

    with pytest.raises(ErreurMetier, match="continuez demain"):
        inviter(piege, "a4@b4.example")
    assert piege.equipe.count() == 1


def test_a_hundred_throw_away_invitations_close_a_provider_to_nobody(porteuse, brouillon) -> None:
    for rang in range(6):
        jetable = brouillon_du_depot.commencer(
            par=CompteFactory(), programmation=brouillon.programmation, titre="Jetable"
        )
        for n in range(17):
            inviter(jetable, f"jetable{rang}x{n}@orange.fr")

    assert inviter(brouillon, "amie@orange.fr").lettre_partie
