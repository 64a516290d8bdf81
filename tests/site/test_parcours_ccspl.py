"""An avis asked, convened, written together, voted, minuted, answered, read by an élue.

In browsers where a page has a script; elsewhere its forms are sent as they are.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from ccspl.models import Avis, ServiceSuivi
from ccspl.workflow import Etat
from participation.seances.convocation import envois
from participation.seances.models import Convie, Instance, Membre, ProcesVerbal, Seance
from participation.seances.presence import actes as presence
from participation.seances.proces_verbaux import documents as documents_pv
from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Courriel, Direction
from participation.socle.tasks import envoyer_courriels
from participation.socle.workflow import Role
from participation.suites.models import Suite
from tests.greffons.guichet import Guichet
from tests.greffons.navigateur import TELEPHONE, remplir, suivre
from tests.seances.factories import CollegeFactory, MandatureFactory, MembreFactory
from tests.socle.boite_smtp import Boite
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)
LIEN = re.compile(r"https?://\S+")


def lien_de(boite: Boite, adresse: str, motif: str) -> str:
    """Return the last link sent to this person whose path contains `motif`."""
    trouves = [lien for lu in lettres_de(boite, adresse) for lien in LIEN.findall(lu) if motif in lien]
    assert trouves, f"aucun lien « {motif} » pour {adresse}"
    return trouves[-1]


def lettres_de(boite: Boite, adresse: str) -> list[str]:
    """Return the texts of the letters to this person, once sent; the first part of multipart ones."""
    relever_tout()
    return [corps(lettre) for lettre, adresses in boite.recus if adresse in adresses]


def lettre_de(boite: Boite, adresse: str, mots: str) -> str:
    trouvees = [lu for lu in lettres_de(boite, adresse) if mots in lu]
    assert trouvees, f"aucune lettre pour {adresse} avec « {mots} »"
    return trouvees[-1]


def relever_tout() -> None:
    envoyer_courriels(list(Courriel.objects.a_envoyer().values_list("pk", flat=True)))


def corps(lettre) -> str:
    for partie in lettre.walk():
        if partie.get_content_type() == "text/plain":
            return partie.get_payload(decode=True).decode()
    return ""


@pytest.fixture
def commission():
    """The commission of the reference data, with a mandature: an élue who presides, two habitants."""
    instance = Instance.objects.get(cle="ccspl")
    mandature = MandatureFactory(instance=instance, intitule="2024-2028")
    elus = CollegeFactory(mandature=mandature, nom="Élus", sieges=1, est_elu=True)
    habitants = CollegeFactory(
        mandature=mandature, nom="Habitants", sieges=3, a_des_suppleants=False, ordre=2
    )
    presidente = MembreFactory(
        college=elus, president=True, compte=CompteFactory(role=Role.ELU, prenom="Nadège", nom="Orsini")
    )
    lucie = MembreFactory(college=habitants, compte=CompteFactory(prenom="Lucie", nom="Perrin"))
    amel = MembreFactory(college=habitants, compte=CompteFactory(prenom="Amel", nom="Ziani"))
    return presidente, lucie, amel


def test_an_avis_is_asked_written_voted_minuted_answered_and_read(
    entrer, live_server, boite_du_site, commission
):
    presidente, lucie, amel = commission
    agente = CompteFactory(role=Role.AGENT, prenom="Claire", nom="Montel")
    direction = Direction.objects.get(sigle="EAU")
    direction.courriel = "eau@example.org"
    direction.save()
    service = ServiceSuivi.objects.get(nom="Eau potable")
    bureau = Guichet(agente)

    avis = _saisir_et_ecrire(bureau, service, direction)
    seance = _convoquer(bureau, boite_du_site, avis)
    _repondre(boite_du_site, seance, lucie, amel)
    _proposer_et_accepter(bureau, avis, amel)
    _tenir(entrer, bureau, agente, seance, avis, presidente, lucie, amel)
    _approuver_le_pv(bureau, boite_du_site, seance, lucie)
    _transmettre_et_relancer(bureau, boite_du_site, avis, direction)

    # The élue opens the dashboard and reads the answer.
    elue = Guichet(presidente.compte)
    elue.aller(reverse("ccspl:tableau_de_bord"))
    assert "Rapport sur l’eau" in elue.lire()
    (chiffre, *_) = elue.main.xpath(f'.//a[contains(@href, "{reverse("ccspl:preconisations")}")]')
    elue.aller(chiffre.get("href"))
    assert "Publier les fuites par commune" in elue.lire()
    assert "suivie" in elue.lire().lower()


def _saisir_et_ecrire(bureau: Guichet, service: ServiceSuivi, direction: Direction) -> Avis:
    bureau.valider(
        reverse("ccspl:saisir"),
        service=service.pk,
        objet="rapport",
        titre="Rapport sur l’eau",
        saisine="loi",
        contexte="Examen annuel.",
    )
    assert "Rapport sur l’eau" in bureau.titre
    avis = Avis.objects.get()
    for acte, champs in (
        ("ouvrir_redaction", {}),
        ("rediger", {"texte": "La commission prend acte du rapport.\n\nElle demande de réduire les fuites."}),
        ("preconiser", {"texte": "Publier les fuites par commune", "direction": direction.pk}),
    ):
        bureau.valider(reverse(f"ccspl:{acte}", args=[avis.pk]), **champs)
    assert avis.paragraphes.count() == 2
    assert avis.preconisations.count() == 1
    return avis


def _convoquer(bureau: Guichet, boite: Boite, avis: Avis) -> Seance:
    """Convene a hybrid séance in an hour, or early tomorrow if it is late.

    The notice is shorter than the règlement allows, so a reason is given.
    """
    debut = timezone.localtime() + timedelta(hours=1)
    if debut.hour >= 22 or debut.hour < 2:
        debut = debut.replace(hour=8) + timedelta(days=debut.hour >= 22)
    fin = debut + timedelta(hours=1)
    instance = Instance.objects.get(cle="ccspl")
    bureau.valider(
        reverse("seances:programmer"), instance=instance.cle, titre="Plénière de l’eau", nature="pleniere", jour=debut.strftime("%Y-%m-%d"),
        de=debut.strftime("%H:%M"), a=fin.strftime("%H:%M"), tenue="hybride", lieu="Salle du conseil",
        lien_visio="https://visio.example.org/eau",
    )  # fmt: skip
    assert "Plénière de l’eau" in bureau.titre
    seance = Seance.objects.get()

    ajouter = reverse("seances:ajouter_point", args=[seance.pk])
    bureau.valider(ajouter, nature="prise_acte", titre="Rapport sur l’eau", duree=30)
    point = seance.points.get()
    bureau.valider(reverse("seances:point", args=[point.pk]) + f"?q={avis.reference}", bouton="Ajouter")
    assert point.liens_dossiers.get().dossier_id == avis.pk

    bureau.aller(reverse("seances:convoquer", args=[seance.pk]))
    assert "jours" in bureau.lire()
    bureau.valider(quand_meme="on", motif="Le rapport vient d’arriver.")
    assert "Plénière de l’eau" in bureau.titre
    assert envois.envoyer_convocations() == 1
    assert seance.convies.count() == 3
    return seance


def _repondre(boite: Boite, seance: Seance, lucie: Membre, amel: Membre) -> None:
    """Answer by the signed link of the letter, without an account.

    The letter carries an invitation.
    """
    for membre, reponse in ((lucie, "salle"), (amel, "distance")):
        lien = lien_de(boite, membre.compte.courriel, "/seances/repondre/")
        Guichet().valider(lien, reponse=reponse)
        assert Convie.objects.get(seance=seance, membre=membre).reponse == reponse
    lettre = next(lettre for lettre, adresses in boite.recus if lucie.compte.courriel in adresses)
    parties = {partie.get_content_type(): partie for partie in lettre.walk()}
    invitation = Calendar.from_ical(parties["text/calendar"].get_payload(decode=True))
    assert invitation["METHOD"] == "REQUEST"
    assert parties["application/pdf"].get_payload(decode=True).startswith(b"%PDF")


def _proposer_et_accepter(bureau: Guichet, avis: Avis, amel: Membre) -> None:
    membre = Guichet(amel.compte)
    membre.aller(reverse("ccspl:redaction", args=[avis.pk]))
    membre.suivre("Proposer une rédaction du paragraphe 2")
    membre.valider(texte="Elle demande de réduire les fuites de moitié.")
    assert "Votre proposition est enregistrée" in membre.lire()
    bureau.aller(reverse("ccspl:redaction", args=[avis.pk]))
    bureau.suivre("Accepter la proposition")
    assert "moitié" in next(bureau.main.iter("ins")).text_content()
    bureau.valider()
    assert "Elle demande de réduire les fuites de moitié." in bureau.lire()
    bureau.valider(reverse("ccspl:soumettre", args=[avis.pk]))
    avis.refresh_from_db()
    assert avis.etat == Etat.SOUMIS


def _tenir(entrer, bureau: Guichet, agente, seance, avis, presidente, lucie, amel) -> None:
    """Hold the séance: the facilitator, the screen of the room and two phones at once."""
    ecran, animateur = entrer(agente), entrer(agente)
    ecran.goto(reverse("seances:ecran", args=[seance.pk]))
    code = ecran.locator(".code-geant").inner_text()
    telephones = {}
    for membre, bouton in ((lucie, "Je suis en salle"), (amel, "Je suis à distance")):
        telephone = telephones[membre.pk] = entrer(membre.compte, TELEPHONE)
        telephone.goto(reverse("seances:saisir_code"))
        telephone.get_by_label("Code de présence").fill(code)
        suivre(telephone.get_by_role("button", name="Continuer"))
        telephone.get_by_role("button", name=bouton).click()
        expect(telephone.get_by_role("heading", name="La séance est convoquée")).to_be_visible()
    convie = Convie.objects.select_related("seance", "membre__compte").get(seance=seance, membre=presidente)
    presence.arriver(convie, mode="salle", par=None)
    animateur.goto(reverse("seances:animer", args=[seance.pk]))
    remplir(
        animateur,
        presidee_par=presidente.pk,
        secretaire="Claire Montel",
        avant_l_heure="Tout le monde est là.",
    )
    animateur.get_by_role("main").get_by_role("button", name="Ouvrir la séance", exact=True).first.click()
    animateur.get_by_role("button", name="Commencer ce point").click()
    expect(animateur.locator("main")).to_contain_text("Elle demande de réduire les fuites de moitié.")
    animateur.get_by_text("Mettre au vote").click()
    animateur.get_by_label("Question mise au vote").fill("Adopter l’avis")
    animateur.get_by_role("button", name="Ouvrir le vote").click()
    expect(animateur.locator("#d-clore summary")).to_be_visible()
    for membre in (lucie, amel):
        telephone = telephones[membre.pk]
        telephone.goto(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
        telephone.get_by_role("button", name="Pour", exact=True).click()
        expect(telephone.get_by_text("Vous avez voté pour")).to_be_visible()
    expect(ecran.locator(".projection-chiffre")).to_have_text("2 votes reçus sur 3")
    animateur.locator("#d-clore summary").click()
    animateur.get_by_role("button", name="Clore sans attendre").click()
    expect(animateur.locator("#r-vote")).to_contain_text("Adopté")
    lien = seance.points.get().liens_dossiers.get()
    bureau.valider(
        reverse("seances:decider_dossier", args=[lien.pk, "adopter"]),
        sens="prise_acte",
        synthese="La commission demande moins de fuites.",
    )
    avis.refresh_from_db()
    assert (avis.etat, avis.sens) == (Etat.ADOPTE, "prise_acte")
    bureau.valider(reverse("seances:lever", args=[seance.pk]), bouton="Lever la séance")
    expect(telephones[lucie.pk].get_by_role("heading", name="La séance est levée")).to_be_visible()


def _approuver_le_pv(bureau: Guichet, boite: Boite, seance: Seance, lucie: Membre) -> None:
    bureau.valider(seance.get_absolute_url(), bouton="Rédiger le procès-verbal")
    for acte in ("soumettre_pv", "approuver_pv"):
        bureau.valider(reverse(f"seances:{acte}", args=[seance.pk]))
    pv = ProcesVerbal.objects.get()
    assert pv.etat == "approuve"
    for version in pv.versions.all():
        fabriquer_document(version.document_id)
    documents_pv.figer_proces_verbaux()
    derniere = pv.versions.first()
    derniere.document.refresh_from_db()
    assert derniere.document.fige_le is not None
    bureau.aller(reverse("seances:proces_verbal", args=[seance.pk]))
    assert derniere.document.sha256[:12] in bureau.lire()
    assert "procès-verbal" in lettre_de(boite, lucie.compte.courriel, "procès-verbal").lower()


def _transmettre_et_relancer(bureau: Guichet, boite: Boite, avis: Avis, direction: Direction) -> None:
    bureau.valider(reverse("ccspl:transmettre", args=[avis.pk]))
    avis.refresh_from_db()
    assert avis.etat == Etat.TRANSMIS
    suite = Suite.objects.get()
    assert "Publier les fuites par commune" in lettre_de(boite, "eau@example.org", "Publier les fuites")

    # Reminded, then acknowledged by the signed link of the letter.
    bureau.valider(reverse("suites:relancer", args=[suite.pk]))
    Guichet().valider(
        lien_de(boite, "eau@example.org", "/suites/repondre/"),
        etat="suivie",
        nom="Hélène Arnoux",
        texte_public="La part perdue est publiée par commune.",
    )
    reponse = suite.reponses.get()

    bureau.valider(reverse("suites:retenir", args=[reponse.pk]))
    suite.refresh_from_db()
    avis.refresh_from_db()
    assert suite.etat == "suivie"
    assert avis.etat == Etat.REPONDU
