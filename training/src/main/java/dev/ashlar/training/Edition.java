package dev.ashlar.training;

import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Backend;
import dev.ashlar.program.VariableStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that a model predicts with: its weights, and what was learnt beside them, such as the means of a transform. While
 * another takes its place, whoever is at work goes on with this one, and the last one frees it.
 */
final class Edition {

  private final Architecture architecture;
  private final Precision precision;
  /** Parameters that are read out of a stranger's tensors; none of a model of ours. */
  private final Optional<ForeignWeights> foreign;
  /** What its file says beside. */
  private final Map<String, String> notes;
  private final Signature signature;
  private final VariableStore store;
  private final Backend backend;
  private final Runnable release;
  private final Decoders decoders;
  private final Predictors predictors;
  private final Asking asking;
  /** Those at work, and the model itself while this is its edition. */
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicBoolean freed = new AtomicBoolean();

  /**
   * @param store with the weights; freed with this
   * @param release frees what the weights lie in, if that is not the store
   */
  Edition(Architecture architecture, Precision precision, Optional<ForeignWeights> foreign, Map<String, String> notes,
      Signature signature, VariableStore store, Backend backend, Runnable release) {
    this.architecture = architecture;
    this.precision = precision;
    this.foreign = foreign;
    this.notes = notes;
    this.signature = signature;
    this.store = store;
    this.backend = backend;
    this.release = release;
    this.decoders = new Decoders(this);
    this.predictors = new Predictors(this);
    this.asking = new Asking(signature);
  }

  Architecture architecture() {
    return architecture;
  }

  Precision precision() {
    return precision;
  }

  Optional<ForeignWeights> foreign() {
    return foreign;
  }

  Map<String, String> notes() {
    return notes;
  }

  Signature signature() {
    return signature;
  }

  VariableStore store() {
    return store;
  }

  Backend backend() {
    return backend;
  }

  Decoders decoders() {
    return decoders;
  }

  Predictors predictors() {
    return predictors;
  }

  Asking asking() {
    return asking;
  }

  /** A trace for predicting: parameters are read where the store has them. */
  Trace inference() {
    return withWeights(Trace.inference(precision));
  }

  /** A trace for decoding. */
  Trace decoding(int capacity) {
    return withWeights(Trace.decoding(precision, capacity));
  }

  private Trace withWeights(Trace trace) {
    return foreign.map(weights -> trace.withStored(weights.stored())).orElse(trace);
  }

  /** Whether programs of the other do the same over the weights of this one. */
  boolean computesAs(Edition other) {
    return architecture.equals(other.architecture) && precision.equals(other.precision)
        && foreign.isEmpty() && other.foreign.isEmpty();
  }

  ModelWriter writer() {
    return new ModelWriter(architecture, precision, foreign, notes, signature,
        foreign.isPresent() ? predictors.inputs(1) : signature.inputTypes(), store);
  }

  /** Keeps it from being freed, until {@link #leave}; false if it is freed already. */
  boolean enter() {
    int now;
    do {
      now = holders.get();
      if (now == 0) {
        return false;
      }
    } while (!holders.compareAndSet(now, now + 1));
    return true;
  }

  /** The work is done; the last one frees it. */
  void leave() {
    if (holders.decrementAndGet() == 0) {
      free();
    }
  }

  boolean isFreed() {
    return freed.get();
  }

  /** Frees all of it, whoever holds it. Nobody is at work; doing it again does nothing. */
  void free() {
    if (freed.compareAndSet(false, true)) {
      decoders.close();
      predictors.close();
      store.close();
      release.run();
    }
  }
}
