"""What pieces of a line are worth, to the fen; pure."""


def units_fen(net_fen: int, quantity: int, *, before: int, units: int, left_fen: int) -> int:
    """Return the fen of `units` of a line after `before` units of it went back.

    The parts of a line that goes back piece by piece sum to its net exactly; never more than `left_fen` is left.
    """
    return min(left_fen, net_fen * (before + units) // quantity - net_fen * before // quantity)
