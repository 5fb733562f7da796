package dev.ashlar.plugin;

/** Why a plug-in's code could not be loaded, for whoever has put its jar there. */
final class LoadFailure {

  private static final String OURS = "dev.ashlar.";

  private LoadFailure() {}

  /** Throws again what no plug-in is to blame for: that the JVM has no memory left, or is broken. */
  static void passOn(Throwable failure) {
    if (failure instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
      throw e;
    }
  }

  /** One sentence. */
  static String reason(Throwable failure) {
    return switch (failure) {
      case UnsupportedClassVersionError e -> "it was compiled for a newer Java: " + e.getMessage();
      case ExceptionInInitializerError e when e.getCause() != null -> reason(e.getCause());
      case NoClassDefFoundError e when e.getCause() instanceof ExceptionInInitializerError first -> reason(first);
      case NoClassDefFoundError e -> missing(e.getMessage());
      case TypeNotPresentException e -> missing(e.typeName());
      case IncompatibleClassChangeError e ->
          "it does not fit what it was built against, perhaps another version of it: " + e;
      default -> "it failed while loading: " + failure;
    };
  }

  private static String missing(String name) {
    String type = String.valueOf(name).replace('/', '.');
    return type.startsWith(OURS)
        ? "class " + type + " is not in this Ashlar, or not for plug-ins: it was built against another version, or"
            + " needs a jar beside it"
        : "class " + type + " is missing: what a plug-in depends on lies with it in a folder of their own";
  }
}
