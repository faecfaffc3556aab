"""Start-up: wall time of ``counterpoise --help`` and ``import counterpoise``, each in a fresh interpreter.

The contract tests look at which modules are loaded; this says what that is worth on a given machine. The
promise is under 400 ms for the help and under 200 ms for the import, the interpreter's own start included.
"""

import statistics
import subprocess
import sys
import time

REPEATS = 15
RUNS = {
    "python alone": ("-c", "pass"),
    "import counterpoise": ("-c", "import counterpoise"),
    "counterpoise --help": ("-c", "from counterpoise.cli import main; main(['--help'])"),
}


def measure(arguments: tuple[str, ...]) -> list[float]:
    """Return the milliseconds of each run."""
    durations = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        durations.append(1000 * (time.perf_counter() - start))
    return durations


def main() -> None:
    """Print one row for each run."""
    print(f"{'what':<22}{'median ms':>12}{'worst ms':>12}")
    for what, arguments in RUNS.items():
        durations = measure(arguments)
        print(f"{what:<22}{statistics.median(durations):>12.0f}{max(durations):>12.0f}")


if __name__ == "__main__":
    main()
