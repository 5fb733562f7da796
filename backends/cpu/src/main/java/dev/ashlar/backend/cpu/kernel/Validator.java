package dev.ashlar.backend.cpu.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Walks a kernel once and refuses what is not well formed. */
final class Validator {

  private final String kernel;
  private final Set<Memory> memories = new HashSet<>();
  private final Set<Integer> ids = new HashSet<>();
  private final Set<Local> visible = new HashSet<>();
  private boolean inVectorLoop;

  Validator(String kernel, List<Parameter> parameters, List<Memory.Scratch> scratch) {
    this.kernel = kernel;
    for (int i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      require(parameter.position() == i, "parameter " + parameter.name() + " is not at " + i);
      switch (parameter) {
        case Parameter.Buffer buffer -> memories.add(buffer);
        case Parameter.Scalar scalar -> define(scalar.local());
      }
    }
    long bytes = 0;
    for (int i = 0; i < scratch.size(); i++) {
      require(scratch.get(i).number() == i, "scratch " + scratch.get(i) + " is not number " + i);
      memories.add(scratch.get(i));
      bytes += (long) scratch.get(i).size() * scratch.get(i).element().bytes();
    }
    require(memories.stream().map(Memory::name).distinct().count() == memories.size(), "two memories of one name");
    require(bytes <= Memory.Scratch.MAX_BYTES, "scratch of " + bytes + " bytes");
  }

  void check(List<Statement> block) {
    var defined = new ArrayList<Local>();
    for (var statement : block) {
      check(statement, defined);
    }
    defined.forEach(visible::remove);
  }

  private void check(Statement statement, List<Local> defined) {
    switch (statement) {
      case Statement.Let(var local, var value) -> {
        check(value);
        define(local);
        defined.add(local);
      }
      case Statement.Assign(var local, var value) -> {
        check(value);
        use(local);
      }
      case Statement.Store store -> {
        use(store.to());
        use(store.value());
        Expr.memoryOperands(store.offset(), store.access(), store.mask()).forEach(this::use);
      }
      case Statement.StoreIndex(var to, var offset, var value) -> {
        use(to);
        use(offset);
        use(value);
      }
      case Statement.Prefetch(var from, var offset) -> {
        use(from);
        use(offset);
      }
      case Statement.For(var index, var from, var to, var _, var body) -> loop(index, from, to, body);
      case Statement.VectorLoop(var index, var from, var to, var body) -> {
        require(!inVectorLoop, "a vector loop inside another, over " + index);
        inVectorLoop = true;
        loop(index, from, to, body);
        inVectorLoop = false;
      }
      case Statement.If(var _, var a, var b, var then, var otherwise) -> {
        use(a);
        use(b);
        check(then);
        check(otherwise);
      }
    }
  }

  private void loop(Local index, Local from, Local to, List<Statement> body) {
    use(from);
    use(to);
    define(index);
    check(body);
    visible.remove(index);
  }

  private void check(Expr value) {
    value.operands().forEach(this::use);
    switch (value) {
      case Expr.Load load -> use(load.from());
      case Expr.IndexLoad load -> use(load.from());
      default -> {}
    }
  }

  private void define(Local local) {
    require(ids.add(local.id()), local + " is defined twice");
    visible.add(local);
  }

  private void use(Local local) {
    require(visible.contains(local), local + " is not defined here");
  }

  private void use(Memory memory) {
    require(memories.contains(memory), "memory " + memory.name() + " does not belong to the kernel");
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("kernel " + kernel + ": " + message);
    }
  }
}
