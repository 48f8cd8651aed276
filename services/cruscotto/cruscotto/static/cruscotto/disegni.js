// Dai dati di una scheda alle opzioni di ECharts, una funzione per tipo di disegno; e i punti che si percorrono con le frecce.
"use strict";
window.disegni = (() => {
  const SCURO = "#17324d", GRIGIO = "#5c6f82", CHIARO = "#d9dfe5";
  const COLORI = ["#0066cc", "#c45500", "#00705a", "#7a3fc4"]; // distinguibili anche da chi non vede il rosso o il verde
  const SEGNI = ["circle", "rect", "triangle", "diamond"];
  const numero = new Intl.NumberFormat("it-IT", { maximumFractionDigits: 1 });
  const stretto = () => window.innerWidth < 640;

  const scrittura = { fontFamily: '"Titillium Web", Geneva, Tahoma, sans-serif', color: SCURO, fontSize: 13 };
  const comune = () => ({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300, animationDurationUpdate: 300,
    textStyle: scrittura, color: COLORI,
    tooltip: { confine: true, transitionDuration: 0, textStyle: { ...scrittura }, borderColor: GRIGIO },
  });

  /** Un suggerimento di più righe, scritto come testo: nulla di ciò che viene dai dati diventa HTML. */
  function righe(testi) {
    const tutto = document.createElement("div");
    for (const testo of testi) tutto.append(Object.assign(document.createElement("div"), { textContent: testo }));
    return tutto;
  }

  function detto(d, n) {
    return [d.etichette[n], ...d.serie.map((s) => `${s.nome}: ${s.testi[n]}`)];
  }

  function una(d, serie, n) {
    const linea = e_linea(d, serie);
    return {
      name: serie.nome, type: linea ? "line" : "bar", data: serie.valori, barMaxWidth: 34,
      color: misto(d) ? (linea ? COLORI[0] : "#6f93ba") : COLORI[n],
      symbol: SEGNI[n], symbolSize: 8, lineStyle: { width: 2.5, type: n && !misto(d) ? "dashed" : "solid" },
      emphasis: { focus: "none", itemStyle: { borderColor: SCURO, borderWidth: 2 } },
      label: d.tipo === "orizzontali" && d.serie.length === 1
        ? { show: true, position: "right", color: SCURO, formatter: (p) => serie.testi[p.dataIndex] } : undefined,
    };
  }

  const intere = (d) => d.serie.every((s) => s.valori.every((v) => v === null || Number.isInteger(v)));
  const e_linea = (d, serie) => (serie.come ?? d.tipo) === "linee";
  const misto = (d) => new Set(d.serie.map((s) => e_linea(d, s))).size > 1; // già diversi di forma: niente trame

  function assi(d) {
    const nomi = {
      type: "category", data: d.etichette, axisTick: { show: false }, axisLine: { lineStyle: { color: GRIGIO } },
      axisLabel: { color: SCURO, hideOverlap: true, width: stretto() ? 110 : 200, overflow: "truncate" },
    };
    const valori = {
      type: "value", splitLine: { lineStyle: { color: "#e6e9ec" } }, minInterval: intere(d) ? 1 : 0,
      interval: d.unita === "%" ? 20 : null, max: d.unita === "%" ? (v) => Math.max(100, Math.ceil(v.max)) : null,
      axisLabel: { color: GRIGIO, formatter: (v) => numero.format(v) + (d.unita ? " " + d.unita : ""), hideOverlap: true },
    };
    if (d.tipo !== "orizzontali") return { xAxis: nomi, yAxis: valori };
    return { yAxis: { ...nomi, inverse: true }, xAxis: { ...valori, splitNumber: 4 } };
  }

  function serie(d) {
    const piu = d.serie.length > 1;
    return {
      ...comune(), ...assi(d), series: d.serie.map((s, n) => una(d, s, n)),
      grid: { left: 8, right: d.tipo === "orizzontali" ? 72 : 16, top: !piu ? 16 : stretto() && d.serie.length > 2 ? 76 : 44, bottom: 8, outerBoundsMode: "same" },
      legend: { show: piu, left: 0, top: 0, textStyle: scrittura, itemGap: 18 },
      aria: { enabled: piu, label: { enabled: false }, decal: { show: piu && !misto(d) } },
      tooltip: { ...comune().tooltip, trigger: "axis", formatter: (p) => righe(detto(d, p[0].dataIndex)) },
    };
  }

  function mappa(d) {
    const nome = "comuni";
    echarts.registerMap(nome, d.forme);
    const noti = d.valori.map((v) => v.valore).filter((v) => v !== null);
    const dati = d.valori.map((v) => ({ name: v.nome, value: v.valore ?? NaN }));
    const di = Object.fromEntries(d.valori.map((v) => [v.nome, v.testo]));
    return {
      ...comune(),
      tooltip: { ...comune().tooltip, formatter: (p) => righe([p.name, di[p.name] ?? ""]) },
      visualMap: {
        min: Math.min(0, ...noti), max: Math.max(1, ...noti), show: noti.length > 0, left: 0, bottom: 0, itemHeight: 90,
        inRange: { color: ["#f4f8fc", "#8dbce9"] }, textStyle: scrittura, calculable: false,
        text: [numero.format(Math.max(1, ...noti)), numero.format(Math.min(0, ...noti))],
      },
      series: [{
        type: "map", map: nome, data: dati, aspectScale: 1, layoutCenter: ["54%", "50%"], layoutSize: "96%",
        selectedMode: false, itemStyle: { areaColor: "#fff", borderColor: GRIGIO, borderWidth: 1.2 },
        label: { show: true, color: SCURO, fontSize: stretto() ? 11 : 14, lineHeight: stretto() ? 14 : 18,
          formatter: (p) => `${p.name}\n${di[p.name] ?? ""}` },
        emphasis: { label: { color: SCURO, fontWeight: 600 }, itemStyle: { areaColor: "#ffe9b8", borderColor: SCURO, borderWidth: 2 } },
      }],
    };
  }

  function nodo(n, massimo) {
    return {
      name: n.nome, x: n.x, y: n.y, value: n.quanti, symbol: n.articolazione ? "diamond" : "circle",
      symbolSize: 14 + 22 * Math.sqrt(n.quanti / massimo) + (n.articolazione ? 8 : 0),
      itemStyle: { color: n.articolazione ? "#c45500" : n.quanti ? "#0066cc" : "#fff", borderColor: n.quanti ? "#fff" : GRIGIO, borderWidth: 1.5 },
      label: { position: n.lato, align: { left: "right", right: "left" }[n.lato] ?? "center" },
    };
  }

  function grafo(d) {
    const massimo = Math.max(1, ...d.nodi.map((n) => n.quanti)), piu = Math.max(1, ...d.archi.map((a) => a.quanti));
    if (d.forme) echarts.registerMap("sfondo", d.forme);
    const sfondo = d.forme && {
      geo: { map: "sfondo", aspectScale: 1, silent: true, layoutCenter: [stretto() ? "30%" : "36%", "50%"], layoutSize: "94%", z: 0,
        itemStyle: { areaColor: "#f4f8fc", borderColor: "#b8c4d0" } },
    };
    return {
      ...comune(), ...sfondo,
      tooltip: { ...comune().tooltip, formatter: (p) => righe(p.dataType === "edge" ? [d.archi[p.dataIndex].testo] : [d.nodi[p.dataIndex].testo]) },
      series: [{
        type: "graph", layout: "none", coordinateSystem: d.forme ? "geo" : undefined, z: 3,
        left: stretto() ? 92 : 170, right: stretto() ? 92 : 170, top: 50, bottom: 50, preserveAspect: "contain",
        data: d.nodi.map((n) => (d.forme ? { ...nodo(n, massimo), value: [n.x, n.y, n.quanti] } : nodo(n, massimo))),
        links: d.archi.map((a) => ({
          source: a.da, target: a.a,
          lineStyle: { width: 1 + 5 * (a.quanti / piu), type: a.ponte ? "dashed" : "solid", color: a.ponte ? "#c45500" : "#5b8fc7", opacity: 0.85, curveness: 0.16 },
        })),
        edgeSymbol: ["none", "arrow"], edgeSymbolSize: 9,
        label: { show: true, color: SCURO, fontSize: stretto() ? 11 : 13, lineHeight: stretto() ? 13 : 16, width: stretto() ? 84 : 150, overflow: "break", textBorderColor: "#fff", textBorderWidth: 3, formatter: (p) => d.nodi[p.dataIndex].breve },
        emphasis: { focus: "adjacency", label: { fontWeight: 700 } }, blur: { itemStyle: { opacity: 0.35 }, lineStyle: { opacity: 0.15 } },
      }],
    };
  }

  function flussi(d) {
    const nomi = [...new Set(d.legami.flatMap((l) => ["da " + l.da, "a " + l.a]))];
    const largo = stretto() ? 104 : 240;
    return {
      ...comune(), aria: { enabled: true, label: { enabled: false }, decal: { show: false } },
      tooltip: { ...comune().tooltip, formatter: (p) => righe([p.dataType === "edge" ? d.legami[p.dataIndex].testo : `${p.name}: ${p.value}`]) },
      series: [{
        type: "sankey", left: largo, right: largo, top: 8, bottom: 8, nodeGap: 14, nodeWidth: 12, draggable: false, layoutIterations: 0,
        data: nomi.map((nome) => ({ name: nome, itemStyle: { color: nome.startsWith("da ") ? "#0066cc" : "#00705a" },
          label: { position: nome.startsWith("da ") ? "left" : "right" } })),
        links: d.legami.map((l) => ({ source: "da " + l.da, target: "a " + l.a, value: l.quanti })),
        lineStyle: { color: "#9db8d4", opacity: 0.55, curveness: 0.5 },
        label: { color: SCURO, fontSize: stretto() ? 12 : 14, lineHeight: stretto() ? 14 : 18, width: largo - 12, overflow: "break", formatter: (p) => p.name.replace(/^(da|a) /, "") },
        emphasis: { focus: "adjacency", lineStyle: { color: "#0066cc", opacity: 0.7 } },
      }],
    };
  }

  /** Ciò che le frecce percorrono: come si legge ogni punto, e quale punto di ECharts è. */
  function punti(d) {
    if (d.serie) return d.etichette.map((_, n) => ({ testo: detto(d, n).join(" · "), dove: { seriesIndex: 0, dataIndex: n } }));
    if (d.valori) return d.valori.map((v, n) => ({ testo: `${v.nome}: ${v.testo}`, dove: { seriesIndex: 0, dataIndex: n } }));
    const archi = (d.archi ?? d.legami).map((a, n) => ({ testo: a.testo, dove: { seriesIndex: 0, dataIndex: n, dataType: "edge" } }));
    return [...(d.nodi ?? []).map((x, n) => ({ testo: x.testo, dove: { seriesIndex: 0, dataIndex: n } })), ...archi];
  }

  const tipi = { barre: serie, linee: serie, orizzontali: serie, mappa, grafo, flussi };
  return { opzioni: (d) => tipi[d.tipo](d), punti };
})();
