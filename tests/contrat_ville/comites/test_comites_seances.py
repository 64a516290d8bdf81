"""Comités in séance: agendas filled in order of rank, decisions on the current point."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from contrat_ville.comites import actes as comites
from contrat_ville.comites import inscription
from contrat_ville.comites.lectures import candidats
from contrat_ville.models import Evaluation, Jugement, Projet
from contrat_ville.workflow import DECISIONS, PILOTAGE, TECHNIQUE, Etat
from participation.seances.models import Convie, Parole, PointDossier, Presence, Seance
from participation.seances.points import actes as points
from participation.seances.points import decisions as points_decisions
from participation.seances.points import parole
from participation.seances.proces_verbaux.releve import donnees
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, ReglageService
from participation.socle.views.dossier import phrases
from tests.contrat_ville.comites.monde import en_seance, enveloppe, financeur_de, projet_a, seance_de, tenir
from tests.contrat_ville.factories import ProgrammationFactory
from tests.outils import lire, lisible, requetes
from tests.seances.factories import CollegeFactory, MembreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


# In séance


def test_each_decision_has_its_act_and_its_form(agent):
    projet = projet_a()
    for decisions in DECISIONS.values():
        for acte, decision in decisions.items():
            assert import_string(decision.action) is getattr(comites, acte)
            import_string(decision.form)({}, objet=projet)


@pytest.mark.parametrize(
    ("cle", "etat", "offertes"),
    [
        (TECHNIQUE, "instruction", {"proposer", "proposer_refus", "ajourner"}),
        (PILOTAGE, "propose", {"retenir", "retenir_sous_reserve", "refuser", "ajourner"}),
    ],
)
def test_a_seance_is_offered_the_decisions_of_its_own_comite_only(client, agent, cle, etat, offertes):
    projet, seance = projet_a(etat), seance_de(cle)
    inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    tenir(seance)
    lien = PointDossier.objects.get(dossier=projet.pk)
    client.force_login(agent)

    page = client.get(reverse("seances:decider", args=[lien.point_id])).content.decode()

    toutes = {acte for decisions in DECISIONS.values() for acte in decisions}
    vues = {a for a in toutes if f'href="{reverse("seances:decider_dossier", args=[lien.pk, a])}"' in page}
    assert vues == offertes
    for acte in toutes - offertes:
        assert client.get(reverse("seances:decider_dossier", args=[lien.pk, acte])).status_code == 404


def test_the_comite_technique_cannot_be_made_to_decide(agent):
    projet, seance = projet_a("instruction"), seance_de(TECHNIQUE)
    lien = en_seance(projet, seance, agent)

    with pytest.raises(ErreurMetier, match="ne prend pas cette décision"):
        points_decisions.decider(lien, "refuser", par=agent, reponses={"motif": "Non."})


def test_the_decision_of_the_seance_moves_the_projet_and_keeps_where_it_was_taken(client, agent):
    projet, seance = projet_a(propose=Decimal(400)), seance_de(PILOTAGE)
    lien = en_seance(projet, seance, agent)
    client.force_login(agent)
    adresse = reverse("seances:decider_dossier", args=[lien.pk, "retenir"])
    champ = f"montant_{financeur_de(projet).pk}"

    page = client.get(adresse).content.decode()
    reponse = client.post(adresse, {champ: "350,50", "motif": "Oui."})

    assert f'name="{champ}" value="400"' in page
    assert reponse.status_code == 302
    projet.refresh_from_db()
    lien.refresh_from_db()
    assert projet.etat == Etat.RETENU
    assert projet.financements.get().accorde == Decimal("350.50")
    assert lien.libelle_decision == "Retenir"
    assert "à la séance du" in projet.journal.get(acte="decider_en_seance").fait

    projet.financements.update(accorde=0)  # whatever comes after
    (point,) = donnees(seance)["points"]
    assert point["dossiers"][0]["sommes"] == [[financeur_de(projet).nom, "350.50"]]


def test_the_minutes_quote_the_reserve_and_members_then_read_what_is_granted(client, agent):
    projet, seance = projet_a(propose=Decimal(400)), seance_de(PILOTAGE)
    lien = en_seance(projet, seance, agent)

    points_decisions.decider(
        lien,
        "retenir_sous_reserve",
        par=agent,
        reponses={"montants": {financeur_de(projet).pk: Decimal(400)}, "reserve": "Dire les horaires."},
    )

    (point,) = donnees(seance)["points"]
    assert point["dossiers"][0]["motif"] == "Dire les horaires."
    client.force_login(agent)
    page = client.get(reverse("contrat_ville:dossiers_du_comite", args=[seance.pk])).content.decode()
    assert 'data-titre="Accordé">400\xa0€' in page
    assert "sans enveloppe" not in page


def test_a_refused_envelope_leaves_the_seance_without_decision_and_what_was_typed_is_kept(client, agent):
    projet, seance = projet_a(), seance_de(PILOTAGE)
    enveloppe(projet.programmation, financeur_de(projet), 100)
    lien = en_seance(projet, seance, agent)
    client.force_login(agent)

    page = client.post(
        reverse("seances:decider_dossier", args=[lien.pk, "retenir"]),
        {f"montant_{financeur_de(projet).pk}": "777", "motif": "Oui."},
    ).content.decode()

    lien.refresh_from_db()
    assert lien.decision == ""
    assert "677\xa0€ de trop" in page
    assert 'value="777"' in page


def test_the_team_of_a_projet_steps_aside_without_being_told_and_others_are_noted(agent):
    porteuse, elue = CompteFactory(), CompteFactory(elu=True)
    projet = projet_a(equipe=[porteuse])
    seance = seance_de(PILOTAGE)
    MembreFactory(compte=elue, college=CollegeFactory(mandature=seance.mandature))

    comites.noter_deport(projet, par=agent, compte=elue, motif="Présidente de l’association.")

    assert projet.comptes_deportes() == {porteuse.pk, elue.pk}
    with pytest.raises(ValidationError, match="déjà noté"):
        comites.noter_deport(projet, par=agent, compte=elue)


def test_who_stepped_aside_from_a_projet_is_out_of_the_vote_of_its_point(agent):
    projet = projet_a()
    seance = seance_de(PILOTAGE)
    point = inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    convies = tenir(seance, membres=4)
    elues = [convie.membre.compte for convie in convies[:3]]
    comites.noter_deport(projet, par=agent, compte=elues[0])

    points.passer_au_point(point, par=agent)
    assert [deport.convie for deport in point.deports.all()] == [convies[0]]
    # Accepted later, once the point is the current one.
    comites.noter_deport(projet, par=agent, compte=elues[1])
    vote = votes.ouvrir_vote(point, par=agent, objet="Le retenir ?", forme="nominatif")
    assert set(vote.inscrits) == {str(convie.pk) for convie in convies[2:]}

    # A déport after a vote: the séance can still return to the point, and cancels the vote before another.
    votes.voter_pour(vote, voix=convies[2], sens="pour", par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    comites.noter_deport(projet, par=agent, compte=elues[2])
    points.traiter_point(point, par=agent)
    points.passer_au_point(point, par=agent)
    with pytest.raises(ErreurMetier, match="annulez d’abord le vote"):
        votes.ouvrir_vote(point, par=agent, objet="Encore ?", forme="nominatif")

    votes.annuler_vote(vote, par=agent, motif="Encore un.")


def test_who_stepped_aside_from_one_of_many_projets_neither_debates_nor_votes_and_reads_why(agent, client):
    projet, autre = projet_a(), projet_a()
    seance = seance_de(PILOTAGE)
    point = inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    PointDossier.objects.create(point=point, dossier=autre.dossier_ptr)
    convies = tenir(seance, membres=3)
    elue = convies[0].membre.compte
    comites.noter_deport(projet, par=agent, compte=elue)
    ecran = reverse("seances:ma_seance_en_cours", args=[seance.pk])
    client.force_login(elue)
    parole.demander_la_parole(Convie.objects.get(pk=convies[0].pk), par=elue)

    points.passer_au_point(point, par=agent)
    vote = votes.ouvrir_vote(point, par=agent, objet="Les retenir ?", forme="nominatif")
    page = lire(client.get(ecran))

    assert set(vote.inscrits) == {str(convie.pk) for convie in convies[1:]}
    assert f"Déport de {projet.reference}." in re.sub(r"</?span[^>]*>", "", page)
    assert autre.reference not in point.deports.get().motif
    assert 'name="sens"' not in page
    assert "Demander la parole" not in page
    assert "prenez pas part au débat" in lire(
        client.post(reverse("seances:parler", args=[seance.pk]), follow=True)
    )
    assert not Parole.objects.filter(fin=None, retiree_le=None).exists()
    # She may still be heard, and the decision on both projets holds.
    parole.demander_la_parole(Convie.objects.get(pk=convies[0].pk), par=agent)
    for convie in convies[1:]:
        votes.voter_pour(vote, voix=convie, sens="pour", par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    for lien in point.liens_dossiers.all():
        points_decisions.decider(
            lien, "ajourner", par=agent, reponses={"motif": "Il manque un devis."}, ecart="Devis attendu."
        )


# Agendas


def test_each_comite_gets_the_projets_that_await_it_and_no_other():
    examine, propose = projet_a("instruction"), projet_a("propose")
    ajourne_avant = projet_a("ajourne", motif_decision="x")
    Projet.objects.filter(pk=ajourne_avant.pk).update(avis_technique="")
    ajourne_apres = projet_a("ajourne", motif_decision="x")
    projet_a("depose")
    projet_a("refuse", motif_decision="x")

    technique = {c.projet.pk for c in candidats(TECHNIQUE)}
    pilotage = {c.projet.pk for c in candidats(PILOTAGE)}

    assert technique == {examine.pk, ajourne_avant.pk, ajourne_apres.pk}
    assert pilotage == {propose.pk, ajourne_apres.pk}


def marquer(projet, par, note):
    for critere in projet.programmation.criteres.all():
        evaluation, _ = Evaluation.objects.get_or_create(projet=projet, instructeur=par)
        Jugement.objects.create(
            evaluation=evaluation,
            critere=critere,
            **(
                {"note": note}
                if critere.forme == "note"
                else {"resultat": "non_rempli", "raison": "Il manque une pièce."}
            ),
        )


def test_the_best_marked_comes_first_and_its_mark_is_said(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    sans, moyen, bon = (projet_a(programmation=programmation) for _ in range(3))
    marquer(moyen, agent, 2)
    marquer(bon, agent, 5)

    rangs = candidats(PILOTAGE)

    assert [c.projet.pk for c in rangs] == [bon.pk, moyen.pk, sans.pk]
    assert rangs[0].raisons[0] == "note 100 sur 100"
    assert rangs[2].raisons[0] == "sans note"


def test_a_refusal_begins_with_what_the_grid_says_is_not_met(client, agent):
    projet = projet_a()
    projet.programmation.criteres.filter(etape="recevabilite").update(
        phrase_negative="Le dossier est incomplet."
    )
    marquer(projet, agent, 1)
    client.force_login(agent)

    page = client.get(reverse("contrat_ville:refuser", args=[projet.pk])).content.decode()

    assert "Le dossier est incomplet." in page


def test_a_projet_is_on_one_agenda_at_a_time(agent):
    projet, seance = projet_a(), seance_de(PILOTAGE)
    assert "inscrivez le projet au comité de pilotage</a>" in phrases(projet, agent)[1]
    inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    assert phrases(projet, agent)[1].startswith("il est à l’ordre du jour du comité de pilotage du")
    assert "inscrire_au_comite" not in projet.actes_permis_a(agent)

    with pytest.raises(ErreurMetier, match="déjà à l’ordre du jour"):
        inscription.inscrire_au_comite(projet, par=agent, seance=seance_de(PILOTAGE))
    with pytest.raises(ErreurMetier, match="n’a rien à en dire"):
        inscription.inscrire_au_comite(projet_a("instruction"), par=agent, seance=seance)


@pytest.mark.parametrize(("points", "combien"), [("projet", 3), ("axe", 1)])
def test_an_agent_fills_the_agenda_from_the_ranked_list(client, agent, points, combien):
    programmation, seance = ProgrammationFactory(en_instruction=True), seance_de(PILOTAGE)
    projets = [projet_a(programmation=programmation) for _ in range(3)]
    client.force_login(agent)
    adresse = reverse("contrat_ville:preparer_comite", args=[PILOTAGE])

    page = client.get(adresse).content.decode()
    reponse = client.post(
        adresse, {"seance": seance.pk, "points": points, "projets": [p.pk for p in projets]}
    )

    assert f"1. {projets[0].titre}" in page
    assert reponse.status_code == 302
    assert seance.points.count() == combien
    assert [lien.dossier_id for lien in PointDossier.objects.order_by("point__ordre", "ordre")] == [
        p.pk for p in projets
    ]


def test_a_long_list_is_filled_page_by_page(client, agent, monkeypatch):
    monkeypatch.setattr("contrat_ville.comites.vues.A_EXAMINER", 2)
    programmation, seance = ProgrammationFactory(en_instruction=True), seance_de(PILOTAGE)
    projets = [projet_a(programmation=programmation) for _ in range(3)]
    client.force_login(agent)
    adresse = reverse("contrat_ville:preparer_comite", args=[PILOTAGE])

    une, deux = (client.get(f"{adresse}?page={n}") for n in (1, 2))
    assert [une.context["form"].initial["projets"], deux.context["form"].initial["projets"]] == [
        [str(p.pk) for p in projets[:2]],
        [str(projets[2].pk)],
    ]
    assert [p.titre in lire(deux) for p in projets] == [False, False, True]
    client.post(f"{adresse}?page=2", {"seance": seance.pk, "points": "projet", "projets": [projets[2].pk]})

    assert PointDossier.objects.get().dossier_id == projets[2].pk


def test_chosen_rows_of_the_list_are_put_on_an_agenda_and_the_refused_are_named(client, agent):
    seance, bon, trop_tot = seance_de(PILOTAGE), projet_a(), projet_a("instruction")
    client.force_login(agent)
    liste = reverse("contrat_ville:projets")

    reponse = client.post(
        liste,
        {"lot": "inscrire_au_comite", "reste": f"{bon.pk},{trop_tot.pk}", "seance": seance.pk},
        follow=True,
    )

    assert PointDossier.objects.get().dossier_id == bon.pk
    assert "1 sur 2" in reponse.content.decode()
    assert "n’a rien à en dire" in reponse.content.decode()


def test_a_decision_outside_of_the_seance_that_awaits_it_is_warned_about(client, agent):
    projet, seance = projet_a(), seance_de(PILOTAGE)
    client.force_login(agent)
    adresse = reverse("contrat_ville:retenir", args=[projet.pk])
    assert "décider sans elle" not in client.get(adresse).content.decode()

    inscription.inscrire_au_comite(projet, par=agent, seance=seance)

    assert "décider sans elle" in client.get(adresse).content.decode()


def test_members_read_dossier_grid_opinions_and_envelopes_before_and_who_steps_aside_does_not(client, agent):
    projet = projet_a(
        "propose", raisons_techniques="Utile au quartier.", description="Un jardin tenu par tous."
    )
    seance = seance_de(PILOTAGE)
    enveloppe(projet.programmation, financeur_de(projet), 300)
    inscription.inscrire_au_comite(projet, par=agent, seance=seance)
    membre, deportee, ailleurs = (CompteFactory(elu=True) for _ in range(3))
    for compte in (membre, deportee):
        siege = MembreFactory(compte=compte, college=CollegeFactory(mandature=seance.mandature))
        Convie.objects.create(seance=seance, membre=siege, convoque_le=timezone.now())
    comites.noter_deport(projet, par=agent, compte=deportee)
    Seance.objects.filter(pk=seance.pk).update(etat="convoquee")
    adresse = reverse("contrat_ville:dossiers_du_comite", args=[seance.pk])

    client.force_login(membre)
    page = client.get(adresse).content.decode()
    for dit in ("Un jardin tenu par tous", "Utile au quartier", "300\xa0€", "Grille", "Avis"):
        assert dit in page
    assert adresse in client.get(reverse("seances:ma_seance", args=[seance.pk])).content.decode()
    client.force_login(deportee)
    page = client.get(adresse).content.decode()
    assert "Un jardin tenu par tous" not in page
    assert "Vous vous déportez" in page
    client.force_login(ailleurs)
    assert client.get(adresse).status_code == 404


def test_the_dossiers_of_a_seance_are_read_together_however_many_they_are(client, agent):
    premier, seance = projet_a("propose"), seance_de(PILOTAGE)
    enveloppe(premier.programmation, financeur_de(premier), 300)
    adresse = reverse("contrat_ville:dossiers_du_comite", args=[seance.pk])
    client.force_login(agent)
    inscription.inscrire_au_comite(premier, par=agent, seance=seance)
    client.get(adresse)  # what is kept for a minute is read once
    un_seul = requetes(client, adresse)
    for _ in range(2):
        autre = projet_a("propose", programmation=premier.programmation, financeur=financeur_de(premier))
        inscription.inscrire_au_comite(autre, par=agent, seance=seance)

    trois = requetes(client, adresse)

    assert len(trois) == len(un_seul)


def test_the_team_reads_when_a_comite_looks_at_its_projet_and_that_an_adjournment_is_no_decision(
    client, agent
):
    ReglageService.objects.update_or_create(pk=1, defaults={"voies_de_recours": "Devant le tribunal."})
    porteuse = CompteFactory()
    projet, seance = projet_a(equipe=[porteuse]), seance_de()
    sienne = reverse("contrat_ville:mon_projet", args=[projet.pk])
    client.force_login(porteuse)
    assert "le comité de pilotage décide, puis" in lire(client.get(sienne))

    lien = en_seance(projet, seance, agent)

    jour = lisible(jour_texte(seance.debut))
    assert f"le comité de pilotage décide le {jour}" in lisible(lire(client.get(sienne)))
    points_decisions.decider(lien, "ajourner", par=agent, reponses={"motif": "Le local n’est pas prêté."})
    lettre = Courriel.objects.get(acte="contrat_ville/ajourner").corps
    assert "à compléter, nous vous le demandons" in lettre
    assert "Devant le tribunal." not in lettre
    assert "le projet revient devant un comité." in lire(client.get(sienne))
    client.force_login(agent)
    assert "demandez à l’équipe de compléter" in lire(client.get(projet.get_absolute_url()))
    suivante = seance_de(debut=seance.debut + timedelta(days=20), fin=seance.fin + timedelta(days=20))
    inscription.inscrire_au_comite(projet, par=agent, seance=suivante)
    assert "il est à l’ordre du jour du" in lire(client.get(projet.get_absolute_url()))


def test_the_page_of_a_decision_says_before_the_button_that_too_few_are_there(client, agent):
    projet, seance = projet_a(), seance_de()
    lien = en_seance(projet, seance, agent)
    client.force_login(agent)
    adresse = reverse("seances:decider_dossier", args=[lien.pk, "ajourner"])
    assert "elle est prise sans vote" in lire(client.get(adresse))

    Presence.objects.update(depart=timezone.now())

    assert "Aucune décision ne peut être prise" in lire(client.get(adresse))
