"""The form of an act, read from the keywords of its action."""

import inspect
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model

from participation.socle.forms.actes import ActeForm


class Actuel:
    """Beside a field in an annotation: it begins with the present value of the object."""


ACTUEL = Actuel()
# What a field gives; the first class that fits. One that is left out gives None, a text gives "".
DONNE: list[tuple[type[forms.Field], type]] = [
    (forms.BooleanField, bool),
    (forms.DecimalField, Decimal),  # a kind of IntegerField
    (forms.IntegerField, int),
    (forms.DateField, date),
    (forms.TimeField, time),
    (forms.FileField, UploadedFile),
    (forms.MultipleChoiceField, list),
    (forms.ModelChoiceField, Model),
    (forms.CharField, str),
    (forms.ChoiceField, str),
]


def formulaire_de(action: Callable[..., Any]) -> type[ActeForm] | None:
    """Return the form that the keywords of the action ask, in their order; None when it asks nothing.

        def prolonger(petition: Petition, *, par: Compte, motif: Annotated[str, champ_texte("Pourquoi")]) -> None:

    Raises TypeError when the module is read, for a keyword that does not say how it is asked, or whose type is not
    what its field gives.
    """
    champs: dict[str, Any] = {}
    actuels, muets = [], []
    for mot in inspect.signature(action).parameters.values():
        if mot.kind is not mot.KEYWORD_ONLY or mot.name == "par":
            continue
        type_, *dits = (
            get_args(mot.annotation) if get_origin(mot.annotation) is Annotated else [mot.annotation]
        )
        champ = next((dit for dit in dits if isinstance(dit, forms.Field)), None)
        if champ is not None:
            _verifier(action, mot.name, type_, champ)
            champs[mot.name] = champ
            actuels += [mot.name] if ACTUEL in dits else []
        elif mot.default is mot.empty:
            muets.append(mot.name)
    if champs and muets:
        raise TypeError(f"{action.__qualname__} does not say how {', '.join(muets)} is asked.")
    return type("ActeForm", (ActeForm,), {**champs, "ACTUELS": tuple(actuels)}) if champs else None


def _verifier(action: Callable[..., Any], nom: str, type_: Any, champ: forms.Field) -> None:
    donne = next((valeur for classe, valeur in DONNE if isinstance(champ, classe)), object)
    admis = get_args(type_) if get_origin(type_) in {Union, type(int | str)} else (type_,)
    attendus = {donne} if champ.required or donne in {str, bool, list} else {donne, type(None)}
    for attendu in attendus:
        if not any(_va(attendu, admise) for admise in admis):
            raise TypeError(
                f"{action.__qualname__}: the field of {nom} gives {attendu.__name__}, not {type_}."
            )


def _va(attendu: type, admise: Any) -> bool:
    classe = get_origin(admise) or admise
    return isinstance(classe, type) and (
        issubclass(attendu, classe) or (attendu is Model and issubclass(classe, Model))
    )
