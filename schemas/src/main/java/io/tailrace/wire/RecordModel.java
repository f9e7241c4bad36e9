package io.tailrace.wire;

import io.tailrace.record.SampleBatch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Avro's view of the generated records. It loads classes of their package and no others, so that no
 * trust has to be declared for the whole process: Avro 1.12.2 refuses every class until someone
 * does.
 */
public final class RecordModel extends SpecificData {
  public static final RecordModel INSTANCE = new RecordModel();

  private static final String PACKAGE = SampleBatch.class.getPackageName();

  private final ConcurrentMap<String, Class<?>> classes = new ConcurrentHashMap<>();

  private RecordModel() {
    super(SampleBatch.class.getClassLoader());
  }

  static boolean isOurs(Schema schema) {
    return PACKAGE.equals(schema.getNamespace());
  }

  @Override
  public @Nullable Class<?> getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> isOurs(schema) ? ours(schema.getFullName()) : null;
      default -> super.getClass(schema);
    };
  }

  private @Nullable Class<?> ours(String name) {
    Class<?> known = classes.get(name);
    if (known == null) {
      try {
        known = Class.forName(name, false, getClassLoader());
        classes.put(name, known);
      } catch (ClassNotFoundException e) {
        return null;
      }
    }
    return known;
  }
}
