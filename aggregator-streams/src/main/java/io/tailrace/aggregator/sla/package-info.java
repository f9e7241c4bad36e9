/** Objectives judged on the windows of a run: episodes, results, the verdict. Pure. */
@NullMarked
package io.tailrace.aggregator.sla;

import org.jspecify.annotations.NullMarked;
