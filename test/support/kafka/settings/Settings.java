import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Prints every public setting of topics and of brokers: what it is of, name, type, default, validator, and a topic setting's broker setting. */
public final class Settings {
    public static void main(String[] args) {
        print("topic", LogConfig.configDefCopy());
        print("broker", AbstractKafkaConfig.CONFIG_DEF);
    }

    private static void print(String of, ConfigDef definition) {
        for (var key : definition.configKeys().values()) {
            var synonym = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(key.name);
            var fields = new Object[] {of, key.name, key.type, key.defaultValue, key.validator, synonym, key.internalConfig};
            for (var field : fields) System.out.print(field + "\t");
            System.out.println();
        }
    }
}
