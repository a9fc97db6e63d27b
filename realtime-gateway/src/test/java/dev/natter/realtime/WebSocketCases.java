package dev.natter.realtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * RFC 6455, case by case, in the order of the Autobahn test suite (1 to 7, 9, 10). Natter is no echo server: a text is
 * a {@code ping} frame whose {@code ref} comes back. After what a case sends the client says goodbye.
 */
final class WebSocketCases {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CONTINUATION = 0;
    private static final byte[] GOODBYE = close(1000, "");

    /** What is sent, in pieces of some size (0: all at once), and what comes back, {@code hello} aside. */
    record Case(String name, int piece, List<byte[]> sent, List<String> received) {
        @Override
        public String toString() {
            return name;
        }

        Case inPieces(int size) {
            return new Case(name + " in pieces of " + size, size, sent, received);
        }
    }

    private WebSocketCases() {}

    static Stream<Case> all() {
        return Stream.of(
                        framing(),
                        pingsAndPongs(),
                        reserved(),
                        fragments(),
                        texts(),
                        goodbyes(),
                        closeCodes(),
                        limits())
                .flatMap(List::stream);
    }

    private static List<Case> framing() {
        var cases = new ArrayList<Case>();
        cases.add(answered("1.1.1 an empty text", List.of("error malformed"), frame(TEXT, "")));
        for (int size : new int[] {125, 126, 127, 128, 65535, 65536}) {
            cases.add(answered("1.1 a text of " + size, List.of("text r"), frame(TEXT, padded(size))));
        }
        cases.add(cases.getLast().inPieces(997));
        for (int size : new int[] {0, 125, 126, 65536}) {
            cases.add(answered(
                    "1.2 a binary of " + size,
                    List.of("error malformed"),
                    MaskedFrame.of(true, BINARY, new byte[size])));
        }
        cases.add(closed("1 a frame that isn't masked", 1002, new byte[] {(byte) 0x81, 2, '{', '}'}));
        cases.add(closed("1 a length in more bytes than it needs", 1002, overlong()));
        cases.add(closed("1 a length of 2^63", 1002, MaskedFrame.header(true, TEXT, Long.MIN_VALUE)));
        return cases;
    }

    private static List<Case> pingsAndPongs() {
        var cases = new ArrayList<Case>();
        cases.add(answered("2.1 an empty ping", List.of("pong "), frame(9, "")));
        cases.add(answered("2.2 a ping", List.of("pong Hello"), frame(9, "Hello")));
        byte[] binary = {0, (byte) 0xFF, (byte) 0xFE, 1};
        cases.add(answered(
                "2.3 a ping that isn't text",
                List.of("pong " + new String(binary, ISO_8859_1)),
                MaskedFrame.of(true, 9, binary)));
        cases.add(answered("2.4 the largest ping", List.of("pong " + "x".repeat(125)), frame(9, "x".repeat(125))));
        cases.add(cases.getLast().inPieces(1));
        cases.add(closed("2.5 a ping too large", 1002, frame(9, "x".repeat(126))));
        cases.add(answered("2.7 a pong that nobody asked for", List.of(), frame(10, "")));
        cases.add(answered("2.9 such a pong, and a ping", List.of("pong p"), frame(10, "unasked"), frame(9, "p")));
        byte[][] ten = IntStream.range(0, 10).mapToObj(i -> frame(9, "p" + i)).toArray(byte[][]::new);
        cases.add(answered(
                "2.10 ten pings",
                IntStream.range(0, 10).mapToObj(i -> "pong p" + i).toList(),
                ten));
        cases.add(cases.getLast().inPieces(1));
        return cases;
    }

    private static List<Case> reserved() {
        var cases = new ArrayList<Case>();
        for (int bits : new int[] {1, 2, 3, 4, 5, 6, 7}) {
            for (int opcode : new int[] {TEXT, 9, 8}) {
                byte[] frame = frame(opcode, "");
                frame[0] |= (byte) (bits << 4);
                cases.add(new Case(
                        "3 reserved bits " + bits + ", opcode " + opcode,
                        0,
                        List.of(ping("before"), frame, ping("after")),
                        List.of("text before", "close 1002")));
            }
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.add(new Case(
                    "4 opcode " + opcode,
                    0,
                    List.of(ping("before"), frame(opcode, ""), frame(9, "")),
                    List.of("text before", "close 1002")));
        }
        return cases;
    }

    private static List<Case> fragments() {
        byte[] start = MaskedFrame.of(false, TEXT, bytes("{\"type\":\"ping\","));
        byte[] middle = MaskedFrame.of(false, CONTINUATION, bytes("\"ref\":"));
        byte[] last = MaskedFrame.of(true, CONTINUATION, bytes("\"r\"}"));
        byte[] stray = MaskedFrame.of(true, CONTINUATION, bytes("stray"));
        byte[] endless = MaskedFrame.of(false, CONTINUATION, bytes("stray"));
        var cases = new ArrayList<Case>();
        cases.add(closed("5.1 a ping in fragments", 1002, MaskedFrame.of(false, 9, bytes("p")), last));
        cases.add(closed("5.2 a pong in fragments", 1002, MaskedFrame.of(false, 10, bytes("p")), last));
        cases.add(closed("5 a close in fragments", 1002, MaskedFrame.of(false, 8, new byte[0]), last));
        cases.add(answered("5.3 a text in fragments", List.of("text r"), start, middle, last));
        cases.add(cases.getLast().inPieces(1));
        cases.add(answered(
                "5.6 pings between fragments",
                List.of("pong one", "pong two", "text r"),
                start,
                frame(9, "one"),
                middle,
                frame(9, "two"),
                last));
        cases.add(cases.getLast().inPieces(1));
        cases.add(closed("5.9 a continuation of nothing, last", 1002, stray, ping("after")));
        cases.add(closed("5.12 a continuation of nothing", 1002, endless, ping("after")));
        cases.add(new Case(
                "5.15 a continuation of a text that has ended",
                0,
                List.of(start, middle, last, endless, ping("after")),
                List.of("text r", "close 1002")));
        cases.add(closed("5.18 a text inside of another", 1002, start, ping("inside")));
        cases.add(closed("5 a binary inside of a text", 1002, start, MaskedFrame.of(true, BINARY, new byte[1])));
        cases.add(answered(
                "5 a binary in fragments",
                List.of("error malformed"),
                MaskedFrame.of(false, BINARY, new byte[1]),
                last));
        return cases;
    }

    private static List<Case> texts() {
        var cases = new ArrayList<Case>();
        byte[] none = new byte[0];
        cases.add(answered(
                "6.1.2 three empty fragments",
                List.of("error malformed"),
                MaskedFrame.of(false, TEXT, none),
                MaskedFrame.of(false, CONTINUATION, none),
                MaskedFrame.of(true, CONTINUATION, none)));
        for (String text :
                List.of("Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\uD7FF\uE000\uFFFD", "\uFFFE\uFFFF", "👋\uDBFF\uDFFF")) {
            byte[] json = bytes("{\"type\":\"ping\",\"ref\":\"" + text + "\"}");
            cases.add(answered("6.2 " + text, List.of("text " + text), MaskedFrame.of(true, TEXT, json)));
            cases.add(answered("6.2 octets of " + text, List.of("text " + text), octets(json)));
        }
        for (String hex : List.of(
                "CEBAE1BDB9CF83CEBCCEB5EDA080656469746564",
                "80",
                "BF",
                "C0AF",
                "E080AF",
                "F08080AF",
                "C1BF",
                "EDA080",
                "EDBFBF",
                "F4908080",
                "F8888080AF",
                "FCBFBFBFBFBF",
                "FE",
                "FF",
                "C3",
                "E282",
                "F09F91")) {
            byte[] bad = HexFormat.of().parseHex(hex);
            cases.add(closed("6.3 " + hex, 1007, MaskedFrame.of(true, TEXT, bad)));
            cases.add(closed("6.4 octets of " + hex, 1007, octets(bad)));
        }
        return cases;
    }

    private static List<Case> goodbyes() {
        byte[] start = MaskedFrame.of(false, TEXT, bytes("{\"type\":\"ping\"}"));
        var cases = new ArrayList<Case>();
        cases.add(answered("7.1.1 a text, and goodbye", List.of("text r"), ping("r")));
        cases.add(closed("7.1.2 goodbye twice", 1000, GOODBYE, GOODBYE));
        cases.add(closed("7.1.3 a ping after goodbye", 1000, GOODBYE, frame(9, "late")));
        cases.add(closed("7.1.4 a text after goodbye", 1000, GOODBYE, ping("late")));
        cases.add(closed("7.1.5 goodbye inside of a text", 1000, start, GOODBYE));
        cases.add(closed("7.3.1 goodbye without a code", 1000, frame(8, "")));
        cases.add(closed("7.3.2 half a code", 1002, MaskedFrame.of(true, 8, new byte[1])));
        cases.add(closed("7.3.4 with a reason", 1000, close(1000, "Hello World!")));
        cases.add(closed("7.3.5 with the longest reason", 1000, close(1000, "x".repeat(123))));
        cases.add(closed("7.3.6 with a longer one", 1002, close(1000, "x".repeat(124))));
        cases.add(closed("7.5.1 with a reason that isn't UTF-8", 1007, MaskedFrame.of(true, 8, new byte[] {
            3, (byte) 0xE8, (byte) 0xCE, (byte) 0xBA, (byte) 0xE1
        })));
        return cases;
    }

    private static List<Case> closeCodes() {
        var cases = new ArrayList<Case>();
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
            cases.add(closed("7.7 code " + code, code == 1001 ? 1001 : 1000, close(code, "")));
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            cases.add(closed("7.9 code " + code, 1002, close(code, "")));
        }
        return cases;
    }

    private static List<Case> limits() {
        byte[] largest = bytes(padded(65536));
        var cases = new ArrayList<Case>();
        cases.add(answered("9.3 the largest in 1,024 fragments", List.of("text r"), fragments(largest, 64)));
        cases.add(closed("9 in more", 1009, fragments(largest, 63)));
        cases.add(answered("9.5 the largest in pieces", List.of("text r"), MaskedFrame.of(true, TEXT, largest))
                .inPieces(64));
        cases.add(closed("9 one byte more", 1009, frame(TEXT, padded(65537))));
        cases.add(closed("9 one byte more in fragments", 1009, fragments(bytes(padded(65537)), 4096)));
        cases.add(closed("9 a gigabyte is promised", 1009, MaskedFrame.header(true, TEXT, 1L << 30)));
        cases.add(answered(
                "9.7 a thousand small ones",
                IntStream.range(0, 1000).mapToObj(i -> "text " + i).toList(),
                IntStream.range(0, 1000).mapToObj(i -> ping("" + i)).toArray(byte[][]::new)));
        cases.add(answered("10.1.1 in fragments of 1,300", List.of("text r"), fragments(largest, 1300)));
        return cases;
    }

    /** What is answered, and then the goodbye. */
    private static Case answered(String name, List<String> answers, byte[]... sent) {
        List<byte[]> all = new ArrayList<>(List.of(sent));
        all.add(GOODBYE);
        return new Case(
                name,
                0,
                all,
                Stream.concat(answers.stream(), Stream.of("close 1000")).toList());
    }

    private static Case closed(String name, int code, byte[]... sent) {
        return new Case(name, 0, List.of(sent), List.of("close " + code));
    }

    private static byte[] ping(String ref) {
        return frame(TEXT, "{\"type\":\"ping\",\"ref\":\"" + ref + "\"}");
    }

    private static String padded(int size) {
        String head = "{\"type\":\"ping\",\"ref\":\"r\",\"pad\":\"";
        return head + "x".repeat(size - head.length() - 2) + "\"}";
    }

    private static byte[] frame(int opcode, String payload) {
        return MaskedFrame.of(true, opcode, bytes(payload));
    }

    private static byte[] close(int code, String reason) {
        return MaskedFrame.of(
                true, 8, MaskedFrame.joined(new byte[] {(byte) (code >>> 8), (byte) code}, bytes(reason)));
    }

    private static byte[] overlong() {
        return new byte[] {(byte) 0x81, (byte) 0xFE, 0, 2, 0, 0, 0, 0, '{', '}'};
    }

    private static byte[][] octets(byte[] payload) {
        return fragments(payload, 1);
    }

    private static byte[][] fragments(byte[] payload, int size) {
        var frames = new ArrayList<byte[]>();
        for (int at = 0; at < payload.length; at += size) {
            int to = Math.min(payload.length, at + size);
            frames.add(MaskedFrame.of(
                    to == payload.length, at == 0 ? TEXT : CONTINUATION, Arrays.copyOfRange(payload, at, to)));
        }
        return frames.toArray(byte[][]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
