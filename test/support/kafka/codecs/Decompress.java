import java.io.*;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.*;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.*;
import org.apache.kafka.common.utils.internals.*;

/**
 * Decompresses with Kafka's own classes, as a broker does. Input, until its end: the number of the codec, the
 * bytes, the compressed bytes, each with its length before it. Output: a line for each, with the size to which
 * Kafka's producer compresses the bytes at the default level, and "same", or what is wrong.
 */
public class Decompress {
    public static void main(String[] args) throws Exception {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
        BufferSupplier buffers = BufferSupplier.create();
        while (true) {
            int codec;
            try {
                codec = in.readInt();
            } catch (EOFException end) {
                break;
            }
            byte[] original = in.readNBytes(in.readInt());
            byte[] compressed = in.readNBytes(in.readInt());
            out.println(sizeOf(codec, original) + " " + verdict(codec, original, compressed, buffers));
        }
        out.flush();
    }

    private static String verdict(int codec, byte[] original, byte[] compressed, BufferSupplier buffers) {
        Compression compression = compression(codec);
        try (InputStream stream = compression.wrapForInput(ByteBuffer.wrap(compressed), (byte) 2, buffers)) {
            if (!Arrays.equals(stream.readAllBytes(), original)) return "other bytes";
            return codec == 3 ? strictly(original, compressed) : "same";
        } catch (Throwable error) {
            return error.toString().replace('\n', ' ');
        }
    }

    private static int sizeOf(int codec, byte[] original) throws IOException {
        ByteBufferOutputStream target = new ByteBufferOutputStream(original.length + 100);
        try (OutputStream stream = compression(codec).wrapForOutput(target, (byte) 2)) {
            stream.write(original);
        }
        return target.position();
    }

    /** Blocks of LZ4 by its C decoder, into room of exactly their size: it then applies all rules. */
    private static String strictly(byte[] original, byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        LZ4SafeDecompressor decoder = LZ4Factory.nativeInstance().safeDecompressor();
        int at = 0;
        for (int from = 7; ; ) {
            int field = buffer.getInt(from);
            int size = field & 0x7fffffff;
            from += 4;
            if (size == 0) return at == original.length ? "same" : "other length";
            int length = Math.min(65536, original.length - at);
            if (field > 0) {
                byte[] room = new byte[length];
                if (decoder.decompress(frame, from, size, room, 0, length) != length) return "other length";
            }
            at += length;
            from += size;
        }
    }

    private static Compression compression(int codec) {
        switch (codec) {
            case 1: return Compression.gzip().build();
            case 2: return Compression.snappy().build();
            case 3: return Compression.lz4().build();
            default: return Compression.zstd().build();
        }
    }
}
