package dev.ashlar.architecture.planted.training;

import dev.ashlar.architecture.planted.layers.KnowsAnOptimizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.lang.reflect.Method;
import org.snakeyaml.engine.v2.api.Load;

/** Planted: a host that names a plug-in, reads YAML, reflects, prints, deserializes and remembers. */
class NamesALayer {
  static int runs;

  KnowsAnOptimizer layer = new KnowsAnOptimizer();
  Load yaml;

  Method method() throws NoSuchMethodException {
    runs++;
    System.out.println(runs);
    return NamesALayer.class.getDeclaredMethod("method");
  }

  Object read(InputStream in) throws IOException, ClassNotFoundException {
    try (ObjectInputStream objects = new ObjectInputStream(in)) {
      return objects.readObject();
    }
  }
}
