package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The programs that improve a model, compiled.
 *
 * @param batch what is run for each batch: the whole update, or what the batch adds to it
 * @param apply what then makes the update, if it is made of several batches
 */
record UpdatePrograms(Compiled batch, Optional<Compiled> apply) {

  /** What is computed, and its program. */
  record Compiled(Computation computation, Program program) {}

  /** The same, still uncompiled. */
  record Plan(Computation batch, Optional<Computation> apply) {

    static Plan of(Updates updates, Dataset data, int batch) {
      if (!updates.accumulates()) {
        return new Plan(updates.step(data.columns(), batch), Optional.empty());
      }
      Computation apply = updates.apply(data.columns(), batch);
      return new Plan(updates.accumulate(data.columns(), batch, apply), Optional.of(apply));
    }

    /** What they read and update, each once. */
    List<Variable> variables() {
      return Programs.union(batch, apply.orElse(batch));
    }

    /** Compiles on another thread. */
    CompletableFuture<UpdatePrograms> compiling(Backend backend) {
      return CompletableFuture.supplyAsync(
          () -> new UpdatePrograms(compiled(batch, backend), apply.map(last -> compiled(last, backend))),
          work -> Thread.ofPlatform().daemon().name("ashlar-compile").start(work));
    }

    private static Compiled compiled(Computation computation, Backend backend) {
      return new Compiled(computation, backend.compile(computation));
    }
  }

  /** What was compiled, or what went wrong with it. */
  static UpdatePrograms of(CompletableFuture<UpdatePrograms> compiled) {
    try {
      return compiled.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw e;
      }
    }
  }

  List<Variable> variables() {
    return Programs.union(batch.computation, apply.map(Compiled::computation).orElse(batch.computation));
  }
}
