package dev.natter.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class MessageIdTest {
    private static final String CHAT = "0199a6f1-0b2d-7e4f-8a6b-3c9d2e1f0a03";

    @Property
    void whatIsWrittenIsReadAgain(
            @ForAll long most, @ForAll long least, @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long seq) {
        var id = new MessageId(new UUID(most, least), seq);

        assertThat(MessageId.parse(id.toString())).contains(id);
        assertThat(MessageId.of(id.toString())).isEqualTo(id);
    }

    @Property
    void whateverIsReadHasExactlyOneName(@ForAll String text) {
        MessageId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    }

    @Property
    void noSuffixMakesAnIdButItsCanonicalNumber(@ForAll String suffix) {
        MessageId.parse(CHAT + "." + suffix)
                .ifPresent(id -> assertThat(Long.toString(id.seq())).isEqualTo(suffix));
    }

    @Example
    void nothingElseIsAnId() {
        assertThat(MessageId.parse(null)).isEmpty();
        assertThat(MessageId.parse("")).isEmpty();
        assertThat(MessageId.parse(CHAT)).isEmpty();
        assertThat(MessageId.parse(CHAT + ".")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".0")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".-1")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".+1")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".01")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".1 ")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".١")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".9223372036854775808")).isEmpty();
        assertThat(MessageId.parse(CHAT.toUpperCase(Locale.ROOT) + ".1")).isEmpty();
        assertThat(MessageId.parse("1-1-1-1-1.1")).isEmpty();
        assertThat(MessageId.parse(CHAT + "-1")).isEmpty();
        assertThat(MessageId.parse(CHAT + ".1")).contains(new MessageId(UUID.fromString(CHAT), 1));
    }

    @Example
    void aWrongIdIsAnIllegalArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> MessageId.of("nonsense"));
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageId(null, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageId(UUID.randomUUID(), 0));
    }
}
