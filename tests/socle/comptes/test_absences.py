"""An agent is away: tasks and letters follow to who stands in, and the journal says for whom."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.socle.actions import demander, noter
from participation.socle.actions.absences import finir_absence, noter_absence
from participation.socle.actions.echeances import fixer_echeance
from participation.socle.actions.rappels import rappeler_echeances
from participation.socle.courriels.destinataires import avec_remplacants
from participation.socle.courriels.ecriture import a_qui
from participation.socle.models import Absence, Courriel, Echeance
from participation.socle.models.suivi import nommer
from participation.socle.workflow import Role
from participation.suites.actes import changer_etat
from participation.suites.workflow import Etat
from tests.outils import a_plusieurs, jour
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RemonteeFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def absente():
    return CompteFactory(agent=True, prenom="Ana", nom="Absente")


@pytest.fixture
def remplacante():
    return CompteFactory(agent=True, prenom="Rose", nom="Présente")


def partir(absente, remplacante, du=0, au=3):
    return noter_absence(
        par=absente, compte=absente, remplacant=remplacante, date_debut=jour(du), date_fin=jour(au)
    )


def relu(compte):
    """The account as the next request reads it."""
    return type(compte).objects.get(pk=compte.pk)


def test_tasks_letters_and_journal_follow_while_she_is_away_and_no_longer(client, absente, remplacante):
    petition = PetitionFactory(deposee=True, agent=absente)
    echeance = fixer_echeance(petition, "x", libelle="Répondre", date_limite=jour(0))
    Echeance.objects.filter(pk=echeance.pk).update(fixee_le=jour(-3))
    assert not Echeance.objects.de(remplacante).exists()

    absence = partir(absente, remplacante)

    assert Echeance.objects.de(relu(remplacante)).get() == echeance
    client.force_login(remplacante)
    journee = client.get(reverse("socle:journee")).content.decode()
    assert "Vous remplacez <strong>Ana Absente</strong>" in journee
    assert "Répondre" in journee
    rappeler_echeances()
    assert Courriel.objects.latest("pk").destinataires == [absente.courriel, remplacante.courriel]
    noter(petition, par=relu(remplacante), note="Vu.")
    noter(petition, par=absente, note="Vu aussi.")
    assert [e.par_qui for e in nommer(petition.journal.order_by("-pk")[:2])] == [
        "par Ana Absente",
        "par Rose Présente, en remplacement d’Ana Absente",
    ]

    Absence.objects.filter(pk=absence.pk).update(date_debut=jour(-2))
    finir_absence(absence)
    finir_absence(absence)
    assert not Echeance.objects.de(relu(remplacante)).exists()
    assert Absence.objects.get().date_fin == jour(-1)


def test_nobody_stands_in_while_away_nor_twice_nor_in_the_past(absente, remplacante):
    partir(absente, remplacante)
    tiers = CompteFactory(agent=True)

    with pytest.raises(ValidationError, match="choisissez quelqu’un d’autre"):
        partir(tiers, absente)
    with pytest.raises(ValidationError, match="déjà notée à ces dates"):
        partir(absente, tiers, 2, 9)
    with pytest.raises(ValidationError, match="une autre personne"):
        partir(tiers, tiers)
    with pytest.raises(ValidationError, match="Ce jour est passé"):
        partir(tiers, remplacante, -4, -1)


def test_an_absence_cancelled_before_it_begins_leaves_its_days_free(absente, remplacante):
    finir_absence(partir(absente, remplacante, 5, 9))

    assert not Absence.objects.a_venir().exists()
    partir(absente, remplacante, 5, 9)


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_note_each_other_at_once_leave_one_there(absente, remplacante):
    faits = a_plusieurs(2, lambda rang: partir(*[(absente, remplacante), (remplacante, absente)][rang]))

    assert sum(isinstance(fait, Exception) for fait in faits) == 1
    assert Absence.objects.count() == 1


def test_a_letter_of_a_reserved_dossier_follows_to_who_may_read_it_alone(absente, remplacante):
    partir(absente, remplacante)
    reserve = RemonteeFactory(est_discrimination=True, est_reserve=True)
    assert avec_remplacants([absente.courriel], reserve) == [absente.courriel]

    referente = CompteFactory(referent=True)
    Absence.objects.update(remplacant=referente)
    assert avec_remplacants([absente.courriel], reserve) == [absente.courriel, referente.courriel]


def test_only_letters_of_the_service_follow():
    assert a_qui("socle/rappeler") == "service"
    assert a_qui("petitions/signer") == "inconnu"


def test_any_agent_notes_it_and_ends_it_on_the_page(client, absente, remplacante):
    client.force_login(remplacante)
    adresse = reverse("socle:absences")
    page = client.post(
        adresse, {"compte": absente.pk, "remplacant": remplacante.pk, "date_debut": "", "date_fin": ""}
    )
    assert "Donnez une date." in page.content.decode()

    client.post(
        adresse,
        {
            "compte": absente.pk,
            "remplacant": remplacante.pk,
            "date_debut": jour(0).isoformat(),
            "date_fin": jour(2).isoformat(),
        },
    )
    page = client.get(adresse).content.decode()
    assert "Rose Présente remplace" in page

    client.post(reverse("socle:finir_absence", args=[Absence.objects.get().pk]))
    assert "Rose Présente remplace" not in client.get(adresse).content.decode()


def test_a_direction_is_answered_for_by_a_colleague_or_an_agent_of_the_service_and_by_nobody_else(client):
    mobilites = DirectionFactory()
    dans = {"role": Role.AGENT_DIRECTION, "direction": mobilites}
    helene = CompteFactory(prenom="Hélène", nom="Absente", **dans)
    paul, rose = CompteFactory(prenom="Paul", nom="Présent", **dans), CompteFactory(agent=True)
    ailleurs = agent_de_direction()
    mobilites.referents.add(helene)
    with pytest.raises(ValidationError, match="même direction ou commune, ou du service"):
        partir(helene, ailleurs)
    client.force_login(helene)
    jours = {"date_debut": jour(0).isoformat(), "date_fin": jour(2).isoformat()}
    page = client.post(reverse("socle:absences"), {"compte": helene.pk, "remplacant": paul.pk, **jours})
    assert page.status_code == 302

    petition = PetitionFactory(debattue=True)
    demande = demander(
        petition, par=rose, nature="reponse", a=mobilites, objet="Délai", texte="Quand ?", date_limite=jour(5)
    )
    assert avec_remplacants(mobilites.adresses(), None)[-1] == paul.courriel
    client.force_login(paul)
    client.post(
        reverse("socle:repondre_demande", args=[demande.jeton()]), {"reponse": "En juin.", "nom": "Paul"}
    )
    reponse = petition.journal.filter(acte="repondre_demande")
    assert nommer(reponse)[0].par_qui == "par Paul Présent, en remplacement d’Hélène Absente"

    finir_absence(Absence.objects.get())
    partir(helene, rose)
    assert demande.est_pour(relu(rose))
    loin = {
        "nature": "reponse",
        "a": mobilites,
        "objet": "Le quai du tram",
        "texte": "?",
        "date_limite": jour(12),
    }
    demander(petition, par=rose, **loin)
    client.force_login(rose)
    assert "Le quai du tram" in client.get(reverse("socle:journee")).content.decode(), (
        "she has no other list of it"
    )
    finir_absence(Absence.objects.latest("pk"))
    assert not demande.est_pour(relu(rose)), "Her rights were lent for these days only."


def test_a_referent_delegates_a_domain_for_good_to_a_colleague_who_alone_gets_its_letters(client):
    mobilites, eaux = DirectionFactory(), DirectionFactory()
    dans = {"role": Role.AGENT_DIRECTION, "direction": mobilites}
    helene = CompteFactory(prenom="Hélène", nom="Référente", **dans)
    paul = CompteFactory(prenom="Paul", nom="Délégué", **dans)
    ailleurs = CompteFactory(role=Role.AGENT_DIRECTION, direction=eaux)
    mobilites.referents.add(helene)
    client.force_login(helene)
    dit = {"compte": helene.pk, "remplacant": paul.pk, "date_debut": jour(0).isoformat(), "date_fin": ""}
    sans_domaine = client.post(reverse("socle:absences"), dit).content.decode()
    assert "Dites le dernier jour" in sans_domaine
    d_ailleurs = {**dit, "remplacant": ailleurs.pk, "domaine": "petition"}
    assert "même direction" in client.post(reverse("socle:absences"), d_ailleurs).content.decode()

    client.post(reverse("socle:absences"), {**dit, "domaine": "petition"})
    assert "jusqu’à nouvel ordre" in client.get(reverse("socle:absences")).content.decode()

    suite = SuiteFactory(direction=mobilites, dossier=PetitionFactory(debattue=True))
    petition, remontee = suite.dossier.enfant, RemonteeFactory()
    assert avec_remplacants(mobilites.adresses(), petition) == [mobilites.courriel, paul.courriel]
    assert avec_remplacants(mobilites.adresses(), remontee) == [mobilites.courriel, helene.courriel]
    for dossier in (petition, remontee):
        fixer_echeance(dossier, "x", libelle="Répondre", date_limite=jour(0), responsable=helene)
    assert [e.dossier_id for e in Echeance.objects.de(relu(paul)).filter(cle="x")] == [petition.pk]
    changer_etat(suite, par=relu(paul), vers=Etat.A_L_ETUDE, texte_public="Nous étudions.")
    assert nommer(suite.porteur.journal.order_by("-pk")[:1])[0].par_qui == (
        "par Paul Délégué, en remplacement d’Hélène Référente"
    )

    partir_de = Absence.objects.get()
    finir_absence(partir_de)
    assert avec_remplacants(mobilites.adresses(), petition) == [mobilites.courriel, helene.courriel]


def test_an_agent_of_a_direction_notes_the_absence_of_her_colleagues_alone(client, absente, remplacante):
    ailleurs = agent_de_direction()
    client.force_login(agent_de_direction())
    absence = partir(absente, remplacante)
    assert client.post(reverse("socle:finir_absence", args=[absence.pk])).status_code == 404
    assert "Présente remplace" not in client.get(reverse("socle:absences")).content.decode()
    with pytest.raises(ValidationError, match="quelqu’un du service"):
        partir(remplacante, ailleurs, 9, 10)


def test_who_stands_in_is_told_by_a_letter_unless_she_noted_it_herself(absente, remplacante):
    autre = CompteFactory(agent=True)
    noter_absence(par=autre, compte=absente, remplacant=remplacante, date_debut=jour(3), date_fin=jour(5))

    lettre = Courriel.objects.get(acte="socle/remplacer")
    assert lettre.destinataires == [remplacante.courriel]
    assert "vous remplacez Ana Absente, du" in lettre.corps

    noter_absence(
        par=absente, compte=absente, remplacant=autre, date_debut=jour(9), date_fin=None, domaine="petition"
    )
    assert (
        "à partir du"
        in Courriel.objects.filter(acte="socle/remplacer", destinataires=[autre.courriel]).get().corps
    )
    noter_absence(par=autre, compte=absente, remplacant=autre, date_debut=jour(20), date_fin=jour(21))
    assert Courriel.objects.filter(acte="socle/remplacer").count() == 2
