package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** What the driver passes to a unit. */
sealed interface UnitParameter {

  /** A buffer or scratch. */
  record Buffer(Memory memory) implements UnitParameter {}

  /** The frame. */
  record Working() implements UnitParameter {}

  /** An INDEX. */
  record Integer(Local local) implements UnitParameter {}

  /** An F32 or I32 parameter of the kernel. */
  record Scalar(Local local) implements UnitParameter {}

  /** How many lanes the tail has, as a long. */
  record TailLength() implements UnitParameter {}

  /** Where the loop starts, as a long. */
  record From() implements UnitParameter {}

  /** How often the loop runs, as an int. */
  record Count() implements UnitParameter {}

  /** The JVM's limit; a long or an address takes two. */
  int MOST_SLOTS = 255;

  /**
   * What a unit needs, in order; a loop's start and count come last.
   *
   * @throws IllegalArgumentException if it is more than a method can take
   */
  static List<UnitParameter> of(Unit unit, Plan plan) {
    var parameters = new ArrayList<UnitParameter>();
    unit.memory().forEach(memory -> parameters.add(new Buffer(memory)));
    parameters.add(new Working());
    plan.integers(unit).forEach(local -> parameters.add(new Integer(local)));
    var read = unit.read();
    for (var parameter : plan.kernel().parameters()) {
      if (parameter instanceof Parameter.Scalar(var _, var _, var local)
          && local.type().isVector() && read.contains(local)) {
        parameters.add(new Scalar(local));
      }
    }
    if (unit.tail() != null) {
      parameters.add(new TailLength());
    }
    if (unit.loops()) {
      parameters.add(new From());
      parameters.add(new Count());
    }
    int slots = parameters.stream().mapToInt(p -> kind(p, Body.Addressing.ADDRESSES).slotSize()).sum();
    if (slots > MOST_SLOTS) {
      throw new IllegalArgumentException("kernel " + plan.kernel().name() + ": a loop of it uses so many"
          + " buffers and sizes that they take " + slots + " argument slots; a Java method has " + MOST_SLOTS);
    }
    return parameters;
  }

  static MethodTypeDesc signature(List<UnitParameter> parameters, Body.Addressing addressing) {
    return MethodTypeDesc.of(
        CD_void, parameters.stream().map(parameter -> type(parameter, addressing)).toList());
  }

  /** The kind of variable that a parameter arrives in. */
  static TypeKind kind(UnitParameter parameter, Body.Addressing addressing) {
    return TypeKind.from(type(parameter, addressing));
  }

  private static ClassDesc type(UnitParameter parameter, Body.Addressing addressing) {
    return switch (parameter) {
      case Buffer _ -> addressing.type();
      case Working _ -> Names.FRAME;
      case Integer _, TailLength _, From _ -> CD_long;
      case Scalar(var local) -> local.type() == Type.F32 ? CD_float : CD_int;
      case Count _ -> CD_int;
    };
  }
}
