"""What must be set on an empty site: what every app says, the addresses of all bodies, the rules not confirmed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse

from participation.socle.bd.cache import une_minute
from participation.socle.francais import accorder, enumerer, majuscule, nombre
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import (
    Appartenance,
    AuditAccessibilite,
    Commune,
    Compte,
    Joignable,
    ReglageService,
    Reglement,
    Voie,
)
from participation.socle.vitrine import Etape, Reglage, recueillir
from participation.socle.workflow import Role

NOUVEAUX_NOMMES = 5  # accounts; the others are counted
EXEMPLE = "@example.org"  # of the default sender: nobody reads it

# Facts of the service that others read: what to do, the fields of the settings, what fails without them.
FAITS: Sequence[tuple[str, Sequence[str], str]] = (
    (
        "Nommer la collectivité",
        ("nom",),
        "Les pages, les lettres et les documents ne disent pas de qui ils viennent.",
    ),
    (
        "Dire qui publie le site",
        ("editeur", "directeur_publication", "hebergeur"),
        "Les mentions légales, que la loi demande, restent incomplètes.",
    ),
    (
        "Nommer le délégué à la protection des données",
        ("dpo",),
        "La page « Données personnelles » ne dit pas à qui s’adresser.",
    ),
    (
        "Dire où vous joindre",
        ("contact", "adresse_postale"),
        "Les pages et les lettres ne disent ni où vous écrire, ni où rapporter une feuille de signatures.",
    ),
    (
        "Dire qui signe, et les voies de recours",
        ("signataire", "voies_de_recours"),
        "Une lettre de décision ne nomme personne et ne dit pas comment la contester.",
    ),
)


@dataclass(frozen=True, slots=True)
class EtapeAPoser:
    etape: Etape
    a_faire: Sequence[Reglage]
    faits: Sequence[Reglage]


def parties() -> list[EtapeAPoser]:
    lus = tous()
    siens = {etape: [un for un in lus if un.etape is etape] for etape in Etape}
    return [
        EtapeAPoser(etape, [un for un in les_siens if un.reste], [un for un in les_siens if not un.reste])
        for etape, les_siens in siens.items()
        if les_siens
    ]


# Thirty queries, for what is set once: « Ma journée » of each agent would ask them.
BLOQUANTS = Tenu(
    "socle.mise_en_place", lambda: [asdict(un) for un in _lus() if un.reste and not un.peut_attendre]
)


def qui_bloquent() -> list[Reglage]:
    """Return what was not set and held something up a few minutes ago. The page of `parties` reads it now."""
    lus: list[Reglage] = une_minute(
        "mise_en_place",
        lambda: [Reglage(**{**un, "etape": Etape(un["etape"])}) for un in BLOQUANTS.lire().valeur],
    )
    return lus


def tous() -> list[Reglage]:
    return [*_lus(), *_regles()]


def _lus() -> list[Reglage]:
    """Return all but the règlements, which may wait."""
    return [*_service(), *_equipe(), *_adresses(), *recueillir("mise_en_place")]


def _service() -> Iterator[Reglage]:
    lu = ReglageService.actuel()
    url = reverse(
        "admin:socle_reglageservice_add" if lu._state.adding else "admin:socle_reglageservice_changelist"
    )
    for quoi, champs, bloque in FAITS:
        vides = [champ for champ in champs if not getattr(lu, champ)]
        noms = [str(un.verbose_name) for un in ReglageService._meta.fields if un.name in vides]
        reste = f"{majuscule(enumerer(noms))} : rien n’est écrit." if vides else ""
        yield Reglage(Etape.SERVICE, quoi, reste, bloque, url, aux_tables=True)
    yield Reglage(
        Etape.SERVICE,
        "Régler l’expéditeur des courriels",
        f"Aujourd’hui : {settings.DEFAULT_FROM_EMAIL}." if EXEMPLE in settings.DEFAULT_FROM_EMAIL else "",
        "Les lettres partent d’une adresse qui n’existe pas. Elle se règle sur la machine (DEFAULT_FROM_EMAIL, guide d’exploitation).",
        "",
    )
    yield Reglage(
        Etape.SERVICE,
        "Charger les communes",
        "" if Commune.objects.exists() else "Aucune n’est écrite.",
        "Personne ne peut dire d’où il écrit, et aucune carte ne se dessine.",
        reverse("admin:socle_commune_changelist"),
        aux_tables=True,
    )
    yield Reglage(
        Etape.ADRESSES,
        "Importer les voies (facultatif)",
        "" if Voie.objects.exists() else "Aucune n’est importée.",
        "Aucune rue n’est proposée à qui écrit un lieu.",
        reverse("socle:importer_voies"),
        peut_attendre=True,
    )
    yield Reglage(
        Etape.OUVRIR,
        "Noter l’audit d’accessibilité",
        "" if AuditAccessibilite.objects.exists() else "Aucun audit n’est noté.",
        "Le pied de chaque page dit « non conforme ».",
        reverse("admin:socle_auditaccessibilite_changelist"),
        aux_tables=True,
        peut_attendre=True,
    )


def _equipe() -> Iterator[Reglage]:
    agents = Appartenance.objects.en_vigueur().filter(role=Role.AGENT, compte__is_active=True)
    inviter = reverse("admin:socle_compte_add")
    yield Reglage(
        Etape.EQUIPE,
        "Inviter les agents du service",
        "" if agents.exists() else "Aucun compte n’a ce rôle.",
        "Personne ne lit ce qui arrive.",
        inviter,
        aux_tables=True,
    )
    yield Reglage(
        Etape.EQUIPE,
        "Nommer qui lit les dossiers réservés",
        "" if agents.filter(lit_les_reserves=True).exists() else "Aucun agent n’est coché.",
        "Personne ne lit ce qui est dit d’une discrimination.",
        reverse("admin:socle_compte_changelist"),
        aux_tables=True,
    )
    nouveaux = Compte.objects.a_accueillir()
    noms = [str(compte) for compte in nouveaux[:NOUVEAUX_NOMMES]]
    autres = nouveaux.count() - len(noms)
    yield Reglage(
        Etape.EQUIPE,
        "Accueillir les nouveaux comptes",
        f"Page de bienvenue pas encore lue : {enumerer([*noms, *([accorder(autres, 'autre')] if autres else [])])}."
        if noms
        else "",
        "Ces personnes n’ont peut-être ni second facteur, ni remplaçant.",
        f"{reverse('admin:socle_compte_changelist')}?accueilli=non",
        aux_tables=True,
        peut_attendre=True,
    )
    administrateurs = Compte.objects.filter(is_active=True, is_superuser=True)[:2].count()
    yield Reglage(
        Etape.EQUIPE,
        "Inviter un second administrateur",
        "" if administrateurs > 1 else "Un seul compte ouvre toutes les tables.",
        "S’il perd son téléphone, personne d’ici ne peut lui rendre son accès.",
        inviter,
        aux_tables=True,
        peut_attendre=True,
    )


def _adresses() -> Iterator[Reglage]:
    for modele in apps.get_models():
        if not issubclass(modele, Joignable):
            continue
        tenus = [corps for corps in modele.a_joindre() if corps.tient_l_adresse is corps]
        sans = sum(1 for corps in tenus if not corps.adresses())
        meta = modele._meta
        yield Reglage(
            Etape.ADRESSES,
            f"Écrire les adresses : {meta.verbose_name_plural}",
            f"{accorder(sans, str(meta.verbose_name))} sur {len(tenus)} sans adresse." if sans else "",
            modele.SANS_ADRESSE,
            f"{reverse('socle:adresses')}#{meta.model_name}",
            peut_attendre=modele.ADRESSE_PEUT_ATTENDRE or sans < len(tenus),
        )


def _regles() -> Iterator[Reglage]:
    """Yield the règlements of the site, set when somebody here confirmed them; those of an instance are its own."""
    for modele in apps.get_models():
        if not issubclass(modele, Reglement) or any(c.many_to_one for c in modele._meta.fields):
            continue
        meta = modele._meta
        try:
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        except NoReverseMatch:
            url = ""
        yield Reglage(
            Etape.REGLES,
            f"Confirmer : {meta.verbose_name}",
            _a_confirmer(modele.actuel()),
            "Les délais et les seuils appliqués ne viennent d’aucun texte d’ici.",
            url,
            aux_tables=True,
            peut_attendre=True,
        )


def _a_confirmer(regle: Reglement) -> str:
    """Say that these rules are those of the application; by whom, and each figure, when somebody must confirm them."""
    if not regle.est_modele:
        return ""
    if not regle.CONFIRME_PAR:
        return "Ce sont les règles proposées avec l’application."
    chiffres = ", ".join(
        f"{nombre(getattr(regle, champ.name))} {champ.verbose_name}"
        for champ in regle._meta.fields
        if isinstance(champ, models.PositiveSmallIntegerField)
    )
    return f"Chiffres proposés avec l’application, à confirmer avec {regle.CONFIRME_PAR}\u00a0: {chiffres}."
