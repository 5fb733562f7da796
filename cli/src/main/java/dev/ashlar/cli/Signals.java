package dev.ashlar.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What Ctrl-C, {@code kill} and a terminal that goes away do while training runs: the first signal asks it to stop, the
 * second ends the process at once. Java has no API for signals but one that every JDK has and no compiler lets pass
 * without a warning, so it is called by name; where it is not to be had, a signal ends the process as ever.
 */
final class Signals implements AutoCloseable {

  private static final String[] NAMES = {"INT", "TERM", "HUP"};
  private static final int ENDED_BY_SIGNAL = 128;

  private final IntConsumer first;
  private final Map<Object, Object> before = new LinkedHashMap<>();
  private volatile int received;
  private boolean isClosed;

  /** @param first hears the first one's number, on a thread of the system */
  Signals(IntConsumer first) {
    this.first = first;
  }

  /** Waits for signals from now on, or a moment later: what that takes is not waited for. */
  void watch() {
    Thread.ofPlatform().daemon().name("ashlar-signals").start(this::install);
  }

  private synchronized void install() {
    if (isClosed) {
      return;
    }
    try {
      Api api = Api.find();
      Object handler = api.handler(this);
      for (String name : NAMES) {
        try {
          Object signal = api.signal().invoke(name);
          Object replaced = api.handle().invoke(signal, handler);
          before.put(signal, replaced);
          if (replaced == api.ignored()) { // as nohup and shells set it for what runs behind
            api.handle().invoke(signal, replaced);
          }
        } catch (IllegalArgumentException e) {
          // A signal that this system does not have, or that the JVM keeps to itself.
        }
      }
    } catch (ReflectiveOperationException e) {
      // A JDK without it.
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The API, as {@code sun.misc.Signal} and {@code sun.misc.SignalHandler} have it. */
  private record Api(
      Class<?> listener, MethodHandle signal, MethodHandle handle, MethodHandle number, Object ignored) {

    static Api find() throws ReflectiveOperationException {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      return new Api(handler, lookup.findConstructor(signal, MethodType.methodType(void.class, String.class)),
          lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler)),
          lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class)),
          lookup.findStaticVarHandle(handler, "SIG_IGN", handler).get());
    }

    Object handler(Signals to) throws ReflectiveOperationException {
      MethodHandle came = MethodHandles.lookup()
          .findVirtual(Signals.class, "came", MethodType.methodType(void.class, int.class)).bindTo(to);
      return MethodHandleProxies.asInterfaceInstance(listener, MethodHandles.filterArguments(came, 0, number));
    }
  }

  /** A signal came, on a thread of the system. */
  void came(int number) {
    if (received != 0) {
      Runtime.getRuntime().halt(ENDED_BY_SIGNAL + number);
    }
    received = number;
    first.accept(number);
  }

  /** Whether a signal came. */
  boolean isReceived() {
    return received != 0;
  }

  /** What a process that a signal ends tells the shell; of the one that came, else the one that is given. */
  int exitCode(int otherwise) {
    return received == 0 ? otherwise : ENDED_BY_SIGNAL + received;
  }

  /** From now on signals do what they did before. */
  @Override
  public synchronized void close() {
    isClosed = true;
    try {
      MethodHandle handle = before.isEmpty() ? null : Api.find().handle();
      for (Map.Entry<Object, Object> entry : before.entrySet()) {
        handle.invoke(entry.getKey(), entry.getValue());
      }
      before.clear();
    } catch (Throwable e) {
      throw new IllegalStateException("what worked before", e);
    }
  }
}
