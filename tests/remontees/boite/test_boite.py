"""Mailbox, on a real dovecot: no message lost or read twice, no loop with an automatic answer."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from participation.socle.courriels.message import message_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from remontees.boite import actes as boite
from remontees.boite import regles as courriels
from remontees.boite import releve
from remontees.messages import actes as messages
from remontees.models import Boite, CourrielRecu, Message, Reception, Remontee
from remontees.parts import reponse
from remontees.personne import fil_de
from remontees.workflow import Canal, Etat, Issue
from tests.outils import ensemble
from tests.remontees import dovecot
from tests.remontees.courriels import lettre, relever, sorts
from tests.remontees.factories import AttributionFactory, RapporteurFactory, RemonteeFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def connue(**champs):
    rapporteur = RapporteurFactory(remontee=RemonteeFactory(**champs), courriel="josette@example.org")
    return rapporteur.remontee


def test_without_a_mailbox_the_site_says_how_to_have_one(client, settings):
    settings.BOITE_URL = ""
    client.force_login(CompteFactory(agent=True))

    with pytest.raises(CommandError, match="BOITE_URL=imaps://"):
        call_command("relever_boite")
    assert "Aucune boîte n’est relevée" in client.get(reverse("remontees:courriels_recus")).content.decode()


@pytest.mark.parametrize(
    ("url", "dit"),
    [
        ("imap://nom:x@ailleurs.example.org/", "en clair"),
        ("https://exemple.org", "forme imaps"),
        ("imaps://nom:x@h:port/", "ne se lit pas"),
    ],
)
def test_an_address_of_mailbox_that_cannot_be_says_why(url, dit, settings):
    settings.BOITE_URL = url
    with pytest.raises(ErreurMetier, match=dit):
        releve.relever()


def test_a_mail_becomes_a_remontee_with_its_author_its_day_and_its_picture(boite_reglee):
    message = lettre()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="banc.png")
    message.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="virus.exe")
    boite_reglee.poster(message)

    relever()
    relever()

    remontee = Remontee.objects.get()
    assert (remontee.canal, remontee.titre) == (Canal.COURRIEL, "Un banc cassé")
    assert remontee.entendue_le.isoformat() == "2026-11-05"
    assert (remontee.rapporteur.nom, remontee.rapporteur.courriel) == (
        "Josette Arnaud",
        "josette@example.org",
    )
    assert remontee.pieces.get().titre == "banc.png"
    assert remontee.journal.get(acte="noter").motif.startswith("virus.exe : Ce type de fichier")
    recu = CourrielRecu.objects.get()
    assert (recu.sort, bytes(recu.octets), recu.remontee) == ("remontee", b"", remontee)
    assert boite_reglee.combien() == 1, "Nothing is taken out of the mailbox."


def test_a_reply_to_our_letter_is_a_message_without_what_it_quotes(boite_reglee):
    remontee = connue(repondue=True)
    AttributionFactory(repondue=True, dossier=remontee)
    messages.ecrire_a_la_personne(remontee, par=CompteFactory(agent=True), texte="Qu’en pensez-vous ?")
    envoyee = message_de(Courriel.objects.get(acte="remontees/ecrire_a_la_personne")).message()
    boite_reglee.poster(
        lettre(
            "C’est encore cassé.\n\nLe jeu. 26 nov. 2026 à 10:12, Participation <participation@example.org> a\nécrit :\n\n> Bonjour,\n> Qu’en pensez-vous ?\n",
            objet="Re: autre chose",
            In_Reply_To=envoyee["Message-ID"],
            References=f"{envoyee['References']} {envoyee['Message-ID']}",
        )
    )

    relever()

    message = Message.objects.get(sens="entrant")
    assert (message.texte, message.auteur) == ("C’est encore cassé.", "personne")
    assert "Qu’en pensez-vous" in message.cite
    remontee.refresh_from_db()
    assert (remontee.etat, remontee.reouvertures) == (Etat.NOUVELLE, 1)
    assert Remontee.objects.count() == 1


def test_a_thread_that_we_did_not_sign_and_a_number_that_was_not_written_to_lead_nowhere(boite_reglee):
    remontee = connue(repondue=True)
    messages.ecrire_a_la_personne(remontee, par=CompteFactory(agent=True), texte="Bonjour.")
    courriel = Courriel.objects.get(acte="remontees/ecrire_a_la_personne")
    faux = fil_de(remontee).replace(f"remontee.{remontee.pk}.", f"remontee.{remontee.pk}.x")
    boite_reglee.poster(
        lettre(de="mechant@example.com", References=faux),
        lettre(de="mechant@example.com", In_Reply_To=f"<courriel-{courriel.pk}@127.0.0.1>"),
    )

    relever()

    assert not Message.objects.filter(sens="entrant").exists()
    assert Remontee.objects.count() == 3


def test_a_forwarded_reply_is_found_again_by_its_reference_and_opens_nothing(boite_reglee):
    remontee = connue(repondue=True)
    agent = CompteFactory(agent=True)
    boite_reglee.poster(
        lettre(
            f"Reçu sur ma boîte.\n\n-------- Message transféré --------\nDe : Josette\nObjet : Réponse {remontee.reference}\n\nToujours cassé.",
            de=agent.courriel,
            objet="Fwd: Réponse",
        )
    )

    relever()

    message = Message.objects.get()
    assert (message.remontee, message.auteur) == (remontee, "autre")
    assert "Toujours cassé." in message.texte
    remontee.refresh_from_db()
    assert remontee.etat == Etat.REPONDUE


@pytest.mark.parametrize(
    ("brut", "lu"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nD\xe9j\xe0 cass\xe9", "Déjà cassé"),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\nD\xe9j\xe0 cass\xe9", "Déjà cassé"),
        (b"Content-Type: text/plain; charset=n-existe-pas\r\n\r\nD\xc3\xa9j\xc3\xa0", "Déjà"),
        (b"Content-Type: text/plain; charset=windows-1252\r\n\r\n5\x80 d\x92amende", "5€ d’amende"),
        (b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nRMOpasOg!!", "Déjà"),
        (
            b"Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Un&nbsp;banc</p><p>cass\xc3\xa9</p>",
            "Un banc\n\ncassé",
        ),
    ],
    ids=["latin-1", "latin-1 said utf-8", "unknown", "cp1252", "broken base64", "html"],
)
def test_a_broken_charset_loses_nothing(boite_reglee, brut, lu):
    boite_reglee.poster(
        b"From: josette@example.org\r\nSubject: =?utf-8?Q?=C3=A9t?= \xe9\r\nMessage-ID: <c@x>\r\n"
        + brut
        + b"\r\n"
    )

    relever()

    assert Remontee.objects.get().verbatim.strip() == lu


def test_a_null_that_no_database_takes_is_left_out():
    assert courriels.lire(b"Subject: a\r\n\r\nzero\x00ici").dit == "zeroici"


@pytest.mark.parametrize(
    ("entetes", "sort"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatique"),
        ({"Precedence": "bulk"}, "automatique"),
        ({"X_Autoreply": "yes"}, "automatique"),
        ({"objet": "Réponse automatique : Un banc"}, "automatique"),
        ({"de": "MAILER-DAEMON@example.org"}, "automatique"),
        ({"de": "Participation <participation+x@example.org>"}, "notre"),
        ({"Auto_Submitted": "no"}, "remontee"),
    ],
)
def test_what_a_machine_wrote_makes_nothing_and_is_kept_aside(boite_reglee, entetes, sort):
    boite_reglee.poster(lettre(**entetes))

    relever()

    assert sorts() == [sort]
    assert Remontee.objects.count() == (sort == "remontee")
    assert bool(CourrielRecu.objects.get().octets) == (sort != "remontee")


def test_an_agent_takes_up_what_was_set_aside(client, boite_reglee):
    boite_reglee.poster(lettre(Precedence="bulk"))
    relever()
    recu = CourrielRecu.objects.get()
    client.force_login(CompteFactory(agent=True))
    assert "Le banc de la place" in client.get(recu.get_absolute_url()).content.decode()

    client.post(reverse("remontees:reprendre_courriel", args=[recu.pk]))

    assert Remontee.objects.get().verbatim.startswith("Le banc")


def test_a_letter_that_comes_back_is_marked_and_opens_nothing(boite_reglee):
    remontee = connue(repondue=True)
    messages.ecrire_a_la_personne(remontee, par=CompteFactory(agent=True), texte="Bonjour.")
    courriel = Courriel.objects.get(acte="remontees/ecrire_a_la_personne")
    rapport = (
        "From: Mail Delivery System <mailer-daemon@example.org>\r\nMessage-ID: <r@example.org>\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nRat\xe9.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; josette@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {message_de(courriel).message()['Message-ID']}\r\n\r\n--b--\r\n"
    )
    boite_reglee.poster(rapport.encode("latin-1"))

    relever()

    courriel.refresh_from_db()
    assert (sorts(), courriel.etat) == (["rebond"], Courriel.Etat.REJETE)
    assert not Message.objects.filter(sens="entrant").exists()


def test_two_mailboxes_that_answer_each_other_stop_after_one(boite_reglee):
    """The other mailbox neither says that it is automatic nor cites our message, and always answers."""

    def repondre_a_tout(deja=[0]):  # noqa: B006 how many letters were answered already
        lettres = list(Courriel.objects.filter(destinataires=["robot@example.net"]).order_by("pk"))
        for courriel in lettres[deja[0] :]:
            boite_reglee.poster(
                lettre(
                    "Votre message est bien arrivé.", de="robot@example.net", objet=f"Accusé {courriel.pk}"
                )
            )
        deja[0] = len(lettres)

    boite_reglee.poster(lettre(de="robot@example.net"))
    for _ in range(5):
        relever()
        repondre_a_tout()

    assert Courriel.objects.filter(destinataires=["robot@example.net"]).count() == 1
    assert Remontee.objects.count() == 2


def test_a_mailbox_that_answers_all_we_write_opens_again_only_so_often(boite_reglee):
    remontee = connue(repondue=True)
    agent = CompteFactory(agent=True)
    for tour in range(5):
        boite_reglee.poster(lettre(f"Message {tour}", objet=remontee.reference))
        relever()
        remontee.refresh_from_db()
        if remontee.etat == Etat.NOUVELLE:
            reponse.repondre(remontee, par=agent, issue=Issue.TRAITE, reponse="Fait.")

    assert remontee.reouvertures == 3
    assert Message.objects.filter(sens="entrant").count() == 5


def test_the_same_message_seen_twice_and_opened_elsewhere_is_read_once(boite_reglee):
    message = lettre(numero="<un@example.org>")
    boite_reglee.poster(message, message)
    with boite_reglee.connexion() as imap:
        imap.select("INBOX")
        imap.store("1:2", "+FLAGS", "\\Seen")
    relever()
    # The server renumbers its messages (UIDVALIDITY): all are read again.
    Boite.objects.update(validite=1, dernier=0)
    relever()

    assert CourrielRecu.objects.count() == 1
    assert Remontee.objects.count() == 1


def test_a_mailbox_that_dies_in_the_middle_loses_nothing_and_doubles_nothing(settings, monkeypatch):
    serveur = dovecot.lancer()
    try:
        settings.BOITE_URL = serveur.url
        monkeypatch.setattr(releve, "ATTENTE", 5)
        serveur.poster(*(lettre(f"Message {n}", numero=f"<{n}@x>") for n in range(6)))
        ecrire, combien = releve._ecrire, []

        def ecrire_puis_mourir(client, uid):
            ecrire(client, uid)
            combien.append(uid)
            if len(combien) == 3:
                serveur.tuer()

        monkeypatch.setattr(releve, "_ecrire", ecrire_puis_mourir)
        with pytest.raises(ErreurMetier, match="ne répond pas"):
            releve.relever()
        with pytest.raises(ErreurMetier, match="ne répond pas"):
            releve.relever()
        assert "ne répond pas" in Boite.objects.get().erreur
        assert CourrielRecu.objects.count() == 3

        serveur = dovecot.lancer(serveur.dossier, serveur.port)
        relever()

        assert sorted(Remontee.objects.values_list("verbatim", flat=True)) == [
            f"Message {n}" for n in range(6)
        ]
        assert (serveur.combien(), Boite.objects.get().erreur) == (6, "")
    finally:
        dovecot.arreter(serveur)


def test_a_worker_killed_between_two_steps_makes_one_remontee(boite_reglee, monkeypatch):
    """The message of the remontée is not marked as read yet: read again, it makes no second remontée."""
    boite_reglee.poster(lettre())
    releve.relever()
    joindre = boite._joindre
    monkeypatch.setattr(boite, "_joindre", lambda *_: (_ for _ in ()).throw(ValueError("coupé")))
    boite.traiter_ce_qui_attend()
    assert not Remontee.objects.exists()
    assert CourrielRecu.objects.get().erreur == "coupé"

    monkeypatch.setattr(boite, "_joindre", joindre)
    boite.traiter_ce_qui_attend()

    assert Remontee.objects.count() == Reception.objects.count() == 1


def test_what_is_too_heavy_stays_in_the_mailbox_and_is_said(client, boite_reglee, monkeypatch):
    monkeypatch.setattr(releve, "TAILLE_MAX", 2000)
    boite_reglee.poster(lettre("x" * 3000))

    relever()

    recu = CourrielRecu.objects.get()
    assert (recu.sort, recu.expediteur, boite_reglee.combien()) == ("lourd", "josette@example.org", 1)
    client.force_login(CompteFactory(agent=True))
    assert "est resté dans la boîte" in client.get(reverse("remontees:courriels_recus")).content.decode()


def test_an_address_that_writes_too_much_in_a_day_is_set_aside(boite_reglee, settings):
    settings.BOITE_PAR_JOUR = 2
    boite_reglee.poster(*(lettre(f"Message {n}", de=f"josette+{n}@example.org") for n in range(4)))

    relever()

    assert sorts() == ["remontee", "remontee", "trop", "trop"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_remontee_of_a_mail(boite_reglee):
    boite_reglee.poster(lettre())
    releve.relever()
    cle = CourrielRecu.objects.get().pk

    assert ensemble(*[lambda: boite.traiter(cle)] * 2) == ["fait", "fait"]
    assert Remontee.objects.count() == 1
