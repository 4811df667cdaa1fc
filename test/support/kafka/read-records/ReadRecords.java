import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints every record a topic holds now, one per line, with tabs between: partition, offset, timestamp,
 * timestamp type, key, value and then a name and a value for each header. Bytes are in base64, null is "-".
 */
public final class ReadRecords {
    public static void main(String[] args) throws IOException {
        var topic = args[1];
        Map<String, Object> config =
                Map.of("bootstrap.servers", args[0], "isolation.level", args[2], "check.crcs", true);
        var output = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(config, bytes, bytes)) {
            List<TopicPartition> open = new ArrayList<>();
            for (var info : consumer.partitionsFor(topic)) open.add(new TopicPartition(topic, info.partition()));
            consumer.assign(open);
            consumer.seekToBeginning(open);
            var ends = consumer.endOffsets(open);
            open.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
            while (!open.isEmpty()) {
                for (var record : consumer.poll(Duration.ofMillis(500))) output.write(line(record));
                open.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
            }
        }
        output.flush();
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        var line = new StringBuilder();
        line.append(record.partition()).append('\t').append(record.offset()).append('\t');
        line.append(record.timestamp()).append('\t').append(record.timestampType().name).append('\t');
        line.append(text(record.key())).append('\t').append(text(record.value()));
        for (var header : record.headers()) {
            line.append('\t').append(text(header.key().getBytes(StandardCharsets.UTF_8)));
            line.append('\t').append(text(header.value()));
        }
        return line.append('\n').toString();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "-" : Base64.getEncoder().encodeToString(bytes);
    }
}
