"""Writes circuit_numbers.txt: circuits as products of matrices of the whole state, gradients by parameter shift.

python circuit_numbers.py > circuit_numbers.txt
"""
import numpy as np


def on(gate, qubit, qubits):
    """A gate of one qubit as a matrix of the whole state; qubit 0 counts the last bit."""
    whole = np.eye(1)
    for q in reversed(range(qubits)):
        whole = np.kron(whole, gate if q == qubit else np.eye(2))
    return whole


def turn_y(t):
    return np.array([[np.cos(t / 2), -np.sin(t / 2)], [np.sin(t / 2), np.cos(t / 2)]])


def turn_z(t):
    return np.diag([np.exp(-0.5j * t), np.exp(0.5j * t)])


def control(c, t, qubits):
    whole = np.zeros((2**qubits, 2**qubits))
    for k in range(2**qubits):
        whole[k ^ (1 << t) if k >> c & 1 else k, k] = 1
    return whole


def circuit(inputs, angles):
    """inputs [layers, qubits]: one angle for each place where the input is turned in."""
    layers, qubits, _ = angles.shape
    state = np.zeros(2**qubits, complex)
    state[0] = 1
    for layer in range(layers):
        for q in range(qubits):
            state = on(turn_y(inputs[layer, q]), q, qubits) @ state
            state = on(turn_y(angles[layer, q, 0]), q, qubits) @ state
            state = on(turn_z(angles[layer, q, 1]), q, qubits) @ state
        if qubits > 1:
            for q in range(qubits):
                state = control(q, (q + 1) % qubits, qubits) @ state
    z = np.diag([1, -1])
    return np.array([(state.conj() @ on(z, q, qubits) @ state).real for q in range(qubits)])


def shifted(of, array):
    """The parameter-shift rule: exact for turns by an angle."""
    result = np.zeros_like(array)
    for i in np.ndindex(array.shape):
        more, less = array.copy(), array.copy()
        more[i] += np.pi / 2
        less[i] -= np.pi / 2
        result[i] = (of(more) - of(less)) / 2
    return result


def line(key, array):
    print(key, "f64", ",".join(map(str, array.shape)), *(repr(float(v)) for v in array.ravel()))


rng = np.random.default_rng(7)
for name, batch, qubits, layers in [("one_qubit", 2, 1, 2), ("two_qubits", 3, 2, 1), ("four_qubits", 2, 4, 2)]:
    x = rng.uniform(-2, 2, (batch, qubits))
    angles = rng.uniform(-3, 3, (layers, qubits, 2))
    weights = rng.normal(size=(batch, qubits))
    repeated = [np.repeat(row[None], layers, 0) for row in x]
    print("case", name)
    line("x", x)
    line("angles", angles)
    line("weights", weights)
    line("y", np.array([circuit(r, angles) for r in repeated]))
    line("of_x", np.array([shifted(lambda i: w @ circuit(i, angles), r).sum(0) for r, w in zip(repeated, weights)]))
    line("of_angles", shifted(lambda a: sum(w @ circuit(r, a) for r, w in zip(repeated, weights)), angles))
