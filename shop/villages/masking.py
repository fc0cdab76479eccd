"""Writes a household's name so that neighbours recognise it and strangers do not."""


def masked_name(name: str) -> str:
    """Hide the middle of a name: ``赵德林`` becomes ``赵*林``, ``孙芝`` becomes ``孙*``."""
    if len(name) <= 2:
        return f'{name[:1]}*'
    return f'{name[0]}{"*" * (len(name) - 2)}{name[-1]}'
