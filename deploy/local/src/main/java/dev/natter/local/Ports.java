package dev.natter.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports of this machine. */
final class Ports {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** The public port as wanted, or one that the system chose for 0. */
    static int open(String host, int wanted) {
        if (wanted == 0) {
            return chosen();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, wanted));
            return wanted;
        } catch (IOException taken) {
            throw new StartFailure(
                    "Port " + wanted + " of " + host + " can't be had (" + taken.getMessage()
                            + "); choose another with --port or NATTER_PORT.",
                    taken);
        }
    }

    /** A loopback port nobody needs to know: the preferred one, or any if that is taken or 0. */
    static int internal(int preferred) {
        if (preferred != 0) {
            try (ServerSocket socket = new ServerSocket(preferred, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                return chosen();
            }
        }
        return chosen();
    }

    /** The system may choose a port again that nobody has bound yet. */
    private static int chosen() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
