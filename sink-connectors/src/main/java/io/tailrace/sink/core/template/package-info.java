/** Texts that users write with references in them, rendered from maps and nothing else. */
@NullMarked
package io.tailrace.sink.core.template;

import org.jspecify.annotations.NullMarked;
