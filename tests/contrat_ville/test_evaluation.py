"""Evaluation of a programmation: figures, lists behind them, target and result of each indicator."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from contrat_ville.bilan import actes as bilan
from contrat_ville.bilan import indicateurs
from contrat_ville.bilan.evaluation import evaluer_programmation
from contrat_ville.bilan.indicateurs import Valeur, agreger, tableau
from contrat_ville.models import Axe, Financement, Indicateur, Projet, ValeurIndicateur
from contrat_ville.projets.vues import ProjetFilter
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Echeance, Quartier
from tests.contrat_ville.factories import (
    PartenaireFactory,
    PorteurFactory,
    ProgrammationFactory,
    ProjetFactory,
)
from tests.outils import constant_queries
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def accorde(projet, accorde, verse=0):
    Financement.objects.filter(projet=projet).update(accorde=Decimal(accorde), verse=Decimal(verse))
    return projet


def un_de_chaque_sort(programmation):
    """Make projets filed, supported and paid, refused, withdrawn, and two drafts, never filed."""
    siens = {"programmation": programmation}
    ProjetFactory(**siens, axe=None)
    paye = accorde(ProjetFactory(bilan_attendu=True, **siens, axe=Axe.objects.last()), 600, 250)
    paye.quartiers.add(Quartier.objects.exclude(commune=paye.quartiers.get().commune).first())
    Echeance.objects.create(
        dossier=paye, cle="bilan", libelle="Bilan", date_limite=timezone.localdate() - timedelta(days=1)
    )
    accorde(ProjetFactory(retenu=True, **siens, porte_par=PorteurFactory(nature="bailleur")), 500)
    Financement.objects.create(projet=paye, financeur=PartenaireFactory(), demande=Decimal(100))
    ProjetFactory(refuse=True, **siens).quartiers.clear()
    ProjetFactory(etat="retire", **siens)
    ProjetFactory(etat="retire", **siens, depose_le=None)
    ProjetFactory(brouillon=True, **siens)
    ProjetFactory(retenu=True)  # of another year
    return paye


def liste(agent, filtres):
    base = Projet.objects.deposes()
    return ProjetFilter(filtres, base, request=type("Requete", (), {"user": agent})()).qs


def test_each_figure_is_the_size_or_the_sum_of_the_list_that_it_opens(client, programmation):
    agent = CompteFactory(agent=True)
    un_de_chaque_sort(programmation)

    lue = evaluer_programmation(programmation, "/liste/")

    assert lue.total.nombres == {"deposes": 5, "retenus": 2, "refuses": 1, "retires": 1, "en_examen": 1}
    assert lue.total.montants == {"demande": 4100, "accorde": 1100, "verse": 250}
    lignes = [lue.total, *(ligne for dimension in lue.dimensions for ligne in dimension.lignes)]
    for ligne in lignes:
        for case in [*ligne.comptes, *lue.bilans]:
            assert liste(agent, case.filtres).count() == case.valeur, (ligne.nom, case)
        for case in ligne.sommes:
            argent = Financement.objects.filter(projet__in=liste(agent, case.filtres))
            if "financeur" in case.filtres:
                argent = argent.filter(financeur=case.filtres["financeur"])
            colonne = {"demandé": "demande", "accordé": "accorde", "versé": "verse"}[case.mots]
            assert (argent.totaux()[colonne] or 0) == case.valeur, (ligne.nom, case)
    assert [case.valeur for case in lue.bilans] == [0, 0, 1]
    assert {d.cle: sum(li.deposes for li in d.lignes) for d in lue.dimensions} == {
        "axe": 5, "quartier": 6, "financeur": 6, "porteur": 5,
    }  # fmt: skip
    for tuile in lue.carte.tuiles:
        filtres = {"programmation": programmation.pk, "sort": "retenus", "commune": tuile.code}
        assert liste(agent, filtres).count() == tuile.nombre
    assert sum(tuile.nombre for tuile in lue.carte.tuiles) == 3
    client.force_login(agent)
    page = client.get(reverse("contrat_ville:evaluation", args=[programmation.pk])).content.decode()
    assert "sort=refuses" in page
    vide = client.get(reverse("contrat_ville:evaluation", args=[ProgrammationFactory().pk]))
    assert "Aucun projet déposé" in vide.content.decode()


def test_an_evaluation_costs_the_same_for_four_projets(client, programmation):
    client.force_login(CompteFactory(agent=True))

    def un_de_plus():
        projet = accorde(ProjetFactory(en_cours=True, programmation=programmation), 100, 10)
        Financement.objects.create(projet=projet, financeur=PartenaireFactory(), demande=Decimal(5))
        Indicateur.objects.create(programmation=programmation, intitule=projet.titre, unite="ateliers")

    constant_queries(client, reverse("contrat_ville:evaluation", args=[programmation.pk]), un_de_plus)


D = Decimal


@pytest.mark.parametrize(
    ("valeurs", "moyenne", "attendu"),
    [
        ([], False, (None, 0, None, 0, None, None)),
        ([(D(10), None), (D(20), D(15))], False, (D(30), 2, D(15), 1, D(20), 75)),
        ([(D(10), D(10)), (None, D(5))], False, (D(10), 1, D(15), 2, None, None)),
        ([(D(50), D(40)), (D(75), D(60))], True, (D("62.50"), 2, D(50), 2, D("62.50"), 80)),
        ([(D(0), D(3))], False, (D(0), 1, D(3), 1, D(0), None)),
    ],
    ids=["nothing", "one-of-two", "never-aimed", "mean", "aimed-at-zero"],
)
def test_what_was_done_is_compared_with_what_the_same_projets_aimed_at(valeurs, moyenne, attendu):
    a = agreger([Valeur(*v) for v in valeurs], en_moyenne=moyenne)

    assert (a.prevu, a.prevus, a.realise, a.realises, a.prevu_des_rendus, a.part) == attendu


def test_a_team_says_what_it_aims_at_then_what_it_did_and_the_service_reads_both(client, programmation):
    porteuse, agent = CompteFactory(), CompteFactory(agent=True)
    projet = ProjetFactory(en_cours=True, programmation=programmation, equipe=[porteuse])
    poser = {"programmation": programmation, "unite": "personnes"}
    tous = Indicateur.objects.create(intitule="Qui participent", **poser)
    sien = Indicateur.objects.create(intitule="Qui décident", axe=projet.axe, **poser)
    autre = Indicateur.objects.create(intitule="Ailleurs", axe=Axe.objects.last(), **poser)
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:prevoir_indicateurs", args=[projet.pk])
    assert autre.intitule not in client.get(adresse).content.decode()

    faux = client.post(adresse, {f"i{tous.pk}": "-3", f"i{sien.pk}": "beaucoup"}).content.decode()
    client.post(adresse, {f"i{tous.pk}": "1 250,5", f"i{sien.pk}": "12", f"i{autre.pk}": "9"})
    bilan.attendre_bilan(projet, par=None)
    comme_prevu = {f"l{ligne.pk}": ligne.montant for ligne in projet.budget.all()}
    dites = {"realise": "Un jardin.", "changements": "On se parle.", f"i{sien.pk}": "9", **comme_prevu}
    rendre = reverse("contrat_ville:rendre_bilan", args=[projet.pk])
    relecture = client.post(rendre, dites)  # the sums are read again before they leave
    client.post(rendre, dites | {"comptes_vus": relecture.context["form"]["comptes_vus"].value()})

    assert "Un nombre ne peut pas être négatif." in faux
    assert "n’est pas un nombre" in faux
    assert set(ValeurIndicateur.objects.values_list("indicateur", "prevu", "realise")) == {
        (tous.pk, D("1250.5"), None),
        (sien.pk, D(12), D(9)),
    }
    assert projet.journal.filter(acte="prevoir_indicateurs").count() == 1
    assert {li.indicateur.pk: li.agregat.part for li in tableau(programmation)} == {
        tous.pk: None, sien.pk: 75, autre.pk: None,
    }  # fmt: skip
    assert "réalisé" in client.get(projet.get_porteur_url()).content.decode()
    client.force_login(agent)
    page = reverse("contrat_ville:indicateurs_programmation", args=[programmation.pk])
    assert "75" in client.get(page).content.decode()
    csv = b"".join(client.get(f"{page}?export=csv").streaming_content).decode("utf-8-sig")
    assert "Qui décident;personnes" in csv
    classeur = client.get(f"{page}?export=xlsx")
    assert b"".join(classeur.streaming_content).startswith(b"PK")
    with pytest.raises(ActeInterdit):
        indicateurs.prevoir_indicateurs(projet, par=porteuse, valeurs={})


def test_what_a_team_may_do_tells_no_decision_that_is_not_told(programmation):
    """Before the letter, acts and refusals are the same whatever the decision."""
    porteuse = CompteFactory()
    siens = {"programmation": programmation, "equipe": [porteuse]}
    Indicateur.objects.create(programmation=programmation, intitule="Participants", unite="personnes")
    dits = [
        {
            acte: projet.obstacles(acte, porteuse)
            for acte in ("prevoir_indicateurs", "demander_aide", "retirer")
        }
        for projet in (ProjetFactory(retenu=True, **siens), ProjetFactory(refuse=True, **siens))
    ]

    assert dits[0] == dits[1]
    assert all(dits[0].values())
    dit = ProjetFactory(notifie=True, **siens)
    assert dit.obstacles("prevoir_indicateurs", porteuse) == []
    with pytest.raises(RoleInsuffisant):
        indicateurs.prevoir_indicateurs(dit, par=CompteFactory(), valeurs={})
    with pytest.raises(ErreurMetier, match="Aucun indicateur"):
        indicateurs.prevoir_indicateurs(ProjetFactory(equipe=[porteuse]), par=porteuse, valeurs={})


def test_the_service_writes_what_a_year_counts_and_takes_away_nothing_that_was_answered(
    client, programmation
):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    champs = {"axe": "", "intitule": "Ateliers tenus", "unite": "ateliers", "reunion": "somme"}
    ecrire = reverse("contrat_ville:ecrire_indicateur", args=[programmation.pk])

    client.post(ecrire, champs)
    deux = client.post(ecrire, {**champs, "intitule": "ATELIERS tenus"}).content.decode()

    sien = programmation.indicateurs.get()
    assert "existe déjà pour cet axe" in deux
    client.post(reverse("contrat_ville:corriger_indicateur", args=[sien.pk]), {**champs, "unite": "séances"})
    page = client.get(reverse("contrat_ville:indicateurs_programmation", args=[programmation.pk]))
    assert "séances" in page.content.decode()
    ValeurIndicateur.objects.create(projet=ProjetFactory(programmation=programmation), indicateur=sien)
    with pytest.raises(ErreurMetier, match="déjà répondu"):
        indicateurs.retirer_indicateur(sien, par=agent)
    autre = indicateurs.ecrire_indicateur(programmation, par=agent, intitule="Autre", unite="euros")
    client.post(reverse("contrat_ville:retirer_indicateur", args=[autre.pk]))
    assert list(programmation.indicateurs.all()) == [sien]
