package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a unit over vectors of the Vector API. A value of sixteen lanes is one, two or four vectors
 * ("parts"), fewer in a slice; a MASK is one {@code VectorMask<Float>} for each. A value known to be the same
 * in all lanes is made once. {@link VectorSize} knows what C1 makes of each call that is written here.
 */
final class VectorUnit extends Body {
  private static final ClassDesc INTS = CD_int.arrayType();

  private final Unit unit;
  private final VectorCalls vectors;
  private final int parts;
  private final int width;
  private final @Nullable LoopAddresses addresses;
  private int frame;
  private int floats;
  private int ints;
  private int tailLength;
  private int tailMask = -1;
  private int from;
  private int count;

  VectorUnit(Plan plan, Addressing addressing, CodeBuilder code, Unit unit, int bits) {
    super(plan, addressing, code);
    this.unit = unit;
    this.vectors = new VectorCalls(code, bits);
    this.width = bits / Integer.SIZE;
    this.parts = unit.lanes() / width;
    this.addresses = unit.loops() ? new LoopAddresses(this, unit) : null;
  }

  void write(List<UnitParameter> parameters) {
    int slot = 0;
    for (var parameter : parameters) {
      slot = receive(parameter, slot);
    }
    floats = array("floats", CD_float);
    ints = array("ints", CD_int);
    parameters.forEach(this::spread);
    if (unit.assignsBeyondTail()) {
      tailMask = code.allocateLocal(TypeKind.REFERENCE);
      for (int part = 1; part < parts; part++) {
        code.allocateLocal(TypeKind.REFERENCE);
      }
      for (int part = 0; part < parts; part++) {
        pushLane(part);
        code.lload(tailLength);
        vectors.firstLanes();
        code.astore(tailMask + part);
      }
    }
    plan.repeated(unit).forEach(local -> define(local, plan.values().get(local)));
    var hoisted = constants();
    hoisted.forEach(local -> define(local, plan.values().get(local)));
    plan.fetched(unit).forEach(this::fetch);
    var body = unit.statements().stream()
        .filter(s -> !(s instanceof Statement.Let(var local, var _) && hoisted.contains(local))).toList();
    if (addresses != null) {
      loop(body, addresses);
    } else {
      body.forEach(this::statement);
    }
    plan.kept(unit).forEach(this::keep);
    code.return_();
  }

  private int array(String name, ClassDesc component) {
    int array = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(frame).invokevirtual(Names.FRAME, name, MethodTypeDesc.of(component.arrayType()));
    code.astore(array);
    return array;
  }

  /** Constants that the body defines: made once, ahead of a loop. */
  private Set<Local> constants() {
    return unit.defined().stream()
        .filter(local -> plan.values().get(local) instanceof Expr.FloatConstant
            || plan.values().get(local) instanceof Expr.IntConstant)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void loop(List<Statement> body, LoopAddresses addresses) {
    var top = code.newLabel();
    var end = code.newLabel();
    int counter = code.allocateLocal(TypeKind.INT);
    int index = code.allocateLocal(TypeKind.LONG);
    place(unit.index(), index);
    code.iconst_0().istore(counter);
    addresses.beforeLoop(from);
    code.labelBinding(top);
    code.iload(counter).iload(count).if_icmpge(end);
    code.iload(counter).i2l().loadConstant(unit.step()).lmul().lload(from).ladd().lstore(index);
    addresses.inLoop(counter);
    body.forEach(this::statement);
    code.iinc(counter, 1);
    code.goto_(top);
    code.labelBinding(end);
  }

  /** Notes where an argument arrives; the next free slot. */
  private int receive(UnitParameter parameter, int slot) {
    int here = code.parameterSlot(0) + slot; // parameters lie one after another
    switch (parameter) {
      case UnitParameter.Buffer(var memory) -> place(memory, here);
      case UnitParameter.Working _ -> frame = here;
      case UnitParameter.Integer(var local) -> place(local, here);
      case UnitParameter.Scalar(var local) -> place(local, here);
      case UnitParameter.TailLength _ -> tailLength = here;
      case UnitParameter.From _ -> from = here;
      case UnitParameter.Count _ -> count = here;
    }
    return slot + UnitParameter.kind(parameter, addressing).slotSize();
  }

  /** Scalars arrive as numbers and become vectors. */
  private void spread(UnitParameter parameter) {
    if (parameter instanceof UnitParameter.Scalar(var local)) {
      int number = slot(local);
      allocate(local);
      vectors.pushSpecies(local.type());
      if (local.type() == Type.F32) {
        code.fload(number);
      } else {
        code.iload(number);
      }
      vectors.broadcast(local.type());
      repeat();
      pop(local);
    }
  }

  private void allocate(Local local) {
    int first = code.allocateLocal(TypeKind.REFERENCE);
    for (int part = 1; part < parts; part++) {
      code.allocateLocal(TypeKind.REFERENCE);
    }
    place(local, first);
  }

  /** The vector on the stack for every part. */
  private void repeat() {
    for (int part = 1; part < parts; part++) {
      code.dup();
    }
  }

  /** All parts from the stack, the last part first. */
  private void pop(Local local) {
    for (int part = parts - 1; part >= 0; part--) {
      code.astore(slot(local) + part);
    }
  }

  // the frame

  private void pushHome(Local local, int part) {
    code.aload(local.type() == Type.F32 ? floats : ints);
    code.loadConstant(Frame.home(plan.homes().get(local)) + part * width);
    if (unit.slice() != null && !plan.isUniform(local)) {
      pushIndex(unit.slice().first());
      code.l2i().iadd();
    }
  }

  private void fetch(Local local) {
    allocate(local);
    boolean once = plan.isUniform(local);
    for (int part = 0; part < (once ? 1 : parts); part++) {
      vectors.pushSpecies(local.type() == Type.F32 ? Type.F32 : Type.I32);
      pushHome(local, part);
      vectors.fetch(local.type());
    }
    if (once) {
      repeat();
    }
    pop(local);
  }

  private void keep(Local local) {
    for (int part = 0; part < (plan.isUniform(local) ? 1 : parts); part++) {
      push(local, part);
      if (local.type() == Type.MASK) {
        vectors.toInts(Type.MASK);
      }
      pushHome(local, part);
      vectors.keep(local.type());
    }
  }

  /** The vector or mask on the stack on its way to {@link Support}. */
  private void send(Type type, int value, int part) {
    vectors.toInts(type);
    code.aload(ints).loadConstant(value * Type.LANES + part * width);
    vectors.keep(Type.I32);
  }

  /** Pushes what {@link Support} left. */
  private void receive(Type type) {
    for (int part = 0; part < parts; part++) {
      vectors.pushSpecies(Type.I32);
      code.aload(ints).loadConstant(part * width);
      vectors.fetch(Type.I32);
      vectors.ofInts(type);
    }
  }

  // statements

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var _) when !local.type().isVector() -> integers(statement);
      case Statement.Assign(var local, var _) when !local.type().isVector() -> integers(statement);
      case Statement.StoreIndex _ -> integers(statement);
      case Statement.Let(var local, var value) -> define(local, value);
      case Statement.Assign(var local, var value) -> assign(local, value);
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
    if (plan.isUniform(local) && !isMadeWhole(value)) {
      evaluate(value, 0);
      repeat();
    } else {
      evaluate(value);
    }
    pop(local);
  }

  private void assign(Local local, Expr value) {
    evaluate(value);
    boolean keepsLanes = unit.tail() != null && !unit.tail().contains(local);
    for (int part = parts - 1; part >= 0; part--) {
      if (keepsLanes) {
        int fresh = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(fresh);
        keepOutsideTail(local.type(), slot(local) + part, fresh, part);
      }
      code.astore(slot(local) + part);
    }
  }

  /** Pushes the new value in lanes of the tail and the old one in the others. */
  private void keepOutsideTail(Type type, int old, int fresh, int part) {
    if (type == Type.MASK) {
      code.aload(fresh).aload(tailMask + part);
      vectors.maskOp("and");
      code.aload(old).aload(tailMask + part);
      vectors.maskOp("andNot");
      vectors.maskOp("or");
    } else {
      code.aload(old).aload(fresh).aload(tailMask + part);
      vectors.blend(type);
    }
  }

  /** Whether {@link #evaluate(Expr)} does more than one part after another. */
  private static boolean isMadeWhole(Expr value) {
    return switch (value) {
      case Expr.Load _, Expr.ReduceLanes _, Expr.Exchange _ -> true;
      case Expr.Unary(var op, var _) -> op == Expr.UnaryOp.ROUND_F16;
      default -> false;
    };
  }

  /** Pushes all parts of a value, the first part first. */
  private void evaluate(Expr value) {
    switch (value) {
      case Expr.Load load -> load(load);
      case Expr.FloatConstant _, Expr.IntConstant _, Expr.Splat _ -> {
        evaluate(value, 0);
        repeat();
      }
      case Expr.ReduceLanes(var op, var a) -> reduce(op, a);
      case Expr.Exchange(var high, var distance, var a, var b) -> exchange(high, distance, a, b);
      case Expr.Unary(var op, var a) when op == Expr.UnaryOp.ROUND_F16 -> {
        for (int part = 0; part < parts; part++) {
          push(a, part);
          send(Type.F32, 0, part);
        }
        code.aload(ints).invokestatic(Names.SUPPORT, "roundF16", MethodTypeDesc.of(CD_void, INTS));
        receive(Type.F32);
      }
      default -> {
        for (int part = 0; part < parts; part++) {
          evaluate(value, part);
        }
      }
    }
  }

  private void push(Local local, int part) {
    code.aload(slot(local) + part);
  }

  private void evaluate(Expr value, int part) {
    switch (value) {
      case Expr.Copy(var a) -> push(a, part);
      case Expr.FloatConstant(var constant) -> {
        vectors.pushSpecies(Type.F32);
        code.loadConstant(constant);
        vectors.broadcast(Type.F32);
      }
      case Expr.IntConstant(var constant) -> {
        vectors.pushSpecies(Type.I32);
        code.loadConstant(constant);
        vectors.broadcast(Type.I32);
      }
      case Expr.Iota(var start) -> {
        vectors.pushSpecies(Type.I32);
        pushIndex(start);
        pushLane(part);
        code.ladd().l2i();
        vectors.broadcast(Type.I32);
        vectors.addIndex();
      }
      case Expr.Splat(var index) -> {
        vectors.pushSpecies(Type.I32);
        pushIndex(index);
        code.l2i();
        vectors.broadcast(Type.I32);
      }
      case Expr.FirstLanes(var lanes) -> {
        pushLane(part);
        pushIndex(lanes);
        code.lconst_0().invokestatic(Names.MATH, "max",
            MethodTypeDesc.of(CD_long, CD_long, CD_long));
        vectors.firstLanes();
      }
      case Expr.Unary(var op, var a) -> {
        push(a, part);
        vectors.unary(op, a.type());
      }
      case Expr.Binary(var op, var a, var b) -> {
        push(a, part);
        push(b, part);
        vectors.binary(op, a.type());
      }
      case Expr.Compare(var op, var a, var b) -> {
        push(a, part);
        push(b, part);
        vectors.compare(op, a.type());
      }
      case Expr.Fma(var a, var b, var c) -> {
        push(a, part);
        push(b, part);
        push(c, part);
        vectors.fma();
      }
      case Expr.Select(var mask, var a, var b) -> {
        push(b, part);
        push(a, part);
        push(mask, part);
        vectors.blend(a.type());
      }
      default -> throw new IllegalStateException("not a part at a time: " + value);
    }
  }

  /** The number of the first lane of a part. */
  private void pushLane(int part) {
    code.loadConstant((long) part * width);
    if (unit.slice() != null) {
      pushIndex(unit.slice().first());
      code.ladd();
    }
  }

  // memory

  @Override void pushPlace(Memory memory, Local offset, long further) {
    if (addresses == null || !addresses.push(memory, offset, further)) {
      super.pushPlace(memory, offset, further);
    }
  }

  /** Pushes where the neighbouring elements of a part lie. */
  private void pushPart(Memory memory, Local offset, int part) {
    int bytes = memory.element().bytes();
    pushPlace(memory, offset, (long) part * width * bytes);
    if (unit.slice() != null) {
      pushIndex(unit.slice().first());
      code.loadConstant((long) bytes).lmul().ladd();
    }
  }

  private void load(Expr.Load load) {
    var element = load.from().element();
    boolean masked = load.mask() != null || unit.tail() != null && !(load.access() instanceof Access.Single);
    switch (load.access()) {
      case Access.Single _ -> {
        single(load, element);
        repeat();
      }
      case Access.Contiguous _ when !masked && (element == Element.F32 || element == Element.I32) -> {
        for (int part = 0; part < parts; part++) {
          vectors.pushSpecies(element.type());
          pushSegment(load.from());
          pushPart(load.from(), load.offset(), part);
          vectors.load(element.type());
        }
      }
      case Access.Contiguous _ when !masked && vectors.canWiden(element) -> {
        for (int part = 0; part < parts; part++) {
          vectors.pushNarrowSpecies(element);
          pushSegment(load.from());
          pushPart(load.from(), load.offset(), part);
          vectors.loadAndWiden(element);
        }
      }
      case Access.Contiguous _, Access.Strided _ -> {
        pushSegment(load.from());
        pushPart(load.from(), load.offset(), 0);
        pushStride(load.access(), element);
        code.loadConstant(element.ordinal());
        pushMaskBits(load.mask());
        code.loadConstant(fill(load)).aload(ints).invokestatic(Names.SUPPORT, "load", MethodTypeDesc.of(
            CD_void, Names.SEGMENT, CD_long, CD_long, CD_int, CD_int, CD_int, INTS));
        receive(load.type());
      }
      case Access.Gather(var lanes) -> {
        for (int part = 0; part < parts; part++) {
          push(lanes, part);
          send(Type.I32, 0, part);
        }
        pushSegment(load.from());
        pushPlace(load.from(), load.offset(), 0);
        code.loadConstant(element.ordinal());
        pushMaskBits(load.mask());
        code.loadConstant(fill(load)).aload(ints).invokestatic(Names.SUPPORT, "gather", MethodTypeDesc.of(
            CD_void, Names.SEGMENT, CD_long, CD_int, CD_int, CD_int, INTS));
        receive(load.type());
      }
    }
  }

  /** The bits of the fill as they lie in a frame. */
  private static int fill(Expr.Load load) {
    return load.type() == Type.MASK ? -(load.fill() & 1) : load.fill();
  }

  private void single(Expr.Load load, Element element) {
    var type = element.type();
    if (type == Type.MASK) {
      vectors.pushSpecies(Type.I32);
      pushElement(load.from(), load.offset(), 0);
      vectors.broadcast(Type.I32);
      vectors.intsToMask();
    } else {
      vectors.pushSpecies(type);
      pushElement(load.from(), load.offset(), 0);
      widen(element);
      vectors.broadcast(type);
    }
  }

  /** Pushes one bit for each lane that takes part: by the mask, by the tail. */
  private void pushMaskBits(@Nullable Local mask) {
    if (mask == null && unit.tail() == null) {
      code.loadConstant((1 << unit.lanes()) - 1);
      return;
    }
    if (mask != null) {
      pushBits(mask);
    }
    if (unit.tail() != null) {
      code.lload(tailLength).invokestatic(Names.SUPPORT, "firstLanes", MethodTypeDesc.of(CD_int, CD_long));
      if (mask != null) {
        code.iand();
      }
    }
    if (unit.slice() != null) {
      pushIndex(unit.slice().first());
      code.l2i().iushr().loadConstant((1 << unit.lanes()) - 1).iand();
    }
  }

  private void pushBits(Local mask) {
    if (plan.isRepeatable(mask) && plan.values().get(mask) instanceof Expr.FirstLanes(var lanes)) {
      pushIndex(lanes);
      code.invokestatic(Names.SUPPORT, "firstLanes", MethodTypeDesc.of(CD_int, CD_long));
      return;
    }
    for (int part = 0; part < parts; part++) {
      push(mask, part);
      vectors.maskBits();
      if (part > 0) {
        code.loadConstant(part * width).ishl().ior();
      }
    }
    if (unit.slice() != null) {
      pushIndex(unit.slice().first());
      code.l2i().ishl();
    }
  }

  private void pushStride(Access access, Element element) {
    if (access instanceof Access.Strided(var stride)) {
      pushIndex(stride);
      code.loadConstant((long) element.bytes()).lmul();
    } else {
      code.loadConstant((long) element.bytes());
    }
  }

  private void store(Statement.Store store) {
    var element = store.to().element();
    boolean single = store.access() instanceof Access.Single;
    boolean masked = store.mask() != null || unit.tail() != null;
    boolean words = element == Element.F32 || element == Element.I32;
    if (words && !masked && store.access() instanceof Access.Contiguous) {
      for (int part = 0; part < parts; part++) {
        push(store.value(), part);
        pushSegment(store.to());
        pushPart(store.to(), store.offset(), part);
        vectors.store(element.type());
      }
    } else if (words && single) {
      pushSegment(store.to());
      code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
      pushPlace(store.to(), store.offset(), 0);
      push(store.value(), 0);
      vectors.firstLane(element.type());
      code.invokeinterface(Names.SEGMENT, "set", MethodTypeDesc.of(
          CD_void, Names.layoutType(element), CD_long, Names.carrier(element)));
    } else {
      for (int part = 0; part < parts; part++) {
        push(store.value(), part);
        send(element.type(), 0, part);
      }
      code.aload(ints);
      pushSegment(store.to());
      pushPart(store.to(), store.offset(), 0);
      pushStride(store.access(), element);
      code.loadConstant(element.ordinal());
      if (single) {
        code.iconst_1();
      } else {
        pushMaskBits(store.mask());
      }
      code.invokestatic(Names.SUPPORT, "store", MethodTypeDesc.of(CD_void, INTS, Names.SEGMENT, CD_long,
          CD_long, CD_int, CD_int));
    }
  }

  // across lanes

  /**
   * Combines whole parts first (l with l xor 8, and so on down to the width of a part), then the lanes of one
   * part in the frame.
   */
  private void reduce(Expr.Reduction op, Local a) {
    var type = a.type();
    int[] from = new int[parts];
    for (int part = 0; part < parts; part++) {
      from[part] = slot(a) + part;
    }
    for (int distance = parts / 2; distance > 0; distance /= 2) {
      int[] to = new int[distance];
      for (int part = 0; part < distance; part++) {
        code.aload(from[part]).aload(from[part + distance]);
        vectors.binary(op.op(), type);
        to[part] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(to[part]);
      }
      from = to;
    }
    var kind = type == Type.F32 ? TypeKind.FLOAT : TypeKind.INT;
    var number = type == Type.F32 ? CD_float : CD_int;
    int array = type == Type.F32 ? floats : ints;
    code.aload(from[0]).aload(array).iconst_0();
    vectors.keep(type);
    int result = code.allocateLocal(kind);
    code.aload(array).loadConstant(width).loadConstant(op.ordinal()).invokestatic(Names.SUPPORT, "reduce",
        MethodTypeDesc.of(number, number.arrayType(), CD_int, CD_int));
    code.storeLocal(kind, result);
    vectors.pushSpecies(type);
    code.loadLocal(kind, result);
    vectors.broadcast(type);
    repeat();
  }

  private void exchange(boolean high, int distance, Local a, Local b) {
    if (distance >= width) { // whole parts change places
      int step = distance / width;
      for (int part = 0; part < parts; part++) {
        boolean first = (part & step) == 0;
        push(first ? a : b, first ? (high ? part + step : part) : (high ? part : part - step));
      }
      return;
    }
    for (int part = 0; part < parts; part++) {
      push(a, part);
      send(a.type(), 0, part);
      push(b, part);
      send(a.type(), 1, part);
    }
    code.aload(ints).loadConstant(high ? 1 : 0).loadConstant(distance);
    code.invokestatic(Names.SUPPORT, "exchange", MethodTypeDesc.of(CD_void, INTS, CD_int, CD_int));
    receive(a.type());
  }
}
