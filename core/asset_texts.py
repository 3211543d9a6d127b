"""The texts in which assets are searched, and the titles by which they are sorted.

They are brought to one form here, in Python: the two databases fold case and sort letters differently, and SQLite
knows only English ones. They stand in a narrow table of their own, for a search reads all of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, bindparam, event, insert, inspect, select, update
from sqlalchemy.orm import Mapper

from core.models import Asset, AssetText

LONGEST_TITLE: Final = 120
AT_ONCE: Final = 500
_TEXTS: Final = cast(Table, AssetText.__table__)
_ASSETS: Final = cast(Table, Asset.__table__)
_SEARCHED: Final = ("name", "asset_id", "category", "prompt")
_DIGITS: Final = re.compile(r"\d+")


def folded(text: str) -> str:
    """Bring a text to the form in which it is compared: no case, no odd forms of letters, single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def title_of(name: str) -> str:
    """Bring a name to the form by which it is sorted: `Crate 2` comes before `Crate 10`."""
    return _DIGITS.sub(lambda number: number[0].zfill(8), folded(name[:LONGEST_TITLE]))[:LONGEST_TITLE]


def text_row(asset_pk: str, asset: Mapping[str, Any]) -> dict[str, str]:
    """Make an asset's row of texts from its columns."""
    text = "\n".join(folded(asset[column] or "") for column in _SEARCHED)
    return {"asset_pk": asset_pk, "title": title_of(asset["name"]), "text": text.replace("\x00", "")}


def add_texts(connection: Connection, assets: Sequence[Mapping[str, Any]]) -> None:
    """Write the texts of new assets that were inserted without the ORM; their columns by name."""
    if assets:
        connection.execute(insert(_TEXTS), [text_row(asset["id"], asset) for asset in assets])


def renew_texts(connection: Connection, asset_pks: Sequence[str]) -> None:
    """Write the texts of assets anew that were changed without the ORM."""
    statement = update(_TEXTS).where(_TEXTS.c.asset_pk == bindparam("of"))
    statement = statement.values(title=bindparam("its_title"), text=bindparam("its_text"))
    for start in range(0, len(asset_pks), AT_ONCE):
        some = _ASSETS.c.id.in_(asset_pks[start : start + AT_ONCE])
        read = select(_ASSETS.c["id"], *(_ASSETS.c[name] for name in _SEARCHED)).where(some)
        rows = [text_row(row["id"], dict(row)) for row in connection.execute(read).mappings().all()]
        connection.execute(
            statement,
            [{"of": row["asset_pk"], "its_title": row["title"], "its_text": row["text"]} for row in rows],
        )


@event.listens_for(Asset, "after_insert")
def _added(_mapper: Mapper[Asset], connection: Connection, asset: Asset) -> None:
    connection.execute(insert(_TEXTS).values(**text_row(asset.id, _columns(asset, _SEARCHED))))


@event.listens_for(Asset, "after_update")
def _changed(_mapper: Mapper[Asset], connection: Connection, asset: Asset) -> None:
    state = inspect(asset)
    if any(state.attrs[name].history.has_changes() for name in _SEARCHED):
        row = text_row(asset.id, _columns(asset, _SEARCHED))
        connection.execute(update(_TEXTS).where(_TEXTS.c.asset_pk == row.pop("asset_pk")).values(**row))


def _columns(asset: Asset, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(asset, name) for name in names}
