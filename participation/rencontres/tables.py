"""Who sits where, in one round or several; codes of the tables and badges, printed, which open a page on a phone."""

from typing import Annotated, Any

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from participation.inscriptions.workflow import EtatInscription
from participation.rencontres.models import Inscription, Rencontre, TableRencontre
from participation.socle.actions import avancer, exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_ligne, champ_nombre
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder, enumerer, sans_accent
from participation.socle.models import Compte, Document
from participation.socle.regles import placement
from participation.socle.regles.placement import Contraintes
from participation.socle.views.pages import Page, acte


def assis(rencontre: Rencontre, *, presentes: bool) -> list[Inscription]:
    """Return who has a seat, or of them `presentes`, who is noted present."""
    gens = rencontre.inscriptions.filter(etat=EtatInscription.INSCRITE, efface_le=None).order_by("pk")
    return list(gens.filter(presente_le__isnull=False) if presentes else gens)


def code_de(chemin: str) -> tuple[str, str]:
    """Return the address of a page of the site, and its QR code as the text of an SVG data URI."""
    adresse = settings.SITE_URL + chemin
    return adresse, segno.make(adresse, error="m", micro=False).svg_data_uri(scale=4, border=2)


def tables(rencontre: Rencontre) -> list[tuple[TableRencontre, list[list[str]]]]:
    """Return each table with its people at each round."""
    noms = {i.pk: str(i) for i in rencontre.inscriptions.filter(efface_le=None)} if rencontre.plan else {}
    lues: Any = rencontre.tables.select_related("rencontre").order_by("numero")
    return [
        (
            table,
            [
                sorted((noms[qui] for qui in tour[table.numero - 1] if qui in noms), key=sans_accent)
                for tour in rencontre.plan
                if table.numero <= len(tour)
            ],
        )
        for table in lues
    ]


class DresserForm(ActeForm):
    objet: Rencontre

    tables = champ_nombre("Nombre de tables", minimum=1, maximum=100, erreur="Dites combien de tables.")
    tours = champ_nombre(
        "Nombre de tours",
        "À chaque tour, chacun retrouve le moins possible ceux qu’il a déjà rencontrés.",
        minimum=1,
        maximum=6,
        initial=1,
        erreur="Dites combien de tours.",
    )
    presentes = champ_case("", requis=False)

    def preparer(self) -> None:
        notees = len(assis(self.objet, presentes=True))
        self.fields["presentes"].label = f"Seulement qui est noté présent ({notees})"
        if not notees:
            del self.fields["presentes"]


@acte(
    Page[Rencontre](
        form=DresserForm,
        consequence=lambda rencontre: (
            f"{accorder(len(assis(rencontre, presentes=False)), 'personne a sa place', 'personnes ont leur place')}. Chaque table a son code : "
            "qui note l’ouvre avec son téléphone. Refaites-le s’il manque quelqu’un : les places changent, les notes restent."
        ),
        succes=lambda _, faites: f"{accorder(faites, 'table dressée', 'tables dressées')}.",
        retour="#tables",
    )
)
@transaction.atomic
def dresser_tables(
    rencontre: Rencontre, *, par: Compte, tables: int, tours: int = 1, presentes: bool = False
) -> int:
    """Seat who has a place, or who is noted present. Without anybody, the tables are laid empty. Return how many."""
    pas = exiger(rencontre, "dresser_tables", par=par)
    gens = [inscription.pk for inscription in assis(rencontre, presentes=presentes)]
    if gens and tables > len(gens):
        raise ValidationError({"tables": f"{accorder(len(gens), 'personne est à placer', 'personnes sont à placer')} : faites moins de tables."})  # fmt: skip
    plan: list[list[list[int]]] = []
    for tour in range(tours if gens else 0):
        deja = Contraintes(deja=placement.rencontres(plan))
        plan.append(placement.placer(gens, tables, deja, graine=rencontre.pk + tour))
    connues = set(rencontre.tables.values_list("numero", flat=True))
    for numero in range(1, tables + 1):
        if numero not in connues:
            TableRencontre.objects.create(rencontre=rencontre, numero=numero)
    rencontre.tables.filter(numero__gt=tables, notes=None).delete()
    pas.avancer(champs={"plan": plan}, fait=accorder(tables, "table dressée", "tables dressées"))
    return tables


@acte(Page[TableRencontre](retour="#tables"))
def modifier_table(
    table: TableRencontre,
    *,
    par: Compte,
    sujet: Annotated[str, champ_ligne("Sujet de la table", maximum=160, requis=False), ACTUEL] = "",
) -> None:
    avancer(table, "modifier_table", par=par, champs={"sujet": sujet})


@acte(
    Page[Rencontre](
        consequence="Une page par table, avec son code à ouvrir au téléphone, puis les trois questions de l’évaluation.",
        succes="Les codes se fabriquent : ils s’affichent dans les documents.",
        retour="#documents",
    )
)
@transaction.atomic
def imprimer_tables(rencontre: Rencontre, *, par: Compte) -> Document:
    pas = exiger(rencontre, "imprimer_tables", par=par)
    tables = [
        {"nom": str(table), "adresse": adresse, "code": code}
        for table in rencontre.tables.order_by("numero")
        for adresse, code in [code_de(reverse("rencontres:table", args=[table.jeton()]))]
    ]
    adresse, code = code_de(reverse("rencontres:evaluer", args=[rencontre.pk]))
    document = demander_document(
        nature="rencontres/tables",
        titre=f"Tables, {rencontre.titre}"[:160],
        dossier=rencontre,
        par=par,
        est_interne=True,
        donnees={"tables": tables, "evaluation": {"adresse": adresse, "code": code}},
    )
    pas.avancer(details={"document": document.pk})
    return document


@acte(
    Page[Rencontre](
        consequence="Un badge par personne : son nom et sa table à chaque tour.",
        succes="Les badges se fabriquent : ils s’affichent dans les documents.",
        retour="#documents",
    )
)
@transaction.atomic
def imprimer_badges(rencontre: Rencontre, *, par: Compte) -> Document:
    pas = exiger(rencontre, "imprimer_badges", par=par)
    noms = {i.pk: str(i) for i in rencontre.inscriptions.filter(efface_le=None)}
    ou: dict[int, list[int]] = {}
    for tour in rencontre.plan:
        for numero, table in enumerate(tour, 1):
            for qui in table:
                ou.setdefault(qui, []).append(numero)
    badges = sorted(
        ([noms[qui], f"Table {enumerer(numeros, 'puis')}"] for qui, numeros in ou.items() if qui in noms),
        key=lambda badge: sans_accent(badge[0]),
    )
    document = demander_document(
        nature="rencontres/badges",
        titre=f"Badges, {rencontre.titre}"[:160],
        dossier=rencontre,
        par=par,
        est_interne=True,
        donnees={"badges": badges},
    )
    pas.avancer(details={"document": document.pk})
    return document
