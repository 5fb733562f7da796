package dev.ashlar.io.huggingface;

import dev.ashlar.config.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes architectures as a configuration would have them. */
final class Trees {

  /** Activations as transformers calls them, one spelling for each. */
  static final List<Object> ACTIVATIONS = List.of("silu", "gelu", "gelu_new", "quick_gelu", "relu", "relu6", "tanh", "sigmoid", "mish");

  private Trees() {}

  /**
   * A component: {@code name: {key: value, ..}}.
   *
   * @param settings keys and values in turn; a value that is an empty optional is left out
   */
  static Map<String, Object> component(String name, Object... settings) {
    return new LinkedHashMap<>(Map.of(name, map(settings)));
  }

  /** Keys and values in turn. */
  static Map<String, Object> map(Object... settings) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      Object value = settings[i + 1] instanceof Optional<?> optional ? optional.orElse(null) : settings[i + 1];
      if (value != null) {
        map.put((String) settings[i], value);
      }
    }
    return map;
  }

  /** A component that is added to its own input: layers one after the other. */
  static Map<String, Object> residual(List<Object> layers) {
    return component("residual", "block", layers);
  }

  static Value tree(List<Object> layers) {
    return Value.of(layers);
  }

  /** The name that an activation has here. */
  static String activation(String theirs) {
    return switch (theirs) {
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> "gelu_tanh";
      case "gelu_python" -> "gelu";
      case "swish" -> "silu";
      default -> theirs;
    };
  }
}
