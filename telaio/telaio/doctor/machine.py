"""What can be seen without asking anybody: files, district, ports."""

import socket
import tomllib
from collections.abc import Iterator

from pydantic import ValidationError

from telaio.district import District
from telaio.doctor.finding import Finding, bad, good, look
from telaio.service import Service
from telaio.settings import Settings


def examine(service: Service, settings: Settings) -> list[Finding]:
    """The findings about this machine."""
    return [*_district(service, settings), *_rules(service, settings), *_ports(settings)]


def _district(service: Service, settings: Settings) -> Iterator[Finding]:
    path = settings.distretto_file
    try:
        district = District.load(path)
    except OSError:
        yield bad(f"il file del distretto {path} non si legge", "indicare in GENERA_DISTRETTO_FILE un file leggibile")
        return
    except (tomllib.TOMLDecodeError, ValidationError) as wrong:
        yield bad(f"il file del distretto {path} è sbagliato: {_first(wrong)}", "correggerlo, o chiederlo al distretto")
        return
    if path is None:
        yield look("si usa il distretto d'esempio", "indicare in GENERA_DISTRETTO_FILE quello vero")
    runs = district.linee.get(service.name)
    if settings.partner not in district.enti:
        yield bad(f"{settings.partner} non è fra gli enti del distretto", "correggere GENERA_PARTNER, o aggiungerlo")
    elif runs is not None and runs != settings.partner:
        fix = "correggere GENERA_PARTNER, o la tabella [linee] del distretto"
        yield bad(f"nel distretto {service.name} è di {runs}, non di {settings.partner}", fix)
    else:
        yield good(f"{district.denominazione}: {settings.partner} gestisce {service.name}")


def _rules(service: Service, settings: Settings) -> Iterator[Finding]:
    if service.rules is None or service.rules_file is None or settings.regole_file is None:
        return
    try:
        service.rules.load(service.rules_file, settings.regole_file)
    except OSError:
        yield bad(f"il file delle regole {settings.regole_file} non si legge", "correggere GENERA_REGOLE_FILE")
    except (tomllib.TOMLDecodeError, ValidationError) as wrong:
        yield bad(f"le regole in {settings.regole_file} sono sbagliate: {_first(wrong)}", "correggere il file")
    else:
        yield good("le regole del distretto si leggono")


def _ports(settings: Settings) -> Iterator[Finding]:
    for name, port in (("GENERA_PORT", settings.port), ("GENERA_METRICS_PORT", settings.metrics_port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as taken:
                why = taken.strerror or type(taken).__name__
                fix = f"se non è il servizio già avviato, liberarla o cambiare {name}"
                yield look(f"la porta {port} di {settings.host} non si può usare ({why})", fix)


def _first(wrong: Exception) -> str:
    """Where a file is wrong: the first place."""
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(wrong)
