"""Whether a documented example has the shape that a room's `payloads` gives it."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict


def differences(value: Any, shape: Any, where: str = "") -> list[str]:
    """What of a value is not as its shape says; fields that the shape does not name are let be."""
    if shape is Any:
        return []
    if is_typeddict(shape):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        hints = get_type_hints(shape)
        known = [name for name in hints if name in value]
        if missing := sorted(shape.__required_keys__ - set(known)):
            return [f"{where} lacks {', '.join(missing)}"]
        return [
            d for name in known for d in differences(value[name], hints[name], f"{where}.{name}")
        ]
    origin, inside = get_origin(shape), get_args(shape)
    if origin is Literal:
        return [] if value in inside else [f"{where} is {value!r}, not one of {inside}"]
    if origin in (Union, UnionType):
        found = [differences(value, one, where) for one in inside]
        return [] if [] in found else found[0]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [d for n, v in enumerate(value) for d in differences(v, inside[0], f"{where}[{n}]")]
    if origin is dict:
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        return [d for n, v in value.items() for d in differences(v, inside[1], f"{where}.{n}")]
    exact = type(value) is (type(None) if shape is None else shape)
    return [] if exact else [f"{where} is {type(value).__name__}, not {shape}"]


def unknown(value: Any, shape: Any) -> set[str]:
    """The keys of a value that its shape does not name, each as "Shape.key"."""
    if is_typeddict(shape) and isinstance(value, dict):
        hints = get_type_hints(shape)
        own = {f"{shape.__name__}.{name}" for name in value if name not in hints}
        return own.union(*(unknown(value[n], hints[n]) for n in value if n in hints))
    origin, inside = get_origin(shape), get_args(shape)
    if origin in (Union, UnionType):
        fitting = [one for one in inside if not differences(value, one)]
        return min((unknown(value, one) for one in fitting or inside), key=len)
    if origin is list and isinstance(value, list):
        return set().union(*(unknown(one, inside[0]) for one in value))
    if origin is dict and isinstance(value, dict):
        return set().union(*(unknown(one, inside[1]) for one in value.values()))
    return set()


def unnamed(examples: list[Any], shape: Any) -> set[str]:
    """The fields of a shape that none of the examples shows."""
    return set(get_type_hints(shape)) - {name for one in examples for name in one}
