package dev.ashlar.backend.cpu.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A routine over memory. Sizes, strides and scalars are parameters, so kernels of one structure are equal and
 * are compiled once. {@link KernelBuilder} numbers locals in order of definition, so what is built alike is
 * equal.
 *
 * @param name for readers
 * @param parameters in order; positions count from 0
 * @param scratch in order; numbers count from 0
 * @param body statements
 */
public record Kernel(
    String name, List<Parameter> parameters, List<Memory.Scratch> scratch, List<Statement> body) {

  /**
   * Checks the whole: every local is defined once, before its uses and in scope, every memory belongs to the
   * kernel.
   *
   * @throws IllegalArgumentException that names the first offence
   */
  public Kernel {
    parameters = List.copyOf(parameters);
    scratch = List.copyOf(scratch);
    body = List.copyOf(body);
    new Validator(name, parameters, scratch).check(body);
  }

  /**
   * The parameter with this name.
   *
   * @throws NoSuchElementException if there is none; names those that there are
   */
  public Parameter parameter(String wanted) {
    for (var parameter : parameters) {
      if (parameter.name().equals(wanted)) {
        return parameter;
      }
    }
    throw new NoSuchElementException("kernel " + name + " has no parameter " + wanted + ", only "
        + parameters.stream().map(Parameter::name).toList());
  }

  /** SHA-256 of the text of the kernel, in hexadecimal: the same for equal kernels, in any process. */
  public String digest() {
    try {
      var bytes = toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The whole kernel as text, one statement a line. */
  @Override
  public String toString() {
    return new Printer().print(this);
  }
}
