package io.tailrace.config;

import io.tailrace.config.YamlTree.Kind;
import io.tailrace.config.YamlTree.Mapping;
import io.tailrace.config.YamlTree.Scalar;
import io.tailrace.config.YamlTree.Sequence;
import io.tailrace.config.YamlTree.Value;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns given values into what readers ask for. */
final class Parsing {
  static final String URL_EXPECTED =
      "an address such as http://host:8086 (a user belongs in its own keys)";

  private static final int LONGEST_SHOWN = 80;

  private Parsing() {}

  static URI url(String text) {
    URI uri = URI.create(text.strip());
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean http = scheme.equals("http") || scheme.equals("https");
    if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException(text);
    }
    return uri;
  }

  static List<Value> items(Given given) {
    if (given.value() instanceof Sequence sequence) {
      return sequence.items();
    }
    if (given.value() instanceof Scalar scalar && !given.fromFile()) {
      return Arrays.stream(scalar.text().split(",", -1))
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .<Value>map(item -> new Scalar(item, Kind.TEXT, 0))
          .toList();
    }
    return List.of(given.value());
  }

  /** The values of a block by key; a flag or variable writes them as {@code a=1,b=2}. */
  static Map<String, Value> pairs(Given given) {
    Map<String, Value> pairs = new LinkedHashMap<>();
    if (given.value() instanceof Mapping mapping) {
      mapping.entries().forEach((key, entry) -> pairs.put(key, entry.value()));
    } else if (!given.fromFile()) {
      for (Value item : items(given)) {
        String[] pair = ((Scalar) item).text().split("=", 2);
        if (pair.length == 2) {
          pairs.put(pair[0].strip(), new Scalar(pair[1].strip(), Kind.TEXT, 0));
        }
      }
    }
    return pairs;
  }

  static Object plainTree(Value value) {
    Object plain = plain(value);
    return plain == null ? "" : plain;
  }

  private static @Nullable Object plain(Value value) {
    if (value instanceof Mapping mapping) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      mapping.entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
      return map;
    }
    if (value instanceof Sequence sequence) {
      List<@Nullable Object> list = new ArrayList<>();
      sequence.items().forEach(item -> list.add(plain(item)));
      return list;
    }
    return plain((Scalar) value);
  }

  private static @Nullable Object plain(Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> scalar.text();
      case NULL -> null;
      case BOOLEAN -> List.of("true", "yes", "on").contains(scalar.text().toLowerCase(Locale.ROOT));
      case NUMBER -> number(scalar.text());
    };
  }

  /** YAML 1.1 has numbers, such as 0x1F and 1:30, that are texts to everybody else. */
  private static Object number(String text) {
    try {
      BigDecimal number = new BigDecimal(text.replace("_", ""));
      return number.scale() <= 0 && number.precision() - number.scale() <= 18
          ? (Object) number.longValueExact()
          : (Object) number.doubleValue();
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** How a fault repeats what was given; what a reference stands for is never shown. */
  static String shown(Value value) {
    if (value instanceof Scalar scalar) {
      String text = scalar.text().replaceAll("\\p{Cntrl}", " ").replaceAll("//[^/@]*@", "//***@");
      String shortened =
          text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
      return "\"" + shortened + "\" given; ";
    }
    return value instanceof Sequence ? "a list given; " : "a block given; ";
  }
}
