"""Everywhere a person is: her rows in all apps, found from the models, so that a new app cannot be forgotten."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from participation.droits.models import DemandeDroit
from participation.socle.actions.oubli import RIEN, Personne, modules, mots_du_nom, peut_etre, raison_de
from participation.socle.francais import accorder, instant_texte, jour_texte, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.liens import LienInvalide, ligne_du_code
from participation.socle.models import Compte, Courriel, Courrier, Dossier
from participation.socle.regles.sms import numeros

# Foreign keys to an account: what is hers, and what she did. What she is only in charge of is not hers.
SIENS = frozenset({"auteur", "compte", "user", "par"})
# Secrets of the site, which would open something or say nothing to her.
HORS = frozenset({"mfa.Authenticator", "socle.TraceLettre"})
# Nor a hash, nor the addresses of all who are told of one thing.
TUS = re.compile(
    r"^(personne|adresses)$|(^|_)(id|cle|sceau|jeton|nonce|empreinte|sha256|password|secret|token|canonique|boite|preuve|rang|octets|lu|session|recherche|simple|mots)($|_)"
)
DERNIERE = "la lettre qui dit que c’est fait, effacée elle aussi après son délai"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind: (label, value) pairs for each."""

    titre: str
    lignes: Sequence[Sequence[tuple[str, str]]]


def lignes_de(personne: Personne) -> Iterator[tuple[type[models.Model], QuerySet[Any]]]:
    """Yield (model, rows) for each table that may speak of the person.

    By `Personne.condition`, in the columns of addresses, by her account, then what the `lignes` of each app's `oubli` adds:
    rows that only another row ties to her.
    """
    trouvees: dict[type[models.Model], Q] = {}
    for modele in apps.get_models():
        if _est_a_lire(modele) and (condition := _condition(modele, personne)) != RIEN:
            trouvees[modele] = condition
    for module in modules():
        ajouter: Callable[[Personne], dict[type[models.Model], Q]] | None = getattr(module, "lignes", None)
        for modele, condition in ajouter(personne).items() if ajouter is not None else ():
            trouvees[modele] = trouvees.get(modele, Q()) | condition
    for modele, condition in trouvees.items():
        siennes = modele._base_manager.filter(condition)
        yield modele, modele._base_manager.filter(pk__in=siennes.values("pk")).order_by("pk")


def _est_a_lire(modele: type[models.Model]) -> bool:
    """Dossiers are read by the table of their app, whose rows have all of it."""
    dit = modele._meta
    return dit.managed and not dit.proxy and modele is not Dossier and dit.label not in HORS


def _condition(modele: type[models.Model], personne: Personne) -> Q:
    champs = modele._meta.concrete_fields
    condition = personne.condition(modele, *(c.name for c in champs if isinstance(c, models.EmailField)))
    if modele is Compte and personne.compte is not None:
        condition |= Q(pk=personne.compte.pk)
    for champ in champs:
        if isinstance(champ, ArrayField) and champ.name == "destinataires":
            condition |= Q(**{f"{champ.name}__overlap": sorted(personne.adresses | {personne.numero} - {""})})
        elif isinstance(champ, ArrayField) and isinstance(champ.base_field, models.EmailField):
            condition |= Q(**{f"{champ.name}__overlap": sorted(personne.adresses)})
        elif personne.compte is not None and champ.name in SIENS and champ.related_model is Compte:
            condition |= Q(**{champ.name: personne.compte})
    return condition


def cle_de(ligne: models.Model) -> str:
    """Return what a request keeps of a row found by its code, « remontees.Rapporteur:12 »: the code itself would open it."""
    return f"{ligne._meta.label}:{ligne.pk}"


def reconnaitre(*, courriel: str, telephone: str, code: str, nom: str, adresse: str) -> dict[str, str]:
    """Return what a request keeps of who asks, completed by what her paper says and by her account « par la poste ».

    Raises ValidationError on the field to mend.
    """
    dits = {
        "courriel": courriel.strip().lower(),
        "telephone": _numero(telephone),
        "nom": nom,
        "adresse": adresse,
    }
    if code:
        contact = _contact(code)
        papier = _dits(contact)
        if nom and not peut_etre(nom, papier["nom"]):
            raise ValidationError({"code": "Ce papier est à un autre nom. Relisez le code, ou le nom."})
        dits = {champ: dit or papier[champ] for champ, dit in dits.items()} | {
            "cle_du_papier": cle_de(contact)
        }
    if dits["telephone"] and len(mots_du_nom(dits["nom"])) < 2:
        if telephone:
            raise ValidationError(
                {"nom": "Donnez son prénom et son nom\u00a0: un téléphone peut servir à toute une famille."}
            )
        dits["telephone"] = ""  # that of her paper, with nothing to tell her from others
    if not (dits["courriel"] or dits["telephone"] or code):
        raise ValidationError(
            {"courriel": "Donnez une adresse de courriel, un téléphone, ou le code d’un papier."}
        )
    compte = compte_au_numero(dits["telephone"], dits["nom"])
    if compte is not None and compte.est_par_poste:
        dits["courriel"] = dits["courriel"] or compte.courriel
    if refus := pas_par_telephone(compte, dits["courriel"]):
        raise ValidationError({"telephone": refus})
    return dits


def langue_de(demande: DemandeDroit) -> str:
    """Return the language that she reads: of her paper, else of the last letter that left to her; French when nothing says it."""
    if langue := getattr(demande.papier, "langue", ""):
        return str(langue)
    siennes = [a for a in (demande.courriel, demande.telephone) if a]
    lettres = Courriel.objects.filter(destinataires__overlap=siennes).order_by("-pk")
    return lettres.values_list("langue", flat=True).first() or FRANCAIS


def _numero(telephone: str) -> str:
    lus = list(numeros(telephone))
    if len(lus) > 1:
        raise ValidationError({"telephone": "Donnez un numéro à la fois\u00a0: une demande pour chacun."})
    if telephone and not lus:
        raise ValidationError(
            {
                "telephone": "Ce numéro n’existe pas. Relisez-le\u00a0: dix chiffres en France, ou +, puis le pays."
            }
        )
    return "".join(lus)


def _contact(code: str) -> models.Model:
    try:
        contact = ligne_du_code(code).contact
    except LienInvalide:
        raise ValidationError({"code": "Aucun papier ne porte ce code. Relisez-le."}) from None
    if contact is None:
        raise ValidationError(
            {"code": "Ce papier ne mène à personne\u00a0: nous ne gardons ni son nom, ni de quoi la joindre."}
        )
    return contact


def _dits(contact: Any) -> dict[str, str]:
    return {
        "nom": f"{getattr(contact, 'prenom', '')} {getattr(contact, 'nom', '')}".strip(),
        "courriel": getattr(contact, "courriel", "").lower(),
        "telephone": next(numeros(getattr(contact, "telephone", "")), ""),
        "adresse": getattr(contact, "adresse", ""),
    }


def compte_au_numero(telephone: str, nom: str) -> Compte | None:
    """Return the open account with this telephone and no other name; None without a telephone."""
    if not telephone:
        return None
    ouverts = Compte.objects.filter(is_active=True).exclude(telephone="")
    siens = Personne("", telephone=telephone, nom=nom).a_son_numero(ouverts, "telephone", ("prenom", "nom"))
    return Compte.objects.filter(pk__in=siens).order_by("pk").first()


def pas_par_telephone(compte: Compte | None, courriel: str) -> str:
    """Say why the holder of this account is not asked by her telephone; "" when she is asked by its address."""
    if compte is None or compte.courriel == courriel:
        return ""
    return (
        "Ce téléphone est celui d’un compte. Donnez l’adresse de courriel de ce compte\u00a0; ou bien la personne le ferme "
        "elle-même, depuis «\u00a0Mon compte\u00a0»."
    )


@dataclass(frozen=True, slots=True)
class Trouvailles:
    """What one thing that a person gave leads to: (app, kind of rows, number, number left under another name).

    `a_qui`: whose it is, so that the code of somebody else is seen.
    """

    par: str
    a_qui: str
    lignes: Sequence[tuple[str, str, int, int]]


def apercu(demande: Any) -> list[Trouvailles]:
    """Return what each thing that she gave finds alone, before anything is decided."""
    trouvees = []
    if demande.courriel:
        seule = Personne(demande.courriel, par_boite=True)  # as written, millions of signatures would be read
        trouvees.append(_trouver("Son adresse de courriel", demande.courriel, seule))
    if demande.telephone:
        seule = Personne(
            "", telephone=demande.telephone, nom=demande.nom, prend_sans_nom=demande.est_effacement
        )
        trouvees.append(_trouver("Son téléphone", f"{demande.telephone}, {demande.nom}", seule))
    if (papier := demande.papier) is not None:
        dits = [" ".join(dit.split()) for dit in _dits(papier).values() if dit]
        a_qui = ", ".join(dits) or "sans nom ni coordonnées"
        trouvees.append(_trouver("Le code de son papier", a_qui, Personne("", ligne=papier)))
    return trouvees


def _trouver(par: str, a_qui: str, personne: Personne) -> Trouvailles:
    comptes = compter(personne)
    return Trouvailles(
        par,
        a_qui,
        [
            (_app(table), _sorte(table), comptes.get(table, 0), personne.autres.get(table, 0))
            for table in sorted({*comptes, *personne.autres}, key=lambda table: (_app(table), _sorte(table)))
        ],
    )


def lettres_perdues(personne: Personne) -> str:
    """Say which letters to post an erasure gives up; "" when none waits."""
    siennes = dict(lignes_de(personne)).get(Courrier, Courrier.objects.none())
    attendent = Courrier.objects.a_poster().filter(pk__in=siennes.values("pk")).count()
    if not attendent:
        return ""
    combien = accorder(
        attendent,
        "lettre attend d’être postée\u00a0: l’effacement l’abandonne",
        "lettres attendent d’être postées\u00a0: l’effacement les abandonne",
    )
    return f"{combien}. Postez d’abord ce que la personne attend."


def _app(table: str) -> str:
    return majuscule(apps.get_app_config(table.partition(".")[0]).verbose_name)


def _sorte(table: str) -> str:
    return majuscule(apps.get_model(table)._meta.verbose_name_plural)


def compter(personne: Personne) -> dict[str, int]:
    """Return « app.Modele » → number of her rows, where there are some. One query a table."""
    comptes = {modele._meta.label: lignes.count() for modele, lignes in lignes_de(personne)}
    return {table: combien for table, combien in comptes.items() if combien}


def rapporter(avant: dict[str, int], apres: dict[str, int], autres: dict[str, int]) -> list[dict[str, Any]]:
    """Return what an erasure did, by table: rows found, rows that still lead to her and why, `autres` left to another name."""
    return [
        {
            "quoi": _sorte(table),
            "trouvees": max(avant.get(table, 0), apres.get(table, 0)) + autres.get(table, 0),
            "restent": apres.get(table, 0) + autres.get(table, 0),
            "raison": ". ".join(
                filter(None, [_raison(table) if apres.get(table) else "", _laissees(autres.get(table, 0))])
            ),
        }
        for table in sorted({*apres, *avant, *autres})
    ]


def _laissees(combien: int) -> str:
    """« 2 lignes à un autre nom, laissées »."""
    return (
        f"{accorder(combien, 'ligne à un autre nom, laissée', 'lignes à un autre nom, laissées')}"
        if combien
        else ""
    )


def _raison(table: str) -> str:
    return DERNIERE if table == Courriel._meta.label else raison_de(apps.get_model(table))


def sections(personne: Personne) -> list[Section]:
    """Return all her rows, in words."""
    dites = [
        Section(_sorte(modele._meta.label), [_decrire(ligne) for ligne in lignes.iterator()])
        for modele, lignes in lignes_de(personne)
    ]
    return [section for section in dites if any(section.lignes)]


def colonnes(modele: type[models.Model]) -> list[Any]:
    """Return the columns that say something of a person: what her copy shows, and what the register names."""
    return [
        champ
        for champ in modele._meta.concrete_fields
        if not (champ.primary_key or champ.is_relation or TUS.search(champ.name))
    ]


def _decrire(ligne: models.Model) -> list[tuple[str, str]]:
    return [
        (majuscule(champ.verbose_name), dit)
        for champ in colonnes(type(ligne))
        if not _se_tait(ligne, champ.name) and (dit := _dire(ligne, champ))
    ]


def _se_tait(ligne: models.Model, champ: str) -> bool:
    """A letter is given once, as text; that of a code is not: no agent reads it, even in a copy."""
    return champ == "corps_html" or (champ == "corps" and getattr(ligne, "est_secrete", False))


def _dire(ligne: models.Model, champ: Any) -> str:
    valeur = getattr(ligne, champ.attname)
    if champ.choices:
        return str(getattr(ligne, f"get_{champ.name}_display")())
    if valeur is None or valeur == "" or isinstance(valeur, bytes | memoryview):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return instant_texte(valeur)
    if isinstance(valeur, date):
        return jour_texte(valeur)
    if isinstance(valeur, dict):
        return "\u00a0; ".join(f"{mot}\u00a0: {dit}" for mot, dit in valeur.items())
    if isinstance(valeur, list | tuple):
        return ", ".join(map(str, valeur))
    # A link of one of our letters may still open something, for whoever reads the copy.
    return re.sub(r"https?://\S+", "(lien)", str(valeur))
