"""Adopted avis: sent, acknowledged, answered line by line, answers given to the members."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ccspl import avis as presentation
from ccspl.models import Avis
from ccspl.redaction import preconisations, vote
from ccspl.transmission import actes as transmission
from ccspl.transmission import restitution
from ccspl.transmission.restitution import dire_cloture
from ccspl.vitrine import section_journee
from ccspl.workflow import Etat
from participation.seances.models import Point, PointDossier
from participation.seances.proces_verbaux import mise_en_page, releve
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Document
from participation.socle.views.dossier import phrases
from participation.suites import actes as actes_suites
from participation.suites.models import Suite
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.outils import jour, lire, lisible, pdf_rapides, taches_du_jour
from tests.seances.factories import PointFactory, ReglementInstanceFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db
DANS_DEUX_MOIS = timezone.localdate() + timedelta(days=60)


@pytest.fixture(autouse=True)
def rapide(monkeypatch):
    pdf_rapides(monkeypatch)


@pytest.fixture
def adopte(agent, membre):
    avis = AvisFactory(
        en_redaction=True, agent=agent, service__nom="Source", service__direction=DirectionFactory()
    )
    ParagrapheFactory(avis=avis)
    for texte in ("Publier le bilan.", "Ouvrir le dimanche."):
        PreconisationFactory(avis=avis, texte=texte)
    vote.soumettre(avis, par=agent)
    vote.adopter(avis, par=agent, sens="preconisations")
    return avis


def envoyer(avis, agent, **champs):
    return transmission.transmettre(avis, par=agent, **{"date_limite": DANS_DEUX_MOIS, **champs})


def repondre(suite, agent, vers="suivie", **champs):
    return actes_suites.changer_etat(suite, par=agent, vers=vers, texte_public="C’est fait.", **champs)


def test_the_proces_verbal_of_the_seance_that_adopted_it_holds_its_sense_and_its_text(adopte, agent):
    point = PointFactory(seance=SeanceFactory(levee=True, mandature=adopte.mandature))
    PointDossier.objects.create(
        point=point, dossier=adopte, decision="adopter", libelle_decision="Adopté", decidee_le=timezone.now()
    )
    lecture = mise_en_page.presenter(releve.donnees(point.seance), {})
    html = render_to_string("seances/proces_verbaux/_pv_point.html", {"point": lecture["points"][0]})
    for attendu in (
        adopte.get_sens_display(), adopte.paragraphes.first().texte, "Publier le bilan.", "Ouvrir le dimanche.",
    ):  # fmt: skip
        assert attendu in html


def test_the_sheet_for_the_council_says_what_was_answered(adopte, agent):
    """docs/elus.md promises both what the commission asks and what was answered."""
    envoyer(adopte, agent)
    premiere = adopte.preconisations.order_by("numero").first()
    repondre(premiere.suite, agent, vers="non_suivie", motif="Le budget est engagé.")
    lignes = presentation.donnees_intervention(adopte)["preconisations"]
    assert (lignes[0]["reponse"], lignes[0]["pourquoi"]) == (
        "non suivie",
        "C’est fait. Le budget est engagé.",
    )
    assert lignes[1]["attendue"] == jour_texte(DANS_DEUX_MOIS)


def test_each_line_becomes_a_suite_and_its_direction_receives_the_frozen_pdf(adopte, agent):
    (envoyee,) = envoyer(adopte, agent)

    adopte.document.refresh_from_db()
    assert adopte.etat == Etat.TRANSMIS
    assert adopte.document.fige_le is not None
    assert [p.suite.date_limite for p in adopte.preconisations.all()] == [DANS_DEUX_MOIS] * 2
    assert envoyee.direction == adopte.service.direction
    assert envoyee.courriel.destinataires == [envoyee.direction.courriel]
    assert envoyee.courriel.pieces.get().nom == f"{adopte.reference}.pdf"
    assert "Ouvrir le dimanche." in envoyee.courriel.corps


def test_once_the_day_has_passed_nobody_reads_that_the_answer_comes_before_it(client, adopte, agent):
    transmission.transmettre(adopte, par=agent, date_limite=DANS_DEUX_MOIS)
    avis = Avis.objects.get(pk=adopte.pk)
    attendu = lisible(f"au plus tard le {jour_texte(DANS_DEUX_MOIS)}")
    assert attendu in lire(client.get(avis.get_public_url()))
    hier = timezone.localdate() - timedelta(days=1)
    avis.echeances.update(date_limite=hier)

    page = lire(client.get(avis.get_public_url()))

    assert lisible(f"en retard d’un jour (c’était le {jour_texte(hier)})") in page
    assert lisible(f"au plus tard le {jour_texte(hier)}") not in page


def test_the_direction_of_a_line_may_be_another(adopte, agent):
    autre = DirectionFactory()
    un, deux = adopte.preconisations.all()

    envoyees = envoyer(adopte, agent, directions_de={deux.pk: autre})

    deux.refresh_from_db()
    assert deux.suite.direction == autre
    assert {t.direction for t in envoyees} == {un.direction, autre}


def test_a_line_without_direction_is_said(adopte, agent):
    adopte.preconisations.update(direction=None)

    with pytest.raises(ValidationError, match="préconisation 1"):
        envoyer(adopte, agent)
    assert not Suite.objects.filter(dossier=adopte.pk).exists()


def test_a_pdf_that_cannot_be_made_stops_the_sending(adopte, agent, monkeypatch):
    Document.objects.filter(pk=adopte.document_id).update(etat="echec")

    with pytest.raises(ErreurMetier, match="PDF"):
        envoyer(adopte, agent)
    adopte.refresh_from_db()
    assert adopte.etat == Etat.ADOPTE


def test_elus_commissions_and_the_council_receive_it_from_the_form(client, adopte, agent):
    client.force_login(agent)
    elu = CompteFactory(elu=True)
    saisie = {f"direction_{p.pk}": p.direction_id for p in adopte.preconisations.all()} | {
        "elus": [elu.pk], "au_conseil": "on", "adresse_conseil": "assemblees@example.org",
        "autres": "Commission Transition, commission@example.org", "date_limite": DANS_DEUX_MOIS.isoformat(),
    }  # fmt: skip
    adresse = reverse("ccspl:transmettre", args=[adopte.pk])

    faute = client.post(adresse, {**saisie, "autres": "Commission Transition"})
    assert "écrivez un nom, une virgule" in faute.content.decode()
    client.post(adresse, saisie)

    assert sorted(adopte.transmissions.values_list("nature", flat=True)) == [
        "commission", "conseil", "direction", "elu"
    ]  # fmt: skip


def test_the_signed_link_acknowledges_once_and_only_by_post(client, adopte, agent):
    (envoyee,) = envoyer(adopte, agent)
    chemin = re.search(r"https?://[^/]+(/ccspl/accuser/\S+)", envoyee.courriel.corps)[1]

    assert client.get(chemin).status_code == 200
    envoyee.refresh_from_db()
    assert envoyee.accusee_le is None
    assert client.post(chemin, {"nom": ""}).status_code == 200
    client.post(chemin, {"nom": "Anne Roux, directrice"})
    client.post(chemin, {"nom": "Quelqu’un d’autre"})

    envoyee.refresh_from_db()
    assert envoyee.accusee_par == "Anne Roux, directrice"
    assert client.get("/ccspl/accuser/faux/").status_code == 404


def test_the_last_answer_makes_the_avis_answered_and_members_are_told(adopte, agent, membre):
    envoyer(adopte, agent)
    une, autre = Suite.objects.filter(dossier=adopte.pk)

    repondre(une, agent)
    assert Avis.objects.get(pk=adopte.pk).etat == Etat.TRANSMIS
    with pytest.raises(ErreurMetier, match="attend encore"):
        restitution.repondre(Avis.objects.get(pk=adopte.pk), par=agent)
    repondre(autre, agent, vers="non_suivie", motif="Trop coûteux cette année.")

    adopte.refresh_from_db()
    assert adopte.etat == Etat.REPONDU
    (lettre,) = Courriel.objects.filter(acte="ccspl/repondre")
    assert lettre.destinataires == [membre.courriel]
    assert "Trop coûteux cette année." in lettre.corps
    assert adopte.journal.get(acte="repondre").par is None


def test_an_avis_without_line_is_said_answered_by_an_agent(agent):
    avis = AvisFactory(soumis=True, agent=agent)
    ParagrapheFactory(avis=avis)
    vote.adopter(avis, par=agent, sens="favorable")
    envoyer(avis, agent, directions=[DirectionFactory()])

    restitution.repondre(avis, par=agent, motif="Le vice-président a répondu par courrier.")

    assert avis.etat == Etat.REPONDU


def test_sending_again_to_others_promises_nothing_twice(adopte, agent):
    envoyer(adopte, agent)
    envoyer(
        adopte, agent, autres=[transmission.AutreDestinataire("elu", "Nadia Benali", "nadia@example.org")]
    )

    assert Suite.objects.filter(dossier=adopte.pk).count() == 2
    assert adopte.transmissions.count() == 2


def test_what_is_said_of_a_sending_is_who_received_it_and_who_did_not(adopte, agent, client):
    client.force_login(agent)

    def transmettre(**champs):
        lignes = {f"direction_{p.pk}": adopte.service.direction_id for p in adopte.preconisations.all()}
        page = client.post(
            reverse("ccspl:transmettre", args=[adopte.pk]),
            {"date_limite": jour(60), **lignes, **champs},
            follow=True,
        )
        adopte.transmissions.update(envoyee_le=timezone.localtime() - timedelta(days=3))
        (message,) = page.context["messages"]
        return message.tags, str(message)

    direction = str(adopte.service.direction)
    sorte, dit = transmettre(au_conseil="on", adresse_conseil="")
    assert sorte == "warning"
    assert dit.startswith(
        f"Avis transmis : {direction}. Aucune adresse connue : Conseil métropolitain. Rien n’est parti de"
    )
    sorte, dit = transmettre(au_conseil="on", adresse_conseil="")
    assert (sorte, "transmis" in dit, dit.count("Rien n’est parti")) == ("warning", False, 1)
    assert "Avis à remettre, aucune adresse connue" in lire(client.get(adopte.get_absolute_url()))
    assert transmettre(au_conseil="on", adresse_conseil="a@example.org") == (
        "success", "Avis transmis : Conseil métropolitain.",
    )  # fmt: skip
    assert not adopte.transmissions.a_remettre()

    # A letter sent long before does not hide that nothing was sent this time.
    transmettre(au_conseil="on", adresse_conseil="")
    assert adopte.transmissions.a_remettre().get() == adopte.transmissions.latest("pk")


def test_what_goes_to_nobody_waits_on_the_day_of_the_agents_until_it_is_brought_or_sent(
    adopte, agent, client
):
    trois_jours = timezone.localtime() - timedelta(days=3)
    for nom in ("Conseil métropolitain", "Commission des eaux"):
        envoyer(adopte, agent, autres=[transmission.AutreDestinataire("conseil", nom)])
        adopte.transmissions.update(envoyee_le=trois_jours)
    conseil, commission = adopte.transmissions.a_remettre()

    def attendues():
        taches = taches_du_jour(agent, section_journee)
        return [tache.url for tache in taches if tache.quoi.startswith("Remettre l’avis")]

    page = reverse("ccspl:remettre", args=[conseil.pk])
    (tache, _) = [t for t in taches_du_jour(agent, section_journee) if t.bouton == "Noter"]
    assert (tache.url, tache.depuis) == (page, trois_jours)
    client.force_login(agent)
    assert page in lire(client.get(adopte.get_absolute_url()))

    # Handed over before the sending, or in the future: refused, without losing the form.
    assert "Choisissez un jour entre" in lire(client.post(page, {"le": jour(-9)}))
    client.post(page, {"le": jour()})
    assert attendues() == [reverse("ccspl:remettre", args=[commission.pk])]
    assert "Remis le" in lire(client.get(adopte.get_absolute_url()))
    assert client.post(page, {"le": jour()}).status_code == 409
    envoyer(
        adopte,
        agent,
        autres=[transmission.AutreDestinataire("commission", commission.destinataire, "c@example.org")],
    )
    assert attendues() == []
    # Letters are erased one day: the avis still counts as sent.
    Courriel.objects.filter(dossier=adopte.pk).delete()
    assert not adopte.transmissions.a_remettre()


def test_the_answers_are_put_on_the_agenda_then_the_dossier_closes(adopte, agent):
    def attendus():
        """Without an échéance, « Ma journée » still shows what the agents must do, and since when."""
        taches = taches_du_jour(agent, section_journee)
        return [(t.quoi, t.depuis) for t in taches if t.url.startswith(f"/ccspl/dossiers/{adopte.pk}/")]

    assert attendus() == [("Transmettre l’avis adopté", adopte.adopte_le)]
    envoyer(adopte, agent)
    assert attendus() == []
    # Without an address, the avis is to be handed over, until the direction answers.
    adopte.transmissions.update(courriel=None, est_sans_adresse=True)
    assert [reste for _, reste in presentation.transmissions_de(adopte)] == [True]
    for suite in Suite.objects.filter(dossier=adopte.pk):
        repondre(suite, agent)
    assert [reste for _, reste in presentation.transmissions_de(adopte)] == [False]
    adopte.refresh_from_db()
    assert attendus() == [("Mettre les réponses à l’ordre du jour", adopte.repondu_le)]
    assert "présentez les réponses" in phrases(adopte, agent)[1]
    seance = SeanceFactory(
        mandature=adopte.mandature, reglement=ReglementInstanceFactory(instance=adopte.mandature.instance)
    )

    point = restitution.rendre_aux_membres(adopte, par=agent, seance=seance)
    assert attendus() == []
    assert phrases(adopte, agent)[1].startswith("les réponses sont à l’ordre du jour du")
    prevu = f"à l’ordre du jour du {jour_texte(seance.debut)}"
    assert prevu in adopte.journal.get(acte="rendre_aux_membres").fait
    assert prevu in dire_cloture(adopte)
    passe = Avis.objects.get(pk=adopte.pk)
    passe.rendu_le = timezone.localdate() - timedelta(days=1)
    assert "clore le dossier</a>" in phrases(passe, agent)[1]
    restitution.clore(adopte, par=agent)

    assert point.nature == Point.Nature.INFORMATION
    assert list(point.dossiers.values_list("pk", flat=True)) == [adopte.pk]
    assert adopte.rendu_le == timezone.localdate(seance.debut)
    assert adopte.clos_le is not None
    with pytest.raises(ActeInterdit):
        restitution.clore(adopte, par=agent)


def test_the_deliberation_that_cites_the_avis_is_noted_and_public(client, adopte, agent):
    transmission.citer(adopte, par=agent, deliberation="n° 42 du 18 décembre 2026")

    assert "n° 42" in client.get(adopte.get_public_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_position_can_no_longer_be_noted_once_the_avis_is_sent(adopte, agent, membre):
    envoyer(adopte, agent)

    with pytest.raises(ActeInterdit):
        preconisations.noter_position(adopte, par=membre, texte="Trop tard.")


def test_the_sheets_are_made_again_with_the_data_of_the_day(client, adopte, agent):
    client.force_login(agent)
    adresse = reverse("ccspl:faire_fiche", args=[adopte.pk])

    client.post(adresse)
    transmission.resumer(adopte, par=agent, synthese="Deux demandes.")
    client.post(adresse)

    fiche = adopte.documents.get(nature="ccspl/fiche")
    assert fiche.donnees["synthese"] == "Deux demandes."
    assert fiche.est_public


def test_each_page_of_the_acts_opens(client, adopte, agent):
    client.force_login(agent)
    for acte in ("citer", "resumer", "ajouter_suite", "transmettre", "noter_position", "fonder"):
        assert client.get(reverse(f"ccspl:{acte}", args=[adopte.pk])).status_code == 200, acte
    envoyer(adopte, agent)
    for nom in ("dossier", "redaction", "versions", "rendre_aux_membres"):
        assert client.get(reverse(f"ccspl:{nom}", args=[adopte.pk])).status_code == 200, nom


def test_a_direction_is_led_to_no_suite_that_another_owes(client, agent):
    """The page of the avis names it and gives its état, without a link that the direction could not open."""
    avis = AvisFactory(adopte=True, service__direction=DirectionFactory())
    sienne, autre = avis.service.direction, DirectionFactory()
    siennes = [
        actes_suites.ajouter_suite(
            avis,
            par=agent,
            intitule=f"Pour {d}",
            direction=d,
            date_limite=timezone.localdate(),
            demandee_par="la CCSPL",
        )
        for d in (sienne, autre)
    ]
    client.force_login(agent_de_direction(sienne))

    page = client.get(avis.get_absolute_url()).content.decode()

    assert [reverse("suites:suite", args=[suite.pk]) in page for suite in siennes] == [True, False]
    assert f"Pour {autre}" in page
