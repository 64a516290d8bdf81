"""Erase a person everywhere.

The socle knows no app. An app that keeps anything about people has a module `oubli`, found by its
name: `oublier(personne)` erases the person from its rows, `GARDE` names the tables that must stay as they are, and
`RESTE` the columns where her words stay without her name, with the reason told to people. Then the address is searched for in every text of every other table and erased, so
that a table that was forgotten keeps no address either.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cache
from importlib import import_module
from itertools import product
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from django.apps import AppConfig, apps
from django.contrib.admin.models import LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Lower, Replace
from django.utils.module_loading import module_has_submodule

from participation.socle.actions.courriels import A_PARTIR
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.documents import effacer_documents
from participation.socle.francais import sans_accent
from participation.socle.models import (
    Compte,
    Courriel,
    Courrier,
    Demande,
    Document,
    Dossier,
    FiltreEnregistre,
    Moderation,
    RythmeDesLettres,
)
from participation.socle.models.telephones import chiffres
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.redaction import CIVILITES
from participation.socle.regles.sms import chiffres_du_numero, motif_du_numero

M = TypeVar("M", bound=models.Model)
RIEN = Q(pk__in=[])  # the condition of no row: an empty one would be that of all
EFFACE, NUMERO_EFFACE = "…@…", "…"
# Whether a text has Arabic digits. Most texts are told by their length that they have none: three times faster.
EN_ARABE = """(octet_length({0}::text) > length({0}::text) AND {0}::text COLLATE "C" ~ '[٠-٩۰-۹]')"""
NOM_EFFACE = "(nom effacé)"

# Tables that stay, with the reason shown on the page about personal data.
JOURNAL = (
    "le journal des dossiers, que personne ne peut changer : il dit qui a fait quoi par un numéro de compte"
)
FIGES = "les documents figés (avis, convocations, procès-verbaux), dont l’empreinte doit rester vérifiable"
PAROLES = "ce que vous avez dit ou proposé, sans votre nom\u00a0: d’autres y ont répondu, et c’est compté"
ACTES = "ce qui a été décidé ou répondu au dossier"
ORGANISME = "le nom et le siège d’un organisme, qui n’est pas une personne"
COMPTE_VIDE = "ce qui a été écrit depuis votre compte, sans votre nom\u00a0: le compte fermé est vide"
GARDE: dict[str, str] = {
    "socle.Entree": JOURNAL,
    "socle.Document": FIGES,
    "socle.Commune": "les boîtes partagées des communes et des directions, qui ne sont à personne",
    "socle.Direction": "les boîtes partagées des communes et des directions, qui ne sont à personne",
    "socle.ReglageService": "l’adresse du service",
    "socle.ReferenceLegale": "les articles de loi que citent les lettres",
    "socle.Traduction": "qui a écrit et relu une traduction, dit par un numéro de compte",
    "socle.LibelleTraduit": "qui a traduit les libellés des tables, dit par un numéro de compte",
    "socle.RelectureLangue": "qui a relu les traductions du site, dit par un numéro de compte",
}


@dataclass(slots=True)
class Personne:
    """The person to erase: her address, her telephone (E.164) beside her name, or the row of a code on paper.

    No `courriel` is kept: an app asks for her rows (`dans`), or reads `adresses`, every spelling found so far, to which it
    adds another. A telephone may be that of a household: rows with another name are counted (`autres`, by table) and left;
    those without any too, unless `prend_sans_nom`: a copy would show them to somebody else. « Ravel » alone is left as well
    where another Ravel has the same number. `par_boite` reads no address as written where the table keeps the mailbox: the
    two agree but for a row written under an older rule of `canoniser`, which a preview may miss, and an erasure may not.
    Raises ValueError without any of the three, or for a telephone without a name: she would be everybody who gave none.
    """

    courriel: InitVar[str]
    compte: Compte | None = None
    telephone: str = ""
    nom: str = ""
    ligne: models.Model | None = None
    prend_sans_nom: bool = True
    par_boite: bool = False
    adresses: set[str] = field(default_factory=set)
    autres: dict[str, int] = field(default_factory=dict)
    _lues: dict[str, dict[str, list[Any]]] = field(default_factory=dict, repr=False)
    _noms_d_autres: set[str] | None = field(default=None, repr=False)

    def __post_init__(self, courriel: str) -> None:
        self.adresses |= {courriel.strip().lower()} - {""}
        if self.compte is not None:
            self.nom = self.compte.get_full_name() or self.nom
        if not (self.adresses or self.telephone or self.ligne is not None):
            raise ValueError("A person without an address.")
        if self.telephone and not mots_du_nom(self.nom):
            raise ValueError("A telephone without a name.")

    @property
    def boites(self) -> set[str]:
        """Her mailboxes, whatever the spelling of her addresses."""
        return {canoniser(adresse) for adresse in self.adresses}

    @property
    def est_seule_au_numero(self) -> bool:
        """Whether nobody else is known by her telephone: what was sent to it, or says it, is then hers."""
        for modele in _modeles():
            self._a_son_numero(modele)
        return not any(self.autres.values())

    @property
    def numero(self) -> str:
        """Her telephone, if it is hers alone."""
        return self.telephone if self.telephone and self.est_seule_au_numero else ""

    def dans(self, modele: type[M], *champs: str) -> models.QuerySet[M]:
        """Return her rows in a table: by the columns of addresses named (`courriel` by default), her mailbox, telephone, code."""
        return modele._base_manager.filter(self.condition(modele, *champs or ("courriel",)))

    def condition(self, modele: type[models.Model], *champs: str) -> Q:
        a_la_boite = _a_le_champ(modele, "courriel_canonique")
        ecrites = [champ for champ in champs if not (self.par_boite and a_la_boite and champ == "courriel")]
        trouvees = self.a_une_adresse(*ecrites)
        if au_numero := self._a_son_numero(modele):
            trouvees |= Q(pk__in=au_numero)
        if a_la_boite:
            trouvees |= Q(courriel_canonique__in=self.boites)
        if self.ligne is not None and isinstance(self.ligne, modele):
            trouvees |= Q(pk=self.ligne.pk)
        return trouvees

    def a_une_adresse(self, *champs: str) -> Q:
        """The condition that one of these columns is an address of hers, and nothing else."""
        trouvees = RIEN
        for champ, adresse in product(champs, self.adresses):
            trouvees |= Q(**{f"{champ}__iexact": adresse})
        return trouvees

    def a_sa_boite(self, champ: str) -> Q:
        """As `a_une_adresse`, in a table that may have kept her mailbox rather than what she typed."""
        trouvees = RIEN
        for boite in self.adresses | self.boites:
            trouvees |= Q(**{f"{champ}__iexact": boite})
        return trouvees

    def a_son_numero(self, objets: models.QuerySet[Any], champ: str, noms: Sequence[str]) -> list[Any]:
        """Return the keys of the rows with her telephone in `champ` and no other name in `noms`. Read once for each table."""
        if not self.telephone:
            return []
        dites = self._par_nom(objets, champ, noms)
        siennes = [pk for dit, cles in dites.items() if self._est_nommee(dit) for pk in cles]
        if autres := sum(map(len, dites.values())) - len(siennes):
            self.autres[objets.model._meta.label] = autres
        return siennes

    def _par_nom(self, objets: models.QuerySet[Any], champ: str, noms: Sequence[str]) -> dict[str, list[Any]]:
        """Return the keys of the rows with her telephone by the name beside it: that of a desk is in many, by few names."""
        table = objets.model._meta.label
        if table not in self._lues:
            lues: dict[str, list[Any]] = {}
            for pk, *dits in _au_numero(objets, self.telephone, champ).values_list("pk", *noms):
                lues.setdefault(" ".join(filter(None, dits)), []).append(pk)
            self._lues[table] = lues
        return self._lues[table]

    def _est_nommee(self, autre: str) -> bool:
        mots = mots_du_nom(autre)
        if not mots:
            return self.prend_sans_nom
        return peut_etre(self.nom, autre) and not (len(mots) == 1 and mots <= self._mots_d_autres())

    def _mots_d_autres(self) -> set[str]:
        """Return the words of the other names that her telephone has, in every table."""
        if self._noms_d_autres is None:
            dits = (
                dit
                for modele in _modeles()
                if _a_un_telephone(modele) and (noms := _noms_de(modele))
                for dit in self._par_nom(_avec_un_telephone(modele), "telephone", noms)
            )
            siens = (mots_du_nom(dit) for dit in dits if not peut_etre(self.nom, dit))
            self._noms_d_autres = set[str]().union(*siens)
        return self._noms_d_autres

    def _a_son_numero(self, modele: type[models.Model]) -> list[Any]:
        if not _a_un_telephone(modele):
            return []
        return self.a_son_numero(_avec_un_telephone(modele), "telephone", _noms_de(modele))


def peut_etre(nom: str, autre: str) -> bool:
    """Whether the words of one name are all in the other. No name may be anybody."""
    un, deux = mots_du_nom(nom), mots_du_nom(autre)
    return un <= deux or deux <= un


def mots_du_nom(nom: str) -> set[str]:
    """Return the words of a name, without case, accents, or « Mme »: the first name and the family name, in any order."""
    return set(re.findall(r"\w+", sans_accent(nom))) - CIVILITES


def _a_un_telephone(modele: type[models.Model]) -> bool:
    """An account is closed by its act; a table of `gardes()` holds the telephones of bodies, which are nobody's."""
    return modele is not Compte and _a_le_champ(modele, "telephone") and modele._meta.label not in gardes()


def _avec_un_telephone(modele: type[M]) -> models.QuerySet[M]:
    """The condition of its index."""
    return modele._base_manager.exclude(telephone="")


def _noms_de(modele: type[models.Model]) -> Sequence[str]:
    """Return the columns that name who has its telephone."""
    siens: Sequence[str] | None = getattr(modele, "NOM_DE_LA_PERSONNE", None)
    return siens or [nom for nom in ("prenom", "nom") if _a_le_champ(modele, nom)]


def _au_numero(objets: models.QuerySet[Any], telephone: str, champ: str) -> models.QuerySet[Any]:
    """Find its digits along the index of the table, then read them as people write them."""
    avec = objets.alias(chiffres=chiffres(champ)).filter(chiffres__contains=chiffres_du_numero(telephone))
    trouves: models.QuerySet[Any] = avec.filter(**{f"{champ}__regex": motif_du_numero(telephone)})
    return trouves


def _a_le_champ(modele: type[models.Model], nom: str) -> bool:
    return any(champ.name == nom for champ in modele._meta.concrete_fields)


@transaction.atomic
def oublier(personne: Personne) -> None:
    """Erase the person from everything kept, except the tables of `gardes()`.

    `fermer_compte` takes care of the row of the account.
    """
    for module in modules():
        effacer: Callable[[Personne], None] | None = getattr(module, "oublier", None)
        if effacer is not None:
            effacer(personne)
    _oublier_lettres(personne)
    _oublier_traces(personne)
    ecrits = list(_ecrits(personne))
    for modele in _modeles():
        _effacer_des_textes(modele, ecrits)


def autour(dossier: Dossier) -> dict[str, models.QuerySet[Any, Any]]:
    """Return what the mechanism keeps of people around a dossier, by name: deleted with the whole démarche.

    An app adds its own by `autour` of its `oubli`.
    """
    partis = Courriel.objects.filter(dossier=dossier).exclude(etat__in=A_PARTIR)
    trouves: dict[str, models.QuerySet[Any, Any]] = {"lettres": partis}
    for module in modules():
        trouves |= getattr(module, "autour", lambda dossier: {})(dossier)
    return trouves


@transaction.atomic
def oublier_autour(dossier: Dossier) -> None:
    """Delete what `autour` finds, the papers of letters on paper, and who answered a demande."""
    for lignes in autour(dossier).values():
        lignes.delete()
    effacer_courriers(Courrier.objects.filter(dossier=dossier, document__fige_le=None))
    Demande.objects.filter(dossier=dossier).update(repondue_par="")
    effacer_documents(dossier.documents.filter(nature="socle/audit", fige_le__isnull=True))


def gardes() -> dict[str, str]:
    """Return « app.Modele » → the reason why what this table holds about people stays."""
    siennes: list[dict[str, str]] = [getattr(module, "GARDE", {}) for module in modules()]
    return {table: raison for garde in (GARDE, *siennes) for table, raison in garde.items()}


def raison_de(modele: type[models.Model], champ: str = "") -> str:
    """Return why what a person left in this column, or this table, stays once she is forgotten; "" if it must not.

    An app says it in `RESTE` of its `oubli`, for « app.Modele » or « app.Modele.champ ».
    """
    restes = {table: raison for module in modules() for table, raison in getattr(module, "RESTE", {}).items()}
    table = modele._meta.label
    declaree = restes.get(f"{table}.{champ}") or restes.get(table) or gardes().get(table)
    return declaree or ("" if _tient_une_adresse(modele) else COMPTE_VIDE if _tient_un_compte(modele) else "")


def raisons() -> list[str]:
    """Return, for people, all that stays once a person is forgotten, and why."""
    dites = [raison for module in modules() for raison in getattr(module, "RESTE", {}).values()]
    return list(dict.fromkeys([*gardes().values(), COMPTE_VIDE, *dites]))


def _tient_une_adresse(modele: type[models.Model]) -> bool:
    return any(isinstance(champ, models.EmailField) for champ in modele._meta.concrete_fields)


def _tient_un_compte(modele: type[models.Model]) -> bool:
    return any(champ.related_model is Compte for champ in modele._meta.concrete_fields)


def modules() -> Iterator[ModuleType]:
    return filter(None, map(_module_de, apps.get_app_configs()))


@cache
def _module_de(app: AppConfig) -> ModuleType | None:
    """Asked for each table of each person: looked for on the disk once."""
    return import_module(f"{app.name}.oubli") if module_has_submodule(app.module, "oubli") else None


def _oublier_lettres(personne: Personne) -> None:
    """Delete the letters and SMS written to this person alone, and remove the address from the others.

    In letters of the person's dossiers, written to others, the full name is erased.
    """
    minuscules = sorted({adresse.lower() for adresse in personne.adresses} | {personne.numero} - {""})
    siennes = Courriel.objects.annotate(tous=Lower(Cast("destinataires", TextField()))).filter(
        _un_de("tous", minuscules)
    )
    dossiers, seules = set(), []
    for courriel in siennes.only("pk", "destinataires", "dossier_id").iterator():
        autres = [a for a in courriel.destinataires if a.lower() not in minuscules]
        if len(autres) == len(courriel.destinataires):
            continue  # the address is only a part of another one
        dossiers.add(courriel.dossier_id)
        if autres:
            Courriel.objects.filter(pk=courriel.pk).update(destinataires=autres)
        else:
            seules.append(courriel.pk)
    Courriel.objects.filter(pk__in=seules).delete()
    if personne.compte is not None:
        dossiers |= set(personne.compte.dossiers.values_list("pk", flat=True))
    dossiers.discard(None)
    # PDFs that copied those letters: they can be asked for again.
    effacer_documents(
        Document.objects.filter(dossier__in=dossiers, nature="socle/audit", fige_le__isnull=True)
    )
    if " " in personne.nom:  # a first name alone could be anybody's
        lettres = Courriel.objects.filter(dossier__in=dossiers)
        for champ in ("sujet", "corps", "corps_html"):
            lettres.filter(**{f"{champ}__contains": personne.nom}).update(
                **{champ: Replace(champ, Value(personne.nom), Value(NOM_EFFACE))}
            )


def _oublier_traces(personne: Personne) -> None:
    compte = personne.compte
    FiltreEnregistre.objects.filter(_un_de("requete", personne.adresses)).delete()
    Moderation.objects.filter(adresses__overlap=sorted(personne.adresses)).update(
        adresses=[], contestation=""
    )
    RythmeDesLettres.objects.filter(courriel__in=[adresse.lower() for adresse in personne.adresses]).delete()
    traces = _un_de("object_repr", personne.adresses)
    if compte is not None:
        Demande.objects.filter(compte=compte).update(repondue_par="")
        if personne.nom:
            traces |= Q(object_repr__icontains=personne.nom)
    LogEntry.objects.filter(traces).update(object_repr=NOM_EFFACE)


def _un_de(champ: str, textes: Iterable[str]) -> Q:
    trouve = Q(pk__in=[])
    for texte in textes:
        trouve |= Q(**{f"{champ}__icontains": texte})
    return trouve


def _modeles() -> Iterator[type[models.Model]]:
    intouchables = gardes()
    for modele in apps.get_models():
        if modele._meta.managed and not modele._meta.proxy and modele._meta.label not in intouchables:
            yield modele


class _Ecrit(NamedTuple):
    """What is erased from texts. `presence`: SQL that says fast, for a million letters, that a text may hold it."""

    presence: str
    cherche: str
    motif: str
    efface: str


def _ecrits(personne: Personne) -> Iterator[_Ecrit]:
    """Yield her addresses; her telephone, if nobody else is known by it.

    Most texts have no « @ », and the case of ASCII letters is compared three times faster without a language.
    """
    for adresse in sorted(personne.adresses):
        lettres = ' COLLATE "C"' if adresse.isascii() else ""
        echappee = re.sub(r"([\\%_])", r"\\\1", adresse)
        yield _Ecrit(
            f"strpos({{0}}::text, '@') > 0 AND {{0}}::text{lettres} ILIKE %(cherche)s",
            f"%{echappee}%",
            rf"(?<![\w.+-]){re.escape(adresse)}(?![\w-])",
            EFFACE,
        )
    if numero := personne.numero:
        yield _Ecrit(
            f'({{0}}::text COLLATE "C" LIKE %(cherche)s OR {EN_ARABE}) AND {{0}}::text ~ %(motif)s',
            f"%{'%'.join(chiffres_du_numero(numero))}%",
            motif_du_numero(numero),
            NUMERO_EFFACE,
        )


def _effacer_des_textes(modele: type[models.Model], ecrits: Iterable[_Ecrit]) -> None:
    """Erase these from every text column of a table: one statement for each, whatever the number of columns."""
    textes = dict(_colonnes(modele))
    if not textes:
        return
    table = connection.ops.quote_name(modele._meta.db_table)
    sorties = ", ".join(f"{colonne} = {remplacement}" for colonne, remplacement in textes.items())
    with connection.cursor() as curseur:
        for ecrit in ecrits:
            ou = " OR ".join(ecrit.presence.format(colonne) for colonne in textes)
            curseur.execute(
                f"UPDATE {table} SET {sorties} WHERE {ou}",  # noqa: S608 names of our own tables and columns
                {"cherche": ecrit.cherche, "motif": ecrit.motif, "efface": ecrit.efface},
            )


def _colonnes(modele: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield (quoted column, SQL of its text without the address) for each column of free text."""
    for champ in modele._meta.local_concrete_fields:
        if champ.primary_key or champ.choices or isinstance(champ, models.GeneratedField | models.FileField):
            continue
        colonne = connection.ops.quote_name(champ.column)
        if isinstance(champ, models.JSONField):
            yield colonne, f"{_sans(f'{colonne}::text')}::jsonb"
        elif isinstance(champ, ArrayField) and _est_texte(champ.base_field):
            yield (
                colonne,
                f"ARRAY(SELECT {_sans('m')} FROM unnest({colonne}) WITH ORDINALITY AS mots(m, n) ORDER BY n)",  # noqa: S608 a column of ours
            )
        elif _est_texte(champ):
            yield colonne, _sans(colonne)


def _est_texte(champ: Any) -> bool:
    return isinstance(champ, models.CharField | models.TextField) and not champ.choices


def _sans(texte: str) -> str:
    return f"regexp_replace({texte}, %(motif)s, %(efface)s, 'gi')"
