"""Access of a service to what it was given, for as long as its part lasts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.pieces import joindre
from participation.socle.actions.rappels import etape_du
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Direction, Dossier
from participation.socle.workflow import Role
from remontees.models import Remontee
from remontees.parts import actes as parts
from remontees.reception.actes import saisir
from remontees.reception.regles import Charge, Contact
from remontees.sujets import actes as sujets
from remontees.tri import actes as tri
from remontees.vitrine import section_journee
from tests.outils import lire, taches_du_jour
from tests.remontees.factories import AttributionFactory, RemonteeFactory, SujetFactory, lettres
from tests.remontees.reception.test_capture import photo_prise_sur_place
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db


def test_a_service_whose_part_is_taken_away_or_given_back_reads_nothing_any_more(client, agent):
    """For each kind of service, remontée and sujet, account and link; the other service keeps its access."""
    direction, autre, ville = DirectionFactory(), DirectionFactory(), commune("Le Gua")
    type(ville).objects.filter(pk=ville.pk).update(courriel="mairie@example.org")
    ville.refresh_from_db()
    services = [
        (direction, agent_de_direction(direction)),
        (ville, CompteFactory(role=Role.AGENT_COMMUNE, commune=ville)),
    ]
    reste = agent_de_direction(autre)
    remontee, sujet = RemonteeFactory(titre="Le lampadaire du lavoir"), SujetFactory(titre="Les lampadaires")
    photo = SimpleUploadedFile("p.jpg", photo_prise_sur_place().read())
    piece = joindre(remontee, fichier=photo, titre="Photo", par=agent)
    dans = timezone.localdate() + timedelta(days=10)

    def portes(traite, part):
        return [
            traite.get_absolute_url(),
            reverse("socle:dossier", args=[traite.pk]),
            reverse("remontees:repondre_attribution", args=[part.pk]),
            *(
                [reverse("remontees:piece_de_la_part", args=[part.jeton(), piece.pk])]
                if traite is remontee
                else []
            ),
        ]

    def ouvre(porte):
        reponse_lue = client.get(porte, follow=True)
        if reponse_lue.streaming:
            assert b"".join(reponse_lue.streaming_content)
        return reponse_lue.status_code

    def listes():
        pages = ("remontees:remontees", "remontees:sujets", "socle:dossiers", "socle:journee")
        return " ".join(client.get(reverse(page)).content.decode() for page in pages)

    for traite, attribuer in ((remontee, tri.attribuer), (sujet, sujets.attribuer_sujet)):
        siennes = [attribuer(traite, par=agent, a=a, date_limite=dans) for a, _ in services]
        attribuer(traite, par=agent, a=autre, date_limite=dans)
        assert any("au Gua" in entree.fait for entree in traite.journal.all())
        assert type(traite).objects.get(pk=traite.pk).direction == direction
        for part, (_service, compte) in zip(siennes, services, strict=True):
            client.force_login(compte)
            assert {ouvre(porte) for porte in portes(traite, part)} == {200}
            assert traite.titre in listes()
            # As who reads few among all, and as who wrote most of them.
            assert {*Dossier.objects.a_montrer_a(compte)} == {*Dossier.objects.visibles_par(compte)}
        # Once taken in hand, a direction sees it as an échéance; a commune has none, and must still see it.
        ville_prend = services[1][1]
        parts.prendre_attribution(siennes[1], par=ville_prend)
        taches = taches_du_jour(ville_prend, section_journee)
        assert [(t.quoi, t.date_limite) for t in taches] == [("Répondre au service participation", dans)]
        parts.repondre_attribution(siennes[0], par=None, issue="traite", reponse="Changé.")
        parts.retirer_attribution(siennes[0], par=agent, motif="Donnée ailleurs.")
        client.force_login(services[1][1])
        page = reverse("remontees:refuser_attribution", args=[siennes[1].pk])
        reponse_lue = client.post(page, {"motif": "Pas à nous."}, follow=True)
        assert reponse_lue.redirect_chain == [(reverse("socle:journee"), 302)]
        for part, (_service, compte) in zip(siennes, services, strict=True):
            client.force_login(compte)
            assert {ouvre(porte) for porte in portes(traite, part)} == {404, 409}
            assert traite.titre not in listes()
            par_lien = client.get(reverse("remontees:attribution", args=[part.jeton()])).content.decode()
            assert traite.titre not in par_lien
            tapee = {"issue": "traite", "reponse": "Un texte assez long pour être rendu."}
            depasse = client.post(reverse("remontees:repondre_attribution", args=[part.pk]), tapee)
            assert (depasse.status_code, traite.titre in depasse.content.decode()) == (409, False)
            assert "Un texte assez long pour être rendu." in depasse.content.decode()
            assert "Revenir à « Ma journée »" in lire(depasse)
        client.force_login(reste)
        assert client.get(traite.get_absolute_url()).status_code == 200
        assert type(traite).objects.get(pk=traite.pk).direction == autre
        assert traite.journal.filter(acte="retirer_attribution", details__attribution=siennes[0].pk).exists()


def test_a_button_that_the_page_of_a_link_does_not_have_is_refused_with_what_was_typed(client):
    lien = reverse("remontees:attribution", args=[AttributionFactory().jeton()])

    refus = client.post(lien, {"acte": "repondre", "reponse": "Le banc est réparé depuis mardi."})

    assert refus.status_code == 409
    assert "ce bouton" in lire(refus)
    assert "Le banc est réparé depuis mardi." in refus.content.decode()


def test_what_is_urgent_is_said_so_to_the_service_and_asked_for_the_same_day(client, agent):
    direction = DirectionFactory()
    remontee = RemonteeFactory(
        titre="Une plaque ouverte", est_urgente=True, lieu="12 rue des Alpes", commune=commune("Gières")
    )
    client.force_login(agent)
    adresse = reverse("remontees:attribuer", args=[remontee.pk])
    propose = client.get(adresse).context["form"]["date_limite"].value()
    assert propose == ajouter_jours_ouvres(timezone.localdate(), 0)

    client.post(adresse, {"direction": direction.pk, "date_limite": timezone.localdate().isoformat()})

    part = remontee.attributions.get()
    lettre = lettres("attribuer").get()
    assert lettre.sujet.startswith("Urgent, à traiter : Une plaque ouverte")
    assert "de répondre aujourd’hui" in lettre.corps
    assert "12 rue des Alpes, Gières" in lettre.corps
    sienne = lire(client.get(reverse("remontees:suivi", args=[remontee.jeton()])))
    assert "nous répondent au plus tard le" in sienne
    assert "Rien ne vous est envoyé" in sienne  # the person left no address
    assert "Signalée comme urgente" in lire(client.get(reverse("remontees:attribution", args=[part.jeton()])))
    (tache,) = taches_du_jour(agent_de_direction(direction), section_journee)
    assert tache.quoi == "Prendre en main une remontée urgente"
    parts.relancer_attribution(part, par=agent, mot="")
    rappel = lettres("relancer_attribution").get()
    assert rappel.sujet.startswith("Urgent, rappel")
    assert "Votre réponse est attendue le" in rappel.corps  # the day is not past


def test_who_holds_a_part_is_told_that_it_became_urgent(client, agent):
    direction, autre = DirectionFactory(), DirectionFactory()
    aujourd_hui = timezone.localdate()
    remontee = RemonteeFactory(titre="Une plaque ouverte")
    for service in (direction, autre):
        part = tri.attribuer(remontee, par=agent, a=service, date_limite=aujourd_hui + timedelta(days=10))
    parts.refuser_attribution(part, par=None, motif="Ce n’est pas à nous.")
    client.force_login(agent)
    adresse = reverse("remontees:signaler_urgence", args=[remontee.pk])
    assert f"à qui l’a reçue : {direction.en_phrase}." in lire(client.get(adresse))

    client.post(adresse, {"qui_est_prevenu": "L’astreinte, à midi."})

    lettre = lettres("signaler_urgence").get()
    assert lettre.destinataires == direction.adresses()
    assert lettre.sujet.startswith("Urgent, à traiter : Une plaque ouverte")
    assert "regardez-la dès maintenant" in lettre.corps
    assert f"attendue aujourd’hui, {jour_texte(aujourd_hui, 'long')}" in lettre.corps
    # Due today, as any urgent part; the letter sent today replaces the reminder of today.
    part = remontee.attributions.get(direction=direction)
    due = remontee.echeances.get(cle=part.cle_echeance)
    assert part.date_limite == due.date_limite == aujourd_hui
    assert etape_du(due, aujourd_hui) == ""
    assert etape_du(due, aujourd_hui + timedelta(days=1)) == "retard"
    # Opened again, the page says that it is done and announces no letter.
    encore = lire(client.get(adresse))
    assert "déjà signalée comme urgente" in encore
    assert "Une lettre part" not in encore


def test_who_holds_the_sujet_of_a_remontee_is_told_that_it_became_urgent(client, agent, en_clair):
    direction, muette = DirectionFactory(), DirectionFactory()
    aujourd_hui, dans_dix_jours = timezone.localdate(), timezone.localdate() + timedelta(days=10)
    sujet = SujetFactory(titre="Les plaques d’égout")
    for service in (direction, muette):
        sujets.attribuer_sujet(sujet, par=agent, a=service, date_limite=dans_dix_jours)
    Direction.objects.filter(pk=muette.pk).update(courriel="")
    une, autre = RemonteeFactory(titre="Une plaque ouverte"), RemonteeFactory(est_urgente=True)
    sujets.rattacher(une, par=agent, sujet=sujet)
    client.force_login(agent)
    adresse = reverse("remontees:signaler_urgence", args=[une.pk])
    page = lire(client.get(adresse))
    assert f"ou a reçu son sujet : {direction.en_phrase}." in page
    assert f"{majuscule(muette.en_phrase)} n’a pas d’adresse électronique" in page

    with CaptureQueriesContext(connection) as requetes:
        fait = lire(client.post(adresse, {"qui_est_prevenu": "L’astreinte, à midi."}, follow=True))

    # The sujet is locked first: two urgent remontées of one sujet caused a deadlock.
    verrous = [requete["sql"] for requete in requetes if "FOR NO KEY UPDATE" in requete["sql"]]
    assert ["remontees_sujet" in verrou.partition("WHERE")[0] for verrou in verrous] == [True, False]
    assert "aucune lettre ne part, appelez ce service" in fait
    lettre = lettres("signaler_urgence").get()
    assert lettre.destinataires == [direction.courriel]
    assert "Une remontée de ce sujet est signalée comme urgente : « Une plaque ouverte »" in lettre.corps
    sienne = sujet.attributions.get(direction=direction)
    assert sienne.date_limite == sujet.echeances.get(cle=sienne.cle_echeance).date_limite == aujourd_hui
    for lue in (reverse("remontees:attribution", args=[sienne.jeton()]), sujet.get_absolute_url()):
        assert "remontée de ce sujet est signalée comme urgente" in lire(client.get(lue))
    (tache,) = taches_du_jour(agent_de_direction(direction), section_journee)
    assert tache.quoi == "Prendre en main un sujet urgent"
    parts.relancer_attribution(sienne, par=agent, mot="")
    assert lettres("relancer_attribution").get().sujet.startswith("Urgent, rappel")
    # Already urgent when attached to the sujet: the service gets a letter too.
    sujets.rattacher(autre, par=agent, sujet=sujet)
    assert lettres("signaler_urgence").count() == 2
    sujets.detacher(autre, par=agent, motif="Autre chose.")
    assert autre.echeances.ouvertes().get().date_limite == aujourd_hui


def test_a_service_reads_who_spoke_only_once_it_has_said_why(client, agent):
    """Letter, page by the link and page by the account; the title, made of the words, holds nothing either."""
    direction = DirectionFactory()
    compte, autre = agent_de_direction(direction), DirectionFactory()
    dit = "Le lampadaire du 12 rue des Alpes est éteint. J’habite 3 rue du Lac. Jeanne 06 12 34 56 78"
    remontee = saisir(
        Remontee(),
        par=agent,
        charge=Charge(
            verbatim=dit, canal="accueil", contact=Contact(nom="Jeanne Ferrand", telephone="06 12 34 56 78")
        ),
    )
    dans = timezone.localdate() + timedelta(days=10)
    page_d_acte = reverse("remontees:attribuer", args=[remontee.pk])
    client.force_login(agent)
    assert "est masqué" in lire(client.get(page_d_acte))
    part = tri.attribuer(remontee, par=agent, a=direction, date_limite=dans)
    seconde = tri.attribuer(remontee, par=agent, a=autre, date_limite=dans)
    par_le_lien, au_bureau = (
        reverse("remontees:attribution", args=[part.jeton()]),
        remontee.get_absolute_url(),
    )
    client.force_login(compte)
    masques = [lettres("attribuer").first().corps, lire(client.get(par_le_lien)), lire(client.get(au_bureau))]
    for lu in masques:
        assert "12 rue des Alpes" in lu
        assert "[téléphone masqué]" in lu
        assert not any(mot in lu for mot in ("Jeanne", "34 56", "rue du Lac"))

    champs = {"acte": "lire_en_entier", "motif": "Prendre rendez-vous.", "nom": "N. Ouali"}
    client.post(par_le_lien, champs)

    assert all(dit in lire(client.get(page)) for page in (par_le_lien, au_bureau))
    entree = remontee.journal.get(acte="lire_en_entier")
    assert (entree.motif, entree.par) == ("Prendre rendez-vous. (N. Ouali)", None)
    assert "Jeanne" not in lire(client.get(reverse("remontees:attribution", args=[seconde.jeton()])))


def test_a_file_joined_to_an_answer_is_read_by_the_participation_service_alone(client, agent):
    remontee = RemonteeFactory()
    dans = timezone.localdate() + timedelta(days=10)
    part, autre = (
        tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=dans) for _ in range(2)
    )
    photo = SimpleUploadedFile("banc.jpg", photo_prise_sur_place().read())
    champs = {"acte": "repondre_attribution", "issue": "traite", "reponse": "Réparé.", "nom": "N. Ouali"}

    client.post(reverse("remontees:attribution", args=[part.jeton()]), {**champs, "fichier": photo})

    part.refresh_from_db()
    assert part.piece.titre.startswith("Réponse de la direction")
    client.force_login(agent)
    assert part.piece.nom in lire(client.get(remontee.get_absolute_url()))
    assert not autre.pieces_a_lire().exists()
    assert not part.pieces_a_lire().exists()
