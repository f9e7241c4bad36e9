/** The command line, run as a person runs it. */
@NullMarked
package io.tailrace.cli;

import org.jspecify.annotations.NullMarked;
