package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a unit over vectors of the Vector API. A value of sixteen lanes is one, two or four vectors
 * ("parts"); a MASK is one {@code VectorMask<Float>} for each.
 */
final class VectorUnit extends Body {
  private static final int VECTOR_BYTES = Type.LANES * Integer.BYTES;

  /** Room in the frame ahead of the homes: two values on their way to or from {@link Support}. */
  static final int TEMPORARY = 2 * VECTOR_BYTES;

  private final Unit unit;
  private final VectorCalls vectors;
  private final int parts;
  private final int width;
  private int homes;
  private int tailLength;
  private int tailMask = -1;
  private int from;
  private int count;

  VectorUnit(Plan plan, Addressing addressing, CodeBuilder code, Unit unit, int bits) {
    super(plan, addressing, code);
    this.unit = unit;
    this.vectors = new VectorCalls(code, bits);
    this.width = bits / Integer.SIZE;
    this.parts = Type.LANES / width;
  }

  void write(List<UnitParameter> parameters) {
    int slot = 0;
    for (var parameter : parameters) {
      slot = receive(parameter, slot);
    }
    parameters.forEach(this::spread);
    if (unit.tail() != null) {
      tailMask = code.allocateLocal(TypeKind.REFERENCE);
      for (int part = 1; part < parts; part++) {
        code.allocateLocal(TypeKind.REFERENCE);
      }
      for (int part = 0; part < parts; part++) {
        code.loadConstant((long) part * width).lload(tailLength);
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
    if (unit.loops()) {
      loop(body);
    } else {
      body.forEach(this::statement);
    }
    plan.kept(unit).forEach(this::keep);
    code.return_();
  }

  /** Constants that the body defines: made once, ahead of a loop. */
  private Set<Local> constants() {
    return unit.defined().stream()
        .filter(local -> plan.values().get(local) instanceof Expr.FloatConstant
            || plan.values().get(local) instanceof Expr.IntConstant)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void loop(List<Statement> body) {
    var top = code.newLabel();
    var end = code.newLabel();
    int counter = code.allocateLocal(TypeKind.INT);
    int index = code.allocateLocal(TypeKind.LONG);
    place(unit.index(), index);
    code.iconst_0().istore(counter);
    code.labelBinding(top);
    code.iload(counter).iload(count).if_icmpge(end);
    code.iload(counter).i2l().loadConstant(unit.step()).lmul().lload(from).ladd().lstore(index);
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
      case UnitParameter.Homes _ -> homes = here;
      case UnitParameter.Integer(var local) -> place(local, here);
      case UnitParameter.Scalar(var local) -> place(local, here);
      case UnitParameter.TailLength _ -> tailLength = here;
      case UnitParameter.From _ -> from = here;
      case UnitParameter.Count _ -> count = here;
      case UnitParameter.Whole _ -> throw new IllegalStateException("the whole frame is for plain numbers");
    }
    return slot + UnitParameter.kind(parameter, addressing).slotSize();
  }

  /** Scalars arrive as numbers and become vectors. */
  private void spread(UnitParameter parameter) {
    if (parameter instanceof UnitParameter.Scalar(var local)) {
      int number = slot(local);
      allocate(local);
      for (int part = 0; part < parts; part++) {
        vectors.pushSpecies(local.type());
        if (local.type() == Type.F32) {
          code.fload(number);
        } else {
          code.iload(number);
        }
        vectors.broadcast(local.type());
        code.astore(slot(local) + part);
      }
    }
  }

  private void allocate(Local local) {
    int first = code.allocateLocal(TypeKind.REFERENCE);
    for (int part = 1; part < parts; part++) {
      code.allocateLocal(TypeKind.REFERENCE);
    }
    place(local, first);
  }

  // homes

  private void pushHomes() {
    if (addressing == Addressing.ADDRESSES) {
      code.loadConstant(Names.EVERYTHING);
    } else {
      code.aload(homes);
    }
  }

  /** The segment and byte offset of a place in the frame. */
  private void pushHome(long at) {
    pushHomes();
    pushHomeOffset(at);
  }

  private void pushHomeOffset(long at) {
    if (addressing == Addressing.ADDRESSES) {
      code.lload(homes).loadConstant(at).ladd();
    } else {
      code.loadConstant(at);
    }
  }

  private long home(Local local) {
    return TEMPORARY + (long) VECTOR_BYTES * plan.homes().get(local);
  }

  private void fetch(Local local) {
    allocate(local);
    for (int part = 0; part < parts; part++) {
      fetch(local.type(), home(local), part);
      code.astore(slot(local) + part);
    }
  }

  private void fetch(Type type, long at, int part) {
    var memoryType = type == Type.F32 ? Type.F32 : Type.I32;
    vectors.pushSpecies(memoryType);
    pushHome(at + (long) part * width * Integer.BYTES);
    vectors.load(memoryType, false);
    if (type == Type.MASK) {
      vectors.intsToMask();
    }
  }

  private void keep(Local local) {
    for (int part = 0; part < parts; part++) {
      code.aload(slot(local) + part);
      keepTop(local.type(), home(local), part);
    }
  }

  /** Stores the vector or mask on the stack in the frame. */
  private void keepTop(Type type, long at, int part) {
    if (type == Type.MASK) {
      vectors.maskToInts();
    }
    pushHome(at + (long) part * width * Integer.BYTES);
    vectors.store(type == Type.F32 ? Type.F32 : Type.I32, false);
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
    evaluate(value);
    for (int part = parts - 1; part >= 0; part--) {
      code.astore(slot(local) + part);
    }
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

  /** Pushes all parts of a value, the first part first. */
  private void evaluate(Expr value) {
    switch (value) {
      case Expr.Load load -> load(load);
      case Expr.ReduceLanes(var op, var a) -> reduce(op, a);
      case Expr.Exchange(var high, var distance, var a, var b) -> exchange(high, distance, a, b);
      case Expr.Unary(var op, var a) when op == Expr.UnaryOp.ROUND_F16 -> {
        for (int part = 0; part < parts; part++) {
          code.aload(slot(a) + part);
          keepTop(Type.F32, 0, part);
        }
        pushHome(0);
        code.invokestatic(Names.SUPPORT, "roundF16", MethodTypeDesc.of(CD_void, Names.SEGMENT, CD_long));
        pushTemporary(Type.F32);
      }
      default -> {
        for (int part = 0; part < parts; part++) {
          evaluate(value, part);
        }
      }
    }
  }

  private void pushTemporary(Type type) {
    for (int part = 0; part < parts; part++) {
      fetch(type, 0, part);
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
        code.l2i().loadConstant(part * width).iadd();
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
        code.loadConstant((long) part * width);
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

  // memory

  private void load(Expr.Load load) {
    var element = load.from().element();
    boolean masked = load.mask() != null || tailMask >= 0 && !(load.access() instanceof Access.Single);
    switch (load.access()) {
      case Access.Single _ -> {
        for (int part = 0; part < parts; part++) {
          single(load, element);
        }
      }
      case Access.Contiguous _ when element == Element.F32 || element == Element.I32 -> {
        for (int part = 0; part < parts; part++) {
          words(load, element.type(), masked, part);
        }
      }
      case Access.Contiguous _ when !masked && vectors.canWiden(element) -> {
        for (int part = 0; part < parts; part++) {
          vectors.pushNarrowSpecies(element);
          pushSegment(load.from());
          pushPlace(load.from(), load.offset(), (long) part * width * element.bytes());
          vectors.loadAndWiden(element);
        }
      }
      case Access.Contiguous _, Access.Strided _ -> {
        pushSegment(load.from());
        pushPlace(load.from(), load.offset(), 0);
        pushStride(load.access(), element);
        code.loadConstant(element.ordinal());
        pushMaskBits(load.mask(), masked);
        code.loadConstant(fill(load));
        pushHome(0);
        code.invokestatic(Names.SUPPORT, "load", MethodTypeDesc.of(CD_void, Names.SEGMENT, CD_long, CD_long,
            CD_int, CD_int, CD_int, Names.SEGMENT, CD_long));
        pushTemporary(load.type());
      }
      case Access.Gather(var lanes) -> {
        for (int part = 0; part < parts; part++) {
          push(lanes, part);
          keepTop(Type.I32, 0, part);
        }
        pushSegment(load.from());
        pushPlace(load.from(), load.offset(), 0);
        code.loadConstant(element.ordinal());
        pushMaskBits(load.mask(), masked);
        code.loadConstant(fill(load));
        pushHome(0);
        code.invokestatic(Names.SUPPORT, "gather", MethodTypeDesc.of(
            CD_void, Names.SEGMENT, CD_long, CD_int, CD_int, CD_int, Names.SEGMENT, CD_long));
        pushTemporary(load.type());
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

  private void words(Expr.Load load, Type type, boolean masked, int part) {
    boolean filled = masked && load.fill() != 0;
    if (filled) {
      vectors.pushSpecies(type);
      if (type == Type.F32) {
        code.loadConstant(Float.intBitsToFloat(load.fill()));
      } else {
        code.loadConstant(load.fill());
      }
      vectors.broadcast(type);
    }
    vectors.pushSpecies(type);
    pushSegment(load.from());
    pushPlace(load.from(), load.offset(), (long) part * width * Integer.BYTES);
    if (masked) {
      pushMask(load.mask(), part);
      vectors.castMask(type);
    }
    vectors.load(type, masked);
    if (filled) {
      pushMask(load.mask(), part);
      vectors.blend(type);
    }
  }

  /** Pushes which lanes of a part take part: the mask, the tail, or both. */
  private void pushMask(@Nullable Local mask, int part) {
    if (mask != null) {
      push(mask, part);
    }
    if (tailMask >= 0) {
      code.aload(tailMask + part);
      if (mask != null) {
        vectors.maskOp("and");
      }
    }
  }

  /** Pushes all sixteen bits of a mask as an int. */
  private void pushMaskBits(@Nullable Local mask, boolean masked) {
    if (!masked) {
      code.loadConstant(0xFFFF);
      return;
    }
    for (int part = 0; part < parts; part++) {
      pushMask(mask, part);
      vectors.maskBits();
      if (part > 0) {
        code.loadConstant(part * width).ishl().ior();
      }
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
    boolean masked = !single && (store.mask() != null || tailMask >= 0);
    boolean words = element == Element.F32 || element == Element.I32;
    if (words && store.access() instanceof Access.Contiguous) {
      for (int part = 0; part < parts; part++) {
        push(store.value(), part);
        pushSegment(store.to());
        pushPlace(store.to(), store.offset(), (long) part * width * Integer.BYTES);
        if (masked) {
          pushMask(store.mask(), part);
          vectors.castMask(element.type());
        }
        vectors.store(element.type(), masked);
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
        keepTop(element.type(), 0, part);
      }
      pushHome(0);
      pushSegment(store.to());
      pushPlace(store.to(), store.offset(), 0);
      pushStride(store.access(), element);
      code.loadConstant(element.ordinal());
      if (single) {
        code.iconst_1();
      } else {
        pushMaskBits(store.mask(), masked);
      }
      code.invokestatic(Names.SUPPORT, "store", MethodTypeDesc.of(CD_void, Names.SEGMENT, CD_long,
          Names.SEGMENT, CD_long, CD_long, CD_int, CD_int));
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
    code.aload(from[0]);
    keepTop(type, 0, 0);
    int result = code.allocateLocal(type == Type.F32 ? TypeKind.FLOAT : TypeKind.INT);
    pushHome(0);
    code.loadConstant(width).loadConstant(op.ordinal());
    code.invokestatic(Names.SUPPORT, type == Type.F32 ? "reduceFloats" : "reduceInts", MethodTypeDesc.of(
        type == Type.F32 ? CD_float : CD_int, Names.SEGMENT, CD_long, CD_int, CD_int));
    code.storeLocal(type == Type.F32 ? TypeKind.FLOAT : TypeKind.INT, result);
    for (int part = 0; part < parts; part++) {
      vectors.pushSpecies(type);
      code.loadLocal(type == Type.F32 ? TypeKind.FLOAT : TypeKind.INT, result);
      vectors.broadcast(type);
    }
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
      keepTop(a.type(), 0, part);
      push(b, part);
      keepTop(a.type(), VECTOR_BYTES, part);
    }
    pushHome(0);
    code.loadConstant(high ? 1 : 0).loadConstant(distance);
    code.invokestatic(Names.SUPPORT, "exchange",
        MethodTypeDesc.of(CD_void, Names.SEGMENT, CD_long, CD_int, CD_int));
    pushTemporary(a.type());
  }
}
