"""Demandes: asked by letter, answered once by signed link."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.demandes import annuler_demande, demander, repondre_demande
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Demande
from tests.outils import a_plusieurs, demandes_ouvertes_par
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True, prenom="Alma", nom="Agent")


def ouvrir(agent, petition=None, **champs):
    valeurs = {
        "nature": Demande.Nature.AVIS,
        "a": DirectionFactory(courriel="voirie@example.org"),
        "objet": "Faisabilité de la piste",
        "texte": "Est-ce faisable ?",
        "date_limite": timezone.localdate() + timedelta(days=20),
        **champs,
    }
    return demander(petition or PetitionFactory(deposee=True), par=agent, **valeurs)


def test_a_demande_is_a_row_an_echeance_a_line_and_a_letter_with_its_link(agent):
    demande = ouvrir(agent, suspend_le_delai=True)

    assert demande.echeance.date_limite == demande.date_limite
    assert demande.suspension.fin is None
    assert demande.dossier.journal.get().details == {"demande": demande.pk}
    lettre = Courriel.objects.get()
    assert lettre.destinataires == ["voirie@example.org"]
    assert demandes_ouvertes_par(lettre.corps) == [demande.pk]


@pytest.mark.parametrize(
    ("champs", "refus"),
    [
        ({"date_limite": timezone.localdate() - timedelta(days=1)}, ValidationError),
        ({"texte": ""}, ValidationError),
    ],
)
def test_a_demande_that_makes_no_sense_leaves_nothing(agent, champs, refus):
    with pytest.raises(refus):
        ouvrir(agent, **champs)
    assert not Demande.objects.exists()


def test_a_direction_without_address_is_said_before_anything_is_written(agent):
    with pytest.raises(ErreurMetier, match="adresse"):
        ouvrir(agent, a=DirectionFactory(courriel=""))
    assert not Demande.objects.exists()


def test_the_answer_starts_the_clock_again_and_tells_who_asked(agent):
    demande = ouvrir(agent, suspend_le_delai=True)
    repondre_demande(demande, reponse="Oui.", nom="Basile")

    demande.refresh_from_db()
    assert (demande.reponse, demande.repondue_par) == ("Oui.", "Basile")
    assert demande.suspension.fin == timezone.localdate()
    assert not demande.echeance.est_ouverte
    assert Courriel.objects.latest("pk").destinataires == [agent.courriel]


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_keep_one():
    demande = ouvrir(CompteFactory(agent=True))
    issues = a_plusieurs(
        8, lambda rang: repondre_demande(Demande.objects.get(pk=demande.pk), reponse=str(rang), nom="x")
    )
    assert issues.count(None) == 1
    assert sum(isinstance(issue, ActeInterdit) for issue in issues) == 7
    (ligne,) = demande.dossier.journal.filter(acte="repondre_demande")
    assert ligne.par_qui == "par le lien reçu"  # written by a person: nothing answers automatically


# Page of the answer


def test_the_whole_way_without_an_account(client, agent):
    demande = ouvrir(agent)
    adresse = reverse("socle:repondre_demande", args=[demande.jeton()])

    client.force_login(agent)
    assert client.get(adresse).context["form"]["nom"].value() == agent.get_full_name() != ""
    client.logout()
    page = client.get(adresse).content.decode()
    assert "Est-ce faisable" in page
    assert demande.dossier.reference in page

    vide = client.post(adresse, {"reponse": "", "nom": ""})
    assert "Écrivez votre réponse." in vide.content.decode()
    assert client.post(adresse, {"reponse": "Oui, en deux ans.", "nom": "Basile"}).url == adresse
    fin = client.get(adresse).content.decode()
    assert "Votre réponse est reçue" in fin
    assert "Oui, en deux ans." in fin
    assert "<form" not in fin


def test_a_direction_reads_what_she_is_asked_about_and_says_whose_it_is(client, agent):
    petition = PetitionFactory(deposee=True, demande="Nous demandons un abri à vélos.", raisons="Il pleut.")
    piece = joindre(petition, fichier=SimpleUploadedFile("plan.txt", b"le plan"), titre="Plan", par=None)
    demande = ouvrir(agent, petition)
    lettre = Courriel.objects.get(acte="socle/demander").corps
    assert "Nous demandons un abri à vélos." in lettre
    assert "1 pièce jointe" in lettre
    adresse = reverse("socle:repondre_demande", args=[demande.jeton()])

    page = client.get(adresse).content.decode()
    # By its number: the link of the page is signed at its own second.
    (fichier,) = re.findall(rf'"(/repondre/{demande.pk}:[^/"]+/pieces/{piece.pk}/)"', page)
    assert "Nous demandons un abri à vélos." in page
    assert "Il pleut." in page
    assert client.get(fichier).getvalue() == b"le plan"
    ailleurs = joindre(PetitionFactory(), fichier=SimpleUploadedFile("b.txt", b"autre"), titre="b", par=None)
    assert (
        client.get(reverse("socle:piece_de_la_demande", args=[demande.jeton(), ailleurs.pk])).status_code
        == 404
    )

    assert "Dites à qui" in client.post(adresse, {"hors_ressort": "on", "nom": "Basile"}).content.decode()
    note = SimpleUploadedFile("note.txt", b"la note")
    reponses = {"hors_ressort": "on", "oriente_vers": "Le SMMAG", "nom": "Basile", "fichier": note}
    assert client.post(adresse, reponses).url == adresse

    demande.refresh_from_db()
    assert (demande.oriente_vers, demande.piece.nom) == ("Le SMMAG", "note.txt")
    assert not demande.piece.est_publique
    assert "À demander plutôt à" in Courriel.objects.get(acte="socle/repondre_demande").corps
    client.force_login(agent)
    dossier = client.get(petition.get_absolute_url()).content.decode()
    plus_tard = joindre(petition, fichier=SimpleUploadedFile("c.txt", b"c"), titre="Venue après", par=None)
    for jointe, statut in ((piece, 200), (plus_tard, 404)):
        lue = client.get(reverse("socle:piece_de_la_demande", args=[demande.jeton(), jointe.pk]))
        b"".join(lue)  # read to the end, so that the file is closed
        assert lue.status_code == statut
    assert "Pas de son ressort" in dossier
    assert "À demander à : Le SMMAG" in dossier.replace("\u00a0", " ")
    assert reverse("socle:piece", args=[demande.piece_id]) in dossier


def test_the_files_of_a_demande_called_off_are_closed(client, agent):
    demande = ouvrir(agent)
    piece = joindre(demande.dossier, fichier=SimpleUploadedFile("a.txt", b"a"), titre="a", par=None)
    annuler_demande(demande, par=agent, motif="Plus utile")
    assert (
        client.get(reverse("socle:piece_de_la_demande", args=[demande.jeton(), piece.pk])).status_code == 404
    )


def test_two_windows_the_second_is_told_and_keeps_its_text(client, agent):
    demande = ouvrir(agent)
    adresse = reverse("socle:repondre_demande", args=[demande.jeton()])
    client.post(adresse, {"reponse": "La première", "nom": "A"})

    seconde = client.post(adresse, {"reponse": "La seconde, bien longue", "nom": "B"})

    assert seconde.status_code == 409
    assert "Quelqu’un a agi avant vous" in seconde.content.decode()
    assert "La seconde, bien longue" in seconde.content.decode()
    assert Demande.objects.get().reponse == "La première"


def test_a_demande_called_off_or_closed_says_so(client, agent):
    annulee = ouvrir(agent)
    annuler_demande(annulee, par=agent, motif="Plus utile")
    close = ouvrir(agent, PetitionFactory(irrecevable=True))

    for demande, dit in ((annulee, "a été annulée"), (close, "dossier est clos")):
        adresse = reverse("socle:repondre_demande", args=[demande.jeton()])
        assert dit in client.get(adresse).content.decode()
        assert client.post(adresse, {"reponse": "x", "nom": "y"}).status_code == 409
    assert not Demande.objects.filter(repondue_le__isnull=False).exists()


def test_a_link_cut_by_the_mailer_says_what_to_do(client, agent):
    jeton = ouvrir(agent).jeton()
    for faux in (jeton[:-1], "x", jeton.swapcase()):
        reponse = client.get(reverse("socle:repondre_demande", args=[faux]))
        assert reponse.status_code == 404
        assert "Copiez le lien entier" in reponse.content.decode()


def test_what_was_proposed_is_there_to_be_taken_up(client, agent):
    personne = CompteFactory(prenom="Chloé", nom="Habitante")
    demande = ouvrir(
        agent, a=personne, nature=Demande.Nature.COMPLEMENT, proposition="Nous demandons une piste."
    )
    page = client.get(reverse("socle:repondre_demande", args=[demande.jeton()])).content.decode()
    assert "Nous demandons une piste." in page
    assert "Chloé Habitante" in page


def test_a_reformulation_is_answered_on_the_authors_own_page(client, agent):
    petition = PetitionFactory(deposee=True)
    demande = ouvrir(agent, petition, a=petition.auteur, nature=Demande.Nature.REFORMULATION)
    reponse = client.get(reverse("socle:repondre_demande", args=[demande.jeton()]))
    assert reponse.url == reverse("petitions:reformuler", args=[petition.pk])


def test_a_direction_is_written_to_by_its_mailbox_and_its_active_referents(agent):
    direction = DirectionFactory(courriel="voirie@example.org")
    direction.referents.set(
        [
            CompteFactory(courriel="referente@example.org"),
            CompteFactory(courriel="parti@example.org", is_active=False),
        ]
    )

    ouvrir(agent, a=direction)

    lettre = Courriel.objects.get(acte="socle/demander")
    assert sorted(lettre.destinataires) == ["referente@example.org", "voirie@example.org"]
