package dev.ashlar.model;

import dev.ashlar.config.Name;

/** What a part is called when it is not given a name. */
final class BlockNames {

  private BlockNames() {}

  /** Its registered name, or its kind in lower case with underscores: {@code ToyLayer} is {@code toy_layer}. */
  static String of(Block block) {
    Class<?> type = block.getClass();
    if (type.isSynthetic() || type.isAnonymousClass() || type.isHidden()) {
      return "layer";
    }
    Name name = type.getAnnotation(Name.class);
    if (name != null) {
      return name.value();
    }
    if (block instanceof Enum<?> constant) {
      return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
    return type.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
