"""Routing of a remontée: rules tried before they are saved, other authorities, what needs an agent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from remontees.models import ChangementDeRegle, RegleDeRoutage
from remontees.routage import actes as routage
from remontees.routage.lectures import (
    Cas,
    Regle,
    destination_de,
    essayer_regle,
    organisme_propose,
    pourquoi_ici,
    premiere,
)
from remontees.tri import actes as tri
from remontees.tri import drapeaux
from remontees.workflow import Canal, Etat, EtatAttribution
from tests.outils import lire
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    OrganismeFactory,
    RapporteurFactory,
    RegleFactory,
    RemonteeFactory,
    categorie,
)
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cas", "attendue"),
    [
        (Cas(11, 1, "38169", None, "accueil"), 1),
        (Cas(12, 1, "38185", None, "accueil"), 2),
        (Cas(12, 2, "38185", 7, "accueil"), 3),
        (Cas(None, None, None, None, "site"), 4),
        (Cas(), None),
    ],
)
def test_the_first_rule_that_fits_is_the_one(cas, attendue):
    regles = [
        Regle(1, "", categorie=11, commune="38169"),
        Regle(2, "", categorie=1),
        Regle(3, "", quartier=7),
        Regle(4, "", canal="site"),
    ]

    trouvee = premiere(regles, cas)

    assert (trouvee.cle if trouvee else None) == attendue


def test_a_rule_gives_each_direction_its_part_and_the_dossier_says_why(agent):
    une, deux, referente = DirectionFactory(), DirectionFactory(), CompteFactory(agent=True)
    regle = RegleFactory(
        categorie=categorie("voirie"), directions=[une, deux], referent=referente, delai_jours=5
    )
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))

    donnees = drapeaux.router(remontee, par=agent, vu=destination_de(remontee).vu)

    assert {part.direction for part in donnees} == {une, deux}
    assert (remontee.etat, remontee.agent) == (Etat.TRANSMISE, referente)
    assert Courriel.objects.filter(acte="remontees/attribuer").count() == 2
    raisons = pourquoi_ici(remontee, donnees)
    assert [r.pourquoi for r in raisons] == [f"Règle « {regle} »"] * 2


def test_without_a_rule_it_goes_to_the_direction_of_its_category():
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))

    destination = destination_de(remontee)

    assert destination.directions == [categorie("voirie-eclairage").direction]
    assert destination.regle is None


def test_a_rule_changed_since_it_was_read_is_read_again_before_anything_is_given(connecte):
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))
    vu = destination_de(remontee).vu
    autre = DirectionFactory()
    RegleFactory(categorie=categorie("voirie"), directions=[autre])

    page = lire(connecte.post(reverse("remontees:router", args=[remontee.pk]), {"vu": vu}))

    assert "a changé depuis" in page
    assert autre.en_phrase in page
    assert not remontee.attributions.exists()


def test_the_dossier_chosen_by_hand_says_by_whom(agent):
    remontee = RemonteeFactory()
    part = tri.attribuer(
        remontee, par=agent, a=DirectionFactory(), date_limite=timezone.localdate() + timedelta(days=9)
    )

    assert str(agent) in pourquoi_ici(remontee, [part])[0].pourquoi


def test_a_rule_is_saved_only_once_its_effect_was_read(connecte):
    direction = DirectionFactory()
    remontee = RemonteeFactory(categorie=categorie("voirie-eclairage"))
    saisie = {
        "categorie": categorie("voirie").pk,
        "directions": [direction.pk],
        "ordre": 10,
        "est_active": "on",
        "vu": "",
    }
    adresse = reverse("remontees:nouvelle_regle")

    essai = connecte.post(adresse, {**saisie, "enregistrer": "oui"})
    assert not RegleDeRoutage.objects.exists()
    assert remontee.reference in essai.content.decode()
    assert f"Avec cette règle : {direction.nom}" in lire(essai)

    # Any change after a trial requires another trial.
    connecte.post(adresse, {**saisie, "ordre": 20, "enregistrer": "oui", "essaye": essai.context["essaye"]})
    assert not RegleDeRoutage.objects.exists()

    connecte.post(adresse, {**saisie, "enregistrer": "oui", "essaye": essai.context["essaye"]})
    changement = ChangementDeRegle.objects.get()
    assert changement.apres["Directions"] == direction.nom
    assert changement.deplacees == 1


def test_a_rule_changed_by_a_colleague_meanwhile_is_not_overwritten(connecte, agent):
    regle = RegleFactory(directions=[DirectionFactory()])
    saisie = {"directions": [DirectionFactory().pk], "ordre": 10, "est_active": "on", "vu": ""}
    adresse = reverse("remontees:regle", args=[regle.pk])
    essai = connecte.post(adresse, saisie)
    routage.enregistrer_regle(regle, par=agent, directions=list(regle.directions.all()), vu="", delai_jours=3)

    page = connecte.post(adresse, {**saisie, "enregistrer": "oui", "essaye": essai.context["essaye"]})

    assert "Quelqu’un a changé cette règle" in page.content.decode()
    regle.refresh_from_db()
    assert regle.delai_jours == 3


def test_the_dry_run_writes_nothing_and_counts_what_would_move(agent):
    RemonteeFactory(categorie=categorie("voirie-eclairage"), canal=Canal.TERRAIN)
    RemonteeFactory(categorie=categorie("voirie-eclairage"), canal=Canal.ACCUEIL)
    RemonteeFactory(canal=Canal.ACCUEIL)

    essai = essayer_regle(RegleDeRoutage(ordre=1, canal=Canal.ACCUEIL), [DirectionFactory()])

    assert (essai.lues, essai.concernees, len(essai.deplacees)) == (3, 2, 2)
    assert not RegleDeRoutage.objects.exists()


# Outside competence, flags


def test_what_is_for_a_commune_is_led_to_the_mairie_of_the_place():
    remontee = RemonteeFactory(categorie=categorie("commune-services"), commune=commune("Le Gua"))

    assert str(organisme_propose(remontee)) == "Mairie du Gua"


def test_before_a_category_is_chosen_the_likeliest_one_names_the_body():
    remontee = RemonteeFactory(
        verbatim="Le dossier de RSA n’avance pas, l’assistante sociale ne répond plus."
    )

    assert str(organisme_propose(remontee)) == "Département de l’Isère"


def test_what_is_for_the_metropolis_is_led_nowhere():
    assert organisme_propose(RemonteeFactory(categorie=categorie("voirie-eclairage"))) is None


@pytest.mark.usefixtures("referente")
def test_a_discrimination_is_taken_from_all_and_led_to_the_defenseur(agent, client):
    remontee = RemonteeFactory(transmise=True, titre="Refus de guichet")
    part = AttributionFactory(dossier=remontee)
    client.force_login(agent_de_direction(part.direction))
    assert client.get(remontee.get_absolute_url()).status_code == 200

    drapeaux.signaler_discrimination(remontee, par=agent, motif="Refus à cause du nom.")

    part.refresh_from_db()
    assert (remontee.etat, part.etat) == (Etat.NOUVELLE, EtatAttribution.RETIREE)
    assert client.get(remontee.get_absolute_url()).status_code == 404
    assert "Refus de guichet" not in client.get(reverse("remontees:remontees")).content.decode()
    assert str(organisme_propose(remontee)) == "Défenseur des droits"
    assert destination_de(remontee) is None


@pytest.mark.usefixtures("referente")
def test_a_discrimination_leaves_its_sujet(agent):
    remontee = RemonteeFactory(groupee=True)

    drapeaux.signaler_discrimination(remontee, par=agent, motif="Refus à cause du nom.")

    assert (remontee.etat, remontee.sujet_commun) == (Etat.NOUVELLE, None)


def test_an_individual_matter_is_led_to_its_procedure(agent):
    demarche = CategorieFactory(adresse_demarche="https://demarches.example.org/bac")
    remontee = RapporteurFactory(remontee=RemonteeFactory(categorie=demarche)).remontee

    drapeaux.renvoyer(remontee, par=agent, reponse="Une démarche le fait.")

    assert (remontee.etat, remontee.est_individuelle) == (Etat.REPONDUE, True)
    assert "https://demarches.example.org/bac" in Courriel.objects.get(acte="remontees/renvoyer").corps


def test_without_a_known_procedure_nobody_is_led_to_one(agent):
    with pytest.raises(ErreurMetier, match="Aucune démarche en ligne"):
        drapeaux.renvoyer(RemonteeFactory(categorie=CategorieFactory()), par=agent, reponse="Une démarche.")


def test_handing_over_says_to_whom(agent):
    rapporteur = RapporteurFactory()
    mairie = OrganismeFactory(nom="Mairie d’Eybens")

    tri.orienter(rapporteur.remontee, par=agent, organisme=mairie)

    assert "Mairie d’Eybens" in Courriel.objects.get(acte="remontees/orienter").corps
