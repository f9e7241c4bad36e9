/** The demonstration, run as a person would run it. */
@NullMarked
package io.tailrace.demo;

import org.jspecify.annotations.NullMarked;
