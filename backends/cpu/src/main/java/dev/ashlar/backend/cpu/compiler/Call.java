package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Kernel;
import java.util.Iterator;
import java.util.List;

/**
 * A kernel and what it is called with.
 *
 * @param arguments one for each parameter
 * @param extent how many units of work there are to be shared out, given by {@link Argument.From} and {@link
 *     Argument.To}; 1 if it is a single piece
 * @param grain units that are not to be parted
 * @param nanos time that all of it takes on one thread, roughly
 */
public record Call(Kernel kernel, List<Argument> arguments, long extent, long grain, long nanos) {

  /** What a parameter gets. */
  public sealed interface Argument {
    /**
     * A buffer.
     *
     * @param isParted whether a unit of work touches its own part of the buffer alone: all parts are equal and lie in
     *     the units' order
     */
    record Buffer(Slot slot, boolean isParted) implements Argument {}

    /** A number. */
    record Index(long value) implements Argument {}

    /** A number. */
    record F32(float value) implements Argument {}

    /** A number. */
    record I32(int value) implements Argument {}

    /** First unit of the piece of work. */
    record From() implements Argument {}

    /** End of the piece of work. */
    record To() implements Argument {}
  }

  /** Copies the list. */
  public Call {
    arguments = List.copyOf(arguments);
  }

  /** The same call with other buffers, in the order of the parameters. */
  Call withBuffers(Iterator<Slot> buffers) {
    return new Call(kernel, arguments.stream().map(argument -> argument instanceof Argument.Buffer buffer
        ? new Argument.Buffer(buffers.next(), buffer.isParted()) : argument).toList(), extent, grain, nanos);
  }
}
