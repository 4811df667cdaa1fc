package org.apache.kafka.clients.producer.internals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.MetadataSnapshot;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Has Kafka's own classes choose partitions. Each line of the input is a question, each line of the output its
 * answer; both are numbers and lists of numbers. It is in the package of Kafka's partitioner, which lets only
 * its neighbours replace the random numbers.
 */
public final class Partitioners {
    private static final String TOPIC = "t";
    private static int random;

    public static void main(String[] args) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in));
        var output = new StringBuilder();
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var words = line.split(" ");
            output.append(switch (words[0]) {
                case "choice" -> choice(words);
                case "walk" -> walk(words);
                case "round-robin" -> roundRobin(words);
                default -> throw new IllegalArgumentException(line);
            }).append('\n');
        }
        System.out.print(output);
    }

    /**
     * How often each partition is chosen, over one period of the random numbers.
     *
     * <p>rackAware timeoutMs leaders racks queues gaps. A leader is -1 or the index of a rack; a rack is 0 for
     * none, 1 for the client's, 2 for another. A queue is -1 if the partition never had a batch. A gap is -1 if
     * nothing was ever ready for the broker, else the time from the last request that it took to the last time
     * that something was ready.
     */
    private static String choice(String[] words) throws Exception {
        var leaders = numbers(words[3]);
        var queues = numbers(words[5]);
        var gaps = numbers(words[6]);
        var cluster = cluster(leaders, numbers(words[4]));
        var config = new RecordAccumulator.PartitionerConfig(true, Long.parseLong(words[2]), words[1].equals("1"), "1");
        var accumulator = accumulator(100, config);
        for (var partition = 0; partition < queues.length; partition++) {
            for (var i = 0; i < Math.max(queues[partition], 1) && queues[partition] >= 0; i++)
                append(accumulator, partition, 100, cluster);
            if (queues[partition] == 0) accumulator.getDeque(new TopicPartition(TOPIC, partition)).clear();
        }
        for (var node = 0; node < gaps.length; node++) {
            if (gaps[node] < 0) continue;
            accumulator.updateNodeLatencyStats(node, 1000, true);
            accumulator.updateNodeLatencyStats(node, 1000 + gaps[node], false);
        }
        accumulator.ready(snapshot(cluster), 5000);
        // Makes the topic's partitioner, if no record did.
        random = 0;
        if (accumulator.getDeque(new TopicPartition(TOPIC, 0)) == null) append(accumulator, -1, 1, cluster);
        var partitioner = accumulator.getBuiltInPartitioner(TOPIC);
        var counts = new int[leaders.length];
        var period = period(partitioner);
        for (random = 0; random < period; random++) {
            partitioner.updatePartitionInfo(partitioner.peekCurrentPartitionInfo(cluster), 1000, cluster);
            counts[partitioner.peekCurrentPartitionInfo(cluster).partition()]++;
        }
        return list(counts);
    }

    private static int period(BuiltInPartitioner partitioner) {
        try {
            var inRack = 0;
            try {
                inRack = partitioner.loadStatsInThisRackRangeEnd();
            } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
                // No loads, not aware of racks, or no partition in the rack.
            }
            return inRack > 0 ? inRack : partitioner.loadStatsRangeEnd();
        } catch (NullPointerException e) {
            return 840; // no loads: a multiple of every number of partitions up to 8
        }
    }

    /** The partitions of records of the given sizes: batchSize leaders randoms sizes. Size -1: all is sent. */
    private static String walk(String[] words) throws Exception {
        var cluster = cluster(numbers(words[2]), new int[] {0, 0, 0});
        var randoms = numbers(words[3]);
        var next = new int[1];
        var accumulator = new RecordAccumulatorOf(Integer.parseInt(words[1]), new RecordAccumulator.PartitionerConfig(false, 0, false, ""), () -> randoms[next[0]++ % randoms.length]);
        var chosen = new ArrayList<Integer>();
        for (var size : numbers(words[4])) {
            if (size >= 0) chosen.add(append(accumulator, -1, size, cluster));
            else for (var partition : cluster.partitionsForTopic(TOPIC)) {
                var deque = accumulator.getDeque(new TopicPartition(TOPIC, partition.partition()));
                if (deque != null) deque.clear();
            }
        }
        return list(chosen.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The partitions of one record for each of the given lists of leaders. */
    private static String roundRobin(String[] words) {
        var partitioner = new RoundRobinPartitioner();
        return list(Arrays.stream(words).skip(1).mapToInt(leaders ->
            partitioner.partition(TOPIC, null, null, null, null, cluster(numbers(leaders), new int[] {0, 0, 0}))).toArray());
    }

    private static RecordAccumulator accumulator(int batchSize, RecordAccumulator.PartitionerConfig config) {
        return new RecordAccumulatorOf(batchSize, config, () -> random);
    }

    private static int append(RecordAccumulator accumulator, int partition, int size, Cluster cluster) throws Exception {
        var chosen = new int[] {-1};
        accumulator.append(TOPIC, partition, 1000, null, new byte[size], null, new RecordAccumulator.AppendCallbacks() {
            @Override
            public void setPartition(int number) {
                chosen[0] = number;
            }

            @Override
            public void onCompletion(RecordMetadata metadata, Exception error) {
            }
        }, 0, 1000, cluster);
        return chosen[0];
    }

    private static Cluster cluster(int[] leaders, int[] racks) {
        var nodes = new HashMap<Integer, Node>();
        for (var id = 0; id < racks.length; id++)
            nodes.put(id, new Node(id, "host", 9092, racks[id] == 0 ? null : Integer.toString(racks[id])));
        List<PartitionInfo> partitions = new ArrayList<>();
        for (var i = 0; i < leaders.length; i++)
            partitions.add(new PartitionInfo(TOPIC, i, nodes.get(leaders[i]), new Node[0], new Node[0]));
        return new Cluster("c", nodes.values(), partitions, Set.of(), Set.of());
    }

    private static MetadataSnapshot snapshot(Cluster cluster) {
        Map<Integer, Node> nodes = new HashMap<>();
        for (var node : cluster.nodes()) nodes.put(node.id(), node);
        return new MetadataSnapshot("c", nodes, List.of(), Set.of(), Set.of(), Set.of(), null, Map.of(), cluster);
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private static String list(int[] numbers) {
        var joined = new StringJoiner(",");
        for (var number : numbers) joined.add(Integer.toString(number));
        return joined.toString();
    }

    /** Java's accumulator with given random numbers. */
    private static final class RecordAccumulatorOf extends RecordAccumulator {
        private final IntSupplier randoms;

        RecordAccumulatorOf(int batchSize, PartitionerConfig config, IntSupplier randoms) {
            this(batchSize, config, randoms, new Metrics());
        }

        private RecordAccumulatorOf(int batchSize, PartitionerConfig config, IntSupplier randoms, Metrics metrics) {
            super(new LogContext(), batchSize, Compression.NONE, 0, 100, 1000, 120000, config, metrics, "g", Time.SYSTEM, null,
                new BufferPool(1L << 30, batchSize, metrics, Time.SYSTEM, "g"));
            this.randoms = randoms;
        }

        @Override
        BuiltInPartitioner createBuiltInPartitioner(LogContext log, String topic, int size, boolean rackAware, String rack) {
            return new BuiltInPartitioner(log, topic, size, rackAware, rack) {
                @Override
                int randomPartition() {
                    return randoms.getAsInt();
                }
            };
        }
    }
}
