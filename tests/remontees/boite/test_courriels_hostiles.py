"""Mails made to harm: the worker reads them in bounded work, keeps them, says so, and reads the next one."""

import contextlib
import signal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from participation.socle.regles.courriel_brut import EMBOITEES_MAX, Illisible, decoder, ouvrir
from remontees.boite import actes as boite
from remontees.boite import regles as courriels_recus
from remontees.boite import releve
from remontees.boite.regles import cle_de, cle_par_numero, lire, texte_du_html
from remontees.messages.regles import est_un_simple_merci, separer
from remontees.models import Boite, CourrielRecu, Remontee
from remontees.models.boites import ESSAIS_MAX
from tests.outils import ensemble
from tests.remontees import dovecot
from tests.remontees.courriels import MX, lettre, relever, sorts

ENTETES = b"From: josette@example.org\r\nSubject: Un banc\r\n"


def emboite(combien: int, apres: bytes = b"", espace: str = " ") -> bytes:
    parties = (
        f'Content-Type:{espace}multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
        for n in range(combien)
    )
    return ENTETES + b"".join(parties) + apres


@contextlib.contextmanager
def au_plus(secondes: float):
    """Stop after so many seconds of CPU, a regular expression too, and fail."""
    avant = signal.signal(signal.SIGVTALRM, lambda *_: pytest.fail(f"plus de {secondes} s"))
    signal.setitimer(signal.ITIMER_VIRTUAL, secondes)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, avant)


HOSTILES = {
    "de et des espaces": lambda n: "De :" + " " * n + "x",
    "des débuts de citation": lambda n: "De :\n" * (n // 5),
    "le, le, le": lambda n: "Le 1 a\n" * (n // 7),
    "des virgules": lambda n: "," * n + "x",
    "ok ok ok": lambda n: "ok " * (n // 3) + "?",
    "des chevrons": lambda n: "> " * (n // 2),
    "des tirets": lambda n: "-" * n + "x",
    "des soulignés": lambda n: "_" * n + "x",
    "des lignes vides": lambda n: "\n" * n,
    "des balises": lambda n: "<" * n,
    "des commentaires": lambda n: "<!--" * (n // 4),
    "des blocs": lambda n: "<div>" * (n // 5),
    "des scripts": lambda n: "<script>" * (n // 8),
}


@pytest.mark.parametrize("nom", HOSTILES)
@pytest.mark.parametrize("fonction", [separer, est_un_simple_merci, texte_du_html])
def test_forty_kilobytes_made_to_be_slow_take_no_second(nom, fonction):
    """An expression of quadratic cost took minutes, and one in Python too; what is linear takes some hundredths."""
    with au_plus(2):
        fonction(HOSTILES[nom](40_000))


@reglages(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(["De :", "Le ", "a écrit :", "> ", "\n", " ", "--", "x", "merci", "1"]), max_size=60
    )
)
def test_nothing_of_a_text_is_lost_when_it_is_cut_into_own_and_quoted(morceaux):
    texte = "".join(morceaux)
    dit, cite = separer(texte)
    assert sorted("".join(f"{dit}{cite}".split())) == sorted("".join(texte.split()))


@reglages(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            [
                b"From: a@b.fr", b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/plain; charset=idna",
                b"Content-Type: message/rfc822", b"Content-Type: multipart/report; report-type=delivery-status",
                b"\r\n", b"\n", b"\r\n\r\n", b"--b", b"--b--", b"Subject: =?utf-8?Q?=", b"Content-Transfer-Encoding: base64",
                b"\xff\xfe", b"\x00", b"=?a?q?", b";;;", b'"', b"((((", b"Date: x", b"Authentication-Results: m; dmarc=",
            ]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_whatever_the_bytes_a_mail_is_read_or_says_why_not(morceaux):
    octets = b"".join(morceaux)
    cle_de(octets)
    with contextlib.suppress(Illisible):
        lire(octets, [MX])


def test_no_decoder_of_quadratic_cost_is_chosen_by_a_stranger():
    assert decoder(b"abc-" * 10, "punycode") == "abc-" * 10
    assert decoder(b"abc", "idna") == "abc"


def test_headers_are_cut_before_the_library_reads_their_parameters():
    message = ouvrir(b"Content-Type: text/plain" + b";" * 500_000 + b"\r\n\r\nx")
    assert len(str(message["Content-Type"])) <= 8_000


@pytest.mark.parametrize(
    "octets",
    [
        emboite(1000),
        emboite(1000, b"\r\n" + b"a" * 250_000),
        ENTETES + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 20_000,
        emboite(EMBOITEES_MAX, b"\r\n" * 400_000),
        emboite(300, b"\r\n" * 60_000, "\x1c"),
    ],
    ids=["53 KB", "300 KB", "20 000 parts", "lines in open parts", "behind a separator of ASCII"],
)
@pytest.mark.django_db
def test_a_mail_that_cannot_be_read_is_kept_and_said_and_the_next_one_is_read(
    client, agent, boite_reglee, octets
):
    boite_reglee.poster(lettre("Avant."), octets, lettre("Après : fuite de gaz rue C."))

    relever()
    relever()

    assert sorts() == ["illisible", "remontee", "remontee"]
    assert Remontee.objects.filter(verbatim__contains="fuite de gaz").exists()
    recu = CourrielRecu.objects.get(sort="illisible")
    assert bytes(recu.octets).replace(b"\r\n", b"\n").startswith(ENTETES.replace(b"\r\n", b"\n"))
    assert (recu.expediteur, recu.objet) == ("josette@example.org", "Un banc")
    page = client.get(recu.get_absolute_url())
    assert recu.erreur in page.content.decode()
    assert len(page.content) < 100_000
    original = client.get(reverse("remontees:courriel_original", args=[recu.pk]))
    assert original.content == bytes(recu.octets)
    assert "attachment" in original["Content-Disposition"]
    journee = client.get(reverse("socle:journee")).content.decode()
    assert "Voir 1 courriel reçu qui attend un agent" in journee

    client.post(reverse("remontees:ranger_courriel", args=[recu.pk]))

    assert "qui attend un agent" not in client.get(reverse("socle:journee")).content.decode()
    recu.refresh_from_db()
    assert recu.vu_par == agent


@pytest.mark.django_db
def test_the_page_shows_what_the_worker_read_and_parses_nothing(client, agent, boite_reglee, monkeypatch):
    boite_reglee.poster(lettre("De :" + " " * 19_000 + "x", Precedence="bulk"))
    relever()
    monkeypatch.setattr("email.feedparser.FeedParser.feed", lambda *_: pytest.fail("parsed in a request"))

    page = client.get(CourrielRecu.objects.get().get_absolute_url()).content.decode()

    assert "De :" in page


@pytest.mark.django_db
def test_a_mail_that_kills_its_worker_each_time_is_left_for_agents_and_blocks_nobody(
    client, agent, boite_reglee, monkeypatch
):
    boite_reglee.poster(lettre("Celui qui tue."), lettre("L’autre."))
    releve.relever()
    vrai = courriels_recus.lire

    def tuer(octets, serveurs=()):
        if b"Celui qui tue" in octets:
            raise SystemExit
        return vrai(octets, serveurs)

    monkeypatch.setattr(boite, "lire", tuer)
    for _ in range(ESSAIS_MAX):
        with pytest.raises(SystemExit):
            boite.traiter_ce_qui_attend()
    boite.traiter_ce_qui_attend()

    assert sorts() == ["a_traiter", "remontee"]
    assert "Voir 1 courriel reçu qui attend" in client.get(reverse("socle:journee")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("panne", [KeyError("x"), AttributeError("x"), LookupError("x"), RecursionError("x")])
def test_an_unforeseen_failure_stops_neither_the_next_mail_nor_itself_for_ever(
    boite_reglee, monkeypatch, panne
):
    boite_reglee.poster(lettre("Un."), lettre("Deux."))
    releve.relever()
    nouvelle = boite._nouvelle

    def faire(recu, lu):
        if lu.dit == "Un.":
            raise panne
        return nouvelle(recu, lu)

    monkeypatch.setattr(boite, "_nouvelle", faire)
    for _ in range(ESSAIS_MAX + 1):
        boite.traiter_ce_qui_attend()

    assert sorts() == ["illisible", "remontee"]
    assert CourrielRecu.objects.get(sort="illisible").octets


@pytest.mark.django_db
def test_a_mail_that_the_server_never_gives_is_said_and_passed(client, agent, boite_reglee, monkeypatch):
    boite_reglee.poster(lettre("Un."), lettre("Deux."))
    chercher, premiers = releve._chercher, []

    def refuser(imap, uid, quoi):
        premiers.append(uid)
        if uid == premiers[0]:
            raise releve.imaplib.IMAP4.error("FETCH : [SERVERBUG] http://evil.example")
        return chercher(imap, uid, quoi)

    monkeypatch.setattr(releve, "_chercher", refuser)
    for _ in range(releve.ECHECS_MAX):
        with pytest.raises(releve.ErreurMetier):
            releve.relever()
        assert not CourrielRecu.objects.exists(), "never past a mail without a row"
    panne = Boite.objects.get()
    assert (panne.echecs, "evil" in panne.erreur) == (releve.ECHECS_MAX, False)
    assert "elle ne se relève plus" in client.get(reverse("socle:journee")).content.decode()
    relever()

    assert sorts() == ["illisible", "remontee"]
    assert "elle ne se relève plus" not in client.get(reverse("socle:journee")).content.decode()


@pytest.mark.django_db
def test_a_dead_mailbox_and_a_heavy_mail_are_said_in_the_journee(
    client, agent, boite_reglee, settings, monkeypatch
):
    monkeypatch.setattr(releve, "TAILLE_MAX", 2000)
    boite_reglee.poster(lettre("x" * 3000), lettre("y" * 3000))
    relever()
    settings.BOITE_URL = settings.BOITE_URL.replace(dovecot.MOT_DE_PASSE, "faux")
    for _ in range(2):
        with pytest.raises(releve.ErreurMetier):
            releve.relever()

    journee = client.get(reverse("socle:journee")).content.decode()

    assert sorts() == ["lourd", "lourd"]
    assert "Voir 2 courriels reçus qui attendent un agent" in journee
    assert "elle ne se relève plus" in journee
    assert Boite.objects.exclude(erreur="").get().en_panne_depuis


@pytest.mark.parametrize("numero", ["<meme@example.org>", "<>", ""])
@pytest.mark.django_db
def test_two_mails_with_one_message_id_are_both_kept_and_the_same_one_twice_is_one(boite_reglee, numero):
    trou, feu = (
        lettre("Trou rue A.", numero=numero),
        lettre("Incendie rue B.", numero=numero, de="b@example.org"),
    )
    encore = trou.as_bytes()
    boite_reglee.poster(
        trou,
        feu,
        b"Received: from mx2.example.org by mx.exemple.fr; Thu, 5 Nov 2026 08:13:00 +0100\r\n"
        b"Delivered-To: alias@example.org\r\nARC-Seal: i=1;\r\n a=rsa\r\n" + encore,
    )

    relever()
    Boite.objects.update(validite=1, dernier=0)  # the server renumbers: all are read again
    relever()

    assert sorted(Remontee.objects.values_list("verbatim", flat=True)) == ["Incendie rue B.", "Trou rue A."]
    assert CourrielRecu.objects.count() == 2


@pytest.mark.django_db
def test_a_mail_received_before_the_fingerprint_is_not_received_again(boite_reglee):
    ancien = lettre("Trou rue A.", numero="<ancien@example.org>").as_bytes()
    boite_reglee.poster(ancien)
    with boite_reglee.connexion() as imap:
        imap.select("INBOX", readonly=True)
        taille = releve._taille(imap, 1) or int(
            imap.fetch("1", "(RFC822.SIZE)")[1][0].split()[-1].strip(b")")
        )
    CourrielRecu.objects.create(cle=cle_par_numero(ancien), taille=taille, sort="remontee")

    relever()

    assert CourrielRecu.objects.count() == 1
    assert not Remontee.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_count_a_try_at_once_make_one_remontee(boite_reglee):
    boite_reglee.poster(lettre())
    releve.relever()
    cle = CourrielRecu.objects.get().pk

    ensemble(*[lambda: boite.traiter(cle)] * 3)

    assert Remontee.objects.count() == 1
