package dev.natter.tests;

import dev.natter.contracts.Subjects;
import dev.natter.local.Natter;
import dev.natter.local.Options;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import dev.natter.testing.Socket;
import io.nats.client.Nats;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Five services, two people who talk, and all that watches them; of its own, since its servers are broken. */
final class Observed implements AutoCloseable {
    private final Traces traces = new Traces();
    private final PostgresServer postgres;
    private final NatsServer nats;
    private final Natter natter;
    private final Monitoring monitoring;
    private final Person anna;
    private final Person boris;
    private final String chat;
    private final Socket socket;

    Observed(Path home) {
        postgres = PostgresServer.durable(home.resolve("postgres"), 0);
        nats = NatsServer.durable(home.resolve("nats"), 0);
        natter = Natter.start(Options.in(home.resolve("natter"))
                .asSeparate()
                .with("database.url", postgres.url("natter"))
                .with("nats.url", nats.url())
                .with("otel.exporter.otlp.endpoint", traces.endpoint())
                .with("otel.bsp.schedule.delay", "200")
                .with("log.format", "json"));
        Map<String, URI> jobs = new LinkedHashMap<>();
        Stream.of("auth-service", "chat-service", "message-service", "media-service", "realtime-gateway")
                .forEach(job -> jobs.put(job, natter.internalUri(job.substring(0, job.indexOf('-')))));
        monitoring = new Monitoring(home.resolve("monitoring"), jobs);
        Client anyone = Client.anonymous(natter.baseUri());
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
        chat = anna.opensGroup("observed", boris);
        socket = boris.joins(chat);
    }

    Traces traces() {
        return traces;
    }

    NatsServer nats() {
        return nats;
    }

    Monitoring monitoring() {
        return monitoring;
    }

    Person anna() {
        return anna;
    }

    Person boris() {
        return boris;
    }

    /** What they both are in. */
    String chat() {
        return chat;
    }

    /** Of boris, live in the chat. */
    Socket socket() {
        return socket;
    }

    /** A service's database, as in {@code natter_chat}. */
    Connection database(String name) throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse(postgres.url(name));
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    /** Has NATS take no more messages although it is there, as with a full disk; or take them again. */
    void refuseMessages(boolean full) throws Exception {
        var connection = Nats.connect(nats.url());
        try {
            var streams = connection.jetStreamManagement();
            streams.updateStream(StreamConfiguration.builder(
                            streams.getStreamInfo(Subjects.MESSAGES).getConfiguration())
                    .discardPolicy(full ? DiscardPolicy.New : DiscardPolicy.Old)
                    .maxMessages(full ? 1 : -1)
                    .build());
        } finally {
            connection.close();
        }
    }

    /** A little of everything that panels show. */
    void talk() {
        String message = anna.says(chat, "hello").id();
        anna.client()
                .put("/api/messages/" + message, Map.of("content", "hello again"))
                .is(200);
        anna.client().delete("/api/messages/" + message).is(204);
        boris.client().get("/api/chats").is(200);
        boris.client().get("/api/chats/" + chat + "/messages").is(200);
    }

    @Override
    public void close() {
        socket.close();
        monitoring.close();
        natter.close();
        nats.close();
        postgres.close();
        traces.close();
    }
}
