package dev.natter.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DispositionTest {
    @Test
    void aNameIsReadHoweverItIsWritten() {
        assertThat(name("form-data; name=\"a\"; filename=\"отчёт.pdf\"")).isEqualTo("отчёт.pdf");
        assertThat(name("form-data; name=a; filename=plain.txt")).isEqualTo("plain.txt");
        assertThat(name("form-data; filename=\"a;b=c.txt\"; name=\"x\"")).isEqualTo("a;b=c.txt");
        assertThat(name("form-data; FileName=\"a.txt\"")).isEqualTo("a.txt");
        assertThat(name("form-data; filename=\"\"")).isEmpty();
    }

    @Test
    void escapesOfBrowsersAndOfCurlAreUndone() {
        assertThat(name("form-data; filename=\"a%22b.txt\"")).isEqualTo("a\"b.txt");
        assertThat(name("form-data; filename=\"a\\\"b\\\\c.txt\"")).isEqualTo("a\"b\\c.txt");
        assertThat(name("form-data; filename=\"100%41 of it.txt\"")).isEqualTo("100%41 of it.txt");
        assertThat(name("form-data; filename=\"C:\\temp\\a.txt\"")).isEqualTo("C:\\temp\\a.txt");
    }

    @Test
    void theExtendedNameIsTheBetterOne() {
        assertThat(name("form-data; filename=\"x.txt\"; filename*=UTF-8''%D0%B6.txt"))
                .isEqualTo("ж.txt");
        assertThat(name("form-data; filename*=utf-8'ru'%D0%B6.txt")).isEqualTo("ж.txt");
        assertThat(name("form-data; filename=\"x.txt\"; filename*=KOI8-R''%D6.txt"))
                .isEqualTo("x.txt");
    }

    @Test
    void aFieldHasNoName() {
        assertThat(name("form-data; name=\"caption\"")).isNull();
        assertThat(name("")).isNull();
        assertThat(name(";;;=;\"")).isNull();
    }

    @Test
    void aHeaderCarriesAnyNameInAscii() {
        assertThat(Disposition.header(false, "отчёт \"1\".pdf"))
                .isEqualTo("attachment; filename=\"_____ _1_.pdf\"; "
                        + "filename*=UTF-8''%D0%BE%D1%82%D1%87%D1%91%D1%82%20%221%22.pdf");
        assertThat(Disposition.header(true, "a.png")).startsWith("inline; filename=\"a.png\"");
    }

    private static String name(String header) {
        return Disposition.parse(header).filename();
    }
}
