package dev.natter.platform.http;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.LogicalType;

/**
 * JSON in and out: {@code snake_case}, times as RFC 3339 UTC with milliseconds, nulls written. Strict on the way in: a
 * number where a text is expected is an error, not a guess; unknown fields are ignored.
 */
public final class Json {
    /** The largest JSON body or frame of a client, bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_DEPTH = 64;
    private static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final JsonMapper MAPPER = mapperOf();

    private Json() {}

    private static JsonMapper mapperOf() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .addModule(new SimpleModule().addSerializer(Instant.class, new InstantWriter()))
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Enum, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Integer,
                        config -> config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
                .build();
    }

    /**
     * The mapper, for those who stream.
     *
     * @return the one mapper; immutable
     */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * Writes a value.
     *
     * @param value a record of the contracts, or null
     * @return UTF-8 JSON
     */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * Reads what another service or the database wrote.
     *
     * @param json UTF-8 JSON
     * @param type what it is
     * @return the value
     * @throws IllegalArgumentException if it isn't that
     */
    public static <T> T parse(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException(
                    "Not a " + type.getSimpleName() + ": " + wrong.getOriginalMessage(), wrong);
        }
    }

    /**
     * Reads what a client wrote.
     *
     * @param bytes the body or frame, at most {@value #MAX_BYTES}
     * @param type a request record, which validates itself
     * @return the value
     * @throws Refused 400 if it isn't JSON, 413 if it is too large, 422 if a field is of the wrong kind or the record
     *     refuses it
     */
    public static <T> T fromClient(byte[] bytes, Class<T> type) {
        if (bytes.length > MAX_BYTES) {
            throw tooLarge();
        }
        if (!isUtf8(bytes)) {
            throw Problem.malformed("JSON must be in UTF-8.").refuse();
        }
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw Problem.malformed("A JSON object is needed, not null.").refuse();
            }
            return value;
        } catch (DatabindException | InputCoercionException wrong) {
            throw refusal(wrong);
        } catch (StreamReadException notJson) {
            throw Problem.malformed("This is not well-formed JSON.").refuse();
        } catch (JacksonException unreadable) {
            throw Problem.malformed("This can't be read as JSON.").refuse();
        }
    }

    /**
     * Reads the body of a request.
     *
     * @param request the request
     * @param type a request record, which validates itself
     * @return the value
     * @throws Refused 415 if it isn't {@code application/json}, else as {@link #fromClient}
     */
    public static <T> T read(ServerRequest request, Class<T> type) {
        boolean json = contentType(request).filter(Json::isJson).isPresent();
        if (!json) {
            throw Problem.of(415, "unsupported_media_type", "The body must be application/json in UTF-8.")
                    .refuse();
        }
        return fromClient(body(request), type);
    }

    /**
     * What kind of body a request says it has.
     *
     * @param request the request
     * @return the kind, or empty if it names none or names it so that nobody understands
     */
    public static Optional<HttpMediaType> contentType(ServerRequest request) {
        try {
            return request.headers().contentType();
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /**
     * The body of a request, as it is.
     *
     * @param request the request
     * @return at most {@value #MAX_BYTES} bytes; empty if there is none
     * @throws Refused 413 if it is larger
     */
    public static byte[] body(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        // Where the length is known, no more room is made than that.
        long most = Math.min(request.headers().contentLength().orElse(MAX_BYTES + 1), MAX_BYTES + 1);
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes((int) most);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * Answers with a value.
     *
     * @param response the response
     * @param status its status
     * @param body what to write
     */
    public static void send(ServerResponse response, Status status, Object body) {
        send(response, status, bytes(body));
    }

    /**
     * Answers with JSON that is bytes already.
     *
     * @param response the response
     * @param status its status
     * @param json UTF-8 JSON
     */
    public static void send(ServerResponse response, Status status, byte[] json) {
        response.status(status).header(CONTENT_TYPE).send(json);
    }

    private static boolean isJson(HttpMediaType type) {
        return type.mediaType().equals(MediaTypes.APPLICATION_JSON)
                && type.charset().map("utf-8"::equalsIgnoreCase).orElse(true);
    }

    /**
     * Jackson would guess UTF-16 and UTF-32 from the first bytes, and reads overlong forms; RFC 8259, section 8.1,
     * wants UTF-8 without a mark.
     */
    private static boolean isUtf8(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        for (byte octet : bytes) {
            if (octet < 0) {
                return (bytes[0] & 0xFF) < 0xEF && isWellFormed(bytes);
            }
        }
        return true;
    }

    private static boolean isWellFormed(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private static Refused tooLarge() {
        return Problem.of(413, "payload_too_large", "JSON may have at most " + MAX_BYTES + " bytes.")
                .refuse();
    }

    private static Refused refusal(JacksonException wrong) {
        for (Throwable cause = wrong; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refused refused) {
                return refused;
            }
        }
        String field = wrong.getPath().stream().map(Json::step).collect(Collectors.joining("."));
        if (field.isEmpty()) {
            return Problem.malformed("A JSON object of the documented shape is needed.")
                    .refuse();
        }
        var error = new Problem.FieldError(field, "wrong_type", "'" + field + "' is not of the documented kind.");
        return Problem.invalid(List.of(error)).refuse();
    }

    private static String step(JacksonException.Reference reference) {
        return reference.getPropertyName() != null ? reference.getPropertyName() : String.valueOf(reference.getIndex());
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator json, SerializationContext context) {
            byte[] text = Rfc3339.bytes(value);
            json.writeRawUTF8String(text, 0, text.length);
        }
    }
}
