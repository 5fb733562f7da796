package dev.ashlar.reference;

import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Variables in host arrays. Locks are taken from the outermost store inwards. */
final class HostStore implements VariableStore {

  private final @Nullable HostStore shared;
  private final Map<String, NDArray> values = new LinkedHashMap<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  HostStore() {
    this(null);
  }

  private HostStore(@Nullable HostStore shared) {
    this.shared = shared;
  }

  @Override
  public SequencedMap<String, TensorType> types() {
    return locked(List.of(), () -> {
      SequencedMap<String, TensorType> types = shared == null ? new LinkedHashMap<>() : shared.types();
      values.forEach((name, value) -> types.put(name, value.type()));
      return types;
    });
  }

  @Override
  public NDArray read(String name) {
    return locked(List.of(), () -> get(name).copy());
  }

  @Override
  public void write(String name, NDArray value) {
    put(name, value, value::copy);
  }

  /** A value is replaced when it changes, never written to. */
  @Override
  public void adopt(String name, NDArray value) {
    put(name, value, () -> value);
  }

  private void put(String name, NDArray value, Supplier<NDArray> kept) {
    running(List.of(name), () -> {
      NDArray old = find(name);
      if (old != null && !old.type().equals(value.type())) {
        throw new ShapeException(
            "variable '" + name + "'", old.type().toString(), value.type().toString());
      }
      set(name, kept.get());
    });
  }

  /** A variable of zeros, unless another thread has made it meanwhile. */
  void create(String name, TensorType type) {
    running(List.of(name), () -> {
      if (find(name) == null) {
        values.put(name, NDArray.zeros(type));
      }
    });
  }

  @Override
  public VariableStore overlay() {
    return new HostStore(this);
  }

  @Override
  public void close() {
    under(lock.writeLock(), () -> {
      values.clear();
      return true;
    });
  }

  // ---------------------------------------------------------------- under a lock

  /** Does work that changes the named variables: alone in the stores that hold them. */
  void running(Collection<String> written, Runnable work) {
    locked(written, () -> {
      work.run();
      return true;
    });
  }

  /** The value itself; only while running. */
  NDArray get(String name) {
    NDArray value = find(name);
    if (value == null) {
      throw new IllegalArgumentException("no variable '" + name + "' among " + types().keySet());
    }
    return value;
  }

  /** Replaces a value where it lives; only while running with that name. */
  void set(String name, NDArray value) {
    if (shared != null && !values.containsKey(name) && shared.find(name) != null) {
      shared.set(name, value);
    } else {
      values.put(name, value);
    }
  }

  private @Nullable NDArray find(String name) {
    NDArray value = values.get(name);
    return value != null || shared == null ? value : shared.find(name);
  }

  private <T> T locked(Collection<String> written, Supplier<T> work) {
    Lock own = written.isEmpty() ? lock.readLock() : lock.writeLock();
    if (shared == null) {
      return under(own, work);
    }
    Map<String, TensorType> outside = shared.types();
    return shared.locked(written.stream().filter(outside::containsKey).toList(), () -> under(own, work));
  }

  private static <T> T under(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
