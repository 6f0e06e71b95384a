"""BSON by hand, also such that no library writes: a key twice, text that is no UTF-8, any depth.

A document is a dict or a list of pairs in Doc; texts are str or bytes, whole numbers int32, or int64 as Long.
"""
import base64
import struct


class Doc(list):
    """Pairs of key and value, in order; a key may stand twice."""


class Long(int):
    """An int64."""


class Raw(bytes):
    """A value as its type's byte and then its bytes."""


def text(value):
    return value if isinstance(value, bytes) else value.encode()


def member(key, value):
    name = text(key) + b'\0'
    if isinstance(value, Raw):
        return value[:1] + name + value[1:]
    if value is None:
        return b'\x0a' + name
    if isinstance(value, bool):
        return b'\x08' + name + (b'\1' if value else b'\0')
    if isinstance(value, Long):
        return b'\x12' + name + struct.pack('<q', value)
    if isinstance(value, int):
        return b'\x10' + name + struct.pack('<i', value)
    if isinstance(value, float):
        return b'\x01' + name + struct.pack('<d', value)
    if isinstance(value, (str, bytes)):
        return b'\x02' + name + struct.pack('<i', len(text(value)) + 1) + text(value) + b'\0'
    if isinstance(value, (dict, Doc)):
        return b'\x03' + name + encode(value)
    return b'\x04' + name + encode(Doc((str(i), v) for i, v in enumerate(value)))


def encode(doc):
    body = b''.join(member(k, v) for k, v in (doc.items() if isinstance(doc, dict) else doc))
    return struct.pack('<i', len(body) + 5) + body + b'\0'


def deep(levels):
    """{d: {d: ... {}}}, so many documents within one another, made from the inside."""
    inner = b'\5\0\0\0\0'
    for _ in range(levels - 1):
        inner = struct.pack('<i', len(inner) + 8) + b'\3d\0' + inner + b'\0'
    return Raw(b'\3' + inner)


def cursor(ns, documents, first=True):
    """The reply of a command that gives a cursor, whole."""
    return {'cursor': {'firstBatch' if first else 'nextBatch': documents, 'id': Long(0), 'ns': ns}, 'ok': 1.0}


def binary(raw):
    """Bytes as a rule of the scripted server takes them."""
    return {'$binary': {'base64': base64.b64encode(raw).decode(), 'subType': '00'}}
