"""What the pages load from the vendor folder is what the manifest says, under licences that lie beside it."""

import hashlib
import json
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "telaio" / "telaio" / "web" / "static" / "vendor"


def differing(folder: Path) -> list[str]:
    """The files that are missing, changed or not in the manifest. A fresh build is compared by `build.sh --check`."""
    said = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    there.pop("MANIFEST.json")
    found = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}
    return sorted(name for name in {*said, *found} if said.get(name) != found.get(name))


def test_every_vendored_file_is_the_one_of_the_manifest() -> None:
    assert differing(VENDOR) == []


def test_a_file_changed_by_hand_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST.json").write_text('{"files": {"a.css": "00", "b.css": "00"}}', encoding="utf-8")
    (tmp_path / "a.css").write_text("a", encoding="utf-8")
    (tmp_path / "c.js").write_text("c", encoding="utf-8")
    assert differing(tmp_path) == ["a.css", "b.css", "c.js"]


def test_every_package_has_its_licence_and_no_style_or_font_names_another_host() -> None:
    for package in json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["packages"].values():
        assert (VENDOR / package["licence_file"]).stat().st_size > 0
    for style in VENDOR.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?https?:", style.read_text(encoding="utf-8"))
