package dev.ashlar.model;

/** What a part is called when it is not given a name. */
final class BlockNames {

  private BlockNames() {}

  /** The kind in lower case with underscores: {@code MaxPool2d} is {@code max_pool2d}. */
  static String of(Block block) {
    Class<?> type = block.getClass();
    if (type.isSynthetic() || type.isAnonymousClass() || type.isHidden()) {
      return "layer";
    }
    if (block instanceof Enum<?> constant) {
      return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
    return type.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
