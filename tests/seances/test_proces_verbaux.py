"""The procès-verbal: its data, its text by several hands, its life from draft to correction, who reads what."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.seances.actions import deroule, documents_pv
from participation.seances.actions import proces_verbaux as actions
from participation.seances.lectures import minutes
from participation.seances.models import (
    Convie,
    Emargement,
    EntreeSeance,
    Membre,
    Point,
    PointDossier,
    ProcesVerbal,
    Profil,
    VersionPV,
)
from participation.seances.workflow import EtatPoint, EtatPV
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Document
from participation.socle.versions import TexteDepasse
from participation.socle.workflow import Role
from tests.outils import constant_queries, ensemble
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import PointFactory, SeanceFactory
from tests.seances.seance_tenue import convier, seance_tenue, venir, voter
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(role=Role.AGENT)


@pytest.fixture
def seance():
    return seance_tenue()


@pytest.fixture
def pv(seance, agent):
    return actions.rediger_pv(seance, par=agent)


@pytest.fixture
def soumis(pv, agent):
    actions.soumettre_pv(pv, par=agent)
    return pv


@pytest.fixture
def approuve(soumis, agent):
    actions.approuver_pv(soumis, par=agent)
    return soumis


def membre_convoque(seance, nom="Bruno Habitant"):
    return next(c for c in seance.convies.select_related("membre__compte") if str(c) == nom).membre.compte


def lettres(acte):
    return Courriel.objects.filter(acte=f"seances/{acte}")


# The data


def personnes(releve):
    return {p["nom"]: p for college in releve["presence"] for p in college["personnes"]}


def test_the_data_say_who_was_there_when_and_how(seance):
    trouvees = personnes(minutes.donnees(seance))

    assert {nom: p["statut"] for nom, p in trouvees.items()} == {
        "Alice Présidente": "present",
        "Bruno Habitant": "present",
        "Chloé Distante": "present",
        "David Mandant": "represente",
        "Emma Excusée": "excuse",
        "Farid Absent": "absent",
        "Gaël Titulaire": "supplee",
        "Hugo Suppléant": "present",
    }
    assert len(trouvees["Bruno Habitant"]["intervalles"]) == 2
    assert trouvees["Bruno Habitant"]["pouvoirs_de"] == ["David Mandant"]
    assert trouvees["Chloé Distante"]["intervalles"][0]["mode"] == "à distance"
    assert trouvees["Gaël Titulaire"]["supplee_par"] == "Hugo Suppléant"


def test_a_pouvoir_given_to_somebody_who_did_not_come_is_an_absence(seance):
    convie = seance.convies.get(membre__compte__nom="Mandant")
    convie.pouvoir_a = seance.convies.get(membre__compte__nom="Absent")
    convie.save()

    assert personnes(minutes.donnees(seance))["David Mandant"]["statut"] == "excuse"


def test_the_data_hold_quorum_pauses_votes_decisions_and_dissent(seance):
    releve = minutes.donnees(seance)

    assert releve["quorum"]["atteint"] == 5
    assert len(releve["interruptions"]) == 1
    eau, petitions, _, divers = releve["points"]
    (vote,) = eau["votes"]
    assert vote["total"] == {"pour": 3, "contre": 1, "abstention": 0, "nppv": 0}
    assert {"nom": "Chloé Distante", "sens": "contre"} in vote["nominatif"]
    assert eau["deports"] == [{"nom": "Hugo Suppléant", "motif": "administrateur de la régie"}]
    assert eau["desaccords"][0]["nom"] == "Chloé Distante"
    assert petitions["dossiers"][0]["decision"] == "Recevable"
    assert petitions["est_tardif"]
    assert divers["motif"] == "faute de temps"
    assert json.loads(json.dumps(releve)) == releve


def test_a_vote_says_its_quorum_in_one_sentence(seance):
    lecture = minutes.presenter(minutes.donnees(seance), {})
    regles = [vote["regle"] for point in lecture["points"] for vote in point["votes"]]

    assert any("Quorum atteint : 5 sur 4 nécessaires." in regle for regle in regles), regles
    assert not any("Quorum : atteint" in regle for regle in regles)


def test_the_data_name_nobody_by_an_address(seance):
    compte = membre_convoque(seance)
    compte.prenom = compte.nom = ""
    compte.save()

    assert compte.courriel not in json.dumps(minutes.donnees(seance))


def test_the_data_say_the_commune_of_nobody_who_did_not_agree(seance):
    compte = membre_convoque(seance)
    compte.sieges.update(commune=commune("Vif"), organisme="")
    assert "Vif" not in json.dumps(minutes.donnees(seance))

    Profil.objects.update_or_create(compte=compte, defaults={"publie_commune": True})
    assert "Vif" in json.dumps(minutes.donnees(seance))


def test_a_secret_ballot_names_nobody(seance):
    point = seance.points.first()
    voter(point, "Élection", {"Bruno Habitant": "pour"}, forme="secret")

    (_, secret) = minutes.donnees(seance)["points"][0]["votes"]

    assert secret["total"]["pour"] == 1
    assert secret["nominatif"] == []


def test_the_data_cost_the_same_queries_whatever_the_size(seance):
    def compter():
        with CaptureQueriesContext(connection) as contexte:
            minutes.donnees(seance)
        return len(contexte)

    avant = compter()
    for i in range(6):
        venir(convier(seance, f"Nom{i} Autre{i}", f"Collège {i % 2}"))
        point = PointFactory(seance=seance, etat=EtatPoint.TRAITE)
        PointDossier.objects.create(point=point, dossier=PetitionFactory(deposee=True))
        voter(point, "Avis", {f"Nom{i} Autre{i}": "pour"})

    assert compter() == avant


# The text


@pytest.mark.parametrize(
    ("saisi", "garde"),
    [
        ("<p>Bonjour</p><script>alert(1)</script>", "<p>Bonjour</p>"),
        ('<p style="color:red" onclick="x()" class="a">Bonjour</p>', "<p>Bonjour</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="http://exemple.fr">a</a></p>', "<p><a>a</a></p>"),
        (
            '<p><a href="https://exemple.fr" target="_blank">a</a></p>',
            '<p><a href="https://exemple.fr">a</a></p>',
        ),
        ("<h1>Titre</h1><p>a</p>", "Titre<p>a</p>"),
        ("<p>a</p><p><br></p><p> </p>", "<p>a</p>"),
        ("Un.\n\nDeux,\ntrois.", "<p>Un.</p><p>Deux,<br>trois.</p>"),
        ("", ""),
    ],
)
def test_what_is_typed_is_cleaned(saisi, garde):
    assert minutes.nettoyer(saisi) == garde
    assert minutes.nettoyer(garde) == garde


def test_the_first_text_is_what_was_noted_in_seance(seance, pv):
    eau = seance.points.first()

    assert pv.texte[str(eau.pk)] == (
        "<p>Mme Présidente présente le rapport.</p><p>M. Habitant demande &lt;le détail&gt; des fuites.</p>"
    )


def test_a_proces_verbal_is_written_once_and_only_after_the_seance(seance, agent):
    assert actions.rediger_pv(seance, par=agent) == actions.rediger_pv(seance, par=agent)
    assert EntreeSeance.objects.filter(acte="rediger_pv").count() == 1
    with pytest.raises(ActeInterdit):
        actions.rediger_pv(SeanceFactory(ouverte=True), par=agent)
    with pytest.raises(RoleInsuffisant):
        actions.rediger_pv(seance, par=CompteFactory())


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_proces_verbal():
    seance, agent = seance_tenue(), CompteFactory(role=Role.AGENT)

    def cliquer():
        lue = type(seance).objects.get(pk=seance.pk)
        return lambda: actions.rediger_pv(lue, par=agent)

    assert ensemble(cliquer(), cliquer()) == ["fait", "fait"]
    assert ProcesVerbal.objects.count() == 1


def test_two_agents_write_two_parts_at_once_and_both_are_kept(pv, agent):
    vus = {cle: actions.empreinte_partie(pv, cle) for cle in pv.texte}
    lu = dict(pv.texte)

    actions.ecrire_pv(pv, par=agent, texte={**lu, "ouverture": "<p>Un.</p>"}, vus=vus)
    actions.ecrire_pv(pv, par=agent, texte={**lu, "fin": "<p>Deux.</p>"}, vus=vus)

    assert (pv.texte["ouverture"], pv.texte["fin"]) == ("<p>Un.</p>", "<p>Deux.</p>")


def test_the_same_part_written_twice_is_refused_and_shows_both(pv, agent):
    vus = {"fin": actions.empreinte_partie(pv, "fin")}
    actions.ecrire_pv(pv, par=agent, texte={"fin": "<p>Un.</p>"}, vus=vus)

    with pytest.raises(TexteDepasse) as refus:
        actions.ecrire_pv(pv, par=agent, texte={"fin": "<p>Deux.</p>"}, vus=vus)

    assert "« Un. »" in refus.value.message_dict["partie_fin"][0]
    pv.refresh_from_db()
    assert pv.texte["fin"] == "<p>Un.</p>"


def test_in_the_page_a_second_window_keeps_what_was_typed_and_may_send_it_again(pv, agent, client):
    client.force_login(agent)
    url = reverse("seances:ecrire_pv", args=[pv.seance_id])
    form = client.get(url).context["form"]
    saisie = {nom: form[nom].value() or "" for nom in form.fields} | {"partie_fin": "<p>Ma fin.</p>"}
    actions.ecrire_pv(pv, par=agent, texte={"fin": "<p>Son mot.</p>"})

    page = client.post(url, saisie)

    assert page.status_code == 200
    html = page.content.decode()
    assert "Ma fin." in html
    assert "Son mot." in html
    saisie["vu_fin"] = page.context["form"]["vu_fin"].value()
    assert client.post(url, saisie).status_code == 302
    pv.refresh_from_db()
    assert pv.texte["fin"] == "<p>Ma fin.</p>"


def test_the_data_cannot_be_written_over(pv, agent):
    actions.ecrire_pv(pv, par=agent, texte={"presence": "<p>Tous présents.</p>", "999999": "<p>x</p>"})

    assert set(pv.texte) == {"ouverture", "fin", *(str(p.pk) for p in pv.seance.points.all())}


# Its life


def test_submitting_freezes_a_version_asks_for_its_pdf_and_writes_to_all_convened(pv, agent):
    version = actions.soumettre_pv(pv, par=agent)

    assert (pv.etat, version.numero) == (EtatPV.SOUMIS, 1)
    assert version.texte == pv.texte
    assert version.document is not None
    assert not version.document.est_public
    assert pv.feuille is not None
    assert lettres("soumettre_pv").count() == pv.seance.convies.count()
    assert reverse("seances:lire_proces_verbal", args=[pv.seance_id]) in lettres("soumettre_pv").first().corps
    with pytest.raises(ActeInterdit):
        actions.soumettre_pv(pv, par=agent)


def test_after_remarks_it_is_submitted_again(soumis, agent):
    actions.ecrire_pv(soumis, par=agent, texte={"fin": "<p>Ajout.</p>"})

    version = actions.soumettre_pv(soumis, par=agent)

    assert version.numero == 2
    assert soumis.versions.last().texte["fin"] == ""


def test_what_was_not_submitted_cannot_be_approved(pv, agent):
    with pytest.raises(ActeInterdit):
        actions.approuver_pv(pv, par=agent)
    actions.soumettre_pv(pv, par=agent)
    actions.ecrire_pv(pv, par=agent, texte={"fin": "<p>En douce.</p>"})
    with pytest.raises(ErreurMetier):
        actions.approuver_pv(pv, par=agent)


def test_it_is_approved_at_a_point_of_a_later_seance_that_the_page_proposes(soumis, agent, client):
    suivante = SeanceFactory(levee=True, mandature=soumis.seance.mandature, titre="Séance suivante")
    point = PointFactory(seance=suivante, nature=Point.Nature.APPROBATION, pv_de=soumis.seance)
    voter(point, "Approuver le procès-verbal", {}, resultat="adopte")
    client.force_login(agent)
    page = client.get(reverse("seances:proces_verbal", args=[soumis.seance_id]))
    assert "« Séance suivante »" in page.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")

    client.post(
        reverse("seances:approuver_pv", args=[soumis.seance_id]), {"point": point.pk, "est_publie": "on"}
    )

    soumis.refresh_from_db()
    assert (soumis.etat, soumis.approuve_a, soumis.est_publie) == (EtatPV.APPROUVE, point, True)
    with pytest.raises(ActeInterdit):
        actions.approuver_pv(soumis, par=agent)


def test_it_is_read_and_approved_without_leaving_the_seance(soumis, agent, client):
    suivante = SeanceFactory(ouverte=True, mandature=soumis.seance.mandature)
    point = PointFactory(seance=suivante, nature=Point.Nature.APPROBATION, pv_de=soumis.seance)
    deroule.passer_au_point(point, par=agent)
    client.force_login(agent)
    animer = reverse("seances:animer", args=[suivante.pk])
    ecran = client.get(animer).content.decode()
    (adresse,) = re.findall(r'href="([^"]*/approuver-pv/[^"]*|[^"]*/approuver/[^"]*)"', ecran)

    assert reverse("seances:lire_proces_verbal", args=[soumis.seance_id]) in ecran
    assert f'value="{point.pk}" selected' in client.get(unescape(adresse)).content.decode()
    reponse = client.post(unescape(adresse), {"point": point.pk})

    assert reponse.url == animer
    soumis.refresh_from_db()
    assert (soumis.etat, soumis.approuve_a) == (EtatPV.APPROUVE, point)
    assert "Approuver le procès-verbal" not in client.get(animer).content.decode()


def test_a_point_about_another_seance_approves_nothing(soumis, agent):
    autre = SeanceFactory(levee=True)
    point = PointFactory(seance=autre, nature=Point.Nature.APPROBATION, pv_de=autre)

    with pytest.raises(ErreurMetier):
        actions.approuver_pv(soumis, par=agent, point=point)


def test_an_approved_pdf_is_frozen_once_made_and_only_then(soumis, agent, monkeypatch):
    from participation.socle.actions import documents

    monkeypatch.setattr(documents, "fabriquer_pdf", lambda html, pieces: b"%PDF-1.7 " + html.encode())
    fabriquer_document(soumis.derniere.document_id)
    assert documents_pv.figer_proces_verbaux() == 0  # submitted only

    actions.approuver_pv(soumis, par=agent)
    assert documents_pv.figer_proces_verbaux() == 0  # not made yet
    version = VersionPV.objects.get(proces_verbal=soumis)
    for numero in (version.document_id, version.document_public_id, soumis.feuille_id):
        fabriquer_document(numero)

    assert documents_pv.figer_proces_verbaux() == 3
    assert documents_pv.figer_proces_verbaux() == 0
    document = Document.objects.get(pk=version.document_id)
    assert document.fige_le is not None
    assert "approuvé le" in Path(document.fichier.path).read_text().replace("&nbsp;", " ")


def test_an_approved_text_changes_only_by_a_correction_with_its_reason(approuve, agent):
    with pytest.raises(ActeInterdit):
        actions.ecrire_pv(approuve, par=agent, texte={"fin": "<p>x</p>"})
    with pytest.raises(ErreurMetier):
        actions.corriger_pv(approuve, par=agent, texte={"fin": "<p>x</p>"}, motif=" ")
    with pytest.raises(ErreurMetier):
        actions.corriger_pv(approuve, par=agent, texte={}, motif="Rien à dire")

    version = actions.corriger_pv(approuve, par=agent, texte={"fin": "<p>x</p>"}, motif="Oubli d’une fin")

    assert (version.numero, version.motif) == (2, "Oubli d’une fin")
    premiere = approuve.versions.last()
    assert premiere.texte["fin"] == ""
    assert premiere.document_id != version.document_id
    assert "Oubli d’une fin" in lettres("corriger_pv").first().corps


def test_taken_off_the_site_neither_page_nor_pdf_is_public(approuve, agent, client):
    url = reverse("seances:lire_proces_verbal", args=[approuve.seance_id])
    assert client.get(url).status_code == 200

    actions.depublier_pv(approuve, par=agent)

    assert client.get(url).status_code == 302
    assert not Document.objects.publics().filter(nature=documents_pv.NATURE).exists()
    actions.publier_pv(approuve, par=agent)
    assert client.get(url).status_code == 200
    assert Document.objects.publics().filter(nature=documents_pv.NATURE).count() == 1


# Who reads what


def test_the_public_reads_nothing_of_the_closed_door_points(approuve, client):
    html = client.get(reverse("seances:lire_proces_verbal", args=[approuve.seance_id])).content.decode()

    assert "Rapport annuel" in html
    assert "Situation d’un usager" not in html
    assert "Untel" not in html
    version = approuve.versions.get()
    public = json.dumps(version.document_public.donnees, ensure_ascii=False)
    assert "Untel" not in public
    assert "Situation d’un usager" not in public
    assert "Untel" in json.dumps(version.document.donnees, ensure_ascii=False)
    assert (version.document.est_public, version.document_public.est_public) == (False, True)


def test_why_somebody_stepped_aside_is_read_by_members_and_never_published(approuve, client):
    """That she did is public; why is not hers to have published without being told."""
    page = client.get(reverse("seances:lire_proces_verbal", args=[approuve.seance_id])).content.decode()
    assert "Hugo Suppléant" in page
    assert "administrateur de la régie" not in page
    version = approuve.derniere
    publie = version.document_public
    assert publie is not None
    assert "administrateur de la régie" not in json.dumps(publie.donnees, ensure_ascii=False)
    assert "administrateur de la régie" in json.dumps(version.document.donnees, ensure_ascii=False)


def test_who_might_vote_and_gave_no_ballot_is_listed(seance):
    point = PointFactory(seance=seance, titre="Le tarif")
    vote = voter(point, "Le tarif", {"Alice Présidente": "pour"})
    presente = seance.convies.get(membre__compte__nom="Présidente")
    muet = seance.convies.get(membre__compte__nom="Habitant")
    vote.inscrits = {str(convie.pk): [convie.pk] for convie in (presente, muet)}
    vote.save(update_fields=["inscrits"])
    Emargement.objects.create(vote=vote, convie=presente, par=presente)

    lecture = minutes.presenter(minutes.donnees(seance), {})
    (lu,) = next(p for p in lecture["points"] if p["titre"] == "Le tarif")["votes"]
    assert ("N’a pas voté", str(muet.membre)) in lu["nominatif"]


def test_members_read_what_is_submitted_others_do_not(soumis, client):
    url = reverse("seances:lire_proces_verbal", args=[soumis.seance_id])
    assert client.get(url).status_code == 302  # to sign in
    client.force_login(CompteFactory())
    assert client.get(url).status_code == 404
    client.force_login(membre_convoque(soumis.seance))
    page = client.get(url)
    assert page.status_code == 200
    assert "Untel" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_version_never_approved_is_public_by_no_door(soumis, agent, client):
    rangee = soumis.versions.get()
    actions.ecrire_pv(soumis, par=agent, texte={"ouverture": "<p>Sans le mot de trop.</p>"})
    actions.soumettre_pv(soumis, par=agent)
    approuvee = actions.approuver_pv(soumis, par=agent)
    actions.depublier_pv(soumis, par=agent)
    actions.publier_pv(soumis, par=agent)
    for version in (rangee, approuvee):
        version.refresh_from_db()
        for document in filter(None, (version.document, version.document_public)):
            document.fichier.save("pv.pdf", ContentFile(b"%PDF-1.7"), save=False)
            document.etat, document.sha256 = Document.Etat.PRET, "0" * 64
            document.save()

    adresses = [reverse("seances:proces_verbal_document", args=[v.pk]) for v in (rangee, approuvee)]

    def statut(adresse):
        reponse = client.get(adresse)
        for _ in getattr(reponse, "streaming_content", ()):
            pass  # read to its end, its file is closed
        return reponse.status_code

    assert [statut(adresse) for adresse in adresses] == [302, 200]
    assert not Document.objects.publics().filter(version_pv=rangee).exists()
    assert not Document.objects.publics().filter(version_pv_publique=rangee).exists()
    page = client.get(reverse("seances:lire_proces_verbal", args=[soumis.seance_id])).content.decode()
    assert adresses[0] not in page
    client.force_login(membre_convoque(soumis.seance))  # she read it before it was approved
    assert statut(adresses[0]) == 200


def test_who_left_reads_only_what_she_attended(soumis, client):
    """Emma was absent, Bruno was there, Chloé left in mid-séance: the mandates of all three are over."""
    seance = soumis.seance
    hier = timezone.localdate() - timedelta(days=1)
    Membre.objects.filter(compte__nom__in=["Excusée", "Habitant", "Distante"]).update(au=hier)
    Convie.objects.filter(membre__compte__nom="Distante").update(
        retire_le=seance.ouverte_le + timedelta(minutes=30)
    )
    SeanceFactory(convoquee=True, mandature=seance.mandature, est_publique=True)
    url = reverse("seances:lire_proces_verbal", args=[seance.pk])
    lus = {}
    for nom in ("Emma Excusée", "Bruno Habitant", "Chloé Distante"):
        client.force_login(membre_convoque(seance, nom))
        page = client.get(url)
        lus[nom] = (page.status_code, "Untel" in page.content.decode())

    assert lus == {
        "Emma Excusée": (404, False),
        "Bruno Habitant": (200, True),
        "Chloé Distante": (200, False),
    }
    emma = client.get(
        reverse("seances:repondre", args=[seance.convies.get(membre__compte__nom="Excusée").jeton()])
    )
    assert "Situation d’un usager" not in emma.content.decode()
    client.force_login(membre_convoque(seance, "Emma Excusée"))
    page = client.get(reverse("seances:ma_seance", args=[seance.pk])).content.decode()
    assert "Rapport annuel" not in page
    assert seance.lien_visio not in page


def test_a_draft_is_read_by_no_member(pv, client):
    client.force_login(membre_convoque(pv.seance))

    assert client.get(reverse("seances:lire_proces_verbal", args=[pv.seance_id])).status_code == 404


def test_a_member_remarks_and_reads_what_was_done_of_it(soumis, agent, client):
    url = reverse("seances:lire_proces_verbal", args=[soumis.seance_id])
    client.force_login(membre_convoque(soumis.seance))
    client.post(url, {"texte": "Au point 1, j’ai dit le contraire."})
    remarque = soumis.remarques.get()

    client.force_login(agent)
    page = client.get(reverse("seances:proces_verbal", args=[soumis.seance_id]))
    assert "j’ai dit le contraire" in page.content.decode()
    client.post(reverse("seances:traiter_remarque", args=[remarque.pk]), {"reponse": "Corrigé au point 1"})

    client.force_login(membre_convoque(soumis.seance))
    assert "Corrigé au point 1" in client.get(url).content.decode()
    with pytest.raises(RoleInsuffisant):
        actions.remarquer_pv(soumis, par=CompteFactory(), texte="De l’extérieur")
    with pytest.raises(ActeInterdit):
        actions.traiter_remarque(remarque, par=agent, reponse="Deux fois")


def test_once_approved_no_remark_is_taken(approuve):
    with pytest.raises(ActeInterdit):
        actions.remarquer_pv(approuve, par=membre_convoque(approuve.seance), texte="Trop tard")


def test_an_instance_that_is_not_public_publishes_nothing_by_default(agent):
    seance = seance_tenue(cle="interne")
    seance.instance.est_publique = False
    seance.instance.save()
    pv = actions.rediger_pv(seance, par=agent)
    actions.soumettre_pv(pv, par=agent)

    actions.approuver_pv(pv, par=agent)

    assert not pv.est_publie
    assert not Document.objects.publics().exists()


def test_the_list_of_an_instance_costs_the_same_for_one_or_ten(client, agent):
    def fabriquer():
        pv = actions.rediger_pv(seance_tenue(), par=agent)
        actions.soumettre_pv(pv, par=agent)
        actions.approuver_pv(pv, par=agent)

    constant_queries(client, reverse("seances:proces_verbaux", args=["essai"]), fabriquer, lignes=4)


def test_the_pages_of_the_agent_are_seen_in_each_etat(client, agent, seance):
    client.force_login(agent)
    page = reverse("seances:proces_verbal", args=[seance.pk])
    assert "pas commencé" in client.get(page).content.decode()
    client.post(reverse("seances:rediger_pv", args=[seance.pk]))
    assert "Soumettre aux membres" in client.get(page).content.decode()
    client.post(reverse("seances:soumettre_pv", args=[seance.pk]))
    assert "Noter l’approbation" in client.get(page).content.decode()
    client.post(reverse("seances:approuver_pv", args=[seance.pk]), {"est_publie": "on"})
    assert "Retirer du site" in client.get(page).content.decode()
    assert client.get(reverse("seances:corriger_pv", args=[seance.pk])).status_code == 200
    assert client.get(reverse("seances:soumettre_pv", args=[seance.pk])).status_code == 409
    assert client.get(reverse("seances:ecrire_pv", args=[seance.pk])).status_code == 409


def test_the_attendance_sheet_is_made_before_the_seance_without_saying_who_is_absent(agent, client):
    seance = SeanceFactory(convoquee=True, debut=timezone.now() + timedelta(days=3))
    convier(seance, "Bruno Habitant")
    client.force_login(agent)

    client.post(reverse("seances:fabriquer_feuille", args=[seance.pk]))

    feuille = Document.objects.get(nature=documents_pv.NATURE_FEUILLE).donnees["feuille"]
    assert not feuille["est_tenue"]
    assert feuille["totaux"] == ""
    assert feuille["colleges"][0]["personnes"][0]["nom"] == "Bruno Habitant"
