package io.tailrace.sink.core;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.topics.Topics;
import org.apache.avro.specific.SpecificRecord;

/** What a sink can consume: one output topic of the aggregator each. */
public enum Feed {
  AGGREGATES(Aggregate.class) {
    @Override
    public String topic(Topics topics) {
      return topics.windows();
    }
  },
  VIOLATIONS(Violation.class) {
    @Override
    public String topic(Topics topics) {
      return topics.violations();
    }
  },
  RUN_EVENTS(RunEvent.class) {
    @Override
    public String topic(Topics topics) {
      return topics.runs();
    }
  },
  SUMMARIES(RunSummary.class) {
    @Override
    public String topic(Topics topics) {
      return topics.summaries();
    }
  };

  private final Class<? extends SpecificRecord> recordType;

  Feed(Class<? extends SpecificRecord> recordType) {
    this.recordType = recordType;
  }

  public abstract String topic(Topics topics);

  public Class<? extends SpecificRecord> recordType() {
    return recordType;
  }
}
