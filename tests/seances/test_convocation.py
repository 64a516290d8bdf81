"""Convocations: sending, changes, cancellation. Each letter is sent once, in order, even after a crash."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.seances.convocation import actes as convocation
from participation.seances.convocation import envois, lettres
from participation.seances.convocation.reponses import repondre
from participation.seances.convocation.seconde import dire_seconde, seconde_convocation
from participation.seances.membres import actes as membres
from participation.seances.membres import lettres as lettres_des_membres
from participation.seances.models import Convie, Convocation, Envoi, Seance
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.actions.comptes import ouvrir_compte_par_poste
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Courrier, Document
from participation.socle.workflow import Role
from tests.greffons.guichet import Guichet
from tests.outils import ensemble, lire, lisible, pdf_rapides
from tests.seances.factories import CollegeFactory, MembreFactory, PointFactory, SeanceFactory, relire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
N = Convocation.Nature


@pytest.fixture(autouse=True)
def papiers(request, monkeypatch):
    """Replace the PDFs by their HTML, except for the test that reads them."""
    if request.function is not test_each_person_has_her_letter_her_pdf_and_her_invitation:
        pdf_rapides(monkeypatch)


@pytest.fixture
def seance():
    """A séance that can still be convened in time: three titulaires, a suppléant, one point."""
    seance = SeanceFactory()
    college = CollegeFactory(mandature=seance.mandature)
    membres = MembreFactory.create_batch(3, college=college)
    MembreFactory(college=college, suppleant=True, suppleant_de=membres[0])
    PointFactory(seance=seance, titre="Rapport de l’eau")
    return seance


def agenda(courriel):
    (piece,) = [p for p in courriel.pieces.all() if p.type_mime.startswith("text/calendar")]
    calendrier = Calendar.from_ical(bytes(piece.contenu))
    (evenement,) = calendrier.walk("VEVENT")
    assert piece.type_mime == f"text/calendar; method={calendrier['METHOD']}"
    return str(calendrier["METHOD"]), evenement


def convoquee(seance, agent):
    """A convened séance, whose letters have been sent."""
    envoi = convocation.convoquer(seance, par=agent)
    assert envois.envoyer_convocation(envoi.pk)
    return relire(seance)


def presser(seance, jours):
    debut = timezone.localtime() + timedelta(days=jours)
    Seance.objects.filter(pk=seance.pk).update(debut=debut, fin=debut + timedelta(hours=2))
    return relire(seance)


# Act


def test_the_titulaires_of_that_day_are_listed_and_the_pdf_is_asked_for(seance, agent):
    college = seance.mandature.colleges.get()
    parti = MembreFactory(college=college, au=date(2025, 6, 1))
    a_venir = MembreFactory(college=college, du=timezone.localdate() + timedelta(days=10))

    envoi = convocation.convoquer(seance, par=agent)

    convies = {convie.membre for convie in seance.convies.all()}
    assert len(convies) == 4
    assert parti not in convies
    assert a_venir in convies
    assert seance.etat == Etat.CONVOQUEE
    assert envoi.document.etat == Document.Etat.EN_PREPARATION
    assert not Courriel.objects.exists()  # no letter before its document is made


@pytest.mark.parametrize(
    ("defaire", "dit"),
    [
        (lambda s: s.points.all().delete(), "ordre du jour est vide"),
        (lambda s: s.mandature.colleges.get().membres.update(au=date(2025, 1, 1)), "personne à convoquer"),
        (lambda s: Seance.objects.update(lien_visio=""), "lien de la visioconférence"),
        (lambda s: presser(s, -1), "passée"),
    ],
)
def test_what_is_missing_is_said_before_anybody_is_convened(seance, agent, defaire, dit):
    defaire(seance)

    with pytest.raises(ErreurMetier, match=dit):
        convocation.convoquer(relire(seance), par=agent)

    assert not Convie.objects.exists()


def test_past_the_legal_day_a_reason_is_asked_for_and_the_sending_is_marked_late(seance, agent):
    seance = presser(seance, 5)

    with pytest.raises(ValidationError, match="5 jours francs"):
        convocation.convoquer(seance, par=agent)
    envoi = convocation.convoquer(relire(seance), par=agent, motif="Fuite du réseau")

    assert envoi.est_tardive
    assert envoi.motif == "Fuite du réseau"
    assert envoi.date_limite < timezone.localdate()


def test_urgency_has_its_own_delay(seance, agent):
    type(seance.reglement).objects.update(delai_urgence=1)
    seance = presser(seance, 3)

    with pytest.raises(ValidationError, match="urgente"):
        convocation.convoquer(seance, par=agent, est_urgente=True)
    envoi = convocation.convoquer(relire(seance), par=agent, est_urgente=True, motif="Fuite")

    assert (envoi.est_urgente, envoi.est_tardive) == (True, False)


def test_the_page_warns_before_the_delay_is_broken(client, seance, agent):
    presser(seance, 4)
    client.force_login(agent)
    adresse = reverse("seances:convoquer", args=[seance.pk])

    page = client.get(adresse).content.decode()
    assert "il fallait convoquer au plus tard le" in page
    refusee = client.post(adresse, {"motif": "Urgent"}).content.decode()
    assert "cochez cette case" in refusee
    assert not Convocation.objects.exists()

    assert client.post(adresse, {"motif": "Urgent", "quand_meme": "on"}).status_code == 302
    assert Convocation.objects.get().est_tardive
    # Once convened, the same page says so.
    assert client.get(adresse).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_make_one_convocation(seance, agent):
    def convoquer(par):
        lue = relire(seance)
        return lambda: convocation.convoquer(lue, par=par)

    autre = CompteFactory(role=Role.AGENT)
    assert ensemble(convoquer(agent), convoquer(autre)) == ["ActeInterdit", "fait"]
    assert Convocation.objects.count() == Document.objects.count() == 1
    assert seance.convies.count() == 3


# Sending


def test_each_person_has_her_letter_her_pdf_and_her_invitation(seance, agent):
    seance = convoquee(seance, agent)

    partis = Envoi.objects.select_related("courriel", "convie__membre__compte")
    assert partis.count() == 3
    for envoi in partis:
        adresse = envoi.convie.membre.compte.courriel
        assert envoi.courriel.destinataires == [adresse]
        methode, evenement = agenda(envoi.courriel)
        assert (methode, str(evenement["ATTENDEE"])) == ("REQUEST", f"mailto:{adresse}")
        assert b"%PDF" in bytes(envoi.courriel.pieces.get(nom="convocation.pdf").contenu)[:10]
        # Signed in the second of the sending: the target of the link is compared, since the time differs.
        assert f"/seances/repondre/{envoi.convie.jeton().split(':')[0]}:" in envoi.courriel.corps
        assert "Rapport de l’eau" in envoi.courriel.corps
        # Sent to members who have an address.
        assert ("vous supplée" in envoi.courriel.corps) == envoi.convie.membre.suppleants.exists()
    document = seance.convocations.get().document
    assert document.fige_le is not None
    assert seance.convocations.get().envoyee_le is not None


def test_the_sweep_finds_what_a_crash_left_and_writes_to_nobody_twice(seance, agent, monkeypatch):
    envoi = convocation.convoquer(seance, par=agent)
    ecrire = envois.LETTRES[N.PREMIERE]
    lettres = []

    def tomber(*args):
        lettres.append(args)
        if len(lettres) == 2:
            raise RuntimeError("le serveur tombe")
        return ecrire(*args)

    monkeypatch.setitem(envois.LETTRES, N.PREMIERE, tomber)
    with pytest.raises(RuntimeError), transaction.atomic():
        envois.envoyer_convocation(envoi.pk)
    monkeypatch.setitem(envois.LETTRES, N.PREMIERE, ecrire)
    # All or nothing: no partial letters nor log.
    assert not Courriel.objects.exists()
    assert Convocation.objects.get().envoyee_le is None

    assert envois.envoyer_convocations() == 1
    assert Courriel.objects.count() == Envoi.objects.count() == 3
    assert envois.envoyer_convocations() == 0
    assert not envois.envoyer_convocation(envoi.pk)
    assert Courriel.objects.count() == 3


def test_a_broken_pdf_keeps_the_letters_back(seance, agent, monkeypatch):
    envoi = convocation.convoquer(seance, par=agent)
    Document.objects.update(etat=Document.Etat.ECHEC)

    assert not envois.envoyer_convocation(envoi.pk)

    assert not Courriel.objects.exists()
    assert Convocation.objects.get().envoyee_le is None


def test_the_pdf_is_for_agents_and_people_convened(client, seance, agent):
    seance = convoquee(seance, agent)
    adresse = reverse("seances:convocation", args=[seance.convocations.get().pk])

    for compte, statut in ((agent, 200), (seance.convies.first().membre.compte, 200), (CompteFactory(), 404)):
        client.force_login(compte)
        reponse = client.get(adresse)
        assert reponse.status_code == statut
        for fermer in reponse._resource_closers:  # not close(): it would close the connection of the test
            fermer()


# Changes


def test_the_agenda_changes_once_convened_and_one_sending_tells_it(seance, agent):
    seance = convoquee(seance, agent)
    assert not seance.ordre_du_jour_a_change
    with pytest.raises(ErreurMetier, match="Rien n’a changé"):
        convocation.informer(seance, par=agent)

    ordre_du_jour.ajouter_point(seance, par=agent, titre="Incident", nature="information")
    ordre_du_jour.ajouter_point(seance, par=agent, titre="Travaux", nature="information")
    assert seance.ordre_du_jour_a_change
    envoi = convocation.informer(seance, par=agent)
    envois.envoyer_convocation(envoi.pk)

    assert (envoi.nature, envoi.sequence) == (N.MODIFICATION, 1)
    lettres = Courriel.objects.filter(acte="seances/informer")
    assert lettres.count() == 3
    methode, evenement = agenda(lettres.first())
    assert (methode, evenement["SEQUENCE"]) == ("REQUEST", 1)
    assert "Incident" in lettres.first().corps
    assert "ajouté après la convocation" in lettres.first().corps
    assert not relire(seance).ordre_du_jour_a_change


def test_a_member_named_meanwhile_is_convened_with_the_next_sending(seance, agent):
    seance = convoquee(seance, agent)
    nouveau = MembreFactory(college=seance.mandature.colleges.get())

    assert seance.membres_oublies() == [nouveau]
    envois.envoyer_convocation(convocation.informer(seance, par=agent).pk)

    assert seance.convies.filter(membre=nouveau, envois__isnull=False).exists()


def test_a_move_needs_a_reason_tells_everybody_and_asks_again(seance, agent):
    seance = convoquee(seance, agent)
    convie = seance.convies.select_related("seance").first()
    convie.seance = seance
    repondre(convie, reponse="salle", besoins=["boucle"])
    uid = agenda(Courriel.objects.filter(acte="seances/convoquer").first())[1]["UID"]
    debut = seance.debut + timedelta(days=7)
    nouveau = {"debut": debut, "fin": debut + timedelta(hours=2)}

    with pytest.raises(ValidationError, match="pourquoi"):
        convocation.deplacer(relire(seance), par=agent, motif=" ", **nouveau)
    envoi = convocation.deplacer(relire(seance), par=agent, motif="Salle prise", **nouveau)
    envois.envoyer_convocation(envoi.pk)

    lettres = Courriel.objects.filter(acte="seances/deplacer")
    assert lettres.count() == 3
    assert "Salle prise" in lettres.first().corps
    for dit in (jour_texte(seance.debut, "long"), jour_texte(debut, "long"), "ne valent plus"):
        assert dit in lettres.first().corps
    methode, evenement = agenda(lettres.first())
    assert (methode, evenement["UID"], evenement["SEQUENCE"]) == ("REQUEST", uid, 1)
    assert evenement.decoded("dtstart") == debut.replace(microsecond=0)
    convie.refresh_from_db()
    assert (convie.reponse, convie.besoins) == ("", ["boucle"])


def test_a_move_that_breaks_the_delay_must_be_meant(seance, agent):
    seance = convoquee(seance, agent)
    debut = timezone.localtime() + timedelta(days=3)
    nouveau = {"debut": debut, "fin": debut + timedelta(hours=2), "motif": "Urgence"}

    with pytest.raises(ValidationError, match="jours francs") as refus:
        convocation.deplacer(relire(seance), par=agent, **nouveau)
    assert "quand_meme" in refus.value.message_dict
    envoi = convocation.deplacer(relire(seance), par=agent, quand_meme=True, **nouveau)

    assert envoi.est_tardive


def test_who_no_longer_sits_on_the_new_day_leaves_the_list(seance, agent):
    seance = convoquee(seance, agent)
    parti = seance.convies.first()
    parti.membre.au = seance.jour.date() + timedelta(days=1)
    parti.membre.save()
    debut = seance.debut + timedelta(days=7)

    convocation.deplacer(seance, par=agent, motif="Salle prise", debut=debut, fin=debut + timedelta(hours=2))

    parti.refresh_from_db()
    assert parti.retire_le is not None
    assert agenda(Courriel.objects.get(acte="seances/retirer_convie"))[0] == "CANCEL"


def test_a_seance_called_off_leaves_the_calendars(seance, agent):
    seance = convoquee(seance, agent)

    with pytest.raises(ValidationError, match="pourquoi"):
        convocation.annuler(seance, par=agent, motif="")
    envoi = convocation.annuler(relire(seance), par=agent, motif="Grève des transports")
    envois.envoyer_convocation(envoi.pk)

    assert relire(seance).etat == Etat.ANNULEE
    lettres = Courriel.objects.filter(acte="seances/annuler")
    assert lettres.count() == 3
    methode, evenement = agenda(lettres.first())
    assert (methode, evenement["STATUS"], evenement["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert "Grève" in lettres.first().corps


def test_called_off_before_its_letters_left_everybody_convened_hears_of_it(seance, agent):
    convocation.convoquer(seance, par=agent)
    convocation.annuler(relire(seance), par=agent, motif="Erreur de date")

    envois.envoyer_convocations()

    assert Courriel.objects.filter(acte="seances/annuler").count() == seance.convies.count()
    assert not Courriel.objects.filter(acte="seances/convoquer").exists()
    assert not Convocation.objects.filter(envoyee_le=None).exists()


# Second convocation


def test_after_a_want_of_quorum_the_same_agenda_is_convened_again(seance, agent):
    ordre_du_jour.ajouter_point(seance, par=agent, titre="Déjà traité", nature="information")
    seance.points.filter(titre="Déjà traité").update(etat=EtatPoint.TRAITE)
    seance = presser(seance, -1)
    Seance.objects.update(etat=Etat.REPORTEE)
    seance = relire(seance)
    tot, assez = timezone.localtime() + timedelta(days=2), timezone.localtime() + timedelta(days=4)

    assert "3 jours plus tard au moins" in lisible(dire_seconde(seance))
    assert "sans condition de quorum" in dire_seconde(seance)
    with pytest.raises(ValidationError, match="3 jours"):
        seconde_convocation(seance, par=agent, debut=tot, fin=tot + timedelta(hours=2))
    seconde = seconde_convocation(seance, par=agent, debut=assez, fin=assez + timedelta(hours=2))
    envois.envoyer_convocation(seconde.convocations.get().pk)

    assert (seconde.rang_convocation, seconde.premiere, seconde.etat) == (2, seance, Etat.CONVOQUEE)
    assert [point.titre for point in seconde.points.all()] == ["Rapport de l’eau"]
    assert not seconde.convocations.get().est_tardive
    assert "sans condition de quorum" in Courriel.objects.filter(acte="seances/convoquer").first().corps
    with pytest.raises(ActeInterdit, match="déjà partie"):
        seconde_convocation(relire(seance), par=agent, debut=assez, fin=assez + timedelta(hours=2))


# Pages of the acts


def test_the_acts_are_done_from_their_pages(client, seance, agent):
    seance = convoquee(seance, agent)
    client.force_login(agent)
    ordre_du_jour.ajouter_point(seance, par=agent, titre="Incident", nature="information")

    page = client.get(reverse("seances:seance", args=[seance.pk])).content.decode()
    assert "a changé depuis la convocation" in page
    assert "Ajouté après la convocation" in page
    assert client.post(reverse("seances:informer", args=[seance.pk]), {}).status_code == 302
    jour = (seance.jour + timedelta(days=7)).date()
    envoi = {
        "jour": jour.isoformat(),
        "de": "18:00",
        "a": "20:00",
        "tenue": "salle",
        "lieu": "Ailleurs",
        "lien_visio": "",
        "motif": "Travaux",
    }
    assert client.post(reverse("seances:deplacer", args=[seance.pk]), envoi).status_code == 302
    seance = relire(seance)
    assert (seance.lieu, seance.sequence) == ("Ailleurs", 2)
    assert client.post(reverse("seances:annuler", args=[seance.pk]), {"motif": "Grève"}).status_code == 302
    assert client.get(reverse("seances:annuler", args=[seance.pk])).status_code == 409


def test_a_member_without_a_mailbox_is_convened_by_post(client, seance, agent):
    college = CollegeFactory(mandature=seance.mandature)
    compte = ouvrir_compte_par_poste(prenom="Odile", nom="Sansboite")
    membre = MembreFactory(college=college, compte=compte, adresse_postale="2 rue du Port, 38000 Grenoble")
    envois.envoyer_convocation(convocation.convoquer(seance, par=agent).pk)

    courrier = Courrier.objects.get(seance=seance)
    assert courrier.document.donnees["destinataire"] == ["Odile Sansboite", "2 rue du Port", "38000 Grenoble"]
    assert "Rapport de l’eau" in courrier.document.donnees["corps"]
    assert not Courriel.objects.filter(destinataires__contains=[compte.courriel]).exists()
    client.force_login(agent)
    assert courrier.objet in lire(client.get(reverse("socle:courriers")))
    assert courrier.objet in lire(client.get(seance.get_absolute_url()))
    client.post(
        reverse("socle:poster_courrier", args=[courrier.pk]),
        {"date_postee": timezone.localdate().isoformat()},
    )
    courrier.refresh_from_db()
    assert courrier.poste_par == agent
    assert seance.journal.filter(acte="poster_courrier").exists()
    # Any other letter to her goes the same way, even one that nobody wrote for paper, and once.
    lettres_des_membres.nommer(membre)
    nomination = Courrier.objects.get(instance=seance.instance)
    assert "par la poste" in nomination.document.donnees["corps"]
    assert nomination.objet in lire(client.get(reverse("socle:courriers")))
    membre.au = timezone.localdate()
    for _ in range(2):
        lettres_des_membres.annoncer_fin_de_mandat(membre, 6)
    annonce = Courrier.objects.get(lettre="seances/fin_de_mandat").document.donnees
    assert "http" not in annonce["corps"]
    assert "à l’adresse en tête de cette lettre" in annonce["corps"]
    lettres.convoquer_suppleant(
        Convie.objects.get(membre=membre), remplace=Convie.objects.exclude(membre=membre)[0]
    )
    appel = Courrier.objects.get(lettre="seances/convoquer_suppleant").document.donnees["corps"]
    assert "convocation, à sa place" in appel
    assert "Rapport de l’eau" in appel
    membres.modifier_membre(membre, par=agent, courriel="odile@example.org")
    compte.refresh_from_db()
    assert (compte.boite, membre.adresse_postale) == ("odile@example.org", "")


def test_held_in_another_way_the_same_day_only_the_answers_it_makes_impossible_are_forgotten(seance, agent):
    debut = (timezone.localtime() + timedelta(days=30)).replace(hour=18, minute=0, second=0, microsecond=0)
    Seance.objects.update(
        tenue="hybride", lien_visio="https://visio.example.org/1", debut=debut, fin=debut + timedelta(hours=2)
    )
    seance = convoquee(relire(seance), agent)
    loin, ici, excuse = seance.convies.order_by("pk")
    for convie, dit in ((loin, "distance"), (ici, "salle"), (excuse, "excuse")):
        repondre(convie, reponse=dit)

    guichet = Guichet(agent)
    guichet.valider(reverse("seances:deplacer", args=[seance.pk]), tenue="salle", motif="Panne.")
    assert "Une séance en salle n’a pas de lien" in guichet.dit
    guichet.valider(lien_visio="")

    assert [c.reponse for c in seance.convies.order_by("pk")] == ["", "salle", "excuse"]
    assert relire(seance).tenue == "salle"
