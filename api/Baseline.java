import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes what of a jar others are compiled against: its public classes, with what is public or protected in them,
 * without code.
 *
 * <pre>./ashlar java api/Baseline.java core/target/ashlar-core-0.1.0.jar api/core.jar</pre>
 */
final class Baseline {

  private static final int PUBLIC_OR_PROTECTED = ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED;

  private Baseline() {}

  public static void main(String[] arguments) throws IOException {
    try (ZipFile jar = new ZipFile(arguments[0]);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
      out.setLevel(9);
      for (ZipEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class"))
          .sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        var type = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
        if (type.flags().has(AccessFlag.PUBLIC)) {
          ZipEntry stripped = new ZipEntry(entry.getName());
          stripped.setTime(0);
          out.putNextEntry(stripped);
          out.write(stripped(type));
        }
      }
    }
  }

  private static byte[] stripped(ClassModel type) {
    return ClassFile.of(ConstantPoolSharingOption.NEW_POOL).transformClass(type, (builder, element) -> {
      switch (element) {
        case MethodModel method when (method.flags().flagsMask() & PUBLIC_OR_PROTECTED) == 0 -> { }
        case FieldModel field when (field.flags().flagsMask() & PUBLIC_OR_PROTECTED) == 0 -> { }
        case MethodModel method -> builder.transformMethod(method, (inside, part) -> {
          if (!(part instanceof CodeModel)) {
            inside.with(part);
          }
        });
        default -> builder.with(element);
      }
    });
  }
}
