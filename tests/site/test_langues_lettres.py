"""Letters in the language that a person chose: each is translated, or says to whom it is not."""

import email
import email.policy
import re
from fnmatch import fnmatch

from django.urls import reverse

from participation.inscriptions import lettres as lettres_des_inscriptions
from participation.rencontres.models import Inscription
from participation.socle.courriels.ecriture import a_qui, est_traduite
from participation.socle.courriels.message import message_de
from participation.socle.langues import liens_en
from participation.socle.models import Courriel
from participation.suites import actes as suites
from participation.suites.workflow import Etat
from petitions.models import Signature
from petitions.signatures import envois
from remontees.models import Rapporteur, Reception
from remontees.personne import dire_a_qui
from remontees.reception.arrivees import recevoir
from tests.maison import GABARITS
from tests.petitions.factories import PetitionFactory
from tests.petitions.signature import reponses
from tests.rencontres.factories import RencontreFactory
from tests.renouvellement.factories import CollegeCampagneFactory
from tests.renouvellement.test_candidater import reponses as candidature
from tests.site.langues import FRANCAIS
from tests.socle.factories import CompteFactory, DirectionFactory
from tests.socle.traductions.traduire import traduire


def test_the_letter_is_in_the_language_in_which_the_person_signed(db, client):
    petition = PetitionFactory(en_collecte=True)
    signee = client.post(f"/ar/petitions/{petition.pk}/signer/", reponses())
    assert signee["Location"] == f"/ar/petitions/{petition.pk}/signer/merci/"
    assert Signature.objects.get().langue == "ar"

    envois.ecrire_aux_signataires()

    lettre = Courriel.objects.get()
    assert lettre.langue == "ar"
    assert lettre.sujet.startswith("أكّد توقيعك")
    lien = re.search(r"https?://[^/]+(/ar/petitions/signature/\S+/confirmer/)", lettre.corps)[1]
    assert "أوقّع" in client.get(lien).content.decode()
    client.post(lien)
    assert Signature.objects.get().est_confirmee


def test_who_reports_in_ukrainian_gets_her_receipt_in_ukrainian(
    db, client, django_capture_on_commit_callbacks
):
    adresse = "/uk/remontees/dire/autre-chose/"
    dit = {"verbatim": "Світло не працює на моїй вулиці.", "lieu": "rue des Alpes"}
    etape = client.post(adresse, dit).content.decode()
    cle = re.search(r'name="cle" value="([^"]+)"', etape)[1]
    with django_capture_on_commit_callbacks(execute=True):
        recue = client.post(adresse, {**dit, "cle": cle, "envoyer": "oui", "courriel": "olena@example.org"})
    assert recue["Location"].startswith("/uk/remontees/dire/recue/")

    recevoir(Reception.objects.get().pk)

    lettre = Courriel.objects.get(acte="remontees/saisir")
    assert lettre.langue == Rapporteur.objects.get().langue == "uk"
    assert "Ваше звернення отримано" in lettre.sujet
    assert "/uk/remontees/suivi/" in lettre.corps
    assert "lit en ukrainien" in dire_a_qui(Rapporteur.objects.get().remontee)  # who answers knows it


def test_who_registers_in_arabic_reads_each_of_her_letters_in_arabic(db, client):
    rencontre = RencontreFactory(ouverte=True)
    adresse = f"/ar/les-rencontres/{rencontre.pk}/s-inscrire/"
    page = client.get(adresse)
    cle = page.context["form"]["cle"].value()
    dit = '<p class="petit discret" lang="ar" dir="rtl">هذا النص بالفرنسية فقط.</p>'
    assert re.search(rf"{re.escape(dit)}\s*<h2[^>]*>Vos données", page.content.decode())
    faite = client.post(adresse, {"nom": "أمل", "courriel": "amal@example.org", "cle": cle})
    assert faite["Location"].startswith("/ar/les-rencontres/")

    (lettre,) = Courriel.objects.filter(acte="inscriptions/confirmer_inscription")
    assert lettre.langue == "ar"
    assert lettre.sujet.startswith(f"أكّد تسجيلك: \u2068{rencontre.titre}\u2069، ")
    lue = email.message_from_bytes(message_de(lettre).message().as_bytes(), policy=email.policy.default)
    assert lue.get_all("Subject") == [lettre.sujet]
    lien = re.search(r"https?://[^/]+(/ar/les-rencontres/\S+)", lettre.corps)[1]
    billet = client.post(lien)["Location"]
    assert billet.startswith("/ar/les-rencontres/ma-place/")
    place = Courriel.objects.get(acte="inscriptions/inscrire")
    assert (place.langue, "حُجز مقعدك" in place.sujet, "/ar/les-rencontres/ma-place/" in place.corps) == ("ar", True, True)  # fmt: skip
    assert "هذا النص بالفرنسية فقط" in place.corps  # how to come: an agent wrote it
    # Once people translated it, her letters say it so.
    traduire(rencontre, CompteFactory(agent=True), CompteFactory(agent=True), "ar", "لقاء الحي")
    Courriel.objects.filter(pk=place.pk).delete()
    lettres_des_inscriptions.inscrire(Inscription.objects.get())
    place = Courriel.objects.get(acte="inscriptions/inscrire")
    assert "لقاء الحي" in place.sujet
    assert (place.corps.count("لقاء الحي"), "هذا النص" in place.corps) == (2, False)


def test_who_follows_in_arabic_is_answered_so_and_reads_the_news_with_what_agents_wrote_in_french(
    db, client, agent
):
    petition = PetitionFactory(debattue=True)
    client.post(f"/ar/suivre/{petition.pk}/", {"courriel": "amal@example.org"})
    lettre = Courriel.objects.get(acte="suites/suivre")
    lien = re.search(r"https?://[^/]+(/ar/nouvelles/\S+/confirmer/)", lettre.corps)[1]
    assert (lettre.langue, lettre.sujet.startswith("أكّد")) == ("ar", True)
    client.post(lien)

    suite = suites.ajouter_suite(petition, par=agent, intitule="La piste", direction=DirectionFactory())
    suites.changer_etat(suite, par=agent, vers=Etat.A_L_ETUDE, texte_public="Nous étudions.")

    nouvelle = Courriel.objects.get(acte="suites/changer_etat")
    assert (nouvelle.destinataires, nouvelle.langue) == (["amal@example.org"], "ar")
    assert nouvelle.sujet.startswith("متابعة، قيد الدراسة: \u2068La piste\u2069")
    assert "هذا النص بالفرنسية فقط" in nouvelle.corps
    siens = (
        nouvelle.corps.replace(petition.titre, "").replace(suite.intitule, "").replace("Nous étudions.", "")
    )
    assert FRANCAIS.findall(siens.replace(str(suite.direction), "")) == []
    assert "/ar/petitions/" in nouvelle.corps


def test_who_applies_in_ukrainian_reads_her_letters_in_ukrainian_and_the_call_in_french(db, client):
    college = CollegeCampagneFactory(nom="Habitants", avec_suppleants=False)
    adresse = reverse("renouvellement:deposer_candidature", args=[college.campagne.instance.cle, college.pk])
    envoyee = client.post(f"/uk{adresse}", candidature(motivation="Я їжджу трамваєм."))
    assert envoyee["Location"].startswith("/uk/candidater/")

    (lettre,) = Courriel.objects.filter(acte="renouvellement/candidater")
    assert (lettre.langue, lettre.sujet) == ("uk", f"Підтвердьте свою заявку: {college.campagne.titre}")
    lien = re.search(r"https?://[^/]+(/uk/candidature/\S+/confirmer/)", lettre.corps)[1]
    assert '<span lang="fr" dir="ltr">«\u00a0Habitants\u00a0»</span>' in client.get(lien).content.decode()
    client.post(lien)

    recue = Courriel.objects.get(acte="renouvellement/confirmer_candidature")
    assert (recue.langue, "Вашу заявку записано" in recue.sujet) == ("uk", True)
    siens = recue.corps.replace(college.campagne.titre, "")
    assert FRANCAIS.findall(siens) == []


def test_a_letter_leads_to_pages_in_its_own_language(settings):
    site = settings.SITE_URL
    texte = f"{site}/ar/petitions/3/ et {site}/comptes/login/"

    assert liens_en(texte, "fr") == f"{site}/petitions/3/ et {site}/comptes/login/"
    assert liens_en(texte, "uk") == f"{site}/uk/petitions/3/ et {site}/comptes/login/"


# Letters to somebody that stay in French, and why: who reads them chose no language.
EN_FRANCAIS = {
    "written by a program or an agent to who works here, in a commune, or with the service": """
        cadres/inviter_evaluateur contrat_ville/nommer_referents inclusion/* petitions/refuser_rapprochement_service
        petitions/rencontrer_elu petitions/transmettre_autorite petitions/transmettre_note rencontres/ajouter_animateur
        budgets/ajouter_table socle/*""",
    "members of an instance, of a panel, and their association: their account is in French": """
        seances/* panels/*_questionnaires engagements/* suites/solliciter""",
    "an account, or pages in French alone: who bears a petition or a project, evaluates or writes a cahier": """
        petitions/* contrat_ville/* cadres/* droits/prevenir_inactif""",
}
# Who signed, registered, reported, voted, follows, or was noted keeps a language: none of these may be declared.
SANS_EXCEPTION = """
    petitions/*signe* petitions/dire_la_* petitions/publier_nouvelle petitions/changer_suite petitions/clore_collecte
    remontees/* inscriptions/* rencontres/*note* rencontres/dire_* budgets/*idee budgets/code_* tirage/* droits/*donnees
    suites/suivre suites/changer_etat panels/assurer_besoin renouvellement/*"""


def test_each_letter_to_the_public_is_translated_or_says_to_whom_it_is_not():
    racine = GABARITS / "courriels"
    noms = [str(f.relative_to(racine))[:-4] for f in sorted(racine.rglob("*.txt")) if f.name[0] != "_"]
    publiques = {nom for nom in noms if a_qui(nom) != "service"}
    francaises = {nom for nom in publiques if not est_traduite(nom)}
    motifs = " ".join(EN_FRANCAIS.values()).split()

    assert {nom for nom in francaises if not any(fnmatch(nom, motif) for motif in motifs)} == set()
    assert [motif for motif in motifs if not any(fnmatch(nom, motif) for nom in francaises)] == []
    tenues = [(nom, motif) for motif in SANS_EXCEPTION.split() for nom in publiques if fnmatch(nom, motif)]
    assert {motif for _, motif in tenues} == set(SANS_EXCEPTION.split())
    assert [nom for nom, _ in tenues if nom in francaises] == []
    # A letter that has an SMS says it in the same languages.
    for sms in (GABARITS / "sms").rglob("*.txt"):
        nom = str(sms.relative_to(GABARITS / "sms"))[:-4]
        assert est_traduite(nom, Courriel.Moyen.SMS) == est_traduite(nom), nom
