"""A procès-verbal written by several agents, from draft to correction."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import EntreeSeance, Point, ProcesVerbal, Seance, VersionPV
from participation.seances.points import actes as points
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.seances.proces_verbaux import documents as documents_pv
from participation.seances.vitrine import section_journee
from participation.seances.workflow import EtatPV
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Document
from participation.socle.regles.versions import TexteDepasse
from participation.socle.workflow import Role
from tests.outils import constant_queries, ensemble, pdf_rapides, taches_du_jour
from tests.seances.factories import PointFactory, SeanceFactory
from tests.seances.seance_tenue import convier, seance_tenue, voter
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def lettres(acte):
    return Courriel.objects.filter(acte=f"seances/{acte}")


def test_the_first_text_is_what_was_noted_in_seance(tenue, pv):
    eau = tenue.points.first()

    assert pv.texte[str(eau.pk)] == (
        "<p>Mme Présidente présente le rapport.</p><p>M. Habitant demande &lt;le détail&gt; des fuites.</p>"
    )


def test_a_proces_verbal_is_written_once_and_only_after_the_seance(tenue, agent):
    assert proces_verbaux.rediger_pv(tenue, par=agent) == proces_verbaux.rediger_pv(tenue, par=agent)
    assert EntreeSeance.objects.filter(acte="rediger_pv").count() == 1
    with pytest.raises(ActeInterdit):
        proces_verbaux.rediger_pv(SeanceFactory(ouverte=True), par=agent)
    with pytest.raises(RoleInsuffisant):
        proces_verbaux.rediger_pv(tenue, par=CompteFactory())


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_proces_verbal():
    seance, agent = seance_tenue(), CompteFactory(role=Role.AGENT)

    def cliquer():
        lue = type(seance).objects.get(pk=seance.pk)
        return lambda: proces_verbaux.rediger_pv(lue, par=agent)

    assert ensemble(cliquer(), cliquer()) == ["fait", "fait"]
    assert ProcesVerbal.objects.count() == 1


def test_two_agents_write_two_parts_at_once_and_both_are_kept(pv, agent):
    vus = {cle: proces_verbaux.empreinte_partie(pv, cle) for cle in pv.texte}
    lu = dict(pv.texte)

    proces_verbaux.ecrire_pv(pv, par=agent, texte={**lu, "ouverture": "<p>Un.</p>"}, vus=vus)
    proces_verbaux.ecrire_pv(pv, par=agent, texte={**lu, "fin": "<p>Deux.</p>"}, vus=vus)

    assert (pv.texte["ouverture"], pv.texte["fin"]) == ("<p>Un.</p>", "<p>Deux.</p>")


def test_the_same_part_written_twice_is_refused_and_shows_both(pv, agent):
    vus = {"fin": proces_verbaux.empreinte_partie(pv, "fin")}
    proces_verbaux.ecrire_pv(pv, par=agent, texte={"fin": "<p>Un.</p>"}, vus=vus)

    with pytest.raises(TexteDepasse) as refus:
        proces_verbaux.ecrire_pv(pv, par=agent, texte={"fin": "<p>Deux.</p>"}, vus=vus)

    assert "« Un. »" in refus.value.message_dict["partie_fin"][0]
    pv.refresh_from_db()
    assert pv.texte["fin"] == "<p>Un.</p>"


def test_in_the_page_a_second_window_keeps_what_was_typed_and_may_send_it_again(pv, agent, client):
    client.force_login(agent)
    url = reverse("seances:ecrire_pv", args=[pv.seance_id])
    form = client.get(url).context["form"]
    saisie = {nom: form[nom].value() or "" for nom in form.fields} | {"partie_fin": "<p>Ma fin.</p>"}
    proces_verbaux.ecrire_pv(pv, par=agent, texte={"fin": "<p>Son mot.</p>"})

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
    proces_verbaux.ecrire_pv(pv, par=agent, texte={"presence": "<p>Tous présents.</p>", "999999": "<p>x</p>"})

    assert set(pv.texte) == {"ouverture", "fin", *(str(p.pk) for p in pv.seance.points.all())}


# Life cycle


def test_submitting_freezes_a_version_asks_for_its_pdf_and_writes_to_all_convened(pv, agent):
    version = proces_verbaux.soumettre_pv(pv, par=agent)

    assert (pv.etat, version.numero) == (EtatPV.SOUMIS, 1)
    assert version.texte == pv.texte
    assert version.document is not None
    assert not version.document.est_public
    assert pv.feuille is not None
    assert lettres("soumettre_pv").count() == pv.seance.convies.count()
    assert reverse("seances:lire_proces_verbal", args=[pv.seance_id]) in lettres("soumettre_pv").first().corps
    with pytest.raises(ActeInterdit):
        proces_verbaux.soumettre_pv(pv, par=agent)


def test_after_remarks_it_is_submitted_again(soumis, agent):
    proces_verbaux.ecrire_pv(soumis, par=agent, texte={"fin": "<p>Ajout.</p>"})

    version = proces_verbaux.soumettre_pv(soumis, par=agent)

    assert version.numero == 2
    assert soumis.versions.last().texte["fin"] == ""


def test_what_was_not_submitted_cannot_be_approved(pv, agent):
    with pytest.raises(ActeInterdit):
        proces_verbaux.approuver_pv(pv, par=agent)
    proces_verbaux.soumettre_pv(pv, par=agent)
    proces_verbaux.ecrire_pv(pv, par=agent, texte={"fin": "<p>En douce.</p>"})
    with pytest.raises(ErreurMetier):
        proces_verbaux.approuver_pv(pv, par=agent)


def a_faire_approuver(agent):
    return [t.url for t in taches_du_jour(agent, section_journee) if t.quoi.startswith("Faire approuver")]


def test_it_is_approved_at_a_point_of_a_later_seance_that_the_page_proposes(soumis, agent, client):
    suivante = SeanceFactory(levee=True, mandature=soumis.seance.mandature, titre="Séance suivante")
    point = PointFactory(seance=suivante, nature=Point.Nature.APPROBATION, pv_de=soumis.seance)
    pages = [reverse(f"seances:{nom}", args=[soumis.seance_id]) for nom in ("proces_verbal", "seance")]
    client.force_login(agent)
    Seance.objects.filter(pk=suivante.pk).update(etat="convoquee")
    for adresse in pages:
        lue = client.get(adresse).content.decode()
        assert "son approbation est à l’ordre du jour du" in lue
        assert "inscrivez son approbation" not in lue
    approuver = reverse("seances:approuver_pv", args=[soumis.seance_id])
    assert "Son approbation est à l’ordre du jour du" in client.get(approuver).content.decode()
    Seance.objects.filter(pk=suivante.pk).update(etat="levee")
    refus = voter(point, "Approuver le procès-verbal", {}, resultat="rejete")
    assert "Séance suivante, voté : pas approuvé)" in client.get(approuver).content.decode()
    with pytest.raises(ErreurMetier, match="n’a pas approuvé"):
        proces_verbaux.approuver_pv(soumis, par=agent, point=point)
    refus.delete()
    formulaire = client.get(approuver).content.decode()
    assert "Séance suivante, pas voté)" in formulaire
    # offered, but not selected
    assert f'value="{point.pk}" selected' not in formulaire
    voter(point, "Approuver le procès-verbal", {}, resultat="adopte")
    assert f'value="{point.pk}" selected' in client.get(approuver).content.decode()
    # Voted but not noted: it waits in « Ma journée » of the agents, as one on no agenda does.
    assert a_faire_approuver(agent) == [reverse("seances:proces_verbal", args=[soumis.seance_id])]
    page = client.get(reverse("seances:proces_verbal", args=[soumis.seance_id]))
    assert "« Séance suivante »" in page.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")

    client.post(
        reverse("seances:approuver_pv", args=[soumis.seance_id]), {"point": point.pk, "est_publie": "on"}
    )

    soumis.refresh_from_db()
    assert (soumis.etat, soumis.approuve_a, soumis.est_publie) == (EtatPV.APPROUVE, point, True)
    assert not a_faire_approuver(agent)
    with pytest.raises(ActeInterdit):
        proces_verbaux.approuver_pv(soumis, par=agent)


def test_it_is_read_and_approved_without_leaving_the_seance(soumis, agent, client):
    suivante = SeanceFactory(ouverte=True, mandature=soumis.seance.mandature)
    point = PointFactory(seance=suivante, nature=Point.Nature.APPROBATION, pv_de=soumis.seance)
    assert not a_faire_approuver(agent)  # it is on the agenda of this séance
    points.passer_au_point(point, par=agent)
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
        proces_verbaux.approuver_pv(soumis, par=agent, point=point)


def test_an_approved_pdf_is_frozen_once_made_and_only_then(soumis, agent, monkeypatch):

    pdf_rapides(monkeypatch)
    fabriquer_document(soumis.derniere.document_id)
    assert documents_pv.figer_proces_verbaux() == 0  # submitted only

    proces_verbaux.approuver_pv(soumis, par=agent)
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
        proces_verbaux.ecrire_pv(approuve, par=agent, texte={"fin": "<p>x</p>"})
    with pytest.raises(ErreurMetier):
        proces_verbaux.corriger_pv(approuve, par=agent, texte={"fin": "<p>x</p>"}, motif=" ")
    with pytest.raises(ErreurMetier):
        proces_verbaux.corriger_pv(approuve, par=agent, texte={}, motif="Rien à dire")

    version = proces_verbaux.corriger_pv(
        approuve, par=agent, texte={"fin": "<p>x</p>"}, motif="Oubli d’une fin"
    )

    assert (version.numero, version.motif) == (2, "Oubli d’une fin")
    premiere = approuve.versions.last()
    assert premiere.texte["fin"] == ""
    assert premiere.document_id != version.document_id
    assert "Oubli d’une fin" in lettres("corriger_pv").first().corps


def test_taken_off_the_site_neither_page_nor_pdf_is_public(approuve, agent, client):
    url = reverse("seances:lire_proces_verbal", args=[approuve.seance_id])
    assert client.get(url).status_code == 200

    proces_verbaux.depublier_pv(approuve, par=agent)

    assert client.get(url).status_code == 302
    assert not Document.objects.publics().filter(nature=documents_pv.NATURE).exists()
    proces_verbaux.publier_pv(approuve, par=agent)
    assert client.get(url).status_code == 200
    assert Document.objects.publics().filter(nature=documents_pv.NATURE).count() == 1


def test_the_list_of_an_instance_costs_the_same_for_one_or_four(client, agent):
    def fabriquer():
        pv = proces_verbaux.rediger_pv(seance_tenue(), par=agent)
        proces_verbaux.soumettre_pv(pv, par=agent)
        proces_verbaux.approuver_pv(pv, par=agent)

    constant_queries(client, reverse("seances:proces_verbaux", args=["essai"]), fabriquer)


def test_the_pages_of_the_agent_are_seen_in_each_etat(client, agent, tenue):
    client.force_login(agent)
    page = reverse("seances:proces_verbal", args=[tenue.pk])
    assert "pas commencé" in client.get(page).content.decode()
    client.post(reverse("seances:rediger_pv", args=[tenue.pk]))
    assert "Soumettre aux membres" in client.get(page).content.decode()
    client.post(reverse("seances:soumettre_pv", args=[tenue.pk]))
    soumise, approuver = client.get(page).text, reverse("seances:approuver_pv", args=[tenue.pk])
    assert "Noter l’approbation" in soumise
    assert f'<a href="{approuver}">notez-la ici</a>' in soumise
    client.post(approuver, {"est_publie": "on"})
    assert "Retirer du site" in client.get(page).content.decode()
    assert client.get(reverse("seances:corriger_pv", args=[tenue.pk])).status_code == 200
    assert client.get(reverse("seances:soumettre_pv", args=[tenue.pk])).status_code == 409
    assert client.get(reverse("seances:ecrire_pv", args=[tenue.pk])).status_code == 409


def test_the_attendance_sheet_is_made_before_the_seance_without_saying_who_is_absent(agent, client):
    seance = SeanceFactory(convoquee=True, debut=timezone.localtime() + timedelta(days=3))
    convier(seance, "Bruno Habitant")
    client.force_login(agent)

    client.post(reverse("seances:fabriquer_feuille", args=[seance.pk]))

    feuille = Document.objects.get(nature=documents_pv.NATURE_FEUILLE).donnees["feuille"]
    assert not feuille["est_tenue"]
    assert feuille["totaux"] == ""
    assert feuille["colleges"][0]["personnes"][0]["nom"] == "Bruno Habitant"
