package dev.ashlar.program;

import java.util.List;

/** Compiles computations for a kind of hardware, and holds variables there. Thread-safe. */
public interface Backend extends AutoCloseable {

  /** Short name: {@code cpu}, {@code reference}. */
  String name();

  /** One line on what will run and why: vector width, threads, what was refused. */
  String describe();

  /**
   * What the computation needs and this backend lacks, one sentence each, naming operation, types
   * and origin; empty if it can be compiled.
   */
  List<String> missing(Computation computation);

  /**
   * Compiles.
   *
   * @throws UnsupportedOperationException if something is {@linkplain #missing missing}: names all of it
   */
  Program compile(Computation computation);

  /** An empty store for variables. */
  VariableStore newStore();

  /** Waits for running programs, then frees threads and memory. */
  @Override
  void close();
}
