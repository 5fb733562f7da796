package dev.ashlar.backend.cpu.kernel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kernels as text, one statement a line. */
final class Printer {

  private final StringBuilder out = new StringBuilder();
  private int depth = 1;

  String print(Kernel kernel) {
    out.append("kernel ").append(kernel.name()).append(kernel.parameters().stream()
        .map(Printer::parameter).collect(Collectors.joining(", ", "(", ")"))).append('\n');
    for (var scratch : kernel.scratch()) {
      line("scratch " + scratch.name() + ": " + lower(scratch.element()) + "[" + scratch.size() + "]");
    }
    block(kernel.body());
    return out.toString();
  }

  private static String parameter(Parameter parameter) {
    return parameter.name() + ": " + switch (parameter) {
      case Parameter.Buffer buffer -> lower(buffer.element()) + "[]";
      case Parameter.Scalar scalar -> lower(scalar.local().type()) + " " + scalar.local();
    };
  }

  private void block(List<Statement> statements) {
    for (var statement : statements) {
      print(statement);
    }
  }

  private void print(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var value) -> line(local + " = " + text(value));
      case Statement.Assign(var local, var value) -> line(local + " := " + text(value));
      case Statement.Store(var to, var offset, var access, var value, var mask) ->
          line(place(to, offset, access) + " := " + value + masked(mask));
      case Statement.StoreIndex(var to, var offset, var value) ->
          line(to + "[" + offset + "] := " + value);
      case Statement.Prefetch(var from, var offset) -> line("prefetch " + from + "[" + offset + "]");
      case Statement.For(var index, var from, var to, var step, var body) ->
          nested("for " + index + " = " + from + " to " + to + " step " + step, body);
      case Statement.VectorLoop(var index, var from, var to, var body) ->
          nested("vectors " + index + " = " + from + " to " + to, body);
      case Statement.If(var op, var a, var b, var then, var otherwise) -> {
        nested("if " + a + " " + lower(op) + " " + b, then);
        if (!otherwise.isEmpty()) {
          nested("else", otherwise);
        }
      }
    }
  }

  private void nested(String head, List<Statement> body) {
    line(head);
    depth++;
    block(body);
    depth--;
  }

  private static String text(Expr value) {
    return switch (value) {
      case Expr.Copy(var a) -> a.toString();
      case Expr.IndexConstant(var constant) -> Long.toString(constant);
      case Expr.IndexBinary(var op, var a, var b) -> call(op, a, b);
      case Expr.IndexLoad(var from, var offset) -> from + "[" + offset + "]";
      case Expr.FloatConstant(var constant) -> constant + "f (" + Float.toHexString(constant) + ")";
      case Expr.IntConstant(var constant) -> "int " + constant;
      case Expr.Iota(var start) -> "iota(" + start + ")";
      case Expr.Splat(var index) -> "splat(" + index + ")";
      case Expr.FirstLanes(var count) -> "first_lanes(" + count + ")";
      case Expr.Load(var from, var offset, var access, var mask, var fill) ->
          place(from, offset, access) + masked(mask) + (fill == 0 ? "" : " fill "
              + Integer.toHexString(fill));
      case Expr.Unary(var op, var a) -> call(op, a);
      case Expr.Binary(var op, var a, var b) -> call(op, a, b);
      case Expr.Compare(var op, var a, var b) -> call(op, a, b);
      case Expr.Fma(var a, var b, var c) -> "fma(" + a + ", " + b + ", " + c + ")";
      case Expr.Select(var mask, var a, var b) -> "select(" + mask + ", " + a + ", " + b + ")";
      case Expr.ReduceLanes(var op, var a) -> "reduce_" + call(op, a);
      case Expr.Exchange(var high, var distance, var a, var b) ->
          "exchange_" + (high ? "high" : "low") + "_" + distance + "(" + a + ", " + b + ")";
    };
  }

  private static String place(Memory memory, Local offset, Access access) {
    return memory + "[" + offset + switch (access) {
      case Access.Contiguous _ -> " ..";
      case Access.Single _ -> "";
      case Access.Strided(var stride) -> " .. by " + stride;
      case Access.Gather(var lanes) -> " + " + lanes;
    } + "]";
  }

  private static String masked(@Nullable Local mask) {
    return mask == null ? "" : " where " + mask;
  }

  private static String call(Enum<?> op, Local... operands) {
    return lower(op) + List.of(operands).stream().map(Local::toString)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void line(String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }
}
