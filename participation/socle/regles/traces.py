"""Personal data in a free text: found, said, and masked before somebody else reads it.

A first name alone is not found, nor a name that nothing announces: a page says so and asks to read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from participation.socle.francais import enumerer
from participation.socle.regles.mots import simple

NOM_PROPRE = r"[A-ZÀ-Ý][\w’'-]{1,40}"


VOIES = (
    "rue|avenue|av\\.|boulevard|bd|place|chemin|impasse|allée|cours|quai|route|square|montée|passage"
    "|galerie|lotissement|résidence|esplanade|sentier|traverse"
)


@dataclass(frozen=True, slots=True)
class Trace:
    """`quoi`: what a sentence says of it; `masque`: what stands in its place; empty for what is only said.

    The address of a place is what a service must read: only that of the person is masked.
    """

    quoi: str
    masque: str
    forme: re.Pattern[str]


TELEPHONE = Trace(
    "un numéro de téléphone",
    "[téléphone masqué]",
    re.compile(r"(?<!\d)(?:(?:\+|00)33[ .-]?(?:\(0\))?[ .-]?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)"),
)


COURRIEL = Trace(
    "une adresse de courriel",
    "[courriel masqué]",
    re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![\w-])"),
)


PLAQUE = Trace(
    "une plaque d’immatriculation",
    "[plaque masquée]",
    re.compile(r"(?<!\w)[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}(?!\w)"),
)


NOM = Trace(
    "le nom d’une personne",
    "[nom masqué]",
    re.compile(
        r"(?<!\w)(?:(?:M\.|Mr\.?|Mme\.?|Mlle\.?|[Mm]ademoiselle|[Mm]adame|[Mm]onsieur|MADEMOISELLE|MADAME|MONSIEUR"
        r"|[Jj]e m[’']appelle|[Mm]on nom est)[ \u00a0](?:[A-ZÀ-Ý]\.[ \u00a0-]?){0,3}"
        rf"{NOM_PROPRE}(?:[ \u00a0]{NOM_PROPRE}){{0,3}}"
        rf"|(?<=[Cc]hez[ \u00a0]){NOM_PROPRE}(?:[ \u00a0]{NOM_PROPRE}){{1,3}})"
    ),
)


ADRESSE = Trace(
    "une adresse postale",
    "",
    re.compile(
        rf"(?<![\w/])\d{{1,4}}(?: ?(?i:bis|ter|quater|[A-D]))?,? (?i:{VOIES}) "
        r"(?i:de la |de l[’']|de |du |des |d[’'])?[\w’'-]{1,40}(?: (?:mai|mars|juin|juillet|août|novembre)(?!\w))?"
        rf"(?: (?:{NOM_PROPRE}|\d{{4,5}})){{0,4}}"
    ),
)


TRACES = (TELEPHONE, COURRIEL, PLAQUE, NOM, ADRESSE)


# What says that the address which follows is the person's own.
CHEZ_SOI = re.compile(
    r"(?:habit|demeur|domicil|résid|mon adresse|chez moi|je vis)[^.\n]{0,30}$", re.IGNORECASE
)


# The first name that a signature puts before a number, or alone on the last line.
SIGNATURE = re.compile(
    rf"(?<!\w)({NOM_PROPRE}(?:[ \u00a0]{NOM_PROPRE}){{0,3}})(?=[ ,:–-]{{0,9}}\n?[ ]{{0,9}}\[(?:téléphone|courriel) masqué\])"
)


# A full name before « au 06 … », which says whose number it is.
A_APPELER = re.compile(
    rf"(?<!\w)({NOM_PROPRE}(?:[ \u00a0]{NOM_PROPRE}){{1,3}})(?= (?:au|à) \[(?:téléphone|courriel) masqué\])"
)


DERNIERE_LIGNE = re.compile(rf"\n[ ]{{0,9}}({NOM_PROPRE}(?:[ \u00a0]{NOM_PROPRE}){{0,3}})[ .]{{0,9}}\Z")


FORMULES = frozenset({"Merci", "Cordialement", "Bonjour", "Bonsoir", "Salutations", "Tel", "Tél", "Mail"})


# A word written as a name; what separates those of a full name; names masked one after the other.
MOT = re.compile(r"(?<!\w)[A-ZÀ-Ý]\w{1,40}(?!\w)")


SEPARES = re.compile(r"[ \u00a0’'-]")


DE_SUITE = re.compile(r"\[nom masqué\](?:[ \u00a0-]\[nom masqué\])+")


PONCTUATION = re.compile(r"[\W_]+")


ADRESSE_MASQUEE = "[adresse masquée]"


def reperer(texte: str) -> list[tuple[int, int, Trace]]:
    """Return the traces in the order of the text, as (start, end, trace); none covers another."""
    vues = sorted(
        ((v.start(), v.end(), trace) for trace in TRACES for v in trace.forme.finditer(texte)),
        key=lambda vue: (vue[0], -vue[1]),
    )
    libres: list[tuple[int, int, Trace]] = []
    for vue in vues:
        if not libres or vue[0] >= libres[-1][1]:
            libres.append(vue)
    return libres


def dire_les_traces(texte: str) -> str:
    """Return « Ces mots semblent contenir un numéro de téléphone et … »; empty when nothing is found."""
    trouvees = {trace.quoi for _, _, trace in reperer(texte)}
    vues = [trace.quoi for trace in TRACES if trace.quoi in trouvees]
    return f"Ces mots semblent contenir {enumerer(vues)}." if vues else ""


def citer_les_traces(texte: str) -> str:
    """Return « « 12 rue des Essais » et « Mme Martin » »: the very words found; empty when nothing is found."""
    return enumerer(f"« {mots} »" for mots in dict.fromkeys(texte[d:f] for d, f, _ in reperer(texte)))


def nommer_qui(texte: str) -> str:
    """Return « Ces mots contiennent le nom d’une personne : « Mme Martin ». »; empty when nothing says who a person is."""
    vus = [(trace.quoi, texte[debut:fin]) for debut, fin, trace in reperer(texte) if trace.masque]
    return f"Ces mots contiennent {enumerer(f'{quoi} : « {mots} »' for quoi, mots in vus)}." if vus else ""


def masquer(texte: str, *, noms: Iterable[str] = (), adresse: str = "") -> str:
    """Replace what says who the person is: numbers, mail addresses, plates, names, their own postal address.

    `noms`: names known to be theirs, each word of which is masked where it is written as a name; `adresse`: theirs.
    """
    morceaux, fin = [], 0
    for debut, apres, trace in reperer(texte):
        masque = trace.masque or _masque_de_l_adresse(texte, debut, apres, adresse)
        if masque:
            morceaux += [texte[fin:debut], masque]
            fin = apres
    masque_ = "".join([*morceaux, texte[fin:]])
    siens = {simple(mot) for nom in noms for mot in SEPARES.split(nom) if len(mot) > 2}
    masque_ = MOT.sub(lambda vu: NOM.masque if simple(vu[0]) in siens else vu[0], masque_)
    masque_ = SIGNATURE.sub(_signature, masque_)
    masque_ = A_APPELER.sub(_signature, masque_)
    masque_ = DERNIERE_LIGNE.sub(_signature, masque_)
    return DE_SUITE.sub(NOM.masque, masque_)


def est_masque(texte: str) -> bool:
    """Whether `masquer` took something out of this text."""
    return ADRESSE_MASQUEE in texte or any(trace.masque and trace.masque in texte for trace in TRACES)


def _signature(vue: re.Match[str]) -> str:
    mots = vue[1].split()
    debut = [mot for mot in mots if mot in FORMULES]
    return vue[0] if len(debut) == len(mots) else vue[0].replace(" ".join(mots[len(debut) :]), NOM.masque)


def _masque_de_l_adresse(texte: str, debut: int, fin: int, adresse: str) -> str:
    ecrite, sienne = (_lettres(t) for t in (texte[debut:fin], adresse))
    est_sienne = bool(sienne) and (ecrite.startswith(sienne[:12]) or sienne.startswith(ecrite[:12]))
    return ADRESSE_MASQUEE if est_sienne or CHEZ_SOI.search(texte[:debut][-60:]) else ""


def _lettres(texte: str) -> str:
    return PONCTUATION.sub("", simple(texte))
