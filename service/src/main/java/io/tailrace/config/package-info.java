/** Configuration: one YAML file, flags and environment, read once and reported all at once. */
@NullMarked
package io.tailrace.config;

import org.jspecify.annotations.NullMarked;
