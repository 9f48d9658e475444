"""Screening of a thousand units of 300 forms each on two processes, a twentieth of which copies forms."""

import resource
import time

UNITS, FORMS, WORKERS = 1000, 300, 2
FAKE_UNITS, SHARE = 50, 0.2


def measure() -> dict[str, object]:
    """Return seconds from answers to signals; all is invented, and half of the units have a profile."""
    import numpy as np

    from tera.engine.catalogue import get_instrument
    from tera.statistics.screening.sample import Sample
    from tera.statistics.screening.screen import Status, screen_all
    from tera.statistics.simulation.fabricators import HONEST, invent
    from tera.statistics.simulation.honest import Honest

    instrument = get_instrument("skm-9")
    generator = np.random.default_rng(1)
    units = []
    for number in range(UNITS):
        profile = tuple(generator.normal(0, 0.3, len(instrument.codes))) if number % 2 else ()
        honest = Honest(instrument, generator.uniform(2.8, 3.9), generator.uniform(0.45, 0.75), profile)
        share = SHARE if number < FAKE_UNITS else 0.0
        forms, _ = invent(honest, FORMS, share, "copy", generator)
        units.append(("copy" if share else HONEST, [form.tobytes() for form in forms]))

    started = time.perf_counter()
    samples = [Sample.of_rows(name, instrument, rows) for name, rows in units]
    summed = time.perf_counter()
    screenings = screen_all(samples, seed=1, workers=WORKERS)
    screened = time.perf_counter()
    review = [screening.name for screening in screenings if screening.status == Status.REVIEW]
    busy = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "units": UNITS,
        "forms": UNITS * FORMS,
        "processes": WORKERS,
        "summed_s": round(summed - started, 2),
        "screened_s": round(screened - summed, 2),
        "cpu_s": round(busy.ru_utime + busy.ru_stime, 2),
        "need_review": len(review),
        "of_them_honest": review.count(HONEST),
    }
