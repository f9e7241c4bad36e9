package io.tailrace.config;

import io.tailrace.config.YamlTree.Entry;
import io.tailrace.config.YamlTree.Kind;
import io.tailrace.config.YamlTree.Mapping;
import io.tailrace.config.YamlTree.Scalar;
import io.tailrace.config.YamlTree.Sequence;
import io.tailrace.config.YamlTree.Value;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one YAML document into a tree that keeps its lines. Nothing is constructed from tags, keys
 * are unique, and aliases cannot grow a small file into a large tree.
 */
final class YamlReader {
  static final int LARGEST_DOCUMENT = 1 << 20;
  private static final int DEEPEST = 40;
  private static final int MOST_ALIASES = 200;
  private static final long LARGEST_TREE = 100_000;
  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP);

  private final String source;
  private final List<Fault> faults = new ArrayList<>();
  private final IdentityHashMap<Node, Value> done = new IdentityHashMap<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlReader(String source) {
    this.source = source;
  }

  /** The document's top mapping, empty for an empty document. */
  static Mapping read(String source, String document) {
    YamlReader reader = new YamlReader(source);
    Value value = reader.compose(document);
    if (!reader.faults.isEmpty()) {
      throw new SettingsException(reader.faults);
    }
    if (value instanceof Mapping mapping) {
      return mapping;
    }
    if (value instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      return new Mapping(Map.of(), 1, 1);
    }
    throw new SettingsException(
        List.of(new Fault(source, value.line(), "", "expected keys with values, such as kafka:")));
  }

  private Value compose(String document) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST_DOCUMENT);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setAllowRecursiveKeys(false);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(document));
      return root == null ? new Scalar("", Kind.NULL, 1) : convert(root, "");
    } catch (MarkedYAMLException e) {
      throw new SettingsException(List.of(unreadable(e)));
    } catch (YAMLException e) {
      throw new SettingsException(List.of(new Fault(source, 0, "", "not YAML: " + e.getMessage())));
    }
  }

  private Fault unreadable(MarkedYAMLException e) {
    int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
    String context = e.getContext() == null ? "" : " " + e.getContext().strip();
    return new Fault(source, line, "", "not YAML: " + e.getProblem() + context);
  }

  private Value convert(Node node, String path) {
    Value known = done.get(node);
    if (known != null) {
      return known;
    }
    if (!open.add(node)) {
      return refused(node, path, "an alias refers to a block that contains it");
    }
    Value value = fresh(node, path);
    open.remove(node);
    if (value.size() > LARGEST_TREE) {
      value = refused(node, path, "aliases make more than " + LARGEST_TREE + " values of this");
    }
    done.put(node, value);
    return value;
  }

  private Value fresh(Node node, String path) {
    if (!PLAIN.contains(node.getTag())) {
      return refused(node, path, "tags are not supported: " + node.getTag().getValue());
    }
    if (node instanceof ScalarNode scalar) {
      return new Scalar(scalar.getValue(), kind(scalar.getTag()), line(node));
    }
    if (node instanceof SequenceNode sequence) {
      return sequence(sequence, path);
    }
    return mapping((MappingNode) node, path);
  }

  private Sequence sequence(SequenceNode node, String path) {
    List<Value> items = new ArrayList<>();
    long size = 1;
    for (Node item : node.getValue()) {
      Value value = convert(item, path + "[" + items.size() + "]");
      size += value.size();
      items.add(value);
    }
    return new Sequence(List.copyOf(items), line(node), size);
  }

  private Mapping mapping(MappingNode node, String path) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, Entry> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        refused(tuple.getKeyNode(), path, "a key must be a word; put {{...}} values in quotes");
        continue;
      }
      String key = keyNode.getValue();
      String inner = path.isEmpty() ? key : path + "." + key;
      if (keyNode.getTag().equals(Tag.MERGE)) {
        merge(convert(tuple.getValueNode(), inner), keyNode, inner, merged);
        continue;
      }
      Entry entry = new Entry(convert(tuple.getValueNode(), inner), line(keyNode));
      Entry earlier = entries.putIfAbsent(key, entry);
      if (earlier != null) {
        refused(keyNode, inner, "given twice; the first is on line " + earlier.line());
      }
    }
    merged.forEach(entries::putIfAbsent);
    long size = 1 + entries.values().stream().mapToLong(entry -> entry.value().size()).sum();
    return new Mapping(Collections.unmodifiableMap(entries), line(node), size);
  }

  private void merge(Value value, Node key, String path, Map<String, Entry> merged) {
    if (value instanceof Mapping mapping) {
      mapping.entries().forEach(merged::putIfAbsent);
    } else if (value instanceof Sequence sequence) {
      sequence.items().forEach(item -> merge(item, key, path, merged));
    } else {
      refused(key, path, "<< takes a block of keys");
    }
  }

  private Scalar refused(Node node, String path, String problem) {
    faults.add(new Fault(source, line(node), path, problem));
    return new Scalar("", Kind.NULL, line(node));
  }

  private static Kind kind(Tag tag) {
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return Kind.NUMBER;
    }
    if (tag.equals(Tag.BOOL)) {
      return Kind.BOOLEAN;
    }
    return tag.equals(Tag.NULL) ? Kind.NULL : Kind.TEXT;
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
