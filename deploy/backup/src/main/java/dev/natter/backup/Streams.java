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
 *
 * @param url the NATS that holds them, one server or several, with commas between
 * @param user the user, or null if the url says it
 * @param password the password, or null
 */
public record Streams(String url, String user, String password) {
    private static final String PREFIX = "natter-";

    void empty() throws IOException {
        try {
            Connection connection = Nats.connect(options());
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

    private Options options() {
        Options.Builder options = new Options.Builder()
                .servers(url.split("\\s*,\\s*"))
                .connectionName("natter-backup")
                .connectionTimeout(Duration.ofSeconds(5))
                .noReconnect();
        if (user != null && password != null) {
            options.userInfo(user.toCharArray(), password.toCharArray());
        }
        return options.build();
    }

    private static void empty(JetStreamManagement streams) throws IOException, JetStreamApiException {
        for (String name : streams.getStreamNames()) {
            if (name.startsWith(PREFIX)) {
                streams.deleteStream(name);
            }
        }
    }

    @Override
    public String toString() {
        return "Streams";
    }
}
