package dev.natter.tests;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Takes traces as a collector does: OTLP over HTTP, protobuf. Reads as much of it as tests ask for. Thread-safe. */
final class Traces implements AutoCloseable {
    private static final int MOST_VARINT_BITS = 63;

    /**
     * A span, as it was exported.
     *
     * @param parent empty for the first of its trace
     * @param kind 1 internal, 2 server, 3 client, 4 producer, 5 consumer
     * @param start nanoseconds since 1970
     * @param end the same
     */
    record Step(String service, String trace, String id, String parent, String name, int kind, long start, long end) {}

    private final HttpServer server;
    private final List<Step> steps = new CopyOnWriteArrayList<>();

    Traces() {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private Traces(InetSocketAddress at) {
        try {
            server = HttpServer.create(at, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/v1/traces", exchange -> {
            take(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** For containers too. */
    static Traces onEveryAddress() {
        return new Traces(new InetSocketAddress(0));
    }

    String endpoint() {
        return endpoint("127.0.0.1");
    }

    /** The same, as who calls this machine so reaches it. */
    String endpoint(String host) {
        return "http://" + host + ":" + server.getAddress().getPort();
    }

    /** All that is known of a trace, in the order in which its steps began. */
    List<Step> of(String trace) {
        return steps.stream()
                .filter(step -> step.trace().equals(trace))
                .sorted(Comparator.comparingLong(Step::start))
                .toList();
    }

    /** All steps of a name. */
    List<Step> named(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).toList();
    }

    /** Those of a name that began since then. */
    List<Step> since(Instant begin, String name) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(begin.toEpochMilli());
        return named(name).stream().filter(step -> step.start() >= nanos).toList();
    }

    /** What a step of a trace is called; empty if it isn't known. */
    static String nameOf(List<Step> trace, String id) {
        return trace.stream()
                .filter(step -> step.id().equals(id))
                .map(Step::name)
                .findFirst()
                .orElse("");
    }

    /** A trace as a tree, with what each step took and when it began, in milliseconds. */
    static String tree(List<Step> trace) {
        return trace.stream()
                .filter(step -> step.parent().isEmpty())
                .map(root -> tree(trace, root, root.start(), ""))
                .collect(Collectors.joining());
    }

    private static String tree(List<Step> trace, Step step, long begin, String indent) {
        String line = "%-60s %-18s at %7.2f ms, took %7.2f ms%n"
                .formatted(
                        indent + step.name(),
                        step.service(),
                        (step.start() - begin) / 1e6,
                        (step.end() - step.start()) / 1e6);
        return line
                + trace.stream()
                        .filter(child -> child.parent().equals(step.id()))
                        .map(child -> tree(trace, child, begin, indent + "  "))
                        .collect(Collectors.joining());
    }

    /** {@code ExportTraceServiceRequest}: 1 resource spans, of 1 the resource, 2 scope spans, of 2 spans. */
    private void take(byte[] request) {
        fields(request, (number, resourceSpans) -> {
            var service = new StringBuilder();
            fields(bytes(resourceSpans), (field, value) -> {
                if (field == 1) {
                    fields(bytes(value), (_, attribute) -> service.append(serviceName(bytes(attribute))));
                } else if (field == 2) {
                    fields(bytes(value), (inner, span) -> {
                        if (inner == 2) {
                            steps.add(step(service.toString(), bytes(span)));
                        }
                    });
                }
            });
        });
    }

    /** {@code KeyValue}: 1 key, 2 value, of which 1 is a text. */
    private static String serviceName(byte[] attribute) {
        var name = new StringBuilder();
        var known = new boolean[1];
        fields(attribute, (field, value) -> {
            if (field == 1) {
                known[0] = text(value).equals("service.name");
            } else if (known[0]) {
                fields(bytes(value), (_, text) -> name.append(text(text)));
            }
        });
        return name.toString();
    }

    private static Step step(String service, byte[] span) {
        var texts = new String[6];
        var numbers = new long[9];
        java.util.Arrays.fill(texts, "");
        fields(span, (field, value) -> {
            switch (field) {
                case 1, 2, 4 -> texts[field] = HexFormat.of().formatHex(bytes(value));
                case 5 -> texts[field] = text(value);
                case 6, 7, 8 -> numbers[field] = (Long) value;
                default -> {}
            }
        });
        return new Step(service, texts[1], texts[2], texts[4], texts[5], (int) numbers[6], numbers[7], numbers[8]);
    }

    private static byte[] bytes(Object value) {
        return (byte[]) value;
    }

    private static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** The fields of a message: numbers as {@code Long}, everything else as bytes (protobuf encoding, wire types). */
    private static void fields(byte[] message, BiConsumer<Integer, Object> field) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            Object value = switch ((int) tag & 7) {
                case 0 -> (Object) varint(in);
                case 1 -> in.getLong();
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    yield bytes;
                }
                case 5 -> (long) in.getInt();
                default -> throw new IllegalArgumentException("No wire type: " + (tag & 7));
            };
            field.accept((int) (tag >>> 3), value);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift <= MOST_VARINT_BITS; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("No varint");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
