// Le schede dei grafici: le linguette Grafico, Tabella e Info, il disegno, i punti con le frecce, il PNG.
"use strict";
(() => {
  const disegnati = new Map(); // elemento → { grafico, dati, punti, dove }

  function monta(scheda) {
    const linguette = scheda.querySelector(".linguette");
    if (!linguette || linguette.getAttribute("role")) return;
    const voci = [...linguette.querySelectorAll("button")];
    linguette.setAttribute("role", "tablist");
    linguette.setAttribute("aria-labelledby", scheda.getAttribute("aria-labelledby"));
    for (const voce of voci) {
      const pannello = document.getElementById(voce.dataset.pannello);
      voce.setAttribute("role", "tab");
      voce.setAttribute("aria-controls", pannello.id);
      pannello.setAttribute("role", "tabpanel");
      pannello.setAttribute("aria-labelledby", voce.id);
      voce.addEventListener("click", () => scegli(voci, voce));
    }
    linguette.addEventListener("keydown", (tasto) => sposta(voci, tasto));
    linguette.hidden = false;
    const png = scheda.querySelector(".png");
    if (png) {
      png.hidden = false;
      png.addEventListener("click", () => scarica(scheda, png.dataset.png));
    }
    scegli(voci, voci[0]);
  }

  function scegli(voci, scelta) {
    for (const voce of voci) {
      const sua = voce === scelta;
      voce.setAttribute("aria-selected", String(sua));
      voce.setAttribute("tabindex", sua ? "0" : "-1");
      document.getElementById(voce.dataset.pannello).hidden = !sua;
    }
    document.getElementById(scelta.dataset.pannello).querySelectorAll(".disegno").forEach(disegna);
  }

  function sposta(voci, tasto) {
    const ora = voci.indexOf(document.activeElement), ultima = voci.length - 1;
    const a = { ArrowRight: ora === ultima ? 0 : ora + 1, ArrowLeft: ora === 0 ? ultima : ora - 1, Home: 0, End: ultima }[tasto.key];
    if (ora < 0 || a === undefined) return;
    tasto.preventDefault();
    scegli(voci, voci[a]);
    voci[a].focus();
  }

  function disegna(elemento) {
    const scritto = elemento.dataset.disegno, prima = disegnati.get(elemento);
    if (!elemento.clientWidth || prima?.scritto === scritto) return;
    const dati = JSON.parse(scritto);
    const grafico = prima?.grafico ?? nuovo(elemento);
    grafico.setOption(disegni.opzioni(dati), { notMerge: prima?.tipo !== dati.tipo });
    disegnati.set(elemento, { grafico, scritto, tipo: dati.tipo, punti: disegni.punti(dati), dove: -1 });
    elemento.querySelector("svg")?.setAttribute("aria-hidden", "true");
  }

  function nuovo(elemento) {
    elemento.setAttribute("role", "group");
    elemento.setAttribute("aria-roledescription", "grafico");
    elemento.setAttribute("aria-label", `${elemento.dataset.titolo}. Con le frecce si passa da un punto all'altro.`);
    elemento.setAttribute("tabindex", "0");
    elemento.addEventListener("keydown", (tasto) => percorri(elemento, tasto));
    elemento.addEventListener("blur", () => lascia(elemento));
    const grafico = echarts.init(elemento, null, { renderer: "svg" });
    let largo = elemento.clientWidth;
    new ResizeObserver(() => {
      if (!elemento.clientWidth || elemento.clientWidth === largo) return;
      largo = elemento.clientWidth;
      grafico.resize({ animation: { duration: 0 } });
      grafico.setOption(disegni.opzioni(JSON.parse(elemento.dataset.disegno)));
    }).observe(elemento);
    return grafico;
  }

  function percorri(elemento, tasto) {
    const d = disegnati.get(elemento), quanti = d.punti.length;
    const a = {
      ArrowRight: d.dove + 1, ArrowDown: d.dove + 1, ArrowLeft: d.dove - 1, ArrowUp: d.dove - 1, Home: 0, End: quanti - 1,
    }[tasto.key];
    if (tasto.key === "Escape") { lascia(elemento); return; }
    if (a === undefined || !quanti) return;
    tasto.preventDefault();
    lascia(elemento);
    d.dove = (Math.max(a, a < 0 ? quanti - 1 : 0)) % quanti;
    const punto = d.punti[d.dove];
    d.grafico.dispatchAction({ type: "highlight", ...punto.dove });
    detto(elemento).textContent = punto.testo;
  }

  function lascia(elemento) {
    const d = disegnati.get(elemento);
    if (d.dove < 0) return;
    d.grafico.dispatchAction({ type: "downplay", ...d.punti[d.dove].dove });
    detto(elemento).textContent = "";
  }

  const detto = (elemento) => elemento.parentElement.querySelector(".punto");

  /** Il disegno come si vede, con titolo e fonte, in un PNG grande il doppio. */
  function scarica(scheda, nome) {
    const svg = scheda.querySelector(".disegno svg");
    if (!svg) return;
    const immagine = new Image(), largo = Number(svg.getAttribute("width")), alto = Number(svg.getAttribute("height"));
    immagine.onload = () => {
      const tela = Object.assign(document.createElement("canvas"), { width: largo * 2, height: (alto + 80) * 2 });
      const penna = tela.getContext("2d");
      penna.scale(2, 2);
      penna.fillStyle = "#fff";
      penna.fillRect(0, 0, largo, alto + 80);
      penna.fillStyle = "#17324d";
      penna.font = "600 18px sans-serif";
      penna.fillText(scheda.querySelector("h2, h3, h4").textContent, 8, 28, largo - 16);
      penna.drawImage(immagine, 0, 44, largo, alto);
      penna.font = "12px sans-serif";
      penna.fillText(scheda.querySelector(".fonte span").textContent, 8, alto + 68, largo - 16);
      tela.toBlob((png) => {
        const a = Object.assign(document.createElement("a"), { href: URL.createObjectURL(png), download: `${nome}.png` });
        a.click();
        setTimeout(() => URL.revokeObjectURL(a.href), 10000);
      }, "image/png");
    };
    immagine.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
  }

  function tutte() {
    document.querySelectorAll(".grafico").forEach(monta);
    for (const elemento of [...disegnati.keys()]) {
      if (!elemento.isConnected) { disegnati.get(elemento).grafico.dispose(); disegnati.delete(elemento); }
    }
    document.querySelectorAll(".pannello:not([hidden]) .disegno").forEach(disegna);
  }

  tutte();
  document.getElementById("cifre")?.addEventListener("aggiornate", tutte);
})();
