/** Tests of templates. */
@NullMarked
package io.tailrace.sink.core.template;

import org.jspecify.annotations.NullMarked;
