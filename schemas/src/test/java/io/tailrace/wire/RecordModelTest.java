package io.tailrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeLeft;
import io.tailrace.record.RunCommand;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class RecordModelTest {
  @Test
  void copiesRecordsWithoutTrustInTheirClasses() {
    NodeLeft left = new NodeLeft(LeaveReason.DONE, "finished");
    assertThat(RecordModel.INSTANCE.deepCopy(NodeLeft.getClassSchema(), left))
        .isEqualTo(left)
        .isNotSameAs(left);
  }

  @Test
  void loadsNoClassesButTheRecords() {
    Schema ours = RunCommand.getClassSchema();
    Schema foreign = SchemaBuilder.record("java.util.Scanner").fields().endRecord();
    Schema missing = SchemaBuilder.record("io.tailrace.record.Missing").fields().endRecord();
    assertThat(RecordModel.INSTANCE.getClass(ours)).isEqualTo(RunCommand.class);
    assertThat(RecordModel.INSTANCE.getClass(foreign)).isNull();
    assertThat(RecordModel.INSTANCE.getClass(missing)).isNull();
  }
}
