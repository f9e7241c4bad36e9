/** Windows as CloudWatch metrics with whole distributions, and the alarms on them. */
@NullMarked
package io.tailrace.sink.cloudwatch;

import org.jspecify.annotations.NullMarked;
