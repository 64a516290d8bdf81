"""Who a mail says it is from, and what our server checked; what a machine wrote; the quarantine of agents."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.oubli import Personne
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.message import message_de
from participation.socle.models import Courriel
from participation.socle.regles.courriel_brut import ouvrir
from remontees.boite import actes as boite
from remontees.boite.expediteur import Verdict, verdict_sur
from remontees.boite.regles import cle_de
from remontees.messages import actes as messages
from remontees.models import CourrielRecu, Message, Remontee
from remontees.oubli import oublier
from remontees.workflow import Etat
from tests.remontees.courriels import MX, lettre, relever, sorts
from tests.remontees.factories import AttributionFactory, RapporteurFactory, RemonteeFactory
from tests.socle.factories import CompteFactory, DirectionFactory


def connue(**champs):
    return RapporteurFactory(remontee=RemonteeFactory(**champs), courriel="josette@example.org").remontee


@pytest.mark.django_db
@pytest.mark.parametrize(
    "resultats",
    [
        None,
        "spf=fail smtp.mailfrom=example.org; dkim=none",
        "dmarc=permerror header.from=example.org",
        "dmarc=pass header.from=ailleurs.example",
        "dkim=pass header.d=ailleurs.example",
        "spf=pass smtp.mailfrom=x@ailleurs.example",
        "x=y (dmarc=pass header.from=example.org)",
    ],
)
def test_a_mail_that_no_check_of_our_server_proves_waits_for_an_agent(client, agent, boite_reglee, resultats):
    remontee = connue(repondue=True)
    message = lettre("Annulez tout.", objet=f"Re: {remontee.reference}")
    del message["Authentication-Results"]
    octets = (
        b"Authentication-Results: pirate.example; dmarc=pass header.from=example.org\r\n" + message.as_bytes()
    )
    if resultats:
        octets = f"Authentication-Results: {MX}; {resultats}\r\n".encode() + octets
    boite_reglee.poster(octets)

    relever()

    recu = Message.objects.get()
    assert (recu.auteur, recu.preuve) == ("a_verifier", "")
    remontee.refresh_from_db()
    assert remontee.etat == Etat.REPONDUE
    assert not remontee.messages.pour_la_personne().exists()
    page = client.get(remontee.get_absolute_url()).content.decode()
    assert "Non vérifié" in page

    client.post(reverse("remontees:attribuer_message", args=[recu.pk]), {"auteur": "personne"})

    remontee.refresh_from_db()
    recu.refresh_from_db()
    assert (remontee.etat, recu.auteur) == (Etat.NOUVELLE, "personne")
    assert client.get(reverse("remontees:attribuer_message", args=[recu.pk])).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("resultats", "preuve"),
    [
        ("dmarc=pass (p=reject) header.from=example.org", "DMARC"),
        ("dmarc = pass header.from = example.org", "DMARC"),
        ('dkim=pass header.i="a b"@example.org header.d="example.org"', "DKIM de example.org"),
        ("spf=fail; dkim=pass header.d=example.org", "DKIM de example.org"),
        ("spf=pass smtp.mailfrom=josette@example.org; dmarc=none", "SPF de example.org"),
    ],
)
def test_a_mail_that_our_server_proved_is_the_person_s_and_says_by_what(
    client, agent, boite_reglee, resultats, preuve
):
    remontee = connue(repondue=True)
    message = lettre("Toujours cassé.", objet=f"Re: {remontee.reference}")
    message.replace_header("Authentication-Results", f"{MX}; {resultats}")
    boite_reglee.poster(message)

    relever()

    recu = Message.objects.get()
    assert (recu.auteur, recu.preuve) == ("personne", preuve)
    assert f"Adresse vérifiée&nbsp;: {preuve}" in client.get(remontee.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "boite",
    ['"x; dkim=pass header.d=example.org y"', '"x header.d=example.org"', r'"\";dkim=pass header.d=example.org y"', '"("'],
)  # fmt: skip
def test_what_a_sender_puts_in_quotes_before_the_at_sign_is_no_result(boite):
    """Our server writes the address down as it is: neither a proof nor the end of the results is made with it."""
    dit = f"{MX}; spf=pass smtp.mailfrom={boite}@pirate.example; dmarc="
    lus = [
        verdict_sur(ouvrir(f"Authentication-Results: {dit}{fin}\n\nx".encode()), "josette@example.org", [MX])
        for fin in ("none", "fail")
    ]
    assert lus == [Verdict(), Verdict(est_usurpe=True)]


@pytest.mark.django_db
def test_the_thread_of_the_person_does_not_let_her_write_as_a_direction(boite_reglee):
    """Attack: she answers our letter from an address of the direction, which no server checked."""
    remontee = connue(repondue=True)
    direction = DirectionFactory(courriel="voirie@direction.example")
    AttributionFactory(dossier=remontee, direction=direction)
    messages.ecrire_a_la_personne(remontee, par=CompteFactory(agent=True), texte="Bonjour.")
    fil = message_de(Courriel.objects.get()).message()["References"]
    message = lettre("C’est réparé.", de="Voirie <voirie@direction.example>", objet="Re", References=fil)
    del message["Authentication-Results"]
    boite_reglee.poster(message)

    relever()

    recu = Message.objects.get(sens="entrant")
    assert (recu.auteur, recu.preuve) == ("a_verifier", "")


@pytest.mark.django_db
def test_a_disowned_address_is_no_service_even_when_it_cites_a_letter_to_it(boite_reglee):
    remontee = connue(repondue=True)
    ecrire("socle/fermer_compte", a=["voirie@direction.example"], contexte={}, dossier=remontee)
    numero = message_de(Courriel.objects.get()).message()["Message-ID"]
    message = lettre("C’est réparé.", de="voirie@direction.example", objet="Re", References=numero)
    message.replace_header("Authentication-Results", f"{MX}; dmarc=fail header.from=direction.example")
    boite_reglee.poster(message)

    relever()

    recu = Message.objects.get(sens="entrant")
    assert (recu.auteur, recu.preuve) == ("autre", "")


@pytest.mark.django_db
def test_a_stranger_who_signs_with_the_name_of_the_person_is_shown_with_the_address(boite_reglee):
    remontee = connue()
    boite_reglee.poster(
        lettre("Moi.", de="Josette Arnaud <autre@example.org>", objet=f"Re: {remontee.reference}")
    )

    relever()

    recu = Message.objects.get()
    assert (recu.auteur, recu.signature) == ("autre", "Josette Arnaud (autre@example.org)")

    oublier(Personne("autre@example.org"))
    recu.refresh_from_db()
    assert recu.de == ""


@pytest.mark.django_db
def test_a_reply_in_the_signed_thread_of_our_letters_is_the_person_s_without_any_check(boite_reglee):
    remontee = connue(repondue=True)
    messages.ecrire_a_la_personne(remontee, par=CompteFactory(agent=True), texte="Bonjour.")
    envoyee = message_de(Courriel.objects.get()).message()
    for n, champs in enumerate(
        ({"References": envoyee["References"]}, {"In_Reply_To": envoyee["Message-ID"]}), start=1
    ):
        message = lettre(f"Encore {n}.", objet="Re", **champs)
        del message["Authentication-Results"]
        boite_reglee.poster(message)

    relever()

    recus = Message.objects.filter(sens="entrant").order_by("pk")
    assert [recu.auteur for recu in recus] == ["personne", "personne"]
    assert all("signé" in recu.preuve or "lettres" in recu.preuve for recu in recus)


@pytest.mark.django_db
def test_spam_is_in_quarantine_until_an_agent_releases_it_or_puts_it_away(client, agent, boite_reglee):
    boite_reglee.poster(lettre("Achetez.", X_Spam_Flag="YES"), lettre("Un vrai trou.", X_Spam_Flag="YES"))

    relever()

    assert sorts() == ["suspect", "suspect"]
    assert not Remontee.objects.exists()
    assert not Courriel.objects.exists()
    assert "Voir 2 courriels reçus" in client.get(reverse("socle:journee")).content.decode()
    liste = client.get(f"{reverse('remontees:courriels_recus')}?attend=oui").content.decode()
    assert "En quarantaine" in liste
    vrai, spam = (
        next(r for r in CourrielRecu.objects.all() if r.lu["dit"] == dit)
        for dit in ("Un vrai trou.", "Achetez.")
    )
    client.post(reverse("remontees:reprendre_courriel", args=[vrai.pk]))
    client.post(reverse("remontees:ranger_courriel", args=[spam.pk]))

    assert Remontee.objects.get().verbatim == "Un vrai trou."
    assert not CourrielRecu.objects.a_voir().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "entetes",
    [
        {"X_Auto_Response_Suppress": "All"},
        {"de": "no-reply@helpdesk.example"},
        {"de": "ne-pas-repondre@helpdesk.example"},
        {"objet": "[SUP-48211] Votre demande"},
        {"objet": "Ticket #48211 créé"},
        {"objet": "Accusé de réception"},
    ],
)
def test_what_looks_automatic_becomes_a_remontee_and_gets_no_receipt(boite_reglee, entetes):
    boite_reglee.poster(lettre("Votre message est arrivé.", **entetes))

    relever()

    assert not Courriel.objects.exists()
    assert Remontee.objects.get().journal.filter(fait="Pas d’accusé de réception envoyé").exists()


@pytest.mark.django_db
def test_a_help_desk_that_answers_from_a_new_address_each_time_does_not_go_on_for_ever(
    boite_reglee, settings
):
    settings.BOITE_PAR_JOUR = 3
    for n in range(6):
        boite_reglee.poster(lettre(f"Bien reçu {n}.", de=f"suivi-{n}@helpdesk.example", objet="Bonjour"))
        boite_reglee.poster(lettre(f"Encore {n}.", de=f"robot+{n}@example.net", objet="Bonjour"))
        relever()

    accuses = Courriel.objects.filter(acte="remontees/saisir")
    assert accuses.filter(destinataires__0__endswith="helpdesk.example").count() == 3
    assert accuses.filter(destinataires__0__endswith="example.net").count() == 1


@pytest.mark.django_db
def test_what_waits_for_an_agent_is_not_erased_and_the_rest_is(settings):
    vieux = timezone.localtime() - timedelta(days=settings.BOITE_GARDE_JOURS + 2)
    for n, sort in enumerate(["suspect", "automatique", "illisible"]):
        CourrielRecu.objects.create(
            cle=cle_de(bytes([n])), octets=b"a", lu={"dit": "x"}, sort=sort, recu_le=vieux
        )

    assert boite.effacer_les_vieux() == 1
    assert CourrielRecu.objects.get(sort="automatique").lu is None
    assert CourrielRecu.objects.get(sort="suspect").octets


@pytest.mark.django_db
@pytest.mark.parametrize(("est_prouve", "ecrit_a"), [(True, "ana@exemple.fr"), (False, "site@example.org")])
def test_the_form_of_a_checked_sender_writes_for_who_it_names(boite_reglee, est_prouve, ecrit_a):
    message = lettre(de="Site de la commune <site@example.org>", Reply_To="Ana Roux <ana@exemple.fr>")
    if not est_prouve:
        del message["Authentication-Results"]
    boite_reglee.poster(message.as_bytes())

    relever()

    rapporteur = Remontee.objects.get().rapporteur
    assert rapporteur.courriel == ecrit_a
    assert rapporteur.nom == ("Ana Roux" if est_prouve else "Site de la commune")
    assert CourrielRecu.objects.get().boite == ecrit_a
