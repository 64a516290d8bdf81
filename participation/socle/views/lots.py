"""One act on many rows of a list, done in packets, with its progress.

The page itself posts what remains; nothing else is kept between two packets. Leaving the page stops after the
current packet. What was done stays done, with one journal line for each row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from participation.socle.forms.actes import ActeForm
from participation.socle.francais import pluriel
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Reserve, annoncer, essayer

PAQUET = 25
NUMERO = re.compile(r"[0-9]{1,18}")  # format of a key: ASCII digits, at most a bigint
MAXIMUM = 5000
REFUS_MONTRES = 20


@dataclass(frozen=True, slots=True)
class ActeDeLot:
    """An act on several rows.

    `agir(rows, answers)` does the act on some rows and returns how many were done, and the refused rows with their
    reasons. It raises ValidationError at the first row if the answers are wrong for every row.
    `form`: asked once for all the rows. `paquet`: how many rows `agir` gets at a time, more than PAQUET where it
    writes one letter about all of them.
    """

    cle: str
    libelle: str
    agir: Callable[[Sequence[Any], dict[str, Any]], tuple[int, Sequence[tuple[Any, str]]]]
    form: type[ActeForm] = ActeForm
    consequence: str = ""
    paquet: int = 0


def choisis(request: RequeteConnectee, objets: QuerySet[Any]) -> list[int]:
    """Return the keys of the chosen rows, MAXIMUM at most: every row of the filters, or the ticked ones.

    Ticked keys are not checked here: `page_lot` keeps only those of `objets`.
    """
    if "tous" in request.POST:
        return list(objets.values_list("pk", flat=True)[:MAXIMUM])
    return numeros(",".join(request.POST.getlist("choix")))


def numeros(texte: str) -> list[int]:
    return [int(numero) for numero in texte.split(",") if NUMERO.fullmatch(numero)][:MAXIMUM]


def page_lot(
    request: RequeteConnectee, lot: ActeDeLot, objets: QuerySet[Any], *, app: str, titre_liste: str
) -> HttpResponse:
    """Page of an act on several rows.

    `objets`: the rows that the list shows to this person; the act is done on these only.
    """
    retour = request.get_full_path()
    commence = "reste" in request.POST
    reste = numeros(request.POST["reste"]) if commence else choisis(request, objets)
    if not reste and not commence:
        messages.error(request, "Cochez d’abord des lignes de la liste.")
        return HttpResponseRedirect(retour)
    paquet = lot.paquet or PAQUET
    total = sum(numeros(request.POST.get("total", ""))) or len(reste)
    faits = sum(numeros(request.POST.get("faits", "")))
    refus = request.POST.getlist("refus")
    form = lot.form(request.POST, objet=None) if commence else lot.form(objet=None)
    fait = None
    if commence and form.is_valid():
        # `in_bulk` keeps no order. Rows, and their journal lines, follow the order of the page.
        trouves = objets.filter(pk__in=reste[:paquet]).in_bulk()
        choisies = [trouves[pk] for pk in reste[:paquet] if pk in trouves]
        fait = essayer(form, partial(lot.agir, choisies, form.cleaned_data))
    if fait is not None:
        combien, refuses = fait
        faits += combien
        refus += [f"{objet} : {raison}" for objet, raison in refuses]
        reste = reste[paquet:]
        if not reste:
            return terminer(request, lot, faits, total, refus, retour)
    return render(
        request,
        "socle/dossiers/lot.html",
        {
            "app": app,
            "lot": lot,
            "titre_liste": titre_liste,
            "form": form,
            "reste": ",".join(map(str, reste)),
            "total": total,
            "faits": faits,
            "traites": total - len(reste),
            "refus": refus,
            "en_cours": fait is not None,
            "retour": retour,
        },
    )


def terminer(
    request: RequeteConnectee, lot: ActeDeLot, faits: int, total: int, refus: Sequence[str], retour: str
) -> HttpResponse:
    s = pluriel(faits)
    dit = f"{lot.libelle} : {faits} sur {total} ligne{s} traitée{s}."
    annoncer(request, dit if faits else Reserve(dit))
    if refus:
        messages.warning(request, "Sans effet sur : " + " ; ".join(refus[:REFUS_MONTRES]))
    reponse = HttpResponseRedirect(retour)
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": retour})
    return reponse
