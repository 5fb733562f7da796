package dev.ashlar.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Kernels at random, for comparing emitters: every expression, access, element and kind of loop turns up.
 * They take n up to 37, stride up to 3, s (F32), t (I32), and buffers of 256 elements.
 */
public final class RandomKernels {

  private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_NORMAL, Float.MAX_VALUE, 0x1p31f, -0x1p31f, 2.5f,
      -3.5f, 65504f, 65520f};

  private static final int SCRATCH = 112;

  private final Random random;
  private final KernelBuilder b = new KernelBuilder("random");
  private final List<Memory> inputs = new ArrayList<>();
  private final List<Memory> outputs = new ArrayList<>();
  private final List<Local> floats = new ArrayList<>();
  private final List<Local> ints = new ArrayList<>();
  private final List<Local> masks = new ArrayList<>();
  private final List<Local> variables = new ArrayList<>();
  private Local stride;

  private RandomKernels(Random random) {
    this.random = random;
  }

  /** A kernel. */
  public static Kernel kernel(Random random) {
    return new RandomKernels(random).build();
  }

  /** Numbers for a buffer: mostly ordinary, now and then awkward; small for index elements. */
  public static void fill(MemorySegment memory, Parameter.Buffer buffer, Random random) {
    long count = memory.byteSize() / buffer.element().bytes();
    for (long i = 0; i < count; i++) {
      float f = random.nextInt(8) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)]
          : (float) random.nextGaussian() * 3;
      boolean small = buffer.name().equals("ids");
      switch (buffer.element()) {
        case F32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, f);
        case F16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(f));
        case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i,
            (short) (Float.floatToRawIntBits(f) >>> 16));
        case I32 -> memory.setAtIndex(ValueLayout.JAVA_INT, i, small ? random.nextInt(5) : random.nextInt());
        case I64 -> memory.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextInt(5));
        case I8, U8 -> memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        case BOOL -> memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(3));
      }
    }
  }

  private Kernel build() {
    for (var element : Element.values()) {
      if (element != Element.I64) {
        inputs.add(b.buffer("in_" + element, element));
        outputs.add(b.buffer("out_" + element, element));
      }
    }
    var ids = b.buffer("ids", Element.I32);
    var scratch = b.scratch("scratch", Element.F32, SCRATCH);
    var truth = b.scratch("truth", Element.BOOL, SCRATCH);
    var n = b.index("n");
    stride = b.index("stride");
    floats.add(b.f32("s"));
    ints.add(b.i32("t"));
    var zero = b.constant(0);
    for (int lane = 0; lane < SCRATCH; lane += Type.LANES) {
      b.store(scratch, b.constant(lane), floats.getFirst());
      b.store(truth, b.constant(lane), b.firstLanes(b.constant(lane % 17)));
    }
    inputs.addAll(List.of(scratch, truth));
    outputs.addAll(List.of(scratch, truth));
    variables.add(b.variable(b.constant(0.5f)));
    variables.add(b.variable(b.intConstant(3)));
    variables.add(b.variable(b.compare(Expr.CompareOp.LT, floats.getFirst(), b.constant(2f))));
    b.loop(zero, b.constant(1 + random.nextInt(2)), 1, r -> {
      var id = b.loadIndex(ids, r);
      b.vectorLoop(zero, n, i -> {
        var at = b.add(i, b.mul(r, stride));
        block(at, 12 + random.nextInt(40));
        b.loop(zero, stride, 2, j -> block(b.add(j, i), 5));
        b.branch(Expr.CompareOp.GE, at, b.constant(16), () -> block(at, 5), () -> {});
        var own = b.variable(b.load(inputs.get(0), at));
        b.assign(own, b.add(own, b.constant(1f)));
        b.store(outputs.get(0), b.add(at, b.constant(64)), own);
      });
      storeIndex(r, id);
      b.branch(Expr.CompareOp.values()[random.nextInt(6)], id, b.constant(2),
          () -> block(id, 8), () -> block(b.div(n, b.add(id, b.constant(1))), 8));
    });
    block(b.index(Expr.IndexOp.REM, n, b.constant(7)), 8);
    var at = b.constant(200);
    b.store(outputs.get(0), at, variables.get(0));
    b.store(outputs.get(3), at, variables.get(1));
    b.store(outputs.get(6), at, variables.get(2));
    return b.build();
  }

  /** Integers of each size to an index and back. */
  private void storeIndex(Local r, Local id) {
    var sum = b.variable(id);
    for (var from : inputs) {
      if (from.element().isIndex()) {
        b.assign(sum, b.add(sum, b.loadIndex(from, r)));
      }
    }
    for (var to : outputs) {
      if (to.element().isIndex()) {
        b.storeIndex(to, b.add(r, b.constant(210)), sum);
      }
    }
    var third = b.div(sum, b.constant(3));
    b.storeIndex(outputs.get(3), b.add(r, b.constant(220)), b.max(third, b.index(Expr.IndexOp.REM, sum,
        stride)));
  }

  /** Some operations at an offset of at most 43; what they define is forgotten afterwards. */
  private void block(Local offset, int count) {
    int f = floats.size();
    int i = ints.size();
    int m = masks.size();
    floats.add(b.load(inputs.get(0), offset));
    ints.add(b.load(inputs.get(3), offset));
    masks.add(b.compare(Expr.CompareOp.GT, floats.getLast(), b.constant(0.25f)));
    for (int step = 0; step < count; step++) {
      if (random.nextInt(5) == 0) {
        store(offset);
      } else {
        add(expression(offset));
      }
    }
    floats.subList(f, floats.size()).clear();
    ints.subList(i, ints.size()).clear();
    masks.subList(m, masks.size()).clear();
  }

  private void add(Expr value) {
    var local = b.let(value);
    of(local.type()).add(local);
    if (random.nextInt(6) == 0) {
      var variable = variables.get(random.nextInt(3));
      b.assign(variable, pick(variable.type()));
    }
  }

  private List<Local> of(Type type) {
    return switch (type) {
      case F32 -> floats;
      case I32 -> ints;
      case MASK -> masks;
      case INDEX -> throw new IllegalArgumentException();
    };
  }

  private Local pick(Type type) {
    if (random.nextInt(8) == 0) {
      return variables.stream().filter(v -> v.type() == type).findFirst().orElseThrow();
    }
    var list = of(type);
    return list.get(random.nextInt(list.size()));
  }

  private Access access(boolean load) {
    return switch (random.nextInt(load ? 6 : 4)) {
      case 0 -> new Access.Single();
      case 1 -> new Access.Strided(random.nextBoolean() ? stride : b.constant(2));
      case 5 -> new Access.Gather(b.binary(Expr.BinaryOp.AND, pick(Type.I32), b.intConstant(63)));
      default -> new Access.Contiguous();
    };
  }

  private void store(Local offset) {
    var to = outputs.get(random.nextInt(outputs.size()));
    var access = access(false);
    var mask = random.nextInt(3) > 0 || access instanceof Access.Single ? null : pick(Type.MASK);
    b.store(to, offset, access, pick(to.element().type()), mask);
  }

  private <T extends Enum<T>> T any(Class<T> kind) {
    return kind.getEnumConstants()[random.nextInt(kind.getEnumConstants().length)];
  }

  /** The bits of a NaN are unspecified, so none is asked for. */
  private Expr unary(Expr.UnaryOp op, Local a) {
    if (op == Expr.UnaryOp.BITS_OF_F32 && a.type() == Type.F32) {
      return new Expr.Unary(op, b.select(b.compare(Expr.CompareOp.EQ, a, a), a, b.constant(1f)));
    }
    return new Expr.Unary(op, a);
  }

  private Expr expression(Local offset) {
    while (true) {
      var type = random.nextInt(3) == 0 ? Type.I32 : Type.F32;
      try {
        return switch (random.nextInt(12)) {
          case 0, 1 -> unary(any(Expr.UnaryOp.class), pick(random.nextInt(9) == 0 ? Type.MASK : type));
          case 2, 3, 4 -> new Expr.Binary(any(Expr.BinaryOp.class), pick(type), pick(type));
          case 5 -> new Expr.Compare(any(Expr.CompareOp.class), pick(type), pick(type));
          case 6 -> new Expr.Fma(pick(Type.F32), pick(Type.F32), pick(Type.F32));
          case 7 -> new Expr.Select(pick(Type.MASK), pick(type), pick(type));
          case 8 -> random.nextBoolean() ? new Expr.ReduceLanes(any(Expr.Reduction.class), pick(type))
              : new Expr.Exchange(random.nextBoolean(), 1 << random.nextInt(4), pick(type), pick(type));
          case 9 -> switch (random.nextInt(5)) {
            case 0 -> new Expr.Iota(offset);
            case 1 -> new Expr.Splat(offset);
            case 2 -> new Expr.FirstLanes(b.sub(offset, b.constant(3)));
            case 3 -> new Expr.IntConstant(random.nextInt(40));
            default -> new Expr.FloatConstant(SPECIAL[random.nextInt(SPECIAL.length)]);
          };
          default -> {
            var from = inputs.get(random.nextInt(inputs.size()));
            var access = access(true);
            var mask = random.nextInt(3) > 0 || access instanceof Access.Single ? null : pick(Type.MASK);
            yield new Expr.Load(from, offset, access, mask, random.nextBoolean() ? 0 : 1);
          }
        };
      } catch (IllegalArgumentException notDefined) {
        // another one
      }
    }
  }
}
