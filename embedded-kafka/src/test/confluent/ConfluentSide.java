import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Confluent's own serializers, asked line by line: it is run from its source, alone with their jar,
 * because that jar holds older versions of libraries we use.
 *
 * <p>{@code write TOPIC SCHEMA AVRO} answers with a record's value; {@code read TOPIC VALUE
 * [READER-SCHEMA]} with the record as plain Avro. All but the topic are in Base64.
 */
public final class ConfluentSide {
  private static final String FAILED = "FAILED ";

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> settings = Map.of("schema.registry.url", arguments[0]);
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(settings, false);
    KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
    deserializer.configure(settings, false);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] words = line.split(" ");
      try {
        byte[] answer =
            words[0].equals("write")
                ? write(serializer, words[1], schema(words[2]), bytes(words[3]))
                : read(deserializer, words[1], bytes(words[2]), words.length > 3 ? words[3] : "");
        System.out.println(Base64.getEncoder().encodeToString(answer));
      } catch (Exception e) {
        System.out.println(FAILED + e.toString().replace('\n', ' '));
      }
      System.out.flush();
    }
  }

  private static byte[] write(KafkaAvroSerializer serializer, String topic, Schema schema, byte[] avro)
      throws Exception {
    Object record =
        new GenericDatumReader<>(schema).read(null, DecoderFactory.get().binaryDecoder(avro, null));
    return serializer.serialize(topic, record);
  }

  private static byte[] read(
      KafkaAvroDeserializer deserializer, String topic, byte[] value, String readerSchema)
      throws Exception {
    GenericRecord record =
        (GenericRecord)
            (readerSchema.isEmpty()
                ? deserializer.deserialize(topic, value)
                : deserializer.deserialize(topic, value, schema(readerSchema)));
    ByteArrayOutputStream avro = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().directBinaryEncoder(avro, null);
    new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return avro.toByteArray();
  }

  private static Schema schema(String base64) {
    return new Schema.Parser().parse(new String(bytes(base64), StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
