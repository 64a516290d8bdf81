"""An election without candidates: rounds, reasons, objections, consent; on phones as on paper; seats given to who is elected."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.panels.models import Recommandation
from participation.seances.models import Election
from participation.seances.points import actes as points
from participation.seances.points import bulletins
from participation.seances.proces_verbaux.mise_en_page import _point
from participation.seances.proces_verbaux.releve import donnees
from participation.seances.votes.elections import actes
from participation.seances.votes.elections.lectures import eligibles
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Document
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.panels.factories import PanelFactory
from tests.seances.factories import CollegeFactory
from tests.seances.salle import convies, page, point_en_cours

pytestmark = pytest.mark.django_db


def ouvrir(seance, agent, **champs):
    point = point_en_cours(seance, agent)
    return actes.ouvrir_election(
        point, par=agent, **{"objet": "Délégué au comité de suivi", "places": 1, **champs}
    )


def poster(client, convie, nom, **dit):
    client.force_login(convie.membre.compte)
    adresse = reverse(f"seances:{nom}", args=[convie.seance_id])
    assert client.get(adresse).status_code == 200
    return client.post(adresse, dit)


def test_somebody_is_chosen_by_rounds_of_names_and_reasons_then_by_the_consent_of_all(client, seance, agent):
    un, deux, trois = convies(seance, 3, nom="Habitants")
    election = ouvrir(seance, agent)
    elu = deux.membre

    # On a phone, then on paper: names stay hidden until they are read together.
    dit = {"membre_0": elu.pk, "raison_0": "Elle écoute."}
    assert "Dites pourquoi" in poster(client, un, "designer", membre_0=elu.pk).content.decode()
    assert poster(client, un, "designer", **dit).status_code == 302
    actes.designer_pour(election, par=agent, convie=deux, choix=[(un.membre, "Il sait compter.")])
    assert (
        "Elle écoute"
        not in page(client, trois.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    )
    with pytest.raises(ErreurMetier, match="L’élection « Délégué"):
        points.traiter_point(election.point, par=agent)
    actes.lire_designations(election, par=agent)
    assert (
        "Elle écoute" in page(client, trois.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    )
    with pytest.raises(ActeInterdit, match="désignations lues"):
        actes.designer(trois, election, par=trois.membre.compte, choix=[(elu, "Trop tard.")])

    # Another round keeps what each named until she changes it.
    actes.ouvrir_tour(election, par=agent)
    actes.designer_pour(election, par=agent, convie=deux, choix=[(elu, "Je change d’avis.")])
    actes.lire_designations(election, par=agent)
    assert election.designations.filter(tour=2, designe=elu).count() == 2
    guichet = Guichet(agent, en_hate=True)
    guichet.aller(reverse("seances:proposer_election", args=[election.pk]))
    for case in guichet.main.xpath(".//input[@name='membres']"):
        case.checked = True
    guichet.valider(raison="Elle écoute, deux fois dit.")
    assert "Proposez 1 personne." in guichet.dit
    for case in guichet.main.xpath(".//input[@name='membres']"):
        case.checked = case.get("value") == str(elu.pk)
    guichet.valider()
    election.refresh_from_db()

    # An objection is lifted, or another proposal is made; silence is no consent.
    actes.se_prononcer_pour(election, par=agent, convie=deux)
    assert "sans raison" in poster(client, un, "se_prononcer", dit="objection").content.decode()
    assert poster(client, un, "se_prononcer", dit="objection", objection="Trop loin.").status_code == 302
    with pytest.raises(ErreurMetier, match="Une objection reste"):
        actes.constater_consentement(election, par=agent)
    assert poster(client, un, "se_prononcer", dit="accord").status_code == 302
    with pytest.raises(ErreurMetier, match="Se taire n’est pas consentir"):
        actes.constater_consentement(election, par=agent)
    actes.se_prononcer_pour(election, par=agent, convie=trois)
    assert "Constater le consentement" in page(client, agent, "animer", seance.pk).content.decode()
    actes.constater_consentement(election, par=agent)

    assert (election.etat, election.membres_proposes()) == ("elue", [elu])
    assert str(elu) in page(client, agent, "ecran", seance.pk).content.decode()
    point = donnees(seance)["points"][0]
    assert point["elections"][0]["objections"] == [[str(un), "Trop loin.", True]]
    assert _point(point, "")["elections"][0]["elus"] == str(elu)
    points.traiter_point(election.point, par=agent)


def test_the_delegates_of_a_college_are_chosen_by_it_alone_and_get_seats_elsewhere(client, seance, agent):
    deux = convies(seance, 2, nom="Habitants")
    autre, *_ = convies(seance, 1, nom="Élus")
    absent, *_ = convies(seance, 1, presents=False, nom="Absents")
    election = ouvrir(seance, agent, places=2, college=deux[0].membre.college)
    assert set(eligibles(election)) == {c.membre for c in deux}
    for hors in (autre, absent):
        with pytest.raises(ErreurMetier, match="ne prend pas part"):
            actes.designer_pour(election, par=agent, convie=hors, choix=[(deux[0].membre, "Oui.")])
    with pytest.raises(ValidationError, match="2 personnes au plus"):
        actes.designer_pour(election, par=agent, convie=deux[0], choix=[(deux[0].membre, "a")] * 3)
    actes.designer_pour(election, par=agent, convie=deux[0], choix=[(c.membre, "Oui.") for c in deux])
    actes.lire_designations(election, par=agent)
    actes.proposer_election(election, par=agent, membres=[c.membre for c in deux], raison="Tous deux.")
    for convie in deux:
        actes.se_prononcer_pour(election, par=agent, convie=convie)
    actes.constater_consentement(election, par=agent)
    college = CollegeFactory(nom="Citoyens", sieges=2)

    client.force_login(agent)
    adresse = reverse("seances:nommer_elus", args=[college.pk])
    reponse = client.post(adresse, {"election": election.pk, "du": jour(0).isoformat()})

    assert reponse.status_code == 302
    assert {m.compte for m in college.membres.all()} == {c.membre.compte for c in deux}
    assert "Élection sans candidat du" in college.membres.first().nomme_par
    assert (
        "siègent déjà"
        in client.post(adresse, {"election": election.pk, "du": jour(0).isoformat()}).content.decode()
    )


def test_an_election_needs_the_current_point_and_a_quorum_and_is_cancelled_with_a_reason(seance, agent):
    with pytest.raises(ErreurMetier):
        ouvrir(seance, agent)
    convies(seance, 2)
    election = ouvrir(seance, agent)
    with pytest.raises(ErreurMetier, match="Personne n’a encore désigné"):
        actes.lire_designations(election, par=agent)
    with pytest.raises(ErreurMetier, match="est ouverte"):
        actes.ouvrir_election(election.point, par=agent, objet="Autre", places=1)
    actes.annuler_election(election, par=agent, motif="On reporte.")

    assert Election.objects.get().motif == "On reporte."
    points.traiter_point(election.point, par=agent)


def test_ballots_are_printed_with_what_is_entrusted_or_one_line_for_each_question(client, seance, agent):
    un, deux = convies(seance, 2, nom="Habitants")
    election = ouvrir(seance, agent, places=2)
    client.force_login(agent)
    adresse = reverse("seances:imprimer_bulletins", args=[election.point.pk])
    assert "Délégué au comité de suivi" in client.get(adresse).content.decode()
    sans = client.post(adresse, {"quoi": "election", "combien": "3"})
    assert "Écrivez ce qui est confié" in sans.content.decode()

    document = bulletins.imprimer_bulletins(
        election.point, par=agent, quoi="election", combien=3, objet=election.objet
    )
    assert set(document.donnees["noms"]) == {str(un), str(deux)}
    fabriquer_document(document.pk)
    document.refresh_from_db()
    assert document.etat == Document.Etat.PRET

    seance.convies.filter(pk=deux.pk).update(retire_le=timezone.now())
    assert bulletins.BulletinsForm(objet=election.point, par=agent).initial["combien"] == 1

    panel = PanelFactory(session=True)
    for ordre, titre in enumerate(("Planter", "Éteindre"), 1):
        Recommandation.objects.create(panel=panel, ordre=ordre, titre=titre)
    election.point.liens_dossiers.create(dossier_id=panel.pk)
    assert bulletins.questions(election.point) == ["1. Planter", "2. Éteindre"]
