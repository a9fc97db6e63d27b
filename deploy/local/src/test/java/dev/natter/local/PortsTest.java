package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aTakenPublicPortIsSaidWithAWayOut() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.open("127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void aTakenInternalPortIsReplacedByAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.internal(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void aFreePortIsTakenAsWanted() {
        int free = Ports.internal(0);

        assertThat(Ports.internal(free)).isEqualTo(free);
        assertThat(Ports.open("127.0.0.1", free)).isEqualTo(free);
    }
}
