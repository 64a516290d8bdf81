"""Receptions of an import: made by lots, the same as one by one, and after what people say meanwhile."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.socle.models import Commune, Courriel, Dossier, Entree, Quartier
from remontees.models import Rapporteur, Reception, Remontee
from remontees.reception import arrivees
from remontees.reception.regles import Charge, Contact
from tests.outils import a_plusieurs
from tests.remontees.factories import CategorieFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
PROPRES = {"id", "dossier_ptr", "reference", "communes", "quartiers", "ouvert_le", "modifie_le"}


def charges(combien, **valeurs):
    return {
        uuid.uuid4(): Charge(**{"verbatim": f"Un banc cassé, {n}.", "canal": "reseau", **valeurs})
        for n in range(combien)
    }


def recues(lot):
    arrivees.deposer_en_nombre(lot)
    while arrivees.recevoir_ce_qui_attend():
        pass
    return Remontee.objects.filter(reception__in=lot).order_by("pk")


def decrire(remontee):
    """Return all that a remontée is, without what is its own."""
    entree = Entree.objects.filter(dossier=remontee).values(
        "acte", "fait", "etat_avant", "etat_apres", "par", "motif", "details", "est_publique"
    )
    echeances = remontee.echeances.values(
        "cle", "libelle", "date_limite", "est_legale", "rappels", "relances", "escalade", "fixee_le"
    )
    rapporteur = Rapporteur.objects.filter(remontee=remontee).values(
        "nom", "courriel", "telephone", "prefere"
    )
    return (
        model_to_dict(remontee, exclude=PROPRES),
        {nom: getattr(remontee, nom) for nom in ("nature", "est_reserve", "mots", "est_publie", "etat")},
        (set(remontee.communes.all()), set(remontee.quartiers.all())),
        list(entree),
        list(echeances),
        list(rapporteur),
        Courriel.objects.filter(dossier=remontee).values_list("acte", "destinataires").count(),
    )


@pytest.mark.parametrize("contact", [{}, {"nom": "Léa", "prefere": "aucun"}, {"courriel": "Lea@Example.org"}])
def test_a_remontee_made_in_a_lot_is_the_same_as_one_made_alone(contact):
    quartier = Quartier.objects.exclude(commune=None).first()
    valeurs = {
        "verbatim": "Un banc cassé.",
        "categorie": CategorieFactory().pk,
        "quartier": quartier.pk,
        "saisie_par": CompteFactory(agent=True).pk,
        "source": "https://social.example/1",
        "est_urgente": True,
        "contact": Contact(**contact),
    }
    deux = list(recues(charges(2, **valeurs)))
    seule = arrivees.recevoir(arrivees.deposer(Charge(canal="reseau", **valeurs)))

    assert decrire(Remontee.objects.get(pk=seule.pk)) == decrire(deux[0]) == decrire(deux[1])
    assert deux[0].commune == quartier.commune
    assert len({seule.reference, *(r.reference for r in deux)}) == 3
    assert Dossier.objects.filter(pk=deux[0].pk, nature="remontee").exists()
    assert Courriel.objects.filter(acte="remontees/saisir").count() == (3 if contact.get("courriel") else 0)


def test_a_lot_costs_as_many_statements_as_one_of_its_rows():
    couts = []
    for combien in (2, 40):
        lot = charges(combien, commune=Commune.objects.first().pk)
        arrivees.deposer_en_nombre(lot)
        with CaptureQueriesContext(connection) as requetes:
            assert arrivees.recevoir_en_nombre(list(lot)) == combien
        couts.append(len(requetes))
    assert couts[0] == couts[1]


def test_one_row_that_cannot_be_made_keeps_its_reason_and_the_others_are_made():
    lot = charges(5) | charges(1, verbatim=" ") | charges(1, latitude=200.0, longitude=1.0)

    assert recues(lot).count() == 5
    en_panne = Reception.objects.en_panne()
    assert {r.erreur for r in en_panne} == {"Écrivez ce qui a été dit.", "Ce point n’est pas sur la Terre."}
    references = list(Remontee.objects.order_by("pk").values_list("reference", flat=True))
    assert len(set(references)) == 5


def test_what_somebody_says_goes_before_an_import_that_was_there_first(monkeypatch):
    monkeypatch.setattr(arrivees, "LOT", 3)
    arrivees.deposer_en_nombre(charges(7))
    Reception.objects.update(recue_le=timezone.localtime() - timedelta(days=1))
    dites = [arrivees.deposer(Charge(verbatim="Une fuite.", canal="site"))]
    entre_deux = arrivees.recevoir_en_nombre

    def puis_on_parle(cles):
        dites.append(arrivees.deposer(Charge(verbatim="Une autre fuite.", canal="site")))
        return entre_deux(cles)

    monkeypatch.setattr(arrivees, "recevoir_en_nombre", puis_on_parle)
    assert arrivees.recevoir_ce_qui_attend() == 7 + len(dites)

    dans_l_ordre = list(Remontee.objects.order_by("pk").values_list("reception", flat=True))
    assert dans_l_ordre[0] == dites[0]
    assert [dans_l_ordre.index(cle) for cle in dites] == [0, 4, 8, 10]


@pytest.mark.django_db(transaction=True)
def test_while_a_worker_makes_an_import_another_only_serves_people():
    arrivees.deposer_en_nombre(charges(4))
    arrivees.deposer(Charge(verbatim="Une fuite.", canal="site"))

    with arrivees.verrou_de_session("receptions-en-nombre") as libre:
        assert libre
        assert a_plusieurs(1, lambda rang: arrivees.recevoir_ce_qui_attend()) == [1]
    assert Reception.objects.filter(faite_le=None).count() == 4
