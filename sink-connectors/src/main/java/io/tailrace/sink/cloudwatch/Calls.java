package io.tailrace.sink.cloudwatch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

/** Requests in the words of Amazon's client. */
final class Calls {
  private Calls() {}

  static PutMetricDataRequest put(String namespace, List<Datum> data) {
    return PutMetricDataRequest.builder()
        .namespace(namespace)
        .metricData(data.stream().map(Calls::datum).toList())
        .build();
  }

  private static MetricDatum datum(Datum datum) {
    MetricDatum.Builder builder =
        MetricDatum.builder()
            .metricName(datum.metric().name())
            .unit(datum.metric().unit())
            .dimensions(dimensions(datum.dimensions()))
            .timestamp(Instant.EPOCH.plus(datum.startMicros(), ChronoUnit.MICROS))
            .storageResolution(datum.resolution());
    return datum.isSingle()
        ? builder.value(datum.values()[0]).build()
        : builder.values(boxed(datum.values())).counts(boxed(datum.counts())).build();
  }

  private static List<Double> boxed(double[] numbers) {
    List<Double> boxed = new ArrayList<>(numbers.length);
    for (double number : numbers) {
      boxed.add(number);
    }
    return boxed;
  }

  private static List<Dimension> dimensions(Dimensions dimensions) {
    return dimensions.values().entrySet().stream()
        .map(each -> Dimension.builder().name(each.getKey()).value(each.getValue()).build())
        .toList();
  }

  static PutMetricAlarmRequest alarm(
      AlarmSpec alarm, MetricSpec metric, Dimensions dimensions, String namespace) {
    PutMetricAlarmRequest.Builder builder =
        PutMetricAlarmRequest.builder()
            .alarmName(alarm.nameFor(metric, dimensions))
            .alarmDescription(alarm.description())
            .namespace(namespace)
            .metricName(metric.name())
            .dimensions(dimensions(dimensions))
            .threshold(alarm.threshold())
            .comparisonOperator(alarm.comparison())
            .period((int) alarm.period().toSeconds())
            .evaluationPeriods(alarm.evaluationPeriods())
            .datapointsToAlarm(alarm.datapoints())
            .treatMissingData(alarm.missingData())
            .actionsEnabled(true)
            .alarmActions(alarm.actions())
            .okActions(alarm.okActions());
    return alarm.isPercentile()
        ? builder.extendedStatistic(alarm.statistic()).build()
        : builder.statistic(alarm.statistic()).build();
  }
}
