"""The form of an act is read from the typed keywords of its action."""

from datetime import date
from typing import Annotated, Any

import pytest

from participation.socle.forms.champs import champ_case, champ_jour, champ_texte
from participation.socle.forms.signature import ACTUEL, formulaire_de


def prolonger(
    collecte: Any,
    *,
    par: Any,
    date_fin: Annotated[date | None, champ_jour("Jusqu’au", requis=False)],
    motif: Annotated[str, champ_texte("Pourquoi", maximum=600), ACTUEL],
    prevenir: Annotated[bool, champ_case("Prévenir", requis=False)] = False,
    source: str = "",
) -> None: ...


def test_each_annotated_keyword_is_a_question_and_the_others_are_not_asked():
    form = formulaire_de(prolonger)

    assert list(form.base_fields) == ["date_fin", "motif", "prevenir"]
    assert form.base_fields["motif"].label == "Pourquoi"
    assert form.ACTUELS == ("motif",)


def test_an_act_that_asks_nothing_has_no_form():
    assert formulaire_de(lambda petition, *, par: None) is None


def sans_question(
    petition: Any, *, par: Any, motif: Annotated[str, champ_texte("Pourquoi")], jour: date
) -> None: ...


def d_un_autre_type(petition: Any, *, par: Any, jour: Annotated[str, champ_jour("Quand")]) -> None: ...


def jamais_vide(
    petition: Any, *, par: Any, jour: Annotated[date, champ_jour("Quand", requis=False)]
) -> None: ...


@pytest.mark.parametrize(
    ("action", "dit"),
    [
        (sans_question, "does not say how jour is asked"),
        (d_un_autre_type, "the field of jour gives date"),
        (jamais_vide, "the field of jour gives NoneType"),
    ],
)
def test_a_wrong_annotation_fails_when_its_module_is_read(action, dit):
    with pytest.raises(TypeError, match=dit):
        formulaire_de(action)
