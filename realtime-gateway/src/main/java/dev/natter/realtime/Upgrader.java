package dev.natter.realtime;

import io.helidon.common.Weight;
import io.helidon.http.HttpPrologue;
import io.helidon.http.NotFoundException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.spi.Http1UpgradeProvider;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.webserver.websocket.WsUpgrader;
import io.helidon.websocket.WsListener;

/**
 * Puts our own connection where Helidon would put its WebSocket connection, for endpoints that are a {@link Handshake};
 * all others get Helidon's. Public because {@link java.util.ServiceLoader} demands it; found before Helidon's own
 * provider by its weight.
 */
@Weight(200)
public final class Upgrader implements Http1UpgradeProvider<WsConfig> {
    private static final String WEBSOCKET = "websocket";

    /** For the service loader. */
    public Upgrader() {}

    @Override
    public String protocolType() {
        return WEBSOCKET;
    }

    @Override
    public Class<WsConfig> protocolConfigType() {
        return WsConfig.class;
    }

    @Override
    public Http1Upgrader create(WsConfig config, ProtocolConfigs configs) {
        return new Upgrade(WsUpgrader.create(config));
    }

    private record Upgrade(Http1Upgrader helidon) implements Http1Upgrader {
        @Override
        public String supportedProtocol() {
            return WEBSOCKET;
        }

        @Override
        public ServerConnection upgrade(ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
            WsListener listener;
            try {
                listener = context.router()
                        .routing(WsRouting.class, WsRouting.empty())
                        .findRoute(prologue)
                        .listener();
            } catch (NotFoundException noEndpoint) {
                return null;
            }
            return listener instanceof Handshake handshake
                    ? handshake.upgrade(context, prologue, headers)
                    : helidon.upgrade(context, prologue, headers);
        }
    }
}
