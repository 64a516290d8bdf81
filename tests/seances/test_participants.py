"""Bureaux, working groups, guests, copied agendas, clashes of dates, signature of the convocation."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ccspl.models import ReunionDuConseil
from participation.seances import fiche as participants
from participation.seances.calendrier.lectures import seances_de
from participation.seances.convocation import actes as convocation
from participation.seances.convocation import envois
from participation.seances.convocation.lectures import conflits
from participation.seances.ecrans import tenue
from participation.seances.models import Convie, ProcesVerbal, Seance
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.proces_verbaux import mise_en_page
from participation.seances.proces_verbaux import releve as proces_verbaux_releve
from participation.seances.proces_verbaux.actes import dire_approbation, dire_soumission
from participation.seances.votes import actes as votes
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Courrier, Document
from tests.outils import lire, pdf_rapides
from tests.seances.factories import (
    CollegeFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    SeanceFactory,
    relire,
)
from tests.seances.salle import convies, ouvrir, page, point_en_cours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rapide(monkeypatch):
    pdf_rapides(monkeypatch)


@pytest.fixture
def bureau():
    college = CollegeFactory()
    MembreFactory(college=college, president=True)
    MembreFactory.create_batch(3, college=college)
    seance = SeanceFactory(mandature=college.mandature, nature=Seance.Nature.BUREAU)
    PointFactory(seance=seance, titre="Rapport de l’eau")
    return seance


def convoquer(seance, agent, **champs):
    envoi = convocation.convoquer(relire(seance), par=agent, **champs)
    assert envois.envoyer_convocation(envoi.pk)
    return relire(seance)


def test_of_a_bureau_only_those_chosen_are_convened(bureau, agent):
    choisis = bureau.membres_a_convoquer()[:2]
    participants.choisir_participants(bureau, par=agent, membres=choisis)

    convoquer(bureau, agent)

    assert {c.membre for c in Convie.objects.filter(seance=bureau)} == set(choisis)
    assert relire(bureau).membres_oublies() == []
    pleniere = SeanceFactory(mandature=bureau.mandature)
    with pytest.raises(ErreurMetier, match="Tous les membres"):
        participants.choisir_participants(pleniere, par=agent, membres=choisis)


def test_a_guest_is_invited_told_of_the_move_counted_present_and_named_without_a_voice(bureau, agent):
    secret = PointFactory(seance=bureau, titre="Cas personnel", est_confidentiel=True)
    invite = participants.inviter(
        bureau, par=agent, nom="Nora Ouali", qualite="direction de l’eau", courriel="nora@example.org",
        point=bureau.points.exclude(pk=secret.pk).get(),
    )  # fmt: skip
    assert not Courriel.objects.filter(destinataires=["nora@example.org"]).exists(), (
        "with the members, not before"
    )
    seance = convoquer(bureau, agent)

    lettre = Courriel.objects.get(acte="seances/inviter")
    assert "Rapport de l’eau" in lettre.corps
    assert "Cas personnel" not in lettre.corps
    (agenda,) = lettre.pieces.all()
    assert b"METHOD:REQUEST" in bytes(agenda.contenu)
    assert not Convie.objects.filter(membre__compte__courriel="nora@example.org").exists()
    debut = seance.debut + timedelta(days=7)
    envoi = convocation.deplacer(
        seance, par=agent, motif="Salle prise", debut=debut, fin=debut + timedelta(hours=2)
    )
    envois.envoyer_convocation(envoi.pk)
    assert Courriel.objects.filter(acte="seances/inviter").count() == 2

    Seance.objects.filter(pk=seance.pk).update(etat="ouverte")
    invite.refresh_from_db()
    participants.noter_invite(invite, par=agent, est_venu=True)
    releve = proces_verbaux_releve.donnees(seance)
    assert releve["invites"] == ["Nora Ouali, direction de l’eau"]
    assert ("Personnes invitées, sans voix", "Nora Ouali, direction de l’eau") in mise_en_page.presenter(
        releve, {}
    )["reperes"]


def test_a_guest_without_a_mailbox_is_invited_by_post_and_a_letter_not_posted_is_withdrawn(bureau, agent):
    fait = {"nom": "Ali Benyahia", "adresse_postale": "4 quai Perrière, 38000 Grenoble"}
    seance = convoquer(bureau, agent)
    invite, prevenu = (participants.inviter(seance, par=agent, **fait) for _ in range(2))

    lettre, postee = Courrier.objects.filter(seance=seance).order_by("pk")
    donnees = lettre.document.donnees
    assert donnees["destinataire"] == ["Ali Benyahia", "4 quai Perrière", "38000 Grenoble"]
    assert "Rapport de l’eau" in donnees["corps"]
    assert "agenda" not in donnees["corps"]
    Courrier.objects.filter(pk=postee.pk).update(date_postee=timezone.localdate())
    participants.desinviter(invite, par=agent)
    participants.desinviter(prevenu, par=agent)

    lettre.refresh_from_db()
    assert not lettre.est_a_poster
    assert [c.lettre for c in Courrier.objects.a_poster()] == ["seances/desinviter"]


def test_the_convocation_bears_the_chair_and_her_word_and_a_copy_goes_to_the_secretariat(bureau, agent):
    presidente = bureau.membres_a_convoquer()
    presidente = next(m for m in presidente if m.fonction == "president")
    presidente.copie_a = "cabinet@example.org"
    presidente.save()

    convoquer(bureau, agent, mot="J’espère vous voir nombreux.")

    sienne = Courriel.objects.get(acte="seances/convoquer", destinataires=[presidente.compte.courriel])
    assert f"{presidente.compte.get_full_name()} vous convoque" in sienne.corps
    assert "J’espère vous voir nombreux." in sienne.corps
    copie = Courriel.objects.get(acte="seances/copier")
    assert copie.destinataires == ["cabinet@example.org"]
    assert "/repondre/" not in copie.corps
    photo = bureau.convocations.get().document.donnees
    assert (photo["mot"], photo["presidence"]) == (
        "J’espère vous voir nombreux.", presidente.compte.get_full_name(),
    )  # fmt: skip


def test_a_guest_is_welcomed_on_the_screen_of_who_runs_the_seance(client, bureau, agent):
    seance = convoquer(bureau, agent)
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte")
    invite = participants.inviter(relire(seance), par=agent, nom="Nora Ouali", qualite="Régie", courriel="")
    client.force_login(agent)
    animer, noter = (
        reverse("seances:animer", args=[seance.pk]),
        reverse("seances:noter_invite", args=[invite.pk]),
    )
    version = relire(seance).version
    assert "Nora Ouali" in client.get(animer).content.decode()

    sans_script = client.post(noter, {"est_venu": "oui", "retour": animer})
    avec = [client.post(noter, {"est_venu": "oui"}, headers={"HX-Request": "true"}) for _ in range(2)]

    assert sans_script.url == animer
    assert "Présence notée" in avec[-1].content.decode()
    assert 'id="r-presences"' in avec[-1].content.decode()
    invite.refresh_from_db()
    assert invite.est_venu
    assert seance.journal.filter(acte="noter_invite").count() == 1, "said three times, written once"
    assert relire(seance).version == version + 1, "the other screens are told"
    client.post(noter, {"est_venu": "non"}, headers={"HX-Request": "true"})
    assert proces_verbaux_releve.donnees(relire(seance))["invites"] == []


def test_a_reunion_of_who_has_a_seat_offers_no_vote_to_anybody(client, agent, seance):
    Seance.objects.filter(pk=seance.pk).update(nature="reunion")
    seance = relire(seance)
    membre, *_ = convies(seance, 4)
    point = point_en_cours(seance, agent)
    animer = lire(page(client, agent, "animer", seance.pk))
    siens = lire(page(client, membre.membre.compte, "ma_seance_en_cours", seance.pk))
    assert str(point) in animer
    assert str(point) in siens
    for dit in ("Mettre au vote", "Ouvrir une élection", "bulletin secret"):
        assert dit not in animer
        assert dit not in siens
    for acte in (
        lambda: ouvrir(point, agent),
        lambda: votes.demander_le_secret(membre, point, par=membre.membre.compte),
    ):
        with pytest.raises(ActeInterdit, match="Une réunion ne vote pas"):
            acte()


def test_where_nobody_has_a_seat_guests_meet_without_quorum_nor_vote(client, bureau, agent):
    mandature = MandatureFactory(
        instance=bureau.instance, intitule="1990", debut=date(1990, 1, 1), fin=date(1999, 12, 31)
    )
    maintenant = timezone.now()
    seance = SeanceFactory(
        mandature=mandature, reglement=bureau.reglement, nature="reunion", etat="convoquee",
        debut=maintenant - timedelta(minutes=1), fin=maintenant + timedelta(hours=1),
    )  # fmt: skip
    invite, _ = (participants.inviter(seance, par=agent, nom=nom) for nom in ("Nora Ouali", "Luc Sol"))
    client.force_login(agent)
    animer = reverse("seances:animer", args=[seance.pk])
    avant = client.get(animer).content.decode()
    assert "sans quorum ni vote" in avant
    assert "nécessaire" not in avant
    assert "Ouvrir sans délibérer" not in avant

    client.post(reverse("seances:noter_invite", args=[invite.pk]), {"est_venu": "oui"})
    client.post(reverse("seances:ouvrir", args=[seance.pk]), {"secretaire": ""})
    seance = relire(seance)
    assert seance.etat == "ouverte"
    assert not seance.journal.get(acte="ouvrir").motif
    ouvert = client.get(animer).content.decode().replace("\xa0", " ")
    assert "1 personne présente sur 2 invitées." in ouvert
    assert "Mettre au vote" not in ouvert
    assert "Présidence" not in ouvert
    client.post(reverse("seances:fabriquer_feuille", args=[seance.pk]))
    feuille = Document.objects.get(nature="seances/feuille_presence")
    assert feuille.donnees["feuille"]["invites"] == ["Luc Sol", "Nora Ouali"]
    assert feuille.donnees["feuille"]["venus"] == [invite.dite]
    assert "aucune lettre ne part" in dire_soumission(ProcesVerbal(seance=seance))
    assert fabriquer_document(feuille.pk)
    pv = ProcesVerbal.objects.create(seance=seance)
    for etat in ("brouillon", "soumis"):
        ProcesVerbal.objects.filter(pk=pv.pk).update(etat=etat)
        lu = client.get(reverse("seances:proces_verbal", args=[seance.pk])).content.decode()
        contenu = lu.partition("<main")[2].partition("</main>")[0]
        assert "aucun" in contenu
        assert "membres" not in contenu
    assert "membres" not in dire_approbation(pv)
    assert (
        "Approuvé au point"
        not in client.get(reverse("seances:approuver_pv", args=[seance.pk])).content.decode()
    )
    with pytest.raises(ErreurMetier, match="n’a pas à être reportée"):
        tenue.reporter(seance, par=agent)
    point = PointFactory(seance=seance, etat="en_cours")
    with pytest.raises(ActeInterdit, match="Une réunion ne vote pas"):
        votes.ouvrir_vote(point, par=agent, objet="Le lieu", forme="main_levee")
    lu = mise_en_page.presenter(proces_verbaux_releve.donnees(relire(seance)), {})
    assert (lu["totaux"], lu["phrase_quorum"]) == ("1 personne invitée présente.", "")


def test_nobody_is_noted_present_days_before(bureau, agent):
    seance = convoquer(bureau, agent)
    invite = participants.inviter(seance, par=agent, nom="Nora Ouali", qualite="", courriel="")
    with pytest.raises(ErreurMetier, match="ce jour-là"):
        participants.noter_invite(invite, par=agent, est_venu=True)


def test_two_who_share_the_chair_convene_together_and_a_chair_convenes_alone(bureau, agent):
    college = CollegeFactory(mandature=bureau.mandature)
    for nom in ("Arnaud", "Bel"):
        MembreFactory(college=college, fonction="copresident", compte__prenom="Odile", compte__nom=nom)
    presidente = next(
        m for m in bureau.membres_a_convoquer() if m.fonction == "president"
    ).compte.get_full_name()
    partage = SeanceFactory(mandature=MandatureFactory(instance=InstanceFactory(cle="partage")))
    autre = CollegeFactory(mandature=partage.mandature)
    for nom in ("Arnaud", "Bel"):
        MembreFactory(college=autre, fonction="copresident", compte__prenom="Odile", compte__nom=nom)
    PointFactory(seance=partage)

    convoquer(bureau, agent)
    convoquer(partage, agent)

    lettres = {
        c.corps.split(" de l’instance")[0].split("\n")[-1]
        for c in Courriel.objects.filter(acte="seances/convoquer")
    }
    assert lettres == {
        f"{presidente} vous convoque au bureau",
        "Odile Arnaud et Odile Bel vous convoquent à la séance plénière",
    }


def test_a_guest_is_invited_to_the_bureau(bureau, agent):
    participants.inviter(bureau, par=agent, nom="Nora Ouali", qualite="Régie", courriel="nora@example.org")

    convoquer(bureau, agent)

    assert "Nous vous invitons au bureau de l’instance" in Courriel.objects.get(acte="seances/inviter").corps


def test_an_agenda_is_taken_from_another_seance_or_from_the_model(bureau, agent):
    nouvelle = SeanceFactory(mandature=bureau.mandature)
    with pytest.raises(ValidationError):
        ordre_du_jour.copier_ordre_du_jour(nouvelle, par=agent)
    ordre_du_jour.copier_ordre_du_jour(nouvelle, par=agent, source=bureau)
    nouvelle.instance.ordre_du_jour_type = "Approbation du procès-verbal\nQuestions diverses\n"
    nouvelle.instance.save()
    ordre_du_jour.copier_ordre_du_jour(relire(nouvelle), par=agent)

    assert list(nouvelle.points.order_by("ordre").values_list("titre", flat=True)) == [
        "Rapport de l’eau", "Approbation du procès-verbal", "Questions diverses",
    ]  # fmt: skip


def test_a_clash_of_days_is_said_to_who_prepares(client, bureau, agent):
    """Another séance of the same person, or a council."""
    commun = bureau.membres_a_convoquer()[0]
    ailleurs = MandatureFactory(instance=InstanceFactory(cle="autre"))
    MembreFactory(college=CollegeFactory(mandature=ailleurs), compte=commun.compte)
    SeanceFactory(mandature=ailleurs, titre="Comité du même jour", debut=bureau.debut)
    SeanceFactory(mandature=ailleurs, titre="Un autre jour", debut=bureau.debut + timedelta(days=3))
    (dit,) = conflits(bureau)
    assert "Comité du même jour" in dit
    assert "1" in dit
    Seance.objects.filter(titre="Comité du même jour").update(titre=ailleurs.instance.sigle)
    assert conflits(bureau)[0].count(ailleurs.instance.sigle) == 1, "Its name is said once."
    Seance.objects.filter(titre=ailleurs.instance.sigle).update(titre="Comité du même jour")
    ReunionDuConseil.objects.create(intitule="Conseil de printemps", date=timezone.localdate(bureau.debut))
    client.force_login(agent)
    for nom in ("seance", "convoquer"):
        page = client.get(reverse(f"seances:{nom}", args=[bureau.pk])).content.decode()
        assert "Comité du même jour" in page
        assert "Conseil de printemps" in page


def test_a_bureau_is_in_the_calendar_of_who_was_chosen_alone(client):
    choisi, autre = MembreFactory(), MembreFactory()
    bureau = SeanceFactory(mandature=choisi.college.mandature, nature="bureau")
    bureau.participants.add(choisi)

    assert bureau in seances_de(choisi.compte)
    assert bureau not in seances_de(autre.compte)
    client.force_login(autre.compte)
    adresse = reverse("seances:ma_seance", args=[bureau.pk])
    assert "vous n’avez pas à y venir" in client.get(adresse).text
    instance = reverse("seances:mon_instance", args=[bureau.instance.cle])
    assert adresse not in client.get(instance).text
    client.force_login(choisi.compte)
    assert adresse in client.get(instance).text
