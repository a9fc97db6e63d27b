package dev.natter.platform.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.RequestException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * RFC 9112, section 6.3, and RFC 9110, section 7.2: a request whose end two readers could see in different places is
 * refused and its connection closed, because what follows may be smuggled past the first of them. Helidon 4.1.2 checks
 * none of this.
 */
final class Framing {
    private Framing() {}

    /**
     * Looks for what makes a request ambiguous.
     *
     * @param headers its headers
     * @return what is wrong, or null
     */
    static String fault(Headers headers) {
        List<String> hosts = values(headers, HeaderNames.HOST);
        if (hosts.size() != 1 || hosts.getFirst().isBlank()) {
            return "A request needs exactly one Host header.";
        }
        List<String> lengths = values(headers, HeaderNames.CONTENT_LENGTH);
        List<String> codings = values(headers, HeaderNames.TRANSFER_ENCODING);
        if (lengths.size() > 1) {
            return "A request may have only one Content-Length.";
        }
        if (!lengths.isEmpty() && !codings.isEmpty()) {
            return "A request may not have both Content-Length and Transfer-Encoding.";
        }
        if (!lengths.isEmpty() && !isLength(lengths.getFirst())) {
            return "Content-Length must be digits only.";
        }
        // Helidon recognises exactly this text as chunked, and takes any other for "no body".
        if (!codings.isEmpty() && !codings.equals(List.of("chunked"))) {
            return "The only transfer coding is chunked.";
        }
        return null;
    }

    /** RFC 9112, section 9.6; Helidon knows only the one spelling, and only alone. */
    static boolean saysClose(Headers headers) {
        return values(headers, HeaderNames.CONNECTION).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    private static List<String> values(Headers headers, HeaderName name) {
        return headers.contains(name) ? headers.get(name).allValues() : List.of();
    }

    private static boolean isLength(String value) {
        return !value.isEmpty()
                && value.length() <= 18
                && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    /**
     * The body of a request with {@code Transfer-Encoding: chunked}. A size that is none is a client's fault, not ours.
     */
    static InputStream chunked(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                try {
                    return super.read();
                } catch (NumberFormatException | DataReader.IncorrectNewLineException notAChunk) {
                    throw malformed(notAChunk);
                }
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                try {
                    return super.read(bytes, from, length);
                } catch (NumberFormatException | DataReader.IncorrectNewLineException notAChunk) {
                    throw malformed(notAChunk);
                }
            }
        };
    }

    private static RequestException malformed(RuntimeException cause) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .message("Not a chunk")
                .cause(cause)
                .setKeepAlive(false)
                .build();
    }
}
