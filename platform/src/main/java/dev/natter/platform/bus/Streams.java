package dev.natter.platform.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;

/** Makes streams and consumers, again if somebody deleted them. Thread-safe. */
final class Streams {
    private static final int NO_STREAM = 10059;
    private static final int NO_CONSUMER = 10014;
    private static final Duration KEPT = Duration.ofDays(14);

    /** At least as long as an outbox keeps what it may publish again. */
    private static final Duration DUPLICATES = Duration.ofMinutes(15);

    private final JetStreamManagement management;
    private final int replicas;

    Streams(JetStreamManagement management, int replicas) {
        this.management = management;
        this.replicas = replicas;
    }

    StreamInfo ensure(String stream, String subjects) throws IOException, JetStreamApiException {
        StreamInfo existing;
        try {
            existing = management.getStreamInfo(stream);
        } catch (JetStreamApiException absent) {
            if (absent.getApiErrorCode() != NO_STREAM) {
                throw absent;
            }
            return management.addStream(configuration(stream, subjects));
        }
        StreamConfiguration now = existing.getConfiguration();
        if (now.getSubjects().contains(subjects) && now.getReplicas() == replicas) {
            return existing;
        }
        return management.updateStream(configuration(stream, subjects));
    }

    private StreamConfiguration configuration(String stream, String subjects) {
        return StreamConfiguration.builder()
                .name(stream)
                .subjects(subjects)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.Old)
                .maxAge(KEPT)
                .duplicateWindow(DUPLICATES)
                .replicas(replicas)
                .build();
    }

    /**
     * Makes a consumer as it should be; what it has consumed already stays consumed, unless it was of other subjects:
     * NATS lets them be changed, but the consumer has passed by what it didn't look for, and 2.9 tells it of nothing
     * new before it asks again.
     */
    void ensure(String stream, ConsumerConfiguration consumer) throws IOException, JetStreamApiException {
        if (isOfOtherSubjects(stream, consumer)) {
            management.deleteConsumer(stream, consumer.getDurable());
        }
        management.addOrUpdateConsumer(stream, consumer);
    }

    private boolean isOfOtherSubjects(String stream, ConsumerConfiguration consumer)
            throws IOException, JetStreamApiException {
        try {
            String subject = management
                    .getConsumerInfo(stream, consumer.getDurable())
                    .getConsumerConfiguration()
                    .getFilterSubject();
            return !consumer.getFilterSubject().equals(subject);
        } catch (JetStreamApiException absent) {
            if (absent.getApiErrorCode() != NO_CONSUMER) {
                throw absent;
            }
            return false;
        }
    }
}
