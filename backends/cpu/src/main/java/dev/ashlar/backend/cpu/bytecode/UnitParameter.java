package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the driver passes to a unit. */
sealed interface UnitParameter {

  /** A buffer or scratch. */
  record Buffer(Memory memory) implements UnitParameter {}

  /** The part of the frame where vectors have their homes. */
  record Homes() implements UnitParameter {}

  /** The arrays of the frame: floats, then ints. */
  record Arrays() implements UnitParameter {}

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

  /** What a unit needs, in order; a loop's start and count come last. */
  static List<UnitParameter> of(Unit unit, Plan plan, boolean homes, boolean arrays) {
    var parameters = new ArrayList<UnitParameter>();
    unit.memory().forEach(memory -> parameters.add(new Buffer(memory)));
    if (homes) {
      parameters.add(new Homes());
    }
    if (arrays) {
      parameters.add(new Arrays());
    }
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
    return parameters;
  }

  static MethodTypeDesc signature(List<UnitParameter> parameters, Body.Addressing addressing) {
    return MethodTypeDesc.of(CD_void, parameters.stream().flatMap(parameter -> types(parameter, addressing)).toList());
  }

  private static Stream<ClassDesc> types(UnitParameter parameter, Body.Addressing addressing) {
    return switch (parameter) {
      case Buffer _, Homes _ -> Stream.of(addressing.type());
      case Arrays _ -> Stream.of(CD_float.arrayType(), CD_int.arrayType());
      case Integer _, TailLength _, From _ -> Stream.of(CD_long);
      case Scalar(var local) -> Stream.of(local.type() == Type.F32 ? CD_float : CD_int);
      case Count _ -> Stream.of(CD_int);
    };
  }
}
