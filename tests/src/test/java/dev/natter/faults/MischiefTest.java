package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.faults.Mischief.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MischiefTest {
    private static final String REPLY =
            "HMSG natter.message.c.created 7 $JS.ACK.s.c.1.1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n";
    private static final String OTHER = "MSG _INBOX.x 1 2\r\n\r\n\r\nPING\r\n-ERR 'x'\r\n";

    private final Mischief mischief = new Mischief(new SplittableRandom(1));

    @Test
    void whatIsNoNewsGoesThroughAsItIs() throws Exception {
        for (Mode mode : Mode.values()) {
            mischief.set(mode);

            assertThat(through(REPLY + OTHER)).isEqualTo(REPLY + OTHER);
        }
        assertThat(mischief.done()).isZero();
    }

    @Test
    void withoutMischiefNewsGoesThroughAsItIs() throws Exception {
        assertThat(through(news(20))).isEqualTo(news(20));
    }

    @Test
    void newsComesTwice() throws Exception {
        mischief.set(Mode.TWICE);

        List<Integer> numbers = numbers(through(news(50) + "PONG\r\n"));

        assertThat(numbers).hasSizeBetween(60, 99).hasSize(50 + (int) mischief.done());
        assertThat(numbers.stream().distinct().sorted()).isEqualTo(upTo(50));
    }

    @Test
    void newsComesInAnotherOrder() throws Exception {
        mischief.set(Mode.SHUFFLED);

        List<Integer> numbers = numbers(through(news(50) + "PONG\r\n"));

        assertThat(numbers).isNotEqualTo(upTo(50));
        assertThat(numbers.stream().sorted()).isEqualTo(upTo(50));
    }

    @Test
    void changesOfTimelinesAreLostAndNothingElseIs() throws Exception {
        mischief.set(Mode.LOST);

        assertThat(numbers(through(news(50)))).hasSizeBetween(25, 45).hasSize(50 - (int) mischief.done());
        String members = news(50).replace("natter.message", "natter.chat");
        assertThat(through(members)).isEqualTo(members);
    }

    private static String news(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> "MSG natter.message.c.created 7 5\r\n%05d\r\n".formatted(i))
                .collect(Collectors.joining());
    }

    private static List<Integer> upTo(int many) {
        return IntStream.range(0, many).boxed().toList();
    }

    private static List<Integer> numbers(String operations) {
        List<Integer> numbers = new ArrayList<>();
        for (String line : operations.split("\r\n")) {
            if (line.matches("\\d{5}")) {
                numbers.add(Integer.parseInt(line));
            }
        }
        return numbers;
    }

    private String through(String operations) throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder();
        mischief.onConnection()
                .carry(
                        new ByteArrayInputStream(operations.getBytes(StandardCharsets.US_ASCII)),
                        chunk -> out.append(new String(chunk, StandardCharsets.US_ASCII)));
        return out.toString();
    }
}
