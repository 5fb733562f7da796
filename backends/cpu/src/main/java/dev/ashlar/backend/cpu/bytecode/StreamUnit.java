package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a stream: blocks of elements are copied from memory to arrays, computed by loops over arrays with
 * one index, and copied back. That is the form which C2 turns into vector code by itself; the same loop
 * straight over memory stays scalar, because two addresses might be the same.
 *
 * <p>What depends on an accumulator goes to a second loop: lane l of the accumulator takes the elements l,
 * l + 16, .. in order, as the kernel says.
 */
final class StreamUnit extends Body {
  /** Elements to a block, a multiple of sixteen: a few arrays of it fit the first cache. */
  static final int BLOCK = 1024;

  /** What is passed to a stage. */
  private sealed interface Input {
    /** The array of a load or store. */
    record Place(Memory memory, Local offset) implements Input {}

    /** The array of what the first stage leaves for the second. */
    record Crossing(Local local) implements Input {}

    /** One value for all elements. */
    record Number(Local local) implements Input {}

    /** The value of an iota at the first element of a block. */
    record Start(Local local) implements Input {}

    /** The array in which vectors of a type have their homes. */
    record Homes(Type type) implements Input {}
  }

  private final Unit unit;
  private final StreamStages stages;
  private final ClassDesc self;
  private final Map<Input, Integer> inputs = new LinkedHashMap<>();
  private final Map<ArrayKind, Integer> arrays = new EnumMap<>(ArrayKind.class);
  private int frame;
  private int from;
  private int count;

  /** The arrays of a frame that streams use. */
  enum ArrayKind {
    FLOATS("floatStream", CD_float), INTS("intStream", CD_int), SHORTS("shortStream", CD_short),
    BYTES("byteStream", CD_byte);

    final String getter;
    final ClassDesc type;

    ArrayKind(String getter, ClassDesc element) {
      this.getter = getter;
      this.type = element.arrayType();
    }

    static ArrayKind of(Element element) {
      return switch (element) {
        case F32 -> FLOATS;
        case I32 -> INTS;
        case F16, BF16 -> SHORTS;
        case I8, U8, BOOL -> BYTES;
        case I64 -> throw new IllegalStateException("no lanes in I64");
      };
    }

    static ArrayKind of(Type type) {
      return type == Type.F32 ? FLOATS : INTS;
    }
  }

  private StreamUnit(Plan plan, Addressing addressing, CodeBuilder code, Unit unit, ClassDesc self) {
    super(plan, addressing, code);
    this.unit = unit;
    this.stages = StreamStages.of(unit, plan);
    this.self = self;
  }

  /** Writes the methods of a stream: the one that goes through blocks, and its stages. */
  static void write(ClassBuilder type, ClassDesc self, Plan plan, Addressing addressing, Unit unit,
      List<UnitParameter> parameters) {
    type.withMethodBody(unit.method(), UnitParameter.signature(parameters, addressing),
        ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE,
        code -> new StreamUnit(plan, addressing, code, unit, self).blocks(parameters));
    var stages = StreamStages.of(unit, plan);
    for (var stage : List.of(stages.first(), stages.second())) {
      if (!stage.isEmpty()) {
        var wanted = inputs(stage, stages, unit, plan);
        type.withMethodBody(stageName(unit, stage == stages.first()), signature(wanted),
            ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE,
            code -> new Stage(plan, addressing, code, stages, stage, wanted).write());
      }
    }
  }

  private static String stageName(Unit unit, boolean first) {
    return unit.method() + (first ? "first" : "second");
  }

  /** How many arrays of each kind a frame needs for a unit. */
  static Map<ArrayKind, Integer> arrays(Unit unit, Plan plan) {
    var numbers = new EnumMap<ArrayKind, Integer>(ArrayKind.class);
    var stages = StreamStages.of(unit, plan);
    var all = new LinkedHashSet<Input>(inputs(stages.first(), stages, unit, plan));
    all.addAll(inputs(stages.second(), stages, unit, plan));
    all.forEach(input -> {
      switch (input) {
        case Input.Place(var memory, var _) -> numbers.merge(ArrayKind.of(memory.element()), 1, Integer::sum);
        case Input.Crossing(var local) -> numbers.merge(ArrayKind.of(local.type()), 1, Integer::sum);
        default -> {}
      }
    });
    return numbers;
  }

  private static List<Input> inputs(List<Statement> stage, StreamStages stages, Unit unit, Plan plan) {
    var wanted = new LinkedHashSet<Input>();
    var defined = Statement.definedIn(stage);
    for (var statement : stage) {
      for (var local : Unit.read(statement)) {
        boolean constant = StreamStages.isConstant(plan.values().get(local)) && !local.mutable();
        if (!local.type().isVector() || defined.contains(local) || constant) {
          continue;
        }
        if (stages.numbers().contains(local)) {
          wanted.add(new Input.Number(local));
        } else if (stages.crossing().contains(local)) {
          wanted.add(new Input.Crossing(local));
        } else {
          wanted.add(new Input.Homes(local.type() == Type.F32 ? Type.F32 : Type.I32));
        }
      }
      switch (statement) {
        case Statement.Let(var local, Expr.Iota _) -> wanted.add(new Input.Start(local));
        case Statement.Let(var _, Expr.Load load) -> wanted.add(new Input.Place(load.from(), load.offset()));
        case Statement.Assign(var local, var value) -> {
          if (value instanceof Expr.Load load) {
            wanted.add(new Input.Place(load.from(), load.offset()));
          }
          if (stages.accumulators().contains(local)) {
            wanted.add(new Input.Homes(local.type() == Type.F32 ? Type.F32 : Type.I32));
          }
        }
        case Statement.Store store -> wanted.add(new Input.Place(store.to(), store.offset()));
        default -> {}
      }
    }
    if (stage == stages.first()) {
      stages.crossing().forEach(local -> wanted.add(new Input.Crossing(local)));
    }
    return List.copyOf(wanted);
  }

  private static ClassDesc type(Input input) {
    return switch (input) {
      case Input.Place(var memory, var _) -> ArrayKind.of(memory.element()).type;
      case Input.Crossing(var local) -> ArrayKind.of(local.type()).type;
      case Input.Number(var local) -> local.type() == Type.F32 ? CD_float : CD_int;
      case Input.Start _ -> CD_int;
      case Input.Homes(var type) -> ArrayKind.of(type).type;
    };
  }

  private static MethodTypeDesc signature(List<Input> inputs) {
    var types = new ArrayList<ClassDesc>(inputs.stream().map(StreamUnit::type).toList());
    types.add(CD_int);
    return MethodTypeDesc.of(CD_void, types);
  }

  // the method that goes through blocks

  private void blocks(List<UnitParameter> parameters) {
    int slot = 0;
    for (var parameter : parameters) {
      switch (parameter) {
        case UnitParameter.Buffer(var memory) -> place(memory, slot);
        case UnitParameter.Working _ -> frame = slot;
        case UnitParameter.Integer(var local) -> place(local, slot);
        case UnitParameter.Scalar(var local) -> place(local, slot);
        case UnitParameter.From _ -> from = slot;
        case UnitParameter.Count _ -> count = slot;
        case UnitParameter.TailLength _ ->
            throw new IllegalStateException("not for streams: " + parameter);
      }
      slot += UnitParameter.kind(parameter, addressing).slotSize();
    }
    var end = code.newLabel();
    code.iload(count).ifle(end);
    int index = code.allocateLocal(TypeKind.LONG);
    place(unit.index(), index);
    code.lload(from).lstore(index);
    integers();
    var all = new LinkedHashSet<Input>();
    all.addAll(inputs(stages.first(), stages, unit, plan));
    all.addAll(inputs(stages.second(), stages, unit, plan));
    all.forEach(this::prepare);
    int done = code.allocateLocal(TypeKind.INT);
    int length = code.allocateLocal(TypeKind.INT);
    var top = code.newLabel();
    code.iconst_0().istore(done);
    code.labelBinding(top);
    code.iload(done).iload(count).if_icmpge(end);
    code.loadConstant(BLOCK).iload(count).iload(done).isub().invokestatic(
        Names.MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int)).istore(length);
    code.iload(done).i2l().lload(from).ladd().lstore(index);
    integers();
    loads().forEach(place -> copyIn(place, length));
    call(stages.first(), length);
    call(stages.second(), length);
    stores().forEach(place -> copyOut(place, length));
    code.iload(done).loadConstant(BLOCK).iadd().istore(done);
    code.goto_(top);
    code.labelBinding(end);
    code.return_();
  }

  private void integers() {
    for (var statement : unit.statements()) {
      if (statement instanceof Statement.Let(var local, var _) && local.type() == Type.INDEX) {
        integers(statement);
      }
    }
  }

  private LinkedHashSet<Input.Place> loads() {
    var places = new LinkedHashSet<Input.Place>();
    for (var statement : unit.statements()) {
      var value = switch (statement) {
        case Statement.Let(var _, var v) -> v;
        case Statement.Assign(var _, var v) -> v;
        default -> null;
      };
      if (value instanceof Expr.Load load && load.access() instanceof Access.Contiguous) {
        places.add(new Input.Place(load.from(), load.offset()));
      }
    }
    return places;
  }

  private LinkedHashSet<Input.Place> stores() {
    var places = new LinkedHashSet<Input.Place>();
    for (var statement : unit.statements()) {
      if (statement instanceof Statement.Store store) {
        var place = new Input.Place(store.to(), store.offset());
        places.remove(place); // the last store to a place says when it is copied
        places.add(place);
      }
    }
    return places;
  }

  /** Puts what is passed to stages into variables: arrays of the frame, numbers. */
  private void prepare(Input input) {
    var kind = TypeKind.from(type(input));
    inputs.put(input, code.allocateLocal(kind));
    switch (input) {
      case Input.Place(var memory, var _) -> array(ArrayKind.of(memory.element()), input);
      case Input.Crossing(var local) -> array(ArrayKind.of(local.type()), input);
      case Input.Homes(var type) -> {
        homes(type);
        code.astore(inputs.get(input));
      }
      case Input.Number(var local) -> {
        number(local);
        code.storeLocal(kind, inputs.get(input));
      }
      case Input.Start _ -> {} // anew for each block
    }
  }

  private void homes(Type type) {
    code.aload(frame).invokevirtual(Names.FRAME, type == Type.F32 ? "floats" : "ints",
        MethodTypeDesc.of(ArrayKind.of(type).type));
  }

  private void array(ArrayKind kind, Input input) {
    int number = arrays.merge(kind, 1, Integer::sum) - 1;
    code.aload(frame).loadConstant(number).invokevirtual(Names.FRAME, kind.getter,
        MethodTypeDesc.of(kind.type, CD_int)).astore(inputs.get(input));
  }

  private void number(Local local) {
    if (isPlaced(local)) { // a parameter of the kernel
      code.loadLocal(PlainLane.kind(local.type()), slot(local));
      return;
    }
    switch (value(local)) {
      case Expr.Splat(var index) -> {
        pushIndex(index);
        code.l2i();
      }
      case Expr.Load load when unit.defined().contains(local) -> {
        pushElement(load.from(), load.offset(), 0);
        new PlainLane(this).widen(load.from().element());
      }
      default -> {
        homes(local.type());
        code.loadConstant(Frame.home(plan.homes().get(local)));
        if (local.type() == Type.F32) {
          code.faload();
        } else {
          code.iaload();
        }
      }
    }
  }

  private Expr value(Local local) {
    return Objects.requireNonNull(plan.values().get(local), local::toString);
  }

  private void copyIn(Input.Place place, int length) {
    var element = place.memory().element();
    pushSegment(place.memory());
    code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
    pushPlace(place.memory(), place.offset(), 0);
    code.aload(inputs.get(place)).iconst_0().iload(length);
    code.invokestatic(Names.SEGMENT, "copy", MethodTypeDesc.of(
        CD_void, Names.SEGMENT, Names.VALUE_LAYOUT, CD_long, CD_Object, CD_int, CD_int), true);
  }

  private void copyOut(Input.Place place, int length) {
    var element = place.memory().element();
    code.aload(inputs.get(place)).iconst_0();
    pushSegment(place.memory());
    code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
    pushPlace(place.memory(), place.offset(), 0);
    code.iload(length);
    code.invokestatic(Names.SEGMENT, "copy", MethodTypeDesc.of(
        CD_void, CD_Object, CD_int, Names.SEGMENT, Names.VALUE_LAYOUT, CD_long, CD_int), true);
  }

  private void call(List<Statement> stage, int length) {
    if (stage.isEmpty()) {
      return;
    }
    var wanted = inputs(stage, stages, unit, plan);
    for (var input : wanted) {
      if (input instanceof Input.Start(var local) && value(local) instanceof Expr.Iota(var start)) {
        pushIndex(start);
        code.l2i();
      } else {
        code.loadLocal(TypeKind.from(type(input)), inputs.get(input));
      }
    }
    code.iload(length);
    code.invokestatic(self, stageName(unit, stage == stages.first()), signature(wanted));
  }

  /** One loop over the elements of a block. */
  private static final class Stage extends Body {
    private final StreamStages stages;
    private final List<Statement> statements;
    private final List<Input> wanted;
    private final Map<Input, Integer> slots = new LinkedHashMap<>();
    private final PlainLane lane;
    private int element;

    Stage(Plan plan, Addressing addressing, CodeBuilder code, StreamStages stages, List<Statement> statements,
        List<Input> wanted) {
      super(plan, addressing, code);
      this.stages = stages;
      this.statements = statements;
      this.wanted = wanted;
      this.lane = new PlainLane(this);
    }

    void write() {
      int slot = 0;
      for (var input : wanted) {
        slots.put(input, slot);
        if (input instanceof Input.Number(var local)) {
          place(local, slot);
        }
        slot += TypeKind.from(type(input)).slotSize();
      }
      int length = slot;
      constants();
      element = code.allocateLocal(TypeKind.INT);
      var homes = homes();
      var top = code.newLabel();
      var end = code.newLabel();
      code.iconst_0().istore(element);
      code.labelBinding(top);
      code.iload(element).iload(length).if_icmpge(end);
      for (var input : wanted) {
        if (input instanceof Input.Crossing(var local) && stages.second() == statements) {
          allocate(local);
          code.aload(slots.get(input)).iload(element);
          loadArray(local);
        }
      }
      homes.forEach(local -> {
        allocate(local);
        pushHome(local);
        loadArray(local);
      });
      statements.forEach(this::statement);
      if (stages.first() == statements) {
        stages.crossing().forEach(local -> {
          code.aload(slots.get(new Input.Crossing(local))).iload(element);
          storeArray(local);
        });
      }
      homes.stream().filter(stages.accumulators()::contains).forEach(local -> {
        pushHome(local);
        storeArray(local);
      });
      code.iinc(element, 1);
      code.goto_(top);
      code.labelBinding(end);
      code.return_();
    }

    private void constants() {
      for (var statement : statements) {
        for (var local : Unit.read(statement)) {
          var value = plan.values().get(local);
          if (!local.mutable() && StreamStages.isConstant(value) && !isPlaced(local)) {
            allocate(local);
            lane.evaluate(value);
            code.storeLocal(PlainLane.kind(local.type()), slot(local));
          }
        }
      }
    }

    /** Locals that come from their homes: accumulators, and vectors that differ from lane to lane. */
    private List<Local> homes() {
      var defined = Statement.definedIn(statements);
      var homes = new LinkedHashSet<Local>();
      for (var statement : statements) {
        var touched = new LinkedHashSet<>(Unit.read(statement));
        if (statement instanceof Statement.Assign(var local, var _)) {
          touched.add(local);
        }
        touched.removeIf(local -> !local.type().isVector() || defined.contains(local) || isPlaced(local)
            || stages.crossing().contains(local));
        homes.addAll(touched);
      }
      return List.copyOf(homes);
    }

    private void allocate(Local local) {
      place(local, code.allocateLocal(PlainLane.kind(local.type())));
    }

    /** Pushes the array and the place of a home for the lane of this element. */
    private void pushHome(Local local) {
      code.aload(slots.get(new Input.Homes(local.type() == Type.F32 ? Type.F32 : Type.I32)));
      code.iload(element).bipush(Type.LANES - 1).iand();
      code.loadConstant(Frame.home(plan.homes().get(local))).iadd();
    }

    private void loadArray(Local local) {
      if (local.type() == Type.F32) {
        code.faload();
      } else {
        code.iaload();
      }
      code.storeLocal(PlainLane.kind(local.type()), slot(local));
    }

    private void storeArray(Local local) {
      lane.push(local);
      if (local.type() == Type.F32) {
        code.fastore();
      } else {
        code.iastore();
      }
    }

    private void statement(Statement statement) {
      switch (statement) {
        case Statement.Let(var local, var value) -> {
          allocate(local);
          define(local, value);
        }
        case Statement.Assign(var local, var value) -> define(local, value);
        case Statement.Store(var to, var offset, var _, var value, var _) -> {
          code.aload(slots.get(new Input.Place(to, offset))).iload(element);
          lane.push(value);
          lane.narrow(to.element());
          switch (ArrayKind.of(to.element())) {
            case FLOATS -> code.fastore();
            case INTS -> code.iastore();
            case SHORTS -> code.sastore();
            case BYTES -> code.bastore();
          }
        }
        default -> throw new IllegalStateException("not in a stream: " + statement);
      }
    }

    private void define(Local local, Expr value) {
      switch (value) {
        case Expr.Iota _ -> code.iload(slots.get(new Input.Start(local))).iload(element).iadd();
        case Expr.Load(var memory, var offset, var _, var _, var _) -> {
          code.aload(slots.get(new Input.Place(memory, offset))).iload(element);
          switch (ArrayKind.of(memory.element())) {
            case FLOATS -> code.faload();
            case INTS -> code.iaload();
            case SHORTS -> code.saload();
            case BYTES -> code.baload();
          }
          lane.widen(memory.element());
        }
        default -> lane.evaluate(value);
      }
      code.storeLocal(PlainLane.kind(local.type()), slot(local));
    }
  }
}
