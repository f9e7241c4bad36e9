/** Windows, violations and run events as points of InfluxDB 1 and 2. */
@NullMarked
package io.tailrace.sink.influxdb;

import org.jspecify.annotations.NullMarked;
