"""Letters on paper for people without email: written, printed in batches, signed, posted, once each."""

import os
import subprocess
import sys
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contrat_ville.bilan import actes as bilan
from contrat_ville.models import Convention, Porteur, Projet
from contrat_ville.notification import actes as notification
from contrat_ville.notification import recours
from participation.socle.actions import courriers
from participation.socle.actions.documents import balayer_documents, fabriquer_document
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.actions.rappels import rappeler_echeances
from participation.socle.models import Courriel, Courrier, Document, Impression
from tests.contrat_ville.factories import ProjetFactory
from tests.contrat_ville.test_notification import retenu
from tests.greffons.services import _url_de_la_base
from tests.outils import fautes_pdf, jour, lire

pytestmark = pytest.mark.django_db


def sans_courriel(projet, **adresse):
    """Remove the email addresses of the team."""
    Porteur.objects.filter(pk=projet.porte_par_id).update(courriel="", **adresse)
    projet.equipe.all().delete()
    return Projet.objects.get(pk=projet.pk)


def test_from_the_decision_to_the_post_with_others_and_an_address_written_on_the_way(client, agent):
    projet = sans_courriel(retenu(agent), adresse="", ville="")
    ecrit = sans_courriel(ProjetFactory(en_cours=True, agent=agent), adresse="3 rue Haute", ville="Fontaine")
    bilan.attendre_bilan(ecrit, par=agent)
    notification.preparer_lettre(projet, par=agent)
    decision, demande = projet.courriers.get(), ecrit.courriers.get()
    client.force_login(agent)
    liste = reverse("socle:courriers")
    adresse = reverse("contrat_ville:corriger_adresse_postale", args=[projet.pk])

    page = lire(client.get(liste))
    assert "Imprimer les 2 courriers ensemble" in page
    assert "Un courrier ne peut pas être posté" in page
    assert adresse in page
    assert "Courrier à signer et à poster</a> depuis le" in lire(client.get(projet.get_absolute_url()))
    assert "Rien n’est dû" not in lire(client.get(projet.get_absolute_url()))

    # The file is printed, then made again with the address.
    client.post(reverse("socle:imprimer_courriers"))
    assert "cinq chiffres" in lire(
        client.post(adresse, {"adresse": "1 rue Basse", "code_postal": "3", "ville": "Échirolles"})
    )
    client.post(adresse, {"adresse": "1 rue Basse", "code_postal": "38130", "ville": "Échirolles"})
    decision.refresh_from_db()
    assert (decision.a_une_adresse, decision.impression) == (True, None)
    assert decision.document.donnees["destinataire"][-2:] == ["1 rue Basse", "38130 Échirolles"]
    assert "Basse" not in str(projet.journal.get(acte="corriger_adresse_postale").details)
    client.post(reverse("socle:imprimer_courriers"))
    seconde, premiere = Impression.objects.all()
    assert list(seconde.courriers.all()) == [decision]
    assert list(premiere.courriers.all()) == [demande]
    for impression in (premiere, seconde):
        assert fabriquer_document(impression.document_id)
        document = Document.objects.get(pk=impression.document_id)
        with document.fichier.open("rb") as fichier:
            assert fautes_pdf(fichier.read(), "ua1") == []
            with pikepdf.open(fichier) as pdf, pdf.open_outline() as plan:
                assert len(plan.root) == len(document.donnees["lettres"]) + 1

    # An unsigned courrier stays.
    Courrier.objects.filter(pk=demande.pk).update(impression=seconde)
    postage = reverse("socle:poster_impression", args=[seconde.pk])
    assert "il manque la lettre signée" in lire(client.get(postage))
    dit = lire(client.post(postage, {"date_postee": jour()}, follow=True))
    assert "1 courrier posté." in dit
    assert "1 courrier attend encore. Il manque" in dit
    demande.refresh_from_db()
    assert (demande.date_postee, demande.poste_par) == (jour(), agent)
    fabriquer_document(decision.document_id)
    with Document.objects.get(pk=decision.document_id).fichier.open("rb") as fichier:
        signee = SimpleUploadedFile("signee.pdf", fichier.read(), "application/pdf")
    notification.joindre_lettre_signee(Projet.objects.get(pk=projet.pk), par=agent, fichier=signee)
    assert not Courrier.objects.a_imprimer().exists()
    hier = jour(-1)
    avant = timezone.localtime() - timedelta(days=2)
    projet.lettres.update(preparee_le=avant)
    client.post(postage, {"date_postee": hier})

    projet, decision = Projet.objects.get(pk=projet.pk), Courrier.objects.get(pk=decision.pk)
    assert timezone.localdate(projet.notifie_le) == hier
    assert (decision.date_postee, decision.poste_par) == (hier, agent)
    assert projet.lettre_courante().date_postee == hier
    assert "Rien à poster" in lire(client.get(liste))
    assert not Courriel.objects.filter(dossier=projet.pk).exists()

    # Once posted, the batch is deleted; each courrier keeps its own file until its address is erased.
    courriers.effacer_impressions()
    assert not Document.objects.filter(nature=courriers.ENSEMBLE_IMPRIME).exists()
    adresse = reverse("contrat_ville:corriger_adresse_postale", args=[ecrit.pk])
    assert "Écrivez l’adresse entière" in lire(client.post(adresse, {"adresse": "", "ville": "Fontaine"}))
    assert Courrier.objects.get(pk=demande.pk).document_id
    assert "L’adresse est oubliée" in lire(client.post(adresse, {"adresse": ""}, follow=True))
    assert Courrier.objects.get(pk=demande.pk).document_id is None
    assert Porteur.objects.get(projets=ecrit).ville == ""


def test_a_collectif_that_is_forgotten_leaves_no_address(agent):
    projet = retenu(agent)
    Porteur.objects.filter(pk=projet.porte_par_id).update(
        nature=Porteur.Nature.COLLECTIF, siret=None, adresse="3 rue Haute", courriel="lea@example.org"
    )

    oublier(Personne("lea@example.org"))

    porteur = Porteur.objects.get(pk=projet.porte_par_id)
    assert (porteur.adresse, porteur.ville, porteur.courriel) == ("", "", "")


def test_a_decision_is_posted_by_its_own_act_and_forgotten_when_it_is_taken_back(client, agent):
    projet = sans_courriel(retenu(agent), adresse="3 rue Haute", ville="Fontaine")
    notification.preparer_lettre(projet, par=agent)
    courrier = projet.courriers.get()
    client.force_login(agent)

    for acte in ("poster_courrier", "abandonner_courrier"):
        assert client.get(reverse(f"socle:{acte}", args=[courrier.pk])).status_code == 409
    notification.preparer_lettre(projet, par=agent)
    assert projet.courriers.get() == courrier
    recours.rouvrir(projet, par=agent, motif="Un montant faux.", vers="propose")

    courrier.refresh_from_db()
    assert courrier.abandonne_le is not None
    assert not projet.courriers.a_poster().exists()  # not told yet: no courrier is left to post


def test_who_comes_from_dauphin_is_asked_for_a_bilan_when_an_agent_says_so_by_mail_or_on_paper(client, agent):
    venus = [
        sans_courriel(ProjetFactory(en_cours=True, date_debut=jour(-90), date_fin=jour(-2))) for _ in range(2)
    ]
    ici = sans_courriel(ProjetFactory(en_cours=True, date_debut=jour(-90), date_fin=jour(-2)))
    Convention.objects.create(projet=ici, numero="C-1", date_signature=jour(-100))
    joint, joint_ici = (
        ProjetFactory(en_cours=True, date_debut=jour(-90), date_fin=jour(-2)) for _ in range(2)
    )
    Convention.objects.create(projet=joint_ici, numero="C-2", date_signature=jour(-100))
    signataires = [bilan.signataire_de(projet).courriel for projet in (joint, joint_ici)]

    def rappeles():
        deja = Courriel.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        rappeler_echeances(joint.echeances.get(cle="bilan").date_limite)
        lettres = Courriel.objects.filter(pk__gt=deja)
        return [any(adresse in lettre.destinataires for lettre in lettres) for adresse in signataires]

    bilan.suivre_le_calendrier()
    with transaction.atomic():  # from Dauphin: the signataire has an account, but gets no reminder
        assert rappeles() == [False, True]
        assert agent.courriel in Courriel.objects.order_by("pk").last().destinataires
        transaction.set_rollback(True)

    assert [c.dossier_id for c in Courrier.objects.all()] == [ici.pk]
    assert Courriel.objects.get(acte="contrat_ville/attendre_bilan").dossier_id == joint_ici.pk
    client.force_login(agent)
    assert "Choisir à qui demander le bilan : 3 projets" in lire(client.get(reverse("socle:journee")))
    liste = f"{reverse('contrat_ville:projets')}?bilan_a_demander=oui"
    page = lire(client.get(liste))
    assert all(projet.reference in page for projet in venus)
    assert joint.reference in page
    assert ici.reference not in page
    assert joint_ici.reference not in page
    lot = {"lot": "demander_bilan", "reste": f"{venus[0].pk},{joint.pk},{ici.pk}"}
    assert "choisissez une date à venir" in lire(client.post(liste, {**lot, "date_limite": jour()}))
    client.post(liste, {**lot, "date_limite": jour(60)}, follow=True)
    projet = Projet.objects.get(pk=venus[0].pk)
    assert projet.courriers.get().document.donnees["corps"].count("au plus tard le") == 1
    assert projet.echeances.get(cle="bilan").date_limite == jour(60)
    assert ici.courriers.count() == 1
    assert Courriel.objects.get(dossier=joint.pk).acte == "contrat_ville/attendre_bilan"
    assert not joint.courriers.exists()
    assert rappeles()[0]
    page = reverse("contrat_ville:demander_bilan", args=[venus[1].pk])
    assert "choisissez une date à venir" in lire(client.post(page, {"date_limite": jour()}))
    client.post(page, {"date_limite": jour(30)})
    assert Courrier.objects.count() == 3


def test_the_letters_to_one_address_are_printed_together_in_one_envelope(agent):
    premier = sans_courriel(
        ProjetFactory(en_cours=True, agent=agent), adresse="3 rue Haute", ville="Fontaine"
    )
    autre = sans_courriel(ProjetFactory(en_cours=True, agent=agent), adresse="9 rue Basse", ville="Fontaine")
    second = ProjetFactory(en_cours=True, agent=agent)
    Projet.objects.filter(pk=second.pk).update(porte_par=premier.porte_par_id)
    second.equipe.all().delete()
    for projet in (premier, autre, Projet.objects.get(pk=second.pk)):
        bilan.attendre_bilan(projet, par=agent)

    document = courriers.imprimer_courriers(Courrier.objects.order_by("pk"), par=agent)

    dits = [(lettre["enveloppe"], lettre["destinataire"][-2]) for lettre in document.donnees["lettres"]]
    assert dits == [(1, "3 rue Haute"), (1, "3 rue Haute"), (2, "9 rue Basse")]
    assert document.titre == "3 courriers à poster, 2 enveloppes"


OUVRIER = """
import sys, django
django.setup()
from contrat_ville.bilan import actes
vrai = actes._attendre_le
def lent(projet, date_limite, faits=[]):
    vrai(projet, date_limite)
    print("un", flush=True)
    faits.append(projet)
    if len(faits) == 2:
        sys.stdin.read()  # killed here: this one is written, and not committed
actes._attendre_le = lent
actes.suivre_le_calendrier()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_among_the_courriers_loses_none_and_writes_none_twice():
    for _ in range(4):
        projet = sans_courriel(ProjetFactory(en_cours=True, date_debut=jour(-90), date_fin=jour(-2)))
        Convention.objects.create(projet=projet, numero="C-1", date_signature=jour(-100))
    essais = {"DJANGO_SETTINGS_MODULE": "participation.settings", "DATABASE_URL": _url_de_la_base()}
    with subprocess.Popen(
        [sys.executable, "-c", OUVRIER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **essais, "CONN_MAX_AGE": "0"},
    ) as ouvrier:
        for _ in range(2):
            assert ouvrier.stdout.readline() == b"un\n"
        ouvrier.kill()

    bilan.suivre_le_calendrier()
    # The periodic task prints, once, those that the dead worker had left.
    Document.objects.update(demande_le=timezone.now() - timedelta(minutes=5))
    assert balayer_documents() == 4
    assert balayer_documents() == 0

    for projet in Projet.objects.all():
        assert projet.courriers.get().document.etat == Document.Etat.PRET
        assert projet.journal.filter(acte="attendre_bilan").count() == 1
