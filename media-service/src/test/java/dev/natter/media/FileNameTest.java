package dev.natter.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, passwd",
        "..\\..\\windows\\system.ini, system.ini",
        "/absolute/path.txt, path.txt",
        "C:\\Users\\anna\\отчёт за год.pdf, отчёт за год.pdf",
        "нога.jpg, нога.jpg",
        ".., file",
        "., file",
        "folder/, file",
        ".htaccess, .htaccess",
        "👩‍👩‍👧.png, 👩‍👩‍👧.png"
    })
    void aNameKeepsItsLettersAndLosesItsFolders(String given, String safe) {
        assertThat(FileName.safe(given)).isEqualTo(safe);
    }

    @Test
    void controlsAndTurnsOfDirectionAreDropped() {
        assertThat(FileName.safe("a\0b\r\nc\u0007.txt")).isEqualTo("abc.txt");
        assertThat(FileName.safe("cod\u202Egpj.exe")).isEqualTo("codgpj.exe");
        assertThat(FileName.safe("a\ud800b")).isEqualTo("ab");
        assertThat(FileName.safe("\u202E")).isEqualTo("file");
        assertThat(FileName.safe(null)).isEqualTo("file");
        assertThat(FileName.safe("")).isEqualTo("file");
    }

    @Test
    void aNameOfTwoWritingsIsOne() {
        assertThat(FileName.safe("и\u0306.txt")).isEqualTo("й.txt");
    }

    @Test
    void aLongNameKeepsItsExtension() {
        String safe = FileName.safe("ж".repeat(1000) + ".docx");

        assertThat(safe.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(250, FileName.MAX_BYTES);
        assertThat(safe).endsWith("ж.docx");
    }

    @Property(tries = 500)
    void anyNameBecomesSafe(@ForAll String given) {
        String safe = FileName.safe(given);

        assertThat(safe)
                .isNotBlank()
                .doesNotContain("/", "\\", "\0", "\n", "\r")
                .isNotIn(".", "..");
        assertThat(safe.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FileName.MAX_BYTES);
        assertThat(new String(safe.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(safe);
        assertThat(FileName.safe(safe)).isEqualTo(safe);
        assertThat(Disposition.header(false, safe)).matches("[ -~]+");
        assertThat(Disposition.parse(Disposition.header(false, safe)).filename())
                .isEqualTo(safe);
    }
}
