import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;
import java.util.TreeMap;

/** Reads one text in hex per line; prints what java.util.Properties makes of each: keys and values in hex, sorted by key. */
public final class LoadProperties {
    public static void main(String[] args) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in));
        var output = new StringBuilder();
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var text = new String(HexFormat.of().parseHex(line), StandardCharsets.UTF_16BE);
            var properties = new Properties();
            properties.load(new StringReader(text));
            var sorted = new TreeMap<String, String>();
            properties.forEach((key, value) -> sorted.put(hex((String) key), hex((String) value)));
            sorted.forEach((key, value) -> output.append(key).append('=').append(value).append(' '));
            output.append('\n');
        }
        System.out.print(output);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_16BE));
    }
}
