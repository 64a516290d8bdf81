"""Each letter, by mail, by SMS or on paper, is written by the demonstration or by a test that `tests/greffons/lettres.txt` names."""

import ast

import pytest
from django.utils import timezone

from participation.rencontres.models import Animateur
from participation.socle.courriels import ecriture
from participation.socle.courriels.message import html_de
from participation.socle.models import Courriel, Courrier
from participation.socle.templatetags.lettres import PORTE
from petitions.models import SeuilEnAttente
from tests.budgets.factories import budget_en, idee_de, projet_de
from tests.ccspl.factories import AvisFactory
from tests.contrat_ville.factories import ProjetFactory
from tests.contrat_ville.quartiers import groupe_de, suivi_de
from tests.droits.factories import DemandeDroitFactory
from tests.greffons.lettres import DOSSIERS, temoins
from tests.maison import GABARITS, RACINE
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RemonteeFactory
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.seances.factories import MembreFactory, SeanceFactory
from tests.socle.factories import CompteFactory


def toutes() -> set[str]:
    return {
        str(chemin.relative_to(GABARITS)).removesuffix(".txt")
        for dossier in DOSSIERS
        for chemin in (GABARITS / dossier).rglob("*.txt")
        if not chemin.name.startswith("_")
    }


@pytest.mark.usefixtures("demonstration")
def test_each_letter_is_written_by_the_demonstration_or_by_the_test_that_is_named():
    dossier_de = {moyen: dossier for dossier, moyen in DOSSIERS.items()}
    jouees = {
        f"{dossier_de[moyen]}/{acte}"
        for moyen, acte in Courriel.objects.values_list("moyen", "acte").distinct()
    } | {f"papier/{lettre}" for lettre in Courrier.objects.values_list("lettre", flat=True).distinct()}
    nommees = dict(temoins())

    assert toutes() - jouees - set(nommees) == set()
    assert set(nommees) - toutes() == set()  # a letter that is no more
    une_de_chaque = Courriel.objects.filter(moyen=Courriel.Moyen.COURRIEL).order_by("acte", "pk")
    assert [c.acte for c in une_de_chaque.distinct("acte") if "<h1" not in html_de(c)] == []


def test_each_test_that_is_named_is_there():
    fonctions = {}
    for lettre, essai in temoins():
        chemin, _, nom = essai.partition("::")
        if chemin not in fonctions:
            arbre = ast.parse((RACINE / chemin).read_text(encoding="utf-8"))
            fonctions[chemin] = {n.name for n in ast.walk(arbre) if isinstance(n, ast.FunctionDef)}
        assert nom.partition("[")[0] in fonctions[chemin], f"{lettre}: {essai}"


def _de_budget(**dit):
    projet = projet_de(budget_en("vote"), etat="au_vote")
    return {
        "projet": projet,
        "idee": projet.idees.get(),
        "page": "/p/",
        "lien": "/l/",
        "desabonnement": "/d/",
        **dit,
    }


def _de_place(**dit):
    place = InscriptionFactory()
    place.offerte_jusqu_a = timezone.now()
    return {"inscription": place, "evenement": place.evenement, "mots": place.evenement.MOTS, "lien": "/l/", "court": "/s/l/", **dit}  # fmt: skip


def _de_seuil():
    petition = PetitionFactory(en_collecte=True)
    seuil = petition.reglement.seuils.first()
    return {
        "petition": petition,
        "lien": "/l/",
        "seuil": seuil,
        "attente": SeuilEnAttente(petition=petition, seuil=seuil),
    }


def _d_animateur():
    rencontre = RencontreFactory()
    return {
        "rencontre": rencontre,
        "animateur": Animateur(rencontre=rencontre, nom="Alma", role="Note"),
        "lien": "/l/",
    }


def _d_invite():
    seance = SeanceFactory()
    return {"seance": seance, "instance": seance.instance, "invite": {"nom": "Alma Essai"}}


def _de_groupe():
    return {
        "groupe": groupe_de(suivi_de(), CompteFactory(agent=True)),
        "motif": "La salle est fermée.",
        "lien": "/l/",
    }


def _de_projet(**dit):
    return {"projet": ProjetFactory(motif_decision="Hors du quartier."), "motif": "Une pièce manque.", "date_limite": timezone.localdate(), **dit}  # fmt: skip


def _de_recours():
    recours = {
        "recu_le": timezone.localdate(),
        "texte": "Nous contestons.",
        "date_limite": timezone.localdate(),
    }
    return _de_projet(
        recours={**recours, "issue": "confirmee", "reponse": "Rien de nouveau."}, est_a_temps=True
    )


def _de_convocation(**dit):
    seance = SeanceFactory()
    membre = MembreFactory(college__mandature__instance=seance.instance)
    convocation = {"nature": "premiere", "mot": "", "motif": ""}
    return {"seance": seance, "instance": seance.instance, "convocation": convocation, "points": [], "membre": membre, "remplace": {"membre": membre}, **dit}  # fmt: skip


def _de_panel(**dit):
    debut = timezone.now()
    return {"panel": {"titre": "L’eau"}, "titre": "L’eau", "dit": "un transport", "debut": debut, "lieu": "Salle 1", "telephone": "", "avant": debut, **dit}  # fmt: skip


# What is written in rare cases: « courriels/budgets/retirer_idee » and the words that this letter is given.
ECHANTILLONS = {
    "courriels/budgets/achever_projet": _de_budget,
    "courriels/budgets/retirer_du_vote": lambda: _de_budget(motif="Le terrain est vendu."),
    "courriels/budgets/retirer_idee": lambda: {"idee": idee_de(budget_en()), "lien": "/l/", "desabonnement": "/d/"},
    "courriels/ccspl/rouvrir_redaction": lambda: {"avis": AvisFactory(), "motif": "Un oubli.", "lien": "/l/"},
    "courriels/contrat_ville/annuler_groupe": _de_groupe,
    "courriels/contrat_ville/lever_reserve": lambda: {"projet": ProjetFactory(), "motif": "Bilan reçu.", "lien": "/l/"},
    "courriels/contrat_ville/saisir_bilan": lambda: {"projet": ProjetFactory(), "recu_le": timezone.localdate(), "lien": "/l/"},
    "courriels/droits/refuser_demande": lambda: {"demande": DemandeDroitFactory(), "motif": "Fermez votre compte."},
    "courriels/petitions/perdre_seuil_agents": _de_seuil,
    "courriels/petitions/seuil_en_attente": _de_seuil,
    "courriels/rencontres/ajouter_animateur": _d_animateur,
    "courriels/seances/desinviter": _d_invite,
    "courriels/tirage/annoncer_chances": lambda: {"porte": PORTE, "titre": "Panel", "numero": "V00001", "chances": 412, "jour": timezone.localdate(), "page": "/p/"},
    **dict.fromkeys(("papier/contrat_ville/ajourner", "papier/contrat_ville/declarer_irrecevable", "papier/contrat_ville/lever_reserve", "papier/contrat_ville/renvoyer_bilan", "papier/contrat_ville/rouvrir"), _de_projet),
    "papier/contrat_ville/clore": lambda: _de_projet(mot="Merci."),
    "papier/contrat_ville/recevoir_recours": _de_recours,
    "papier/contrat_ville/repondre_recours": _de_recours,
    "papier/contrat_ville/saisir_bilan": lambda: _de_projet(recu_le=timezone.localdate()),
    "papier/droits/copier_donnees": dict,
    "papier/droits/effacer_personne": dict,
    "papier/droits/refuser_demande": lambda: {"demande": DemandeDroitFactory(), "motif": "Fermez votre compte."},
    **dict.fromkeys(("papier/panels/assurer_besoin", "papier/panels/ouvrir_questionnaires", "papier/panels/relancer_questionnaires"), _de_panel),
    "papier/renouvellement/appeler_suivant": lambda: {"campagne": {"denomination": "la commission", "instance": "CCSPL"}, "college": "Habitants", "candidature": {"numero": 3, "appel_jusqu_au": timezone.localdate()}},
    **dict.fromkeys(("papier/seances/convoquer_par_poste", "papier/seances/convoquer_suppleant", "papier/seances/nommer"), _de_convocation),
    "papier/suites/solliciter": lambda: {"combien": 1, "suites": [{"intitule": "Un banc", "titre": "Un banc", "depuis": timezone.localdate(), "est_dite_finie": True}]},
    "sms/droits/refuser_demande": lambda: {"demande": DemandeDroitFactory(), "motif": "Fermez votre compte."},
    "sms/inscriptions/annuler_inscription": _de_place,
    "sms/inscriptions/assurer_besoin": lambda: _de_place(besoin="un interprète"),
    "sms/inscriptions/attendre": lambda: _de_place(rang=2),
    "sms/inscriptions/laisser_passer": _de_place,
    "sms/inscriptions/obtenir_place": _de_place,
    "sms/inscriptions/proposer_place": _de_place,
    "sms/inscriptions/rappeler": _de_place,
    "sms/remontees/renvoyer": lambda: {"remontee": RemonteeFactory(), "adresse": "https://demarches.example.org/bac", "lien_court": "/s/l/"},
}  # fmt: skip


@pytest.mark.parametrize("lettre", ECHANTILLONS)
def test_a_sample_is_whole(db, lettre):
    dossier, _, nom = lettre.partition("/")
    sujet, corps = ecriture.composer(nom, ECHANTILLONS[lettre](), DOSSIERS[dossier])

    assert "None" not in sujet + corps
    assert dossier != "sms" or len(corps) <= 2 * 160
