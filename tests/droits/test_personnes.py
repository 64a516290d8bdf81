"""A copy of one's data, and the erasure of a person: proved, done once by the worker, told with its counts."""

import io
import json
import re
import zipfile
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import DemandeDroit, EntreeDroit, ReglementDroits
from participation.droits.personnes import actes
from participation.droits.personnes.lectures import apercu, compter, sections
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.courriers import poster_courrier
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Courriel, Moderation
from participation.socle.regles.adresses import empreinte
from participation.suites.models import Abonnement, Sollicitation, Verdict
from participation.suites.verdicts import USAGE
from petitions.models import Signature
from remontees.models import Rapporteur, Remontee
from tests.droits.factories import DemandeDroitFactory
from tests.engagements.factories import CollectifFactory
from tests.outils import ensemble, lire
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.remontees.factories import RapporteurFactory
from tests.rencontres.factories import InscriptionFactory
from tests.socle.factories import CompteFactory, raison
from tests.suites.factories import AbonnementFactory, SuiteFactory

pytestmark = pytest.mark.django_db
ADRESSE = "zenobie@example.org"


def enregistrer_seule(agent, droit="effacement", **qui):
    qui = qui or {"courriel": ADRESSE}
    return actes.enregistrer_demande(DemandeDroit(), par=agent, droit=droit, identite="presence", **qui)


def enregistrer(agent, droit="effacement", **qui):
    demande = enregistrer_seule(agent, droit, **qui)
    actes.executer_demande(demande.pk)
    demande.refresh_from_db()
    return demande


def test_who_proves_her_mailbox_reads_all_that_is_kept_with_it(client):
    RapporteurFactory(courriel=ADRESSE, nom="Zénobie Quellec", remontee__verbatim="Le banc est cassé.")
    AbonnementFactory(courriel="une-autre@example.org")

    page = client.post(reverse("droits:vos_droits"), {"courriel": "Zenobie@example.org ", "droit": "copie"})
    assert page.url == reverse("droits:demandee")
    demande = DemandeDroit.objects.get()
    lien = re.search(r"/vos-droits/\S+", Courriel.objects.get(destinataires=[ADRESSE]).corps)[0]
    assert client.get(reverse("droits:ma_copie", args=[demande.jeton()])).status_code == 404

    client.post(lien)
    actes.executer_demande(demande.pk)

    assert Courriel.objects.filter(destinataires=[ADRESSE], acte="droits/copier_donnees").exists()
    archive = client.get(reverse("droits:ma_copie", args=[demande.jeton()]))
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as ouverte:
        assert ouverte.read("copie-de-mes-donnees.pdf").startswith(b"%PDF")
        dit = json.loads(ouverte.read("copie-de-mes-donnees.json"))
    assert dit["Remontées"][0]["Ce qui a été dit"] == "Le banc est cassé."
    assert "une-autre" not in json.dumps(dit)
    assert "/vos-droits/" not in json.dumps(dit), "the link of a letter opens something"

    DemandeDroit.objects.update(
        faite_le=timezone.localtime() - timedelta(days=ReglementDroits.actuel().copie_jours + 1)
    )
    assert actes.effacer_copies() == 1
    demande.refresh_from_db()
    assert (demande.courriel, demande.fichier.name) == ("", "")
    assert "n’est plus gardée" in lire(client.get(lien))


def test_an_erasure_tells_what_it_found_and_changes_no_published_total(client):
    agent = CompteFactory(agent=True)
    signature = SignatureFactory(
        petition=PetitionFactory(en_collecte=True),
        confirmee=True,
        courriel=ADRESSE,
        courriel_canonique=ADRESSE,
    )
    AbonnementFactory(courriel=ADRESSE)
    avant = Signature.objects.valables().count()

    demande = enregistrer(agent)

    assert demande.etat == "faite"
    assert demande.courriel == ""
    dit = {ligne["quoi"]: (ligne["trouvees"], ligne["restent"]) for ligne in demande.rapport}
    assert dit["Abonnements"] == (1, 0)
    assert dit["Signatures"] == (1, 1), "it counts until the end of its collecte"
    assert Signature.objects.valables().count() == avant
    assert not Abonnement.objects.exists()
    signature.refresh_from_db()
    client.force_login(agent)
    page = lire(client.get(demande.get_absolute_url()))
    assert "décompte doit pouvoir être vérifié" in page
    assert ADRESSE not in page


def test_the_preview_and_the_copy_show_what_is_known_by_her_mailbox_by_a_hash_or_among_others():
    boite, ecrite = "rosinevalmont@gmail.com", "rosine.valmont+banc@gmail.com"
    AbonnementFactory(courriel=boite)
    CollectifFactory(courriel=boite)
    sollicitation = Sollicitation.objects.create(personne=empreinte(boite, USAGE), qualite="qui l’a demandé")
    Verdict.objects.create(sollicitation=sollicitation, suite=SuiteFactory())
    moderee = PetitionFactory()
    Moderation.objects.create(
        dossier=moderee, acte="rejeter", objet="x", quoi="x", motif="x", raison=raison(), par=CompteFactory(agent=True),
        adresses=["une-autre@example.org", ecrite],
    )  # fmt: skip
    personne = Personne(ecrite)

    (trouvee,) = apercu(DemandeDroit(courriel=ecrite))
    copie = repr(sections(personne))

    trouves = {sorte: combien for _, sorte, combien, _ in trouvee.lignes}
    assert set(trouves.values()) == {1}
    assert len(trouves) == 5, trouves
    assert "une-autre@example.org" not in copie
    assert sollicitation.personne not in copie
    oublier(personne)
    assert not compter(Personne(ecrite))


SANS_BOITE = {"telephone": "06 12 34 56 78", "nom": "Rosine Valmont"}


def remplir(page, **envoye):
    """Return what the form of a page sends back, with these answers."""
    (montre,) = re.findall(r'name="montre" value="([^"]*)"', page.content.decode())
    vu = re.findall(r'name="compte_vu" value="([^"]*)"', page.content.decode())
    return {**envoye, "montre": montre, "compte_vu": "".join(vu)}


def test_who_has_no_mailbox_is_sent_her_copy_by_post_then_is_erased_everywhere_by_what_she_gave(client):
    agent = CompteFactory(agent=True)
    remontee = RapporteurFactory(
        courriel="", nom="Rosine Valmont", telephone="06.12.34.56.78", remontee__verbatim="Le banc est cassé."
    ).remontee
    RapporteurFactory(courriel="", nom="Paul Valmont", telephone="06 12 34 56 78")
    RapporteurFactory(courriel="", nom="M. Valmont", telephone="06 12 34 56 78")  # which of the two?
    RapporteurFactory(courriel="", nom="", telephone="0612345678", remontee__verbatim="Sans nom.")
    InscriptionFactory(courriel="", nom="VALMONT Rosine", telephone="+33612345678")
    client.force_login(agent)
    adresse = reverse("droits:enregistrer_demande")

    copie = enregistrer(agent, "copie", **SANS_BOITE, adresse="3 rue Basse\n38000 Grenoble")
    courrier = copie.courriers.get()
    assert courrier.document.donnees["destinataire"] == ["Rosine Valmont", "3 rue Basse", "38000 Grenoble"]
    copiee = json.dumps(courrier.document.donnees["annexe"], ensure_ascii=False)
    assert "Le banc est cassé." in copiee
    assert "Sans nom." not in copiee, "it may be another's: an erasure takes it, a copy would show it"
    assert "lettre à poster" in copie.journal.order_by("-pk")[0].fait
    assert "imprimez la lettre, et postez-la" in lire(client.get(copie.get_absolute_url()))

    par_telephone = {**SANS_BOITE, "droit": "effacement", "identite": "presence"}
    page = lire(client.post(adresse, remplir(client.get(adresse), **par_telephone)))
    assert "Son téléphone" in page
    assert "1 lettre attend d’être postée" in page
    poster_courrier(courrier, par=agent, date_postee=timezone.localdate())
    assert "Courrier posté" in lire(client.get(copie.get_absolute_url()))

    # By her code alone, which names her and gives her telephone: shown once, then done.
    envoye = {"droit": "effacement", "identite": "presence", "code": Remontee.LIEN.code(remontee).lower()}
    montree = client.post(adresse, remplir(client.get(adresse), **envoye))
    assert "Rosine Valmont, +33612345678" in lire(montree), "whose it is, before anything is done"
    trouvees = montree.context["form"].trouvailles
    assert [(t.par, sum(n for *_, n, _ in t.lignes), sum(a for *_, a in t.lignes)) for t in trouvees] == [
        ("Son téléphone", 7, 2),
        ("Le code de son papier", 2, 0),
    ]
    faite = client.post(adresse, remplir(montree, **envoye))
    demande = DemandeDroit.objects.get(droit="effacement")
    assert faite.url == demande.get_absolute_url()
    assert (demande.telephone, demande.nom) == ("+33612345678", "Rosine Valmont")

    actes.executer_demande(demande.pk)

    demande.refresh_from_db()
    dit = {ligne["quoi"]: (ligne["trouvees"], ligne["restent"]) for ligne in demande.rapport}
    assert dit["Rapporteurs"] == (4, 2)
    assert "2 lignes à un autre nom, laissées" in lire(client.get(demande.get_absolute_url()))
    assert set(Rapporteur.objects.exclude(nom="").values_list("nom", flat=True)) == {
        "Paul Valmont",
        "M. Valmont",
    }
    courrier.refresh_from_db()
    assert courrier.document is None, "her copy goes with her"
    assert {d.nomme_quelqu_un for d in DemandeDroit.objects.all()} == {False}
    assert not re.search("valmont|5678|Basse", str(list(EntreeDroit.objects.values())), re.IGNORECASE)
    assert (
        "à lui dire vous-même" in demande.journal.order_by("-pk")[0].fait
    )  # no address, no SMS on this site


def test_who_cannot_be_recognised_is_asked_for_again_on_the_field_to_mend():
    agent = CompteFactory(agent=True)
    CompteFactory(prenom="Ève", nom="Compte", telephone="0612340000")
    code = Remontee.LIEN.code(RapporteurFactory(courriel="", nom="Rosine Valmont").remontee)
    for faute, qui in (
        ("courriel", {"courriel": " "}),
        ("nom", {"telephone": "06 12 34 56 78"}),
        ("nom", {"telephone": "06 12 34 56 78", "nom": "Mme Valmont"}),
        ("telephone", {"telephone": "0476", "nom": "Rosine Valmont"}),
        ("telephone", {"telephone": "0476000001 / 06 12 34 56 78", "nom": "Rosine Valmont"}),
        ("telephone", {"telephone": "06 12 34 00 00", "nom": "Ève Compte"}),
        ("code", {"code": "R1-AAAA-AAAA"}),
        ("code", {"code": code, "nom": "Paul Valmont"}),
    ):
        with pytest.raises(ValidationError) as refus:
            enregistrer_seule(agent, **qui)
        assert list(refus.value.error_dict) == [faute]
    assert not DemandeDroit.objects.exists()


def test_the_answer_reaches_her_by_post_by_sms_or_by_the_agent_and_is_forgotten_once_posted(settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    agent = CompteFactory(agent=True)
    sienne = RapporteurFactory(courriel="", nom="Rosine Valmont", telephone="06 12 34 56 78", langue="ar")
    code = sienne.remontee.LIEN.code(sienne.remontee)
    enregistrer(agent, code=code)
    sms = Courriel.objects.get(moyen="sms")
    assert (sms.destinataires, sms.langue) == (["+33612345678"], "ar")  # as her paper says

    postee = enregistrer(agent, **SANS_BOITE, adresse="3 rue Basse, 38000 Grenoble")
    DemandeDroit.objects.update(faite_le=timezone.localtime() - timedelta(days=300))
    actes.effacer_copies()
    courrier = postee.courriers.get()
    assert courrier.document is not None, "it is not posted yet"
    poster_courrier(courrier, par=agent, date_postee=timezone.localdate())
    actes.effacer_copies()
    courrier.refresh_from_db()
    assert courrier.document is None

    # The telephone is that of an account since: the worker stops, an agent says why, she reads it.
    refusee = enregistrer_seule(agent, **SANS_BOITE, adresse="3 rue Basse")
    compte = CompteFactory(prenom="Rosine", nom="Valmont", telephone="0612345678")
    actes.executer_demande(refusee.pk)
    refusee.refresh_from_db()
    assert refusee.etat == "empechee"
    actes.refuser_demande(refusee, par=agent, motif="Fermez d’abord votre compte.")
    assert "Fermez d’abord" in refusee.courriers.get().document.donnees["corps"]
    assert not refusee.nomme_quelqu_un

    # A member « par la poste » is asked by her telephone: her account is closed with the rest.
    Compte.objects.filter(pk=compte.pk).update(courriel="rosine@poste.invalid")
    enregistrer(agent, **SANS_BOITE)
    assert not Compte.objects.get(pk=compte.pk).is_active


def test_the_mailbox_alone_does_not_erase_the_account_of_an_agent(client):
    agent = CompteFactory(agent=True)
    actes.demander_droit(agent.courriel, "effacement")
    demande = DemandeDroit.objects.get()

    assert "compte professionnel" in lire(client.post(demande.get_public_url()))

    with pytest.raises(ErreurMetier, match="compte professionnel"):
        enregistrer(agent, courriel=agent.courriel)
    assert Compte.objects.get(pk=agent.pk).is_active
    assert DemandeDroit.objects.get().etat == "a_prouver"


def test_a_request_of_a_person_erased_meanwhile_touches_nobody_else(client):
    agent, compte = CompteFactory(agent=True), CompteFactory(courriel=ADRESSE)
    sans_courriel = RapporteurFactory(courriel="", nom="Josette Ravel", telephone="04 76 00 00 01")
    empechee = DemandeDroitFactory(courriel=ADRESSE, droit="effacement", etat="empechee")
    attendent = [enregistrer_seule(agent, "copie"), enregistrer_seule(agent), empechee]
    assert f"dans le mois, au plus tard le {jour_texte(empechee.a_repondre_le)}" in empechee.ensuite()
    empechee.demande_le -= timedelta(days=50)
    assert "dans le mois, en retard de" in empechee.ensuite()
    empechee.refresh_from_db()
    fermer_compte(compte, par=compte)
    empechee.refresh_from_db()
    actes.recommencer_demande(empechee, par=agent)

    for demande in attendent:
        actes.executer_demande(demande.pk)
        demande.refresh_from_db()
        assert (demande.etat, demande.rapport, demande.fichier.name) == ("faite", [], "")

    sans_courriel.refresh_from_db()
    assert (sans_courriel.nom, sans_courriel.telephone) == ("Josette Ravel", "04 76 00 00 01")
    client.force_login(agent)
    assert "déjà effacée" in lire(client.get(attendent[1].get_absolute_url()))


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_erase_the_same_person_at_once_do_it_once():
    agents = [CompteFactory(agent=True), CompteFactory(agent=True)]
    RapporteurFactory(courriel="", nom="Rosine Valmont", telephone="0612345678")
    remontee = RapporteurFactory(courriel="", nom="", telephone="0612345678").remontee

    une, autre = [
        {"telephone": "06 12 34 56 78", "nom": nom} for nom in ("Rosine Valmont", "Mme VALMONT Rosine")
    ]
    assert ensemble(
        partial(enregistrer_seule, agents[0], **une), partial(enregistrer_seule, agents[1], **autre)
    ) == ["ErreurMetier", "fait"]
    (demande,) = DemandeDroit.objects.all()
    par_code = enregistrer_seule(agents[0], code=Remontee.LIEN.code(remontee))

    a_faire = [partial(actes.executer_demande, pk) for pk in (demande.pk, demande.pk, par_code.pk)]
    assert ensemble(*a_faire) == ["fait"] * 3

    actes.reprendre_demandes()
    assert set(DemandeDroit.objects.values_list("etat", flat=True)) == {"faite"}
    assert demande.journal.filter(acte="effacer_personne").count() == 1
    assert not Rapporteur.objects.exclude(nom="").exists()


def test_the_erasure_of_two_thousand_rows_costs_no_statement_more_than_that_of_one():
    compte = CompteFactory(courriel=ADRESSE)
    dossier = PetitionFactory(deposee=True, auteur=compte)
    Courriel.objects.bulk_create(
        Courriel(expediteur="s@example.org", destinataires=[ADRESSE], sujet="A", corps="B", dossier=dossier)
        for _ in range(2000)
    )

    with CaptureQueriesContext(connection) as contexte:
        demande = enregistrer(CompteFactory(agent=True))

    assert len(contexte.captured_queries) < 1000
    (lettres,) = [ligne for ligne in demande.rapport if ligne["quoi"] == "Courriels"]
    assert (lettres["trouvees"], lettres["restent"]) == (2000, 1)
    assert "la lettre qui dit que c’est fait" in lettres["raison"]
