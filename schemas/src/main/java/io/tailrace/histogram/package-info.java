/** Histograms as they travel in records. */
@NullMarked
package io.tailrace.histogram;

import org.jspecify.annotations.NullMarked;
