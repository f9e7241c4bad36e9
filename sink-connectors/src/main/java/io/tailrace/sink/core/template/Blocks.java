package io.tailrace.sink.core.template;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Decorator;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.Options;
import com.github.jknack.handlebars.helper.DefaultHelperRegistry;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The three blocks of a template and nothing else of Handlebars' helpers. */
final class Blocks extends DefaultHelperRegistry {
  private static final String UNLESS = "unless";

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // The library itself answers null for no helper.
  public <C> Helper<C> helper(String name) {
    return switch (name) {
      case "if", UNLESS -> (Helper<C>) (Helper<Object>) Blocks::choose;
      case "each" -> (Helper<C>) (Helper<Object>) Blocks::each;
      default -> null;
    };
  }

  @Override
  @SuppressWarnings("NullAway")
  public Decorator decorator(String name) {
    return null;
  }

  private static CharSequence choose(@Nullable Object value, Options options) throws IOException {
    Rendering rendering = Rendering.of(options);
    rendering.step(0);
    if (rendering.isRehearsal()) {
      return options.fn().toString() + options.inverse();
    }
    boolean holds = value != null && !options.isFalsy(value) && !isEmptyMap(value);
    return holds != options.helperName.equals(UNLESS) ? options.fn() : options.inverse();
  }

  private static boolean isEmptyMap(Object value) {
    return value instanceof Map<?, ?> map && !(value instanceof DateName) && map.isEmpty();
  }

  private static CharSequence each(@Nullable Object value, Options options) throws IOException {
    Rendering rendering = Rendering.of(options);
    StringBuilder text = new StringBuilder();
    if (value instanceof Map<?, ?> map) {
      int index = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append(one(rendering, options, entry.getKey(), entry.getValue(), index++, map.size()));
        rendering.step(text.length());
      }
    } else if (value instanceof Collection<?> list) {
      int index = 0;
      for (Object item : list) {
        text.append(one(rendering, options, index, item, index++, list.size()));
        rendering.step(text.length());
      }
    }
    return text.isEmpty() || rendering.isRehearsal() ? text.append(options.inverse()) : text;
  }

  private static CharSequence one(
      Rendering rendering, Options options, Object key, Object item, int index, int size)
      throws IOException {
    Context context = Context.newContext(options.context, item);
    context.combine("@key", key);
    context.combine("@index", index);
    context.combine("@first", index == 0 ? "first" : "");
    context.combine("@last", index == size - 1 ? "last" : "");
    context.data(Rendering.KEY, rendering);
    return options.apply(options.fn, context);
  }
}
