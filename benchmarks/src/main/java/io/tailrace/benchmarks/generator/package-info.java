/** How fast the generator sends, beside {@code wrk}, and how punctual it is. */
@NullMarked
package io.tailrace.benchmarks.generator;

import org.jspecify.annotations.NullMarked;
