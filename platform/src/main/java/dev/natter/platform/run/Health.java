package dev.natter.platform.run;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.metrics.MetricsObserver;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics} on the internal listener. */
final class Health {
    private static final System.Logger LOG = System.getLogger(Health.class.getName());
    private static final int CONNECT_MILLIS = 1_000;

    private Health() {}

    /** A check under a name that is unique on the node; one that throws is down, not an error of ours. */
    private record Named(String name, HealthCheck check) implements HealthCheck {
        @Override
        public HealthCheckType type() {
            return check.type();
        }

        @Override
        public HealthCheckResponse call() {
            try {
                return check.call();
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "{0} is down: {1}", name, failure);
                return HealthCheckResponse.builder().status(false).build();
            }
        }
    }

    /**
     * Ready means that the node wants requests and that a client could connect. The second is tried for real: when the
     * process runs out of file descriptors, Helidon 4.1.2 stops accepting for good, and goes on saying that it runs.
     */
    private record Accepting(NodeConfig config, BooleanSupplier wanted, IntSupplier port) implements HealthCheck {
        @Override
        public String name() {
            return "node.accepting";
        }

        @Override
        public HealthCheckType type() {
            return HealthCheckType.READINESS;
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.builder()
                    .status(wanted.getAsBoolean() && connects())
                    .build();
        }

        private boolean connects() {
            try (Socket socket = new Socket()) {
                InetAddress host = InetAddress.getByName(config.host());
                socket.connect(
                        new InetSocketAddress(
                                host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host, port.getAsInt()),
                        CONNECT_MILLIS);
                return true;
            } catch (IOException refused) {
                LOG.log(Level.ERROR, "The public listener accepts no connection: {0}", refused.toString());
                return false;
            }
        }
    }

    static ObserveFeature feature(
            String socket, NodeConfig config, List<Service> services, BooleanSupplier wanted, IntSupplier port) {
        var health = HealthObserver.builder()
                .endpoint("health")
                .details(true)
                .useSystemServices(false)
                .addCheck(new Accepting(config, wanted, port));
        for (Service service : services) {
            for (HealthCheck check : service.checks()) {
                health.addCheck(new Named(service.name() + "." + check.name(), check));
            }
        }
        return ObserveFeature.builder()
                .endpoint("/")
                .sockets(List.of(socket))
                .observersDiscoverServices(false)
                .addObserver(health.build())
                .addObserver(MetricsObserver.builder().endpoint("metrics").build())
                .build();
    }
}
