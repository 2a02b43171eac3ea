"""Share the time among the fuzzers; whatever one finds, it raises with the seed that shows it again."""

from __future__ import annotations

import secrets
import sys
import time

from tests.fuzz import reader, values, wire


def main(seconds: float = 60, seed: int | None = None) -> int:
    seed = secrets.randbelow(2**31) if seed is None else seed
    fuzzers = {"the notebook and zip readers": reader, "the wire and the decoder": wire, "the checks' values": values}
    for what, fuzzer in fuzzers.items():
        started = time.monotonic()
        cases = fuzzer.run(seconds / len(fuzzers), seed)
        print(f"{what}: {cases:,} cases in {time.monotonic() - started:.0f} s from seed {seed}, nothing found", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3])))
