"""Examination of a projet: instructeur assigned by rule, grid read by two people, compléments, comments."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import budget
from contrat_ville.instruction import actes as instruction
from contrat_ville.instruction import echanges
from contrat_ville.instruction.actes import Reponse
from contrat_ville.instruction.lectures import grille_de, pourquoi_moi
from contrat_ville.models import (
    Axe,
    Commentaire,
    Critere,
    Equipier,
    MessageProjet,
    Projet,
    RegleDeRepartition,
    TypePiece,
)
from contrat_ville.projets.espace import attentes_de
from contrat_ville.regles import Note, dire_l_ecart, ecart, moyenne, score
from contrat_ville.workflow import Etat
from participation.socle.actions import fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import montant
from participation.socle.lectures.dossier_complet import photographie
from participation.socle.models import Courriel
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.outils import constant_queries, ensemble, jour, lire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def critere(projet, **champs):
    options = {"etape": "merite", "forme": "note", "note_max": 5, "poids": 1, **champs}
    return Critere.objects.create(programmation=projet.programmation, **options)


# Arithmetic


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 20)), min_size=1, max_size=30))
def test_a_score_is_between_nought_and_a_hundred_and_does_not_depend_on_the_order(notes):
    lues = [Note(note, 5, poids) for note, poids in notes]

    assert 0 <= score(lues) <= 100
    assert score(lues) == score(list(reversed(lues)))


def test_a_weight_counts_and_what_is_not_marked_does_not():
    assert score([Note(5, 5, 3), Note(0, 5, 1)]) == 75
    assert score([]) is None
    assert moyenne([None, Fraction(40), Fraction(60)]) == 50
    assert ecart([Fraction(40), None]) == 0
    assert (
        dire_l_ecart([Fraction(20), Fraction(70)], 25) == "Les lectures diffèrent de 50 points : à discuter."
    )
    assert dire_l_ecart([Fraction(60), Fraction(70)], 25) == ""


# Instructeur


def test_a_projet_goes_to_the_least_loaded_of_the_first_rule_that_fits(agent):
    autre, ailleurs = CompteFactory(agent=True), CompteFactory(agent=True)
    ProjetFactory(en_instruction=True, agent=agent)
    culture = RegleDeRepartition.objects.create(ordre=1, culture=True)
    culture.instructeurs.add(ailleurs)
    egalite = RegleDeRepartition.objects.create(ordre=2, axe=Axe.objects.get(nom="Égalité"))
    egalite.instructeurs.add(agent, autre)
    projet = ProjetFactory(axe=Axe.objects.get(nom="Égalité"))

    instruction.repartir(projet)

    projet.refresh_from_db()
    assert projet.agent == autre
    assert "axe Égalité" in pourquoi_moi(projet).motif
    assert Courriel.objects.get(acte="contrat_ville/repartir").destinataires == [autre.courriel]


def test_without_a_rule_a_projet_is_nobody_s_and_every_agent_sees_it(client, agent, projet):
    instruction.repartir(projet)
    client.force_login(agent)

    assert projet.agent is None
    assert "personne n’en est chargé" in client.get(reverse("socle:journee")).content.decode()

    depose_le = timezone.localtime() - timedelta(days=12)
    Projet.objects.filter(pk=projet.pk).update(depose_le=depose_le)
    fixer_echeance(projet, "recevabilite", libelle="Dire s’il est recevable", date_limite=jour(-3))
    retards, *autres = client.get(reverse("socle:journee")).context["parties"]
    assert [(une.fort, une.faible) for une in retards.lignes] == [
        ("3 jours", "de retard, 12 jours d’attente")
    ]
    assert not any("recevabilité" in une.tache.quoi for partie in autres for une in partie.lignes)
    liste = client.get(reverse("contrat_ville:projets")).content.decode()
    assert re.search(r", en retard de 3.jours</strong><br><span class=\"discret\">12.jours.d’attente", liste)


def test_who_left_the_service_is_given_nothing(projet):
    regle = RegleDeRepartition.objects.create()
    regle.instructeurs.add(CompteFactory())

    instruction.repartir(projet)

    assert projet.agent is None


def test_another_instructor_is_told_why(agent, projet):
    autre = CompteFactory(agent=True)

    instruction.reaffecter(projet, par=agent, agent=autre, motif="Elle connaît le quartier.")

    assert Projet.objects.get(pk=projet.pk).agent == autre
    assert "Elle connaît le quartier." in Courriel.objects.get(acte="contrat_ville/reaffecter").corps
    with pytest.raises(ErreurMetier, match="instruit déjà"):
        instruction.reaffecter(projet, par=agent, agent=autre, motif="Encore.")


# Grid


def test_two_instructors_read_apart_and_their_disagreement_is_said(agent, projet):
    autre, note = CompteFactory(agent=True), critere(projet, intitule="Réaliste")
    rempli = critere(projet, intitule="Dans un quartier", etape="recevabilite", forme="oui_non")
    instruction.evaluer(
        projet, par=agent, reponses={note.pk: Reponse(note=5), rempli.pk: Reponse("rempli")}, synthese="Oui."
    )
    instruction.evaluer(
        projet,
        par=autre,
        reponses={note.pk: Reponse(note=1), rempli.pk: Reponse("non_rempli", raison="Hors du quartier.")},
        synthese="Non.",
    )

    grille = grille_de(projet)

    assert grille.scores == [100, 20]
    assert grille.note == 60
    assert "80 points" in grille.desaccord
    assert [ligne.critere.intitule for ligne in grille.lignes if ligne.est_discutee] == ["Dans un quartier"]


def test_a_criterion_not_met_without_a_reason_and_a_mark_over_the_highest_are_refused(agent, projet):
    note = critere(projet, intitule="Réaliste")
    oui_non = critere(projet, intitule="Complet", etape="recevabilite", forme="oui_non")

    for reponses, dit in (
        ({oui_non.pk: Reponse("non_rempli")}, "Dites pourquoi"),
        ({note.pk: Reponse(note=6)}, "sur 5"),
    ):
        with pytest.raises(ValidationError, match=dit):
            instruction.evaluer(projet, par=agent, reponses=reponses, synthese="")


def test_one_instructor_in_two_windows_loses_nothing(client, agent, projet):
    note = critere(projet, intitule="Réaliste")
    client.force_login(agent)
    adresse = reverse("contrat_ville:evaluer", args=[projet.pk])
    client.post(adresse, {"vu": "0", f"c{note.pk}": "4", "synthese": "La première."})

    page = client.post(adresse, {"vu": "0", f"c{note.pk}": "2", "synthese": "La seconde."}).content.decode()

    assert "dans une autre fenêtre" in page
    assert "La seconde." in page
    assert grille_de(projet).evaluations[0].synthese == "La première."


@pytest.mark.django_db(transaction=True)
def test_two_instructors_at_once_lose_nothing():
    projet, note = ProjetFactory(), None
    note = critere(projet, intitule="Réaliste")

    def remplir(compte, valeur):
        lu = Projet.objects.select_related("programmation").get(pk=projet.pk)
        return lambda: instruction.evaluer(
            lu, par=compte, reponses={note.pk: Reponse(note=valeur)}, synthese=""
        )

    issues = ensemble(remplir(CompteFactory(agent=True), 5), remplir(CompteFactory(agent=True), 3))

    assert issues == ["fait", "fait"]
    assert sorted(grille_de(projet).scores) == [60, 100]


def test_a_grid_that_eliminates_keeps_from_declaring_it_receivable(agent, projet):
    oui_non = critere(
        projet, intitule="Un projet", etape="recevabilite", forme="oui_non", est_eliminatoire=True
    )
    instruction.evaluer(
        projet,
        par=agent,
        reponses={oui_non.pk: Reponse("non_rempli", raison="Du fonctionnement.")},
        synthese="",
    )

    with pytest.raises(ErreurMetier, match="« Un projet »"):
        instruction.declarer_recevable(projet, par=agent)


# History of the porteur


def test_a_bilan_that_is_late_blocks_a_new_projet_until_somebody_says_why_not(agent, projet):
    ancien = ProjetFactory(bilan_attendu=True, porte_par=projet.porte_par)
    fixer_echeance(ancien, "bilan", libelle="Rendre le bilan", date_limite=jour(-3))
    with pytest.raises(ErreurMetier, match="doit le bilan"):
        instruction.declarer_recevable(projet, par=agent)

    instruction.lever_bilan_manquant(projet, par=agent, motif="Reçu sur papier, pas encore saisi.")
    instruction.declarer_recevable(projet, par=agent)

    assert projet.etat == Etat.INSTRUCTION


# Requests to the team


def test_a_complement_stops_the_clock_and_opens_the_projet_again(agent):
    porteuse = CompteFactory()
    brouillon_filed = ProjetFactory(equipe=[porteuse])
    fixer_echeance(brouillon_filed, "recevabilite", libelle="Dire", date_limite=jour(10), est_legale=True)
    with pytest.raises(ErreurMetier):
        brouillon_du_depot.enregistrer_brouillon(brouillon_filed, par=porteuse, objet="Trop tôt.")

    echanges.demander_complement(brouillon_filed, par=agent, texte="Le budget est flou.", date_limite=jour(8))

    assert brouillon_filed.echeances.get(cle="recevabilite").suspendue_le is not None
    brouillon_du_depot.enregistrer_brouillon(brouillon_filed, par=porteuse, objet="Plus clair.")
    echanges.completer(brouillon_filed, par=porteuse, reponse="Nous avons précisé.")
    assert brouillon_filed.echeances.get(cle="recevabilite").suspendue_le is None
    assert Projet.objects.get(pk=brouillon_filed.pk).objet == "Plus clair."
    with pytest.raises(ErreurMetier):
        brouillon_du_depot.enregistrer_brouillon(brouillon_filed, par=porteuse, objet="Trop tard.")


def test_what_a_complement_changed_is_read_word_by_word_by_the_instructor_alone(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse], objet="Un jardin tenu par tous.")
    echanges.demander_complement(projet, par=agent, texte="Précisez.", date_limite=jour(8))
    client.force_login(agent)
    assert "Complément reçu" not in client.get(projet.get_absolute_url()).content.decode()

    brouillon_du_depot.enregistrer_brouillon(
        projet, par=porteuse, objet="Un verger tenu par tous.", moyens_humains=""
    )
    budget.ecrire_budget(projet, par=porteuse, lignes=[budget.LigneSaisie("depense", "601", Decimal(1200))])
    echanges.completer(projet, par=porteuse, reponse="Un verger, plutôt.")

    page = client.get(projet.get_absolute_url()).content.decode()
    assert "Complément reçu le" in page
    assert re.search(r"<del>.{0,60}jardin.{0,60}</del><ins>.{0,60}verger.{0,60}</ins>", page)
    assert re.search(r"<ins>[^\n]{0,90}200", page), re.findall(r"<p class=.comparaison.>.*", page)
    client.force_login(porteuse)
    assert "Complément reçu le" not in client.get(projet.get_porteur_url()).content.decode()


def test_the_pdf_of_a_whole_projet_holds_its_budget_its_money_and_its_grids(agent):
    projet = ProjetFactory(etat="instruction")
    utile = critere(projet, intitule="Utile aux habitants")
    instruction.evaluer(projet, par=agent, reponses={utile.pk: Reponse(note=4)}, synthese="À soutenir.")

    lus = {tableau["titre"]: tableau["lignes"] for tableau in photographie(projet)["tableaux"]}

    financement = projet.financements.get()
    assert lus["Subventions"][0][:2] == [financement.financeur.nom, montant(financement.demande)]
    assert [*lus["Dépenses prévues"][-1]][:2] == ["Total en argent", montant(projet.montant_total)]
    assert ["Utile aux habitants", "4 sur 5", "–"] in lus[f"Grille de {agent}, 80 sur 100"]
    assert ["Porté par", projet.porte_par.nom] in lus["Le projet"]


def test_the_team_takes_away_its_own_papers_alone(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse])
    echanges.demander_complement(projet, par=agent, texte="Le RIB.", date_limite=jour(8))
    note = joindre(projet, fichier=SimpleUploadedFile("n.txt", b"note"), titre="Note interne", par=agent)
    statuts = brouillon_du_depot.joindre_au_projet(
        projet,
        par=porteuse,
        type_piece=TypePiece.objects.first(),
        fichier=SimpleUploadedFile("s.txt", b"statuts"),
    )
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:rediger", args=[projet.pk, "pieces"])

    recus = [client.post(adresse, {"retirer": piece.pk}).status_code for piece in (note, statuts, statuts)]

    assert recus == [404, 302, 404]
    assert list(projet.pieces.filter(retiree_le=None)) == [note]


def test_one_complement_at_a_time(agent, projet):
    echanges.demander_complement(projet, par=agent, texte="Un.", date_limite=jour(8))

    with pytest.raises(ErreurMetier, match="déjà demandé"):
        echanges.demander_complement(projet, par=agent, texte="Deux.", date_limite=jour(8))


def test_while_a_complement_is_awaited_nobody_reads_that_the_service_checks_the_projet(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse])
    echanges.demander_complement(projet, par=agent, texte="Un.", date_limite=jour(8))

    assert "l’équipe complète le projet au plus tard le" in projet.ensuite()
    assert "demander_complement" not in projet.actes_permis_a(agent)
    for qui, page in (
        (porteuse, reverse("contrat_ville:mes_projets")),
        (porteuse, projet.get_porteur_url()),
        (agent, projet.get_absolute_url()),
    ):
        client.force_login(qui)
        lue = client.get(page).content.decode()
        assert "l’équipe complète le projet" in lue
        assert "le service vérifie" not in lue

    client.force_login(porteuse)
    etape = client.get(reverse("contrat_ville:rediger", args=[projet.pk, "projet"])).content.decode()
    assert "Renvoyer" in etape
    assert "Relire et déposer" not in etape

    projet.demandes.update(date_limite=jour(-12))
    assert "en retard de 12\xa0jours" in projet.ensuite()


def test_a_comment_is_open_then_resolved_then_closed(agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse])
    commentaire = echanges.commenter_champ(projet, par=agent, champ="publics", texte="Quel âge ?")
    assert Courriel.objects.get(acte="contrat_ville/commenter_champ").destinataires == [porteuse.courriel]

    with pytest.raises(RoleInsuffisant):
        echanges.resoudre_commentaire(commentaire, par=agent, reponse="Moi-même.")
    echanges.resoudre_commentaire(commentaire, par=porteuse, reponse="Dix ans.")
    echanges.clore_commentaire(commentaire, par=agent)

    assert commentaire.etat == Commentaire.Etat.CLOS
    with pytest.raises(ActeInterdit):
        echanges.clore_commentaire(commentaire, par=agent)


def test_each_side_is_told_of_what_the_other_writes_and_what_waits_is_seen(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse], agent=agent)

    message = echanges.ecrire_message(projet, par=porteuse, texte="Peut-on décaler ?")
    echanges.ecrire_message(projet, par=agent, texte="Oui.")

    envoyes = Courriel.objects.filter(acte="contrat_ville/ecrire_message").order_by("pk")
    assert [lettre.destinataires for lettre in envoyes] == [[agent.courriel], [porteuse.courriel]]
    client.force_login(agent)
    assert "Lire un message du porteur" in client.get(reverse("socle:journee")).content.decode()
    echanges.lire_message(message, par=agent)
    assert not MessageProjet.objects.a_lire_par_le_service().exists()


def test_who_must_act_sees_what_waits_with_its_day(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(equipe=[porteuse], en_instruction=True, agent=agent)
    soutenu = ProjetFactory(equipe=[porteuse], notifie=True, agent=agent)
    for texte in ("Quel âge ?", "Combien ?"):
        echanges.commenter_champ(projet, par=agent, champ="publics", texte=texte)
    echanges.demander_complement(projet, par=agent, texte="Précisez.", date_limite=jour(8))
    client.force_login(porteuse)

    for adresse in (reverse("contrat_ville:mes_projets"), projet.get_porteur_url()):
        page = client.get(adresse).content.decode()
        assert "Répondre à 2 commentaires du service" in page.replace("\xa0", " ")
        assert f"{projet.get_porteur_url()}#a-completer" in page
    assert attentes_de([soutenu]) == {}
    client.force_login(agent)
    journee = client.get(reverse("socle:journee")).content.decode()
    assert "Remplir la grille" in journee
    assert "Enregistrer la convention" in journee
    assert "au comité de pilotage" not in journee
    ProjetFactory(propose=True)
    assert "Inscrire 1" in client.get(reverse("socle:journee")).content.decode()


# Pages


def test_four_projets_cost_what_one_costs(client, agent):
    programmation = ProgrammationFactory()
    client.force_login(agent)

    constant_queries(
        client, reverse("contrat_ville:projets"), lambda: ProjetFactory(programmation=programmation)
    )


def test_the_page_of_a_projet_shows_its_examination_to_agents_alone(client, agent, projet):
    note = critere(projet, intitule="Réaliste")
    instruction.evaluer(projet, par=agent, reponses={note.pk: Reponse(note=4)}, synthese="Solide.")
    client.force_login(agent)

    page = client.get(projet.get_absolute_url()).content.decode()

    assert "Solide." in page
    client.force_login(Equipier.objects.get(projet=projet).compte)
    assert "Solide." not in client.get(projet.get_porteur_url()).content.decode()


def test_the_letter_that_asks_what_is_missing_and_the_one_that_refuses_are_shown_before_they_leave(
    client, agent, projet
):
    client.force_login(agent)
    for acte, dit in (
        ("demander_complement", {"texte": "Le budget est flou.", "date_limite": jour(8).isoformat()}),
        ("declarer_irrecevable", {"motif": "Le projet est hors du contrat."}),
    ):
        page = client.post(reverse(f"contrat_ville:{acte}", args=[projet.pk]), {**dit, "apercu": "oui"})
        assert next(iter(dit.values())) in lire(page), acte
    assert not Courriel.objects.exists()
    assert Projet.objects.get(pk=projet.pk).etat == projet.etat


def test_projets_are_listed_by_what_they_count_as_too(client, agent, projet):
    culture = ProjetFactory(est_culture=True, titre="La fanfare")
    client.force_login(agent)
    liste = lire(client.get(reverse("contrat_ville:projets"), {"aussi": "est_culture"}))
    assert (culture.titre in liste, projet.titre in liste) == (True, False)
