"""`PYTHONPATH=tests python -m access`: writes docs/ruoli.md."""

import asyncio

from .porte import all_doors
from .ruoli import FILE, written

if __name__ == "__main__":
    FILE.write_text(written(asyncio.run(all_doors())), encoding="utf-8")
