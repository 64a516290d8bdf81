"""Properties of sums and envelopes: for any amounts, no cent is lost and no envelope exceeded."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrat_ville.comites.enveloppes import (
    Demande,
    EnveloppeComptee,
    Faits,
    Part,
    consommations,
    depassements,
    hors_enveloppe,
    par_quartier,
    prise,
    remplir,
    reproches,
    reste_pour,
)

UN_CENT = Decimal("0.01")
AXES, QUARTIERS, FINANCEURS = (1, 2, 3), (1, 2, 3, 4), (1, 2)
sommes = st.integers(0, 1_000_000).map(lambda cents: cents * UN_CENT)
parts = st.lists(
    st.builds(
        Part,
        projet=st.integers(1, 30),
        financeur=st.sampled_from(FINANCEURS),
        axe=st.sampled_from((None, *AXES)),
        quartiers=st.lists(st.sampled_from(QUARTIERS), unique=True, max_size=4).map(tuple),
        montant=sommes,
    ),
    max_size=15,
)


@st.composite
def enveloppes(draw):
    portees = draw(
        st.lists(
            st.tuples(
                st.sampled_from(FINANCEURS),
                st.sampled_from((None, *AXES)),
                st.sampled_from((None, *QUARTIERS)),
            ),
            unique=True,
            max_size=8,
        )
    )
    return [
        EnveloppeComptee(cle, *portee, draw(sommes), f"Enveloppe {cle}")
        for cle, portee in enumerate(portees, start=1)
    ]


@given(parts)
def test_a_grant_over_several_quartiers_is_shared_without_losing_a_cent(donnees):
    for part in donnees:
        partage = par_quartier(part)
        assert set(partage) == set(part.quartiers)
        if partage:
            assert sum(partage.values()) == part.montant
            assert max(partage.values()) - min(partage.values()) <= UN_CENT
            assert list(partage.values()) == sorted(partage.values(), reverse=True)


def exiger_dans_les_enveloppes(limites, voulues):
    donnees = remplir(limites, voulues)

    assert depassements(limites, donnees) == []
    assert hors_enveloppe(limites, donnees) == []
    for voulue, donnee in zip(voulues, donnees, strict=True):
        assert 0 <= donnee.montant <= voulue.montant
        assert donnee.montant == donnee.montant.quantize(UN_CENT)


@given(enveloppes(), parts)
def test_filling_in_any_order_never_exceeds_an_envelope_nor_what_is_asked(limites, voulues):
    exiger_dans_les_enveloppes(limites, voulues)


def test_ten_thousand_programmations_drawn_at_random_never_exceed_an_envelope():
    """More cases than Hypothesis tries."""
    hasard = random.Random(11)
    for _ in range(10_000):
        portees = {
            (hasard.choice(FINANCEURS), hasard.choice((None, *AXES)), hasard.choice((None, *QUARTIERS)))
            for _ in range(hasard.randrange(7))
        }
        limites = [
            EnveloppeComptee(cle, *portee, hasard.randrange(3_000_00) * UN_CENT)
            for cle, portee in enumerate(sorted(portees, key=str))
        ]
        voulues = [
            Part(
                projet,
                hasard.choice(FINANCEURS),
                hasard.choice((None, *AXES)),
                tuple(hasard.sample(QUARTIERS, hasard.randrange(4))),
                hasard.randrange(1_000_00) * UN_CENT,
            )
            for projet in range(hasard.randrange(9))
        ]
        exiger_dans_les_enveloppes(limites, voulues)


@settings(max_examples=100)
@given(enveloppes(), parts)
def test_one_more_cent_than_what_is_left_is_too_much(limites, voulues):
    """One cent above `reste_pour` exceeds an envelope, has no envelope, or exceeds the amount asked."""
    prises = dict.fromkeys((e.cle for e in limites), Decimal(0))
    for voulue in voulues:
        donne = reste_pour(limites, prises, voulue, voulue.montant)
        if donne < voulue.montant:
            trop = Part(voulue.projet, voulue.financeur, voulue.axe, voulue.quartiers, donne + UN_CENT)
            assert hors_enveloppe(limites, [trop]) or any(
                prises[e.cle] + prise(e, trop) > e.montant for e in limites
            )
        part = Part(voulue.projet, voulue.financeur, voulue.axe, voulue.quartiers, donne)
        for enveloppe in limites:
            prises[enveloppe.cle] += prise(enveloppe, part)


@given(enveloppes(), parts, st.randoms(use_true_random=False))
def test_the_order_of_grants_changes_no_sum(limites, donnees, hasard):
    melangees = [*donnees]
    hasard.shuffle(melangees)

    assert consommations(limites, melangees) == consommations(limites, donnees)
    for enveloppe in limites:
        if enveloppe.axe is None and enveloppe.quartier is None:
            siennes = [p.montant for p in donnees if p.financeur == enveloppe.financeur]
            assert consommations(limites, donnees)[enveloppe.cle] == sum(siennes, start=Decimal(0))


def test_what_goes_over_is_said_in_a_sentence():
    limite = EnveloppeComptee(1, 1, None, None, Decimal(1000), "État")

    (trop,) = depassements([limite], [Part(1, 1, 1, (), Decimal("1000.01"))])

    assert trop.phrase == (
        "État : 1\xa0000,01\xa0€ pour une enveloppe de 1\xa0000\xa0€, soit 0,01\xa0€ de trop."
    )


def faits(**champs):
    return Faits(
        **{
            "cout": Decimal(1000),
            "demandes": [Demande("État", Decimal(500), Decimal(400))],
            "part_maximale": 80,
            **champs,
        }
    )


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({}, None),
        ({"demandes": [Demande("État", Decimal(500), Decimal("500.01"))]}, "lui en demande 500"),
        ({"cout": Decimal(499)}, "dépasse 80"),
        ({"cout": Decimal(500)}, None),
        ({"cout": Decimal(0)}, "n’est pas dit"),
        ({"recevable": None}, "pas encore dite"),
        ({"recevable": False}, "pas recevable"),
        ({"bilans": ["CDV-2025-0003"]}, "doit encore un bilan : CDV-2025-0003"),
        ({"demandes": [], "recevable": False, "cout": Decimal(0)}, None),
    ],
)
def test_what_the_reglement_has_against_a_grant_is_said(champs, phrase):
    dites = reproches(faits(**champs))

    assert dites == [] if phrase is None else phrase in " ".join(dites)
