"""Courriers to people without email or SMS: printed, posted, dated."""

import io
from datetime import timedelta
from threading import Event

import pikepdf
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import courriers
from participation.socle.actions.documents import fabriquer_document
from participation.socle.actions.oubli import Personne
from participation.socle.actions.oubli import oublier as oublier_partout
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Courrier, Document, Impression
from remontees import conservation
from remontees.messages import actes as messages
from remontees.models import Message, Remontee, Satisfaction
from remontees.oubli import oublier as oublier_la_personne
from remontees.parts import reponse
from remontees.personne import LETTRES, lignes_d_adresse
from remontees.reception import lettres as reception
from remontees.sujets import actes as sujets
from remontees.tri import actes as tri
from remontees.tri import drapeaux
from tests.greffons.services import PATIENCE
from tests.outils import des_que_possible, ensemble, fautes_pdf, lire
from tests.remontees.factories import (
    CategorieFactory,
    CourrierFactory,
    OrganismeFactory,
    RapporteurFactory,
    RemonteeFactory,
    SujetFactory,
    nommee,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def sur_papier(etats: dict | None = None, **contact) -> Remontee:
    return nommee(
        etats,
        **{
            "telephone": "",
            "adresse": "12 rue des Alpes, 38170 Seyssinet-Pariset",
            "prefere": "lettre",
            **contact,
        },
    )


def test_who_nothing_reaches_is_answered_by_a_letter_to_print(client, agent):
    remontee = sur_papier({"a_repondre": True})
    client.force_login(agent)
    page = reverse("remontees:repondre", args=[remontee.pk])
    dit = {"issue": "traite", "reponse": "C’est réparé."}

    assert "ne peut pas être prévenue par un envoi" in lire(client.get(page))
    assert "Si cette réponse ne vous convient pas" in lire(client.post(page, {**dit, "apercu": "oui"}))
    faite = lire(client.post(page, dit, follow=True))

    courrier = remontee.courriers.get()
    assert "Le courrier se prépare" in faite
    assert "Courrier en préparation" in faite
    assert "À poster" in faite
    assert courrier.document.donnees["destinataire"] == [
        "Josette Arnaud",
        "12 rue des Alpes",
        "38170 Seyssinet-Pariset",
    ]
    assert not Courriel.objects.exists()


def test_who_spoke_reads_her_own_words_where_services_read_a_mask(client, agent):
    dite = {
        "a_repondre": True,
        "titre": "Un banc chez [nom masqué]",
        "verbatim": "Un banc chez Monique Dubreuil.",
    }
    papier, mail = sur_papier(dite), nommee(dite, courriel="monique@example.org", prefere="courriel")
    for remontee in (papier, mail):
        reponse.repondre(remontee, par=agent, issue="traite", reponse="C’est réparé.")
    demande = Satisfaction.objects.create(remontee=mail)
    page = reverse("remontees:satisfaction", args=[Satisfaction.LIEN.jeton(demande)])

    lettre = Courriel.objects.get(acte="remontees/repondre")
    lus = [
        str(papier.courriers.get().document.donnees),
        lettre.corps,
        *(lire(client.get(adresse)) for adresse in (reverse("remontees:suivi", args=[papier.jeton()]), page)),
    ]
    assert all("Un banc chez Monique Dubreuil" in lu and "masqué" not in lu for lu in lus)
    assert lettre.sujet == f"Réponse à votre remontée ({mail.reference})"  # lists show it to services


@pytest.mark.parametrize(
    ("adresse", "lignes"),
    [
        ("12 rue des Alpes, 38170 Seyssinet-Pariset", ["12 rue des Alpes", "38170 Seyssinet-Pariset"]),
        ("12 rue des Alpes 38170 Seyssinet", ["12 rue des Alpes", "38170 Seyssinet"]),
        ("Bât. B\n12 rue des Alpes\n38000 Grenoble", ["Bât. B", "12 rue des Alpes", "38000 Grenoble"]),
        ("Le bourg", ["Le bourg"]),
        ("", []),
    ],
)
def test_an_address_is_written_on_the_lines_that_the_post_reads(adresse, lignes):
    assert lignes_d_adresse(RapporteurFactory.build(nom="", adresse=adresse)) == lignes


def test_each_letter_worth_a_stamp_has_its_text_on_paper_and_no_other(agent):
    demain = timezone.localdate() + timedelta(days=1)
    reponse.repondre(sur_papier({"a_repondre": True}), par=agent, issue="traite", reponse="Fait.")
    tri.orienter(sur_papier(), par=agent, organisme=OrganismeFactory(), mot="Voyez avec eux.")
    messages.ecrire_a_la_personne(sur_papier(), par=agent, texte="Nous cherchons.")
    messages.demander_precision(sur_papier(), par=agent, question="De quel côté ?", date_limite=demain)
    reception.saisir(sur_papier())
    categorie = CategorieFactory(adresse_demarche="https://demarches.example.org/")
    drapeaux.renvoyer(sur_papier({"categorie": categorie}), par=agent, reponse="Faites la demande en ligne.")

    assert {courrier.lettre.partition("/")[2] for courrier in Courrier.objects.all()} == LETTRES
    assert Courrier.objects.count() == 5
    ecrite = Courrier.objects.get(lettre="remontees/ecrire_a_la_personne").dossier
    assert ecrite.journal.get(acte="ecrire_a_la_personne").fait == "Courrier écrit à la personne, à poster"
    assert set(Message.objects.values_list("moyen", flat=True)) == {"lettre"}


def test_the_letter_is_an_accessible_pdf_that_holds_all_it_says(agent):
    reponse.repondre(
        sur_papier({"a_repondre": True}), par=agent, issue="traite", reponse="L’ampoule est changée.\n\n" * 30
    )
    document = Courrier.objects.get().document

    assert fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open("rb") as fichier:
        assert fautes_pdf(fichier.read(), "ua1") == []
    assert document.est_interne


def test_the_posting_is_said_once_with_its_day(client, agent):
    courrier = CourrierFactory()
    client.force_login(agent)
    page = reverse("socle:poster_courrier", args=[courrier.pk])
    jour = timezone.localdate()

    trop_tot = lire(client.post(page, {"date_postee": (jour - timedelta(days=2)).isoformat()}))
    pas_encore = lire(client.post(page, {"date_postee": (jour + timedelta(days=1)).isoformat()}))
    client.post(page, {"date_postee": jour.isoformat()})
    encore = client.post(page, {"date_postee": jour.isoformat()})

    assert "n’a été écrit que le" in trop_tot
    assert "n’est pas encore arrivée" in pas_encore
    assert encore.status_code == 409
    assert [e.fait for e in courrier.dossier.journal.filter(acte="poster_courrier")] == [
        f"Courrier posté le {jour_texte(jour)} : {courrier.objet}"
    ]


def test_what_is_told_otherwise_is_not_posted_and_its_reason_stays(client, agent):
    courrier = CourrierFactory()
    client.force_login(agent)

    client.post(reverse("socle:abandonner_courrier", args=[courrier.pk]), {"motif": "Remis à l’accueil."})

    assert courrier.dossier.journal.get(acte="abandonner_courrier").motif == "Remis à l’accueil."
    assert "Rien à poster" in lire(client.get(reverse("socle:courriers")))


def test_what_waits_to_be_posted_is_seen_with_its_age_by_all_agents(client):
    vieux = CourrierFactory(ecrit_le=timezone.localtime() - timedelta(days=5), a_une_adresse=False)
    CourrierFactory(objet="Une question")
    CourrierFactory(poste=True, objet="Déjà partie")
    client.force_login(CompteFactory(agent=True))

    journee = lire(client.get(reverse("socle:journee")))
    liste = lire(client.get(reverse("socle:courriers")))

    assert "Imprimer et poster 2 courriers" in journee
    assert "5 jours d’attente" in liste
    assert "aujourd’hui" in liste
    assert "écrire l’adresse" in liste
    assert liste.index(vieux.objet) < liste.index("Une question") < liste.index("Déjà partie")


def test_ten_letters_to_post_cost_the_queries_of_one(client, agent):
    client.force_login(agent)
    CourrierFactory(document=Document.objects.create(nature="socle/courrier", titre="A"))
    client.get(reverse("socle:courriers"))
    with CaptureQueriesContext(connection) as une:
        client.get(reverse("socle:courriers"))
    for _ in range(9):
        CourrierFactory(document=Document.objects.create(nature="socle/courrier", titre="A"))
    with CaptureQueriesContext(connection) as dix:
        client.get(reverse("socle:courriers"))

    assert len(dix) == len(une)


def test_letters_are_printed_together_once_each_on_its_sheet_then_posted_at_once(client, agent):
    ecrites = [sur_papier({"a_repondre": True}, nom=nom) for nom in ("Josette Arnaud", "Ali Benali")]
    for remontee in ecrites:
        reponse.repondre(remontee, par=agent, issue="traite", reponse="L’ampoule est changée.\n\n" * 20)
    reservee = CourrierFactory(document=Document.objects.create(nature="socle/courrier", titre="Secret"))
    Remontee.objects.filter(pk=reservee.dossier_id).update(est_discrimination=True, est_reserve=True)
    client.force_login(CompteFactory(referent=True))
    page = reverse("socle:courriers")

    liste = lire(client.get(page))
    assert "Imprimer les 2 courriers ensemble" in liste
    assert ", à Josette Arnaud" in liste  # which envelope this is
    assert ", à Ali Benali" in liste
    suite = client.post(reverse("socle:imprimer_courriers"))
    encore = lire(client.post(reverse("socle:imprimer_courriers"), follow=True))

    impression = Impression.objects.get()
    document = impression.document
    assert suite.url == reverse("socle:document_etat", args=[document.cle_publique])
    assert "Ces courriers sont déjà imprimés." in encore
    assert fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open("rb") as fichier:
        octets = fichier.read()
    assert fautes_pdf(octets, "ua1") == []
    with pikepdf.open(io.BytesIO(octets)) as pdf, pdf.open_outline() as plan:
        # After the list of envelopes, one heading per letter, each on a new page.
        lettres = {titre.title: pdf.pages.index(titre.destination[0]) for titre in plan.root[1:]}
    assert len(set(lettres.values())) == 2
    assert 0 not in lettres.values()
    assert all(remontee.reference in " ".join(lettres) for remontee in ecrites)
    liste = lire(client.get(page))
    assert "2 courriers à poster" in liste
    assert "Imprimé avec d’autres le" in liste

    postage = reverse("socle:poster_impression", args=[impression.pk])
    referent = impression.par
    Remontee.objects.filter(pk=ecrites[0].pk).update(est_reserve=True)  # since the printing
    fichier = reverse("socle:document", args=[document.cle_publique])
    assert b"".join(client.get(fichier).streaming_content)
    client.force_login(CompteFactory(agent=True))
    assert client.get(fichier).status_code == 404
    assert client.get(suite.url).status_code == 404
    assert "le fichier ne s’ouvre plus" in lire(client.get(page))
    assert "1 courrier à poster" in lire(client.get(page))
    assert ecrites[0].reference not in lire(client.get(postage))
    Remontee.objects.filter(pk=ecrites[0].pk).update(est_reserve=False)
    assert b"".join(client.get(fichier).streaming_content)
    client.force_login(referent)
    demain = timezone.localdate() + timedelta(days=1)
    assert "n’est pas encore arrivée" in lire(client.post(postage, {"date_postee": demain.isoformat()}))
    assert "2 courriers postés." in lire(
        client.post(postage, {"date_postee": timezone.localdate().isoformat()}, follow=True)
    )
    assert client.get(postage).status_code == 404
    assert list(Courrier.objects.a_poster()) == [reservee]
    for remontee in ecrites:
        assert [e.acte for e in remontee.journal.order_by("-pk")[:2]] == [
            "poster_courrier",
            "imprimer_courriers",
        ]
    conservation.anonymiser(ecrites[0], par=agent)
    impression.refresh_from_db()
    assert impression.document is None


def test_an_unknown_address_is_written_then_forgotten_with_the_letters_that_bear_it(client, agent):
    remontee = sur_papier({"a_repondre": True}, adresse="")
    reponse.repondre(remontee, par=agent, issue="traite", reponse="Fait.")
    courrier = remontee.courriers.get()
    client.force_login(agent)
    liste, adresse = reverse("socle:courriers"), remontee.get_adresse_url()
    poster = reverse("socle:poster_courrier", args=[courrier.pk])

    assert adresse in lire(client.get(liste))
    assert adresse in lire(client.get(remontee.get_absolute_url()))
    assert "Il manque l’adresse postale" in lire(client.get(poster))
    courriers.imprimer_courriers([courrier], par=agent)
    faite = lire(client.post(adresse, {"adresse": "3 rue Haute\n38600 Fontaine"}, follow=True))

    assert "1 courrier se refait." in faite
    courrier.refresh_from_db()
    assert (courrier.a_une_adresse, courrier.impression) == (True, None)  # to be printed again
    assert courrier.document.donnees["destinataire"][1:] == ["3 rue Haute", "38600 Fontaine"]
    assert "Haute" not in str(list(remontee.journal.filter(acte="corriger_adresse_postale").values()))
    client.post(poster, {"date_postee": timezone.localdate().isoformat()})
    assert "L’adresse est oubliée." in lire(client.post(adresse, {"adresse": ""}, follow=True))
    courrier.refresh_from_db()
    assert (courrier.document, courrier.date_postee) == (None, timezone.localdate())
    conservation.anonymiser(remontee, par=agent)
    assert "Ses coordonnées sont effacées" in lire(client.post(adresse, {"adresse": "3 rue Haute"}))
    assert "ne s’est pas nommée" in lire(client.get(RemonteeFactory().get_adresse_url()))


@pytest.mark.parametrize("oublier", ["anonymiser", "oubli"])
def test_the_letter_goes_with_the_person_and_that_it_was_posted_stays(agent, oublier):
    remontee = sur_papier({"a_repondre": True}, courriel="josette@example.org")
    reponse.repondre(remontee, par=agent, issue="traite", reponse="Fait.")
    courriers.poster_courrier(remontee.courriers.get(), par=agent, date_postee=timezone.localdate())
    messages.ecrire_a_la_personne(remontee, par=agent, texte="Un mot de plus.")

    if oublier == "anonymiser":
        conservation.anonymiser(remontee, par=agent)
    else:
        oublier_la_personne(Personne(courriel="josette@example.org"))

    postee, autre = remontee.courriers.order_by("pk")
    assert not Document.objects.filter(dossier=remontee).exists()
    assert postee.date_postee == timezone.localdate()
    assert autre.abandonne_le is not None


def test_one_answer_to_many_makes_a_letter_for_each_who_nothing_reaches(agent):
    sujet = SujetFactory(a_repondre=True)
    for _ in range(2):
        sur_papier({"groupee": True, "sujet_commun": sujet})
    RapporteurFactory(remontee=RemonteeFactory(groupee=True, sujet_commun=sujet))

    sujets.repondre_sujet(sujet, par=agent, issue="traite", reponse="Fait.")

    assert Courrier.objects.a_poster().count() == 2
    assert Courriel.objects.filter(acte="remontees/repondre").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moyen", ["courriel", "lettre"])
def test_a_letter_written_while_the_person_is_forgotten_is_forgotten_too(agent, moyen):
    ecrite, oubliee = Event(), Event()
    if moyen == "courriel":
        remontee = RapporteurFactory(courriel="josette@example.org").remontee
    else:
        remontee = sur_papier({"repondue": True}, courriel="josette@example.org")

    def ecrire():
        with transaction.atomic():
            messages.ecrire_a_la_personne(remontee, par=agent, texte="Un mot.")
            ecrite.set()
            des_que_possible(lambda: oubliee.is_set() or _attend_un_verrou())

    def oublier():
        assert ecrite.wait(PATIENCE)
        oublier_partout(Personne(courriel="josette@example.org"))
        oubliee.set()

    assert ensemble(ecrire, oublier) == ["fait", "fait"]
    assert not Courriel.objects.exists()
    assert not Document.objects.exists()


def _attend_un_verrou() -> bool:
    with connection.cursor() as curseur:
        # Statistics are cached within a transaction until cleared.
        curseur.execute("SELECT pg_stat_clear_snapshot()")
        curseur.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(curseur.fetchone()[0])
