package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.x86.HugePages;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Variables in native memory. A variable keeps its place as long as the store lives; but one that was adopted lies
 * where it was found, until somebody wants to change it.
 */
final class CpuStore implements VariableStore {

  private final @Nullable CpuStore below;
  private final Arena arena = Arena.ofShared();
  private final Map<String, NDArray> values = new LinkedHashMap<>();
  /** Those of them that lie in memory of others, which nobody writes to. */
  private final Set<String> adopted = new HashSet<>();
  /** The lock and the count of moves are those of all stores over each other. */
  private final StampedLock lock;
  private final AtomicLong moves;

  CpuStore() {
    this(null);
  }

  private CpuStore(@Nullable CpuStore below) {
    this.below = below;
    lock = below == null ? new StampedLock() : below.lock;
    moves = below == null ? new AtomicLong() : below.moves;
  }

  /**
   * What a run over this store holds, if it changes these variables: alone, or together with other readers.
   */
  Lock lock(Collection<String> changed) {
    boolean alone = below == null ? !changed.isEmpty() : !changed.stream().allMatch(this::owns);
    return alone ? lock.asWriteLock() : lock.asReadLock();
  }

  @Override
  public SequencedMap<String, TensorType> types() {
    SequencedMap<String, TensorType> types = below == null ? new LinkedHashMap<>() : below.types();
    synchronized (values) {
      values.forEach((name, value) -> types.put(name, value.type()));
    }
    return types;
  }

  /** The memory of a variable, here or below; null if it has no value. */
  @Nullable NDArray find(String name) {
    NDArray own;
    synchronized (values) {
      own = values.get(name);
    }
    return own == null && below != null ? below.find(name) : own;
  }

  private boolean owns(String name) {
    synchronized (values) {
      return values.containsKey(name);
    }
  }

  /** The memory of a variable, made if need be. */
  NDArray findOrCreate(String name, TensorType type) {
    NDArray found = find(name);
    if (found == null) {
      synchronized (values) {
        found = values.computeIfAbsent(name, n -> allocated(n, type));
      }
    }
    if (!found.type().equals(type)) {
      throw new ShapeException("variable '" + name + "'", found.type().toString(), type.toString());
    }
    return found;
  }

  private NDArray allocated(String name, TensorType type) {
    String what = "variable '" + name + "' of " + type;
    return NDArray.wrap(type, HugePages.allocate(what, type.bytes(), arena).asSlice(0, type.bytes()));
  }

  private NDArray existing(String name) {
    NDArray value = find(name);
    if (value == null) {
      throw new IllegalArgumentException("no variable '" + name + "' among " + types().keySet());
    }
    return value;
  }

  @Override
  public NDArray read(String name) {
    NDArray copy = NDArray.zeros(existing(name).type());
    read(name, copy);
    return copy;
  }

  @Override
  public void read(String name, NDArray into) {
    NDArray value = existing(name);
    long stamp = lock.readLock();
    try {
      into.data().copyFrom(value.data());
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public void write(String name, NDArray value) {
    findOrCreate(name, value.type());
    long stamp = lock.writeLock();
    try {
      ownPlace(name).data().copyFrom(value.data());
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  @Override
  public void adopt(String name, NDArray value) {
    if (!value.data().isNative()) {
      write(name, value);
      return;
    }
    long stamp = lock.writeLock();
    try {
      NDArray known = find(name);
      if (known != null && !known.type().equals(value.type())) {
        throw new ShapeException("variable '" + name + "'", known.type().toString(), value.type().toString());
      }
      CpuStore holder = holder(name);
      synchronized (holder.values) {
        holder.values.put(name, value);
        holder.adopted.add(name);
      }
      moves.incrementAndGet();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** How often a variable came to lie elsewhere: who has noted places looks again. Not while a run goes on. */
  long moves() {
    return moves.get();
  }

  /** Whether a variable lies in memory of others. */
  boolean isAdopted(String name) {
    CpuStore holder = holder(name);
    synchronized (holder.values) {
      return holder.adopted.contains(name);
    }
  }

  /** Gives variables memory of the store's own, because they will be changed. */
  void own(Collection<String> names) {
    if (names.stream().noneMatch(this::isAdopted)) {
      return;
    }
    long stamp = lock.writeLock();
    try {
      ownWhileLocked(names);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** The same by a run that changes them and has the lock for that. */
  void ownWhileLocked(Collection<String> names) {
    for (String name : names) {
      NDArray value = existing(name);
      NDArray place = ownPlace(name);
      if (place != value) {
        place.data().copyFrom(value.data());
      }
    }
  }

  /** Memory of a variable that may be written to; with another value, if it was adopted. */
  private NDArray ownPlace(String name) {
    CpuStore holder = holder(name);
    synchronized (holder.values) {
      NDArray place = holder.existing(name);
      if (holder.adopted.remove(name)) {
        place = holder.allocated(name, place.type());
        holder.values.put(name, place);
        moves.incrementAndGet();
      }
      return place;
    }
  }

  /** The store that has a variable, or would have it. */
  private CpuStore holder(String name) {
    return owns(name) || below == null || below.find(name) == null ? this : below.holder(name);
  }

  @Override
  public VariableStore overlay() {
    return new CpuStore(this);
  }

  @Override
  public void close() {
    long stamp = lock.writeLock();
    try {
      arena.close();
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
