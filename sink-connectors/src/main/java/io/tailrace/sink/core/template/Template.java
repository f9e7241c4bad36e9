package io.tailrace.sink.core.template;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Formatter;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.HandlebarsException;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.TemplateSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A text with references, compiled once and rendered from maps alone: no methods are called,
 * nothing is included, and what comes out is bounded. Safe for many threads.
 */
public final class Template {
  public static final Template EMPTY = compile("", Escape.none(), name -> Optional.empty());
  private static final int LONGEST_TEXT = 256 * 1024;

  private final com.github.jknack.handlebars.Template template;
  private final Map<String, Object> environment;
  private final Set<String> names;
  private final String source;

  private Template(
      com.github.jknack.handlebars.Template template,
      Map<String, Object> environment,
      Set<String> names,
      String source) {
    this.template = template;
    this.environment = Map.copyOf(environment);
    this.names = Set.copyOf(names);
    this.source = source;
  }

  /** Compiles against the names that every sink knows. */
  public static Template compile(
      String source, Escape escape, Function<String, Optional<String>> environment) {
    return compile(source, escape, environment, Vocabulary.STANDARD);
  }

  /**
   * Compiles a template; an IllegalArgumentException says what is wrong with it, unknown names with
   * the nearest known ones.
   *
   * @param environment gives the variables that {@code {{env.NAME}}} refers to
   */
  public static Template compile(
      String source,
      Escape escape,
      Function<String, Optional<String>> environment,
      Vocabulary vocabulary) {
    String plain = Syntax.handlebars(source);
    com.github.jknack.handlebars.Template template = parse(plain, escape);
    Rehearsal rehearsal = new Rehearsal(vocabulary, environment);
    render(template, rehearsal.model(), new Rendering(true, LONGEST_TEXT));
    if (!rehearsal.faults().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", rehearsal.faults()));
    }
    return new Template(template, rehearsal.environment(), rehearsal.names(), source);
  }

  /** A template of the author's own code, without references to the environment. */
  public static Template of(String source, Escape escape) {
    return compile(source, escape, name -> Optional.empty());
  }

  public String render(TemplateModel model) {
    Map<String, Object> values = new HashMap<>(model.values());
    values.put("env", environment);
    return render(template, values, new Rendering(false, LONGEST_TEXT));
  }

  /** Whether every record gives the same text. */
  public boolean isConstant() {
    return names.stream().allMatch(name -> name.equals("env"));
  }

  /** The names it refers to, without what follows their first dot. */
  public Set<String> names() {
    return names;
  }

  /** The text as it was written; the environment's values are not in it. */
  @Override
  public String toString() {
    return source;
  }

  private static com.github.jknack.handlebars.Template parse(String plain, Escape escape) {
    Handlebars handlebars =
        new Handlebars(new NoIncludes())
            .with(new Blocks())
            .with((Formatter) Template::format)
            .with(text -> escape.escape(text.toString()))
            .prettyPrint(true);
    try {
      return handlebars.compileInline(plain);
    } catch (IOException | HandlebarsException e) {
      throw new IllegalArgumentException("not a template: " + firstLine(e), e);
    }
  }

  private static Object format(Object value, Formatter.Chain next) {
    return value instanceof Number number ? Numbers.text(number) : next.format(value);
  }

  private static String render(
      com.github.jknack.handlebars.Template template,
      Map<String, Object> values,
      Rendering rendering) {
    Context context =
        Context.newBuilder(values)
            .resolver(MapValueResolver.INSTANCE)
            .build()
            .data(Rendering.KEY, rendering);
    StringBuilder text = new StringBuilder();
    try {
      template.apply(context, rendering.writer(text));
    } catch (IOException | HandlebarsException e) {
      throw new IllegalArgumentException(
          "cannot render: " + firstLine(e.getCause() == null ? e : e.getCause()), e);
    }
    return text.toString();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** There is nothing to include from. */
  private static final class NoIncludes extends AbstractTemplateLoader {
    @Override
    public TemplateSource sourceAt(String location) throws IOException {
      throw new FileNotFoundException("a template cannot include another one: " + location);
    }
  }
}
