"""Il percorso di un candidato: la presa in carico, l'abbinamento, il tirocinio, il lavoro."""

from datetime import date, timedelta
from random import Random

from scenario.copione import Storia, fra_mesi
from scenario.lavoro import fondo
from scenario.lavoro.rete import COMPETENZE, FASCE
from scenario.lavoro.scena import DALLA_DGR, EURO, Abbinamento, Aderente, Candidato, Inserimento, Scena, Tirocinio
from scenario.linea import una

GIORNI_DEL_PROGETTO = 830
RIFIUTI = ("competenze", "distanza", "orario", "rinuncia")
CONTRATTI = ("tempo_determinato", "tempo_determinato", "apprendistato", "somministrazione", "tempo_indeterminato")


def arrivi(scena: Scena, quanti: int) -> Storia:
    """Chi cerca lavoro si presenta, uno dopo l'altro; molti li conosce già casa, o un Punto."""
    caso = scena.sorte("candidati")
    yield 45
    for numero in range(quanti):
        chi = scena.qualcuno(f"candidato/{numero}", caso, note=0.4)
        c = Candidato(scena.id(f"candidato/{numero}"), chi.id, chi.comune)
        scena.candidati.append(c)
        scena.soggetti[c.id] = c
        prendi_in_carico(scena, c, caso)
        scena.avvia(storia(scena, c, scena.sorte(f"candidato/{numero}")), caso.randint(5, 30))
        yield round(caso.uniform(0.4, 1.6) * GIORNI_DEL_PROGETTO / quanti)


def prendi_in_carico(scena: Scena, c: Candidato, caso: Random) -> None:
    """La presa in carico, la prima o una nuova."""
    c.in_carico = True
    campi = {"persona": c.persona, "comune": c.comune, "competenze": caso.sample(COMPETENZE, caso.randint(0, 3))}
    scena.registra(f"candidati/{c.id}/presa-in-carico", campi | {"disponibilita": caso.sample(FASCE, 2)})


def storia(scena: Scena, c: Candidato, caso: Random) -> Storia:
    """Dalla presa in carico alla conclusione; qualcuno poi torna."""
    if caso.random() < 0.25:
        aggiornate = {"competenze": caso.sample(COMPETENZE, 3)}
        scena.registra(f"candidati/{c.id}/aggiornamento-competenze", aggiornate)
    yield from cerca(scena, c, caso)
    yield caso.randint(40, 150)
    if c.tirocinio is None and caso.random() < 0.7:
        c.in_carico = False
        esito = caso.choice(("occupazione", "formazione", "rinuncia", "trasferimento"))
        scena.registra(f"candidati/{c.id}/conclusione", {"esito": esito})
        yield caso.randint(60, 200)
        if caso.random() < 0.3:
            prendi_in_carico(scena, c, caso)
            yield caso.randint(10, 30)
            yield from cerca(scena, c, caso)


def cerca(scena: Scena, c: Candidato, caso: Random) -> Storia:
    """Le offerte proposte, finché una va bene a tutti e due."""
    for _ in range(4):
        o = una(scena.offerte, lambda o: not o.chiusa and o.presi < o.posti and o.aderente.in_rete, caso)
        gia = o and any(x.candidato is c and x.offerta is o for x in scena.abbinamenti)
        if o is not None and not gia:
            numero = len(scena.abbinamenti)
            x = Abbinamento(scena.id(f"abbinamento/{numero}"), c, o)
            scena.abbinamenti.append(x)
            scena.registra(f"abbinamenti/{x.id}/proposta", {"candidato": c.id, "offerta": o.id})
            yield caso.randint(2, 9)
            yield from decidono(scena, x, caso)
            if x.stato == "accettato":
                yield caso.randint(3, 10)
                yield from al_lavoro(scena, x, caso)
                return
        yield caso.randint(10, 30)


def decidono(scena: Scena, x: Abbinamento, caso: Random) -> Storia:
    """Prima il candidato, poi l'aderente; nel frattempo l'offerta può chiudersi o riempirsi."""
    for chi, poi in (("candidato", "in attesa"), ("aderente", "accettato")):
        con = [x.offerta.id, x.candidato.id]
        if x.offerta.chiusa or x.offerta.presi == x.offerta.posti:
            _rifiuta(scena, x, chi, "offerta_chiusa" if x.offerta.chiusa else "posto_gia_coperto")
            return
        if caso.random() < 0.18:
            _rifiuta(scena, x, chi, caso.choice(RIFIUTI))
            return
        x.stato = poi
        x.offerta.presi += poi == "accettato"
        scena.registra(f"abbinamenti/{x.id}/accettazione", {"da": chi}, con=con)
        yield caso.randint(1, 6)


def _rifiuta(scena: Scena, x: Abbinamento, da: str, motivo: str) -> None:
    x.stato = "rifiutato"
    con = [x.offerta.id, x.candidato.id]
    scena.registra(f"abbinamenti/{x.id}/rifiuto", {"da": da, "motivo": motivo}, con=con)


def al_lavoro(scena: Scena, x: Abbinamento, caso: Random) -> Storia:
    """Un tirocinio e poi, a volte, il lavoro; oppure il lavoro subito."""
    c, a = x.candidato, x.offerta.aderente
    if not a.in_rete or c.tirocinio is not None:
        return
    if x.offerta.tipo == "lavoro":
        yield from inserimento(scena, c, a, caso)
        return
    if not a.ospita_ancora(scena.oggi):
        scena.rifiuta(*_oltre_la_quota(scena, c, a), "tirocini-oltre-la-quota")
        return
    t = attiva(scena, c, a, caso)
    yield from tirocinio(scena, t, caso)
    if caso.random() < 0.6 and a.in_rete:
        yield caso.randint(1, 12)
        yield from inserimento(scena, c, a, caso)


def _oltre_la_quota(scena: Scena, c: Candidato, a: Aderente) -> tuple[str, dict[str, object]]:
    dal, al = scena.oggi, fra_mesi(scena.oggi, 4)
    return f"tirocini/{scena.mai_visto()}/attivazione", campi_del_tirocinio(scena, c, a, dal, al, 60_000)


def campi_del_tirocinio(
    scena: Scena, c: Candidato, a: Aderente, dal: date, al: date, indennita: int
) -> dict[str, object]:
    """I campi di un'attivazione."""
    return {
        "candidato": c.id,
        "aderente": a.id,
        "dal": dal.isoformat(),
        "al": al.isoformat(),
        "ore_settimanali": 30,
        "indennita_centesimi": indennita,
        "tutor_aziendale": scena.persona(f"tutor/{a.id}"),
    }


def attiva(scena: Scena, c: Candidato, a: Aderente, caso: Random) -> Tirocinio:
    """Il tirocinio comincia fra qualche giorno; il Fondo, se può, lo sostiene."""
    dal = scena.oggi + timedelta(caso.randint(1, 9))
    indennita = (50_000 if scena.oggi >= DALLA_DGR else 40_000) + caso.randrange(0, 100, 50) * EURO
    t = Tirocinio(scena.id(f"tirocinio/{len(scena.tirocini)}"), c, a, dal, fra_mesi(dal, caso.randint(3, 5)), indennita)
    scena.tirocini.append(t)
    scena.soggetti[t.id] = t
    a.tirocini.append(t)
    c.tirocinio = t
    scena.registra(f"tirocini/{t.id}/attivazione", campi_del_tirocinio(scena, c, a, dal, t.al, indennita))
    if caso.random() < 0.6:
        scena.avvia(fondo.sostiene(scena, "tirocinio", t.id, caso), 4)
    return t


def tirocinio(scena: Scena, t: Tirocinio, caso: Random) -> Storia:
    """La frequenza mese per mese; poi la fine, al termine o prima, a volte dopo una proroga."""
    prima_del_termine, prorogato = caso.random() < 0.24, caso.random() < 0.2
    yield (t.dal - scena.oggi).days + 31
    while (t.al - scena.oggi).days > 30:
        frequenta(scena, t, caso.choices((95, 88, 80, 62), (5, 4, 2, 1))[0])
        if prima_del_termine and caso.random() < 0.5:
            t.finito_il, t.candidato.tirocinio = scena.oggi, None
            motivo = caso.choice(("assunzione", "rinuncia", "salute"))
            scena.registra(f"tirocini/{t.id}/interruzione", {"motivo": motivo}, con=t.tocca)
            return
        if prorogato and t.aderente.in_rete:
            prorogato = False
            _proroga(scena, t)
        yield 31
    yield max((t.al - scena.oggi).days + 1, 1)
    t.finito_il, t.candidato.tirocinio = scena.oggi, None
    esito = caso.choice(("assunzione_da_chi_ospita", "assunzione_altrove", "ricerca_di_lavoro", "formazione"))
    t.finito_il = scena.registra(f"tirocini/{t.id}/conclusione", {"esito": esito}, con=t.tocca, dal=t.al).il


def _proroga(scena: Scena, t: Tirocinio) -> None:
    """Tre mesi in più, se nel frattempo chi ospita non ha preso altri."""
    if len([altro for altro in t.aderente.tirocini if altro.fino_al >= scena.oggi]) == 1:
        t.al = fra_mesi(t.al, 3)
        scena.registra(f"tirocini/{t.id}/proroga", {"al": t.al.isoformat()}, con=t.tocca)


def frequenta(scena: Scena, t: Tirocinio, percentuale: int) -> None:
    """La frequenza del mese scorso, o del primo."""
    mese = max(f"{scena.oggi - timedelta(20):%Y-%m}", f"{t.dal:%Y-%m}")
    if mese not in t.mesi:
        t.mesi.append(mese)
        dal = max(date.fromisoformat(f"{mese}-01"), t.dal)
        campi = {"mese": mese, "percentuale": percentuale}
        scena.registra(f"tirocini/{t.id}/frequenza", campi, con=t.tocca, dal=dal)


def inserimento(scena: Scena, c: Candidato, a: Aderente, caso: Random) -> Storia:
    """Il lavoro, e le verifiche a uno, tre e sei mesi: qualcuna manca."""
    if not c.in_carico:
        return
    i = Inserimento(scena.id(f"inserimento/{len(scena.inserimenti)}"), scena.oggi)
    scena.inserimenti.append(i)
    scena.soggetti[i.id] = i
    campi = {"candidato": c.id, "aderente": a.id, "contratto": caso.choice(CONTRATTI)}
    scena.registra(f"inserimenti/{i.id}/avvio", campi)
    if caso.random() < 0.4:
        scena.avvia(fondo.sostiene(scena, "inserimento", i.id, caso), 6)
    scena.avvia(verifiche(scena, i, caso), 30)
    yield 1


def verifiche(scena: Scena, i: Inserimento, caso: Random) -> Storia:
    """Lavora ancora? A volte il lavoro finisce, e le verifiche lo dicono."""
    for mesi in (1, 3, 6):
        giorno = fra_mesi(i.avviato_il, mesi)
        yield max((giorno - scena.oggi).days, 1)
        if not i.cessato and caso.random() < 0.15:
            i.cessato = True
            scena.registra(f"inserimenti/{i.id}/cessazione", {"motivo": "fine_del_contratto"})
            yield 3
        if caso.random() < 0.85:
            verifica = {"a_mesi": mesi, "ancora_occupato": not i.cessato}
            scena.registra(f"inserimenti/{i.id}/verifica", verifica, dal=giorno if not i.cessato else None)
