"""`avancer`, the only way to move a dossier, and `consigner`, the only way to write in its journal."""

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.utils import timezone

from participation.socle.actions import avancer, consigner, donner_reference
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Dossier, Entree
from participation.socle.workflow import Role
from petitions.models import ExamenCritere, Petition
from petitions.workflow import TRANSITIONS, Etat
from tests.outils import a_plusieurs
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def examinee():
    """A pétition whose criteria are all met: it can be decided."""
    petition = PetitionFactory(deposee=True)
    par = CompteFactory(agent=True)
    ExamenCritere.objects.bulk_create(
        ExamenCritere(petition=petition, critere=critere, appreciation="rempli", par=par)
        for critere in petition.reglement.criteres.all()
    )
    return petition


@pytest.mark.parametrize(
    ("depart", "acte", "role", "attendu"),
    [
        ("deposee", "declarer_recevable", Role.AGENT, Etat.RECEVABLE),
        ("deposee", "declarer_recevable", Role.ELU, RoleInsuffisant),
        ("deposee", "declarer_recevable", None, RoleInsuffisant),
        ("recevable", "declarer_recevable", Role.AGENT, ActeInterdit),
        ("deposee", "prendre_en_charge", Role.AGENT, Etat.DEPOSEE),
        ("close", "prendre_en_charge", Role.AGENT, ActeInterdit),
        ("en_collecte", "atteindre_seuil", Role.AGENT, RoleInsuffisant),
        ("en_collecte", "atteindre_seuil", Role.SYSTEME, Etat.EN_COLLECTE),
    ],
)
def test_the_table_says_who_may_do_what_from_where(depart, acte, role, attendu):
    petition = examinee() if depart == "deposee" else PetitionFactory(**{depart: True})
    par = None if role == Role.SYSTEME else CompteFactory(role=role)
    avant = petition.etat

    if isinstance(attendu, str):
        avancer(petition, acte, par=par)
    else:
        with pytest.raises(attendu):
            avancer(petition, acte, par=par)

    petition.refresh_from_db()
    entrees = petition.journal.filter(acte=acte)
    if isinstance(attendu, str):
        assert petition.etat == attendu
        entree = entrees.get()
        assert (entree.etat_avant, entree.etat_apres, entree.par) == (avant, attendu, par)
        assert entree.fait == TRANSITIONS[acte].fait
    else:
        assert petition.etat == avant
        assert not entrees.exists()


def test_the_author_acts_on_her_own_dossier_only():
    petition, autre = PetitionFactory(deposee=True), PetitionFactory(deposee=True)

    avancer(petition, "retirer", par=petition.auteur)
    with pytest.raises(RoleInsuffisant):
        avancer(autre, "retirer", par=petition.auteur)

    assert petition.etat == Etat.RETIREE


def test_several_arrivals_ask_for_a_choice_and_refuse_another():
    petition = PetitionFactory(en_collecte=True)
    agent = CompteFactory(agent=True)

    with pytest.raises(ActeInterdit):
        avancer(petition, "clore_collecte", par=agent, vers=Etat.CLOSE)
    avancer(petition, "clore_collecte", par=agent, vers=Etat.A_DEBATTRE)

    assert petition.etat == Etat.A_DEBATTRE


def test_an_invalid_value_changes_nothing_and_says_why():
    petition = PetitionFactory(deposee=True)

    with pytest.raises(ValidationError), transaction.atomic():
        avancer(petition, "prendre_en_charge", par=CompteFactory(agent=True), champs={"titre": ""})

    petition.refresh_from_db()
    assert petition.titre
    assert not petition.journal.exists()


def test_the_bare_dossier_is_refused_since_its_etat_is_elsewhere():
    dossier = Dossier.objects.get(pk=PetitionFactory(deposee=True).pk)

    with pytest.raises(TypeError):
        avancer(dossier, "prendre_en_charge", par=CompteFactory(agent=True))


@pytest.mark.django_db(transaction=True)
def test_eight_agents_on_one_act_give_one_winner_one_line_and_seven_refusals():
    numero = examinee().pk
    agents = [CompteFactory(agent=True) for _ in range(8)]

    issues = a_plusieurs(
        8, lambda rang: avancer(Petition.objects.get(pk=numero), "declarer_recevable", par=agents[rang])
    )

    assert sum(isinstance(issue, Entree) for issue in issues) == 1
    assert sum(isinstance(issue, ActeInterdit) for issue in issues) == 7
    assert Entree.objects.get(dossier=numero).acte == "declarer_recevable"
    assert Petition.objects.get(pk=numero).etat == Etat.RECEVABLE


@pytest.mark.django_db(transaction=True)
def test_eight_dossiers_filed_at_once_take_eight_references_in_a_row():
    numeros = [PetitionFactory().pk for _ in range(8)]

    def deposer(rang):
        with transaction.atomic():
            petition = Petition.objects.get(pk=numeros[rang])
            petition.reference = donner_reference(petition)
            petition.save()
            return petition.reference

    references = a_plusieurs(8, deposer)

    annee = timezone.localdate().year
    assert sorted(references) == [f"PET-{annee}-{rang:04d}" for rang in range(1, 9)]


def test_a_filing_undone_leaves_no_gap_and_the_ten_thousandth_follows():
    annee = timezone.localdate().year
    petition = PetitionFactory()
    with transaction.atomic():
        petition.reference = donner_reference(petition)
        petition.save()
        transaction.set_rollback(True)
    assert donner_reference(petition) == f"PET-{annee}-0001"

    PetitionFactory(reference=f"PET-{annee}-9999")
    PetitionFactory(reference=f"PET-{annee}-10000")
    assert donner_reference(petition) == f"PET-{annee}-10001"


@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE socle_entree SET motif = 'autre'",
        "UPDATE socle_entree SET par_id = NULL",
        "DELETE FROM socle_entree",
    ],
)
def test_no_sql_changes_or_removes_a_line_of_the_journal(requete):
    entree = consigner(PetitionFactory(deposee=True), "noter", par=None, fait="Note", motif="la vérité")

    with pytest.raises(Error, match="Cannot"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)

    entree.refresh_from_db()
    assert entree.motif == "la vérité"
    assert not transaction.get_connection().needs_rollback


def test_the_orm_cannot_do_it_either():
    entree = consigner(PetitionFactory(deposee=True), "noter", par=None, fait="Note")
    for geste in (entree.delete, lambda: Entree.objects.update(fait="autre"), entree.save):
        with pytest.raises(Error), transaction.atomic():
            geste()
