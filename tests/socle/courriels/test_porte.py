"""The gate of letters to who asked nothing: words, limits by mailbox, sender, network and domain, refusals."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils import timezone

from participation.socle.courriels import ecriture as courrier
from participation.socle.courriels import porte
from participation.socle.courriels.porte import Reponse
from participation.socle.models import AProuver, Compte, Courriel, ReglagePorte, TraceLettre
from participation.socle.templatetags.lettres import A_QUI, SIGNATURE, LettreA
from tests.maison import APPS, GABARITS, code, lire
from tests.socle.factories import CompteFactory

LETTRES = [
    str(chemin.relative_to(GABARITS / "courriels")).removesuffix(".txt")
    for chemin in sorted((GABARITS / "courriels").rglob("*.txt"))
    if not chemin.name.startswith("_")
]


def ecrire(a, *, par=None, sujet=None, **options):
    """Write the shortest letter of the gate."""
    sujet = sujet or Compte(pk=1)
    mots = {"fin": timezone.now(), "lien": "/essai/"}
    return porte.ecrire("socle/proposer_cet_appareil", a=a, par=par, sujet=sujet, mots=mots, **options)


# The rules that a new letter, a new app or a new address cannot escape


@pytest.mark.parametrize("lettre", LETTRES)
def test_each_letter_says_on_its_first_line_to_whom_it_is_written(lettre) -> None:
    premier = get_template(f"courriels/{lettre}.txt").template.nodelist[0]

    assert isinstance(premier, LettreA), '{% lettre_a "inconnu" %} first, or another of A_QUI.'
    assert premier.qui in A_QUI
    assert not (premier.est_signee and signe(f"courriels/{lettre}.txt")), (
        "Signed by its first line: not by its foot."
    )


def signe(gabarit: str) -> bool:
    inclus = re.findall(r'{% include "(courriels/[^"]+)"', lire(GABARITS / gabarit))
    return SIGNATURE in inclus or any(signe(autre) for autre in inclus)


def test_a_letter_is_to_a_known_kind_of_reader() -> None:
    from django.template import Engine

    with pytest.raises(TemplateSyntaxError):
        Engine(builtins=["participation.socle.templatetags.lettres"]).from_string('{% lettre_a "ami" %}')


def test_a_letter_to_a_stranger_is_not_composed_outside_the_gate() -> None:
    with pytest.raises(RuntimeError, match="porte"):
        courrier.composer("socle/proposer_cet_appareil", {"lien": "/", "fin": timezone.now()})
    with pytest.raises(RuntimeError, match="porte"):
        porte.rediger_par_la_porte("socle/fermer_compte", "a@example.org", {})


@pytest.mark.parametrize(
    "mot",
    [
        "Votre compte est bloqué",
        "http://evil.example",
        "//evil.example/",
        "/page Votre compte",
        "PET-2026-0001 bloqué",
        Compte(prenom="Service des impôts"),
        [{"nom": "Service des impôts"}],
        ["Service des impôts"],
    ],
)
def test_no_free_text_passes_the_gate(mot) -> None:
    with pytest.raises(porte.MotInterdit):
        porte.rediger_par_la_porte("socle/proposer_cet_appareil", "a@example.org", {"lien": mot})


@pytest.mark.django_db
def test_what_passes_was_written_or_read_by_an_agent() -> None:
    from tests.petitions.factories import PetitionFactory

    brouillon, publiee = PetitionFactory(titre="Gagnez"), PetitionFactory(en_collecte=True, titre="Un banc")

    assert porte.lu(brouillon, "titre") == (brouillon.reference or "")
    assert porte.lu(publiee, "titre") == "Un banc"
    with pytest.raises(porte.MotInterdit):
        porte.lu(publiee, "nom_auteur")


def test_nobody_else_says_that_a_text_was_read_nor_holds_the_key_of_the_gate() -> None:
    ailleurs = [
        str(chemin)
        for chemin in code(*APPS)
        if not str(chemin).endswith("socle/courriels/porte.py")
        and re.search(r"import.*\b(PORTE|MotLu)\b|porte\.(PORTE|MotLu)\b", chemin.read_text(encoding="utf-8"))
    ]
    assert ailleurs == []


# Who keeps each address, and what proves it. Before that, only the gate writes there.
PREUVES = {
    "account.EmailAddress.email": "`verified`",
    "ccspl.Avis.adresse_demandeur": "given by an agent",
    "ccspl.Transmission.adresse": "given by an agent",
    "contrat_ville.Partenaire.courriel": "kept by the service",
    "contrat_ville.Porteur.courriel": "by an agent's act only, when no member of the team can be written to",
    "contrat_ville.SuiviQuartier.courriel": "shown, never written to",
    "budgets.TableForum.courriel": "given by an agent",
    "remontees.ClientOpen311.courriel": "given by an agent",
    "remontees.Organisme.courriel": "kept by the service",
    "remontees.Rapporteur.courriel": "receipt by the gate, the rest by an agent's act",
    "renouvellement.Candidature.suppleant_courriel": "written to once an agent named the person",
    "seances.Invite.courriel": "given by an agent",
    "seances.Membre.copie_a": "given by an agent",
    "socle.Commune.courriel": "kept by the service",
    "socle.Compte.courriel": "signed in by a code, or invited by an agent; a team's invitation, `rejoint_le`",
    "socle.Direction.courriel": "kept by the service",
    "socle.ReglageService.contact": "kept by the service",
    "cadres.Evaluateur.courriel": "given by an agent",
    "socle.RythmeDesLettres.courriel": "chosen from the link of one of its letters",
    "inclusion.CommandeDeBesoin.courriel": "given by an agent",
    "rencontres.Animateur.courriel": "given by an agent",
    "panels.Inscription.courriel": "asked through the gate to confirm who wants news; else written to once a member",
    "tirage.Volontaire.courriel": "written to through the gate",
    "droits.ReglementDroits.courriel_archives": "kept by the service",
    "engagements.Collectif.courriel": "given by an agent, in the reference tables",
}


def test_each_address_that_is_kept_says_what_proves_it() -> None:
    champs = {
        f"{modele._meta.label}.{champ.name}"
        for modele in apps.get_models()
        for champ in modele._meta.local_fields
        if isinstance(champ, models.EmailField) and not modele._meta.proxy
        # Proved by the mechanism.
        if not (issubclass(modele, AProuver) and champ.name == "courriel")
    }
    inconnus = champs - set(PREUVES)
    assert sorted(inconnus) == [], (
        "What proves this mailbox? Until then, write by participation.socle.courriels.porte."
    )
    assert set(PREUVES) - champs == set()


# The limits


@pytest.mark.django_db
def test_a_mailbox_is_one_whatever_is_written_after_a_plus_or_between_dots() -> None:
    par = CompteFactory()

    plus = [ecrire(f"victime10+{n}@example.org", par=par) for n in range(12)]
    gmail = [
        ecrire(a, par=par)
        for a in ("le.a@gmail.com", "l.ea@googlemail.com", "LEA+x@gmail.com", "lea@gmail.com")
    ]

    assert [bool(p) for p in plus] == [True, True] + [False] * 10
    assert [bool(p) for p in gmail] == [True, True, False, False]
    assert Courriel.objects.count() == 4


@pytest.mark.django_db
def test_a_mailbox_has_its_limit_whoever_writes_and_the_next_day_is_another(time_machine) -> None:
    time_machine.move_to(timezone.localtime().replace(hour=12))
    ReglagePorte.objects.create(par_adresse=3)

    assert [bool(ecrire("a@example.org", par=CompteFactory())) for _ in range(4)] == [True] * 3 + [False]
    time_machine.move_to(timezone.localtime() + timedelta(days=1))
    assert ecrire("a@example.org", par=CompteFactory())
    time_machine.move_to(timezone.localtime() - timedelta(days=2))  # what is written in the past, after
    assert ecrire("a@example.org", par=CompteFactory())


@pytest.mark.django_db
def test_throw_away_invitations_at_a_common_provider_close_nothing_to_the_next_person() -> None:
    """At a domain that few people use, the limit protects its server."""
    ReglagePorte.objects.create(par_domaine=50)
    jetables = [CompteFactory() for _ in range(3)]
    for fournisseur in ("orange.fr", "petit.example"):
        for n in range(60):
            ecrire(f"jetable{n}@{fournisseur}", par=jetables[n % 3])

    assert ecrire("voisine@orange.fr", par=CompteFactory()) is Reponse.PARTIE
    assert ecrire("voisine@petit.example", par=CompteFactory()) is Reponse.TROP_POUR_ELLE


@pytest.mark.django_db
def test_a_network_does_not_use_up_the_mailbox_of_somebody_else() -> None:
    ReglagePorte.objects.create(par_reseau_et_adresse=2, par_reseau=4)

    def depuis(reseau, adresse):
        avant = porte.RESEAU.set(lambda: reseau)
        try:
            return bool(ecrire(adresse))
        finally:
            porte.RESEAU.reset(avant)

    assert [depuis("198.51.100.0/24", "a@example.org") for _ in range(3)] == [True, True, False]
    assert depuis("203.0.113.0/24", "a@example.org")
    assert [depuis("198.51.100.0/24", f"b{n}@example.org") for n in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_a_sender_who_takes_another_account_of_her_mailbox_has_no_new_right(agent) -> None:
    ReglagePorte.objects.create(par_personne=2)
    une, autre = CompteFactory(courriel="alma@example.org"), CompteFactory(courriel="alma+2@example.org")

    dits = [ecrire(f"a{n}@example.org", par=par) for n, par in enumerate((une, autre, autre))]

    assert dits == [Reponse.PARTIE, Reponse.PARTIE, Reponse.TROP_DE_LUI]
    assert all(ecrire("a1@example.org", par=agent) for _ in range(20))


@pytest.mark.django_db
def test_who_refused_hears_no_more_from_this_person_nor_about_this() -> None:
    par, sujet = CompteFactory(), CompteFactory()
    porte.noter_refus("lea@example.org", sujet=sujet, par=par)

    assert ecrire("lea+1@example.org", par=par) is Reponse.REFUSEE
    assert ecrire("lea@example.org", par=CompteFactory(), sujet=sujet) is Reponse.REFUSEE
    assert ecrire("lea@example.org", par=CompteFactory())
    assert not TraceLettre.objects.filter(adresse__contains="lea").exists()

    TraceLettre.objects.update(le=timezone.localtime() - timedelta(days=366))
    assert porte.oublier_traces() == 2
    assert ecrire("lea@example.org", par=par)


@pytest.mark.django_db
def test_a_letter_already_written_under_its_key_is_not_counted() -> None:
    for _ in range(30):
        ecrire("a@example.org", cle="essai:1")

    assert (Courriel.objects.count(), TraceLettre.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_count_one() -> None:
    ReglagePorte.objects.create(par_personne_et_adresse=1)
    par = CompteFactory()

    def envoyer(n):
        try:
            return bool(ecrire(f"victime+{n}@example.org", par=Compte.objects.get(pk=par.pk)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as fils:
        assert sorted(fils.map(envoyer, range(4))) == [False, False, False, True]
    assert Courriel.objects.count() == 1


@pytest.mark.django_db
def test_the_gate_knows_from_which_network_a_page_was_sent(client) -> None:
    from django.urls import reverse

    from tests.petitions.factories import PetitionFactory

    adresse = reverse("suites:suivre", args=[PetitionFactory(debattue=True).pk])
    client.post(adresse, {"courriel": "a@example.org"}, REMOTE_ADDR="198.51.100.7")

    assert TraceLettre.objects.get().reseau not in {"", "198.51.100.0/24"}
    assert porte.RESEAU.get()() == ""
