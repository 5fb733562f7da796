package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.ashlar.backend.cpu.bytecode.Body.Addressing;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles kernels to hidden classes. */
public final class BytecodeEmitter implements KernelCompiler {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** What a value of sixteen lanes is made of. */
  public enum Lanes {
    /** One vector of 512 bits. */
    VECTOR_512(512),
    /** Two vectors of 256 bits. */
    VECTOR_256(256),
    /** Four vectors of 128 bits. */
    VECTOR_128(128),
    /** Plain numbers. */
    SCALAR(0);

    private final int bits;

    Lanes(int bits) {
      this.bits = bits;
    }
  }

  private final Lanes lanes;
  private final Addressing addressing;

  private BytecodeEmitter(Lanes lanes, Addressing addressing) {
    this.lanes = lanes;
    this.addressing = addressing;
  }

  /**
   * The fastest that this JVM allows.
   *
   * @param checked whether every access is checked against its buffer
   */
  public static BytecodeEmitter create(boolean checked) {
    return create(preferredLanes(), checked);
  }

  /**
   * With lanes of a choice.
   *
   * @throws IllegalStateException if vectors are wanted and the module jdk.incubator.vector is not there
   */
  public static BytecodeEmitter create(Lanes lanes, boolean checked) {
    if (lanes != Lanes.SCALAR) {
      var module = ModuleLayer.boot().findModule(VECTOR_MODULE).orElseThrow(() -> new IllegalStateException(
          "the module " + VECTOR_MODULE + " is not there; start with --add-modules " + VECTOR_MODULE));
      BytecodeEmitter.class.getModule().addReads(module);
    }
    boolean everything = !checked && BytecodeEmitter.class.getModule().isNativeAccessEnabled();
    return new BytecodeEmitter(lanes, everything ? Addressing.ADDRESSES : Addressing.SEGMENTS);
  }

  /** The widest lanes that the machine has registers for; plain numbers without the Vector API. */
  public static Lanes preferredLanes() {
    return switch (PreferredVectors.bits()) {
      case 0 -> Lanes.SCALAR;
      case 128 -> Lanes.VECTOR_128;
      case 256 -> Lanes.VECTOR_256;
      default -> Lanes.VECTOR_512;
    };
  }

  /** For logs and reports, such as "bytecode, Vector API, 512 bits". */
  public String description() {
    return "bytecode, " + (lanes == Lanes.SCALAR ? "plain numbers" : "Vector API, " + lanes.bits + " bits")
        + (addressing == Addressing.SEGMENTS ? ", bounds checked" : "");
  }

  @Override public CompiledKernel compile(Kernel kernel) {
    var plan = new Cutter(kernel, lanes.bits / Integer.SIZE).cut();
    var parameters = new HashMap<Unit, List<UnitParameter>>();
    plan.units().forEach(unit -> parameters.put(unit, UnitParameter.of(unit, plan)));
    var layout = new Frame.Layout(kernel.scratch(), plan.homes().size(), streams(plan));
    var self = ClassDesc.of(BytecodeEmitter.class.getPackageName(), "Kernel");
    var bytes = ClassFile.of().build(self, type -> write(type, self, plan, parameters));
    return load(bytes, layout);
  }

  /** The largest number of arrays of each kind that a stream of this kernel needs. */
  private static Map<StreamUnit.ArrayKind, Integer> streams(Plan plan) {
    var arrays = new EnumMap<StreamUnit.ArrayKind, Integer>(StreamUnit.ArrayKind.class);
    plan.units().stream().filter(unit -> unit.kind() == Unit.Kind.STREAM).forEach(unit ->
        StreamUnit.arrays(unit, plan).forEach((kind, number) -> arrays.merge(kind, number, Math::max)));
    return arrays;
  }

  private void write(
      ClassBuilder type, ClassDesc self, Plan plan, Map<Unit, List<UnitParameter>> parameters) {
    var layoutType = Frame.Layout.class.describeConstable().orElseThrow();
    type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Names.GENERATED);
    type.withMethodBody(INIT_NAME, MethodTypeDesc.of(CD_void, layoutType), 0, code -> code
        .aload(0).aload(1).invokespecial(Names.GENERATED, INIT_NAME, MethodTypeDesc.of(CD_void, layoutType))
        .return_());
    type.withMethodBody("run", MethodTypeDesc.of(CD_void, Names.ARGUMENTS), ClassFile.ACC_PUBLIC,
        code -> new Driver(plan, addressing, code, self, parameters).write());
    for (var unit : plan.units()) {
      if (unit.kind() == Unit.Kind.STREAM) {
        StreamUnit.write(type, self, plan, addressing, unit, parameters.get(unit));
      } else {
        type.withMethodBody(unit.method(), UnitParameter.signature(parameters.get(unit), addressing),
            ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE,
            code -> write(code, plan, unit, parameters.get(unit)));
      }
    }
  }

  private void write(CodeBuilder code, Plan plan, Unit unit, List<UnitParameter> parameters) {
    if (lanes == Lanes.SCALAR) {
      new PlainUnit(plan, addressing, code, unit).write(parameters);
    } else {
      new VectorUnit(plan, addressing, code, unit, lanes.bits).write(parameters);
    }
  }

  private CompiledKernel load(byte[] bytes, Frame.Layout layout) {
    try {
      var lookup = MethodHandles.lookup();
      var defined = addressing == Addressing.ADDRESSES
          ? lookup.defineHiddenClassWithClassData(bytes, everything(), true)
          : lookup.defineHiddenClass(bytes, true);
      return (CompiledKernel) defined.findConstructor(
          defined.lookupClass(), MethodType.methodType(void.class, Frame.Layout.class))
          .invoke(layout);
    } catch (Throwable e) {
      throw new IllegalStateException("a generated class was refused", e);
    }
  }

  /** All memory as one segment, so that an address is an offset; only where native access is enabled. */
  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
