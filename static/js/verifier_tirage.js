// Check the published files of a draw in the browser, without asking anything of any site (docs/verifier_un_tirage.md).
// Nothing here is shared with the site's own code: this is a second reading of the same texts.
(() => {
  "use strict";
  const formulaire = document.querySelector("[data-verifier]");
  if (!formulaire) return;
  const dire = formulaire.querySelector("[data-resultat]");
  const PANELS = 1000;

  const empreinte = async (octets) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", octets))].map((o) => o.toString(16).padStart(2, "0")).join("");
  const enOctets = (texte) => new TextEncoder().encode(texte);

  function lignes(octets, entete) {
    const lues = new TextDecoder("utf-8", { fatal: true }).decode(octets).split("\n");
    if (lues.pop() !== "" || lues[0] !== entete) throw new Error(entete);
    return lues.slice(1).map((ligne) => ligne.split(";"));
  }

  async function verifier(tirage, volontaires, panels) {
    const fautes = [];
    if ((await empreinte(volontaires)) !== tirage.empreinte_liste)
      fautes.push("La liste des volontaires n’est pas celle dont l’empreinte est publiée.");
    const numeros = new Set(lignes(volontaires, "numero;engagement").map(([numero]) => numero));
    if (tirage.graine) {
      const texte = `graine-v1|${tirage.empreinte_liste}|${tirage.texte_graine}`;
      if ((await empreinte(enOctets(texte))) !== tirage.graine)
        fautes.push("La graine ne vient pas de la liste et de la source publiées.");
    }
    if (!tirage.empreinte_panels) return fautes;
    if (!panels) return [...fautes, "Il manque panels.csv."];
    if ((await empreinte(panels)) !== tirage.empreinte_panels)
      fautes.push("Les panels ne sont pas ceux dont l’empreinte est publiée.");
    const publies = lignes(panels, "panel;numeros").map(([, assis]) => (assis || "").split(" "));
    if (publies.length !== PANELS) fautes.push(`Il y a ${publies.length} panels au lieu de ${PANELS}.`);
    publies.forEach((panel, rang) => {
      const nom = String(rang).padStart(3, "0");
      if (panel.length !== tirage.places || new Set(panel).size !== panel.length)
        fautes.push(`Panel ${nom} : il n’a pas ${tirage.places} personnes différentes.`);
      if (!panel.every((numero) => numeros.has(numero))) fautes.push(`Panel ${nom} : une personne n’est pas dans la liste.`);
    });
    if (tirage.boules && String(publies[Number(tirage.boules)]) !== String(tirage.panel))
      fautes.push(`Le panel annoncé n’est pas le panel ${tirage.boules}.`);
    const reserve = tirage.reserve || [];
    const assis = new Set(tirage.panel);
    if (new Set(reserve).size !== reserve.length || !reserve.every((numero) => numeros.has(numero) && !assis.has(numero)))
      fautes.push("La réserve a une personne qui n’est pas dans la liste, qui est dans le panel, ou qui revient deux fois.");
    const billets = await Promise.all(
      reserve.map((numero) => empreinte(enOctets(`billet-v1|${tirage.graine}|remplacement|${numero}`))),
    );
    if (String(billets) !== String([...billets].sort())) fautes.push("La réserve n’est pas dans l’ordre des billets.");
    return fautes;
  }

  function montrer(titre, phrases, juste) {
    const bloc = document.createElement("div");
    bloc.className = `alert alert-${juste ? "success" : "danger"}`;
    const mot = document.createElement("p");
    mot.textContent = titre;
    bloc.append(mot);
    const liste = document.createElement("ul");
    liste.className = "prose lien-long";
    phrases.slice(0, 20).forEach((phrase) => {
      const ligne = document.createElement("li");
      ligne.textContent = phrase;
      liste.append(ligne);
    });
    dire.replaceChildren(bloc, ...(phrases.length ? [liste] : []));
  }

  async function juger(octets) {
    if (!octets["tirage.json"] || !octets["volontaires.csv"])
      return montrer("Il manque des fichiers.", ["Choisissez au moins tirage.json et volontaires.csv."], false);
    try {
      const tirage = JSON.parse(new TextDecoder().decode(octets["tirage.json"]));
      const fautes = await verifier(tirage, octets["volontaires.csv"], octets["panels.csv"]);
      const vus = [`Liste : ${tirage.empreinte_liste}`];
      if (tirage.empreinte_panels) vus.push(`Panels : ${tirage.empreinte_panels}`);
      if (tirage.boules) vus.push(`Boules : ${tirage.boules}`, `Panel : ${tirage.panel.join(" ")}`);
      montrer(fautes.length ? "Quelque chose est faux." : "Tout est juste.", fautes.length ? fautes : vus, !fautes.length);
    } catch {
      montrer("Un fichier ne se lit pas.", ["Téléchargez-le de nouveau, sans l’ouvrir dans un tableur."], false);
    }
  }

  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    const choisis = [...formulaire.querySelector("input[type=file]").files];
    const paires = choisis.map(async (fichier) => [fichier.name, await fichier.arrayBuffer()]);
    await juger(Object.fromEntries(await Promise.all(paires)));
  });
  formulaire.querySelector("[data-en-ligne]")?.addEventListener("click", async () => {
    const liens = [...document.querySelectorAll("a[data-fichier]")];
    try {
      const paires = liens.map(async (lien) => [lien.dataset.fichier, await (await fetch(lien.href)).arrayBuffer()]);
      await juger(Object.fromEntries(await Promise.all(paires)));
    } catch {
      montrer("Les fichiers n’ont pas pu être lus.", ["Téléchargez-les, puis choisissez-les ci-dessous."], false);
    }
  });
})();
