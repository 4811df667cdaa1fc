import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Utils;

/** Reads one key in hex per line; prints toPositive(murmur2(key)) for each, which partition numbers come from. */
public final class Murmur2Partitions {
    public static void main(String[] args) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in));
        var output = new BufferedWriter(new OutputStreamWriter(System.out));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var key = HexFormat.of().parseHex(line);
            output.write(Integer.toString(Utils.toPositive(Utils.murmur2(key))));
            output.newLine();
        }
        output.flush();
    }
}
