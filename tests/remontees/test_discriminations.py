"""Circuit of the discriminations: readable by entitled agents only, neither shown nor counted elsewhere."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.dossiers import prendre_en_charge
from participation.socle.actions.rappels import rappeler_echeances
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Appartenance, Courriel, Courrier, Dossier, Piece
from remontees.comite import lectures as rapport
from remontees.comite import signaux
from remontees.messages.actes import Recu, recevoir
from remontees.models import CourrielRecu, Message, Remontee
from remontees.open311 import actes as open311
from remontees.reception import arrivees
from remontees.sujets import lectures as publics
from remontees.sujets.lectures import remontees_en_cours
from remontees.tri import drapeaux
from remontees.tri.lectures import DISCRIMINATIONS
from remontees.workflow import Etat
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    MessageFactory,
    RapporteurFactory,
    RemonteeFactory,
)
from tests.seances.factories import PointFactory
from tests.socle.factories import DirectionFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db
SECRET = "Refus de guichet pour Zélie"


@pytest.fixture
def reservee(agent, referente):
    """A restricted remontée with every kind of data: note, photo, message, letter, email, late échéance."""
    remontee = RemonteeFactory(
        titre=SECRET,
        verbatim=f"{SECRET}, à cause de son nom.",
        resume=SECRET,
        auteur=agent,
        agent=agent,
        commune=commune("Meylan"),
        est_urgente=True,
        latitude=45.2,
        longitude=5.77,
        ouvert_le=timezone.localtime() - timedelta(days=10),
    )
    RapporteurFactory(remontee=remontee)
    MessageFactory(remontee=remontee, texte=SECRET)
    Courriel.objects.create(
        dossier=remontee, acte="a", expediteur="a@example.org", destinataires=["b@example.org"], sujet=SECRET, corps=SECRET,
        etat="echec",
    )  # fmt: skip
    Piece.objects.create(
        dossier=remontee, titre=SECRET, fichier="p.jpg", nom="p.jpg", type_mime="image/jpeg", taille=1, sha256="0", par=None
    )  # fmt: skip
    CourrielRecu.objects.create(cle=uuid.uuid4(), sort="automatique", objet=SECRET, remontee=remontee)
    Courrier.objects.create(dossier=remontee, lettre="remontees/repondre", objet=SECRET)
    drapeaux.signaler_discrimination(remontee, par=agent, motif="À cause du nom.")
    return remontee


def pages(remontee) -> list[str]:
    piece, courriel = Piece.objects.get(), Courriel.objects.get(sujet=SECRET)
    recu = CourrielRecu.objects.get()
    return [
        remontee.get_absolute_url(),
        reverse("socle:dossier", args=[remontee.pk]),
        reverse("socle:piece", args=[piece.pk]),
        reverse("socle:courriel", args=[courriel.pk]),
        recu.get_absolute_url(),
        reverse("remontees:lire_message", args=[Message.objects.get().pk]),
        reverse("remontees:qualifier", args=[remontee.pk]),
        reverse("remontees:orienter", args=[remontee.pk]),
    ]


LISTES = [
    "/remontees/dossiers/",
    "/remontees/dossiers/?drapeau=est_discrimination",
    f"/remontees/dossiers/?question={DISCRIMINATIONS}",
    "/remontees/dossiers/?q=guichet",
    "/remontees/dossiers/?export=csv",
    "/remontees/trier/",
    f"/remontees/trier/?question={DISCRIMINATIONS}",
    "/remontees/noter/ma-liste/",
    "/remontees/courriels-recus/",
    "/courriers/",
    "/remontees/comite/",
    "/remontees/conservation/",
    "/remontees/signaux/",
    "/journee/",
    "/journee/?vue=equipe",
    "/dossiers/",
    "/dossiers/?q=guichet",
    "/dossiers/?export=csv",
    "/recherche/?q=guichet",
    "/recherche/?q=Personne",
    "/courriels/",
    "/courriels/?etat=echec",
]


def lu(reponse) -> str:
    contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return contenu.decode()


@pytest.mark.parametrize("adresse", LISTES)
def test_no_list_count_search_nor_export_shows_it_to_the_other_agents(client, agent, reservee, adresse):
    client.force_login(agent)

    page = lu(client.get(adresse, follow=True))

    assert SECRET not in page
    assert reservee.reference not in page
    assert "iscrimination à orienter" not in page


def test_its_pages_are_found_by_those_who_have_the_right_and_by_nobody_else(
    client, agent, referente, reservee
):
    de_service = agent_de_direction(DirectionFactory())
    for compte in (agent, de_service):
        client.force_login(compte)
        assert {client.get(page).status_code for page in pages(reservee)} <= {403, 404, 405}
    client.force_login(referente)
    assert client.get(reservee.get_absolute_url()).status_code == 200
    assert client.get(pages(reservee)[3]).status_code == 200
    assert SECRET in lu(client.get("/remontees/dossiers/"))
    assert SECRET in lu(client.get("/recherche/?q=guichet"))
    assert SECRET in lu(client.get("/remontees/dossiers/?export=csv"))
    assert "iscrimination à orienter" in lu(client.get("/journee/"))


def test_the_counts_of_the_menu_and_of_the_questions_leave_it_out(client, agent, referente, reservee):
    def menu(compte):
        from remontees.vitrine import menu_bureau

        return next(e.nombre().count() for e in menu_bureau(compte) if e.libelle == "Remontées")

    assert (menu(agent), menu(referente)) == (0, 1)


def test_it_is_on_no_map_in_no_public_number_nor_in_the_signals_and_the_report(reservee, agent, referente):
    jour = timezone.localdate()
    Remontee.objects.exclude(pk=reservee.pk).delete()

    assert remontees_en_cours(Remontee.objects.visibles_par(agent)) == []
    assert len(remontees_en_cours(Remontee.objects.visibles_par(referente))) == 1
    assert not any(publics.voix_en_douze_mois()[0].values())
    assert signaux.chaleurs()[1:] == ([], [])
    assert signaux.signaux_faibles()[1] == 0
    assert all(not lieu.combien for lieu in signaux.peu_entendus()[0])
    lu = rapport.donnees_rapport(jour - timedelta(days=30), jour)
    assert lu["en_bref"] == "Aucune remontée entendue sur la période."


def test_open311_says_of_it_that_it_was_received_and_nothing_more(client, agent, referente):
    CategorieFactory(code="eclairage")
    cle = open311.creer_client(par=agent, nom="Fix", courriel="fix@example.org")[1]
    demande = {"api_key": cle, "service_code": "eclairage", "description": SECRET, "address_string": "Ici"}
    (recu,) = client.post("/open311/v2/requests.json", demande).json()
    remontee = arrivees.recevoir(recu["token"]) or Remontee.objects.get()
    adresse = f"/open311/v2/requests/{remontee.reference}.json?api_key={cle}"
    avant = client.get(adresse).json()[0]

    drapeaux.signaler_discrimination(remontee, par=agent, motif="À cause du nom.")

    apres = client.get(adresse).json()[0]
    assert (apres["status"], apres["status_notes"], apres["lat"]) == ("open", "", None)
    assert apres["service_request_id"] == avant["service_request_id"]
    nouvelles = (
        f"/open311/v2/servicerequestupdates.json?api_key={cle}&service_request_id={remontee.reference}"
    )
    assert client.get(nouvelles).json() == []


def test_the_letters_and_the_reminders_go_to_those_who_have_the_right_alone(agent, referente, reservee):
    avis = Courriel.objects.get(acte="remontees/signaler_discrimination")
    assert avis.destinataires == [referente.courriel]
    assert SECRET not in avis.sujet + avis.corps
    assert (Remontee.objects.get().agent, Dossier.objects.get(pk=reservee.pk).est_reserve) == (None, True)

    Courriel.objects.all().delete()
    rappeler_echeances(timezone.localdate() + timedelta(days=30))
    recevoir(reservee, Recu("C’est encore arrivé.", Message.Moyen.SITE))
    lettres = Courriel.objects.exclude(acte="remontees/saisir")
    assert {a for lettre in lettres for a in lettre.destinataires} == {referente.courriel}


def test_what_the_person_says_afterwards_reaches_no_service_that_had_answered(agent, referente):
    part = AttributionFactory(repondue=True, dossier=RemonteeFactory(a_repondre=True))
    drapeaux.signaler_discrimination(part.dossier, par=agent, motif="À cause du nom.")
    Remontee.objects.filter(pk=part.dossier_id).update(etat=Etat.CLOSE)

    recevoir(Remontee.objects.get(), Recu("C’est encore arrivé.", Message.Moyen.SITE))

    assert not Courriel.objects.filter(acte="remontees/message_apres_cloture").exists()


def test_the_link_of_a_service_that_had_answered_shows_it_no_more(client, agent, referente):
    remontee = RemonteeFactory(a_repondre=True, verbatim=SECRET, titre=SECRET)
    part = AttributionFactory(repondue=True, dossier=remontee)
    lien = reverse("remontees:attribution", args=[part.jeton()])
    assert SECRET in lu(client.get(lien))

    drapeaux.signaler_discrimination(part.dossier, par=agent, motif="À cause du nom.")

    assert SECRET not in lu(client.get(lien))


def test_who_reads_it_shows_it_to_no_seance(client, referente, reservee):
    point = PointFactory()
    client.force_login(referente)

    page = client.post(
        reverse("seances:ajouter_dossier", args=[point.pk]), {"dossier": reservee.pk}, follow=True
    )

    assert "aucune séance ne le montre" in lu(page)
    assert not point.dossiers.exists()


def test_it_is_not_put_where_nobody_would_read_it(agent):
    remontee = RemonteeFactory()

    with pytest.raises(ErreurMetier, match="référent des discriminations"):
        drapeaux.signaler_discrimination(remontee, par=agent, motif="À cause du nom.")


def test_the_end_of_the_right_is_told_to_all_agents_without_a_word_of_it(client, agent, referente, reservee):
    Appartenance.objects.filter(compte=referente).update(
        depuis=timezone.localdate() - timedelta(days=9), jusqu_a=timezone.localdate() - timedelta(days=1)
    )
    client.force_login(agent)

    page = lu(client.get("/journee/"))

    assert "nommer un référent des discriminations" in page
    assert SECRET not in page


def test_who_may_not_read_it_is_not_put_in_charge_of_it(agent, referente, reservee):
    with pytest.raises(ErreurMetier, match="ne lit pas les dossiers réservés"):
        prendre_en_charge(reservee, par=referente, agent=agent)

    prendre_en_charge(reservee, par=referente, agent=referente)


def test_a_mistake_is_lifted_by_a_referent_and_all_agents_read_it_again(client, agent, referente, reservee):
    client.force_login(referente)
    adresse = reverse("remontees:lever_discrimination", args=[reservee.pk])
    assert client.post(adresse, {"motif": ""}).status_code == 200

    client.post(adresse, {"motif": "C’est un retard de bus."})

    reservee.refresh_from_db()
    assert (reservee.est_discrimination, reservee.est_reserve, reservee.etat) == (False, False, Etat.NOUVELLE)
    client.force_login(agent)
    assert client.get(reservee.get_absolute_url()).status_code == 200
    with pytest.raises((ActeInterdit, ErreurMetier)):
        drapeaux.lever_discrimination(reservee, par=referente, motif="Deux fois.")


def test_who_puts_it_there_is_led_back_to_the_queue_not_to_a_closed_door(client, agent, referente):
    client.force_login(agent)
    remontee = RemonteeFactory()

    reponse = client.post(
        reverse("remontees:signaler_discrimination", args=[remontee.pk]),
        {"motif": "À cause du nom."},
        follow=True,
    )

    assert reponse.status_code == 200
    assert "circuit des discriminations" in lu(reponse)


def test_its_words_teach_the_proposals_nothing(reservee, agent, referente):
    from remontees.routage.classement import _decidees

    Remontee.objects.filter(pk=reservee.pk).update(etat=Etat.CLOSE, categorie=CategorieFactory())

    assert list(_decidees()) == []
