package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkTest {
    private ServerSocket server;
    private Link link;
    private Socket client;
    private Socket served;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        link = new Link("test", server.getLocalPort(), null);
        client = new Socket(InetAddress.getLoopbackAddress(), link.port());
        served = server.accept();
        served.setSoTimeout(300);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        served.close();
        link.close();
        server.close();
    }

    @Test
    void anOpenOneCarriesBothWays() throws IOException {
        client.getOutputStream().write('a');
        assertThat(served.getInputStream().read()).isEqualTo('a');
        served.getOutputStream().write('b');
        assertThat(client.getInputStream().read()).isEqualTo('b');
        client.close();
        assertThat(served.getInputStream().read()).isNegative();
    }

    @Test
    void aCutResetsWhoIsConnectedAndWhoConnects() throws IOException {
        link.set(Link.Mode.CUT);

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        try (Socket another = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
            assertThatThrownBy(() -> another.getInputStream().read()).isInstanceOf(IOException.class);
        }

        link.set(Link.Mode.OPEN);

        try (Socket another = new Socket(InetAddress.getLoopbackAddress(), link.port());
                Socket servedAnother = server.accept()) {
            another.getOutputStream().write('a');
            assertThat(servedAnother.getInputStream().read()).isEqualTo('a');
        }
    }

    @Test
    void oneThatCarriesNoCommitsResetsWhoAsksForOne() throws IOException {
        link.set(Link.Mode.UNCOMMITTED);
        client.getOutputStream().write("INSERT".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(served.getInputStream().readNBytes(6), StandardCharsets.US_ASCII))
                .isEqualTo("INSERT");

        client.getOutputStream().write("COMMIT".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(IOException.class);
    }

    @Test
    void oneThatCarriesNoCommitsLosesTheAnswerToAStatementThatIsATransactionOfItsOwn() throws IOException {
        link.set(Link.Mode.UNCOMMITTED);

        served.getOutputStream().write("C\0\0\0\017INSERT 0 1\0Z\0\0\0\5I".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
    }

    @Test
    void aBlackHoleSwallowsEvenTheEndAndGivesItBackWhenItIsHealed() throws IOException {
        link.set(Link.Mode.HOLE);
        client.getOutputStream().write('a');
        client.close();

        assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        link.set(Link.Mode.OPEN);

        assertThat(served.getInputStream().read()).isEqualTo('a');
        assertThat(served.getInputStream().read()).isNegative();
    }
}
