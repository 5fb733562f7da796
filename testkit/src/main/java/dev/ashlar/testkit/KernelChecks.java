package dev.ashlar.testkit;

import static dev.ashlar.testkit.Promises.require;

import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.function.Executable;

/** The promises of {@link KernelContract}, for one example. */
record KernelChecks(KernelExample example, ToDoubleFunction<DType> bound) {

  /** What outputs are full of before a run. */
  private static final byte RUBBISH = 0x5b;

  private static final int THREADS = 4;
  private static final int RACES = 50;
  private static final int WARM_UP = 2000;

  /** The kernel over memory of its own. */
  private record Bound(List<NDArray> operands, List<NDArray> outputs, OperationKernel.Executable code, int pieces) {

    /** Allocates nothing itself. */
    void run() {
      for (int piece = 0; piece < pieces; piece++) {
        code.run(piece);
      }
    }

    IntStream forwards() {
      return IntStream.range(0, pieces);
    }

    /** The outputs after a run by some way through the pieces, over rubbish. */
    List<NDArray> after(Runnable way) {
      outputs.forEach(array -> array.data().fill(RUBBISH));
      way.run();
      return copies(outputs);
    }
  }

  private Bound bind(Arena arena, List<NDArray> values) {
    CustomOp operation = example.operation();
    List<NDArray> operands = values.stream().map(v -> NDArray.allocate(v.type(), arena)).toList();
    List<NDArray> outputs =
        operation.outputTypes(example.types()).stream().map(type -> NDArray.allocate(type, arena)).toList();
    fill(operands, values);
    return new Bound(operands, outputs, example.kernel().bind(operation, operands, outputs, arena::allocate), pieces());
  }

  private int pieces() {
    return example.kernel().pieces(example.operation(), example.types());
  }

  /** A check whose failure, where the kernel or the operation throws, says what they were called with. */
  Executable named(Executable check) {
    return () -> {
      try {
        check.execute();
      } catch (RuntimeException | LinkageError e) {
        CustomOp operation = example.operation();
        throw new AssertionError("kernel " + example.kernel().getClass().getName() + " or operation '"
            + operation.name() + "' failed: operands " + example.types() + ", outputs "
            + operation.outputTypes(example.types()) + " as its outputTypes says: " + e, e);
      }
    };
  }

  void enough() {
    List<TensorType> outputs = example.operation().outputTypes(example.types());
    require(outputs.stream().anyMatch(type -> type.shape().size() > 0), "the outputs are " + outputs
        + ", in which there is no number: nothing is tried; give operands from which something is computed");
    List<NDArray> reversed = reversed();
    boolean differs = example.operands().isEmpty();
    for (int i = 0; i < reversed.size(); i++) {
      differs |= reversed.get(i).data().mismatch(example.operands().get(i).data()) >= 0;
    }
    require(differs, "the operands are the same in the opposite order, so that nothing shows whether a kernel"
        + " reads them anew: give different numbers");
  }

  void takes() {
    OperationKernel kernel = example.kernel();
    String name = example.operation().name();
    require(kernel.operation().equals(name),
        "the kernel is for '" + kernel.operation() + "', the operation is '" + name + "': correct one of them");
    require(kernel.takes(example.operation(), example.types()),
        "the kernel does not take operands " + example.types() + ": let takes be true, or change the example");
    int pieces = pieces();
    require(pieces >= 1, "the kernel has " + pieces + " pieces, expected 1 or more");
    require(pieces == pieces(), "the kernel has another number of pieces when it is asked again: let it follow from"
        + " attributes and types alone");
  }

  /** For the operands, other ones, and the first again, over the same memory. */
  void values() {
    try (Arena arena = Arena.ofShared()) {
      Bound kernel = bind(arena, example.operands());
      for (List<NDArray> values : List.of(example.operands(), reversed(), example.operands())) {
        fill(kernel.operands(), values);
        List<NDArray> found = kernel.after(kernel::run);
        same("operand", kernel.operands(), values, "is not as it was: a kernel writes outputs alone");
        List<NDArray> expected = found.stream().map(array -> NDArray.zeros(array.type())).toList();
        example.operation().evaluate(values, expected);
        for (int i = 0; i < found.size(); i++) {
          ExpectedNumbers.assertClose("output " + i + " (written in full at each run?)", found.get(i), expected.get(i),
              bound.applyAsDouble(found.get(i).dtype()));
        }
      }
    }
  }

  void order() {
    try (Arena arena = Arena.ofShared()) {
      Bound kernel = bind(arena, example.operands());
      List<NDArray> expected = kernel.after(kernel::run);
      List<NDArray> found = kernel.after(
          () -> kernel.forwards().map(piece -> kernel.pieces() - 1 - piece).forEach(kernel.code()::run));
      same("output", found, expected, "is another one if pieces run from the last to the first: let none read what"
          + " another writes");
    }
  }

  void together() {
    try (Arena arena = Arena.ofShared(); ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      Bound kernel = bind(arena, example.operands());
      List<NDArray> expected = kernel.after(kernel::run);
      for (int race = 0; race < RACES; race++) {
        List<NDArray> found = kernel.after(() -> shared(kernel, pool));
        same("output", found, expected, "is another one if pieces run at the same time: give each memory of its own");
      }
    }
  }

  private static void shared(Bound kernel, ExecutorService pool) {
    List<Future<?>> pieces = new ArrayList<>();
    kernel.forwards().forEach(piece -> pieces.add(pool.submit(() -> kernel.code().run(piece))));
    try {
      for (Future<?> piece : pieces) {
        piece.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("a piece among " + THREADS + " threads failed: " + e.getCause(), e);
    }
  }

  void apart() {
    try (Arena arena = Arena.ofShared()) {
      Bound one = bind(arena, example.operands());
      Bound other = bind(arena, reversed());
      List<NDArray> expected = one.after(one::run);
      List<NDArray> expectedOther = other.after(other::run);
      List<NDArray> found = one.after(() -> other.after(() -> one.forwards().forEach(piece -> {
        one.code().run(piece);
        other.code().run(piece);
      })));
      String message =
          "is another one if the kernel runs over two memories in turns: keep nothing in the kernel itself";
      same("output", found, expected, message);
      same("output", other.outputs(), expectedOther, message);
    }
  }

  void allocation() {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofShared()) {
      Bound kernel = bind(arena, example.operands());
      for (int i = 0; i < WARM_UP; i++) {
        kernel.run();
      }
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20 && least > 0; i++) {
        long before = bean.getCurrentThreadAllocatedBytes();
        kernel.run();
        least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
      }
      require(least == 0, "every warm run allocates, at least " + least + " bytes: ask for memory in bind");
    }
  }

  /** The same numbers in the opposite order. */
  private List<NDArray> reversed() {
    List<NDArray> reversed = copies(example.operands());
    for (int i = 0; i < reversed.size(); i++) {
      NDArray from = example.operands().get(i);
      for (long at = 0; at < from.size(); at++) {
        reversed.get(i).set(at, from.get(from.size() - 1 - at));
      }
    }
    return reversed;
  }

  private static List<NDArray> copies(List<NDArray> arrays) {
    return arrays.stream().map(NDArray::copy).toList();
  }

  private static void fill(List<NDArray> arrays, List<NDArray> values) {
    for (int i = 0; i < arrays.size(); i++) {
      arrays.get(i).data().copyFrom(values.get(i).data());
    }
  }

  private static void same(String what, List<NDArray> found, List<NDArray> expected, String message) {
    for (int i = 0; i < found.size(); i++) {
      require(found.get(i).data().mismatch(expected.get(i).data()) < 0, what + " " + i + " " + message);
    }
  }
  }
