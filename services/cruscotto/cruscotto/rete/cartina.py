"""La cartina schematica dei comuni: una cella per centro, ciò che gli è più vicino. Non sono i confini veri. Pura."""

from collections.abc import Mapping
from functools import lru_cache
from math import cos, radians
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Punto = tuple[float, float]
ORLO = 0.55
"""Di quanto la cartina esce dai centri più esterni, in distanze medie fra un centro e il più vicino."""
DA_SOLO = 0.02
"""In gradi: quanto spazio ha intorno chi non ha vicini."""
CIFRE = 4


def forme(centri: Mapping[str, Punto], nomi: Mapping[str, str]) -> dict[str, Any] | None:
    """Le celle come GeoJSON, con il nome di ogni comune; None se il distretto non dice dove sono."""
    dove = tuple(sorted((nomi[codice], *_proiettato(p, centri)) for codice, p in centri.items() if codice in nomi))
    return _forme(dove) if dove else None


def punti(centri: Mapping[str, Punto]) -> dict[str, Punto]:
    """I centri nelle coordinate della cartina."""
    return {codice: _proiettato(p, centri) for codice, p in centri.items()}


def _proiettato(punto: Punto, centri: Mapping[str, Punto]) -> Punto:
    """Un grado di longitudine è più corto di uno di latitudine: senza questo la cartina sarebbe larga una volta e
    mezzo il vero."""
    media = sum(latitudine for _, latitudine in centri.values()) / len(centri)
    return round(punto[0] * cos(radians(media)), CIFRE), round(punto[1], CIFRE)


@lru_cache(maxsize=8)
def _forme(dove: tuple[tuple[str, float, float], ...]) -> dict[str, Any]:
    from shapely import MultiPoint, Point, voronoi_polygons  # noqa: PLC0415  pesa: solo per chi apre la pagina

    tutti = MultiPoint([(x, y) for _, x, y in dove])
    bordo = tutti.convex_hull.buffer(_orlo(dove), quad_segs=6)
    celle = list(voronoi_polygons(tutti, extend_to=bordo).geoms) or [bordo]
    trovate = [(nome, next((c for c in celle if c.covers(Point(x, y))), bordo)) for nome, x, y in dove]
    return {"type": "FeatureCollection", "features": [_voce(nome, c.intersection(bordo)) for nome, c in trovate]}


def _orlo(dove: tuple[tuple[str, float, float], ...]) -> float:
    vicini = [min(((x - a) ** 2 + (y - b) ** 2) ** 0.5 for m, a, b in dove if m != n) for n, x, y in dove[1:] or ()]
    return ORLO * sum(vicini) / len(vicini) if vicini else DA_SOLO


def _voce(nome: str, cella: "BaseGeometry") -> dict[str, Any]:
    from shapely import get_coordinates  # noqa: PLC0415

    giro = [[round(x, CIFRE), round(y, CIFRE)] for x, y in get_coordinates(cella.boundary).tolist()]
    return {
        "type": "Feature",
        "properties": {"name": nome},
        "geometry": {"type": "Polygon", "coordinates": [giro]},
    }
