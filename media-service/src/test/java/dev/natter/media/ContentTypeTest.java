package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTypeTest {
    @TempDir
    Path folder;

    @Test
    void theBytesTell() throws IOException {
        assertThat(type("%PDF-1.7\n%âãÏÓ\n1 0 obj".getBytes(UTF_8))).isEqualTo("application/pdf");
        assertThat(type("Просто текст.\n".getBytes(UTF_8))).isEqualTo("text/plain");
        assertThat(type("ID3\u0003\0\0\0\0\0\0".getBytes(UTF_8))).isEqualTo("audio/mpeg");
        assertThat(type(zip("a.txt"))).isEqualTo("application/zip");
        assertThat(type(zip("[Content_Types].xml", "word/document.xml"))).contains("wordprocessingml");
        assertThat(type(zip("[Content_Types].xml", "xl/workbook.xml"))).contains("spreadsheetml");
        byte[] noise = new byte[1000];
        new Random(7).nextBytes(noise);
        assertThat(type(noise)).isEqualTo("application/octet-stream");
    }

    @Test
    void whateverABrowserWouldRunIsServedAsBytes() throws IOException {
        for (String page : new String[] {
            "<!DOCTYPE html><html><body onload=alert(1)>",
            "  \n<script>alert(1)</script>",
            "\ufeff<script>alert(1)</script>",
            "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
            "<iframe src=javascript:alert(1)>",
            "<a href=x>",
            "<!-- x --><img src=x onerror=alert(1)>"
        }) {
            String type = type(page.getBytes(UTF_8));
            assertThat(type).as(page).isNotEqualTo("text/plain");
            assertThat(ContentType.served(type)).as(page).isEqualTo("application/octet-stream");
            assertThat(ContentType.isInline(type)).as(page).isFalse();
        }
    }

    @Test
    void aLetterThatBeginsWithASmallerThanIsStillText() throws IOException {
        assertThat(type("<3 ты лучший".getBytes(UTF_8))).isEqualTo("text/plain");
    }

    @Test
    void onlyPicturesSoundAndFilmAreShownInPlace() {
        assertThat(ContentType.isInline("image/png")).isTrue();
        assertThat(ContentType.isInline("video/mp4")).isTrue();
        assertThat(ContentType.isInline("image/svg+xml")).isFalse();
        assertThat(ContentType.isInline("application/pdf")).isFalse();
        assertThat(ContentType.isInline("text/plain")).isFalse();
        assertThat(ContentType.served("application/pdf")).isEqualTo("application/pdf");
    }

    private String type(byte[] bytes) throws IOException {
        return ContentType.of(Files.write(folder.resolve("file.png"), bytes));
    }

    private static byte[] zip(String... names) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("<x/>".getBytes(UTF_8));
            }
        }
        return out.toByteArray();
    }
}
