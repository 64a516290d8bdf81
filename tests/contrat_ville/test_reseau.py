"""Network of projets: suggestions with reasons, agreement of the teams, messages between them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contrat_ville.models import AdhesionReseau, MessageReseau, Voisin
from contrat_ville.porteurs import conservation
from contrat_ville.reseau import actes as reseau
from contrat_ville.reseau.lectures import POIDS, SEUIL, Profil, raisons, suggestions, voisins
from contrat_ville.workflow import RESEAU_CLE
from participation.seances.models import Invite
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Quartier
from tests.contrat_ville.comites.monde import seance_de
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.outils import constant_queries, ensemble, lire
from tests.socle.factories import CompteFactory


def profil(numero, porteur=None, **traits):
    return Profil(numero, porteur, {quoi.replace("methode", "méthode"): t for quoi, t in traits.items()})


MISTRAL, TEISSEIRE = {1: "Mistral"}, {1: "Mistral", 2: "Teisseire"}


def test_a_neighbour_is_suggested_with_why():
    moi = profil(1, 10, quartier=TEISSEIRE, public={"jeunes": "jeunes"}, axe={3: "Égalité"})
    proche = profil(2, 11, quartier=MISTRAL, public={"jeunes": "jeunes"})
    moins = profil(3, 12, quartier=TEISSEIRE)
    autres = [
        moins,
        proche,
        profil(4, 10, quartier=MISTRAL),  # same porteur
        profil(5, 13, axe={3: "Égalité"}),  # too many projets share an axe
        moi,
    ]

    trouves = voisins(moi, autres, au_plus=5)

    assert [(v.numero, v.phrase) for v in trouves] == [
        (2, "même quartier : Mistral ; même public : jeunes"),
        (3, "mêmes quartiers : Mistral et Teisseire"),
    ]
    assert [v.numero for v in voisins(moi, autres, au_plus=1)] == [2]


traits = st.fixed_dictionaries(
    {quoi: st.dictionaries(st.integers(0, 3), st.just(quoi), max_size=4) for quoi in POIDS}
)


@given(st.lists(traits, min_size=2, max_size=6))
def test_neighbours_are_so_of_each_other_for_the_same_reasons(tous):
    profils = [Profil(numero, None, t) for numero, t in enumerate(tous)]
    paires = {(p.numero, v.numero): v.force for p in profils for v in voisins(p, profils, au_plus=9)}

    assert all(paires[autre, un] == force >= SEUIL for (un, autre), force in paires.items())
    assert raisons(profils[0], profils[1]) == raisons(profils[1], profils[0])


def du_reseau(compte=None, *, publics=("jeunes",), **champs):
    """Return a supported projet whose team agreed, and an account of this team."""
    compte = compte or CompteFactory()
    projet = ProjetFactory(en_cours=True, equipe=[compte], **champs)
    reseau.rejoindre_reseau(projet, par=compte, publics=publics, methodes=["marche"])
    return projet, compte


def lettres(projet, acte):
    (adresse,) = projet.equipe.values_list("compte__courriel", flat=True)
    return [c for c in Courriel.objects.filter(acte=f"contrat_ville/{acte}") if c.destinataires == [adresse]]


@pytest.mark.django_db
def test_only_teams_that_agree_are_suggested_and_to_those_alone():
    programmation = ProgrammationFactory()
    sien, elle = du_reseau(programmation=programmation)
    voisin, _ = du_reseau(programmation=programmation)
    du_reseau(elle, programmation=programmation)  # a projet of the same team, under another porteur
    du_reseau(programmation=programmation, porte_par=sien.porte_par)
    muet = ProjetFactory(en_cours=True, programmation=programmation, equipe=[CompteFactory()])
    repris, _ = du_reseau(programmation=programmation)
    type(repris).objects.filter(pk=repris.pk).update(etat="propose", decide_le=None, notifie_le=None)
    sien.quartiers.set([Quartier.objects.first()])

    (suggeree,) = suggestions(sien)

    assert suggeree.projet == voisin
    assert suggeree.voisinage.phrase.startswith(
        f"même quartier : {Quartier.objects.first().nom} ; même public : jeunes"
    )
    assert suggestions(muet) == []


@pytest.mark.django_db
def test_a_number_or_a_name_does_not_leave_to_neighbours_unasked(client):
    (sien, elle), (voisin, _) = du_reseau(), du_reseau()
    lien = Voisin.objects.create(projet=sien, autre=voisin, etat="lie")
    Voisin.objects.create(projet=voisin, autre=sien, etat="lie")
    client.force_login(elle)
    for adresse, champ in (
        (reverse("contrat_ville:ecrire_voisin", args=[lien.pk]), "texte"),
        (reverse("contrat_ville:decrire_au_reseau", args=[sien.pk]), "mot"),
    ):
        assert "tels quels" not in lire(client.get(adresse))
        dit, faits = {champ: "Appelez Mme Marchetti au 06 39 98 12 34."}, sien.journal.count()
        refus = lire(client.post(adresse, dit))
        assert "un numéro de téléphone : « 06 39 98 12 34 »" in refus
        assert "le nom d’une personne : « Mme Marchetti »" in refus
        assert "tels quels" in refus
        assert sien.journal.count() == faits

        # A team may give the number of who agreed to it.
        assert client.post(adresse, {**dit, "tels_quels": "on"}).status_code == 302
    sien.adhesion.refresh_from_db()
    assert MessageReseau.objects.get().texte == sien.adhesion.mot == dit["mot"]


@pytest.mark.django_db
def test_two_teams_write_to_each_other_once_both_agree_and_no_address_is_told(client):
    (sien, elle), (voisin, lui) = du_reseau(), du_reseau()
    client.force_login(elle)
    page = client.get(sien.get_reseau_url()).content.decode()
    assert voisin.titre in page
    assert "Même quartier" in page
    client.post(reverse("contrat_ville:proposer_contact", args=[sien.pk]), {"autre": voisin.pk})
    client.post(reverse("contrat_ville:proposer_contact", args=[sien.pk]), {"autre": voisin.pk})  # twice
    du_sien, du_voisin = Voisin.objects.get(projet=sien), Voisin.objects.get(projet=voisin)
    with pytest.raises(ActeInterdit):
        reseau.ecrire_voisin(du_sien, par=elle, texte="Trop tôt.")
    with pytest.raises(RoleInsuffisant):
        reseau.accepter_contact(du_voisin, par=elle)

    client.force_login(lui)
    assert "Accepter le contact" in client.get(voisin.get_reseau_url()).content.decode()
    client.post(reverse("contrat_ville:accepter_contact", args=[du_voisin.pk]))
    client.post(reverse("contrat_ville:ecrire_voisin", args=[du_voisin.pk]), {"texte": "Venez au jardin."})

    assert MessageReseau.objects.get().texte == "Venez au jardin."
    client.force_login(elle)
    assert "Venez au jardin." in client.get(sien.get_reseau_url()).content.decode()
    assert [
        len(lettres(*qui))
        for qui in ((voisin, "proposer_contact"), (sien, "accepter_contact"), (sien, "ecrire_voisin"))
    ] == [1, 1, 1]
    partis = " ".join(f"{c.sujet} {c.corps} {c.repondre_a}" for c in Courriel.objects.all())
    for adresse in (elle.courriel, lui.courriel, sien.porte_par.courriel, voisin.porte_par.courriel):
        assert adresse not in partis
        assert adresse not in page
    assert sorted(voisin.journal.values_list("acte", flat=True)) == [
        "accepter_contact", "ecrire_voisin", "rejoindre_reseau",
    ]  # fmt: skip
    assert not voisin.journal.filter(motif__contains="jardin").exists()


@pytest.mark.django_db
def test_who_leaves_is_suggested_to_nobody_and_written_to_no_more():
    (sien, elle), (voisin, lui), (tiers, _) = du_reseau(), du_reseau(), du_reseau()
    reseau.accepter_contact(reseau.proposer_contact(sien, par=elle, autre=voisin).en_face(), par=lui)
    reseau.proposer_contact(sien, par=elle, autre=tiers)

    reseau.quitter_reseau(sien, par=elle)

    assert not AdhesionReseau.objects.filter(projet=sien.pk).exists()
    assert set(Voisin.objects.values_list("etat", flat=True)) == {"rompu"}
    assert len(lettres(voisin, "rompre_contact")) == 1
    assert lettres(tiers, "rompre_contact") == []
    assert sien not in [s.projet for s in suggestions(voisin)]
    with pytest.raises(ActeInterdit):
        reseau.ecrire_voisin(Voisin.objects.get(projet=voisin), par=lui, texte="Et alors ?")
    assert sien.journal.filter(acte="quitter_reseau").count() == 1
    with pytest.raises(ErreurMetier, match="pas dans le réseau"):
        reseau.quitter_reseau(sien, par=elle)


@pytest.mark.django_db
def test_a_team_sends_no_more_than_so_many_a_day():
    programmation = ProgrammationFactory(envois_reseau_par_jour=2)
    (sien, elle), (voisin, lui), (tiers, elle_aussi) = (
        du_reseau(programmation=programmation) for _ in range(3)
    )
    premier = reseau.proposer_contact(sien, par=elle, autre=voisin)
    reseau.accepter_contact(premier.en_face(), par=lui)
    reseau.decliner_contact(reseau.proposer_contact(sien, par=elle, autre=tiers).en_face(), par=elle_aussi)

    with pytest.raises(ErreurMetier, match="2 envois"):
        reseau.ecrire_voisin(premier, par=elle, texte="Bonjour.")

    assert len(lettres(sien, "decliner_contact")) == 1
    with pytest.raises(ErreurMetier, match="n’est plus proposé"):
        reseau.proposer_contact(tiers, par=elle_aussi, autre=sien)


@pytest.mark.django_db
def test_only_a_signataire_agrees_and_only_once_told():
    signataire, redactrice = CompteFactory(), CompteFactory()
    siens = {"equipe": [signataire, redactrice]}
    with pytest.raises(RoleInsuffisant):
        reseau.rejoindre_reseau(ProjetFactory(notifie=True, **siens), par=redactrice)
    with pytest.raises(ActeInterdit):
        reseau.rejoindre_reseau(ProjetFactory(retenu=True, **siens), par=signataire)
    with pytest.raises(ValidationError):
        reseau.rejoindre_reseau(ProjetFactory(notifie=True, **siens), par=signataire, publics=["martiens"])


@pytest.mark.django_db(transaction=True)
def test_two_teams_that_ask_each_other_at_once_make_one_contact():
    (sien, elle), (voisin, lui) = du_reseau(), du_reseau()

    issues = ensemble(
        lambda: reseau.proposer_contact(sien, par=elle, autre=voisin),
        lambda: reseau.proposer_contact(voisin, par=lui, autre=sien),
    )

    assert issues == ["ErreurMetier", "fait"]
    assert sorted(Voisin.objects.values_list("etat", flat=True)) == ["propose", "recu"]


@pytest.mark.django_db
def test_the_teams_of_the_network_meet_in_a_seance_of_its_own(client):
    agent, seance = (
        CompteFactory(agent=True),
        seance_de(RESEAU_CLE, debut=timezone.localtime() + timedelta(days=9)),
    )
    client.force_login(agent)
    adresse = reverse("contrat_ville:reseau")
    assert "Aucun projet dans le réseau" in client.get(adresse).content.decode()

    def un_de_plus():
        du_reseau()

    constant_queries(client, adresse, un_de_plus, lignes=3)
    client.post(adresse, {"seance": seance.pk})
    refus = client.post(adresse, {"seance": seance.pk}).content.decode()

    assert Invite.objects.filter(seance=seance).count() == 3
    assert "déjà invitée" in refus
    projet = AdhesionReseau.objects.first().projet
    client.force_login(projet.equipe.get().compte)
    assert seance.titre in client.get(projet.get_reseau_url()).content.decode()


@pytest.mark.django_db
def test_a_contact_that_ended_comes_back_when_who_ended_it_changes_or_asks(client):
    (sien, elle), (voisin, lui) = du_reseau(), du_reseau()
    agent = CompteFactory(agent=True)

    def proposes(projet):
        return [s.projet for s in suggestions(type(projet).objects.get(pk=projet.pk))]

    le_leur = reseau.proposer_contact(sien, par=elle, autre=voisin).en_face()
    reseau.decliner_contact(le_leur, par=lui)
    reseau.decrire_au_reseau(
        sien, par=elle, publics=["jeunes"], methodes=["fete"]
    )  # who asked may not ask again
    assert voisin not in proposes(sien)
    assert "Reprendre contact" not in _page(client, elle, sien)
    reseau.decrire_au_reseau(voisin, par=lui, publics=["jeunes"], methodes=["fete"])
    assert voisin in proposes(sien)
    assert sien in proposes(voisin)

    premier = reseau.proposer_contact(sien, par=elle, autre=voisin)  # for the same rows
    assert Voisin.objects.count() == 2
    reseau.accepter_contact(premier.en_face(), par=lui)
    reseau.rompre_contact(Voisin.objects.get(projet=sien), par=elle)
    assert "Reprendre contact" in _page(client, elle, sien)
    client.post(reverse("contrat_ville:reprendre_contact", args=[premier.pk]))
    assert set(Voisin.objects.values_list("projet", "etat")) == {(sien.pk, "propose"), (voisin.pk, "recu")}
    reseau.accepter_contact(Voisin.objects.get(projet=voisin), par=lui)

    client.force_login(agent)
    fin = reverse("contrat_ville:terminer_contact", args=[min(premier.pk, premier.en_face().pk)])
    assert fin in client.get(reverse("contrat_ville:reseau")).content.decode()
    client.post(fin, {"motif": "Des mots blessants."})
    for projet in (sien, voisin):
        (lettre,) = lettres(projet, "terminer_contact")
        assert "Des mots blessants." in lettre.corps
        assert projet.journal.get(acte="terminer_contact").motif == "Des mots blessants."
    assert set(Voisin.objects.values_list("etat", "a_fini")) == {("rompu", False)}
    assert "Reprendre contact" not in _page(client, elle, sien)
    assert client.post(fin, {"motif": "Encore."}).status_code == 403  # signed in as the team


def _page(client, compte, projet):
    client.force_login(compte)
    return client.get(projet.get_reseau_url()).content.decode()


@pytest.mark.django_db
def test_messages_are_kept_as_long_as_the_reglement_says():
    (sien, elle), (voisin, lui) = du_reseau(), du_reseau()
    lien = reseau.proposer_contact(sien, par=elle, autre=voisin)
    reseau.accepter_contact(lien.en_face(), par=lui)
    lien.refresh_from_db()
    vieux, recent = (reseau.ecrire_voisin(lien, par=elle, texte=texte) for texte in ("Ancien.", "Récent."))
    MessageReseau.objects.filter(pk=vieux.pk).update(ecrit_le=timezone.localtime() - timedelta(days=800))

    assert conservation.purger_messages_reseau() == 1

    assert list(MessageReseau.objects.all()) == [recent]
    assert Voisin.objects.get(pk=lien.pk).etat == "lie"
