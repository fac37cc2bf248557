"""A secret rotation of templates: distances stay, the numbers become meaningless to whoever lacks the key.

Much weaker than encryption. A rotated template says nothing of a face by itself, and cannot be compared with templates
made elsewhere. But distances between rotated templates are the true ones, and whoever also knows the true templates of
about as many faces as a template is long can solve for the rotation.
"""

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from rtc_server.crypto.seal import derived_key
from rtc_server.storage.face_seal import owner_purpose
from rtc_server.storage.ports import Owner

_PURPOSE = "visavis rotation of templates v1"


def rotation(server_key: bytes, owner: Owner, embedder: str, dimensions: int) -> npt.NDArray[np.float64]:
    """An orthogonal matrix (dimensions, dimensions), uniform among all of them (Haar), always the same for a key.

    QR of a matrix of normal numbers with the signs of R moved to Q (Mezzadri 2007), the numbers from ChaCha20, because
    those of numpy's generators may change with its version.
    """
    key = derived_key(server_key, f"{owner_purpose(_PURPOSE, owner)} {embedder} {dimensions}")
    stream = Cipher(ChaCha20(key, bytes(16)), mode=None).encryptor()
    integers = np.frombuffer(stream.update(bytes(16 * dimensions * dimensions)), "<u8")
    uniform = ((integers >> 11).astype(np.float64) + 0.5) * 2.0**-53
    half = dimensions * dimensions
    normal = np.sqrt(-2 * np.log(uniform[:half])) * np.cos(2 * np.pi * uniform[half:])
    q, r = np.linalg.qr(normal.reshape(dimensions, dimensions))
    matrix: npt.NDArray[np.float64] = q * np.sign(np.diagonal(r))
    return matrix
