package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A type cannot be bound: a mistake of the programmer, not of the configuration. {@link Binder#check} finds
 * it before any configuration does.
 */
@Stable
public final class UnboundTypeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  UnboundTypeException(Type type, String reason, @Nullable Throwable cause) {
    super(type.getTypeName() + " cannot be bound: " + reason, cause);
    this.reason = reason;
  }

  /** The reason alone, without the name of the type. */
  public String reason() {
    return reason;
  }
}
