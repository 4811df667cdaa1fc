import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/** Prints `code name retriable invalidMetadata` for every error code of Kafka's client. */
public final class ErrorCodes {
    public static void main(String[] args) {
        for (var error : Errors.values()) {
            var exception = error.exception();
            var retriable = exception instanceof RetriableException;
            var invalidMetadata = exception instanceof InvalidMetadataException;
            System.out.println(error.code() + " " + error.name() + " " + retriable + " " + invalidMetadata);
        }
    }
}
