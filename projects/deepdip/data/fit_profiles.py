#!/usr/bin/env python3
# projects/deepdip/data/fit_profiles.py -- galaxy profiles and the PSF as sums of Gaussians, for the simulator.
# SPDX-License-Identifier: BSD-3-Clause
"""usage: fit_profiles.py [../plugin/simulator/profiles.inc]

A sum of Gaussians convolved with a sum of Gaussians is one again, so that a galaxy behind a PSF needs no FFT (Hogg &
Lang 2013, PASP 125, 719). Sersic profiles have half-light radius 1 and end at 8 of them; the Moffat profile has FWHM 1
and ends at 6. Least squares of r^1.5 (profile - sum) at 400 radii, equally spaced in ln r. Prints the largest errors.
"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent


def sersic(n, b):
    return lambda r: np.exp(-b * (r ** (1 / n) - 1))


def moffat(r, beta=3.0):
    return (1 + (2 * r) ** 2 * (2 ** (1 / beta) - 1)) ** -beta


def fit(profile, first, last, n_gaussians):
    """Fractions of the light and variances, by Levenberg-Marquardt in their logarithms."""
    r = np.geomspace(first, last, 400)
    weight = r ** 1.5
    values = profile(r)
    values = values / np.trapz(2 * np.pi * r * values, r)

    def model(p):
        light, variance = np.exp(p[:n_gaussians]), np.exp(p[n_gaussians:])
        return (light / (2 * np.pi * variance) * np.exp(-0.5 * r[:, None] ** 2 / variance)).sum(axis=1)

    def residual(p):
        return weight * (model(p) - values)

    start = np.log(np.geomspace(first * 3, last / 3, n_gaussians) ** 2)
    p = np.concatenate([np.full(n_gaussians, -np.log(n_gaussians)), start])
    damping, now = 1e-2, residual(p)
    for _ in range(2000):
        jacobian = np.column_stack([(residual(p + 1e-6 * e) - now) / 1e-6 for e in np.eye(len(p))])
        normal = jacobian.T @ jacobian
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-12), -jacobian.T @ now)
        tried = residual(p + step)
        if tried @ tried < now @ now:
            p, now, damping = p + step, tried, damping / 3
        else:
            damping = min(damping * 4, 1e12)
    light, variance = np.exp(p[:n_gaussians]), np.exp(p[n_gaussians:])
    order = np.argsort(variance)
    light, variance = light[order] / light.sum(), variance[order]
    grown = (light * (1 - np.exp(-0.5 * r[:, None] ** 2 / variance))).sum(axis=1)
    true = np.concatenate([[0], np.cumsum(0.5 * np.diff(r) * 2 * np.pi * (r[1:] * values[1:] + r[:-1] * values[:-1]))])
    return light, variance, np.abs(grown - true).max()


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../plugin/simulator/profiles.inc"
    profiles = {"kExponential": (sersic(1, 1.67834699), 0.01, 8.0, 5),
                "kDeVaucouleurs": (sersic(4, 7.66924944), 0.005, 8.0, 7),
                "kMoffat": (moffat, 0.01, 6.0, 4)}
    text = ("// projects/deepdip/plugin/simulator/profiles.inc -- written by projects/deepdip/data/fit_profiles.py.\n"
            "// SPDX-License-Identifier: BSD-3-Clause\n")
    for name, arguments in profiles.items():
        light, variance, error = fit(*arguments)
        terms = ",\n".join(f"    {{{a:.6f}, {v:.6e}}}" for a, v in zip(light, variance))
        text += f"inline constexpr RoundGaussian {name}[] = {{\n{terms},\n}};\n"
        print(f"{name}: {len(light)} Gaussians, light within any radius right to {error:.4f} of the whole")
    output.write_text(text)


if __name__ == "__main__":
    main()
