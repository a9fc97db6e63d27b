package dev.natter.backup;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;

/**
 * Natter's streams, which a restore takes away: they hold events of a past that isn't any more, whose names and numbers
 * come again, and their consumers are ahead of the databases. Services make them anew.
 */
final class Streams {
    private static final String PREFIX = "natter-";

    private Streams() {}

    static void empty(String url) throws IOException {
        Options options = new Options.Builder()
                .servers(url.split("\\s*,\\s*"))
                .connectionName("natter-backup")
                .connectionTimeout(Duration.ofSeconds(5))
                .noReconnect()
                .build();
        try {
            Connection connection = Nats.connect(options);
            try {
                empty(connection.jetStreamManagement());
            } finally {
                connection.close();
            }
        } catch (JetStreamApiException refused) {
            throw new BackupFailure("NATS can't be emptied: " + refused.getMessage(), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BackupFailure("Interrupted while emptying NATS", interrupted);
        }
    }

    private static void empty(JetStreamManagement streams) throws IOException, JetStreamApiException {
        for (String name : streams.getStreamNames()) {
            if (name.startsWith(PREFIX)) {
                streams.deleteStream(name);
            }
        }
    }
}
