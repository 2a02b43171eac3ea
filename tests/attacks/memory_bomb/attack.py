"""Takes all the memory it can get, by tensors, bytes, mappings, shared mappings and files in memory."""

CELLS = [
    "kept = []\nwhile True:\n    kept.append(torch.ones(1 << 22))",
    "kept = []\nwhile True:\n    kept.append(bytearray(1 << 24))",
    r"""
import mmap
kept = []
while True:
    block = mmap.mmap(-1, 1 << 26)
    for i in range(0, 1 << 26, 4096):
        block[i] = 1
    kept.append(block)
""",
]
