"""Access tests: budgets of the quartiers and forums."""

import uuid

from participation.budgets.models import AuteurIdee, NoteDeTable
from participation.budgets.projets.faisabilite import demander_faisabilite
from participation.socle.models import Compte, Direction
from tests.budgets.factories import budget_en, forum_le, idee_de, inscription_a, jalon_de, projet_de, table_de
from tests.socle.factories import CompteFactory
from tests.socle.traductions.traduire import traduire


def monde_inter_quartiers(agent: Compte, direction: Direction) -> dict[str, list[object]]:
    ouvert = budget_en("discussion")
    etudie = budget_en("faisabilite")
    clos = budget_en("realisation", etat="clos", clos_le="2024-01-01T10:00:00Z")
    publiee = idee_de(ouvert, courriel="auteur-idee@example.org")
    demande = demander_faisabilite(projet_de(etudie), par=agent, direction=direction)
    forum = forum_le(budget=ouvert)
    projet = projet_de(ouvert)
    en_cours = projet_de(ouvert, etat="en_cours", direction=direction)
    return {
        "diq_budget": [ouvert.pk],
        "diq_prepare": [budget_en(etat="preparation").pk],
        "diq_clos": [clos.pk],
        "diq_phase": [ouvert.phases.get(nature="vote").pk],
        "diq_donnees": [ouvert.pk, "idees"],
        "diq_a_lire": [idee_de(ouvert, etat="a_lire").pk],
        "diq_publiee": [publiee.pk],
        "diq_publiee_ref": [publiee.reference],
        "diq_reunie": [projet.idees.get().pk],
        "diq_ecartee": [idee_de(ouvert, etat="ecartee", motif_refus="Non.").pk],
        "diq_suivi": [publiee.jeton()],
        "diq_auteur": [AuteurIdee.objects.get(idee=publiee).jeton()],
        "diq_cle": [uuid.uuid4()],
        "diq_projet": [projet.pk],
        "diq_projet_ref": [projet.reference],
        "diq_faisable": [projet_de(ouvert, etat="faisable").pk],
        "diq_au_vote": [projet_de(ouvert, etat="au_vote").pk],
        "diq_laureat": [projet_de(ouvert, etat="laureat").pk],
        "diq_en_cours": [en_cours.pk],
        "diq_jalon": [jalon_de(en_cours).pk],
        "diq_etude": [demande.jeton()],
        "diq_forum": [forum.pk],
        "diq_traduction": [traduire(forum, agent, CompteFactory(agent=True), "falc", "On se réunit.").pk],
        "diq_forum_prepare": [forum_le(etat="preparation").pk],
        "diq_forum_tenu": [forum_le(-100, etat="tenu").pk],
        "diq_table": [table_de(forum).pk],
        "diq_note": [NoteDeTable.objects.create(table=table_de(forum, 3), texte="À relire").pk],
        "diq_table_jeton": [table_de(forum, 2).jeton()],
        "diq_inscription": [inscription_a(forum).pk],
        "diq_offerte": [inscription_a(forum, etat="offerte", offerte_jusqu_a=forum.debut).pk],
        "diq_inscription_jeton": [inscription_a(forum).jeton()],
        "diq_place_jeton": [inscription_a(forum, etat="a_confirmer").jeton_de_confirmation()],
    }
