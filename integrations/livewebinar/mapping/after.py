"""What a room leaves behind: recordings. Their shape is not documented."""

from integrations.base.reading import Row
from integrations.base.records import Kind, Record
from integrations.livewebinar.mapping.moments import moment_in


def decode_recording(row: Row, widget_id: str) -> Record:
    """A recording; the plugins show its `name` and `url` and nothing else."""
    starts = next((n for n in ("started_at", "created_at") if row.value.get(n)), "started_at")
    size = "size" if "size" in row else "file_size"
    fields = {
        "started_at": moment_in(row, starts),
        "duration_seconds": row.whole("duration"),
        "size_bytes": row.whole(size),
    }
    name = row.text("name")
    return Record(
        Kind.RECORDING,
        f"{widget_id}/{row.ident('id')}",
        fields,
        parent_id=widget_id,
        facts={"name": name} if name else {},
        volatile={"recording_url": row.link("url")},
    )
