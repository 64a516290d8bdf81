"""Load a first règlement of the rencontres and the library of formats, in our own words. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.rencontres.models import Format, ReglementRencontres

# nom: (but, de, à, minutes, matériel, étapes)
FORMATS: dict[str, tuple[str, int, int, int, str, str]] = {
    "Café du monde": (
        "Faire mûrir une question par plusieurs petits groupes qui se mélangent : chacun entend les idées des autres sans prendre "
        "la parole devant toute la salle. Ne sert pas à décider.",
        12, 200, 90,
        "Tables de quatre à six, nappes de papier, feutres, une question par tour.",
        "Une personne reste à chaque table et raconte.\nPremier tour : vingt minutes sur la question.\nTout le monde change de table, sauf "
        "qui raconte.\nDeuxième puis troisième tour : on part de ce qui est écrit sur la nappe.\nEn plénière, chaque table dit deux idées, "
        "pas plus.",
    ),
    "Bocal à poissons": (
        "Débattre à beaucoup en n’étant que quelques-uns à parler : les chaises du centre tournent. Sert à entendre des avis opposés.",
        15, 120, 60,
        "Deux cercles de chaises, cinq au centre, dont une vide.",
        "Quatre personnes s’assoient au centre et commencent.\nQui veut parler prend la chaise vide ; quelqu’un du centre s’en va.\nLe "
        "cercle de dehors écoute sans répondre.\nLes dix dernières minutes, dehors dit ce qu’il a entendu.",
    ),
    "Forum ouvert": (
        "Laisser les personnes venues proposer les sujets et choisir où elles vont. Sert quand on ne sait pas encore quelles sont les "
        "bonnes questions.",
        20, 300, 180,
        "Un grand tableau des lieux et des heures, des feuilles, plusieurs coins.",
        "En cercle, on dit le thème et la règle : on peut changer de groupe à tout moment.\nQui veut propose un sujet et l’affiche à une "
        "heure et un lieu.\nLes groupes travaillent ; qui a proposé tient le compte rendu.\nEn cercle, chaque groupe lit ses trois lignes.",
    ),
    "Galerie": (
        "Donner à voir beaucoup de travaux en peu de temps et recueillir les réactions de chacun. Sert après un travail en groupes.",
        10, 150, 45,
        "Murs ou grilles, affiches, papillons adhésifs, gommettes.",
        "Chaque groupe accroche son affiche ; une personne reste à côté.\nOn circule librement et on colle questions et remarques.\nOn "
        "colle ses gommettes sur ce qui compte le plus.\nQui est resté lit ce qui a été collé.",
    ),
    "Débat mouvant": (
        "Prendre position avec son corps et écouter les raisons des autres. Réveille la salle, sert à voir où sont les désaccords.",
        8, 100, 30,
        "Une salle vide, une ligne au sol, une phrase qui divise.",
        "On lit une phrase.\nOn se place du côté d’accord ou pas d’accord ; le milieu n’existe pas.\nChaque côté donne une raison à tour de "
        "rôle.\nQui est convaincu change de côté, et le dit.",
    ),
    "Boule de neige": (
        "Passer de l’avis de chacun à celui d’un grand groupe sans perdre les timides.",
        8, 64, 50,
        "De quoi écrire, une feuille par groupe.",
        "Seul, on écrit deux idées.\nÀ deux, on en garde trois.\nÀ quatre, puis à huit, on garde trois idées à chaque fois.\nChaque groupe de "
        "huit lit ses trois idées, et celle qu’il a regretté de laisser.",
    ),
    "Chapeaux": (
        "Regarder une même proposition sous plusieurs jours, l’un après l’autre : les faits, les craintes, les avantages, les idées.",
        6, 60, 60,
        "Une affiche par jour, un chronomètre.",
        "On lit la proposition.\nCinq minutes de faits seulement.\nCinq minutes de craintes, puis cinq d’avantages.\nDix minutes d’idées pour "
        "l’améliorer.\nOn relit les quatre affiches et on réécrit la proposition.",
    ),
    "Carte à plusieurs": (
        "Parler d’un lieu en le dessinant : ce qui va, ce qui manque, par où l’on passe. Sert avec des personnes qui lisent peu.",
        4, 80, 60,
        "Un grand plan par table, trois couleurs de gommettes, des fils.",
        "Chacun montre où il vit ou passe.\nVert : ce que j’aime ; rouge : ce qui gêne ; bleu : ce qui manque.\nOn relie par des fils les "
        "trajets de tous les jours.\nLa table choisit trois endroits et dit pourquoi.",
    ),
}  # fmt: skip


class Command(BaseCommand):
    help = "Charge le règlement de départ des rencontres et la bibliothèque de formats, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if not ReglementRencontres.objects.exists():
            ReglementRencontres.objects.create(
                version="départ",
                en_vigueur_du=date(2024, 1, 1),
                source="Réglages de départ, proposés avec l’application : le service les règle.",
            )
        if not Format.objects.exists():  # the agents have their own library
            Format.objects.bulk_create(
                Format(nom=nom, but=but, personnes_min=de, personnes_max=a, minutes=minutes, materiel=materiel, etapes=etapes)
                for nom, (but, de, a, minutes, materiel, etapes) in FORMATS.items()
            )  # fmt: skip
