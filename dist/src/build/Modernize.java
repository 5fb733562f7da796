import static java.lang.classfile.ClassFile.ConstantPoolSharingOption.NEW_POOL;
import static java.lang.classfile.ClassFile.StackMapsOption.GENERATE_STACK_MAPS;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives classes of Java 5 and older the format of Java 8: the same code, with the stack maps that it lacks. JDK 25
 * keeps no class without them in its cache of linked classes, so that each start would read and verify them anew.
 *
 * <p>{@code java Modernize.java FOLDER NAME ..}: those jars of the folder; what is modern already is left alone.
 */
final class Modernize {

  /** The first version whose classes must have stack maps. */
  private static final int WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;
  private static final int MAGIC_AND_MINOR = 6;

  private final ClassFile format;

  /** Looks at other classes to see what is assignable to what. */
  private Modernize(ClassLoader others) {
    format = ClassFile.of(GENERATE_STACK_MAPS, NEW_POOL, ClassHierarchyResolverOption.of(
        ClassHierarchyResolver.ofResourceParsing(others).orElse(ClassHierarchyResolver.defaultResolver()).cached()));
  }

  static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<Path> jars;
    try (var files = Files.list(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    List<String> names = List.of(arguments).subList(1, arguments.length);
    try (URLClassLoader others = new URLClassLoader(urls)) {
      Modernize modernize = new Modernize(others);
      for (Path jar : jars) {
        if (names.stream().anyMatch(name -> jar.getFileName().toString().startsWith(name + "-"))) {
          modernize.jar(jar);
        }
      }
    }
  }

  /** The jar appears whole, or stays as it was. */
  private void jar(Path jar) throws IOException {
    Path beside = jar.resolveSibling(jar.getFileName() + "." + ProcessHandle.current().pid());
    try {
      if (written(jar, beside)) {
        Files.move(beside, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Whether there was anything to do. */
  private boolean written(Path jar, Path to) throws IOException {
    boolean changed = false;
    try (JarFile in = new JarFile(jar.toFile()); JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      for (JarEntry entry : Collections.list(in.entries())) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        boolean old = entry.getName().endsWith(".class") && major(bytes) < WITH_STACK_MAPS;
        changed |= old;
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(old ? modern(bytes) : bytes);
        out.closeEntry();
      }
    }
    return changed;
  }

  private static int major(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getShort(MAGIC_AND_MINOR);
  }

  private byte[] modern(byte[] bytes) {
    ClassModel old = format.parse(bytes);
    ClassTransform bodies = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    ClassTransform version = (builder, element) -> {
      if (element instanceof ClassFileVersion) {
        builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
      } else {
        builder.with(element);
      }
    };
    return format.transformClass(old, version.andThen(bodies));
  }
}
