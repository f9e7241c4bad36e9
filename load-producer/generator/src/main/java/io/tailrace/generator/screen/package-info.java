/** What a person sees of a run: pure layouts, and where they are printed. */
@NullMarked
package io.tailrace.generator.screen;

import org.jspecify.annotations.NullMarked;
