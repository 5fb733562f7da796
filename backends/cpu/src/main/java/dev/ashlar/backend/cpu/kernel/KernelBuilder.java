package dev.ashlar.backend.cpu.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a kernel from top to bottom: each method appends one statement and returns the local that it
 * defines. The same pure operation on the same immutable locals is written once in a scope.
 *
 * <pre>{@code
 * var b = new KernelBuilder("scale");
 * var x = b.buffer("x", Element.F32);
 * var n = b.index("n");
 * var factor = b.f32("factor");
 * b.vectorLoop(b.constant(0), n, i -> b.store(x, i, b.mul(b.load(x, i), factor)));
 * Kernel scale = b.build();
 * }</pre>
 */
public final class KernelBuilder {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final Access SINGLE = new Access.Single();

  /** Statements being collected, and the pure operations already written among them. */
  private record Block(List<Statement> statements, Map<Expr, Local> known) {
    Block() {
      this(new ArrayList<>(), new HashMap<>());
    }
  }

  private final String name;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Memory.Scratch> scratch = new ArrayList<>();
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final Map<Local, Long> indexConstants = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private int nextId;

  /** Starts a kernel with this name. */
  public KernelBuilder(String name) {
    this.name = name;
    blocks.push(new Block());
  }

  /**
   * The finished kernel.
   *
   * @throws IllegalStateException inside a loop
   */
  public Kernel build() {
    if (blocks.size() != 1) {
      throw new IllegalStateException("kernel " + name + ": a block is still open");
    }
    return new Kernel(name, parameters, scratch, blocks.getFirst().statements());
  }

  // ---- parameters and memory

  /** The next parameter, a region of memory. */
  public Parameter.Buffer buffer(String bufferName, Element element) {
    var buffer = new Parameter.Buffer(parameters.size(), unique(bufferName), element);
    parameters.add(buffer);
    return buffer;
  }

  /** The next parameter, an INDEX. */
  public Local index(String scalarName) {
    return scalar(scalarName, Type.INDEX);
  }

  /** The next parameter, a float in all lanes. */
  public Local f32(String scalarName) {
    return scalar(scalarName, Type.F32);
  }

  /** The next parameter, an integer in all lanes. */
  public Local i32(String scalarName) {
    return scalar(scalarName, Type.I32);
  }

  /** The next parameter, a number of this type. */
  public Local scalar(String scalarName, Type type) {
    var local = new Local(nextId++, type, false);
    parameters.add(new Parameter.Scalar(parameters.size(), unique(scalarName), local));
    return local;
  }

  /** Working memory of {@code size} elements. */
  public Memory.Scratch scratch(String scratchName, Element element, int size) {
    var memory = new Memory.Scratch(scratch.size(), unique(scratchName), element, size);
    scratch.add(memory);
    return memory;
  }

  private String unique(String wanted) {
    if (!names.add(wanted)) {
      throw new IllegalArgumentException("kernel " + name + ": the name " + wanted + " is taken");
    }
    return wanted;
  }

  // ---- locals

  /** Defines a local for any expression; a pure one that is known here is not repeated. */
  public Local let(Expr value) {
    boolean pure = isPure(value);
    if (pure) {
      for (var block : blocks) {
        var known = block.known().get(value);
        if (known != null) {
          return known;
        }
      }
    }
    var local = new Local(nextId++, value.type(), false);
    append(new Statement.Let(local, value));
    if (pure) {
      blocks.getFirst().known().put(value, local);
    }
    return local;
  }

  private static boolean isPure(Expr value) {
    return switch (value) {
      case Expr.Load _, Expr.IndexLoad _ -> false;
      default -> value.operands().stream().noneMatch(Local::mutable);
    };
  }

  /** A mutable local that starts with the value of another. */
  public Local variable(Local initial) {
    return variable(new Expr.Copy(initial));
  }

  /** A mutable local that starts with the value of an expression. */
  public Local variable(Expr initial) {
    var local = new Local(nextId++, initial.type(), true);
    append(new Statement.Let(local, initial));
    return local;
  }

  /** Gives a mutable local a new value. */
  public void assign(Local variable, Expr value) {
    append(new Statement.Assign(variable, value));
  }

  /** Gives a mutable local the value of another. */
  public void assign(Local variable, Local value) {
    assign(variable, new Expr.Copy(value));
  }

  /** The value that a mutable local has now, kept. */
  public Local copy(Local variable) {
    return let(new Expr.Copy(variable));
  }

  // ---- index arithmetic

  /** An INDEX constant. */
  public Local constant(long value) {
    var local = let(new Expr.IndexConstant(value));
    indexConstants.put(local, value);
    return local;
  }

  /** a op b for INDEX locals; constants are folded. */
  public Local index(Expr.IndexOp op, Local a, Local b) {
    var x = indexConstants.get(a);
    var y = indexConstants.get(b);
    if (x != null && y != null && !((op == Expr.IndexOp.DIV || op == Expr.IndexOp.REM) && y <= 0)) {
      return constant(evaluate(op, x, y));
    }
    boolean leaves = y != null && (y == 0 && (op == Expr.IndexOp.ADD || op == Expr.IndexOp.SUB)
        || y == 1 && (op == Expr.IndexOp.MUL || op == Expr.IndexOp.DIV));
    if (leaves && !a.mutable()) {
      return a;
    }
    if (x != null && !b.mutable() && (x == 0 && op == Expr.IndexOp.ADD || x == 1 && op == Expr.IndexOp.MUL)) {
      return b;
    }
    return let(new Expr.IndexBinary(op, a, b));
  }

  /** What an index operation means. */
  static long evaluate(Expr.IndexOp op, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case REM -> a % b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }

  /** One integer from memory. */
  public Local loadIndex(Memory from, Local offset) {
    return let(new Expr.IndexLoad(from, offset));
  }

  /** Writes one integer. */
  public void storeIndex(Memory to, Local offset, Local value) {
    append(new Statement.StoreIndex(to, offset, value));
  }

  // ---- memory

  /** Sixteen neighbouring elements; 0 in lanes left out. */
  public Local load(Memory from, Local offset) {
    return load(from, offset, CONTIGUOUS, null, 0);
  }

  /** Sixteen neighbouring elements of float type; {@code fill} in lanes left out by a tail. */
  public Local load(Memory from, Local offset, float fill) {
    return load(from, offset, CONTIGUOUS, null, Float.floatToRawIntBits(fill));
  }

  /** One element in all lanes. */
  public Local loadSingle(Memory from, Local offset) {
    return load(from, offset, SINGLE, null, 0);
  }

  /** Elements at offset, offset + stride, ..; 0 in lanes left out. */
  public Local loadStrided(Memory from, Local offset, Local stride) {
    return load(from, offset, new Access.Strided(stride), null, 0);
  }

  /** Any load. */
  public Local load(Memory from, Local offset, Access access, @Nullable Local mask, int fill) {
    return let(new Expr.Load(from, offset, access, mask, fill));
  }

  /** Writes neighbouring elements. */
  public void store(Memory to, Local offset, Local value) {
    store(to, offset, CONTIGUOUS, value, null);
  }

  /** Writes lane 0. */
  public void storeSingle(Memory to, Local offset, Local value) {
    store(to, offset, SINGLE, value, null);
  }

  /** Writes elements at offset, offset + stride, .. */
  public void storeStrided(Memory to, Local offset, Local stride, Local value) {
    store(to, offset, new Access.Strided(stride), value, null);
  }

  /** Any store. */
  public void store(Memory to, Local offset, Access access, Local value, @Nullable Local mask) {
    append(new Statement.Store(to, offset, access, value, mask));
  }

  /** Hints that an element will be needed soon. */
  public void prefetch(Memory from, Local offset) {
    append(new Statement.Prefetch(from, offset));
  }

  // ---- lanes

  /** The same float in all lanes. */
  public Local constant(float value) {
    return let(new Expr.FloatConstant(value));
  }

  /** The same integer in all lanes. */
  public Local intConstant(int value) {
    return let(new Expr.IntConstant(value));
  }

  /** op(a). */
  public Local unary(Expr.UnaryOp op, Local a) {
    return let(new Expr.Unary(op, a));
  }

  /** op(a, b): lanes, or index arithmetic for the operations that both have. */
  public Local binary(Expr.BinaryOp op, Local a, Local b) {
    return let(new Expr.Binary(op, a, b));
  }

  /** a + b, lanes or INDEX. */
  public Local add(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.ADD, Expr.IndexOp.ADD, a, b);
  }

  /** a - b, lanes or INDEX. */
  public Local sub(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.SUB, Expr.IndexOp.SUB, a, b);
  }

  /** a * b, lanes or INDEX. */
  public Local mul(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.MUL, Expr.IndexOp.MUL, a, b);
  }

  /** a / b, lanes or INDEX. */
  public Local div(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.DIV, Expr.IndexOp.DIV, a, b);
  }

  /** The smaller, lanes or INDEX. */
  public Local min(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.MIN, Expr.IndexOp.MIN, a, b);
  }

  /** The larger, lanes or INDEX. */
  public Local max(Local a, Local b) {
    return arithmetic(Expr.BinaryOp.MAX, Expr.IndexOp.MAX, a, b);
  }

  private Local arithmetic(Expr.BinaryOp op, Expr.IndexOp indexOp, Local a, Local b) {
    return a.type() == Type.INDEX ? index(indexOp, a, b) : binary(op, a, b);
  }

  /** INDEX: a + b * c, the usual offset. */
  public Local offset(Local a, Local b, Local c) {
    return add(a, mul(b, c));
  }

  /** a * b + c, rounded once. */
  public Local fma(Local a, Local b, Local c) {
    return let(new Expr.Fma(a, b, c));
  }

  /** op(a, b) as a MASK. */
  public Local compare(Expr.CompareOp op, Local a, Local b) {
    return let(new Expr.Compare(op, a, b));
  }

  /** mask ? a : b. */
  public Local select(Local mask, Local a, Local b) {
    return let(new Expr.Select(mask, a, b));
  }

  /** All lanes combined, in all lanes. */
  public Local reduce(Expr.Reduction op, Local a) {
    return let(new Expr.ReduceLanes(op, a));
  }

  /** The first {@code count} lanes. */
  public Local firstLanes(Local count) {
    return let(new Expr.FirstLanes(count));
  }

  // ---- blocks

  /** A counted loop. */
  public void loop(Local from, Local to, long step, Consumer<Local> body) {
    var index = new Local(nextId++, Type.INDEX, false);
    append(new Statement.For(index, from, to, step, block(() -> body.accept(index))));
  }

  /** A loop over vectors with a tail. */
  public void vectorLoop(Local from, Local to, Consumer<Local> body) {
    var index = new Local(nextId++, Type.INDEX, false);
    append(new Statement.VectorLoop(index, from, to, block(() -> body.accept(index))));
  }

  /** One of two blocks. */
  public void branch(Expr.CompareOp op, Local a, Local b, Runnable then, Runnable otherwise) {
    append(new Statement.If(op, a, b, block(then), block(otherwise)));
  }

  private List<Statement> block(Runnable body) {
    blocks.push(new Block());
    body.run();
    return blocks.pop().statements();
  }

  private void append(Statement statement) {
    blocks.getFirst().statements().add(statement);
  }
}
