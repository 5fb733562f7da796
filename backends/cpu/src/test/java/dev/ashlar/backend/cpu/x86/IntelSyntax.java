package dev.ashlar.backend.cpu.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads instructions as the manual and `as` write them and passes them to an assembler. */
final class IntelSyntax {
  private static final Pattern REGISTER = Pattern.compile("([xyz])mm(\\d+)");
  private static final Pattern MASK = Pattern.compile("(.*?)\\{k(\\d)}(\\{z})?");
  private static final List<String> LOW = List.of("ax", "cx", "dx", "bx", "sp", "bp", "si", "di");

  private IntelSyntax() {}

  static byte[] assemble(String line) {
    var assembler = new Assembler();
    int space = line.indexOf(' ');
    var name = space < 0 ? line : line.substring(0, space);
    var texts = space < 0 ? List.<String>of() : List.of(line.substring(space + 1).split(", "));
    if (!general(assembler, name, texts)) {
      assembler.emit(Instruction.valueOf(name.toUpperCase(Locale.ROOT)),
          texts.stream().map(IntelSyntax::operand).toArray(Operand[]::new));
    }
    return assembler.finish();
  }

  private static Operand operand(String text) {
    var mask = MASK.matcher(text);
    if (mask.matches()) {
      var destination = operand(mask.group(1));
      var register = MaskRegister.k(Integer.parseInt(mask.group(2)));
      return mask.group(3) == null ? destination.masked(register) : destination.zeroed(register);
    }
    var vector = REGISTER.matcher(text);
    if (vector.matches()) {
      return new Vec(Integer.parseInt(vector.group(2)), 128 << "xyz".indexOf(vector.group(1)));
    }
    if (text.indexOf('[') >= 0) {
      return memory(text);
    }
    if (text.matches("k\\d")) {
      return MaskRegister.k(text.charAt(1) - '0');
    }
    return Character.isLetter(text.charAt(0)) ? gpr(text) : Imm.imm(Integer.parseInt(text));
  }

  private static Mem memory(String text) {
    Gpr base = null;
    Operand index = null;
    int scale = 1;
    int displacement = 0;
    for (var part : text.substring(text.indexOf('[') + 1, text.indexOf(']')).split("(?=[+-])")) {
      if (part.matches("[+-]?\\d+")) {
        displacement = Integer.parseInt(part);
      } else if (part.contains("*")) {
        index = operand(part.replaceAll("[+]|\\*.*", ""));
        scale = Integer.parseInt(part.replaceAll(".*\\*", ""));
      } else {
        base = gpr(part);
      }
    }
    var memory = Mem.at(base, index == null ? Gpr.RAX : index, scale, displacement);
    var plain = index == null && base != null ? Mem.at(base, displacement) : memory;
    return text.contains("{1to") ? plain.broadcasted() : plain;
  }

  private static Gpr gpr(String text) {
    var name = text.startsWith("+") ? text.substring(1) : text;
    var plain = name.replaceFirst("^([re])(?=[a-z])", "").replaceFirst("(?<=\\d)[dw]$", "");
    return LOW.contains(plain)
        ? Gpr.values()[LOW.indexOf(plain)] : Gpr.valueOf(plain.toUpperCase(Locale.ROOT));
  }

  /** Instructions on general registers; false if {@code name} is none. */
  private static boolean general(Assembler a, String name, List<String> texts) {
    var operands = new ArrayList<@Nullable Operand>();
    for (var text : texts) {
      operands.add(text.matches("-?\\d{10,}") ? null : operand(text)); // a constant of more than 32 bits
    }
    Operand first = operands.isEmpty() ? Gpr.RAX : operands.getFirst();
    Operand second = operands.size() < 2 ? first : operands.get(1);
    boolean narrow = texts.stream().anyMatch(text -> text.matches("e[a-ds]..?|e[a-z]{2}|r\\d+d|dword.*"));
    var upper = name.toUpperCase(Locale.ROOT);
    switch (name) {
      case "mov" -> mov(a, first, second, texts, narrow);
      case "movzx" -> {
        if (texts.get(1).startsWith("byte")) {
          a.movzx8((Gpr) first, (Mem) second);
        } else {
          a.movzx16((Gpr) first, (Mem) second);
        }
      }
      case "movsx" -> a.movsx8((Gpr) first, (Mem) second);
      case "idiv" -> a.idiv((Mem) first);
      case "movsxd" -> a.movsxd((Gpr) first, second);
      case "lea" -> a.lea((Gpr) first, (Mem) second);
      case "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp" -> {
        if (first instanceof Mem memory) {
          a.alu(Alu.valueOf(upper), memory, second);
        } else if (narrow) {
          a.alu32(Alu.valueOf(upper), (Gpr) first, (Gpr) second);
        } else {
          a.alu(Alu.valueOf(upper), (Gpr) first, second);
        }
      }
      case "test" -> a.test((Gpr) first, (Gpr) second);
      case "imul" -> {
        if (operands.size() == 3) {
          a.imul((Gpr) first, second, ((Imm) operands.get(2)).value());
        } else {
          a.imul((Gpr) first, second);
        }
      }
      case "cmove" -> a.cmov(Condition.EQUAL, (Gpr) first, second);
      case "cmovl" -> a.cmov(Condition.LESS, (Gpr) first, second);
      case "cmovae" -> a.cmov(Condition.ABOVE_EQUAL, (Gpr) first, second);
      case "shl" -> a.shl((Gpr) first, ((Imm) second).value());
      case "shr" -> a.shr((Gpr) first, ((Imm) second).value());
      case "sar" -> a.sar((Gpr) first, ((Imm) second).value());
      case "not" -> a.not((Gpr) first);
      case "neg" -> a.neg((Gpr) first);
      case "inc" -> a.inc((Gpr) first);
      case "dec" -> a.dec((Gpr) first);
      case "push" -> a.push((Gpr) first);
      case "pop" -> a.pop((Gpr) first);
      case "call" -> a.call((Gpr) first);
      case "ret" -> a.ret();
      case "cpuid" -> a.cpuid();
      case "xgetbv" -> a.xgetbv();
      case "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2" ->
          a.prefetch(Assembler.Prefetch.valueOf(upper.substring("prefetch".length())), (Mem) first);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void mov(
      Assembler a, Operand to, @Nullable Operand from, List<String> texts, boolean narrow) {
    if (from == null) {
      a.mov((Gpr) to, Long.parseLong(texts.get(1)));
    } else if (to instanceof Mem memory && from instanceof Imm constant) {
      a.mov(memory, constant.value());
    } else if (to instanceof Mem memory && texts.get(0).startsWith("word")) {
      a.mov16(memory, (Gpr) from);
    } else if (to instanceof Mem memory) {
      if (narrow) {
        a.mov32(memory, (Gpr) from);
      } else {
        a.mov(memory, (Gpr) from);
      }
    } else {
      movToRegister(a, (Gpr) to, from, narrow);
    }
  }

  private static void movToRegister(Assembler a, Gpr to, Operand from, boolean narrow) {
    switch (from) {
      case Gpr register when narrow -> a.mov32(to, register);
      case Gpr register -> a.mov(to, register);
      case Mem memory when narrow -> a.mov32(to, memory);
      case Mem memory -> a.mov(to, memory);
      case Imm constant when narrow -> a.mov32(to, constant.value());
      case Imm constant -> a.mov(to, (long) constant.value());
      default -> throw new IllegalArgumentException("mov " + to + ", " + from);
    }
  }
}
