"""Nothing that a stranger types, sends or races may break a page, hurt another person's work or keep what must be forgotten."""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.courriels import corriger_adresse, renvoyer
from participation.socle.actions.documents import demander_document
from participation.socle.adresses import canoniser
from participation.socle.courrier import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.journaux import SansSecret
from participation.socle.models import Appartenance, Commune, Courriel, Document, Entree, Piece
from petitions.actions import (
    collecte,
    copetitionnaires,
    depot,
    lettres,
    pseudonymisation,
    recevabilite,
    seuils,
)
from petitions.actions import signatures as actions_signatures
from petitions.models import CoPetitionnaire, MotifIrrecevabilite, Petition, ReglageInvitations, Signature
from petitions.notifications import signatures as notifications
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory
from tests.test_acces import lire_table, monde  # noqa: F401 (fixture)

CHAMP = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>")
PARAMETRES = [
    "q",
    "tri",
    "page",
    "export",
    "lignes",
    "choix",
    "tous",
    "etat",
    "nature",
    "ouverts",
    "echeance",
    "agent",
    "commune",
    "communes",
    "direction",
    "dossier",
    "annee",
    "ordre",
    "titre",
    "du",
    "au",
    "debut",
    "fin",
    "depuis",
    "jusqu_a_le",
    "theme",
    "statut",
    "retour",
    "next",
    "apercu",
    "motif",
    "reseau",
    "domaine",
    "plage",
    "filtre",
    "liste",
]
MAISON = tuple(
    f"{settings.BASE_DIR}/{nom}/"
    for nom in ("participation", "petitions", "ccspl", "contrat_ville", "remontees")
)
ORDURES = (
    "\x00",
    "'\"><script>alert(1)</script>\r\nBcc: x@exemple.fr",
    "9" * 40,
    "-1",
    "٣",
    "2026-02-31",
    "\u202e\u200b👩‍👩‍👧‍👦\ud83d".encode("utf-8", "replace").decode() + "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
)


def portes(objets, comptes: tuple[str, ...]) -> Iterator[tuple[str, str, Client]]:
    """Every door of the site, as each of these visitors."""
    for visiteur in comptes:
        client = Client(raise_request_exception=False)
        if visiteur != "anonyme":
            client.force_login(objets["comptes"][visiteur])
        for nom, (objet, _) in lire_table().items():
            yield visiteur, reverse(nom, args=objets[objet]), client


def essayer(appel, *args, **options):
    """One request, of which the database keeps nothing."""
    with transaction.atomic():
        reponse = appel(*args, **options)
        if not reponse.streaming:
            reponse.content  # noqa: B018 (rendered)
        else:
            b"".join(reponse.streaming_content)
        for fermer in reponse._resource_closers:
            fermer()
        reponse._resource_closers.clear()
        transaction.set_rollback(True)
    return reponse


class Interrogee(QueryDict):
    """A query string that notes what it is asked, and by which lines of code."""

    regards: list[tuple[object, ...]] = []

    def _noter(self, mot: object) -> None:
        self.regards.append((mot, *chemin_du_code()))

    def __getitem__(self, mot):
        self._noter(mot)
        return super().__getitem__(mot)

    def get(self, mot, default=None):
        self._noter(mot)
        return super().get(mot, default)

    def getlist(self, mot, default=None):
        self._noter(mot)
        return super().getlist(mot, default)

    def __contains__(self, mot):
        self._noter(mot)
        return super().__contains__(mot)


def _entiere(methode: str):
    """Whoever takes the whole of it has asked for every word: a form, a table of links."""

    def demander(self, *args, **options):
        self._noter("*")
        return getattr(QueryDict, methode)(self, *args, **options)

    return demander


for _methode in (
    "__iter__",
    "__len__",
    "keys",
    "items",
    "lists",
    "values",
    "dict",
    "copy",
    "urlencode",
    "__copy__",
):
    setattr(Interrogee, _methode, _entiere(_methode))


def chemin_du_code() -> list[object]:
    """Where we are: each function of ours on the way, with its line, up to the view, or to the line of a template: what it reads is
    only written."""
    chemin: list[object] = []
    cadre = sys._getframe(1)
    while cadre is not None:
        code = cadre.f_code
        if code.co_name == "render_annotated":
            noeud = cadre.f_locals["self"]
            return [*chemin, (noeud.origin.name if noeud.origin else "", noeud.token.lineno)]
        if code.co_filename.startswith(MAISON):
            chemin.append((code, cadre.f_lineno))
        cadre = cadre.f_back
    return chemin


@pytest.fixture
def regards(monkeypatch) -> list[tuple[object, ...]]:
    """Each look of the site at the query string of its requests: for which word, by which lines."""
    vus: list[tuple[object, ...]] = []
    lire, adresse = WSGIRequest.GET.func, WSGIRequest._get_full_path

    def get(requete):
        lue = requete.__dict__.get("_lue")
        if lue is None:
            lue = requete.__dict__["_lue"] = lire(requete)
            lue.__class__ = Interrogee
        return lue

    def get_full_path(requete, *args):
        vus.append(("get_full_path", *chemin_du_code()))
        return adresse(requete, *args)

    monkeypatch.setattr(Interrogee, "regards", vus)
    monkeypatch.setattr(WSGIRequest, "GET", property(get))
    monkeypatch.setattr(WSGIRequest, "_get_full_path", get_full_path)
    return vus


@pytest.mark.usefixtures("marche")
def test_no_query_string_breaks_a_page(monde, regards) -> None:  # noqa: F811
    """Every page is asked with the first of ORDURES in every word; with the others, unless it only looks at the words that another
    page has been asked for already, in the same lines of code: the frame of the back office, the page of an act."""
    pannes, eprouves = [], set()
    for visiteur, url, client in portes(monde, ("anonyme", "agent")):
        siens: set[tuple[object, ...]] = set()
        for ordure in ORDURES:
            regards.clear()
            reponse = essayer(client.get, url, dict.fromkeys(PARAMETRES, ordure) | {"choix": [ordure, "1"]})
            if reponse.status_code >= 500:
                pannes.append((visiteur, url, ordure, reponse.exc_info[1] if reponse.exc_info else ""))
            siens |= set(regards)
            if siens <= eprouves:
                break  # what nobody looks at breaks nothing, and these looks have met each of them
        else:
            eprouves |= siens
    assert pannes == []


@pytest.mark.usefixtures("marche")
def test_no_form_breaks_a_page(monde) -> None:  # noqa: F811
    pannes = []
    for visiteur, url, client in portes(monde, ("anonyme", "auteur", "agent")):
        page = essayer(client.get, url)
        est_une_page = page.status_code == 200 and "html" in page.get("Content-Type", "")
        champs = set(CHAMP.findall(page.content.decode())) if est_une_page else set()
        champs -= {"csrfmiddlewaretoken"}
        for ordure in (*ORDURES, "long", None):
            valeur = "é" * 300_000 if ordure == "long" else ordure
            donnees = {} if valeur is None else dict.fromkeys(champs or {"q"}, valeur)
            if ordure == "long" and len(donnees) > 3:
                donnees = dict(list(donnees.items())[:3])
            reponse = essayer(client.post, url, donnees)
            if reponse.status_code >= 500:
                pannes.append((visiteur, url, ordure, reponse.exc_info[1] if reponse.exc_info else ""))
            lu = reponse.request["wsgi.input"].read_started
            if not lu:
                break  # refused before the body is read: no other body does more
        codage = {
            "data": "a=%FF%FE%00&b[]=%00",
            "content_type": "application/x-www-form-urlencoded; charset=utf-16",
        }
        # The charset is heard before the body: everywhere. What the body is, where one is read.
        for options in (
            (codage,)
            if not lu
            else (
                codage,
                {"data": '{"a": [1, {}]}', "content_type": "application/json"},
                {"data": b"--x\r\ncontent", "content_type": "multipart/form-data; boundary=x"},
                {
                    "data": {
                        c: SimpleUploadedFile("../../\x00a.svg", b"<svg onload=alert(1)>")
                        for c in champs or {"q"}
                    }
                },
            )
        ):
            reponse = essayer(client.post, url, **options)
            if reponse.status_code >= 500:
                pannes.append(
                    (visiteur, url, str(options)[:60], reponse.exc_info[1] if reponse.exc_info else "")
                )
    assert pannes == []


@pytest.mark.usefixtures("marche")
def test_no_number_breaks_an_address(monde) -> None:  # noqa: F811
    pannes = []
    client = Client(raise_request_exception=False)
    client.force_login(monde["comptes"]["agent"])
    for nom, (objet, _) in lire_table().items():
        args = monde[objet]
        if args and isinstance(args[0], int):
            for cle in ("9" * 30, "0", "9223372036854775808"):
                url = reverse(nom, args=[int(cle), *args[1:]])
                for appel in (client.get, client.post):
                    if essayer(appel, url).status_code >= 500:
                        pannes.append((appel.__name__, url))
    assert pannes == []


def test_no_choice_of_rows_breaks_an_act_on_many(client, monde) -> None:  # noqa: F811
    client.force_login(monde["comptes"]["agent"])
    url = reverse("socle:dossiers")

    for choix in (["²"], ["9" * 40], ["9" * 5000], ["1,2", "٣"], ["-1"], ["\x00"], [""]):
        for corps in (
            {"lot": "prendre_en_charge", "choix": choix},
            {"lot": "prendre_en_charge", "reste": choix[0], "total": "x", "faits": "²"},
            {"lot": "x", "choix": choix},
        ):
            assert client.post(url, corps).status_code < 500, corps


# Two windows


def lot_de_textes(petition, **autres):
    return {
        "titre": petition.titre,
        "demande": petition.demande,
        "raisons": petition.raisons,
        "competence": petition.competence,
        "note": "Une faute corrigée.",
        **autres,
    }


def test_two_agents_correct_the_same_text_and_neither_loses_a_word(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    client.force_login(CompteFactory(agent=True))
    url = reverse("petitions:amender", args=[petition.pk])
    vu = client.get(url).context["form"]["vu"].value()
    collecte.amender(
        petition, par=CompteFactory(agent=True), **lot_de_textes(petition, demande="La version de Samir.")
    )
    petition.refresh_from_db()
    titre = petition.titre

    mienne = lot_de_textes(petition, demande="La version de Lina.", vu=vu)
    refus = client.post(url, mienne)
    petition.refresh_from_db()
    assert petition.demande == "La version de Samir."
    page = refus.content.decode()
    assert all(dit in page for dit in ("La version de Samir.", "La version de Lina.", "a changé"))

    # Having read both, she decides.
    client.post(url, {**mienne, "vu": refus.context["form"]["vu"].value()})
    petition.refresh_from_db()
    assert (petition.titre, petition.demande) == (titre, "La version de Lina.")


def test_two_agents_write_the_easy_version_and_neither_is_overwritten_unread(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    client.force_login(CompteFactory(agent=True))
    url = reverse("petitions:ecrire_facile", args=[petition.pk])
    vu = client.get(url).context["form"]["vu"].value()
    collecte.ecrire_facile(petition, par=CompteFactory(agent=True), texte_facile="Le texte de Samir.")

    refus = client.post(url, {"texte_facile": "Le texte de Lina.", "vu": vu}).content.decode()

    petition.refresh_from_db()
    assert petition.texte_facile == "Le texte de Samir."
    assert "Le texte de Samir." in refus
    assert "Le texte de Lina." in refus


def test_an_author_who_writes_in_two_windows_loses_nothing(client, db) -> None:
    petition = PetitionFactory()
    client.force_login(petition.auteur)
    url = reverse("petitions:rediger", args=[petition.pk, "demande"])
    textes = {champ: getattr(petition, champ) for champ in ("titre", "demande", "raisons")}
    vu = client.get(url).context["form"]["vu"].value()

    assert client.post(url, {**textes, "demande": "Première fenêtre.", "vu": vu}).status_code == 302
    refus = client.post(url, {**textes, "demande": "Seconde fenêtre.", "vu": vu})

    petition.refresh_from_db()
    assert petition.demande == "Première fenêtre."
    assert all(dit in refus.content.decode() for dit in ("Première fenêtre.", "Seconde fenêtre."))
    relu = refus.context["form"]["vu"].value()
    assert client.post(url, {**textes, "demande": "Les deux.", "vu": relu}).status_code == 302


def test_a_draft_begun_by_a_double_click_is_one_draft(client, db) -> None:
    client.force_login(CompteFactory())
    textes = {
        "titre": "Ouvrir la piscine le dimanche",
        "demande": "Nous demandons…",
        "raisons": "Il fait chaud.",
    }

    suites = [client.post(reverse("petitions:nouvelle"), textes)["Location"] for _ in range(2)]

    assert suites[0] == suites[1]
    assert Petition.objects.count() == 1


def test_who_decides_second_keeps_what_was_typed(client, db) -> None:
    petition = PetitionFactory(deposee=True)
    client.force_login(CompteFactory(agent=True))
    Petition.objects.filter(pk=petition.pk).update(etat="transmise", autorite_competente="Le Département")

    reponse = client.post(
        reverse("petitions:declarer_irrecevable", args=[petition.pk]),
        {"motif": "Une raison longuement pesée par le comité."},
    )

    assert reponse.status_code == 409
    assert "longuement pesée" in reponse.content.decode()
    assert "csrfmiddlewaretoken" not in "".join(reponse.context["saisies"])


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_collecte_closes_is_in_the_last_count(monkeypatch) -> None:
    """The closing waits for the confirmation in flight: nobody is confirmed and left out."""
    petition = PetitionFactory(en_collecte=True)
    signature = SignatureFactory(petition=petition)
    confirmee, assez = threading.Event(), threading.Event()

    def confirmer() -> None:
        try:
            with transaction.atomic():
                actions_signatures.confirmer_signature(Signature.objects.get(pk=signature.pk))
                confirmee.set()
                assez.wait(1)
        finally:
            connection.close()

    fil = threading.Thread(target=confirmer)
    fil.start()
    assert confirmee.wait(10)
    monkeypatch.setattr(Petition, "fin_des_confirmations", lambda p: timezone.now())
    seuils.clore_collecte(petition, par=None)
    assez.set()
    fil.join(10)

    assert Entree.objects.get(acte="clore_collecte").details["signatures"] == 1


# Signing


@pytest.mark.parametrize(
    ("ecrite", "meme"),
    [
        ('"lea"@exemple.fr', "lea@exemple.fr"),
        ('"l.e.a"@gmail.com', "lea@gmail.com"),
        ("LEA+1@Exemple.FR", "lea@exemple.fr"),
        ("lea@exemple.fr.", "lea@exemple.fr"),
        ("lea@BÜCHER.example", "lea@xn--bcher-kva.example"),
        ("\u212aim@exemple.fr", "kim@exemple.fr"),
    ],
)
def test_one_mailbox_is_one_address_however_it_is_written(ecrite, meme) -> None:
    assert canoniser(ecrite) == canoniser(meme)


@pytest.mark.parametrize(
    "adresse", ["lea@[127.0.0.1]", "lea@[IPv6:::1]", "lea@exemple.fr\r\nBcc: x@y.fr", "lea@\x00.fr"]
)
def test_an_address_that_is_nobody_s_gets_no_letter(client, db, adresse) -> None:
    petition = PetitionFactory(en_collecte=True)

    reponse = client.post(
        reverse("petitions:signer", args=[petition.pk]),
        {
            "prenom": "Léa",
            "nom": "Personne",
            "courriel": adresse,
            "courriel_verifie": adresse,
            "commune": Commune.objects.first().pk,
            "qualite": "resident",
            "age": "on",
        },
    )

    assert reponse.status_code == 200
    assert not Signature.objects.exists()


def test_a_suspended_petition_keeps_the_links_it_told_to_keep(db) -> None:
    petition = PetitionFactory(en_collecte=True)
    vieille = timezone.now() - timedelta(days=petition.reglement.purge_jours + 5)
    signature = SignatureFactory(petition=petition, demandee_le=vieille)
    agent = CompteFactory(agent=True)
    collecte.suspendre(petition, par=agent, motif="Période électorale")
    petition.suspensions.update(debut=timezone.localdate() - timedelta(days=30))

    assert actions_signatures.purger_signatures() == 0
    collecte.reprendre(petition, par=agent)
    assert actions_signatures.purger_signatures() == 0

    Signature.objects.filter(pk=signature.pk).update(demandee_le=vieille - timedelta(days=40))
    assert actions_signatures.purger_signatures() == 1


# Who must not know


def test_who_has_left_the_service_hears_no_more_of_the_petitions(db) -> None:
    parti, present = CompteFactory(agent=True), CompteFactory(agent=True)
    Appartenance.objects.filter(compte=parti).update(
        depuis=timezone.localdate() - timedelta(days=9), jusqu_a=timezone.localdate() - timedelta(days=1)
    )

    notifications.recompter(PetitionFactory(en_collecte=True), ecart=3)

    assert Courriel.objects.get(acte="petitions/recompter").destinataires == [present.courriel]


def test_the_files_of_a_hidden_text_are_hidden_too(client, db, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    petition = PetitionFactory(deposee=True)
    piece = Piece(
        dossier_id=petition.pk,
        titre="Photo",
        nom="p.txt",
        type_mime="text/plain",
        taille=5,
        sha256="0" * 64,
        est_publique=True,
    )
    piece.fichier.save("p.txt", ContentFile(b"texte"))
    agent = CompteFactory(agent=True)
    critere = petition.reglement.criteres.first()
    recevabilite.examiner(petition, {critere.pk: ("non_rempli", "Des injures.")}, par=agent)
    motif = MotifIrrecevabilite.objects.first()
    motif.masque_le_texte = True
    motif.save()

    recevabilite.declarer_irrecevable(petition, par=agent, motif_irrecevabilite=motif, motif="Des injures.")

    assert client.get(reverse("socle:piece", args=[piece.pk])).status_code != 200
    client.force_login(CompteFactory())
    assert client.get(reverse("socle:piece", args=[piece.pk])).status_code == 404


def test_an_invitation_taken_back_and_made_again_gives_no_right_to_more_letters(db) -> None:
    ReglageInvitations.objects.create(par_adresse_et_jour=100)
    petition = PetitionFactory()
    auteur = petition.auteur
    variantes = [
        "lea@gmail.com",
        "l.ea@gmail.com",
        "le.a@gmail.com",
        "lea+1@gmail.com",
        "LEA@gmail.com",
        "l.e.a@gmail.com",
        "lea+2@gmail.com",
    ]

    for adresse in variantes:
        copetitionnaires.inviter_copetitionnaires(
            petition, [copetitionnaires.Invitation(courriel=adresse)], par=auteur
        )
        for invitation in petition.copetitionnaires.all():
            copetitionnaires.retirer_invitation(invitation, par=auteur)

    assert petition.courriels.count() == petition.reglement.courriels_max < len(variantes)


# What must be forgotten


def restes(mot: str) -> list[str]:
    """Tables where the word is still read, in any column."""
    trouves = []
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{mot}%"])
            if curseur.fetchone()[0]:
                trouves.append(table)
    return trouves


def test_nothing_of_a_signer_nor_of_a_copetitionnaire_is_left_after_oblivion(db, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    agent = CompteFactory(agent=True)
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory(
        petition=petition, prenom="Zebulon", nom="Quidam", courriel="zebulon.quidam@exemple.fr", a_ecrire=True
    )
    lettres.ecrire_aux_signataires()
    copetitionnaire = CoPetitionnaireFactory(
        petition=petition, confirme=True, prenom="Zebulon", nom="Quidam", courriel="zebulon.quidam@exemple.fr"
    )
    notifications_du_depot(copetitionnaire)
    lettre = petition.courriels.get()
    Courriel.objects.update(etat="envoye")
    for une in Courriel.objects.all():
        renvoyer(une, par=agent)
    lettre.refresh_from_db()
    document = demander_document(nature="socle/audit", titre="Tout", dossier=petition, est_interne=True)
    document.fichier.save("d.pdf", ContentFile(b"%PDF zebulon.quidam"))
    chemin = document.fichier.path
    assert len(restes("quidam")) >= 3
    Petition.objects.filter(pk=petition.pk).update(
        etat="close", clos_le=timezone.now(), conservation_jusqu_au=timezone.localdate() - timedelta(days=1)
    )
    petition.refresh_from_db()

    pseudonymisation.pseudonymiser(petition, par=agent)
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    assert restes("quidam") == restes("zebulon") == []
    assert not Document.objects.filter(pk=document.pk).exists()
    assert chemin


def notifications_du_depot(copetitionnaire: CoPetitionnaire) -> None:
    ecrire(
        "petitions/inviter_copetitionnaires",
        a=[copetitionnaire.courriel],
        dossier=copetitionnaire.petition,
        contexte={"copetitionnaire": copetitionnaire, "petition": copetitionnaire.petition, "lien": "/x/"},
    )


def test_a_link_kept_for_years_gives_no_name_back_to_a_forgotten_signature(client, db) -> None:
    petition = PetitionFactory(close=True, conservation_jusqu_au=timezone.localdate() - timedelta(days=1))
    signature = SignatureFactory(petition=petition, confirmee=True)
    jeton = notifications.LIEN.jeton(signature.pk)
    pseudonymisation.pseudonymiser(petition, par=CompteFactory(agent=True))
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    for page in (
        "ma_signature",
        "corriger_signature",
        "confirmer_signature",
        "retirer_signature",
        "refuser_signature",
    ):
        assert client.get(reverse(f"petitions:{page}", args=[jeton])).status_code == 200
    client.post(
        reverse("petitions:corriger_signature", args=[jeton]),
        {"prenom": "Zoé", "nom": "Revenue", "commune": Commune.objects.first().pk},
    )

    signature.refresh_from_db()
    assert (signature.prenom, signature.nom, signature.nom_canonique) == ("", "", "")


def test_a_draft_given_up_leaves_no_letter_with_a_name(db) -> None:
    petition = PetitionFactory()
    copetitionnaires.inviter_copetitionnaires(
        petition, [copetitionnaires.Invitation("quidam@exemple.fr", "Zebulon", "Quidam")], par=petition.auteur
    )

    depot.retirer(petition, par=petition.auteur)

    assert restes("quidam") == []


def test_the_journal_that_nobody_can_rub_out_holds_no_corrected_address(db) -> None:
    petition = PetitionFactory(en_collecte=True)
    courriel = Courriel.objects.create(
        dossier=petition.dossier_ptr,
        acte="petitions/x",
        expediteur="s@example.org",
        destinataires=["quidam@exemple.fr"],
        sujet="s",
        corps="c",
        etat="rejete",
    )

    corriger_adresse(courriel, par=CompteFactory(agent=True), destinataires=["quidam2@exemple.fr"])

    assert not Entree.objects.filter(motif__icontains="quidam").exists()
    with pytest.raises(ErreurMetier):
        corriger_adresse(courriel, par=CompteFactory(agent=True), destinataires=["x@exemple.fr"])


# What leaves


def test_the_logs_hold_neither_an_address_nor_a_link_that_opens_a_door(caplog) -> None:
    forme = SansSecret("%(message)s")
    try:
        raise ValueError("Key (courriel)=(quidam@exemple.fr) already exists")
    except ValueError:
        trace = sys.exc_info()
    for message, args in (
        ("%s: %s", ("Conflict", "/petitions/signature/12.aBcD-secret/confirmer/")),
        ("Forbidden: /petitions/co-petitionnaire/Mg:secret:x/", ()),
        ("GET /repondre/Mg:secret/?a=1", ()),
        ("to quidam+x@exemple.co.fr", ()),
    ):
        ligne = forme.format(logging.LogRecord("x", logging.WARNING, "", 1, message, args, trace))

        assert "secret" not in ligne
        assert "quidam" not in ligne


def test_no_cache_keeps_a_page_of_the_back_office_nor_of_an_account(monde) -> None:  # noqa: F811
    client = Client()
    client.force_login(monde["comptes"]["agent"])
    for nom in ("socle:journee", "socle:dossiers", "socle:mon_compte", "petitions:tableau", "admin:index"):
        assert "private" in client.get(reverse(nom)).get("Cache-Control", ""), nom


def test_every_answer_bears_the_policy_even_an_error(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    for url, options in (
        ("/", {}),
        ("/nexiste-pas/", {}),
        ("/journee/", {}),
        ("/", {"headers": {"host": "ailleurs.example"}}),
        (reverse("petitions:qr", args=[petition.pk]), {}),
        (reverse("petitions:atom"), {}),
        (reverse("petitions:signer", args=[petition.pk]), {}),
    ):
        reponse = client.get(
            url, headers={"x-forwarded-host": "ailleurs.example"} | options.get("headers", {})
        )
        assert "default-src 'self'" in reponse["Content-Security-Policy"], url
        assert reponse["X-Content-Type-Options"] == "nosniff"
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert b"ailleurs.example" not in corps


@pytest.mark.parametrize(
    "suite", ["//ailleurs.example/", "https://ailleurs.example", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(db, settings, suite) -> None:
    compte = CompteFactory(password="une-phrase-bien-longue-1")
    client = Client()

    reponse = client.post(
        reverse("socle:mot_de_passe"),
        {"login": compte.courriel, "password": "une-phrase-bien-longue-1", "next": suite},
    )

    assert "ailleurs" not in reponse.get("Location", "")
    assert "javascript" not in reponse.get("Location", "")


DESABONNEMENTS = {
    "petitions:ne_plus_recevoir",
    "petitions:ne_plus_recevoir_auteur",
    "suites:arreter",
    "contrat_ville:arreter_lettres",
    "ccspl:ne_plus_recevoir_resume",
}


@pytest.mark.usefixtures("marche")
def test_every_post_without_its_token_is_refused(monde) -> None:  # noqa: F811
    """Only the one-click unsubscription of RFC 8058 is open to a bare POST."""
    ouverts = []
    for visiteur in ("anonyme", "agent"):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if visiteur != "anonyme":
            client.force_login(monde["comptes"][visiteur])
        for nom, (objet, _) in lire_table().items():
            statut = essayer(client.post, reverse(nom, args=monde[objet]), {}).status_code
            if statut not in {403, 405} and nom not in DESABONNEMENTS:
                ouverts.append((visiteur, nom, statut))
    assert ouverts == []


def test_signing_answers_the_same_whatever_is_known_of_the_address(client, db) -> None:
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory(
        petition=petition, courriel="deja@exemple.fr", courriel_canonique="deja@exemple.fr", confirmee=True
    )
    reponses = set()
    for adresse in ("neuve@exemple.fr", "deja@exemple.fr", "jetable@yopmail.com", "neuve@exemple.fr"):
        reponse = client.post(
            reverse("petitions:signer", args=[petition.pk]),
            {
                "prenom": "Léa",
                "nom": "Personne",
                "courriel": adresse,
                "commune": Commune.objects.first().pk,
                "qualite": "resident",
                "age": "on",
            },
        )
        reponses.add((reponse.status_code, reponse.content, tuple(sorted(reponse.headers.items()))))
    assert len(reponses) == 1


@pytest.mark.parametrize(
    "texte",
    [
        "²²² ª º ꟹ ‿‿‿ ___",
        "\u0fff" * 9,
        "a & b | c ! ( ) : * <-> '\"",
        "𝔘𝔫𝔦 ﷺﷺﷺ ⁀⁀⁀",
        "\\' \\\\ abc",
        "x" * 160,
    ],
)
def test_no_title_breaks_the_search_for_like_petitions(client, db, texte) -> None:
    PetitionFactory(en_collecte=True)

    assert client.get(reverse("petitions:proches"), {"titre": texte.ljust(9, "‿")}).status_code == 200
    assert client.get(reverse("petitions:liste"), {"q": texte}).status_code == 200


def test_a_title_with_control_characters_breaks_no_feed_and_turns_no_letter_round(client, db) -> None:
    petition = PetitionFactory(
        en_collecte=True, titre="Piste\x01 cyclable\x0b \u202eesrevni", reponse="Oui\x02."
    )

    flux = client.get(reverse("petitions:atom"))

    assert flux.status_code == 200
    ElementTree.fromstring(flux.content)
    petition.refresh_from_db()
    assert petition.titre == "Piste cyclable esrevni"


def test_a_hidden_text_is_not_guessed_by_searching_its_words(client, db) -> None:
    petition = PetitionFactory(irrecevable=True, texte_masque=True, demande="Le zouave diffamant habite ici.")

    page = client.get(reverse("petitions:liste"), {"q": "zouave"}).content.decode()

    assert petition.titre not in page
    assert (
        petition.reference in client.get(reverse("petitions:liste"), {"q": petition.titre}).content.decode()
    )


def test_what_a_stranger_writes_is_text_wherever_it_is_shown(client, db) -> None:
    piege = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    petition = PetitionFactory(
        debattue=True,
        est_publie=True,
        titre=piege[:160],
        demande=piege,
        raisons=piege,
        nom_auteur=piege,
        issue_debat=piege,
    )
    client.force_login(CompteFactory(agent=True))

    for url in (
        petition.get_public_url(),
        reverse("petitions:liste") + "?liste=toutes",
        petition.get_absolute_url(),
        reverse("socle:dossiers"),
        reverse("petitions:atom"),
    ):
        corps = client.get(url).content.decode()
        assert "<script>alert" not in corps, url
        assert "<img src=x" not in corps, url


@pytest.mark.django_db
def test_a_number_of_4500_digits_is_no_number(client):
    """Python refuses to read it, the database to hold it: no door may try."""
    long = "9" * 4500
    client.force_login(CompteFactory())
    petition = PetitionFactory(auteur=CompteFactory())
    assert client.get(reverse("petitions:donnees_json"), {"page": long, "par_page": long}).status_code == 404
    assert client.get(f"/petitions/mes-petitions/{long}/rediger/demande/").status_code == 404
    assert client.get(f"/petitions/mes-petitions/{long}/").status_code == 404
    client.force_login(petition.auteur)
    page = reverse("petitions:copetitionnaires", args=[petition.pk])
    assert client.post(page, {"retirer": long}).status_code == 404
    chiffres = re.compile(r"\.is(?:digit|decimal|numeric)\(\)")
    for chemin in Path(settings.BASE_DIR).glob("[pc]*/**/*.py"):
        for ligne in chemin.read_text().splitlines():
            assert not chiffres.search(ligne) or "len(" in ligne, (
                f"{chemin.name} : {ligne.strip()} (est_un_numero)"
            )
