"""Submits a zip whose directory lists a million files."""

import struct

CELLS = []


def build(folder, cells):
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    many = 1_000_000
    size = len(entry) * many
    zip64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, many, many, size, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, size, 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with (folder / "vae.zip").open("wb") as file:
        for _ in range(many // 10_000):
            file.write(entry * 10_000)
        file.write(zip64 + locator + end)
