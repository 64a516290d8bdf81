"""What the page of an act showed of its object: whoever acts on a page that aged is told, and reads both."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm, Field, FileField, ModelChoiceField

from participation.socle.francais import enumerer, jour_texte
from participation.socle.models import Partie
from participation.socle.regles.versions import TexteDepasse, changes, depasse

ETAT, MOTS = "etat", "mots"  # beside the fields, which are named `champ.…`


def montre(objet: Any, form: BaseForm, mots: str | None = None) -> dict[str, str]:
    """Return what the page shows of `objet`, by name; nothing of no row.

    Its état, the sentences of the page of the act (`mots`), and for each field of the form the value of the row
    that it writes and the value it begins with.
    """
    if not isinstance(objet, Model):
        return {}
    ligne = getattr(form, "ligne", None)
    dits = {} if mots is None else {MOTS: mots}
    return {ETAT: _etat(objet, form), **dits} | {
        f"champ.{nom}": _en_mots([_ecrit(ligne, nom), _initiale(form, nom)]) for nom in _champs(form)
    }


def exiger_montre(resume: str, relu: Any, frais: BaseForm, ecrits: Mapping[str, Any], mots: str) -> None:
    """Check that the object is as the page showed it, in `resume`. Raises TexteDepasse.

    `relu`: the object read again under its lock; `frais`: the form that a page would now show of it; `ecrits`:
    the answers. A form sent twice finds its own answers: this is no conflict.
    """
    autres = changes(resume, montre(relu, frais, mots if f"{MOTS}:" in resume else None))
    if not autres:
        return
    champs = {
        nom: _dire(frais, nom)
        for nom in _champs(frais)
        if f"champ.{nom}" in autres and _en_mots(ecrits.get(nom)) != _en_mots(_actuelle(frais, nom))
    }
    connus = {f"champ.{nom}" for nom in _champs(frais)}
    quoi = ["Ceci a changé pendant que vous l’écriviez."] if champs or autres - connus - {ETAT, MOTS} else []
    if ETAT in autres:
        quoi.append(f"L’état a changé depuis que cette page est ouverte : « {relu.libelle_etat} ».")
    if MOTS in autres:
        quoi.append("Ce que dit cette page a changé depuis que vous l’avez ouverte : relisez-la.")
    if quoi:
        raise depasse(" ".join(quoi), champs)


def est_deja_ecrit(form: Any, relu: Any) -> bool:
    """Whether the object already has all the answers of the form: it was sent twice."""
    ecrits = {nom: _ecrit(relu, nom) for nom in _champs(form)}
    siens = {nom: valeur for nom, valeur in ecrits.items() if valeur is not None}
    return bool(siens) and all(_en_mots(form.cleaned_data[nom]) == _en_mots(v) for nom, v in siens.items())


def n_a_change_que_par_l_acte(erreur: TexteDepasse) -> bool:
    """Whether no answer of the form is in conflict: only the état or the sentences of the page changed."""
    return len(erreur.error_dict) == 1


def _etat(objet: Model, form: BaseForm) -> str:
    """Return where the object stands.

    Of a part, all that it says by a choice (its état, a decision, an answer) or by the instant when it was done (`…_le`),
    but what the form writes.
    """
    if not isinstance(objet, Partie):
        return str(getattr(objet, "etat_actuel", getattr(objet, "etat", "")))
    dits = (
        c.name
        for c in objet._meta.concrete_fields
        if (c.choices or (c.null and c.name.endswith("_le"))) and c.name not in form.fields
    )
    return " ".join([objet.suivi.etat_actuel, *(str(getattr(objet, nom)) for nom in dits)])


def _champs(form: BaseForm) -> list[str]:
    return [
        nom
        for nom, champ in form.fields.items()
        if not (champ.widget.is_hidden or isinstance(champ, FileField))
    ]


def _ecrit(ligne: Any, nom: str) -> Any:
    """Return the value of the column that the field writes; None when it writes none."""
    colonnes = {c.name: c.attname for c in ligne._meta.concrete_fields} if isinstance(ligne, Model) else {}
    return getattr(ligne, colonnes[nom]) if nom in colonnes else None


def _initiale(form: BaseForm, nom: str) -> Any:
    valeur = form.initial.get(nom, form.fields[nom].initial)
    return None if callable(valeur) else valeur


def _actuelle(form: BaseForm, nom: str) -> Any:
    ecrit = _ecrit(getattr(form, "ligne", None), nom)
    return _initiale(form, nom) if ecrit is None else ecrit


def _en_mots(valeur: Any) -> str:
    """Return a text equal for two values that read the same. Browsers end lines differently."""
    if isinstance(valeur, QuerySet | list | tuple):
        return str([_en_mots(une) for une in valeur])
    if valeur is None or isinstance(valeur, str):
        return "\n".join((valeur or "").splitlines())
    if isinstance(valeur, Model):
        return str(valeur.pk)
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}"
    if isinstance(valeur, bool | int | float | date | time):
        return str(valeur)
    if isinstance(valeur, Mapping):
        return str({str(cle): _en_mots(une) for cle, une in valeur.items()})
    if isinstance(valeur, set | frozenset):
        return str(sorted(_en_mots(une) for une in valeur))
    return ""


def _dire(form: BaseForm, nom: str) -> str:
    """Return the present value as a sentence for the page."""
    valeur = _actuelle(form, nom)
    if valeur is None or valeur == "":
        return "Aujourd’hui, rien n’est écrit."
    if isinstance(valeur, bool):
        return f"Aujourd’hui : {'oui' if valeur else 'non'}."
    champ = form.fields[nom]
    plusieurs = valeur if isinstance(valeur, QuerySet | list | tuple | set | frozenset) else [valeur]
    dit = enumerer([_libelle(champ, une) for une in plusieurs])
    return f"Aujourd’hui, il est écrit : « {dit} »" if dit else "Aujourd’hui, rien n’est écrit."


def _libelle(champ: Field, valeur: Any) -> str:
    if isinstance(valeur, date):
        return jour_texte(valeur)
    if isinstance(champ, ModelChoiceField) and not isinstance(valeur, Model):
        valeur = champ.queryset.model._base_manager.filter(pk=valeur).first() or valeur  # type: ignore[union-attr]
    return _choix(champ).get(_en_mots(valeur), str(valeur))


def _choix(champ: Field) -> dict[str, str]:
    if isinstance(champ, ModelChoiceField):
        return {}
    choix: Iterable[Any] = getattr(champ, "choices", ())
    return {str(cle): str(mots) for cle, mots in choix if not isinstance(mots, list | tuple)}
