"""Un rapporto come file: XLSX e ODS per le persone, CSV per i programmi, PDF per chi lo riceve. Dal solo contenuto.

Un testo è sempre un testo: nessuna casella diventa una formula, qualunque cosa qualcuno abbia scritto.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from cruscotto.grafico import innocuo
from cruscotto.rendiconto.cifre import periodo_scritto
from cruscotto.rendiconto.contenuto import Contenuto, Parte
from cruscotto.rendiconto.fogli import Casella, fogli, foglio_delle_cifre
from cruscotto.rendiconto.in_pdf import in_pdf

LARGO = {"Indicatore": 40, "Definizione": 80, "Testo": 100, "Nota": 34, "Che cosa dice": 60, "A parte": 30}
INIZIO_DEGLI_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Formato:
    """Come si scrive, e come si chiama per chi lo scarica."""

    nome: str
    tipo: str
    scrivi: Callable[[Contenuto, Parte], bytes]


def in_csv(_: Contenuto, parte: Parte) -> bytes:
    """Le cifre sole: decimali con il punto, senza segno d'ordine dei byte; vuoto ciò che non c'è."""
    scritto = io.StringIO()
    riga = csv.writer(scritto)
    foglio = foglio_delle_cifre(parte)
    riga.writerow(foglio.colonne)
    riga.writerows([_in_csv(c) for c in r] for r in foglio.righe)
    return scritto.getvalue().encode()


def _in_csv(casella: Casella) -> str:
    return innocuo(casella) if isinstance(casella, str) else "" if casella is None else f"{casella:f}"


def in_xlsx(contenuto: Contenuto, parte: Parte) -> bytes:
    """La cartella di lavoro, con un foglio per tabella."""
    import xlsxwriter  # noqa: PLC0415 - pesa, e serve due volte l'anno

    scritto = io.BytesIO()
    cartella = xlsxwriter.Workbook(scritto, {"in_memory": True})
    cartella.set_properties({"title": titolo(contenuto, parte), "created": _quando(contenuto)})
    testata, a_capo = cartella.add_format({"bold": True}), cartella.add_format({"text_wrap": True, "valign": "top"})
    for foglio in fogli(contenuto, parte):
        pagina = cartella.add_worksheet(foglio.titolo)
        pagina.freeze_panes(1, 0)
        for c, nome in enumerate(foglio.colonne):
            pagina.set_column(c, c, LARGO.get(nome, 14), a_capo)
            pagina.write_string(0, c, nome, testata)
        for r, riga in enumerate(foglio.righe, 1):
            _scrivi_riga(pagina, r, riga)
    cartella.close()
    return scritto.getvalue()


def _scrivi_riga(pagina: Any, r: int, riga: Sequence[Casella]) -> None:
    """Ogni casella con il suo tipo: `write` da solo farebbe di un testo una formula."""
    for c, casella in enumerate(riga):
        if isinstance(casella, str):
            pagina.write_string(r, c, casella)
        elif casella is not None:
            pagina.write_number(r, c, float(casella))


def in_ods(contenuto: Contenuto, parte: Parte) -> bytes:
    """Lo stesso, in formato aperto."""
    from odfdo import Cell, Document, Row, Table  # noqa: PLC0415 - pesa, e serve due volte l'anno

    documento = Document("spreadsheet")
    documento.body.clear()
    for foglio in fogli(contenuto, parte):
        tabella = Table(foglio.titolo)
        for riga in (foglio.colonne, *foglio.righe):
            una = Row()
            for casella in riga:
                una.append_cell(_in_ods(Cell, casella))
            tabella.append_row(una)
        documento.body.append(tabella)
    documento.meta.title = titolo(contenuto, parte)
    documento.meta.creation_date = documento.meta.date = _quando(contenuto)
    scritto = io.BytesIO()
    documento.save(scritto)
    return _sempre_uguale(scritto.getvalue())


def _in_ods(crea: Callable[..., Any], casella: Casella) -> Any:
    if isinstance(casella, Decimal):
        return crea(casella, cell_type="float")
    return crea(casella, cell_type="string") if casella else crea()


def _sempre_uguale(archivio: bytes) -> bytes:
    """Lo stesso archivio senza l'ora in cui è stato fatto."""
    scritto = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archivio)) as letto, zipfile.ZipFile(scritto, "w", zipfile.ZIP_DEFLATED) as nuovo:
        for voce in letto.infolist():
            senza_ora = zipfile.ZipInfo(voce.filename, INIZIO_DEGLI_ZIP)
            senza_ora.compress_type = voce.compress_type
            nuovo.writestr(senza_ora, letto.read(voce))
    return scritto.getvalue()


def titolo(contenuto: Contenuto, parte: Parte) -> str:
    """Come si chiama il documento."""
    r = contenuto.rapporto
    return f"Rapporto n. {contenuto.numero}, {periodo_scritto(r.dal, r.al)}: {parte.nome}"


def _quando(contenuto: Contenuto) -> datetime:
    return datetime.combine(contenuto.approvato_il, time(12), UTC).replace(tzinfo=None)


FORMATI = {
    "xlsx": Formato("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", in_xlsx),
    "ods": Formato("ODS", "application/vnd.oasis.opendocument.spreadsheet", in_ods),
    "csv": Formato("CSV", "text/csv", in_csv),
    "pdf": Formato("PDF", "application/pdf", in_pdf),
}
"""Per estensione."""
