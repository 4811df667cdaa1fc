import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Reads one record batch in hex per line. For each it prints one line: what Kafka reads in it, and the bytes that Kafka itself
 * writes for the same records, in hex; or `refused:` and the name of Kafka's exception.
 */
public final class CheckRecordBatches {
    public static void main(String[] args) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in));
        var output = new BufferedWriter(new OutputStreamWriter(System.out));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            try {
                output.write(check(HexFormat.of().parseHex(line)));
            } catch (RuntimeException exception) {
                output.write("refused:" + exception.getClass().getSimpleName());
            }
            output.newLine();
        }
        output.flush();
    }

    private static String check(byte[] bytes) {
        var batches = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().iterator();
        var batch = batches.next();
        batch.ensureValid();
        if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) throw new IllegalStateException("magic");
        if (batch.sizeInBytes() != bytes.length || batches.hasNext()) throw new IllegalStateException("size");
        var records = new ArrayList<Record>();
        batch.forEach(records::add);
        return describe(batch, records) + " " + rebuild(batch, records, bytes.length);
    }

    private static String describe(RecordBatch batch, List<Record> records) {
        var text = new StringBuilder();
        text.append(batch.baseOffset()).append('/').append(batch.lastOffset());
        text.append('/').append(batch.producerId()).append('/').append(batch.producerEpoch());
        text.append('/').append(batch.baseSequence()).append('/').append(batch.lastSequence());
        text.append('/').append(batch.isTransactional()).append('/').append(batch.isControlBatch());
        text.append('/').append(batch.maxTimestamp());
        for (var record : records) {
            text.append(';').append(record.offset()).append(',').append(record.timestamp());
            text.append(',').append(hex(record.key())).append(',').append(hex(record.value()));
            for (Header header : record.headers()) {
                text.append(',').append(HexFormat.of().formatHex(header.key().getBytes(StandardCharsets.UTF_8)));
                text.append('=').append(header.value() == null ? "null" : HexFormat.of().formatHex(header.value()));
            }
        }
        return text.toString();
    }

    private static String hex(ByteBuffer bytes) {
        if (bytes == null) return "null";
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static String rebuild(RecordBatch batch, List<Record> records, int size) {
        var builder = MemoryRecords.builder(ByteBuffer.allocate(size), RecordBatch.MAGIC_VALUE_V2, Compression.NONE,
            TimestampType.CREATE_TIME, 0L, RecordBatch.NO_TIMESTAMP, batch.producerId(), batch.producerEpoch(),
            batch.baseSequence(), batch.isTransactional(), RecordBatch.NO_PARTITION_LEADER_EPOCH);
        for (var record : records) builder.append(new SimpleRecord(record));
        var built = builder.build().buffer();
        var bytes = new byte[built.remaining()];
        built.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
