"""Suggestions for a text, with reasons: common words, learnt categories, similar remontées."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.regles.mots import mots_communs, racine
from remontees.models import Apprentissage, Remontee, Sujet
from remontees.routage import classement
from remontees.routage.classement import proposees, semblables
from remontees.sujets import actes as sujets
from remontees.tri import rapprochement
from remontees.workflow import Etat
from tests.outils import ensemble
from tests.remontees.factories import RemonteeFactory, SujetFactory, categorie
from tests.remontees.ressemblances import PAIRES, SEULS
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


# Words


@pytest.mark.parametrize(
    ("un", "autre"), [("lampadaire", "lampadaires"), ("éclairage", "éclairages"), ("trou", "trous")]
)
def test_one_and_many_have_one_root(un, autre):
    assert racine(un) == racine(autre)


def test_the_words_in_common_are_shown_as_they_were_written():
    assert mots_communs(
        "Bonjour, le Lampadaire de l’École est éteint", "Des lampadaires éteints près de l’ecole"
    ) == ["lampadaire", "école", "éteint"]


def test_the_database_keeps_the_words_that_count():
    remontee = RemonteeFactory(verbatim="Bonjour, l’Éclairage de la place n’est toujours PAS réparé !")

    assert Remontee.objects.get(pk=remontee.pk).mots == "eclairage place repare"


# Categories


def test_a_text_goes_to_the_category_whose_words_it_has_and_says_which():
    modele = classement.modele_appris({1: "lampadaire éteint noir", 2: "poubelle bac collecte"})

    premiere_proposee = classement.proposer(modele, "Les poubelles n’ont pas eu de collecte.")[0]

    assert premiere_proposee.categorie == 2
    assert premiere_proposee.mots == ["poubelles", "collecte"]


def test_nothing_is_proposed_from_unknown_words():
    modele = classement.modele_appris({1: "lampadaire éteint"})

    assert classement.proposer(modele, "Qwertz zxcvb.") == []


def test_what_is_learnt_survives_its_writing():
    modele = classement.modele_appris({1: "lampadaire", 2: "poubelle"}, [(2, ["rat", "rat"]), (2, ["rat"])])

    relu = classement.Modele.de_json(modele.en_json())

    assert classement.proposer(relu, "un rat") == classement.proposer(modele, "un rat")
    assert classement.proposer(relu, "un rat")[0].categorie == 2


def test_on_the_first_day_the_descriptions_suffice():
    assert not Apprentissage.objects.exists()
    remontee = RemonteeFactory(verbatim="Le lampadaire est éteint, il fait noir la nuit.")

    premiere_proposee = proposees(remontee)[0]

    assert premiere_proposee.categorie == categorie("voirie-eclairage")
    assert "lampadaire" in premiere_proposee.mots


def test_the_night_learns_what_agents_decided_and_measures_it_on_what_it_had_not_read():
    rats, velo = categorie("eau-egouts"), categorie("mobilites-velo")
    for n in range(30):
        RemonteeFactory(transmise=True, categorie=rats, verbatim=f"Des surmulots partout, cave {n}.")
        RemonteeFactory(transmise=True, categorie=velo, verbatim=f"Mon biclou ne passe pas, quai {n}.")
    RemonteeFactory(categorie=velo, verbatim="Encore des surmulots.")  # no decision yet

    appris = classement.apprendre()

    assert appris.exemples == 60
    gardees = [
        pk for pk in Remontee.objects.exclude(etat=Etat.NOUVELLE).values_list("pk", flat=True) if pk % 5 == 0
    ]
    assert appris.mesures == len(gardees)
    assert appris.premiere == appris.mesures > appris.frequente
    assert proposees(RemonteeFactory(verbatim="un surmulot"))[0].categorie == rats


# Similar remontées


def test_the_nearest_of_the_same_place_and_season_are_shown_with_their_common_words():
    ici, jour = commune("Fontaine"), timezone.localdate()
    texte = "Le lampadaire de la rue des Alpes est éteint"
    remontee = RemonteeFactory(commune=ici, verbatim=texte)
    proche = RemonteeFactory(commune=ici, verbatim="Lampadaire éteint rue des Alpes depuis lundi")
    RemonteeFactory(commune=commune("Échirolles"), verbatim=texte)
    RemonteeFactory(commune=ici, verbatim=texte, entendue_le=jour - timedelta(days=91))
    RemonteeFactory(commune=ici, verbatim=texte, est_discrimination=True)
    RemonteeFactory(commune=ici, verbatim="La piscine ferme trop tôt le dimanche")
    remontee.refresh_from_db()

    trouvees = semblables(remontee)

    assert [s.remontee for s in trouvees] == [proche]
    assert trouvees[0].mots == ["lampadaire", "rue", "alpes", "éteint"]


def test_two_remontees_are_gathered_under_a_new_sujet_then_a_third_joins_it(agent):
    une, autre, troisieme = RemonteeFactory(), RemonteeFactory(), RemonteeFactory()

    sujet = rapprochement.reunir(une, par=agent, autre=autre, titre="Lampadaires éteints")
    assert rapprochement.reunir(troisieme, par=agent, autre=une) == sujet

    assert set(sujet.remontees.values_list("etat", flat=True)) == {Etat.GROUPEE}
    assert sujet.remontees.count() == 3
    assert not une.echeances.ouvertes().exists()
    sujets.detacher(autre, par=agent, motif="Une autre rue.")
    assert sujet.remontees.count() == 2


def test_a_remontee_is_not_gathered_with_itself(connecte):
    remontee = RemonteeFactory()

    page = connecte.post(
        reverse("remontees:reunir", args=[remontee.pk]), {"autre": remontee.reference, "titre": "Un titre"}
    )

    assert "donnez la référence de l’autre" in page.content.decode()
    assert not Sujet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_gather_the_same_two_make_one_sujet():
    agent, une, autre = CompteFactory(agent=True), RemonteeFactory(), RemonteeFactory()

    def reunir():
        return rapprochement.reunir(
            Remontee.objects.get(pk=une.pk), par=agent, autre=Remontee.objects.get(pk=autre.pk), titre="Un"
        )

    assert ensemble(reunir, reunir) == ["ActeInterdit", "fait"]
    assert Sujet.objects.count() == 1


def test_what_was_learnt_is_shown_with_its_measure(connecte):
    Apprentissage.objects.create(exemples=900, mesures=180, premiere=120, parmi_trois=160, frequente=30)

    page = connecte.get(reverse("remontees:apprentissage")).content.decode()

    assert "120" in page
    assert "160" in page


def test_a_sujet_already_answered_takes_no_more(agent):
    groupee = RemonteeFactory(groupee=True, sujet_commun=SujetFactory(repondu=True))

    with pytest.raises(ErreurMetier, match="rouvrez-le"):
        rapprochement.reunir(RemonteeFactory(), par=agent, autre=groupee)


def test_what_is_proposed_as_alike_is_mostly_so_and_a_text_without_twin_gets_nothing():
    """Twelve pairs and fourteen texts alone, said in one commune in one week."""
    textes = [(texte, rang) for rang, paire in enumerate(PAIRES) for texte in paire]
    textes += [(texte, None) for texte in SEULS]
    paire_de = {RemonteeFactory(verbatim=texte).pk: rang for texte, rang in textes}

    trouvees = {r: [s.remontee.pk for s in semblables(r)] for r in Remontee.objects.all()}

    proposees = [(r.pk, autre) for r, autres in trouvees.items() for autre in autres]
    justes = [p for p in proposees if paire_de[p[0]] is not None and paire_de[p[0]] == paire_de[p[1]]]
    assert len(justes) / len(proposees) > 0.8
    assert len({un for un, _ in justes}) / (2 * len(PAIRES)) > 0.85
    assert sum(1 for r, autres in trouvees.items() if autres and paire_de[r.pk] is None) <= 2
