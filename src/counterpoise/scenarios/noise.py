"""Random numbers by counter: the number of a scenario, week and slot is a hash of these and the seed.

Nothing is carried from one number to the next, so bytes cannot depend on the order of work, and every policy
meets the same chance (common random numbers). The hash is the two-round multiply-xorshift mix "lowbias32" of
C. Wellons (2018), keyed twice.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["NORMAL_SCALE", "NORMAL_SHIFT", "N_NORMALS", "keys_of", "noise_of"]

Float = npt.NDArray[np.float32]
Word = npt.NDArray[np.uint32]

N_NORMALS = 4
SLOTS = 2 * N_NORMALS + 1
"""Numbers a week: two words for each bell-shaped one, and one word for roundings."""
NORMAL_SHIFT = np.float32(2.0 - 2.0**-15)
NORMAL_SCALE = np.float32(3.0**0.5)


def mix(word: Word) -> Word:
    """Return the words hashed once; a bijection of 32 bits."""
    word = (word ^ (word >> np.uint32(16))) * np.uint32(0x7FEB352D)
    word = (word ^ (word >> np.uint32(15))) * np.uint32(0x846CA68B)
    return word ^ (word >> np.uint32(16))


def keys_of(seed: int, first: int, n: int) -> tuple[Word, Word]:
    """Return two keys for each of ``n`` scenarios from number ``first`` on."""
    low, high = np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)
    number = np.arange(first, first + n, dtype=np.uint32)
    key = mix(number ^ mix(np.full(n, low, np.uint32)))
    return key, mix(key ^ mix(np.full(n, high ^ np.uint32(0x9E3779B9), np.uint32)))


def noise_of(seed: int, first: int, n: int, n_weeks: int) -> tuple[Float, Float]:
    """Return what chance does to scenarios ``first`` to ``first + n - 1``.

    Returns
    -------
    normals
        Shape ``(n_weeks, N_NORMALS, n)``: sums of four uniform numbers, mean 0, variance 1, within 3.47 (bell-shaped
        and bounded, so that no week is absurd).
    uniforms
        Shape ``(n_weeks, n)``, from 0 inclusive to 1 exclusive: what fractions of people are rounded by.
    """
    key, second = keys_of(seed, first, n)
    counter = np.arange(n_weeks * SLOTS, dtype=np.uint32)[:, None] * np.uint32(0x9E3779B9)
    words = mix(mix(counter + key) ^ second).reshape(n_weeks, SLOTS, n)
    halves = (words & np.uint32(0xFFFF)) + (words >> np.uint32(16))
    pairs = halves[:, : 2 * N_NORMALS].reshape(n_weeks, N_NORMALS, 2, n).sum(axis=2, dtype=np.uint32)
    normals = (pairs.astype(np.float32) * np.float32(2.0**-16) - NORMAL_SHIFT) * NORMAL_SCALE
    uniforms = (words[:, SLOTS - 1] >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)
    return normals, uniforms
