package dev.natter.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The network between one process and one server: a TCP proxy on the loopback address that can be told to fail.
 * Thread-safe.
 */
final class Link implements AutoCloseable {
    /** Who commits asks for it or hears of it; so does who writes by one statement that is a transaction of its own. */
    private static final Pattern COMMIT = Pattern.compile("COMMIT|INSERT 0 [0-9]+\\x00Z\\x00{3}\\x05I");

    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    /** What the network does. */
    enum Mode {
        /** Carries everything. */
        OPEN,
        /** Resets what is connected, and whoever connects. */
        CUT,
        /** Carries nothing and says nothing: connections stay, half open. */
        HOLE,
        /** Carries everything late. */
        SLOW,
        /** Carries everything but commits: who asks PostgreSQL for one is reset before it hears. */
        UNCOMMITTED
    }

    private final int target;
    private final Mischief mischief;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private volatile Mode mode = Mode.OPEN;
    private volatile boolean closed;

    /**
     * Opens a way.
     *
     * @param name what to call it
     * @param target the server's port
     * @param mischief what may happen to NATS messages on their way to the client, or null
     */
    Link(String name, int target, Mischief mischief) {
        this.target = target;
        this.mischief = mischief;
        try {
            entrance = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().name("link-" + name).start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    void set(Mode wanted) {
        synchronized (gate) {
            mode = wanted;
            gate.notifyAll();
        }
        if (wanted == Mode.CUT) {
            sockets.forEach(Link::reset);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = entrance.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        try {
            pass();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> carry(client, server, null));
            carry(server, client, mischief == null ? null : mischief.onConnection());
        } catch (IOException | InterruptedException refused) {
            sockets.remove(client);
            reset(client);
        }
    }

    private void carry(Socket from, Socket to, Mischief.Way way) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (way == null) {
                copy(in, out);
            } else {
                way.carry(in, chunk -> {
                    pass();
                    out.write(chunk);
                });
            }
            pass();
            from.close();
            to.close();
        } catch (IOException | InterruptedException broken) {
            reset(from);
            reset(to);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 14];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            pass();
            if (mode == Mode.UNCOMMITTED
                    && COMMIT.matcher(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))
                            .find()) {
                throw new IOException("cut");
            }
            out.write(buffer, 0, length);
        }
    }

    /** Returns when something may pass: bytes, and as well the news that a side has closed. */
    private void pass() throws IOException, InterruptedException {
        if (mode == Mode.SLOW) {
            LockSupport.parkNanos(DELAY_NANOS);
        }
        if (mode == Mode.HOLE) {
            synchronized (gate) {
                while (mode == Mode.HOLE && !closed) {
                    gate.wait();
                }
            }
        }
        if (mode == Mode.CUT || closed) {
            throw new IOException("cut");
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            System.getLogger(Link.class.getName()).log(System.Logger.Level.TRACE, "Closed already", gone);
        }
    }

    @Override
    public void close() {
        synchronized (gate) {
            closed = true;
            gate.notifyAll();
        }
        try {
            entrance.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        sockets.forEach(Link::reset);
    }
}
