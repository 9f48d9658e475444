"""A model with one factor, fitted to a correlation matrix by maximum likelihood.

    correlation = l l' + diag(p)

with loadings l and unique variances p. For given p the best loadings come from the largest eigenvalue of
diag(p)^(-1/2) correlation diag(p)^(-1/2), so only p is searched.

Source: Jöreskog 1967; Lawley and Maxwell 1971.
"""

import numpy as np
import numpy.typing as npt
from scipy import optimize

LEAST_UNIQUE = 0.005
PRECISE = 1e-12
Numbers = npt.NDArray[np.float64]


def one_factor(correlation: Numbers) -> tuple[Numbers, Numbers]:
    """Return the loadings and the unique variances of a correlation matrix under one factor.

    They maximise the likelihood, with unique variances of at least 0.005 so that no item is explained whole.
    The sum of the loadings is positive.
    """
    # Half of the squared multiple correlation is where factor programs start; a ridge lets copies invert.
    inverse = np.linalg.inv(correlation + LEAST_UNIQUE * np.eye(len(correlation)))
    start = np.clip(0.5 / inverse.diagonal(), LEAST_UNIQUE, 1)
    fitted = optimize.minimize(
        _misfit,
        start,
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUE, 1.0)] * len(correlation),
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000},
    )
    loadings = _loadings(fitted.x, correlation)
    return loadings, np.asarray(fitted.x)


def _loadings(unique: Numbers, correlation: Numbers) -> Numbers:
    """Return the best loadings for given unique variances."""
    roots = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(roots, roots))
    loadings: Numbers = roots * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0))
    return loadings if loadings.sum() >= 0 else -loadings


def _misfit(unique: Numbers, correlation: Numbers) -> tuple[float, Numbers]:
    """Return the discrepancy of maximum likelihood, the loadings being the best ones, and its slopes."""
    roots = np.sqrt(unique)
    others = np.linalg.eigvalsh(correlation / np.outer(roots, roots))[:-1]
    loadings = _loadings(unique, correlation)
    slopes = (np.outer(loadings, loadings) + np.diag(unique) - correlation).diagonal() / unique**2
    return float(np.sum(others - np.log(np.maximum(others, PRECISE)) - 1)), slopes
