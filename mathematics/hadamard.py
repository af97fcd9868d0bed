"""Hadamard matrices, for balanced half-samples."""

import numpy as np

from mathematics.arrays import Floats


def hadamard(least: int) -> Floats:
    """A matrix of +1 and -1 of order `least` or more, its columns orthogonal, its first row +1.

    Built by doubling (Sylvester 1867) and from squares in prime fields (Paley 1933); the
    smallest order of these that is at least `least`.
    """
    order = next(order for order in _orders() if order >= least and _is_known(order))
    H = _made(order)
    result: Floats = H * H[0]
    return result


def _orders() -> list[int]:
    # Doubling alone reaches a known order below 2^20: more strata than any survey has.
    return [1, 2, *range(4, 2**20 + 1, 4)]


def _is_known(order: int) -> bool:
    if order <= 2 or _is_first_paley(order) or _is_second_paley(order):
        return True
    return order % 4 == 0 and _is_known(order // 2)


def _is_first_paley(order: int) -> bool:
    return order % 4 == 0 and _is_prime(order - 1)


def _is_second_paley(order: int) -> bool:
    return order % 4 == 0 and (order // 2 - 1) % 4 == 1 and _is_prime(order // 2 - 1)


def _made(order: int) -> Floats:
    if order == 1:
        return np.ones((1, 1))
    if _is_first_paley(order):
        skew = np.zeros((order, order))
        skew[0, 1:], skew[1:, 0] = 1, -1
        skew[1:, 1:] = _residues(order - 1)
        return skew + np.eye(order)
    if _is_second_paley(order):
        half = order // 2
        symmetric = np.zeros((half, half))
        symmetric[0, 1:] = symmetric[1:, 0] = 1
        symmetric[1:, 1:] = _residues(half - 1)
        crossed, own = np.array([[1.0, 1], [1, -1]]), np.array([[1.0, -1], [-1, -1]])
        result: Floats = np.kron(symmetric, crossed) + np.kron(np.eye(half), own)
        return result
    doubled: Floats = np.kron(np.array([[1.0, 1], [1, -1]]), _made(order // 2))
    return doubled


def _residues(prime: int) -> Floats:
    """(q, q) Jacobsthal matrix: 1 where row less column is a square modulo q, -1 where not."""
    character = -np.ones(prime)
    character[np.arange(prime, dtype=np.int64) ** 2 % prime] = 1
    character[0] = 0
    places = np.arange(prime)
    result: Floats = character[(places[:, None] - places) % prime]
    return result


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))
