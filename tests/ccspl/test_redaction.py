"""Joint writing of an avis: each proposition gets an answer, and no edit overwrites another."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ccspl.avis import lire, paragraphes_de
from ccspl.models import INSTANCE, Avis, Proposition
from ccspl.redaction import actes as redaction
from ccspl.redaction import preconisations, vote
from ccspl.redaction.actes import empreinte
from ccspl.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from tests.ccspl.factories import AvisFactory, ParagrapheFactory
from tests.greffons.guichet import Guichet
from tests.outils import ensemble
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def textes(avis):
    return [p.texte for p in paragraphes_de(avis)]


def test_a_pasted_text_becomes_paragraphs_and_a_version(avis, agent):
    redaction.rediger(avis, par=agent, texte="Un.\n\nDeux.")

    assert textes(avis) == ["Un.", "Deux."]
    version = avis.versions.get()
    assert version.paragraphes == ["Un.", "Deux."]
    assert version.sha256 == empreinte(["Un.", "Deux."])


def test_paragraphs_are_added_in_their_place_moved_and_removed(avis, agent):
    redaction.rediger(avis, par=agent, texte="Un.\n\nTrois.")
    un, trois = paragraphes_de(avis)

    redaction.completer_paragraphe(un, par=agent, texte="Deux.")
    assert textes(avis) == ["Un.", "Deux.", "Trois."]
    redaction.monter_paragraphe(trois, par=agent)
    assert textes(avis) == ["Un.", "Trois.", "Deux."]
    redaction.monter_paragraphe(un, par=agent)
    redaction.supprimer_paragraphe(trois, par=agent)
    assert textes(avis) == ["Un.", "Deux."]
    with pytest.raises(ActeInterdit):
        redaction.supprimer_paragraphe(trois, par=agent)


def test_a_member_proposes_and_the_agent_is_told(avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(
        paragraphe, par=membre, texte="La commission demande un bilan public.", raison="Clarté."
    )

    assert proposition.membre is not None
    assert proposition.rang_version == 1
    assert Courriel.objects.get(acte="ccspl/proposer").destinataires == [agent.courriel]


def test_the_same_wording_sent_twice_is_one(avis, paragraphe, membre):
    une = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")
    deux = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")

    assert une == deux


@pytest.mark.parametrize("texte", ["", "La commission demande un bilan annuel."])
def test_a_wording_that_changes_nothing_is_refused(avis, paragraphe, membre, texte):
    with pytest.raises(ValidationError):
        redaction.proposer_paragraphe(paragraphe, par=membre, texte=texte)


def test_somebody_who_does_not_sit_may_not_propose(avis, paragraphe):
    with pytest.raises(RoleInsuffisant):
        redaction.proposer_paragraphe(paragraphe, par=CompteFactory(), texte="Autre.")


def test_an_accepted_wording_enters_the_text_and_names_its_author(avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Un bilan public.")

    redaction.accepter(proposition, par=agent, texte="Un bilan public, chaque année.")

    assert textes(avis) == ["Un bilan public, chaque année."]
    version = avis.versions.first()
    assert version.coauteurs == [str(membre)]
    lettre = Courriel.objects.get(acte="ccspl/accepter")
    assert lettre.destinataires == [membre.courriel]
    assert "un peu changée" in lettre.corps
    assert avis.journal.filter(acte="accepter").exists()


def test_additions_and_removals_are_accepted_too(avis, paragraphe, membre, agent):
    ajout = redaction.proposer_paragraphe(paragraphe, par=membre, nature="ajouter", texte="Ensuite.")
    tete = redaction.proposer(avis, par=membre, texte="D’abord.")
    retrait = redaction.proposer_paragraphe(paragraphe, par=membre, nature="supprimer")

    for proposition in (ajout, tete, retrait):
        redaction.accepter(proposition, par=agent)

    assert textes(avis) == ["D’abord.", "Ensuite."]


def test_an_addition_after_a_paragraph_that_is_gone_keeps_its_place(avis, agent, membre):
    redaction.rediger(avis, par=agent, texte="Un.\n\nDeux.\n\nTrois.")
    _, deux, _ = paragraphes_de(avis)
    ajout = redaction.proposer_paragraphe(deux, par=membre, nature="ajouter", texte="Deux bis.")
    redaction.supprimer_paragraphe(deux, par=agent)

    redaction.accepter(ajout, par=agent)

    assert textes(avis) == ["Un.", "Deux bis.", "Trois."]


def test_a_refusal_tells_its_author_why(avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")

    with pytest.raises(ValidationError):
        redaction.refuser(proposition, par=agent, reponse=" ")
    redaction.refuser(proposition, par=agent, reponse="Déjà dit plus haut.")

    assert "Déjà dit plus haut." in Courriel.objects.get(acte="ccspl/refuser").corps
    with pytest.raises(ActeInterdit):
        redaction.accepter(proposition, par=agent)


def test_a_wording_on_an_older_text_shows_both_differences_and_asks(client, avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Un bilan public.")
    redaction.rediger_paragraphe(paragraphe, par=agent, texte="Un bilan mensuel.")
    proposition.refresh_from_db()

    assert lire(proposition).est_depassee
    with pytest.raises(ValidationError):
        redaction.accepter(proposition, par=agent)

    client.force_login(agent)
    adresse = reverse("ccspl:accepter", args=[proposition.pk])
    page = client.get(adresse).content.decode()
    assert "a changé depuis cette proposition" in page
    assert "relu" in page
    refus = client.post(adresse, {"texte": "Un bilan public.", "rang_vu": "2"})
    assert refus.status_code == 200
    assert "dites que vous l’avez relu" in refus.content.decode()
    client.post(adresse, {"texte": "Un bilan public.", "rang_vu": "2", "relu": "on"})
    assert textes(avis) == ["Un bilan public."]


def test_a_paragraph_that_moved_under_the_page_is_not_written_over(client, avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Un bilan public.")
    client.force_login(agent)
    redaction.rediger_paragraphe(paragraphe, par=agent, texte="Un bilan mensuel.")

    page = client.post(
        reverse("ccspl:accepter", args=[proposition.pk]),
        {"texte": "Un bilan public et clair.", "rang_vu": "1", "relu": "on"},
    )

    assert page.status_code == 200
    assert "Un bilan public et clair." in page.content.decode()
    assert "mensuel" in page.content.decode()
    assert textes(avis) == ["Un bilan mensuel."]


def test_a_proposition_already_decided_is_a_409(client, avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")
    redaction.accepter(proposition, par=agent)
    client.force_login(CompteFactory(agent=True))

    for acte in ("accepter", "refuser"):
        reponse = client.post(reverse(f"ccspl:{acte}", args=[proposition.pk]), {"reponse": "Non."})
        assert reponse.status_code == 409


def test_its_author_alone_takes_a_proposition_back(client, avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")
    adresse = reverse("ccspl:retirer_proposition", args=[proposition.pk])

    client.force_login(agent)
    assert client.post(adresse).status_code == 404
    client.force_login(membre)
    client.post(adresse)

    proposition.refresh_from_db()
    assert proposition.etat == Proposition.Etat.RETIREE


def test_a_member_proposes_from_the_page_of_the_text(client, avis, paragraphe, membre):
    client.force_login(membre)
    page = client.get(reverse("ccspl:redaction", args=[avis.pk])).content.decode()
    assert "Proposer une rédaction" in page
    assert "Réécrire" not in page

    adresse = reverse("ccspl:proposer_paragraphe", args=[paragraphe.pk])
    client.post(adresse, {"nature": "modifier", "texte": "Un bilan clair.", "raison": "", "rang_vu": "1"})

    assert "clair<span" in client.get(reverse("ccspl:redaction", args=[avis.pk])).content.decode()
    assert avis.propositions.get().auteur == membre


def test_what_a_member_typed_is_kept_when_the_paragraph_moved(client, avis, paragraphe, membre, agent):
    client.force_login(membre)
    redaction.rediger_paragraphe(paragraphe, par=agent, texte="Un bilan mensuel.")
    adresse = reverse("ccspl:proposer_paragraphe", args=[paragraphe.pk])

    page = client.post(adresse, {"nature": "modifier", "texte": "Ma rédaction longue.", "rang_vu": "1"})

    assert "Ma rédaction longue." in page.content.decode()
    assert "a changé pendant que vous écriviez" in page.content.decode()
    client.post(adresse, {"nature": "modifier", "texte": "Ma rédaction longue.", "rang_vu": "2"})
    assert avis.propositions.get().rang_version == 2


def test_the_page_asks_whether_the_text_changed(client, avis, paragraphe, membre, agent):
    client.force_login(membre)
    adresse = reverse("ccspl:texte_change", args=[avis.pk])
    vu = client.get(reverse("ccspl:redaction", args=[avis.pk])).context["vu"]

    assert client.get(adresse, {"vu": vu}).status_code == 204
    redaction.rediger(avis, par=agent, texte="Encore.")
    assert "Le texte vient de changer" in client.get(adresse, {"vu": vu}).content.decode()


def test_the_versions_are_compared_two_by_two(client, avis, agent):
    redaction.rediger(avis, par=agent, texte="Un bilan annuel.")
    redaction.rediger_paragraphe(paragraphes_de(avis)[0], par=agent, texte="Un bilan mensuel.")
    client.force_login(agent)

    page = client.get(reverse("ccspl:versions", args=[avis.pk]), {"de": "1", "a": "2"}).content.decode()

    assert "annuel<span" in page
    assert "mensuel<span" in page


def test_preconisations_keep_their_numbers_without_gap(avis, agent):
    un, deux, _ = (preconisations.preconiser(avis, par=agent, texte=t) for t in ("Un", "Deux", "Trois"))

    preconisations.retirer_preconisation(deux, par=agent)

    assert list(avis.preconisations.values_list("numero", "texte")) == [(1, "Un"), (2, "Trois")]
    with pytest.raises(ActeInterdit):
        preconisations.retirer_preconisation(deux, par=agent)
    assert un.direction == avis.service.direction
    guichet = Guichet(agent, en_hate=True)
    guichet.valider(reverse("ccspl:modifier_preconisation", args=[un.pk]), texte="")
    guichet.valider(texte="Un, relu")
    assert list(avis.preconisations.values_list("numero", "texte")) == [(1, "Un, relu"), (2, "Trois")]


def test_a_text_is_not_submitted_while_a_wording_waits(avis, paragraphe, membre, agent):
    proposition = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Autre.")
    with pytest.raises(ErreurMetier, match="attend une décision"):
        vote.soumettre(avis, par=agent)

    redaction.refuser(proposition, par=agent, reponse="Non.")
    vote.soumettre(avis, par=agent)

    assert avis.etat == Etat.SOUMIS
    with pytest.raises(ActeInterdit):
        redaction.proposer_paragraphe(paragraphe, par=membre, texte="Trop tard.")


def test_an_empty_text_is_not_submitted(avis, agent):
    with pytest.raises(ErreurMetier, match="vide"):
        vote.soumettre(avis, par=agent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("meme", [True, False])
def test_two_agents_decide_at_once_and_one_is_told(meme):
    """One proposition decided twice: the second is refused.

    Two on one paragraph: the second finds it changed.
    """
    une, autre = CompteFactory.create_batch(2, agent=True)
    mandature = MandatureFactory(instance=InstanceFactory(cle=INSTANCE))
    membre = MembreFactory(college=CollegeFactory(mandature=mandature)).compte
    avis = AvisFactory(en_redaction=True)
    paragraphe = ParagrapheFactory(avis=avis)
    a = redaction.proposer_paragraphe(paragraphe, par=membre, texte="Rédaction A.")
    b = a if meme else redaction.proposer_paragraphe(paragraphe, par=membre, texte="Rédaction B.")

    def accepter(numero, par):
        lue = Proposition.objects.get(pk=numero)
        return lambda: redaction.accepter(lue, par=par, rang_vu=1)

    issues = ensemble(accepter(a.pk, une), accepter(b.pk, autre))

    assert issues == sorted(["fait", "ActeInterdit" if meme else "TexteDepasse"])
    assert Avis.objects.get(pk=avis.pk).versions.count() == 1
