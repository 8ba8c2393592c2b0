"""Count the rows of results in the bytes of an answer, so that the engine's own fast writers can be limited."""

from __future__ import annotations

# What stands once for each row and cannot stand inside a value, which is escaped there. In JSON it is what is between
# two rows (https://www.w3.org/TR/sparql11-results-json/): a quotation mark inside a string has a backslash before it.
_MARKS = {
    "application/sparql-results+json": b'}},{"',
    "application/sparql-results+xml": b"<result>",
    "text/tab-separated-values": b"\n",
}


class RowCounter:
    """Counts rows piece by piece.

    :param media_type: of the answer; forms of graphs have no rows
    :param limit: rows that are allowed
    """

    def __init__(self, media_type: str, limit: int) -> None:
        self._mark = _MARKS.get(media_type, b"")
        self._is_csv = media_type == "text/csv"
        self._is_json = media_type == "application/sparql-results+json"
        self._quoted = False
        self._tail = b""
        # Tables of text begin with a line of names; JSON has one mark less than rows.
        header = media_type in ("text/csv", "text/tab-separated-values")
        self._left = limit + (1 if header else -1 if self._is_json else 0)

    def exceeded(self, data: bytearray) -> bool:
        """Count the rows in a piece and say whether there are more than allowed."""
        if self._is_csv:
            self._left -= self._csv_lines(data)
        elif self._mark:
            piece = self._tail + bytes(data)
            self._left -= piece.count(self._mark)
            self._tail = piece[-(len(self._mark) - 1) :] if len(self._mark) > 1 else b""
        return self._left < 0

    def _csv_lines(self, data: bytearray) -> int:
        parts = data.split(b'"')
        lines = sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        return lines
