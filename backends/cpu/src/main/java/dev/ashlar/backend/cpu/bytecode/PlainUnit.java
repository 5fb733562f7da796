package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a unit over plain numbers: once through it for each of the sixteen lanes. A value that another unit
 * needs has sixteen places in an array of the frame; a truth value is 0 or 1.
 */
final class PlainUnit extends Body {
  private final Unit unit;
  private final PlainLane lane;
  private int floats;
  private int ints;
  private int frame;
  private int tailLength;
  private int from;
  private int count;
  private int number; // of the lane

  PlainUnit(Plan plan, Addressing addressing, CodeBuilder code, Unit unit) {
    super(plan, addressing, code);
    this.unit = unit;
    this.lane = new PlainLane(this);
  }

  void write(List<UnitParameter> parameters) {
    int slot = 0;
    for (var parameter : parameters) {
      switch (parameter) {
        case UnitParameter.Buffer(var memory) -> place(memory, slot);
        case UnitParameter.Working _ -> frame = slot;
        case UnitParameter.Integer(var local) -> place(local, slot);
        case UnitParameter.Scalar(var local) -> place(local, slot);
        case UnitParameter.TailLength _ -> tailLength = slot;
        case UnitParameter.From _ -> from = slot;
        case UnitParameter.Count _ -> count = slot;
      }
      slot += UnitParameter.kind(parameter, addressing).slotSize();
    }
    floats = code.allocateLocal(TypeKind.REFERENCE);
    ints = code.allocateLocal(TypeKind.REFERENCE);
    number = code.allocateLocal(TypeKind.INT);
    code.aload(frame).invokevirtual(Names.FRAME, "floats", MethodTypeDesc.of(CD_float.arrayType()));
    code.astore(floats);
    code.aload(frame).invokevirtual(Names.FRAME, "ints", MethodTypeDesc.of(CD_int.arrayType()));
    code.astore(ints);
    switch (unit.statements().getFirst()) {
      case Statement.Let(var local, var value) when Cutter.isAcrossLanes(value) -> acrossLanes(local, value);
      case Statement.Assign(var local, var value) when Cutter.isAcrossLanes(value) ->
          acrossLanes(local, value);
      default -> lanes(isUniform() ? 1 : Type.LANES, () -> {
        prepare();
        if (unit.loops()) {
          loop();
        } else {
          unit.statements().forEach(this::statement);
        }
        plan.kept(unit).forEach(this::keep);
      });
    }
    code.return_();
  }

  /** Whether one lane speaks for all. */
  private boolean isUniform() {
    return unit.statements().stream().allMatch(statement ->
        statement instanceof Statement.Let(var local, var _) && plan.isUniform(local));
  }

  private void lanes(int lanes, Runnable body) {
    var top = code.newLabel();
    var end = code.newLabel();
    code.iconst_0().istore(number);
    code.labelBinding(top);
    code.iload(number).bipush(lanes).if_icmpge(end);
    body.run();
    code.iinc(number, 1);
    code.goto_(top);
    code.labelBinding(end);
  }

  private void prepare() {
    for (var local : plan.repeated(unit)) {
      define(local, plan.values().get(local));
    }
    for (var local : plan.fetched(unit)) {
      allocate(local);
      pushArray(local.type());
      pushHome(local);
      loadArray(local.type());
      code.storeLocal(PlainLane.kind(local.type()), slot(local));
    }
  }

  private void loop() {
    var top = code.newLabel();
    var end = code.newLabel();
    int counter = code.allocateLocal(TypeKind.INT);
    int index = code.allocateLocal(TypeKind.LONG);
    place(unit.index(), index);
    code.iconst_0().istore(counter);
    code.labelBinding(top);
    code.iload(counter).iload(count).if_icmpge(end);
    code.iload(counter).i2l().loadConstant(unit.step()).lmul().lload(from).ladd().lstore(index);
    unit.statements().forEach(this::statement);
    code.iinc(counter, 1);
    code.goto_(top);
    code.labelBinding(end);
  }

  private void acrossLanes(Local result, Expr value) {
    var type = value.type();
    lanes(Type.LANES, () -> {
      prepare();
      for (int i = 0; i < value.operands().size(); i++) {
        pushArray(type);
        code.iload(number).bipush(i * Type.LANES).iadd();
        lane.push(value.operands().get(i));
        storeArray(type);
      }
    });
    pushArray(type);
    var array = (type == Type.F32 ? CD_float : CD_int).arrayType();
    if (value instanceof Expr.Exchange(var high, var distance, var _, var _)) {
      code.loadConstant(high ? 1 : 0).loadConstant(distance);
      code.invokestatic(Names.SUPPORT, "exchange", MethodTypeDesc.of(CD_void, array, CD_int, CD_int));
    } else if (value instanceof Expr.ReduceLanes(var op, var _)) {
      code.loadConstant(op.ordinal());
      code.invokestatic(Names.SUPPORT, "reduce", MethodTypeDesc.of(CD_void, array, CD_int));
    }
    lanes(isUniform() ? 1 : Type.LANES, () -> {
      prepare();
      if (!isPlaced(result)) {
        allocate(result);
      }
      guarded(result, () -> {
        pushArray(type);
        code.iload(number);
        loadArray(type);
        code.storeLocal(PlainLane.kind(type), slot(result));
      });
      plan.kept(unit).forEach(this::keep);
    });
  }

  // the frame

  private void pushArray(Type type) {
    code.aload(type == Type.F32 ? floats : ints);
  }

  private void pushHome(Local local) {
    code.loadConstant(Frame.home(plan.homes().get(local)));
    if (!plan.isUniform(local)) {
      code.iload(number).iadd();
    }
  }

  private void loadArray(Type type) {
    if (type == Type.F32) {
      code.faload();
    } else {
      code.iaload();
    }
  }

  private void storeArray(Type type) {
    if (type == Type.F32) {
      code.fastore();
    } else {
      code.iastore();
    }
  }

  private void keep(Local local) {
    pushArray(local.type());
    pushHome(local);
    lane.push(local);
    storeArray(local.type());
  }

  // statements

  private void allocate(Local local) {
    place(local, code.allocateLocal(PlainLane.kind(local.type())));
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var _) when !local.type().isVector() -> integers(statement);
      case Statement.Assign(var local, var _) when !local.type().isVector() -> integers(statement);
      case Statement.Let(var local, var value) -> define(local, value);
      case Statement.Assign(var local, var value) -> guarded(local, () -> define(local, value));
      case Statement.Store store -> store(store);
      case Statement.If(var op, var a, var b, var then, var otherwise) -> {
        var other = code.newLabel();
        var end = code.newLabel();
        unless(op, a, b, other);
        then.forEach(this::statement);
        code.goto_(end);
        code.labelBinding(other);
        otherwise.forEach(this::statement);
        code.labelBinding(end);
      }
      default -> throw new IllegalStateException("not in a unit: " + statement);
    }
  }

  private void define(Local local, Expr value) {
    if (!isPlaced(local)) {
      allocate(local);
    }
    switch (value) {
      case Expr.Load load -> load(load);
      case Expr.Iota(var start) -> {
        pushIndex(start);
        code.l2i().iload(number).iadd();
      }
      case Expr.Splat(var index) -> {
        pushIndex(index);
        code.l2i();
      }
      case Expr.FirstLanes(var lanes) -> {
        code.iload(number).i2l();
        pushIndex(lanes);
        code.lcmp().bipush(31).iushr(); // -1 where the lane is below the count
      }
      default -> lane.evaluate(value);
    }
    code.storeLocal(PlainLane.kind(local.type()), slot(local));
  }

  /** In a tail, a local from outside the loop changes only in the lanes that the tail has. */
  private void guarded(Local local, Runnable assignment) {
    if (unit.tail() == null || unit.tail().contains(local)) {
      assignment.run();
      return;
    }
    var end = code.newLabel();
    skipOutsideTail(end);
    assignment.run();
    code.labelBinding(end);
  }

  private void skipOutsideTail(Label target) {
    code.iload(number).i2l().lload(tailLength).lcmp().ifge(target);
  }

  // memory

  private void skipInactive(Access access, @Nullable Local mask, Label target) {
    if (access instanceof Access.Single) {
      return;
    }
    if (unit.tail() != null) {
      skipOutsideTail(target);
    }
    if (mask != null) {
      lane.push(mask);
      code.ifeq(target);
    }
  }

  private void load(Expr.Load load) {
    var fill = code.newLabel();
    var end = code.newLabel();
    var element = load.from().element();
    skipInactive(load.access(), load.mask(), fill);
    pushSegment(load.from());
    code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
    pushPlace(load.from(), load.offset(), load.access());
    code.invokeinterface(Names.SEGMENT, "get",
        MethodTypeDesc.of(Names.carrier(element), Names.layoutType(element), CD_long));
    lane.widen(element);
    code.goto_(end);
    code.labelBinding(fill);
    if (load.type() == Type.F32) {
      code.loadConstant(Float.intBitsToFloat(load.fill()));
    } else {
      code.loadConstant(load.fill());
    }
    code.labelBinding(end);
  }

  private void store(Statement.Store store) {
    var end = code.newLabel();
    var element = store.to().element();
    skipInactive(store.access(), store.mask(), end);
    if (store.access() instanceof Access.Single) {
      code.iload(number).ifne(end);
    }
    pushSegment(store.to());
    code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
    pushPlace(store.to(), store.offset(), store.access());
    lane.push(store.value());
    lane.narrow(element);
    code.invokeinterface(Names.SEGMENT, "set",
        MethodTypeDesc.of(CD_void, Names.layoutType(element), CD_long, Names.carrier(element)));
    code.labelBinding(end);
  }

  /** Pushes where the element of this lane lies. */
  private void pushPlace(Memory memory, Local offset, Access access) {
    super.pushPlace(memory, offset, 0);
    long bytes = memory.element().bytes();
    switch (access) {
      case Access.Single _ -> {}
      case Access.Contiguous _ -> code.iload(number).i2l().loadConstant(bytes).lmul().ladd();
      case Access.Strided(var stride) -> {
        pushIndex(stride);
        code.iload(number).i2l().lmul().loadConstant(bytes).lmul().ladd();
      }
      case Access.Gather(var lanes) -> {
        lane.push(lanes);
        code.i2l().loadConstant(bytes).lmul().ladd();
      }
    }
  }
}
