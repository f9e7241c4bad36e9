package io.tailrace.sink.core.template;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A block of values that, named as a whole, is printed as JSON. */
final class Printed extends AbstractMap<String, Object> {
  private final Map<String, Object> values;

  Printed(Map<String, ?> values) {
    this.values = new LinkedHashMap<>(values);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return values.entrySet();
  }

  @Override
  public String toString() {
    return Json.written(values);
  }
}
