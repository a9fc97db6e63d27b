package dev.natter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.200.3.4, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fe80::1, false",
        "0.0.0.0/0, ::1, false",
    })
    void aNetworkContainsItsAddresses(String network, String address, boolean contains) {
        assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contains);
    }

    @Test
    void aForwardedAddressIsBelievedOnlyFromATrustedProxy() {
        List<Network> trusted = List.of(Network.parse("10.0.0.0/8"));

        assertThat(client("198.51.100.9", trusted, "1.1.1.1")).isEqualTo("198.51.100.9");
        assertThat(client("10.0.0.1", trusted, "1.1.1.1")).isEqualTo("1.1.1.1");
        assertThat(client("10.0.0.1", trusted, "6.6.6.6, 1.1.1.1")).isEqualTo("1.1.1.1");
        assertThat(client("10.0.0.1", trusted, "1.1.1.1, 10.0.0.2")).isEqualTo("1.1.1.1");
        assertThat(client("10.0.0.1", trusted, "1.1.1.1", "10.0.0.2,10.0.0.3")).isEqualTo("1.1.1.1");
        assertThat(client("10.0.0.1", trusted, "1.1.1.1, unknown")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", trusted, "localhost")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", trusted)).isEqualTo("10.0.0.1");
    }

    private static String client(String peer, List<Network> trusted, String... forwarded) {
        return Network.client(InetAddress.ofLiteral(peer), List.of(forwarded), trusted)
                .getHostAddress();
    }
}
