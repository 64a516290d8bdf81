"""Two close pétitions gathered with the consent of both authors: no signature moves, each signer is told."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from petitions import rapprochement as actes
from petitions.models import Petition, Rapprochement, Signature
from petitions.workflow import Etat
from tests.greffons.guichet import Guichet
from tests.outils import jour, lire
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory, lettres
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux():
    """One that would stop, with a paper signature and one online, and one that would go on."""
    une = PetitionFactory(en_collecte=True, titre="Des bancs à Vizille")
    SignatureFactory(petition=une, confirmee=True, courriel="lea@exemple.fr", prenom="Léa")
    SignatureFactory(petition=une, confirmee=True, origine="papier", courriel=None, courriel_canonique=None)
    return une, PetitionFactory(en_collecte=True, titre="Des bancs dans toute la vallée")


def proposer(une, autre, agent, texte="Les deux demandent des bancs.", **champs):
    jour = timezone.localdate() + timedelta(days=10)
    return actes.proposer_rapprochement(une, par=agent, vers=autre, texte=texte, date_limite=jour, **champs)


def lien_recu(acte, adresse):
    corps = lettres(acte).get(destinataires=[adresse]).corps
    return re.search(r"https?://[^/\s]+(/petitions/\S+)", corps)[1]


def test_both_authors_accept_one_petition_stops_and_no_signature_moves(client, deux, agent):
    une, autre = deux
    CoPetitionnaireFactory(petition=une, confirme=True, courriel="basile@exemple.fr")
    proposer(une, autre, agent)
    liens = [lien_recu("proposer_rapprochement", p.auteur.courriel) for p in deux]
    assert "Je refuse" in client.get(liens[0]).content.decode()
    assert "en a 2" in lire(client.get(liens[0]))
    assert "1 est sur papier" in lire(client.get(liens[0]))
    client.force_login(une.auteur)
    page = client.get(reverse("petitions:ma_petition", args=[une.pk])).content.decode()
    assert liens[0].partition(":")[0] in page  # the rest of a token says when it was signed

    client.post(liens[0], {"acte": "accepter_rapprochement"})
    une.refresh_from_db()
    assert une.etat == Etat.EN_COLLECTE, "Un seul auteur a répondu."
    client.post(liens[1], {"acte": "accepter_rapprochement"})

    une.refresh_from_db()
    autre.refresh_from_db()
    assert (une.etat, une.reunie_a, autre.etat) == (Etat.RETIREE, autre, Etat.EN_COLLECTE)
    assert une.signatures.count() == 2
    assert not autre.signatures.exists()
    assert not une.echeances.ouvertes().exists()
    assert {a for [a] in lettres("reunir").values_list("destinataires", flat=True)} == {
        une.auteur.courriel,
        "basile@exemple.fr",
    }
    assert lettres("accueillir").get().destinataires == [autre.auteur.courriel]
    for petition, dit in ((une, "est réunie à une autre"), (autre, "Réunie à cette pétition")):
        assert dit in lire(client.get(petition.get_public_url()))
    page = client.get(une.get_public_url()).content.decode()
    [ensuite] = re.findall(rf'<a href="{autre.get_public_url()}">(.*?)</a></p>', page)
    assert f"réunie à la pétition {autre.reference}" in strip_tags(ensuite)
    assert "etirée par ses auteurs" not in page
    assert "ont retiré la pétition" not in page


def test_each_signer_with_an_address_is_told_once_and_signs_the_other_one_only_by_her_own_gesture(
    client, deux, agent
):
    une, autre = deux
    # Somebody else of the household, at the same address.
    SignatureFactory(petition=une, etat="confirmee", confirmee_le=timezone.now(), rang=2, courriel="lea@exemple.fr", prenom="Noé")  # fmt: skip
    rapprochement = proposer(une, autre, agent)
    for petition in deux:
        actes.accepter_rapprochement(rapprochement, cote=petition.pk)
    assert not lettres("dire_la_reunion").exists(), "Le travailleur écrit, hors des verrous de l’acte."

    actes.dire_les_reunions()
    actes.dire_les_reunions()

    recues = lettres("dire_la_reunion")
    assert [lettre.destinataires for lettre in recues] == [["lea@exemple.fr"]] * 2
    sienne = next(lettre for lettre in recues if "Léa" in lettre.corps)
    lien = re.search(r"https?://[^/\s]+(/petitions/signature/\S+)", sienne.corps)[1]
    assert "Je signe" in client.get(lien).content.decode()
    assert not autre.signatures.exists()
    for _ in range(2):
        assert client.post(lien).status_code == 302
    signee = autre.signatures.get()
    assert (signee.prenom, signee.etat, signee.accord_nouvelles) == ("Léa", "confirmee", False)
    Petition.objects.filter(pk=autre.pk).update(etat=Etat.COLLECTE_CLOSE, collecte_close_le=timezone.now())
    assert "ne se signe pas par ce lien" in lire(client.get(lien))


def test_one_refusal_changes_nothing_and_tells_the_other_author_and_the_service(client, deux, agent):
    une, autre = deux
    rapprochement = proposer(une, autre, agent)
    actes.accepter_rapprochement(rapprochement, cote=une.pk)

    actes.refuser_rapprochement(rapprochement, cote=autre.pk)

    une.refresh_from_db()
    assert une.etat == Etat.EN_COLLECTE
    assert lettres("refuser_rapprochement").get().destinataires == [une.auteur.courriel]
    assert lettres("refuser_rapprochement_service").exists()
    assert not une.echeances.ouvertes().filter(cle="rapprochement").exists()
    with pytest.raises(ActeInterdit, match="refusé par un auteur"):
        actes.accepter_rapprochement(rapprochement, cote=autre.pk)
    reponse = client.post(rapprochement.lien_de(autre), {"acte": "accepter_rapprochement"})
    assert reponse.status_code == 409


def test_the_words_of_a_petition_that_the_comite_has_not_read_are_not_shown_to_the_other_author(
    client, agent
):
    une = PetitionFactory(deposee=True, titre="Un titre jamais lu", demande="Des mots jamais lus.")
    autre = PetitionFactory(recevable=True, titre="Une pétition recevable")
    rapprochement = proposer(une, autre, agent)

    a_l_autre = lettres("proposer_rapprochement").get(destinataires=[autre.auteur.courriel])
    page = lire(client.get(rapprochement.lien_de(autre)))
    for texte in (a_l_autre.corps, page):
        assert "jamais lu" not in texte
        assert une.reference in texte
    assert "Une pétition recevable" in lire(client.get(rapprochement.lien_de(une)))
    assert client.get(rapprochement.lien_de(une).replace(str(une.pk), str(autre.pk))).status_code == 404


def test_a_petition_joins_only_one_that_goes_on_and_one_proposal_at_a_time(client, deux, agent):
    une, autre = deux
    troisieme = PetitionFactory(deposee=True)
    with pytest.raises(ValidationError, match="ne peut plus en accueillir"):
        proposer(une, troisieme, agent)  # its signers could not sign it today
    rapprochement = proposer(une, autre, agent)

    # Another window, older: the same proposal, then the one that crosses it.
    for celle_ci, vers in ((une, autre), (autre, une), (une, PetitionFactory(en_collecte=True))):
        with pytest.raises(ErreurMetier, match="déjà proposé"):
            proposer(celle_ci, vers, CompteFactory(agent=True))
    client.force_login(agent)
    dossier = client.get(autre.get_absolute_url()).content.decode()
    assert reverse("petitions:annuler_rapprochement", args=[rapprochement.pk]) in dossier

    Petition.objects.filter(pk=autre.pk).update(etat=Etat.COLLECTE_CLOSE)
    rapprochement = Rapprochement.objects.get()
    with pytest.raises(ActeInterdit, match="n’en est plus là"):
        actes.accepter_rapprochement(rapprochement, cote=une.pk)
    actes.annuler_rapprochement(rapprochement, par=agent)
    assert lettres("refuser_rapprochement").count() == 2
    assert Signature.objects.filter(petition=une).count() == 2


def test_answers_are_expected_on_a_day_to_come(deux, agent):
    (une, autre), guichet = deux, Guichet(agent, en_hate=True)
    page = reverse("petitions:proposer_rapprochement", args=[une.pk])
    guichet.valider(
        page,
        vers=autre.pk,
        texte="Les deux demandent des bancs.",
        date_limite=timezone.localdate().isoformat(),
    )
    assert "Choisissez un jour à venir." in guichet.dit
    assert not Rapprochement.objects.exists()
    guichet.valider(date_limite=jour(9).isoformat())
    assert Rapprochement.objects.get().date_limite == jour(9)
