"""`PYTHONPATH=deploy/bundle python -m bundle casa`: makes dist/casa-<version>/ and its archive (`make bundle`)."""

import argparse
import time
from pathlib import Path

from bundle.assemble import PYTHONS, SERVICES, archive, assemble

parser = argparse.ArgumentParser(prog="make bundle", description="Il pacchetto di un servizio, per chi lo gestisce.")
parser.add_argument("service", choices=SERVICES)
parser.add_argument("--dist", type=Path, default=Path(__file__).parents[3] / "dist")
parser.add_argument("--python", nargs="+", default=list(PYTHONS), help="per quali versioni di Python")
arguments = parser.parse_args()
begun = time.monotonic()
folder = assemble(arguments.service, arguments.dist, arguments.python)
packed = archive(folder)
print(f"{packed}  {packed.stat().st_size / 1e6:.1f} MB in {time.monotonic() - begun:.0f} s")
