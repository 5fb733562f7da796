package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;

/** Writes {@code run(Arguments)}: fetches the arguments, then integers, control flow and calls of units. */
final class Driver extends Body {
  private static final int THIS = 0;
  private static final int ARGUMENTS = 1;

  private final ClassDesc self;
  private final Map<Unit, List<UnitParameter>> parameters;
  private int frame;
  private int tail;

  Driver(Plan plan, Addressing addressing, CodeBuilder code, ClassDesc self,
      Map<Unit, List<UnitParameter>> parameters) {
    super(plan, addressing, code);
    this.self = self;
    this.parameters = parameters;
  }

  void write() {
    plan.kernel().parameters().forEach(this::fetch);
    tail = code.allocateLocal(TypeKind.LONG);
    code.lconst_0().lstore(tail);
    frame = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(THIS).invokevirtual(Names.GENERATED, "frame", MethodTypeDesc.of(Names.FRAME)).astore(frame);
    for (var scratch : plan.kernel().scratch()) {
      boolean address = addressing == Addressing.ADDRESSES;
      code.aload(frame).loadConstant(scratch.number()).invokevirtual(Names.FRAME,
          address ? "scratchAddress" : "scratch", MethodTypeDesc.of(addressing.type(), CD_int));
      store(scratch);
    }
    steps(plan.driver());
    code.return_();
  }

  private void fetch(Parameter parameter) {
    int position = parameter.position();
    switch (parameter) {
      case Parameter.Buffer buffer when addressing == Addressing.SEGMENTS -> {
        code.aload(ARGUMENTS).loadConstant(position).invokevirtual(
            Names.ARGUMENTS, "segment", MethodTypeDesc.of(Names.SEGMENT, CD_int));
        store(buffer);
      }
      case Parameter.Buffer buffer -> {
        pushWord(position);
        store(buffer);
      }
      case Parameter.Scalar(var _, var _, var local) -> {
        pushWord(position);
        var kind = switch (local.type()) {
          case INDEX -> TypeKind.LONG;
          case F32 -> TypeKind.FLOAT;
          case I32 -> TypeKind.INT;
          case MASK -> throw new IllegalStateException("no parameter is a mask");
        };
        if (kind != TypeKind.LONG) {
          code.l2i();
        }
        if (kind == TypeKind.FLOAT) {
          code.invokestatic(of(Float.class), "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
        }
        place(local, code.allocateLocal(kind));
        code.storeLocal(kind, slot(local));
      }
    }
  }

  private void pushWord(int position) {
    code.aload(ARGUMENTS).loadConstant(position).invokevirtual(
        Names.ARGUMENTS, "word", MethodTypeDesc.of(CD_long, CD_int));
  }

  private void store(Memory memory) {
    var kind = addressing == Addressing.ADDRESSES ? TypeKind.LONG : TypeKind.REFERENCE;
    place(memory, code.allocateLocal(kind));
    code.storeLocal(kind, slot(memory));
  }

  private void steps(List<Step> steps) {
    steps.forEach(this::step);
  }

  private void step(Step step) {
    switch (step) {
      case Step.Integers(var statement) -> integers(statement);
      case Step.Loop loop -> loop(loop);
      case Step.Tail(var loop, var body) -> {
        var end = code.newLabel();
        pushIndex(loop.to());
        pushIndex(loop.from());
        code.lcmp().ifle(end);
        pushIndex(loop.to());
        pushIndex(loop.from());
        code.lsub().loadConstant((long) Type.LANES - 1).land().dup2().lstore(tail);
        code.lconst_0().lcmp().ifeq(end);
        place(loop.index(), code.allocateLocal(TypeKind.LONG));
        pushIndex(loop.to());
        code.lload(tail).lsub().lstore(slot(loop.index()));
        steps(body);
        code.labelBinding(end);
      }
      case Step.Branch(var branch, var then, var otherwise) -> {
        var other = code.newLabel();
        var end = code.newLabel();
        unless(branch.op(), branch.a(), branch.b(), other);
        steps(then);
        code.goto_(end);
        code.labelBinding(other);
        steps(otherwise);
        code.labelBinding(end);
      }
      case Step.Call(var unit) -> call(unit);
      case Step.Repeat(var unit, var from, var to, var stride, var full) ->
          repeat(unit, from, to, stride, full);
      case Step.Streamed streamed -> streamed(streamed);
    }
  }

  private void repeat(Unit unit, Local from, Local to, long step, boolean full) {
    var wanted = parameters.get(unit);
    wanted.subList(0, wanted.size() - 2).forEach(this::push);
    pushIndex(from);
    pushIndex(from);
    pushIndex(to);
    code.loadConstant(step).loadConstant(full ? 1 : 0).invokestatic(
        Names.SUPPORT, "count", MethodTypeDesc.of(CD_int, CD_long, CD_long, CD_long, CD_int));
    code.invokestatic(self, unit.method(), UnitParameter.signature(wanted, addressing));
  }

  /** Compares where the streams lie before they flow. */
  private void streamed(Step.Streamed streamed) {
    var loop = streamed.loop();
    var streams = streamed.streams();
    var slow = code.newLabel();
    var end = code.newLabel();
    int index = code.allocateLocal(TypeKind.LONG);
    place(loop.index(), index);
    pushIndex(loop.from());
    code.lstore(index);
    streams.integers().forEach(this::integers);
    for (var pair : streams.pairs()) {
      pushAddress(pair.first());
      pushLength(pair.first(), loop);
      pushAddress(pair.second());
      pushLength(pair.second(), loop);
      code.loadConstant(pair.mayCoincide() ? 1 : 0).invokestatic(Names.SUPPORT, "areApart",
          MethodTypeDesc.of(ConstantDescs.CD_boolean, CD_long, CD_long, CD_long, CD_long, CD_int));
      code.ifeq(slow);
    }
    steps(streamed.apart());
    code.goto_(end);
    code.labelBinding(slow);
    steps(streamed.otherwise());
    code.labelBinding(end);
  }

  private void pushAddress(Streams.Stream stream) {
    pushPlace(stream.memory(), stream.offset(), 0);
    if (addressing == Addressing.SEGMENTS) {
      code.aload(slot(stream.memory())).invokeinterface(Names.SEGMENT, "address", MethodTypeDesc.of(CD_long));
      code.ladd();
    }
  }

  private void pushLength(Streams.Stream stream, Statement.VectorLoop loop) {
    long bytes = stream.memory().element().bytes();
    if (stream.single()) {
      code.loadConstant(bytes);
    } else {
      pushIndex(loop.to());
      pushIndex(loop.from());
      code.lsub().loadConstant(bytes).lmul();
    }
  }

  private void loop(Step.Loop loop) {
    var top = code.newLabel();
    var end = code.newLabel();
    int index = code.allocateLocal(TypeKind.LONG);
    place(loop.index(), index);
    pushIndex(loop.from());
    code.lstore(index);
    code.labelBinding(top);
    code.lload(index);
    if (loop.full()) {
      code.loadConstant(loop.step()).ladd();
    }
    pushIndex(loop.to());
    code.lcmp();
    if (loop.full()) {
      code.ifgt(end);
    } else {
      code.ifge(end);
    }
    steps(loop.body());
    code.lload(index).loadConstant(loop.step()).ladd().lstore(index);
    code.goto_(top);
    code.labelBinding(end);
  }

  private void call(Unit unit) {
    var wanted = parameters.get(unit);
    wanted.forEach(this::push);
    code.invokestatic(self, unit.method(), UnitParameter.signature(wanted, addressing));
  }

  private void push(UnitParameter parameter) {
    switch (parameter) {
      case UnitParameter.Buffer(var memory) -> pushBase(memory);
      case UnitParameter.Working _ -> code.aload(frame);
      case UnitParameter.Integer(var local) -> pushIndex(local);
      case UnitParameter.Scalar(var local) -> scalar(local);
      case UnitParameter.TailLength _ -> code.lload(tail);
      case UnitParameter.From _, UnitParameter.Count _ ->
          throw new IllegalStateException("only a repeated unit has them");
    }
  }

  private void scalar(Local local) {
    if (local.type() == Type.F32) {
      code.fload(slot(local));
    } else {
      code.iload(slot(local));
    }
  }
}
