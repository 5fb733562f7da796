package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.machine.Lir.General;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.x86.Condition;
import java.util.List;
import java.util.Set;

/** From a kernel to instructions over virtual registers. */
final class Lowering {

  private final Code code;
  private final Uses uses;
  private final Indices indices;
  private final Vectors vectors;
  private Set<Local> insideVectorLoop = Set.of();

  private Lowering(Kernel kernel, Target target) {
    code = new Code(target);
    uses = new Uses(kernel.body());
    indices = new Indices(code);
    vectors = new Vectors(code, indices, uses);
  }

  static Code lower(Kernel kernel, Target target) {
    var lowering = new Lowering(kernel, target);
    for (var parameter : kernel.parameters()) {
      if (parameter instanceof Parameter.Scalar scalar) {
        lowering.parameter(scalar);
      }
    }
    lowering.block(kernel.body());
    return lowering.code;
  }

  private void parameter(Parameter.Scalar scalar) {
    if (scalar.local().type() == Type.INDEX) {
      indices.define(scalar.local(),
          code.fromStart(Lir.Bank.GENERAL, Lir.Place.argument(scalar.position())));
    } else {
      vectors.parameter(scalar.local(), scalar.position());
    }
  }

  private void block(List<Statement> statements) {
    for (var statement : statements) {
      uses.at(statement);
      lower(statement);
    }
  }

  private void lower(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var value) -> let(local, value);
      case Statement.Assign(var local, var value) -> assign(local, value);
      case Statement.Store store -> {
        vectors.flush();
        vectors.transfers().store(store);
      }
      case Statement.StoreIndex store -> {
        vectors.flush();
        indices.store(store);
      }
      case Statement.Prefetch(var from, var offset) ->
          code.general(General.PREFETCH, indices.address(from, offset));
      case Statement.For loop -> loop(loop);
      case Statement.VectorLoop loop -> vectorLoop(loop);
      case Statement.If branch -> branch(branch);
    }
  }

  private void let(Local local, Expr value) {
    if (local.type() == Type.INDEX) {
      indices.note(local, value);
      indices.define(local, index(value, local.mutable()));
    } else if (local.mutable()) {
      vectors.define(local, vectors.variable(local, value));
      vectors.used(value.operands());
    } else if (!(value instanceof Expr.Load load && vectors.holdBack(local, load))) {
      vectors.define(local, vectors.lower(local, value, null));
      vectors.used(value.operands());
    }
  }

  private Reg index(Expr value, boolean own) {
    return switch (value) {
      case Expr.IndexConstant(var constant) -> code.generalOf(General.MOV, Code.number(constant));
      case Expr.IndexBinary binary -> indices.lower(binary);
      case Expr.IndexLoad(var from, var offset) -> indices.load(from, offset);
      case Expr.Copy(var a) -> own || a.mutable() ? code.copyOf(indices.get(a)) : indices.get(a);
      default -> throw new IllegalArgumentException("not an index: " + value);
    };
  }

  private void assign(Local local, Expr value) {
    if (local.type() == Type.INDEX) {
      vectors.flush(); // a load held back may use the old value
      code.copy(indices.get(local), index(value, false));
      return;
    }
    boolean merge = vectors.transfers().inTail() && !insideVectorLoop.contains(local);
    vectors.assign(local, value, merge);
    vectors.used(value.operands());
  }

  private void loop(Statement.For loop) {
    vectors.flush();
    var counter = counter(loop.index(), loop.from());
    var to = bound(loop.to());
    indices.openLoop(loop.index(), loop.from(), loop.step(), loop.body(), Statement.definedIn(loop.body()));
    int end = code.label();
    code.general(General.CMP, counter, to);
    code.jump(Condition.GREATER_EQUAL, end);
    repeat(loop.body(), counter, loop.step(), to);
    code.bind(end);
    indices.close();
  }

  /** The body, at least once, and the step back. */
  private void repeat(List<Statement> body, Reg counter, long step, Lir.Arg limit) {
    int head = code.label();
    code.add(new Lir.LoopStart());
    code.add(new Lir.Bind(head, true));
    scoped(body);
    indices.advance();
    code.general(General.ADD, counter, Code.number(step));
    code.general(General.CMP, counter, limit);
    code.jump(Condition.LESS, head);
    code.add(new Lir.LoopEnd());
  }

  private Reg counter(Local index, Local from) {
    var start = indices.poly(from);
    var counter = start.isConstant()
        ? code.generalOf(General.MOV, Code.number(start.constant())) : code.copyOf(indices.get(from));
    indices.define(index, counter);
    return counter;
  }

  private Lir.Arg bound(Local to) {
    return to.mutable() ? code.copyOf(indices.get(to)) : indices.small(to);
  }

  private void vectorLoop(Statement.VectorLoop loop) {
    vectors.flush();
    insideVectorLoop = Statement.definedIn(loop.body());
    var counter = counter(loop.index(), loop.from());
    var to = bound(loop.to());
    indices.openLoop(loop.index(), loop.from(), Type.LANES, loop.body(), insideVectorLoop);
    int tail = code.label();
    int end = code.label();
    var last = code.generalOf(General.MOV, Code.number(1 - Type.LANES));
    code.general(General.ADD, last, to);
    code.general(General.CMP, counter, last);
    code.jump(Condition.GREATER_EQUAL, tail);
    repeat(loop.body(), counter, Type.LANES, last);
    code.bind(tail);
    var left = code.generalOf(General.MOV, Code.number(0));
    code.general(General.ADD, left, to);
    code.general(General.SUB, left, counter);
    code.general(General.CMP, left, Code.number(0));
    code.jump(Condition.LESS_EQUAL, end);
    vectors.transfers().tail(vectors.transfers().firstFew(left));
    scoped(loop.body());
    vectors.transfers().tail(null);
    code.bind(end);
    indices.close();
    insideVectorLoop = Set.of();
  }

  private void branch(Statement.If branch) {
    vectors.flush();
    code.general(General.CMP, indices.get(branch.a()), indices.small(branch.b()));
    int otherwise = code.label();
    int end = code.label();
    code.jump(switch (branch.op()) {
      case EQ -> Condition.NOT_EQUAL;
      case NE -> Condition.EQUAL;
      case LT -> Condition.GREATER_EQUAL;
      case LE -> Condition.GREATER;
      case GT -> Condition.LESS_EQUAL;
      case GE -> Condition.LESS;
    }, otherwise);
    scoped(branch.then());
    if (!branch.otherwise().isEmpty()) {
      code.jump(null, end);
    }
    code.bind(otherwise);
    if (!branch.otherwise().isEmpty()) {
      scoped(branch.otherwise());
      code.bind(end);
    }
  }

  private void scoped(List<Statement> statements) {
    indices.open();
    block(statements);
    vectors.flush();
    indices.close();
  }
}
