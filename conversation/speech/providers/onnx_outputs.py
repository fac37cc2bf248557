"""Reading an inner tensor of an ONNX model as one more output, without the ``onnx`` package.

A serialized protocol buffer may hold a sub-message in several pieces: parsers merge them, and repeated fields are
appended ("Last One Wins", protobuf.dev/programming-guides/encoding). So a model followed by a second ``graph`` that
holds nothing but one ``output`` is the same model with that output added. Field numbers are those of ``onnx.proto3``.
"""

_MODEL_GRAPH = 7
_GRAPH_OUTPUT = 12
_VALUE_NAME = 1
_VALUE_TYPE = 2
_TYPE_TENSOR = 1
_TENSOR_ELEMENT = 1
_FLOAT = 1

_WIRE_VARINT = 0
_WIRE_LENGTH = 2


def with_float_output(model: bytes, tensor: str) -> bytes:
    """Return the serialized ``model`` with the inner float tensor named ``tensor`` as its last output."""
    element = _varint(_TENSOR_ELEMENT << 3 | _WIRE_VARINT) + _varint(_FLOAT)
    value_info = _message(_VALUE_NAME, tensor.encode()) + _message(_VALUE_TYPE, _message(_TYPE_TENSOR, element))
    return model + _message(_MODEL_GRAPH, _message(_GRAPH_OUTPUT, value_info))


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _WIRE_LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
