package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.realtime.FrameReader.Incoming;
import dev.natter.realtime.FrameReader.Violation;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int MAX = 1000;

    @Test
    void aTextIsUnmasked() {
        assertThat(text(reader(MaskedFrame.text("Привет 👋")))).isEqualTo("Привет 👋");
    }

    @Test
    void fragmentsAreJoinedAndControlFramesMayComeBetween() {
        FrameReader reader = reader(
                MaskedFrame.of(false, 1, utf8("one ")),
                MaskedFrame.of(true, 9, utf8("are you there")),
                MaskedFrame.of(false, 0, utf8("two ")),
                MaskedFrame.of(true, 0, utf8("three")),
                MaskedFrame.text("next"));

        assertThat(((Incoming.Ping) reader.next()).payload()).isEqualTo(utf8("are you there"));
        assertThat(text(reader)).isEqualTo("one two three");
        assertThat(text(reader)).isEqualTo("next");
    }

    @Test
    void aCharacterMayBeSplitBetweenFragments() {
        byte[] wave = utf8("👋");

        assertThat(text(reader(
                        MaskedFrame.of(false, 1, Arrays.copyOf(wave, 2)),
                        MaskedFrame.of(true, 0, Arrays.copyOfRange(wave, 2, 4)))))
                .isEqualTo("👋");
    }

    @Test
    void whatIsNotUtf8Is1007() {
        violates(CloseCode.NOT_UTF_8, MaskedFrame.of(true, 1, new byte[] {'a', (byte) 0xC3, '('}));
        violates(CloseCode.NOT_UTF_8, MaskedFrame.of(true, 1, new byte[] {(byte) 0xC0, (byte) 0x80}));
        violates(CloseCode.NOT_UTF_8, MaskedFrame.of(true, 1, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}));
        violates(CloseCode.NOT_UTF_8, MaskedFrame.of(true, 8, new byte[] {3, (byte) 0xE8, (byte) 0xFF}));
    }

    @Test
    void aMessageIsBoundedInAllItsFragmentsTogether() {
        assertThat(text(reader(MaskedFrame.text("x".repeat(MAX))))).hasSize(MAX);
        violates(CloseCode.TOO_LARGE, MaskedFrame.text("x".repeat(MAX + 1)));
        violates(CloseCode.TOO_LARGE, MaskedFrame.header(true, 1, Long.MAX_VALUE));
        violates(
                CloseCode.TOO_LARGE,
                MaskedFrame.of(false, 1, new byte[MAX]),
                MaskedFrame.of(false, 0, new byte[0]),
                MaskedFrame.of(true, 0, new byte[1]));
    }

    @Test
    void fragmentsAreBoundedInNumber() {
        byte[][] frames = new byte[1026][];
        Arrays.fill(frames, MaskedFrame.of(false, 0, new byte[0]));
        frames[0] = MaskedFrame.of(false, 1, new byte[0]);

        violates(CloseCode.TOO_LARGE, frames);
    }

    @Test
    void aMessageIsUnfinishedUntilItsLastFragment() {
        FrameReader reader = reader(
                MaskedFrame.of(false, 1, utf8("a")),
                MaskedFrame.of(true, 9, new byte[0]),
                MaskedFrame.of(true, 0, utf8("b")));
        assertThat(reader.isInMessage()).isFalse();

        reader.next();
        assertThat(reader.isInMessage()).isTrue();
        reader.next();
        assertThat(reader.isInMessage()).isFalse();
    }

    @Test
    void brokenFramingIs1002() {
        violates(CloseCode.PROTOCOL, new byte[] {(byte) 0x81, 1, 'a'});
        violates(CloseCode.PROTOCOL, MaskedFrame.of(true, 0, utf8("stray continuation")));
        violates(CloseCode.PROTOCOL, MaskedFrame.of(false, 1, utf8("a")), MaskedFrame.text("inside of another"));
        violates(CloseCode.PROTOCOL, MaskedFrame.of(false, 9, utf8("fragmented ping")));
        violates(CloseCode.PROTOCOL, MaskedFrame.of(true, 9, new byte[126]));
        violates(CloseCode.PROTOCOL, MaskedFrame.of(true, 8, new byte[1]));
        violates(CloseCode.PROTOCOL, MaskedFrame.header(true, 1, -1));
        violates(CloseCode.PROTOCOL, new byte[] {(byte) 0x81, (byte) 0xFE, 0, 5, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'});
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void reservedOpcodesAre1002(int opcode) {
        violates(CloseCode.PROTOCOL, MaskedFrame.of(true, opcode, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10})
    void reservedBitsAre1002(int bit) {
        byte[] frame = MaskedFrame.text("compressed?");
        frame[0] |= (byte) bit;

        violates(CloseCode.PROTOCOL, frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535})
    void closeCodesThatMayNotBeSentAre1002(int code) {
        violates(CloseCode.PROTOCOL, MaskedFrame.of(true, 8, new byte[] {(byte) (code >>> 8), (byte) code}));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999})
    void otherCloseCodesAreTaken(int code) {
        assertThat(reader(MaskedFrame.of(true, 8, new byte[] {(byte) (code >>> 8), (byte) code}))
                        .next())
                .isEqualTo(new Incoming.Close(code));
    }

    @Test
    void aCloseFrameNeedsNoCode() {
        assertThat(reader(MaskedFrame.of(true, 8, new byte[0])).next()).isEqualTo(new Incoming.Close(1005));
    }

    @Property(tries = 200)
    void textsOfAnyLengthInAnyPiecesArrive(
            @ForAll @IntRange(max = 70_000) int length, @ForAll @Size(max = 5) int[] cuts) {
        String text = "y".repeat(length);

        FrameReader reader = new FrameReader(pieces(MaskedFrame.text(text), cuts), 70_000);

        assertThat(text(reader)).isEqualTo(text);
    }

    @Property(tries = 1000)
    void anyBytesEndInAFrameAViolationOrTheEnd(@ForAll byte[] bytes) {
        FrameReader reader = reader(bytes);
        try {
            for (int i = 0; i <= bytes.length; i++) {
                reader.next();
            }
        } catch (Violation | CloseConnectionException expected) {
            return;
        }
        throw new AssertionError("More frames than bytes");
    }

    private static void violates(CloseCode code, byte[]... frames) {
        FrameReader reader = reader(frames);

        assertThatThrownBy(() -> {
                    while (true) {
                        reader.next();
                    }
                })
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.code()).isEqualTo(code));
    }

    private static String text(FrameReader reader) {
        return new String(((Incoming.Text) reader.next()).utf8(), StandardCharsets.UTF_8);
    }

    private static FrameReader reader(byte[]... frames) {
        return new FrameReader(pieces(MaskedFrame.joined(frames)), MAX);
    }

    /** The first of them has come together with the upgrade. */
    private static Inlet pieces(byte[] bytes, int... cuts) {
        var cut = Arrays.stream(cuts).iterator();
        int early = cut.hasNext() ? Math.min(bytes.length, size(cut.next())) : 0;
        var http = new DataReader(() -> Arrays.copyOf(bytes, early));
        if (early > 0) {
            http.ensureAvailable();
        }
        var in = new ByteArrayInputStream(bytes, early, bytes.length - early) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, cut.hasNext() ? Math.min(length, size(cut.next())) : length);
            }
        };
        return new Inlet(in, http);
    }

    private static int size(int cut) {
        return 1 + Math.floorMod(cut, 2000);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
