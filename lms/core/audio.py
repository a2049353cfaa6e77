"""Sound recordings, told by their content alone; what they carry beside the sound is left out.

Nothing is decoded: each container is walked by the lengths it gives, and must add up.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.errors import Refusal

MOST_PARTS = 20_000
"""Boxes or chunks side by side: recordings have some hundreds."""


@dataclass(frozen=True)
class Sound:
    """A recording that has been checked."""

    ending: str
    media_type: str
    data: bytes


def recognise(data: bytes) -> Sound | None:
    """The recording, without tags and places; None when it is something else.

    Raises Refusal("file_broken") when it begins like a recording and does not add up.
    """
    try:
        for look in (_wav, _ogg, _mp4, _webm, _mp3):
            found = look(data)
            if found is not None:
                return found
    except (struct.error, IndexError, ValueError):
        raise Refusal("file_broken") from None
    return None


# --- WAV: RIFF chunks; only format and sound are kept ---

_WAV_CODECS = frozenset({1, 3, 6, 7, 0x11, 0xFFFE})


def _wav(data: bytes) -> Sound | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    kept: dict[bytes, bytes] = {}
    place, parts = 12, 0
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + size]
        if len(body) < size:
            raise ValueError(name)
        kept.setdefault(name, body)
        place, parts = place + 8 + size + size % 2, parts + 1
        if parts > MOST_PARTS:
            raise ValueError(parts)
    codec = struct.unpack_from("<H", kept.get(b"fmt ", b""))[0]
    if codec not in _WAV_CODECS or not kept.get(b"data"):
        raise ValueError(codec)
    chunks = b"".join(
        struct.pack("<4sI", name, len(kept[name])) + kept[name] + b"\0" * (len(kept[name]) % 2)
        for name in (b"fmt ", b"data")
    )
    whole = b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks
    return Sound("wav", "audio/wav", whole)


# --- Ogg: pages end to end, each stream beginning with a codec of sound ---

_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")


def _ogg(data: bytes) -> Sound | None:
    if data[:4] != b"OggS":
        return None
    place, streams = 0, 0
    while place < len(data):
        sign, version, kind, segments = struct.unpack_from("<4sBB20xB", data, place)
        table = data[place + 27 : place + 27 + segments]
        body = place + 27 + segments
        end = body + sum(table)
        if sign != b"OggS" or version or len(table) < segments or end > len(data):
            raise ValueError(place)
        if kind & 2:
            if not data[body:end].startswith(_OGG_CODECS):
                return None
            streams += 1
        place = end
    if not streams:
        raise ValueError(streams)
    return Sound("ogg", "audio/ogg", data)


# --- MP4 (m4a, 3gp): boxes within boxes; tracks of sound only, tags and places blanked ---

_TAGS = frozenset({b"udta", b"meta", b"uuid", b"loci", b"\xa9xyz"})


def _mp4(data: bytes) -> Sound | None:
    if data[4:8] != b"ftyp":
        return None
    kept = bytearray(data)
    handlers: list[bytes] = []
    for name, start, end in _boxes(data, 0, len(data)):
        if name == b"moov":
            for inner, first, last in _boxes(data, start, end):
                if inner == b"trak":
                    handlers += _handlers(data, first, last, kept)
                elif inner in _TAGS:
                    _blank(kept, first, last)
        elif name in _TAGS:
            _blank(kept, start, end)
    if not handlers or set(handlers) - {b"soun", b"text"} or b"soun" not in handlers:
        return None
    return Sound("m4a", "audio/mp4", bytes(kept))


def _handlers(data: bytes, start: int, end: int, kept: bytearray) -> Iterator[bytes]:
    for name, first, last in _boxes(data, start, end):
        if name in _TAGS:
            _blank(kept, first, last)
        elif name == b"mdia":
            for inner, place, stop in _boxes(data, first, last):
                if inner == b"hdlr" and stop - place >= 12:
                    yield data[place + 8 : place + 12]


def _boxes(data: bytes, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of what is in each box between two places. Raises ValueError."""
    for _ in range(MOST_PARTS):
        if place == end:
            return
        size, name = struct.unpack_from(">I4s", data, place)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, place + 8)[0], 16
        elif size == 0:
            size = end - place
        if size < head or place + size > end:
            raise ValueError(name)
        yield name, place + head, place + size
        place += size
    raise ValueError(place)


def _blank(kept: bytearray, start: int, end: int) -> None:
    """Leave the room, take what was in it: the sound stays where its index says it is."""
    head = 4 if bytes(kept[start - 4 : start]) in _TAGS else 12  # a long box gives its size last
    kept[start - head : start - head + 4] = b"free"
    kept[start:end] = bytes(end - start)


# --- WebM: EBML elements, of which a recorder leaves some without a length ---

_EBML, _DOCTYPE, _SEGMENT, _TRACKS = b"\x1a\x45\xdf\xa3", 0x4282, 0x18538067, 0x1654AE6B
_TRACK, _TRACK_TYPE, _CODEC = 0xAE, 0x83, 0x86


def _webm(data: bytes) -> Sound | None:
    if not data.startswith(_EBML):
        return None
    top = _elements(data, 0, len(data))
    _, start, end = next(top)
    doctype = {key: data[a:b] for key, a, b in _elements(data, start, end)}.get(_DOCTYPE, b"")
    name, start, end = next(top, (0, 0, 0))
    if doctype.rstrip(b"\0") != b"webm" or name != _SEGMENT:
        return None
    tracks: list[tuple[bytes, bytes]] = []
    for name, first, last in _elements(data, start, end):
        if name != _TRACKS:
            continue
        for inner, a, b in _elements(data, first, last):
            if inner == _TRACK:
                said = {key: data[x:y] for key, x, y in _elements(data, a, b)}
                tracks.append((said.get(_TRACK_TYPE, b""), said.get(_CODEC, b"")))
        break
    sound = all(kind == b"\x02" and codec[:6] in {b"A_OPUS", b"A_VORB"} for kind, codec in tracks)
    return Sound("weba", "audio/webm", data) if tracks and sound else None


def _elements(data: bytes, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of each element; one without a length goes to the end."""
    for _ in range(MOST_PARTS):
        if place >= end:
            return
        length = 9 - data[place].bit_length()
        key = int.from_bytes(data[place : place + length], "big")
        place += length
        width = 9 - data[place].bit_length()
        size = int.from_bytes(data[place : place + width], "big") & ((1 << 7 * width) - 1)
        place += width
        stop = end if size == (1 << 7 * width) - 1 else place + size
        if length > 4 or width > 8 or stop > end:
            raise ValueError(key)
        yield key, place, stop
        place = stop
    raise ValueError(place)


# --- MP3: frames end to end, the tags around them left out ---

_RATES = {
    3: (44100, 48000, 32000),
    2: (22050, 24000, 16000),
    0: (11025, 12000, 8000),
}
_KBITS = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
FEWEST_FRAMES = 4


def _mp3(data: bytes) -> Sound | None:
    start = 0
    tagged = data.startswith(b"ID3")
    while data[start : start + 3] == b"ID3":
        said = data[start + 6 : start + 10]
        size = sum(byte << 7 * (3 - turn) for turn, byte in enumerate(said))
        start += 10 + size + (10 if data[start + 5] & 16 else 0)
    place, frames = start, 0
    while length := _frame(data, place):
        if place + length > len(data):
            break
        place, frames = place + length, frames + 1
    if frames < FEWEST_FRAMES or place - start < (len(data) - start) / 2:
        if tagged:
            raise ValueError(frames)
        return None
    return Sound("mp3", "audio/mpeg", data[start:place])


def _frame(data: bytes, place: int) -> int:
    """Length of the layer III frame that begins here, 0 when none does."""
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, kbits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or not 0 < kbits < 15 or rate == 3:
        return 0
    first = version == 3
    bits = _KBITS[first][kbits - 1] * 1000
    return (144 if first else 72) * bits // _RATES[version][rate] + (head[2] >> 1 & 1)
