package dev.natter.platform.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * A network in CIDR notation, or a single address.
 *
 * @param address its first address
 * @param prefix how many bits of it count
 */
record Network(InetAddress address, int prefix) {
    static Network parse(String text) {
        String[] parts = text.split("/", 2);
        InetAddress address = literal(parts[0]);
        int bits = address == null ? 0 : address.getAddress().length * 8;
        try {
            int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
            if (address != null && prefix >= 0 && prefix <= bits) {
                return new Network(address, prefix);
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(refusal(text), notANumber);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
            return false;
        }
        int mask = prefix % 8 == 0 ? 0 : (0xFF00 >> (prefix % 8)) & 0xFF;
        return mask == 0 || (mine[whole] & mask) == (theirs[whole] & mask);
    }

    /**
     * Who is calling: the peer, or, if that is a trusted proxy, the last address of {@code X-Forwarded-For} that isn't.
     *
     * @param peer the address at the other end of the socket
     * @param forwarded the values of {@code X-Forwarded-For}, in order, commas not yet split
     * @param trusted the proxies that are believed
     * @return the address
     */
    static InetAddress client(InetAddress peer, List<String> forwarded, List<Network> trusted) {
        InetAddress client = peer;
        List<String> hops = forwarded.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .toList();
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetAddress believer = client;
            if (trusted.stream().noneMatch(network -> network.contains(believer))) {
                return client;
            }
            InetAddress next = literal(hops.get(i).strip());
            if (next == null) {
                return client;
            }
            client = next;
        }
        return client;
    }

    /** An address written in digits; never asks a name server. */
    private static InetAddress literal(String text) {
        if (text.isEmpty() || !text.matches("[0-9A-Fa-f:.]+")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static String refusal(String text) {
        return "server.trusted.proxies: '" + text + "' is neither an address nor a network such as 10.0.0.0/8";
    }
}
