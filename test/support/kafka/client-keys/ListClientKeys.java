import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;

/** Prints a line for every key of Kafka's consumers, admin clients, brokers and Connect workers: whose it is and the key. */
public final class ListClientKeys {
    public static void main(String[] args) {
        print("Kafka's consumers", ConsumerConfig.configNames());
        print("Kafka's admin clients", AdminClientConfig.configNames());
        print("Kafka's brokers", AbstractKafkaConfig.CONFIG_DEF.names());
        print("Kafka Connect", connectKeys());
    }

    private static Set<String> connectKeys() {
        var converter = "org.apache.kafka.connect.json.JsonConverter";
        var required =
            Map.of(
                "bootstrap.servers", "localhost:1",
                "group.id", "g",
                "key.converter", converter,
                "value.converter", converter,
                "offset.storage.topic", "o",
                "config.storage.topic", "c",
                "status.storage.topic", "s");
        return new DistributedConfig(required).values().keySet();
    }

    private static void print(String owner, Set<String> keys) {
        for (var key : keys) System.out.println(owner + "\t" + key);
    }
}
