"""`tera index` on a million rows: seconds and peak memory, in a process of its own."""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
HEADER = "u1,u2,u3,u4,u5,u6,u7,u8,u9"


def measure() -> dict[str, float]:
    """Return seconds and megabytes for complete answers and for answers with one blank in twenty."""
    figures = {}
    for story, pool in (("complete", "1234"), ("with blanks", ["", *("1234" * 5)])):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "answers.csv"
            chance = random.Random(1)
            lines = (",".join(chance.choices(pool, k=8)) + ",4\n" for _ in range(ROWS))
            file.write_text(f"{HEADER}\n" + "".join(lines), encoding="ascii")
            started = time.perf_counter()
            command = [sys.executable, "-m", "tera", "index", str(file), "--json"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            figures[f"seconds, {ROWS} rows, {story}"] = round(time.perf_counter() - started, 2)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {**figures, "peak MB": round(peak)}
