"""The mathematics that both halves of Milieu use. Pure: it has heard of neither half.

Room for what must not be written twice: calibration of weights to totals, replicate weights,
and the refusal that says why something cannot be computed.
"""
