"""Change documents byte by byte and give them to every reader: it reads them or refuses them with an error of ours.

    python tools/fuzz.py [--seconds 10] [--seed 1] [--only NAME]

Each reader runs in a process of its own. A fault is an exception that is not ours, an input that takes over two
seconds of the processor, or a process that ends or needs over 1 GB; its input is kept in ``fuzz-NAME.bin``. Ends with 1
if there is one. Writes ``benchmarks/skill/fuzz.csv`` if all readers were tried.
"""

import argparse
import importlib
import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SLOWEST_SECONDS = 2.0
MOST_MIB = 1000
TOKENS = (
    *(
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b"\0",
        b"{",
        b"}",
        b"[",
        b"]",
        b"<",
        b">",
        b"&",
        b":",
        b"-",
        b"+",
    ),
    *(
        b"<!ENTITY x SYSTEM 'file:///x'>",
        b"]]>",
        b"&x;",
        b"<div>",
        b"99999999999999999999",
        b"-1",
        b"1e309",
        b"NaN",
    ),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3\x28",
        b"\xf0\x9f\x92\xa9",
        b"2021-02-30",
        b"9999-12-31",
        b"0000-00-00",
    ),
    *(
        b"!!python/object:x",
        b"*a",
        b"&a [*a, *a]",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"PAR1",
        b"null",
        b"true",
        b"1_0",
        b"\xa0",
    ),
)


class _SlowError(Exception):
    """An input took too long."""


def _parsers() -> Mapping[str, Any]:
    """Return all readers, which the tests list."""
    found: Mapping[str, Any] = importlib.import_module("tests.sources.parsers").parsers()
    return found


def change(content: bytes, rng: random.Random) -> bytes:
    """Return a document with one to eight small changes, each of a random kind."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(data) + 1)
        to = min(len(data), at + rng.choice((1, 2, 4, 16, 64, 400)))
        match rng.randrange(8):
            case 0 if data:
                data[at % len(data)] ^= 1 << rng.randrange(8)
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = rng.choice(TOKENS)
            case 3:
                data[at:to] = rng.choice(TOKENS)
            case 4:
                data[at:at] = data[at:to] * rng.choice((1, 2, 50))
            case 5:
                data[at:at] = rng.randbytes(rng.choice((1, 4, 16)))
            case 6:
                start = rng.randrange(len(data) + 1)
                data[at:to] = data[start : start + (to - at)]
            case _:
                del data[at if rng.random() < 0.2 else len(data) :]
    return bytes(data)


def run(name: str, seconds: float, seed: int) -> dict[str, object]:
    """Try one reader; return what was tried and the first fault."""
    from counterpoise.errors import CounterpoiseError

    parser = _parsers()[name]
    parser.read(parser.seed)

    def stop(*_: object) -> None:
        raise _SlowError

    kept = Path(f"fuzz-{name.replace(' ', '-').replace(',', '')}.bin")
    signal.signal(signal.SIGALRM, stop)
    rng = random.Random(seed)
    n = n_read = 0
    slowest = 0.0
    fault = ""
    content = parser.seed
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not fault:
        content = change(parser.seed, rng)
        kept.write_bytes(content)  # before it is read: a library may end the process
        began = time.process_time()  # of this process alone, whatever else the machine does
        signal.setitimer(signal.ITIMER_REAL, 5 * SLOWEST_SECONDS)
        try:
            parser.read(content)
            n_read += 1
        except CounterpoiseError:
            pass
        except BaseException as error:  # a panic of a library is none of Exception
            fault = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        n += 1
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SLOWEST_SECONDS and not fault:
            fault = f"an input took {took:.1f} seconds"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if peak > MOST_MIB and not fault:
        fault = f"{peak:.0f} MiB"
    if not fault:
        kept.unlink()
    return {
        "reader": name,
        "inputs": n,
        "read": n_read,
        "refused": n - n_read - bool(fault),
        "slowest_seconds": round(slowest, 2),
        "peak_mib": round(peak),
        "fault": fault,
    }


def main() -> None:
    """Try all readers, one after another, and write the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", metavar="NAME")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.one:
        print(json.dumps(run(options.one, options.seconds, options.seed)))
        return
    import polars as pl

    rows = []
    for name in [options.only] if options.only else _parsers():
        command = [
            sys.executable,
            __file__,
            "--one",
            name,
            "--seconds",
            str(options.seconds),
            "--seed",
            str(options.seed),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        said = ended.stdout.strip().splitlines()
        rows.append(
            json.loads(said[-1]) if ended.returncode == 0 else {"reader": name, "fault": ended.stderr[-300:]}
        )
        print(rows[-1], flush=True)
    if not options.only:
        pl.DataFrame(rows, infer_schema_length=None).write_csv(ROOT / "benchmarks/skill/fuzz.csv")
    sys.exit(any(row["fault"] for row in rows))


if __name__ == "__main__":
    main()
