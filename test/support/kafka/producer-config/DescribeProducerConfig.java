import org.apache.kafka.clients.producer.ProducerConfig;

/** Prints a line for every config of Kafka's producer: name, type, default, validator and importance, with tabs between. */
public final class DescribeProducerConfig {
    public static void main(String[] args) {
        for (var key : ProducerConfig.configDef().configKeys().values()) {
            var defaultValue = key.hasDefault() ? key.defaultValue : "";
            System.out.println(
                String.join(
                    "\t",
                    key.name,
                    key.type.toString(),
                    String.valueOf(defaultValue),
                    String.valueOf(key.validator),
                    key.importance.toString()));
        }
    }
}
