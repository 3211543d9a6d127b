"""How large a plan may be: what people write is far below, and what is above would cost memory or time.

Ours, all of them; a file over one is refused with the limit in its sentence.
"""

from __future__ import annotations

from typing import Final

TEXT_BYTES_MOST: Final = 5_000_000
ASSETS_MOST: Final = 20_000
COLUMNS_MOST: Final = 200
DEPTH_MOST: Final = 20  # lists and objects inside each other
VALUES_MOST: Final = 500_000  # in a JSON or YAML plan
TEXT_LENGTH_MOST: Final = 32_767  # of one field; Excel's own
NOTES_MOST: Final = 50_000

# A workbook is a ZIP archive of XML files.
WORKBOOK_BYTES_MOST: Final = 10_000_000
UNPACKED_BYTES_MOST: Final = 60_000_000
SMALL_PART_BYTES_MOST: Final = 2_000_000  # of what is not a sheet or its texts, and is read as a whole
PARTS_MOST: Final = 1_000
CELLS_MOST: Final = 1_000_000
FILLED_ROWS_MOST: Final = 100_000  # or at least coloured: those that the file names
SHEET_ROWS_MOST: Final = 1_048_576  # Excel's own

NAME_LENGTH_MOST: Final = 500
KEY_LENGTH_MOST: Final = 200
PRIORITY_MOST: Final = 1_000
VARIANTS_MOST: Final = 16
SEED_MOST: Final = 2**31 - 1
