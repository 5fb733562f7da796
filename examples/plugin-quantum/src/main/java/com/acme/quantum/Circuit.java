package com.acme.quantum;

import java.util.Arrays;

/**
 * A circuit, run on a vector of amplitudes. In each layer, qubit i is turned about y by input i, about y and z by its
 * two angles, and then controls the next one in a ring. The loss is a weighted sum of what is measured, {@code w_i <Z_i>};
 * for a turn about P by t, dL/dt = Im(&lt;b|P|s&gt;), where s is the state behind the turn, and b is what was measured,
 * brought back to there (Jones and Gacon, 2020).
 */
final class Circuit {

  private final int qubits;
  private final int layers;
  private final double[] re;
  private final double[] im;
  /** What was measured, on its way back. */
  private final double[] braRe;
  private final double[] braIm;

  Circuit(int qubits, int layers) {
    this.qubits = qubits;
    this.layers = layers;
    this.re = new double[1 << qubits];
    this.im = new double[1 << qubits];
    this.braRe = new double[1 << qubits];
    this.braIm = new double[1 << qubits];
  }

  /** Runs it from all qubits 0. */
  void run(double[] inputs, double[] angles) {
    Arrays.fill(re, 0);
    Arrays.fill(im, 0);
    re[0] = 1;
    for (int layer = 0; layer < layers; layer++) {
      for (int q = 0; q < qubits; q++) {
        int at = 2 * (layer * qubits + q);
        turnY(re, im, q, inputs[q]);
        turnY(re, im, q, angles[at]);
        turnZ(re, im, q, angles[at + 1]);
      }
      for (int q = 0; q < qubits && qubits > 1; q++) {
        control(re, im, q, (q + 1) % qubits);
      }
    }
  }

  /** For each qubit how much more probable 0 is than 1. */
  double[] measured() {
    double[] values = new double[qubits];
    for (int k = 0; k < re.length; k++) {
      double probability = re[k] * re[k] + im[k] * im[k];
      for (int q = 0; q < qubits; q++) {
        values[q] += (k >> q & 1) == 0 ? probability : -probability;
      }
    }
    return values;
  }

  /** Takes a run back, and adds to the gradients on the way. */
  void back(double[] inputs, double[] angles, double[] weights, double[] ofInputs, double[] ofAngles) {
    for (int k = 0; k < re.length; k++) {
      double factor = 0;
      for (int q = 0; q < qubits; q++) {
        factor += (k >> q & 1) == 0 ? weights[q] : -weights[q];
      }
      braRe[k] = factor * re[k];
      braIm[k] = factor * im[k];
    }
    for (int layer = layers - 1; layer >= 0; layer--) {
      for (int q = qubits - 1; q >= 0 && qubits > 1; q--) {
        control(re, im, q, (q + 1) % qubits);
        control(braRe, braIm, q, (q + 1) % qubits);
      }
      for (int q = qubits - 1; q >= 0; q--) {
        int at = 2 * (layer * qubits + q);
        ofAngles[at + 1] += aboutZ(q);
        turnZ(re, im, q, -angles[at + 1]);
        turnZ(braRe, braIm, q, -angles[at + 1]);
        double aboutY = aboutY(q); // turns about one axis commute: both have the same
        ofAngles[at] += aboutY;
        ofInputs[q] += aboutY;
        turnY(re, im, q, -angles[at] - inputs[q]);
        turnY(braRe, braIm, q, -angles[at] - inputs[q]);
      }
    }
  }

  /** Im(&lt;bra|Y|state&gt;). */
  private double aboutY(int q) {
    double sum = 0;
    for (int zero = 0; zero < re.length; zero++) {
      int one = zero | 1 << q;
      if (one != zero) {
        sum += braRe[one] * re[zero] + braIm[one] * im[zero] - braRe[zero] * re[one] - braIm[zero] * im[one];
      }
    }
    return sum;
  }

  /** Im(&lt;bra|Z|state&gt;). */
  private double aboutZ(int q) {
    double sum = 0;
    for (int k = 0; k < re.length; k++) {
      double part = braRe[k] * im[k] - braIm[k] * re[k];
      sum += (k >> q & 1) == 0 ? part : -part;
    }
    return sum;
  }

  private static void turnY(double[] re, double[] im, int q, double angle) {
    double cos = StrictMath.cos(angle / 2);
    double sin = StrictMath.sin(angle / 2);
    for (int zero = 0; zero < re.length; zero++) {
      int one = zero | 1 << q;
      if (one != zero) {
        double re0 = re[zero];
        double im0 = im[zero];
        re[zero] = cos * re0 - sin * re[one];
        im[zero] = cos * im0 - sin * im[one];
        re[one] = sin * re0 + cos * re[one];
        im[one] = sin * im0 + cos * im[one];
      }
    }
  }

  private static void turnZ(double[] re, double[] im, int q, double angle) {
    double cos = StrictMath.cos(angle / 2);
    double sin = StrictMath.sin(angle / 2);
    for (int k = 0; k < re.length; k++) {
      double direction = (k >> q & 1) == 0 ? -sin : sin;
      double re0 = re[k];
      re[k] = cos * re0 - direction * im[k];
      im[k] = cos * im[k] + direction * re0;
    }
  }

  /** Swaps what the target is where the control is 1. */
  private static void control(double[] re, double[] im, int control, int target) {
    for (int k = 0; k < re.length; k++) {
      if ((k >> control & 1) == 1 && (k >> target & 1) == 0) {
        int other = k | 1 << target;
        double re0 = re[k];
        double im0 = im[k];
        re[k] = re[other];
        im[k] = im[other];
        re[other] = re0;
        im[other] = im0;
      }
    }
  }
}
