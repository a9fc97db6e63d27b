package dev.natter.local;

import dev.natter.platform.run.Logging;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Service;
import dev.natter.platform.run.Settings;
import io.helidon.config.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All five in this process, on one public and one internal listener. They still talk over the internal listener. */
record Together(Node node) implements Arrangement {
    static Together start(Wiring wiring, Options options, int port, int internalPort) {
        List<Service> services = new ArrayList<>();
        long largestBody = 0;
        try {
            for (Part part : Part.values()) {
                Config config = Settings.load(part.home(), wiring.settings(part));
                largestBody = Math.max(largestBody, NodeConfig.from(config).maxPayload());
                services.add(part.open(config));
            }
        } catch (RuntimeException failure) {
            services.forEach(Service::close);
            throw failure;
        }
        Map<String, String> listeners = new HashMap<>(wiring.extra());
        listeners.put("server.host", options.host());
        listeners.put("server.port", "" + port);
        listeners.put("server.max.payload", "" + largestBody);
        listeners.put("internal.port", "" + internalPort);
        Config config = Settings.load(Natter.class, listeners);
        Logging.format(config);
        return new Together(Node.start(NodeConfig.from(config), services));
    }

    @Override
    public void crash(String process) {
        throw new IllegalArgumentException(process + " has no process of its own in this arrangement");
    }

    @Override
    public void close() {
        node.close();
    }
}
